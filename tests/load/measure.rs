//! Closed loop: so many connections, each asking again as soon as it is answered; says how much can be served. Open loop: requests come at a fixed
//! rate whatever the answers do, and an answer's time counts from the moment at which its request was due; says how long people wait.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{client::Conn, program::Program};

/// Makes the request number `n` of a connection.
pub type Maker = Arc<dyn Fn(usize, u64) -> Vec<u8> + Send + Sync>;

/// What a run of requests gave.
#[derive(Debug, Default, Clone)]
pub struct Outcome {
    pub seconds: f64,
    /// Of each answer as it was wanted, in microseconds, ascending.
    times: Vec<u32>,
    bytes: usize,
    /// Answers of another status, and connections that broke.
    pub wrong: u64,
    /// Processor time of the server.
    cpu: Duration,
}

impl Outcome {
    pub fn a_second(&self) -> f64 {
        count(self.times.len()) / self.seconds
    }

    /// In milliseconds; `share` is 0.5 for the median.
    pub fn quantile(&self, share: f64) -> f64 {
        let last = self.times.len().saturating_sub(1);
        let place = (count(last) * share).round() as usize;
        self.times.get(place).map_or(f64::NAN, |micros| f64::from(*micros) / 1000.0)
    }

    /// Microseconds of the server's processors for a request.
    pub fn cpu_each(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / count(self.times.len()).max(1.0)
    }

    pub fn bytes_each(&self) -> usize {
        self.bytes / self.times.len().max(1)
    }

    fn add(&mut self, other: Self) {
        self.times.extend(other.times);
        self.bytes += other.bytes;
        self.wrong += other.wrong;
    }
}

pub fn count(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::from(u32::MAX), f64::from)
}

/// What both loops need.
#[derive(Clone)]
pub struct Setting {
    pub address: SocketAddr,
    pub make: Maker,
    pub status: u16,
    pub connections: usize,
    pub span: Duration,
}

/// As much as goes.
pub async fn closed(program: &Program, setting: &Setting) -> Outcome {
    run(program, setting, None).await
}

/// A fixed number of requests a second.
pub async fn open(program: &Program, setting: &Setting, rate: f64) -> Outcome {
    run(program, setting, Some(rate)).await
}

async fn run(program: &Program, setting: &Setting, rate: Option<f64>) -> Outcome {
    let (began, cpu) = (Instant::now(), program.cpu());
    let tickets = Arc::new(AtomicU64::new(0));
    let tasks: Vec<_> = (0..setting.connections)
        .map(|number| tokio::spawn(one(setting.clone(), number, began, rate, Arc::clone(&tickets))))
        .collect();
    let mut all = Outcome::default();
    for task in tasks {
        all.add(task.await.expect("a task"));
    }
    all.seconds = began.elapsed().as_secs_f64();
    all.cpu = program.cpu() - cpu;
    all.times.sort_unstable();
    all
}

async fn one(setting: Setting, number: usize, began: Instant, rate: Option<f64>, tickets: Arc<AtomicU64>) -> Outcome {
    let mut outcome = Outcome::default();
    let mut conn = Conn::open(setting.address).await.expect("the server");
    let end = began + setting.span;
    for n in 0.. {
        let due = match rate {
            None => Instant::now(),
            Some(rate) => {
                let ticket = tickets.fetch_add(1, Ordering::Relaxed) as f64;
                began + Duration::from_secs_f64(ticket / rate)
            }
        };
        if due >= end {
            break;
        }
        // The timer of the runtime counts whole milliseconds; what is due sooner is sent at once.
        if due > Instant::now() + Duration::from_millis(1) {
            tokio::time::sleep_until(due.into()).await;
        }
        match conn.exchange(&(setting.make)(number, n)).await {
            Ok(reply) if reply.status == setting.status => {
                let micros = Instant::now().saturating_duration_since(due).as_micros();
                outcome.times.push(u32::try_from(micros).unwrap_or(u32::MAX));
                outcome.bytes += reply.bytes;
            }
            Ok(reply) => {
                if outcome.wrong == 0 && number == 0 {
                    eprintln!("status {}: {}", reply.status, conn.text().chars().take(2000).collect::<String>());
                }
                outcome.wrong += 1;
            }
            Err(_) => {
                outcome.wrong += 1;
                conn = Conn::open(setting.address).await.expect("the server");
            }
        }
    }
    outcome
}
