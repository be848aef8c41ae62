//! From what was typed to a new report.

use chrono::{Datelike, NaiveDate};

use super::{
    document::subject,
    model::{Asked, NewReport, PeriodKind, Words, days_of, kind_of},
    paper::check_words,
};
use crate::{
    access::{Permission, Reach, UnitId},
    accounts::{SignedIn, queries::directory},
    organisations::{model::Unit, queries as organisations},
    platform::{
        clock::{day_end, local_day},
        db::{DbConn, Moment},
        error::{Error, FieldErrors, Result},
        http::Input,
        i18n::Locale,
        text,
    },
    targets::{
        model::{
            Days, Target,
            seal::{SealId, SealState},
        },
        queries as targets,
    },
};

/// So long may be what a person writes about causes or proposals.
const LONGEST: usize = 4000;
const LONGEST_LINE: usize = 200;
/// Seals to choose from.
pub const SEALS: i64 = 50;

/// The fields as they were typed, before anything is looked up.
pub struct Typed {
    target: String,
    seal: String,
    kind: String,
    year: String,
    number: String,
    unit: String,
    as_of: Option<NaiveDate>,
    known_on: Option<NaiveDate>,
    adjusted_on: Option<NaiveDate>,
    has_names: bool,
    words: Words,
    faults: FieldErrors,
}

/// Several lines, each tidied.
fn lines(input: &Input, field: &str) -> Vec<String> {
    let raw = input.raw(field).unwrap_or_default();
    raw.lines().map(text::tidy).filter(|line| !line.is_empty()).collect()
}

