//! Who is late is written to once a day, by whoever; and only by those whose people they are.

use chrono::TimeDelta;
use nongcot::{
    access::{Actor, Permission, Role},
    accounts::model::Person,
    learning::{actions as learning, model::Entry},
    reminders::{
        actions as reminders,
        model::{BatchKind, Chosen, Standing},
        queries,
    },
    targets::{actions, queries as targets},
};

use crate::{
    records::at,
    support::{self, Client, TestApp, classes, classes::as_person},
    targets_drill::table,
};

/// Three learners of Lào Cai and one of Hà Nội: "Một" and "Hai" in a class that ends on 30/11/2026, "Ba" of a class that ended on
/// 15/11/2026 and "Tư" in both; Sơn's class ends next year.
struct Late {
    app: TestApp,
    people: Vec<Person>,
    officer: Person,
    coordinator: Person,
}

async fn late() -> Late {
    let app = support::app().await;
    let officer = app.person_as("Cán bộ Minh họa", Role::Officer, "P15-2025").await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "CDSQG").await;
    let mut people = Vec::new();
    for (name, unit) in
        [("Một", "P15-2025"), ("Hai", "P15-2025"), ("Ba", "P15-2025"), ("Tư", "P01"), ("Sơn", "P15-2025")]
    {
        people.push(app.person(&format!("Học viên Minh họa {name}"), unit).await);
    }
    let ids: Vec<_> = people.iter().map(|p| p.id).collect();
    app.write(move |c| {
        use diesel::RunQueryDsl as _;
        diesel::sql_query("UPDATE people SET email = user_name || '@example.gov.vn'").execute(c)?;
        let now = at("2026-11-23 07:15:00");
        let version = classes::bring_in(c, now, &classes::small("KT-01", "kt-01", "Kiến trúc", "một"))?;
        let runs = [
            classes::run(c, at("2026-11-01"), "SAP", version, "CDSQG", ("2026-11-01", "2026-11-30"))?.id,
            classes::run(c, at("2026-10-01"), "QUA", version, "CDSQG", ("2026-10-01", "2026-11-15"))?.id,
            classes::run(c, at("2026-11-01"), "XA", version, "CDSQG", ("2026-11-01", "2027-03-31"))?.id,
        ];
        for (person, run) in [(0, 0), (1, 0), (2, 1), (3, 0), (3, 1), (4, 2)] {
            let on = if run == 1 { at("2026-10-02") } else { at("2026-11-02") };
            learning::enrol(c, on, &Actor::system(), runs[run], ids[person], &Entry::Listed)?;
        }
        Ok(())
    })
    .await;
    Late { app, people, officer, coordinator }
}

async fn press(browser: &mut Client, path: &str, fields: &[(&str, &str)]) -> String {
    let reply = browser.post(path, fields).await;
    reply.is(303);
    reply.location()
}

async fn inbox(app: &TestApp, person: &Person) -> Vec<String> {
    let id = person.id;
    let found = app.read(move |c| nongcot::notifications::queries::inbox(c, id, None, 50)).await;
    found
        .into_iter()
        .map(|notice| notice.message.key.into_owned())
        .filter(|key| key.starts_with("reminders-"))
        .collect()
}

