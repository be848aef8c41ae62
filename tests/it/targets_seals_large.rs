//! The seal of a large target is computed by a job: nobody waits for it, it may be taken back, and it may be begun anew after a crash.

use nongcot::{
    access::{Actor, Role},
    platform::db::Database,
    targets::{
        actions,
        model::{
            Days, Deed, NewTarget,
            seal::{Seal, SealId},
        },
        queries,
    },
};

use crate::{
    records::{at, fresh, write},
    support::classes::as_person,
    targets::{assert_verified, day, days, figures, in_order, read},
    targets_anew::{MANY, multiply},
    targets_pages::site,
};

const PAGE: &str = "/chi-tieu/minh-hoa-2026/ban-chot";

async fn text(db: &Database, id: SealId) -> String {
    read(db, move |c| queries::seal_text(c, id)).await
}

#[actix_web::test]
async fn a_job_computes_a_large_seal_and_a_second_person_signs_it() {
    let (app, _) = site().await;
    let [one, two] = ["Một", "Hai"].map(|name| format!("Điều phối viên Minh họa {name}"));
    let one = app.person_as(&one, Role::Coordinator, "CDSQG").await;
    let two = app.person_as(&two, Role::Coordinator, "CDSQG").await;
    app.write(|c| {
        use diesel::prelude::*;
        use nongcot::platform::db::schema::completion_events as events;
        let event: i64 = events::table.order(events::id.desc()).select(events::id).first(c)?;
        multiply(c, event, &["2026-03-01", "2026-09-01"]);
        for code in ["minh-hoa-2026", "minh-hoa-co-quan-2026"] {
            let next = queries::by_code(c, code)?;
            // What was put there by hand is looked at when the target is put in force, which this does once more.
            diesel::update(nongcot::platform::db::schema::targets::table.find(next.id.0))
                .set(nongcot::platform::db::schema::targets::state.eq(nongcot::targets::model::TargetState::Draft))
                .execute(c)?;
            actions::put_in_force(c, &Actor::system(), at("2026-11-23 07:15:00"), next.id)?;
        }
        Ok(())
    })
    .await;
    app.run_jobs().await;
    let (mut first, mut second) = (app.sign_in(&one).await, app.sign_in(&two).await);
    let asked = [("from", "01/01/2026"), ("to", "31/08/2026")];

    // One is taken back before a job comes to it: nothing is left to sign.
    let dropped = first.post(PAGE, &asked).await.is(303).location();
    first.get(&dropped).await.is(200).says("đang được lập");
    first.get(PAGE).await.is(200).says("Đang lập");
    second.post(&format!("{dropped}/ky-duyet"), &[]).await.is(409);
    second.post(&format!("{dropped}/rut"), &[]).await.is(303);
    app.run_jobs().await;
    first.get(&dropped).await.is(200).says("rút trước khi lập xong");

    let path = first.post(PAGE, &asked).await.is(303).location();
    let id = SealId(path.rsplit('/').next().unwrap().parse().unwrap());
    // What a worker left that was cut off in the middle opens nothing, and is gone when the job is done.
    app.write(move |c| actions::add_salts(c, id, &[("0".repeat(64), "1".repeat(32), one.id)])).await;
    app.run_jobs().await;
    let page = first.get(&path).await;
    page.is(200).says("Chờ ký duyệt").says_not("đang được lập");
    let half = MANY / 2;
    let shown = format!("<span class=\"figure-number\">{half}</span>");
    page.says(&shown);
    // Only the other one may sign.
    first.post(&format!("{path}/ky-duyet"), &[]).await.is(409);
    second.post(&format!("{path}/ky-duyet"), &[]).await.is(303);
    second.get(&path).await.is(200).says("Đã ký duyệt").says(&shown);
    let file = second.get(&format!("{path}/tep")).await;
    let seal = Seal::read(&file.is(200).text()).expect("a sound seal");
    assert_eq!((seal.number, seal.content.figures.total), (1, figures(half, half)));
    assert_eq!(seal.content.people.len(), usize::try_from(half).unwrap());
    assert_verified(&app.app.db).await;

    // Changed before a job comes to it, the target is no longer what was to be sealed.
    let overtaken = first.post(PAGE, &asked).await.is(303).location();
    app.write(|c| {
        let target = queries::by_code(c, "minh-hoa-2026")?;
        let new = NewTarget { title_vi: format!("{} (sửa)", target.title_vi), ..queries::as_it_stands(c, &target)? };
        let deed = Deed {
            number: "17/QĐ-MH".to_owned(),
            signed_on: Some(day("2026-11-20")),
            clause: String::new(),
            reason: "Đổi tên".to_owned(),
        };
        actions::amend(c, &Actor::system(), at("2026-11-23 08:00:00"), target.id, &new, &deed)
    })
    .await;
    app.run_jobs().await;
    first.get(&overtaken).await.is(200).says("chỉ tiêu được sửa sau khi yêu cầu");
    app.stop().await;
}

/// Two are computed on top of the same seal: the second one is computed anew, and no number is given twice.
#[tokio::test]
async fn a_seal_that_another_overtook_is_computed_anew() {
    let (db, _held) = fresh().await;
    let example = in_order(&db).await;
    let target = example.target.id;
    let (one, two) = ("D", "E");
    let [one, two] = [one, two].map(|name| as_person(nongcot::access::PersonId(example.people[name])));
    let signer = two.clone();
    let mut drafts = Vec::new();
    for part in [("2025-01-01", "2025-06-30"), ("2025-07-01", "2025-12-31")] {
        let (by, part): (Actor, Days) = (one.clone(), days(part.0, part.1));
        let id = db
            .write("test", move |c| {
                let prepared = queries::prepare(c, target, part, at("2026-02-01"), at("2026-02-01"))?;
                actions::prepare_seal(c, &by, at("2026-02-01"), prepared)
            })
            .await
            .unwrap();
        let by = two.clone();
        drafts.push((id, read(&db, move |c| actions::draft_seal(c, &by, at("2026-02-02"), id)).await));
    }
    let mut numbers = Vec::new();
    for (id, draft) in drafts {
        let by = signer.clone();
        let kept = write(&db, move |c| actions::put_seal(c, &by, at("2026-02-02"), &draft)).await;
        let by = signer.clone();
        if kept.is_none() {
            write(&db, move |c| crate::targets::sign_seal(c, &by, at("2026-02-02"), id)).await;
        }
        numbers.push(Seal::read(&text(&db, id).await).unwrap().number);
    }
    assert_eq!(numbers, [1, 2]);
    assert_verified(&db).await;
}
