//! Certificates, their numbers and codes: pure rules. [`reissue`] says what issuing one anew may change.

pub mod reissue;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

pub use self::reissue::{Corrected, Correction, Details, Ground, Reissue};
use super::paper::Paper;
use crate::{
    access::{PersonId, UnitId},
    platform::{
        clock::local_day,
        config::Config,
        db::{
            Moment,
            schema::{certificate_events, certificates},
        },
        error::{Error, Result},
        text,
    },
};

crate::id_type!(
    /// A certificate.
    CertificateId
);

crate::text_enum!(
    /// What a certificate is good for now; derived from its events.
    CertificateState {
        Valid = "valid",
        Revoked = "revoked",
        /// Issued anew under another number.
        Replaced = "replaced",
    }
);

crate::text_enum!(
    /// What happens to a certificate.
    EventKind {
        Issued = "issued",
        Revoked = "revoked",
        Replaced = "replaced",
    }
);

impl EventKind {
    pub fn leads_to(self) -> CertificateState {
        match self {
            Self::Issued => CertificateState::Valid,
            Self::Revoked => CertificateState::Revoked,
            Self::Replaced => CertificateState::Replaced,
        }
    }
}

crate::text_enum!(
    /// The kinds of paper, each with registers of its own. A chứng chỉ in the sense of the law is another kind, for bodies that may
    /// issue one.
    PaperKind {
        /// Giấy chứng nhận: the organiser confirms that a course was completed.
        Confirmation = "gcn",
    }
);

impl PaperKind {
    /// How the register number names the kind.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Confirmation => "GCN",
        }
    }

    /// The title on the paper.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Confirmation => "GIẤY CHỨNG NHẬN",
        }
    }
}

/// The body that issues, by the code of its unit today. On another day the unit that it was then issues: before
/// 26/07/2022 Cục Tin học hóa.
pub const ISSUER: &str = "CDSQG";

/// How the register number names a body; others by their code.
pub fn issuer_symbol(unit_code: &str) -> &str {
    match unit_code {
        "CDSQG" => "CĐSQG",
        "CTHH" => "THH",
        other => other,
    }
}

/// "000123/2026/GCN-CĐSQG"
pub fn register_number(number: i64, year: i32, symbol: &str) -> String {
    format!("{number:06}/{year}/{symbol}")
}

/// A certificate as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = certificates)]
pub struct Certificate {
    pub id: CertificateId,
    pub code: String,
    pub completion_id: i64,
    pub person_id: PersonId,
    pub register_id: i64,
    pub number: i64,
    pub register_number: String,
    #[diesel(column_name = paper)]
    pub paper_json: String,
    pub state: CertificateState,
    pub issued_at: Moment,
    pub replaces_id: Option<CertificateId>,
    pub file_id: Option<i64>,
}

impl Certificate {
    /// What stands on it.
    pub fn paper(&self) -> Result<Paper> {
        serde_json::from_str(&self.paper_json)
            .map_err(|e| Error::internal(format!("the paper of certificate {}: {e}", self.id)))
    }
}

/// A certificate and the unit its holder belonged to at the time of the course.
#[derive(Debug, Clone)]
pub struct Entry {
    pub certificate: Certificate,
    pub unit: UnitId,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = certificate_events)]
pub struct CertificateEvent {
    pub kind: EventKind,
    pub at: Moment,
    pub actor_id: Option<PersonId>,
    pub decision_number: Option<String>,
    pub decision_date: Option<NaiveDate>,
    pub reason: Option<String>,
    #[diesel(column_name = details)]
    details_json: Option<String>,
}

impl CertificateEvent {
    /// What a re-issue says beyond its decision.
    pub fn details(&self) -> Result<Option<Details>> {
        Ok(self.details_json.as_deref().map(serde_json::from_str).transpose()?)
    }
}

/// The other entries that a certificate's own leads to, and what took it out of force: the note of the register.
#[derive(Debug, Clone, Default)]
pub struct Links {
    /// It was issued in place of this one.
    pub replaces: Option<Other>,
    /// This one was issued in its place.
    pub replaced_by: Option<Other>,
    /// Number and date of the decision that revoked it.
    pub revoked_by: Option<(String, Option<NaiveDate>)>,
}

/// Another entry of the register.
#[derive(Debug, Clone)]
pub struct Other {
    pub code: String,
    pub register_number: String,
}

/// A decision about a certificate, as it was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub decision_number: String,
    pub decision_date: NaiveDate,
    pub reason: String,
}

/// Where certificates can be looked up.
#[derive(Debug, Clone)]
pub struct Lookup {
    /// `https://…/tra-cuu`
    pub page: String,
}

impl Lookup {
    /// Where certificates of this program are looked up.
    pub fn of(config: &Config) -> Self {
        Self { page: config.http.link("/tra-cuu") }
    }

