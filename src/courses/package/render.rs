//! Lesson → HTML.
//!
//! Safe by construction: the only tags are the literals in this file, every text and every attribute value goes through
//! [`escape`], and the tree it walks ([`super::document`]) has no type for raw HTML, scripts, styles or foreign pictures.
//! Links are `http`, `https`, `mailto`, headings of the lesson, or what `asset_url` returns. So the result may be inserted
//! into a page as it is, also for a body that was never checked. Labels are Vietnamese, the language lessons are written in.

use super::document::{Align, Block, Document, Inline, Target, parse};
use super::model::{Lesson, Media, Source};
use super::terms::Anchors;

mod ends;
mod handout;

pub use handout::{HEAD_SLOT, handout_html};

/// What a lesson needs from around it.
pub struct Surroundings<'a> {
    /// All sources of the course.
    pub sources: &'a [Source],
    /// The address of an asset, from its path under `assets/`.
    pub asset_url: &'a dyn Fn(&str) -> String,
    /// The pixels of a picture, so that the page keeps its room while it loads.
    pub asset_size: &'a dyn Fn(&str) -> Option<(u32, u32)>,
}

/// The body of a lesson and its list of sources. Headings start at `<h2>`: the page shows the title. A check question is
/// left as `<div class="check-slot" data-item="id"></div>` for the page to fill.
pub fn lesson_html(lesson: &Lesson, around: &Surroundings<'_>) -> String {
    let document = parse(&lesson.body);
    let cites = document.cites.iter().map(|cite| cite.value.as_str());
    let mut listed: Vec<&Source> = Vec::new();
    for id in lesson.sources.iter().map(String::as_str).chain(cites) {
        let source = around.sources.iter().find(|source| source.id == id);
        listed.extend(source.filter(|source| !listed.iter().any(|known| known.id == source.id)));
    }
    let mut writer = Writer::new(around, &document, listed, Frame::LESSON);
    writer.blocks(&document.blocks);
    writer.footnotes();
    writer.sources();
    writer.out
}

/// In which document a text is written: alone on the page of its lesson, or between others in the handout.
#[derive(Clone, Copy)]
struct Frame<'a> {
    /// Before every id, so that no two on a page are equal.
    prefix: &'a str,
    /// How much lower the headings stand.
    lower: u8,
    /// The page of the glossary, seen from the lesson; empty where it is on the same one.
    glossary: &'a str,
    /// The questions to be written where they stand, by their ids; `None` leaves their places to the page.
    questions: Option<&'a dyn Fn(&str) -> String>,
}

impl Frame<'_> {
    /// A lesson is read at two addresses, within its course and within a class; the glossary lies beside both.
    const LESSON: Self = Frame { prefix: "", lower: 0, glossary: "../thuat-ngu", questions: None };
}

/// Text for HTML, inside elements and quoted attributes alike.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(sign),
        }
    }
    out
}

struct Writer<'a> {
    out: String,
    around: &'a Surroundings<'a>,
    document: &'a Document,
    /// The sources of the lesson, in the order they are listed at its end.
    listed: Vec<&'a Source>,
    /// Labels of footnotes in the order they are first referred to.
    notes: Vec<&'a str>,
    /// How many callouts have been labelled.
    boxes: usize,
    /// How many tables have been named.
    tables: usize,
    terms: Anchors,
    frame: Frame<'a>,
}

impl<'a> Writer<'a> {
    fn new(around: &'a Surroundings<'a>, document: &'a Document, listed: Vec<&'a Source>, frame: Frame<'a>) -> Self {
        let (out, terms) = (String::new(), Anchors::default());
        Self { out, around, document, listed, notes: Vec::new(), boxes: 0, tables: 0, terms, frame }
    }

    /// ` id="…"`, unique on the page.
    fn id(&mut self, id: &str) {
        let id = format!("{}{id}", self.frame.prefix);
        self.attribute("id", &id);
    }

    /// ` href="#…"` to such an id.
    fn to(&mut self, id: &str) {
        let href = format!("#{}{id}", self.frame.prefix);
        self.attribute("href", &href);
    }

    /// Literal markup of this file.
    fn tag(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(&escape(text));
    }

