//! Who a request comes from, and what the layout of their pages shows.

use std::rc::Rc;

use actix_web::{
    Error as WebError, HttpMessage, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web,
};

use crate::{
    access::Permission,
    accounts::sessions,
    app::App,
    notifications,
    platform::{
        error::{Error, Result},
        http::{NavItem, ShellPerson, visit},
        i18n::Locale,
    },
};

/// Finds out who a request comes from and completes the visit for the layout.
pub async fn identify(
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
    // A script that saves an answer has no layout with a menu and a count of unread notices.
    let is_script = request.headers().contains_key("x-csrf-token");
    let found = app
        .db
        .glance(move |c| {
            let Some(signed) = sessions::find(c, now, &token)? else { return Ok(None) };
            let unread = if is_script { 0 } else { notifications::queries::unread_count(c, signed.person.id)? };
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
    let unit = signed.unit.clone().map(|(vi, en)| if visit.locale == Locale::Vi { vi } else { en });
    visit.person = Some(ShellPerson { name: signed.person.full_name(), unit: unit.unwrap_or_default() });
    if !is_script {
        visit.nav = navigation(&signed);
    }
    visit.unread = unread;
    request.extensions_mut().insert(Rc::new(signed));
    Ok(())
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
