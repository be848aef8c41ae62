//! The one clock. Everything that asks for the time asks [`Clock`], so that a test can say what time it is, and every
//! calendar day is a day in Viet Nam (UTC+7, no summer time), never one of the server's.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SubsecRound, TimeDelta, Utc};

/// Asia/Ho_Chi_Minh. The offset is fixed: the country has kept it, without summer time, since 1975.
const VIETNAM: TimeDelta = TimeDelta::hours(7);

/// A source of the present moment; cheap to clone, and clones of a fixed clock move together.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Fixed(Arc<Mutex<DateTime<Utc>>>),
    /// The machine's clock, put forward.
    #[cfg(feature = "test-clock")]
    Ahead(Arc<Mutex<TimeDelta>>),
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until it is moved; for tests.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self(Source::Fixed(Arc::new(Mutex::new(at))))
    }

    /// A clock that runs as the machine's does and can be put forward; for journeys through the program in a browser.
    #[cfg(feature = "test-clock")]
    pub fn movable() -> Self {
        Self(Source::Ahead(Arc::new(Mutex::new(TimeDelta::zero()))))
    }

    /// The present moment in whole microseconds, which is what both databases keep.
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.0 {
            Source::System => Utc::now(),
            Source::Fixed(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
            #[cfg(feature = "test-clock")]
            Source::Ahead(by) => Utc::now() + *by.lock().unwrap_or_else(PoisonError::into_inner),
        };
        now.trunc_subsecs(6)
    }

    /// Today's date in Viet Nam.
    pub fn today(&self) -> NaiveDate {
        local_day(self.now())
    }

    /// Moves a fixed or movable clock to `at`. The machine's clock cannot be moved and is left as it is.
    pub fn set(&self, at: DateTime<Utc>) {
        match &self.0 {
            Source::System => debug_assert!(false, "only a fixed clock can be set"),
            Source::Fixed(now) => *now.lock().unwrap_or_else(PoisonError::into_inner) = at,
            #[cfg(feature = "test-clock")]
            Source::Ahead(by) => *by.lock().unwrap_or_else(PoisonError::into_inner) = at - Utc::now(),
        }
    }

    /// Moves a fixed or movable clock forward (or back) by `step`.
    pub fn advance(&self, step: TimeDelta) {
        match &self.0 {
            Source::System => debug_assert!(false, "only a fixed clock can be moved"),
            Source::Fixed(now) => {
                let mut now = now.lock().unwrap_or_else(PoisonError::into_inner);
                *now = now.checked_add_signed(step).unwrap_or(*now);
            }
            #[cfg(feature = "test-clock")]
            Source::Ahead(by) => *by.lock().unwrap_or_else(PoisonError::into_inner) += step,
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::System => f.write_str("Clock(system)"),
            Source::Fixed(_) => write!(f, "Clock(fixed at {})", self.now()),
            #[cfg(feature = "test-clock")]
            Source::Ahead(_) => write!(f, "Clock(put forward to {})", self.now()),
        }
    }
}

/// Date and time of day in Viet Nam at the moment `at`.
pub fn local_time(at: DateTime<Utc>) -> NaiveDateTime {
    let utc = at.naive_utc();
    utc.checked_add_signed(VIETNAM).unwrap_or(utc)
}

/// The calendar day in Viet Nam at the moment `at`.
pub fn local_day(at: DateTime<Utc>) -> NaiveDate {
    local_time(at).date()
}

/// The moment at which `day` begins in Viet Nam (00:00:00, included in the day).
pub fn day_start(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    midnight.checked_sub_signed(VIETNAM).unwrap_or(midnight).and_utc()
}

/// The moment at which `day` is over in Viet Nam (24:00:00, no longer in the day): "until 31/12/2026" ends here.
pub fn day_end(day: NaiveDate) -> DateTime<Utc> {
    day_start(day.succ_opt().unwrap_or(day))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_fixed_clock_stands_still_and_its_clones_move_together() {
        let clock = Clock::fixed(at("2026-03-01T00:00:00.123456789Z"));
        let other = clock.clone();
        assert_eq!(clock.now(), at("2026-03-01T00:00:00.123456Z"));
        other.advance(TimeDelta::days(1));
        assert_eq!(clock.now(), at("2026-03-02T00:00:00.123456Z"));
        clock.set(at("2025-12-31T17:00:00Z"));
        assert_eq!(other.now(), at("2025-12-31T17:00:00Z"));
        assert_eq!(other.today(), day(2026, 1, 1));
    }

    #[test]
    fn the_system_clock_gives_whole_microseconds() {
        assert_eq!(Clock::system().now().timestamp_subsec_nanos() % 1000, 0);
    }

    #[test]
    fn a_day_is_a_day_in_viet_nam() {
        assert_eq!(day_start(day(2022, 12, 31)), at("2022-12-30T17:00:00Z"));
        assert_eq!(day_end(day(2022, 12, 31)), at("2022-12-31T17:00:00Z"));
        assert_eq!(local_day(at("2022-12-31T16:59:59.999999Z")), day(2022, 12, 31));
        assert_eq!(local_day(at("2022-12-31T17:00:00Z")), day(2023, 1, 1));
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        local_day(DateTime::<Utc>::MAX_UTC);
        day_start(NaiveDate::MIN);
        day_end(NaiveDate::MAX);
        Clock::fixed(DateTime::<Utc>::MAX_UTC).advance(TimeDelta::days(1));
    }

    proptest! {
        #[test]
        fn every_moment_lies_in_its_day(seconds in -10_000_000_000i64..10_000_000_000) {
            let moment = DateTime::from_timestamp(seconds, 0).unwrap();
            let day = local_day(moment);
            prop_assert!(day_start(day) <= moment && moment < day_end(day));
        }
    }
}
