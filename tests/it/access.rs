//! Who may do what, seen from outside: every route of the program as every role of two agencies. The routes are read from the
//! sources, so a new one fails here until somebody has looked at its row and accepted the snapshot.
//!
//! Everything in the world below belongs to agency A: the person, the class, the lesson, the completion, the certificate.

use std::{collections::BTreeSet, fmt::Write, path::Path};

use chrono::TimeDelta;
use nongcot::{
    access::{Actor, Role},
    accounts::model::{Person, token::Resource},
    courses::{self, shipped},
    learning::{
        self,
        actions::NewRun,
        model::{EnrolmentMode, Entry},
    },
    site,
};
use reqwest::Method;

use crate::support::{self, Client, TestApp, unit_id};

const A: &str = "P15-2025";
const B: &str = "P24-2025";
const LESSON: &str = "kt01-boi-canh";

/// What stands for each parameter of an address.
pub struct World {
    pub roles: Vec<(&'static str, Option<Person>)>,
    person: String,
    pub certificate: String,
    completion: i64,
    pub attempt: String,
    lesson: String,
    item: String,
    version: String,
    import: String,
    nomination: String,
    reminders: String,
    change: String,
    /// The group, the post, the expert and the decision of a programme.
    programme: [String; 4],
    report: String,
}

pub async fn world(app: &TestApp) -> World {
    let mut roles = vec![("khách", None)];
    for (label, name, role, unit) in [
        ("học viên A", "Học viên A", Role::Learner, A),
        ("học viên B", "Học viên B", Role::Learner, B),
        ("giảng viên A", "Giảng viên A", Role::Instructor, A),
        ("giảng viên B", "Giảng viên B", Role::Instructor, B),
        ("cán bộ đào tạo A", "Cán bộ A", Role::Officer, A),
        ("cán bộ đào tạo B", "Cán bộ B", Role::Officer, B),
        ("điều phối viên", "Điều phối", Role::Coordinator, "CDSQG"),
        ("đối soát", "Đối soát", Role::Auditor, "CDSQG"),
        ("quản trị", "Quản trị", Role::Administrator, "CDSQG"),
    ] {
        roles.push((label, Some(app.person_as(name, role, unit).await)));
    }
    let learner = roles[1].1.clone().expect("a learner");
    let (now, id) = (app.app.now(), learner.id);
    let name = shipped::names().find(|n| n.starts_with("KT-01")).expect("KT-01");
    let edition = shipped::edition(name).expect("a course").expect("without faults");
    let (version, hash, enrolment) = app
        .write(move |c| {
            nongcot::targets::actions::seed_definitions(c, &Actor::system(), now)?;
            let by = Actor::system();
            let imported = courses::actions::import(c, &by, now, &edition, "Bản đầu tiên")?;
            let version = imported.version().clone();
            let begun = now - TimeDelta::days(10);
            let new = NewRun {
                code: "LOP-A".into(),
                version: version.id,
                unit: unit_id(c, A)?,
                title: String::new(),
                opens_at: begun,
                closes_at: now + TimeDelta::days(10),
                capacity: Some(50),
                enrolment: EnrolmentMode::Open,
                decision: None,
            };
            let run = learning::actions::open_run(c, begun, &by, &new)?;
            let enrolment = learning::actions::enrol(c, begun, &by, run.id, id, &Entry::Listed)?.id();
            Ok((version.id, version.hash, enrolment))
        })
        .await;
    let (lesson, item, test, done_at) = app
        .write(move |c| {
            let by = Actor::system();
            let outline = courses::queries::outline(c, version)?;
            let (mut at, mut slug) = (now - TimeDelta::days(9), String::new());
            for lesson in outline.lessons() {
                if lesson.key == LESSON {
                    slug = lesson.slug.clone();
                }
                learning::actions::open_lesson(c, at, enrolment, &lesson.key)?;
                at = at + TimeDelta::minutes(30);
                learning::actions::complete_item(c, at, &by, enrolment, &lesson.key, &site::OBSERVERS)?;
            }
            let question = courses::queries::package(c, version)?.questions.first().map(|q| q.id.clone());
            let test = outline.assessments.first().expect("a test").id.clone();
            Ok((slug, question.expect("a question"), test, at))
        })
        .await;
    // The final test opens once the lessons are done.
    let mut browser = app.sign_in(&learner).await;
    let begun = browser.post("/lop/LOP-A/kiem-tra/kt01-cuoi-khoa", &[]).await;
    let attempt = begun.location().trim_start_matches("/bai-lam/").to_owned();
    assert!(!attempt.is_empty() && !attempt.contains('/'), "{}", begun.text());
    let completion = app
        .write(move |c| {
            learning::actions::complete_item(c, done_at, &Actor::system(), enrolment, &test, &site::OBSERVERS)?;
            Ok(learning::queries::completion_of(c, enrolment)?.expect("a completion").0)
        })
        .await;
    app.run_jobs().await;
    // Figures that wait for a second coordinator.
    let coordinator = roles.iter().find(|(label, _)| *label == "điều phối viên").and_then(|(_, p)| p.clone());
    let by = Actor { person: coordinator.map(|p| p.id), ..Actor::default() };
    let by_coordinator = by.clone();
    app.write(move |c| {
        let target = nongcot::targets::queries::by_code(c, "chi-thi-02-2022")?;
        nongcot::targets::actions::seed_illustration(c, &Actor::system(), now, 20, &["KT-01"])?;
        let prepared = nongcot::targets::queries::prepare(c, target.id, target.period(), now, now)?;
        nongcot::targets::actions::prepare_seal(c, &by, now, prepared)?;
        // Agency A was given seats.
        let round = nongcot::targets::actions::quotas::open_round(c, &by, now, &crate::quotas::round_of("dot-1", 100))?;
        crate::quotas::give(c, &by, round.id, None, &[(A, 10)])
    })
    .await;
    let certificate = app
        .read(move |c| {
            Ok(nongcot::certificates::queries::of_person(c, id)?.first().expect("a certificate").code.clone())
        })
        .await;
    let officer = roles.iter().find(|(label, _)| *label == "cán bộ đào tạo A").and_then(|(_, p)| p.clone());
    let officer = officer.expect("an officer");
    let import = list_of(app, &officer).await;
    let nomination = nomination_of(app, &officer, id).await;
    outside_class(app, &officer, id).await;
    let reminders = reminders_of(app, &officer).await;
    let change = change_of(app, &roles).await;
    let programme = programme_of(app, &officer, by_coordinator, id).await;
    let report = report_of(app, &officer).await;
    let keeper = roles.iter().find(|(label, _)| *label == "giảng viên A").and_then(|(_, p)| p.clone());
    session(app, keeper.expect("an instructor").id, officer.id).await;
    crate::api::token_of(app, &officer, Some(A), &[Resource::Targets]).await;
    World {
        roles,
        person: learner.code,
        certificate,
        completion,
        attempt,
        lesson,
        item,
        version: hash,
        import,
        nomination,
        reminders,
        change,
        programme,
        report,
    }
}

/// Reminders that the officer asked for.
async fn reminders_of(app: &TestApp, officer: &Person) -> String {
    use nongcot::reminders::{
        actions,
        model::{BatchKind, Chosen},
    };
    let (now, by) = (app.app.now(), Actor { person: Some(officer.id), ..Actor::default() });
    app.write(move |c| actions::ask(c, &by, now, BatchKind::Learners, None, Chosen::All)).await
}

/// Agency A made a report, with the list of people.
async fn report_of(app: &TestApp, officer: &Person) -> String {
    let mut browser = app.sign_in(officer).await;
    let fields = crate::reports::fields(&[("names", "1"), ("kind", "year"), ("year", "2026"), ("unit", A)]);
    let place = crate::reports::ask(&mut browser, &fields).await;
    app.run_jobs().await;
    place.rsplit('/').next().expect("a code").to_owned()
}

/// The class of agency A had a session, whose list agency A's officer keeps and has submitted, with the scan.
async fn session(app: &TestApp, instructor: nongcot::access::PersonId, keeper: nongcot::access::PersonId) {
    use nongcot::{
        events::{actions, model, queries},
        platform::files::{Limits, MediaType},
    };
    let now = app.app.now();
    let (by, writes) =
        (Actor { person: Some(instructor), ..Actor::default() }, Actor { person: Some(keeper), ..Actor::default() });
    let limits = Limits { max_bytes: 4096, accept: &[MediaType::Pdf] };
    let stored = app.app.files.put_bytes("attendance", crate::nominations::PDF, &limits).await.expect("a file");
    app.write(move |c| {
        let run = learning::queries::run_by_code(c, "LOP-A")?;
        let new = model::NewSession {
            title: "Buổi một".to_owned(),
            kind: model::SessionKind::Both,
            starts_at: now - TimeDelta::hours(5),
            ends_at: now - TimeDelta::hours(2),
        };
        let site = model::NewSite {
            name: "Điểm cầu A".to_owned(),
            unit: unit_id(c, A)?,
            place: "Phòng 1".to_owned(),
            link: String::new(),
            keeper,
        };
        let before = now - TimeDelta::days(1);
        let session = actions::plan(c, before, &by, run.id, &new, &site)?;
        let site = queries::sites(c, session.id)?.remove(0);
        let run = learning::queries::run(c, run.id)?;
        let at = (&session, &site);
        actions::save(c, now, &writes, &run, at, &Default::default(), actions::Then::RestPresent)?;
        actions::add_scan(c, now, &writes, at, &stored, "ban-ky.pdf")?;
        actions::submit(c, now, &writes, &run, at)
    })
    .await;
}

/// A list of people that waits to be confirmed, with a row that may be a double.
async fn list_of(app: &TestApp, officer: &Person) -> String {
    let mut browser = app.sign_in(officer).await;
    let rows = "Họ tên\tChức vụ\tNhóm\tEmail\nHọc viên A\tChuyên viên\tkhác\thva@example.gov.vn\nMới Minh Họa\tChuyên viên\tkhác\t";
    let path = crate::imports::paste(&mut browser, A, rows).await;
    path.rsplit('/').next().expect("a code").to_owned()
}

/// A change of a unit of agency A that waits to be confirmed.
async fn change_of(app: &TestApp, roles: &[(&'static str, Option<Person>)]) -> String {
    let coordinator = roles.iter().find(|(label, _)| *label == "điều phối viên").and_then(|(_, p)| p.clone());
    let mut browser = app.sign_in(&coordinator.expect("a coordinator")).await;
    let fields =
        [("units", "P15-2025-TTCNTT"), ("code_1", "P15-TT"), ("name_vi_1", "Trung tâm A"), ("name_en_1", "Centre A")];
    let path = crate::reorganisations::prepare(&mut browser, "rename", "01/12/2026", &fields).await;
    path.rsplit('/').next().expect("a code").to_owned()
}

/// Agency A held a class outside the system; it waits for a second person.
async fn outside_class(app: &TestApp, officer: &Person, person: nongcot::access::PersonId) {
    let (now, by) = (app.app.now(), Actor { person: Some(officer.id), ..Actor::default() });
    app.write(move |c| {
        let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 10, day).expect("a day");
        let new = nongcot::targets::model::NewOutside {
            course: courses::queries::by_code(c, "KT-01")?.expect("a course").0,
            organiser: unit_id(c, A)?,
            days: nongcot::targets::model::Days { from: day(5), to: day(7) },
            decision: "Quyết định số 12/QĐ-MH".to_owned(),
            people: vec![person],
        };
        nongcot::targets::actions::enter_outside(c, &by, now, &new)
    })
    .await;
}

/// Agency A has seats in a round and sent a nomination up.
async fn nomination_of(app: &TestApp, officer: &Person, person: nongcot::access::PersonId) -> String {
    let now = app.app.now();
    let by = Actor { person: Some(officer.id), ..Actor::default() };
    let code = app
        .write(move |c| {
            let round = crate::nominations::round(c, now, &Actor::system(), "dot-mot", None, &[(A, 1)])?;
            let (_, quota, _) = nongcot::programmes::queries::place(c, "dot-mot", A)?;
            Ok(nongcot::programmes::actions::nominate(c, &by, now, &round, &quota, person)?.code)
        })
        .await;
    let mut browser = app.sign_in(officer).await;
    let path = format!("/de-cu/dot-mot/{A}/trinh");
    crate::nominations::submit(&mut browser, &path, Some(crate::nominations::PDF)).await.is(303);
    code
}

/// The learner of agency A was recognised in a programme, by a decision with a file.
async fn programme_of(app: &TestApp, officer: &Person, by: Actor, person: nongcot::access::PersonId) -> [String; 4] {
    use nongcot::{
        platform::files::{Limits, MediaType},
        programmes::{actions, model::programme, queries},
    };
    let (now, nominator, coordinator) =
        (app.app.now(), Actor { person: Some(officer.id), ..Actor::default() }, by.clone());
    let programme = app
        .write(move |c| {
            let programme = actions::programmes::create(c, &by, now, "nong-cot", &crate::programmes::terms(10))?;
            let title = || "Minh họa".to_owned();
            let courses = vec![("KT-01".to_owned(), programme::Delivery::ELearning)];
            let group = actions::programmes::NewGroup { title_vi: title(), title_en: title(), needed: None, courses };
            actions::programmes::put_group(c, &by, now, &programme, None, &group)?;
            let (kinds, words) = (vec![nongcot::organisations::model::UnitKind::Province], vec!["giám đốc".to_owned()]);
            let post = actions::programmes::NewPost { title_vi: title(), title_en: title(), kinds, words };
            actions::programmes::put_post(c, &by, now, &programme, None, &post)?;
            let round = crate::nominations::round(c, now, &by, "dot-hai", None, &[(A, 1)])?;
            let cohort = programme::NewCohort {
                code: "khoa-01".to_owned(),
                title_vi: title(),
                title_en: title(),
                round: Some(round.id),
                counts_from: "2026-01-01".parse().expect("a day"),
            };
            actions::programmes::open_cohort(c, &by, now, &programme, &cohort)?;
            let (_, quota, _) = queries::place(c, "dot-hai", A)?;
            actions::nominate(c, &nominator, now, &round, &quota, person)?;
            Ok(programme)
        })
        .await;
    let mut browser = app.sign_in(officer).await;
    let path = format!("/de-cu/dot-hai/{A}/trinh");
    crate::nominations::submit(&mut browser, &path, Some(crate::nominations::PDF)).await.is(303);
    const LIMITS: Limits = Limits { max_bytes: 4096, accept: &[MediaType::Pdf] };
    let stored = app.app.files.put_bytes("decisions", crate::nominations::PDF, &LIMITS).await.expect("a file");
    app.write(move |c| {
        let (nomination, _) = queries::of_person(c, person)?.remove(0);
        actions::approve(c, &coordinator, now, nomination.id)?;
        let member = queries::members::of_person(c, person)?.remove(0);
        assert_eq!(member.stage, programme::Stage::Fulfilled);
        let dated = nongcot::platform::clock::local_day(now.0);
        let new = actions::recognise::NewDecision {
            number: "1/QĐ-MH".to_owned(),
            dated,
            signer: "Người ký Minh họa".to_owned(),
            effective_from: dated,
            file: Some((stored, "quyet-dinh.pdf".to_owned())),
        };
        actions::recognise::decide(c, &coordinator, now, &programme, programme::Deed::Recognise, &[member.id], &new)?;
        let member = queries::members::of_person(c, person)?.remove(0);
        let group = queries::programmes::groups(c, programme.id)?.remove(0).id.to_string();
        let post = queries::programmes::posts(c, programme.id)?.remove(0).id.to_string();
        Ok([group, post, member.code, member.decision_id.expect("a decision").to_string()])
    })
    .await
}

impl World {
    /// The address of a pattern with this world's things in it.
    pub fn address(&self, pattern: &str) -> String {
        let code = match pattern.split('/').nth(1).unwrap_or_default() {
            "nguoi" => self.person.as_str(),
            "lop" => "LOP-A",
            "bai-lam" => self.attempt.as_str(),
            "bao-cao" => self.report.as_str(),
            "chi-tieu" if pattern.ends_with("/co-quan") => "minh-hoa-co-quan-2026",
            "chi-tieu" if pattern.ends_with("/ket-thuc") => "minh-hoa-2026",
            "don-doc" if pattern.contains("/dot/") => self.reminders.as_str(),
            "don-doc" => "minh-hoa-2026",
            "phan-bo" => "dot-1",
            "chi-tieu" => "chi-thi-02-2022",
            "to-chuc" => A,
            _ => self.certificate.as_str(),
        };
        let completion = self.completion.to_string();
        let version: String = self.version.chars().take(32).collect();
        let mut address = pattern.to_owned();
        let [group, post, expert, decision] = &self.programme;
        for (parameter, value) in [
            ("{programme}", "nong-cot"),
            ("{cohort}", "khoa-01"),
            ("{group}", group),
            ("{post}", post),
            ("{expert}", expert),
            ("{decision}", decision),
            ("{code}", code),
            ("{slug}", "kien-truc-chinh-phu-dien-tu"),
            ("{course}", "kien-truc-chinh-phu-dien-tu"),
            ("{lesson}", self.lesson.as_str()),
            ("{item}", self.item.as_str()),
            ("{key}", "kt01-cuoi-khoa"),
            ("{person}", self.person.as_str()),
            ("{completion}", completion.as_str()),
            ("{version}", version.as_str()),
            ("{path:.*}", "assets/khong-co.svg"),
            ("{ticket}", "khong-co"),
            ("{token}", "khong-co"),
            ("{file}", "khong-co.css"),
            ("{id}", "1"),
            ("{membership}", "1"),
            ("{grant}", "1"),
            ("{material}", "1"),
            ("{seal}", "1"),
            ("{quota}", A),
            ("{import}", self.import.as_str()),
            ("{kind}", "csv"),
            ("{loai}", "dia-phuong"),
            ("{round}", "dot-mot"),
            ("{unit}", A),
            ("{letter}", "1"),
            ("{session}", "1"),
            ("{site}", "1"),
            ("{nomination}", self.nomination.as_str()),
            ("{change}", self.change.as_str()),
            ("{number}", "1"),
        ] {
            address = address.replace(parameter, value);
        }
        assert!(!address.contains('{'), "{pattern}: a parameter this test does not know");
        address
    }
}

/// Every method and pattern that the sources offer.
pub fn routes() -> BTreeSet<(String, &'static str)> {
    let mut found = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                collect(&std::fs::read_to_string(&path).expect("a file"), &mut found);
            }
        }
    }
    found.extend(site::operations().iter().map(|operation| (format!("/api/v1{}", operation.declaration.path), "GET")));
    found
}

