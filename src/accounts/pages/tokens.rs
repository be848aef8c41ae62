//! Tokens of other programs: one's own; whoever looks after the system sees and revokes everybody's.

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::account;
use crate::{
    access::{Permission, Reach},
    accounts::{
        SignedIn,
        actions::tokens,
        forms::{UnitAsked, UnitField},
        model::token::{MONTHS, NewToken, Resource, TokenId},
        queries::{
            directory,
            tokens::{self as queries, ListedToken},
        },
    },
    app::App,
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, Result},
        http::{Choice, Crumb, FormView, Input, Page, Tag, api},
        i18n::Message,
        text,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/tai-khoan/ma-api").get(list))
        .service(web::resource("/tai-khoan/ma-api/moi").get(form).post(submit))
        .service(web::resource("/tai-khoan/ma-api/{id}/thu-hoi").post(revoke));
}

const A_PAGE: i64 = 50;
const LIST: &str = "/tai-khoan/ma-api";

fn crumbs(page: &Page, with_list: bool) -> Vec<Crumb> {
    let mut crumbs = account::crumbs(page);
    if with_list {
        crumbs.push(Crumb::new(page.text("api-tokens-title"), LIST));
    }
    crumbs
}

#[derive(Serialize)]
struct ListView {
    crumbs: Vec<Crumb>,
    tokens: Vec<TokenView>,
    /// Everybody's are shown.
    is_everybodys: bool,
    older: Option<String>,
}

#[derive(Serialize)]
struct TokenView {
    id: i64,
    name: String,
    hint: String,
    owner: String,
    scope: String,
    resources: String,
    created_at: Moment,
    last_day: NaiveDate,
    last_used_on: Option<NaiveDate>,
    state: Tag,
    can_revoke: bool,
}

impl TokenView {
    fn of(page: &Page, row: ListedToken, now: Moment) -> Self {
        let token = row.token;
        let (state, kind) = if token.revoked_at.is_some() {
            ("api-state-revoked", "")
        } else if token.expires_at <= now {
            ("api-state-expired", "")
        } else if row.is_orphan {
            ("api-state-orphan", "bad")
        } else {
            ("api-state-working", "good")
        };
        let names: Vec<String> = Resource::split(&token.resources).into_iter().map(|r| resource(page, r)).collect();
        Self {
            id: token.id.0,
            hint: token.hint,
            owner: row.owner,
            scope: row.unit.map_or_else(|| page.text("api-scope-nation"), |unit| unit.name(page.locale()).to_owned()),
            resources: names.join(", "),
            created_at: token.created_at,
            last_day: local_day((token.expires_at - chrono::TimeDelta::seconds(1)).0),
            last_used_on: token.last_used_on,
            state: Tag { kind, text: page.text(state) },
            can_revoke: token.revoked_at.is_none() && token.expires_at > now,
            name: token.name,
        }
    }
}

fn resource(page: &Page, resource: Resource) -> String {
    page.text(Message::new(format!("api-resource-{resource}")))
}

#[derive(Deserialize)]
struct Asked {
    truoc: Option<i64>,
}

