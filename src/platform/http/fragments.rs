//! Parts of pages that many visitors see alike, kept as they were rendered: the head and foot of each page for the people of one role, and the
//! questions of tests and lessons. The paper of a test is twenty questions; a question of the bank has a
//! few dozen faces (the order of its options, which of them is chosen), and ten thousand people see the same ones. Rendered anew each time
//! they were most of what a paper costs.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use crate::platform::i18n::Locale;

/// So many make a generation, and two are kept. One is about two kilobytes, with what it was rendered from.
const GENERATION: usize = 4096;

/// The signs that stand for what differs between visitors. Unicode keeps them for private use, so no text has them.
pub const HOLES: [&str; 7] = ["\u{E001}", "\u{E002}", "\u{E003}", "\u{E004}", "\u{E005}", "\u{E006}", "\u{E007}"];

/// A part as it was rendered, cut where its signs stood.
#[derive(Debug)]
pub struct Part {
    /// A text, and the sign after it by its place among [`HOLES`].
    pieces: Vec<(String, usize)>,
    end: String,
}

impl Part {
    pub fn of(rendered: &str) -> Self {
        let mut part = Self { pieces: Vec::new(), end: String::new() };
        let mut rest = rendered;
        while let Some((at, sign)) = rest.char_indices().find(|(_, sign)| ('\u{E001}'..='\u{E007}').contains(sign)) {
            let (head, tail) = rest.split_at(at);
            let hole = HOLES.iter().position(|hole| tail.starts_with(hole)).unwrap_or_default();
            part.pieces.push((head.to_owned(), hole));
            rest = tail.get(sign.len_utf8()..).unwrap_or_default();
        }
        part.end = rest.to_owned();
        part
    }

    /// Puts what differs where its signs stood. It was escaped before.
    pub fn filled(&self, with: &[String]) -> String {
        let texts = self.pieces.iter().map(|(text, _)| text.len()).sum::<usize>() + self.end.len();
        let mut filled = String::with_capacity(texts + 64 * self.pieces.len());
        for (text, hole) in &self.pieces {
            filled.push_str(text);
            filled.push_str(with.get(*hole).map_or("", String::as_str));
        }
        filled.push_str(&self.end);
        filled
    }
}

/// By the language and by all that the part was rendered from, so that nothing has to be noticed or forgotten in time.
type Parts = HashMap<(Locale, String), Arc<Part>>;

/// The parts that were asked for lately. When a generation is full the one before it goes, but for what was asked for meanwhile.
#[derive(Default)]
pub struct Fragments {
    young: RwLock<Parts>,
    old: RwLock<Parts>,
}

impl Fragments {
    /// The part made from these words, made now if it is not there.
    pub fn get<E>(
        &self,
        locale: Locale,
        from: String,
        render: impl FnOnce() -> Result<String, E>,
    ) -> Result<Arc<Part>, E> {
        let key = (locale, from);
        if let Some(kept) = read(&self.young).get(&key) {
            return Ok(Arc::clone(kept));
        }
        let old = read(&self.old).get(&key).cloned();
        let part = match old {
            Some(kept) => kept,
            None => Arc::new(Part::of(&render()?)),
        };
        let mut young = write(&self.young);
        if young.len() >= GENERATION {
            *write(&self.old) = std::mem::take(&mut *young);
        }
        young.insert(key, Arc::clone(&part));
        Ok(part)
    }
}

fn read(parts: &RwLock<Parts>) -> RwLockReadGuard<'_, Parts> {
    parts.read().unwrap_or_else(PoisonError::into_inner)
}

fn write(parts: &RwLock<Parts>) -> RwLockWriteGuard<'_, Parts> {
    parts.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_put_where_its_signs_stand() {
        let [a, b, ..] = HOLES;
        let part = Part::of(&format!("<i id=\"{a}-1\">{b}</i>{a}"));
        assert_eq!(part.filled(&["q3".to_owned(), "Câu 3".to_owned()]), "<i id=\"q3-1\">Câu 3</i>q3");
        // A sign that somebody typed is a text like any other.
        assert_eq!(part.filled(&[b.to_owned(), "x".to_owned()]), format!("<i id=\"{b}-1\">x</i>{b}"));
        assert_eq!(Part::of("nothing").filled(&[]), "nothing");
    }

    #[test]
    fn a_part_is_made_once_for_each_language_and_each_view() {
        let fragments = Fragments::default();
        let mut made = 0;
        for (locale, from) in [(Locale::Vi, "a"), (Locale::Vi, "a"), (Locale::En, "a"), (Locale::Vi, "b")] {
            let part = fragments.get::<()>(locale, from.to_owned(), || {
                made += 1;
                Ok(format!("{from} {}", locale.tag()))
            });
            assert_eq!(part.unwrap().filled(&[]), format!("{from} {}", locale.tag()));
        }
        assert_eq!(made, 3);
    }

    #[test]
    fn what_is_asked_for_again_and_again_outlives_the_rest() {
        let fragments = Fragments::default();
        let get = |from: String| fragments.get(Locale::Vi, from, || Err(()));
        let make = |from: String| fragments.get::<()>(Locale::Vi, from.clone(), || Ok(from)).unwrap();
        make("wanted".to_owned());
        for n in 0..3 * GENERATION {
            make(n.to_string());
            assert!(get("wanted".to_owned()).is_ok(), "after {n}");
        }
        assert!(get("0".to_owned()).is_err(), "nobody asked for it again");
        let kept = read(&fragments.young).len() + read(&fragments.old).len();
        assert!(kept <= 2 * GENERATION, "{kept}");
    }
}
