//! Schemathesis reads the document and asks the running program whatever it allows and whatever it forbids.

use std::process::{Command, Stdio};

use nongcot::accounts::model::token::Resource;

use super::{A, token_of};
use crate::support;

/// `TEST_PYTHON` names a Python that has it, as `tests/run` does.
#[actix_web::test]
async fn a_program_that_knows_only_the_document_finds_no_fault() {
    let Ok(python) = std::env::var("TEST_PYTHON") else { return };
    let app = support::app_with(|source| source.with("http.max_api_per_minute", "1000000")).await;
    let world = crate::access::world(&app).await;
    let role = |label: &str| world.roles.iter().find(|(known, _)| *known == label).expect("a role").1.clone();
    let (coordinator, officer) = (role("điều phối viên").expect("one"), role("cán bộ đào tạo A").expect("one"));
    let nation = token_of(&app, &coordinator, None, Resource::ALL).await;
    let part = token_of(&app, &officer, Some(A), Resource::ALL).await;
    // At its edges, and with both reaches, it is asked once: on the database that takes less.
    let asks_all = support::on_postgres() || !support::runs_on_both();
    let all = [(nation, "examples,coverage,fuzzing", "8"), (part, "examples,fuzzing", "4")];
    for (token, phases, examples) in if asks_all { &all[..] } else { &all[1..] } {
        let mut command = Command::new(&python);
        command
            .args(["-m", "schemathesis.cli", "run", &format!("{}/api/v1/openapi.json", app.base)])
            .args(["--header", &format!("Authorization: Bearer {token}")])
            .args(["--checks", "all", "--phases", *phases, "--seed", "20261122"])
            .args(["--max-examples", examples, "--no-shrink", "--continue-on-failure", "--workers", "1"])
            .args(["--generation-database", "none", "--no-color"])
            .current_dir(app.database.folder.path())
            .stdin(Stdio::null());
        let ran = tokio::task::spawn_blocking(move || command.output()).await.expect("a task").expect("schemathesis");
        let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        assert!(ran.status.success(), "{out}\n{err}");
        let tested = |name: &str| out.to_lowercase().contains(name);
        assert!(phases.split(',').skip(1).all(tested), "it did not test: {out}");
    }
}
