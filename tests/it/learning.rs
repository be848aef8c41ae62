//! Class runs, enrolment, frozen facts, progress and completions, on either database.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;
use nongcot::{
    access::{Actor, Category, PersonId, Role, UnitId},
    accounts::{
        actions as accounts,
        model::{NewMembership, NewPerson},
    },
    learning::{
        actions::{self, accept, complete_item, complete_item_at, enrol, finish_lesson, open_lesson, void, withdraw},
        model::{Completion, Enrolled, EnrolmentId, EnrolmentMode, Entry, Observers, Run},
        queries::{self, Standing},
    },
    platform::{
        db::{
            DbConn, Moment,
            schema::{class_runs, completion_events, enrolments},
        },
        error::{Error, Result},
    },
};

use crate::support::{self, TestApp, classes, unit_id};

const OPEN: (&str, &str) = ("2026-11-20", "2026-12-20");

fn at(text: &str) -> Moment {
    text.parse::<DateTime<Utc>>().unwrap().into()
}

fn key(error: Error) -> String {
    match error {
        Error::Refused(message) => message.key.into_owned(),
        Error::Invalid(errors) => errors.0.into_iter().map(|(_, message)| message.key.into_owned()).collect(),
        other => other.to_string(),
    }
}

async fn small_run(app: &TestApp, code: &str, change: impl FnOnce(&mut actions::NewRun) + Send + 'static) -> Run {
    let (now, code) = (app.app.now(), code.to_owned());
    app.write(move |c| {
        let version = classes::bring_in(c, now, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một"))?;
        classes::run_with(c, now, &code, version, "BKHCN-2025", OPEN, change)
    })
    .await
}

async fn tried<T: Send + 'static>(
    app: &TestApp,
    f: impl FnOnce(&mut DbConn) -> Result<T> + Send + 'static,
) -> Result<T> {
    app.app.db.write("test", f).await
}

async fn enrolled(app: &TestApp, run: &Run, person: PersonId) -> EnrolmentId {
    let (now, run) = (app.app.now(), run.id);
    app.write(move |c| enrol(c, now, &classes::as_person(person), run, person, &Entry::Open)).await.id()
}

/// Reads both lessons at an honest pace and finishes them.
fn learn(c: &mut DbConn, from: Moment, enrolment: EnrolmentId, observers: &Observers) -> Result<Option<Completion>> {
    let by = Actor::system();
    let minutes = TimeDelta::minutes;
    open_lesson(c, from, enrolment, "km-01-mot")?;
    complete_item(c, from + minutes(4), &by, enrolment, "km-01-mot", observers)?;
    open_lesson(c, from + minutes(5), enrolment, "km-01-hai")?;
    complete_item(c, from + minutes(9), &by, enrolment, "km-01-hai", observers)
}

fn membership(unit: UnitId, position: &str, category: Category, from: NaiveDate) -> NewMembership {
    NewMembership { unit, position: position.to_owned(), category, from }
}

#[actix_web::test]
async fn fifty_people_on_ten_seats_are_ten() {
    let app = support::app().await;
    let run = small_run(&app, "RACE-10", |new| new.capacity = Some(10)).await;
    let now = app.app.now();
    let people: Vec<PersonId> = app
        .write(move |c| {
            (0..50).map(|n| support::factory::person(c, now, &format!("Học viên Số{n}"), "P01").map(|p| p.id)).collect()
        })
        .await;
    let mut tries = Vec::new();
    for person in people {
        let (db, run) = (app.app.db.clone(), run.id);
        tries.push(actix_web::rt::spawn(async move {
            db.write("test", move |c| enrol(c, now, &classes::as_person(person), run, person, &Entry::Open)).await
        }));
    }
    let mut got_in = 0;
    for attempt in tries {
        match attempt.await.unwrap() {
            Ok(Enrolled::New(_)) => got_in += 1,
            Ok(other) => panic!("{other:?}"),
            Err(error) => assert_eq!(key(error), "learning-enrol-full"),
        }
    }
    assert_eq!(got_in, 10);
    let run = app.read(move |c| queries::run(c, run.id)).await;
    assert_eq!(run.taken, 10);
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
}