#[actix_web::test]
async fn one_press_writes_to_everybody_late_and_nobody_twice_in_a_day() {
    let Late { app, people, officer, coordinator } = late().await;
    let mut browser = app.sign_in(&officer).await;
    let list = browser.get("/don-doc").await;
    list.is(200)
        .says("3 lượt học của 3 người")
        .says("Còn 7 ngày")
        .says("Quá hạn 8 ngày")
        .says("Gửi nhắc tất cả (3 người)");
    list.says("Minh họa Một").says_not("Minh họa Tư").says_not("Minh họa Sơn").says_not("Đã nhắc hôm nay");
    // The first thing of the officer's day says so, too.
    browser.get("/").await.is(200).says("3 học viên sắp đến hạn hoặc quá hạn").says("Gửi nhắc tất cả (3 người)");

    // Nobody chosen is said, and nothing is sent.
    assert_eq!(press(&mut browser, "/don-doc", &[("viec", "chon")]).await, "/don-doc");
    browser.get("/don-doc").await.is(200).says("Chưa chọn ai để nhắc");
    // One is chosen; a learner of another agency is not among those one may write to.
    let chosen = [("viec", "chon"), ("chon", people[0].code.as_str()), ("chon", people[3].code.as_str())];
    let batch = press(&mut browser, "/don-doc", &chosen).await;
    browser.get(&batch).await.is(200).says("Đang gửi");
    app.run_jobs().await;
    let done = browser.get(&batch).await;
    done.is(200).says("Đã gửi").says(">1</span>").says(">0</span>");
    assert_eq!(inbox(&app, &people[0]).await, ["reminders-learner-due"]);
    assert!(inbox(&app, &people[3]).await.is_empty());
    browser.get("/don-doc").await.is(200).says("Đã nhắc hôm nay");

    // All of the nation, by somebody else: who was written to today is left out, and the page says so.
    let mut nation = app.sign_in(&coordinator).await;
    nation.get("/don-doc").await.is(200).says("5 lượt học của 4 người").says("Đã nhắc hôm nay");
    let all = press(&mut nation, "/don-doc", &[("viec", "tat-ca")]).await;
    app.run_jobs().await;
    let page = nation.get(&all).await;
    page.is(200).says("hôm nay đã được nhắc");
    assert!(page.text().contains(">3</span>") && page.text().contains(">1</span>"), "{}", page.text());
    assert_eq!(inbox(&app, &people[0]).await.len(), 1);
    assert_eq!(inbox(&app, &people[2]).await, ["reminders-learner-over"]);
    // In two classes, one letter; about the one that ended first.
    assert_eq!(inbox(&app, &people[3]).await, ["reminders-learner-over"]);
    assert!(inbox(&app, &people[4]).await.is_empty());
    // A letter leaves for each of them.
    let letters = app.letters();
    assert_eq!(letters.iter().filter(|letter| letter.contains("kết thúc ngày")).count(), 4, "{letters:#?}");

    // Just before midnight it is still the same day in Viet Nam; after it another.
    app.app.clock.set(at("2026-11-23 23:59:00").0);
    let mut browser = app.sign_in(&officer).await;
    press(&mut browser, "/don-doc", &[("viec", "tat-ca")]).await;
    app.run_jobs().await;
    assert_eq!(inbox(&app, &people[1]).await.len(), 1);
    app.app.clock.set(at("2026-11-24 00:01:00").0);
    press(&mut browser, "/don-doc", &[("viec", "tat-ca")]).await;
    app.run_jobs().await;
    assert_eq!(inbox(&app, &people[1]).await.len(), 2);
    // A batch is its sender's alone.
    browser.get(&all).await.is(404);
    app.stop().await;
}

#[actix_web::test]
async fn a_job_that_breaks_off_and_two_at_once_write_once() {
    let Late { app, people, officer, coordinator } = late().await;
    let day: chrono::NaiveDate = "2026-11-23".parse().unwrap();
    let mut batches = Vec::new();
    for who in [&officer, &coordinator] {
        let (by, now) = (as_person(who.id), app.app.now());
        let code = app.write(move |c| reminders::ask(c, &by, now, BatchKind::Learners, None, Chosen::All)).await;
        let batch = app.read(move |c| queries::batch_by_code(c, &code)).await;
        let id = batch.id;
        app.write(move |c| reminders::begin(c, id, 3, 0)).await;
        batches.push(batch);
    }
    let letters: Vec<_> = people[..3]
        .iter()
        .map(|person| reminders::Letter {
            person: person.id,
            message: nongcot::platform::i18n::Message::new("reminders-learner-due")
                .with("class", "Lớp minh họa")
                .with("date", "30/11/2026"),
            href: "/hoc".to_owned(),
        })
        .collect();
    // The same again and again, from both batches side by side.
    let sends: Vec<_> = (0..12)
        .map(|n| {
            let (app, letters, id) = (app.app.clone(), letters.clone(), batches[n % 2].id);
            tokio::spawn(async move {
                let now = app.now();
                app.db.write("test", move |c| reminders::send(c, now, day, id, &letters)).await.unwrap();
            })
        })
        .collect();
    for send in sends {
        send.await.unwrap();
    }
    for person in &people[..3] {
        assert_eq!(inbox(&app, person).await.len(), 1, "{}", person.code);
    }
    // Then the jobs run as they would have, and count what each of them did.
    app.run_jobs().await;
    let ids: Vec<_> = batches.iter().map(|batch| batch.id).collect();
    let found = app.read(move |c| ids.into_iter().map(|id| queries::batch(c, id)).collect::<Result<Vec<_>, _>>()).await;
    assert_eq!(found.iter().map(|batch| batch.sent).sum::<i64>(), 4, "each of the four once: {found:?}");
    assert!(found.iter().all(|batch| batch.finished_at.is_some() && batch.sent + batch.skipped == batch.total));
    app.stop().await;
}

