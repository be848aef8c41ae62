//! What must be there first.

use nongcot::courses::edition::Edition;

use super::*;

#[actix_web::test]
async fn courses_that_come_before_must_be_completed() {
    let app = support::app().await;
    let first = small_run(&app, "FIRST-01", |_| {}).await;
    let now = app.app.now();
    let second = app
        .write(move |c| {
            let mut package = classes::small("KM-02", "minh-hoa-hai", "Khóa tiếp theo", "hai").package().clone();
            package.course.prerequisites = vec!["KM-01".to_owned()];
            let version = classes::bring_in(c, now, &Edition::of(package))?;
            classes::run(c, now, "SECOND-01", version, "BKHCN-2025", OPEN)
        })
        .await;
    let person = app.person("Học viên Một", "P01").await;
    let mut browser = app.sign_in(&person).await;
    let refused = browser.post("/lop/SECOND-01/ghi-danh", &[]).await;
    refused.is(409).says("Cần hoàn thành trước: KM-01 Khóa minh họa");
    assert_eq!(app.read(move |c| queries::run(c, second.id)).await.taken, 0);
    let teacher = app.person_as("Giảng viên Minh họa", Role::Instructor, "BKHCN-2025").await;
    let mut teacher = app.sign_in(&teacher).await;
    let listed = teacher.post("/lop/SECOND-01/danh-sach", &[("person", "hoc-vien-mot")]).await;
    listed.is(409).says("Cần hoàn thành trước");
    let enrolment = enrolled(&app, &first, person.id).await;
    // Too fast: not a completion that counts, until somebody accepts it.
    let flagged = app
        .write(move |c| {
            complete_item(c, now, &Actor::system(), enrolment, "km-01-mot", &Observers::NONE)?;
            complete_item(c, now, &Actor::system(), enrolment, "km-01-hai", &Observers::NONE)
        })
        .await
        .expect("a completion");
    browser.post("/lop/SECOND-01/ghi-danh", &[]).await.is(409);
    app.write(move |c| accept(c, now, &Actor::system(), flagged.id, "Học trực tiếp", &Observers::NONE)).await;
    browser.post("/lop/SECOND-01/ghi-danh", &[]).await.is(303);
    app.write(move |c| void(c, now, &Actor::system(), flagged.id, "Nhầm", &Observers::NONE)).await;
    browser.post("/lop/SECOND-01/ghi-danh", &[]).await.is(303);
    browser.get("/lop/SECOND-01").await.says("Đã có tên trong lớp");
    browser.post("/lop/SECOND-01/rut", &[]).await.is(303);
    browser.post("/lop/SECOND-01/ghi-danh", &[]).await.is(409);
}

#[actix_web::test]
async fn who_left_finds_no_lesson_any_more() {
    let app = support::app().await;
    let run = small_run(&app, "LEFT-01", |_| {}).await;
    let person = app.person("Học viên Một", "P01").await;
    let enrolment = enrolled(&app, &run, person.id).await;
    let mut browser = app.sign_in(&person).await;
    browser.get("/lop/LEFT-01/hoc/bai-hai").await.is(200);
    browser.post("/lop/LEFT-01/rut", &[]).await.is(303);
    for path in ["/lop/LEFT-01/hoc", "/lop/LEFT-01/hoc/bai-hai"] {
        browser.get(path).await.is(404);
    }
    browser.post("/lop/LEFT-01/hoc/bai-hai/xong", &[]).await.is(404);
    browser.post("/lop/LEFT-01/hoc/bai-hai/cau-hoi/km-01-q-hai", &[("answer", "x")]).await.is(404);
    let now = app.app.now();
    let raced = tried(&app, move |c| finish_lesson(c, now, &Actor::system(), enrolment, "km-01-hai", &Observers::NONE));
    assert!(matches!(raced.await, Err(Error::NotFound)), "also when it was left in the same moment");
}

#[actix_web::test]
async fn one_query_tells_how_far_each_class_is() {
    let app = support::app().await;
    let person = app.person("Học viên Một", "P01").await.id;
    let mut runs = Vec::new();
    for code in ["MANY-01", "MANY-02", "MANY-03"] {
        runs.push(small_run(&app, code, |_| {}).await);
    }
    let now = app.app.now();
    for (n, run) in runs.iter().enumerate() {
        let enrolment = enrolled(&app, run, person).await;
        let lessons = ["km-01-mot", "km-01-hai"];
        for lesson in lessons.into_iter().take(n) {
            app.write(move |c| open_lesson(c, now, enrolment, lesson)).await;
        }
    }
    let classes = app.read(move |c| queries::my_classes(c, now, person)).await;
    let mut begun: Vec<(String, usize)> =
        classes.into_iter().map(|class| (class.run.code, class.progress.0.len())).collect();
    begun.sort();
    assert_eq!(begun, [("MANY-01".to_owned(), 0), ("MANY-02".to_owned(), 1), ("MANY-03".to_owned(), 2)]);
}