#[actix_web::test]
async fn a_seat_is_taken_once_given_back_and_taken_again() {
    let app = support::app().await;
    let run = small_run(&app, "ONE-SEAT", |new| new.capacity = Some(1)).await;
    let (a, b) = (app.person("Học viên Một", "P01").await.id, app.person("Học viên Hai", "P01").await.id);
    let (now, id) = (app.app.now(), run.id);
    let first = enrolled(&app, &run, a).await;
    let again = app.write(move |c| enrol(c, now, &classes::as_person(a), id, a, &Entry::Open)).await;
    assert_eq!(again, Enrolled::Already(first));
    let full = tried(&app, move |c| enrol(c, now, &classes::as_person(b), id, b, &Entry::Open)).await;
    assert_eq!(key(full.unwrap_err()), "learning-enrol-full");
    app.write(move |c| {
        open_lesson(c, now, first, "km-01-mot")?;
        withdraw(c, now, &classes::as_person(a), first)
    })
    .await;
    let twice = tried(&app, move |c| withdraw(c, now, &classes::as_person(a), first)).await;
    assert_eq!(key(twice.unwrap_err()), "learning-withdraw-not-possible");
    let other = enrolled(&app, &run, b).await;
    app.write(move |c| withdraw(c, now, &classes::as_person(b), other)).await;
    // Back in the same enrolment, with what was learnt.
    assert_eq!(enrolled(&app, &run, a).await, first);
    assert_eq!(app.read(move |c| queries::progress(c, first)).await.0.len(), 1);
    assert_eq!(app.read(move |c| queries::run(c, id)).await.taken, 1);
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
}

#[actix_web::test]
async fn who_may_come_in() {
    let app = support::app().await;
    let with_code = small_run(&app, "CODE-01", |new| new.enrolment = EnrolmentMode::Code).await;
    let by_list = small_run(&app, "LIST-01", |new| new.enrolment = EnrolmentMode::List).await;
    let person = app.person("Học viên Một", "P01").await.id;
    let now = app.app.now();
    let enter = |run: &Run, how: Entry| {
        let run = run.id;
        tried(&app, move |c| enrol(c, now, &classes::as_person(person), run, person, &how))
    };
    assert_eq!(key(enter(&with_code, Entry::Open).await.unwrap_err()), "learning-enrol-code-needed");
    assert_eq!(
        key(enter(&with_code, Entry::Code("SAI-MA".to_owned())).await.unwrap_err()),
        "learning-enrol-code-wrong"
    );
    let code = with_code.access_code.clone().expect("a code");
    assert_eq!(code.len(), 8);
    enter(&with_code, Entry::Code(format!(" {} ", code.to_lowercase()))).await.unwrap();
    assert_eq!(key(enter(&by_list, Entry::Open).await.unwrap_err()), "learning-enrol-list-only");
    assert_eq!(key(enter(&by_list, Entry::Code(code)).await.unwrap_err()), "learning-enrol-list-only");
    enter(&by_list, Entry::Listed).await.unwrap();
    app.later(TimeDelta::days(28));
    let late = app.app.now();
    let (run, other) = (with_code.id, app.person("Học viên Hai", "P01").await.id);
    let over = tried(&app, move |c| enrol(c, late, &classes::as_person(other), run, other, &Entry::Listed)).await;
    assert_eq!(key(over.unwrap_err()), "learning-enrol-over");
}

#[actix_web::test]
async fn nobody_enrols_without_a_unit() {
    let app = support::app().await;
    let run = small_run(&app, "UNIT-01", |_| {}).await;
    let (now, id) = (app.app.now(), run.id);
    let homeless =
        app.write(move |c| accounts::create_person(c, &Actor::system(), now, &NewPerson::named("Người Mới"))).await.id;
    let refused = tried(&app, move |c| enrol(c, now, &classes::as_person(homeless), id, homeless, &Entry::Open)).await;
    assert_eq!(key(refused.unwrap_err()), "learning-enrol-no-unit");
    assert_eq!(app.read(move |c| queries::run(c, id)).await.taken, 0);
}

