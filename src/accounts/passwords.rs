//! Passwords: argon2id behind a line. A check takes 19 MiB and a third of a second of a core, so few run at once, a bounded
//! number waits, each knows its place, and everybody beyond is asked to come back: a sign-in storm stalls no page.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::platform::{
    aside::aside,
    error::{Error, Outage, Result},
    http::guard::random_code,
    telemetry::figure,
};

/// 19 MiB, two passes, one lane: the OWASP recommendation for argon2id.
fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The shortest password taken. Length is what counts; nothing is asked of its letters.
pub const SHORTEST: usize = 10;
/// The longest: more would only burn time.
pub const LONGEST: usize = 200;

/// A hash to check against when there is no such person, so that the time does not tell. It is of no password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9uZ2NvdG5vbmdjb3Q$JRjW5dEcGYQOI8VJ1H6vPc0nA7sXlYwFnhaMJrLiW5k";

/// The tickets of those who wait longer than a page may.
const TICKET_LIFE: Duration = Duration::from_secs(120);

/// The line before the hashing.
pub struct PasswordLine {
    running: Semaphore,
    longest_line: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How many have ever joined, and how many have ever got their turn.
    joined: u64,
    served: u64,
    tickets: HashMap<String, Ticket>,
}

struct Ticket {
    owner: String,
    number: u64,
    outcome: Option<bool>,
    payload: String,
    since: Instant,
}

/// Where somebody in the line stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// So many are before them.
    Waiting(u64),
    /// The check is done; `payload` is what was handed in with the ticket.
    Done { matches: bool, payload: String },
}

impl PasswordLine {
    pub fn new(parallel: usize, longest_line: usize) -> Self {
        Self { running: Semaphore::new(parallel.max(1)), longest_line, state: Mutex::default() }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn join(&self) -> Result<u64> {
        let mut state = self.state();
        let waiting = state.joined - state.served;
        if waiting >= u64::try_from(self.longest_line).unwrap_or(u64::MAX) {
            return Err(Error::Unavailable(Outage::Busy, "the line for passwords is full".to_owned()));
        }
        state.joined += 1;
        metrics::gauge!(figure::PASSWORD_QUEUE).set(f64::from(u32::try_from(waiting + 1).unwrap_or(u32::MAX)));
        Ok(state.joined)
    }

    /// Waits for a turn and does the work on a thread of its own.
    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        self.join()?;
        self.turn(work).await
    }

    async fn turn<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        // Counted as served when dropped too: somebody who gave up must not lengthen the line for ever.
        struct Served<'a>(&'a PasswordLine);
        impl Drop for Served<'_> {
            fn drop(&mut self) {
                let mut state = self.0.state();
                state.served += 1;
                let waiting = u32::try_from(state.joined - state.served).unwrap_or(u32::MAX);
                metrics::gauge!(figure::PASSWORD_QUEUE).set(f64::from(waiting));
            }
        }
        let served = Served(self);
        let started = Instant::now();
        let _permit = self.running.acquire().await.map_err(Error::internal)?;
        drop(served);
        let result = aside("password", work).await;
        metrics::histogram!(figure::PASSWORD_SECONDS).record(started.elapsed());
        result
    }

    /// The hash of a new password.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.in_turn(move || hash_now(&password)).await
    }

    /// Whether the password is the one of the hash, waiting as long as it takes. Without a hash the answer is no, after the
    /// same time.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.in_turn(move || verify_now(&password, hash.as_deref())).await
    }

    /// Joins the line and answers with a ticket; the check goes on by itself. `owner` is whose browser may ask about it,
    /// `payload` comes back with the outcome.
    pub fn queue(
        self: &Arc<Self>,
        password: String,
        hash: Option<String>,
        owner: String,
        payload: String,
    ) -> Result<String> {
        let code = random_code()?;
        let number = self.join()?;
        let ticket = Ticket { owner, number, outcome: None, payload, since: Instant::now() };
        {
            let mut state = self.state();
            state.tickets.retain(|_, t| t.since.elapsed() < TICKET_LIFE || t.outcome.is_none());
            state.tickets.insert(code.clone(), ticket);
        }
        let (line, key) = (Arc::clone(self), code.clone());
        tokio::spawn(async move {
            let matches = line.turn(move || verify_now(&password, hash.as_deref())).await.unwrap_or(false);
            if let Some(ticket) = line.state().tickets.get_mut(&key) {
                ticket.outcome = Some(matches);
                ticket.since = Instant::now();
            }
        });
        Ok(code)
    }

    /// Where a ticket stands; nothing for another's or a forgotten one.
    pub fn standing(&self, code: &str, owner: &str) -> Option<Standing> {
        let state = self.state();
        let ticket = state.tickets.get(code).filter(|t| t.owner == owner)?;
        Some(match ticket.outcome {
            Some(matches) => Standing::Done { matches, payload: ticket.payload.clone() },
            None => Standing::Waiting(ticket.number.saturating_sub(state.served)),
        })
    }

    /// Waits a moment for a ticket to be done.
    pub async fn wait_for(&self, code: &str, owner: &str, patience: Duration) -> Option<Standing> {
        let started = Instant::now();
        loop {
            let standing = self.standing(code, owner)?;
            if matches!(standing, Standing::Done { .. }) || started.elapsed() >= patience {
                return Some(standing);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Gives up a ticket; it works once.
    pub fn take(&self, code: &str) {
        self.state().tickets.remove(code);
    }
}

fn hash_now(password: &str) -> Result<String> {
    Ok(argon2()?.hash_password(password.as_bytes()).map_err(Error::internal)?.to_string())
}

fn verify_now(password: &str, hash: Option<&str>) -> Result<bool> {
    let parsed = PasswordHash::new(hash.unwrap_or(NOBODY)).map_err(Error::internal)?;
    let matches = argon2()?.verify_password(password.as_bytes(), &parsed).is_ok();
    Ok(matches && hash.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_fits_its_password_only() {
        let hash = hash_now("một mật khẩu dài").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify_now("một mật khẩu dài", Some(&hash)).unwrap());
        assert!(!verify_now("một mật khẩu khác", Some(&hash)).unwrap());
        assert!(!verify_now("", None).unwrap());
    }

    #[tokio::test]
    async fn the_line_is_bounded_and_tells_the_place() {
        let line = Arc::new(PasswordLine::new(1, 3));
        let tickets: Vec<_> =
            (0..3).map(|i| line.queue("x".repeat(12), None, "me".into(), i.to_string()).unwrap()).collect();
        assert!(matches!(
            line.queue("x".into(), None, "me".into(), String::new()),
            Err(Error::Unavailable(Outage::Busy, _))
        ));
        assert_eq!(line.standing(tickets.last().unwrap(), "me"), Some(Standing::Waiting(3)));
        assert_eq!(line.standing(tickets.last().unwrap(), "somebody else"), None);
        for ticket in &tickets {
            let done = line.wait_for(ticket, "me", Duration::from_secs(20)).await;
            assert!(matches!(done, Some(Standing::Done { matches: false, .. })), "{done:?}");
        }
        assert!(line.queue("x".into(), None, "me".into(), String::new()).is_ok());
    }
}
