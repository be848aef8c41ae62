//! The courses that this version ships, embedded as they lie in `courses/`.

use super::{
    edition::Edition,
    package::{self, Fault, Files},
};

/// The name of a folder, and its files by path.
type Folder = (&'static str, &'static [(&'static str, &'static [u8])]);

include!(concat!(env!("OUT_DIR"), "/courses.rs"));

/// The folder names of the shipped courses.
pub fn names() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, _)| *name)
}

/// A shipped course, checked and made ready for import; the faults otherwise (a test holds the shipped ones to having none).
pub fn edition(name: &str) -> Option<Result<Edition, Vec<Fault>>> {
    let (_, listed) = SHIPPED.iter().find(|(folder, _)| *folder == name)?;
    let files: Files = listed.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect();
    let checked = package::check_files(&files);
    Some(checked.package.map(Edition::of).ok_or(checked.faults))
}
