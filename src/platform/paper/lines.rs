//! Breaking a paragraph into lines, and what a set line is.

use std::collections::HashMap;

use super::{
    Align, PaperError,
    faces::{self, Cut, Run},
};

/// Room above the base line in parts of the size: enough for a capital with two marks (Ế, Ẫ).
pub(super) const ASCENT: f32 = 1.02;
/// From base line to base line.
pub(super) const LEADING: f32 = 1.3;
/// A space that a line is never broken at. It is printed as an ordinary space.
const HARD_SPACE: char = '\u{a0}';
/// A gap between words is never stretched by more than this, in em: a line with one long word after it stays ragged.
const MOST_STRETCH: f32 = 0.9;

/// One line of a paragraph, from the left edge of its column.
#[derive(Debug, Clone)]
pub(super) struct BrokenLine {
    pub(super) text: String,
    /// In em.
    width: f32,
    indent: f32,
    is_last: bool,
}

/// A line in its place, relative to the top left corner of its column.
pub(super) struct SetLine {
    pub(super) runs: Vec<Run>,
    pub(super) x: f32,
    pub(super) size: f32,
    /// In points, without the space at its end.
    pub(super) width: f32,
}

/// Measures words, each once: tables say the same words again and again.
#[derive(Default)]
pub(super) struct Measurer(HashMap<(Cut, String), f32>);

impl Measurer {
    /// The width of a word in em.
    fn word(&mut self, word: &str, cut: Cut) -> Result<f32, PaperError> {
        if let Some(width) = self.0.get(&(cut, word.to_owned())) {
            return Ok(*width);
        }
        let plain = word.replace(HARD_SPACE, " ");
        if let Some(character) = faces::unprintable(&plain, cut) {
            return Err(PaperError::Unprintable { character });
        }
        let width = faces::width(&plain, cut, 0.0);
        self.0.insert((cut, word.to_owned()), width);
        Ok(width)
    }

    /// Breaks a text into lines of at most `measure` points, the first shorter by `indent`. A word longer than a line is broken
    /// between characters.
    pub(super) fn lines(
        &mut self,
        text: &str,
        cut: Cut,
        size: f32,
        measure: f32,
        indent: f32,
    ) -> Result<Vec<BrokenLine>, PaperError> {
        let space = self.word(" ", cut)?;
        let mut lines: Vec<BrokenLine> = Vec::new();
        let (mut line, mut used) = (String::new(), 0.0);
        let room = |count: usize| (measure - if count == 0 { indent } else { 0.0 }) / size;
        let push = |line: &mut String, used: &mut f32, lines: &mut Vec<BrokenLine>| {
            let indent = if lines.is_empty() { indent } else { 0.0 };
            lines.push(BrokenLine { text: std::mem::take(line), width: *used, indent, is_last: false });
            *used = 0.0;
        };
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let width = self.word(word, cut)?;
            let with_space = if line.is_empty() { width } else { space + width };
            if used + with_space <= room(lines.len()) {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
                used += with_space;
                continue;
            }
            if !line.is_empty() {
                push(&mut line, &mut used, &mut lines);
            }
            if width <= room(lines.len()) {
                line.push_str(word);
                used = width;
                continue;
            }
            for part in faces::clusters(word) {
                let width = self.word(part, cut)?;
                if used + width > room(lines.len()) && !line.is_empty() {
                    push(&mut line, &mut used, &mut lines);
                }
                line.push_str(part);
                used += width;
            }
        }
        if !line.is_empty() {
            push(&mut line, &mut used, &mut lines);
        }
        if let Some(last) = lines.last_mut() {
            last.is_last = true;
        }
        Ok(lines)
    }
}

impl BrokenLine {
    /// Shapes the line into a column of that width.
    pub(super) fn set(&self, cut: Cut, size: f32, measure: f32, align: Align) -> SetLine {
        let text = self.text.replace(HARD_SPACE, " ");
        let spare = (measure - self.indent - self.width * size).max(0.0);
        let gaps = text.matches(' ').count();
        // A line that is broken ends with a space, so that a search finds the words across the break.
        let text = if self.is_last { text } else { text + " " };
        let mut runs = faces::shape(&text, cut, 0.0);
        let mut width = self.width * size;
        #[expect(clippy::cast_precision_loss, reason = "a line has few gaps")]
        let stretch = if gaps > 0 { spare / gaps as f32 / size } else { 0.0 };
        if align == Align::Both && !self.is_last && stretch > 0.0 && stretch <= MOST_STRETCH {
            for run in &mut runs {
                for glyph in &mut run.glyphs {
                    if run.text.get(glyph.text_range.clone()) == Some(" ") {
                        glyph.x_advance += stretch;
                        run.width += stretch;
                    }
                }
            }
            width += spare;
        }
        let x = match align {
            Align::Left | Align::Both => self.indent,
            Align::Centre => (measure - width) / 2.0,
            Align::Right => measure - width,
        };
        SetLine { runs, x, size, width }
    }
}
