//! The paper of one attempt: which questions, in which order, with the options in which order. Drawn from the bank by the
//! blueprint; the same seed gives the same paper.

mod kept;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    courses::package::Assessment,
    platform::error::Error,
    questions::model::{Answer, Asked, Choice, Item, LONGEST_TEXT, PublicKind, PublicOption},
};
pub use kept::question_in;

/// What a learner was given. Kept with the attempt as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    pub seed: String,
    pub questions: Vec<Question>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "kept::Flat")]
pub struct Question {
    /// The key of an item of the version.
    pub item: String,
    pub points: u32,
    #[serde(flatten)]
    pub shape: Shape,
}

/// What may be answered, with the ids of the options in the order shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Shape {
    Single { options: Vec<String> },
    Multiple { options: Vec<String> },
    TrueFalse,
    Short,
    Numeric,
    Matching { lefts: Vec<String>, rights: Vec<String> },
}

/// The bank has too few questions for the blueprint. The checker of courses refuses such a course.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the bank has {found} questions of {topic} where {wanted} are to be drawn")]
pub struct TooSmall {
    pub topic: String,
    pub wanted: usize,
    pub found: usize,
}

impl From<TooSmall> for Error {
    fn from(e: TooSmall) -> Self {
        tracing::error!(error = %e, "a test cannot be drawn");
        Self::refused("assessments-bank-too-small")
    }
}

impl Paper {
    /// The question at a position, counted from 1.
    pub fn question(&self, position: i32) -> Option<&Question> {
        self.questions.get(usize::try_from(position).ok()?.checked_sub(1)?)
    }

    /// The questions with their positions, counted from 1.
    pub fn numbered(&self) -> impl Iterator<Item = (i32, &Question)> {
        (1..).zip(&self.questions)
    }

    pub fn items(&self) -> Vec<String> {
        self.questions.iter().map(|question| question.item.clone()).collect()
    }
}

impl Question {
    /// Whether this can be an answer to the question: of its kind, and naming only what it offers.
    pub fn admits(&self, answer: &Answer) -> bool {
        let short = |text: &str| text.chars().count() <= LONGEST_TEXT;
        match (&self.shape, answer) {
            (_, Answer::Empty) | (Shape::TrueFalse, Answer::TrueFalse { .. }) => true,
            (Shape::Single { options }, Answer::Choice { option }) => options.contains(option),
            (Shape::Multiple { options }, Answer::Choices { options: chosen }) => {
                chosen.iter().all(|id| options.contains(id))
            }
            (Shape::Short, Answer::Text { text }) | (Shape::Numeric, Answer::Number { text }) => short(text),
            (Shape::Matching { lefts, rights }, Answer::Matching { pairs }) => {
                pairs.iter().all(|(left, right)| lefts.contains(left) && rights.contains(right))
            }
            _ => false,
        }
    }

    /// Puts the options of a shown question into the order of the paper.
    pub fn arrange(&self, asked: &mut Asked) {
        match &self.shape {
            Shape::Single { options } | Shape::Multiple { options } => in_order(&mut asked.options, options),
            Shape::Matching { rights, .. } => {
                asked.sides.iter_mut().for_each(|side| in_order(&mut side.rights, rights));
            }
            Shape::TrueFalse | Shape::Short | Shape::Numeric => {}
        }
    }
}

fn in_order(choices: &mut [Choice], ids: &[String]) {
    choices.sort_by_key(|choice| ids.iter().position(|id| *id == choice.value));
}

