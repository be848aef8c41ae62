//! Completions, and what is decided about them.

use super::*;

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
