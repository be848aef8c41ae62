//! What was decided about a few of the made-up records, so that a register shows more than issues: a completion that was voided and
//! whose certificate waits to be revoked, a name that was misspelt, a paper that was lost, a result that was corrected.

use chrono::TimeDelta;

use crate::{
    access::Actor,
    app::App,
    certificates::{
        actions,
        model::{Decision, Ground, Lookup, Reissue},
        queries,
    },
    learning::{self, model::Completion},
    platform::{
        clock::local_day,
        db::{DbConn, Moment},
        error::{Error, Result},
    },
    site,
};

/// Makes them, a few hours ago and through the coordinator: after all that was issued before, so that numbers follow days. Nothing is done to a completion of the
/// closed year: its totals stay.
pub async fn make(app: &App, by: &Actor, closed: &[Completion], running: &[Completion]) -> Result<()> {
    let (at, lookup) = (app.now() - TimeDelta::hours(3), Lookup::of(&app.config));
    let pick = |all: &[Completion], place: usize| all.get(place).map(|completion| completion.id);
    let (lost, wrong) = (pick(closed, closed.len() / 10), pick(closed, closed.len() / 7 * 4));
    let (corrected, fraud) = (pick(running, 11), pick(running, 17));
    let by = by.clone();
    app.db
        .write("demo.decisions", move |c| {
            if let Some(completion) = lost {
                reissue(c, at, &by, &lookup, completion.0, Ground::Lost, "Người học báo mất giấy")?;
            }
            if let Some(completion) = wrong {
                reissue(c, at, &by, &lookup, completion.0, Ground::IssuerError, "Chức vụ trên giấy ghi sai")?;
            }
            if let Some(completion) = corrected {
                let old = queries::of_completion(c, completion.0)?.ok_or(Error::NotFound)?;
                actions::revoke(c, &by, at, old.id, &decision(at, "02", "Điểm kiểm tra đã sửa sau khi cấp"))?;
                reissue(c, at, &by, &lookup, completion.0, Ground::ResultCorrected, "Điểm sau khi sửa vẫn đạt")?;
            }
            if let Some(completion) = fraud {
                let reason = "Minh họa: có người khác làm bài hộ";
                learning::actions::void(c, at, &by, completion, reason, &site::OBSERVERS)?;
            }
            Ok(())
        })
        .await
}

fn decision(at: Moment, number: &str, reason: &str) -> Decision {
    Decision {
        decision_number: format!("{number}/QĐ-MH"),
        decision_date: local_day(at.0),
        reason: format!("Minh họa: {reason}"),
    }
}

fn reissue(
    c: &mut DbConn,
    at: Moment,
    by: &Actor,
    lookup: &Lookup,
    completion: i64,
    ground: Ground,
    reason: &str,
) -> Result<()> {
    let old = queries::of_completion(c, completion)?.ok_or(Error::NotFound)?;
    let mut asked = Reissue::unchanged(ground, decision(at, "01", reason), &old.paper()?);
    if ground == Ground::IssuerError {
        let right = if asked.position == "Chuyên viên chính" { "Chuyên viên" } else { "Chuyên viên chính" };
        asked.position = right.to_owned();
    }
    actions::reissue(c, by, at, old.id, &asked, lookup).map(drop)
}
