//! Units, placements and successions, and the pure rules about days.

pub mod change;
mod lines;
pub mod plan;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;

pub use self::lines::{CarriedTo, Lines};
pub use crate::access::UnitId;
use crate::platform::{
    db::schema::{unit_placements, unit_successions, units},
    i18n::Locale,
    text,
};

crate::text_enum!(
    /// What a unit is. The order is that of lists: first what is named first on reports.
    UnitKind {
        Ministry = "ministry",
        MinisterialAgency = "ministerial_agency",
        GovernmentAgency = "government_agency",
        CentralCity = "central_city",
        Province = "province",
        StateCorporation = "state_corporation",
        /// Sở and its equals, under a province or city.
        Department = "department",
        /// Cục, vụ and their equals, under a ministry or agency.
        Directorate = "directorate",
        /// Đơn vị sự nghiệp: a centre, an institute.
        Centre = "centre",
        /// Xã, phường, đặc khu: directly under the province since 01/07/2025.
        Commune = "commune",
    }
);

impl UnitKind {
    /// Whether a unit of this kind always stands under another; the others may stand alone at the top.
    pub const fn is_subordinate(self) -> bool {
        matches!(self, Self::Department | Self::Directorate | Self::Centre | Self::Commune)
    }

    /// One of the 63 and later 34.
    pub const fn is_province_level(self) -> bool {
        matches!(self, Self::Province | Self::CentralCity)
    }
}

/// A span of whole days, both ends included; a missing end is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Span {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

impl Span {
    pub fn new(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Self {
        Self { from, to }
    }

    pub fn contains(self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    pub fn is_over(self, day: NaiveDate) -> bool {
        self.to.is_some_and(|to| to < day)
    }

    /// Whether every day of this span is one of `other`.
    pub fn lies_within(self, other: Self) -> bool {
        let starts = other.from.is_none_or(|limit| self.from.is_some_and(|from| from >= limit));
        let ends = other.to.is_none_or(|limit| self.to.is_some_and(|to| to <= limit));
        starts && ends
    }

    pub fn overlaps(self, other: Self) -> bool {
        let before = |a: Option<NaiveDate>, b: Option<NaiveDate>| matches!((a, b), (Some(a), Some(b)) if a < b);
        !before(self.to, other.from) && !before(other.to, self.from)
    }

    /// The day of this span that is nearest to `day`.
    pub fn nearest(self, day: NaiveDate) -> NaiveDate {
        let day = self.from.map_or(day, |from| day.max(from));
        self.to.map_or(day, |to| day.min(to))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable)]
#[diesel(table_name = units)]
pub struct Unit {
    pub id: UnitId,
    pub code: String,
    pub name_vi: String,
    pub name_en: String,
    pub kind: UnitKind,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
}

impl Unit {
    pub fn span(&self) -> Span {
        Span::new(self.valid_from, self.valid_to)
    }

    pub fn valid_on(&self, day: NaiveDate) -> bool {
        self.span().contains(day)
    }

    pub fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::Vi => &self.name_vi,
            Locale::En => &self.name_en,
        }
    }
}

/// Under whom a unit stands, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = unit_placements)]
pub struct Placement {
    pub unit_id: UnitId,
    pub parent_id: UnitId,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
}

impl Placement {
    pub fn span(&self) -> Span {
        Span::new(self.valid_from, self.valid_to)
    }
}

/// Into what a unit went; position 0 is the main successor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = unit_successions)]
pub struct Succession {
    pub unit_id: UnitId,
    pub successor_id: UnitId,
    pub position: i32,
}

/// What a search looks in: the code and both names, folded.
pub fn folded(code: &str, name_vi: &str, name_en: &str) -> String {
    text::fold(&format!("{code} {name_vi} {name_en}"))
}

/// Vietnamese order by name. Provinces and cities stand by their own name, without the word for what they are.
pub fn sort_key(kind: UnitKind, name_vi: &str) -> String {
    let bare = ["Tỉnh ", "Thành phố "].iter().find_map(|word| name_vi.strip_prefix(word));
    text::sort_key(bare.filter(|_| kind.is_province_level()).unwrap_or(name_vi))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: &str, to: &str) -> Span {
        let day = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
        Span::new(day(from), day(to))
    }

    #[test]
    fn both_ends_of_a_span_belong_to_it() {
        let spring = span("2025-03-01", "2025-06-30");
        let on = |day: &str| spring.contains(day.parse().unwrap());
        assert!(on("2025-03-01") && on("2025-06-30"));
        assert!(!on("2025-02-28") && !on("2025-07-01"));
        assert!(span("", "").contains(NaiveDate::MIN));
        assert!(spring.is_over("2025-07-01".parse().unwrap()) && !spring.is_over("2025-06-30".parse().unwrap()));
    }

    #[test]
    fn spans_lie_within_and_overlap() {
        let year = span("2025-01-01", "2025-12-31");
        assert!(span("2025-01-01", "2025-12-31").lies_within(year));
        assert!(!span("2025-01-01", "").lies_within(year) && !span("", "2025-12-31").lies_within(year));
        assert!(year.lies_within(span("", "")));
        assert!(year.overlaps(span("2025-12-31", "")) && !year.overlaps(span("2026-01-01", "")));
        assert!(span("", "").overlaps(year) && !span("", "2024-12-31").overlaps(year));
    }

    #[test]
    fn the_nearest_day_is_inside() {
        let year = span("2025-01-01", "2025-12-31");
        let nearest = |day: &str| year.nearest(day.parse().unwrap()).to_string();
        assert_eq!(
            [nearest("2020-05-05"), nearest("2025-05-05"), nearest("2030-05-05")],
            ["2025-01-01", "2025-05-05", "2025-12-31"]
        );
    }

    #[test]
    fn provinces_stand_by_their_own_name() {
        let key = |name| sort_key(UnitKind::Province, name);
        assert!(key("Tỉnh An Giang") < key("Thành phố Đà Nẵng") && key("Thành phố Đà Nẵng") < key("Tỉnh Đắk Lắk"));
        assert_eq!(folded("P15", "Tỉnh Yên Bái", "Yen Bai Province"), "p15 tinh yen bai yen bai province");
    }
}
