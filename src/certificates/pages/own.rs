//! One's own certificates, and the PDF for its holder and for those who may see the register.

use actix_web::{HttpResponse, http::header, web};
use serde::Serialize;

use super::RowView;
use crate::{
    access::Permission,
    accounts::SignedIn,
    app::App,
    certificates::{
        jobs,
        model::{CertificateState, typed_code},
        queries,
    },
    platform::{
        clock::local_day,
        error::{Error, Outage, Result},
        files::content_disposition,
        http::Page,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/chung-nhan").get(list)).service(web::resource("/chung-nhan/{code}/pdf").get(pdf));
}

#[derive(Serialize)]
struct OwnView {
    rows: Vec<RowView>,
}

async fn list(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    let id = who.id();
    let found = app.db.read(move |c| queries::of_person(c, id)).await?;
    let rows = found.iter().map(|certificate| RowView::of(&page, certificate, None)).collect::<Result<_>>()?;
    page.html("certificates/own", &OwnView { rows })
}

async fn pdf(app: web::Data<App>, who: SignedIn, code: web::Path<String>) -> Result<HttpResponse> {
    let code = typed_code(&code).ok_or(Error::NotFound)?;
    let (authority, today) = (who.authority().clone(), local_day(app.now().0));
    let certificate = app
        .db
        .read(move |c| {
            let entry = queries::by_code(c, &code)?.ok_or(Error::NotFound)?;
            let certificate = entry.certificate;
            let officially = queries::reaches(c, &authority, Permission::SeeCertificates, entry.unit, today)?;
            if certificate.person_id != authority.person && !officially {
                return Err(Error::NotFound);
            }
            // A paper that is no longer good is kept for those who look after the register, not handed out again.
            if certificate.state != CertificateState::Valid && !officially {
                return Err(Error::refused("certificates-refused-not-valid"));
            }
            Ok(certificate)
        })
        .await?;
    let name = format!("{}.pdf", certificate.register_number.replace('/', "-"));
    let key = jobs::file_of(&app, certificate).await?;
    let bytes = app.files.get_bytes(&key).await.map_err(|e| Error::Unavailable(Outage::Files, e.to_string()))?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/pdf"))
        .insert_header((header::CONTENT_DISPOSITION, content_disposition(&name, false)))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(bytes))
}
