//! Organisations over time, on either database.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use nongcot::{
    access::{Actor, UnitId},
    organisations::{
        actions::{self, ImportReport, List},
        model::{Span, Unit, UnitKind},
        queries,
    },
    platform::{
        db::{
            Database, DbConn, Moment,
            schema::{audit_events, unit_placements, unit_successions, units},
        },
        error::{Error, Result},
        i18n::{Catalogue, Locale},
    },
};

use crate::support;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn now() -> Moment {
    Moment("2026-11-21T03:00:00Z".parse().unwrap())
}

async fn import(db: &Database, text: &str) -> Result<ImportReport> {
    let list = List { name: "don-vi.csv".to_owned(), text: text.to_owned() };
    db.write("test.import", move |c| actions::import(c, &Actor::system(), now(), &[list])).await
}

/// Reads with the codes of units in place of their ids.
async fn read<T: Send + 'static>(db: &Database, f: impl FnOnce(&mut DbConn) -> Result<T> + Send + 'static) -> T {
    db.read(f).await.unwrap()
}

fn unit(c: &mut DbConn, code: &str) -> Unit {
    queries::by_code(c, code).unwrap().unwrap_or_else(|| panic!("there is no {code}"))
}

fn id(c: &mut DbConn, code: &str) -> UnitId {
    unit(c, code).id
}

fn codes(units: &[Unit]) -> Vec<&str> {
    units.iter().map(|unit| unit.code.as_str()).collect()
}

#[actix_web::test]
async fn the_nation_counts_rightly_on_each_day() {
    let test = support::seeded_database().await;
    let db = &test.db;
    use UnitKind as K;
    let expected: [(&str, &[(K, i64)]); 6] = [
        ("2025-02-28", &[(K::Ministry, 18), (K::MinisterialAgency, 4), (K::GovernmentAgency, 8)]),
        ("2025-03-01", &[(K::Ministry, 14), (K::MinisterialAgency, 3), (K::GovernmentAgency, 5)]),
        ("2025-06-30", &[(K::Province, 57), (K::CentralCity, 6), (K::Department, 63), (K::Centre, 63)]),
        ("2025-07-01", &[(K::Province, 28), (K::CentralCity, 6), (K::Department, 34), (K::Centre, 34)]),
        ("2026-04-29", &[(K::Province, 28), (K::CentralCity, 6)]),
        ("2026-04-30", &[(K::Province, 27), (K::CentralCity, 7)]),
    ];
    for (on, counts) in expected {
        let (found, overview, agencies) = read(db, move |c| {
            let kinds = [K::Ministry, K::MinisterialAgency, K::GovernmentAgency, K::Province, K::CentralCity];
            Ok((
                queries::counts_on(c, day(on))?,
                queries::overview(c, day(on))?,
                queries::valid_on(c, &kinds, day(on))?,
            ))
        })
        .await;
        let found: BTreeMap<K, i64> = found.into_iter().collect();
        for (kind, count) in counts {
            assert_eq!(found.get(kind), Some(count), "{kind} on {on}");
            if !kind.is_subordinate() {
                assert_eq!(overview.count(*kind), usize::try_from(*count).unwrap(), "{kind} on {on} at the top");
            }
        }
        assert!(overview.groups.iter().all(|group| !group.kind.is_subordinate()), "nothing below stands at the top");
        if day(on) >= day("2025-07-01") {
            assert_eq!(agencies.len(), 56, "the denominator on {on}");
        }
    }
}

#[actix_web::test]
async fn the_first_start_alone_seeds() {
    let test = support::seeded_database().await;
    let db = &test.db;
    assert_eq!(db.write("test.seed", |c| actions::seed(c, now())).await.unwrap(), None);
    let shipped = actions::shipped();
    let again = db.write("test.again", move |c| actions::import(c, &Actor::system(), now(), &shipped)).await.unwrap();
    assert_eq!((again.created.len(), again.changed.len(), again.unchanged), (0, 0, 451));
    let rows = read(db, |c| Ok(audit_events::table.count().get_result::<i64>(c)?)).await;
    assert_eq!(rows, 1, "one row says what was created, and nothing else happened");
}

