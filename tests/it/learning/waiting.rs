//! The waiting list of a full class: the order, who gets the seat that frees, and what pages say.

use nongcot::{
    learning::actions::{join_waiting, leave_waiting},
    notifications::queries as notices,
    platform::db::schema::{people, waiting_list},
};

use super::*;

async fn waits(app: &TestApp, run: &Run, person: PersonId) -> Result<i64> {
    let (now, run) = (app.app.now(), run.id);
    tried(app, move |c| join_waiting(c, now, &classes::as_person(person), run, person, &Entry::Open)).await
}

async fn leaves_class(app: &TestApp, enrolment: EnrolmentId) {
    let now = app.app.now();
    app.write(move |c| withdraw(c, now, &Actor::system(), enrolment)).await;
}

async fn is_in(app: &TestApp, run: &Run, person: PersonId) -> bool {
    let run = run.id;
    app.read(move |c| queries::active_in(c, person, &[run])).await.contains(&run)
}

async fn told(app: &TestApp, person: PersonId) -> usize {
    let all = app.read(move |c| notices::inbox(c, person, None, 50)).await;
    all.iter().filter(|notice| notice.message.key == "notifications-seated").count()
}

#[actix_web::test]
async fn a_seat_that_frees_goes_to_whoever_waits_first() {
    let app = support::app().await;
    let run = small_run(&app, "WAIT-01", |new| new.capacity = Some(1)).await;
    let mut ids = Vec::new();
    for name in ["Học viên Một", "Học viên Hai", "Học viên Ba"] {
        ids.push(app.person(name, "P01").await.id);
    }
    let [a, b, third] = ids[..] else { panic!() };
    assert_eq!(key(waits(&app, &run, b).await.unwrap_err()), "learning-wait-seats-free");
    let first = enrolled(&app, &run, a).await;
    assert_eq!(key(waits(&app, &run, a).await.unwrap_err()), "learning-enrolled-already");
    assert_eq!(waits(&app, &run, b).await.unwrap(), 1);
    assert_eq!(waits(&app, &run, third).await.unwrap(), 2);
    assert_eq!(waits(&app, &run, b).await.unwrap(), 1, "asking again keeps the place");
    app.write(move |c| {
        diesel::update(people::table.find(b.0)).set(people::email.eq("hai@minh-hoa.example")).execute(c)?;
        Ok(())
    })
    .await;
    app.later(TimeDelta::hours(1));
    leaves_class(&app, first).await;
    assert!(is_in(&app, &run, b).await && !is_in(&app, &run, a).await && !is_in(&app, &run, third).await);
    let (seated, _) = app
        .read({
            let run = run.id;
            move |c| {
                let found = queries::enrolment_of(c, run, b)?.expect("an enrolment");
                queries::enrolment(c, found.id)
            }
        })
        .await;
    assert_eq!((seated.frozen_at, seated.position.as_str()), (Some(app.app.now()), "Chuyên viên"), "the usual rule");
    app.run_jobs().await;
    assert_eq!((told(&app, b).await, app.letters().len()), (1, 1));
    assert!(app.letters()[0].contains("Đã có chỗ") && app.letters()[0].contains("/lop/WAIT-01"));
    let (now, id) = (app.app.now(), run.id);
    let place = app.read(move |c| queries::waiting_place(c, id, third)).await.expect("a place");
    assert_eq!(place.place, 1, "those behind move up");
    app.write(move |c| leave_waiting(c, now, &classes::as_person(third), id, third)).await;
    let again = tried(&app, move |c| leave_waiting(c, now, &classes::as_person(third), id, third)).await;
    assert_eq!(key(again.unwrap_err()), "learning-wait-not-waiting");
    leaves_class(&app, seated.id).await;
    assert_eq!(app.read(move |c| queries::run(c, id)).await.taken, 0, "who left the list gets no seat");
    assert_eq!((told(&app, b).await, told(&app, third).await), (1, 0));
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
}

