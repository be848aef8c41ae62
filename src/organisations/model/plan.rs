//! From what is asked for and the tree as it is to what is to be done. Pure: `queries::changes::sight` loads what is needed to know.
//!
//! What ends, ends on the day before; what takes its place is there on the day itself, so successions touch. What stood under a unit
//! that ends comes under its main successor. A unit that has just taken in others, or that somebody else has ended, is refused.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    Span, Unit,
    change::{ChangeKind, Effect, Passage, Plan, Request, Stand},
};
use crate::platform::{error::FieldErrors, i18n::Message, text};

/// What is known of the units that a request names, and of what stands under those that end.
#[derive(Debug, Clone, Default)]
pub struct Sight {
    pub units: BTreeMap<String, Unit>,
    /// Placements of the named units, and those under them, that hold on the day or later.
    pub stands: Vec<Stand>,
    /// The way up, on the day, from each unit that is named, and from what those stand under that end.
    pub above: BTreeMap<String, Vec<String>>,
    /// The last day of the latest unit that went into it.
    pub took_in: BTreeMap<String, NaiveDate>,
}

/// The fields of the form that faults belong to.
pub const UNITS: &str = "units";
pub const INTO: &str = "code_1";
pub const PARENT: &str = "parent";
pub const ON: &str = "on";

struct Planner<'a> {
    request: &'a Request,
    sight: &'a Sight,
    faults: FieldErrors,
    effects: Vec<Effect>,
}

/// What the request would do.
///
/// # Errors
/// Every reason why it cannot be done, beside the field it belongs to.
pub fn plan(request: &Request, sight: &Sight) -> Result<Plan, FieldErrors> {
    let mut planner = Planner { request, sight, faults: FieldErrors::default(), effects: Vec::new() };
    match request.kind {
        ChangeKind::Merge | ChangeKind::Split | ChangeKind::Rename => planner.pass(),
        ChangeKind::End => planner.end(),
        ChangeKind::Move => planner.shift(),
        ChangeKind::Transfer => planner.transfer(),
    }
    if !planner.faults.is_empty() {
        return Err(planner.faults);
    }
    let main = request.into.first().map(|taker| taker.code.clone());
    let passages = match request.kind {
        ChangeKind::Move => Vec::new(),
        _ => request.units.iter().map(|from| Passage { from: from.clone(), to: main.clone() }).collect(),
    };
    Ok(Plan { effects: planner.effects, passages })
}

