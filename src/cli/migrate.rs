//! `migrate`: the schema of this version.

use super::Outcome;
use crate::platform::{config::Config, db};

pub fn run(config: &Config) -> Outcome {
    let applied = db::migrate(&config.database.url)?;
    if applied.is_empty() {
        println!("The database has the schema of this version already.");
    }
    for name in applied {
        println!("applied {name}");
    }
    Ok(())
}