#[actix_web::test]
async fn units_are_carried_to_a_day() {
    let test = support::seeded_database().await;
    let db = &test.db;
    read(db, |c| {
        let table = queries::conversion(c, day("2025-12-31"))?;
        let mut carried = |code: &str, on: &str| -> Result<Option<String>> {
            let from = id(c, code);
            let to = queries::carry_forward(c, from, day(on))?.unit();
            Ok(to.map(|to| queries::unit(c, to)).transpose()?.map(|unit| unit.code))
        };
        let expected = [
            ("P15", "2025-12-31", Some("P15-2025")),
            ("P10", "2025-12-31", Some("P15-2025")),
            ("BTTTT", "2025-12-31", Some("BKHCN-2025")),
            ("P15-STTTT", "2025-12-31", Some("P15-2025-SKHCN")),
            ("CTHH", "2025-12-31", Some("CDSQG")),
            ("CTHH", "2022-07-25", Some("CTHH")),
            ("P75", "2026-12-31", Some("P75-2026")),
            ("P75-2026", "2026-01-01", Some("P75-2025")),
            ("P15-2025", "2025-06-30", None),
            ("BKHCN-2025", "2025-02-28", None),
            ("P46-2025", "2024-12-31", Some("P46")),
        ];
        for (code, on, to) in expected {
            assert_eq!(carried(code, on)?.as_deref(), to, "{code} on {on}");
        }
        let merged = id(c, "P15-2025");
        let sources: Vec<String> =
            table.sources(merged).into_iter().map(|from| queries::unit(c, from).unwrap().code).collect();
        assert_eq!(sources, ["P10", "P15", "P15-2025"]);
        assert_eq!(table.of(id(c, "P10")).unit(), Some(merged));
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn the_issuing_body_moves_with_its_ministry() {
    let test = support::seeded_database().await;
    let db = &test.db;
    read(db, |c| {
        let (old, new) = (id(c, "CTHH"), id(c, "CDSQG"));
        let mut parent = |unit, on| Ok::<_, Error>(queries::parent(c, unit, day(on))?.map(|unit| unit.code));
        assert_eq!(parent(old, "2022-07-25")?.as_deref(), Some("BTTTT"));
        assert_eq!(parent(old, "2022-07-26")?, None);
        assert_eq!(parent(new, "2022-07-26")?.as_deref(), Some("BTTTT"));
        assert_eq!(parent(new, "2025-02-28")?.as_deref(), Some("BTTTT"));
        assert_eq!(parent(new, "2025-03-01")?.as_deref(), Some("BKHCN-2025"));
        let placements = queries::placements(c, new)?;
        let shown: Vec<(&str, Span)> = placements.iter().map(|(span, above)| (above.code.as_str(), *span)).collect();
        let span = |from, to: Option<&str>| Span::new(Some(day(from)), to.map(day));
        assert_eq!(
            shown,
            [("BKHCN-2025", span("2025-03-01", None)), ("BTTTT", span("2022-07-26", Some("2025-02-28")))]
        );
        assert_eq!(codes(&queries::successors(c, old)?), ["CDSQG"]);
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn the_tree_is_that_of_the_day() {
    let test = support::seeded_database().await;
    let db = &test.db;
    read(db, |c| {
        let (old, new, centre) = (id(c, "P15"), id(c, "P15-2025"), id(c, "P15-TTCNTT"));
        assert_eq!(codes(&queries::children(c, old, day("2025-02-28"))?), ["P15-SKHCN-CU", "P15-STTTT"]);
        assert_eq!(codes(&queries::children(c, old, day("2025-03-01"))?), ["P15-SKHCN"]);
        assert_eq!(codes(&queries::children(c, old, day("2025-07-01"))?), [""; 0]);
        assert_eq!(codes(&queries::children(c, new, day("2025-07-01"))?), ["P15-2025-SKHCN"]);
        assert_eq!(codes(&queries::ancestors(c, centre, day("2025-02-28"))?), ["P15", "P15-STTTT"]);
        assert_eq!(codes(&queries::ancestors(c, centre, day("2025-06-30"))?), ["P15", "P15-SKHCN"]);
        let made_of = queries::changes_on(c, day("2025-07-01"))?;
        assert_eq!(made_of.len(), 23);
        let lao_cai = made_of.iter().find(|(unit, _)| unit.code == "P15-2025").unwrap();
        assert_eq!(codes(&lao_cai.1), ["P10", "P15"]);
        let days: Vec<String> = queries::days_of_change(c)?.iter().map(ToString::to_string).collect();
        assert_eq!(days[..4], ["2026-04-30", "2025-07-01", "2025-03-01", "2025-01-01"]);
        Ok(())
    })
    .await;
}

/// The rule stands at the head of `queries/reach.rs`.
#[actix_web::test]
async fn an_officer_reaches_what_lies_under_and_what_became_it() {
    let test = support::seeded_database().await;
    let db = &test.db;
    read(db, |c| {
        let now = day("2026-11-21");
        let reached = |c: &mut DbConn, root: &str, on: NaiveDate| -> Vec<String> {
            let root = id(c, root);
            let ids = queries::subtree_ids(c, &[root], on).unwrap();
            let mut found: Vec<String> =
                queries::by_ids(c, &ids).unwrap().into_values().map(|unit| unit.code).collect();
            found.sort();
            // Both ways of asking agree, for every unit there is.
            let all: Vec<UnitId> = units::table.select(units::id).load(c).unwrap();
            for unit in all {
                assert_eq!(
                    queries::is_under(c, unit, &[root], on).unwrap(),
                    ids.contains(&unit),
                    "{unit} under {root}"
                );
            }
            found
        };
        let merged = ["P10", "P10-SKHCN", "P10-SKHCN-CU", "P10-STTTT", "P10-TTCNTT"];
        let with = [
            "P15",
            "P15-2025",
            "P15-2025-SKHCN",
            "P15-2025-TTCNTT",
            "P15-SKHCN",
            "P15-SKHCN-CU",
            "P15-STTTT",
            "P15-TTCNTT",
        ];
        assert_eq!(reached(c, "P15-2025", now), [&merged[..], &with[..]].concat());
        // Before the merger it reaches itself alone; the old province what stood under it, and not the merged one.
        assert_eq!(reached(c, "P15-2025", day("2025-06-30")), ["P15-2025"]);
        let under_old = ["P15", "P15-SKHCN", "P15-SKHCN-CU", "P15-STTTT", "P15-TTCNTT"];
        assert_eq!(reached(c, "P15", day("2025-06-30")), under_old);
        assert_eq!(reached(c, "P15", now), under_old);
        // What moved to another ministry is the other ministry's.
        assert_eq!(reached(c, "BTTTT", now), ["BTTTT", "CTHH"]);
        assert_eq!(reached(c, "BKHCN-2025", now), ["BKHCN", "BKHCN-2025", "BTTTT", "CDSQG", "CTHH"]);
        assert_eq!(reached(c, "BVHTTDL", now), ["BVHTTDL"], "a successor in part does not reach back");
        assert_eq!(reached(c, "P15-2025-SKHCN", now).len(), 10);

        let (one, two, other) = (id(c, "P15-2025"), id(c, "P01"), id(c, "P01-SKHCN"));
        assert!(queries::is_under(c, other, &[one, two], now)?);
        assert!(!queries::is_under(c, other, &[one], now)? && !queries::is_under(c, other, &[], now)?);
        assert_eq!(queries::subtree_ids(c, &[], now)?, []);
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn units_are_found_without_marks() {
    let test = support::seeded_database().await;
    let db = &test.db;
    read(db, |c| {
        let now = day("2026-11-21");
        let mut found = |typed: &str, on: Option<&str>| {
            let (found, _) = queries::search(c, typed, on.map(day), 5).unwrap();
            found.into_iter().map(|unit| unit.code).collect::<Vec<_>>()
        };
        assert_eq!(found("yen bai", None)[0], "P15");
        assert_eq!(found("bai yen", None)[0], "P15");
        assert_eq!(found("YÊN BÁI", Some("2025-07-01")), [""; 0]);
        assert_eq!(found("p15-2025", None)[0], "P15-2025");
        assert_eq!(found("dak lak", Some("2026-01-01"))[0], "P66-2025");
        assert_eq!(found("cục chuyển đổi số", None), ["CDSQG"]);
        assert_eq!(found("khoá học vũ trụ", None), [""; 0]);
        assert_eq!(found("100%", None), [""; 0]);
        assert_eq!(found("_", None), [""; 0]);
        assert_eq!(found("\\", None), [""; 0]);

        let all = queries::options(c, "", now, None, Locale::Vi, 20)?;
        assert!(
            all.more && all.choices.len() == 20 && all.choices.iter().all(|choice| !choice.value.contains("SKHCN"))
        );
        let (lao_cai, nothing) = (id(c, "P15-2025"), "ha noi");
        let within = queries::subtree_ids(c, &[lao_cai], now)?;
        let own = queries::options(c, "", now, Some(&within), Locale::En, 20)?;
        let labels: Vec<&str> = own.choices.iter().map(|choice| choice.label.as_str()).collect();
        assert_eq!(labels.len(), 3, "what is over is not offered: {labels:?}");
        assert!(labels.contains(&"Lao Cai Province") && !own.more);
        assert_eq!(queries::options(c, nothing, now, Some(&within), Locale::Vi, 20)?.choices, []);
        Ok(())
    })
    .await;
}

const HEADINGS: &str = "code,name_vi,name_en,kind,valid_from,valid_to,successors\n";

#[actix_web::test]
async fn a_bad_list_is_refused_whole() {
    let test = support::seeded_database().await;
    let db = &test.db;
    let before = state(db).await;
    let text = format!(
        "{HEADINGS}X1,Bộ Minh họa,Illustration,ministry,2025-01-01,,\nX2,,Illustration,ministry,01/01/2025,,\nX3,Y,Y,ministry,2025-01-01,,P99\n"
    );
    let Err(Error::Invalid(faults)) = import(db, &text).await else { panic!("accepted") };
    let catalogue = Catalogue::embedded().unwrap();
    let said: Vec<String> = faults.0.iter().map(|(_, fault)| catalogue.text(Locale::Vi, fault)).collect();
    assert_eq!(
        said,
        [
            "don-vi.csv, dòng 3: cột name_vi phải có từ 1 đến 200 ký tự.",
            "don-vi.csv, dòng 3: “01/01/2025” không phải là ngày dạng NNNN-TT-NN, như 2025-07-01.",
        ]
    );
    // Each row is sound, the whole is not: a province cut short under its department, and a successor that is nowhere.
    let text = format!(
        "{HEADINGS}X1,Bộ Minh họa,Illustration,ministry,2025-01-01,2025-12-31,P99\nP01,Thành phố Hà Nội,Ha Noi City,central_city,2008-08-01,2026-06-30,\n"
    );
    let Err(Error::Invalid(faults)) = import(db, &text).await else { panic!("accepted") };
    let said: Vec<String> = faults.0.iter().map(|(_, fault)| catalogue.text(Locale::Vi, fault)).collect();
    assert_eq!(
        said,
        [
            "don-vi.csv, dòng 3: thời gian P01-SKHCN thuộc P01 nằm ngoài thời gian tồn tại của một trong hai đơn vị.",
            "don-vi.csv, dòng 2: X1 được P99 kế thừa, nhưng không có đơn vị P99.",
        ]
    );
    assert_eq!(state(db).await, before, "something of a refused list stayed");
}

type State = (Vec<Unit>, i64, i64, i64);

async fn state(db: &Database) -> State {
    read(db, |c| {
        Ok((
            units::table.order(units::id.asc()).select(Unit::as_select()).load(c)?,
            unit_placements::table.count().get_result(c)?,
            unit_successions::table.count().get_result(c)?,
            audit_events::table.count().get_result(c)?,
        ))
    })
    .await
}

#[actix_web::test]
async fn a_change_is_written_and_audited() {
    let test = support::seeded_database().await;
    let db = &test.db;
    // A new centre, a renamed one, and Hà Nội's centre moved under the city itself.
    let renamed =
        "P01-TTCNTT,Trung tâm Chuyển đổi số thành phố Hà Nội,Digital Centre of Ha Noi City,centre,2008-08-01,,\n";
    let units = format!("{HEADINGS}{renamed}P01-MH,Trung tâm Minh họa,Illustration Centre,centre,2026-01-01,,\n");
    let placements = "code,parent,valid_from,valid_to\nP01-MH,P01-SKHCN,2026-01-01,\nP01-TTCNTT,P01,2008-08-01,\n";
    let lists = [("units", units.as_str()), ("placements", placements)]
        .map(|(name, text)| List { name: name.to_owned(), text: text.to_owned() });
    let report = db.write("test.import", move |c| actions::import(c, &Actor::system(), now(), &lists)).await.unwrap();
    assert_eq!((report.created, report.changed), (vec!["P01-MH".to_owned()], vec!["P01-TTCNTT".to_owned()]));
    read(db, |c| {
        let centre = unit(c, "P01-TTCNTT");
        assert_eq!(codes(&queries::ancestors(c, centre.id, day("2020-01-01"))?), ["P01"]);
        assert_eq!(queries::search(c, "trung tam chuyen doi so", None, 5)?.0, std::slice::from_ref(&centre));
        let new = id(c, "P01-MH");
        assert_eq!(codes(&queries::ancestors(c, new, day("2026-01-01"))?), ["P01", "P01-SKHCN"]);
        let (before, after): (Option<String>, Option<String>) = audit_events::table
            .filter(audit_events::action.eq("unit.change"))
            .filter(audit_events::object_id.eq(centre.id.to_string()))
            .select((audit_events::before_state, audit_events::after_state))
            .first(c)?;
        let (before, after) = (before.unwrap(), after.unwrap());
        assert!(before.contains("Công nghệ thông tin") && before.contains("P01-STTTT"), "{before}");
        assert!(after.contains("Chuyển đổi số") && !after.contains("P01-STTTT"), "{after}");
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn the_shipped_list_is_created_in_one_write() {
    let test = support::database().await;
    let report = test.db.write("test.seed", |c| actions::seed(c, now())).await.unwrap().unwrap();
    assert_eq!((report.created.len(), report.changed.len(), report.unchanged), (451, 0, 0));
}

#[actix_web::test]
async fn the_tree_is_for_those_who_signed_in() {
    let app = support::app().await;
    app.visitor().get("/to-chuc").await.is(303);
    app.visitor().get("/to-chuc/P15").await.is(303);
    let person = app.person("Học viên Minh họa Một", "P15-2025-SKHCN").await;
    let mut browser = app.sign_in(&person).await;

    let page = browser.get("/to-chuc").await;
    page.is(200).says("Số đơn vị tại ngày 23/11/2026").says("27 tỉnh, 7 thành phố").says(">34</span> đơn vị");
    page.says("14 bộ, 3 cơ quan ngang bộ, 5 cơ quan thuộc Chính phủ")
        .says("Tỉnh (27)")
        .says("href=\"/to-chuc/P15-2025\"");
    page.says_not("P15-SKHCN").says_not("Yên Bái");
    let page = browser.get("/to-chuc?ngay=2025-06-30").await;
    page.is(200)
        .says(">63</span> đơn vị")
        .says("57 tỉnh, 6 thành phố")
        .says("href=\"/to-chuc/P15?ngay&#x3D;2025-06-30\"");
    let page = browser.get("/to-chuc?ngay=2025-07-01").await;
    page.is(200).says(">34</span> đơn vị").says("Thay đổi từ ngày 01/07/2025").says("Từ: Tỉnh Lào Cai; Tỉnh Yên Bái");
    let page = browser.get("/to-chuc?ngay=30/06/2025").await;
    page.is(200).says("57 tỉnh, 6 thành phố").says("value=\"30/06/2025\"");
    browser.get("/to-chuc?ngay=1999-01-01").await.is(200).says("Theo danh mục đơn vị");
    for bad in ["hom-nay", "2025-02-30", "99999-01-01", "-2025-01-01"] {
        browser.get(&format!("/to-chuc?ngay={bad}")).await.is(422).says("Ngày không đúng");
    }
    let page = browser.get("/to-chuc?tim=yen+bai").await;
    page.is(200)
        .says("Kết quả tìm “yen bai”")
        .says("href=\"/to-chuc/P15?ngay&#x3D;2025-06-30\"")
        .says("01/08/2008 – 30/06/2025");
    browser.get("/to-chuc?tim=%3Cscript%3E").await.is(200).says("&lt;script&gt;").says_not("<script>");
}

#[actix_web::test]
async fn a_unit_shows_where_it_came_from_and_went() {
    let app = support::app().await;
    let person = app.person("Học viên Minh họa Một", "P15-2025-SKHCN").await;
    let mut browser = app.sign_in(&person).await;

    let page = browser.get("/to-chuc/P15").await;
    page.is(200)
        .says("Tỉnh Yên Bái")
        .says("Có tại ngày 30/06/2025")
        .says("Đơn vị kế thừa")
        .says("href=\"/to-chuc/P15-2025?ngay&#x3D;2025-07-01\"");
    page.says("Đơn vị trực thuộc tại ngày 30/06/2025")
        .says("Sở Khoa học và Công nghệ tỉnh Yên Bái")
        .says("1 đơn vị trực thuộc");
    let page = browser.get("/to-chuc/P15?ngay=2026-01-01").await;
    page.is(200).says("Đã kết thúc trước ngày 01/01/2026").says("được tính vào:").says("Tỉnh Lào Cai");
    let page = browser.get("/to-chuc/P15-2025?ngay=2025-06-30").await;
    page.is(200).says("Chưa có tại ngày 30/06/2025").says("không quy đổi được").says("Đơn vị tiền thân");
    let page = browser.get("/to-chuc/CDSQG").await;
    page.is(200)
        .says("Bộ Khoa học và Công nghệ")
        .says("26/07/2022 – 28/02/2025")
        .says("Từ 01/03/2025 đến nay")
        .says("Cục Tin học hóa");
    browser.get("/to-chuc/BTTTT").await.is(200).says("Kế thừa chính").says("Kế thừa một phần");
    browser.get("/to-chuc/CDSQG?ngay=sai").await.is(422).says("Ngày không đúng");
    for missing in ["/to-chuc/P99", "/to-chuc/p15", "/to-chuc/%27%20OR%201=1", "/to-chuc/%F0"] {
        browser.get(missing).await.is(404);
    }
    browser.post("/ngon-ngu", &[("locale", "en"), ("next", "/")]).await.is(303);
    browser
        .get("/to-chuc/P15")
        .await
        .is(200)
        .says("Yen Bai Province")
        .says("Succeeded by")
        .says("Exists on 30/06/2025");
    browser.get("/to-chuc").await.is(200).says("27 provinces, 7 cities").says("Provinces (27)");
}
