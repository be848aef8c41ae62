//! What the demonstration is filled with, by the same actions the pages use. Everybody in it is plainly made up.

use std::collections::BTreeMap;

use crate::{
    access::{Actor, Role},
    accounts::{
        actions, links,
        model::{NewPerson, Purpose},
    },
    app::App,
    platform::error::{Error, Result},
};

/// Fills the database and returns a sign-in link for each role.
pub async fn fill(app: &App) -> Result<BTreeMap<&'static str, String>> {
    let now = app.now();
    let tokens = app
        .db
        .write("demo.people", move |c| {
            let by = Actor::system();
            let mut tokens = Vec::new();
            for (key, name, role) in [
                ("learner", "Học viên Minh họa Một", None),
                ("auditor", "Người kiểm tra Minh họa", Some(Role::Auditor)),
                ("administrator", "Quản trị Minh họa", Some(Role::Administrator)),
                ("coordinator", "Điều phối viên Minh họa", Some(Role::Coordinator)),
            ] {
                let mut new = NewPerson::named(name);
                new.user_name = Some(format!("demo-{key}"));
                let person = actions::create_person(c, &by, now, &new)?;
                if let Some(role) = role {
                    actions::grant_role(c, &by, now, person.id, role, None)?;
                }
                tokens.push((key, links::make(c, &by, now, person.id, Purpose::SignIn)?));
            }
            Ok::<_, Error>(tokens)
        })
        .await?;
    Ok(tokens.into_iter().map(|(key, token)| (key, app.config.http.link(&format!("/mo/{token}")))).collect())
}
