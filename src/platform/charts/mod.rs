//! Charts, drawn here as SVG. Each takes plain figures and texts already in the reader's language, and returns a `String` that
//! is **safe HTML by construction**: every text is escaped, every number is a number, there is no style, script or link in
//! it. It may be inserted unescaped.
//!
//! They are drawn 400 units wide with letters of 15, so that on a phone of 360 px the letters are still over 12 px.
//! Colours are classes (`static/styles/chart.css`); nothing is told by colour alone: the figure stands beside its bar, lines
//! differ in stroke, and all of it reads in black and white. The table behind the figures belongs to the page.

mod funnel;
mod progress;
mod tiles;
mod units;

pub use funnel::{Funnel, Step, funnel};
pub use progress::{Day, Progress, ProgressWords, progress_line};
pub use tiles::{Shade, Tile, Tiles, tile_map};
pub use units::{UnitRow, Units, bars_by_unit};

/// The drawing's width; its height follows from what is in it.
const WIDTH: f64 = 400.0;
/// Letters, as in the stylesheet.
const LETTER: f64 = 15.0;
/// From line to line.
const LINE: f64 = 20.0;

/// What every chart says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    /// Unique on its page: title and description are found by it.
    pub id: String,
    /// What is shown: "Tiến độ chỉ tiêu 2026".
    pub title: String,
    /// What a reader should see in it, in one or two sentences, for those who cannot.
    pub description: String,
}

#[derive(Debug, Clone, Copy)]
enum Anchor {
    Start,
    Middle,
    End,
}

/// An SVG being written.
struct Drawing {
    body: String,
}

impl Drawing {
    fn new() -> Self {
        Self { body: String::new() }
    }

    fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let (x, y, width, height) =
            (coordinate(x), coordinate(y), coordinate(width.max(0.0)), coordinate(height.max(0.0)));
        self.body
            .push_str(&format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"));
    }

    fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let (x1, y1, x2, y2) = (coordinate(from.0), coordinate(from.1), coordinate(to.0), coordinate(to.1));
        self.body.push_str(&format!("<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"));
    }

    fn circle(&mut self, class: &str, at: (f64, f64), radius: f64) {
        let (x, y, r) = (coordinate(at.0), coordinate(at.1), coordinate(radius));
        self.body.push_str(&format!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>"));
    }

    /// An open line through the points, or a closed area around them.
    fn path(&mut self, class: &str, points: &[(f64, f64)], closed: bool) {
        if points.is_empty() {
            return;
        }
        let mut steps = String::new();
        for (index, (x, y)) in points.iter().enumerate() {
            let step = if index == 0 { 'M' } else { 'L' };
            steps.push_str(&format!("{step}{} {}", coordinate(*x), coordinate(*y)));
        }
        if closed {
            steps.push('Z');
        }
        self.body.push_str(&format!("<path class=\"{class}\" d=\"{steps}\"/>"));
    }

    fn text(&mut self, class: &str, at: (f64, f64), anchor: Anchor, text: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let (x, y) = (coordinate(at.0), coordinate(at.1));
        self.body.push_str(&format!("<text{class} x=\"{x}\" y=\"{y}\"{anchor}>{}</text>", escaped(text)));
    }

    /// A label on the left and a figure on the right, above a bar; wrapped where they do not fit beside each other. Gives the
    /// height used.
    fn heading(&mut self, top: f64, class: &str, label: &str, figure: &str) -> f64 {
        let mut lines = wrapped(label, WIDTH);
        let last = lines.last().map_or(0.0, |line| width_of(line));
        if last + width_of(figure) + LETTER > WIDTH {
            lines.push(String::new());
        }
        let mut y = top;
        for line in &lines {
            y += LINE;
            if !line.is_empty() {
                self.text(class, (0.0, y - 5.0), Anchor::Start, line);
            }
        }
        self.text(class, (WIDTH, y - 5.0), Anchor::End, figure);
        y - top
    }

    fn finish(self, caption: &Caption, height: f64) -> String {
        let id = crate::platform::text::slugify(&caption.id);
        let (title, description) = (escaped(&caption.title), escaped(&caption.description));
        format!(
            "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\">\
             <title id=\"{id}-title\">{title}</title><desc id=\"{id}-desc\">{description}</desc>{}</svg>",
            coordinate(WIDTH),
            coordinate(height),
            self.body
        )
    }
}

