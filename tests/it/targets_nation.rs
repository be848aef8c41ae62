//! The nation's figures: exact at once, the same few statements however large the country is; and what anybody may see of them.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use chrono::TimeDelta;
use diesel::{
    RunQueryDsl as _,
    connection::{Connection as _, Instrumentation, InstrumentationEvent},
};
use nongcot::{
    access::{Actor, Category, Role, UnitId},
    organisations::queries::by_ids,
    platform::{Result, clock::local_day, db::DbConn},
    reminders::queries as reminders,
    targets::{
        actions,
        queries::{self, Scope, View},
    },
};

use crate::{
    records::{self, Completed, at, completed, fresh, write},
    targets::{assert_verified, day, illustration, read},
    targets_drill::table,
};

struct Counting(Arc<AtomicUsize>);

impl Instrumentation for Counting {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// How many statements a piece of work sends.
fn statements<T>(c: &mut DbConn, work: impl FnOnce(&mut DbConn) -> Result<T>) -> usize {
    let count = Arc::new(AtomicUsize::new(0));
    c.set_instrumentation(Counting(Arc::clone(&count)));
    work(c).unwrap();
    c.set_instrumentation(None::<Box<dyn Instrumentation>>);
    count.load(Ordering::Relaxed)
}

/// Ministries with an office and three completions each.
async fn agencies(db: &nongcot::platform::db::Database, from: usize, to: usize) {
    write(db, move |c| {
        for n in from..to {
            let ministry = records::unit(c, &format!("B{n}"), "ministry", Some("2007-01-01"), None);
            let office = records::unit(c, &format!("C{n}"), "directorate", Some("2007-01-01"), None);
            records::placed(c, office, ministry, Some("2007-01-01"), None);
            if n % 10 == 0 {
                let person = records::person(c, &format!("N{n}"));
                let event = Completed {
                    person,
                    course: 1,
                    organiser: ministry,
                    unit: office,
                    category: Category::Other,
                    flagged: false,
                    occurred: "2025-10-01",
                    recorded: "2025-10-01",
                };
                let id = completed(c, &event);
                actions::count_completion(c, id)?;
            }
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_statements_of_every_board_stay_the_same_few() {
    let (db, _dir) = fresh().await;
    let target = write(&db, |c| {
        records::course(c, "KT-01");
        actions::create(c, &Actor::system(), at("2025-01-01"), &illustration("ca-nuoc", &["KT-01"]))
    })
    .await;
    let (mut few, mut many) = (Vec::new(), Vec::new());
    for (from, to, found) in [(0, 10, &mut few), (10, 1000, &mut many)] {
        agencies(&db, from, to).await;
        let target = target.clone();
        *found = read(&db, move |c| {
            let (today, now) = (day("2025-11-23"), at("2025-11-23"));
            let carried = View::AsOf(today);
            Ok(vec![
                statements(c, queries::version),
                statements(c, |c| queries::nation(c, today)),
                statements(c, |c| queries::published(c, today)),
                statements(c, |c| {
                    let working = queries::officials_on(c, queries::day_of(&target, carried, today))?;
                    queries::board(c, &target, target.period(), carried, today, &working)
                }),
                statements(c, |c| {
                    let working = queries::officials_on(c, queries::day_of(&target, View::AsRecorded, today))?;
                    queries::board(c, &target, target.period(), View::AsRecorded, today, &working)
                }),
                statements(c, |c| queries::level(c, &target, target.period(), carried, &Scope::Nation, None)),
                statements(c, |c| queries::changes(c, &target, carried, today)),
                statements(c, |c| reminders::short(c, &target, now)),
                statements(c, |c| reminders::late(c, None, now, 1)),
            ])
        })
        .await;
    }
    assert_eq!(few, many, "ten agencies and a thousand");
    assert_eq!(few[0], 4);
    assert!(few.iter().all(|count| (1..40).contains(count)), "{few:?}");
    assert_verified(&db).await;
}

/// The figures are kept between visitors, and yet nobody sees what was before something was recorded.
#[actix_web::test]
async fn what_is_recorded_is_seen_at_once_and_nothing_is_summed_twice() {
    let (app, course) = crate::targets_pages::site().await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "CDSQG").await;
    let mut browser = app.sign_in(&coordinator).await;
    browser.get("/chi-tieu").await.is(200).says("1/200: 0,5%").says("Cần mỗi tuần");
    // Behind the program's back: neither an event nor an audit row, so the figures kept are given out while they are young.
    app.write(|c| {
        diesel::sql_query("UPDATE target_counts SET people = people + 1, turns = turns + 1").execute(c)?;
        Ok(())
    })
    .await;
    browser.get("/chi-tieu").await.is(200).says("1/200: 0,5%");
    app.later(TimeDelta::seconds(16));
    browser.get("/chi-tieu").await.is(200).says("2/200: 1%");
    let person = app.person("Học viên Minh họa Mới", "P01").await.id.0;
    app.write(move |c| crate::targets_pages::one_more(c, person, course, "P01", "2026-11-23 07:00:00")).await;
    browser.get("/chi-tieu").await.is(200).says("3/200: 1,5%");
    app.stop().await;
}

/// What is counted before the working day begins: for the nation, and where so many work that counting takes long and somebody looks after them.
#[actix_web::test]
async fn what_large_agencies_will_ask_for_is_known_beforehand() {
    let (app, _) = crate::targets_pages::site().await;
    app.person_as("Cán bộ Minh họa Một", Role::Officer, "P19-2025").await;
    app.person_as("Cán bộ Minh họa Hai", Role::Officer, "P24-2025").await;
    for n in 0..5 {
        app.person(&format!("Học viên Minh họa {n}"), "P19-2025").await;
        // Many, and nobody looks after them.
        app.person(&format!("Học viên Minh họa Khác {n}"), "P25-2025").await;
    }
    let today = local_day(app.app.now().0);
    let awaited = |least| {
        app.read(move |c| {
            let officials = queries::officials_on(c, today)?;
            let found = queries::awaited(c, &officials, least, today)?;
            let code = |unit: &UnitId| Ok::<_, nongcot::platform::Error>(by_ids(c, &[*unit])?[unit].code.clone());
            let mut units: Vec<UnitId> = found.iter().filter_map(|(_, scope)| scope.units()).flatten().collect();
            units.dedup();
            let nation = found.iter().filter(|(_, scope)| scope.is_nation()).count();
            Ok((nation, units.iter().map(code).collect::<Result<Vec<_>>>()?))
        })
    };
    let (nation, units) = awaited(5).await;
    assert_eq!(nation, 2, "both running targets, for the nation");
    assert!(units.contains(&"P19-2025".to_owned()), "{units:?}");
    assert!(!units.contains(&"P24-2025".to_owned()) && !units.contains(&"P25-2025".to_owned()), "{units:?}");
    assert_eq!(awaited(1_000).await, (0, Vec::new()), "nothing takes long here");
    app.stop().await;
}

/// Months that are over, joined where they are small, by group of agencies; nobody signs in, nothing says who.
#[actix_web::test]
async fn anybody_sees_sums_that_give_nobody_away() {
    let (app, course) = crate::targets_pages::site().await;
    app.write(move |c| {
        // Yên Bái has one of November already. Seven in March, two in April, four in September, six in October, nine in November.
        let mut n = 0;
        for (on, unit, count) in [
            ("2026-03-05", "P01", 7),
            ("2026-04-05", "P01", 2),
            ("2026-09-05", "BKHCN-2025", 4),
            ("2026-10-05", "BKHCN-2025", 6),
            ("2026-11-05", "P04", 9),
        ] {
            for _ in 0..count {
                n += 1;
                let person = records::person(c, &format!("K{n}"));
                crate::targets_pages::one_more(c, person, course, unit, on)?;
            }
        }
        Ok(())
    })
    .await;
    let mut visitor = app.visitor();
    visitor.get("/").await.is(200).says("/cong-khai");
    let page = visitor.get("/cong-khai").await;
    page.is(200).says("Kế hoạch minh họa năm 2026").says("Đạt đến hết ngày 31/10/2026").says("15/200: 7,5%");
    page.says_not("Minh họa Một").says_not("Yên Bái").says_not("noindex");
    let months: Vec<Vec<String>> = table(&page.text(), "thang-minh-hoa-2026").into_iter().skip(1).collect();
    let line = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    // Seven, six and six, in whole fives.
    assert_eq!(
        months,
        [
            line(&["Từ 01/2026 đến 03/2026", "5"]),
            line(&["Từ 04/2026 đến 09/2026", "5"]),
            line(&["10/2026", "5"]),
            line(&["Tổng", "15"]),
        ]
    );
    // Three groups of agencies would leave one without anybody: two, which add up to the months.
    let groups: Vec<Vec<String>> = table(&page.text(), "loai-minh-hoa-2026").into_iter().skip(1).collect();
    assert_eq!(groups.len(), 3, "{groups:?}");
    assert_eq!(groups.iter().map(|row| row[1].as_str()).collect::<Vec<_>>(), ["10", "5", "15"]);
    assert!(page.text().contains("Chưa đủ số liệu để công bố"), "a target with nobody says so");

    // Kept for a few minutes: no statement for a visitor.
    app.write(|c| {
        diesel::sql_query("UPDATE target_counts SET people = people + 5").execute(c)?;
        Ok(())
    })
    .await;
    visitor.get("/cong-khai").await.is(200).says("15/200: 7,5%");
    app.later(TimeDelta::minutes(6));
    visitor.get("/cong-khai").await.is(200).says_not("15/200: 7,5%");
    app.stop().await;
}
