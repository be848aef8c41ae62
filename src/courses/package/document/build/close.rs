//! What becomes of an element when it ends: it is put into what surrounds it, or told to be a fault.

use unicode_normalization::UnicodeNormalization;

use super::super::super::keys::Located;
use super::super::super::model::Media;
use super::super::super::text::slug;
use super::super::{Block, Inline, asset_path, plain};
use super::{Builder, Frame, Holder, Run};
use crate::questions::fault::Fault;

impl Builder<'_> {
    pub(super) fn close(&mut self, frame: Frame) {
        match frame {
            Frame::Blocks(holder, blocks) => self.close_blocks(holder, blocks),
            Frame::Inlines(run, inlines) => self.close_run(run, inlines),
            Frame::List(start, items) => self.block(Block::List { start, items }),
            Frame::Table { align, head, rows, .. } => self.block(Block::Table { align, head, rows }),
            Frame::Code(code) => {
                self.block(Block::Code(code.nfc().collect()));
            }
            Frame::Image { written, caption, alt, at } => self.close_image(&written, caption, &alt, at),
            Frame::Html => {}
        }
    }

    fn close_blocks(&mut self, holder: Holder, blocks: Vec<Block>) {
        match holder {
            Holder::Root => {}
            Holder::Quote(None | Some(None), _) => self.block(Block::Quote(blocks)),
            Holder::Quote(Some(Some(kind)), at) => {
                if blocks.is_empty() {
                    let fault = Fault::error("callout-empty", "Hộp không có nội dung", "The callout is empty");
                    self.fault(
                        at,
                        fault.hint(
                            "viết nội dung sau dòng đầu, mỗi dòng bắt đầu bằng >",
                            "write lines that begin with >",
                        ),
                    );
                }
                self.block(Block::Callout { kind, blocks });
            }
            Holder::Item => {
                if let Some(Frame::List(_, items)) = self.frames.last_mut() {
                    items.push(blocks);
                }
            }
            Holder::Note(label) => self.document.notes.push((label, blocks)),
        }
    }

    fn close_run(&mut self, run: Run, inlines: Vec<Inline>) {
        match run {
            Run::Paragraph(at) => self.close_paragraph(at, inlines),
            Run::Plain => self.block(Block::Plain(inlines)),
            Run::Heading(level, at) => {
                let base = slug(&plain(&inlines));
                if base.is_empty() {
                    self.fault(at, Fault::error("heading-empty", "Đầu mục trống", "The heading is empty"));
                }
                let known = &self.document.headings;
                let numbered = (2..).map(|number| format!("{base}-{number}"));
                let slug =
                    std::iter::once(base.clone()).chain(numbered).find(|slug| !known.contains(slug)).unwrap_or(base);
                self.document.headings.push(slug.clone());
                self.block(Block::Heading { level, slug, inlines });
            }
            Run::Emphasis => self.add(vec![Inline::Emphasis(inlines)]),
            Run::Strong => self.add(vec![Inline::Strong(inlines)]),
            Run::Link(target, at) => {
                if plain(&inlines).trim().is_empty() {
                    self.fault(at, Fault::error("link-empty", "Liên kết không có chữ", "The link has no text"));
                }
                if inlines.iter().any(|inline| matches!(inline, Inline::Cite { .. } | Inline::Note(_))) {
                    self.fault(
                        at,
                        Fault::error("link-nested", "Dẫn nguồn nằm trong liên kết", "A citation inside a link"),
                    );
                }
                match target {
                    Some(target) => self.add(vec![Inline::Link { target, inlines }]),
                    None => self.add(inlines),
                }
            }
            Run::Cell => {
                if let Some(Frame::Table { head, rows, in_head, .. }) = self.frames.last_mut() {
                    match rows.last_mut() {
                        Some(row) if !*in_head => row.push(inlines),
                        _ => head.push(inlines),
                    }
                }
            }
        }
    }

    /// A paragraph of one picture is a figure, one of check lines is checks; either mixed with text is a fault.
    fn close_paragraph(&mut self, at: usize, mut inlines: Vec<Inline>) {
        let special = inlines.iter().filter(|inline| matches!(inline, Inline::Image { .. } | Inline::Check(_))).count();
        let picture = matches!(inlines.as_slice(), [Inline::Image { .. }]);
        let checks = special == inlines.len() && inlines.iter().all(|inline| matches!(inline, Inline::Check(_)));
        if special == 0 {
            if !inlines.is_empty() {
                self.block(Block::Paragraph(inlines));
            }
            return;
        }
        if !picture && !checks {
            let fault = Fault::error(
                "mixed",
                "Hình hoặc ::check nằm chung đoạn với chữ",
                "A picture or ::check shares a paragraph",
            );
            self.fault(at, fault.hint("để dòng trống trước và sau", "put blank lines around it"));
            inlines.retain(|inline| !matches!(inline, Inline::Image { .. } | Inline::Check(_)));
            self.block(Block::Paragraph(inlines));
            return;
        }
        for inline in inlines {
            match inline {
                Inline::Image { asset, alt, caption } => self.block(Block::Figure { asset, alt, caption }),
                Inline::Check(id) => self.block(Block::Check(id)),
                _ => {}
            }
        }
    }

    fn close_image(&mut self, written: &str, caption: String, alt: &str, at: usize) {
        let alt: String = alt.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
        self.no_hidden(&format!("{alt}{caption}"), at);
        if alt.is_empty() {
            let fault = Fault::error("alt", "Hình không có chữ thay thế", "The picture has no alternative text");
            let hint = "viết nội dung hình trong ngoặc vuông: ![…](…)";
            self.fault(at, fault.hint(hint, "say what it shows in the square brackets: ![…](…)"));
        }
        let media = asset_path(written).and_then(|path| Some((path, Media::of(path)?)));
        let Some((path, _)) = media.filter(|(_, media)| media.is_picture() || *media == Media::Mp4) else {
            let (vi, en) = if written.contains("//") || written.contains(':') {
                ("Không dùng hình từ máy chủ khác", "Pictures from other servers are not used")
            } else {
                ("Đường dẫn hình không dùng được", "The picture's path cannot be used")
            };
            let hint = "chép tệp .svg, .png, .webp hoặc .mp4 vào assets/ và viết ../assets/tệp";
            self.fault(
                at,
                Fault::error("image", vi, en).hint(hint, "put the file into assets/ and write ../assets/file"),
            );
            return;
        };
        self.document.assets.push(Located { value: path.to_owned(), at });
        if let Some(Frame::Inlines(Run::Paragraph(_), inlines)) = self.frames.last_mut() {
            inlines.push(Inline::Image { asset: path.to_owned(), alt, caption });
        } else {
            let fault =
                Fault::error("mixed", "Hình phải đứng một mình một đoạn", "A picture stands in a paragraph of its own");
            self.fault(at, fault.hint("để dòng trống trước và sau", "put blank lines around it"));
        }
    }
}
