//! How often a token may ask. Counted in this process: several nodes each give the whole number.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use crate::platform::{
    db::Moment,
    error::{Error, Result},
    telemetry::figure,
};

/// Requests counted in the running minute, by whom.
#[derive(Debug)]
pub struct Limits {
    per_minute: usize,
    counts: Mutex<(i64, HashMap<String, usize>)>,
}

impl Limits {
    pub fn new(per_minute: usize) -> Self {
        Self { per_minute, counts: Mutex::new((0, HashMap::new())) }
    }

    /// Counts a request of somebody, or refuses it until the minute is over.
    pub fn take(&self, who: &str, now: Moment) -> Result<()> {
        let (minute, second) = (now.0.timestamp().div_euclid(60), now.0.timestamp().rem_euclid(60));
        let mut counts = self.counts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if counts.0 != minute {
            *counts = (minute, HashMap::new());
        }
        let count = counts.1.entry(who.to_owned()).or_default();
        *count += 1;
        if *count <= self.per_minute {
            return Ok(());
        }
        metrics::counter!(figure::LIMITED, "door" => "api").increment(1);
        Err(Error::TooMany { retry_after: Duration::from_secs(u64::try_from(60 - second).unwrap_or(60)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_holds_so_many_and_the_next_begins_anew() {
        let at = |text: &str| Moment(text.parse().unwrap());
        let limits = Limits::new(2);
        let now = at("2026-11-23T00:15:20Z");
        assert!(limits.take("a", now).is_ok() && limits.take("a", now).is_ok() && limits.take("b", now).is_ok());
        let Err(Error::TooMany { retry_after }) = limits.take("a", now) else { panic!("it was let through") };
        assert_eq!(retry_after, Duration::from_secs(40));
        assert!(limits.take("a", at("2026-11-23T00:16:00Z")).is_ok());
    }
}
