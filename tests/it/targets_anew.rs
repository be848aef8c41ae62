//! A target whose rules change is counted anew by a job where it is large: it says so while it lasts, writes in between are counted by
//! the new rules, and in the end the figures agree with the events.

use diesel::prelude::*;
use nongcot::{
    access::{Actor, Role},
    platform::db::{Database, DbConn, UtcTs, schema},
    targets::{
        actions,
        model::{Deed, NewTarget, Target, TargetId},
        queries,
    },
};

use crate::{
    records::{self, at, fresh, write},
    targets::{COMPLETED, assert_verified, day, days, example, illustration, read},
    targets_pages::{one_more, site},
};

/// More than are counted in the transaction of the change, and no whole number of steps.
pub const MANY: i64 = 1_234;

/// So many more people who completed the same as in the event, in ten days one after another. Nothing is counted by it.
pub fn multiply(c: &mut DbConn, event: i64, days: &[&str]) {
    for (n, day) in days.iter().enumerate() {
        let part =
            MANY / i64::try_from(days.len()).unwrap() + i64::from(n == 0) * (MANY % i64::try_from(days.len()).unwrap());
        diesel::sql_query(format!(
            "INSERT INTO people (code, family_names, given_name, sort_key, folded, created_at) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {part}) \
             SELECT 'nhieu-{n}-' || i, 'Học viên ' || i, 'Minh', 'minh', 'minh', recorded_at FROM n, completion_events \
             WHERE completion_events.id = {event}"
        ))
        .execute(c)
        .unwrap();
        diesel::sql_query(format!(
            "INSERT INTO completion_events (kind, person_id, course_id, version_id, run_id, organiser_id, unit_id, position, category, \
             is_flagged, occurred_at, recorded_at) SELECT e.kind, p.id, e.course_id, e.version_id, e.run_id, e.organiser_id, e.unit_id, \
             e.position, e.category, e.is_flagged, $1, $1 FROM completion_events e, people p \
             WHERE e.id = {event} AND p.code LIKE 'nhieu-{n}-%'"
        ))
        .bind::<UtcTs, _>(at(day))
        .execute(c)
        .unwrap();
    }
}

fn deed() -> Deed {
    Deed {
        number: "16/QĐ-MH".to_owned(),
        signed_on: Some(day("2026-01-05")),
        clause: String::new(),
        reason: "Điều chỉnh kỳ".to_owned(),
    }
}

async fn target(db: &Database, id: TargetId) -> Target {
    read(db, move |c| queries::by_id(c, id)).await
}

async fn round(db: &Database, id: TargetId) -> i64 {
    use schema::targets;
    read(db, move |c| Ok(targets::table.find(id.0).select(targets::counting_round).first(c)?)).await
}

async fn people(db: &Database, id: TargetId) -> i64 {
    read(db, move |c| {
        let target = queries::by_id(c, id)?;
        Ok(queries::split(c, id, target.period(), &queries::Scope::Nation)?.total.people)
    })
    .await
}

/// Steps are taken while others complete, are voided, and the rules change once more. On PostgreSQL all at once.
#[tokio::test]
async fn what_is_counted_between_two_steps_is_counted_once_and_by_the_new_rules() {
    let (db, _held) = fresh().await;
    let example = example(&db).await;
    let held = example.clone();
    let id = write(&db, move |c| {
        let event = completed(c, &held.event(&COMPLETED[4]));
        multiply(c, event, &["2025-03-01", "2025-09-01"]);
        let new = NewTarget {
            period: days("2025-02-01", "2025-12-31"),
            ..illustration("minh-hoa-2025", &["CB-08", "KT-01"])
        };
        actions::amend(c, &Actor::system(), at("2026-01-31"), held.target.id, &new, &deed())?;
        Ok(held.target.id)
    })
    .await;
    let begun = target(&db, id).await;
    assert!(begun.is_being_counted(), "all was counted at once");
    assert_eq!(people(&db, id).await, 500, "what is counted in the transaction of the change itself");
    assert_eq!(read(&db, queries::verify).await.len(), 1, "it is told to wait, not that every row differs");
    let first = round(&db, id).await;

    let mut work = tokio::task::JoinSet::new();
    for n in 0..48 {
        let (db, held) = (db.clone(), example.clone());
        work.spawn(async move {
            match n % 12 {
                0 => {
                    let until = if n < 24 { "2025-06-30" } else { "2025-12-31" };
                    let new = NewTarget {
                        period: days("2025-01-01", until),
                        ..illustration("minh-hoa-2025", &["CB-08", "KT-01"])
                    };
                    let amended = db.write("test", move |c| {
                        actions::amend(c, &Actor::system(), at("2026-02-01"), id, &new, &deed())
                    });
                    // The one that comes second of two alike has nothing to change.
                    amended.await.unwrap_or_default();
                }
                1 | 2 => {
                    let current = round(&db, id).await;
                    write(&db, move |c| actions::count_anew(c, id, current).map(drop)).await;
                }
                _ => {
                    write(&db, move |c| {
                        let mut event = held.event(&COMPLETED[if n % 2 == 0 { 4 } else { 6 }]);
                        (event.occurred, event.recorded) = ("2025-04-01", "2025-04-01");
                        let id = completed(c, &event);
                        actions::count_completion(c, id)
                    })
                    .await;
                }
            }
        });
    }
    while let Some(one) = work.join_next().await {
        one.unwrap();
    }
    // The work for an earlier change ends without doing anything.
    let now = round(&db, id).await;
    assert!(now > first);
    assert!(!write(&db, move |c| actions::count_anew(c, id, first)).await);
    while write(&db, move |c| actions::count_anew(c, id, now)).await {}
    assert!(!target(&db, id).await.is_being_counted());
    assert_verified(&db).await;
}

