//! Asking for reports, and what their making writes down.

use diesel::prelude::*;
use serde_json::json;

use super::{
    jobs::BuildReport,
    model::{FileKind, NewReport, Report, ReportId, ReportState},
    queries,
};
use crate::{
    access::Actor,
    audit::{self, Entry},
    notifications::actions::notify,
    platform::{
        db::{
            DbConn, Moment, note_file,
            schema::{report_files, reports},
        },
        error::{Error, Result},
        files::Stored,
        http::guard::random_code,
        i18n::Message,
        jobs,
    },
};

/// Keeps what is asked for and queues its making.
pub fn request(c: &mut DbConn, by: &Actor, now: Moment, new: &NewReport) -> Result<Report> {
    let owner = by.person.ok_or(Error::Forbidden)?;
    let code = random_code()?;
    let id: ReportId = diesel::insert_into(reports::table)
        .values((
            reports::code.eq(&code),
            reports::title.eq(&new.title),
            reports::owner_id.eq(owner.0),
            reports::unit_id.eq(new.unit.map(|unit| unit.0)),
            reports::is_national.eq(new.is_national),
            reports::kind.eq(new.kind),
            reports::period_from.eq(new.days.from),
            reports::period_to.eq(new.days.to),
            reports::known_at.eq(new.known_at),
            reports::seal_id.eq(new.seal.map(|seal| seal.0)),
            reports::has_names.eq(new.has_names),
            reports::request.eq(serde_json::to_string(&new.asked)?),
            (
                reports::state.eq(ReportState::Queued),
                reports::done.eq(0),
                reports::total.eq(steps(new)),
                reports::created_at.eq(now),
            ),
        ))
        .returning(reports::id)
        .get_result(c)?;
    jobs::enqueue_ahead(c, now, &BuildReport { report: id })?;
    let after = json!({
        "title": new.title, "from": new.days.from, "to": new.days.to, "known_at": new.known_at,
        "seal": new.seal.map(|seal| seal.0), "names": new.has_names,
    });
    let mut entry = Entry::new("report.request", "reports", &code).after(after);
    if let Some(unit) = new.unit {
        entry = entry.unit(unit);
    }
    audit::record(c, by, now, entry)?;
    queries::report(c, id)
}

/// Each target, the paper, the tables, the names if they are wanted, and keeping it all.
fn steps(new: &NewReport) -> i64 {
    i64::try_from(new.asked.targets.len()).unwrap_or(0) + 3 + i64::from(new.has_names)
}

/// Begins to make a report; `false` where it is made already or was given up.
pub fn begin(c: &mut DbConn, id: ReportId) -> Result<bool> {
    let open = reports::id.eq(id.0).and(reports::state.eq_any([ReportState::Queued, ReportState::Building]));
    let changed = diesel::update(reports::table.filter(open))
        .set((reports::state.eq(ReportState::Building), reports::done.eq(0)))
        .execute(c)?;
    Ok(changed == 1)
}

/// How far it is.
pub fn progress(c: &mut DbConn, id: ReportId, done: i64) -> Result<()> {
    let building = reports::id.eq(id.0).and(reports::state.eq(ReportState::Building));
    diesel::update(reports::table.filter(building)).set(reports::done.eq(done)).execute(c)?;
    Ok(())
}

/// All that was made of a report.
#[derive(Debug, Clone)]
pub struct Made {
    /// The document, as JSON.
    pub body: String,
    pub files: Vec<(FileKind, Stored, String)>,
}

/// The report is done, with all its files at once; `false` where somebody else was faster.
pub fn finish(c: &mut DbConn, now: Moment, id: ReportId, made: &Made) -> Result<bool> {
    let building = reports::id.eq(id.0).and(reports::state.eq(ReportState::Building));
    let changed = diesel::update(reports::table.filter(building))
        .set((
            reports::state.eq(ReportState::Done),
            reports::body.eq(&made.body),
            reports::done.eq(reports::total),
            reports::finished_at.eq(now),
        ))
        .execute(c)?;
    if changed != 1 {
        return Ok(false);
    }
    for (kind, stored, name) in &made.files {
        let file = note_file(c, now, "report", stored, name, None)?;
        diesel::insert_into(report_files::table)
            .values((report_files::report_id.eq(id.0), report_files::kind.eq(*kind), report_files::file_id.eq(file)))
            .execute(c)?;
    }
    tell(c, now, id, "notifications-report-done")?;
    Ok(true)
}

/// The report could not be made; what it is for lies with the reason and can be tried again.
pub fn fail(c: &mut DbConn, now: Moment, id: ReportId, fault: &'static str, detail: &str) -> Result<()> {
    let open = reports::id.eq(id.0).and(reports::state.eq_any([ReportState::Queued, ReportState::Building]));
    let changed = diesel::update(reports::table.filter(open))
        .set((
            reports::state.eq(ReportState::Failed),
            reports::fault.eq(fault),
            reports::fault_detail.eq(detail),
            reports::finished_at.eq(now),
        ))
        .execute(c)?;
    if changed == 1 {
        tell(c, now, id, "notifications-report-failed")?;
    }
    Ok(())
}

fn tell(c: &mut DbConn, now: Moment, id: ReportId, key: &'static str) -> Result<()> {
    let report = queries::report(c, id)?;
    let said = Message::new(key).with("name", report.title.clone());
    notify(c, now, report.owner_id, &said, Some(&report.path()), false)?;
    Ok(())
}

/// Tries a report again that failed.
pub fn retry(c: &mut DbConn, by: &Actor, now: Moment, report: &Report) -> Result<()> {
    let failed = reports::id.eq(report.id.0).and(reports::state.eq(ReportState::Failed));
    let changed = diesel::update(reports::table.filter(failed))
        .set((
            reports::state.eq(ReportState::Queued),
            reports::done.eq(0),
            reports::fault.eq(None::<String>),
            reports::fault_detail.eq(None::<String>),
            reports::finished_at.eq(None::<Moment>),
        ))
        .execute(c)?;
    if changed != 1 {
        return Err(Error::refused("reports-not-failed"));
    }
    jobs::enqueue_ahead(c, now, &BuildReport { report: report.id })?;
    audit::record(c, by, now, Entry::new("report.retry", "reports", &report.code))
}

/// Somebody took the list of names away.
pub fn note_names(c: &mut DbConn, by: &Actor, now: Moment, report: &Report, kind: FileKind) -> Result<()> {
    let mut entry = Entry::new("report.names", "reports", &report.code).after(json!({ "file": kind }));
    if let Some(unit) = report.unit_id {
        entry = entry.unit(unit);
    }
    audit::record(c, by, now, entry)
}
