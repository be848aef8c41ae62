//! From the nation to a person: on every level, in both views, for people and for turns, what lies below adds up to what stands above;
//! and the worked example, read off the pages.

use std::collections::BTreeMap;

use nongcot::{
    access::{Actor, Category, Role, UnitId},
    platform::db::{Database, DbConn},
    targets::{
        actions,
        model::{Group, Split, Target},
        queries::{self, Asked, Scope, View},
    },
};

use crate::{
    records::{self, Completed, at, completed, fresh, write},
    support::{self, Client, TestApp},
    targets::{assert_verified, day, illustration, read},
};

/// Whole numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

/// Two ministries of which one ends, provinces that merge, one that ends in nothing, offices below them of which one moves in March, and
/// desks below an office; completions on days of all months by people of all groups.
async fn country(db: &Database, seed: u64) -> Target {
    let target = write(db, move |c| {
        let mut unit =
            |code: &str, kind: &str, from: Option<&str>, to: Option<&str>| records::unit(c, code, kind, from, to);
        let old = unit("B1", "ministry", None, Some("2025-02-28"));
        let new = unit("B2", "ministry", Some("2025-03-01"), None);
        let stays = unit("B3", "ministry", None, None);
        let west = unit("T1", "province", None, Some("2025-06-30"));
        let east = unit("T2", "province", None, Some("2025-06-30"));
        let merged = unit("T3", "province", Some("2025-07-01"), None);
        let gone = unit("T4", "province", None, Some("2025-05-31"));
        let company = unit("C1", "state_corporation", None, None);
        let offices = ["S1", "S2", "S3", "S4"].map(|code| unit(code, "department", None, None));
        let closed = unit("S5", "department", None, Some("2025-06-30"));
        let desks = ["D1", "D2"].map(|code| unit(code, "centre", None, None));
        for (from, to, position) in
            [(old, new, 0), (old, stays, 1), (west, merged, 0), (east, merged, 0), (closed, offices[2], 0)]
        {
            records::succeeded(c, from, to, position);
        }
        records::placed(c, offices[0], old, None, Some("2025-02-28"));
        records::placed(c, offices[0], new, Some("2025-03-01"), None);
        // Moves in the middle of the period from one ministry to another, with what stands under it.
        records::placed(c, offices[1], stays, None, Some("2025-03-31"));
        records::placed(c, offices[1], new, Some("2025-04-01"), None);
        records::placed(c, offices[2], west, None, Some("2025-06-30"));
        records::placed(c, offices[2], merged, Some("2025-07-01"), None);
        records::placed(c, offices[3], company, None, None);
        records::placed(c, closed, east, None, Some("2025-06-30"));
        records::placed(c, desks[0], offices[1], None, None);
        records::placed(c, desks[1], desks[0], None, None);
        let units: Vec<(UnitId, &str, &str)> = vec![
            (old, "2025-01-01", "2025-02-28"),
            (new, "2025-03-01", "2025-12-31"),
            (stays, "2025-01-01", "2025-12-31"),
            (west, "2025-01-01", "2025-06-30"),
            (east, "2025-01-01", "2025-06-30"),
            (merged, "2025-07-01", "2025-12-31"),
            (gone, "2025-01-01", "2025-05-31"),
            (company, "2025-01-01", "2025-12-31"),
            (offices[0], "2025-01-01", "2025-12-31"),
            (offices[1], "2025-01-01", "2025-12-31"),
            (offices[2], "2025-01-01", "2025-12-31"),
            (offices[3], "2025-01-01", "2025-12-31"),
            (closed, "2025-01-01", "2025-06-30"),
            (desks[0], "2025-01-01", "2025-12-31"),
            (desks[1], "2025-01-01", "2025-12-31"),
        ];
        let course = records::course(c, "KT-01");
        let people: Vec<i64> = (0..40).map(|n| records::person(c, &format!("N{n:02}"))).collect();
        let target = actions::create(c, &Actor::system(), at("2025-01-01"), &illustration("ca-nuoc", &["KT-01"]))?;
        let mut dice = Dice(seed);
        for _ in 0..220 {
            let (unit, from, to) = units[dice.below(units.len())];
            let span = usize::try_from((day(to) - day(from)).num_days() + 1).unwrap();
            let on = day(from) + chrono::TimeDelta::days(i64::try_from(dice.below(span)).unwrap());
            let occurred = on.format("%Y-%m-%d").to_string();
            let event = Completed {
                person: people[dice.below(people.len())],
                course,
                organiser: new,
                unit,
                category: Category::ALL[dice.below(3)],
                flagged: false,
                occurred: &occurred,
                recorded: &occurred,
            };
            let id = completed(c, &event);
            actions::count_completion(c, id)?;
        }
        Ok(target)
    })
    .await;
    assert_verified(db).await;
    target
}

