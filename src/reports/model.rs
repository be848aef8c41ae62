//! A report as it is asked for and kept, and the stretches of days that reports are about.

pub mod document;

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    access::{PersonId, UnitId},
    platform::{
        clock::local_day,
        db::{Moment, schema::reports},
        error::Result,
    },
    targets::model::{Days, seal::SealId},
};

crate::id_type!(
    /// A report.
    ReportId
);

crate::text_enum!(
    /// How long a stretch a report is about.
    PeriodKind {
        Month = "month",
        Quarter = "quarter",
        HalfYear = "half-year",
        Year = "year",
        /// That of a seal, where it is none of these.
        Other = "other",
    }
);

crate::text_enum!(
    ReportState {
        Queued = "queued",
        Building = "building",
        Done = "done",
        Failed = "failed",
    }
);

crate::text_enum!(
    /// The files of a report.
    FileKind {
        Pdf = "pdf",
        Xlsx = "xlsx",
        Csv = "csv",
        Json = "json",
        /// The list of names, as a workbook and as text.
        NamesXlsx = "names-xlsx",
        NamesCsv = "names-csv",
    }
);

impl FileKind {
    pub const fn has_names(self) -> bool {
        matches!(self, Self::NamesXlsx | Self::NamesCsv)
    }

    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Xlsx | Self::NamesXlsx => "xlsx",
            Self::Csv | Self::NamesCsv => "csv",
            Self::Json => "json",
        }
    }
}

/// A report as it is kept, without what it says.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = reports)]
pub struct Report {
    pub id: ReportId,
    pub code: String,
    pub title: String,
    pub owner_id: PersonId,
    pub unit_id: Option<UnitId>,
    pub is_national: bool,
    pub kind: PeriodKind,
    pub period_from: NaiveDate,
    pub period_to: NaiveDate,
    pub known_at: Moment,
    pub seal_id: Option<SealId>,
    pub has_names: bool,
    pub request: String,
    pub state: ReportState,
    pub done: i64,
    pub total: i64,
    pub fault: Option<String>,
    pub fault_detail: Option<String>,
    pub created_at: Moment,
    pub finished_at: Option<Moment>,
}

impl Report {
    pub fn path(&self) -> String {
        format!("/bao-cao/{}", self.code)
    }

    pub fn days(&self) -> Days {
        Days { from: self.period_from, to: self.period_to }
    }

    /// The last day that the figures can know of: that of the period, or where it is still running that of the moment of knowing.
    pub fn last_day(&self) -> NaiveDate {
        let known = self.known_at - chrono::TimeDelta::microseconds(1);
        self.period_to.min(local_day(known.0)).max(self.period_from)
    }

    pub fn asked(&self) -> Result<Asked> {
        Ok(serde_json::from_str(&self.request)?)
    }

    pub fn is_under_way(&self) -> bool {
        matches!(self.state, ReportState::Queued | ReportState::Building)
    }
}

/// What is asked for besides whose figures of which days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The codes of the targets, in the order of the report.
    pub targets: Vec<String>,
    /// Organisations as of that day; as recorded without one.
    pub as_of: Option<NaiveDate>,
    /// Of a report from a seal: what was recorded until then stands beside it.
    pub adjusted_until: Option<Moment>,
    pub words: Words,
}

/// What a person writes on the paper.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The body above the issuing one.
    pub superior: String,
    pub issuer: String,
    /// Where it is signed.
    pub place: String,
    pub causes: String,
    pub proposals: String,
    pub recipients: Vec<String>,
    /// Authority and title, a line each.
    pub signer_lines: Vec<String>,
    pub signer_name: String,
}

/// A new report.
#[derive(Debug, Clone)]
pub struct NewReport {
    pub title: String,
    pub unit: Option<UnitId>,
    pub is_national: bool,
    pub kind: PeriodKind,
    pub days: Days,
    pub known_at: Moment,
    pub seal: Option<SealId>,
    pub has_names: bool,
    pub asked: Asked,
}

