//! What the pages of quotas share: a unit's card, a row of a level, the choice of units, the form that hands seats out.

use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    access::UnitId,
    organisations::{
        self,
        model::{Unit, UnitKind},
    },
    platform::{
        db::DbConn,
        error::{Error, FieldErrors, Result},
        http::{Choice, FormView, Page},
        i18n::{Locale, Message},
    },
    targets::{
        forms::AllocationForm,
        model::quota::{Allocation, Answer, Quota, QuotaId, QuotaRound, RoundId},
        queries::quotas::{Cascade, Line, Sums, can_be_given},
    },
};

/// Units on one page.
pub const A_PAGE: i64 = 50;

pub fn title(locale: Locale, round: &QuotaRound) -> String {
    if locale == Locale::Vi { round.title_vi.clone() } else { round.title_en.clone() }
}

/// Until when, and how many days that is away; below zero it is over.
#[derive(Serialize)]
pub struct DeadlineView {
    pub day: NaiveDate,
    pub left: String,
    pub kind: &'static str,
}

impl DeadlineView {
    pub fn of(page: &Page, day: Option<NaiveDate>, today: NaiveDate) -> Option<Self> {
        let day = day?;
        let left = (day - today).num_days();
        let (key, kind) = match left {
            ..0 => ("quotas-days-over", "bad"),
            0 => ("quotas-days-today", "warn"),
            1..=7 => ("quotas-days-left", "warn"),
            _ => ("quotas-days-left", "plain"),
        };
        Some(Self { day, left: page.text(Message::new(key).with("count", left.abs())), kind })
    }
}

pub fn answer_word(page: &Page, answer: Answer) -> (String, &'static str) {
    let kind = match answer {
        Answer::Waiting => "plain",
        Answer::Accepted => "good",
        Answer::Asked => "warn",
    };
    (page.text(Message::new(format!("quotas-answer-{answer}"))), kind)
}

/// What a unit has, at a glance.
#[derive(Serialize)]
pub struct CardView {
    pub href: String,
    pub round: String,
    pub unit: String,
    pub unit_code: String,
    pub amount: i64,
    /// Seats somebody has, in the unit and below it.
    pub taken: i64,
    pub passed_on: i64,
    pub left: i64,
    pub answer: String,
    pub answer_kind: &'static str,
    pub is_waiting: bool,
    pub is_closed: bool,
    pub deadline: Option<DeadlineView>,
}

impl CardView {
    pub fn of(page: &Page, round: &QuotaRound, quota: &Quota, unit: &Unit, sums: Sums, today: NaiveDate) -> Self {
        let (answer, answer_kind) = answer_word(page, quota.answer);
        Self {
            href: format!("/phan-bo/{}/{}", round.code, unit.code),
            round: title(page.locale(), round),
            unit: unit.name(page.locale()).to_owned(),
            unit_code: unit.code.clone(),
            amount: quota.amount,
            taken: sums.taken,
            passed_on: quota.passed_on,
            left: quota.left(),
            answer,
            answer_kind,
            is_waiting: quota.answer == Answer::Waiting && round.is_open(),
            is_closed: !round.is_open(),
            deadline: if round.is_open() { DeadlineView::of(page, quota.deadline, today) } else { None },
        }
    }
}

#[derive(Serialize)]
pub struct RowView {
    pub href: String,
    pub name: String,
    pub code: String,
    pub amount: i64,
    pub passed_on: i64,
    pub taken: i64,
    pub shortfall: i64,
    pub answer: String,
    pub answer_kind: &'static str,
    /// What it asks for instead, in words.
    pub asked: Option<String>,
}

/// One level with its sums.
#[derive(Serialize)]
pub struct LevelView {
    pub rows: Vec<RowView>,
    pub count: i64,
    pub amount: i64,
    pub passed_on: i64,
    pub taken: i64,
    pub shortfall: i64,
}

impl LevelView {
    pub fn of(page: &Page, round: &QuotaRound, level: &Cascade) -> Self {
        let row = |line: &Line| {
            let (answer, answer_kind) = answer_word(page, line.quota.answer);
            RowView {
                href: format!("/phan-bo/{}/{}", round.code, line.unit.code),
                name: line.unit.name(page.locale()).to_owned(),
                code: line.unit.code.clone(),
                amount: line.quota.amount,
                passed_on: line.quota.passed_on,
                taken: line.sums.taken,
                shortfall: line.shortfall(),
                answer,
                answer_kind,
                asked: line.quota.asked_amount.map(|n| page.text(Message::new("quotas-asks-for").with("count", n))),
            }
        };
        Self {
            rows: level.lines.iter().map(row).collect(),
            count: level.count,
            amount: level.amount,
            passed_on: level.passed_on,
            taken: level.taken,
            shortfall: level.amount - level.taken,
        }
    }
}

/// The form that hands seats out.
#[derive(Serialize)]
pub struct AllocateView {
    pub form: FormView,
    pub action: String,
    pub units: Vec<Choice>,
}

/// The units that can be chosen: the agencies of the country, or what stands directly under a unit.
pub fn choices(c: &mut DbConn, above: Option<UnitId>, today: NaiveDate, locale: Locale) -> Result<Vec<Choice>> {
    let units = match above {
        Some(unit) => organisations::queries::children(c, unit, today)?,
        None => {
            let kinds: Vec<UnitKind> = UnitKind::ALL.iter().copied().filter(|kind| !kind.is_subordinate()).collect();
            organisations::queries::valid_on(c, &kinds, today)?
        }
    };
    let option = |unit: Unit| Choice::new(&unit.code, format!("{} ({})", unit.name(locale), unit.code));
    Ok(units.into_iter().map(option).collect())
}

/// From codes to units: every line that names no unit that can be given something is a fault of its own.
pub fn allocation(
    c: &mut DbConn,
    round: RoundId,
    above: Option<&Quota>,
    form: &AllocationForm,
    today: NaiveDate,
) -> Result<Allocation> {
    let mut faults = FieldErrors::default();
    let mut rows: Vec<(UnitId, i64)> = Vec::with_capacity(form.rows.len());
    for row in &form.rows {
        let field = if row.line == 0 { "unit" } else { "rows" };
        let fault = |key: &'static str| {
            let key = if row.line == 0 { key.to_owned() } else { format!("{key}-line") };
            Message::new(key).with("line", row.line.to_string()).with("unit", row.unit.clone())
        };
        match organisations::queries::by_code(c, &row.unit.to_uppercase())? {
            None => faults.add(field, fault("quotas-fault-no-unit")),
            Some(unit) if !can_be_given(c, above, &unit, today)? => faults.add(field, fault("quotas-fault-unit")),
            Some(unit) if rows.iter().any(|(known, _)| *known == unit.id) => {
                faults.add(field, fault("quotas-fault-twice"));
            }
            Some(unit) => rows.push((unit.id, row.amount)),
        }
    }
    if rows.iter().any(|(_, amount)| *amount < 1) {
        faults.add("amount", "quotas-fault-count");
    }
    faults.or(())?;
    Ok(Allocation {
        round,
        parent: above.map(|above| -> QuotaId { above.id }),
        rows,
        deadline: form.deadline,
        letter: form.letter.clone(),
        reason: form.reason.clone(),
    })
}

/// What a form shows again of a refusal that is about the form as a whole.
pub fn as_faults(error: Error) -> Result<FieldErrors> {
    match error {
        Error::Invalid(faults) => Ok(faults),
        Error::Refused(message) => {
            let mut faults = FieldErrors::default();
            faults.add("", message);
            Ok(faults)
        }
        other => Err(other),
    }
}
