//! A package as its canonical files.

use super::Files;
use super::model::{Assessment, Bilingual, Lesson, Package, Source};
use crate::questions::gift;
use crate::questions::model::Item;

pub(super) fn files(package: &Package) -> Files {
    let mut files = Files::new();
    let mut put = |path: String, text: String| _ = files.insert(path, text.into_bytes());
    put("course.toml".into(), course(package));
    if !package.sources.is_empty() {
        put("sources.toml".into(), package.sources.iter().map(source).collect::<Vec<_>>().join("\n"));
    }
    if !package.assessments.is_empty() {
        put("assessments.toml".into(), package.assessments.iter().map(assessment).collect::<Vec<_>>().join("\n"));
    }
    for (number, module) in (1..).zip(&package.modules) {
        let folder = format!("{number:02}-{}", module.slug);
        let head = Toml::default().text("id", &module.id).text("title", &module.title).text("aim", &module.aim);
        put(format!("{folder}/module.toml"), head.0);
        for (number, one) in (1..).zip(&module.lessons) {
            put(format!("{folder}/{number:02}-{}.md", one.slug), lesson(one));
        }
        let mine = |item: &&Item| item.module.as_ref() == Some(&module.id);
        let checks: Vec<&Item> = package.questions.iter().filter(mine).collect();
        if !checks.is_empty() {
            put(format!("{folder}/check.gift"), gift::write(&checks));
        }
    }
    for (topic, items) in package.bank() {
        put(format!("bank/{topic}.gift"), gift::write(&items));
    }
    for asset in &package.assets {
        files.insert(format!("assets/{}", asset.path), asset.bytes.clone());
    }
    files
}

/// Lines of TOML.
#[derive(Default)]
struct Toml(String);

impl Toml {
    fn raw(mut self, key: &str, value: &str) -> Self {
        self.0.push_str(&format!("{key} = {value}\n"));
        self
    }

    fn text(self, key: &str, value: &str) -> Self {
        self.raw(key, &quoted(value))
    }

    fn maybe(self, key: &str, value: Option<&String>) -> Self {
        match value {
            Some(value) => self.text(key, value),
            None => self,
        }
    }

    /// Several entries get a line each, so that a difference shows the one that changed.
    fn list(self, key: &str, values: &[String]) -> Self {
        let quoted: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        let line = format!("[{}]", quoted.join(", "));
        if line.chars().count() <= 100 {
            return self.raw(key, &line);
        }
        let lines: String = quoted.iter().map(|value| format!("  {value},\n")).collect();
        self.raw(key, &format!("[\n{lines}]"))
    }

    fn filled(self, key: &str, values: &[String]) -> Self {
        if values.is_empty() { self } else { self.list(key, values) }
    }

    fn line(mut self, text: &str) -> Self {
        self.0.push_str(text);
        self.0.push('\n');
        self
    }

    fn both(self, name: &str, value: &Bilingual) -> Self {
        self.line("").line(&format!("[{name}]")).text("vi", &value.vi).text("en", &value.en)
    }
}

/// A basic string. Texts hold no control characters, so two escapes are enough.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The word an enumeration is written as: the one serde uses, so that JSON and TOML agree.
fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn course(package: &Package) -> String {
    let course = &package.course;
    let completion = &course.completion;
    let mut out = Toml::default()
        .text("code", &course.code)
        .text("slug", &course.slug)
        .raw("periods", &course.periods.to_string())
        .list("audience", &course.audience.iter().map(word).collect::<Vec<_>>())
        .filled("prerequisites", &course.prerequisites)
        .text("certificate", &word(course.certificate))
        .raw("legal_review", &course.legal_review.to_string())
        .text("licence", &course.licence)
        .list("authors", &course.authors)
        .maybe("change_note", course.change_note.as_ref())
        .list("objectives", &course.objectives)
        .both("title", &course.title)
        .both("summary", &course.summary)
        .line("")
        .line("[completion]")
        .list("required", &completion.required);
    if !completion.optional.is_empty() {
        out = out.list("optional", &completion.optional).raw("at_least", &completion.at_least.to_string());
    }
    out.0
}

fn source(source: &Source) -> String {
    let mut out = Toml::default().line("[[source]]").text("id", &source.id).maybe("number", source.number.as_ref());
    if let Some(date) = source.date {
        out = out.raw("date", &date.to_string());
    }
    let out = out.text("issuer", &source.issuer).text("title", &source.title).text("status", &word(source.status));
    out.maybe("replaced_by", source.replaced_by.as_ref()).maybe("url", source.url.as_ref()).0
}

fn assessment(assessment: &Assessment) -> String {
    let mut out = Toml::default()
        .line("[[assessment]]")
        .text("id", &assessment.id)
        .text("title", &assessment.title)
        .text("kind", &word(assessment.kind))
        .raw("minutes", &assessment.minutes.to_string())
        .raw("attempts", &assessment.attempts.to_string())
        .raw("pass_percent", &assessment.pass_percent.to_string())
        .raw("shuffle", &assessment.shuffle.to_string())
        .text("show_key", &word(assessment.show_key));
    for draw in &assessment.draws {
        out = out.line("").line("[[assessment.draw]]").text("topic", &draw.topic);
        if let Some(level) = draw.difficulty {
            out = out.raw("difficulty", &level.to_string());
        }
        out = out.raw("count", &draw.count.to_string());
    }
    out.0
}

fn lesson(lesson: &Lesson) -> String {
    let mut head = Toml::default()
        .line("+++")
        .text("id", &lesson.id)
        .text("title", &lesson.title)
        .raw("reviewed", &lesson.reviewed.to_string());
    if lesson.open {
        head = head.raw("open", "true");
    }
    let head = head.filled("sources", &lesson.sources).line("+++").line("");
    format!("{}{}", head.0, lesson.body)
}