fn sum<'a>(splits: impl IntoIterator<Item = &'a Split>) -> Split {
    let mut total = Split::default();
    splits.into_iter().for_each(|split| total += *split);
    total
}

/// The page of a unit: its parts and what is its own add up to it, and so do its head, its days and the list of people behind it.
fn page_of(c: &mut DbConn, target: &Target, view: View, unit: UnitId) -> queries::Level {
    let level = queries::level(c, target, target.period(), view, &Scope::Nation, Some(unit)).unwrap();
    let (label, whole) = (format!("{view:?}, unit {unit}"), level.total);
    let parts = sum(level.rows.iter().map(|row| &row.split).chain([&level.direct]));
    assert_eq!(parts, whole, "{label}: the parts and what is the unit's own add up");
    let scope = Scope::Nation.behind(queries::behind(c, target, view, unit).unwrap());
    assert_eq!(queries::split(c, target.id, target.period(), &scope).unwrap(), whole, "{label}: the head of the page");
    let by_day = queries::by_day(c, target, &scope).unwrap();
    assert_eq!(by_day.iter().map(|(_, f)| f.turns).sum::<i64>(), whole.total.turns, "{label}: day by day");
    for (asked, expected) in [
        (Asked { counted: Some(true), ..Asked::default() }, whole.total.turns),
        (Asked { people_only: true, ..Asked::default() }, whole.total.people),
    ] {
        let listed = queries::records(c, target, &scope, &asked, 1).unwrap().total;
        assert_eq!(listed, expected, "{label}: the list behind the number, {asked:?}");
    }
    let funnel = queries::funnel(c, target.id, target.period(), &scope, at("2026-01-01")).unwrap();
    assert_eq!(funnel.counted, whole.total, "{label}: the step that counts");
    level
}

/// All the way down: what the lines above say of a unit is what its own page says. A unit that moved in the period has a line with each
/// of those it stood under, for the days it stood there, and they add up to its page.
fn descend(c: &mut DbConn, target: &Target, view: View, top: &queries::Level) -> usize {
    let mut said: BTreeMap<UnitId, Split> = BTreeMap::new();
    let mut shown: BTreeMap<UnitId, Split> = BTreeMap::new();
    let mut open: Vec<UnitId> = Vec::new();
    let mut lines: Vec<(UnitId, Split)> = top.rows.iter().map(|row| (row.unit.id, row.split)).collect();
    loop {
        for (unit, split) in lines.drain(..) {
            *said.entry(unit).or_default() += split;
            open.push(unit);
        }
        let Some(unit) = open.pop() else { break };
        if shown.contains_key(&unit) {
            continue;
        }
        let level = page_of(c, target, view, unit);
        shown.insert(unit, level.total);
        lines.extend(level.rows.iter().map(|row| (row.unit.id, row.split)));
    }
    assert_eq!(said, shown, "{view:?}: lines above and pages below");
    shown.len()
}

