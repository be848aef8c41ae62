//! What a course is rendered into besides its lessons: the glossary, the handout, and all of it anew by a later program.

use diesel::prelude::*;
use nongcot::{
    access::Role,
    courses::{edition::Edition, model::VersionId, package, queries},
    platform::db::schema::{course_assets, course_handouts, course_terms, course_versions, lessons},
};

use crate::support::{self, TestApp, classes};

const SLUG: &str = "/khoa-hoc/kien-truc-chinh-phu-dien-tu";
/// From the first lesson, which anybody may read, and from the second, which is for learners.
const OPEN: &str = "Chính phủ điện tử là việc cơ quan nhà nước dùng công nghệ thông tin";
const CLOSED: &str = "dùng máy tính, nơi lưu trữ, phần mềm qua mạng, cần bao nhiêu dùng bấy nhiêu.";

async fn class(app: &TestApp, edition: Edition) -> VersionId {
    let now = app.app.now();
    app.write(move |c| {
        let version = classes::bring_in(c, now, &edition)?;
        classes::run(c, now, "LOP-A", version, "P15-2025", ("2026-11-20", "2026-12-20"))?;
        classes::run(c, now, "LOP-SAU", version, "P15-2025", ("2026-12-01", "2026-12-20"))?;
        Ok(version)
    })
    .await
}

#[actix_web::test]
async fn the_glossary_shows_what_its_reader_may_read() {
    let app = support::app().await;
    class(&app, classes::kt01()).await;
    let person = app.person("Học viên Minh họa Một", "P15-2025").await;
    let (mut visitor, mut learner) = (app.visitor(), app.sign_in(&person).await);

    // From the lesson to the line, and from the line back to the place in the lesson.
    let lesson = visitor.get(&format!("{SLUG}/bai/boi-canh-2015")).await;
    lesson.says("<dfn id=\"tn-chinh-phu-dien-tu\"><a class=\"term\" href=\"../thuat-ngu#tn-chinh-phu-dien-tu\">");
    let open = visitor.get(&format!("{SLUG}/thuat-ngu")).await;
    open.is(200).says("id=\"tn-chinh-phu-dien-tu\"").says(&format!("{SLUG}/bai/boi-canh-2015#tn-chinh-phu-dien-tu"));
    open.says(OPEN).says("trong các bài dành cho học viên của lớp").says_not(CLOSED);
    visitor.get(SLUG).await.says(&format!("{SLUG}/thuat-ngu")).says_not("tai-lieu-phat-tay");

    // Of a class it is for its members.
    learner.get("/lop/LOP-A/thuat-ngu").await.is(403);
    learner.post("/lop/LOP-A/ghi-danh", &[]).await.is(303);
    learner.get("/lop/LOP-A").await.says("/lop/LOP-A/thuat-ngu").says("/lop/LOP-A/tai-lieu-phat-tay");
    let all = learner.get("/lop/LOP-A/thuat-ngu").await;
    all.is(200).says(OPEN).says(CLOSED);
    all.says("/lop/LOP-A/hoc/boi-canh-2015#tn-chinh-phu-dien-tu").says_not("dành cho học viên của lớp");
    visitor.get("/khoa-hoc/khong-co/thuat-ngu").await.is(404);
}

