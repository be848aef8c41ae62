//! Running the jobs.

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use tokio::sync::watch;

use super::{Job, queue};
use crate::platform::{
    clock::Clock,
    db::{Database, Moment},
    error::{Error, Result},
    telemetry::figure,
};

type Handled = Pin<Box<dyn Future<Output = Result<()>> + Send>>;
type Handler<A> = Arc<dyn Fn(A, String) -> Handled + Send + Sync>;
type Enqueue = Arc<dyn Fn(&mut crate::platform::db::DbConn, Moment) -> Result<()> + Send + Sync>;

/// Which handler runs which kind of job, and what is queued again and again. `A` is what handlers work with.
pub struct Registry<A> {
    handlers: HashMap<&'static str, Handler<A>>,
    recurring: Vec<(Duration, Enqueue)>,
}

impl<A: Clone + Send + Sync + 'static> Default for Registry<A> {
    fn default() -> Self {
        Self { handlers: HashMap::new(), recurring: Vec::new() }
    }
}

impl<A: Clone + Send + Sync + 'static> Registry<A> {
    /// Names the handler of a kind. `Error::Refused` and `Error::Invalid` are final; everything else is tried again.
    #[must_use]
    pub fn on<J: Job, F, R>(mut self, handler: F) -> Self
    where
        F: Fn(A, J) -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        let handler = Arc::new(handler);
        self.handlers.insert(
            J::KIND,
            Arc::new(move |app, payload| {
                let handler = Arc::clone(&handler);
                Box::pin(async move {
                    let job: J = serde_json::from_str(&payload)
                        .map_err(|e| Error::Refused(crate::platform::i18n::Message::new(format!("payload: {e}"))))?;
                    handler(app, job).await
                })
            }),
        );
        self
    }

    /// Queues a job every so often. Several nodes may do so at once: one unfinished job of a kind is enough.
    #[must_use]
    pub fn every<J: Job + Sync>(mut self, pause: Duration, job: J) -> Self {
        self.recurring.push((pause, Arc::new(move |c, now| queue::enqueue_once(c, now, J::KIND, &job))));
        self
    }

    pub fn kinds(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.handlers.keys().copied()
    }
}

/// Takes jobs one after another until told to stop.
pub struct Worker<A> {
    pub app: A,
    pub db: Database,
    pub clock: Clock,
    pub registry: Arc<Registry<A>>,
}

/// How long an idle worker sleeps.
const IDLE: Duration = Duration::from_millis(250);
/// Finished jobs are kept this long.
const KEEP_DONE: TimeDelta = TimeDelta::days(14);

impl<A: Clone + Send + Sync + 'static> Worker<A> {
    /// Runs until `stop` turns true; a job in hand is finished first.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut last: Vec<Option<Instant>> = vec![None; self.registry.recurring.len()];
        let (mut measured, mut cleaned): (Option<Instant>, Option<Instant>) = (None, None);
        while !*stop.borrow() {
            if let Err(e) = self.queue_recurring(&mut last, &mut measured, &mut cleaned).await {
                tracing::warn!(error = %e, "recurring jobs could not be queued");
            }
            match self.run_one().await {
                Ok(true) => {}
                Ok(false) => {
                    let _ = tokio::time::timeout(IDLE, stop.changed()).await;
                }
                Err(e) => {
                    tracing::warn!(error = %e, "the queue of jobs does not answer");
                    let _ = tokio::time::timeout(IDLE * 8, stop.changed()).await;
                }
            }
        }
    }

    /// Runs everything that is due now, then returns how many jobs ran (tests, `work --once`).
    pub async fn drain(&self) -> Result<usize> {
        let mut count = 0;
        while self.run_one().await? {
            count += 1;
        }
        Ok(count)
    }

    fn now(&self) -> Moment {
        self.clock.now().into()
    }

    async fn queue_recurring(
        &self,
        last: &mut [Option<Instant>],
        measured: &mut Option<Instant>,
        cleaned: &mut Option<Instant>,
    ) -> Result<()> {
        let now = self.now();
        for ((pause, enqueue), last) in self.registry.recurring.iter().zip(last) {
            if last.is_none_or(|at| at.elapsed() >= *pause) {
                let enqueue = Arc::clone(enqueue);
                self.db.write("jobs.recurring", move |c| enqueue(c, now)).await?;
                *last = Some(Instant::now());
            }
        }
        if measured.is_none_or(|at| at.elapsed() > Duration::from_secs(5)) {
            let due = self.db.read(move |c| queue::count_due(c, now)).await?;
            metrics::gauge!(figure::JOBS_WAITING).set(f64::from(u32::try_from(due).unwrap_or(u32::MAX)));
            *measured = Some(Instant::now());
        }
        if cleaned.is_none_or(|at| at.elapsed() > Duration::from_secs(3600)) {
            self.db.write("jobs.forget", move |c| queue::forget_done(c, now - KEEP_DONE)).await?;
            *cleaned = Some(Instant::now());
        }
        Ok(())
    }

    async fn run_one(&self) -> Result<bool> {
        let now = self.now();
        if !self.db.read(move |c| queue::any_due(c, now)).await? {
            return Ok(false);
        }
        let Some(job) = self.db.write("jobs.claim", move |c| queue::claim(c, now)).await? else { return Ok(false) };
        let started = Instant::now();
        let outcome = match self.registry.handlers.get(job.kind.as_str()) {
            Some(handler) => {
                // Its own task: a panic in a handler is this job's failure, not the worker's end.
                let running = tokio::spawn(handler(self.app.clone(), job.payload.clone()));
                running.await.unwrap_or_else(|e| Err(Error::internal(format!("the handler ended: {e}"))))
            }
            None => Err(Error::Refused(crate::platform::i18n::Message::new("no handler for this kind"))),
        };
        let (id, attempts, now) = (job.id, job.attempts, self.now());
        metrics::histogram!(figure::JOB_SECONDS, "kind" => job.kind.clone()).record(started.elapsed());
        let told =
            |outcome| metrics::counter!(figure::JOBS, "kind" => job.kind.clone(), "outcome" => outcome).increment(1);
        match outcome {
            Ok(()) => {
                told("done");
                self.db.write("jobs.finish", move |c| queue::finish(c, now, id)).await?;
            }
            Err(error) => {
                let permanent = matches!(error, Error::Refused(_) | Error::Invalid(_) | Error::NotFound);
                tracing::warn!(job = id, kind = %job.kind, %error, "a job failed");
                told(if permanent || attempts >= queue::MAX_ATTEMPTS { "failed" } else { "retry" });
                let text = error.to_string();
                self.db.write("jobs.fail", move |c| queue::fail(c, now, id, attempts, permanent, &text)).await?;
            }
        }
        Ok(true)
    }
}
