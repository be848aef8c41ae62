//! The book of targets: changed only by a document, with its history; the figures follow at once and agree with the events; what was
//! sealed stays byte for byte.

use nongcot::{
    access::{Actor, PersonId, Role},
    platform::{
        db::Database,
        error::{Error, Result},
    },
    targets::{
        actions,
        model::{BookKind, Deed, Figures, NewTarget, Parts, Target, TargetState, Terms},
        queries::{self, Scope},
    },
};

use crate::{
    records::{at, completed, fresh, write},
    support::classes::as_person,
    targets::{COMPLETED, Example, assert_verified, day, days, example, figures, illustration, in_order, read},
    targets_pages::site,
};

fn deed() -> Deed {
    Deed {
        number: " 15/QĐ-MH ".to_owned(),
        signed_on: Some(day("2026-01-05")),
        clause: "Điều 2".to_owned(),
        reason: "Điều chỉnh kế hoạch".to_owned(),
    }
}

async fn amend(db: &Database, target: &Target, new: NewTarget, deed: Deed) -> Result<()> {
    let id = target.id;
    db.write("test", move |c| actions::amend(c, &Actor::system(), at("2026-02-01"), id, &new, &deed)).await
}

fn refused(result: Result<impl std::fmt::Debug>) -> String {
    match result.expect_err("a refusal") {
        Error::Refused(message) => message.key.into_owned(),
        Error::Invalid(faults) => faults.0.iter().map(|(field, m)| format!("{field}: {} ", m.key)).collect(),
        other => panic!("{other}"),
    }
}

fn said(courses: &[&str], period: (&str, &str)) -> NewTarget {
    NewTarget { period: days(period.0, period.1), ..illustration("minh-hoa-2025", courses) }
}

async fn total(db: &Database, target: &Target) -> Figures {
    let id = target.id;
    read(db, move |c| {
        let target = queries::by_id(c, id)?;
        Ok(queries::split(c, id, target.period(), &Scope::Nation)?.total)
    })
    .await
}

const YEAR: (&str, &str) = ("2025-01-01", "2025-12-31");

#[tokio::test]
async fn figures_follow_an_amendment_and_sealed_ones_stay() {
    let (db, _dir) = fresh().await;
    let example = in_order(&db).await;
    let target = &example.target;
    let id = target.id;
    let (one, two) = (as_person(PersonId(example.people["D"])), as_person(PersonId(example.people["E"])));
    let prepared = db
        .read(move |c| queries::prepare(c, id, days("2025-01-01", "2025-06-30"), at("2026-01-01"), at("2026-01-01")))
        .await
        .unwrap();
    let seal = write(&db, move |c| {
        let seal = actions::prepare_seal(c, &one, at("2026-01-02"), prepared)?;
        crate::targets::sign_seal(c, &two, at("2026-01-03"), seal)?;
        Ok(seal)
    })
    .await;
    let sealed = read(&db, move |c| queries::seal_text(c, seal)).await;

    for (new, expected) in [
        // Of KT-01 there are C, A and D; H was voided.
        (said(&["KT-01"], YEAR), figures(3, 3)),
        (said(&["KT-01"], ("2025-01-01", "2025-06-30")), figures(1, 1)),
        // With E's, the first second of 2026.
        (said(&["CB-08", "KT-01"], ("2025-01-01", "2026-01-31")), figures(9, 7)),
        // From July B's place moves to the second class.
        (said(&["CB-08", "KT-01"], ("2025-07-01", "2025-12-31")), figures(4, 3)),
        (said(&[], YEAR), figures(0, 0)),
        (said(&["KT-01", "CB-08"], YEAR), figures(8, 6)),
    ] {
        let wanted = format!("{:?} {:?}", new.courses, new.period);
        amend(&db, target, new, deed()).await.unwrap();
        assert_eq!(total(&db, target).await, expected, "{wanted}");
        assert_verified(&db).await;
        let (kept, adjusted) = read(&db, move |c| {
            let (row, content) = (queries::seal(c, seal)?, queries::seal_content(c, seal)?);
            Ok((queries::seal_text(c, seal)?, queries::adjustments(c, &row, &content)?))
        })
        .await;
        assert_eq!(kept, sealed, "the seal is as it was, byte for byte: {wanted}");
        let mut sum = adjusted.sealed;
        adjusted.lines.iter().for_each(|line| sum += line.change);
        assert_eq!(sum, adjusted.now, "the sealed figure and the lines make today's: {wanted}");
    }
    let events = read(&db, move |c| queries::history(c, id)).await;
    assert_eq!(events.len(), 7, "six amendments and the beginning");
    assert_eq!(
        (events[6].kind, events[0].kind, events[0].number.as_str()),
        (BookKind::Created, BookKind::Amended, "15/QĐ-MH")
    );
    let changes = events[0].changes();
    assert_eq!(
        (changes[0].field.as_str(), changes[0].before.as_str(), changes[0].after.as_str()),
        ("courses", "", "CB-08, KT-01")
    );

    // What comes later is counted by the new rules.
    let held = example.clone();
    write(&db, move |c| {
        let mut event = held.event(&COMPLETED[4]);
        (event.person, event.occurred, event.recorded) = (held.people["H"], "2025-09-02", "2026-02-02");
        let id = completed(c, &event);
        actions::count_completion(c, id)
    })
    .await;
    assert_eq!(total(&db, target).await, figures(9, 7));
    assert_verified(&db).await;
}

