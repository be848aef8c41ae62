//! Builds the tree from CommonMark events. The stack is explicit and bounded, so neither a hostile file here nor the
//! recursion of the renderer can exhaust the thread's stack.

use std::ops::Range;

use pulldown_cmark::{Alignment, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};
use unicode_normalization::UnicodeNormalization;

use super::super::keys::Located;
use super::super::text::is_hidden;
use super::marks::{self, Sign};
use super::{Align, Block, Callout, Document, Inline, Target, asset_path, plain};
use crate::questions::fault::Fault;

mod close;

/// Containers inside containers; a lesson needs five.
const DEEPEST: usize = 24;

/// Parses a lesson body. Never fails: what is wrong stands in `faults`.
pub(in super::super) fn parse(body: &str) -> Document {
    let mut builder = Builder { body, ..Builder::default() };
    builder.frames.push(Frame::Blocks(Holder::Root, Vec::new()));
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    for (event, range) in Parser::new_ext(body, options).into_offset_iter() {
        builder.event(event, range);
    }
    builder.flush();
    builder.close_plain();
    if let Some(Frame::Blocks(Holder::Root, blocks)) = builder.frames.pop() {
        builder.document.blocks = blocks;
    }
    builder.document
}

#[derive(Debug)]
enum Holder {
    Root,
    Quote(Option<Option<Callout>>, usize),
    Item,
    Note(String),
}

#[derive(Debug)]
enum Run {
    Paragraph(usize),
    Plain,
    Heading(u8, usize),
    Emphasis,
    Strong,
    Link(Option<Target>, usize),
    Cell,
}

/// An open element.
#[derive(Debug)]
enum Frame {
    Blocks(Holder, Vec<Block>),
    Inlines(Run, Vec<Inline>),
    List(Option<u64>, Vec<Vec<Block>>),
    Table { align: Vec<Align>, head: Vec<Vec<Inline>>, rows: Vec<Vec<Vec<Inline>>>, in_head: bool },
    Code(String),
    Image { written: String, caption: String, alt: String, at: usize },
    Html,
}

#[derive(Debug, Default)]
struct Builder<'a> {
    body: &'a str,
    document: Document,
    frames: Vec<Frame>,
    /// Running text not yet split at its marks.
    pending: Vec<Sign>,
    /// How many opened elements are being passed over because they are too deep.
    skipping: usize,
    last_level: u8,
}

