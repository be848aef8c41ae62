//! The definitions that are shipped, each with its true status and its legal basis.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::{create, link_courses};
use crate::{
    access::Actor,
    organisations::model::UnitKind,
    platform::{
        clock::local_day,
        db::{DbConn, Moment},
        error::{Error, Result},
    },
    targets::{
        model::{Days, Metric, NewTarget, Target, TargetState, Terms},
        queries,
    },
};

const DEFINITIONS: &str = include_str!("../seed/definitions.toml");

#[derive(Deserialize)]
struct File {
    target: Vec<Definition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Definition {
    code: String,
    title_vi: String,
    title_en: String,
    metric: Metric,
    required: i64,
    from: NaiveDate,
    to: NaiveDate,
    state: TargetState,
    courses: Vec<String>,
    #[serde(default)]
    kinds: Vec<UnitKind>,
    basis_vi: String,
    basis_en: String,
}

/// Writes down the shipped targets that are not there yet, and links courses that have arrived since; how many are new.
/// Running it again changes nothing else: a definition that was corrected by hand stays as it is.
pub fn seed_definitions(c: &mut DbConn, by: &Actor, now: Moment) -> Result<usize> {
    let file: File = toml::from_str(DEFINITIONS).map_err(|e| Error::internal(format!("the shipped targets: {e}")))?;
    let mut fresh = 0;
    for d in file.target {
        let new = NewTarget {
            code: d.code,
            title_vi: d.title_vi,
            title_en: d.title_en,
            metric: d.metric,
            required: d.required,
            period: Days { from: d.from, to: d.to },
            state: d.state,
            basis_vi: d.basis_vi.trim().to_owned(),
            basis_en: d.basis_en.trim().to_owned(),
            is_illustration: false,
            courses: d.courses,
            kinds: d.kinds,
            terms: Terms::default(),
        };
        fresh += usize::from(seed(c, by, now, &new)?);
    }
    Ok(fresh)
}

fn seed(c: &mut DbConn, by: &Actor, now: Moment, new: &NewTarget) -> Result<bool> {
    match queries::by_code(c, &new.code) {
        Ok(there) => link_courses(c, now, &there, &new.courses).map(|()| false),
        Err(Error::NotFound) => create(c, by, now, new).map(|_| true),
        Err(other) => Err(other),
    }
}

/// The plans of the running year that a demonstration shows, plainly illustrations: one of people, with a number that a few people
/// can be seen to move, and a share of agencies. Gives the first.
pub fn seed_illustration(c: &mut DbConn, by: &Actor, now: Moment, required: i64, courses: &[&str]) -> Result<Target> {
    let year = local_day(now.0).year();
    let day = |month, day| {
        NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| Error::internal("a year without its first or last day"))
    };
    let people = NewTarget {
        code: format!("minh-hoa-{year}"),
        title_vi: format!("Kế hoạch minh họa năm {year}: bồi dưỡng cán bộ về chính phủ điện tử"),
        title_en: format!("Illustration plan {year}: training officials in e-government"),
        metric: Metric::People,
        required,
        period: Days { from: day(1, 1)?, to: day(12, 31)? },
        state: TargetState::InForce,
        basis_vi: "Chỉ tiêu minh họa cho bản trình diễn, không có căn cứ pháp lý.".to_owned(),
        basis_en: "A target made up for the demonstration; it has no legal basis.".to_owned(),
        is_illustration: true,
        courses: courses.iter().map(|c| (*c).to_owned()).collect(),
        kinds: Vec::new(),
        terms: Terms::default(),
    };
    let agencies = NewTarget {
        code: format!("minh-hoa-co-quan-{year}"),
        title_vi: format!("Minh họa năm {year}: tỷ lệ cơ quan tổ chức bồi dưỡng"),
        title_en: format!("Illustration {year}: share of agencies that hold training"),
        metric: Metric::Agencies,
        required: 80,
        kinds: vec![
            UnitKind::Ministry,
            UnitKind::MinisterialAgency,
            UnitKind::GovernmentAgency,
            UnitKind::CentralCity,
            UnitKind::Province,
        ],
        ..people.clone()
    };
    seed(c, by, now, &people)?;
    seed(c, by, now, &agencies)?;
    queries::by_code(c, &people.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_definitions_can_be_read() {
        let file: File = toml::from_str(DEFINITIONS).unwrap();
        let mut codes: Vec<&str> = file.target.iter().map(|d| d.code.as_str()).collect();
        codes.dedup();
        assert_eq!(codes.len(), file.target.len());
        for d in &file.target {
            assert!(super::super::is_code(&d.code) && d.required > 0 && d.from <= d.to, "{}", d.code);
            assert_eq!(d.metric == Metric::Agencies, !d.kinds.is_empty(), "{}", d.code);
            assert!(!d.basis_vi.trim().is_empty() && !d.basis_en.trim().is_empty(), "{}", d.code);
        }
    }
}
