//! The sockets, the servers behind them and the workers: started together, stopped in order.

use std::{net::TcpListener, sync::Arc, time::Duration};

use actix_web::{
    App as WebApp, Error as WebError, HttpResponse, HttpServer,
    middleware::{Compress, from_fn},
    web,
};
use tokio::sync::watch;

use super::{BESIDE, OBSERVERS, UPLOADS, USES, jobs, operations, renewer, routes, visitor::identify};
use crate::{
    app::App,
    courses, home,
    platform::{
        error::{Error, Result},
        http::{
            api,
            connections::Connections,
            cookies::Jar,
            files_host,
            guard::{GuardSettings, guard},
            protection::Protection,
        },
        jobs::Worker,
    },
    targets,
};

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
    /// What runs beside the server until it is told to stop.
    beside: Vec<tokio::task::JoinHandle<()>>,
}

/// Starts as many workers as are configured; they finish what they have in hand once they are told to stop.
pub fn workers(app: &App, stopped: &watch::Receiver<bool>) -> Vec<tokio::task::JoinHandle<()>> {
    let registry = Arc::new(jobs());
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
}

/// Starts the site, the host of user files, the metrics and, if asked, the workers. `signals` makes the server end on SIGTERM.
pub fn start(app: App, listeners: Listeners, with_workers: bool, signals: bool) -> Result<Running> {
    let (stop, stopped) = watch::channel(false);
    let mut beside = if with_workers { workers(&app, &stopped) } else { Vec::new() };
    let snapshot = web::Data::new(targets::Snapshot::default());
    let server = site_server(&app, snapshot.clone(), listeners.http, signals)?;
    let renewal = targets::Renewal::of(snapshot.as_ref().clone());
    beside.push(tokio::spawn(renewer::run(app.clone(), renewal, stopped)));
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
    Ok(Running { app, server: handle, done: tokio::spawn(server), others, stop, beside })
}

fn site_server(
    app: &App,
    snapshot: web::Data<targets::Snapshot>,
    listener: TcpListener,
    signals: bool,
) -> Result<actix_web::dev::Server> {
    let config = Arc::clone(&app.config);
    let connections = Connections::default();
    let settings = web::Data::new(GuardSettings {
        jar: Jar { secure: config.http.secure_cookies() },
        origin: config.http.origin(),
        protection: Protection::new(&config.files.origin(), config.http.secure_cookies()).map_err(Error::internal)?,
        trusted_proxies: config.http.trusted_proxies.clone(),
        secret: Arc::clone(&app.secret),
        demo: app.demo,
        uploads: UPLOADS,
        body_limit: config.http.max_form_bytes,
        connections: connections.clone(),
        kept_connections: config.http.kept_connections,
        areas: super::AREAS.iter().copied().flatten().copied().collect(),
    });
    let templates = web::Data::from(Arc::clone(&app.templates));
    let data = web::Data::new(app.clone());
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
    .on_connect(move |_, beside| {
        beside.insert(connections.enter());
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
        for task in self.beside.drain(..) {
            let _ = task.await;
        }
    }
}
