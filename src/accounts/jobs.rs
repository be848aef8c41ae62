//! Working on lists of people outside a request.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    actions::import as actions,
    model::import::{ImportId, ImportState, Uses},
    queries::imports as queries,
};
use crate::{
    app::App,
    platform::{
        clock::local_day,
        error::{Error, Result},
        jobs::Job,
    },
};

/// Does what a list is waiting for: the dry run, what was confirmed, the way back.
#[derive(Debug, Serialize, Deserialize)]
pub struct WorkImport {
    pub import: ImportId,
}

impl Job for WorkImport {
    const KIND: &'static str = "accounts.import";
}

/// Recurring: forgets lists that nobody confirmed.
#[derive(Debug, Serialize, Deserialize)]
pub struct ForgetImports {}

impl Job for ForgetImports {
    const KIND: &'static str = "accounts.forget-imports";
}

/// Judgements of one transaction, and rows applied or taken back in one: each then takes a few milliseconds.
const JUDGED: usize = 100;
const APPLIED: i64 = 15;

/// Works on a list until it waits for a person again. What is done stays done, wherever it breaks off.
pub async fn work_import(app: App, job: WorkImport, uses: Uses) -> Result<()> {
    let id = job.import;
    let import = app.db.read(move |c| queries::import(c, id)).await?;
    match import.state {
        ImportState::Checking => {
            let (now, wanted) = (app.now(), import.clone());
            let judged = app
                .db
                .read(move |c| {
                    let rows = queries::rows(c, id, queries::Wish::All, 0, i64::MAX)?;
                    queries::judge(c, now, &wanted, &rows, &uses)
                })
                .await?;
            let mut done = 0;
            for part in judged.chunks(JUDGED) {
                done += part.len();
                let (import, part) = (import.clone(), part.to_vec());
                app.db
                    .write("accounts.import-check", move |c| actions::keep_judgements(c, &import, &part, done))
                    .await?;
            }
            let now = app.now();
            app.db.write("accounts.import-check", move |c| actions::end_check(c, now, &import)).await
        }
        ImportState::Applying => {
            let (today, scope) = (local_day(app.now().0), import.unit_id);
            let places = app.db.read(move |c| queries::places(c, scope, today)).await?;
            let places = Arc::new(places);
            loop {
                let (now, places) = (app.now(), Arc::clone(&places));
                let step = move |c: &mut _| actions::apply_some(c, now, id, &places, APPLIED, &uses);
                if !app.db.write("accounts.import-apply", step).await? {
                    return Ok(());
                }
            }
        }
        ImportState::Undoing => loop {
            let now = app.now();
            let step = move |c: &mut _| actions::undo_some(c, now, id, APPLIED, &uses);
            if !app.db.write("accounts.import-undo", step).await? {
                return Ok::<_, Error>(());
            }
        },
        _ => Ok(()),
    }
}

pub async fn forget_imports(app: App, _: ForgetImports) -> Result<()> {
    loop {
        let now = app.now();
        if !app.db.write("accounts.import-forget", move |c| actions::forget_some(c, now)).await? {
            return Ok(());
        }
    }
}