#[tokio::test]
async fn every_level_adds_up_in_both_views() {
    for seed in [1, 20, 300] {
        let (db, _dir) = fresh().await;
        let target = country(&db, seed).await;
        let seen = read(&db, move |c| {
            let whole = queries::split(c, target.id, target.period(), &Scope::Nation)?;
            let mut seen = Vec::new();
            for view in [
                View::AsRecorded,
                View::AsOf(day("2025-02-01")),
                View::AsOf(day("2025-06-30")),
                View::AsOf(day("2025-12-31")),
                View::AsOf(day("2026-11-23")),
            ] {
                let level = queries::level(c, &target, target.period(), view, &Scope::Nation, None)?;
                assert_eq!(level.total, whole, "{view:?}");
                let rows = level.rows.iter().chain(&level.unconverted).map(|row| &row.split);
                assert_eq!(sum(rows), whole, "{view:?}: with what cannot be carried");
                // By groups of agencies, as the page of the target shows them.
                let today = day("2026-11-23");
                let working = queries::officials_on(c, queries::day_of(&target, view, today))?;
                let board = queries::board(c, &target, target.period(), view, today, &working)?;
                let mut groups: BTreeMap<Group, Split> = BTreeMap::new();
                for agency in &board.agencies {
                    *groups.entry(Group::of(agency.unit.kind)).or_default() += agency.split;
                }
                let apart = board.unconverted.iter().map(|row| &row.split);
                assert_eq!(sum(groups.values().chain(apart)), whole, "{view:?}: groups");
                seen.push((descend(c, &target, view, &level), level.unconverted.len()));
            }
            Ok(seen)
        })
        .await;
        assert!(seen[0].0 >= 12, "all levels were looked at: {seen:?}");
        assert!(seen[3].1 > 0, "something cannot be carried to the end of the year: {seen:?}");
    }
}

/// The cells of the table that a caption's id stands in, row by row, as words.
pub fn table(page: &str, caption: &str) -> Vec<Vec<String>> {
    let start = page.find(&format!("<caption id=\"{caption}\"")).unwrap_or_else(|| panic!("a table {caption}"));
    let end = start + page[start..].find("</table>").unwrap();
    page[start..end]
        .split("<tr>")
        .skip(1)
        .map(|row| {
            row.split("<th")
                .flat_map(|part| part.split("<td"))
                .skip(1)
                .map(|cell| {
                    let mut text = String::new();
                    let mut outside = true;
                    for c in cell[cell.find('>').unwrap() + 1..].chars() {
                        match c {
                            '<' => outside = false,
                            '>' => outside = true,
                            c if outside => text.push(c),
                            _ => {}
                        }
                    }
                    text.split_whitespace().collect::<Vec<_>>().join(" ")
                })
                .collect()
        })
        .collect()
}

/// People and turns of each line, then of the three groups, as the page has them.
fn figures(page: &str, caption: &str) -> BTreeMap<String, Vec<String>> {
    let rows = table(page, caption);
    rows.into_iter().map(|row| (row[0].clone(), row[1..6.min(row.len())].to_vec())).collect()
}

fn line(people: i64, turns: i64, leaders: &str, technology: &str, other: &str) -> Vec<String> {
    vec![people.to_string(), turns.to_string(), leaders.to_owned(), technology.to_owned(), other.to_owned()]
}

async fn ranked(browser: &mut Client, path: &str) -> BTreeMap<String, (String, String)> {
    let page = browser.get(path).await.is(200).text();
    let mut found = BTreeMap::new();
    for caption in ["theo-giao", "theo-can-bo", "khong-xep"] {
        if page.contains(&format!("<caption id=\"{caption}\"")) {
            for row in table(&page, caption).into_iter().skip(1) {
                let [.., people, turns, _] = row.as_slice() else { panic!("{row:?}") };
                found.insert(row[0].clone(), (people.clone(), turns.clone()));
            }
        }
    }
    found
}

