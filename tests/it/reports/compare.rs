//! Two seals side by side.

use nongcot::{
    access::Role,
    targets::{actions, model::seal::SealId, queries},
};

use super::example;
use crate::{
    records::at,
    support::{TestApp, classes::as_person},
    targets::days,
    targets_example::Told,
};

/// A signed seal of a part of the year, as known at a moment.
async fn seal(app: &TestApp, told: &Told, part: (&str, &str), known: &str) -> SealId {
    let (target, part, known) = (told.target.id, days(part.0, part.1), at(known));
    let (one, other) = (as_person(told.people["Nhập"]), as_person(told.people["Duyệt"]));
    app.write(move |c| {
        let now = at("2026-02-01");
        let prepared = queries::prepare(c, target, part, known, now)?;
        let seal = actions::prepare_seal(c, &one, now, prepared)?;
        crate::targets::sign_seal(c, &other, now, seal)?;
        Ok(seal)
    })
    .await
}

#[actix_web::test]
async fn the_older_figure_and_the_lines_make_the_newer_one() {
    let (app, told, mut browser) = example().await;
    let list = "/chi-tieu/minh-hoa-2025/ban-chot";
    browser.get(list).await.is(200).says_not("so-sanh");
    let first = ("2025-01-01", "2025-06-30");
    let later = seal(&app, &told, first, "2026-01-01 00:00:00").await;
    let between = seal(&app, &told, first, "2025-07-16 00:00:00").await;
    let second = seal(&app, &told, ("2025-07-01", "2025-12-31"), "2026-01-01 00:00:00").await;
    let way = |old: SealId, new: SealId| format!("{list}/so-sanh?cu={old}&moi={new}");
    browser.get(list).await.is(200).says("so-sanh");
    browser.get(&format!("{list}/so-sanh")).await.is(200).says("Bản chốt thứ nhất").says_not("Chênh lệch");

    let page = browser.get(&way(told.half, later)).await;
    page.is(200).says("Học viên Minh họa G").says("Học viên Minh họa F").says("Học viên Minh họa H");
    page.says("Cộng 3 dòng điều chỉnh").says("+1").says("−1");
    // The order of the address does not matter: what was known earlier stands first.
    let figures = |page: &crate::support::Reply| page.text().split_once("so-sanh\">").expect("a table").1.to_owned();
    let other = browser.get(&way(later, told.half)).await;
    assert_eq!(figures(&other).split("</table>").next(), figures(&page).split("</table>").next());
    let page = browser.get(&way(between, later)).await;
    page.is(200).says("Cộng 1 dòng điều chỉnh").says("Học viên Minh họa H").says_not("Học viên Minh họa G");
    let page = browser.get(&way(told.half, second)).await;
    page.is(200).says("khác kỳ số liệu").says_not("dòng điều chỉnh\n");
    browser.get(&way(told.half, SealId(99))).await.is(404);

    for (old, new) in [(told.half, between), (told.half, later), (between, later)] {
        let target = told.target.clone();
        let found = app
            .read(move |c| {
                let (old, new) = (queries::seal_content(c, old)?, queries::seal_content(c, new)?);
                let found = queries::between(c, &target, &old, &queries::turns_in(&new), Some(new.known_at))?;
                assert_eq!(found.now, new.figures.total);
                assert!(found.lines.iter().all(|line| old.known_at < line.at && line.at <= new.known_at));
                // What a seal lists is what the events say for its moment.
                assert_eq!(queries::turns_known(c, &new, new.known_at)?, queries::turns_in(&new));
                Ok(found)
            })
            .await;
        let mut sum = found.sealed;
        found.lines.iter().for_each(|line| sum += line.change);
        assert_eq!(sum, found.now);
    }
    let officer = app.person_as("Cán bộ A", Role::Officer, "P15-2025").await;
    app.sign_in(&officer).await.get(&way(told.half, later)).await.is(403);
    app.stop().await;
}
