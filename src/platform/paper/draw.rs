//! The set pages as a PDF file: archival (PDF/A-2a) and accessible (PDF/UA-1), both checked by the writer as it writes.

use std::num::NonZeroU16;

use chrono::{Datelike, Timelike};
use krilla::{
    Document as File, SerializeSettings,
    color::rgb,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    destination::XyzDestination,
    geom::{PathBuilder, Point},
    metadata::{DateTime, Metadata},
    num::NormalizedF32,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, FillRule, Stroke as Pen},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree},
};

use super::{
    Document, HEIGHT, PaperError, Role, WIDTH,
    layout::{Mark, Part, Placed, SetPage, Sheets},
};
use crate::platform::clock::local_time;

pub(super) fn pdf(document: &Document, sheets: &Sheets) -> Result<Vec<u8>, PaperError> {
    let failed = |what: &dyn std::fmt::Debug| PaperError::Pdf(format!("{what:?}"));
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| failed(&error))?;
    let mut file = File::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    file.set_metadata(metadata(document));
    file.set_outline(outline(sheets));
    let mut leaves: Vec<Vec<Identifier>> = vec![Vec::new(); sheets.leaves];
    for set in &sheets.pages {
        let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| failed(&"the size of a page"))?;
        let mut page = file.start_page_with(size);
        let mut surface = page.surface();
        draw_strokes(&mut surface, set);
        for placed in &set.lines {
            if let Some((leaf, identifier)) = write(&mut surface, placed)
                && let Some(own) = leaves.get_mut(leaf)
            {
                own.push(identifier);
            }
        }
        surface.finish();
        page.finish();
    }
    file.set_tag_tree(tree(sheets, leaves));
    file.finish().map_err(|error| failed(&error))
}

/// Only what the paper itself says, so that the same paper gives the same file.
fn metadata(document: &Document) -> Metadata {
    let at = local_time(document.at);
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    let date = DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(7)
        .utc_offset_minute(0);
    Metadata::new()
        .title(document.title.clone())
        .description(document.subject.clone())
        .authors(vec![document.author.clone()])
        .creator("Nòng Cốt".to_owned())
        .language("vi".to_owned())
        .creation_date(date)
        .document_id(document.id.clone())
}

/// The headings, in one row: a report is not so deep that a reader would get lost.
fn outline(sheets: &Sheets) -> Outline {
    let mut outline = Outline::new();
    for part in &sheets.parts {
        if let Part::Text { role: Role::Heading(_), title, page, y, .. } = part {
            outline.push_child(OutlineNode::new(title.clone(), XyzDestination::new(*page, Point::from_xy(0.0, *y))));
        }
    }
    outline
}

/// The edges of tables and the lines under heads. They say nothing, and are marked so.
fn draw_strokes(surface: &mut Surface<'_>, page: &SetPage) {
    if page.strokes.is_empty() {
        return;
    }
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    let mut path = PathBuilder::new();
    for ((x, y), (to_x, to_y)) in &page.strokes {
        path.move_to(*x, *y);
        path.line_to(*to_x, *to_y);
    }
    surface.set_fill(None);
    surface.set_stroke(Some(Pen { paint: rgb::Color::new(0, 0, 0).into(), width: 0.5, ..Pen::default() }));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
    surface.set_stroke(None);
    surface.end_tagged();
}

fn write(surface: &mut Surface<'_>, placed: &Placed) -> Option<(usize, Identifier)> {
    let black = Fill { paint: rgb::Color::new(0, 0, 0).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero };
    surface.set_stroke(None);
    surface.set_fill(Some(black));
    let tag = match placed.mark {
        Mark::Leaf(_) => ContentTag::Span(SpanTag::empty()),
        Mark::Artifact(kind) => ContentTag::Artifact(Artifact::with_kind(kind)),
    };
    let written = surface.start_tagged(tag);
    let mut x = placed.left + placed.line.x;
    for run in &placed.line.runs {
        let start = Point::from_xy(x, placed.baseline);
        surface.draw_glyphs(start, &run.glyphs, run.face.font.clone(), &run.text, placed.line.size, false);
        x += run.width * placed.line.size;
    }
    surface.end_tagged();
    match placed.mark {
        Mark::Leaf(leaf) => Some((leaf, written)),
        Mark::Artifact(_) => None,
    }
}

/// What a reader who does not see the pages is told, in order.
fn tree(sheets: &Sheets, mut leaves: Vec<Vec<Identifier>>) -> TagTree {
    let mut fill = |mut group: TagGroup, leaf: usize| {
        for identifier in leaves.get_mut(leaf).map(std::mem::take).unwrap_or_default() {
            group.push(identifier);
        }
        group
    };
    let mut tree = TagTree::new().with_lang(Some("vi".to_owned()));
    for part in &sheets.parts {
        match part {
            Part::Text { role, title, leaf, .. } => {
                let group = match role {
                    Role::Paragraph => TagGroup::new(Tag::P),
                    Role::Heading(level) => {
                        let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
                        TagGroup::new(Tag::Hn(level, Some(title.clone())))
                    }
                };
                tree.push(fill(group, *leaf));
            }
            Part::Table { caption, head, rows } => {
                let mut table = TagGroup::new(Tag::Table);
                table.push(fill(TagGroup::new(Tag::Caption), *caption));
                let mut heads = TagGroup::new(Tag::TR);
                for leaf in head {
                    heads.push(fill(TagGroup::new(Tag::TH(TableHeaderScope::Column)), *leaf));
                }
                table.push(TagGroup::with_children(Tag::THead, vec![heads.into()]));
                let mut body = TagGroup::new(Tag::TBody);
                for row in rows {
                    let mut line = TagGroup::new(Tag::TR);
                    for (column, leaf) in row.iter().enumerate() {
                        let cell = match column {
                            0 => TagGroup::new(Tag::TH(TableHeaderScope::Row)),
                            _ => TagGroup::new(Tag::TD),
                        };
                        line.push(fill(cell, *leaf));
                    }
                    body.push(line);
                }
                table.push(body);
                tree.push(table);
            }
        }
    }
    tree
}
