//! The one pass over a course: sorts the files into their rooms, reads each, then compares them with each other. It never
//! stops at a fault.

use std::collections::{BTreeMap, BTreeSet};

use super::folder::{MOST_BYTES, MOST_FILES, is_ignored, too_big};
use super::lesson::AssetUse;
use super::model::{Assessment, Asset, Lesson, Media, Module, Package};
use super::register::{Register, What};
use super::text::{is_slug, normal};
use super::{Checked, Files, assets, files, lesson};
use crate::questions::fault::{Fault, Place};
use crate::questions::gift::{self, Home, is_id};
use crate::questions::model::Item;

/// The largest text file.
const MOST_TEXT: usize = 512 * 1024;

/// A module's files, by number and name.
#[derive(Default)]
struct Room<'a> {
    lessons: Vec<(u32, &'a str, &'a str)>,
    check: Option<&'a str>,
    head: Option<&'a str>,
}

struct Checker<'a> {
    files: &'a Files,
    register: Register,
    /// Files that belong to no room are found by what is left.
    known: BTreeSet<&'a str>,
    used: Vec<(String, String, Place)>,
}

/// Checks the files of a course; `faults` were found while reading the folder.
pub(super) fn check(files: &Files, faults: Vec<Fault>) -> Checked {
    let register = Register::new(faults);
    let mut checker = Checker { files, register, known: BTreeSet::new(), used: Vec::new() };
    checker.limits();
    let package = checker.package();
    checker.strays();
    checker.register.settle();
    let mut faults = checker.register.faults;
    faults.sort();
    faults.dedup();
    let failed = faults.iter().any(Fault::is_error);
    Checked { package: package.filter(|_| !failed), faults }
}

impl<'a> Checker<'a> {
    fn limits(&mut self) {
        let bytes: usize = self.files.values().map(Vec::len).fold(0, usize::saturating_add);
        if self.files.len() > MOST_FILES || u64::try_from(bytes).unwrap_or(u64::MAX) > MOST_BYTES {
            too_big("course.toml", &mut self.register.faults);
        }
        for path in self.files.keys() {
            let outside = |part: &str| part.is_empty() || part == "." || part == "..";
            if path.split('/').any(outside) || path.contains(['\\', ':']) || path.chars().any(char::is_control) {
                let fault = Fault::error("path", "Đường dẫn ra ngoài khóa học", "The path leads out of the course");
                self.register.add(path, Place::START, fault);
            }
        }
    }

    /// The normal text of a file, once.
    fn text(&mut self, path: &'a str) -> Option<String> {
        let bytes = self.files.get(path)?;
        self.known.insert(path);
        if bytes.len() > MOST_TEXT {
            let size = bytes.len() / 1024;
            let fault = Fault::error(
                "text-size",
                format!("Tệp {size} KiB, tối đa 512 KiB"),
                format!("{size} KiB, at most 512"),
            );
            self.register.add(path, Place::START, fault.hint("tách tệp", "split the file"));
            return None;
        }
        normal(path, bytes, &mut self.register.faults)
    }

    fn missing(&mut self, path: &str) {
        let fault = Fault::error("file-missing", "Thiếu tệp này", "The file is missing");
        self.register.add(path, Place::START, fault.hint("xem courses/README.md", "see courses/README.md"));
    }

    fn package(&mut self) -> Option<Package> {
        let course = match self.text("course.toml") {
            Some(text) => Some(files::course("course.toml", &text, &mut self.register)),
            None => {
                if !self.files.contains_key("course.toml") {
                    self.missing("course.toml");
                }
                None
            }
        };
        let prefix: String =
            course.as_ref().map(|course| course.code.to_lowercase().replace('-', "")).unwrap_or_default();
        let prefix = if is_id(&format!("{prefix}-x")) { prefix } else { "ma".to_owned() };
        let sources = match self.text("sources.toml") {
            Some(text) => files::sources("sources.toml", &text, &mut self.register),
            None => Vec::new(),
        };
        let mut questions = Vec::new();
        let modules = self.modules(&prefix, &mut questions);
        self.bank(&mut questions);
        let assets = self.assets();
        let assessments = match self.text("assessments.toml") {
            Some(text) => files::assessments("assessments.toml", &text, &mut self.register),
            None => Vec::new(),
        };
        self.draws(&assessments, &questions);
        let assessments = assessments.into_iter().map(|(assessment, _)| assessment).collect();
        Some(Package { course: course?, sources, modules, questions, assessments, assets })
    }

    /// Folders `NN-slug` in their order.
    fn rooms(&mut self) -> Vec<(u32, &'a str, &'a str, Room<'a>)> {
        let mut rooms: BTreeMap<&'a str, Room<'a>> = BTreeMap::new();
        for path in self.files.keys().map(String::as_str) {
            let Some((folder, name)) = path.split_once('/') else { continue };
            if numbered(folder).is_none() || is_ignored(path) {
                continue;
            }
            let room = rooms.entry(folder).or_default();
            match name {
                "module.toml" => room.head = Some(path),
                "check.gift" => room.check = Some(path),
                _ => {
                    if let Some((number, slug)) = name.strip_suffix(".md").and_then(numbered) {
                        room.lessons.push((number, slug, path));
                    }
                }
            }
        }
        let mut rooms: Vec<_> = rooms
            .into_iter()
            .filter_map(|(folder, room)| numbered(folder).map(|(number, slug)| (number, slug, folder, room)))
            .collect();
        rooms.sort_by_key(|(number, ..)| *number);
        rooms
    }

