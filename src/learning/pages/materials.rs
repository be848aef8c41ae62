//! `/lop/{code}/tai-lieu`: the files of a class. Its members read them from the host of files; those who run it put them there.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Serialize;

use crate::{
    access::PersonId,
    accounts::queries::directory,
    app::App,
    learning::{
        actions,
        guards::{ManagerOf, VisitorOf},
        model::{Material, MaterialId, Run},
        queries,
    },
    platform::{
        as_i64,
        error::{Error, FieldErrors, Result},
        files::{Limits, MediaType},
        http::{Crumb, FormView, Input, Page, upload as uploads},
        i18n::Message,
        text,
    },
};

/// How the address ends that takes files.
pub const UPLOAD: &str = "/tai-lieu";

/// What may be put into a class.
const KINDS: &[MediaType] = &[
    MediaType::Pdf,
    MediaType::Docx,
    MediaType::Xlsx,
    MediaType::Pptx,
    MediaType::Odt,
    MediaType::Ods,
    MediaType::Odp,
    MediaType::Text,
    MediaType::Png,
    MediaType::Jpeg,
];

#[derive(Serialize)]
struct MaterialsView {
    code: String,
    title: String,
    crumbs: Vec<Crumb>,
    files: Vec<FileView>,
    removed: Vec<FileView>,
    can_manage: bool,
    limit: i64,
    form: FormView,
}

#[derive(Serialize)]
struct FileView {
    id: MaterialId,
    title: String,
    note: String,
}

pub async fn show(app: web::Data<App>, page: Page, visitor: VisitorOf) -> Result<HttpResponse> {
    must_read(&visitor)?;
    render(&app, &page, &visitor.run, visitor.rights.manage, StatusCode::OK, FormView::default()).await
}

/// The class is known to everybody who is signed in, its files to its members and to those who see it.
fn must_read(visitor: &VisitorOf) -> Result<()> {
    let reads = visitor.enrolment.is_some() || visitor.rights.see || visitor.rights.manage;
    if reads { Ok(()) } else { Err(Error::Forbidden) }
}

async fn render(
    app: &App,
    page: &Page,
    run: &Run,
    can_manage: bool,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let id = run.id;
    let (materials, names) = app
        .db
        .read(move |c| {
            let materials = queries::materials(c, id)?;
            let people: Vec<PersonId> = materials.iter().map(|material| material.added_by).collect();
            Ok::<_, Error>((materials, directory::names(c, &people)?))
        })
        .await?;
    let view = |material: &Material| FileView {
        id: material.id,
        title: material.title.clone(),
        note: page.text(
            Message::new("materials-note")
                .with("kind", kind(&material.media_type))
                .with("size", text::size(material.size, page.locale()))
                .with("date", text::date_of(material.added_at.0))
                .with("name", names.get(&material.added_by).map(|(_, name)| name.clone()).unwrap_or_default()),
        ),
    };
    let removed: Vec<FileView> = materials.iter().filter(|m| can_manage && m.removed_at.is_some()).map(view).collect();
    let view = MaterialsView {
        code: run.code.clone(),
        title: run.title.clone(),
        crumbs: vec![Crumb::new(run.title.clone(), format!("/lop/{}", run.code))],
        files: materials.iter().filter(|m| m.removed_at.is_none()).map(view).collect(),
        removed,
        can_manage,
        limit: as_i64(app.config.http.max_upload_bytes / (1024 * 1024)),
        form,
    };
    page.html_as(status, "learning/materials", &view)
}

/// The kind of a file as people call it: by its usual ending.
fn kind(mime: &str) -> String {
    let ending = MediaType::from_mime(mime).and_then(|kind| kind.extensions().first().copied());
    ending.unwrap_or_default().to_uppercase()
}

pub async fn upload(
    app: web::Data<App>,
    page: Page,
    manager: ManagerOf,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let limits = Limits { max_bytes: app.config.http.max_upload_bytes, accept: KINDS };
    let upload = uploads::receive(&request, payload.into_inner(), &app.files, "materials", "file", &limits).await?;
    let incoming = match upload.file {
        Ok(incoming) => incoming,
        Err(said) => {
            let mut errors = FieldErrors::default();
            errors.add("file", said);
            let form = page.form(&upload.input, &errors);
            return render(&app, &page, &manager.run, true, StatusCode::UNPROCESSABLE_ENTITY, form).await;
        }
    };
    let (now, by, run, title) = (app.now(), manager.who.actor(), manager.run.clone(), upload.input.text("title"));
    let (stored, name) = (incoming.stored.clone(), incoming.name);
    let added = app
        .db
        .write("learning.material", move |c| actions::add_material(c, &by, now, &run, &title, &stored, &name))
        .await;
    let path = format!("/lop/{}{UPLOAD}", manager.run.code);
    match added {
        Ok(_) => Ok(page.go_saying(&path, "good", "materials-added")),
        // Whether the row was written is not known: then the file stays.
        Err(error @ Error::NotKnown(_)) => Err(error),
        Err(error) => {
            uploads::forget(&app.files, &incoming.stored).await;
            let Error::Invalid(errors) = error else { return Err(error) };
            let form = page.form(&upload.input, &errors);
            render(&app, &page, &manager.run, true, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

type At = web::Path<(String, i64)>;

/// The way to the file: a link to the other host that works for a short while.
pub async fn open(app: web::Data<App>, page: Page, visitor: VisitorOf, at: At) -> Result<HttpResponse> {
    must_read(&visitor)?;
    let (run, id) = (visitor.run.id, MaterialId(at.1));
    let material = app.db.read(move |c| queries::material(c, run, id)).await?;
    Ok(page.go(&app.way_to_file(&material.key, &material.media_type, material.name)?))
}

pub async fn remove(app: web::Data<App>, page: Page, manager: ManagerOf, at: At, _: Input) -> Result<HttpResponse> {
    let (now, by, run, id) = (app.now(), manager.who.actor(), manager.run.clone(), MaterialId(at.1));
    app.db.write("learning.material", move |c| actions::remove_material(c, &by, now, &run, id)).await?;
    Ok(page.go_saying(&format!("/lop/{}{UPLOAD}", manager.run.code), "good", "materials-removed"))
}

pub async fn restore(app: web::Data<App>, page: Page, manager: ManagerOf, at: At, _: Input) -> Result<HttpResponse> {
    let (now, by, run, id) = (app.now(), manager.who.actor(), manager.run.clone(), MaterialId(at.1));
    app.db.write("learning.material", move |c| actions::restore_material(c, &by, now, &run, id)).await?;
    Ok(page.go_saying(&format!("/lop/{}{UPLOAD}", manager.run.code), "good", "materials-restored"))
}
