//! The last seats, asked for by many at once.

use nongcot::programmes::{
    actions::{self, Approved},
    model::NominationState as S,
};

use super::{A, AT_A, PDF, world};
use crate::support::classes;

const NOMINEES: usize = 24;
const SEATS: i64 = 5;

#[actix_web::test]
async fn the_last_seats_go_to_so_many_and_the_others_wait() {
    let world = world(SEATS).await;
    let app = &world.app;
    let mut officer = world.at_officer().await;
    for number in 0..NOMINEES {
        let person = app.person(&format!("Người Minh Họa {number}"), A).await;
        officer.post(&format!("{AT_A}/them"), &[("person", &person.code)]).await.is(303);
    }
    world.submit(&mut officer, Some(PDF)).await.is(303);
    let by = classes::as_person(world.coordinator.id);
    let submitted = world.nominees(S::Submitted).await;
    assert_eq!(submitted.len(), NOMINEES);
    // Each is approved twice at once.
    let tries = submitted.iter().flat_map(|(_, nomination)| [nomination.id, nomination.id]).map(|id| {
        let (db, now, by) = (app.app.db.clone(), app.app.now(), by.clone());
        async move { db.write("test", move |c| actions::approve(c, &by, now, id)).await }
    });
    let outcomes = futures_util::future::join_all(tries).await;
    let count = |wanted| outcomes.iter().filter(|outcome| matches!(outcome, Ok(found) if *found == wanted)).count();
    assert_eq!(count(Approved::Seated), 5);
    assert_eq!(count(Approved::Waiting), NOMINEES - 5);
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_err()).count(), NOMINEES);
    assert_eq!(world.quota(A).await.taken, SEATS);
    assert_eq!(world.nominees(S::Approved).await.len(), 5);
    // All five leave at once: five of those who wait have the seats, in their order.
    let waiting = app.read({
        let quota = world.quota(A).await.id;
        move |c| nongcot::programmes::queries::waiting(c, quota, 5)
    });
    let first: Vec<_> = waiting.await.into_iter().map(|nomination| nomination.id).collect();
    let leave = world.nominees(S::Approved).await.into_iter().map(|(_, nomination)| {
        let (db, now, by) = (app.app.db.clone(), app.app.now(), by.clone());
        async move { db.write("test", move |c| actions::withdraw(c, &by, now, nomination.id, "thử")).await }
    });
    for left in futures_util::future::join_all(leave).await {
        left.expect("a seat given back");
    }
    let mut seated: Vec<_> = world.nominees(S::Approved).await.into_iter().map(|(_, n)| n.id).collect();
    seated.sort();
    let mut expected = first;
    expected.sort();
    assert_eq!(seated, expected);
    assert_eq!(world.quota(A).await.taken, SEATS);
    assert_eq!(world.differences().await, Vec::<String>::new());
}
