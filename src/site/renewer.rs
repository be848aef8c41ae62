//! Makes the figures that are kept for pages anew before they are too old, so that nobody waits for them.

use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::{app::App, platform::aside::unhurried, targets};

/// How often is looked whether something is soon too old.
const EVERY: Duration = Duration::from_secs(5);
/// So many times as long as it counted it rests: what is counted for those who may come takes at most a fifth of a processor, and gives way
/// to those who are here.
const RESTS: u32 = 4;

/// Runs until it is told to stop; what is being counted then is let go.
pub async fn run(app: App, mut renewal: targets::Renewal, mut stop: watch::Receiver<bool>) {
    let mut pause = EVERY;
    // `stop` changes once, or whoever could tell is gone.
    while tokio::time::timeout(pause, stop.changed()).await.is_err() {
        let began = Instant::now();
        let made = tokio::select! {
            made = unhurried(renewal.one(&app)) => made,
            _ = stop.changed() => return,
        };
        pause = match made {
            Ok(true) => began.elapsed() * RESTS,
            Ok(false) => EVERY,
            Err(error) => {
                tracing::warn!(%error, "kept figures could not be made anew");
                EVERY
            }
        };
    }
}
