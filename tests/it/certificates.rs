//! Certificates: numbers without gaps under any race, a paper that never changes, revocation, and a lookup that shows no more than it
//! may.

use std::collections::BTreeSet;

use diesel::{prelude::*, sql_query};
use nongcot::{
    access::{Actor, Category, Role, UnitId},
    certificates::{
        actions,
        jobs::render,
        model::{Certificate, CertificateState, Decision, Lookup, Signer, grouped},
        queries,
    },
    platform::{
        db::{Database, DbConn},
        error::Error,
    },
};

use crate::{
    records::{self, Completed, at, changed, fresh, write},
    support::{self, TestApp},
};

pub fn lookup() -> Lookup {
    Lookup { page: "http://localhost:8080/tra-cuu".to_owned() }
}

/// One class of one course, and the units of the holders and the issuer.
#[derive(Clone, Copy)]
pub struct Class {
    course: i64,
    version: i64,
    run: i64,
    unit: UnitId,
}

pub fn class(c: &mut DbConn) -> Class {
    let ministry = records::unit(c, "BKHCN-2025", "ministry", Some("2025-03-01"), None);
    let old = records::unit(c, "BTTTT", "ministry", Some("2007-07-31"), Some("2025-02-28"));
    let before = records::unit(c, "CTHH", "directorate", Some("2007-07-31"), Some("2022-07-25"));
    let issuer = records::unit(c, "CDSQG", "directorate", Some("2022-07-26"), None);
    records::succeeded(c, before, issuer, 0);
    records::placed(c, before, old, Some("2007-07-31"), Some("2022-07-25"));
    records::placed(c, issuer, old, Some("2022-07-26"), Some("2025-02-28"));
    records::placed(c, issuer, ministry, Some("2025-03-01"), None);
    let unit = records::unit(c, "P15-2025", "province", Some("2025-07-01"), None);
    let course = records::course(c, "KT-01");
    class_in(c, course, unit)
}

fn class_in(c: &mut DbConn, course: i64, unit: UnitId) -> Class {
    let (version, run) = records::version_and_run(c, course, unit);
    Class { course, version, run, unit }
}

/// A completion of a new person, as learning writes it.
pub fn finish(c: &mut DbConn, class: Class, person: i64, flagged: bool) -> i64 {
    let event = Completed {
        person,
        course: class.course,
        organiser: class.unit,
        unit: class.unit,
        category: Category::Other,
        flagged,
        occurred: "2026-11-20",
        recorded: "2026-11-20",
    };
    records::enrolled_and_completed(c, class.run, class.version, &event)
}

pub async fn issue(db: &Database, now: &'static str, completion: i64) -> Option<Certificate> {
    write(db, move |c| actions::issue(c, at(now), completion, &lookup())).await
}

pub async fn faults(db: &Database) -> Vec<String> {
    db.read(queries::verify).await.unwrap()
}

#[tokio::test]
async fn forty_at_once_get_forty_numbers_without_a_gap() {
    let (db, _held) = fresh().await;
    let completions = write(&db, |c| {
        let class = class(c);
        Ok((0..40)
            .map(|n| {
                let person = records::person(c, &format!("N{n}"));
                finish(c, class, person, false)
            })
            .collect::<Vec<_>>())
    })
    .await;
    let mut running = tokio::task::JoinSet::new();
    // Each is asked for twice at once: a job may run twice.
    for completion in completions.iter().chain(&completions).copied() {
        let db = db.clone();
        running.spawn(async move {
            db.write("test", move |c| actions::issue(c, at("2026-11-21"), completion, &lookup()))
                .await
                .map(|x| x.unwrap())
        });
    }
    let mut numbers = BTreeSet::new();
    while let Some(done) = running.join_next().await {
        // The second of a pair either finds the first or fails and changes nothing.
        if let Ok(certificate) = done.unwrap() {
            numbers.insert(certificate.register_number);
        }
    }
    let expected: BTreeSet<String> = (1..=40).map(|n| format!("{n:06}/2026/GCN-CĐSQG")).collect();
    assert_eq!(numbers, expected);
    assert_eq!(faults(&db).await, Vec::<String>::new());
    // The order of the numbers is the order of issue.
    let ids: Vec<i64> = db
        .read(|c| {
            use nongcot::platform::db::schema::certificates;
            Ok::<_, Error>(certificates::table.order(certificates::number.asc()).select(certificates::id).load(c)?)
        })
        .await
        .unwrap();
    assert_eq!(ids.len(), 40);
}

