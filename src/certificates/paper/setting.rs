//! Setting text into a column: wrapping, shrinking what is too long, and refusing what cannot be made to fit. Pure geometry in
//! points, y from the top of the page; nothing here knows PDF.

use crate::platform::paper::faces::{self, Cut, Run};

/// A space that a line is never broken at. It is printed as an ordinary space.
pub(super) const HARD_SPACE: char = '\u{a0}';
/// Stands between parts of one line; where the line is broken there, it is left out.
pub(super) const DIVIDER: char = '·';
/// Room above the base line in parts of the size: enough for a capital with two marks (Ế, Ẫ).
const ASCENT: f32 = 1.02;
/// From base line to base line.
const LEADING: f32 = 1.32;
/// How small a column may get as a whole before the text is refused.
const SMALLEST_SCALE: f32 = 0.56;

/// What a block of text is to a reader who does not see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    Paragraph,
    Link,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Black,
    Grey,
    Red,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Centre,
}

/// A paragraph to be set.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// The field of the paper that is to blame if it does not fit.
    pub(super) field: &'static str,
    pub(super) text: String,
    pub(super) role: Role,
    pub(super) cut: Cut,
    pub(super) ink: Ink,
    pub(super) size: f32,
    /// The number of lines it should have; it shrinks to reach it, down to `shrink` times its size, then takes more lines.
    pub(super) lines: usize,
    pub(super) shrink: f32,
    /// Space above it.
    pub(super) before: f32,
    /// Space between characters, in em.
    pub(super) tracking: f32,
}

impl Piece {
    pub(super) fn new(field: &'static str, text: impl Into<String>, cut: Cut, size: f32) -> Self {
        let (role, ink) = (Role::Paragraph, Ink::Black);
        Self { field, text: text.into(), role, cut, ink, size, lines: 1, shrink: 0.85, before: 0.0, tracking: 0.0 }
    }

    pub(super) fn before(self, before: f32) -> Self {
        Self { before, ..self }
    }

    pub(super) fn lines(self, lines: usize, shrink: f32) -> Self {
        Self { lines, shrink, ..self }
    }

    pub(super) fn ink(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }

    pub(super) fn role(self, role: Role) -> Self {
        Self { role, ..self }
    }

    pub(super) fn tracking(self, tracking: f32) -> Self {
        Self { tracking, ..self }
    }
}

/// Where a column of paragraphs may stand. `x` is its left edge or its middle, as `align` says. Spare height goes between
/// the paragraphs up to `spread` times the space they ask for, and what is then left, above and below (most of it below).
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) x: f32,
    pub(super) width: f32,
    pub(super) top: f32,
    pub(super) height: f32,
    pub(super) align: Align,
    pub(super) spread: f32,
}

/// One set line.
pub(super) struct Line {
    /// The glyphs. A line that is broken ends with a space, so that a search finds the words across the break; it does not
    /// count in the width.
    pub(super) runs: Vec<Run>,
    pub(super) x: f32,
    pub(super) baseline: f32,
    pub(super) width: f32,
}

/// A set paragraph.
pub(super) struct Block {
    pub(super) piece: Piece,
    pub(super) size: f32,
    pub(super) top: f32,
    pub(super) bottom: f32,
    pub(super) lines: Vec<Line>,
}

/// The field that is too long for its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong(pub(super) &'static str);

/// A paragraph's words with their widths in em, measured once.
struct Words<'a> {
    piece: &'a Piece,
    words: Vec<Word<'a>>,
    space: f32,
}

struct Word<'a> {
    text: &'a str,
    width: f32,
    /// The characters of a word that is wider than a line, with their widths.
    parts: Vec<(&'a str, f32)>,
}