impl Builder<'_> {
    fn fault(&mut self, at: usize, fault: Fault) {
        self.document.faults.push((at, fault));
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if self.skipping > 0 {
            match event {
                Event::Start(_) => self.skipping += 1,
                Event::End(_) => self.skipping -= 1,
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, range.start),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text, range),
            Event::SoftBreak => self.text("\n", range),
            Event::HardBreak => self.inline(Inline::Break),
            Event::Code(code) => match self.frames.last_mut() {
                Some(Frame::Image { alt, .. }) => alt.push_str(&code),
                _ => self.inline(Inline::Code(code.nfc().collect())),
            },
            Event::FootnoteReference(label) => self.inline(Inline::Note(label.into_string())),
            Event::Rule => self.block(Block::Rule),
            Event::Html(_) | Event::InlineHtml(_) => self.html(range.start),
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn html(&mut self, at: usize) {
        // A block of HTML comes line by line and is one fault.
        if matches!(self.frames.last(), Some(Frame::Html)) {
            return;
        }
        let fault = Fault::error("html", "Bài học không dùng HTML", "Lessons do not use HTML");
        let hint = "viết bằng Markdown; dấu < thường viết \\<";
        self.fault(at, fault.hint(hint, "write Markdown; a plain < is \\<"));
    }

    /// Invisible characters written as entities; plain ones are a fault of the file already.
    fn no_hidden(&mut self, text: &str, at: usize) {
        if text.chars().any(is_hidden) && !self.body.chars().any(is_hidden) {
            let fault = Fault::error("text-hidden", "Có ký tự ẩn", "An invisible character");
            self.fault(at, fault.hint("xóa ký tự này", "delete it"));
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        match self.frames.last_mut() {
            Some(Frame::Code(code)) => code.push_str(text),
            Some(Frame::Image { alt, .. }) => alt.push_str(text),
            Some(Frame::Html) => {}
            _ => {
                let before = self.body.get(..range.start).unwrap_or_default();
                let slashes = before.bytes().rev().take_while(|byte| *byte == b'\\').count();
                let exact = text.len() == range.len();
                self.pending.extend(text.char_indices().map(|(skip, sign)| Sign {
                    sign,
                    at: if exact { range.start + skip } else { range.start },
                    // what an entity writes is never a mark
                    escaped: !exact || (skip == 0 && slashes % 2 == 1),
                }));
            }
        }
    }

    /// Splits what is pending and puts it into the innermost run of text.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let pending = std::mem::take(&mut self.pending);
        let mut rest = pending.as_slice();
        if let [.., Frame::Blocks(holder, blocks), Frame::Inlines(Run::Paragraph(_), inlines)] =
            self.frames.as_mut_slice()
            && blocks.is_empty()
            && inlines.is_empty()
            && let Holder::Quote(kind @ None, _) = holder
            && let Some((found, after)) = marks::callout(rest, &mut self.document)
        {
            *kind = Some(found);
            rest = after;
        }
        let root = matches!(
            self.frames.as_slice(),
            [Frame::Blocks(Holder::Root, _), Frame::Inlines(Run::Paragraph(_), inlines)] if inlines.is_empty()
        );
        let checks = if root { marks::check_lines(rest) } else { None };
        let found = match checks {
            Some(checks) => {
                let found = checks.iter().map(|id| Inline::Check(id.value.clone())).collect();
                self.document.checks.extend(checks);
                found
            }
            None => marks::split(rest, &mut self.document),
        };
        self.add(found);
    }

    /// Adds to the innermost run of text; a list item without paragraphs gets one, a picture keeps the plain text.
    fn add(&mut self, more: Vec<Inline>) {
        match self.frames.last_mut() {
            Some(Frame::Inlines(_, inlines)) => inlines.extend(more),
            Some(Frame::Image { alt, .. }) => alt.push_str(&plain(&more)),
            _ => self.frames.push(Frame::Inlines(Run::Plain, more)),
        }
    }

    fn inline(&mut self, inline: Inline) {
        self.flush();
        self.add(vec![inline]);
    }

    fn close_plain(&mut self) {
        self.flush();
        if let Some(Frame::Inlines(Run::Plain, _)) = self.frames.last()
            && let Some(Frame::Inlines(_, inlines)) = self.frames.pop()
        {
            self.block(Block::Plain(inlines));
        }
    }

    fn block(&mut self, block: Block) {
        if let Some(Frame::Inlines(Run::Plain, _)) = self.frames.last() {
            self.close_plain();
        }
        if let Some(Frame::Blocks(_, blocks)) = self.frames.last_mut() {
            blocks.push(block);
        }
    }

    fn start(&mut self, tag: Tag<'_>, at: usize) {
        let inline = matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. });
        if inline {
            self.flush()
        } else {
            self.close_plain()
        }
        if self.frames.len() > DEEPEST {
            let fault = Fault::error("deep", "Nội dung lồng nhau quá sâu", "Nested too deeply");
            self.fault(at, fault.hint("bỏ bớt danh sách hoặc trích dẫn lồng nhau", "use fewer nested lists or quotes"));
            self.skipping = 1;
            return;
        }
        let frame = match tag {
            Tag::Paragraph => Frame::Inlines(Run::Paragraph(at), Vec::new()),
            Tag::Heading { level, .. } => Frame::Inlines(Run::Heading(self.level(level, at), at), Vec::new()),
            Tag::BlockQuote(_) => Frame::Blocks(Holder::Quote(None, at), Vec::new()),
            Tag::CodeBlock(_) => Frame::Code(String::new()),
            Tag::HtmlBlock => {
                self.html(at);
                Frame::Html
            }
            Tag::List(start) => Frame::List(start, Vec::new()),
            Tag::Item => Frame::Blocks(Holder::Item, Vec::new()),
            Tag::FootnoteDefinition(label) => Frame::Blocks(Holder::Note(label.into_string()), Vec::new()),
            Tag::Table(align) => {
                let align = align.into_iter().map(aligned).collect();
                Frame::Table { align, head: Vec::new(), rows: Vec::new(), in_head: true }
            }
            Tag::TableHead => return,
            Tag::TableRow => {
                if let Some(Frame::Table { rows, in_head, .. }) = self.frames.last_mut() {
                    *in_head = false;
                    rows.push(Vec::new());
                }
                return;
            }
            Tag::TableCell => Frame::Inlines(Run::Cell, Vec::new()),
            Tag::Emphasis => Frame::Inlines(Run::Emphasis, Vec::new()),
            Tag::Strong => Frame::Inlines(Run::Strong, Vec::new()),
            Tag::Link { link_type, dest_url, .. } => {
                Frame::Inlines(Run::Link(self.target(link_type, &dest_url, at), at), vec![])
            }
            Tag::Image { dest_url, title, .. } => {
                let caption = title.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
                Frame::Image { written: dest_url.into_string(), caption, alt: String::new(), at }
            }
            // none of these is switched on
            Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => Frame::Html,
        };
        if inline && !matches!(self.frames.last(), Some(Frame::Inlines(..) | Frame::Image { .. })) {
            self.frames.push(Frame::Inlines(Run::Plain, Vec::new()));
        }
        self.frames.push(frame);
    }

    fn level(&mut self, level: HeadingLevel, at: usize) -> u8 {
        let level = level as u8;
        let last = std::mem::replace(&mut self.last_level, level).max(1);
        if level == 1 {
            let fault =
                Fault::error("heading-level", "Đầu mục cấp 1 (#) là tên bài", "A level 1 heading (#) is the title");
            self.fault(at, fault.hint("bắt đầu từ ##", "begin with ##"));
        } else if level > last + 1 {
            let (vi, en) =
                (format!("Đầu mục nhảy từ cấp {last} xuống cấp {level}"), format!("Level {level} follows {last}"));
            let marks = "#".repeat(usize::from(last) + 1);
            self.fault(
                at,
                Fault::error("heading-level", vi, en).hint(format!("viết {marks}"), format!("write {marks}")),
            );
        }
        level.max(2)
    }

    fn target(&mut self, kind: LinkType, written: &str, at: usize) -> Option<Target> {
        if kind == LinkType::Email {
            return Some(Target::Outside(format!("mailto:{written}")));
        }
        if let Some(heading) = written.strip_prefix('#') {
            self.document.anchors.push(Located { value: heading.to_owned(), at });
            return Some(Target::Heading(heading.to_owned()));
        }
        if let Some(path) = asset_path(written) {
            self.document.assets.push(Located { value: path.to_owned(), at });
            return Some(Target::Asset(path.to_owned()));
        }
        if is_outside(written) {
            return Some(Target::Outside(written.to_owned()));
        }
        let (vi, en) =
            (format!("Liên kết \"{written}\" không dùng được"), format!("The link \"{written}\" cannot be used"));
        let hint = "dùng https://…, http://…, mailto:…, #đầu-mục hoặc ../assets/…";
        self.fault(
            at,
            Fault::error("link", vi, en).hint(hint, "use https://…, http://…, mailto:…, #heading or ../assets/…"),
        );
        None
    }

    fn end(&mut self, tag: TagEnd) {
        if matches!(tag, TagEnd::TableHead | TagEnd::TableRow) {
            return;
        }
        let inline = matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image);
        if inline
            || matches!(self.frames.last(), Some(Frame::Inlines(Run::Paragraph(_) | Run::Heading(..) | Run::Cell, _)))
        {
            self.flush();
        } else {
            self.close_plain();
        }
        if self.frames.len() > 1
            && let Some(frame) = self.frames.pop()
        {
            self.close(frame);
        }
    }
}

fn aligned(alignment: Alignment) -> Align {
    match alignment {
        Alignment::None | Alignment::Left => Align::Start,
        Alignment::Center => Align::Center,
        Alignment::Right => Align::End,
    }
}

/// `http://host…`, `https://host…` or `mailto:someone`.
pub(in super::super) fn is_outside(url: &str) -> bool {
    let rest = ["https://", "http://", "mailto:"].iter().find_map(|scheme| {
        let head = url.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then(|| url.get(scheme.len()..)).flatten()
    });
    let visible = |sign: char| !sign.is_whitespace() && !is_hidden(sign) && !"<>\"\\^`{|}".contains(sign);
    rest.is_some_and(|rest| rest.starts_with(char::is_alphanumeric) && url.chars().all(visible))
}
