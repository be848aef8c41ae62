//! The host of user files: another origin than the site, no cookies, no database. What a request may have stands signed in its
//! address, so nothing somebody uploaded can ever act as the site.

use std::{net::TcpListener, sync::Arc};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    http::header::{self, HeaderValue},
    web,
};
use futures_util::TryStreamExt;

use crate::platform::{
    clock::Clock,
    error::Result,
    files::{Files, FilesError, content_disposition, links},
};

struct Host {
    files: Files,
    secret: Arc<[u8; 32]>,
    clock: Clock,
}

/// The server; it must be polled or spawned.
pub fn server(
    files: &Files,
    secret: &Arc<[u8; 32]>,
    clock: Clock,
    listener: TcpListener,
) -> Result<actix_web::dev::Server> {
    let host = web::Data::new(Host { files: files.clone(), secret: Arc::clone(secret), clock });
    let server = HttpServer::new(move || App::new().app_data(host.clone()).default_service(web::to(serve)));
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}

async fn serve(request: HttpRequest, host: web::Data<Host>) -> HttpResponse {
    if !matches!(request.method().as_str(), "GET" | "HEAD") {
        return HttpResponse::MethodNotAllowed().finish();
    }
    let link = match links::verify(request.path(), request.query_string(), host.clock.now(), host.secret.as_slice()) {
        Ok(link) => link,
        Err(links::LinkFault::Forged) => return HttpResponse::NotFound().finish(),
        Err(links::LinkFault::Expired) => return HttpResponse::Gone().finish(),
    };
    let opened = match host.files.get(&link.key, None).await {
        Ok(opened) => opened,
        Err(FilesError::NotFound) => return HttpResponse::NotFound().finish(),
        Err(error) => {
            tracing::error!(%error, "a file could not be read");
            return HttpResponse::ServiceUnavailable().finish();
        }
    };
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, link.media_type.content_type()))
        .insert_header((header::CONTENT_LENGTH, opened.len))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "private, max-age=300"))
        .insert_header(("cross-origin-resource-policy", "cross-origin"))
        .insert_header(("content-security-policy", "default-src 'none'; sandbox"));
    if let Ok(disposition) = HeaderValue::from_str(&content_disposition(&link.download_name, link.inline)) {
        response.insert_header((header::CONTENT_DISPOSITION, disposition));
    }
    response.streaming(opened.stream.map_err(|e| actix_web::error::ErrorInternalServerError(e.to_string())))
}
