//! What the pages of targets show, and to whom.

use nongcot::{
    access::{Actor, Category, Role},
    platform::db::{Database, DbConn, Worth, look_over},
    targets::{
        actions,
        model::{Metric, NewTarget, TargetState},
        queries::{self, Asked, Scope, View},
    },
};

use crate::{
    records::{self, Completed, at, completed, fresh, write},
    support::{self, TestApp, classes},
    targets::{COMPLETED, assert_verified, day, days, figures, illustration, in_order, read},
};

#[tokio::test]
async fn the_list_behind_a_number_says_why() {
    let (db, _dir) = fresh().await;
    let example = in_order(&db).await;
    let held = example.clone();
    write(&db, move |c| {
        let mut event = held.event(&COMPLETED[4]);
        (event.course, event.occurred, event.recorded) = (held.courses["LD-03"], "2025-04-01", "2025-04-01");
        let id = completed(c, &event);
        actions::count_completion(c, id)
    })
    .await;
    let list = |asked: Asked, scope: Scope| {
        let (db, target) = (db.clone(), example.target.clone());
        async move {
            let page = read(&db, move |c| queries::records(c, &target, &scope, &asked, 1)).await;
            let rows = page
                .rows
                .iter()
                .map(|r| format!("{} {} {}", r.person_code, r.verdict, if r.seats_person { "người" } else { "-" }));
            (page.total, rows.collect::<Vec<_>>())
        }
    };
    let (total, rows) = list(Asked { counted: Some(true), ..Asked::default() }, Scope::Nation).await;
    assert_eq!(total, 8);
    assert_eq!(rows[..4], ["A counted người", "A counted -", "B counted người", "B counted -"]);
    let (total, _) = list(Asked { people_only: true, ..Asked::default() }, Scope::Nation).await;
    assert_eq!(total, 6);
    let (_, rows) = list(Asked { counted: Some(false), ..Asked::default() }, Scope::Nation).await;
    assert_eq!(rows, ["H voided -"]);
    let (_, rows) = list(Asked { search: "minh hoa a".to_owned(), ..Asked::default() }, Scope::Nation).await;
    assert_eq!(rows, ["A other-course -", "A counted người", "A counted -"]);
    let (_, rows) =
        list(Asked { search: "E".to_owned(), ..Asked::default() }, Scope::Units(vec![example.units["P15-2025"]])).await;
    assert!(rows.contains(&"E outside-period -".to_owned()), "{rows:?}");
    let (total, _) = list(Asked::default(), Scope::Units(vec![example.units["P10"]])).await;
    assert_eq!(total, 2);
    let target = example.target.clone();
    let behind =
        read(&db, move |c| queries::behind(c, &target, View::AsOf(day("2025-12-31")), example.units["P15-2025"])).await;
    assert_eq!(behind.iter().map(|(_, units)| units.len()).collect::<Vec<_>>(), [3]);
}

#[tokio::test]
async fn shipped_definitions_are_written_once_and_ended_ones_closed() {
    let (db, _dir) = fresh().await;
    let seed = |db: Database| async move {
        write(&db, |c| actions::seed_definitions(c, &Actor::system(), at("2026-11-21"))).await
    };
    let fresh_ones = seed(db.clone()).await;
    assert!(fresh_ones >= 4);
    assert_eq!(seed(db.clone()).await, 0);
    let shown = read(&db, |c| queries::list(c, false)).await;
    assert!(shown.iter().all(|t| t.state.is_counted()));
    assert_eq!(read(&db, |c| queries::list(c, true)).await.len(), fresh_ones);
    let old = read(&db, |c| queries::by_code(c, "chi-thi-02-2022")).await;
    assert_eq!((old.state, old.required, old.metric), (TargetState::Closed, 10_000, Metric::People));

    write(&db, |c| {
        records::course(c, "KT-01");
        actions::seed_illustration(c, &Actor::system(), at("2026-11-21"), 200, &["KT-01"])
    })
    .await;
    assert_eq!(write(&db, |c| actions::close_ended(c, at("2026-12-31 23:59:59"))).await, 0);
    assert_eq!(write(&db, |c| actions::close_ended(c, at("2027-01-01 00:00:00"))).await, 2);
    let plan = read(&db, |c| queries::by_code(c, "minh-hoa-2026")).await;
    assert_eq!(plan.state, TargetState::Closed);
    let id = plan.id;
    assert_eq!(read(&db, move |c| queries::course_codes(c, id)).await, ["KT-01"]);
    assert_verified(&db).await;
}