/// The days of the `number`th month, quarter or half of a year; of a year whatever the number is.
pub fn days_of(kind: PeriodKind, year: i32, number: u32) -> Option<Days> {
    let (first, months) = match kind {
        PeriodKind::Month if (1..=12).contains(&number) => (number, 1),
        PeriodKind::Quarter if (1..=4).contains(&number) => (number * 3 - 2, 3),
        PeriodKind::HalfYear if (1..=2).contains(&number) => (number * 6 - 5, 6),
        PeriodKind::Year => (1, 12),
        _ => return None,
    };
    let from = NaiveDate::from_ymd_opt(year, first, 1)?;
    let to = from.checked_add_months(chrono::Months::new(months))?.pred_opt()?;
    Some(Days { from, to })
}

/// What kind of stretch these days are, and which of its year.
pub fn kind_of(days: Days) -> (PeriodKind, u32) {
    let month = days.from.month();
    let of = |kind, number| days_of(kind, days.from.year(), number) == Some(days);
    if of(PeriodKind::Year, 1) {
        (PeriodKind::Year, 1)
    } else if of(PeriodKind::HalfYear, month.div_ceil(6)) {
        (PeriodKind::HalfYear, month.div_ceil(6))
    } else if of(PeriodKind::Quarter, month.div_ceil(3)) {
        (PeriodKind::Quarter, month.div_ceil(3))
    } else if of(PeriodKind::Month, month) {
        (PeriodKind::Month, month)
    } else {
        (PeriodKind::Other, 1)
    }
}

/// The days as a paper names them: "quý II năm 2025".
pub fn period_words(days: Days) -> String {
    let year = days.from.year();
    match kind_of(days) {
        (PeriodKind::Year, _) => format!("năm {year}"),
        (PeriodKind::HalfYear, 1) => format!("6 tháng đầu năm {year}"),
        (PeriodKind::HalfYear, _) => format!("6 tháng cuối năm {year}"),
        (PeriodKind::Quarter, number) => {
            let roman = ["I", "II", "III", "IV"].get(number.saturating_sub(1) as usize).copied().unwrap_or_default();
            format!("quý {roman} năm {year}")
        }
        (PeriodKind::Month, number) => format!("tháng {number} năm {year}"),
        (PeriodKind::Other, _) => format!(
            "từ ngày {} đến ngày {}",
            crate::platform::text::date(days.from),
            crate::platform::text::date(days.to)
        ),
    }
}

/// The same days a year before; the 29th of February stands for the 28th.
pub fn year_before(days: Days) -> Days {
    let back = |day: NaiveDate| day.checked_sub_months(chrono::Months::new(12)).unwrap_or(day);
    // The last day of February goes to the last day of February.
    let end = days.to.succ_opt().map(back).and_then(|day| day.pred_opt()).unwrap_or(days.to);
    Days { from: back(days.from), to: end }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(from: &str, to: &str) -> Days {
        Days { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    #[test]
    fn every_stretch_is_named_as_papers_do() {
        for (kind, number, from, to, words) in [
            (PeriodKind::Month, 2, "2024-02-01", "2024-02-29", "tháng 2 năm 2024"),
            (PeriodKind::Quarter, 4, "2025-10-01", "2025-12-31", "quý IV năm 2025"),
            (PeriodKind::HalfYear, 1, "2025-01-01", "2025-06-30", "6 tháng đầu năm 2025"),
            (PeriodKind::HalfYear, 2, "2025-07-01", "2025-12-31", "6 tháng cuối năm 2025"),
            (PeriodKind::Year, 1, "2025-01-01", "2025-12-31", "năm 2025"),
        ] {
            let expected = days(from, to);
            assert_eq!(days_of(kind, expected.from.year(), number), Some(expected));
            assert_eq!(kind_of(expected), (kind, number));
            assert_eq!(period_words(expected), words);
        }
        assert_eq!(kind_of(days("2025-01-02", "2025-06-30")).0, PeriodKind::Other);
        assert_eq!(days_of(PeriodKind::Month, 2025, 13), None);
        assert_eq!(days_of(PeriodKind::Quarter, 2025, 0), None);
    }

    #[test]
    fn a_year_before_is_a_whole_month_before_too() {
        assert_eq!(year_before(days("2025-01-01", "2025-06-30")), days("2024-01-01", "2024-06-30"));
        assert_eq!(year_before(days("2025-02-01", "2025-02-28")), days("2024-02-01", "2024-02-29"));
        assert_eq!(year_before(days("2024-02-01", "2024-02-29")), days("2023-02-01", "2023-02-28"));
    }
}
