//! Targets, their figures and their seals for other programs. A token sees the figures of its scope, as its maker would on the
//! pages; what is the nation's alone is for tokens of the whole country.

mod figures;
mod records;
mod seals;

use crate::platform::http::api::{AFTER, FROM, Kind, LIMIT, Operation, Parameter, TO};

const CODE: Parameter = Parameter { name: "code", kind: Kind::Code, about: "The code of the target." };

const STATE: Parameter = Parameter {
    name: "state",
    kind: Kind::Word(STATES),
    about: "Only targets in this state; those in force and closed ones unless said.",
};

/// The names of the states, as a list that can stand in a declaration; a test compares it.
const STATES: &[&str] = &["draft", "in-force", "closed", "superseded"];

const AS_OF: Parameter = Parameter {
    name: "as_of",
    kind: Kind::Day,
    about: "Carry every unit forward to the unit it is on this day; as recorded unless said.",
};

const BELOW: Parameter = Parameter {
    name: "below",
    kind: Kind::Code,
    about: "Units directly under this one; the topmost within the scope of the token unless said.",
};

const TARGET: Parameter =
    Parameter { name: "target", kind: Kind::Code, about: "Only seals of the target of this code." };

const AFTER_NUMBER: Parameter = Parameter {
    name: "after",
    kind: Kind::Number { least: 1, most: 1_000_000_000 },
    about: "Begin after the seal of this number: the value of `next` of the page before.",
};

const NUMBER: Parameter = Parameter {
    name: "number",
    kind: Kind::Number { least: 1, most: 1_000_000_000 },
    about: "The number of the seal.",
};

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "/targets",
            "listTargets",
            "targets",
            "Targets with the figures of their whole period, by code.",
            &[STATE, AFTER, LIMIT],
            figures::list,
        ),
        Operation::get(
            "/targets/{code}",
            "getTarget",
            "targets",
            "One target: figures of a part of its period by category, and the funnel.",
            &[CODE, FROM, TO],
            figures::show,
        ),
        Operation::get(
            "/targets/{code}/units",
            "listTargetUnits",
            "targets",
            "Figures of a target by unit, one level of the tree; each unit with all that lies under it.",
            &[CODE, FROM, TO, AS_OF, BELOW, AFTER, LIMIT],
            figures::units,
        ),
        Operation::get(
            "/targets/{code}/agencies",
            "getTargetAgencies",
            "targets",
            "The share of agencies that organised a class that counts. For targets that measure one, and tokens of the whole country.",
            &[CODE],
            figures::agencies,
        ),
        Operation::get(
            "/seals",
            "listSeals",
            "seals",
            "Signed seals of all targets, by number. For tokens of the whole country.",
            &[TARGET, AFTER_NUMBER, LIMIT],
            seals::list,
        ),
        Operation::get(
            "/seals/{number}",
            "getSeal",
            "seals",
            "A signed seal without the people behind it; its hash is that of the whole file.",
            &[NUMBER],
            seals::show,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use crate::targets::model::TargetState;

    #[test]
    fn every_state_can_be_asked_for() {
        assert_eq!(TargetState::ALL.iter().map(|state| state.as_str()).collect::<Vec<_>>(), super::STATES);
    }
}
