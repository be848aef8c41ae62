//! The course package: a folder of plain text (courses/README.md) becomes a checked value, or the full list of its faults.
//!
//! Pure: no database, no web, no clock. Invariants:
//! - a [`Package`] that came from [`check_files`] has no dangling or doubled id, only text in NFC, only assets that are what
//!   they say, and draws its bank can satisfy;
//! - folder → package → folder → package is the identity, so the database may keep either form;
//! - [`hash`] depends on the content alone: not on file order, numbering gaps, line endings, byte order marks or layout of
//!   TOML;
//! - [`render::lesson_html`] writes only what [`document`] has a type for, so no lesson can carry markup of its own.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::platform::text::hex;

pub use crate::questions::fault::{Fault, Place, Severity};

mod assets;
mod check;
mod document;
mod files;
mod folder;
mod keys;
mod lesson;
mod model;
mod register;
pub mod render;
mod scaffold;
mod svg;
mod terms;
mod text;
mod write;

pub use model::*;
pub use scaffold::scaffold;
pub use terms::{Entry, Term, glossary, terms};
pub use text::slug;

/// The files of a course by their path with `/`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What the checker found: a package when there is no error, and every fault in the order of files and lines.
#[derive(Debug)]
pub struct Checked {
    pub package: Option<Package>,
    pub faults: Vec<Fault>,
}

/// Checks files held in memory, as the studio and an upload have them.
pub fn check_files(files: &Files) -> Checked {
    check::check(files, Vec::new())
}

/// Checks a folder and keeps warnings beside the package.
pub fn check_folder(folder: &Path) -> Checked {
    let (files, faults) = folder::read(folder);
    check::check(&files, faults)
}

/// The package of a folder, or every fault it has (warnings among them). Warnings alone do not fail;
/// [`check_folder`] shows them.
pub fn read_folder(folder: &Path) -> Result<Package, Vec<Fault>> {
    let Checked { package, faults } = check_folder(folder);
    package.ok_or(faults)
}

/// The files a package is written as; reading them gives the same package.
pub fn to_files(package: &Package) -> Files {
    write::files(package)
}

/// Writes the canonical files into a folder, creating it where needed. Files of an earlier version that the package no
/// longer has are removed, so the folder holds exactly this package; hidden files and `README.md` stay.
pub fn write_folder(package: &Package, folder: &Path) -> io::Result<()> {
    folder::write(&write::files(package), folder)
}

/// Writes files as they are into a folder, creating it where needed.
pub fn write_files(files: &Files, folder: &Path) -> io::Result<()> {
    folder::write(files, folder)
}

/// SHA-256 over the normalised content, in hexadecimal: what a version is known by.
pub fn hash(package: &Package) -> String {
    let mut digest = Sha256::new();
    digest.update(b"nongcot course package 1\n");
    for (path, bytes) in write::files(package) {
        // lengths keep one file's end from being another's beginning
        digest.update(format!("{path}\n{}\n", bytes.len()));
        digest.update(&bytes);
    }
    hex(&digest.finalize())
}

#[cfg(test)]
mod tests;
