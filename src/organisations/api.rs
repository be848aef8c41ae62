//! Units for other programs. What a unit is called is public, so every token with this resource reads the whole country.

use actix_web::web;
use chrono::NaiveDate;

use super::{
    model::{Unit, UnitKind},
    queries,
};
use crate::{
    app::App,
    platform::{
        clock::local_day,
        error::{Error, Result},
        http::api::{AFTER, Answer, Caller, Kind, LIMIT, Listed, ON, Operation, Parameter},
    },
};

crate::described_enum!(UnitKind);

const KIND: Parameter = Parameter { name: "kind", kind: Kind::Word(KINDS), about: "Only units of this kind." };

/// The names of the kinds, as a list that can stand in a declaration; a test compares it.
const KINDS: &[&str] = &[
    "ministry",
    "ministerial_agency",
    "government_agency",
    "central_city",
    "province",
    "state_corporation",
    "department",
    "directorate",
    "centre",
    "commune",
];

const CODE: Parameter = Parameter { name: "code", kind: Kind::Code, about: "The code of the unit." };

/// `P` proves who asks; `accounts`, which knows tokens, stands above this slice.
pub fn operations<P: Caller>() -> Vec<Operation> {
    vec![
        Operation::get(
            "/organisations",
            "listOrganisations",
            "organisations",
            "Units valid on a day, by code.",
            &[ON, KIND, AFTER, LIMIT],
            list::<P>,
        ),
        Operation::get(
            "/organisations/{code}",
            "getOrganisation",
            "organisations",
            "One unit, with what went into it and what it went into.",
            &[CODE],
            show::<P>,
        ),
    ]
}

crate::record! {
    /// An organisational unit, with the days on which it is valid; a missing day is open.
    pub struct Organisation {
        code: String,
        name_vi: String,
        name_en: String,
        kind: UnitKind,
        valid_from: Option<NaiveDate>,
        /// Its last day, included.
        valid_to: Option<NaiveDate>,
        /// What it stands under on the day asked about.
        parent: Option<String>,
    }
}

crate::record! {
    /// A unit and its line of succession, by codes; the main successor stands first.
    pub struct OrganisationDetail {
        organisation: Organisation,
        predecessors: Vec<String>,
        successors: Vec<String>,
    }
}

impl Organisation {
    fn of(unit: Unit, parent: Option<String>) -> Self {
        Self {
            code: unit.code,
            name_vi: unit.name_vi,
            name_en: unit.name_en,
            kind: unit.kind,
            valid_from: unit.valid_from,
            valid_to: unit.valid_to,
            parent,
        }
    }
}

async fn list<P: Caller>(app: web::Data<App>, call: P) -> Result<Answer<Listed<Organisation>>> {
    let asked = call.asked();
    let on = asked.day("on").unwrap_or_else(|| local_day(app.now().0));
    let (kind, after, limit) = (asked.text("kind").and_then(UnitKind::parse), asked.after(), asked.limit());
    let rows = app.db.read(move |c| queries::stretch_on(c, on, kind, &after, limit + 1)).await?;
    let page = Listed::of(rows, limit, |(unit, _)| unit.code.clone());
    Ok(Answer(page.map(|(unit, parent)| Organisation::of(unit, parent))))
}

async fn show<P: Caller>(app: web::Data<App>, call: P) -> Result<Answer<OrganisationDetail>> {
    let code = call.asked().text("code").unwrap_or_default().to_owned();
    let today = local_day(app.now().0);
    app.db
        .read(move |c| {
            let unit = queries::by_code(c, &code)?.ok_or(Error::NotFound)?;
            let codes = |units: Vec<Unit>| units.into_iter().map(|unit| unit.code).collect::<Vec<_>>();
            let predecessors = queries::predecessors(c, unit.id)?.into_iter().map(|(_, unit)| unit).collect();
            let successors = queries::successors(c, unit.id)?;
            // Of a unit that is over: what it stood under at its end.
            let parent = queries::parent(c, unit.id, unit.span().nearest(today))?.map(|above| above.code);
            Ok(Answer(OrganisationDetail {
                organisation: Organisation::of(unit, parent),
                predecessors: codes(predecessors),
                successors: codes(successors),
            }))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_can_be_asked_for() {
        assert_eq!(UnitKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>(), KINDS);
    }
}
