//! The set sheet as a PDF file: archival (PDF/A-2a) and accessible (PDF/UA-1), both checked by the writer as it writes.

use std::num::NonZeroU16;

use chrono::{Datelike, Timelike};
use krilla::{
    Document, SerializeSettings,
    action::{Action, LinkAction},
    annotation::{Annotation, LinkAnnotation, Target},
    color::rgb,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    destination::XyzDestination,
    geom::{Path, PathBuilder, Point, Rect},
    metadata::{DateTime, Metadata},
    num::NormalizedF32,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, FillRule, Stroke},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, Tag, TagGroup, TagTree},
};

use super::{
    Code, HEIGHT, INNER_RULE, OUTER_RULE, Paper, PaperError, Sheet, WIDTH,
    setting::{Block, Ink, Role},
};
use crate::platform::clock::local_time;

const RED: (u8, u8, u8) = (0xa6, 0x1b, 0x1e);
const GOLD: (u8, u8, u8) = (0xb0, 0x86, 0x2c);
const BLACK: (u8, u8, u8) = (0, 0, 0);
const GREY: (u8, u8, u8) = (0x55, 0x55, 0x55);

pub(super) fn pdf(paper: &Paper, sheet: &Sheet) -> Result<Vec<u8>, PaperError> {
    let failed = |what: &str| PaperError::Pdf(what.to_owned());
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| PaperError::Pdf(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    document.set_metadata(metadata(paper));
    let mut outline = Outline::new();
    outline.push_child(OutlineNode::new(paper.title.clone(), XyzDestination::new(0, Point::from_xy(0.0, 0.0))));
    document.set_outline(outline);

    let mut page = document.start_page_with(PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| failed("page size"))?);
    let mut surface = page.surface();
    decorate(&mut surface, sheet);
    let set: Vec<(&Block, Vec<Identifier>)> =
        sheet.blocks.iter().map(|block| (block, write(&mut surface, block))).collect();
    let code = draw_code(&mut surface, &sheet.code);
    surface.finish();

    let mut tree = TagTree::new().with_lang(Some("vi".to_owned()));
    for (block, lines) in set {
        let mut group = match block.piece.role {
            Role::Title => TagGroup::new(Tag::Hn(NonZeroU16::MIN, Some(paper.title.clone()))),
            Role::Paragraph | Role::Link => TagGroup::new(Tag::P),
        };
        if block.piece.role == Role::Link {
            let area = area_of(block).ok_or_else(|| failed("link area"))?;
            let target = Target::Action(Action::Link(LinkAction::new(paper.lookup_url.clone())));
            let said = format!("Trang tra cứu giấy chứng nhận {}", paper.register_number);
            let annotation = Annotation::new_link(LinkAnnotation::new(area, target), Some(said));
            let mut link = TagGroup::new(Tag::Link);
            lines.into_iter().for_each(|line| link.push(line));
            link.push(page.add_tagged_annotation(annotation));
            group.push(link);
        } else {
            lines.into_iter().for_each(|line| group.push(line));
        }
        tree.push(group);
    }
    let said = format!("Mã QR mở trang tra cứu {}", paper.lookup_url);
    tree.push(TagGroup::with_children(Tag::Figure(Some(said)), vec![code.into()]));
    page.finish();
    document.set_tag_tree(tree);
    document.finish().map_err(|error| PaperError::Pdf(format!("{error:?}")))
}

/// Only what the paper itself says, so that the same paper gives the same file.
fn metadata(paper: &Paper) -> Metadata {
    let issued = local_time(paper.issued_at);
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    let date = DateTime::new(u16::try_from(issued.year()).unwrap_or_default())
        .month(small(issued.month()))
        .day(small(issued.day()))
        .hour(small(issued.hour()))
        .minute(small(issued.minute()))
        .second(small(issued.second()))
        .utc_offset_hour(7)
        .utc_offset_minute(0);
    Metadata::new()
        .title(format!("{} {} – {}", paper.title, paper.register_number, paper.holder))
        .description(format!("{}: {}", paper.achievement, paper.course))
        .authors(vec![paper.issuing_body.clone()])
        .creator("Nòng Cốt".to_owned())
        .language("vi".to_owned())
        .creation_date(date)
        .document_id(format!("{} {}", paper.register_number, paper.lookup_code))
}

