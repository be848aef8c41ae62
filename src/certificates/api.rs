//! The register in numbers, and whether a certificate is in force; the holder's name never.

use std::collections::BTreeMap;

use actix_web::web;
use chrono::NaiveDate;

use super::{
    model::{CertificateState, EventKind, typed_code},
    queries,
};
use crate::{
    access::Reach,
    accounts::guards::ApiCall,
    app::App,
    organisations::queries::subtree_ids,
    platform::{
        clock::local_day,
        error::{Error, Result},
        http::api::{Answer, Kind, Operation, Parameter},
        text,
    },
};

crate::described_enum!(CertificateState);

const CODE: Parameter = Parameter {
    name: "code",
    kind: Kind::Code,
    about: "The code printed on the certificate, with or without hyphens.",
};

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "/certificates",
            "countCertificates",
            "certificates",
            "How many certificates were issued to people of the scope of the token, by year of the register.",
            &[],
            count,
        ),
        Operation::get(
            "/certificates/{code}",
            "verifyCertificate",
            "certificates",
            "Whether the certificate of a code is in force. Whose it is stands on its paper and is not told here.",
            &[CODE],
            verify,
        ),
    ]
}

crate::record! {
    /// The certificates of a year's registers.
    pub struct CertificateYear {
        year: i32,
        issued: i64,
        /// Of these: good today.
        valid: i64,
        revoked: i64,
        /// Issued anew under another number.
        replaced: i64,
    }
}

crate::record! {
    /// The register in numbers, the latest year first.
    pub struct CertificateCounts {
        years: Vec<CertificateYear>,
    }
}

crate::record! {
    /// What anybody may know of a certificate, without its holder.
    pub struct CertificateRecord {
        code: String,
        state: CertificateState,
        course: String,
        /// First and last day of the course.
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
        issuer: String,
        issued_on: NaiveDate,
        /// By which decision it was revoked.
        decision_number: Option<String>,
        decision_date: Option<NaiveDate>,
    }
}

async fn count(app: web::Data<App>, call: ApiCall) -> Result<Answer<CertificateCounts>> {
    let (reach, today) = (call.reach, local_day(app.now().0));
    let rows = app
        .db
        .read(move |c| {
            let units = match &reach {
                Reach::Under(roots) => Some(subtree_ids(c, roots, today)?),
                Reach::Everywhere => None,
                Reach::Nowhere => return Err(Error::Forbidden),
            };
            queries::by_year(c, units.as_deref())
        })
        .await?;
    let mut years: BTreeMap<i32, CertificateYear> = BTreeMap::new();
    for (year, state, count) in rows {
        let row = years.entry(year).or_insert(CertificateYear { year, issued: 0, valid: 0, revoked: 0, replaced: 0 });
        row.issued += count;
        match state {
            CertificateState::Valid => row.valid += count,
            CertificateState::Revoked => row.revoked += count,
            CertificateState::Replaced => row.replaced += count,
        }
    }
    Ok(Answer(CertificateCounts { years: years.into_values().rev().collect() }))
}

async fn verify(app: web::Data<App>, call: ApiCall) -> Result<Answer<CertificateRecord>> {
    let code = call.asked.text("code").and_then(typed_code).ok_or(Error::NotFound)?;
    let (entry, events) = app
        .db
        .read(move |c| {
            let entry = queries::by_code(c, &code)?.ok_or(Error::NotFound)?;
            let events = queries::events(c, entry.certificate.id)?;
            Ok::<_, Error>((entry, events))
        })
        .await?;
    let paper = entry.certificate.paper()?;
    let decision = events.into_iter().rev().find(|event| event.kind == EventKind::Revoked);
    Ok(Answer(CertificateRecord {
        state: entry.certificate.state,
        issued_on: local_day(entry.certificate.issued_at.0),
        code: entry.certificate.code,
        course: paper.course,
        from: text::read_day(&paper.from),
        to: text::read_day(&paper.to),
        issuer: paper.issuing_body,
        decision_number: decision.as_ref().and_then(|event| event.decision_number.clone()),
        decision_date: decision.and_then(|event| event.decision_date),
    }))
}
