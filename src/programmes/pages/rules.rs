//! `/de-cu/{round}/dieu-kien`: whom a round is for, and how many approve.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{first_crumb, title};
use crate::{
    access::Category,
    app::App,
    platform::{
        error::{Error, FieldErrors, Result},
        http::{Choice, Crumb, FormView, Input, Page},
        i18n::Message,
        text,
    },
    programmes::{actions, guards::DeciderOf, model::Rules, queries},
};

#[derive(Serialize)]
struct RulesView {
    crumbs: Vec<Crumb>,
    path: String,
    title: String,
    form: FormView,
    categories: Vec<Choice>,
    steps: Vec<Choice>,
}

/// The rules as a reader hears them.
pub(super) fn in_words(page: &Page, rules: &Rules) -> Vec<String> {
    let mut said = Vec::new();
    if !rules.categories.is_empty() {
        let names: Vec<String> = rules.categories.iter().map(|category| category_name(page, *category)).collect();
        said.push(page.text(Message::new("programmes-rule-categories").with("categories", names.join("; "))));
    }
    if !rules.positions.is_empty() {
        said.push(page.text(Message::new("programmes-rule-positions").with("positions", rules.positions.join("; "))));
    }
    if rules.steps >= 2 {
        said.push(page.text("programmes-rule-steps"));
    }
    said
}

fn category_name(page: &Page, category: Category) -> String {
    page.text(Message::new(format!("accounts-category-{category}")))
}

pub async fn form(app: web::Data<App>, page: Page, decider: DeciderOf) -> Result<HttpResponse> {
    let id = decider.round.id;
    let rules = app.db.read(move |c| queries::rules(c, id)).await?;
    let mut form = FormView::with([("steps", rules.steps.to_string()), ("positions", rules.positions.join("\n"))]);
    for category in &rules.categories {
        form.values.insert(format!("category-{category}"), "1".to_owned());
    }
    render(&page, &decider, StatusCode::OK, form)
}

fn render(page: &Page, decider: &DeciderOf, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let path = format!("/de-cu/{}", decider.round.code);
    let title = title(page, &decider.round);
    let step = |value: &str, key: &'static str| Choice::new(value.to_owned(), page.text(key));
    let view = RulesView {
        crumbs: vec![first_crumb(page), Crumb::new(title.clone(), path.clone())],
        title,
        form,
        categories: Category::ALL
            .iter()
            .map(|category| Choice::new(format!("category-{category}"), category_name(page, *category)))
            .collect(),
        steps: vec![step("1", "programmes-steps-one"), step("2", "programmes-steps-two")],
        path,
    };
    page.html_as(status, "programmes/rules", &view)
}

pub async fn submit(app: web::Data<App>, page: Page, decider: DeciderOf, input: Input) -> Result<HttpResponse> {
    let rules = match read(&input) {
        Ok(rules) => rules,
        Err(errors) => {
            return render(&page, &decider, StatusCode::UNPROCESSABLE_ENTITY, page.form(&input, &errors));
        }
    };
    let (now, by, id) = (app.now(), decider.who.actor(), decider.round.id);
    app.db.write("programmes.rules", move |c| actions::set_rules(c, &by, now, id, &rules)).await?;
    Ok(page.go_saying(&format!("/de-cu/{}", decider.round.code), "good", "programmes-rules-saved"))
}

fn read(input: &Input) -> Result<Rules, FieldErrors> {
    let mut errors = FieldErrors::default();
    let steps = match input.text("steps").as_str() {
        "1" => 1,
        "2" => 2,
        _ => {
            errors.add("steps", "programmes-steps-missing");
            1
        }
    };
    let categories =
        Category::ALL.iter().copied().filter(|category| input.text(&format!("category-{category}")) == "1").collect();
    let typed = input.raw("positions").unwrap_or_default();
    let positions: Vec<String> = typed.split(['\n', ';']).map(text::tidy).filter(|word| !word.is_empty()).collect();
    if positions.len() > 30 || positions.iter().any(|word| word.chars().count() > 100) {
        errors.add("positions", "programmes-positions-long");
    }
    match errors.or(Rules { steps, categories, positions }) {
        Ok(rules) => Ok(rules),
        Err(Error::Invalid(errors)) => Err(errors),
        Err(_) => Err(FieldErrors::default()),
    }
}