#[actix_web::test]
async fn who_must_train_how_many_by_when_and_whom_to_call() {
    let (app, course) = crate::targets_pages::site().await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "CDSQG").await;
    let officer = app.person_as("Cán bộ Lào Cai", Role::Officer, "P15-2025").await;
    let both = app.person_as("Cán bộ Hai nơi", Role::Officer, "P01").await;
    let (officer_id, both_id) = (officer.id, both.id);
    app.write(move |c| {
        use diesel::RunQueryDsl as _;
        diesel::sql_query(format!(
            "UPDATE people SET phone = '+84912345678', email = 'mot@example.gov.vn' WHERE id = {}",
            officer_id.0
        ))
        .execute(c)?;
        let unit = support::unit_id(c, "P04")?;
        let now = at("2026-11-23 07:15:00");
        nongcot::accounts::actions::grant_role(c, &Actor::system(), now, both_id, Role::Officer, Some(unit))?;
        let target = targets::by_code(c, "minh-hoa-2026")?;
        diesel::sql_query(format!(
            "UPDATE targets SET required_leaders = 40, required_technology = 60, required_other = 100 WHERE id = {}",
            target.id.0
        ))
        .execute(c)?;
        let mut new = crate::quotas::round_of("dot-chi-tieu", 130);
        new.target = Some(target.id);
        let round = actions::quotas::open_round(c, &Actor::system(), now, &new)?;
        let rows = [("P15-2025", 10), ("P01", 1), ("P04", 20), ("P11", 5)];
        crate::quotas::give(c, &Actor::system(), round.id, None, &rows).map(drop)
    })
    .await;
    let person = app.person("Học viên Hà Nội", "P01").await.id.0;
    app.write(move |c| crate::targets_pages::one_more(c, person, course, "P01", "2026-11-03")).await;

    let path = "/don-doc/chi-tieu/minh-hoa-2026";
    let mut browser = app.sign_in(&coordinator).await;
    let page = browser.get(path).await;
    page.is(200)
        .says("Hạn của chỉ tiêu: 31/12/2026")
        .says("0912 345 678")
        .says("tel:+84912345678")
        .says("Cán bộ Lào Cai");
    let rows: Vec<Vec<String>> = table(&page.text(), "ds-don-vi").into_iter().skip(1).collect();
    // Cao Bằng misses most, then Lào Cai; Hà Nội has what it was given and is not here.
    let shown: Vec<_> = rows.iter().take(3).map(|r| [1, 2, 3, 4].map(|at| r[at].clone())).collect();
    let parts =
        |a, b, c| format!("Lãnh đạo, quản lý: {a}Chuyên trách công nghệ: {b}Công chức, viên chức, người lao động: {c}");
    assert_eq!(shown[0], ["20".to_owned(), "0".into(), "20".into(), parts(4, 6, 10)]);
    // Ten of which one was trained, among the others: two, three and four are missing.
    assert_eq!(shown[1], ["10".to_owned(), "1".into(), "9".into(), parts(2, 3, 4)]);
    assert_eq!(shown[2][0], "5");
    assert!(rows[0][0].starts_with("Tỉnh Cao Bằng Chậm") && rows[2][7].contains("Chưa có"), "{rows:?}");
    assert!(!page.text().contains(">Thành phố Hà Nội<"));
    let none = browser.get(&format!("{path}?muc=chua-co")).await;
    none.is(200).says("Tỉnh Cao Bằng").says("Bộ Tài chính").says("Cán bộ Hai nơi").says_not("Tỉnh Lào Cai</span>");

    let standings = app
        .read(|c| {
            let target = targets::by_code(c, "minh-hoa-2026")?;
            let found = queries::short(c, &target, at("2026-11-23 07:15:00"))?;
            Ok(found.into_iter().map(|s| (s.agency.unit.code, s.standing)).collect::<Vec<_>>())
        })
        .await;
    assert_eq!(standings[0], ("P04".to_owned(), Standing::Behind));
    // All that are behind or without figures: each officer once, though two agencies are one's.
    let batch = press(&mut browser, path, &[("viec", "tat-ca")]).await;
    app.run_jobs().await;
    let done = browser.get(&batch).await;
    done.is(200).says("Chưa có cán bộ phụ trách");
    assert!(done.text().contains(">2</span>"), "{}", done.text());
    assert_eq!(inbox(&app, &officer).await, ["reminders-agency-short"]);
    assert_eq!(inbox(&app, &both).await, ["reminders-agency-short"]);
    let again = press(&mut browser, path, &[("viec", "chon"), ("chon", "P15-2025")]).await;
    app.run_jobs().await;
    browser.get(&again).await.is(200).says("hôm nay đã được nhắc");
    assert_eq!(inbox(&app, &officer).await.len(), 1);
    let letter = app.letters().into_iter().find(|letter| letter.contains("còn thiếu 9")).expect("a letter");
    assert!(letter.contains("Tỉnh Lào Cai"), "{letter}");

    // The national page and the first page say how many.
    for path in ["/chi-tieu", "/"] {
        let page = browser.get(path).await;
        page.is(200).says("3 đơn vị chậm so với chỉ tiêu được giao").says("đơn vị chưa có số liệu");
    }
    // An officer reminds nobody but learners; an auditor nobody; a learner has no such page.
    let mut other = app.sign_in(&officer).await;
    other.get(path).await.is(403);
    other.post(path, &[("viec", "tat-ca")]).await.is(403);
    let auditor = app.person_as("Kiểm tra viên Minh họa", Role::Auditor, "CDSQG").await;
    let mut reads = app.sign_in(&auditor).await;
    reads.get(path).await.is(403);
    reads.get("/don-doc").await.is(403);
    reads.get("/").await.is(200).says_not("/don-doc/");
    assert!(!Role::Auditor.permissions().contains(&Permission::Remind));
    app.later(TimeDelta::days(1));
    app.stop().await;
}
