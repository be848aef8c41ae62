//! `/he-thong`: how the program is, and the jobs that failed.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::backup::BackupView;
use crate::{
    access::Permission,
    accounts::SignedIn,
    app::App,
    home::{actions, queries::last_backup},
    platform::{
        config::MailUrl,
        db::Moment,
        error::{Error, Result},
        http::{Input, Page},
        i18n::Message,
        jobs,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/he-thong").get(show))
        .service(web::resource("/he-thong/viec/{id}/chay-lai").post(retry))
        .service(web::resource("/he-thong/viec/{id}/bo").post(discard));
}

const A_PAGE: i64 = 50;

#[derive(Deserialize)]
struct Asked {
    truoc: Option<i64>,
}

#[derive(Serialize)]
struct SystemView {
    failed: i64,
    ready: i64,
    running: i64,
    jobs: Vec<JobView>,
    older: Option<String>,
    backup: BackupView,
    program: ProgramView,
}

/// What the program stands on.
#[derive(Serialize)]
pub struct ProgramView {
    version: &'static str,
    uptime: String,
    started_at: Moment,
    database: String,
    storage: String,
    mail: String,
    is_demo: bool,
}

impl ProgramView {
    pub fn of(app: &App, page: &Page) -> Self {
        let mail = match app.config.mail.url {
            MailUrl::Folder(_) => "system-mail-folder",
            MailUrl::Smtp(_) => "system-mail-smtp",
        };
        let storage = if app.config.storage.s3.is_some() { "system-storage-s3" } else { "system-storage-folder" };
        Self {
            version: env!("CARGO_PKG_VERSION"),
            uptime: page.text(uptime(app.now() - app.started_at)),
            started_at: app.started_at,
            database: page.text(if app.db.is_sqlite() { "system-database-sqlite" } else { "system-database-postgres" }),
            storage: page.text(Message::new(storage).with("place", app.files.place())),
            mail: page.text(Message::new(mail).with("place", app.config.mail.url.shown())),
            is_demo: app.demo,
        }
    }
}

#[derive(Serialize)]
struct JobView {
    id: i64,
    name: String,
    kind: String,
    attempts: i32,
    created_at: Moment,
    last_try: Moment,
    reason: String,
}

async fn show(app: web::Data<App>, page: Page, who: SignedIn, asked: web::Query<Asked>) -> Result<HttpResponse> {
    who.require(Permission::ManageSystem)?;
    let before = asked.truoc;
    let (counts, mut rows, backup) = app
        .db
        .read(move |c| {
            let failed = jobs::list(c, "failed", before, A_PAGE + 1)?;
            Ok::<_, Error>((jobs::counts(c)?, failed, last_backup(c)?))
        })
        .await?;
    let shown = usize::try_from(A_PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let view = SystemView {
        failed: counts.failed,
        ready: counts.ready,
        running: counts.running,
        older: rows.last().filter(|_| more).map(|row| format!("/he-thong?truoc={}", row.id)),
        jobs: rows
            .into_iter()
            .map(|row| JobView {
                id: row.id,
                name: page
                    .find(&format!("system-job-{}", row.kind.replace('.', "-")))
                    .unwrap_or_else(|| row.kind.clone()),
                kind: row.kind,
                attempts: row.attempts,
                created_at: row.created_at,
                last_try: row.run_at,
                reason: row.last_error.unwrap_or_default(),
            })
            .collect(),
        backup: BackupView::of(&page, app.now(), backup),
        program: ProgramView::of(&app, &page),
    };
    page.html("home/system", &view)
}

fn uptime(span: chrono::TimeDelta) -> Message {
    let (days, hours, minutes) = (span.num_days(), span.num_hours() % 24, span.num_minutes() % 60);
    Message::new("system-uptime-value").with("days", days).with("hours", hours).with("minutes", minutes)
}

async fn retry(app: web::Data<App>, page: Page, who: SignedIn, id: web::Path<i64>, _: Input) -> Result<HttpResponse> {
    who.require(Permission::ManageSystem)?;
    let (now, by, id) = (app.now(), who.actor(), id.into_inner());
    app.db.write("system.retry", move |c| actions::retry_job(c, &by, now, id)).await?;
    Ok(page.go_saying("/he-thong", "good", "system-job-retried"))
}

async fn discard(app: web::Data<App>, page: Page, who: SignedIn, id: web::Path<i64>, _: Input) -> Result<HttpResponse> {
    who.require(Permission::ManageSystem)?;
    let (now, by, id) = (app.now(), who.actor(), id.into_inner());
    app.db.write("system.discard", move |c| actions::discard_job(c, &by, now, id)).await?;
    Ok(page.go_saying("/he-thong", "good", "system-job-discarded"))
}
