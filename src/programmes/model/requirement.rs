//! What a programme asks for: of every group of courses all, or at least so many. Pure.

use std::collections::BTreeSet;

use crate::courses::model::CourseId;

crate::id_type!(
    /// Courses of a programme that belong together.
    CourseGroupId
);

/// A group as the rule sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// At least so many; `None`: all.
    pub needed: Option<i64>,
    pub courses: BTreeSet<CourseId>,
}

impl Choice {
    /// How many must be done. A group that asks for more than it has asks for all of it.
    pub fn needed(&self) -> usize {
        let all = self.courses.len();
        self.needed.and_then(|needed| usize::try_from(needed).ok()).map_or(all, |needed| needed.min(all))
    }

    pub fn done(&self, completed: &BTreeSet<CourseId>) -> usize {
        self.courses.intersection(completed).count()
    }

    pub fn is_met(&self, completed: &BTreeSet<CourseId>) -> bool {
        self.done(completed) >= self.needed()
    }
}

/// Every group of a programme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirement(pub Vec<Choice>);

impl Requirement {
    /// Whether these completed courses are enough. A programme that asks for no course has nothing to recognise anybody for.
    pub fn is_met(&self, completed: &BTreeSet<CourseId>) -> bool {
        self.0.iter().any(|choice| !choice.courses.is_empty()) && self.0.iter().all(|choice| choice.is_met(completed))
    }

    pub fn asks_for(&self, course: CourseId) -> bool {
        self.0.iter().any(|choice| choice.courses.contains(&course))
    }

    pub fn courses(&self) -> BTreeSet<CourseId> {
        self.0.iter().flat_map(|choice| choice.courses.iter().copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection, prelude::*};

    use super::*;

    fn courses() -> impl Strategy<Value = BTreeSet<CourseId>> {
        collection::btree_set((1..12_i64).prop_map(CourseId), 0..8)
    }

    fn requirement() -> impl Strategy<Value = Requirement> {
        let choice = (proptest::option::of(1..6_i64), courses());
        collection::vec(choice.prop_map(|(needed, courses)| Choice { needed, courses }), 0..4).prop_map(Requirement)
    }

    proptest! {
        #[test]
        fn more_completed_never_takes_away(asked in requirement(), some in courses(), more in courses()) {
            let all: BTreeSet<CourseId> = some.union(&more).copied().collect();
            prop_assert!(!asked.is_met(&some) || asked.is_met(&all));
        }

        #[test]
        fn everything_completed_is_always_enough(asked in requirement()) {
            prop_assert_eq!(asked.is_met(&asked.courses()), !asked.courses().is_empty());
        }

        #[test]
        fn other_courses_do_not_matter(asked in requirement(), completed in courses()) {
            let own: BTreeSet<CourseId> = completed.intersection(&asked.courses()).copied().collect();
            prop_assert_eq!(asked.is_met(&completed), asked.is_met(&own));
        }

        #[test]
        fn all_of_them_and_at_least_some_of_them(group in courses(), done in courses(), needed in 1..6_usize) {
            prop_assume!(!group.is_empty());
            let of = |needed: Option<usize>| {
                let needed = needed.map(|n| i64::try_from(n).unwrap());
                Requirement(vec![Choice { needed, courses: group.clone() }]).is_met(&done)
            };
            let common = group.iter().filter(|course| done.contains(course)).count();
            prop_assert_eq!(of(None), common == group.len());
            prop_assert_eq!(of(Some(group.len())), of(None));
            prop_assert_eq!(of(Some(needed)), common >= needed.min(group.len()));
        }

        #[test]
        fn each_group_stands_for_itself(asked in requirement(), completed in courses()) {
            let each = asked.0.iter().all(|choice| choice.is_met(&completed));
            prop_assert_eq!(asked.is_met(&completed), each && !asked.courses().is_empty());
        }
    }

    #[test]
    fn nothing_asked_for_recognises_nobody() {
        let done = BTreeSet::from([CourseId(1)]);
        assert!(!Requirement::default().is_met(&done));
        assert!(!Requirement(vec![Choice { needed: None, courses: BTreeSet::new() }]).is_met(&done));
    }
}
