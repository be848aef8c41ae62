//! What the binary carries, and how it is served: names hold a hash of the content, so a browser may keep them for ever.

use actix_web::{HttpRequest, HttpResponse, http::header, web};

use crate::platform::error::Error;

/// A style, script or icon with its two compressed forms.
pub struct Asset {
    pub name: &'static str,
    pub file: &'static str,
    pub plain: &'static [u8],
    pub brotli: &'static [u8],
    pub gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/templates.rs"));
include!(concat!(env!("OUT_DIR"), "/assets.rs"));

const FOLDER: &str = "/tinh/";

/// The address of an asset by its own name (`app.css`), or `None` if there is none.
pub fn url(name: &str) -> Option<String> {
    ASSETS.iter().find(|a| a.name == name).map(|a| format!("{FOLDER}{}", a.file))
}

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/tinh/{file}", web::get().to(serve)).route("/favicon.ico", web::get().to(favicon));
}

async fn serve(request: HttpRequest, file: web::Path<String>) -> Result<HttpResponse, Error> {
    let asset = ASSETS.iter().find(|a| a.file == file.as_str()).ok_or(Error::NotFound)?;
    let accepts = request.headers().get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("");
    let (body, encoding) = if accepts.contains("br") {
        (asset.brotli, Some("br"))
    } else if accepts.contains("gzip") {
        (asset.gzip, Some("gzip"))
    } else {
        (asset.plain, None)
    };
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, media_type(asset.name)))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, "Accept-Encoding"));
    // Said in any case, so that the compressing middleware leaves the bytes alone.
    response.insert_header((header::CONTENT_ENCODING, encoding.unwrap_or("identity")));
    Ok(response.body(body))
}

async fn favicon() -> Result<HttpResponse, Error> {
    let asset = ASSETS.iter().find(|a| a.name == "icons/nong-cot.svg").ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "image/svg+xml")).body(asset.plain))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
