//! What stands at the end of a lesson: its footnotes and its sources.

use super::super::model::{Source, SourceStatus};
use super::Writer;

impl Writer<'_> {
    pub(super) fn footnotes(&mut self) {
        let document = self.document;
        if self.notes.is_empty() {
            return;
        }
        self.tag("<section class=\"footnotes\" aria-label=\"Chú thích\"><ol>\n");
        let mut number = 0;
        // a footnote may refer to further ones, so the list can grow while it is written
        while let Some(label) = self.notes.get(number).copied() {
            number += 1;
            self.tag("<li");
            self.id(&format!("chu-{number}"));
            self.tag(">");
            if let Some((_, blocks)) = document.notes.iter().find(|(known, _)| known == label) {
                self.blocks(blocks);
            }
            self.tag("<a");
            self.to(&format!("dan-chu-{number}"));
            self.tag(">Về chỗ dẫn</a></li>\n");
        }
        self.tag("</ol></section>\n");
    }

    pub(super) fn sources(&mut self) {
        if self.listed.is_empty() {
            return;
        }
        self.tag("<section class=\"sources\" aria-labelledby=\"nguon\"><h2 id=\"nguon\">Nguồn</h2>\n");
        self.source_list();
        self.tag("</section>\n");
    }

    pub(super) fn source_list(&mut self) {
        self.tag("<ol>\n");
        for source in self.listed.clone() {
            self.tag("<li");
            self.attribute("id", &format!("nguon-{}", source.id));
            self.tag(">");
            self.source_line(source);
            self.tag("</li>\n");
        }
        self.tag("</ol>\n");
    }

    fn source_line(&mut self, source: &Source) {
        if let Some(number) = &source.number {
            self.tag("<strong>");
            self.text(number);
            self.tag("</strong>, ");
        }
        if let Some(date) = source.date {
            self.tag("<time");
            self.attribute("datetime", &date.to_string());
            self.tag(">");
            self.text(&date.format("%d/%m/%Y").to_string());
            self.tag("</time>, ");
        }
        self.text(&source.issuer);
        self.tag(": ");
        match &source.url {
            Some(url) if super::super::document::is_outside(url) => {
                self.tag("<a rel=\"noopener\"");
                self.attribute("href", url);
                self.tag(">");
                self.text(&source.title);
                self.tag("</a>. ");
            }
            _ => {
                self.text(&source.title);
                self.tag(". ");
            }
        }
        let (class, words) = match source.status {
            SourceStatus::Draft => ("source-draft", "Dự thảo"),
            SourceStatus::InForce => ("source-in-force", "Còn hiệu lực"),
            SourceStatus::Replaced => ("source-replaced", "Đã bị thay thế"),
            SourceStatus::Expired => ("source-expired", "Hết hiệu lực"),
            SourceStatus::Reference => ("source-reference", "Tài liệu tham khảo"),
        };
        self.tag("<span");
        self.attribute("class", &format!("source-status {class}"));
        self.tag(">");
        self.text(words);
        let by = source.replaced_by.as_ref();
        if let Some(by) = by.and_then(|id| self.around.sources.iter().find(|source| source.id == *id)) {
            self.tag(" bởi ");
            let linked = self.listed.iter().any(|listed| listed.id == by.id);
            if linked {
                self.tag("<a");
                self.attribute("href", &format!("#nguon-{}", by.id));
                self.tag(">");
            }
            self.text(by.number.as_deref().unwrap_or(&by.title));
            if linked {
                self.tag("</a>");
            }
            if let Some(date) = by.date {
                self.text(&format!(" ngày {}", date.format("%d/%m/%Y")));
            }
        }
        self.tag("</span>");
    }
}