fn fill(colour: (u8, u8, u8)) -> Option<Fill> {
    let (red, green, blue) = colour;
    Some(Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero })
}

fn stroke(surface: &mut Surface<'_>, path: Option<Path>, colour: (u8, u8, u8), width: f32) {
    let Some(path) = path else { return };
    let (red, green, blue) = colour;
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke { paint: rgb::Color::new(red, green, blue).into(), width, ..Stroke::default() }));
    surface.draw_path(&path);
    surface.set_stroke(None);
}

/// The double frame and the lines under the heads. They say nothing, and are marked so.
fn decorate(surface: &mut Surface<'_>, sheet: &Sheet) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    for (inset, colour, width) in [(OUTER_RULE, RED, 2.4), (INNER_RULE, GOLD, 0.8)] {
        let mut path = PathBuilder::new();
        if let Some(frame) = Rect::from_ltrb(inset, inset, WIDTH - inset, HEIGHT - inset) {
            path.push_rect(frame);
        }
        stroke(surface, path.finish(), colour, width);
    }
    for rule in &sheet.rules {
        let mut path = PathBuilder::new();
        path.move_to(rule.left, rule.y);
        path.line_to(rule.right, rule.y);
        stroke(surface, path.finish(), BLACK, 0.8);
    }
    surface.end_tagged();
}

fn write(surface: &mut Surface<'_>, block: &Block) -> Vec<Identifier> {
    let piece = &block.piece;
    surface.set_stroke(None);
    surface.set_fill(fill(match piece.ink {
        Ink::Black => BLACK,
        Ink::Grey => GREY,
        Ink::Red => RED,
    }));
    let mut written = Vec::with_capacity(block.lines.len());
    for line in &block.lines {
        written.push(surface.start_tagged(ContentTag::Span(SpanTag::empty())));
        let mut x = line.x;
        for run in &line.runs {
            let start = Point::from_xy(x, line.baseline);
            surface.draw_glyphs(start, &run.glyphs, run.face.font.clone(), &run.text, block.size, false);
            x += run.width * block.size;
        }
        surface.end_tagged();
    }
    written
}

fn area_of(block: &Block) -> Option<Rect> {
    let left = block.lines.iter().map(|line| line.x).fold(f32::INFINITY, f32::min);
    let right = block.lines.iter().map(|line| line.x + line.width).fold(0.0, f32::max);
    Rect::from_ltrb(left, block.top, right, block.bottom)
}

/// Dark modules as rectangles, one for each run in a row, all in one path.
fn draw_code(surface: &mut Surface<'_>, code: &Code) -> Identifier {
    let count = u16::try_from(code.rows.len().max(1)).unwrap_or(u16::MAX);
    let module = code.size / f32::from(count);
    // A hair of overlap, or some viewers show white lines between the rows.
    let overlap = module * 0.02;
    let mut path = PathBuilder::new();
    let mut top = code.top;
    for row in &code.rows {
        let mut left = code.left;
        for run in row.chunk_by(|one, next| one == next) {
            let right = left + module * f32::from(u16::try_from(run.len()).unwrap_or_default());
            let dark = run.first().is_some_and(|dark| *dark);
            if dark && let Some(rect) = Rect::from_ltrb(left, top, right, top + module + overlap) {
                path.push_rect(rect);
            }
            left = right;
        }
        top += module;
    }
    let written = surface.start_tagged(ContentTag::Other);
    surface.set_stroke(None);
    surface.set_fill(fill(BLACK));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
    surface.end_tagged();
    written
}
