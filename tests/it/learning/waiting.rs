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

/// People of one's own unit far down a long list are found, with their places in the whole of it.
#[actix_web::test]
async fn a_long_waiting_list_is_read_to_its_end() {
    let app = support::app().await;
    let run = small_run(&app, "WAIT-09", |new| new.capacity = Some(1)).await;
    let (id, own) = (run.id, app.person("Học viên Cuối Hàng", "P04").await.id);
    let template = app.person("Học viên Mẫu", "P01").await.id;
    enrolled(&app, &run, template).await;
    app.write(move |c| {
        let unit = unit_id(c, "P01")?;
        diesel::sql_query(format!(
            "INSERT INTO people (code, family_names, given_name, sort_key, folded, created_at) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) \
             SELECT 'hang-' || i, 'Học viên', 'Hàng ' || i, 'k' || i, 'hang', created_at FROM n, people WHERE people.id = {template}"
        ))
        .execute(c)?;
        diesel::sql_query(format!(
            "INSERT INTO waiting_list (run_id, person_id, unit_id, joined_at) SELECT {id}, id, {unit}, created_at FROM people \
             WHERE code LIKE 'hang-%'"
        ))
        .execute(c)?;
        Ok(())
    })
    .await;
    assert_eq!(waits(&app, &run, own).await.unwrap(), 601);
    let unit = app.read(|c| unit_id(c, "P04")).await;
    let found = app.read(move |c| queries::waiting(c, id, Some(&[unit]))).await;
    assert_eq!(found.iter().map(|one| (one.place, one.person.id)).collect::<Vec<_>>(), [(601, own)]);
}

#[actix_web::test]
async fn seats_are_added_never_below_what_is_taken_and_who_waits_moves_up() {
    let app = support::app().await;
    let run = small_run(&app, "WAIT-10", |new| new.capacity = Some(2)).await;
    let manager = app.person_as("Giảng viên Minh họa", Role::Instructor, "BKHCN-2025").await;
    let other = app.person_as("Giảng viên Khác", Role::Instructor, "P01").await;
    let mut ids = Vec::new();
    for name in ["Học viên Một", "Học viên Hai", "Học viên Ba", "Học viên Bốn", "Học viên Năm"] {
        ids.push(app.person(name, "P01").await.id);
    }
    for person in &ids[..2] {
        enrolled(&app, &run, *person).await;
    }
    for person in &ids[2..] {
        waits(&app, &run, *person).await.unwrap();
    }
    let mut browser = app.sign_in(&manager).await;
    browser.get("/lop/WAIT-10").await.is(200).says("/lop/WAIT-10/so-cho");
    browser.get("/lop/WAIT-10/so-cho").await.is(200).says("Lớp đã có 2 học viên.").says("3 người đang chờ");
    let page = "/lop/WAIT-10/so-cho";
    for (seats, said) in
        [("1", "Lớp đã có 2 học viên; nhập số không nhỏ hơn"), ("", "Số chỗ"), ("-3", "Số chỗ"), ("x", "Số chỗ")]
    {
        browser.post(page, &[("capacity", seats)]).await.is(422).says(said);
    }
    app.sign_in(&other).await.post(page, &[("capacity", "9")]).await.is(403);
    let id = run.id;
    let seats = || app.read(move |c| queries::run(c, id).map(|run| (run.capacity, run.taken)));
    assert_eq!(seats().await, (Some(2), 2));
    browser.post(page, &[("capacity", "4")]).await.is(303);
    assert_eq!(seats().await, (Some(4), 4));
    assert!(is_in(&app, &run, ids[2]).await && is_in(&app, &run, ids[3]).await && !is_in(&app, &run, ids[4]).await);
    assert_eq!((told(&app, ids[2]).await, told(&app, ids[4]).await), (1, 0));
    let audited: i64 = app
        .read(|c| {
            use nongcot::platform::db::schema::audit_events;
            Ok(audit_events::table.filter(audit_events::action.eq("class.capacity")).count().get_result(c)?)
        })
        .await;
    assert_eq!(audited, 1);
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
    app.later(TimeDelta::days(60));
    let mut browser = app.sign_in(&manager).await;
    browser.get(page).await.is(409).says("Lớp đã kết thúc");
    browser.post(page, &[("capacity", "9")]).await.is(409);
}

/// What a course asks for stands on its page, before anybody is refused.
#[actix_web::test]
async fn the_page_of_a_course_lists_what_comes_before_it() {
    let app = support::app().await;
    let now = app.app.now();
    app.write(move |c| {
        classes::bring_in(c, now, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một"))?;
        let mut later = classes::small("KM-02", "nang-cao", "Khóa nâng cao", "hai").package().clone();
        later.course.prerequisites = vec!["KM-01".to_owned(), "XX-99".to_owned()];
        classes::bring_in(c, now, &nongcot::courses::edition::Edition::of(later)).map(drop)
    })
    .await;
    let person = app.person("Học viên Một", "P01").await;
    let page = app.visitor().get("/khoa-hoc/nang-cao").await;
    page.is(200).says("Học trước").says("<a href=\"/khoa-hoc/minh-hoa\">Khóa minh họa</a> (KM-01)").says("XX-99");
    page.says_not("Chưa hoàn thành");
    app.sign_in(&person).await.get("/khoa-hoc/nang-cao").await.is(200).says("Chưa hoàn thành");
    app.visitor().get("/khoa-hoc/minh-hoa").await.is(200).says_not("Học trước");
}