#[actix_web::test]
async fn who_cannot_be_let_in_keeps_the_place_and_the_next_gets_the_seat() {
    let app = support::app().await;
    let run = small_run(&app, "WAIT-02", |new| new.capacity = Some(1)).await;
    let (a, b, third) = (
        app.person("Học viên Một", "P01").await.id,
        app.person("Học viên Hai", "P01").await.id,
        app.person("Học viên Ba", "P01").await.id,
    );
    let first = enrolled(&app, &run, a).await;
    waits(&app, &run, b).await.unwrap();
    waits(&app, &run, third).await.unwrap();
    let now = app.app.now();
    app.write(move |c| {
        let membership = nongcot::accounts::queries::membership_on(c, b, "2026-11-23".parse().unwrap())?.unwrap();
        accounts::leave_unit(c, &Actor::system(), now, membership.id, "2026-11-23".parse().unwrap())
    })
    .await;
    app.later(TimeDelta::days(2));
    leaves_class(&app, first).await;
    assert!(!is_in(&app, &run, b).await && is_in(&app, &run, third).await);
    let id = run.id;
    assert_eq!(app.read(move |c| queries::waiting_place(c, id, b)).await.expect("a place").place, 1);
}

#[actix_web::test]
async fn nobody_waits_for_a_seat_they_could_not_have() {
    let app = support::app().await;
    let with_code = small_run(&app, "WAIT-03", |new| {
        new.capacity = Some(1);
        new.enrolment = EnrolmentMode::Code;
    })
    .await;
    let by_list = small_run(&app, "WAIT-04", |new| {
        new.capacity = Some(1);
        new.enrolment = EnrolmentMode::List;
    })
    .await;
    let (a, b) = (app.person("Học viên Một", "P01").await, app.person("Học viên Hai", "P01").await);
    let (now, id) = (app.app.now(), a.id);
    for run in [with_code.id, by_list.id] {
        app.write(move |c| enrol(c, now, &Actor::system(), run, id, &Entry::Listed)).await;
    }
    let mut browser = app.sign_in(&b).await;
    browser.get("/lop/WAIT-03").await.is(200).says("Lớp đã đủ người").says("name=\"access_code\"");
    browser.post("/lop/WAIT-03/cho", &[("access_code", "SAI-MA")]).await.is(422).says("Mã ghi danh chưa đúng");
    browser.post("/lop/WAIT-03/cho", &[]).await.is(422).says("Cần mã ghi danh");
    let code = with_code.access_code.clone().expect("a code");
    browser.post("/lop/WAIT-03/cho", &[("access_code", &code)]).await.is(303);
    browser.get("/lop/WAIT-03").await.says("thứ 1 trong danh sách chờ").says("Rời danh sách chờ");
    browser.get("/hoc").await.is(200).says("Đang chờ chỗ, thứ 1").says("/lop/WAIT-03");
    browser.get("/lop/WAIT-04").await.is(200).says("Cán bộ phụ trách đào tạo").says_not("/lop/WAIT-04/cho");
    browser.post("/lop/WAIT-04/cho", &[]).await.is(409).says("danh sách cử đi học");
    browser.post("/lop/KHONG-CO/cho", &[]).await.is(404);
    browser.post("/lop/WAIT-03/cho/rut", &[]).await.is(303);
    browser.post("/lop/WAIT-03/cho/rut", &[]).await.is(409);
    app.later(TimeDelta::days(28));
    let mut browser = app.sign_in(&b).await;
    browser.post("/lop/WAIT-03/cho", &[("access_code", &code)]).await.is(409).says("đã kết thúc");
    browser.get("/hoc").await.is(200).says_not("Đang chờ chỗ");
}