/// The app with the shipped organisations and definitions, a plan of the year, and one completion counted for Yên Bái.
pub async fn site() -> (TestApp, i64) {
    let app = support::app().await;
    let learner = app.person("Học viên Minh họa Một", "P15-2025").await;
    let person = learner.id.0;
    let course = app
        .write(move |c| {
            let course = records::course(c, "KT-01");
            let now = at("2026-11-23 07:15:00");
            actions::seed_definitions(c, &Actor::system(), now)?;
            actions::seed_illustration(c, &Actor::system(), now, 200, &["KT-01"])?;
            one_more(c, person, course, "P15-2025", "2026-11-02")?;
            Ok(course)
        })
        .await;
    (app, course)
}

pub fn one_more(
    c: &mut DbConn,
    person: i64,
    course: i64,
    unit: &str,
    occurred: &str,
) -> nongcot::platform::Result<i64> {
    let unit = support::unit_id(c, unit)?;
    let event = Completed {
        person,
        course,
        organiser: unit,
        unit,
        category: Category::Other,
        flagged: false,
        occurred,
        recorded: occurred,
    };
    let id = completed(c, &event);
    actions::count_completion(c, id)?;
    Ok(id)
}

#[actix_web::test]
async fn the_coordinator_sees_the_number_move_and_why() {
    let (app, course) = site().await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "BKHCN-2025").await;
    let second = app.person("Học viên Minh họa Hai", "P01").await.id.0;
    let mut browser = app.sign_in(&coordinator).await;

    let list = browser.get("/chi-tieu").await;
    list.is(200).says("Kế hoạch minh họa năm 2026").says("Còn thiếu 199 người").says("1/200: 0,5%").says("Minh họa");
    list.says("Chỉ thị 02/CT-TTg").says("Hệ thống không có dữ liệu của kỳ này").says_not("15.000 lượt");
    browser.get("/chi-tieu?tat-ca=1").await.is(200).says("15.000 lượt").says("Đã được thay thế");

    app.write(move |c| one_more(c, second, course, "P01-TTCNTT", "2026-11-23 07:00:00")).await;
    browser.get("/chi-tieu").await.is(200).says("Còn thiếu 198 người").says("2/200: 1%");

    let detail = browser.get("/chi-tieu/minh-hoa-2026").await;
    detail.is(200).says("2/34 đơn vị có số liệu").says("Theo ghi nhận").says("<svg").says("11/2026");
    let local = browser.get("/chi-tieu/minh-hoa-2026/loai/dia-phuong").await;
    local.is(200).says("Tỉnh Lào Cai").says("Thành phố Hà Nội").says("don-vi&#x3D;P01\"");
    browser
        .get("/chi-tieu/minh-hoa-2026?don-vi=P01")
        .await
        .is(200)
        .says("Trong Thành phố Hà Nội")
        .says("Sở Khoa học và Công nghệ");
    browser
        .get("/chi-tieu/minh-hoa-2026?xem=hom-nay&tu=2026-11-01&den=2026-11-15")
        .await
        .is(200)
        .says("01/11/2026")
        .says("1/34 đơn vị có số liệu");
    browser.get("/chi-tieu/minh-hoa-2026?tu=hom-qua").await.is(200).says("Ngày không đúng");
    browser.get("/chi-tieu/khong-co").await.is(404);
    browser.get("/chi-tieu/minh-hoa-2026?don-vi=KHONG-CO").await.is(404);

    let people = browser.get("/chi-tieu/minh-hoa-2026/nguoi?don-vi=P01").await;
    people
        .is(200)
        .says("Học viên Minh họa Hai")
        .says("Được tính")
        .says("Người được tính tại đây")
        .says_not("Học viên Minh họa Một");
    browser.get("/chi-tieu/chi-thi-02-2022/nguoi?tim=minh+hoa+mot").await.is(200).says("Không tính: ngoài kỳ");
    browser.post("/ngon-ngu", &[("locale", "en"), ("next", "/")]).await;
    for path in [
        "/chi-tieu",
        "/chi-tieu/minh-hoa-2026",
        "/chi-tieu/minh-hoa-2026/nguoi",
        "/chi-tieu/du-thao-2021-ngan-han-2030",
    ] {
        browser.get(path).await.is(200).says_not("targets-");
    }
    app.stop().await;
}

