//! What people type about certificates.

use chrono::NaiveDate;

use super::model::{Decision, Ground, Reissue};
use crate::platform::{
    error::{FieldErrors, Result},
    http::Input,
    text,
};

/// The decision by which a certificate is revoked.
pub fn revocation(input: &Input, today: NaiveDate) -> Result<Decision> {
    let mut faults = FieldErrors::default();
    let decision = decision(input, today, &mut faults);
    faults.or(decision)
}

/// What is to be issued anew, on which ground and decision.
pub fn reissue(input: &Input, today: NaiveDate) -> Result<Reissue> {
    let mut faults = FieldErrors::default();
    let ground = Ground::parse(&input.text("ground"));
    if ground.is_none() {
        faults.add("ground", "certificates-fault-ground-missing");
    }
    let decision = decision(input, today, &mut faults);
    faults.or(Reissue {
        ground: ground.unwrap_or(Ground::Lost),
        decision,
        holder: input.text("holder"),
        position: input.text("position"),
        born: text::read_day(&input.text("born")),
    })
}

fn decision(input: &Input, today: NaiveDate, faults: &mut FieldErrors) -> Decision {
    let decision_number = input.text("decision_number");
    if decision_number.is_empty() || decision_number.chars().count() > 100 {
        faults.add("decision_number", "certificates-fault-decision-number");
    }
    let decision_date = text::read_day(&input.text("decision_date"));
    if decision_date.is_none() {
        faults.add("decision_date", "certificates-fault-decision-date");
    } else if decision_date > Some(today) {
        faults.add("decision_date", "certificates-fault-decision-future");
    }
    let reason = input.text("reason");
    if reason.is_empty() || reason.chars().count() > 1000 {
        faults.add("reason", "certificates-fault-reason");
    }
    Decision { decision_number, decision_date: decision_date.unwrap_or(today), reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::error::Error;

    fn parsed(body: &str) -> Result<Decision> {
        revocation(&Input::parse(body.as_bytes()), "2026-11-21".parse().unwrap())
    }

    #[test]
    fn a_decision_has_a_number_a_day_and_a_reason() {
        let whole =
            parsed("decision_number=12/Q%C4%90-C%C4%90SQG&decision_date=20/11/2026&reason=Gian+l%E1%BA%ADn").unwrap();
        assert_eq!((whole.decision_number.as_str(), whole.reason.as_str()), ("12/QĐ-CĐSQG", "Gian lận"));
        assert_eq!(whole.decision_date.to_string(), "2026-11-20");
        let Err(Error::Invalid(faults)) = parsed("decision_number=&decision_date=x&reason=+") else { panic!() };
        assert_eq!(faults.0.iter().map(|f| f.0).collect::<Vec<_>>(), ["decision_number", "decision_date", "reason"]);
        let Err(Error::Invalid(faults)) = parsed("decision_number=1&decision_date=2026-11-22&reason=x") else {
            panic!()
        };
        assert_eq!(faults.0.len(), 1);
    }
}