#[tokio::test]
async fn a_number_whose_transaction_fails_is_given_again() {
    let (db, _held) = fresh().await;
    let (first, second) = write(&db, |c| {
        let class = class(c);
        let (a, b) = (records::person(c, "A"), records::person(c, "B"));
        Ok((finish(c, class, a, false), finish(c, class, b, false)))
    })
    .await;
    let crashed: Result<(), Error> = db
        .write("test", move |c| {
            actions::issue(c, at("2026-11-21"), first, &lookup())?;
            Err(Error::internal("the lights go out"))
        })
        .await;
    assert!(crashed.is_err());
    let panicked: Result<(), Error> = db
        .write("test", move |c| {
            actions::issue(c, at("2026-11-21"), first, &lookup())?;
            panic!("a panic in the middle of the transaction, as the test wants it")
        })
        .await;
    assert!(panicked.is_err());
    assert_eq!(issue(&db, "2026-11-21", second).await.unwrap().register_number, "000001/2026/GCN-CĐSQG");
    assert_eq!(issue(&db, "2026-11-21", first).await.unwrap().register_number, "000002/2026/GCN-CĐSQG");
    assert_eq!(faults(&db).await, Vec::<String>::new());
}

#[tokio::test]
async fn registers_go_by_issuer_and_year() {
    let (db, _held) = fresh().await;
    let completions = write(&db, |c| {
        let class = class(c);
        Ok(["A", "B", "C", "D"].map(|code| {
            let person = records::person(c, code);
            finish(c, class, person, false)
        }))
    })
    .await;
    let mut numbers = Vec::new();
    for (completion, now) in
        completions.into_iter().zip(["2022-07-25", "2022-07-26", "2026-12-31 23:59:59", "2027-01-01 00:00:00"])
    {
        let certificate = issue(&db, now, completion).await.unwrap();
        numbers.push((certificate.register_number.clone(), certificate.paper().unwrap().superior_body));
    }
    let (old, new) = ("ĐƠN VỊ BTTTT".to_owned(), "ĐƠN VỊ BKHCN-2025".to_owned());
    assert_eq!(
        numbers,
        [
            ("000001/2022/GCN-THH".to_owned(), old.clone()),
            ("000001/2022/GCN-CĐSQG".to_owned(), old),
            ("000001/2026/GCN-CĐSQG".to_owned(), new.clone()),
            ("000001/2027/GCN-CĐSQG".to_owned(), new),
        ]
    );
}

#[tokio::test]
async fn only_what_stands_is_certified_and_only_once() {
    let (db, _held) = fresh().await;
    let (flagged, event) = write(&db, |c| {
        let class = class(c);
        let person = records::person(c, "A");
        Ok((finish(c, class, person, true), (class, person)))
    })
    .await;
    assert!(issue(&db, "2026-11-21", flagged).await.is_none(), "a flagged completion waits");
    let change = move |c: &mut DbConn, kind: &str| {
        let (class, person) = event;
        let event = Completed {
            person,
            course: class.course,
            organiser: class.unit,
            unit: class.unit,
            category: Category::Other,
            flagged: true,
            occurred: "2026-11-20",
            recorded: "2026-11-20",
        };
        changed(c, kind, flagged, &event, "2026-11-21");
    };
    write(&db, move |c| {
        change(c, "accepted");
        Ok(())
    })
    .await;
    let first = issue(&db, "2026-11-21", flagged).await.unwrap();
    assert_eq!(issue(&db, "2026-11-22", flagged).await.unwrap().id, first.id);

    write(&db, move |c| {
        change(c, "voided");
        Ok(())
    })
    .await;
    let waiting = db.read(|c| queries::awaiting_revocation(c, 10)).await.unwrap();
    assert_eq!(waiting.iter().map(|x| x.id).collect::<Vec<_>>(), [first.id]);
    let decision = Decision {
        decision_number: "12/QĐ-MH".to_owned(),
        decision_date: "2026-11-22".parse().unwrap(),
        reason: "Minh họa".to_owned(),
    };
    let (again, id) = (decision.clone(), first.id);
    let revoked = write(&db, move |c| actions::revoke(c, &Actor::system(), at("2026-11-22"), id, &decision)).await;
    assert_eq!(revoked.state, CertificateState::Revoked);
    let twice: Result<Certificate, Error> =
        db.write("test", move |c| actions::revoke(c, &Actor::system(), at("2026-11-22"), id, &again)).await;
    assert!(matches!(twice, Err(Error::Refused(_))));
    assert!(db.read(|c| queries::awaiting_revocation(c, 10)).await.unwrap().is_empty());
    assert_eq!(issue(&db, "2026-11-23", flagged).await.unwrap().id, first.id, "a job must not undo a decision");
    assert_eq!(faults(&db).await, Vec::<String>::new());
}