/// The learner of Yên Bái of counting.md.
#[actix_web::test]
async fn a_learner_of_yen_bai_completes_as_yen_bai() {
    let app = support::app().await;
    let (opened, moved) = (at("2025-06-01T02:00:00Z"), at("2025-07-01T02:00:00Z"));
    let (early, late, completed, p15, p15_new) = app
        .write(move |c| {
            let version = classes::bring_in(c, opened, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một"))?;
            let run = classes::run(c, opened, "R1", version, "BKHCN-2025", ("2025-06-10", "2025-08-31"))?;
            let early = support::factory::person(c, opened, "Học viên Sớm", "P15")?.id;
            let late = support::factory::person(c, opened, "Học viên Muộn", "P15")?.id;
            let (p15, p15_new) = (unit_id(c, "P15")?, unit_id(c, "P15-2025")?);
            // Before the run begins: known, not frozen yet.
            let early_in = enrol(c, opened, &Actor::system(), run.id, early, &Entry::Open)?.id();
            assert!(queries::enrolment(c, early_in)?.0.frozen_at.is_none());
            // She is promoted before the run begins: the first day counts.
            let promoted = membership(p15, "Trưởng phòng", Category::Leaders, "2025-06-08".parse().unwrap());
            accounts::join_unit(c, &Actor::system(), opened, early, &promoted)?;
            // In the running class: frozen at enrolling.
            let begun = at("2025-06-20T02:00:00Z");
            let late_in = enrol(c, begun, &Actor::system(), run.id, late, &Entry::Open)?.id();
            // Both move to the merged province.
            for person in [early, late] {
                let day = "2025-07-01".parse().unwrap();
                accounts::join_unit(
                    c,
                    &Actor::system(),
                    moved,
                    person,
                    &membership(p15_new, "Chuyên viên", Category::Other, day),
                )?;
            }
            // The early one completes before any job came round.
            let completed = learn(c, at("2025-07-05T02:00:00Z"), early_in, &Observers::NONE)?.expect("a completion");
            learn(c, at("2025-07-06T02:00:00Z"), late_in, &Observers::NONE)?.expect("a completion");
            Ok((early_in, late_in, completed, p15, p15_new))
        })
        .await;
    assert_ne!(p15, p15_new);
    assert_eq!(
        (completed.unit, completed.position.as_str(), completed.category),
        (p15, "Trưởng phòng", Category::Leaders)
    );
    assert_eq!(completed.occurred_at, at("2025-07-05T02:09:00Z"));
    let early = app.read(move |c| queries::enrolment(c, early)).await.0;
    assert_eq!((early.unit_id, early.category), (p15, Category::Leaders));
    let late = app.read(move |c| queries::enrolment(c, late)).await.0;
    assert_eq!((late.unit_id, late.position.as_str(), late.category), (p15, "Chuyên viên", Category::Other));
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
}

#[actix_web::test]
async fn the_job_freezes_at_the_start_and_waits_for_a_missing_unit() {
    let app = support::app().await;
    let now = app.app.now();
    let run = app
        .write(move |c| {
            let version = classes::bring_in(c, now, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một"))?;
            classes::run(c, now, "SOON-01", version, "BKHCN-2025", ("2026-12-01", "2026-12-31"))
        })
        .await;
    let (stays, leaves) = (app.person("Học viên Ở", "P01").await.id, app.person("Học viên Đi", "P01").await.id);
    let (stays_in, leaves_in) = (enrolled(&app, &run, stays).await, enrolled(&app, &run, leaves).await);
    app.write(move |c| {
        let membership = nongcot::accounts::queries::membership_on(c, leaves, "2026-11-23".parse().unwrap())?.unwrap();
        accounts::leave_unit(c, &Actor::system(), now, membership.id, "2026-11-25".parse().unwrap())
    })
    .await;
    nongcot::learning::jobs::freeze_due(app.app.clone(), Observers::NONE).await.unwrap();
    assert!(app.read(move |c| queries::enrolment(c, stays_in)).await.0.frozen_at.is_none(), "the run has not begun");
    app.later(TimeDelta::days(9));
    nongcot::learning::jobs::freeze_due(app.app.clone(), Observers::NONE).await.unwrap();
    assert!(app.read(move |c| queries::enrolment(c, stays_in)).await.0.frozen_at.is_some());
    assert!(app.read(move |c| queries::enrolment(c, leaves_in)).await.0.frozen_at.is_none());
    // All is learnt, and nothing is counted as long as nobody knows as what.
    let later = app.app.now();
    assert!(app.write(move |c| learn(c, later, leaves_in, &Observers::NONE)).await.is_none());
    app.write(move |c| {
        let unit = unit_id(c, "P04")?;
        let day = "2026-11-26".parse().unwrap();
        let moved = membership(unit, "Chuyên viên", Category::Technology, day);
        accounts::join_unit(c, &Actor::system(), later, leaves, &moved).map(drop)
    })
    .await;
    app.later(TimeDelta::days(1));
    nongcot::learning::jobs::freeze_due(app.app.clone(), Observers::NONE).await.unwrap();
    let (enrolment, _) = app.read(move |c| queries::enrolment(c, leaves_in)).await;
    assert_eq!(enrolment.category, Category::Technology);
    assert_eq!(enrolment.completed_at, Some(later + TimeDelta::minutes(9)), "when it was true, not when it was known");
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
}

#[actix_web::test]
async fn a_completion_is_written_once() {
    static SEEN: AtomicUsize = AtomicUsize::new(0);
    const COUNTING: Observers = Observers {
        completed: |_, _, _| {
            SEEN.fetch_add(1, Ordering::SeqCst);
            Ok(())
        },
        changed: |_, _, _| Ok(()),
    };
    let app = support::app().await;
    let run = small_run(&app, "ONCE-01", |_| {}).await;
    let person = app.person("Học viên Một", "P01").await.id;
    let enrolment = enrolled(&app, &run, person).await;
    let now = app.app.now();
    app.write(move |c| open_lesson(c, now, enrolment, "km-01-mot")).await;
    app.later(TimeDelta::minutes(30));
    let now = app.app.now();
    let mut tries = Vec::new();
    for n in 0..12 {
        let db = app.app.db.clone();
        let lesson = if n % 2 == 0 { "km-01-mot" } else { "km-01-hai" };
        tries.push(actix_web::rt::spawn(async move {
            db.write("test", move |c| finish_lesson(c, now, &Actor::system(), enrolment, lesson, &COUNTING)).await
        }));
    }
    let mut written = 0;
    for attempt in tries {
        written += usize::from(attempt.await.unwrap().unwrap().is_some());
    }
    assert_eq!(written, 1);
    let events: i64 = app.read(|c| Ok(completion_events::table.count().get_result(c)?)).await;
    assert_eq!((events, SEEN.load(Ordering::SeqCst)), (1, 1));
    let foreign =
        tried(&app, move |c| complete_item(c, now, &Actor::system(), enrolment, "kt01-boi-canh", &COUNTING)).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "an item of another course");
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
}

#[actix_web::test]
async fn nothing_stands_when_a_slice_above_refuses() {
    let app = support::app().await;
    let run = small_run(&app, "ROLL-01", |_| {}).await;
    let person = app.person("Học viên Một", "P01").await.id;
    let enrolment = enrolled(&app, &run, person).await;
    let refusing = Observers { completed: |_, _, _| Err(Error::internal("no")), ..Observers::NONE };
    let now = app.app.now();
    assert!(tried(&app, move |c| learn(c, now, enrolment, &refusing)).await.is_err());
    assert!(app.read(move |c| queries::progress(c, enrolment)).await.0.is_empty());
    assert!(app.read(move |c| queries::completion_of(c, enrolment)).await.is_none());
}

#[actix_web::test]
async fn too_fast_is_flagged_until_somebody_accepts_it() {
    let app = support::app().await;
    let run = small_run(&app, "FAST-01", |_| {}).await;
    let person = app.person("Học viên Một", "P01").await.id;
    let judge = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "BKHCN-2025").await.id;
    let enrolment = enrolled(&app, &run, person).await;
    let now = app.app.now();
    let completion = app
        .write(move |c| {
            open_lesson(c, now, enrolment, "km-01-mot")?;
            open_lesson(c, now, enrolment, "km-01-hai")?;
            complete_item(c, now + TimeDelta::minutes(2), &Actor::system(), enrolment, "km-01-mot", &Observers::NONE)?;
            complete_item(c, now + TimeDelta::minutes(2), &Actor::system(), enrolment, "km-01-hai", &Observers::NONE)
        })
        .await
        .expect("a completion");
    assert!(completion.is_flagged);
    let standing = |app: &TestApp| {
        let inner = app.app.clone();
        async move {
            inner.db.read(move |c| Ok::<_, Error>(queries::my_classes(c, now, person)?[0].standing)).await.unwrap()
        }
    };
    assert_eq!(standing(&app).await, Standing::Flagged);
    let id = completion.id;
    let by = classes::as_person(judge);
    let (me, no_reason) = (classes::as_person(person), by.clone());
    let own = tried(&app, move |c| accept(c, now, &me, id, "Vì tôi", &Observers::NONE)).await;
    assert_eq!(key(own.unwrap_err()), "learning-decide-own");
    let silent = tried(&app, move |c| accept(c, now, &no_reason, id, " ", &Observers::NONE)).await;
    assert_eq!(key(silent.unwrap_err()), "learning-decide-reason-missing");
    let decider = by.clone();
    let change = app
        .write(move |c| accept(c, now + TimeDelta::days(1), &decider, id, "Học trực tiếp tại lớp", &Observers::NONE))
        .await;
    assert_eq!((change.completion.occurred_at, change.recorded_at), (completion.occurred_at, now + TimeDelta::days(1)));
    assert_eq!(standing(&app).await, Standing::Accepted);
    let decider = by.clone();
    let again = tried(&app, move |c| accept(c, now, &decider, id, "Lần nữa", &Observers::NONE)).await;
    assert_eq!(key(again.unwrap_err()), "learning-decide-already");
    let decider = by.clone();
    app.write(move |c| void(c, now, &decider, id, "Gian lận", &Observers::NONE)).await;
    assert_eq!(standing(&app).await, Standing::Voided);
    let late = tried(&app, move |c| accept(c, now, &by, id, "Sau khi hủy", &Observers::NONE)).await;
    assert_eq!(key(late.unwrap_err()), "learning-decide-already");
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
}

