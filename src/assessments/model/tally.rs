//! What the learners of a class made of one question, without saying who: how many had it, how many were right, what the others
//! chose, and how the strong and the weak fared. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::questions::model::{Answer, Item, ItemKind, Weight, grade};

/// Of fewer people nothing is shown: it would tell of one.
pub const FEWEST: i64 = 5;
/// Of fewer people the strong are not held against the weak: a third of them would be a few people, and chance.
pub const FEWEST_TO_COMPARE: i64 = 30;
/// A question that sets the strong apart from the weak by less than this, in thousandths, wants somebody to look at it.
pub const WEAK: i64 = 100;

/// Stands for no answer at all among what was chosen wrongly.
pub const BLANK: &str = "";
/// Between a left side and the right side that was given to it.
const PAIR: char = ':';

/// One question in one class or in several, each person counted by their first answer: the first attempt that was handed in, or the
/// first answer in a lesson.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Had the question, whether they answered it or not.
    pub people: i64,
    /// Full marks.
    pub correct: i64,
    pub details: Details,
}

/// What is only read to be shown. Kept as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// By twentieths of the score of the whole test: how many had the question, how many were right. A question of a lesson has no
    /// score to stand beside.
    bands: BTreeMap<i64, (i64, i64)>,
    /// What was chosen wrongly, by how many: ids of options, `true` and `false`, pairs. What people type is not kept, since it can be
    /// anything.
    wrong: BTreeMap<String, i64>,
}

/// How many of the third with the highest scores were right, and of the third with the lowest, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thirds {
    pub upper: i64,
    pub lower: i64,
}

impl Thirds {
    /// The discrimination: how much better the strong do, in thousandths. Below nothing where the weak do better.
    pub fn difference(self) -> i64 {
        self.upper - self.lower
    }
}

impl Tally {
    /// One person's answer; `permille` is the score of the whole test.
    pub fn of(item: &Item, answer: &Answer, permille: Option<i32>) -> Self {
        let is_right = grade(item, answer) >= 1.0;
        let correct = i64::from(is_right);
        let bands = permille.map(|permille| (i64::from(permille) / 50, (1, correct))).into_iter().collect();
        let wrong = if is_right { Vec::new() } else { mistakes(item, answer) };
        let wrong = wrong.into_iter().map(|choice| (choice, 1)).collect();
        Self { people: 1, correct, details: Details { bands, wrong } }
    }

    pub fn add(&mut self, other: &Self) {
        self.people += other.people;
        self.correct += other.correct;
        for (band, (people, correct)) in &other.details.bands {
            let sum = self.details.bands.entry(*band).or_default();
            *sum = (sum.0 + people, sum.1 + correct);
        }
        for (choice, people) in &other.details.wrong {
            *self.details.wrong.entry(choice.clone()).or_default() += people;
        }
    }

    pub fn is_shown(&self) -> bool {
        self.people >= FEWEST
    }

    /// So many were right that it need not set anybody apart.
    pub fn is_easy(&self) -> bool {
        self.correct * 10 >= self.people * 9
    }

    /// The strong against the weak. A band of equal scores that lies across the border gives each side its share of people and of
    /// right answers alike.
    pub fn thirds(&self) -> Option<Thirds> {
        let all: i64 = self.details.bands.values().map(|(people, _)| people).sum();
        if all < FEWEST_TO_COMPARE {
            return None;
        }
        let bands = self.details.bands.values();
        Some(Thirds { upper: right_among(bands.clone().rev(), all), lower: right_among(bands, all) })
    }

    /// What was chosen instead of the right answer by most people, and by how many; nothing where those are few.
    pub fn most_chosen_wrong(&self) -> Option<(&str, i64)> {
        let most = self.details.wrong.iter().rev().max_by_key(|(_, people)| **people)?;
        (*most.1 >= FEWEST).then_some((most.0.as_str(), *most.1))
    }
}

/// How many were right of the third that comes first, in thousandths.
fn right_among<'a>(bands: impl Iterator<Item = &'a (i64, i64)>, all: i64) -> i64 {
    // In thousandths of a person, so that a third is one.
    let third = all * 1000 / 3;
    let (mut left, mut right) = (third, 0);
    for (people, correct) in bands {
        let taken = (people * 1000).min(left);
        right += correct * taken / (*people).max(1);
        left -= taken;
    }
    right * 1000 / third.max(1)
}