#[actix_web::test]
async fn an_officer_sees_the_own_agency_and_a_learner_nothing() {
    let (app, course) = site().await;
    let elsewhere = app.person("Học viên Minh họa Ba", "P01").await;
    let id = elsewhere.id.0;
    app.write(move |c| one_more(c, id, course, "P01", "2026-11-03")).await;
    let officer = app.person_as("Cán bộ Minh họa", Role::Officer, "P15-2025").await;
    let mut browser = app.sign_in(&officer).await;
    browser.get("/chi-tieu").await.is(200).says("Phần của đơn vị").says_not("Còn thiếu");
    for view in ["", "?xem=hom-nay"] {
        let detail = browser.get(&format!("/chi-tieu/minh-hoa-2026{view}")).await;
        detail.is(200).says("Tỉnh Lào Cai").says_not("Hà Nội");
    }
    browser.get("/chi-tieu/minh-hoa-2026/nguoi").await.is(200).says("Minh họa Một").says_not("Minh họa Ba");
    browser.get("/chi-tieu/minh-hoa-2026/nguoi?tim=minh+hoa").await.is(200).says_not("Minh họa Ba");
    for path in ["/chi-tieu/minh-hoa-2026?don-vi=P01", "/chi-tieu/minh-hoa-2026/nguoi?don-vi=P01"] {
        browser.get(path).await.is(404);
    }
    let mut learner = app.sign_in(&elsewhere).await;
    for path in ["/chi-tieu", "/chi-tieu/minh-hoa-2026", "/chi-tieu/minh-hoa-2026/nguoi"] {
        learner.get(path).await.is(403);
        app.visitor().get(path).await.is(303);
    }
    app.stop().await;
}

/// Needed, actual and forecast while the period runs; afterwards the result, and no days left.
#[actix_web::test]
async fn the_pace_of_a_running_target_and_the_result_of_a_closed_one() {
    let (app, course) = site().await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "BKHCN-2025").await;
    let mut browser = app.sign_in(&coordinator).await;
    let page = "/chi-tieu/minh-hoa-2026";
    // One in the four weeks 26/10 – 22/11, 199 missing, 39 days left.
    let shown = browser.get(page).await;
    shown.is(200).says("Cần mỗi tuần").says("35,8").says("còn thiếu 199 người, còn 39 ngày kể cả hôm nay");
    shown.says("bình quân bốn tuần 26/10/2026 – 22/11/2026: 0; 1; 0; 0").says("Không kịp trong kỳ");
    shown.says("chưa biết muộn nhất").says("class=\"band\"").says("class=\"pace\"");

    // Ten people a week in each of the four weeks, and a smaller plan: in time, with both ends of the band.
    app.write(move |c| {
        let plan =
            NewTarget { required: 60, period: days("2026-01-01", "2026-12-31"), ..illustration("nho-hon", &["KT-01"]) };
        actions::create(c, &Actor::system(), at("2026-01-01"), &plan)?;
        for n in 0..40 {
            let person = records::person(c, &format!("M{n}"));
            let day = ["2026-10-27", "2026-11-03", "2026-11-10", "2026-11-17"][n % 4];
            one_more(c, person, course, "P01", day)?;
        }
        // A plan of a fortnight has not seen four weeks.
        let short = NewTarget { period: days("2026-11-09", "2026-12-31"), ..illustration("moi-bat-dau", &["KT-01"]) };
        actions::create(c, &Actor::system(), at("2026-11-09"), &short).map(drop)
    })
    .await;
    app.run_jobs().await;
    let shown = browser.get("/chi-tieu/nho-hon").await;
    // 60 − 41 (one stands of 02/11): 19 missing, 40 and the one in four weeks.
    shown.is(200).says("còn thiếu 19 người").says(": 10; 11; 10; 10").says("Trong kỳ").says("06/12/2026");
    shown.says("sớm nhất 06/12/2026, muộn nhất 07/12/2026");
    let shown = browser.get("/chi-tieu/moi-bat-dau").await;
    shown.is(200).says("Chưa đủ dữ liệu").says("mới có 2").says_not("class=\"band\"");

    app.app.clock.set(at("2027-01-05").0);
    app.run_jobs().await;
    let mut browser = app.sign_in(&coordinator).await;
    app.write(|c| actions::close_ended(c, at("2027-01-05")).map(drop)).await;
    let shown = browser.get(page).await;
    shown.is(200).says("Kết thúc kỳ: thiếu 159 người").says_not("Cần mỗi tuần").says_not("Còn 0 ngày");
    shown.says_not("ngày kể cả hôm nay").says_not("class=\"pace\"").says_not("class=\"band\"");
    app.stop().await;
}