#[actix_web::test]
async fn a_test_submitted_by_a_job_was_done_at_its_deadline() {
    let app = support::app().await;
    let run = small_run(&app, "LATE-01", |_| {}).await;
    let person = app.person("Học viên Một", "P01").await.id;
    let enrolment = enrolled(&app, &run, person).await;
    let (now, deadline) = (app.app.now(), app.app.now() + TimeDelta::minutes(40));
    let completion = app
        .write(move |c| {
            let by = Actor::system();
            open_lesson(c, now, enrolment, "km-01-mot")?;
            complete_item(c, now + TimeDelta::minutes(9), &by, enrolment, "km-01-mot", &Observers::NONE)?;
            complete_item_at(
                c,
                deadline + TimeDelta::seconds(7),
                deadline,
                &by,
                enrolment,
                "km-01-hai",
                &Observers::NONE,
            )
        })
        .await
        .expect("a completion");
    assert_eq!((completion.occurred_at, completion.recorded_at), (deadline, deadline + TimeDelta::seconds(7)));
}

#[actix_web::test]
async fn a_run_stays_on_its_version() {
    let app = support::app().await;
    let run = small_run(&app, "PIN-01", |_| {}).await;
    let person = app.person("Học viên Một", "P01").await;
    enrolled(&app, &run, person.id).await;
    let now = app.app.now();
    app.write(move |c| {
        classes::bring_in(c, now, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "hai")).map(drop)
    })
    .await;
    let mut learner = app.sign_in(&person).await;
    learner.get("/lop/PIN-01/hoc/bai-mot").await.is(200).says("Từ khóa một");
    learner.get("/khoa-hoc/minh-hoa/bai/bai-mot").await.is(200).says("Từ khóa hai");
}