impl Typed {
    pub fn read(input: &Input) -> Self {
        let mut faults = FieldErrors::default();
        let mut day = |field: &'static str| {
            let typed = input.text(field);
            let read = text::read_day(&typed);
            if read.is_none() && !typed.is_empty() {
                faults.add(field, "reports-bad-day");
            }
            read
        };
        let (carries, is_sealed) = (input.text("view") == "as-of", !input.text("seal").is_empty());
        let as_of = day("as_of").filter(|_| carries);
        let known_on = day("known_on").filter(|_| !is_sealed);
        let adjusted_on = day("adjusted_on").filter(|_| is_sealed);
        if carries && input.text("as_of").is_empty() {
            faults.add("as_of", "reports-bad-day");
        }
        let words = Words {
            superior: input.text("superior"),
            issuer: input.text("issuer"),
            place: input.text("place"),
            causes: lines(input, "causes").join("\n"),
            proposals: lines(input, "proposals").join("\n"),
            recipients: lines(input, "recipients"),
            signer_lines: lines(input, "signer_lines"),
            signer_name: input.text("signer_name"),
        };
        let (recipients, signer) = (words.recipients.join(" "), words.signer_lines.join(" "));
        let fields = [
            ("superior", words.superior.as_str(), LONGEST_LINE),
            ("issuer", &words.issuer, LONGEST_LINE),
            ("place", &words.place, 60),
            ("causes", &words.causes, LONGEST),
            ("proposals", &words.proposals, LONGEST),
            ("recipients", &recipients, 1000),
            ("signer_lines", &signer, LONGEST_LINE),
            ("signer_name", &words.signer_name, 100),
        ];
        for (field, typed, most) in fields {
            if typed.chars().count() > most {
                faults.add(field, "reports-too-long");
            }
        }
        for (field, typed) in [("issuer", &words.issuer), ("place", &words.place)] {
            if typed.is_empty() {
                faults.add(field, "reports-required");
            }
        }
        faults.0.extend(check_words(&fields.map(|(field, typed, _)| (field, typed))).0);
        Self {
            target: input.text("target"),
            seal: input.text("seal"),
            kind: input.text("kind"),
            year: input.text("year"),
            number: input.text("number"),
            unit: input.text("unit"),
            as_of,
            known_on,
            adjusted_on,
            has_names: input.text("names") == "1",
            words,
            faults,
        }
    }

    /// Looks up what was named, within what the person sees.
    pub fn checked(mut self, c: &mut DbConn, who: &Who, now: Moment) -> Result<NewReport> {
        let mut faults = std::mem::take(&mut self.faults);
        let sealed = self.sealed(c, who, &mut faults)?;
        let days = match &sealed {
            Some((_, days, _, _)) => Some(*days),
            None => self.days(now, &mut faults),
        };
        let unit = match sealed {
            Some(_) => None,
            None => self.unit(c, who, now, &mut faults)?,
        };
        let chosen = match &sealed {
            Some((_, _, _, target)) => vec![target.clone()],
            None => self.targets(c, days, &mut faults)?,
        };
        let known_at = match (&sealed, self.known_on) {
            (Some((_, _, known_at, _)), _) => *known_at,
            (None, Some(day)) => Moment(day_end(day)),
            (None, None) => now,
        };
        if known_at > now {
            faults.add("known_on", "reports-in-the-future");
        }
        let adjusted_until = sealed.as_ref().and(self.adjusted_on).map(|day| Moment(day_end(day)));
        if adjusted_until.is_some_and(|until| until > now || until < known_at) {
            faults.add("adjusted_on", "reports-adjusted-when");
        }
        let Some(days) = days else { return Err(Error::Invalid(faults)) };
        if self.has_names && !who.names {
            return Err(Error::Forbidden);
        }
        let titles: Vec<String> = chosen.iter().map(|target| target.title_vi.clone()).collect();
        let subject = subject(&titles, unit.as_ref().map(|unit| unit.name_vi.as_str()), days);
        let new = NewReport {
            title: format!("Báo cáo {subject}"),
            unit: unit.map(|unit| unit.id),
            is_national: who.reach == Reach::Everywhere,
            kind: kind_of(days).0,
            days,
            known_at,
            seal: sealed.map(|(id, ..)| id),
            has_names: self.has_names,
            asked: Asked {
                targets: chosen.into_iter().map(|target| target.code).collect(),
                as_of: self.as_of,
                adjusted_until,
                words: self.words,
            },
        };
        faults.or(new)
    }

    /// A signed seal is of the whole country, so only those who see it make reports from one.
    fn sealed(
        &self,
        c: &mut DbConn,
        who: &Who,
        faults: &mut FieldErrors,
    ) -> Result<Option<(SealId, Days, Moment, Target)>> {
        if self.seal.is_empty() {
            return Ok(None);
        }
        let id = self.seal.parse::<i64>().ok().filter(|_| who.reach == Reach::Everywhere);
        let row = match id {
            Some(id) => match targets::seal(c, SealId(id)) {
                Err(Error::NotFound) => None,
                found => Some(found?).filter(|row| row.state == SealState::Signed),
            },
            None => None,
        };
        let Some(row) = row else {
            faults.add("seal", "reports-no-seal");
            return Ok(None);
        };
        let days = Days { from: row.period_from, to: row.period_to };
        Ok(Some((row.id, days, row.known_at, targets::by_id(c, row.target_id)?)))
    }

    fn days(&self, now: Moment, faults: &mut FieldErrors) -> Option<Days> {
        let kind = PeriodKind::parse(&self.kind).filter(|kind| *kind != PeriodKind::Other);
        if kind.is_none() {
            faults.add("kind", "reports-required");
        }
        let year = self.year.parse::<i32>().ok().filter(|year| (2000..=2199).contains(year));
        if year.is_none() {
            faults.add("year", "reports-bad-year");
        }
        let (kind, year) = (kind?, year?);
        let number = if kind == PeriodKind::Year { Some(1) } else { self.number.parse().ok() };
        let days = number.and_then(|number| days_of(kind, year, number));
        match days {
            None => faults.add("number", "reports-bad-number"),
            Some(days) if days.from > local_day(now.0) => faults.add("year", "reports-in-the-future"),
            Some(_) => {}
        }
        days
    }

    /// By code or by name. Nothing typed is the whole country for who sees it, and one's own unit for others.
    fn unit(&self, c: &mut DbConn, who: &Who, now: Moment, faults: &mut FieldErrors) -> Result<Option<Unit>> {
        let today = local_day(now.0);
        if self.unit.is_empty() {
            return match &who.reach {
                Reach::Everywhere => Ok(None),
                Reach::Under(roots) => roots.first().map(|root| organisations::unit(c, *root)).transpose(),
                Reach::Nowhere => Err(Error::Forbidden),
            };
        }
        let within = directory::units_within(c, &who.reach, today)?;
        let covers = |unit: &Unit| within.as_ref().is_none_or(|units| units.contains(&unit.id));
        if let Some(unit) = organisations::by_code(c, &self.unit)?.filter(covers) {
            return Ok(Some(unit));
        }
        let named = organisations::options(c, &self.unit, today, within.as_deref(), Locale::Vi, 20)?;
        let same = |choice: &&organisations::Choice| text::fold(&choice.label) == text::fold(&self.unit);
        let only = match named.choices.as_slice() {
            [only] => Some(only),
            several => several.iter().find(same),
        };
        match only {
            Some(choice) => organisations::by_code_on(c, &choice.value, today),
            None => {
                faults.add("unit", "reports-no-unit");
                Ok(None)
            }
        }
    }

    /// One target, or all in force whose period has days of the report.
    fn targets(&self, c: &mut DbConn, days: Option<Days>, faults: &mut FieldErrors) -> Result<Vec<Target>> {
        let meets =
            |target: &Target| days.is_none_or(|days| target.period_from <= days.to && days.from <= target.period_to);
        let found: Vec<Target> = match self.target.as_str() {
            "" => targets::list(c, false)?.into_iter().filter(|target| meets(target)).collect(),
            code => match targets::by_code(c, code) {
                Err(Error::NotFound) => Vec::new(),
                target => vec![target?],
            },
        };
        if found.is_empty() {
            faults.add("target", if self.target.is_empty() { "reports-no-targets" } else { "reports-no-target" });
        } else if !found.iter().all(meets) {
            faults.add("target", "reports-other-period");
        }
        Ok(found)
    }
}

