//! Seals: what was signed, without the commitments of people and without the names of those who signed. Whoever is to prove a
//! seal is given the file itself; its hash stands here.

use actix_web::web;
use chrono::NaiveDate;

use super::records::{CountedSplit, Period};
use crate::{
    accounts::guards::ApiCall,
    app::App,
    platform::{
        db::Moment,
        error::{Error, Result},
        http::api::{Answer, Listed},
    },
    targets::{
        model::{Metric, seal::Content},
        queries::{self, SignedSeal},
    },
};

crate::record! {
    /// A signed seal in the chain of all seals.
    pub struct SealRecord {
        number: i64,
        /// The code of its target.
        target: String,
        period: Period,
        /// Only what was recorded up to this moment is in the figures.
        known_at: Moment,
        signed_at: Moment,
        turns: i64,
        people: i64,
        /// SHA-256 of the sealed file.
        hash: String,
    }
}

impl From<SignedSeal> for SealRecord {
    fn from(seal: SignedSeal) -> Self {
        let row = seal.row;
        Self {
            number: seal.number,
            target: seal.target,
            period: Period::between(row.period_from, row.period_to),
            known_at: row.known_at,
            signed_at: row.decided_at.unwrap_or(row.prepared_at),
            turns: row.turns,
            people: row.people,
            hash: row.hash.unwrap_or_default(),
        }
    }
}

pub async fn list(app: web::Data<App>, call: ApiCall) -> Result<Answer<Listed<SealRecord>>> {
    call.require_nation()?;
    let (after, limit) = (call.asked.number("after").unwrap_or(0), call.asked.limit());
    let target = call.asked.text("target").map(str::to_owned);
    let rows = app.db.read(move |c| queries::signed_seals(c, target.as_deref(), after, limit + 1)).await?;
    let page = Listed::of(rows, limit, |seal| seal.number.to_string());
    Ok(Answer(page.map(SealRecord::from)))
}

crate::record! {
    /// The target as it was when it was sealed.
    pub struct SealedDefinition {
        code: String,
        title_vi: String,
        title_en: String,
        basis_vi: String,
        metric: Metric,
        required: i64,
        period: Period,
        courses: Vec<String>,
    }
}

crate::record! {
    /// What was sealed for a unit as recorded.
    pub struct SealedUnitFigures {
        code: String,
        name: String,
        figures: CountedSplit,
    }
}

crate::record! {
    /// The agencies of a share, by codes.
    pub struct SealedShare {
        on: NaiveDate,
        all: Vec<String>,
        organised: Vec<String>,
    }
}

crate::record! {
    /// A seal: the figures as they were signed. They never change.
    pub struct SealDetail {
        seal: SealRecord,
        definition: SealedDefinition,
        figures: CountedSplit,
        units: Vec<SealedUnitFigures>,
        /// Where the target is a share of agencies.
        agencies: Option<SealedShare>,
    }
}

pub async fn show(app: web::Data<App>, call: ApiCall) -> Result<Answer<SealDetail>> {
    call.require_nation()?;
    let number = call.asked.number("number").unwrap_or_default();
    let (seal, content) = app
        .db
        .read(move |c| {
            let seal = queries::signed_seal(c, number)?;
            let content = queries::seal_content(c, seal.row.id)?;
            Ok::<_, Error>((seal, content))
        })
        .await?;
    Ok(Answer(detail(seal, content)))
}

fn detail(seal: SignedSeal, content: Content) -> SealDetail {
    let target = content.target;
    SealDetail {
        seal: seal.into(),
        definition: SealedDefinition {
            code: target.code,
            title_vi: target.title_vi,
            title_en: target.title_en,
            basis_vi: target.basis_vi,
            metric: target.metric,
            required: target.required,
            period: target.period.into(),
            courses: target.courses,
        },
        figures: content.figures.into(),
        units: content
            .units
            .into_iter()
            .map(|unit| SealedUnitFigures { code: unit.code, name: unit.name, figures: unit.figures.into() })
            .collect(),
        agencies: content.agencies.map(|found| SealedShare {
            on: found.on,
            all: found.all,
            organised: found.organised,
        }),
    }
}