#[actix_web::test]
async fn the_worked_example_reads_off_the_pages() {
    let app = support::app().await;
    crate::targets_example::tell(&app.app.db).await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "CDSQG").await;
    let mut browser = app.sign_in(&coordinator).await;
    let base = "/chi-tieu/minh-hoa-2025";
    let carried = "xem=quy-doi&ngay=31%2F12%2F2025";
    let pair = |people: i64, turns: i64| (people.to_string(), turns.to_string());
    let with_data = |rows: BTreeMap<String, (String, String)>| {
        rows.into_iter().filter(|(_, figures)| figures.1 != "0").collect::<BTreeMap<_, _>>()
    };

    for (query, view) in [("", "Theo ghi nhận"), (carried, "Quy đổi theo ngày 31/12/2025")] {
        let page = browser.get(&format!("{base}?{query}")).await;
        page.is(200).says(view);
        let rows = figures(&page.text(), "theo-don-vi");
        // counting.md writes turns / people, the page people / turns.
        assert_eq!(rows["Tổng"], line(6, 8, "2 / 3", "3 / 3", "1 / 2"), "{view}");
        let group = |name: &str| rows.iter().find(|(label, _)| label.starts_with(name)).unwrap().1.clone();
        assert_eq!(group("Tỉnh, thành phố"), line(4, 6, "2 / 3", "1 / 1", "1 / 2"), "{view}");
        assert_eq!(group("Bộ"), line(2, 2, "0 / 0", "2 / 2", "0 / 0"), "{view}");
    }

    let local = with_data(ranked(&mut browser, &format!("{base}/loai/dia-phuong")).await);
    let expected = [("Tỉnh Yên Bái", pair(2, 2)), ("Tỉnh Lào Cai", pair(2, 2))];
    // Both Lào Cai, of before and of after the merger, bear one name: 2 turns of 2 people, and 2 turns of nobody new.
    assert!(local.len() == 2 && local["Tỉnh Yên Bái"] == expected[0].1, "{local:?}");
    let all = browser.get(&format!("{base}/loai/dia-phuong")).await.is(200).text();
    let lao_cai: Vec<_> = ["theo-can-bo", "khong-xep"]
        .iter()
        .filter(|id| all.contains(&format!("<caption id=\"{id}\"")))
        .flat_map(|id| table(&all, id))
        .filter(|row| row[0] == "Tỉnh Lào Cai")
        .map(|row| (row[row.len() - 3].clone(), row[row.len() - 2].clone()))
        .collect();
    assert_eq!(lao_cai.len(), 2, "{lao_cai:?}");
    assert!(lao_cai.contains(&pair(2, 2)) && lao_cai.contains(&pair(0, 2)), "{lao_cai:?}");
    let local = with_data(ranked(&mut browser, &format!("{base}/loai/dia-phuong?{carried}")).await);
    assert_eq!(local, [("Tỉnh Lào Cai".to_owned(), pair(4, 6))].into());
    let central = with_data(ranked(&mut browser, &format!("{base}/loai/bo-nganh")).await);
    assert_eq!(central.values().cloned().collect::<Vec<_>>(), [pair(1, 1), pair(1, 1)], "{central:?}");
    let central = with_data(ranked(&mut browser, &format!("{base}/loai/bo-nganh?{carried}")).await);
    assert_eq!(central.values().cloned().collect::<Vec<_>>(), [pair(2, 2)], "{central:?}");

    // The halves of the year, and the unit and its people behind a number, in the view that was chosen above.
    let half = browser.get(&format!("{base}?tu=01%2F01%2F2025&den=30%2F06%2F2025")).await.text();
    assert_eq!(figures(&half, "theo-don-vi")["Tổng"][..2], ["4".to_owned(), "4".to_owned()]);
    let half = browser.get(&format!("{base}?tu=01%2F07%2F2025&den=31%2F12%2F2025")).await.text();
    assert_eq!(figures(&half, "theo-don-vi")["Tổng"][..2], ["2".to_owned(), "4".to_owned()]);
    let unit = browser.get(&format!("{base}?don-vi=P15-2025&{carried}")).await;
    unit.is(200).says("Quy đổi theo ngày 31/12/2025").says("Tỉnh, thành phố").says("ngay&#x3D;31%2F12%2F2025");
    assert_eq!(figures(&unit.text(), "theo-don-vi")["Tổng"][..2], ["4".to_owned(), "6".to_owned()]);
    let people = browser.get(&format!("{base}/nguoi?don-vi=P15-2025&loai=nguoi&{carried}")).await;
    people.is(200).says("Quy đổi theo ngày 31/12/2025");
    let names: Vec<String> = table(&people.text(), "ds-nguoi").into_iter().skip(1).map(|row| row[0].clone()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    for name in ["A", "B", "F", "G"] {
        assert!(names.iter().any(|shown| shown.ends_with(&format!("Minh họa {name}"))), "{name}: {names:?}");
    }
    // What moved figures between units in the year.
    let page = browser.get(base).await.text();
    let changes: Vec<Vec<String>> = table(&page, "ds-thay-doi").into_iter().skip(1).collect();
    let of = |name: &str| changes.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("{name}: {changes:?}"));
    assert_eq!(of("Tỉnh Yên Bái")[1..], ["01/07/2025", "Chuyển thành Tỉnh Lào Cai", "2", "2"].map(str::to_owned));
    assert_eq!(of("Bộ Thông tin và Truyền thông")[1], "01/03/2025");
    browser.get(&format!("{base}?xem=quy-doi&ngay=hom-qua")).await.is(200).says("Ngày không đúng");
    browser.get(&format!("{base}/loai/khong-co")).await.is(404);
    app.stop().await;
}