/// What that target counts agrees with the events; the other one never looked at those that were put there.
async fn agrees(db: &Database) {
    let found = read(db, queries::verify).await;
    let own = found.iter().filter(|line| line.starts_with("target minh-hoa-2026:")).count();
    assert_eq!(own, 0, "{:?}", found.first());
}

fn completed(c: &mut DbConn, event: &records::Completed) -> i64 {
    records::completed(c, event)
}

#[actix_web::test]
async fn pages_say_that_figures_are_being_counted_until_a_job_is_through() {
    let (app, course) = site().await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "CDSQG").await;
    let learner = app.person("Học viên Minh họa Hai", "P15-2025").await.id.0;
    let id = app
        .write(move |c| {
            let event: i64 = {
                use schema::completion_events as events;
                events::table.order(events::id.desc()).select(events::id).first(c)?
            };
            multiply(c, event, &["2026-03-01", "2026-09-01"]);
            let target = queries::by_code(c, "minh-hoa-2026")?;
            let new = NewTarget { period: days("2026-02-01", "2026-12-31"), ..queries::as_it_stands(c, &target)? };
            actions::amend(c, &Actor::system(), at("2026-11-23 07:15:00"), target.id, &new, &deed())?;
            Ok(target.id)
        })
        .await;
    let told = "đang được tính lại";
    let mut browser = app.sign_in(&coordinator).await;
    let page = "/chi-tieu/minh-hoa-2026";
    let percent = target(&app.app.db, id).await.counted_percent().expect("the rest is left to a job");
    assert!((1..100).contains(&percent), "{percent}");
    for path in ["/", "/chi-tieu", page, &format!("{page}/nguoi"), &format!("{page}/loai/dia-phuong")] {
        browser.get(path).await.is(200).says(told).says(&format!("value=\"{percent}\""));
    }
    app.visitor().get("/cong-khai").await.is(200).says("sẽ được công khai khi tính xong");
    // Who completes meanwhile is counted at once.
    let before = people(&app.app.db, id).await;
    app.write(move |c| one_more(c, learner, course, "P15-2025", "2026-10-02")).await;
    assert_eq!(people(&app.app.db, id).await, before + 1);
    // The job is discarded, as an administrator may: within a quarter of an hour another one goes on.
    app.write(|c| {
        diesel::delete(schema::jobs::table).execute(c)?;
        actions::go_on(c, at("2026-11-23 07:15:00"))?;
        actions::go_on(c, at("2026-11-23 07:15:00"))
    })
    .await;
    assert_eq!(app.run_jobs().await, 1);
    for path in [page, &format!("{page}/nguoi"), &format!("{page}/loai/dia-phuong")] {
        browser.get(path).await.is(200).says_not(told);
    }
    assert_eq!(people(&app.app.db, id).await, MANY + 2);
    agrees(&app.app.db).await;
    // Drafts and replaced targets count nothing, which is a job as well.
    app.write(move |c| {
        let next = actions::create(c, &Actor::system(), at("2026-11-23 07:15:00"), &illustration("tiep-theo", &[]))?;
        actions::supersede(c, &Actor::system(), at("2026-11-23 07:15:00"), id, next.id, &deed())
    })
    .await;
    assert_eq!(people(&app.app.db, id).await, MANY + 2 - 500);
    app.run_jobs().await;
    assert_eq!(people(&app.app.db, id).await, 0);
    agrees(&app.app.db).await;
    app.stop().await;
}
