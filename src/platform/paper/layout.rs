//! Where everything stands: pure geometry in points, y from the top of the page.

use krilla::tagging::ArtifactType;

use super::{
    Align, BOTTOM, Block, LEFT, MEASURE, PaperError, RIGHT, Role, TOP, Table, Text, WIDTH,
    faces::Cut,
    lines::{ASCENT, LEADING, Measurer, SetLine},
};

/// What a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Mark {
    /// The text of a part, by number.
    Leaf(usize),
    /// Says nothing that is not said elsewhere.
    Artifact(ArtifactType),
}

pub(super) struct Placed {
    pub(super) line: SetLine,
    pub(super) left: f32,
    pub(super) baseline: f32,
    pub(super) mark: Mark,
}

/// A straight line, from point to point.
pub(super) type Stroke = ((f32, f32), (f32, f32));

#[derive(Default)]
pub(super) struct SetPage {
    pub(super) lines: Vec<Placed>,
    pub(super) strokes: Vec<Stroke>,
}

/// A part of the paper in the order in which it is read.
pub(super) enum Part {
    /// `page` and `y` are where it begins.
    Text {
        role: Role,
        title: String,
        leaf: usize,
        page: usize,
        y: f32,
    },
    Table {
        caption: usize,
        head: Vec<usize>,
        rows: Vec<Vec<usize>>,
    },
}

pub(super) struct Sheets {
    pub(super) pages: Vec<SetPage>,
    pub(super) parts: Vec<Part>,
    pub(super) leaves: usize,
}

/// Between the text of a cell and its edges.
const PAD: f32 = 2.6;
/// What must stand under a heading on the same page.
const COMPANY: f32 = 56.0;
const NUMBER_SIZE: f32 = 13.0;
/// The base line of the page number, inside the upper margin.
const NUMBER_LINE: f32 = 38.0;

pub(super) fn set(blocks: &[Block]) -> Result<Sheets, PaperError> {
    let mut setter = Setter {
        sheets: Sheets { pages: vec![SetPage::default()], parts: Vec::new(), leaves: 0 },
        measurer: Measurer::default(),
        y: TOP,
    };
    for block in blocks {
        match block {
            Block::Text(text) => setter.text(text)?,
            Block::Columns { left, right, share, before } => setter.columns(left, right, *share, *before)?,
            Block::Table(table) => setter.table(table)?,
        }
    }
    setter.number_pages()?;
    Ok(setter.sheets)
}

struct Setter {
    sheets: Sheets,
    measurer: Measurer,
    y: f32,
}

/// The lines of a cell or paragraph, not placed yet.
struct Lines(Vec<SetLine>);

impl Lines {
    fn height(&self) -> f32 {
        self.0.iter().map(|line| line.size * LEADING).sum()
    }
}

impl Setter {
    fn leaf(&mut self) -> usize {
        self.sheets.leaves += 1;
        self.sheets.leaves - 1
    }

    fn page(&mut self) -> &mut SetPage {
        if self.sheets.pages.is_empty() {
            self.sheets.pages.push(SetPage::default());
        }
        let last = self.sheets.pages.len() - 1;
        // There is one: it was pushed above.
        #[expect(clippy::indexing_slicing, reason = "the last of a list that is not empty")]
        &mut self.sheets.pages[last]
    }

    fn turn_page(&mut self) {
        self.sheets.pages.push(SetPage::default());
        self.y = TOP;
    }

