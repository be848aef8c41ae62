//! The form by which a run is opened.

use super::model::{EnrolmentMode, tidy_code};
use crate::platform::{
    clock::{day_end, day_start},
    db::Moment,
    error::{FieldErrors, Result},
    http::Input,
    text,
};

/// A form that can be understood; whether its course and unit exist is still to be seen.
#[derive(Debug)]
pub struct RunForm {
    pub course: String,
    pub unit: String,
    pub code: String,
    pub title: String,
    pub opens_at: Moment,
    pub closes_at: Moment,
    pub capacity: Option<i64>,
    pub enrolment: EnrolmentMode,
    pub decision: Option<String>,
    /// How many sessions must be attended: `None` asks for none, 0 for all.
    pub sessions: Option<i64>,
}

/// The answer to how many sessions must be attended. A form without the question asks for none.
pub fn sessions_needed(input: &Input, errors: &mut FieldErrors) -> Option<i64> {
    let typed = input.text("sessions");
    let least = typed.parse::<i64>().ok().filter(|needed| (1..=200).contains(needed));
    let (needed, is_known) = match input.text("attendance").as_str() {
        "" | "none" => (None, true),
        "all" => (Some(0), true),
        "least" => (least, true),
        _ => (None, false),
    };
    if !is_known {
        errors.add("attendance", "learning-attendance-missing");
    } else if least.is_none() && (!typed.is_empty() || input.text("attendance") == "least") {
        errors.add("sessions", "learning-attendance-number");
    }
    needed
}

impl RunForm {
    pub fn read(input: &Input) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let mut needed = |field: &'static str, key: &'static str| {
            let text = input.text(field);
            if text.is_empty() {
                errors.add(field, key);
            }
            text
        };
        let course = needed("course", "learning-run-course-missing");
        let unit = needed("unit", "learning-run-unit-missing");
        let code = tidy_code(&needed("code", "learning-run-code-missing"));
        let opens = text::read_day(&needed("opens", "learning-run-opens-form"));
        let closes = text::read_day(&needed("closes", "learning-run-closes-form"));
        for (field, key, day) in
            [("opens", "learning-run-opens-form", opens), ("closes", "learning-run-closes-form", closes)]
        {
            if day.is_none() && !input.text(field).is_empty() {
                errors.add(field, key);
            }
        }
        let seats = input.text("capacity").replace(['.', ' '], "");
        let capacity = if seats.is_empty() { None } else { seats.parse::<i64>().ok().filter(|seats| *seats > 0) };
        if !seats.is_empty() && capacity.is_none() {
            errors.add("capacity", "learning-run-capacity-form");
        }
        let enrolment = EnrolmentMode::parse(&input.text("enrolment"));
        if enrolment.is_none() {
            errors.add("enrolment", "learning-run-mode-missing");
        }
        let sessions = sessions_needed(input, &mut errors);
        let (Some(opens), Some(closes), Some(enrolment), true) = (opens, closes, enrolment, errors.is_empty()) else {
            return Err(crate::platform::Error::Invalid(errors));
        };
        let decision = Some(input.text("decision")).filter(|text| !text.is_empty());
        Ok(Self {
            course,
            unit,
            code,
            title: input.text("title"),
            opens_at: day_start(opens).into(),
            closes_at: day_end(closes).into(),
            capacity,
            enrolment,
            decision,
            sessions,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Error;

    fn read(body: &str) -> std::result::Result<RunForm, Vec<&'static str>> {
        RunForm::read(&Input::parse(body.as_bytes())).map_err(|e| match e {
            Error::Invalid(errors) => errors.0.into_iter().map(|(field, _)| field).collect(),
            other => panic!("{other}"),
        })
    }

    #[test]
    fn both_ways_of_writing_a_day() {
        let form = "course=KT-01&unit=X&code=kt-01+a&opens=2025-06-10&closes=20/06/2025&capacity=1.000&enrolment=open";
        let form = read(form).unwrap();
        assert_eq!(form.code, "KT-01-A");
        assert_eq!(form.capacity, Some(1000));
        assert_eq!(form.opens_at.0.to_rfc3339(), "2025-06-09T17:00:00+00:00");
        assert_eq!(form.closes_at.0.to_rfc3339(), "2025-06-20T17:00:00+00:00");
    }

    #[test]
    fn every_fault_is_named() {
        let faults = read("opens=10.6&capacity=-1&enrolment=all").unwrap_err();
        for field in ["course", "unit", "code", "opens", "closes", "capacity", "enrolment"] {
            assert_eq!(faults.iter().filter(|fault| **fault == field).count(), 1, "{field}: {faults:?}");
        }
    }
}