impl Planner<'_> {
    fn fault(&mut self, field: &'static str, key: &'static str, code: &str) {
        let name = self.sight.units.get(code).map_or_else(|| code.to_owned(), |unit| unit.name_vi.clone());
        let said = Message::new(key).with("unit", name).with("day", text::date(self.request.on));
        self.faults.add(field, said);
    }

    fn main(&self) -> Option<&str> {
        self.request.into.first().map(|taker| taker.code.as_str())
    }

    fn ends(&self, code: &str) -> bool {
        self.request.units.iter().any(|unit| unit == code)
    }

    /// A unit that is to be there from the day on, without an end.
    fn lasting(&mut self, field: &'static str, code: &str) -> bool {
        match self.sight.units.get(code) {
            None => self.fault(field, "changes-unit-unknown", code),
            Some(unit) if !unit.valid_on(self.request.on) => {
                self.fault(field, "changes-unit-not-there", code);
            }
            Some(unit) if unit.valid_to.is_some() => self.fault(field, "changes-unit-ends", code),
            Some(_) => return true,
        }
        false
    }

    /// A unit that can end on the day before.
    fn can_end(&mut self, code: &str) -> bool {
        if !self.lasting(UNITS, code) {
            return false;
        }
        let on = self.request.on;
        let begun = self.sight.units.get(code).and_then(|unit| unit.valid_from);
        if begun.is_some_and(|first| first >= on) {
            self.fault(UNITS, "changes-unit-begins-then", code);
            return false;
        }
        // Its predecessor would lead to a unit that is not there on the day after.
        if self.sight.took_in.get(code).is_some_and(|last| last.succ_opt().is_none_or(|day| day >= on)) {
            self.fault(UNITS, "changes-unit-took-in", code);
            return false;
        }
        if self.of(code).any(|stand| stand.from.is_some_and(|from| from > on)) {
            self.fault(UNITS, "changes-unit-moves-later", code);
            return false;
        }
        true
    }

    fn of(&self, code: &str) -> impl Iterator<Item = &Stand> {
        self.sight.stands.iter().filter(move |stand| stand.unit == code)
    }

    /// What a unit stands under on the day.
    fn parent_of(&self, code: &str) -> Option<&str> {
        let holds = |stand: &&Stand| Span::new(stand.from, stand.to).contains(self.request.on);
        self.of(code).find(holds).map(|stand| stand.parent.as_str())
    }

    /// Under what something new stands: what was said; otherwise where the first of the units stands.
    fn parent(&self) -> Option<String> {
        let said = self.request.parent.as_deref();
        let found = said.or_else(|| self.request.units.first().and_then(|first| self.parent_of(first)))?;
        // A unit that ends here is followed by the main successor.
        Some(if self.ends(found) { self.main().unwrap_or(found) } else { found }.to_owned())
    }

    fn is_above(&self, upper: &str, lower: &str) -> bool {
        self.sight.above.get(lower).is_some_and(|way| way.iter().any(|code| code == upper))
    }

    fn is_below_what_ends(&self, code: &str) -> bool {
        self.sight.above.get(code).is_some_and(|way| way.iter().any(|above| self.ends(above)))
    }

    fn close(&mut self, stand: &Stand) {
        let effect = match stand.from {
            Some(from) if from >= self.request.on => Effect::Drops(stand.clone()),
            _ => Effect::Closes(stand.clone()),
        };
        self.effects.push(effect);
    }

    fn pass(&mut self) {
        if self.request.into.iter().any(|taker| self.ends(&taker.code)) {
            self.fault(INTO, "changes-into-itself", self.main().unwrap_or_default().to_owned().as_str());
            return;
        }
        let mut sound = true;
        for code in &self.request.units {
            sound &= self.can_end(code);
        }
        for taker in &self.request.into {
            match (&taker.new, self.sight.units.contains_key(&taker.code)) {
                (Some(_), true) => {
                    self.fault(INTO, "changes-code-taken", &taker.code);
                    sound = false;
                }
                (None, _) => sound &= self.lasting(INTO, &taker.code),
                (Some(_), false) => {}
            }
        }
        let Some(main) = self.main().map(str::to_owned).filter(|_| sound) else { return };
        if !self.parent_is_sound(&main) {
            return;
        }
        self.begin();
        for code in &self.request.units {
            self.effects.push(Effect::Ends { unit: code.clone() });
        }
        self.leave(&main);
        for code in &self.request.units {
            for (position, taker) in (0..).zip(&self.request.into) {
                let (unit, successor) = (code.clone(), taker.code.clone());
                self.effects.push(Effect::Succeeds { unit, successor, position });
            }
        }
    }

    /// Whether that under which something new, or what takes the place of its own superior, comes to stand can be stood under.
    fn parent_is_sound(&mut self, main: &str) -> bool {
        let begins = |code: &str| self.request.into.iter().any(|taker| taker.code == code && taker.new.is_some());
        let takes_place = self.sight.stands.iter().any(|stand| stand.unit == main && self.ends(&stand.parent));
        let has_new = self.request.into.iter().any(|taker| taker.new.is_some());
        let Some(parent) = self.parent().filter(|parent| parent != main && !begins(parent)) else { return true };
        if !has_new && !takes_place {
            return true;
        }
        // What stands below a unit that ends comes under the main successor.
        if self.is_below_what_ends(&parent) || (takes_place && self.is_above(main, &parent)) {
            self.fault(PARENT, "changes-circle", &parent);
            return false;
        }
        self.lasting(PARENT, &parent)
    }

    /// New units, and under what they stand. They are placed after what stood in their way was closed.
    fn begin(&mut self) {
        let parent = self.parent();
        for taker in &self.request.into {
            let Some(unit) = &taker.new else { continue };
            self.effects.push(Effect::Begins { code: taker.code.clone(), unit: unit.clone() });
            match &parent {
                Some(parent) if *parent != taker.code => {
                    let (unit, parent) = (taker.code.clone(), parent.clone());
                    self.effects.push(Effect::Places { unit, parent, from: self.request.on, to: None });
                }
                _ if unit.kind.is_subordinate() => {
                    self.fault(PARENT, "changes-parent-missing", &taker.code);
                    return;
                }
                _ => {}
            }
        }
    }

    /// The placements of what ends are closed, and what stood under it comes under the main successor.
    fn leave(&mut self, main: &str) {
        let (on, sight) = (self.request.on, self.sight);
        let above_main = sight.above.get(main).cloned().unwrap_or_default();
        for stand in &sight.stands {
            if self.ends(&stand.unit) {
                self.close(stand);
            } else if self.ends(&stand.parent) {
                self.close(stand);
                // What takes its own superior in takes its place, too.
                let parent = if stand.unit == main { self.parent() } else { Some(main.to_owned()) };
                if stand.unit != main && above_main.contains(&stand.unit) {
                    return self.fault(INTO, "changes-circle", &stand.unit);
                }
                let from = stand.from.map_or(on, |from| from.max(on));
                match parent {
                    Some(parent) if parent != stand.unit => {
                        self.effects.push(Effect::Places { unit: stand.unit.clone(), parent, from, to: stand.to });
                    }
                    _ if sight.units.get(&stand.unit).is_some_and(|unit| unit.kind.is_subordinate()) => {
                        return self.fault(PARENT, "changes-parent-missing", &stand.unit);
                    }
                    _ => {}
                }
            }
        }
    }

    fn end(&mut self) {
        for code in &self.request.units {
            if !self.can_end(code) {
                continue;
            }
            if self.sight.stands.iter().any(|stand| stand.parent == *code) {
                self.fault(UNITS, "changes-end-with-units-below", code);
                continue;
            }
            self.effects.push(Effect::Ends { unit: code.clone() });
            let own: Vec<Stand> = self.of(code).cloned().collect();
            for stand in &own {
                self.close(stand);
            }
        }
    }

    fn shift(&mut self) {
        let Some(code) = self.request.units.first() else { return };
        if !self.lasting(UNITS, code) {
            return;
        }
        if self.of(code).any(|stand| stand.from.is_some_and(|from| from > self.request.on)) {
            return self.fault(UNITS, "changes-unit-moves-later", code);
        }
        let begun = self.sight.units.get(code).and_then(|unit| unit.valid_from);
        if begun.is_some_and(|first| first >= self.request.on) {
            return self.fault(UNITS, "changes-unit-begins-then", code);
        }
        let subordinate = self.sight.units.get(code).is_some_and(|unit| unit.kind.is_subordinate());
        let own: Vec<Stand> = self.of(code).cloned().collect();
        let now = self.parent_of(code).map(str::to_owned);
        match &self.request.parent {
            None if subordinate => return self.fault(PARENT, "changes-parent-missing", code),
            parent if *parent == now => return self.fault(PARENT, "changes-parent-same", code),
            Some(parent) if !self.lasting(PARENT, parent) => return,
            Some(parent) if parent == code || self.sight.above.get(parent).is_some_and(|way| way.contains(code)) => {
                return self.fault(PARENT, "changes-circle", code);
            }
            _ => {}
        }
        for stand in &own {
            self.close(stand);
        }
        if let Some(parent) = &self.request.parent {
            let (unit, parent) = (code.clone(), parent.clone());
            self.effects.push(Effect::Places { unit, parent, from: self.request.on, to: None });
        }
    }

    fn transfer(&mut self) {
        let Some(from) = self.request.units.first() else { return };
        if !self.sight.units.contains_key(from) {
            self.fault(UNITS, "changes-unit-unknown", from);
        }
        let Some(to) = self.main().map(str::to_owned) else { return };
        if self.ends(&to) {
            return self.fault(INTO, "changes-into-itself", &to);
        }
        self.lasting(INTO, &to);
    }
}

#[cfg(test)]
mod tests;
