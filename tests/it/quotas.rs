//! Quotas: what is handed down never exceeds what there is, each step is an event, and the numbers derive from the events.

use diesel::{prelude::*, sql_query};
use nongcot::{
    access::{Actor, PersonId, Role},
    accounts::model::Person,
    platform::{
        db::DbConn,
        error::{Error, Result},
    },
    targets::{
        actions::quotas as actions,
        model::quota::{
            Allocation, Answer, EventKind, Letter, NewRound, Quota, QuotaId, QuotaRound, Reply, RoundId, Settlement,
        },
        queries::{self, quotas},
    },
};

use crate::{
    records::at,
    support::{self, TestApp, classes::as_person, unit_id},
};

/// The moment of these tests: the clock of the test app stands there too.
pub const NOW: &str = "2026-11-23 07:15:00";

pub fn round_of(code: &str, total: i64) -> NewRound {
    NewRound {
        code: code.to_owned(),
        title_vi: "Đợt minh họa".to_owned(),
        title_en: "Illustration round".to_owned(),
        target: None,
        run: None,
        total,
        deadline: Some("2026-12-15".parse().unwrap()),
        letter: Letter { number: "12/CV-MH".to_owned(), date: Some("2026-11-20".parse().unwrap()) },
    }
}

/// Units by code, and how many seats each.
type Rows = &'static [(&'static str, i64)];

/// Hands seats to units by code.
pub fn give(
    c: &mut DbConn,
    by: &Actor,
    round: RoundId,
    parent: Option<QuotaId>,
    rows: &[(&str, i64)],
) -> Result<Vec<QuotaId>> {
    let rows = rows.iter().map(|(code, n)| Ok((unit_id(c, code)?, *n))).collect::<Result<Vec<_>>>()?;
    let (deadline, letter, reason) = (None, Letter::default(), String::new());
    actions::allocate(c, by, at(NOW), &Allocation { round, parent, rows, deadline, letter, reason })
}

/// Officers of a province, of one of its departments and of another province; a round of 100 seats.
struct Case {
    app: TestApp,
    coordinator: Person,
    officer: Person,
    below: Person,
    round: QuotaRound,
}

/// A department placed under Lào Cai.
pub fn department(c: &mut DbConn) -> Result<()> {
    let province = unit_id(c, "P15-2025")?;
    let unit = crate::records::unit(c, "SO-MH", "department", Some("2025-07-01"), None);
    crate::records::placed(c, unit, province, Some("2025-07-01"), None);
    Ok(())
}

impl Case {
    async fn new() -> Self {
        let app = support::app().await;
        app.write(department).await;
        let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "CDSQG").await;
        let officer = app.person_as("Cán bộ Minh họa Một", Role::Officer, "P15-2025").await;
        let below = app.person_as("Cán bộ Minh họa Hai", Role::Officer, "SO-MH").await;
        let by = as_person(coordinator.id);
        let round = app.write(move |c| actions::open_round(c, &by, at(NOW), &round_of("dot-1", 100))).await;
        Self { app, coordinator, officer, below, round }
    }

    async fn try_write<T: Send + 'static>(
        &self,
        who: &Person,
        f: impl FnOnce(&mut DbConn, &Actor) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let by = as_person(who.id);
        self.app.app.db.write("test", move |c| f(c, &by)).await
    }

    async fn give(&self, who: &Person, parent: Option<QuotaId>, rows: Rows) -> Result<Vec<QuotaId>> {
        let round = self.round.id;
        self.try_write(who, move |c, by| give(c, by, round, parent, rows)).await
    }

    async fn quota(&self, id: QuotaId) -> Quota {
        self.app.read(move |c| quotas::quota(c, id)).await
    }

    async fn left(&self) -> i64 {
        let id = self.round.id;
        self.app.read(move |c| quotas::round(c, id)).await.left()
    }

    async fn assert_verified(&self) {
        assert_eq!(self.app.read(queries::verify).await, Vec::<String>::new());
    }
}

fn refused(result: Result<impl std::fmt::Debug>) -> String {
    match result.expect_err("a refusal") {
        Error::Refused(message) => message.key.into_owned(),
        Error::Invalid(faults) => faults.0.iter().map(|(field, m)| format!("{field}: {}", m.key)).collect(),
        other => panic!("{other}"),
    }
}

