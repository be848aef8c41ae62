//! The pages of learners and of those who run classes.

use super::*;

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

/// Lessons are kept in memory; what another node renders again is seen at the next look all the same.
#[actix_web::test]
async fn a_kept_lesson_is_shown_as_it_is_rendered_now() {
    use nongcot::platform::db::schema::{course_versions, lessons};
    let app = support::app().await;
    let run = small_run(&app, "SHELF-01", |_| {}).await;
    let person = app.person("Học viên Một", "P01").await;
    enrolled(&app, &run, person.id).await;
    let mut learner = app.sign_in(&person).await;
    for _ in 0..2 {
        learner.get("/lop/SHELF-01/hoc/bai-mot").await.is(200).says("Từ khóa một");
    }
    let version = run.version_id.0;
    app.write(move |c| {
        let lesson = lessons::table.filter(lessons::version_id.eq(version).and(lessons::slug.eq("bai-mot")));
        diesel::update(lesson).set(lessons::html.eq("<p>Trình bày lại</p>")).execute(c)?;
        diesel::update(course_versions::table.find(version))
            .set(course_versions::rendering.eq(course_versions::rendering + 1))
            .execute(c)?;
        Ok(())
    })
    .await;
    learner.get("/lop/SHELF-01/hoc/bai-mot").await.is(200).says("Trình bày lại").says_not("Từ khóa một");
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
    app.later(TimeDelta::seconds(20));
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