    fn modules(&mut self, prefix: &str, questions: &mut Vec<Item>) -> Vec<Module> {
        let mut modules: Vec<Module> = Vec::new();
        let mut numbers = BTreeSet::new();
        for (number, slug, folder, mut room) in self.rooms() {
            let head = format!("{folder}/module.toml");
            if !numbers.insert(number) {
                self.same_number(&head, "chuyên đề", "modules");
            }
            if modules.iter().any(|module| module.slug == slug) {
                self.same_slug(&head, slug);
            }
            let proposal = format!("{prefix}-m{number}");
            let (id, title, aim) = match room.head.and_then(|path| self.text(path)) {
                Some(text) => files::module(&head, &text, &proposal, &mut self.register),
                None => {
                    if room.head.is_none() {
                        self.missing(&head);
                    }
                    Default::default()
                }
            };
            if let Some(path) = room.check {
                self.questions(path, Home::Module { id: &id }, questions);
            }
            room.lessons.sort_by_key(|(number, ..)| *number);
            if room.lessons.is_empty() {
                let fault = Fault::error("module-empty", "Chuyên đề chưa có bài học", "The module has no lessons");
                self.register.add(&head, Place::START, fault.hint("thêm tệp 01-….md", "add a file 01-….md"));
            }
            let lessons = self.lessons(prefix, &room);
            modules.push(Module { id, slug: slug.to_owned(), title, aim, lessons });
        }
        if modules.is_empty() {
            let fault = Fault::error("course-empty", "Khóa học chưa có chuyên đề", "The course has no modules");
            self.register.add("course.toml", Place::START, fault.hint("thêm thư mục 01-…", "add a folder 01-…"));
        }
        modules
    }

    fn lessons(&mut self, prefix: &str, room: &Room<'a>) -> Vec<Lesson> {
        let mut lessons: Vec<Lesson> = Vec::new();
        let mut seen: (BTreeSet<u32>, BTreeSet<&str>) = Default::default();
        for (number, slug, path) in &room.lessons {
            if !seen.0.insert(*number) {
                self.same_number(path, "bài học", "lessons");
            }
            if !seen.1.insert(slug) {
                self.same_slug(path, slug);
            }
            let Some(text) = self.text(path) else { continue };
            let proposal: String = format!("{prefix}-{slug}").chars().take(64).collect();
            let (lesson, assets) = lesson::read(path, &text, slug, &proposal, &mut self.register);
            self.used.extend(assets.into_iter().map(|(asset, place): AssetUse| (asset, (*path).to_owned(), place)));
            lessons.extend(lesson);
        }
        lessons
    }

    fn same_number(&mut self, path: &str, vi: &str, en: &str) {
        let fault = Fault::error("order", format!("Hai {vi} cùng số thứ tự"), format!("Two {en} have the same number"));
        self.register.add(path, Place::START, fault.hint("đánh lại số ở đầu tên", "renumber the names"));
    }

    fn same_slug(&mut self, path: &str, slug: &str) {
        let (vi, en) = (format!("Trùng slug \"{slug}\""), format!("The slug \"{slug}\" is used twice"));
        let fault = Fault::error("slug-twice", vi, en);
        self.register.add(path, Place::START, fault.hint("đổi phần chữ của tên", "change the words of the name"));
    }

    fn questions(&mut self, path: &'a str, home: Home<'_>, questions: &mut Vec<Item>) {
        let Some(text) = self.text(path) else { return };
        let what = if matches!(home, Home::Bank { .. }) { What::BankQuestion } else { What::Check };
        let mut reading = gift::parse(path, &text, home);
        self.register.faults.append(&mut reading.faults);
        for (id, place) in &reading.broken {
            self.register.define(id, what, path, *place);
        }
        for gift::Parsed { item, place } in reading.questions {
            self.register.define(&item.id, what, path, place);
            for source in &item.sources {
                self.register.want(source, &[What::Source], path, place);
            }
            questions.push(item);
        }
    }

    fn bank(&mut self, questions: &mut Vec<Item>) {
        for path in self.files.keys().map(String::as_str) {
            let topic = path.strip_prefix("bank/").and_then(|name| name.strip_suffix(".gift"));
            if let Some(topic) = topic.filter(|topic| is_id(topic)) {
                self.questions(path, Home::Bank { topic }, questions);
            }
        }
    }

