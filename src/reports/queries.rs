//! Reading reports: which there are, what they say, their files; what a new one is to say is gathered in [`gather`].

pub mod gather;
pub mod names;

use diesel::prelude::*;

use crate::{
    access::{Reach, UnitId},
    organisations::queries as organisations,
    platform::{
        db::{
            DbConn,
            schema::{files, report_files, reports},
        },
        error::{Error, Result},
    },
    reports::model::{FileKind, Report, ReportId, document::Document},
};

pub fn report(c: &mut DbConn, id: ReportId) -> Result<Report> {
    Ok(reports::table.find(id.0).select(Report::as_select()).first(c)?)
}

pub fn by_code(c: &mut DbConn, code: &str) -> Result<Report> {
    Ok(reports::table.filter(reports::code.eq(code)).select(Report::as_select()).first(c)?)
}

/// Whether a reach covers a report. What was asked for by somebody who sees the whole country may hold more than a unit sees of itself, so
/// it stays with those who see the whole country.
pub fn covers(c: &mut DbConn, reach: &Reach, report: &Report, today: chrono::NaiveDate) -> Result<bool> {
    match (reach, report.unit_id) {
        (Reach::Everywhere, _) => Ok(true),
        (Reach::Under(roots), Some(unit)) if !report.is_national => organisations::is_under(c, unit, roots, today),
        _ => Ok(false),
    }
}

/// A page of the reports that these units may see (`None`: all), the latest first; and how many there are.
pub fn page(c: &mut DbConn, within: Option<&[UnitId]>, offset: i64, limit: i64) -> Result<(Vec<Report>, i64)> {
    let asked = || {
        let query = reports::table.into_boxed();
        match within {
            None => query,
            Some(units) => query.filter(
                reports::is_national
                    .eq(false)
                    .and(reports::unit_id.eq_any(units.iter().map(|u| Some(u.0)).collect::<Vec<_>>())),
            ),
        }
    };
    let total = asked().count().get_result(c)?;
    let rows = asked().order(reports::id.desc()).offset(offset).limit(limit).select(Report::as_select()).load(c)?;
    Ok((rows, total))
}

/// What a report says, once it is made.
pub fn document(c: &mut DbConn, id: ReportId) -> Result<Option<Document>> {
    let body: Option<String> = reports::table.find(id.0).select(reports::body).first(c)?;
    body.map(|body| serde_json::from_str(&body)).transpose().map_err(Error::from)
}

/// A file of a report: its key in the store, its media type, its name, and how long it is.
#[derive(Debug, Clone, Queryable)]
pub struct KeptFile {
    pub kind: FileKind,
    pub key: String,
    pub media_type: String,
    pub name: String,
    pub size: i64,
}

pub fn files(c: &mut DbConn, id: ReportId) -> Result<Vec<KeptFile>> {
    let mut found: Vec<KeptFile> = report_files::table
        .inner_join(files::table)
        .filter(report_files::report_id.eq(id.0))
        .select((report_files::kind, files::key, files::media_type, files::name, files::size))
        .load(c)?;
    found.sort_by_key(|file| file.kind);
    Ok(found)
}
