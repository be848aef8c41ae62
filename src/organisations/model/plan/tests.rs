//! What changes do to a tree, and what always holds after any of them.

use proptest::prelude::*;

use super::*;
use crate::organisations::model::{
    UnitId, UnitKind,
    change::{NewUnit, Taker},
};

/// A tree in memory, to which plans are applied as the database applies them.
#[derive(Debug, Clone, Default)]
struct Tree {
    units: BTreeMap<String, Unit>,
    stands: Vec<Stand>,
    /// From, to, position.
    successions: Vec<(String, String, i32)>,
    next: i64,
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Tree {
    fn add(&mut self, code: &str, kind: UnitKind, from: Option<NaiveDate>, parent: Option<&str>) {
        self.next += 1;
        let unit = Unit {
            id: UnitId(self.next),
            code: code.to_owned(),
            name_vi: code.to_owned(),
            name_en: code.to_owned(),
            kind,
            valid_from: from,
            valid_to: None,
        };
        self.units.insert(code.to_owned(), unit);
        if let Some(parent) = parent {
            self.place(code, parent, from, None);
        }
    }

    fn place(&mut self, unit: &str, parent: &str, from: Option<NaiveDate>, to: Option<NaiveDate>) {
        self.next += 1;
        self.stands.push(Stand { id: self.next, unit: unit.to_owned(), parent: parent.to_owned(), from, to });
    }

    fn above(&self, code: &str, on: NaiveDate) -> Vec<String> {
        let mut way = Vec::new();
        let mut at = code.to_owned();
        while let Some(stand) =
            self.stands.iter().find(|stand| stand.unit == at && Span::new(stand.from, stand.to).contains(on))
        {
            at = stand.parent.clone();
            assert!(!way.contains(&at), "{at} stands under itself on {on}");
            way.push(at.clone());
        }
        way
    }

    /// What the database would show of this tree to a planner.
    fn sight(&self, request: &Request) -> Sight {
        let about = |code: &String| request.units.contains(code);
        let own = self.stands.iter().filter(|stand| about(&stand.unit)).map(|stand| &stand.parent);
        let named: Vec<&String> =
            request.into.iter().map(|taker| &taker.code).chain(request.parent.as_ref()).chain(own).collect();
        Sight {
            units: self.units.clone(),
            stands: self
                .stands
                .iter()
                .filter(|stand| about(&stand.unit) || about(&stand.parent))
                .filter(|stand| stand.to.is_none_or(|to| to >= request.on))
                .cloned()
                .collect(),
            above: named
                .iter()
                .filter(|code| self.units.contains_key(**code))
                .map(|code| ((*code).clone(), self.above(code, request.on)))
                .collect(),
            took_in: request
                .units
                .iter()
                .filter_map(|code| {
                    let into = self.successions.iter().filter(|(_, to, _)| to == code);
                    Some((code.clone(), into.filter_map(|(from, ..)| self.units[from].valid_to).max()?))
                })
                .collect(),
        }
    }

    fn apply(&mut self, plan: &Plan, on: NaiveDate) {
        let before = on.pred_opt();
        for effect in &plan.effects {
            match effect {
                Effect::Begins { code, unit } => self.add(code, unit.kind, Some(on), None),
                Effect::Ends { unit } => self.units.get_mut(unit).unwrap().valid_to = before,
                Effect::Closes(stand) => self.stands.iter_mut().find(|s| s.id == stand.id).unwrap().to = before,
                Effect::Drops(stand) => self.stands.retain(|s| s.id != stand.id),
                Effect::Places { unit, parent, from, to } => self.place(unit, parent, Some(*from), *to),
                Effect::Succeeds { unit, successor, position } => {
                    self.successions.push((unit.clone(), successor.clone(), *position));
                }
            }
        }
    }

    /// What the head of the slice promises.
    fn assert_sound(&self) {
        for (code, unit) in &self.units {
            let mut own: Vec<&Stand> = self.stands.iter().filter(|stand| stand.unit == *code).collect();
            own.sort_by_key(|stand| stand.from);
            for stand in &own {
                let span = Span::new(stand.from, stand.to);
                assert!(stand.to.is_none_or(|to| stand.from.is_none_or(|from| from <= to)), "{stand:?}");
                assert!(span.lies_within(unit.span()), "{stand:?} of {unit:?}");
                assert!(span.lies_within(self.units[&stand.parent].span()), "{stand:?} under a unit that is not there");
                for edge in [stand.from, stand.to].into_iter().flatten() {
                    self.above(code, edge);
                }
            }
            for pair in own.windows(2) {
                assert!(!Span::new(pair[0].from, pair[0].to).overlaps(Span::new(pair[1].from, pair[1].to)), "{pair:?}");
                if unit.kind.is_subordinate() {
                    assert_eq!(pair[0].to.and_then(|to| to.succ_opt()), pair[1].from, "{code} stands nowhere between");
                }
            }
            if unit.kind.is_subordinate() {
                let first = own.first().unwrap_or_else(|| panic!("{code} stands nowhere"));
                assert_eq!((first.from, own.last().unwrap().to), (unit.valid_from, unit.valid_to), "{code}");
            }
            let gone: Vec<_> = self.successions.iter().filter(|(from, ..)| from == code).collect();
            assert!(gone.is_empty() || unit.valid_to.is_some());
            let mut positions: Vec<i32> = gone.iter().map(|(.., position)| *position).collect();
            positions.sort_unstable();
            assert_eq!(positions, (0..).take(positions.len()).collect::<Vec<i32>>());
            for (_, to, _) in gone {
                let after = unit.valid_to.unwrap().succ_opt().unwrap();
                assert!(self.units[to].valid_on(after), "{code} and {to} do not touch");
            }
            // Successions lead forward: walking on never comes back.
            let (mut at, mut seen) = (code.as_str(), vec![code.as_str()]);
            while let Some((_, to, _)) =
                self.successions.iter().find(|(from, _, position)| from == at && *position == 0)
            {
                assert!(!seen.contains(&to.as_str()), "{seen:?} leads back to {to}");
                seen.push(to);
                at = to;
            }
        }
    }
}

/// Two provinces with a department and a centre each, and a third one.
fn tree() -> Tree {
    let since = Some(day("2008-08-01"));
    let mut tree = Tree::default();
    for code in ["A", "B", "C"] {
        tree.add(code, UnitKind::Province, since, None);
    }
    for code in ["A", "B"] {
        tree.add(&format!("{code}-S"), UnitKind::Department, since, Some(code));
        tree.add(&format!("{code}-T"), UnitKind::Centre, since, Some(&format!("{code}-S")));
    }
    tree.assert_sound();
    tree
}

fn new(code: &str, kind: UnitKind) -> Taker {
    Taker { code: code.to_owned(), new: Some(NewUnit { name_vi: code.to_owned(), name_en: code.to_owned(), kind }) }
}

fn there(code: &str) -> Taker {
    Taker { code: code.to_owned(), new: None }
}

fn request(kind: ChangeKind, on: &str, units: &[&str], into: Vec<Taker>) -> Request {
    let units = units.iter().map(|code| (*code).to_owned()).collect();
    Request { kind, on: day(on), units, into, parent: None, people: Vec::new() }
}

fn faults(tree: &Tree, request: &Request) -> Vec<String> {
    let faults = plan(request, &tree.sight(request)).unwrap_err();
    faults.0.into_iter().map(|(_, said)| said.key.into_owned()).collect()
}

fn go(tree: &mut Tree, request: &Request) {
    let plan = plan(request, &tree.sight(request)).unwrap();
    tree.apply(&plan, request.on);
    tree.assert_sound();
}

#[test]
fn what_stood_below_comes_under_the_main_successor() {
    let mut tree = tree();
    go(&mut tree, &request(ChangeKind::Merge, "2025-07-01", &["A", "B"], vec![new("AB", UnitKind::Province)]));
    assert_eq!(tree.above("A-T", day("2025-07-01")), ["A-S", "AB"]);
    assert_eq!(tree.above("A-T", day("2025-06-30")), ["A-S", "A"]);
    assert_eq!(tree.units["A"].valid_to, Some(day("2025-06-30")));
    // The departments go together on the same day: nothing is left of their day under the new province.
    let both = request(ChangeKind::Merge, "2025-07-01", &["A-S", "B-S"], vec![new("AB-S", UnitKind::Department)]);
    go(&mut tree, &both);
    assert_eq!(tree.above("B-T", day("2025-07-01")), ["AB-S", "AB"]);
    assert_eq!(tree.stands.iter().filter(|stand| stand.unit == "A-S").count(), 1);
}

#[test]
fn one_of_the_units_may_take_the_others_in() {
    let mut tree = tree();
    go(&mut tree, &request(ChangeKind::Merge, "2025-07-01", &["B"], vec![there("A")]));
    assert_eq!(tree.above("B-S", day("2025-07-01")), ["A"]);
    // A department that takes the place of its province stands where that stood: nowhere.
    let odd = request(ChangeKind::Merge, "2025-08-01", &["A"], vec![there("A-S")]);
    assert_eq!(faults(&tree, &odd), ["changes-parent-missing"]);
    let deep = request(ChangeKind::Merge, "2025-08-01", &["A"], vec![there("A-T")]);
    assert_eq!(faults(&tree, &deep), ["changes-circle"]);
}

#[test]
fn what_cannot_be_is_refused_with_its_reason() {
    let mut tree = tree();
    let said = |tree: &Tree, kind, on: &str, units: &[&str], into| faults(tree, &request(kind, on, units, into));
    use ChangeKind as K;
    let province = |code| vec![new(code, UnitKind::Province)];
    assert_eq!(said(&tree, K::Merge, "2025-07-01", &["A", "B"], vec![there("A")]), ["changes-into-itself"]);
    assert_eq!(said(&tree, K::Merge, "2025-07-01", &["X"], vec![there("A")]), ["changes-unit-unknown"]);
    assert_eq!(said(&tree, K::Merge, "2025-07-01", &["A"], province("B")), ["changes-code-taken"]);
    assert_eq!(said(&tree, K::Merge, "2000-01-01", &["A"], vec![there("C")]), ["changes-unit-not-there"; 2]);
    assert_eq!(said(&tree, K::Rename, "2008-08-01", &["A"], province("Z")), ["changes-unit-begins-then"]);
    assert_eq!(said(&tree, K::End, "2025-07-01", &["A"], vec![]), ["changes-end-with-units-below"]);
    go(&mut tree, &request(K::Merge, "2025-07-01", &["A", "B"], province("AB")));
    assert_eq!(said(&tree, K::Rename, "2025-03-01", &["A"], province("Z")), ["changes-unit-ends"]);
    // What has just taken others in must be there on that day.
    assert_eq!(said(&tree, K::Rename, "2025-07-01", &["AB"], province("Z")), ["changes-unit-begins-then"]);
    go(&mut tree, &request(K::Merge, "2025-09-01", &["AB"], vec![there("C")]));
    assert_eq!(said(&tree, K::Rename, "2025-09-01", &["C"], province("Z")), ["changes-unit-took-in"]);
    go(&mut tree, &request(K::Rename, "2025-09-02", &["C"], province("Z")));
    assert_eq!(tree.above("A-S", day("2025-09-02")), ["Z"]);
    let mut moved = request(K::Move, "2025-10-01", &["A-S"], vec![]);
    moved.parent = Some("A-T".to_owned());
    assert_eq!(faults(&tree, &moved), ["changes-circle"]);
    moved.parent = Some("Z".to_owned());
    assert_eq!(faults(&tree, &moved), ["changes-parent-same"]);
    moved.parent = None;
    assert_eq!(faults(&tree, &moved), ["changes-parent-missing"]);
    // Earlier than a move that is already known of.
    moved.parent = Some("B-S".to_owned());
    go(&mut tree, &moved);
    moved.on = day("2025-09-15");
    assert_eq!(faults(&tree, &moved), ["changes-unit-moves-later"]);
}

/// The kind, the days from the one before, the units, the takers, the parent.
type Drawn = (usize, i64, Vec<usize>, Vec<(bool, usize)>, Option<usize>);

/// A change as chance would have it; most are refused.
fn any_request() -> impl Strategy<Value = Drawn> {
    let takers = prop::collection::vec((any::<bool>(), 0..40_usize), 0..3);
    (0..5_usize, 0..2_i64, prop::collection::vec(0..40_usize, 1..4), takers, prop::option::of(0..40_usize))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever is asked for in whatever order: what is not refused keeps every rule, and an undone step restores the tree.
    #[test]
    fn any_sequence_of_changes_keeps_the_tree_sound(steps in prop::collection::vec(any_request(), 1..40)) {
        let (mut tree, mut on, mut done) = (tree(), day("2025-01-01"), 0);
        for (number, (kind, later, units, takers, parent)) in steps.into_iter().enumerate() {
            on += chrono::TimeDelta::days(later);
            let codes: Vec<String> = tree.units.keys().cloned().collect();
            let pick = |at: usize| codes[at % codes.len()].clone();
            let kind = [ChangeKind::Merge, ChangeKind::Split, ChangeKind::Rename, ChangeKind::Move, ChangeKind::End][kind];
            let mut units: Vec<String> = units.into_iter().map(pick).collect();
            units.sort();
            units.dedup();
            if kind != ChangeKind::Merge {
                units.truncate(1);
            }
            let kinds = tree.units[&units[0]].kind;
            let mut into: Vec<Taker> = Vec::new();
            for (at, (is_new, which)) in takers.into_iter().enumerate() {
                let taker = if is_new { new(&format!("N{number}X{at}"), kinds) } else { there(&pick(which)) };
                if into.iter().all(|known| known.code != taker.code) {
                    into.push(taker);
                }
            }
            match kind {
                ChangeKind::Move | ChangeKind::End => into.clear(),
                ChangeKind::Split => {}
                _ => into.truncate(1),
            }
            if into.is_empty() && !matches!(kind, ChangeKind::Move | ChangeKind::End) {
                continue;
            }
            let asked = Request { kind, on, units, into, parent: parent.map(pick), people: Vec::new() };
            if let Ok(plan) = plan(&asked, &tree.sight(&asked)) {
                tree.apply(&plan, on);
                tree.assert_sound();
                done += 1;
            }
        }
        prop_assert!(done <= 40);
    }
}
