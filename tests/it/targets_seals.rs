//! Seals: a second person signs, nothing changes them, whatever is changed is found, and they outlive the people in them.

use diesel::{prelude::*, sql_query};
use nongcot::{
    access::{Actor, PersonId, Role},
    platform::error::{Error, Result},
    targets::{
        actions,
        model::{
            Figures,
            seal::{FIRST, Seal, SealId},
        },
        queries::{self, Cause},
    },
};

use crate::{
    records::{at, completed, fresh, write},
    support::{classes::as_person, run},
    targets::{COMPLETED, Example, assert_verified, days, figures, in_order, read},
    targets_pages::{one_more, site},
};

const FIRST_HALF: (&str, &str) = ("2025-01-01", "2025-06-30");

async fn prepare(
    db: &nongcot::platform::db::Database,
    example: &Example,
    part: (&str, &str),
    known: &str,
) -> Result<SealId> {
    let (id, part, known) = (example.target.id, days(part.0, part.1), at(known));
    let by = as_person(PersonId(example.people["D"]));
    let prepared = db.read(move |c| queries::prepare(c, id, part, known, at("2026-02-01"))).await?;
    db.write("test", move |c| actions::prepare_seal(c, &by, at("2026-02-01"), prepared)).await
}

/// As the page does it: computed beside those who write, and anew when another seal was signed meanwhile.
async fn sign(db: &nongcot::platform::db::Database, example: &Example, by: &str, id: SealId) -> Result<Seal> {
    let by = as_person(PersonId(example.people[by]));
    loop {
        let who = by.clone();
        let draft = db.read(move |c| actions::draft_seal(c, &who, at("2026-02-02"), id)).await?;
        let who = by.clone();
        if db.write("test", move |c| actions::put_seal(c, &who, at("2026-02-02"), &draft)).await?.is_some() {
            return Ok(Seal::read(&text(db, id).await).expect("a sound seal"));
        }
    }
}

async fn text(db: &nongcot::platform::db::Database, id: SealId) -> String {
    read(db, move |c| queries::seal_text(c, id)).await
}