#[tokio::test]
async fn the_paper_stays_as_it_was_issued() {
    let (db, _held) = fresh().await;
    let completion = write(&db, |c| {
        let class = class(c);
        let signer = |from: &str, name: &str| Signer {
            from: from.parse().unwrap(),
            lines: vec!["KT. CỤC TRƯỞNG".to_owned(), "PHÓ CỤC TRƯỞNG".to_owned()],
            name: name.to_owned(),
        };
        let signers = [signer("2020-01-01", "Người ký Minh họa Một"), signer("2026-11-22", "Người ký Minh họa Hai")];
        actions::set_signers(c, &Actor::system(), at("2026-11-01"), &signers)?;
        let person = records::person(c, "Ánh");
        Ok(finish(c, class, person, false))
    })
    .await;
    let first = issue(&db, "2026-11-21", completion).await.unwrap();
    let paper = first.paper().unwrap();
    assert_eq!(paper.holder, "HỌC VIÊN MINH HỌA ÁNH");
    assert_eq!((paper.issuing_body.as_str(), paper.signer_name.as_str()), ("ĐƠN VỊ CDSQG", "Người ký Minh họa Một"));
    assert_eq!(paper.place_and_date, "Hà Nội, ngày 21 tháng 11 năm 2026");
    assert_eq!(
        (paper.from.as_str(), paper.to.as_str(), paper.duration.as_str()),
        ("01/11/2026", "20/11/2026", "2 giờ 15 phút")
    );
    assert_eq!(paper.legal_basis.as_deref(), Some("Theo Quyết định số 01/QĐ-MH"));
    assert_eq!(paper.lookup_url, format!("http://localhost:8080/tra-cuu/{}", first.code));
    let before = render(paper).await.unwrap();
    write(&db, |c| {
        sql_query("UPDATE units SET name_vi = 'Tên khác'").execute(c)?;
        sql_query("UPDATE people SET given_name = 'Khác'").execute(c)?;
        Ok(())
    })
    .await;
    let again = issue(&db, "2026-11-25", completion).await.unwrap();
    assert_eq!(render(again.paper().unwrap()).await.unwrap(), before, "the same bytes");
}

#[tokio::test]
async fn verify_names_what_is_wrong() {
    let (db, _held) = fresh().await;
    let completions = write(&db, |c| {
        let class = class(c);
        Ok(["A", "B", "C"].map(|code| {
            let person = records::person(c, code);
            finish(c, class, person, false)
        }))
    })
    .await;
    for completion in completions {
        issue(&db, "2026-11-21", completion).await.unwrap();
    }
    write(&db, |c| {
        sql_query(
            "DELETE FROM certificate_events WHERE certificate_id = (SELECT id FROM certificates WHERE number = 2)",
        )
        .execute(c)?;
        sql_query("DELETE FROM certificates WHERE number = 2").execute(c)?;
        sql_query("UPDATE certificates SET state = 'revoked' WHERE number = 3").execute(c)?;
        Ok(())
    })
    .await;
    let found = faults(&db).await.join("\n");
    assert!(found.contains("the numbers 2 are missing") && found.contains("it is revoked"), "{found}");
}

