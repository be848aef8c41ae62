//! What the program tells those who run it: log lines and figures.
//!
//! No personal data, by design: a log line names a request id, a route's pattern (`/lop/{id}`), a status and a time;
//! people appear only as their internal number, never with name, address, answers or the address of their network. The
//! labels of figures are route patterns, kinds and outcomes, never ids, so their number stays small as well.
//! Logs go to standard error, because standard output belongs to what a command was asked for.

use std::sync::{Once, OnceLock};

use metrics::Unit;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::platform::config::{Log, LogFormat};

/// The names of all figures, so that none is spelt in two ways.
pub mod figure {
    /// `method`, `route`, `status`
    pub const HTTP_REQUESTS: &str = "http_requests_total";
    /// `route`
    pub const HTTP_SECONDS: &str = "http_request_seconds";
    pub const DB_READ_SECONDS: &str = "db_read_seconds";
    pub const DB_WRITE_SECONDS: &str = "db_write_seconds";
    pub const DB_WRITE_BATCH: &str = "db_write_batch_size";
    pub const DB_QUEUE_DEPTH: &str = "db_queue_depth";
    /// `kind`: `busy`, `unavailable`, `panic`
    pub const DB_FAULTS: &str = "db_faults_total";
    /// `kind`, `outcome`: `done`, `retry`, `failed`
    pub const JOBS: &str = "jobs_total";
    /// `kind`
    pub const JOB_SECONDS: &str = "job_seconds";
    pub const JOBS_WAITING: &str = "jobs_waiting";
    /// `outcome`: `sent`, `retry`, `refused`
    pub const MAILS: &str = "mails_total";
    pub const PASSWORD_QUEUE: &str = "password_queue_depth";
    pub const PASSWORD_SECONDS: &str = "password_check_seconds";
    /// `outcome`: `ok`, `wrong`, `limited`
    pub const SIGN_INS: &str = "sign_ins_total";
    /// `door`: which limit turned somebody away
    pub const LIMITED: &str = "limited_total";
    /// `outcome`: `kept`, `too_large`, `refused`
    pub const UPLOADS: &str = "uploads_total";
}

const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
const BATCHES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Starts logging. The first call of a process decides; later ones (tests) change nothing.
pub fn init_logging(log: &Log) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let filter = EnvFilter::try_new(&log.level).unwrap_or_else(|_| EnvFilter::new("info"));
        let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        // Somebody may have installed a subscriber of their own before us; theirs stays.
        let installed = match log.format {
            LogFormat::Text => lines.with_ansi(false).try_init(),
            LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).try_init(),
        };
        if let Err(error) = installed {
            tracing::debug!(%error, "logging was already on");
        }
    });
}

/// The figures collected so far. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
}

impl Metrics {
    /// Starts collecting. The recorder belongs to the process, so every call gives the same one.
    pub fn install() -> Self {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        let handle = HANDLE.get_or_init(|| {
            let recorder = builder().build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("another recorder is installed: the figures stay empty");
            }
            describe();
            handle
        });
        Self { handle: handle.clone() }
    }

    /// The page that Prometheus reads.
    pub fn render(&self) -> String {
        self.handle.render()
    }

    /// Folds what was measured into its buckets. To be called every few seconds, or memory grows while nobody asks.
    pub fn tidy(&self) {
        self.handle.run_upkeep();
    }
}

fn builder() -> PrometheusBuilder {
    // Only an empty list is refused, so the defaults never stand in.
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .and_then(|b| b.set_buckets_for_metric(Matcher::Full(figure::DB_WRITE_BATCH.to_owned()), &BATCHES))
        .unwrap_or_default()
}

fn describe() {
    use figure::*;
    metrics::describe_counter!(HTTP_REQUESTS, "Requests answered");
    metrics::describe_histogram!(HTTP_SECONDS, Unit::Seconds, "Time from the request's head to the answer's head");
    metrics::describe_histogram!(DB_READ_SECONDS, Unit::Seconds, "Time of one read, waiting included");
    metrics::describe_histogram!(DB_WRITE_SECONDS, Unit::Seconds, "Time of one write, waiting and commit included");
    metrics::describe_histogram!(DB_WRITE_BATCH, "Writes that shared one commit");
    metrics::describe_gauge!(DB_QUEUE_DEPTH, "Writes that wait for the writer");
    metrics::describe_counter!(DB_FAULTS, "Database faults");
    metrics::describe_counter!(JOBS, "Runs of jobs");
    metrics::describe_histogram!(JOB_SECONDS, Unit::Seconds, "Time of one run of a job");
    metrics::describe_gauge!(JOBS_WAITING, "Jobs that are due and not yet begun");
    metrics::describe_counter!(MAILS, "Letters handed to the mail server");
    metrics::describe_gauge!(PASSWORD_QUEUE, "Sign-ins that wait for their password to be checked");
    metrics::describe_histogram!(PASSWORD_SECONDS, Unit::Seconds, "Time of one password check, waiting included");
    metrics::describe_counter!(SIGN_INS, "Attempts to sign in");
    metrics::describe_counter!(LIMITED, "Requests turned away by a limit");
    metrics::describe_counter!(UPLOADS, "Files offered by people");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rendered_and_installing_twice_is_harmless() {
        let metrics = Metrics::install();
        let again = Metrics::install();
        metrics::counter!(figure::HTTP_REQUESTS, "method" => "GET", "route" => "/lop/{id}", "status" => "200")
            .increment(2);
        metrics::histogram!(figure::HTTP_SECONDS, "method" => "GET", "route" => "/lop/{id}").record(0.004);
        metrics::histogram!(figure::DB_WRITE_BATCH).record(3.0);
        metrics::gauge!(figure::DB_QUEUE_DEPTH).set(7.0);
        metrics.tidy();
        let page = again.render();
        for line in [
            "# HELP http_requests_total Requests answered",
            "http_requests_total{method=\"GET\",route=\"/lop/{id}\",status=\"200\"} 2",
            "http_request_seconds_bucket{method=\"GET\",route=\"/lop/{id}\",le=\"0.005\"} 1",
            "db_write_batch_size_bucket{le=\"4\"} 1",
        ] {
            assert!(page.contains(line), "{line} is missing in:\n{page}");
        }
        assert!(page.contains("db_queue_depth"));
    }

    #[test]
    fn logging_can_be_asked_for_twice() {
        for format in [LogFormat::Json, LogFormat::Text] {
            init_logging(&Log { format, level: "info".to_owned() });
        }
        tracing::info!("logging works");
    }
}
