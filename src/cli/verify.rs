//! `verify`: whether what is kept agrees with itself. Reads only, so the site may go on.

use anyhow::Context;

use super::Outcome;
use crate::{platform::db::Database, site};

/// Prints each difference; any is a failure.
pub async fn run(db: &Database) -> Outcome {
    let mut differences = 0;
    for (name, check) in site::checks() {
        let found = db.read(check).await.with_context(|| format!("{name} cannot be checked"))?;
        println!(
            "{name}: {}",
            if found.is_empty() { "agrees".to_owned() } else { format!("{} differences", found.len()) }
        );
        for difference in &found {
            println!("  {difference}");
        }
        differences += found.len();
    }
    if differences == 0 {
        return Ok(());
    }
    Err(anyhow::anyhow!("{differences} differences were found").into())
}
