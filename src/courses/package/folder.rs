//! Folders on disk: reading them without following anything out of them, and writing them back.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::Files;
use crate::questions::fault::{Fault, Place};

/// Limits of a whole course.
pub(super) const MOST_FILES: usize = 2_000;
pub(super) const MOST_BYTES: u64 = 200 * 1024 * 1024;
/// One file; every type has its own, smaller limit.
const MOST_OF_A_FILE: u64 = 64 * 1024 * 1024;
const DEEPEST: usize = 6;

struct Reading {
    files: Files,
    faults: Vec<Fault>,
    bytes: u64,
    full: bool,
}

/// Every regular file below the folder; links and special files are faults.
pub(super) fn read(folder: &Path) -> (Files, Vec<Fault>) {
    let mut reading = Reading { files: Files::new(), faults: Vec::new(), bytes: 0, full: false };
    if folder.is_dir() {
        reading.folder(folder, "", 0);
    } else {
        let (vi, en) =
            (format!("Không có thư mục {}", folder.display()), format!("There is no folder {}", folder.display()));
        reading.refuse("course.toml", "folder", vi, en);
    }
    (reading.files, reading.faults)
}

/// What is passed over: hidden files, and notes to other authors.
pub(super) fn is_ignored(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.') && part != "." && part != "..")
        || path.rsplit('/').next() == Some("README.md")
}

impl Reading {
    fn refuse(&mut self, file: &str, code: &'static str, vi: impl Into<String>, en: impl Into<String>) {
        self.faults.push(Fault::error(code, vi, en).at(file, Place::START));
    }

    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) {
        let unreadable = ("Không đọc được", "Cannot be read");
        let Ok(entries) = fs::read_dir(folder) else {
            self.refuse(prefix, "unreadable", unreadable.0, unreadable.1);
            return;
        };
        let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if is_ignored(&path) || self.full {
                continue;
            }
            // the type of the entry itself, never of what a link points to
            let Ok(kind) = entry.file_type() else {
                self.refuse(&path, "unreadable", unreadable.0, unreadable.1);
                continue;
            };
            if entry.file_name().to_str().is_none() {
                self.refuse(&path, "path", "Tên tệp không phải UTF-8", "The file name is not UTF-8");
            } else if kind.is_dir() && depth < DEEPEST {
                self.folder(&entry.path(), &format!("{path}/"), depth + 1);
            } else if kind.is_file() {
                if let Err(error) = self.file(&entry.path(), &path) {
                    self.refuse(
                        &path,
                        "unreadable",
                        format!("Không đọc được: {error}"),
                        format!("Cannot be read: {error}"),
                    );
                }
            } else {
                let (vi, en) = if kind.is_symlink() {
                    ("Không dùng liên kết tượng trưng", "Symbolic links are not used")
                } else {
                    ("Không phải tệp thường, hoặc thư mục quá sâu", "Not a regular file, or a folder too deep")
                };
                self.refuse(&path, "special-file", vi, en);
            }
        }
    }

    fn file(&mut self, disk: &Path, path: &str) -> io::Result<()> {
        // Counted while reading: a size asked for beforehand may have changed.
        let mut bytes = Vec::new();
        let most = MOST_OF_A_FILE.min(MOST_BYTES.saturating_sub(self.bytes));
        fs::File::open(disk)?.take(most + 1).read_to_end(&mut bytes)?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(size);
        if size > most || self.files.len() >= MOST_FILES {
            self.full = true;
            too_big(path, &mut self.faults);
            return Ok(());
        }
        self.files.insert(path.to_owned(), bytes);
        Ok(())
    }
}

pub(super) fn too_big(path: &str, faults: &mut Vec<Fault>) {
    let fault = Fault::error(
        "too-big",
        "Khóa học quá lớn: tối đa 2.000 tệp, 200 MiB, mỗi tệp 64 MiB; phần còn lại chưa kiểm tra",
        "The course is too big: at most 2,000 files, 200 MiB, 64 MiB a file; the rest was not checked",
    );
    faults.push(fault.hint("giảm hình và phim", "shrink pictures and films").at(path, Place::START));
}

/// Makes the folder hold exactly these files.
pub(super) fn write(files: &Files, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let (old, _) = read(folder);
    for path in old.keys().filter(|path| !files.contains_key(*path)) {
        fs::remove_file(folder.join(path))?;
        let mut parent = Path::new(path).parent();
        while let Some(empty) = parent.filter(|parent| !parent.as_os_str().is_empty()) {
            // fails, as it should, when something is left in it
            if fs::remove_dir(folder.join(empty)).is_err() {
                break;
            }
            parent = empty.parent();
        }
    }
    for (path, bytes) in files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    Ok(())
}
