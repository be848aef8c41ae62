//! The composition root: the only place that knows every slice. It maps the routes, registers the jobs, says who a request
//! comes from, and starts and stops the whole.

use std::{net::TcpListener, rc::Rc, sync::Arc, time::Duration};

use actix_web::{
    App as WebApp, Error as WebError, HttpMessage, HttpResponse, HttpServer, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::{Compress, Next, from_fn},
    web,
};
use tokio::sync::watch;

use crate::{
    access::{Permission, PersonId},
    accounts::{
        self,
        model::import::{ImportPurpose, Uses},
        sessions,
    },
    app::App,
    assessments, audit, certificates,
    courses::{self, package::CertificateKind},
    events, home,
    learning::{
        self,
        model::{Beside, ChangeKind, Completion, CompletionChange, Observers},
    },
    notifications, organisations,
    platform::{
        db::{DbConn, Moment, Worth, integrity, look_over},
        error::{Error, Result},
        http::{
            NavItem, ShellPerson, api,
            cookies::Jar,
            embedded, files_host,
            guard::{GuardSettings, guard},
            visit,
        },
        i18n::Message,
        jobs::{self, Registry, Worker},
    },
    programmes, reminders, reorganisations, reports, targets,
};

/// Runs the program's futures: the server wants a thread of its own kind, blocking work goes to the threads kept for it.
pub fn block_on<F: Future>(future: F) -> F::Output {
    actix_web::rt::System::new().block_on(future)
}

/// Every page of every slice.
pub fn routes(cfg: &mut web::ServiceConfig) {
    embedded::routes(cfg);
    cfg.route("/healthz", web::get().to(healthy)).route("/readyz", web::get().to(ready));
    home::routes(cfg);
    // What is asked for most comes first: the patterns are tried one after the other.
    learning::routes(cfg);
    assessments::routes(cfg);
    courses::routes(cfg);
    accounts::routes(cfg);
    notifications::routes(cfg);
    organisations::routes(cfg);
    events::routes(cfg);
    certificates::routes(cfg);
    targets::routes(cfg);
    programmes::routes(cfg);
    reminders::routes(cfg);
    reorganisations::routes(cfg);
    reports::routes(cfg);
    api::routes(cfg, operations());
    #[cfg(feature = "load")]
    cfg.route(LIMIT, web::get().to(limit));
}

/// Only in the program that `tests/load` measures; no route of the one that is shipped.
#[cfg(feature = "load")]
const LIMIT: &str = "/gioi-han/{bytes}";

/// So many bytes to somebody signed in: what no page can be faster than.
#[cfg(feature = "load")]
async fn limit(_: accounts::SignedIn, bytes: web::Path<usize>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body("x".repeat(bytes.into_inner().min(1 << 20)))
}

/// Every operation of the interface for other programs.
pub fn operations() -> Vec<api::Operation> {
    let mut all = targets::api::operations();
    all.extend(organisations::api::operations::<accounts::guards::ApiCall>());
    all.extend(courses::api::operations());
    all.extend(learning::api::operations());
    all.extend(certificates::api::operations());
    all
}

/// How the addresses end that take files.
pub const UPLOADS: &[&str] = &[
    learning::UPLOAD,
    events::UPLOADS[0],
    events::UPLOADS[1],
    accounts::UPLOAD,
    targets::UPLOAD,
    programmes::UPLOAD,
    programmes::DECISION_UPLOAD,
];

/// What happens above the slice `learning` in the transaction of a completion, in this order: figures first, since they must
/// never lag behind the records; then how far people are in their programmes; then what is asked for.
pub const OBSERVERS: Observers = Observers { completed: on_completion, changed: on_change };

/// What the pages of `learning` show of the slices above it.
pub const BESIDE: Beside = Beside { sessions: events::queries::coming_of_run };

/// The same figures and stages, and nothing else: nobody is told, no paper asked for. For filling a demonstration with years that are over, where
/// whoever fills it enters the certificates at their own moments.
pub const QUIET: Observers = Observers {
    completed: |c, now, completion| count(c, completion).and_then(|()| go_on(c, now, completion)),
    changed: |c, now, change| count(c, &change.completion).and_then(|()| go_on(c, now, &change.completion)),
};

/// What every completion and every change of one sets off, whoever hears of it.
fn count(c: &mut DbConn, completion: &Completion) -> Result<()> {
    targets::actions::count_completion(c, completion.id.0)
}