fn collect(source: &str, found: &mut BTreeSet<(String, &'static str)>) {
    for (start, opening) in
        ["web::resource(\"", ".route(\""].iter().flat_map(|o| source.match_indices(o).map(|(at, _)| (at, o.len())))
    {
        let rest = &source[start + opening..];
        let pattern = rest.split('"').next().expect("a pattern");
        let chain_end = ["web::resource(", ".route(\"", ";"].iter().filter_map(|stop| rest.find(stop)).min();
        let chain = &rest[..chain_end.unwrap_or(rest.len())];
        for (call, method) in [(".get(", "GET"), ("::get(", "GET"), (".post(", "POST"), ("::post(", "POST")] {
            if chain.contains(call) {
                found.insert((pattern.to_owned(), method));
            }
        }
    }
}

async fn browser_of(app: &TestApp, person: Option<&Person>) -> Client {
    match person {
        Some(person) => app.sign_in(person).await,
        None => app.visitor(),
    }
}

#[actix_web::test]
async fn every_route_as_every_role() {
    let app = support::app().await;
    let world = world(&app).await;
    let routes = routes();
    assert!(routes.len() > 70, "only {} routes were found: the reader of sources is broken", routes.len());
    let mut table = String::new();
    let mut browsers = Vec::new();
    for (_, person) in &world.roles {
        browsers.push(browser_of(&app, person.as_ref()).await);
    }
    for method in ["GET", "POST"] {
        // Enrolling changes what a person may see, so it comes last.
        let (last, first): (Vec<_>, Vec<_>) =
            routes.iter().filter(|(_, m)| *m == method).partition(|(pattern, _)| pattern.ends_with("/ghi-danh"));
        for (pattern, _) in first.into_iter().chain(last) {
            let address = world.address(pattern);
            writeln!(table, "{method} {pattern}").expect("a line");
            let mut by_outcome: Vec<(String, Vec<&str>)> = Vec::new();
            for ((label, person), browser) in world.roles.iter().zip(&mut browsers) {
                let reply = match method {
                    "GET" => browser.send(Method::GET, &address, &[], None).await,
                    _ => browser.post(&address, &[]).await,
                };
                // What is sent may end the session; whoever it is comes back for the next.
                if method == "POST" && reply.headers.contains_key("set-cookie") {
                    *browser = browser_of(&app, person.as_ref()).await;
                }
                assert!(reply.status < 500, "{method} {address} as {label}: {}\n{}", reply.status, reply.text());
                let outcome = match (reply.status, reply.location()) {
                    (303, to) if to.starts_with("/dang-nhap?") => "to sign-in".to_owned(),
                    (status, _) => status.to_string(),
                };
                match by_outcome.iter_mut().find(|(o, _)| *o == outcome) {
                    Some((_, labels)) => labels.push(label),
                    None => by_outcome.push((outcome, vec![label])),
                }
            }
            for (outcome, labels) in by_outcome {
                let who = if labels.len() == world.roles.len() { "everybody".to_owned() } else { labels.join(", ") };
                writeln!(table, "    {outcome}: {who}").expect("a line");
            }
        }
    }
    insta::assert_snapshot!(table);
}