#[actix_web::test]
async fn seats_go_down_level_by_level_and_never_more_than_there_are() {
    let case = Case::new().await;
    let given = case.give(&case.coordinator, None, &[("P15-2025", 30), ("P24-2025", 60)]).await.unwrap();
    assert_eq!(case.left().await, 10);
    assert_eq!(refused(case.give(&case.coordinator, None, &[("P01", 11)]).await), "quotas-refused-too-many");
    assert_eq!(case.left().await, 10, "nothing of a refused allocation stays");
    // A second letter adds to the first and asks again.
    case.try_write(&case.officer, {
        let id = given[0];
        move |c, by| actions::answer(c, by, at(NOW), id, &Reply::Accept)
    })
    .await
    .unwrap();
    assert_eq!(case.quota(given[0]).await.answer, Answer::Accepted);
    case.give(&case.coordinator, None, &[("P15-2025", 10)]).await.unwrap();
    let quota = case.quota(given[0]).await;
    assert_eq!((quota.amount, quota.answer, case.left().await), (40, Answer::Waiting, 0));

    // Only units of the level: a department is the province's affair, another province is not.
    let wrong: [(Option<QuotaId>, Rows); 4] = [
        (None, &[("SO-MH", 1)]),
        (Some(given[0]), &[("P24-2025", 1)]),
        (Some(given[0]), &[("P15-2025", 1)]),
        (Some(given[0]), &[("P15", 1)]),
    ];
    for (parent, rows) in wrong {
        assert_eq!(refused(case.give(&case.officer, parent, rows).await), "rows: quotas-fault-unit", "{rows:?}");
    }
    assert_eq!(refused(case.give(&case.officer, Some(given[0]), &[("SO-MH", 0)]).await), "rows: quotas-fault-rows");
    let below = case.give(&case.officer, Some(given[0]), &[("SO-MH", 25)]).await.unwrap()[0];
    assert_eq!(
        refused(case.give(&case.officer, Some(given[0]), &[("SO-MH", 16)]).await),
        "quotas-refused-too-many",
        "15 of the 40 are left"
    );
    let (round, id) = (case.round.id, given[0]);
    let level = case.app.read(move |c| quotas::cascade(c, round, Some(id), 1, 50)).await;
    assert_eq!((level.count, level.amount, level.taken, level.waiting), (1, 25, 0, 1));
    assert_eq!(level.lines[0].quota.id, below);
    case.assert_verified().await;
    case.app.stop().await;
}

