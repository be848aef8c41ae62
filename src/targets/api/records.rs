//! The shapes of answers that several operations share.

use chrono::NaiveDate;

use crate::targets::{
    model::{Days, Figures, Metric, Split, Target, TargetState},
    queries,
};

crate::described_enum!(Metric, TargetState);

crate::record! {
    /// Turns (lượt: a person times a completed class run) and people (each counted once for the target). Neither is ever
    /// converted into the other.
    pub struct Counted {
        turns: i64,
        people: i64,
    }
}

impl From<Figures> for Counted {
    fn from(figures: Figures) -> Self {
        Self { turns: figures.turns, people: figures.people }
    }
}

crate::record! {
    /// Figures in all and by the three reporting groups, which add up to the total.
    pub struct CountedSplit {
        total: Counted,
        leaders: Counted,
        technology: Counted,
        other: Counted,
    }
}

impl From<Split> for CountedSplit {
    fn from(split: Split) -> Self {
        Self {
            total: split.total.into(),
            leaders: split.leaders.into(),
            technology: split.technology.into(),
            other: split.other.into(),
        }
    }
}

crate::record! {
    /// Whole days in Viet Nam, both included.
    pub struct Period {
        from: NaiveDate,
        to: NaiveDate,
    }
}

impl Period {
    pub fn between(from: NaiveDate, to: NaiveDate) -> Self {
        Self { from, to }
    }
}

impl From<Days> for Period {
    fn from(days: Days) -> Self {
        Self { from: days.from, to: days.to }
    }
}

crate::record! {
    /// The required number by reporting group.
    pub struct RequiredParts {
        leaders: i64,
        technology: i64,
        other: i64,
    }
}

crate::record! {
    /// The document a target rests on.
    pub struct Basis {
        number: String,
        date: Option<NaiveDate>,
        issuer: String,
        clause: String,
        link: String,
        words_vi: String,
        words_en: String,
    }
}

crate::record! {
    /// A target as it is in force.
    pub struct TargetRecord {
        code: String,
        title_vi: String,
        title_en: String,
        state: TargetState,
        /// What the required number is a number of: people, turns, or percent of the agencies.
        metric: Metric,
        required: i64,
        required_by_group: Option<RequiredParts>,
        period: Period,
        /// The codes of the courses that count.
        courses: Vec<String>,
        basis: Basis,
        /// Made up for illustration; not a real target.
        is_illustration: bool,
        /// What counts for it has just changed and its figures are on the way there: ask again in a few minutes.
        is_being_counted: bool,
    }
}

impl TargetRecord {
    pub fn of(target: Target, courses: Vec<String>) -> Self {
        let parts = target.parts();
        Self {
            is_being_counted: target.is_being_counted(),
            period: target.period().into(),
            required_by_group: parts.map(|parts| RequiredParts {
                leaders: parts.leaders,
                technology: parts.technology,
                other: parts.other,
            }),
            code: target.code,
            title_vi: target.title_vi,
            title_en: target.title_en,
            state: target.state,
            metric: target.metric,
            required: target.required,
            courses,
            basis: Basis {
                number: target.doc_number,
                date: target.doc_date,
                issuer: target.doc_issuer,
                clause: target.doc_clause,
                link: target.doc_link,
                words_vi: target.basis_vi,
                words_en: target.basis_en,
            },
            is_illustration: target.is_illustration,
        }
    }
}

crate::record! {
    /// How far people on their way to a target are. In turns, `enrolled` is `studying`, `left_open` and what was completed in a
    /// class; people may stand in several steps.
    pub struct FunnelRecord {
        enrolled: Counted,
        studying: Counted,
        /// The class is over and was not completed.
        left_open: Counted,
        /// Completed, and waits for a decision or was voided.
        not_counted: Counted,
        counted: Counted,
        /// Of the counted: in confirmed classes outside the system.
        outside: Counted,
        /// Counted and holding a valid certificate.
        certified: Counted,
    }
}

impl From<queries::Funnel> for FunnelRecord {
    fn from(funnel: queries::Funnel) -> Self {
        Self {
            enrolled: funnel.enrolled.into(),
            studying: funnel.studying.into(),
            left_open: funnel.left_open.into(),
            not_counted: funnel.not_counted.into(),
            counted: funnel.counted.into(),
            outside: funnel.outside.into(),
            certified: funnel.certified.into(),
        }
    }
}