/// A coordinate with one decimal at most.
fn coordinate(value: f64) -> String {
    let text = format!("{:.1}", if value.is_finite() { value } else { 0.0 });
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

/// The width of a text, estimated generously: the face is the reader's own.
fn width_of(text: &str) -> f64 {
    let em: f64 = text
        .chars()
        .map(|c| match c {
            'i' | 'l' | 'j' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '·' | '(' | ')' | '/'
            | ' ' => 0.36,
            'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.95,
            c if c.is_uppercase() => 0.74,
            _ => 0.6,
        })
        .sum();
    em * LETTER
}

/// Breaks a text at its spaces into lines of at most `width`; a longer word stands on its own line.
fn wrapped(text: &str, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width_of(line) + width_of(word) + LETTER * 0.36 <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The part of the full width that `value` takes of `whole`.
#[expect(clippy::cast_precision_loss, reason = "a bar is drawn, not counted")]
fn share(value: i64, whole: i64) -> f64 {
    if whole <= 0 { 0.0 } else { (value.max(0) as f64 / whole as f64).min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every tag that opens closes, in order; and nothing but what charts are made of is there.
    pub(super) fn assert_well_formed(svg: &str) {
        let mut open = Vec::new();
        let mut rest = svg;
        while let Some(start) = rest.find('<') {
            let end = start + rest[start..].find('>').unwrap();
            let tag = &rest[start + 1..end];
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
            let known = ["svg", "title", "desc", "rect", "line", "circle", "path", "text"];
            assert!(known.contains(&name), "<{tag}>");
            assert!(!tag.contains("style=") && !tag.contains(" on") && !tag.contains("href"), "<{tag}>");
            if let Some(closed) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(closed), "{svg}");
            } else if !tag.ends_with('/') {
                open.push(name);
            }
            rest = &rest[end + 1..];
        }
        assert!(open.is_empty(), "{open:?}");
        assert!(svg.starts_with("<svg viewBox=\"0 0 400 ") && svg.contains("role=\"img\""));
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }

    pub(super) fn caption() -> Caption {
        Caption {
            id: "chi-tieu".into(),
            title: "Chỉ tiêu <2026>".into(),
            description: "\"Mô tả\" & </desc><script>alert(1)</script>".into(),
        }
    }

    /// Writes the charts where `NONGCOT_CHARTS_OUT` says, to be looked at.
    pub(super) fn keep(name: &str, svg: &str) {
        if let Some(folder) = std::env::var_os("NONGCOT_CHARTS_OUT") {
            std::fs::write(std::path::Path::new(&folder).join(format!("{name}.svg")), svg).unwrap();
        }
    }

    #[test]
    fn text_is_escaped_everywhere() {
        assert_eq!(escaped("<a href='x'>\"&\n"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp; ");
        let mut drawing = Drawing::new();
        drawing.heading(0.0, "", "<b>", "\"1\"");
        let svg = drawing.finish(&caption(), 20.0);
        assert_well_formed(&svg);
        assert!(!svg.contains("<script") && !svg.contains("<b>"));
        assert!(svg.contains("aria-labelledby=\"chi-tieu-title\""));
    }

    #[test]
    fn coordinates_are_short_and_finite() {
        assert_eq!(coordinate(12.0), "12");
        assert_eq!(coordinate(12.34), "12.3");
        assert_eq!(coordinate(-0.01), "0");
        assert_eq!(coordinate(f64::NAN), "0");
    }

    #[test]
    fn long_labels_wrap_and_keep_their_figure() {
        let mut drawing = Drawing::new();
        let label = "Trung tâm Công nghệ thông tin và Truyền thông thuộc Sở Khoa học và Công nghệ";
        let height = drawing.heading(0.0, "", label, "1.234.567 người · 100%");
        assert!(height >= 2.0 * LINE);
        let lines = wrapped(label, WIDTH);
        assert_eq!(lines.join(" "), label);
        assert!(lines.iter().all(|line| width_of(line) <= WIDTH));
    }

    #[test]
    fn shares_stay_within_the_bar() {
        assert_eq!([share(5, 10), share(20, 10), share(-1, 10), share(1, 0)], [0.5, 1.0, 0.0, 0.0]);
    }
}