#[actix_web::test]
async fn verify_names_each_difference() {
    let app = support::app().await;
    let run = small_run(&app, "VERIFY-01", |_| {}).await;
    let person = app.person("Học viên Một", "P01").await.id;
    let enrolment = enrolled(&app, &run, person).await;
    let now = app.app.now();
    app.write(move |c| learn(c, now, enrolment, &Observers::NONE).map(drop)).await;
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
    app.write(move |c| {
        diesel::update(class_runs::table).set(class_runs::taken.eq(2)).execute(c)?;
        diesel::update(enrolments::table)
            .set((enrolments::position.eq("Bộ trưởng"), enrolments::completed_at.eq(now)))
            .execute(c)?;
        Ok(())
    })
    .await;
    let differences = app.read(queries::verify).await;
    assert_eq!(differences.len(), 3, "{differences:#?}");
    assert!(differences[0].contains("VERIFY-01: 2 seats"));
}

#[actix_web::test]
async fn a_learner_goes_through_a_class() {
    let app = support::app().await;
    small_run(&app, "WALK-01", |_| {}).await;
    let person = app.person("Học viên Minh họa Một", "P01").await;
    let mut browser = app.sign_in(&person).await;
    browser.get("/hoc").await.is(200).says("Chưa ghi danh lớp nào");
    browser.get("/khoa-hoc/minh-hoa").await.is(200).says("/lop/WALK-01/ghi-danh");
    let entered = browser.post("/lop/WALK-01/ghi-danh", &[]).await;
    assert_eq!((entered.status, entered.location().as_str()), (303, "/lop/WALK-01"));
    browser.get("/lop/WALK-01").await.is(200).says("Đã ghi danh.").says("Bắt đầu học");
    assert_eq!(browser.get("/lop/WALK-01/hoc").await.location(), "/lop/WALK-01/hoc/bai-mot");

    // The key stays here until the answer is given.
    let lesson = browser.get("/lop/WALK-01/hoc/bai-mot").await;
    lesson
        .is(200)
        .says("Một cộng một?")
        .says("0/2 mục bắt buộc")
        .says_not("Phải rồi")
        .says_not("Tính lại")
        .says_not("option-right");
    let page = lesson.text();
    let option = |text: &str| {
        let before = page.split(text).next().unwrap();
        before.rsplit("value=\"").next().unwrap().split('"').next().unwrap().to_owned()
    };
    let wrong = option("<span>ba</span>");
    let action = "/lop/WALK-01/hoc/bai-mot/cau-hoi/km-01-q-mot";
    let empty = browser.post(action, &[]).await;
    assert_eq!(empty.location(), "/lop/WALK-01/hoc/bai-mot?chua_chon=km-01-q-mot#cau-hoi-km-01-q-mot");
    let empty = browser.get("/lop/WALK-01/hoc/bai-mot?chua_chon=km-01-q-mot").await;
    empty.says("Chưa có câu trả lời nào").says_not("option-right");
    let answered = browser.post(action, &[("answer", &wrong)]).await;
    assert_eq!(answered.location(), "/lop/WALK-01/hoc/bai-mot#cau-hoi-km-01-q-mot");
    let after = browser.get("/lop/WALK-01/hoc/bai-mot").await;
    after.says("Chưa đúng").says("Chưa phải.").says("Tính lại cho chắc.").says("option-right").says("Làm lại câu này");
    browser.get("/lop/WALK-01/hoc/bai-mot?lam_lai=km-01-q-mot").await.is(200).says_not("option-right");
    // A question of another lesson is not asked here.
    browser.post("/lop/WALK-01/hoc/bai-mot/cau-hoi/km-01-q-hai", &[("answer", &wrong)]).await.is(404);

    app.later(TimeDelta::minutes(5));
    let next = browser.post("/lop/WALK-01/hoc/bai-mot/xong", &[]).await;
    assert_eq!((next.status, next.location().as_str()), (303, "/lop/WALK-01/hoc/bai-hai"));
    browser.post("/lop/WALK-01/hoc/bai-mot/xong", &[]).await.is(303);
    browser.get("/lop/WALK-01/hoc/bai-hai").await.is(200).says("1/2 mục bắt buộc");
    browser.get("/hoc").await.is(200).says("Học tiếp").says("/lop/WALK-01/hoc/bai-hai").says("còn 27 ngày");
    app.later(TimeDelta::minutes(5));
    let done = browser.post("/lop/WALK-01/hoc/bai-hai/xong", &[]).await;
    assert_eq!(done.location(), "/lop/WALK-01");
    browser.get("/lop/WALK-01").await.says("Đã hoàn thành lớp. Kết quả đã được ghi nhận.").says("2/2 mục bắt buộc");
    browser.get("/hoc").await.says("Đã hoàn thành");
    let events: Vec<(bool, i64)> = app
        .read(|c| {
            Ok(completion_events::table
                .select((completion_events::is_flagged, completion_events::person_id))
                .load(c)?)
        })
        .await;
    assert_eq!(events, [(false, person.id.0)]);
}

