//! Versions of courses, kept in memory as pages need them: outline, lessons and questions, already read out of their JSON. A version never
//! changes, so what is kept may be given out as long as two things stand that are not of the version itself: how it was rendered, and the
//! address of its course. Both are asked at each use, in the transaction of the use, so no node ever shows an older one.
//! A lesson page took six statements and the parsing of the whole outline for this; it takes one statement by key.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, PoisonError, RwLock},
};

use super::{
    model::{Outline, Piece, VersionId, pieces},
    package::Assessment,
    queries::{self, Stamp},
};
use crate::{
    platform::{
        db::DbConn,
        error::{Error, Result},
    },
    questions::model::Item,
};

/// So many versions are kept; one more takes the place of the one that was fetched first. One is about as large as its texts.
const MOST: usize = 64;

/// A version with everything that pages show of it.
#[derive(Debug)]
pub struct Book {
    stamp: Stamp,
    pub outline: Outline,
    /// Each lesson, taken apart at its check questions.
    lessons: HashMap<String, Vec<Stretch>>,
    /// Every question with its key, those of lessons and those of the bank.
    pub questions: BTreeMap<String, Item>,
}

/// A [`Piece`] that owns its text.
#[derive(Debug)]
struct Stretch {
    html: String,
    check: Option<String>,
}

impl Stretch {
    fn all_of(html: &str) -> Vec<Self> {
        let own = |piece: Piece<'_>| Self { html: piece.html.to_owned(), check: piece.check.map(str::to_owned) };
        pieces(html).into_iter().map(own).collect()
    }
}

impl Book {
    /// The rendered text of a lesson and the questions in it, in order.
    pub fn lesson(&self, slug: &str) -> Result<impl Iterator<Item = Piece<'_>>> {
        let stretches = self.lessons.get(slug).ok_or(Error::NotFound)?;
        Ok(stretches.iter().map(|stretch| Piece { html: &stretch.html, check: stretch.check.as_deref() }))
    }

    pub fn assessment(&self, key: &str) -> Result<&Assessment> {
        self.outline.assessments.iter().find(|test| test.id == key).ok_or(Error::NotFound)
    }
}

/// One for the program.
#[derive(Default)]
pub struct Shelf(RwLock<Books>);

#[derive(Default)]
struct Books {
    by_version: HashMap<VersionId, Arc<Book>>,
    /// As they were fetched, the first one in front.
    order: VecDeque<VersionId>,
}

impl Books {
    fn put(&mut self, version: VersionId, book: Arc<Book>) {
        if self.by_version.insert(version, book).is_none() {
            self.order.push_back(version);
        }
        if self.order.len() > MOST {
            self.order.pop_front().and_then(|first| self.by_version.remove(&first));
        }
    }
}

impl Shelf {
    pub fn book(&self, c: &mut DbConn, version: VersionId) -> Result<Arc<Book>> {
        let stamp = queries::stamp(c, version)?;
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner).by_version.get(&version).cloned();
        if let Some(book) = kept.filter(|book| book.stamp == stamp) {
            return Ok(book);
        }
        let book = Arc::new(Book {
            stamp,
            outline: queries::outline(c, version)?,
            lessons: queries::lessons_html(c, version)?
                .into_iter()
                .map(|(slug, html)| (slug, Stretch::all_of(&html)))
                .collect(),
            questions: queries::all_questions(c, version)?,
        });
        self.0.write().unwrap_or_else(PoisonError::into_inner).put(version, Arc::clone(&book));
        Ok(book)
    }
}