/// What is wrong in an answer that is not fully right.
fn mistakes(item: &Item, answer: &Answer) -> Vec<String> {
    if !answer.is_given() {
        return vec![BLANK.to_owned()];
    }
    match (&item.kind, answer) {
        (ItemKind::Single { options }, Answer::Choice { option }) => {
            options.iter().filter(|known| known.id == *option).map(|known| known.id.clone()).collect()
        }
        (ItemKind::Multiple { options }, Answer::Choices { options: chosen }) => {
            let wrong = options.iter().filter(|known| known.weight <= Weight::NONE && chosen.contains(&known.id));
            wrong.map(|known| known.id.clone()).collect()
        }
        (ItemKind::TrueFalse { .. }, Answer::TrueFalse { value }) => vec![value.to_string()],
        (ItemKind::Matching { pairs, .. }, Answer::Matching { pairs: given }) => {
            let wrong = pairs.iter().filter_map(|pair| {
                let right = given.get(&pair.left.id).filter(|right| !right.is_empty() && **right != pair.right.id)?;
                Some(format!("{}{PAIR}{right}", pair.left.id))
            });
            wrong.collect()
        }
        _ => Vec::new(),
    }
}

/// What a choice of [`mistakes`] was, in the words of the question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake<'a> {
    Blank,
    Option(&'a str),
    Said(bool),
    Pair(&'a str, &'a str),
}