/// Whoever is in a programme that asks for the course is as far as their completions say.
fn go_on(c: &mut DbConn, now: Moment, completion: &Completion) -> Result<()> {
    programmes::actions::members::follow_completion(c, now, completion.person, completion.course)
}

fn on_completion(c: &mut DbConn, now: Moment, completion: &Completion) -> Result<()> {
    count(c, completion)?;
    go_on(c, now, completion)?;
    let course = courses::queries::version(c, completion.version)?.title_vi;
    if completion.is_flagged {
        let told = Message::new("notifications-flagged").with("course", course);
        notifications::actions::notify(c, now, completion.person, &told, Some("/hoc"), false)?;
        return Ok(());
    }
    let (key, href) = match courses::queries::certificate_kind(c, completion.version)? {
        CertificateKind::Completion => {
            certificates::actions::request_issue(c, now, completion.id.0)?;
            ("notifications-completed", "/chung-nhan")
        }
        CertificateKind::Regulated | CertificateKind::None => ("notifications-completed-only", "/hoc"),
    };
    let told = Message::new(key).with("course", course);
    notifications::actions::notify(c, now, completion.person, &told, Some(href), true)?;
    Ok(())
}

fn on_change(c: &mut DbConn, now: Moment, change: &CompletionChange) -> Result<()> {
    let completion = &change.completion;
    count(c, completion)?;
    go_on(c, now, completion)?;
    let key = match change.kind {
        ChangeKind::Accepted => {
            certificates::actions::request_issue(c, now, completion.id.0)?;
            "notifications-accepted"
        }
        // A certificate that was issued is not touched here: revoking it is a decision with a number. Those who may take it
        // are told, and it waits in their list.
        ChangeKind::Voided => {
            certificates::actions::ask_revocation(c, now, completion.id.0)?;
            "notifications-voided"
        }
    };
    let course = courses::queries::version(c, completion.version)?.title_vi;
    let told = Message::new(key).with("course", course);
    notifications::actions::notify(c, now, completion.person, &told, Some("/hoc"), true)?;
    Ok(())
}

/// What the people of a list are wanted for, and what holds on to an account that a list made.
pub const USES: Uses = Uses {
    scope: programmes::actions::imports::scope,
    check: |c, now, import, wanted, person| match import.purpose {
        ImportPurpose::People => Ok(Vec::new()),
        ImportPurpose::Nominate => programmes::actions::imports::check(c, now, import, wanted, person),
    },
    take: |c, by, now, import, person| match import.purpose {
        ImportPurpose::People => Ok(None),
        ImportPurpose::Nominate => programmes::actions::imports::take(c, by, now, import, person),
    },
    give_back: |c, by, now, import, person| match import.purpose {
        ImportPurpose::People => Ok(()),
        ImportPurpose::Nominate => programmes::actions::imports::give_back(c, by, now, import, person),
    },
    in_use,
};

fn in_use(c: &mut DbConn, person: PersonId) -> Result<Option<&'static str>> {
    if learning::queries::is_in_a_run(c, person)? {
        return Ok(Some("import-kept-learns"));
    }
    if programmes::queries::was_nominated(c, person)? {
        return Ok(Some("import-kept-nominated"));
    }
    Ok(targets::queries::was_in_a_class(c, person)?.then_some("import-kept-outside"))
}

