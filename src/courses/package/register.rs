//! All ids of a course and everything that refers to one: filled while reading, settled at the end.

use std::collections::BTreeMap;

use super::keys::Located;
use crate::questions::fault::{Fault, Place};
use crate::questions::gift::closest;

/// What an id belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Module,
    Lesson,
    Check,
    BankQuestion,
    Assessment,
    Source,
}

impl What {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Module => ("chuyên đề", "module"),
            Self::Lesson => ("bài học", "lesson"),
            Self::Check => ("câu hỏi trong check.gift", "question of check.gift"),
            Self::BankQuestion => ("câu hỏi của ngân hàng đề", "bank question"),
            Self::Assessment => ("đề kiểm tra", "assessment"),
            Self::Source => ("nguồn trong sources.toml", "source of sources.toml"),
        }
    }
}

#[derive(Debug)]
struct Defined {
    what: What,
    file: String,
    place: Place,
}

#[derive(Debug)]
struct Wanted {
    id: String,
    kinds: &'static [What],
    file: String,
    place: Place,
}

/// Everything the checker gathers on its way through the files.
#[derive(Debug, Default)]
pub(super) struct Register {
    pub(super) faults: Vec<Fault>,
    defined: BTreeMap<String, Defined>,
    wanted: Vec<Wanted>,
}

impl Register {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        Self { faults, ..Self::default() }
    }

    pub(super) fn add(&mut self, file: &str, place: Place, fault: Fault) {
        self.faults.push(fault.at(file, place));
    }

    pub(super) fn define(&mut self, id: &str, what: What, file: &str, place: Place) {
        if id.is_empty() {
            return;
        }
        if let Some(first) = self.defined.get(id) {
            let free = (2..).map(|number| format!("{id}-{number}")).find(|free| !self.defined.contains_key(free));
            let free = free.unwrap_or_default();
            let (there, line) = (&first.file, first.place.line);
            let fault = Fault::error(
                "id-twice",
                format!("Mã \"{id}\" đã dùng ở {there}:{line}"),
                format!("The id \"{id}\" is taken at {there}:{line}"),
            );
            let fault = fault.hint(format!("đặt mã khác, ví dụ \"{free}\""), format!("choose another, as \"{free}\""));
            self.add(file, place, fault);
        } else {
            self.defined.insert(id.to_owned(), Defined { what, file: file.to_owned(), place });
        }
    }

    /// Notes that `id` must belong to one of these.
    pub(super) fn want(&mut self, id: &str, kinds: &'static [What], file: &str, place: Place) {
        if !id.is_empty() {
            self.wanted.push(Wanted { id: id.to_owned(), kinds, file: file.to_owned(), place });
        }
    }

    /// Ids listed in a TOML file.
    pub(super) fn want_all(
        &mut self,
        ids: &[Located<String>],
        kinds: &'static [What],
        file: &str,
        place: impl Fn(usize) -> Place,
    ) {
        for id in ids {
            self.want(&id.value, kinds, file, place(id.at));
        }
    }

    /// Compares what is wanted with what is there.
    pub(super) fn settle(&mut self) {
        for Wanted { id, kinds, file, place } in std::mem::take(&mut self.wanted) {
            let names = |pick: fn(&What) -> &'static str, or: &str| kinds.iter().map(pick).collect::<Vec<_>>().join(or);
            let (vi, en) = (names(|what| what.names().0, " hoặc "), names(|what| what.names().1, " or "));
            match self.defined.get(&id) {
                Some(found) if kinds.contains(&found.what) => {}
                Some(found) => {
                    let is = found.what.names();
                    let fault = Fault::error(
                        "id-kind",
                        format!("Mã \"{id}\" là {}, ở đây cần {vi}", is.0),
                        format!("\"{id}\" belongs to another kind ({}); needed here: {en}", is.1),
                    );
                    self.add(&file, place, fault);
                }
                None => {
                    let fault = Fault::error(
                        "id-unknown",
                        format!("Không có {vi} nào mang mã \"{id}\""),
                        format!("No {en} has the id \"{id}\""),
                    );
                    let known = self.defined.iter().filter(|(_, defined)| kinds.contains(&defined.what));
                    let fault = match closest(known.map(|(known, _)| known.as_str()), &id) {
                        Some(known) => {
                            fault.hint(format!("có phải \"{known}\"?"), format!("did you mean \"{known}\"?"))
                        }
                        None => fault.hint("kiểm tra lại mã", "check the id"),
                    };
                    self.add(&file, place, fault);
                }
            }
        }
    }
}
