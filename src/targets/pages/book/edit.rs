//! Writing a target down, and changing it by a document.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use crate::{
    access::{Permission, Reach},
    accounts::SignedIn,
    app::App,
    organisations::model::UnitKind,
    platform::{
        error::{Error, FieldErrors, Result},
        http::{Choice, Crumb, FormView, Input, Page},
        i18n::Message,
    },
    targets::{
        actions, forms,
        guards::ManagedTarget,
        model::{Metric, Target, TargetState},
        pages::{agencies::kind_word, title},
        queries,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/chi-tieu/moi").get(blank).post(create));
    cfg.service(web::resource("/chi-tieu/{code}/sua").get(show).post(amend));
}

#[derive(Serialize)]
struct EditView {
    crumbs: Vec<Crumb>,
    heading: String,
    /// None where a target is written down for the first time.
    code: Option<String>,
    /// A draft is changed without a document.
    needs_document: bool,
    form: FormView,
    metrics: Vec<Choice>,
    kinds: Vec<KindView>,
    /// The codes of the courses there are.
    known: Vec<String>,
    action: String,
}

#[derive(Serialize)]
struct KindView {
    value: String,
    label: String,
    is_chosen: bool,
}

fn must_manage(who: &SignedIn) -> Result<()> {
    match who.require(Permission::ManageTargets)? {
        Reach::Everywhere => Ok(()),
        _ => Err(Error::Forbidden),
    }
}

async fn render(
    app: &App,
    page: &Page,
    status: StatusCode,
    target: Option<&Target>,
    form: FormView,
    chosen: &[UnitKind],
) -> Result<HttpResponse> {
    let known = app.db.read(queries::known_courses).await?;
    let mut crumbs = vec![Crumb::new(page.text("targets-title"), "/chi-tieu")];
    let path = target.map(|target| format!("/chi-tieu/{}", target.code));
    if let Some((target, path)) = target.zip(path.clone()) {
        crumbs.push(Crumb::new(title(page, target), path));
    }
    let metric = |metric: &Metric| {
        let name = page.text(Message::new(format!("targets-metric-{metric}")));
        Choice::new(metric.to_string(), name)
    };
    let kind = |kind: &UnitKind| KindView {
        value: kind.to_string(),
        label: kind_word(page, *kind),
        is_chosen: chosen.contains(kind),
    };
    let view = EditView {
        crumbs,
        heading: page.text(if target.is_some() { "targets-edit" } else { "targets-create" }),
        code: target.map(|target| target.code.clone()),
        needs_document: target.is_some_and(|target| target.state != TargetState::Draft),
        form,
        metrics: Metric::ALL.iter().map(metric).collect(),
        kinds: UnitKind::ALL.iter().filter(|kind| !kind.is_subordinate()).map(kind).collect(),
        known,
        action: path.map_or_else(|| "/chi-tieu/moi".to_owned(), |path| format!("{path}/sua")),
    };
    page.html_as(status, "targets/edit", &view)
}

fn kinds_of(input: &Input) -> Vec<UnitKind> {
    input.all("kinds").filter_map(UnitKind::parse).collect()
}

async fn blank(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    must_manage(&who)?;
    let form = FormView::with([("metric", Metric::People.to_string())]);
    render(&app, &page, StatusCode::OK, None, form, &[]).await
}

/// A new target is a draft until it is put in force.
async fn create(app: web::Data<App>, page: Page, who: SignedIn, input: Input) -> Result<HttpResponse> {
    must_manage(&who)?;
    let (now, by) = (app.now(), who.actor());
    let created = match forms::target(&input, input.text("code"), TargetState::Draft, false) {
        Err(error) => Err(error),
        Ok(new) => app.db.write("targets.create", move |c| actions::write_down(c, &by, now, &new)).await,
    };
    match created {
        Ok(target) => Ok(page.go_saying(&format!("/chi-tieu/{}", target.code), "good", "targets-created")),
        Err(Error::Invalid(faults)) => {
            let form = page.form(&input, &faults);
            render(&app, &page, StatusCode::UNPROCESSABLE_ENTITY, None, form, &kinds_of(&input)).await
        }
        Err(error) => Err(error),
    }
}

async fn show(app: web::Data<App>, page: Page, managed: ManagedTarget) -> Result<HttpResponse> {
    let target = managed.target;
    if target.state == TargetState::Superseded {
        return Err(Error::refused("targets-refused-superseded"));
    }
    let id = target.id;
    let (courses, kinds) =
        app.db.read(move |c| Ok::<_, Error>((queries::course_codes(c, id)?, queries::kinds(c, id)?))).await?;
    let part = |part: Option<i64>| part.map(|n| n.to_string()).unwrap_or_default();
    let form = FormView::with([
        ("title_vi", target.title_vi.clone()),
        ("title_en", target.title_en.clone()),
        ("metric", target.metric.to_string()),
        ("required", target.required.to_string()),
        ("leaders", part(target.required_leaders)),
        ("technology", part(target.required_technology)),
        ("other", part(target.required_other)),
        ("period_from", target.period_from.to_string()),
        ("period_to", target.period_to.to_string()),
        ("courses", courses.join(", ")),
        ("doc_number", target.doc_number.clone()),
        ("doc_date", target.doc_date.map(|day| day.to_string()).unwrap_or_default()),
        ("doc_issuer", target.doc_issuer.clone()),
        ("doc_clause", target.doc_clause.clone()),
        ("doc_link", target.doc_link.clone()),
        ("rules_vi", target.rules_vi.clone()),
        ("rules_en", target.rules_en.clone()),
        ("basis_vi", target.basis_vi.clone()),
        ("basis_en", target.basis_en.clone()),
    ]);
    render(&app, &page, StatusCode::OK, Some(&target), form, &kinds).await
}

async fn amend(app: web::Data<App>, page: Page, managed: ManagedTarget, input: Input) -> Result<HttpResponse> {
    let ManagedTarget { who, target } = managed;
    let (now, by, id) = (app.now(), who.actor(), target.id);
    let mut faults = FieldErrors::default();
    let deed = forms::deed(&input, &mut faults);
    let new = forms::target(&input, target.code.clone(), target.state, target.is_illustration);
    let amended = match forms::both(new, faults.or(deed)) {
        Err(error) => Err(error),
        Ok((new, deed)) => app.db.write("targets.amend", move |c| actions::amend(c, &by, now, id, &new, &deed)).await,
    };
    match amended {
        Ok(()) => Ok(page.go_saying(&format!("/chi-tieu/{}", target.code), "good", "targets-amended")),
        Err(Error::Invalid(faults)) => {
            let form = page.form(&input, &faults);
            render(&app, &page, StatusCode::UNPROCESSABLE_ENTITY, Some(&target), form, &kinds_of(&input)).await
        }
        Err(error) => Err(error),
    }
}
