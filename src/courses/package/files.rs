//! The TOML files of a course, each read into the model with its faults.

use super::document::is_outside;
use super::keys::{self, Keys, Located, Origin};
use super::model::{
    Assessment, AssessmentKind, Audience, Bilingual, CertificateKind, Completion, Course, Draw, ShowKey, Source,
    SourceStatus,
};
use super::register::{Register, What};
use super::text::is_slug;
use crate::questions::fault::{Fault, Lines, Place};
use crate::questions::gift::is_id;

/// Reads a TOML file, keeping the register's faults in one list.
fn file<T>(name: &str, text: &str, register: &mut Register, read: impl FnOnce(&mut Keys<'_>, &mut Register) -> T) -> T {
    let lines = Lines::new(text);
    let origin = Origin { file: name, lines: &lines, base: 0 };
    let mut faults = Vec::new();
    let value = keys::read(origin, text, &mut faults, |keys| read(keys, register));
    register.faults.append(&mut faults);
    value
}

fn values(list: Vec<Located<String>>) -> Vec<String> {
    list.into_iter().map(|located| located.value).collect()
}

pub(super) fn course(name: &str, text: &str, register: &mut Register) -> Course {
    file(name, text, register, |keys, register| {
        let code = code(keys);
        let slug = slug(keys);
        let known = [("leaders", Audience::Leaders), ("technology", Audience::Technology), ("other", Audience::Other)];
        let kinds = [
            ("completion", CertificateKind::Completion),
            ("regulated", CertificateKind::Regulated),
            ("none", CertificateKind::None),
        ];
        let prerequisites = keys.strings("prerequisites", false);
        for wanted in &prerequisites {
            if !is_code(&wanted.value) || wanted.value == code {
                let (vi, en) =
                    (format!("\"{}\" không phải mã một khóa khác", wanted.value), "Not the code of another course");
                keys.add(
                    wanted.at,
                    Fault::error("course-code", vi, en).hint("viết như \"KT-01\"", "write as \"KT-01\""),
                );
            }
        }
        Course {
            code,
            slug,
            title: keys.table("title", bilingual),
            summary: keys.table("summary", bilingual),
            objectives: values(keys.strings("objectives", true)),
            audience: keys.choices("audience", &known),
            periods: keys.number("periods", 1..=500, None),
            prerequisites: values(prerequisites),
            completion: keys.table("completion", |keys| completion(keys, register)),
            certificate: keys.choice("certificate", CertificateKind::None, &kinds),
            legal_review: keys.date("legal_review"),
            licence: keys.string("licence").value,
            authors: values(keys.strings("authors", true)),
            change_note: keys.optional("change_note").map(|note| note.value),
        }
    })
}

fn code(keys: &mut Keys<'_>) -> String {
    let code = keys.string("code");
    if !code.value.is_empty() && !is_code(&code.value) {
        let (vi, en) = (format!("Mã khóa học \"{}\" không đúng dạng", code.value), "Not a course code");
        let fault = Fault::error("course-code", vi, en);
        keys.add(
            code.at,
            fault.hint("chữ hoa, chữ số, gạch nối, ví dụ \"KT-01\"", "capitals, digits, hyphens, as \"KT-01\""),
        );
    }
    code.value
}

pub(super) fn is_code(text: &str) -> bool {
    (2..=20).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_uppercase())
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()))
}

fn slug(keys: &mut Keys<'_>) -> String {
    let slug = keys.string("slug");
    if !slug.value.is_empty() && !is_slug(&slug.value) {
        let (vi, en) =
            (format!("Slug \"{}\" không đúng dạng", slug.value), format!("\"{}\" is not a slug", slug.value));
        let better = super::text::slug(&slug.value);
        keys.add(
            slug.at,
            Fault::error("slug", vi, en).hint(format!("viết \"{better}\""), format!("write \"{better}\"")),
        );
    }
    slug.value
}

fn bilingual(keys: &mut Keys<'_>) -> Bilingual {
    Bilingual { vi: keys.string("vi").value, en: keys.string("en").value }
}

fn completion(keys: &mut Keys<'_>, register: &mut Register) -> Completion {
    const KINDS: &[What] = &[What::Module, What::Lesson, What::Assessment];
    let required = keys.strings("required", true);
    let optional = keys.strings("optional", false);
    let origin = keys.origin();
    for list in [&required, &optional] {
        register.want_all(list, KINDS, origin.file, |at| origin.place(at));
    }
    for double in optional.iter().filter(|id| required.iter().any(|known| known.value == id.value)) {
        let (vi, en) = (format!("\"{}\" vừa bắt buộc vừa tự chọn", double.value), "Both required and optional");
        keys.add(double.at, Fault::error("completion", vi, en).hint("giữ ở một danh sách", "keep it in one list"));
    }
    let most = u32::try_from(optional.len()).unwrap_or(u32::MAX);
    let at_least = match (most, keys.has("at_least")) {
        (0, false) => 0,
        (0, true) => {
            keys.number("at_least", 0..=u32::MAX, Some(0));
            let fault = Fault::error(
                "completion",
                "Có \"at_least\" mà không có \"optional\"",
                "\"at_least\" without \"optional\"",
            );
            keys.add(keys.here(), fault.hint("bỏ \"at_least\" hoặc thêm \"optional\"", "drop it or add \"optional\""));
            0
        }
        _ => keys.number("at_least", 1..=most, None),
    };
    Completion { required: values(required), optional: values(optional), at_least }
}

