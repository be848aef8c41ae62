//! What a programme asks for and whom it is for: one group of courses, or one eligible post, on a page of its own. The address of a
//! new one ends in `moi`.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{crumbs, kind_word};
use crate::{
    app::App,
    courses::model::CourseId,
    organisations::model::UnitKind,
    platform::{
        error::{Error, FieldErrors, Result},
        http::{Crumb, FormView, Input, Page},
    },
    programmes::{
        actions::programmes as actions,
        forms,
        guards::programmes::ManagedProgramme,
        model::{
            posts::PostId,
            programme::{Delivery, Programme},
            requirement::CourseGroupId,
        },
        queries::programmes,
    },
};

const NEW: &str = "moi";

#[derive(Serialize)]
struct GroupView {
    crumbs: Vec<Crumb>,
    action: String,
    is_new: bool,
    known: Vec<String>,
    form: FormView,
}

#[derive(Serialize)]
struct PostView {
    crumbs: Vec<Crumb>,
    action: String,
    is_new: bool,
    kinds: Vec<KindView>,
    form: FormView,
}

#[derive(Serialize)]
struct KindView {
    value: String,
    label: String,
    is_chosen: bool,
}

/// `None` for a new one; what is no number names nothing.
fn id_of(part: &str) -> Result<Option<i64>> {
    if part == NEW { Ok(None) } else { part.parse().map(Some).map_err(|_| Error::NotFound) }
}

type At = web::Path<(String, String)>;

async fn render_group(
    app: &App,
    page: &Page,
    status: StatusCode,
    programme: &Programme,
    id: Option<i64>,
    form: FormView,
) -> Result<HttpResponse> {
    let known = app.db.read(programmes::known_courses).await?;
    let part = id.map_or_else(|| NEW.to_owned(), |id| id.to_string());
    let view = GroupView {
        crumbs: crumbs(page, Some(programme)),
        action: format!("{}/nhom/{part}", programme.path()),
        is_new: id.is_none(),
        known,
        form,
    };
    page.html_as(status, "programmes/programme_group", &view)
}

pub async fn group(app: web::Data<App>, page: Page, managed: ManagedProgramme, at: At) -> Result<HttpResponse> {
    let (programme, id) = (managed.0.programme, id_of(&at.1)?);
    let of = programme.id;
    let Some(wanted) = id else {
        return render_group(&app, &page, StatusCode::OK, &programme, None, FormView::default()).await;
    };
    let (group, courses) = app
        .db
        .read(move |c| {
            let groups = programmes::groups(c, of)?;
            let group = groups.into_iter().find(|group| group.id == CourseGroupId(wanted)).ok_or(Error::NotFound)?;
            let courses = programmes::courses_of(c, std::slice::from_ref(&group))?;
            Ok::<_, Error>((group, courses))
        })
        .await?;
    let codes = |wanted: Delivery| {
        let of_kind = group.courses.iter().filter(|(_, delivery)| *delivery == wanted);
        let code = |(course, _): &(CourseId, Delivery)| courses.get(course).map(|shown| shown.code.clone());
        of_kind.filter_map(code).collect::<Vec<_>>().join(", ")
    };
    let form = FormView::with([
        ("title_vi", group.title_vi.clone()),
        ("title_en", group.title_en.clone()),
        ("needed", group.needed.map(|needed| needed.to_string()).unwrap_or_default()),
        (actions::field_of(Delivery::ELearning), codes(Delivery::ELearning)),
        (actions::field_of(Delivery::Live), codes(Delivery::Live)),
        (actions::field_of(Delivery::InPerson), codes(Delivery::InPerson)),
    ]);
    render_group(&app, &page, StatusCode::OK, &programme, id, form).await
}

