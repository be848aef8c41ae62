//! What slices below set off in slices above them, handed down as functions.

use crate::{
    access::PersonId,
    accounts::model::import::{ImportPurpose, Uses},
    certificates,
    courses::{self, package::CertificateKind},
    events, learning,
    learning::model::{Beside, ChangeKind, Completion, CompletionChange, Observers},
    notifications,
    platform::{
        db::{DbConn, Moment},
        error::Result,
        i18n::Message,
    },
    programmes, targets,
};

/// What happens above the slice `learning` in the transaction of a completion, in this order: figures first, since they must
/// never lag behind the records; then how far people are in their programmes; then what is asked for.
pub const OBSERVERS: Observers = Observers { completed: on_completion, changed: on_change };

/// What the pages of `learning` show of the slices above it.
pub const BESIDE: Beside = Beside { sessions: events::queries::coming_of_run };

/// The same figures and stages, and nothing else: nobody is told, no paper asked for. For filling a demonstration with years that are over, where
/// whoever fills it enters the certificates at their own moments.
pub const QUIET: Observers = Observers {
    completed: |c, now, completion| count(c, completion).and_then(|()| go_on(c, now, completion)),
    changed: |c, now, change| count(c, &change.completion).and_then(|()| go_on(c, now, &change.completion)),
};

/// What every completion and every change of one sets off, whoever hears of it.
fn count(c: &mut DbConn, completion: &Completion) -> Result<()> {
    targets::actions::count_completion(c, completion.id.0)
}

/// Whoever is in a programme that asks for the course is as far as their completions say.
fn go_on(c: &mut DbConn, now: Moment, completion: &Completion) -> Result<()> {
    programmes::actions::members::follow_completion(c, now, completion.person, completion.course)
}

fn on_completion(c: &mut DbConn, now: Moment, completion: &Completion) -> Result<()> {
    count(c, completion)?;
    go_on(c, now, completion)?;
    let course = courses::queries::version(c, completion.version)?.title_vi;
    if completion.is_flagged {
        let told = Message::new("notifications-flagged").with("course", course);
        notifications::actions::notify(c, now, completion.person, &told, Some("/hoc"), false)?;
        return Ok(());
    }
    let (key, href) = match courses::queries::certificate_kind(c, completion.version)? {
        CertificateKind::Completion => {
            certificates::actions::request_issue(c, now, completion.id.0)?;
            ("notifications-completed", "/chung-nhan")
        }
        CertificateKind::Regulated | CertificateKind::None => ("notifications-completed-only", "/hoc"),
    };
    let told = Message::new(key).with("course", course);
    notifications::actions::notify(c, now, completion.person, &told, Some(href), true)?;
    Ok(())
}

fn on_change(c: &mut DbConn, now: Moment, change: &CompletionChange) -> Result<()> {
    let completion = &change.completion;
    count(c, completion)?;
    go_on(c, now, completion)?;
    let key = match change.kind {
        ChangeKind::Accepted => {
            certificates::actions::request_issue(c, now, completion.id.0)?;
            "notifications-accepted"
        }
        // A certificate that was issued is not touched here: revoking it is a decision with a number. Those who may take it
        // are told, and it waits in their list.
        ChangeKind::Voided => {
            certificates::actions::ask_revocation(c, now, completion.id.0)?;
            "notifications-voided"
        }
    };
    let course = courses::queries::version(c, completion.version)?.title_vi;
    let told = Message::new(key).with("course", course);
    notifications::actions::notify(c, now, completion.person, &told, Some("/hoc"), true)?;
    Ok(())
}

/// What the people of a list are wanted for, and what holds on to an account that a list made.
pub const USES: Uses = Uses {
    scope: programmes::actions::imports::scope,
    check: |c, now, import, wanted, person| match import.purpose {
        ImportPurpose::People => Ok(Vec::new()),
        ImportPurpose::Nominate => programmes::actions::imports::check(c, now, import, wanted, person),
    },
    take: |c, by, now, import, person| match import.purpose {
        ImportPurpose::People => Ok(None),
        ImportPurpose::Nominate => programmes::actions::imports::take(c, by, now, import, person),
    },
    give_back: |c, by, now, import, person| match import.purpose {
        ImportPurpose::People => Ok(()),
        ImportPurpose::Nominate => programmes::actions::imports::give_back(c, by, now, import, person),
    },
    in_use,
};

fn in_use(c: &mut DbConn, person: PersonId) -> Result<Option<&'static str>> {
    if learning::queries::is_in_a_run(c, person)? {
        return Ok(Some("import-kept-learns"));
    }
    if programmes::queries::was_nominated(c, person)? {
        return Ok(Some("import-kept-nominated"));
    }
    Ok(targets::queries::was_in_a_class(c, person)?.then_some("import-kept-outside"))
}