impl<'a> Words<'a> {
    fn of(piece: &'a Piece, column: &Column) -> Self {
        let width = |text: &str| faces::width(&text.replace(HARD_SPACE, " "), piece.cut, piece.tracking);
        let word = |text: &'a str| {
            let wide = width(text);
            let is_long = wide * piece.size > column.width;
            let parts = is_long.then(|| faces::clusters(text).map(|part| (part, width(part))).collect());
            Word { text, width: wide, parts: parts.unwrap_or_default() }
        };
        let words = piece.text.split(' ').filter(|text| !text.is_empty()).map(word).collect();
        Self { piece, words, space: width(" ") }
    }

    /// Breaks the paragraph into lines of at most `measure` em. A word longer than a line is broken between characters.
    fn lines(&self, measure: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        let mut used = 0.0;
        for word in &self.words {
            let with_space = if line.is_empty() { word.width } else { self.space + word.width };
            if used + with_space <= measure {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word.text);
                used += with_space;
                continue;
            }
            if !line.is_empty() {
                line.truncate(line.trim_end_matches([DIVIDER, HARD_SPACE]).len());
                lines.push(std::mem::take(&mut line));
            }
            used = 0.0;
            if word.width <= measure {
                line.push_str(word.text);
                used = word.width;
                continue;
            }
            for (part, width) in &word.parts {
                if used + width > measure && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push_str(part);
                used += width;
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// The same number of lines, of lengths as equal as can be: a long title does not end in one lonely word.
    fn balanced_lines(&self, measure: f32) -> Vec<String> {
        let lines = self.lines(measure);
        let longest_word = self.words.iter().map(|word| word.width).fold(0.0, f32::max);
        if lines.len() < 2 || longest_word > measure {
            return lines;
        }
        let (mut too_narrow, mut enough) = (longest_word * 0.99, measure);
        for _ in 0..10 {
            let middle = f32::midpoint(too_narrow, enough);
            if middle >= longest_word && self.lines(middle).len() == lines.len() {
                enough = middle;
            } else {
                too_narrow = middle;
            }
        }
        self.lines(enough)
    }

    /// The largest size, at most `scale` times the wanted one, at which the paragraph has the wanted number of lines.
    fn fit(&self, column: &Column, scale: f32) -> Fit {
        const STEPS: u8 = 8;
        let wanted = self.piece.size * scale;
        let mut fit = Fit { size: wanted, lines: 0 };
        for step in 0..=STEPS {
            fit.size = wanted * (1.0 - (1.0 - self.piece.shrink) * f32::from(step) / f32::from(STEPS));
            fit.lines = self.lines(column.width / fit.size).len();
            if fit.lines <= self.piece.lines {
                break;
            }
        }
        fit
    }
}

#[derive(Clone, Copy)]
struct Fit {
    size: f32,
    lines: usize,
}

impl Fit {
    #[expect(clippy::cast_precision_loss, reason = "a paper has few lines")]
    fn height(self) -> f32 {
        self.size * LEADING * self.lines as f32
    }
}

/// Sets the paragraphs into the column, all of them smaller if they are too high together.
pub(super) fn set(pieces: &[Piece], column: &Column) -> Result<Vec<Block>, TooLong> {
    let words: Vec<Words<'_>> =
        pieces.iter().filter(|piece| !piece.text.is_empty()).map(|piece| Words::of(piece, column)).collect();
    let mut scale = 1.0;
    while scale >= SMALLEST_SCALE {
        let fits: Vec<Fit> = words.iter().map(|words| words.fit(column, scale)).collect();
        let gaps: f32 = words.iter().map(|words| words.piece.before * scale).sum();
        let text: f32 = fits.iter().map(|fit| fit.height()).sum();
        let spare = column.height - gaps - text;
        if spare >= 0.0 {
            return Ok(place(&words, &fits, column, scale, gaps, spare));
        }
        scale -= 0.02;
    }
    let longest = words.iter().max_by_key(|words| words.piece.text.len());
    Err(TooLong(longest.map_or("", |words| words.piece.field)))
}

fn place(words: &[Words<'_>], fits: &[Fit], column: &Column, scale: f32, gaps: f32, spare: f32) -> Vec<Block> {
    let between = spare.min(gaps * column.spread);
    let stretch = if gaps > 0.0 { 1.0 + between / gaps } else { 1.0 };
    let mut y = if column.spread > 0.0 { column.top + (spare - between) * 0.4 } else { column.top };
    let mut blocks = Vec::with_capacity(words.len());
    for (words, Fit { size, .. }) in words.iter().zip(fits.iter().copied()) {
        let piece = words.piece;
        let lines = match column.align {
            Align::Left => words.lines(column.width / size),
            Align::Centre => words.balanced_lines(column.width / size),
        };
        y += piece.before * scale * stretch;
        let top = y;
        let mut set = Vec::with_capacity(lines.len());
        let last = lines.len().saturating_sub(1);
        for (index, text) in lines.iter().enumerate() {
            let text = text.replace(HARD_SPACE, " ");
            let (text, trailing) = if index < last { (text + " ", words.space) } else { (text, 0.0) };
            let runs = faces::shape(&text, piece.cut, piece.tracking);
            // Space after the last character does not count, or spaced titles would stand left of the middle.
            let width = (runs.iter().map(|run| run.width).sum::<f32>() - trailing - piece.tracking) * size;
            let x = match column.align {
                Align::Left => column.x,
                Align::Centre => column.x - width / 2.0,
            };
            set.push(Line { runs, x, baseline: y + size * ASCENT, width });
            y += size * LEADING;
        }
        blocks.push(Block { piece: piece.clone(), size, top, bottom: y, lines: set });
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMN: Column =
        Column { x: 200.0, width: 300.0, top: 10.0, height: 200.0, align: Align::Centre, spread: 0.0 };

    fn texts(block: &Block) -> Vec<String> {
        block.lines.iter().map(|line| line.runs.iter().map(|run| run.text.as_str()).collect()).collect()
    }

    #[test]
    fn a_long_line_shrinks_before_it_wraps() {
        let text = "Kiến trúc Chính phủ điện tử cho cán bộ, công chức, viên chức";
        let set_with =
            |lines, shrink| set(&[Piece::new("x", text, Cut::Regular, 14.0).lines(lines, shrink)], &COLUMN).unwrap();
        let shrunk = set_with(1, 0.6);
        assert_eq!(shrunk[0].lines.len(), 1);
        assert!(shrunk[0].size < 14.0);
        let wrapped = set_with(1, 1.0);
        assert_eq!(wrapped[0].lines.len(), 2);
        assert_eq!(texts(&wrapped[0]).concat(), text);
    }

    #[test]
    fn lines_of_a_title_are_about_equal() {
        let text = "Chuyển đổi số dành cho lãnh đạo và quản lý cấp tỉnh năm 2026";
        let blocks = set(&[Piece::new("x", text, Cut::Bold, 14.0).lines(2, 1.0)], &COLUMN).unwrap();
        let widths: Vec<f32> = blocks[0].lines.iter().map(|line| line.width).collect();
        assert_eq!(widths.len(), 2);
        assert!((widths[0] - widths[1]).abs() < 60.0, "{widths:?}");
    }

    #[test]
    fn hard_spaces_hold_words_together() {
        let text = "Hình\u{a0}thức: trực\u{a0}tuyến";
        let narrow = Column { width: 80.0, ..COLUMN };
        let blocks = set(&[Piece::new("x", text, Cut::Regular, 14.0).lines(2, 1.0)], &narrow).unwrap();
        assert_eq!(texts(&blocks[0]), ["Hình thức: ", "trực tuyến"]);
    }

    #[test]
    fn what_cannot_fit_is_refused_by_name() {
        let pieces =
            [Piece::new("short", "An", Cut::Regular, 14.0), Piece::new("long", "ế".repeat(9000), Cut::Regular, 14.0)];
        assert_eq!(set(&pieces, &COLUMN).err().unwrap(), TooLong("long"));
    }
}