#[tokio::test]
async fn a_target_changes_only_by_a_document_and_its_parts_add_up() {
    let (db, _dir) = fresh().await;
    let example = example(&db).await;
    let target = &example.target;
    let more = || NewTarget { required: 20, ..said(&["CB-08", "KT-01"], YEAR) };
    assert_eq!(
        refused(amend(&db, target, more(), Deed::default()).await),
        "number: targets-fault-number signed_on: targets-fault-day reason: targets-reason-missing "
    );
    let tomorrow = Deed { signed_on: Some(day("2026-02-02")), ..deed() };
    assert_eq!(refused(amend(&db, target, more(), tomorrow).await), "signed_on: targets-fault-signed-later ");
    let same = said(&["KT-01", "CB-08"], YEAR);
    assert_eq!(refused(amend(&db, target, same, deed()).await), "reason: targets-fault-nothing ");
    let parts =
        |leaders, technology, other| Terms { parts: Some(Parts { leaders, technology, other }), ..Terms::default() };
    let wrong = NewTarget { terms: parts(5, 5, 5), ..more() };
    assert_eq!(refused(amend(&db, target, wrong, deed()).await), "leaders: targets-fault-parts ");
    let unknown = NewTarget { courses: vec!["KHONG-CO".to_owned()], ..more() };
    assert_eq!(refused(amend(&db, target, unknown, deed()).await), "courses: targets-fault-courses ");
    let script = Terms { link: "javascript:alert(1)".to_owned(), ..Terms::default() };
    assert_eq!(
        refused(amend(&db, target, NewTarget { terms: script, ..more() }, deed()).await),
        "doc_link: targets-fault-link "
    );
    amend(&db, target, NewTarget { terms: parts(5, 5, 10), ..more() }, deed()).await.unwrap();
    let id = target.id;
    let now = read(&db, move |c| queries::by_id(c, id)).await;
    assert_eq!((now.required, now.parts()), (20, Some(Parts { leaders: 5, technology: 5, other: 10 })));

    // A draft is changed without one, and put in force it counts what was there before.
    let draft = write(&db, |c| {
        let new = NewTarget { state: TargetState::Draft, ..illustration("du-thao", &[]) };
        actions::create(c, &Actor::system(), at("2026-01-01"), &new)
    })
    .await;
    amend(&db, &draft, illustration("du-thao", &["KT-01"]), Deed::default()).await.unwrap();
    let id = draft.id;
    assert_eq!(read(&db, move |c| queries::course_codes(c, id)).await, ["KT-01"]);
    assert_eq!(read(&db, move |c| queries::by_id(c, id)).await.state, TargetState::Draft);
    assert_verified(&db).await;
}