/// Each step of the way in people and in turns; what is unknown is said to be, not shown as nothing.
#[actix_web::test]
async fn the_funnel_adds_up_and_leaves_gaps_open() {
    use nongcot::learning::{actions as learning, model::Entry, queries as learnt};
    let app = support::app().await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "CDSQG").await;
    let mut people = Vec::new();
    for name in ["Xong", "Nhanh", "Đang học", "Bỏ dở"] {
        people.push(app.person(&format!("Học viên {name}"), "P01").await.id);
    }
    let target = app
        .write(move |c| {
            let now = at("2026-11-23 07:15:00");
            let version = classes::bring_in(c, now, &classes::small("KT-01", "kt-01", "Kiến trúc", "một"))?;
            let target = actions::seed_illustration(c, &Actor::system(), now, 200, &["KT-01"])?;
            let old = classes::run(c, at("2026-09-01"), "CU", version, "CDSQG", ("2026-09-01", "2026-10-31"))?.id;
            let new = classes::run(c, at("2026-11-01"), "MOI", version, "CDSQG", ("2026-11-01", "2026-12-31"))?.id;
            let begun = at("2026-11-02");
            for (index, run) in [(0, new), (0, old), (1, new), (2, new), (3, old)] {
                let on = if run == old { at("2026-09-02") } else { begun };
                learning::enrol(c, on, &Actor::system(), run, people[index], &Entry::Listed)?;
            }
            for (index, hours) in [(0, 2), (1, 0)] {
                let enrolment = learnt::enrolment_of(c, new, people[index])?.expect("an enrolment").id;
                for lesson in ["kt-01-mot", "kt-01-hai"] {
                    learning::open_lesson(c, begun, enrolment, lesson)?;
                    let end = begun + chrono::TimeDelta::hours(hours);
                    learning::complete_item(c, end, &Actor::system(), enrolment, lesson, &nongcot::site::OBSERVERS)?;
                }
            }
            Ok(target)
        })
        .await;
    let found = app
        .read(move |c| queries::funnel(c, target.id, target.period(), &Scope::Nation, at("2026-11-23 07:15:00")))
        .await;
    // Five enrolments of four people; "Xong" also stands in the class that is over.
    assert_eq!((found.enrolled, found.studying, found.left_open), (figures(5, 4), figures(1, 1), figures(2, 2)));
    assert_eq!((found.counted, found.not_counted, found.outside), (figures(1, 1), figures(1, 1), figures(0, 0)));
    assert_eq!(found.certified, figures(0, 0));
    app.run_jobs().await;
    let mut browser = app.sign_in(&coordinator).await;
    let page = browser.get("/chi-tieu/minh-hoa-2026").await;
    page.is(200).says("Cần đạt").says(">4 người · 2%</text>").says("Chưa có đợt phân bổ nào cho chỉ tiêu này");
    let list = browser.get("/chi-tieu/minh-hoa-2026/nguoi").await;
    list.is(200)
        .says("3 lượt ghi danh chưa hoàn thành")
        .says("Chưa tính: chưa hoàn thành")
        .says("Không tính: lớp đã kết thúc");
    list.says("Chưa tính: chờ xem xét vì học quá nhanh");
    browser
        .get("/chi-tieu/minh-hoa-2026/nguoi?tim=bo+do")
        .await
        .is(200)
        .says("Học viên Bỏ dở")
        .says_not("Học viên Đang");
    browser.get("/chi-tieu/minh-hoa-2026/nguoi?loai=tinh").await.is(200).says_not("Bỏ dở");
    app.stop().await;
}