/// Draws a paper. Draws that ask for one difficulty come first, so that those which take any leave them enough; within a
/// draw every set of questions is equally likely.
pub fn draw(blueprint: &Assessment, bank: &[Item], seed: &str) -> Result<Paper, TooSmall> {
    let mut draws: Vec<_> = blueprint.draws.iter().enumerate().collect();
    draws.sort_by_key(|(_, draw)| draw.difficulty.is_none());
    let mut taken = BTreeSet::new();
    let mut drawn = Vec::new();
    for (place, draw) in draws {
        let fits = |item: &&Item| {
            item.topic == draw.topic
                && draw.difficulty.is_none_or(|difficulty| item.difficulty == difficulty)
                && !taken.contains(&item.id)
        };
        let mut found: Vec<&Item> = bank.iter().filter(fits).collect();
        let wanted = usize::try_from(draw.count).unwrap_or(usize::MAX);
        if found.len() < wanted {
            return Err(TooSmall { topic: draw.topic.clone(), wanted, found: found.len() });
        }
        found.sort_by_cached_key(|item| lot(seed, "draw", &item.id));
        found.truncate(wanted);
        taken.extend(found.iter().map(|item| item.id.clone()));
        drawn.extend(found.into_iter().map(|item| (place, item)));
    }
    if blueprint.shuffle {
        drawn.sort_by_cached_key(|(_, item)| lot(seed, "order", &item.id));
    } else {
        drawn.sort_by_key(|(place, _)| *place);
    }
    let question = |(_, item): (usize, &Item)| Question {
        item: item.id.clone(),
        points: 1,
        shape: shape(item, blueprint.shuffle, seed),
    };
    Ok(Paper { seed: seed.to_owned(), questions: drawn.into_iter().map(question).collect() })
}

fn shape(item: &Item, shuffle: bool, seed: &str) -> Shape {
    let ids = |options: Vec<PublicOption>, mix: bool| {
        let mut ids: Vec<String> = options.into_iter().map(|option| option.id).collect();
        if mix {
            ids.sort_by_cached_key(|id| lot(seed, &item.id, id));
        }
        ids
    };
    let mix = shuffle && item.shuffle;
    match item.public_view().kind {
        PublicKind::Single { options } => Shape::Single { options: ids(options, mix) },
        PublicKind::Multiple { options } => Shape::Multiple { options: ids(options, mix) },
        PublicKind::TrueFalse => Shape::TrueFalse,
        PublicKind::Short => Shape::Short,
        PublicKind::Numeric => Shape::Numeric,
        PublicKind::Matching { lefts, rights } => {
            Shape::Matching { lefts: ids(lefts, false), rights: ids(rights, shuffle) }
        }
    }
}