async fn list(app: web::Data<App>, page: Page, who: SignedIn, asked: web::Query<Asked>) -> Result<HttpResponse> {
    who.require(Permission::ShareFigures)?;
    let is_everybodys = who.may(Permission::ManageSystem);
    let (owner, before) = ((!is_everybodys).then(|| who.id()), asked.truoc.map(TokenId));
    let mut rows = app.db.read(move |c| queries::list(c, owner, before, A_PAGE + 1)).await?;
    let shown = usize::try_from(A_PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let now = app.now();
    let view = ListView {
        crumbs: crumbs(&page, false),
        older: rows.last().filter(|_| more).map(|row| format!("{LIST}?truoc={}", row.token.id)),
        tokens: rows.into_iter().map(|row| TokenView::of(&page, row, now)).collect(),
        is_everybodys,
    };
    page.html("accounts/tokens", &view)
}

#[derive(Serialize)]
struct NewView {
    crumbs: Vec<Crumb>,
    form: FormView,
    units: UnitField,
    /// The whole country or a unit, for makers who reach both.
    scopes: Vec<Choice>,
    resources: Vec<ChoiceView>,
}

#[derive(Serialize)]
struct ChoiceView {
    value: &'static str,
    label: String,
    help: String,
    is_chosen: bool,
}

async fn form(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    let reach = who.require(Permission::ShareFigures)?;
    let today = local_day(app.now().0);
    let usual = today.checked_add_months(Months::new(MONTHS / 2)).unwrap_or(today);
    let form = FormView::with([("last_day", text::date(usual)), ("scope", "nation".to_owned())]);
    render(&app, &page, reach, StatusCode::OK, form, &Input::default()).await
}

async fn render(
    app: &App,
    page: &Page,
    reach: Reach,
    status: StatusCode,
    form: FormView,
    input: &Input,
) -> Result<HttpResponse> {
    let (asked, today, locale) = (UnitAsked::read(input), local_day(app.now().0), page.locale());
    let is_nation = reach == Reach::Everywhere;
    let scopes = if is_nation {
        vec![Choice::new("nation", page.text("api-scope-nation")), Choice::new("unit", page.text("api-scope-unit"))]
    } else {
        Vec::new()
    };
    let units = app
        .db
        .read(move |c| {
            let within = directory::units_within(c, &reach, today)?;
            asked.field(c, within.as_deref(), today, locale)
        })
        .await?;
    let choice = |kind: &Resource| ChoiceView {
        value: kind.as_str(),
        label: resource(page, *kind),
        help: page.text(Message::new(format!("api-resource-{kind}-help"))),
        is_chosen: input.all("resources").any(|chosen| chosen == kind.as_str()),
    };
    let view = NewView {
        crumbs: crumbs(page, true),
        form,
        units,
        scopes,
        resources: Resource::ALL.iter().filter(|kind| is_nation || !kind.is_of_nation()).map(choice).collect(),
    };
    page.html_as(status, "accounts/token_new", &view)
}

#[derive(Serialize)]
struct MadeView {
    crumbs: Vec<Crumb>,
    name: String,
    token: String,
    last_day: NaiveDate,
    address: String,
}

/// The token is shown in the answer to the order and never again: it is kept as a hash only.
async fn submit(app: web::Data<App>, page: Page, who: SignedIn, input: Input) -> Result<HttpResponse> {
    let reach = who.require(Permission::ShareFigures)?;
    match make(&app, &page, &who, reach.clone(), &input).await {
        Ok((token, new)) => {
            let view = MadeView {
                crumbs: crumbs(&page, true),
                name: new.name,
                token,
                last_day: new.last_day,
                address: app.config.http.link(api::ROOT),
            };
            page.html("accounts/token_made", &view)
        }
        Err(Error::Invalid(errors)) => {
            let form = page.form(&input, &errors);
            render(&app, &page, reach, StatusCode::UNPROCESSABLE_ENTITY, form, &input).await
        }
        Err(error) => Err(error),
    }
}

async fn make(app: &App, page: &Page, who: &SignedIn, reach: Reach, input: &Input) -> Result<(String, NewToken)> {
    let (now, by, owner, locale) = (app.now(), who.actor(), who.id(), page.locale());
    let (asked, today) = (UnitAsked::read(input), local_day(now.0));
    let nation = reach == Reach::Everywhere && input.text("scope") == "nation";
    let mut resources: Vec<Resource> = input.all("resources").filter_map(Resource::parse).collect();
    resources.sort();
    resources.dedup();
    let (name, last_day) = (input.text("name"), text::read_day(&input.text("last_day")));
    app.db
        .write("accounts.token", move |c| {
            let unit = if nation {
                None
            } else {
                let within = directory::units_within(c, &reach, today)?;
                Some(asked.unit(c, within.as_deref(), today, locale)?.id)
            };
            // A day that cannot be read is refused like one that is over.
            let new = NewToken { name, unit, resources, last_day: last_day.unwrap_or(NaiveDate::MIN) };
            Ok::<_, Error>((tokens::make(c, &by, now, owner, &new)?, new))
        })
        .await
}

async fn revoke(app: web::Data<App>, page: Page, who: SignedIn, id: web::Path<i64>, _: Input) -> Result<HttpResponse> {
    who.require(Permission::ShareFigures)?;
    let (now, by, token) = (app.now(), who.actor(), TokenId(id.into_inner()));
    let owner = (!who.may(Permission::ManageSystem)).then(|| who.id());
    app.db.write("accounts.token-revoke", move |c| tokens::revoke(c, &by, now, owner, token)).await?;
    Ok(page.go_saying(LIST, "good", "api-token-revoked"))
}