    pub fn url(&self, code: &str) -> String {
        format!("{}/{code}", self.page)
    }
}

/// Who signs from a day on. The title is set in lines: "KT. CỤC TRƯỞNG", "PHÓ CỤC TRƯỞNG".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    pub from: NaiveDate,
    pub lines: Vec<String>,
    pub name: String,
}

impl Signer {
    /// Who signs on a day, from a list in any order.
    pub fn on(signers: &[Self], day: NaiveDate) -> Option<&Self> {
        signers.iter().filter(|s| s.from <= day).max_by_key(|s| s.from)
    }
}

/// Everything on a paper except what is given with the number.
#[derive(Debug, Clone)]
pub struct Draft {
    pub completion: i64,
    pub person: PersonId,
    pub unit: UnitId,
    pub issuer: UnitId,
    pub kind: PaperKind,
    /// "GCN-CĐSQG"
    pub symbol: String,
    pub paper: Paper,
}

impl Draft {
    /// The paper with its number, code and date.
    pub fn numbered(&self, number: i64, code: &str, serial: &str, lookup: &Lookup, at: DateTime<Utc>) -> Paper {
        use chrono::Datelike;
        let day = local_day(at);
        Paper {
            register_number: register_number(number, day.year(), &self.symbol),
            serial_number: serial.to_owned(),
            lookup_code: grouped(code),
            lookup_page: lookup.page.clone(),
            lookup_url: lookup.url(code),
            place_and_date: format!("Hà Nội, {}", text::document_date(day)),
            issued_at: at,
            ..self.paper.clone()
        }
    }
}

/// Digits and letters without those that are mistaken for each other (i, l, o, u).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 26 characters of 5 bits.
const CODE_LENGTH: usize = 26;

/// A lookup code of 130 random bits, good to type from paper.
pub fn random_code() -> Result<String> {
    random_letters(CODE_LENGTH)
}

/// Số hiệu: names the sheet, as the printed number of a blank form would. Not secret, not part of the lookup code.
pub fn random_serial() -> Result<String> {
    Ok(format!("NC-{}", random_letters(10)?.to_uppercase()))
}

fn random_letters(length: usize) -> Result<String> {
    let mut bytes = vec![0_u8; length];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(bytes.iter().filter_map(|b| ALPHABET.get(usize::from(b % 32))).map(|b| char::from(*b)).collect())
}

/// What was typed as a code is kept as: capitals, groups and mistaken letters do not matter. `None` when it cannot be a code.
pub fn typed_code(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '.'))
        .map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect();
    let sound = code.len() == CODE_LENGTH && code.bytes().all(|b| ALPHABET.contains(&b));
    sound.then_some(code)
}

/// The code as it is printed: capitals in groups.
pub fn grouped(code: &str) -> String {
    let capitals: Vec<char> = code.to_uppercase().chars().collect();
    capitals.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// "45 phút", "2 giờ", "2 giờ 15 phút"
pub fn duration(minutes: i32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} phút"),
        (hours, 0) => format!("{hours} giờ"),
        (hours, minutes) => format!("{hours} giờ {minutes} phút"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_the_register() {
        assert_eq!(register_number(123, 2026, "GCN-CĐSQG"), "000123/2026/GCN-CĐSQG");
        assert_eq!(register_number(1_234_567, 2026, "GCN-THH"), "1234567/2026/GCN-THH");
    }

    #[test]
    fn codes_are_random_and_survive_typing() {
        let code = random_code().unwrap();
        assert_ne!(code, random_code().unwrap());
        assert_eq!(typed_code(&code), Some(code.clone()));
        assert_eq!(typed_code(&grouped(&code)), Some(code.clone()));
        assert_eq!(
            typed_code(&format!(" {} ", grouped(&code).replace('0', "O").replace('1', "l"))),
            Some(code.clone())
        );
        for wrong in
            ["", "abc", &code[1..], &format!("{code}0"), &code.replace(&code[..1], "ư"), "' OR 1=1 --aaaaaaaaaaaaaaaa"]
        {
            assert_eq!(typed_code(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_signer_of_the_day_signs() {
        let signer =
            |from: &str, name: &str| Signer { from: from.parse().unwrap(), lines: vec![], name: name.to_owned() };
        let list = [signer("2026-03-01", "Sau"), signer("2025-01-01", "Trước")];
        let on = |day: &str| Signer::on(&list, day.parse().unwrap()).map(|s| s.name.as_str());
        assert_eq!([on("2024-12-31"), on("2026-02-28"), on("2026-03-01")], [None, Some("Trước"), Some("Sau")]);
    }

    #[test]
    fn durations_are_spoken() {
        assert_eq!([duration(45), duration(120), duration(135)], ["45 phút", "2 giờ", "2 giờ 15 phút"]);
    }
}
