//! Every field of every form has its limit: the forms are read from the pages themselves, so a new one is held to this too.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;

use crate::{
    access,
    support::{
        self, Client, TestApp,
        html::{Form, forms},
        run,
    },
};

/// Far more than any field takes, and far less than a body may be. What stands in one line, or is no text at all, has smaller limits.
const FLOOD: &str = "ngập lụt ";
const TIMES: usize = 2_000;
const TIMES_IN_A_LINE: usize = 400;
/// A stretch of it that no record may hold.
const HELD: usize = 250;

/// The forms a role finds on the pages that are open to it, each once.
async fn forms_of(app: &TestApp, world: &access::World, browser: &mut Client) -> Vec<Form> {
    let mut found: BTreeMap<(String, String), Form> = BTreeMap::new();
    for (pattern, method) in access::routes() {
        if method != "GET" {
            continue;
        }
        let page = browser.get(&world.address(&pattern)).await;
        if page.status != 200 || !page.header("content-type").starts_with("text/html") {
            continue;
        }
        for form in forms(&page.text()) {
            let action = if form.action.is_empty() { world.address(&pattern) } else { form.action.clone() };
            assert!(action.starts_with('/'), "{pattern}: a form that leads to {action:?}");
            let names: Vec<_> = form.fields.iter().map(|field| field.name.as_str()).collect();
            found.entry((action.clone(), names.join(" "))).or_insert(Form { action, ..form });
        }
    }
    assert!(!found.is_empty(), "no form on any page of {}", app.base);
    found.into_values().collect()
}

/// Sends a form with one field filled with `flood` and the others as the page had them.
async fn send(browser: &mut Client, form: &Form, field: &str, flood: &str) -> support::Reply {
    let values = form.fields.iter().filter(|f| f.name != "_csrf");
    let pairs: Vec<(&str, &str)> =
        values.map(|f| (f.name.as_str(), if f.name == field { flood } else { f.value.as_str() })).collect();
    if form.method == "post" {
        return browser.post(&form.action, &pairs).await;
    }
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let path = form.action.split('?').next().unwrap_or_default();
    browser.send(Method::GET, &format!("{path}?{query}"), &[], None).await
}

#[actix_web::test]
async fn no_field_of_any_form_takes_more_than_its_limit() {
    let app = support::app().await;
    let world = access::world(&app).await;
    let (long, flood) = (FLOOD.repeat(TIMES), FLOOD.repeat(TIMES_IN_A_LINE));
    let broken = "Nguyễn\u{0}\u{1b}\u{feff}\u{202e}Minh".to_owned();
    let (mut tried, mut faults) = (0, Vec::new());
    let roles = ["khách", "học viên A", "giảng viên A", "cán bộ đào tạo A", "điều phối viên", "đối soát", "quản trị"];
    let mut collected = Vec::new();
    for label in roles {
        let person = world.roles.iter().find(|(known, _)| *known == label).expect("a role").1.clone();
        let mut browser = match &person {
            Some(person) => app.sign_in(person).await,
            None => app.visitor(),
        };
        let found = forms_of(&app, &world, &mut browser).await;
        collected.push((label, browser, found));
    }
    // They are reached by the people they are for, so what follows is not about refusals alone.
    for (who, action) in
        [("học viên A", "/tai-khoan/mat-khau"), ("cán bộ đào tạo A", "/nguoi/moi"), ("đối soát", "/ngon-ngu")]
    {
        let (_, _, found) = collected.iter().find(|(label, ..)| *label == who).expect("a role");
        assert!(found.iter().any(|form| form.action == action), "{who}: {action} is not among {found:#?}");
    }
    // Only now: a form that is taken may change what the pages offer.
    let mut sent = BTreeSet::new();
    for (label, mut browser, found) in collected {
        for form in found {
            let names: Vec<_> = form.fields.iter().map(|field| field.name.as_str()).collect();
            let kind = (form.action.clone(), names.join(" "));
            if sent.contains(&kind) {
                // The same form as another role had: what it takes is the same.
                continue;
            }
            let mut was_read = false;
            for field in form.fields.iter().filter(|field| field.name != "_csrf" && field.kind != "file") {
                let flood = if field.kind == "textarea" { &long } else { &flood };
                for text in [flood, &broken] {
                    let reply = send(&mut browser, &form, &field.name, text).await;
                    let what = format!("{label}: {} {} with too much in {}", form.method, form.action, field.name);
                    // One answer too long must not keep the other nineteen of a test from being saved: it is cut.
                    let is_answer = form.action.starts_with("/bai-lam/");
                    let owed = form.method == "post" && field.is_typed() && text == flood && !is_answer;
                    was_read |= ![403, 404, 409].contains(&reply.status);
                    if reply.status >= 500 || (owed && !(400..500).contains(&reply.status)) {
                        faults.push(format!("{what}: {}", reply.status));
                    }
                    tried += 1;
                }
            }
            // Who was turned away for another reason did not show what the form takes.
            if was_read {
                sent.insert(kind);
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(tried > 200, "only {tried} fields were found: the reader of forms is broken");
    // Nothing of the flood came to rest anywhere, whatever the answers said.
    let database = app.database.url.clone();
    let folder = app.database.folder.path().to_owned();
    let file = folder.join("all.nongcot");
    let settings = [("DATABASE__URL", database.as_str()), ("STORAGE__DIR", folder.to_str().expect("a path"))];
    run(&settings, &["backup", file.to_str().expect("a path")]).await.ended(0);
    let kept = String::from_utf8_lossy(&std::fs::read(&file).expect("the backup")).into_owned();
    assert!(kept.contains("Học viên A"), "the backup does not hold the records in the clear");
    assert!(!kept.contains(&FLOOD.repeat(HELD)), "a record took it");
    assert!(!kept.contains("\\u0000") && !kept.contains('\u{202e}'), "a record holds characters nobody can see");
}