#[actix_web::test]
async fn the_handout_holds_all_lessons_and_no_key() {
    let app = support::app().await;
    let edition = classes::kt01();
    let course = edition.package().clone();
    class(&app, edition).await;
    let person = app.person("Học viên Minh họa Một", "P15-2025").await;
    let near = app.person_as("Giảng viên Minh họa", Role::Instructor, "P15-2025").await;
    let far = app.person_as("Giảng viên Xa", Role::Instructor, "P24-2025").await;
    let (mut visitor, mut learner) = (app.visitor(), app.sign_in(&person).await);

    visitor.get(&format!("{SLUG}/tai-lieu-phat-tay")).await.is(403).says("Ghi danh vào một lớp");
    learner.get("/lop/LOP-A/tai-lieu-phat-tay").await.is(403);
    app.sign_in(&far).await.get("/lop/LOP-A/tai-lieu-phat-tay").await.is(403);
    app.sign_in(&near).await.get("/lop/LOP-A/tai-lieu-phat-tay").await.is(200);
    learner.post("/lop/LOP-SAU/ghi-danh", &[]).await.is(303);
    assert_ne!(learner.get("/lop/LOP-SAU/tai-lieu-phat-tay").await.status, 200, "the class has not begun");

    learner.post("/lop/LOP-A/ghi-danh", &[]).await.is(303);
    let page = learner.get("/lop/LOP-A/tai-lieu-phat-tay").await;
    page.is(200)
        .says("KT-01 · Kiến trúc Chính phủ điện tử")
        .says("Phiên bản 1 · rà soát pháp lý")
        .says("<h2>Nguồn</h2>");
    let text = page.text();
    let mut from = 0;
    for (index, (_, lesson)) in course.lessons().enumerate() {
        let heading = format!("<h3 id=\"b{}\">Bài {}. ", index + 1, index + 1);
        from += text[from..].find(&heading).unwrap_or_else(|| panic!("{} is not in its place", lesson.title));
    }
    assert_eq!(text.matches("class=\"print-only handout-head\"").count(), 0);
    assert_eq!(text.matches("class=\"handout-head\"").count(), course.lessons().count(), "a head for each lesson");
    // Every check question stands in it, and nothing of what is said after answering.
    let checks = course.questions.iter().filter(|item| item.module.is_some());
    assert_eq!(text.matches("class=\"handout-question\"").count(), checks.clone().count());
    for item in course.questions.iter().filter(|item| item.feedback.chars().count() > 20) {
        let said = package::render::escape(&item.feedback);
        assert!(!text.contains(&said), "{}: its feedback is in the handout", item.id);
    }
    // No two places of the same name: the document is one.
    let mut ids: Vec<&str> = text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands twice");
    for target in text.split(" href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.contains(&target), "#{target} leads nowhere");
    }
}

/// What this program makes of a version, however it came there.
type Rendered = (Vec<String>, Vec<Option<String>>, Vec<String>, Option<String>);

async fn rendered(app: &TestApp, version: VersionId) -> Rendered {
    app.read(move |c| {
        let html = lessons::table.filter(lessons::version_id.eq(version)).order(lessons::id).select(lessons::html);
        let files = course_assets::table.filter(course_assets::version_id.eq(version)).order(course_assets::id);
        let terms = queries::terms(c, version)?.into_iter().map(|(term, key)| format!("{key}: {term:?}")).collect();
        Ok((html.load(c)?, files.select(course_assets::address).load(c)?, terms, queries::handout(c, version)?))
    })
    .await
}

#[actix_web::test]
async fn what_an_older_program_rendered_is_rendered_again() {
    let app = support::app().await;
    let edition = classes::kt01();
    let (hash, path) = (edition.hash().to_owned(), edition.package().assets.last().unwrap().path.clone());
    let closed = edition.package().assets.iter().find(|a| !edition.is_open_asset(&a.path)).map(|a| a.path.clone());
    let version = class(&app, edition).await;
    let new = rendered(&app, version).await;
    assert!(new.2.len() > 20 && new.3.is_some() && !path.is_empty());
    // As it lay in the database of a program that knew nothing of this.
    app.write(move |c| {
        diesel::update(course_versions::table).set(course_versions::rendering.eq(0)).execute(c)?;
        diesel::update(course_assets::table).set(course_assets::address.eq(None::<String>)).execute(c)?;
        diesel::update(lessons::table).set(lessons::html.eq("<p>cũ</p>")).execute(c)?;
        diesel::delete(course_terms::table).execute(c)?;
        diesel::delete(course_handouts::table).execute(c)?;
        Ok(())
    })
    .await;
    let person = app.person("Học viên Minh họa Một", "P15-2025").await;
    let mut learner = app.sign_in(&person).await;
    let old = format!("{SLUG}/tai-nguyen/{}/{}", &hash[..32], closed.unwrap());
    learner.get(&old).await.is(200);
    learner.get(&format!("{SLUG}/bai/boi-canh-2015")).await.is(200).says("<p>cũ</p>");
    learner.get(&format!("{SLUG}/thuat-ngu")).await.is(200);

    let now = app.app.now();
    app.write(move |c| nongcot::platform::jobs::enqueue(c, now, &nongcot::courses::jobs::RenderOld {})).await;
    app.run_jobs().await;
    assert_eq!(rendered(&app, version).await, new);
    learner.get(&old).await.is(404);
    assert!(app.read(queries::rendered_before).await.is_empty());
}