#[actix_web::test]
async fn a_unit_asks_its_giver_decides_and_both_hear_of_it_once() {
    let case = Case::new().await;
    let id = case.give(&case.coordinator, None, &[("P15-2025", 30)]).await.unwrap()[0];
    let inbox = |person: PersonId| {
        let app = case.app.app.clone();
        async move {
            let found = app.db.read(move |c| nongcot::notifications::queries::inbox(c, person, None, 50)).await;
            found
                .unwrap()
                .into_iter()
                .map(|n: nongcot::notifications::model::Notice| n.message.key.into_owned())
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(inbox(case.officer.id).await, ["notifications-quota-given-until"]);
    assert_eq!(inbox(case.below.id).await, Vec::<String>::new(), "who lies below is not asked");

    let ask = |amount, reason: &'static str| {
        case.try_write(&case.officer, move |c, by| {
            actions::answer(c, by, at(NOW), id, &Reply::Ask { amount, reason: reason.to_owned() })
        })
    };
    assert_eq!(refused(ask(40, "  ").await), "reason: quotas-fault-reason");
    assert_eq!(refused(ask(30, "như cũ").await), "amount: quotas-fault-same");
    ask(90, "Thêm xã mới").await.unwrap();
    let quota = case.quota(id).await;
    assert_eq!((quota.answer, quota.asked_amount, quota.amount), (Answer::Asked, Some(90), 30));
    assert_eq!(inbox(case.coordinator.id).await, ["notifications-quota-asked"]);

    let settle =
        |decision| case.try_write(&case.coordinator, move |c, by| actions::settle(c, by, at(NOW), id, &decision));
    let reason = String::new();
    assert_eq!(refused(settle(Settlement::Decline { reason: reason.clone() }).await), "reason: quotas-fault-reason");
    assert_eq!(
        refused(settle(Settlement::Grant { amount: 101, reason: reason.clone() }).await),
        "quotas-refused-too-many"
    );
    assert_eq!(case.quota(id).await.answer, Answer::Asked, "a refused decision leaves the question open");
    settle(Settlement::Grant { amount: 80, reason }).await.unwrap();
    let quota = case.quota(id).await;
    assert_eq!((quota.answer, quota.asked_amount, quota.amount, case.left().await), (Answer::Accepted, None, 80, 20));
    let again = settle(Settlement::Decline { reason: "muộn".to_owned() }).await;
    assert_eq!(refused(again), "quotas-refused-not-asked");
    assert_eq!(inbox(case.officer.id).await, ["notifications-quota-granted", "notifications-quota-given-until"]);

    ask(20, "Ít người hơn").await.unwrap();
    settle(Settlement::Decline { reason: "Giữ kế hoạch".to_owned() }).await.unwrap();
    let quota = case.quota(id).await;
    assert_eq!((quota.answer, quota.amount), (Answer::Waiting, 80), "it is asked again");
    case.try_write(&case.officer, move |c, by| actions::give_back(c, by, at(NOW), id, 50, "Không dùng hết"))
        .await
        .unwrap();
    assert_eq!((case.quota(id).await.amount, case.left().await), (30, 70));
    let steps: Vec<(EventKind, i64)> =
        case.app.read(move |c| quotas::history(c, id, 50)).await.iter().map(|e| (e.kind, e.delta)).collect();
    use EventKind as K;
    assert_eq!(
        steps,
        [(K::Returned, -50), (K::Declined, 0), (K::Asked, -60), (K::Granted, 50), (K::Asked, 60), (K::Allocated, 30)]
    );
    case.assert_verified().await;
    case.app.stop().await;
}

#[actix_web::test]
async fn seats_are_taken_once_given_back_with_a_reason_and_moved_only_while_free() {
    let case = Case::new().await;
    let given = case.give(&case.coordinator, None, &[("P15-2025", 3), ("P24-2025", 1)]).await.unwrap();
    let (lao_cai, other) = (given[0], given[1]);
    let mut people = Vec::new();
    for n in 1..=4 {
        people.push(case.app.person(&format!("Học viên Minh họa {n}"), "P15-2025").await.id);
    }
    let take = |person| case.try_write(&case.officer, move |c, by| actions::take_seat(c, by, at(NOW), lao_cai, person));
    let back = |person, reason: &'static str| {
        case.try_write(&case.officer, move |c, by| actions::return_seat(c, by, at(NOW), lao_cai, person, reason))
    };
    assert!(take(people[0]).await.unwrap() && take(people[1]).await.unwrap());
    assert_eq!(refused(take(people[0]).await), "quotas-refused-seated");
    assert_eq!(case.app.read(move |c| quotas::seats_left(c, lao_cai)).await, 1);

    // One is free: it can go to the province beside, two cannot.
    let shift = |count| {
        case.try_write(&case.coordinator, move |c, by| {
            actions::reallocate(c, by, at(NOW), lao_cai, other, count, "Điều chuyển")
        })
    };
    assert_eq!(refused(shift(2).await), "quotas-refused-in-use");
    shift(1).await.unwrap();
    assert_eq!((case.quota(lao_cai).await.amount, case.quota(other).await.amount), (2, 2));
    assert!(!take(people[2]).await.unwrap(), "no seat is left");

    assert_eq!(refused(back(people[0], " ").await), "reason: quotas-fault-reason");
    assert_eq!(refused(back(people[2], "nhầm").await), "quotas-refused-no-seat");
    back(people[0], "Chuyển công tác").await.unwrap();
    assert_eq!(refused(back(people[0], "hai lần").await), "quotas-refused-no-seat");
    assert!(take(people[2]).await.unwrap(), "the seat went back to the unit");
    case.try_write(&case.coordinator, {
        let round = case.round.id;
        move |c, by| actions::close_round(c, by, at(NOW), round)
    })
    .await
    .unwrap();
    assert_eq!(refused(take(people[3]).await), "quotas-refused-closed");
    back(people[2], "Thôi việc").await.unwrap();
    assert_eq!(refused(case.give(&case.coordinator, None, &[("P01", 1)]).await), "quotas-refused-closed");
    case.assert_verified().await;

    // A number that was changed behind the back of the events is named.
    case.app
        .write(move |c| {
            sql_query("UPDATE quotas SET amount = amount + 5").execute(c)?;
            sql_query("UPDATE quota_rounds SET passed_on = 7").execute(c)?;
            Ok(())
        })
        .await;
    let found = case.app.read(queries::verify).await;
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].contains("quota round dot-1: passed_on is 7, should be 4"), "{found:?}");
    assert!(found[1].contains("amount is 7, should be 2"), "{found:?}");
    case.app.stop().await;
}
