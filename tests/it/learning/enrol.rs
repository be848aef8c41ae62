//! Who gets into a run, and how many.

use super::*;

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