    fn assets(&mut self) -> Vec<Asset> {
        let mut found = Vec::new();
        for (path, bytes) in self.files {
            if let Some(name) = path.strip_prefix("assets/").filter(|_| !is_ignored(path)) {
                self.known.insert(path);
                found.extend(assets::read(path, name, bytes, &mut self.register.faults));
            }
        }
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        for (name, file, place) in std::mem::take(&mut self.used) {
            self.asset_used(&name, &file, place);
            if Media::of(&name) == Some(Media::Mp4) {
                wanted.insert(subtitles(&name));
            }
            wanted.insert(name);
        }
        for asset in found.iter().filter(|asset| !wanted.contains(&asset.path)) {
            let fault = Fault::warning("asset-unused", "Không bài nào dùng tệp này", "No lesson uses this file");
            let fault = fault.hint("xóa tệp hoặc đưa vào bài", "delete it or use it");
            self.register.add(&format!("assets/{}", asset.path), Place::START, fault);
        }
        found
    }

    fn asset_used(&mut self, name: &str, file: &str, place: Place) {
        if !self.files.contains_key(&format!("assets/{name}")) {
            let (vi, en) = (format!("Không có tệp assets/{name}"), format!("There is no file assets/{name}"));
            let fault = Fault::error("asset-missing", vi, en);
            let known = self.files.keys().filter_map(|path| path.strip_prefix("assets/"));
            let fault = match gift::closest(known, name) {
                Some(known) => {
                    fault.hint(format!("có phải ../assets/{known}?"), format!("did you mean ../assets/{known}?"))
                }
                None => fault.hint("chép tệp vào assets/", "put the file into assets/"),
            };
            self.register.add(file, place, fault);
        } else if Media::of(name) == Some(Media::Mp4)
            && !self.files.contains_key(&format!("assets/{}", subtitles(name)))
        {
            let subtitles = subtitles(name);
            let fault = Fault::error("subtitles", "Phim không có phụ đề", "The film has no subtitles");
            let hint = format!("thêm assets/{subtitles}");
            self.register.add(file, place, fault.hint(hint, format!("add assets/{subtitles}")));
        }
    }

    /// Each topic must hold what is drawn of every difficulty, and in all: draws of one level never overlap those of
    /// another, so these sums decide.
    fn draws(&mut self, assessments: &[(Assessment, Vec<Place>)], questions: &[Item]) {
        for (assessment, places) in assessments {
            let mut wanted: BTreeMap<(&str, Option<u8>), u32> = BTreeMap::new();
            let mut told = BTreeSet::new();
            for (draw, place) in assessment.draws.iter().zip(places) {
                for level in BTreeSet::from([None, draw.difficulty]) {
                    let sum = wanted.entry((&draw.topic, level)).or_default();
                    *sum = sum.saturating_add(draw.count);
                    let fitting = questions.iter().filter(|item| {
                        item.module.is_none()
                            && item.topic == draw.topic
                            && level.is_none_or(|level| item.difficulty == level)
                    });
                    let there = u32::try_from(fitting.count()).unwrap_or(u32::MAX);
                    if *sum <= there || draw.topic.is_empty() || !told.insert(draw.topic.as_str()) {
                        continue;
                    }
                    let (topic, sum) = (&draw.topic, *sum);
                    let of = level
                        .map(|level| (format!(", độ khó {level}"), format!(", difficulty {level}")))
                        .unwrap_or_default();
                    let fault = Fault::error(
                        "draw",
                        format!("Rút {sum} câu chủ đề \"{topic}\"{} nhưng ngân hàng chỉ có {there}", of.0),
                        format!("{sum} questions of \"{topic}\"{} are drawn, the bank has {there}", of.1),
                    );
                    let hint = format!("thêm câu vào bank/{topic}.gift hoặc giảm count");
                    let fault = fault.hint(hint, format!("add questions to bank/{topic}.gift or lower count"));
                    self.register.add("assessments.toml", *place, fault);
                }
            }
        }
    }

    /// Files that no room took.
    fn strays(&mut self) {
        for path in self.files.keys().filter(|path| !self.known.contains(path.as_str()) && !is_ignored(path)) {
            let ours = [".md", ".gift", ".toml"].iter().any(|ending| path.ends_with(ending));
            let (vi, en) = ("Tệp không thuộc chỗ nào của khóa học", "The file belongs nowhere in the course");
            let fault = if ours { Fault::error("stray", vi, en) } else { Fault::warning("stray", vi, en) };
            let hint = "bài học: 01-chuyen-de/01-bai.md; câu hỏi: check.gift hoặc bank/chu-de.gift; hình: assets/";
            let hint_en =
                "lessons: 01-module/01-lesson.md; questions: check.gift or bank/topic.gift; pictures: assets/";
            self.register.add(path, Place::START, fault.hint(hint, hint_en));
        }
    }
}

/// The subtitles of a film.
pub(super) fn subtitles(film: &str) -> String {
    format!("{}.vtt", film.trim_end_matches(".mp4"))
}

/// `01-vi-sao` → 1 and "vi-sao".
fn numbered(name: &str) -> Option<(u32, &str)> {
    let (number, slug) = name.split_once('-')?;
    let digits = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    (digits && is_slug(slug)).then(|| Some((number.parse().ok()?, slug)))?
}