/// Every kind of job and what runs it.
pub fn jobs() -> Registry<App> {
    Registry::default()
        .on(accounts::mail::send_link)
        .on(|app: App, job: accounts::jobs::WorkImport| accounts::jobs::work_import(app, job, USES))
        .on(accounts::jobs::forget_imports)
        .every(Duration::from_secs(3600), accounts::jobs::ForgetImports {})
        .on(notifications::mail::send)
        .on(audit::jobs::seal)
        .on(audit::jobs::seal_missed)
        .every(Duration::from_secs(6 * 3600), audit::jobs::SealMissed {})
        .on(|app: App, _: jobs::LookOver| async move {
            app.db.write("database.look-over", |c| Ok::<_, Error>(look_over(c, Worth::Grown)?)).await
        })
        .every(Duration::from_secs(6 * 3600), jobs::LookOver {})
        .on(|app: App, _: accounts::actions::ForgetFailures| async move {
            let now = app.now();
            app.db.write("accounts.forget", move |c| accounts::limiter::forget_old(c, now)).await
        })
        .on(|app: App, _: learning::jobs::FreezeDue| learning::jobs::freeze_due(app, OBSERVERS))
        .on(courses::jobs::render_old)
        .every(Duration::from_secs(3600), courses::jobs::RenderOld {})
        .on(learning::jobs::forget_beats)
        .every(Duration::from_secs(3600), learning::jobs::ForgetBeats {})
        .on(certificates::jobs::issue)
        .on(certificates::jobs::issue_missing)
        .on(targets::jobs::count_backlog)
        .on(targets::jobs::close_ended)
        .on(programmes::jobs::fill_seats)
        .on(reminders::jobs::send)
        .on(reorganisations::jobs::work)
        .on(reports::jobs::build)
        .every(Duration::from_secs(60), programmes::jobs::FillSeats {})
        .on(programmes::jobs::follow_cohorts)
        .every(Duration::from_secs(60), programmes::jobs::FollowCohorts {})
        .on(programmes::jobs::mind_experts)
        .every(programmes::jobs::EXPERTS_EVERY, programmes::jobs::MindExperts {})
        .every(targets::jobs::CLOSE_EVERY, targets::jobs::CloseEnded {})
        .on(|app: App, _: assessments::jobs::SubmitOverdue| assessments::jobs::submit_overdue(app, OBSERVERS))
        .on(|app: App, job: learning::jobs::SettleAttended| learning::jobs::settle_attended(app, job, OBSERVERS))
        .on(events::jobs::tell)
        .every(Duration::from_secs(60), learning::jobs::FreezeDue {})
        .every(Duration::from_secs(5), assessments::jobs::SubmitOverdue {})
        .on(assessments::jobs::tally_answers)
        .every(Duration::from_secs(20), assessments::jobs::TallyAnswers {})
        .every(Duration::from_secs(5), audit::jobs::SealAudit {})
        .every(Duration::from_secs(600), accounts::actions::ForgetFailures {})
}

/// Tells in what a database disagrees with itself, a sentence each.
pub type Check = fn(&mut DbConn) -> Result<Vec<String>>;

/// What `verify` looks at, by name. Each only reads, in steps that fit into memory.
pub fn checks() -> Vec<(&'static str, Check)> {
    vec![
        ("database", integrity::verify),
        ("audit", audit::queries::verify),
        ("learning", learning::queries::verify),
        ("attendance", events::queries::verify),
        ("questions", assessments::queries::tallies::verify),
        ("targets", targets::queries::verify),
        ("certificates", certificates::queries::verify),
        ("nominations", programmes::queries::verify),
        ("programmes", programmes::queries::verify_programmes),
    ]
}

/// The main navigation of a person: what their roles let them do, in groups that stay together and in the order of use.
fn navigation(signed: &sessions::Signed) -> Vec<NavItem> {
    let may = |permission| signed.authority.may(permission);
    let mut items = Vec::new();
    let mut add = |shown: bool, group, label, href, also| {
        if shown {
            items.push(NavItem { group, label, href, also });
        }
    };
    let classes = may(Permission::SeeClasses);
    let (learning, training, plans) = ("nav-group-learning", "nav-group-training", "nav-group-targets");
    let (records, running) = ("nav-group-records", "nav-group-system");
    add(true, "", "nav-home", "/", &[][..]);
    // Who looks after no classes opens their own ones from their list.
    add(true, learning, "nav-learning", "/hoc", if classes { &[] } else { &["/lop"] });
    add(true, learning, "nav-courses", "/khoa-hoc", &[]);
    add(true, learning, "nav-certificates", "/chung-nhan", &[]);
    add(classes, training, "nav-classes", "/lop", &[]);
    add(may(Permission::SeeNominations), training, "nav-nominations", "/de-cu", &[]);
    add(may(Permission::SeeNominations), training, "nav-programmes", "/chuong-trinh", &["/chuyen-gia"]);
    add(may(Permission::Remind), training, "nav-reminders", "/don-doc", &[]);
    add(may(Permission::SeeTargets), plans, "nav-targets", "/chi-tieu", &["/lop-ngoai"]);
    add(may(Permission::SeeQuotas), plans, "nav-quotas", "/phan-bo", &[]);
    add(may(Permission::SeeReports), plans, "nav-reports", "/bao-cao", &[]);
    add(may(Permission::SeeCertificates), records, "nav-register", "/so-cap", &[]);
    add(may(Permission::SeePeople), records, "nav-people", "/nguoi", &[]);
    add(true, records, "nav-organisations", "/to-chuc", &["/don-vi"]);
    add(may(Permission::SeeAudit), running, "nav-audit", "/nhat-ky", &[]);
    add(may(Permission::ManageSystem), running, "nav-system", "/he-thong", &[]);
    add(may(Permission::ManageSystem), running, "nav-styleguide", "/kieu-dang", &[]);
    items
}