/// Who asks, as far as a form must know.
pub struct Who {
    pub reach: Reach,
    pub names: bool,
}

impl Who {
    pub fn of(who: &SignedIn) -> Result<Self> {
        let reach = who.require(Permission::MakeReports)?;
        Ok(Self { reach, names: who.may(Permission::SeeNamedReports) })
    }
}

/// Where a document is dated from: a province's name for what works there, the capital for the others.
fn place(own: Option<(&Unit, Option<&Unit>)>) -> String {
    let seats = own.into_iter().flat_map(|(unit, above)| [Some(unit), above]).flatten();
    let province = seats
        .filter(|unit| unit.kind.is_province_level())
        .find_map(|unit| ["Tỉnh ", "Thành phố "].iter().find_map(|word| unit.name_vi.strip_prefix(word)));
    province.unwrap_or("Hà Nội").to_owned()
}

/// What the form holds when it is opened: the month that is over, and the unit of whoever asks.
pub fn start(now: Moment, own: Option<(&Unit, Option<&Unit>)>, root: Option<UnitId>) -> Vec<(&'static str, String)> {
    let today = local_day(now.0);
    let last = today.with_day(1).and_then(|first| first.pred_opt()).unwrap_or(today);
    let name = |unit: Option<&Unit>| unit.map(|unit| unit.name_vi.clone()).unwrap_or_default();
    let mut values = vec![
        ("kind", PeriodKind::Month.to_string()),
        ("year", last.year().to_string()),
        ("number", last.month().to_string()),
        ("view", "recorded".to_owned()),
        ("issuer", name(own.map(|(unit, _)| unit))),
        ("superior", name(own.and_then(|(_, above)| above))),
        ("place", place(own)),
        ("recipients", "Như trên\nLưu: VT".to_owned()),
    ];
    if root.is_some()
        && let Some((unit, _)) = own
    {
        values.push(("unit", unit.code.clone()));
    }
    values
}