/// Ten thousand who have not completed: all of them can be reached, by given name, with how many there are.
#[actix_web::test]
async fn those_who_have_not_completed_are_listed_page_by_page() {
    use diesel::RunQueryDsl as _;
    use nongcot::platform::text::person_sort_key;
    let app = support::app().await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "CDSQG").await;
    let first = app.person("Học viên Minh họa Ân", "P01").await.id;
    let last = app.person("Học viên Minh họa Yến", "P01").await.id;
    // In several writes: none may take as long as a writer's patience, on a busy machine either.
    let version = app
        .write(move |c| {
            let now = at("2026-11-23 07:15:00");
            let version = classes::bring_in(c, now, &classes::small("KT-01", "kt-01", "Kiến trúc", "một"))?;
            actions::seed_illustration(c, &Actor::system(), now, 200, &["KT-01"])?;
            Ok(version)
        })
        .await;
    app.write(move |c| {
        let run = classes::run(c, at("2026-11-01"), "MOI", version, "CDSQG", ("2026-11-01", "2026-12-31"))?.id;
        for person in [last, first] {
            let how = nongcot::learning::model::Entry::Listed;
            nongcot::learning::actions::enrol(c, at("2026-11-02"), &Actor::system(), run, person, &how)?;
        }
        let middle = person_sort_key("Học viên", "Minh");
        diesel::sql_query(format!(
            "INSERT INTO people (code, family_names, given_name, sort_key, folded, created_at) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9998) \
             SELECT 'dong-' || i, 'Học viên ' || i, 'Minh', '{middle}', 'minh', created_at FROM n, people WHERE people.id = {first}"
        ))
        .execute(c)?;
        diesel::sql_query(format!(
            "INSERT INTO enrolments (run_id, person_id, unit_id, category, position, enrolled_at, state) \
             SELECT e.run_id, p.id, e.unit_id, e.category, e.position, e.enrolled_at, e.state FROM people p, enrolments e \
             WHERE p.code LIKE 'dong-%' AND e.person_id = {first}"
        ))
        .execute(c)?;
        Ok(())
    })
    .await;
    app.write(|c| {
        diesel::sql_query(
            "INSERT INTO completion_events (kind, person_id, course_id, version_id, run_id, organiser_id, unit_id, position, category, is_flagged, \
             occurred_at, recorded_at) SELECT 'completed', p.id, r.course_id, r.version_id, r.id, r.unit_id, e.unit_id, e.position, e.category, false, \
             e.enrolled_at, e.enrolled_at FROM people p, enrolments e, class_runs r WHERE p.code LIKE 'dong-%' AND e.person_id = p.id AND r.id = e.run_id",
        )
        .execute(c)?;
        // As the job does that looks at what has grown.
        look_over(c, Worth::All)?;
        Ok(())
    })
    .await;
    // The first pages are found by walking the people, the later ones by putting the whole list in order.
    app.read(|c| {
        let target = queries::by_code(c, "minh-hoa-2026")?;
        let unit = vec![support::unit_id(c, "P01")?];
        for scope in [Scope::Nation, Scope::Units(unit.clone()), Scope::ByDay(vec![(target.period(), unit)])] {
            for page in [1, 2, 20, 21, 100] {
                let place = |n: i64| (page - 1) * queries::RECORDS_A_PAGE + n;
                let open = queries::open_enrolments(c, &target, &scope, "", page)?.rows;
                for (n, one) in (0..).zip(&open).filter(|(n, _)| place(*n) > 0) {
                    assert_eq!(one.name, format!("Học viên {} Minh", place(n)), "{scope:?}");
                }
                let done = queries::records(c, &target, &scope, &Asked::default(), page)?;
                for (n, one) in (1..).zip(&done.rows) {
                    assert_eq!(one.name, format!("Học viên {} Minh", place(n)), "{scope:?}");
                }
                assert_eq!((open.len(), done.rows.len(), done.total), (50, 50, 9998));
            }
        }
        Ok(())
    })
    .await;
    let mut browser = app.sign_in(&coordinator).await;
    let page = "/chi-tieu/minh-hoa-2026/nguoi";
    let one = browser.get(page).await;
    one.is(200).says("10.000 lượt ghi danh chưa hoàn thành").says("Minh họa Ân").says_not("Minh họa Yến");
    one.says("trang-chua-xong&#x3D;2#chua-xong").says("Trang 1/200");
    let end = browser.get(&format!("{page}?trang-chua-xong=200")).await;
    end.is(200).says("Minh họa Yến").says_not("Minh họa Ân").says("trang-chua-xong&#x3D;199#chua-xong");
    browser.get(&format!("{page}?trang-chua-xong=201")).await.is(200);
    // One more than are counted one by one.
    let more = app.person("Học viên Minh họa Ý", "P01").await.id;
    app.write(move |c| {
        let run = nongcot::learning::queries::run_with_enrolment(c, "MOI", more)?.0.id;
        let how = nongcot::learning::model::Entry::Listed;
        nongcot::learning::actions::enrol(c, at("2026-11-02"), &Actor::system(), run, more, &how)
    })
    .await;
    browser.get(page).await.is(200).says("Hơn 10.000 lượt ghi danh chưa hoàn thành").says("Minh họa Ân");
    app.stop().await;
}