/// The process is alive.
async fn healthy() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok")
}

/// The database answers, so requests may be sent here.
async fn ready(app: web::Data<App>) -> HttpResponse {
    match app.db.ping().await {
        Ok(()) => HttpResponse::Ok().content_type("text/plain").body("ready"),
        Err(_) => HttpResponse::ServiceUnavailable().content_type("text/plain").body("the database does not answer"),
    }
}

/// Finds out who a request comes from and completes the visit for the layout.
async fn identify(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, WebError> {
    match complete_visit(&request).await {
        Ok(()) => next.call(request).await.map(ServiceResponse::map_into_boxed_body),
        Err(error) => Ok(request.into_response(error.error_response()).map_into_boxed_body()),
    }
}

async fn complete_visit(request: &ServiceRequest) -> Result<()> {
    let visit = visit::of(request.request());
    let token = visit.as_ref().and_then(|v| v.borrow().session_token.clone());
    let needs_no_one = ["/tinh/", "/healthz", "/readyz"].iter().any(|p| request.path().starts_with(p));
    let (Some(visit), Some(token), Some(app), false) =
        (visit, token, request.app_data::<web::Data<App>>().cloned(), needs_no_one)
    else {
        return Ok(());
    };
    let now = app.now();
    let found = app
        .db
        .glance(move |c| {
            let Some(signed) = sessions::find(c, now, &token)? else { return Ok(None) };
            let unread = notifications::queries::unread_count(c, signed.person.id)?;
            Ok::<_, Error>(Some((signed, unread)))
        })
        .await?;
    let Some((signed, unread)) = found else { return Ok(()) };
    if now - signed.last_seen_at > sessions::SEEN_EVERY {
        let session = signed.session;
        // Nobody waits for this, and nothing is lost when it fails.
        tokio::spawn(async move { app.db.write("accounts.seen", move |c| sessions::seen(c, now, session)).await });
    }
    let mut visit = visit.borrow_mut();
    if !visit.locale_chosen {
        visit.locale = signed.person.locale();
    }
    visit.person = Some(ShellPerson { name: signed.person.full_name(), unit: signed.unit.clone().unwrap_or_default() });
    visit.nav = navigation(&signed);
    visit.unread = unread;
    request.extensions_mut().insert(Rc::new(signed));
    Ok(())
}

/// The sockets, bound before anything else so that a port in use stops the start at once.
pub struct Listeners {
    pub http: TcpListener,
    pub files: TcpListener,
    pub metrics: Option<TcpListener>,
}

impl Listeners {
    /// Binds what the configuration names; the error names the key.
    pub fn bind(config: &crate::platform::config::Config) -> Result<Self, String> {
        let bind = |key: &str, address: std::net::SocketAddr| {
            TcpListener::bind(address).map_err(|e| match e.kind() {
                std::io::ErrorKind::AddrInUse => {
                    format!("{key}: the port {} of {} is in use by another program", address.port(), address.ip())
                }
                _ => format!("{key}: {address} cannot be listened on ({e})"),
            })
        };
        Ok(Self {
            http: bind("http.listen", config.http.listen)?,
            files: bind("files.listen", config.files.listen)?,
            metrics: config.metrics.listen.map(|address| bind("metrics.listen", address)).transpose()?,
        })
    }
}

/// The program while it runs.
pub struct Running {
    pub app: App,
    server: actix_web::dev::ServerHandle,
    done: tokio::task::JoinHandle<std::io::Result<()>>,
    others: Vec<actix_web::dev::ServerHandle>,
    stop: watch::Sender<bool>,
    workers: Vec<tokio::task::JoinHandle<()>>,
}

/// Starts the site, the host of user files, the metrics and, if asked, the workers. `signals` makes the server end on SIGTERM.
pub fn start(app: App, listeners: Listeners, with_workers: bool, signals: bool) -> Result<Running> {
    let registry = Arc::new(jobs());
    let (stop, stopped) = watch::channel(false);
    let workers = if with_workers {
        (0..app.config.jobs.workers.max(1))
            .map(|_| {
                let worker = Worker {
                    app: app.clone(),
                    db: app.db.clone(),
                    clock: app.clock.clone(),
                    registry: Arc::clone(&registry),
                };
                tokio::spawn(worker.run(stopped.clone()))
            })
            .collect()
    } else {
        Vec::new()
    };
    let server = site_server(&app, listeners.http, signals)?;
    let mut others = Vec::new();
    let files = files_host::server(&app.files, &app.secret, app.clock.clone(), listeners.files)?;
    others.push(files.handle());
    tokio::spawn(files);
    if let Some(listener) = listeners.metrics {
        let metrics = metrics_server(&app, listener)?;
        others.push(metrics.handle());
        tokio::spawn(metrics);
    }
    let handle = server.handle();
    Ok(Running { app, server: handle, done: tokio::spawn(server), others, stop, workers })
}

fn site_server(app: &App, listener: TcpListener, signals: bool) -> Result<actix_web::dev::Server> {
    let config = Arc::clone(&app.config);
    let settings = web::Data::new(GuardSettings {
        jar: Jar { secure: config.http.secure_cookies() },
        origin: config.http.origin(),
        files_origin: config.files.origin(),
        trusted_proxies: config.http.trusted_proxies.clone(),
        secret: Arc::clone(&app.secret),
        demo: app.demo,
        uploads: UPLOADS,
        body_limit: config.http.max_form_bytes,
    });
    let templates = web::Data::from(Arc::clone(&app.templates));
    let data = web::Data::new(app.clone());
    let snapshot = web::Data::new(targets::Snapshot::default());
    let shelf = web::Data::new(courses::Shelf::default());
    let totals = web::Data::new(home::KeptTotals::default());
    let book = web::Data::new(api::Book::of(&operations()));
    let limits = web::Data::new(api::Limits::new(config.http.max_api_per_minute));
    let json_limit = config.http.max_json_bytes;
    let mut server = HttpServer::new(move || {
        WebApp::new()
            .app_data(data.clone())
            .app_data(templates.clone())
            .app_data(snapshot.clone())
            .app_data(shelf.clone())
            .app_data(totals.clone())
            .app_data(settings.clone())
            .app_data(book.clone())
            .app_data(limits.clone())
            .app_data(web::Data::new(OBSERVERS))
            .app_data(web::Data::new(BESIDE))
            .app_data(web::Data::new(USES))
            .app_data(web::JsonConfig::default().limit(json_limit).error_handler(|_, _| broken()))
            .app_data(web::QueryConfig::default().error_handler(|_, _| broken()))
            .app_data(web::PathConfig::default().error_handler(|_, _| Error::NotFound.into()))
            .wrap(from_fn(identify))
            .wrap(from_fn(guard))
            .wrap(Compress::default())
            .configure(routes)
    })
    .workers(config.http.workers.max(1))
    .max_connections(config.http.max_connections)
    .client_request_timeout(config.http.header_timeout)
    // A packed page comes in pieces; without this its last one waits 40 ms for word of the one before.
    .tcp_nodelay(true)
    .keep_alive(config.http.keep_alive)
    .shutdown_timeout(config.http.shutdown_timeout.as_secs());
    if !signals {
        server = server.disable_signals();
    }
    Ok(server.listen(listener)?.run())
}

fn broken() -> WebError {
    Error::BadRequest("error-broken-request".into()).into()
}

/// What Prometheus asks, on an address of its own.
fn metrics_server(app: &App, listener: TcpListener) -> Result<actix_web::dev::Server> {
    let metrics = app.metrics.clone();
    let upkeep = metrics.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            upkeep.tidy();
        }
    });
    let server = HttpServer::new(move || {
        let metrics = metrics.clone();
        WebApp::new().route(
            "/metrics",
            web::get().to(move || {
                let text = metrics.render();
                async move { HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text) }
            }),
        )
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}

impl Running {
    /// Waits until the server ends (a signal), then stops the rest in order.
    pub async fn wait(mut self) -> Result<()> {
        let ended = (&mut self.done).await.map_err(Error::internal)?;
        self.end().await;
        ended.map_err(Error::from)
    }

    /// Stops everything: requests in hand are answered, jobs in hand finished.
    pub async fn stop(mut self) {
        self.server.stop(true).await;
        let _ = (&mut self.done).await;
        self.end().await;
    }

    async fn end(&mut self) {
        let _ = self.stop.send(true);
        for other in &self.others {
            other.stop(true).await;
        }
        for worker in self.workers.drain(..) {
            let _ = worker.await;
        }
    }
}
