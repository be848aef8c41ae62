//! How fast a target has to go, how fast it goes, and where that leads.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::Days;

/// How many whole weeks the actual pace is the mean of.
const WEEKS: i64 = 4;

/// The pace of a target whose period is running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    pub missing: i64,
    /// Today included: what is done today still counts.
    pub days_left: i64,
    /// The last whole weeks (Monday to Sunday) that lie in the period, the latest last; at most four.
    pub weeks: Vec<(Days, i64)>,
    pub forecast: Forecast,
}

/// When the target is reached if it goes on like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forecast {
    Reached,
    /// The period has not seen four whole weeks yet.
    TooLittle,
    /// Nothing was counted in four weeks: at this pace never.
    Standing,
    /// At the mean pace; if every week were like the best of the four; like the poorest (never, if that was empty).
    On {
        day: NaiveDate,
        early: NaiveDate,
        late: Option<NaiveDate>,
    },
}

impl Pace {
    /// From what was counted on each day. `None` outside the period: then there is a result, not a pace.
    pub fn of(period: Days, required: i64, by_day: &[(NaiveDate, i64)], today: NaiveDate) -> Option<Self> {
        if !period.contains(today) {
            return None;
        }
        let missing = (required - by_day.iter().map(|(_, count)| count).sum::<i64>()).max(0);
        let monday = today - TimeDelta::days(i64::from(today.weekday().num_days_from_monday()));
        let weeks: Vec<(Days, i64)> = (1..=WEEKS)
            .rev()
            .map(|back| {
                let from = monday - TimeDelta::weeks(back);
                Days { from, to: from + TimeDelta::days(6) }
            })
            .filter(|week| period.from <= week.from)
            .map(|week| (week, by_day.iter().filter(|(day, _)| week.contains(*day)).map(|(_, count)| count).sum()))
            .collect();
        let days_left = (period.to - today).num_days() + 1;
        let forecast = forecast(missing, &weeks, today);
        Some(Self { missing, days_left, weeks, forecast })
    }

    /// What each of the weeks left must bring, in tenths, rounded up: to promise less would be too little.
    pub fn needed_tenths(&self) -> i64 {
        let (tenths, days) = (self.missing.saturating_mul(70), self.days_left.max(1));
        tenths.div_euclid(days) + i64::from(tenths.rem_euclid(days) > 0)
    }

    /// The mean of the four weeks, in tenths, rounded down; `None` with too little data.
    pub fn actual_tenths(&self) -> Option<i64> {
        (self.forecast != Forecast::TooLittle && self.weeks.len() == 4).then(|| self.sum().saturating_mul(10) / WEEKS)
    }

    fn sum(&self) -> i64 {
        self.weeks.iter().map(|(_, count)| count).sum()
    }

    /// What may be expected from today to the last day: day, total at the poorest and at the best pace of the four weeks. It
    /// ends at the required number: beyond it nothing is forecast.
    pub fn band(&self, today: NaiveDate, total: i64, last: NaiveDate) -> Vec<(NaiveDate, i64, i64)> {
        let Forecast::On { early, late, .. } = self.forecast else { return Vec::new() };
        let rates = self.weeks.iter().map(|(_, count)| *count);
        let (Some(low), Some(high)) = (rates.clone().min(), rates.max()) else { return Vec::new() };
        let required = total.saturating_add(self.missing);
        let mut days: Vec<NaiveDate> = [Some(today), Some(early), late, Some(last)].into_iter().flatten().collect();
        days.retain(|day| *day <= last);
        days.sort_unstable();
        days.dedup();
        let at = |day: NaiveDate, rate: i64| {
            total.saturating_add(rate.saturating_mul((day - today).num_days()) / 7).min(required)
        };
        days.into_iter().map(|day| (day, at(day, low), at(day, high))).collect()
    }
}