    /// ` name="value"`.
    fn attribute(&mut self, name: &'static str, value: &str) {
        self.out.push_str(&format!(" {name}=\"{}\"", escape(value)));
    }

    fn blocks(&mut self, blocks: &'a [Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &'a Block) {
        match block {
            Block::Heading { level, slug, inlines } => {
                let level = level.saturating_add(self.frame.lower).clamp(2, 6);
                self.tag(&format!("<h{level}"));
                self.id(&format!("muc-{slug}"));
                self.tag(">");
                self.inlines(inlines);
                self.tag(&format!("</h{level}>\n"));
            }
            Block::Paragraph(inlines) => {
                self.tag("<p>");
                self.inlines(inlines);
                self.tag("</p>\n");
            }
            Block::Plain(inlines) => self.inlines(inlines),
            Block::Quote(blocks) => {
                self.tag("<blockquote>\n");
                self.blocks(blocks);
                self.tag("</blockquote>\n");
            }
            Block::Callout { kind, blocks } => {
                self.boxes += 1;
                let label = format!("hop-{}", self.boxes);
                self.tag("<aside");
                self.attribute("class", &format!("callout callout-{}", kind.key()));
                self.attribute("aria-labelledby", &format!("{}{label}", self.frame.prefix));
                self.tag("><p class=\"callout-title\"");
                self.id(&label);
                self.tag(">");
                self.text(kind.label());
                self.tag("</p>\n");
                self.blocks(blocks);
                self.tag("</aside>\n");
            }
            Block::List { start, items } => self.list(*start, items),
            Block::Code(code) => {
                self.tag("<pre tabindex=\"0\"><code>");
                self.text(code);
                self.tag("</code></pre>\n");
            }
            Block::Table { align, head, rows } => self.table(align, head, rows),
            Block::Figure { asset, alt, caption } => self.figure(asset, alt, caption),
            Block::Check(id) => match self.frame.questions {
                Some(question) => self.out.push_str(&question(id)),
                None => {
                    self.tag("<div class=\"check-slot\"");
                    self.attribute("data-item", id);
                    self.tag("></div>\n");
                }
            },
            Block::Rule => self.tag("<hr>\n"),
        }
    }

    fn list(&mut self, start: Option<u64>, items: &'a [Vec<Block>]) {
        let end = match start {
            None => {
                self.tag("<ul>\n");
                "</ul>\n"
            }
            Some(start) => {
                self.tag("<ol");
                if start != 1 {
                    self.attribute("start", &start.to_string());
                }
                self.tag(">\n");
                "</ol>\n"
            }
        };
        for item in items {
            self.tag("<li>");
            self.blocks(item);
            self.tag("</li>\n");
        }
        self.tag(end);
    }

    /// Wide tables scroll in their own box, which the keyboard can reach.
    fn table(&mut self, align: &[Align], head: &'a [Vec<Inline>], rows: &'a [Vec<Vec<Inline>>]) {
        self.tables += 1;
        self.tag("<div class=\"table-box\" role=\"region\" tabindex=\"0\"");
        self.attribute("aria-label", &format!("Bảng {}", self.tables));
        self.tag("><table>\n<thead><tr>");
        self.cells(align, head, "<th scope=\"col\"", "</th>");
        self.tag("</tr></thead>\n<tbody>\n");
        for row in rows {
            self.tag("<tr>");
            self.cells(align, row, "<td", "</td>");
            self.tag("</tr>\n");
        }
        self.tag("</tbody>\n</table></div>\n");
    }

    fn cells(&mut self, align: &[Align], cells: &'a [Vec<Inline>], open: &str, close: &str) {
        let aligned = align.iter().copied().chain(std::iter::repeat(Align::Start));
        for (cell, align) in cells.iter().zip(aligned) {
            self.tag(open);
            match align {
                Align::Start => {}
                Align::Center => self.attribute("class", "align-center"),
                Align::End => self.attribute("class", "align-end"),
            }
            self.tag(">");
            self.inlines(cell);
            self.tag(close);
        }
    }

