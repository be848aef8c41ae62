//! Issuing anew: on which ground, and what may then be corrected. After Thông tư 03/2023/TT-BNV: an error of the issuer is mended
//! on a new paper; a paper that was lost or damaged is issued again as it was.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{CertificateState, Decision, Paper};
use crate::platform::{
    error::{Error, FieldErrors, Result},
    text::{date, date_of, fold, tidy},
};

crate::text_enum!(
    /// Why a certificate is issued anew.
    Ground {
        /// The issuer wrote something wrongly; only then may what stands on the paper change.
        IssuerError = "issuer-error",
        Lost = "lost",
        Damaged = "damaged",
        /// The result was corrected after the issue and is still a pass. The first paper was revoked for it.
        ResultCorrected = "result-corrected",
    }
);

impl Ground {
    /// Whether it fits a certificate in that state. What was replaced has a successor: that one is issued anew.
    pub fn fits(self, state: CertificateState) -> bool {
        match state {
            CertificateState::Valid => self != Self::ResultCorrected,
            CertificateState::Revoked => matches!(self, Self::IssuerError | Self::ResultCorrected),
            CertificateState::Replaced => false,
        }
    }
}

crate::text_enum!(
    /// What may be corrected: how the holder's name is spelt, the position, the day of birth where it is printed. Course, dates
    /// and unit are facts of the completion; where those are wrong, the completion is.
    Corrected {
        Holder = "holder",
        Position = "position",
        Born = "born",
    }
);

/// One correction, as the event keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub field: Corrected,
    pub before: String,
    pub after: String,
}

/// What the issue of a new certificate says of the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    pub ground: Ground,
    /// The register number of the entry before.
    pub replaces: String,
    pub corrections: Vec<Correction>,
}

/// A re-issue as it was asked for: the three fields as they shall stand on the new paper.
#[derive(Debug, Clone)]
pub struct Reissue {
    pub ground: Ground,
    pub decision: Decision,
    pub holder: String,
    pub position: String,
    /// Only where the paper bears one.
    pub born: Option<NaiveDate>,
}

const LONGEST_NAME: usize = 120;
const LONGEST_POSITION: usize = 200;

impl Reissue {
    /// A re-issue that changes nothing on the paper.
    pub fn unchanged(ground: Ground, decision: Decision, paper: &Paper) -> Self {
        let born = paper.born.as_deref().and_then(|day| NaiveDate::parse_from_str(day, "%d/%m/%Y").ok());
        let position = paper.position.clone().unwrap_or_default();
        Self { ground, decision, holder: paper.holder.clone(), position, born }
    }

    /// The new paper, still without its number, and what differs from the old one. Name, unit, course, issuing body and signer
    /// stay as they were frozen: it is the same confirmation, written out again.
    pub fn paper(&self, old: &Paper, issued_at: DateTime<Utc>) -> Result<(Paper, Vec<Correction>)> {
        let mut faults = FieldErrors::default();
        let holder = tidy(&self.holder).to_uppercase();
        let position = tidy(&self.position);
        if holder.is_empty() || holder.chars().count() > LONGEST_NAME {
            faults.add("holder", "certificates-fault-holder");
        } else if !is_a_spelling_of(&holder, &old.holder) {
            faults.add("holder", "certificates-fault-other-person");
        }
        if position.chars().count() > LONGEST_POSITION {
            faults.add("position", "certificates-fault-position");
        }
        let born = old.born.as_ref().and(self.born).map(date);
        if old.born.is_some() && born.is_none() {
            faults.add("born", "certificates-fault-born");
        }
        let corrections: Vec<Correction> = [
            (Corrected::Holder, Some(&old.holder), Some(&holder)),
            (Corrected::Position, old.position.as_ref(), Some(&position)),
            (Corrected::Born, old.born.as_ref(), born.as_ref()),
        ]
        .into_iter()
        .map(|(field, before, after)| Correction {
            field,
            before: before.cloned().unwrap_or_default(),
            after: after.cloned().unwrap_or_default(),
        })
        .filter(|correction| correction.before != correction.after)
        .collect();
        match corrections.first() {
            Some(first) if faults.is_empty() && self.ground != Ground::IssuerError => {
                faults.add(first.field.as_str(), "certificates-fault-not-to-correct");
            }
            None if faults.is_empty() && self.ground == Ground::IssuerError => {
                faults.add("holder", "certificates-fault-nothing-corrected");
            }
            _ => {}
        }
        let paper = Paper {
            holder,
            position: Some(position).filter(|text| !text.is_empty()),
            born,
            reissue: Some(format!("Cấp lại cho số {}, cấp ngày {}", old.register_number, date_of(issued_at))),
            ..old.clone()
        };
        faults.or((paper, corrections))
    }

    /// Refuses a ground that does not fit the state of the old certificate.
    pub fn must_fit(&self, state: CertificateState) -> Result<()> {
        match (self.ground.fits(state), state) {
            (true, _) => Ok(()),
            (false, CertificateState::Replaced) => Err(Error::refused("certificates-refused-reissued-already")),
            (false, _) => Err(FieldErrors::one("ground", "certificates-fault-ground")),
        }
    }
}

/// A correction of spelling leaves at least one word of the name as it was, marks aside: a paper is not handed over to another.
fn is_a_spelling_of(new: &str, old: &str) -> bool {
    let (new, old) = (fold(new), fold(old));
    let words: Vec<&str> = old.split(' ').collect();
    new.split(' ').any(|word| words.contains(&word))
}