pub async fn put_group(
    app: web::Data<App>,
    page: Page,
    managed: ManagedProgramme,
    at: At,
    input: Input,
) -> Result<HttpResponse> {
    let (now, by, programme, id) = (app.now(), managed.0.who.actor(), managed.0.programme, id_of(&at.1)?);
    let known = programme.clone();
    let wanted = id.map(CourseGroupId);
    if let Some(id) = wanted.filter(|_| input.text("viec") == "bo") {
        let leave = move |c: &mut _| actions::drop_group(c, &by, now, &known, id);
        app.db.write("programmes.group", leave).await?;
        return Ok(page.go_saying(&programme.path(), "good", "programme-group-dropped"));
    }
    let mut faults = FieldErrors::default();
    let new = forms::group(&input, &mut faults);
    let put = match faults.or(()) {
        Err(error) => Err(error),
        Ok(()) => {
            let put = move |c: &mut _| actions::put_group(c, &by, now, &known, wanted, &new);
            app.db.write("programmes.group", put).await
        }
    };
    match put {
        Ok(()) => Ok(page.go_saying(&programme.path(), "good", "programme-group-saved")),
        Err(Error::Invalid(faults)) => {
            let form = page.form(&input, &faults);
            render_group(&app, &page, StatusCode::UNPROCESSABLE_ENTITY, &programme, id, form).await
        }
        Err(error) => Err(error),
    }
}

fn render_post(
    page: &Page,
    status: StatusCode,
    programme: &Programme,
    id: Option<i64>,
    chosen: &[UnitKind],
    form: FormView,
) -> Result<HttpResponse> {
    let part = id.map_or_else(|| NEW.to_owned(), |id| id.to_string());
    let kind = |kind: &UnitKind| KindView {
        value: kind.to_string(),
        label: kind_word(page, *kind),
        is_chosen: chosen.contains(kind),
    };
    let view = PostView {
        crumbs: crumbs(page, Some(programme)),
        action: format!("{}/chuc-danh/{part}", programme.path()),
        is_new: id.is_none(),
        // Posts are those of agencies; who stands below one belongs to it.
        kinds: UnitKind::ALL.iter().filter(|kind| !kind.is_subordinate()).map(kind).collect(),
        form,
    };
    page.html_as(status, "programmes/programme_post", &view)
}

pub async fn post(app: web::Data<App>, page: Page, managed: ManagedProgramme, at: At) -> Result<HttpResponse> {
    let (programme, id) = (managed.0.programme, id_of(&at.1)?);
    let Some(wanted) = id else {
        return render_post(&page, StatusCode::OK, &programme, None, &[], FormView::default());
    };
    let of = programme.id;
    let post = app
        .db
        .read(move |c| programmes::posts(c, of)?.into_iter().find(|p| p.id == PostId(wanted)).ok_or(Error::NotFound))
        .await?;
    let form = FormView::with([
        ("title_vi", post.title_vi.clone()),
        ("title_en", post.title_en.clone()),
        ("words", post.words.join("\n")),
    ]);
    render_post(&page, StatusCode::OK, &programme, id, &post.kinds, form)
}

pub async fn put_post(
    app: web::Data<App>,
    page: Page,
    managed: ManagedProgramme,
    at: At,
    input: Input,
) -> Result<HttpResponse> {
    let (now, by, programme, id) = (app.now(), managed.0.who.actor(), managed.0.programme, id_of(&at.1)?);
    let known = programme.clone();
    let wanted = id.map(PostId);
    if let Some(id) = wanted.filter(|_| input.text("viec") == "bo") {
        app.db.write("programmes.post", move |c| actions::drop_post(c, &by, now, &known, id)).await?;
        return Ok(page.go_saying(&programme.path(), "good", "programme-post-dropped"));
    }
    let mut faults = FieldErrors::default();
    let new = forms::post(&input, &mut faults);
    let chosen = new.kinds.clone();
    let put = match faults.or(()) {
        Err(error) => Err(error),
        Ok(()) => {
            let put = move |c: &mut _| actions::put_post(c, &by, now, &known, wanted, &new);
            app.db.write("programmes.post", put).await
        }
    };
    match put {
        Ok(()) => Ok(page.go_saying(&programme.path(), "good", "programme-post-saved")),
        Err(Error::Invalid(faults)) => {
            let form = page.form(&input, &faults);
            render_post(&page, StatusCode::UNPROCESSABLE_ENTITY, &programme, id, &chosen, form)
        }
        Err(error) => Err(error),
    }
}