/// The app with the shipped organisations, a class and a completed course of a learner in the province.
pub async fn journey() -> (TestApp, nongcot::accounts::model::Person, i64) {
    let app = support::app().await;
    let learner = app.person("Học viên Minh họa Một", "P15-2025").await;
    let person = learner.id.0;
    let completion = app
        .write(move |c| {
            let unit = support::unit_id(c, "P15-2025")?;
            let course = records::course(c, "KT-99");
            let class = class_in(c, course, unit);
            let completion = finish(c, class, person, false);
            actions::request_issue(c, at("2026-11-23 07:15:00"), completion)?;
            Ok(completion)
        })
        .await;
    app.run_jobs().await;
    (app, learner, completion)
}

#[tokio::test]
async fn from_the_job_to_the_public_page() {
    let (app, learner, completion) = journey().await;
    let certificate = app.read(move |c| queries::of_completion(c, completion)).await.unwrap();
    assert!(certificate.file_id.is_some());
    let code = certificate.code.clone();

    // Anybody sees the name, the course, the dates, the issuer and the status, and nothing else.
    let mut visitor = app.visitor();
    let page = visitor.get(&format!("/tra-cuu/{code}")).await;
    page.is(200).says("Còn hiệu lực").says("HỌC VIÊN MINH HỌA MỘT").says("20/11/2026");
    let paper = certificate.paper().unwrap();
    page.says_not(&certificate.register_number);
    page.says_not(&paper.unit).says_not("Chuyên viên").says_not(&paper.serial_number);
    visitor.get(&format!("/tra-cuu?ma={}", grouped(&code))).await.is(303);
    visitor.get("/tra-cuu").await.is(200).says_not("Số vào sổ</label>");
    for unknown in ["00000000000000000000000000", "khong-co", "%27%20OR%201%3D1", &code[1..]] {
        visitor.get(&format!("/tra-cuu/{unknown}")).await.is(404).says("Không tìm thấy");
    }
    // By number only those who may see the register, and only within reach.
    visitor.get("/tra-cuu?so=000001/2026/GCN-C%C4%90SQG").await.is(200).says_not("Còn hiệu lực");
    visitor.get(&format!("/chung-nhan/{code}/pdf")).await.is(303);

    let mut own = app.sign_in(&learner).await;
    own.get("/chung-nhan").await.is(200).says(&certificate.register_number);
    let pdf = own.get(&format!("/chung-nhan/{code}/pdf")).await;
    pdf.is(200);
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert!(pdf.header("content-disposition").starts_with("attachment"));
    own.get("/so-cap").await.is(403);
    own.get(&format!("/so-cap/{code}")).await.is(403);

    let stranger = app.person("Học viên Minh họa Hai", "P15-2025").await;
    app.sign_in(&stranger).await.get(&format!("/chung-nhan/{code}/pdf")).await.is(404);
    app.stop().await;
}

