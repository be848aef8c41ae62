//! How old the last backup is, in words.

use chrono::TimeDelta;
use serde::Serialize;

use crate::{
    home::queries::LastBackup,
    platform::{db::Moment, http::Page, i18n::Message, text},
};

/// One a day, with two hours for a day on which it takes longer.
const OLD: TimeDelta = TimeDelta::hours(26);
/// Up to here hours are read at a glance.
const IN_HOURS: i64 = 48;

/// A figure (`figures`).
#[derive(Serialize)]
pub struct BackupView {
    /// `good`, or `bad` where somebody has to do something.
    kind: &'static str,
    figure: String,
    unit: String,
    notes: Vec<String>,
}

impl BackupView {
    pub fn of(page: &Page, now: Moment, last: LastBackup) -> Self {
        let locale = page.locale();
        let day = |at: Moment| text::datetime(at.0);
        let (at, bytes, missing) = match last {
            LastBackup::Never => return Self::none(page, page.text("system-backup-never")),
            LastBackup::Restored(at) => {
                return Self::none(page, page.text(Message::new("system-backup-restored").with("time", day(at))));
            }
            LastBackup::Made { at, bytes, missing } => (at, bytes, missing),
        };
        let age = now - at;
        let hours = age.num_hours().max(0);
        let (count, unit) = match hours {
            0 => (age.num_minutes().max(0), "system-backup-minutes"),
            1..IN_HOURS => (hours, "system-backup-hours"),
            _ => (hours / 24, "system-backup-days"),
        };
        let said = Message::new("system-backup-made").with("time", day(at)).with("size", text::size(bytes, locale));
        let mut notes = vec![page.text(said)];
        if age > OLD {
            notes.push(page.text(Message::new("system-backup-old").with("hours", OLD.num_hours())));
        }
        if missing > 0 {
            notes.push(page.text(Message::new("system-backup-missing").with("count", missing)));
        }
        let kind = if notes.len() > 1 { "bad" } else { "good" };
        Self { kind, figure: text::number(count, locale), unit: page.text(unit), notes }
    }

    fn none(page: &Page, said: String) -> Self {
        let notes = vec![said, page.text("system-backup-do")];
        Self { kind: "bad", figure: page.text("system-backup-none"), unit: String::new(), notes }
    }
}
