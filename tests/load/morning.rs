//! The morning of an exam: so many people come within some minutes, sign in through the line, open their paper, save an answer every so many seconds
//! and turn pages between. Each save is due at a fixed moment, and its time counts from there. If asked for, the program is killed
//! without warning meanwhile. At the end what was acknowledged is compared with what the database holds.

mod board;
mod person;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use diesel::prelude::*;
use nongcot::platform::{
    db::schema::{attempt_answers, attempts},
    error::Error,
};

use self::board::Board;
pub use self::person::Coming;
use crate::{
    Options,
    program::{Place, Program, command, timed},
    store::Store,
    world::{self, Size},
};

/// What everybody of the morning shares.
pub struct Morning {
    pub board: Mutex<Board>,
    pub began: Instant,
    pub end: Instant,
    pub every: Duration,
    pub address: std::net::SocketAddr,
    /// The last sequence acknowledged, by attempt and position.
    pub acknowledged: Mutex<BTreeMap<(String, i32), i64>>,
}

impl Morning {
    pub fn board(&self) -> std::sync::MutexGuard<'_, Board> {
        self.board.lock().expect("the board")
    }
}

pub async fn run(options: &Options, store: &Store) {
    let place = world::copy(store, Size::of(options.large, options.progress));
    let names = world::passwords(&place, options.people).await;
    let people = world::classes(&place, &names).await;
    let (mut program, first) = Program::serve(&place, &options.settings()).await;
    println!(
        "{} · {} people come within {} s, save each {} s · first page after {} ms",
        store.kind(),
        people.len(),
        options.come,
        options.every,
        first.as_millis()
    );
    let began = Instant::now();
    let morning = Arc::new(Morning {
        board: Mutex::new(Board::default()),
        began,
        end: began + Duration::from_secs(options.come + options.stay),
        every: Duration::from_secs(options.every),
        address: program.address,
        acknowledged: Mutex::default(),
    });
    let step = Duration::from_secs(options.come).as_secs_f64() / people.len().max(1) as f64;
    let tasks: Vec<_> = people
        .into_iter()
        .enumerate()
        .map(|(number, person)| {
            let comes = began + Duration::from_secs_f64(step * number as f64);
            tokio::spawn(person::live(Arc::clone(&morning), number, person, comes))
        })
        .collect();
    watch(options, &morning, &mut program, &place).await;
    for task in tasks {
        task.await.expect("a person");
    }
    morning.board().print(&program, morning.began);
    let acknowledged = std::mem::take(&mut *morning.acknowledged.lock().expect("what was acknowledged"));
    drop(program);
    compare(&place, acknowledged).await;
    let (sound, took, _) = timed(command(&place, &["verify"]));
    println!("verify {} after {:.1} s", if sound { "agrees" } else { "FINDS DIFFERENCES" }, took.as_secs_f64());
}

/// Looks at the program each second, and kills it as often as asked, at moments nobody can foresee.
async fn watch(options: &Options, morning: &Morning, program: &mut Program, place: &Place) {
    let whole = morning.end - morning.began;
    let mut kills: Vec<Duration> = (0..options.kills)
        .map(|n| {
            let mut bytes = [0_u8; 4];
            getrandom::fill(&mut bytes).expect("random bytes");
            let part = f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX);
            // Somewhere in the middle of its own part of the time, after the first have begun to save.
            whole.mul_f64(0.15 + 0.8 * (f64::from(n) + 0.2 + 0.6 * part) / f64::from(options.kills.max(1)))
        })
        .collect();
    kills.reverse();
    while Instant::now() < morning.end {
        tokio::time::sleep(Duration::from_millis(100)).await;
        morning.board().memory(morning.began, program.memory(false));
        if kills.last().is_some_and(|at| morning.began + *at <= Instant::now()) {
            kills.pop();
            let ready = program.kill_and_serve(place, &options.settings()).await;
            morning.board().killed(ready);
        }
    }
}

/// Whether everything that was acknowledged is there, or something newer at its place.
async fn compare(place: &Place, acknowledged: BTreeMap<(String, i32), i64>) {
    let kept = world::database(place)
        .read(|c| {
            let rows: Vec<(String, i32, i64)> = attempt_answers::table
                .inner_join(attempts::table)
                .select((attempts::code, attempt_answers::position, attempt_answers::sequence))
                .load(c)?;
            Ok::<_, Error>(rows)
        })
        .await
        .expect("the answers");
    let kept: BTreeMap<(String, i32), i64> = kept.into_iter().map(|(code, place, n)| ((code, place), n)).collect();
    let lost = acknowledged.iter().filter(|(at, sequence)| kept.get(*at).is_none_or(|kept| kept < *sequence)).count();
    println!("{} answers acknowledged last at their places, {lost} of them lost or gone back", acknowledged.len());
}
