//! The handout: a whole course as one document to be printed and written on. Everything a lesson may carry goes through the
//! same writer as its page; the questions come as a learner sees them, so no key can be in it.

use std::collections::BTreeMap;

use super::super::document::{Document, parse};
use super::super::model::{Lesson, Module, Package, Source};
use super::super::terms::{glossary, terms};
use super::{Frame, Surroundings, Writer, escape};
use crate::questions::model::{Item, PublicKind, PublicOption};

/// Where the page writes the name of the course and its version: before each lesson. Authors cannot write one: their text is
/// escaped.
pub const HEAD_SLOT: &str = "<div class=\"handout-head-slot\"></div>";

/// The lessons in order with their questions, then the glossary, then the sources; headings begin at `<h2>`.
pub fn handout_html(package: &Package, around: &Surroundings<'_>) -> String {
    let listed: Vec<&Source> = package.sources.iter().collect();
    let mut out = contents(package);
    let mut number = 0;
    for (module, place) in package.modules.iter().zip(1..) {
        let (title, aim) = (escape(&module.title), escape(&module.aim));
        out.push_str(&format!(
            "<section class=\"handout-module\" id=\"cd-{place}\"><h2>Chuyên đề {place}. {title}</h2>\n\
             <p class=\"handout-aim\">{aim}</p>\n"
        ));
        for (index, lesson) in module.lessons.iter().enumerate() {
            number += 1;
            let (is_first, is_last) = (index == 0, index + 1 == module.lessons.len());
            out.push_str("<section class=\"handout-lesson");
            // The first one follows the title of its module on the same sheet.
            out.push_str(if is_first { "\">" } else { " handout-break\">" });
            out.push_str(HEAD_SLOT);
            out.push_str(&lesson_part(package, lesson, number, around, &listed));
            if is_last {
                out.push_str(&closing_part(package, module));
            }
            out.push_str("</section>\n");
        }
        out.push_str("</section>\n");
    }
    out.push_str(&glossary_part(package));
    if !listed.is_empty() {
        let nothing = Document::default();
        let mut writer = Writer::new(around, &nothing, listed, Frame { lower: 2, glossary: "", ..Frame::LESSON });
        writer.tag("<section class=\"handout-end\" id=\"nguon\"><h2>Nguồn</h2>\n<div class=\"sources\">");
        writer.source_list();
        writer.tag("</div></section>\n");
        out.push_str(&writer.out);
    }
    out
}

fn contents(package: &Package) -> String {
    let mut out = String::from(
        "<nav class=\"handout-contents\" aria-labelledby=\"muc-luc\"><h2 id=\"muc-luc\">Mục lục</h2>\n<ol>\n",
    );
    let mut number = 0;
    for (index, module) in package.modules.iter().enumerate() {
        let place = index + 1;
        out.push_str(&format!("<li><a href=\"#cd-{place}\">Chuyên đề {place}. {}</a>\n<ul>\n", escape(&module.title)));
        for lesson in &module.lessons {
            number += 1;
            out.push_str(&format!("<li><a href=\"#b{number}\">Bài {number}. {}</a></li>\n", escape(&lesson.title)));
        }
        out.push_str("</ul></li>\n");
    }
    if package.lessons().any(|(_, lesson)| !terms(&lesson.body).is_empty()) {
        out.push_str("<li><a href=\"#thuat-ngu\">Thuật ngữ</a></li>\n");
    }
    if !package.sources.is_empty() {
        out.push_str("<li><a href=\"#nguon\">Nguồn</a></li>\n");
    }
    out.push_str("</ol></nav>\n");
    out
}

