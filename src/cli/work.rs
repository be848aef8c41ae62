//! `work`: jobs in a process of their own, on PostgreSQL.

use anyhow::Context;

use super::{Failure, Outcome};
use crate::{
    app::App,
    platform::{clock::Clock, config::Config},
    site,
};

pub async fn run(config: Config) -> Outcome {
    let app = App::build(config, Clock::system()).await.context("the program cannot start")?;
    if app.db.is_sqlite() {
        return Err(Failure::Usage(
            "On SQLite the jobs run inside `nongcot serve`, because one process writes; `work` is for PostgreSQL."
                .to_owned(),
        ));
    }
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let workers = site::workers(&app, &stopped);
    tracing::info!(workers = workers.len(), "working");
    terminated().await?;
    let _ = stop.send(true);
    for worker in workers {
        let _ = worker.await;
    }
    Ok(())
}

/// Waits for SIGTERM or Ctrl-C.
async fn terminated() -> std::io::Result<()> {
    let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = term.recv() => Ok(()),
        pressed = tokio::signal::ctrl_c() => pressed,
    }
}