#[actix_web::test]
async fn what_is_not_ones_own_does_not_exist() {
    let app = support::app().await;
    let run = small_run(&app, "MINE-01", |_| {}).await;
    let (mine, other) = (app.person("Học viên Một", "P01").await, app.person("Học viên Hai", "P01").await);
    enrolled(&app, &run, mine.id).await;
    let mut stranger = app.sign_in(&other).await;
    for path in [
        "/lop/MINE-01/hoc",
        "/lop/MINE-01/hoc/bai-mot",
        "/lop/MINE-01/hoc/bai-hai",
        "/lop/KHONG-CO",
        "/lop/KHONG-CO/hoc/bai-mot",
    ] {
        stranger.get(path).await.is(404);
    }
    for path in ["/lop/MINE-01/hoc/bai-mot/xong", "/lop/MINE-01/hoc/bai-mot/cau-hoi/km-01-q-mot", "/lop/MINE-01/rut"] {
        stranger.post(path, &[]).await.is(404);
    }
    let page = stranger.get("/lop/MINE-01").await;
    page.is(200).says_not("Học viên Một");
    for path in ["/lop", "/lop/moi", "/lop/MINE-01/hoan-thanh/1"] {
        stranger.get(path).await.is(403);
    }
    stranger.post("/lop", &[("code", "X-01")]).await.is(403);
    stranger.post("/lop/MINE-01/danh-sach", &[("person", "hoc-vien-mot")]).await.is(403);
    stranger.post(&format!("/lop/MINE-01/danh-sach/{}/rut", mine.code), &[]).await.is(403);
    let mut visitor = app.visitor();
    for path in ["/hoc", "/lop", "/lop/moi", "/lop/MINE-01", "/lop/MINE-01/hoc/bai-mot"] {
        visitor.get(path).await.is(303);
    }
    visitor.get("/lop/MINE-01/hoc/bai-mot").await.says_not("Từ khóa");
}

