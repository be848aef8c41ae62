//! The pace in words: what is needed, what is reached, where it leads.

use chrono::NaiveDate;
use serde::Serialize;

use super::{counted, unit_word};
use crate::{
    platform::{
        http::Page,
        i18n::{Locale, Message},
        text::{date, decimal, number},
    },
    targets::model::{Forecast, Pace, Target},
};

/// Three figures with what stands under each.
#[derive(Serialize)]
pub struct PaceView {
    unit: String,
    needed: String,
    needed_note: String,
    /// None with too little data.
    actual: Option<String>,
    actual_note: String,
    forecast: String,
    forecast_note: String,
    /// good, warn or plain
    kind: &'static str,
    /// The word beside the colour.
    tag: Option<String>,
}

impl PaceView {
    pub fn of(page: &Page, target: &Target, pace: &Pace) -> Self {
        let (locale, unit) = (page.locale(), unit_word(page, target.metric));
        let weeks: Vec<String> = pace.weeks.iter().map(|(_, count)| number(*count, locale)).collect();
        let actual = pace.actual_tenths().map(|n| tenths(n, locale));
        let actual_note = match (&actual, pace.weeks.first(), pace.weeks.last()) {
            (Some(_), Some((first, _)), Some((last, _))) => page.text(
                Message::new("targets-pace-weeks")
                    .with("from", date(first.from))
                    .with("to", date(last.to))
                    .with("weeks", weeks.join("; ")),
            ),
            _ => page.text(
                Message::new("targets-pace-weeks-few").with("count", i64::try_from(pace.weeks.len()).unwrap_or(0)),
            ),
        };
        let (forecast, forecast_note, kind, tag) = forecast(page, target, pace, &unit);
        Self {
            needed: tenths(pace.needed_tenths(), locale),
            needed_note: page.text(
                Message::new("targets-pace-missing")
                    .with("count", counted(page, target.metric, pace.missing))
                    .with("days", pace.days_left),
            ),
            actual,
            actual_note,
            forecast,
            forecast_note,
            kind,
            tag: tag.map(|key| page.text(key)),
            unit,
        }
    }

    /// The same in one sentence, for those who cannot see the drawing.
    pub fn sentence(&self, page: &Page) -> String {
        page.text(
            Message::new("targets-pace-sentence")
                .with("needed", self.needed.clone())
                .with("unit", self.unit.clone())
                .with("forecast", self.forecast.clone())
                .with("note", self.forecast_note.clone()),
        )
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn tenths(value: i64, locale: Locale) -> String {
    decimal(value as f64 / 10.0, 1, locale)
}

type Said = (String, String, &'static str, Option<&'static str>);

fn forecast(page: &Page, target: &Target, pace: &Pace, unit: &str) -> Said {
    match pace.forecast {
        Forecast::Reached => (page.text("targets-pace-reached"), String::new(), "good", None),
        Forecast::TooLittle => {
            (page.text("targets-pace-too-little"), page.text("targets-pace-too-little-note"), "plain", None)
        }
        Forecast::Standing => (
            page.text("targets-pace-standing"),
            page.text(Message::new("targets-pace-standing-note").with("unit", unit.to_owned())),
            "warn",
            Some("targets-pace-late"),
        ),
        Forecast::On { day, early, late } => {
            let note = match late {
                Some(late) => {
                    Message::new("targets-pace-band").with("early", shown(page, early)).with("late", shown(page, late))
                }
                None => Message::new("targets-pace-band-open").with("early", shown(page, early)),
            };
            let in_time = day <= target.period_to;
            let (kind, tag) = if in_time { ("good", "targets-pace-in-time") } else { ("warn", "targets-pace-late") };
            (shown(page, day), page.text(note), kind, Some(tag))
        }
    }
}

/// Far away a day says nothing.
fn shown(page: &Page, day: NaiveDate) -> String {
    match day < NaiveDate::from_ymd_opt(2100, 1, 1).unwrap_or(NaiveDate::MAX) {
        true => date(day),
        false => page.text("targets-pace-never"),
    }
}