impl<'a> Mistake<'a> {
    /// Nothing where the question has no such choice.
    pub fn read(item: &'a Item, choice: &str) -> Option<Self> {
        if choice == BLANK {
            return Some(Self::Blank);
        }
        match &item.kind {
            ItemKind::Single { options } | ItemKind::Multiple { options } => {
                options.iter().find(|option| option.id == choice).map(|option| Self::Option(&option.text))
            }
            ItemKind::TrueFalse { .. } => choice.parse().ok().map(Self::Said),
            ItemKind::Matching { pairs, distractors } => {
                let (left, right) = choice.split_once(PAIR)?;
                let left = pairs.iter().find(|pair| pair.left.id == left)?;
                let mut rights = pairs.iter().map(|pair| &pair.right).chain(distractors);
                let right = rights.find(|side| side.id == right)?;
                Some(Self::Pair(&left.left.text, &right.text))
            }
            ItemKind::Short { .. } | ItemKind::Numeric { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::questions::gift;

    fn item(text: &str) -> Item {
        let read = gift::parse("bank.gift", &format!("// id: q-mot\n{text}\n"), gift::Home::Bank { topic: "t" });
        read.questions.into_iter().next().unwrap().item
    }

    fn choice(item: &Item, text: &str) -> Answer {
        let ItemKind::Single { options } = &item.kind else { panic!() };
        let option = options.iter().find(|option| option.text == text).unwrap().id.clone();
        Answer::Choice { option }
    }

    #[test]
    fn of_few_people_nothing_is_told() {
        let item = item("Mấy? {=một ~hai ~ba}");
        let mut tally = Tally::default();
        for n in 0..4 {
            tally.add(&Tally::of(&item, &choice(&item, "hai"), Some(0)));
            assert!(!tally.is_shown() && tally.most_chosen_wrong().is_none(), "{n}");
        }
        tally.add(&Tally::of(&item, &choice(&item, "một"), Some(1000)));
        assert!(tally.is_shown());
        assert_eq!((tally.people, tally.correct, tally.most_chosen_wrong()), (5, 1, None), "four chose it");
        tally.add(&Tally::of(&item, &choice(&item, "hai"), Some(0)));
        let (most, people) = tally.most_chosen_wrong().unwrap();
        assert_eq!((Mistake::read(&item, most), people), (Some(Mistake::Option("hai")), 5));
    }

    #[test]
    fn every_kind_of_question_says_what_was_wrong() {
        let told = |text: &str, answer: &dyn Fn(&Item) -> Answer| {
            let item = item(text);
            let tally = Tally::of(&item, &answer(&item), None);
            let wrong: Vec<String> = tally.details.wrong.keys().cloned().collect();
            wrong.iter().map(|choice| format!("{:?}", Mistake::read(&item, choice).unwrap())).collect::<Vec<_>>()
        };
        assert_eq!(told("Mấy? {=một ~hai}", &|_| Answer::Empty), ["Blank"]);
        assert_eq!(told("Mấy? {=một ~hai}", &|item| choice(item, "một")), Vec::<String>::new());
        assert_eq!(told("Ba lẻ. {T}", &|_| Answer::TrueFalse { value: false }), ["Said(false)"]);
        let many = "Chẵn? {~%50%hai ~%50%bốn ~%-100%ba}";
        let all = |item: &Item| {
            let ItemKind::Multiple { options } = &item.kind else { panic!() };
            Answer::Choices { options: options.iter().map(|option| option.id.clone()).collect() }
        };
        assert_eq!(told(many, &all), ["Option(\"ba\")"]);
        let pairs = |item: &Item| {
            let ItemKind::Matching { pairs, distractors } = &item.kind else { panic!() };
            let given = pairs.iter().map(|pair| (pair.left.id.clone(), distractors[0].id.clone()));
            Answer::Matching { pairs: given.take(1).collect() }
        };
        assert_eq!(told("Ghép {=1.0 -> 2015 =2.0 -> 2019 = -> 2030}", &pairs), ["Pair(\"1.0\", \"2030\")"]);
        // What people type can be anything, a name too.
        let typed = |_: &Item| Answer::Text { text: "Học viên Minh họa".to_owned() };
        assert_eq!(told("Viết. {=12}", &typed), Vec::<String>::new());
    }

    #[test]
    fn the_strong_are_held_against_the_weak() {
        let item = item("Mấy? {=một ~hai}");
        let (right, wrong) = (choice(&item, "một"), choice(&item, "hai"));
        let mut tally = Tally::default();
        for n in 0..30 {
            assert_eq!(tally.thirds(), None, "{n}");
            // Ten at 900, ten at 600, ten at 300; of them ten, six and two are right.
            let (score, good) = [(900, 10), (600, 6), (300, 2)][n / 10];
            tally.add(&Tally::of(&item, if n % 10 < good { &right } else { &wrong }, Some(score)));
        }
        let thirds = tally.thirds().unwrap();
        assert_eq!((thirds.upper, thirds.lower, thirds.difference()), (1000, 200, 800));
        // All with the same score: nobody is stronger, and the border takes from both alike.
        let mut same = Tally::default();
        for n in 0..40 {
            same.add(&Tally::of(&item, if n % 2 == 0 { &right } else { &wrong }, Some(700)));
        }
        assert_eq!(same.thirds().unwrap().difference(), 0);
    }

    #[test]
    fn it_is_kept_as_it_is() {
        let item = item("Mấy? {=một ~hai}");
        let mut tally = Tally::of(&item, &choice(&item, "hai"), Some(550));
        tally.add(&Tally::of(&item, &Answer::Empty, Some(1000)));
        let text = serde_json::to_string(&tally.details).unwrap();
        assert_eq!(serde_json::from_str::<Details>(&text).unwrap(), tally.details, "{text}");
    }

    proptest! {
        #[test]
        fn shares_are_shares_and_adding_is_in_any_order(people in prop::collection::vec((0i32..=1000, any::<bool>()), 1..120)) {
            let item = item("Mấy? {=một ~hai}");
            let (right, wrong) = (choice(&item, "một"), choice(&item, "hai"));
            let one = |(score, good): &(i32, bool)| Tally::of(&item, if *good { &right } else { &wrong }, Some(*score));
            let (mut forth, mut back) = (Tally::default(), Tally::default());
            people.iter().for_each(|person| forth.add(&one(person)));
            people.iter().rev().for_each(|person| back.add(&one(person)));
            prop_assert_eq!(&forth, &back);
            if let Some(thirds) = forth.thirds() {
                prop_assert!((0..=1000).contains(&thirds.upper) && (0..=1000).contains(&thirds.lower));
            }
        }
    }
}