/// Who sees an agency has no page that compares agencies.
#[actix_web::test]
async fn only_who_sees_the_nation_compares_agencies() {
    let (app, _) = crate::targets_pages::site().await;
    let officer = app.person_as("Cán bộ Minh họa", Role::Officer, "P15-2025").await;
    let auditor = app.person_as("Kiểm tra viên Minh họa", Role::Auditor, "CDSQG").await;
    let path = "/chi-tieu/minh-hoa-2026/loai/dia-phuong";
    app.sign_in(&officer).await.get(path).await.is(403);
    app.sign_in(&auditor).await.get(path).await.is(200).says("Hoàng Sa").says("Trường Sa");
    app.stop().await;
}

async fn quotas(app: &TestApp, rows: &'static [(&'static str, i64)]) {
    app.write(move |c| {
        let target = queries::by_code(c, "minh-hoa-2026")?;
        let mut new = crate::quotas::round_of("dot-chi-tieu", rows.iter().map(|(_, n)| n).sum());
        new.target = Some(target.id);
        let round = actions::quotas::open_round(c, &Actor::system(), at(crate::quotas::NOW), &new)?;
        crate::quotas::give(c, &Actor::system(), round.id, None, rows).map(drop)
    })
    .await;
}

/// By what was given where something was, otherwise by those who work there, and never without either.
#[actix_web::test]
async fn a_ranking_says_by_what_it_compares() {
    let (app, course) = crate::targets_pages::site().await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "CDSQG").await;
    quotas(&app, &[("P15-2025", 4), ("P01", 4), ("P04", 1000)]).await;
    // Lào Cai has one of four; Hà Nội two of four; Cao Bằng three of a thousand; Sơn La one, with two officials and nothing given.
    for (unit, count) in [("P01", 2), ("P04", 3), ("P14", 1)] {
        for n in 0..count {
            let person = app.person(&format!("Học viên {unit} số {n}"), unit).await.id.0;
            app.write(move |c| crate::targets_pages::one_more(c, person, course, unit, "2026-11-03")).await;
        }
    }
    app.person("Cán bộ Chưa học", "P14").await;
    let mut browser = app.sign_in(&coordinator).await;
    let page = browser.get("/chi-tieu/minh-hoa-2026/loai/dia-phuong").await;
    page.is(200).says("Xếp hạng theo chỉ tiêu được giao").says("Không xếp hạng").says("Số đạt trên 100 cán bộ");
    let rows: Vec<Vec<String>> = table(&page.text(), "theo-giao").into_iter().skip(1).collect();
    let shown: Vec<[&str; 5]> = rows.iter().map(|r| [0, 1, 3, 4, 5].map(|at| r[at].as_str())).collect();
    assert_eq!(
        shown,
        [
            ["Thành phố Hà Nội", "1", "2", "50%", "2"],
            ["Tỉnh Lào Cai", "2", "1", "25%", "3"],
            ["Tỉnh Cao Bằng", "3", "3", "0,3%", "997"]
        ]
    );
    let rows = table(&page.text(), "theo-can-bo");
    assert_eq!(rows[1][..5], ["Tỉnh Sơn La", "1", "1", "2", "50"].map(str::to_owned));
    let none = table(&page.text(), "khong-xep");
    assert_eq!(none.len() - 1, 30, "provinces without either are listed and not ranked");
    // Thirty-four tiles and the two island districts, each with its name.
    assert_eq!(page.text().matches("class=\"tile ").count(), 36);
    assert!(page.text().contains(">Cao</text>") && page.text().contains(">Bằng</text>"));
    let before = browser.get("/chi-tieu/minh-hoa-2026/loai/dia-phuong?xem=quy-doi&ngay=30%2F06%2F2025").await;
    assert_eq!(before.is(200).text().matches("class=\"tile ").count(), 65);
    let group = browser.get("/chi-tieu/minh-hoa-2026").await;
    group.is(200).says("4/34 đơn vị có số liệu").says("được giao 1.008");
    app.stop().await;
}
