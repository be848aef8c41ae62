//! `course`: check folders of text, bring one in as a version, and print what is there.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use serde::Serialize;

use super::{Failure, Outcome};
use crate::{
    access::Actor,
    courses::{
        actions::{self, Imported},
        edition::Edition,
        package::{self, Fault},
        queries,
    },
    platform::{
        clock::Clock,
        db::Database,
        error::Error,
        i18n::{Catalogue, Locale},
        text,
    },
};

/// What `check --json` prints for one folder.
#[derive(Serialize)]
struct Checked<'a> {
    folder: String,
    ok: bool,
    /// Code, lessons, questions and minutes; only where there is no error.
    course: Option<Summary<'a>>,
    faults: &'a [Fault],
}

#[derive(Serialize)]
struct Summary<'a> {
    code: &'a str,
    title: &'a str,
    lessons: usize,
    questions: usize,
    minutes: i32,
    hash: &'a str,
}

/// Checks folders and prints every fault of each, one a line or as JSON. Whether all may be imported: warnings alone do not
/// stop a course. Needs neither configuration nor database.
pub fn check(folders: &[PathBuf], json: bool) -> anyhow::Result<bool> {
    // A reader that has seen enough closes the pipe: an error, not a panic.
    let mut out = std::io::stdout().lock();
    let mut all_good = true;
    let mut printed = Vec::new();
    for folder in folders {
        let checked = package::check_folder(folder);
        let edition = checked.package.map(Edition::of);
        all_good &= edition.is_some();
        let course = edition.as_ref().map(summary);
        if json {
            let folder = folder.display().to_string();
            printed.push(serde_json::to_value(Checked {
                folder,
                ok: course.is_some(),
                course,
                faults: &checked.faults,
            })?);
            continue;
        }
        for fault in &checked.faults {
            writeln!(out, "{}", folder.join(fault.to_string()).display())?;
        }
        match course {
            Some(course) => writeln!(
                out,
                "{}: {} {}: {} bài học, {} câu hỏi, {} phút",
                folder.display(),
                course.code,
                course.title,
                course.lessons,
                course.questions,
                course.minutes
            )?,
            None => writeln!(out, "{}: {} lỗi, chưa nhập được", folder.display(), errors(&checked.faults))?,
        }
    }
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&printed)?)?;
    }
    Ok(all_good)
}

fn summary(edition: &Edition) -> Summary<'_> {
    let package = edition.package();
    Summary {
        code: edition.code(),
        title: &package.course.title.vi,
        lessons: package.lessons().count(),
        questions: package.questions.len(),
        minutes: edition.minutes(),
        hash: edition.hash(),
    }
}

fn errors(faults: &[Fault]) -> usize {
    faults.iter().filter(|fault| fault.is_error()).count()
}

/// Writes a course to start from and says where; refuses where something is already.
pub fn new(parent: &Path, code: &str, title: &str) -> Outcome {
    let code = code.trim().to_uppercase();
    let (folder, files) = package::scaffold(&code, title, Clock::system().today()).map_err(Failure::Usage)?;
    let folder = parent.join(folder);
    if folder.exists() {
        return Err(Failure::Usage(format!("{} đã có; chọn mã hoặc tên khác", folder.display())));
    }
    package::write_files(&files, &folder).with_context(|| format!("{} cannot be written", folder.display()))?;
    println!("{}\nSửa các tệp trong thư mục, rồi kiểm tra: nongcot course check {0}", folder.display());
    Ok(())
}

/// Brings a folder in as a version of its course, whole or not at all, and says what became of it.
pub async fn import(db: &Database, clock: &Clock, folder: &Path, note: Option<String>) -> anyhow::Result<()> {
    let edition = read(folder)?;
    let note = note.or_else(|| edition.package().course.change_note.clone()).unwrap_or_default();
    let now = clock.now().into();
    let code = edition.code().to_owned();
    let imported =
        db.write("courses.import", move |c| actions::import(c, &Actor::system(), now, &edition, &note)).await;
    match imported {
        Ok(Imported::New(version)) => println!("{code}: phiên bản {} ({})", version.number, version.hash),
        Ok(Imported::Unchanged(version)) => println!("{code}: không đổi, vẫn là phiên bản {}", version.number),
        Ok(Imported::Restored(version)) => println!("{code}: trở lại phiên bản {}", version.number),
        Err(Error::Refused(message)) => {
            bail!(Catalogue::embedded().map_err(anyhow::Error::msg)?.text(Locale::Vi, &message))
        }
        Err(Error::Invalid(errors)) => {
            let catalogue = Catalogue::embedded().map_err(anyhow::Error::msg)?;
            let said: Vec<String> = errors.0.iter().map(|(_, message)| catalogue.text(Locale::Vi, message)).collect();
            bail!(said.join("; "))
        }
        Err(other) => return Err(other.into()),
    }
    Ok(())
}

/// The folder as it would be imported; every fault is printed when it cannot be.
pub fn read(folder: &Path) -> anyhow::Result<Edition> {
    let checked = package::check_folder(folder);
    for fault in &checked.faults {
        eprintln!("{}", folder.join(fault.to_string()).display());
    }
    let package = checked
        .package
        .with_context(|| format!("{}: {} lỗi, chưa nhập gì", folder.display(), errors(&checked.faults)))?;
    Ok(Edition::of(package))
}

/// Prints every course with its versions, newest first.
pub async fn list(db: &Database) -> anyhow::Result<()> {
    let courses = db
        .read(|c| {
            let courses = queries::catalogue(c, "")?;
            courses
                .into_iter()
                .map(|course| {
                    let versions = queries::versions(c, course.id)?;
                    Ok::<_, Error>((course, versions))
                })
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    for (course, versions) in &courses {
        println!("{}  {}  /khoa-hoc/{}", course.code, course.version.title_vi, course.slug);
        for version in versions {
            let mark = if version.id == course.version.id { "*" } else { " " };
            let hash = version.hash.get(..12).unwrap_or(&version.hash);
            let day = text::date_of(version.imported_at.0);
            println!("  {mark} {:>3}  {day}  {hash}  {}", version.number, version.change_note);
        }
    }
    if courses.is_empty() {
        println!("Chưa có khóa học nào.");
    }
    Ok(())
}