#[tokio::test]
async fn a_closed_target_keeps_its_figure_and_a_superseded_one_counts_no_more() {
    let (db, _dir) = fresh().await;
    let example: Example = in_order(&db).await;
    let id = example.target.id;
    let close = |on: &'static str| {
        let db = db.clone();
        async move { db.write("test", move |c| actions::close(c, &Actor::system(), at(on), id, &deed())).await }
    };
    // Closed on 10/07: what was completed until that day counts, also what became known later.
    let early = Deed { signed_on: Some(day("2025-07-01")), ..deed() };
    write(&db, move |c| actions::close(c, &Actor::system(), at("2025-07-10"), id, &early)).await;
    assert_eq!(total(&db, &example.target).await, figures(5, 5));
    assert_eq!(refused(close("2026-02-01").await), "targets-refused-not-in-force");
    assert_verified(&db).await;
    // An end that lies ahead opens it again.
    amend(&db, &example.target, said(&["CB-08", "KT-01"], ("2025-01-01", "2026-12-31")), deed()).await.unwrap();
    let state = |id| {
        let db = db.clone();
        async move { read(&db, move |c| queries::by_id(c, id)).await }
    };
    assert_eq!(state(id).await.state, TargetState::InForce);
    assert_eq!(total(&db, &example.target).await, figures(9, 7));

    let next =
        write(&db, |c| actions::create(c, &Actor::system(), at("2026-01-01"), &illustration("moi", &["KT-01"]))).await;
    let replace = |old, new| {
        let db = db.clone();
        async move {
            db.write("test", move |c| actions::supersede(c, &Actor::system(), at("2026-02-01"), old, new, &deed()))
                .await
        }
    };
    assert_eq!(refused(replace(id, id).await), "successor: targets-fault-successor ");
    replace(id, next.id).await.unwrap();
    let old = state(id).await;
    assert_eq!((old.state, old.successor_id), (TargetState::Superseded, Some(next.id)));
    assert_eq!(total(&db, &example.target).await, figures(0, 0));
    assert_eq!(refused(replace(next.id, id).await), "successor: targets-fault-successor ", "never in a circle");
    assert_eq!(refused(amend(&db, &old, said(&[], YEAR), deed()).await), "targets-refused-superseded");
    assert_verified(&db).await;
}

/// On PostgreSQL counting and an amendment run at the same time; whichever comes first, the figures agree with the events.
#[tokio::test]
async fn completions_during_an_amendment_are_counted_by_one_rule_or_the_other() {
    let (db, _dir) = fresh().await;
    let example = example(&db).await;
    let mut work = Vec::new();
    for n in 0..40 {
        let (db, held) = (db.clone(), example.clone());
        work.push(tokio::spawn(async move {
            if n % 8 == 3 {
                let courses: &[&str] = if n % 16 == 3 { &["KT-01"] } else { &["CB-08", "KT-01"] };
                amend(&db, &held.target, said(courses, YEAR), deed()).await.unwrap_or_default();
            } else {
                write(&db, move |c| {
                    let mut event = held.event(&COMPLETED[if n % 2 == 0 { 4 } else { 6 }]);
                    (event.occurred, event.recorded) = ("2025-09-01", "2025-09-01");
                    let id = completed(c, &event);
                    actions::count_completion(c, id)
                })
                .await;
            }
        }));
    }
    for one in work {
        one.await.unwrap();
    }
    assert_verified(&db).await;
}