#[tokio::test]
async fn the_register_is_seen_within_reach_and_revoked_by_decision() {
    let (app, learner, completion) = journey().await;
    let certificate = app.read(move |c| queries::of_completion(c, completion)).await.unwrap();
    let (code, number) = (certificate.code.clone(), certificate.register_number.clone());
    let entry = format!("/so-cap/{code}");

    let near = app.person_as("Cán bộ Minh họa Một", Role::Officer, "P15-2025").await;
    let far = app.person_as("Cán bộ Minh họa Hai", Role::Officer, "P01").await;
    let auditor = app.person_as("Người đối soát Minh họa", Role::Auditor, "P01").await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "P01").await;
    let mut near = app.sign_in(&near).await;
    near.get("/so-cap?tim=hoc+vien+minh").await.is(200).says(&number);
    near.get(&entry).await.is(200).says_not("decision_number");
    near.get(&format!("/chung-nhan/{code}/pdf")).await.is(200);
    let mut far = app.sign_in(&far).await;
    far.get("/so-cap").await.is(200).says_not(&number);
    far.get(&entry).await.is(404);
    far.get(&format!("/chung-nhan/{code}/pdf")).await.is(404);
    far.get("/tra-cuu?so=000001/2026/GCN-C%C4%90SQG").await.is(404).says("Không tìm thấy");
    let mut auditor = app.sign_in(&auditor).await;
    auditor.get("/tra-cuu?so=000001/2026/GCN-C%C4%90SQG").await.is(303);
    auditor.get(&entry).await.is(200).says_not("decision_number");
    let fields = [("decision_number", "12/QĐ-MH"), ("decision_date", "2026-11-23"), ("reason", "Minh họa thu hồi")];
    auditor.post(&format!("{entry}/thu-hoi"), &fields).await.is(403);

    let mut coordinator = app.sign_in(&coordinator).await;
    coordinator.get(&entry).await.is(200).says("decision_number");
    let broken = [("decision_number", ""), ("decision_date", "2027-01-01"), ("reason", "đã gõ")];
    coordinator.post(&format!("{entry}/thu-hoi"), &broken).await.is(422).says("đã gõ").says("Nhập số quyết định");
    coordinator.post(&format!("{entry}/thu-hoi"), &fields).await.is(303);
    coordinator.get(&entry).await.is(200).says("Minh họa thu hồi").says("Đã thu hồi");
    coordinator.get("/so-cap?trang-thai=revoked&tim=000001/2026").await.is(200).says(&number);
    for none in ["trang-thai=valid", "trang-thai=cho-thu-hoi", "tim=000002", "trang=9"] {
        coordinator.get(&format!("/so-cap?{none}")).await.is(200).says_not(&number);
    }

    app.visitor()
        .get(&format!("/tra-cuu/{code}"))
        .await
        .is(200)
        .says("Đã thu hồi")
        .says("12/QĐ-MH")
        .says("23/11/2026")
        .says_not("Minh họa thu hồi");
    app.sign_in(&learner).await.get(&format!("/chung-nhan/{code}/pdf")).await.is(409);
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
    app.stop().await;
}

#[tokio::test]
async fn a_certificate_waits_for_its_signer_and_is_asked_for_when_one_is_named() {
    let (db, held) = fresh().await;
    let completion = write(&db, |c| {
        sql_query("DELETE FROM settings WHERE key = 'certificates.signers'").execute(c)?;
        let class = class(c);
        let person = records::person(c, "Ánh");
        Ok(finish(c, class, person, false))
    })
    .await;
    assert!(issue(&db, "2026-11-21", completion).await.is_none(), "a paper that nobody signs");
    let folder = held.folder.path().display().to_string();
    let settings = [("DATABASE__URL", held.url.as_str()), ("STORAGE__DIR", folder.as_str())];
    support::run(&settings, &["signer", "list"]).await.ended(0).says("Chưa chỉ định người ký");
    let title = ["--title", "KT. CỤC TRƯỞNG", "--title", "PHÓ CỤC TRƯỞNG"];
    let add = [&["signer", "add", "--from", "2020-01-01"][..], &title, &["--name", "Người ký Minh họa Mới"]].concat();
    support::run(&settings, &add).await.ended(0).says("KT. CỤC TRƯỞNG, PHÓ CỤC TRƯỞNG: Người ký Minh họa Mới");
    let asked: i64 = {
        use nongcot::platform::db::schema::jobs;
        let waiting = jobs::table.filter(jobs::kind.eq("certificates.issue-missing")).count();
        write(&db, move |c| Ok(waiting.get_result(c)?)).await
    };
    assert_eq!(asked, 1, "naming a signer asks for what waited");
    assert_eq!(db.read(|c| queries::without_certificate(c, 0, 10)).await.unwrap(), [completion]);
    let issued = issue(&db, "2026-11-21", completion).await.unwrap();
    assert_eq!(issued.paper().unwrap().signer_name, "Người ký Minh họa Mới");
    assert!(db.read(|c| queries::without_certificate(c, 0, 10)).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_course_that_gives_no_paper_gives_none() {
    for kind in ["none", "regulated"] {
        let (db, _held) = fresh().await;
        let completion = write(&db, move |c| {
            let class = class(c);
            sql_query(format!("UPDATE course_versions SET course = '{{\"certificate\":\"{kind}\"}}'")).execute(c)?;
            let person = records::person(c, "Ánh");
            Ok(finish(c, class, person, false))
        })
        .await;
        assert!(issue(&db, "2026-11-21", completion).await.is_none(), "{kind}");
    }
}