#[actix_web::test]
async fn lessons_keep_to_the_dates_of_the_run() {
    let app = support::app().await;
    let now = app.app.now();
    let run = app
        .write(move |c| {
            let version = classes::bring_in(c, now, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một"))?;
            classes::run(c, now, "DATES-01", version, "BKHCN-2025", ("2026-12-01", "2026-12-31"))
        })
        .await;
    let person = app.person("Học viên Một", "P01").await;
    enrolled(&app, &run, person.id).await;
    let mut browser = app.sign_in(&person).await;
    browser.get("/lop/DATES-01/hoc/bai-mot").await.is(409).says("01/12/2026");
    browser.post("/lop/DATES-01/hoc/bai-mot/xong", &[]).await.is(409);
    app.later(TimeDelta::days(8));
    let mut browser = app.sign_in(&person).await;
    browser.get("/lop/DATES-01/hoc/bai-mot").await.is(200).says("Đã học xong");
    app.later(TimeDelta::days(31));
    let mut browser = app.sign_in(&person).await;
    browser
        .get("/lop/DATES-01/hoc/bai-mot")
        .await
        .is(200)
        .says_not("cau-hoi/km-01-q-mot\" novalidate><input type=\"submit");
    browser.post("/lop/DATES-01/hoc/bai-mot/xong", &[]).await.is(409).says("31/12/2026");
    browser.post("/lop/DATES-01/hoc/bai-mot/cau-hoi/km-01-q-mot", &[("answer", "x")]).await.is(409);
    browser.get("/hoc").await.is(200).says("Chưa hoàn thành khi lớp kết thúc");
}

#[actix_web::test]
async fn an_instructor_opens_a_run_and_an_officer_lists_her_people() {
    let app = support::app().await;
    let now = app.app.now();
    app.write(move |c| {
        classes::bring_in(c, now, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một")).map(drop)
    })
    .await;
    let teacher = app.person_as("Giảng viên Minh họa", Role::Instructor, "BKHCN-2025").await;
    let officer = app.person_as("Cán bộ Minh họa", Role::Officer, "P01").await;
    app.person("Học viên Nhà", "P01").await;
    app.person("Học viên Ngoài", "P04").await;
    let mut teacher = app.sign_in(&teacher).await;
    teacher.get("/lop").await.is(200).says("/lop/moi");
    teacher.get("/lop/moi").await.is(200).says("KM-01").says("BKHCN-2025").says_not("value=\"P01\"");
    let wrong = [
        ("course", "KM-01"),
        ("unit", "BKHCN-2025"),
        ("code", "km 01 a"),
        ("opens", "2026-12-10"),
        ("closes", "2026-12-01"),
        ("capacity", "2"),
        ("enrolment", "list"),
    ];
    let refused = teacher.post("/lop", &wrong).await;
    refused.is(422).says("Ngày kết thúc phải từ ngày mở").says("km 01 a").says("10/12/2026");
    let mut right = wrong;
    right[4].1 = "2026-12-31";
    let opened = teacher.post("/lop", &right).await;
    assert_eq!((opened.status, opened.location().as_str()), (303, "/lop/KM-01-A"));
    teacher.post("/lop", &right).await.is(422).says("Mã này đã dùng");
    let mut foreign = right;
    foreign[1].1 = "P01";
    foreign[2].1 = "KM-01-B";
    teacher.post("/lop", &foreign).await.is(403);

    let mut officer = app.sign_in(&officer).await;
    officer.get("/lop/KM-01-A").await.is(200).says("Đưa người vào danh sách").says_not("Mã ghi danh của lớp");
    officer.post("/lop/KM-01-A/danh-sach", &[("person", "hoc-vien-nha")]).await.is(303);
    officer.get("/lop/KM-01-A").await.says("Học viên Nhà");
    officer
        .post("/lop/KM-01-A/danh-sach", &[("person", "hoc-vien-ngoai")])
        .await
        .is(422)
        .says("Không tìm thấy người này");
    officer.post("/lop/KM-01-A/danh-sach", &[("person", "khong-co")]).await.is(422).says("Không tìm thấy người này");
    teacher.post("/lop/KM-01-A/danh-sach", &[("person", "hoc-vien-ngoai")]).await.is(303);
    teacher.get("/lop/KM-01-A").await.says("Học viên Ngoài").says("2 người");
    officer.get("/lop/KM-01-A").await.says_not("Học viên Ngoài");
    teacher.post("/lop/KM-01-A/danh-sach", &[("person", "can-bo-minh-hoa")]).await.is(409).says("Lớp đã đủ 2 người");
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
}

#[actix_web::test]
async fn a_coordinator_decides_with_a_reason() {
    let app = support::app().await;
    let run = small_run(&app, "JUDGE-01", |_| {}).await;
    let person = app.person("Học viên Một", "P01").await;
    let enrolment = enrolled(&app, &run, person.id).await;
    let now = app.app.now();
    let id = app
        .write(move |c| {
            for key in ["km-01-mot", "km-01-hai"] {
                complete_item(c, now, &Actor::system(), enrolment, key, &Observers::NONE)?;
            }
            Ok(queries::completion_of(c, enrolment)?.expect("a completion").0)
        })
        .await;
    let judge = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "BKHCN-2025").await;
    let mut judge = app.sign_in(&judge).await;
    judge.get("/lop/JUDGE-01").await.is(200).says("Chờ xác nhận").says(&format!("/lop/JUDGE-01/hoan-thanh/{id}"));
    let path = format!("/lop/JUDGE-01/hoan-thanh/{id}");
    judge.get(&path).await.is(200).says("Xác nhận kết quả");
    judge.get("/lop/JUDGE-01/hoan-thanh/999").await.is(404);
    judge.post(&format!("{path}/chap-nhan"), &[("reason", "")]).await.is(422).says("Cần ghi lý do");
    judge.post(&format!("{path}/chap-nhan"), &[("reason", "Học trực tiếp tại lớp")]).await.is(303);
    judge.post(&format!("{path}/chap-nhan"), &[("reason", "Lần nữa")]).await.is(409);
    judge.get("/lop/JUDGE-01").await.says("Đã hoàn thành, đã xác nhận");
    judge.post(&format!("{path}/huy"), &[("reason", "Gian lận")]).await.is(303);
    judge.get(&path).await.is(200).says("Kết quả đã bị hủy").says_not("<textarea");
    let mut learner = app.sign_in(&person).await;
    learner.get(&path).await.is(403);
    learner.get("/hoc").await.says("Kết quả đã bị hủy");
}