    /// Goes on to the next page unless that much room is left on this one.
    fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > TOP {
            self.turn_page();
        }
    }

    fn lines(&mut self, text: &Text, measure: f32) -> Result<Lines, PaperError> {
        let broken = self.measurer.lines(&text.text, text.cut, text.size, measure, text.indent)?;
        let set = broken.iter().map(|line| line.set(text.cut, text.size, measure, text.align)).collect();
        Ok(Lines(set))
    }

    fn begin(&mut self, text: &Text) -> usize {
        let leaf = self.leaf();
        let (page, y) = (self.sheets.pages.len().saturating_sub(1), self.y);
        self.sheets.parts.push(Part::Text { role: text.role, title: text.text.clone(), leaf, page, y });
        leaf
    }

    fn text(&mut self, text: &Text) -> Result<(), PaperError> {
        let lines = self.lines(text, MEASURE)?;
        if lines.0.is_empty() {
            return Ok(());
        }
        if self.y > TOP {
            self.y += text.before;
        }
        match text.role {
            Role::Heading(_) => self.need(lines.height() + COMPANY),
            // The first two lines stay together, so that none is left alone at the foot.
            Role::Paragraph => self.need(text.size * LEADING * if lines.0.len() > 1 { 2.0 } else { 1.0 }),
        }
        let leaf = self.begin(text);
        let mut last = None;
        for line in lines.0 {
            self.need(line.size * LEADING);
            let (size, x, width) = (line.size, line.x, line.width);
            let baseline = self.y + size * ASCENT;
            self.page().lines.push(Placed { line, left: LEFT, baseline, mark: Mark::Leaf(leaf) });
            self.y += size * LEADING;
            last = Some((LEFT + x, width));
        }
        self.rule(text.rule, last);
        Ok(())
    }

    /// The line under a paragraph.
    fn rule(&mut self, share: f32, last: Option<(f32, f32)>) {
        if let Some((x, width)) = last.filter(|_| share > 0.0) {
            let (middle, half, y) = (x + width / 2.0, width * share / 2.0, self.y + 2.5);
            self.page().strokes.push(((middle - half, y), (middle + half, y)));
            self.y = y + 2.5;
        }
    }

    fn columns(&mut self, left: &[Text], right: &[Text], share: f32, before: f32) -> Result<(), PaperError> {
        const GAP: f32 = 8.0;
        let sides = [(left, LEFT, MEASURE * share - GAP), (right, LEFT + MEASURE * share, MEASURE * (1.0 - share))];
        let mut set = Vec::new();
        let mut highest = 0.0_f32;
        for (texts, x, measure) in sides {
            let mut height = 0.0;
            let mut column = Vec::new();
            for text in texts {
                let lines = self.lines(text, measure)?;
                height += text.before + lines.height() + if text.rule > 0.0 { 5.0 } else { 0.0 };
                column.push((text, lines));
            }
            highest = highest.max(height);
            set.push((x, column));
        }
        if self.y > TOP {
            self.y += before;
        }
        self.need(highest);
        let top = self.y;
        for (left, column) in set {
            self.y = top;
            for (text, lines) in column {
                if lines.0.is_empty() {
                    continue;
                }
                self.y += text.before;
                let leaf = self.begin(text);
                let mut last = None;
                for line in lines.0 {
                    let (size, x, width) = (line.size, line.x, line.width);
                    let baseline = self.y + size * ASCENT;
                    self.page().lines.push(Placed { line, left, baseline, mark: Mark::Leaf(leaf) });
                    self.y += size * LEADING;
                    last = Some((left + x, width));
                }
                self.rule(text.rule, last);
            }
        }
        self.y = top + highest;
        Ok(())
    }

    fn table(&mut self, table: &Table) -> Result<(), PaperError> {
        let edges = edges(table);
        let head = Text::new(String::new(), Cut::Bold, table.size);
        let heads: Vec<&str> = table.columns.iter().map(|column| column.head.as_str()).collect();
        let caption = Text::new(table.caption.as_str(), Cut::Bold, table.size + 1.5).align(Align::Centre);
        let caption_lines = self.lines(&caption, MEASURE)?;
        let (_, head_height) = self.cells(&heads, &edges, |_| Align::Centre, &head)?;
        self.y += 8.0;
        self.need(caption_lines.height() + head_height + 40.0);
        let caption_leaf = self.leaf();
        for line in caption_lines.0 {
            let (size, baseline) = (line.size, self.y + line.size * ASCENT);
            self.page().lines.push(Placed { line, left: LEFT, baseline, mark: Mark::Leaf(caption_leaf) });
            self.y += size * LEADING;
        }
        self.y += 3.0;
        let head_leaves: Vec<usize> = heads.iter().map(|_| self.leaf()).collect();
        let set = self.cells(&heads, &edges, |_| Align::Centre, &head)?;
        self.row(set, &edges, |column| leaf_of(&head_leaves, column));
        let mut rows = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            let cut = if row.is_total { Cut::Bold } else { Cut::Regular };
            let style = Text::new(String::new(), cut, table.size);
            let align = |column: usize| table.columns.get(column).map_or(Align::Left, |column| column.align);
            let cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
            let (set, height) = self.cells(&cells, &edges, align, &style)?;
            if height + head_height > BOTTOM - TOP {
                return Err(PaperError::TooHigh(table.caption.clone()));
            }
            if self.y + height > BOTTOM {
                self.turn_page();
                let again = self.cells(&heads, &edges, |_| Align::Centre, &head)?;
                self.row(again, &edges, |_| Mark::Artifact(ArtifactType::PaginationOther));
            }
            let leaves: Vec<usize> = cells.iter().map(|_| self.leaf()).collect();
            self.row((set, height), &edges, |column| leaf_of(&leaves, column));
            rows.push(leaves);
        }
        self.y += 6.0;
        self.sheets.parts.push(Part::Table { caption: caption_leaf, head: head_leaves, rows });
        Ok(())
    }

    /// The lines of the cells of a row, and how high the row is.
    fn cells(
        &mut self,
        cells: &[&str],
        edges: &[f32],
        align: impl Fn(usize) -> Align,
        style: &Text,
    ) -> Result<(Vec<Lines>, f32), PaperError> {
        let mut set = Vec::with_capacity(cells.len());
        let mut height = style.size * LEADING;
        for (column, (text, span)) in cells.iter().zip(edges.windows(2)).enumerate() {
            let [left, right] = span else { continue };
            let own = Text { text: (*text).to_owned(), align: align(column), ..style.clone() };
            let lines = self.lines(&own, right - left - 2.0 * PAD)?;
            height = height.max(lines.height());
            set.push(lines);
        }
        Ok((set, height + 2.0 * PAD))
    }

    /// Writes a row where the page is now, with the lines around its cells.
    fn row(&mut self, (set, height): (Vec<Lines>, f32), edges: &[f32], mark: impl Fn(usize) -> Mark) {
        let (top, bottom) = (self.y, self.y + height);
        for (column, (lines, left)) in set.into_iter().zip(edges).enumerate() {
            // Low cells stand in the middle of the row.
            let mut y = top + (height - lines.height()) / 2.0;
            for line in lines.0 {
                let (size, baseline) = (line.size, y + line.size * ASCENT);
                self.page().lines.push(Placed { line, left: left + PAD, baseline, mark: mark(column) });
                y += size * LEADING;
            }
        }
        let page = self.page();
        for x in edges {
            page.strokes.push(((*x, top), (*x, bottom)));
        }
        for y in [top, bottom] {
            page.strokes.push(((LEFT, y), (RIGHT, y)));
        }
        self.y = bottom;
    }

    /// In the middle of the upper margin, from the second page.
    fn number_pages(&mut self) -> Result<(), PaperError> {
        for (index, page) in self.sheets.pages.iter_mut().enumerate().skip(1) {
            let broken = self.measurer.lines(&(index + 1).to_string(), Cut::Regular, NUMBER_SIZE, WIDTH, 0.0)?;
            for line in broken {
                let line = line.set(Cut::Regular, NUMBER_SIZE, WIDTH, Align::Centre);
                let mark = Mark::Artifact(ArtifactType::PageNumber);
                page.lines.push(Placed { line, left: 0.0, baseline: NUMBER_LINE, mark });
            }
        }
        Ok(())
    }
}

fn leaf_of(leaves: &[usize], column: usize) -> Mark {
    leaves.get(column).map_or(Mark::Artifact(ArtifactType::Other), |leaf| Mark::Leaf(*leaf))
}

/// The edges of the columns, one more than there are columns.
fn edges(table: &Table) -> Vec<f32> {
    let all: f32 = table.columns.iter().map(|column| column.weight).sum();
    let mut x = LEFT;
    let mut edges = vec![x];
    for column in &table.columns {
        x += MEASURE * column.weight / all.max(f32::EPSILON);
        edges.push(x);
    }
    edges
}
