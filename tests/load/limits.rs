//! What the machine gives, measured in the same run, so that a figure means something on another one: the group commit with nothing around it, and
//! on PostgreSQL the same change of a row by pgbench.

use std::{
    io::Write,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use diesel::prelude::*;
use nongcot::{
    assessments::{actions::keep_newer::KeepNewer, model::AttemptId},
    both,
    platform::{
        db::{Moment, schema::attempt_answers},
        error::Error,
    },
};

use crate::{
    measure::count,
    program::Place,
    world::{World, database},
};

/// Saves of one row a second by so many writers, each waiting until its row is on the disk.
pub async fn raw_saves(place: &Place, world: &World, writers: usize, span: Duration) -> f64 {
    let db = database(place);
    let began = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|number| {
            let (db, attempt) = (db.clone(), world.learners[number % world.learners.len()].attempt_id);
            tokio::spawn(async move {
                let mut done = 0_usize;
                while began.elapsed() < span {
                    let sequence = i64::try_from(done + 1).expect("a number");
                    let newer = KeepNewer {
                        attempt: AttemptId(attempt),
                        position: 1,
                        answer: "{\"type\":\"empty\"}",
                        sequence,
                        saved_at: Moment(chrono::Utc::now()),
                    };
                    db.write("load.save", move |c| {
                        both!(c, |c| newer.execute(c))?;
                        Ok::<_, Error>(())
                    })
                    .await
                    .expect("a save");
                    done += 1;
                }
                done
            })
        })
        .collect();
    let mut all = 0;
    for task in tasks {
        all += task.await.expect("a task");
    }
    let a_second = count(all) / began.elapsed().as_secs_f64();
    // The real answers of these attempts count on from 1.
    let cleared = db.write("load.clear", |c| Ok::<_, Error>(diesel::delete(attempt_answers::table).execute(c)?)).await;
    cleared.expect("a clean table");
    a_second
}

/// The same change of a row by PostgreSQL's own measuring program; `None` where it is not installed.
pub fn pgbench(place: &Place, world: &World, writers: usize, span: Duration) -> Option<f64> {
    let ids: Vec<i64> = world.learners.iter().map(|learner| learner.attempt_id).collect();
    let script = format!(
        "\\set attempt random({}, {})\nINSERT INTO attempt_answers (attempt_id, position, answer, sequence, saved_at) \
         VALUES (:attempt, 1, '{{\"type\":\"empty\"}}', 1, now()) ON CONFLICT (attempt_id, position) DO UPDATE SET \
         sequence = attempt_answers.sequence + 1, saved_at = now();\n",
        ids.iter().min()?,
        ids.iter().max()?,
    );
    let (writers, seconds) = (writers.to_string(), span.as_secs().max(1).to_string());
    let mut child = Command::new("pgbench")
        .args(["-n", "-M", "prepared", "-c", &writers, "-j", "2", "-T", &seconds, "-f", "-", &place.url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(script.as_bytes()).ok()?;
    let said = child.wait_with_output().ok()?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let line = said.lines().find(|line| line.starts_with("tps ="))?;
    line.split_whitespace().nth(2)?.parse().ok()
}