fn lesson_part(
    package: &Package,
    lesson: &Lesson,
    number: usize,
    around: &Surroundings<'_>,
    listed: &[&Source],
) -> String {
    let prefix = format!("b{number}-");
    let order: BTreeMap<&str, usize> = lesson.checks.iter().map(String::as_str).zip(1..).collect();
    let ask = |id: &str| match (package.question(id), order.get(id)) {
        (Some(item), Some(place)) => question(item, *place),
        _ => String::new(),
    };
    let document = parse(&lesson.body);
    let frame = Frame { prefix: &prefix, lower: 2, glossary: "", questions: Some(&ask) };
    let mut writer = Writer::new(around, &document, listed.to_vec(), frame);
    writer.tag(&format!("<h3 id=\"b{number}\">Bài {number}. {}</h3>\n", escape(&lesson.title)));
    let reviewed = lesson.reviewed.format("%d/%m/%Y");
    writer.tag(&format!("<p class=\"muted\">Khoảng {} phút đọc. Rà soát pháp lý: {reviewed}.</p>\n", lesson.minutes));
    writer.blocks(&document.blocks);
    writer.footnotes();
    writer.out
}

/// The questions of a module that stand in no lesson.
fn closing_part(package: &Package, module: &Module) -> String {
    let asked: String = package.closing_questions(module).zip(1..).map(|(item, place)| question(item, place)).collect();
    if asked.is_empty() { asked } else { format!("<h4>Câu hỏi cuối chuyên đề</h4>\n{asked}") }
}

/// A question as on a sheet of paper, with room to write.
fn question(item: &Item, number: usize) -> String {
    let view = item.public_view();
    let text = view.text.lines().map(escape).collect::<Vec<_>>().join("<br>");
    let mut out = format!("<div class=\"handout-question\"><p><strong>Câu {number}.</strong> {text}</p>\n");
    let options = |list: &[PublicOption]| -> String {
        list.iter().map(|option| format!("<li>{}</li>\n", escape(&option.text))).collect()
    };
    match &view.kind {
        PublicKind::Single { options: list } => {
            out.push_str(&format!("<ol class=\"letters\">\n{}</ol>\n", options(list)));
        }
        PublicKind::Multiple { options: list } => {
            out.push_str(&format!(
                "<p class=\"muted\">Có thể chọn nhiều phương án.</p>\n<ol class=\"letters\">\n{}</ol>\n",
                options(list)
            ));
        }
        PublicKind::TrueFalse => out.push_str("<ol class=\"letters\">\n<li>Đúng</li>\n<li>Sai</li>\n</ol>\n"),
        PublicKind::Short | PublicKind::Numeric => out.push_str("<p>Trả lời: <span class=\"blank\"></span></p>\n"),
        PublicKind::Matching { lefts, rights } => {
            let left = lefts
                .iter()
                .map(|side| format!("<li>{} <span class=\"blank blank-short\"></span></li>\n", escape(&side.text)));
            out.push_str(&format!(
                "<p class=\"muted\">Ghi chữ cái của vế phải bên cạnh mỗi vế trái.</p>\n<div class=\"handout-match\"><ol>\n{}</ol>\n<ol class=\"letters\">\n{}</ol></div>\n",
                left.collect::<String>(),
                options(rights)
            ));
        }
    }
    out.push_str("</div>\n");
    out
}

/// All terms with the lessons that explain them.
fn glossary_part(package: &Package) -> String {
    let numbered = package.lessons().zip(1_usize..);
    let said =
        numbered.flat_map(|((_, lesson), number)| terms(&lesson.body).into_iter().map(move |term| (term, number)));
    let entries = glossary(said);
    if entries.is_empty() {
        return String::new();
    }
    let mut out =
        String::from("<section class=\"handout-end\" id=\"thuat-ngu\"><h2>Thuật ngữ</h2>\n<dl class=\"glossary\">\n");
    for entry in entries {
        let id = if entry.anchor.is_empty() { String::new() } else { format!(" id=\"{}\"", entry.anchor) };
        out.push_str(&format!("<div><dt{id}>{}</dt>\n", escape(&entry.name)));
        for (term, number) in entry.said {
            let place = format!("b{number}-{}", term.anchor);
            out.push_str(&format!("<dd>{} <a href=\"#{place}\">Bài {number}</a></dd>\n", escape(&term.explanation)));
        }
        out.push_str("</div>\n");
    }
    out.push_str("</dl></section>\n");
    out
}