    fn figure(&mut self, asset: &str, alt: &str, caption: &str) {
        let url = (self.around.asset_url)(asset);
        self.tag("<figure>");
        if Media::of(asset) == Some(Media::Mp4) {
            self.tag("<video controls preload=\"none\" crossorigin=\"anonymous\"");
            self.attribute("aria-label", alt);
            self.tag("><source type=\"video/mp4\"");
            self.attribute("src", &url);
            self.tag("><track default kind=\"captions\" srclang=\"vi\" label=\"Tiếng Việt\"");
            let subtitles = (self.around.asset_url)(&super::check::subtitles(asset));
            self.attribute("src", &subtitles);
            self.tag("></video>");
        } else {
            // Not lazy: whoever prints a lesson at once would get holes for figures, and a figure weighs a few kilobytes.
            self.tag("<img decoding=\"async\"");
            self.attribute("src", &url);
            self.attribute("alt", alt);
            if let Some((width, height)) = (self.around.asset_size)(asset) {
                self.attribute("width", &width.to_string());
                self.attribute("height", &height.to_string());
            }
            self.tag(">");
        }
        if !caption.is_empty() {
            self.tag("<figcaption>");
            self.text(caption);
            self.tag("</figcaption>");
        }
        self.tag("</figure>\n");
    }

    fn inlines(&mut self, inlines: &'a [Inline]) {
        for inline in inlines {
            self.inline(inline);
        }
    }

    fn wrapped(&mut self, open: &str, inlines: &'a [Inline], close: &str) {
        self.tag(open);
        self.inlines(inlines);
        self.tag(close);
    }

    fn inline(&mut self, inline: &'a Inline) {
        match inline {
            Inline::Text(text) => self.text(text),
            Inline::Break => self.tag("<br>\n"),
            Inline::Code(code) => {
                self.tag("<code>");
                self.text(code);
                self.tag("</code>");
            }
            Inline::Emphasis(inlines) => self.wrapped("<em>", inlines, "</em>"),
            Inline::Strong(inlines) => self.wrapped("<strong>", inlines, "</strong>"),
            Inline::Link { target, inlines } => self.link(target, inlines),
            Inline::Cite { id, place } => self.cite(id, place),
            Inline::Term(term) => {
                let place = self.terms.next(term);
                self.tag("<dfn");
                self.id(&place);
                self.tag("><a class=\"term\"");
                self.attribute("href", &format!("{}#{}", self.frame.glossary, super::terms::anchor(term)));
                self.tag(">");
                self.text(term);
                self.tag("</a></dfn>");
            }
            Inline::Note(label) => self.note(label),
            // a paragraph turns these into blocks or drops them
            Inline::Image { .. } | Inline::Check(_) => {}
        }
    }

    fn link(&mut self, target: &Target, inlines: &'a [Inline]) {
        self.tag("<a");
        match target {
            Target::Outside(url) => {
                self.attribute("href", url);
                self.tag(" rel=\"noopener\"");
            }
            Target::Heading(slug) => self.to(&format!("muc-{slug}")),
            Target::Asset(path) => {
                let url = (self.around.asset_url)(path);
                self.attribute("href", &url);
            }
        }
        self.tag(">");
        self.inlines(inlines);
        self.tag("</a>");
    }

    /// A legal document is cited by its number, anything else by its place in the list of sources.
    fn cite(&mut self, id: &str, place: &str) {
        let found = self.listed.iter().zip(1..).find(|(source, _)| source.id == id);
        let name = match found {
            Some((Source { number: Some(number), .. }, _)) => number.clone(),
            Some((_, position)) => format!("nguồn {position}"),
            None => id.to_owned(),
        };
        let label = if place.is_empty() { format!("[{name}]") } else { format!("[{name}, {place}]") };
        self.tag("<a class=\"citation\"");
        self.attribute("href", &format!("#nguon-{id}"));
        self.tag(">");
        self.text(&label);
        self.tag("</a>");
    }

    /// The first reference to a footnote is where its way back leads.
    fn note(&mut self, label: &'a str) {
        let known = self.notes.iter().position(|known| *known == label);
        let number = known.unwrap_or(self.notes.len()) + 1;
        self.tag("<sup");
        if known.is_none() {
            self.notes.push(label);
            self.id(&format!("dan-chu-{number}"));
        }
        self.tag("><a class=\"note\"");
        self.to(&format!("chu-{number}"));
        self.attribute("aria-label", &format!("Chú thích {number}"));
        self.tag(&format!(">{number}</a></sup>"));
    }
}

#[cfg(test)]
mod tests;
