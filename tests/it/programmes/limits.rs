//! The places of a cohort, voided completions before a decision, rules that change, and the numbers that `verify` recomputes.

use diesel::{RunQueryDsl, sql_query};
use nongcot::{
    learning,
    platform::error::Error,
    programmes::{
        actions::{self, programmes as write},
        model::{
            NominationState,
            programme::{Deed, Delivery, Stage},
        },
        queries::{self, programmes},
    },
    site,
};

use super::{A, AT, B, ROUND, terms, world};
use crate::support::classes;

#[actix_web::test]
async fn a_cohort_never_has_more_people_than_its_cap() {
    let world = world(2, &[(A, 6), (B, 6)]).await;
    let mut nominations = Vec::new();
    for name in ["Một Minh Họa", "Hai Minh Họa", "Ba Minh Họa", "Bốn Minh Họa", "Năm Minh Họa", "Sáu Minh Họa"]
    {
        let agency = if nominations.len() % 2 == 0 { A } else { B };
        let person = world.person(name, agency, "Chuyên viên").await;
        nominations.push((world.nominate(agency, &person).await, person));
    }
    let (now, by) = (world.app.app.now(), classes::as_person(world.coordinator.id));
    let mut tries = Vec::new();
    for (id, _) in &nominations {
        let (db, by, id) = (world.app.app.db.clone(), by.clone(), *id);
        tries.push(actix_web::rt::spawn(
            async move { db.write("test", move |c| actions::approve(c, &by, now, id)).await },
        ));
    }
    let (mut seated, mut refused) = (0, 0);
    for attempt in tries {
        match attempt.await.expect("a task") {
            Ok(actions::Approved::Seated) => seated += 1,
            Err(Error::Refused(said)) => {
                assert_eq!(said.key, "programme-refused-cap");
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((seated, refused, world.held().await), (2, 4, 2));
    // Nothing of those who were refused was written: they still wait for a decision.
    let left = world.app.read(|c| {
        let round = nongcot::targets::queries::quotas::round_by_code(c, ROUND)?;
        queries::counts_of_round(c, round.id)
    });
    assert_eq!(left.await[&NominationState::Submitted], 4);
    assert_eq!(world.counts().await, [(Stage::Nominated, 4), (Stage::Approved, 2)].into());
    // Fewer places than people have: refused. One more: one more.
    let (programme, by) = (world.programme.clone(), by.clone());
    let (known, who) = (programme.clone(), by.clone());
    let fewer = world.app.app.db.write("test", move |c| write::change(c, &who, now, &known, &terms(1))).await;
    assert!(matches!(fewer, Err(Error::Invalid(_))));
    world.app.write(move |c| write::change(c, &by, now, &programme, &terms(3))).await;
    let mut more = 0;
    for (id, _) in &nominations {
        more += usize::from(world.approve(*id).await.is_ok());
    }
    assert_eq!((more, world.held().await), (1, 3));
    assert_eq!(world.differences().await, Vec::<String>::new());
}

#[actix_web::test]
async fn who_leaves_gives_the_place_back() {
    let world = world(1, &[(A, 1)]).await;
    let first = world.person("Một Minh Họa", A, "Chuyên viên").await;
    let second = world.person("Hai Minh Họa", A, "Chuyên viên").await;
    let nomination = world.nominate(A, &first).await;
    world.approve(nomination).await.expect("an approval");
    let waits = world.nominate(A, &second).await;
    assert_eq!(world.approve(waits).await.expect("an approval"), actions::Approved::Waiting);
    assert_eq!(world.stage(&second).await, Stage::Nominated);
    let (now, by) = (world.app.app.now(), classes::as_person(world.coordinator.id));
    let who = by.clone();
    world.app.write(move |c| actions::withdraw(c, &who, now, nomination, "Chuyển công tác")).await;
    // The seat went to who waited, and with it the place.
    assert_eq!((world.stage(&first).await, world.stage(&second).await), (Stage::Withdrawn, Stage::Approved));
    let third = world.person("Ba Minh Họa", A, "Chuyên viên").await.id;
    world.app.write(move |c| actions::replace(c, &by, now, waits, third, "Nghỉ thai sản")).await;
    assert_eq!(world.stage(&second).await, Stage::Replaced);
    assert_eq!((world.member(third).await.stage, world.held().await), (Stage::Approved, 1));
    // Who had withdrawn may come again, as what they are now.
    world.nominate(A, &first).await;
    assert_eq!(world.stage(&first).await, Stage::Nominated);
    assert_eq!(world.differences().await, Vec::<String>::new());
}

#[actix_web::test]
async fn what_is_fulfilled_follows_completions_and_rules() {
    let world = world(10, &[(A, 3)]).await;
    let person = world.person("Một Minh Họa", A, "Chuyên viên").await;
    world.seat(A, &person).await;
    world.until("2026-12-06T02:00:00Z").await;
    world.learn(&person, 0).await;
    let elective = world.learn(&person, 1).await;
    assert_eq!(world.stage(&person).await, Stage::Fulfilled);
    // Voided before the decision: not fulfilled any more, and with the other elective it is again.
    let (now, by) = (world.app.app.now(), classes::as_person(world.coordinator.id));
    let who = by.clone();
    world.app.write(move |c| learning::actions::void(c, now, &who, elective.id, "Học hộ", &site::OBSERVERS)).await;
    assert_eq!(world.stage(&person).await, Stage::Studying);
    let decided = world.decide(Deed::Recognise, &[world.member(person.id).await.id], "1/QĐ").await;
    assert_eq!((decided.done, decided.skipped), (0, 1));
    world.learn(&person, 2).await;
    assert_eq!(world.stage(&person).await, Stage::Fulfilled);
    // More is asked for: not enough now. Less again: enough.
    let programme = world.programme.clone();
    let groups = world.app.read(move |c| programmes::groups(c, programme.id)).await;
    let both = |needed| write::NewGroup {
        title_vi: "Tự chọn".to_owned(),
        title_en: "Electives".to_owned(),
        needed,
        courses: vec![("KM-02".to_owned(), Delivery::Live), ("KM-03".to_owned(), Delivery::InPerson)],
    };
    for (needed, stage) in [(None, Stage::Studying), (Some(1), Stage::Fulfilled)] {
        let (programme, by, id, new) = (world.programme.clone(), by.clone(), groups[1].id, both(needed));
        world.app.write(move |c| write::put_group(c, &by, now, &programme, Some(id), &new)).await;
        assert_eq!(world.stage(&person).await, stage);
    }
    assert_eq!(world.differences().await, Vec::<String>::new());
}

#[actix_web::test]
async fn verify_finds_a_number_that_was_tampered_with() {
    let world = world(10, &[(A, 3)]).await;
    let person = world.person("Một Minh Họa", A, "Chuyên viên").await;
    world.seat(A, &person).await;
    assert_eq!(world.differences().await, Vec::<String>::new());
    for (tamper, mend, says) in [
        (
            "UPDATE programme_counts SET people = 7 WHERE stage = 'approved'",
            "UPDATE programme_counts SET people = 1 WHERE stage = 'approved'",
            "7 people are kept as approved, the steps say 1",
        ),
        (
            "UPDATE programme_cohorts SET held = 3",
            "UPDATE programme_cohorts SET held = 1",
            "3 places are kept as taken, the steps say 1",
        ),
        (
            "UPDATE programme_members SET stage = 'fulfilled'",
            "UPDATE programme_members SET stage = 'approved'",
            "the stage is fulfilled, the last step says approved",
        ),
    ] {
        world.app.write(move |c| Ok(sql_query(tamper).execute(c)?)).await;
        let found = world.differences().await;
        assert!(found.len() == 1 && found[0].contains(says), "{found:?}");
        world.app.write(move |c| Ok(sql_query(mend).execute(c)?)).await;
    }
    assert_eq!(world.differences().await, Vec::<String>::new());
}

#[actix_web::test]
async fn everybody_at_once_is_everybody_who_was_counted() {
    let world = world(10, &[(A, 3)]).await;
    world.until("2026-12-06T02:00:00Z").await;
    for name in ["Một Minh Họa", "Hai Minh Họa"] {
        let person = world.person(name, A, "Chuyên viên").await;
        world.seat(A, &person).await;
        world.learn(&person, 0).await;
        world.learn(&person, 1).await;
    }
    let mut coordinator = world.at_coordinator().await;
    coordinator.get(&format!("{AT}/quyet-dinh")).await.says("Chọn tất cả 2 người");
    let fields = |count: &'static str| {
        [
            ("viec", "cong-nhan"),
            ("number", "2/QĐ-MH"),
            ("dated", "06/12/2026"),
            ("signer", "Người ký Minh họa"),
            ("so", count),
            ("tat-ca", "1"),
        ]
    };
    super::send_decision(&mut coordinator, &fields("1"), None).await.is(422).says("Danh sách đã thay đổi");
    super::send_decision(&mut coordinator, &fields("2"), None).await.is(303);
    super::send_decision(&mut coordinator, &fields("2"), None).await.is(303);
    coordinator.get(AT).await.says("đã có quyết định từ trước");
    assert_eq!(world.counts().await, [(Stage::Active, 2)].into());
    assert_eq!(world.differences().await, Vec::<String>::new());
}