pub(super) fn sources(name: &str, text: &str, register: &mut Register) -> Vec<Source> {
    file(name, text, register, |keys, register| keys.tables("source", false, |keys| source(keys, register)))
}

fn source(keys: &mut Keys<'_>, register: &mut Register) -> Source {
    let origin = keys.origin();
    let id = keys.id("id");
    register.define(&id.value, What::Source, origin.file, origin.place(id.at));
    let kinds = [
        ("in-force", SourceStatus::InForce),
        ("draft", SourceStatus::Draft),
        ("replaced", SourceStatus::Replaced),
        ("expired", SourceStatus::Expired),
        ("reference", SourceStatus::Reference),
    ];
    let status = keys.choice("status", SourceStatus::InForce, &kinds);
    let reference = status == SourceStatus::Reference;
    let (number, date) = if reference {
        (keys.optional("number").map(|number| number.value), keys.optional_date("date").map(|date| date.value))
    } else {
        (Some(keys.string("number").value), Some(keys.date("date")))
    };
    let replaced = status == SourceStatus::Replaced;
    let replaced_by = if replaced { Some(keys.string("replaced_by")) } else { keys.optional("replaced_by") };
    if let Some(by) = &replaced_by {
        let fault = match () {
            () if !replaced => Some((
                "\"replaced_by\" chỉ dùng khi status = \"replaced\"",
                "\"replaced_by\" needs status = \"replaced\"",
            )),
            () if by.value == id.value => Some(("Nguồn tự thay thế chính nó", "The source replaces itself")),
            () => None,
        };
        match fault {
            Some((vi, en)) => keys.add(by.at, Fault::error("source-status", vi, en)),
            None => register.want(&by.value, &[What::Source], origin.file, origin.place(by.at)),
        }
    }
    let url = keys.optional("url");
    if let Some(url) = url.as_ref().filter(|url| !is_outside(&url.value) || url.value.starts_with("mailto:")) {
        let (vi, en) = (format!("\"{}\" không phải địa chỉ http(s)", url.value), "Not an http(s) address");
        keys.add(url.at, Fault::error("source-url", vi, en).hint("viết https://…", "write https://…"));
    }
    Source {
        id: id.value,
        number,
        date,
        issuer: keys.string("issuer").value,
        title: keys.string("title").value,
        status,
        replaced_by: replaced_by.map(|by| by.value),
        url: url.map(|url| url.value),
    }
}

/// Id, title and aim of a module.
pub(super) fn module(name: &str, text: &str, proposal: &str, register: &mut Register) -> (String, String, String) {
    file(name, text, register, |keys, register| {
        let origin = keys.origin();
        let id = id_or_proposal(keys, proposal);
        register.define(&id.value, What::Module, origin.file, origin.place(id.at));
        (id.value, keys.string("title").value, keys.string("aim").value)
    })
}

/// The id of a part; a missing one is proposed.
pub(super) fn id_or_proposal(keys: &mut Keys<'_>, proposal: &str) -> Located<String> {
    if keys.has("id") {
        return keys.id("id");
    }
    let here = keys.here();
    let fault = Fault::error("key-missing", "Thiếu \"id\"", "\"id\" is missing");
    keys.add(here, fault.hint(format!("thêm id = \"{proposal}\""), format!("add id = \"{proposal}\"")));
    keys.optional("id").unwrap_or_default()
}

/// Assessments, each draw with its place for the comparison with the bank.
pub(super) fn assessments(name: &str, text: &str, register: &mut Register) -> Vec<(Assessment, Vec<Place>)> {
    file(name, text, register, |keys, register| keys.tables("assessment", false, |keys| assessment(keys, register)))
}

fn assessment(keys: &mut Keys<'_>, register: &mut Register) -> (Assessment, Vec<Place>) {
    let origin = keys.origin();
    let id = keys.id("id");
    register.define(&id.value, What::Assessment, origin.file, origin.place(id.at));
    let draws = keys.tables("draw", true, |keys| {
        let topic = keys.string("topic");
        if !topic.value.is_empty() && !is_id(&topic.value) {
            keys.bad_id(&topic);
        }
        let difficulty = keys.has("difficulty").then(|| keys.number("difficulty", 1..=3, None));
        let difficulty = difficulty.and_then(|level| u8::try_from(level).ok());
        let draw = Draw { topic: topic.value, difficulty, count: keys.number("count", 1..=500, None) };
        (draw, origin.place(keys.here()))
    });
    let (draws, places) = draws.into_iter().unzip();
    let kinds = [("final", AssessmentKind::Final), ("check", AssessmentKind::Check)];
    let shows =
        [("after-closing", ShowKey::AfterClosing), ("after-submit", ShowKey::AfterSubmit), ("never", ShowKey::Never)];
    let assessment = Assessment {
        id: id.value,
        title: keys.string("title").value,
        kind: keys.choice("kind", AssessmentKind::Final, &kinds),
        minutes: keys.number("minutes", 1..=600, None),
        attempts: keys.number("attempts", 1..=100, None),
        pass_percent: keys.number("pass_percent", 50..=100, Some(50)),
        shuffle: keys.boolean("shuffle", true),
        show_key: keys.choice("show_key", ShowKey::AfterClosing, &shows),
        draws,
    };
    (assessment, places)
}
