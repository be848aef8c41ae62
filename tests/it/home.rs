//! The first page and the menu of each role.

use chrono::TimeDelta;
use diesel::{RunQueryDsl as _, sql_query};
use nongcot::{
    access::{Actor, Role},
    learning::{actions as learning, model::Entry},
    platform::db::Moment,
};

use crate::{
    support::{self, TestApp, classes},
    targets_drill::table,
    targets_example::complete,
};

/// A small course with a run of the agency from November to the end of the year, and one learner in it.
async fn class_of(app: &TestApp, learner: &nongcot::accounts::model::Person) {
    let (now, person) = (Moment::from(support::monday() - TimeDelta::days(1)), learner.id);
    app.write(move |c| {
        let version = classes::bring_in(c, now, &classes::small("CB-08", "cb-08", "Khóa học Minh họa", "một"))?;
        let run = classes::run(c, now, "MH-1", version, "CDSQG", ("2026-11-01", "2026-12-31"))?;
        let early = classes::run(c, now, "MH-2", version, "CDSQG", ("2026-10-01", "2026-12-30"))?;
        for run in [run.id, early.id] {
            learning::enrol(c, now, &Actor::system(), run, person, &Entry::Listed)?;
        }
        complete(c, early.id, person, "cb-08", "2026-11-23 06:30:00", 3)
    })
    .await;
}

#[actix_web::test]
async fn a_learner_goes_on_and_reads_the_result_in_words() {
    let app = support::app().await;
    let learner = app.person("Học viên Minh họa", "P15-2025").await;
    class_of(&app, &learner).await;
    let page = app.sign_in(&learner).await.get("/").await;
    page.is(200).says("card-now").says("Bài một").says(" phút").says("Hạn cuối 31/12/2026").says("Bắt đầu học");
    page.says("Kết quả gần đây").says("Đạt</span>").says("23/11/2026");
    // Nothing about others, and a menu short enough to need no headings.
    page.says_not("Chỉ tiêu đang thực hiện").says_not("nav-grouped").says_not("Vận hành");
    // Their class belongs to their own classes in the menu.
    let class = app.sign_in(&learner).await.get("/lop/MH-1").await;
    class.is(200).says("<a href=\"/hoc\" aria-current=\"page\">");
    app.stop().await;
}

#[actix_web::test]
async fn an_instructor_sees_the_classes_and_what_the_law_has_overtaken() {
    let app = support::app().await;
    let learner = app.person("Học viên Minh họa", "P15-2025").await;
    class_of(&app, &learner).await;
    let instructor = app.person_as("Giảng viên Minh họa", Role::Instructor, "CDSQG").await;
    let other = app.person_as("Giảng viên Minh họa Khác", Role::Instructor, "P15-2025").await;
    let page = app.sign_in(&instructor).await.get("/").await;
    page.is(200).says("Lớp đang phụ trách").says("/lop/MH-1\"").says("1 học viên").says("01/11/2026 – 31/12/2026");
    page.says("Mọi khóa học đã được rà soát trong 6 tháng qua.");
    // Another agency's classes are not theirs.
    app.sign_in(&other).await.get("/").await.is(200).says("Không có lớp nào đang mở.").says_not("MH-1");
    app.later(TimeDelta::days(185));
    let later = app.sign_in(&instructor).await.get("/").await;
    later.is(200).says("rà soát 21/11/2026").says("/khoa-hoc/cb-08").says_not("/lop/MH-1\"");
    app.stop().await;
}

#[actix_web::test]
async fn an_auditor_searches_and_counts_and_an_administrator_sees_how_the_system_is() {
    let app = support::app().await;
    let auditor = app.person_as("Kiểm tra viên Minh họa", Role::Auditor, "CDSQG").await;
    let administrator = app.person_as("Quản trị Minh họa", Role::Administrator, "CDSQG").await;
    let page = app.sign_in(&auditor).await.get("/").await;
    page.is(200).says("action=\"/so-cap\" role=\"search\"").says("Chưa cấp giấy chứng nhận nào.");
    page.says("Không có giấy còn hiệu lực nào của kết quả đã bị hủy.").says("dòng đã niêm phong").says("Xem nhật ký");
    page.says_not("Tình trạng hệ thống");

    let page = app.sign_in(&administrator).await.get("/").await;
    page.is(200).says("Tình trạng hệ thống").says("tài khoản").says("Xem việc chạy nền").says("Cơ sở dữ liệu");
    // No records of learning for who keeps the machines.
    page.says_not("role=\"search\"").says_not("Số giấy theo năm");
    app.stop().await;
}

