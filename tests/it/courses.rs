//! Importing courses, finding them, and reading what is open.

use chrono::TimeDelta;
use nongcot::{
    access::{Actor, Role},
    courses::{
        actions::{Imported, import},
        edition::{ADDRESS_LENGTH, Edition, asset_address},
        model::pieces,
        package, queries,
    },
    platform::{
        db::DbConn,
        error::{Error, Result},
    },
};

use crate::support::{self, classes};

fn take(c: &mut DbConn, app: &nongcot::app::App, edition: &Edition, note: &str) -> Result<Imported> {
    import(c, &Actor::system(), app.now(), edition, note)
}

#[actix_web::test]
async fn the_same_content_makes_no_second_version() {
    let app = support::app().await;
    let inner = app.app.clone();
    app.write(move |c| {
        let edition = classes::kt01();
        let first = take(c, &inner, &edition, "Bản đầu")?;
        assert!(matches!(&first, Imported::New(v) if v.number == 1), "{first:?}");
        let again = take(c, &inner, &edition, "Lần nữa")?;
        assert!(matches!(&again, Imported::Unchanged(v) if v.id == first.version().id), "{again:?}");
        assert_eq!(queries::versions(c, first.version().course_id)?.len(), 1);
        let outline = queries::outline(c, first.version().id)?;
        assert_eq!(outline.lessons().count(), 12);
        assert_eq!(outline.assessments.len(), 1);
        assert!(outline.version.minutes > 0);
        // What was kept is what was read: the whole package comes back with the same hash.
        let back = queries::package(c, first.version().id)?;
        assert_eq!(package::hash(&back), first.version().hash);
        assert_eq!(&back, edition.package());
        // Check questions stand in their lessons, the bank is apart.
        let checks: usize = outline
            .lessons()
            .map(|lesson| {
                let html = queries::lesson_html(c, outline.version.id, &lesson.slug).unwrap();
                pieces(&html).iter().filter(|piece| piece.check.is_some()).count()
            })
            .sum();
        assert!(checks >= 9, "{checks}");
        let bank = queries::bank(c, outline.version.id)?;
        assert!(bank.len() >= 12 && bank.iter().all(|item| item.module.is_none()));
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn another_content_is_another_version_and_the_old_one_stays() {
    let app = support::app().await;
    let inner = app.app.clone();
    app.write(move |c| {
        let one = take(c, &inner, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một"), "Bản đầu")?;
        let two = take(c, &inner, &classes::small("KM-01", "minh-hoa-moi", "Khóa minh họa", "hai"), "Sửa bài một")?;
        assert!(matches!(&two, Imported::New(v) if v.number == 2));
        let current = queries::current(c, "minh-hoa-moi")?.expect("the course under its new address");
        assert_eq!(current.version.id, two.version().id);
        assert!(queries::current(c, "minh-hoa")?.is_none());
        assert!(queries::lesson_html(c, one.version().id, "bai-mot")?.contains("Từ khóa một"));
        assert!(queries::lesson_html(c, two.version().id, "bai-mot")?.contains("Từ khóa hai"));
        // The first content again: no third version, the first is current again.
        let back = take(c, &inner, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một"), "Quay lại")?;
        assert!(matches!(&back, Imported::Restored(v) if v.id == one.version().id));
        assert_eq!(queries::current(c, "minh-hoa")?.expect("a course").version.id, one.version().id);
        assert_eq!(queries::versions(c, one.version().course_id)?.len(), 2);
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn a_refused_import_leaves_nothing() {
    let app = support::app().await;
    let inner = app.app.clone();
    app.write(move |c| take(c, &inner, &classes::small("KM-01", "minh-hoa", "Một", "một"), "Bản đầu").map(drop)).await;
    let inner = app.app.clone();
    let taken = app
        .app
        .db
        .write("test", move |c| take(c, &inner, &classes::small("KM-02", "minh-hoa", "Hai", "hai"), "Bản đầu"))
        .await;
    assert!(matches!(taken, Err(Error::Refused(message)) if message.key == "courses-slug-taken"));
    let inner = app.app.clone();
    let silent =
        app.app.db.write("test", move |c| take(c, &inner, &classes::small("KM-03", "ba", "Ba", "ba"), "  ")).await;
    assert!(matches!(silent, Err(Error::Invalid(_))));
    let found = app.read(|c| queries::catalogue(c, "")).await;
    assert_eq!(found.iter().map(|course| course.code.as_str()).collect::<Vec<_>>(), ["KM-01"]);
}

#[actix_web::test]
async fn search_needs_no_marks_and_puts_exact_ones_first() {
    let app = support::app().await;
    let now = app.app.now();
    app.write(move |c| {
        classes::bring_in(c, now, &classes::small("KM-01", "kien-truc", "Kiến trúc Chính phủ điện tử", "một"))?;
        classes::bring_in(c, now, &classes::small("KM-02", "kien-trung", "Kiên trực và ân cần với người dân", "hai"))?;
        classes::bring_in(c, now, &classes::small("KM-03", "an-toan", "An toàn thông tin", "ba")).map(drop)
    })
    .await;
    let codes = |query: &'static str| {
        let app = &app;
        async move {
            let found = app.read(move |c| queries::catalogue(c, query)).await;
            found.iter().map(|course| course.code.clone()).collect::<Vec<_>>().join(" ")
        }
    };
    assert_eq!(codes("kien truc").await, "KM-01 KM-02");
    assert_eq!(codes("kiến trúc").await, "KM-01 KM-02");
    assert_eq!(codes("kiên trực").await, "KM-02 KM-01");
    assert_eq!(codes("dat dai").await, "KM-03 KM-01 KM-02");
    assert_eq!(codes("AN").await, "KM-03 KM-02");
    assert_eq!(codes("ân").await, "KM-02 KM-03");
    assert_eq!(codes("km-02").await, "KM-02");
    assert_eq!(codes("khủng long").await, "");
    assert_eq!(codes("% _ '").await, "");
    assert_eq!(codes("").await, "KM-03 KM-01 KM-02");

    let mut visitor = app.visitor();
    visitor.get("/khoa-hoc?q=kien+truc").await.is(200).says("2 khóa học có “kien truc”").says("/khoa-hoc/kien-truc");
    let none = visitor.get("/khoa-hoc?q=kh%E1%BB%A7ng+long+%3Cscript%3E").await;
    none.is(200).says("Không tìm thấy khóa học nào").says("&lt;script&gt;").says_not("<script>");
}

#[actix_web::test]
async fn open_lessons_are_for_everybody_and_show_no_key() {
    let app = support::app().await;
    let now = app.app.now();
    app.write(move |c| {
        classes::bring_in(c, now, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một")).map(drop)
    })
    .await;
    let mut visitor = app.visitor();
    visitor.get("/khoa-hoc/minh-hoa").await.is(200).says("Khóa minh họa").says("/khoa-hoc/minh-hoa/bai/bai-mot");
    let open = visitor.get("/khoa-hoc/minh-hoa/bai/bai-mot").await;
    open.is(200).says("Từ khóa một").says_not("Phải rồi").says_not("check-slot");
    let closed = visitor.get("/khoa-hoc/minh-hoa/bai/bai-hai").await;
    closed.is(403).says("dành cho học viên của lớp").says_not("chữ chữ");
    visitor.get("/khoa-hoc/minh-hoa/bai/khong-co").await.is(404);
    visitor.get("/khoa-hoc/khong-co").await.is(404);
    visitor.get("/khoa-hoc/khong-co/bai/bai-mot").await.is(404);
}

#[actix_web::test]
async fn files_of_a_course_keep_for_ever_and_may_not_act() {
    let app = support::app().await;
    let now = app.app.now();
    let edition = classes::kt01();
    let hash = edition.hash().to_owned();
    let (open, closed): (Vec<_>, Vec<_>) =
        edition.package().assets.iter().map(|a| a.path.clone()).partition(|path| edition.is_open_asset(path));
    app.write(move |c| classes::bring_in(c, now, &edition).map(drop)).await;
    let person = app.person_as("Học viên Minh họa", Role::Learner, "P01").await;
    let (mut visitor, mut learner) = (app.visitor(), app.sign_in(&person).await);
    let at = |address: &str, path: &str| format!("/khoa-hoc/kien-truc-chinh-phu-dien-tu/tai-nguyen/{address}/{path}");
    let own = |path: &str| at(&asset_address(&hash, path), path);
    let picture = visitor.get(&own(&open[0])).await;
    picture.is(200).says("<svg");
    assert_eq!(picture.header("content-type"), "image/svg+xml");
    assert_eq!(picture.header("cache-control"), "public, max-age=31536000, immutable");
    assert!(picture.header("content-security-policy").contains("sandbox"));
    for path in &closed {
        visitor.get(&own(path)).await.is(404);
        let mine = learner.get(&own(path)).await;
        mine.is(200);
        assert!(mine.header("cache-control").starts_with("private"));
        // Whoever has seen one file, or the beginning of the hash as older programs showed it, cannot tell where another is.
        for guess in [&asset_address(&hash, &open[0]), &hash[..ADDRESS_LENGTH]] {
            learner.get(&at(guess, path)).await.is(404);
        }
    }
    for wrong in ["khong-co.svg", "../course.toml", "%2e%2e/course.toml"] {
        visitor.get(&at(&asset_address(&hash, &open[0]), wrong)).await.is(404);
    }
    visitor.get(&at(&asset_address(&hash, &open[0])[..8], &open[0])).await.is(404);
    visitor.get(&at("%25", &open[0])).await.is(404);
    app.later(TimeDelta::days(1));
    visitor.get("/khoa-hoc/kien-truc-chinh-phu-dien-tu/bai/boi-canh-2015").await.is(200).says(&own(&open[0]));
}

#[actix_web::test]
async fn a_new_course_is_written_checked_and_imported_from_the_command_line() {
    let database = support::seeded_database().await;
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().display().to_string();
    let storage = database.folder.path().display().to_string();
    let settings = [("DATABASE__URL", database.url.as_str()), ("STORAGE__DIR", storage.as_str())];
    let new = ["course", "new", "mh-07", "Dữ liệu mở", "--in", place.as_str()];
    support::run(&[], &new).await.ended(0).says("MH-07-du-lieu-mo");
    let course = folder.path().join("MH-07-du-lieu-mo").display().to_string();
    let checked = support::run(&[], &["course", "check", &course]).await;
    checked.ended(0).says("1 bài học, 4 câu hỏi");
    assert_eq!(checked.out.lines().count(), 1, "the checker found something: {}", checked.out);
    // Nothing is written over.
    support::run(&[], &new).await.ended(2).says("đã có");
    // Its own note is taken unless another is given, and a fault keeps all of it out.
    support::run(&settings, &["course", "import", &course]).await.ended(0).says("MH-07: phiên bản 1");
    let lesson = folder.path().join("MH-07-du-lieu-mo/01-chuyen-de-mot/01-bai-mot.md");
    let text = std::fs::read_to_string(&lesson).unwrap();
    std::fs::write(&lesson, text.replace("[@tai-lieu-mot]", "[@khong-co]")).unwrap();
    support::run(&settings, &["course", "import", &course]).await.ended(1).says("01-bai-mot.md").says("chưa nhập gì");
    std::fs::write(&lesson, text.replace("một việc cụ thể", "hai việc cụ thể")).unwrap();
    support::run(&settings, &["course", "import", &course, "--note", "Thêm một việc"])
        .await
        .ended(0)
        .says("phiên bản 2");
    support::run(&settings, &["course", "list"]).await.ended(0).says("Bản đầu tiên").says("Thêm một việc");
}

/// What other programs read: these names and nothing else.
#[actix_web::test]
async fn the_checker_speaks_json_of_one_shape() {
    use serde_json::Value;
    let root = crate::sources::root();
    let fixture = |name: &str| root.join("tests/it/fixtures/courses").join(name).display().to_string();
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let good = support::run(&[], &["course", "check", "--json", &fixture("good")]).await;
    good.ended(0);
    let said: Value = serde_json::from_str(&good.out).expect("JSON and nothing else");
    let [one] = said.as_array().unwrap().as_slice() else { panic!("{said}") };
    assert_eq!(names(one), ["course", "faults", "folder", "ok"]);
    assert_eq!(names(&one["course"]), ["code", "hash", "lessons", "minutes", "questions", "title"]);
    assert_eq!((&one["ok"], one["course"]["hash"].as_str().unwrap().len()), (&Value::Bool(true), 64));

    let both = support::run(&[], &["course", "check", "--json", &fixture("broken"), &fixture("good")]).await;
    both.ended(1);
    let said: Value = serde_json::from_str(&both.out).expect("JSON and nothing else");
    assert_eq!(said.as_array().unwrap().len(), 2, "every folder, whatever is wrong with another");
    let broken = &said[0];
    assert_eq!((&broken["ok"], &broken["course"]), (&Value::Bool(false), &Value::Null));
    let faults = broken["faults"].as_array().unwrap();
    assert!(faults.len() > 20, "{}", faults.len());
    for fault in faults {
        assert_eq!(
            names(fault),
            ["code", "column", "file", "hint", "hint_en", "line", "reason", "reason_en", "severity"]
        );
        assert!(fault["line"].as_u64().is_some() && fault["column"].as_u64().is_some(), "{fault}");
        assert!(["error", "warning"].contains(&fault["severity"].as_str().unwrap()), "{fault}");
    }
}