fn forecast(missing: i64, weeks: &[(Days, i64)], today: NaiveDate) -> Forecast {
    if missing == 0 {
        return Forecast::Reached;
    }
    if weeks.len() < 4 {
        return Forecast::TooLittle;
    }
    let counts = weeks.iter().map(|(_, count)| *count);
    let reached = |count: i64, weeks: i64| {
        let (days, count) = (missing.saturating_mul(7 * weeks), count.max(1));
        let days = days.div_euclid(count) + i64::from(days.rem_euclid(count) > 0);
        TimeDelta::try_days(days).and_then(|days| today.checked_add_signed(days)).unwrap_or(NaiveDate::MAX)
    };
    let (sum, best, poorest) = (counts.clone().sum(), counts.clone().max().unwrap_or(0), counts.min().unwrap_or(0));
    if sum <= 0 {
        return Forecast::Standing;
    }
    Forecast::On { day: reached(sum, WEEKS), early: reached(best, 1), late: (poorest > 0).then(|| reached(poorest, 1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn year() -> Days {
        Days { from: day("2026-01-01"), to: day("2026-12-31") }
    }

    /// 02/11, 09/11, 16/11 and 23/11/2026 are Mondays.
    fn pace(counts: [i64; 4], required: i64, today: &str) -> Pace {
        let mondays = ["2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16"].map(day);
        let by_day: Vec<(NaiveDate, i64)> = mondays.into_iter().zip(counts).collect();
        Pace::of(year(), required, &by_day, day(today)).unwrap()
    }

    #[test]
    fn the_mean_of_four_whole_weeks_leads_to_a_date() {
        let found = pace([10, 20, 30, 40], 200, "2026-11-23");
        assert_eq!((found.missing, found.days_left), (100, 39));
        assert_eq!(found.weeks.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [10, 20, 30, 40]);
        assert_eq!(found.weeks[3].0, Days { from: day("2026-11-16"), to: day("2026-11-22") });
        assert_eq!(found.actual_tenths(), Some(250));
        // 100 × 7 ÷ 39 = 17,948… a week, rounded up.
        assert_eq!(found.needed_tenths(), 180);
        // 28 days at 25 a week, 17,5 at 40, 70 at 10.
        let Forecast::On { day: mean, early, late } = found.forecast else { panic!("{found:?}") };
        assert_eq!((mean, early, late), (day("2026-12-21"), day("2026-12-11"), Some(day("2027-02-01"))));
    }

    #[test]
    fn this_week_is_not_a_whole_one() {
        let mut by_day = vec![(day("2026-11-16"), 8), (day("2026-11-23"), 50)];
        let found = Pace::of(year(), 100, &by_day, day("2026-11-25")).unwrap();
        assert_eq!(found.actual_tenths(), Some(20));
        assert_eq!(found.missing, 42);
        by_day.push((day("2026-11-24"), 42));
        assert_eq!(Pace::of(year(), 100, &by_day, day("2026-11-25")).unwrap().forecast, Forecast::Reached);
    }

    #[test]
    fn too_little_data_is_said() {
        let early = Pace::of(year(), 100, &[(day("2026-01-12"), 30)], day("2026-01-28")).unwrap();
        assert_eq!(early.forecast, Forecast::TooLittle);
        assert_eq!((early.actual_tenths(), early.weeks.len()), (None, 3));
        assert!(early.band(day("2026-01-28"), 30, day("2026-12-31")).is_empty());
        let later = Pace::of(year(), 100, &[(day("2026-01-12"), 30)], day("2026-02-02")).unwrap();
        assert_ne!(later.forecast, Forecast::TooLittle);
    }

    #[test]
    fn nothing_in_four_weeks_leads_nowhere() {
        assert_eq!(pace([0, 0, 0, 0], 10, "2026-11-23").forecast, Forecast::Standing);
        let open = pace([0, 0, 0, 4], 12, "2026-11-23").forecast;
        assert!(matches!(open, Forecast::On { late: None, .. }), "{open:?}");
        assert!(matches!(pace([0, 0, 0, 1], i64::MAX, "2026-11-23").forecast, Forecast::On { .. }));
    }

    #[test]
    fn outside_its_period_a_target_has_no_pace() {
        assert!(Pace::of(year(), 10, &[], day("2027-01-01")).is_none());
        assert!(Pace::of(year(), 10, &[], day("2025-12-31")).is_none());
        assert_eq!(Pace::of(year(), 14, &[], day("2026-12-31")).unwrap().needed_tenths(), 980);
    }

    #[test]
    fn the_band_opens_and_ends_at_the_required_number() {
        let found = pace([10, 20, 30, 40], 200, "2026-11-23");
        let band = found.band(day("2026-11-23"), 100, day("2026-12-31"));
        assert_eq!(
            band,
            [(day("2026-11-23"), 100, 100), (day("2026-12-11"), 125, 200), (day("2026-12-31"), 154, 200),]
        );
    }
}