#[actix_web::test]
async fn a_long_menu_has_headings_and_marks_where_one_is() {
    let app = support::app().await;
    let officer = app.person_as("Cán bộ Minh họa", Role::Officer, "P15-2025").await;
    let mut browser = app.sign_in(&officer).await;
    let page = browser.get("/").await;
    page.is(200).says("nav-grouped");
    for heading in ["Học tập", "Tổ chức đào tạo", "Chỉ tiêu và báo cáo", "Hồ sơ"] {
        page.says(&format!("<span class=\"nav-group\">{heading}</span>"));
    }
    // Classes held elsewhere lie under the targets, not under the classes that begin alike.
    for (path, entry) in [
        ("/lop-ngoai", "/chi-tieu"),
        ("/lop", "/lop"),
        ("/don-vi/thay-doi", "/to-chuc"),
        ("/chuyen-gia", "/chuong-trinh"),
    ] {
        let page = browser.get(path).await;
        // Once in each of the two places of the menu, and nothing else of it.
        let text = page.is(200).text();
        assert_eq!(text.matches(&format!("<a href=\"{entry}\" aria-current=\"page\">")).count(), 2, "{path}");
        let header = text.split("<main").next().unwrap_or_default();
        assert_eq!(header.matches("aria-current").count(), 2, "{path}");
    }
    app.stop().await;
}

#[actix_web::test]
async fn an_auditor_sees_who_issued_as_it_stands_on_the_papers() {
    let (app, ..) = crate::certificates::journey().await;
    let auditor = app.person_as("Kiểm tra viên Minh họa", Role::Auditor, "CDSQG").await;
    let mut browser = app.sign_in(&auditor).await;
    let caption = "so-cap-theo-don-vi";
    let row = ["Cục Chuyển đổi số quốc gia", "1", "1", "0", "0"].map(str::to_owned).to_vec();
    let rows = table(&browser.get("/").await.text(), caption);
    assert_eq!(rows.get(1), Some(&row), "{rows:?}");
    // The body that it was then, under its name of then; and the sum is that of the years.
    app.write(|c| {
        sql_query(
            "INSERT INTO certificate_registers (issuer_id, year, paper_kind, symbol, last_number) \
             SELECT id, 2022, 'gcn', 'THH', 1 FROM units WHERE code = 'CTHH'",
        )
        .execute(c)?;
        sql_query("UPDATE certificates SET register_id = (SELECT id FROM certificate_registers WHERE year = 2022)")
            .execute(c)?;
        Ok(())
    })
    .await;
    assert_eq!(table(&browser.get("/").await.text(), caption).get(1), Some(&row), "kept for some minutes");
    app.later(TimeDelta::minutes(4));
    let page = browser.get("/").await.text();
    let rows = table(&page, caption);
    assert_eq!(rows[1][0], "Cục Tin học hóa", "{rows:?}");
    assert_eq!(rows.last().unwrap()[1..], table(&page, "so-cap-theo-nam").last().unwrap()[1..]);
    app.stop().await;
}

#[actix_web::test]
async fn a_coordinator_sees_the_map_of_the_target_that_needs_most_kept_for_some_minutes() {
    let (app, _) = crate::targets_pages::site().await;
    let coordinator = app.person_as("Điều phối Minh họa", Role::Coordinator, "CDSQG").await;
    let mut browser = app.sign_in(&coordinator).await;
    let page = browser.get("/").await;
    page.is(200).says("id=\"ban-do-title\"").says("href=\"/chi-tieu/minh-hoa-2026/loai/dia-phuong\"");
    page.says(">Hoàng</text>").says(">Trường</text>").says("Thấp nhất").says("Số liệu lúc 07:15 23/11/2026");
    assert_eq!(page.text().matches("class=\"tile tile-").count(), 36);
    app.later(TimeDelta::minutes(2));
    browser
        .get("/")
        .await
        .is(200)
        .says("Số liệu lúc 07:17 23/11/2026")
        .says("<p class=\"chart-source\">Số liệu lúc 07:15");
    app.later(TimeDelta::minutes(1));
    browser.get("/").await.is(200).says("<p class=\"chart-source\">Số liệu lúc 07:18");
    browser.post("/ngon-ngu", &[("locale", "en"), ("next", "/")]).await.is(303);
    browser.get("/").await.is(200).says("<h3>Lowest</h3>");
    // An auditor looks at records, not at where to push.
    let auditor = app.person_as("Kiểm tra viên Minh họa", Role::Auditor, "CDSQG").await;
    app.sign_in(&auditor).await.get("/").await.is(200).says_not("ban-do-title");
    app.stop().await;
}
