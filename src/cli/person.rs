//! `person`: the first administrator, and the way back in when everybody is locked out.

use anyhow::{Context, bail};
use clap::Subcommand;

use super::Outcome;
use crate::{
    access::{Actor, Role},
    accounts::{actions, model::NewPerson, queries},
    app::App,
    platform::{clock::Clock, config::Config, error::Error, text},
};

#[derive(Debug, Subcommand)]
pub enum Person {
    /// Create a person; with --administrator the first one of a new system
    ///
    /// nongcot person create --name "…" --email …@… --administrator, then nongcot person login-link …@…
    Create {
        /// Full name, family name first
        #[arg(long)]
        name: String,
        /// To sign in with, and where letters go
        #[arg(long)]
        email: Option<String>,
        /// To sign in with
        #[arg(long)]
        phone: Option<String>,
        /// To sign in with; at least one of the three is needed
        #[arg(long)]
        user_name: Option<String>,
        /// Grant the role of system administrator
        #[arg(long)]
        administrator: bool,
    },
    /// Print a one-time sign-in link: in a demonstration, for the first administrator, or as a recovery with a reason
    LoginLink {
        /// E-mail address, phone number or user name
        identifier: String,
        /// Why the link is needed; kept in the audit. Required once the system has an administrator
        #[arg(long)]
        recovery: Option<String>,
    },
}

pub async fn run(config: Config, command: Person) -> Outcome {
    let app = App::build(config, Clock::system()).await.context("the program cannot start")?;
    match command {
        Person::Create { name, email, phone, user_name, administrator } => {
            let mut new = NewPerson::named(&name);
            new.email = checked(email, text::email, "e-mail address")?;
            new.phone = checked(phone, text::phone, "phone number")?;
            new.user_name = checked(user_name, text::user_name, "user name")?;
            if new.email.is_none() && new.phone.is_none() && new.user_name.is_none() {
                return Err(anyhow::anyhow!(
                    "a person needs an e-mail address, a phone number or a user name to sign in with"
                )
                .into());
            }
            let now = app.now();
            let created = app
                .db
                .write("cli.person", move |c| {
                    let person = actions::create_person(c, &Actor::system(), now, &new)?;
                    if administrator {
                        actions::grant_role(c, &Actor::system(), now, person.id, Role::Administrator, None)?;
                    }
                    Ok::<_, Error>(person)
                })
                .await
                .map_err(|e| anyhow::anyhow!(said(&app, &e)))?;
            println!("created {}", created.full_name());
        }
        Person::LoginLink { identifier, recovery } => println!("{}", link(&app, identifier, recovery).await?),
    }
    Ok(())
}

fn checked(given: Option<String>, check: fn(&str) -> Option<String>, what: &str) -> anyhow::Result<Option<String>> {
    given.map(|text| check(&text).with_context(|| format!("{text:?} is not a {what}"))).transpose()
}

async fn link(app: &App, identifier: String, recovery: Option<String>) -> anyhow::Result<String> {
    let (now, demo) = (app.now(), app.demo);
    let token = app
        .db
        .write("cli.login-link", move |c| {
            let (person, _) = queries::by_identifier(c, &identifier)?.ok_or(Error::NotFound)?;
            let only_one =
                queries::authority(c, person.id)?.has_role(Role::Administrator) && queries::never_signed_in(c)?;
            match (demo || only_one, recovery) {
                (true, reason) => actions::command_line_link(c, now, &identifier, reason.as_deref()).map(Some),
                (false, Some(reason)) => actions::command_line_link(c, now, &identifier, Some(&reason)).map(Some),
                (false, None) => Ok(None),
            }
        })
        .await
        .map_err(|e: Error| anyhow::anyhow!(said(app, &e)))?;
    match token {
        Some(token) => Ok(app.config.http.link(&format!("/mo/{token}"))),
        None => bail!(
            "people have signed in to this system already, so a link is a recovery: say why with --recovery \"…\"; it is kept in the audit"
        ),
    }
}

/// An error as a sentence for a terminal.
fn said(app: &App, error: &Error) -> String {
    let text = |message| app.templates.catalogue().text(crate::platform::i18n::Locale::En, message);
    match error {
        Error::Refused(message) => text(message),
        Error::Invalid(faults) => faults.0.iter().map(|(_, message)| text(message)).collect::<Vec<_>>().join("; "),
        Error::NotFound => "there is no such person".to_owned(),
        other => other.to_string(),
    }
}
