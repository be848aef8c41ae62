//! Seats under a race: however many try at once, exactly as many get one as there are. A tenth of the drill here, the whole of it
//! by `tests/long/seats_drill`.

use diesel::prelude::*;
use nongcot::{
    access::{Actor, PersonId},
    platform::{
        db::{
            Database, DbConn,
            schema::{people, quota_events, quotas as rows},
        },
        error::Error,
    },
    targets::{
        actions::quotas as actions,
        model::quota::{EventKind, QuotaId},
        queries,
    },
};

use crate::{
    quotas::{give, round_of},
    records::{self, at, write},
    support,
    targets::read,
};

/// So many try at the same time.
const AT_ONCE: usize = 64;

fn setting(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// People to try with: their ids.
async fn crowd(db: &Database, count: usize) -> Vec<PersonId> {
    let known = write(db, move |c| {
        for n in 0..count {
            records::person(c, &format!("CHEN-{n:05}"));
        }
        Ok(people::table
            .filter(people::code.like("CHEN-%"))
            .order(people::id.asc())
            .select(people::id)
            .load::<i64>(c)?)
    })
    .await;
    known.into_iter().map(PersonId).collect()
}

#[actix_web::test]
async fn exactly_as_many_get_a_seat_as_there_are() {
    let (seats, attempts, times) = (setting("TEST_SEATS", 10), setting("TEST_ATTEMPTS", 500), setting("TEST_TIMES", 5));
    let held = support::seeded_database().await;
    let db = held.db.clone();
    // On PostgreSQL two programs share the database; each has connections of its own.
    let nodes = match support::on_postgres() {
        true => vec![db.clone(), Database::open(db.target().clone(), 8, 1024).unwrap()],
        false => vec![db.clone()],
    };
    let crowd = crowd(&db, attempts).await;
    for time in 1..=times {
        // More were given than are left: all but the last are taken before the race, and some are handed on meanwhile.
        let (total, first) = (i64::try_from(seats).unwrap() + 2, crowd[0]);
        let (id, round) = write(&db, move |c| {
            let by = Actor::system();
            let round = actions::open_round(c, &by, at("2026-11-23"), &round_of(&format!("chen-{time}"), total))?;
            let id = give(c, &by, round.id, None, &[("P15-2025", total)])?[0];
            // One seat moved away and one taken and given back leave their events.
            actions::give_back(c, &by, at("2026-11-23"), id, 2, "Trước khi chen")?;
            assert!(actions::take_seat(c, &by, at("2026-11-23"), id, first)?);
            actions::return_seat(c, &by, at("2026-11-23"), id, first, "Trước khi chen")?;
            Ok((id, round.id))
        })
        .await;
        let won = race(&nodes, &crowd, id).await;
        assert_eq!(won, seats, "time {time}");
        let (left, events) = read(&db, move |c| {
            let taken = quota_events::table
                .filter(quota_events::quota_id.eq(id.0).and(quota_events::kind.eq(EventKind::SeatTaken)))
                .count()
                .get_result::<i64>(c)?;
            let taken_now: i64 = rows::table.find(id.0).select(rows::taken).first(c)?;
            assert_eq!(queries::quotas::round(c, round)?.left(), 2);
            assert_eq!(usize::try_from(taken_now).unwrap(), usize::try_from(taken).unwrap() - 1);
            Ok((queries::quotas::seats_left(c, id)?, taken))
        })
        .await;
        assert_eq!((left, usize::try_from(events).unwrap()), (0, seats + 1), "time {time}");
        println!("{attempts} attempts on {seats} seats, time {time} of {times}: {won} got one");
    }
    assert_eq!(read(&db, queries::verify).await, Vec::<String>::new());
}

/// Everybody tries once, in turn on each node; how many got a seat.
async fn race(nodes: &[Database], crowd: &[PersonId], id: QuotaId) -> usize {
    let tries = AT_ONCE.min(crowd.len());
    let runners: Vec<_> = (0..tries)
        .map(|runner| {
            let (db, mine) = (
                nodes[runner % nodes.len()].clone(),
                crowd.iter().skip(runner).step_by(tries).copied().collect::<Vec<_>>(),
            );
            actix_web::rt::spawn(async move {
                let mut won = 0;
                for person in mine {
                    won += usize::from(try_once(&db, id, person).await);
                }
                won
            })
        })
        .collect();
    let mut won = 0;
    for runner in runners {
        won += runner.await.unwrap();
    }
    won
}

/// One attempt; a database that is too busy even to begin is asked again, since nothing was written.
async fn try_once(db: &Database, id: QuotaId, person: PersonId) -> bool {
    loop {
        let attempt = move |c: &mut DbConn| actions::take_seat(c, &Actor::system(), at("2026-11-23"), id, person);
        match db.write("test", attempt).await {
            Err(Error::Unavailable(..)) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            taken => return taken.expect("an answer"),
        }
    }
}