/// Sorting by lots is a fair shuffle that needs no generator: a hash nobody can foresee without the seed.
fn lot(seed: &str, purpose: &str, id: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [seed, purpose, id] {
        hash.update(part);
        hash.update([0]);
    }
    hash.finalize().into()
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        courses::package::{AssessmentKind, Draw, ShowKey},
        questions::gift,
    };

    pub fn blueprint(draws: &[(&str, Option<u8>, u32)]) -> Assessment {
        let draw =
            |&(topic, difficulty, count): &(&str, Option<u8>, u32)| Draw { topic: topic.to_owned(), difficulty, count };
        Assessment {
            id: "x-test".to_owned(),
            title: "Bài kiểm tra".to_owned(),
            kind: AssessmentKind::Final,
            minutes: 20,
            attempts: 3,
            pass_percent: 50,
            shuffle: true,
            show_key: ShowKey::Never,
            draws: draws.iter().map(draw).collect(),
        }
    }

    fn bank() -> Vec<Item> {
        let mut text = String::new();
        for number in 0..12 {
            let difficulty = number % 3 + 1;
            text += &format!("// id: q-{number:03}\n// difficulty: {difficulty}\nMấy? {{=một ~hai ~ba ~bốn}}\n\n");
        }
        text += "// id: q-pair\nGhép {=1.0 -> 2015 =2.0 -> 2019 = -> 2030}\n\n// id: q-fixed\n// shuffle: no\nChọn {~a =b ~c}\n";
        let read = gift::parse("bank.gift", &text, gift::Home::Bank { topic: "t" });
        assert!(read.faults.iter().all(|fault| !fault.is_error()), "{:?}", read.faults);
        read.questions.into_iter().map(|parsed| parsed.item).collect()
    }

    proptest! {
        #[test]
        fn a_seed_gives_one_paper_without_repetition(seed in "[a-z0-9]{1,20}") {
            let (bank, blueprint) = (bank(), blueprint(&[("t", None, 5), ("t", Some(1), 4), ("t", Some(3), 2)]));
            let paper = draw(&blueprint, &bank, &seed).unwrap();
            prop_assert_eq!(&paper, &draw(&blueprint, &bank, &seed).unwrap());
            let items: BTreeSet<_> = paper.items().into_iter().collect();
            prop_assert_eq!(items.len(), 11);
            let easy = bank.iter().filter(|item| item.difficulty == 1 && items.contains(&item.id)).count();
            prop_assert_eq!(easy, 4);
            let kept = serde_json::to_string(&paper).unwrap();
            for position in -1..=13 {
                prop_assert_eq!(question_in(&kept, position).unwrap(), paper.question(position).cloned());
            }
            let again: Paper = serde_json::from_str(&kept).unwrap();
            prop_assert_eq!(again, paper);
        }
    }

    #[test]
    fn every_shape_is_read_as_it_was_kept() {
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let shapes = [
            Shape::Single { options: ids(&["a", "b"]) },
            Shape::Multiple { options: ids(&["c"]) },
            Shape::TrueFalse,
            Shape::Short,
            Shape::Numeric,
            Shape::Matching { lefts: ids(&["d"]), rights: ids(&["e", "f"]) },
        ];
        let questions = shapes.map(|shape| Question { item: "q-\"1\"".to_owned(), points: 2, shape });
        let paper = Paper { seed: "s".to_owned(), questions: questions.into() };
        let kept = serde_json::to_string(&paper).unwrap();
        assert_eq!(serde_json::from_str::<Paper>(&kept).unwrap(), paper);
        for (position, question) in paper.numbered() {
            assert_eq!(question_in(&kept, position).unwrap().as_ref(), Some(question));
        }
        let bare = "{\"questions\":[{\"item\":\"q\",\"points\":1,\"type\":\"single\"}]}";
        for broken in ["", "[]", "{}", "{\"questions\":[{}]}", bare, &kept[1..]] {
            assert!(question_in(broken, 1).is_err(), "{broken}");
        }
    }

    #[test]
    fn seeds_give_different_papers_and_orders() {
        let (bank, blueprint) = (bank(), blueprint(&[("t", Some(1), 3)]));
        let papers: BTreeSet<_> =
            (0..40).map(|n| format!("{:?}", draw(&blueprint, &bank, &format!("s{n}")).unwrap().questions)).collect();
        assert!(papers.len() > 35, "{}", papers.len());
    }

    #[test]
    fn a_bank_too_small_is_said() {
        let error = draw(&blueprint(&[("t", Some(1), 3), ("t", Some(1), 2)]), &bank(), "s").unwrap_err();
        assert_eq!((error.wanted, error.found), (2, 1));
        assert!(draw(&blueprint(&[("khac", None, 1)]), &bank(), "s").is_err());
    }

    #[test]
    fn a_written_order_stays() {
        let bank = bank();
        let fixed = bank.iter().find(|item| item.id == "q-fixed").unwrap();
        let Shape::Single { options } = shape(fixed, true, "s") else { panic!() };
        let written: Vec<_> = fixed.public_view().kind.clone().into_ids();
        assert_eq!(options, written);
    }

    #[test]
    fn only_what_is_offered_is_an_answer() {
        let bank = bank();
        let paper = draw(&blueprint(&[("t", None, 14)]), &bank, "s").unwrap();
        for question in &paper.questions {
            let item = bank.iter().find(|item| item.id == question.item).unwrap();
            assert!(question.admits(&item.right_answer()) && question.admits(&Answer::Empty));
            assert!(!question.admits(&Answer::Choice { option: "khac".to_owned() }));
            assert!(!question.admits(&Answer::Text { text: "một".to_owned() }));
        }
    }

    impl PublicKind {
        fn into_ids(self) -> Vec<String> {
            match self {
                Self::Single { options } => options.into_iter().map(|option| option.id).collect(),
                _ => Vec::new(),
            }
        }
    }
}