#[actix_web::test]
async fn those_who_run_the_class_see_the_list_in_order() {
    let app = support::app().await;
    let run = small_run(&app, "WAIT-05", |new| new.capacity = Some(1)).await;
    let teacher = app.person_as("Giảng viên Minh họa", Role::Instructor, "BKHCN-2025").await;
    let officer = app.person_as("Cán bộ Minh họa", Role::Officer, "P01").await;
    let (a, b) = (app.person("Học viên Một", "P01").await, app.person("Học viên Ngoài", "P04").await);
    app.person("Học viên Nhà", "P01").await;
    enrolled(&app, &run, a.id).await;
    waits(&app, &run, b.id).await.unwrap();
    let mut officer = app.sign_in(&officer).await;
    officer.get("/lop/WAIT-05").await.is(200).says("Đưa vào danh sách chờ").says_not("Học viên Ngoài");
    officer.post("/lop/WAIT-05/danh-sach", &[("person", "hoc-vien-nha")]).await.is(409).says("Lớp đã đủ 1 người");
    let listed = officer.post("/lop/WAIT-05/danh-sach", &[("person", "hoc-vien-nha"), ("action", "wait")]).await;
    listed.is(303);
    officer.get("/lop/WAIT-05").await.says("đứng thứ 2 trong danh sách chờ").says("Học viên Nhà").says_not("/cho/");
    officer.post("/lop/WAIT-05/danh-sach", &[("person", "hoc-vien-ngoai"), ("action", "wait")]).await.is(422);
    let mut teacher = app.sign_in(&teacher).await;
    let page = teacher.get("/lop/WAIT-05").await;
    let text = page.is(200).says("Danh sách chờ").text();
    assert!(text.find("Học viên Ngoài").unwrap() < text.find("Học viên Nhà").unwrap(), "in the order of joining");
    let mut stranger = app.sign_in(&a).await;
    stranger.get("/lop/WAIT-05").await.is(200).says_not("Học viên Ngoài");
    stranger.post(&format!("/lop/WAIT-05/cho/{}/rut", b.code), &[]).await.is(403);
    teacher.post(&format!("/lop/WAIT-05/cho/{}/rut", b.code), &[]).await.is(303);
    teacher.get("/lop/WAIT-05").await.says("Đã đưa Học viên Ngoài ra khỏi danh sách chờ").says("Học viên Nhà");
    teacher.post(&format!("/lop/WAIT-05/cho/{}/rut", b.code), &[]).await.is(409);
}

/// Thirty people want four seats; some who got one give it back at once.
#[actix_web::test]
async fn seats_and_places_hold_under_any_race() {
    const SEATS: i64 = 4;
    let app = support::app().await;
    let run = small_run(&app, "WAIT-06", |new| new.capacity = Some(SEATS)).await;
    let now = app.app.now();
    let people: Vec<PersonId> = app
        .write(move |c| {
            (0..30).map(|n| support::factory::person(c, now, &format!("Học viên Số{n}"), "P01").map(|p| p.id)).collect()
        })
        .await;
    let mut tries = Vec::new();
    for (n, person) in people.iter().copied().enumerate() {
        let (db, run) = (app.app.db.clone(), run.id);
        tries.push(actix_web::rt::spawn(async move {
            let by = classes::as_person(person);
            loop {
                let who = by.clone();
                match db.write("test", move |c| enrol(c, now, &who, run, person, &Entry::Open)).await {
                    Ok(entered) if n % 2 == 0 => {
                        return db.write("test", move |c| withdraw(c, now, &by, entered.id())).await;
                    }
                    Ok(_) => return Ok(()),
                    Err(error) => assert_eq!(key(error), "learning-enrol-full"),
                }
                let who = by.clone();
                match db.write("test", move |c| join_waiting(c, now, &who, run, person, &Entry::Open)).await {
                    Ok(_) => return Ok(()),
                    Err(Error::Refused(message)) => assert_eq!(message.key, "learning-wait-seats-free"),
                    Err(error) => return Err(error),
                }
            }
        }));
    }
    for attempt in tries {
        attempt.await.unwrap().unwrap();
    }
    let id = run.id;
    let (taken, rows): (i64, Vec<(PersonId, Option<String>)>) = app
        .read(move |c| {
            let rows = waiting_list::table
                .order(waiting_list::id.asc())
                .select((waiting_list::person_id, waiting_list::outcome))
                .load(c)?;
            Ok((queries::run(c, id)?.taken, rows))
        })
        .await;
    assert_eq!(taken, SEATS, "thirty wanted a seat, so none is free");
    let seated = rows.iter().take_while(|(_, outcome)| outcome.as_deref() == Some("seated")).count();
    assert!(rows[seated..].iter().all(|(_, outcome)| outcome.is_none()), "in the order of joining: {rows:?}");
    for (n, (person, _)) in rows.iter().enumerate() {
        assert_eq!(told(&app, *person).await, usize::from(n < seated), "each is told once, and only with a seat");
        assert_eq!(is_in(&app, &run, *person).await, n < seated);
    }
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
}