#[actix_web::test]
async fn a_coordinator_writes_a_target_down_and_amends_it_and_others_read() {
    let (app, _) = site().await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "CDSQG").await;
    let officer = app.person_as("Cán bộ Minh họa", Role::Officer, "P15-2025").await;
    let mut browser = app.sign_in(&coordinator).await;
    let mut reader = app.sign_in(&officer).await;
    let mut fields = vec![
        ("title_vi", "Bồi dưỡng chuyên gia minh họa"),
        ("title_en", "Training illustration experts"),
        ("code", "chuyen-gia-mh"),
        ("metric", "people"),
        ("required", "1.000"),
        ("leaders", "200"),
        ("technology", "300"),
        ("other", "400"),
        ("period_from", "01/01/2026"),
        ("period_to", "31/12/2026"),
        ("courses", "kt-01"),
        ("doc_number", "99/QĐ-MH"),
        ("doc_date", "02/01/2026"),
        ("doc_issuer", "Bộ Minh họa"),
        ("doc_clause", "Điều 1 khoản 2"),
        ("doc_link", "https://example.org/99"),
        ("rules_vi", "Tính người hoàn thành"),
    ];
    browser.post("/chi-tieu/moi", &fields).await.is(422).says("Tổng ba nhóm là 900, không bằng số cần đạt 1.000");
    reader.get("/chi-tieu/moi").await.is(403);
    reader.post("/chi-tieu/moi", &fields).await.is(403);
    fields.iter_mut().filter(|(name, _)| *name == "other").for_each(|field| field.1 = "500");
    let made = browser.post("/chi-tieu/moi", &fields).await;
    assert_eq!((made.status, made.location().as_str()), (303, "/chi-tieu/chuyen-gia-mh"), "{}", made.text());
    let shown = browser.get("/chi-tieu/chuyen-gia-mh").await;
    shown
        .is(200)
        .says("Dự thảo")
        .says("99/QĐ-MH")
        .says("Điều 1 khoản 2")
        .says("Lập chỉ tiêu")
        .says("Đưa vào thực hiện");
    browser.get("/chi-tieu").await.is(200).says_not("chuyen-gia-mh");
    browser.get("/chi-tieu?trang-thai=du-thao").await.is(200).says("chuyen-gia-mh").says_not("minh-hoa-2026");

    browser.post("/chi-tieu/chuyen-gia-mh/thi-hanh", &[]).await.is(303);
    app.run_jobs().await;
    browser.get("/chi-tieu/chuyen-gia-mh").await.is(200).says("Đang thực hiện").says("Kết thúc trước hạn");

    // The form begins with what there is, and keeps what was typed when it is refused.
    browser.get("/chi-tieu/chuyen-gia-mh/sua").await.is(200).says("value=\"01/01/2026\"").says("Văn bản sửa đổi");
    reader.get("/chi-tieu/chuyen-gia-mh/sua").await.is(403);
    fields.iter_mut().filter(|(name, _)| *name == "period_from").for_each(|field| field.1 = "01/12/2026");
    let refused = browser.post("/chi-tieu/chuyen-gia-mh/sua", &fields).await;
    refused.is(422).says("Nhập số văn bản.").says("value=\"01/12/2026\"");
    fields.extend([("number", "120/QĐ-MH"), ("signed_on", "20/11/2026"), ("reason", "Lùi thời gian bắt đầu")]);
    reader.post("/chi-tieu/chuyen-gia-mh/sua", &fields).await.is(403);
    browser.post("/chi-tieu/chuyen-gia-mh/sua", &fields).await.is(303);
    let shown = browser.get("/chi-tieu/chuyen-gia-mh").await;
    shown.is(200).says("Văn bản số 120/QĐ-MH ngày 20/11/2026").says("Lùi thời gian bắt đầu");
    shown.says("<del>01/01/2026</del> → <ins>01/12/2026</ins>").says("Điều phối viên Minh họa");
    reader
        .get("/chi-tieu/chuyen-gia-mh")
        .await
        .is(200)
        .says("Lùi thời gian bắt đầu")
        .says_not("Điều phối viên Minh họa");

    let end = [("number", "130/QĐ-MH"), ("signed_on", "22/11/2026"), ("reason", "Gộp vào kế hoạch chung")];
    browser.post("/chi-tieu/chuyen-gia-mh/thay-the", &end).await.is(422).says("Chọn một chỉ tiêu khác");
    let end = [end.as_slice(), &[("successor", "minh-hoa-2026")]].concat();
    browser.post("/chi-tieu/chuyen-gia-mh/thay-the", &end).await.is(303);
    let shown = browser.get("/chi-tieu/chuyen-gia-mh").await;
    shown
        .is(200)
        .says("Đã được thay thế")
        .says("Chỉ tiêu này đã được thay thế bằng")
        .says_not("/chi-tieu/chuyen-gia-mh/sua");
    browser.get("/chi-tieu?trang-thai=da-thay-the").await.is(200).says("chuyen-gia-mh");
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
    app.stop().await;
}
