//! Issuing a certificate anew: a page of its own, for it is a decision to be written down with care.

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::Serialize;

use super::register::{ground_key, within_reach};
use crate::{
    accounts::SignedIn,
    app::App,
    certificates::{
        actions, forms, jobs,
        model::{Certificate, Decision, Ground, Lookup, Reissue},
        paper::PaperError,
    },
    platform::{
        clock::local_day,
        error::{Error, FieldErrors, Result},
        http::{Crumb, FormView, Input, Page},
        i18n::Message,
        text,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/so-cap/{code}/cap-lai").get(show).post(reissue));
}

#[derive(Serialize)]
struct ReissueView {
    crumbs: Vec<Crumb>,
    code: String,
    register_number: String,
    course: String,
    unit: String,
    signer: String,
    /// The paper bears a day of birth, so that may be corrected.
    has_born: bool,
    grounds: Vec<GroundView>,
    form: FormView,
}

#[derive(Serialize)]
struct GroundView {
    value: &'static str,
    label: String,
    help: String,
}

async fn show(app: web::Data<App>, page: Page, who: SignedIn, code: web::Path<String>) -> Result<HttpResponse> {
    let found = within_reach(&app, &who, &code).await?;
    if !found.may_reissue {
        return Err(Error::refused("certificates-refused-reissue"));
    }
    let certificate = found.entry.certificate;
    let blank = Decision { decision_number: String::new(), decision_date: NaiveDate::default(), reason: String::new() };
    let as_it_is = Reissue::unchanged(Ground::IssuerError, blank, &certificate.paper()?);
    let form = FormView::with([
        ("holder", as_it_is.holder),
        ("position", as_it_is.position),
        ("born", as_it_is.born.map(text::date).unwrap_or_default()),
    ]);
    page.html("certificates/reissue", &view(&page, certificate, form)?)
}

fn view(page: &Page, certificate: Certificate, form: FormView) -> Result<ReissueView> {
    let paper = certificate.paper()?;
    let grounds = Ground::ALL.iter().filter(|ground| ground.fits(certificate.state));
    Ok(ReissueView {
        crumbs: vec![
            Crumb::new(page.text("certificates-register-title"), "/so-cap"),
            Crumb::new(certificate.register_number.clone(), format!("/so-cap/{}", certificate.code)),
        ],
        code: certificate.code,
        register_number: certificate.register_number,
        course: paper.course,
        unit: paper.unit,
        signer: paper.signer_name,
        has_born: paper.born.is_some(),
        grounds: grounds
            .map(|ground| GroundView {
                value: ground.as_str(),
                label: page.text(ground_key(*ground)),
                help: page.text(Message::new(format!("certificates-ground-help-{ground}"))),
            })
            .collect(),
        form,
    })
}

async fn reissue(
    app: web::Data<App>,
    page: Page,
    who: SignedIn,
    code: web::Path<String>,
    input: Input,
) -> Result<HttpResponse> {
    let found = within_reach(&app, &who, &code).await?;
    let old = found.entry.certificate;
    match write(&app, &who, &old, &input).await {
        Ok(new) => {
            let said = Message::new("certificates-reissued").with("number", new.register_number);
            Ok(page.go_saying(&format!("/so-cap/{}", new.code), "good", said))
        }
        Err(Error::Invalid(faults)) => {
            let form = page.form(&input, &faults);
            page.html_as(StatusCode::UNPROCESSABLE_ENTITY, "certificates/reissue", &view(&page, old, form)?)
        }
        Err(other) => Err(other),
    }
}

async fn write(app: &App, who: &SignedIn, old: &Certificate, input: &Input) -> Result<Certificate> {
    let (now, by, lookup) = (app.now(), who.actor(), Lookup::of(&app.config));
    let asked = forms::reissue(input, local_day(now.0))?;
    let (draft, _) = app
        .db
        .read({
            let (by, old, asked) = (by.clone(), old.clone(), asked.clone());
            move |c| actions::prepare(c, &by, now, &old, &asked)
        })
        .await?;
    if let Err(error) = jobs::try_out(&draft, &lookup, now).await? {
        return Err(unfit(&error));
    }
    let id = old.id;
    app.db.write("certificates.reissue", move |c| actions::reissue(c, &by, now, id, &asked, &lookup)).await
}

/// A text that the paper cannot bear is the fault of the field that holds it.
fn unfit(error: &PaperError) -> Error {
    let field = match error {
        PaperError::Unprintable { field, .. } | PaperError::TooLong { field } | PaperError::Missing { field } => *field,
        PaperError::Code | PaperError::Pdf(_) => "",
    };
    let field = ["holder", "position", "born"].into_iter().find(|known| *known == field).unwrap_or_default();
    FieldErrors::one(field, "certificates-fault-unfit")
}