fn refused(result: Result<impl std::fmt::Debug>) -> String {
    match result.expect_err("a refusal") {
        Error::Refused(message) => message.key.into_owned(),
        Error::Invalid(faults) => faults.0.iter().map(|(field, m)| format!("{field}: {}", m.key)).collect(),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_second_person_makes_the_seal_and_each_follows_the_one_before() {
    let (db, _dir) = fresh().await;
    let example = in_order(&db).await;
    let first = prepare(&db, &example, FIRST_HALF, "2025-07-01 00:00:00").await.unwrap();
    assert!(Seal::read(&text(&db, first).await).is_err(), "what nobody signed is no seal");
    assert_eq!(refused(sign(&db, &example, "D", first).await), "targets-refused-second-person");
    let one = sign(&db, &example, "E", first).await.unwrap();
    assert_eq!((one.number, one.previous.as_str()), (1, FIRST));
    assert_eq!(refused(sign(&db, &example, "E", first).await), "targets-seal-decided");

    let dropped = prepare(&db, &example, FIRST_HALF, "2026-01-01 00:00:00").await.unwrap();
    let by = as_person(PersonId(example.people["D"]));
    let again = by.clone();
    write(&db, move |c| actions::withdraw_seal(c, &by, at("2026-02-02"), dropped)).await;
    assert_eq!(refused(sign(&db, &example, "E", dropped).await), "targets-seal-decided");
    let twice = db.write("test", move |c| actions::withdraw_seal(c, &again, at("2026-02-02"), first)).await;
    assert_eq!(refused(twice), "targets-seal-decided", "a signed seal cannot be taken back");

    let year = prepare(&db, &example, ("2025-01-01", "2025-12-31"), "2026-01-01 00:00:00").await.unwrap();
    let two = sign(&db, &example, "F", year).await.unwrap();
    assert_eq!((two.number, &two.previous), (2, &one.hash), "withdrawn ones leave no gap");
    assert_eq!(two.content.figures.total, figures(8, 6));
    let listed = read(&db, {
        let id = example.target.id;
        move |c| queries::seals(c, id)
    })
    .await;
    assert_eq!(
        listed.iter().map(|row| (row.number, row.turns, row.people)).collect::<Vec<_>>(),
        [(Some(2), 8, 6), (Some(1), 3, 3),]
    );
    let file = text(&db, first).await;
    assert_eq!(Seal::read(&file).unwrap(), one);
    for name in ["Minh họa A", "Học viên"] {
        assert!(!file.contains(name), "no name is in a seal");
    }
    assert_verified(&db).await;
}

#[tokio::test]
async fn only_days_that_are_over_and_in_the_period_are_sealed() {
    let (db, _dir) = fresh().await;
    let example = in_order(&db).await;
    for (part, known, fault) in [
        (("2025-01-01", "2026-01-01"), "2026-01-15", "to: targets-seal-outside-period"),
        (("2024-12-31", "2025-06-30"), "2026-01-15", "from: targets-seal-outside-period"),
        (("2025-06-30", "2025-01-01"), "2026-01-15", "to: targets-fault-period"),
        (("2025-01-01", "2025-12-31"), "2025-12-31 23:59:59", "to: targets-seal-not-over"),
        (FIRST_HALF, "2026-02-01 12:00:01", "known_at: targets-seal-future"),
    ] {
        assert_eq!(refused(prepare(&db, &example, part, known).await), fault, "{part:?}");
    }
}

/// A first turn that becomes known late moves the person; the seal of either half says so, and both still add up.
#[tokio::test]
async fn a_person_counted_elsewhere_now_is_a_line_of_its_own() {
    let (db, _dir) = fresh().await;
    let example = in_order(&db).await;
    let second = prepare(&db, &example, ("2025-07-01", "2025-12-31"), "2026-01-01 00:00:00").await.unwrap();
    let first = prepare(&db, &example, FIRST_HALF, "2026-01-01 00:00:00").await.unwrap();
    let held = example.clone();
    write(&db, move |c| {
        // D was counted in December; a turn of May becomes known in January.
        let mut event = held.event(&COMPLETED[8]);
        (event.occurred, event.recorded) = ("2025-05-05", "2026-01-20");
        let id = completed(c, &event);
        actions::count_completion(c, id)
    })
    .await;
    let found = |id: SealId| {
        read(&db, move |c| {
            let (row, content) = (queries::seal(c, id)?, queries::seal_content(c, id)?);
            queries::adjustments(c, &row, &content)
        })
    };
    let (first, second) = (found(first).await, found(second).await);
    let told = |found: &queries::Adjustments| found.lines.iter().map(|l| (l.cause, l.at, l.change)).collect::<Vec<_>>();
    assert_eq!(told(&first), [(Cause::Completed, at("2026-01-20"), figures(1, 1))]);
    assert_eq!(told(&second), [(Cause::Moved, at("2026-01-20"), figures(0, -1))]);
    for found in [&first, &second] {
        let mut sum = found.sealed;
        found.lines.iter().for_each(|line| sum += line.change);
        assert_eq!(sum, found.now);
    }
    assert_eq!((first.now, second.now), (figures(5, 5), figures(4, 1)));
}

/// A change of the definition is told as such, not dated as if something had happened.
#[tokio::test]
async fn a_changed_list_of_courses_is_told() {
    let (db, _dir) = fresh().await;
    let example = in_order(&db).await;
    let id = prepare(&db, &example, FIRST_HALF, "2026-01-01 00:00:00").await.unwrap();
    let (target, course) = (example.target.id, example.courses["LD-03"]);
    let held = example.clone();
    let found = write(&db, move |c| {
        let mut event = held.event(&COMPLETED[4]);
        (event.course, event.occurred, event.recorded) = (course, "2025-04-01", "2025-04-01");
        let completion = completed(c, &event);
        sql_query(format!("INSERT INTO target_courses (target_id, course_id) VALUES ({target}, {course})"))
            .execute(c)?;
        actions::count_completion(c, completion)?;
        let (row, content) = (queries::seal(c, id)?, queries::seal_content(c, id)?);
        queries::adjustments(c, &row, &content)
    })
    .await;
    assert_eq!(
        found.lines.iter().map(|l| (l.cause, l.change)).collect::<Vec<_>>(),
        [(Cause::Definition, figures(1, 1))]
    );
    assert_eq!(found.now, figures(5, 5));
}

/// Two at once: what was being written while the seal was computed bears an earlier moment and is not in it. It is a line
/// like any other.
#[tokio::test]
async fn what_was_being_recorded_during_the_sealing_is_not_lost() {
    let (db, _dir) = fresh().await;
    let example = in_order(&db).await;
    let id = prepare(&db, &example, FIRST_HALF, "2026-01-01 00:00:00").await.unwrap();
    let held = example.clone();
    let found = write(&db, move |c| {
        let mut event = held.event(&COMPLETED[4]);
        (event.occurred, event.recorded) = ("2025-06-30", "2025-12-31 23:59:59");
        let completion = completed(c, &event);
        actions::count_completion(c, completion)?;
        let (row, content) = (queries::seal(c, id)?, queries::seal_content(c, id)?);
        queries::adjustments(c, &row, &content)
    })
    .await;
    let lines: Vec<_> = found.lines.iter().map(|l| (l.cause, l.at, l.change)).collect();
    assert_eq!(lines, [(Cause::Completed, at("2025-12-31 23:59:59"), figures(1, 1))]);
    assert_eq!((found.sealed, found.now), (figures(4, 4), figures(5, 5)));
}

#[tokio::test]
async fn verify_finds_whatever_was_done_to_a_seal() {
    for (change, said) in [
        (
            "UPDATE seals SET body = replace(body, '\"turns\":3', '\"turns\":4') WHERE number = 1",
            "seal 1: it states the hash",
        ),
        ("UPDATE seals SET body = body || ' ' WHERE number = 2", "seal 2: its text is not written"),
        ("UPDATE seals SET turns = 9 WHERE number = 1", "seal 1: its row says something else"),
        ("UPDATE seals SET hash = 'x' WHERE number = 1", "seal 2: it does not follow the seal before it"),
        ("UPDATE seals SET number = 5 WHERE number = 2", "seal 5: it follows seal 1"),
        ("UPDATE seal_people SET person_id = person_id % 2 + 1", "opens nothing in it"),
        (
            "UPDATE completion_events SET category = 'other' WHERE id = 1",
            "seal 1: event 1 is gone or says something else now",
        ),
    ] {
        let (db, _dir) = fresh().await;
        let example = in_order(&db).await;
        for part in [FIRST_HALF, ("2025-01-01", "2025-12-31")] {
            let known = if part == FIRST_HALF { "2025-07-01 00:00:00" } else { "2026-01-01 00:00:00" };
            let id = prepare(&db, &example, part, known).await.unwrap();
            sign(&db, &example, "E", id).await.unwrap();
        }
        assert_verified(&db).await;
        write(&db, move |c| Ok(sql_query(change).execute(c).map(drop)?)).await;
        let found = read(&db, queries::verify).await;
        assert!(found.iter().any(|line| line.contains(said)), "{change}: {found:#?}");
    }
}

/// Deleting what links a person to a seal, and the name, leaves it whole: in the database and as a file.
#[tokio::test]
async fn a_seal_outlives_the_people_in_it() {
    let (db, dir) = fresh().await;
    let example = in_order(&db).await;
    let id = prepare(&db, &example, FIRST_HALF, "2025-07-01 00:00:00").await.unwrap();
    sign(&db, &example, "E", id).await.unwrap();
    let before = text(&db, id).await;
    let person = PersonId(example.people["H"]);
    let forgotten = write(&db, move |c| {
        sql_query(format!("UPDATE people SET family_names = '', given_name = '–', folded = '' WHERE id = {person}"))
            .execute(c)?;
        actions::forget_person(c, &Actor::system(), at("2026-03-01"), person)
    })
    .await;
    assert_eq!(forgotten, 1);
    assert_eq!(text(&db, id).await, before);
    assert_verified(&db).await;
    let file = dir.folder.path().join("ban-chot.json");
    std::fs::write(&file, &before).unwrap();
    run(&[], &["verify", "--seal", file.to_str().unwrap()]).await.ended(0).says("sound. Seal 1 of minh-hoa-2025");
}

/// Whoever holds the files needs nothing else.
#[tokio::test]
async fn files_of_seals_are_checked_without_a_database() {
    let (db, dir) = fresh().await;
    let example = in_order(&db).await;
    let mut files = Vec::new();
    for (index, known) in ["2025-07-01 00:00:00", "2026-01-01 00:00:00"].into_iter().enumerate() {
        let id = prepare(&db, &example, FIRST_HALF, known).await.unwrap();
        sign(&db, &example, "E", id).await.unwrap();
        let file = dir.folder.path().join(format!("{index}.json"));
        std::fs::write(&file, text(&db, id).await).unwrap();
        files.push(file);
    }
    let named: Vec<&str> = files.iter().map(|f| f.to_str().unwrap()).collect();
    // A database that cannot be opened shows that none is asked for.
    let nowhere = [("DATABASE__URL", "postgres://nobody@127.0.0.1:1/nothing")];
    let both = run(&nowhere, &["verify", "--seal", named[0], named[1]]).await;
    both.ended(0).says("3 people, 3 turns").says("4 people, 4 turns").says("known at 00:00 01/07/2025");

    let whole = std::fs::read_to_string(&files[1]).unwrap();
    let forged = |from: &str, to: &str| {
        assert!(whole.contains(from));
        std::fs::write(&files[1], whole.replacen(from, to, 1)).unwrap();
        let args: [String; 2] = [named[0].to_owned(), named[1].to_owned()];
        async move { run(&nowhere, &["verify", "--seal", &args[0], &args[1]]).await }
    };
    forged("\"people\":4", "\"people\":5").await.ended(1).says("NOT SOUND: it states the hash");
    forged(",\"hash\"", ", \"hash\"").await.ended(1).says("NOT SOUND: its text is not written");
    forged("{", "[").await.ended(1).says("NOT SOUND: it cannot be read");
    // Sound by itself, but of another chain.
    let mut alien = Seal::read(&whole).unwrap();
    alien = Seal::sign(alien.content, 2, alien.signed, FIRST).unwrap();
    std::fs::write(&files[1], alien.text().unwrap()).unwrap();
    run(&nowhere, &["verify", "--seal", named[1]]).await.ended(0);
    run(&nowhere, &["verify", "--seal", named[0], named[1]]).await.ended(1).says("does not follow seal 1");
    run(&nowhere, &["verify", "--seal", "/nonexistent/seal.json"]).await.ended(1).says("cannot be read");
    run(&nowhere, &["verify"]).await.ended(1);
}

/// Several sign at once: every seal gets its own number, and none follows the same one.
#[tokio::test]
async fn simultaneous_signatures_make_one_chain() {
    let (db, _dir) = fresh().await;
    let example = in_order(&db).await;
    let mut waiting = Vec::new();
    for _ in 0..4 {
        waiting.push(prepare(&db, &example, FIRST_HALF, "2026-01-01 00:00:00").await.unwrap());
    }
    let mut running = tokio::task::JoinSet::new();
    for n in 0..8 {
        let (db, example, id) = (db.clone(), example.clone(), waiting[n % 4]);
        running.spawn(async move { sign(&db, &example, ["E", "F"][n / 4], id).await.is_ok() });
    }
    let mut signed = 0;
    while let Some(done) = running.join_next().await {
        signed += usize::from(done.unwrap());
    }
    assert_eq!(signed, 4);
    assert_eq!(read(&db, queries::chain_end).await.0, 4);
    assert_verified(&db).await;
}

#[actix_web::test]
async fn two_coordinators_seal_and_see_what_came_after() {
    let (app, course) = site().await;
    let first = app.person_as("Điều phối viên Một", Role::Coordinator, "CDSQG").await;
    let second = app.person_as("Điều phối viên Hai", Role::Coordinator, "CDSQG").await;
    let auditor = app.person_as("Người Đối soát", Role::Auditor, "CDSQG").await;
    let (mut one, mut two, mut reads) =
        (app.sign_in(&first).await, app.sign_in(&second).await, app.sign_in(&auditor).await);
    let list = "/chi-tieu/minh-hoa-2026/ban-chot";
    one.get("/chi-tieu/minh-hoa-2026").await.is(200).says(list);
    one.get(list).await.is(200).says("Chưa có bản chốt nào").says("value=\"22/11/2026\"");
    reads.get(list).await.is(200).says_not("<form class=\"form\"");
    one.post(list, &[("from", "2026-01-01"), ("to", "2026-11-23")]).await.is(422).says("Chỉ chốt những ngày đã qua");
    one.post(list, &[("from", "hôm nọ"), ("to", "")]).await.is(422).says("Ngày không đúng");

    let made = one.post(list, &[("from", "2026-01-01"), ("to", "22/11/2026")]).await;
    let place = made.is(303).location();
    one.get(&place).await.is(200).says("Bản chờ ký duyệt").says("Người lập không tự ký").says("Tỉnh Lào Cai");
    one.post(&format!("{place}/ky-duyet"), &[]).await.is(409).says("Cần một người khác");
    one.get(&format!("{place}/tep")).await.is(409);
    reads.post(&format!("{place}/ky-duyet"), &[]).await.is(403);
    two.get(&place).await.is(200).says("Hãy đối chiếu số liệu");
    two.post(&format!("{place}/ky-duyet"), &[]).await.is(303);
    let file = reads.get(&format!("{place}/tep")).await;
    assert_eq!(file.header("content-type"), "application/json");
    let seal = Seal::read(&file.text()).unwrap();
    assert_eq!(seal.content.figures.total, Figures { turns: 1, people: 1 });

    let late = app.person("Học viên Minh họa Muộn", "P01").await.id.0;
    app.write(move |c| {
        let id = one_more(c, late, course, "P01", "2026-11-10")?;
        sql_query(format!("UPDATE completion_events SET recorded_at = '2026-11-23T01:00:00.000000Z' WHERE id = {id}"))
            .execute(c)?;
        Ok(())
    })
    .await;
    let page = reads.get(&place).await;
    page.is(200).says("Bản chốt số 1").says("Điều phối viên Hai").says(&seal.hash);
    page.says("Học viên Minh họa Muộn").says("Hoàn thành được ghi nhận sau").says("+1");
    assert_eq!(reads.get(&format!("{place}/tep")).await.bytes, file.bytes, "byte for byte");

    // Of another target it is not there; what was withdrawn leaves the list.
    one.get(&place.replace("minh-hoa-2026", "minh-hoa-co-quan-2026")).await.is(404);
    one.get(&format!("{list}/99")).await.is(404);
    let waits = one.post(list, &[("from", "2026-01-01"), ("to", "2026-11-22")]).await.location();
    one.post(&format!("{waits}/rut"), &[]).await.is(303);
    one.get(list).await.is(200).says("Bản chốt số 1").says_not("Chờ ký duyệt");
    one.post("/ngon-ngu", &[("locale", "en"), ("next", "/")]).await;
    for path in [list.to_owned(), place.clone(), waits] {
        one.get(&path).await.is(200).says_not("targets-").says("Seal");
    }
    let officer = app.person_as("Cán bộ Minh họa", Role::Officer, "P15-2025").await;
    let mut elsewhere = app.sign_in(&officer).await;
    for path in [list.to_owned(), place.clone(), format!("{place}/tep")] {
        elsewhere.get(&path).await.is(403);
    }
    elsewhere.get("/chi-tieu/minh-hoa-2026").await.is(200).says_not(list);
    app.stop().await;
}

/// The seal of a share of agencies names which there were and which organised; what changes since is told.
#[tokio::test]
async fn the_seal_of_a_share_of_agencies() {
    let story = crate::targets_example::story().await;
    let (share, by) = (story.share.id, story.people.clone());
    let (id, second) = (by["Nhập"], by["Duyệt"]);
    let (seal, found) = write(&story.held.db, move |c| {
        let known = at("2025-07-01 00:00:00");
        let prepared = queries::prepare(c, share, days("2025-01-01", "2025-06-30"), known, at("2026-02-01"))?;
        let seal = actions::prepare_seal(c, &as_person(id), at("2026-02-01"), prepared)?;
        let signed = crate::targets::sign_seal(c, &as_person(second), at("2026-02-01"), seal)?;
        let row = queries::seal(c, seal)?;
        let found = queries::adjustments(c, &row, &signed.content)?;
        Ok((signed, found.agencies.expect("agencies")))
    })
    .await;
    let agencies = seal.content.agencies.as_ref().expect("agencies");
    assert_eq!(agencies.organised, ["BKHCN-2025"]);
    assert_eq!(agencies.all.len(), 14 + 3 + 5 + 63, "as the agencies were on 30/06/2025");
    assert_eq!((found.then.organised, found.now.organised), (1, 2));
    assert_eq!((found.more, found.less), (vec!["P15".to_owned()], vec![]));
    assert_eq!(Seal::read(&seal.text().unwrap()).unwrap(), seal);
    assert_verified(&story.held.db).await;
}
