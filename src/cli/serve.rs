//! `serve`: the site, and on SQLite the jobs.

use std::sync::Arc;

use anyhow::Context;

use super::{Failure, Outcome};
use crate::{
    app::App,
    platform::{aside::aside, clock::Clock, config::Config, error::Error},
    site::{self, Listeners},
};

pub async fn run(config: Config) -> Outcome {
    let listeners = Listeners::bind(&config).map_err(Failure::Usage)?;
    let app = App::build(config, Clock::system()).await.context("the program cannot start")?;
    tracing::info!(address = %app.config.http.public_url, "serving");
    // On PostgreSQL one process may do both as well; more workers are started with `work`.
    let running = site::start(app, listeners, true, true)?;
    let templates = Arc::clone(&running.app.templates);
    tokio::spawn(async move {
        let compiled = aside("templates", move || templates.compile_rest().map_err(Error::internal)).await;
        if let Err(error) = compiled {
            tracing::error!(%error, "a page cannot be shown");
        }
    });
    running.wait().await?;
    Ok(())
}
