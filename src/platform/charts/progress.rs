use chrono::{Datelike, Months, NaiveDate};

use super::{Anchor, Caption, Drawing, LETTER, LINE, WIDTH, width_of};
use crate::platform::{i18n::Locale, text::number};

const PLOT_TOP: f64 = 26.0;
const PLOT_HEIGHT: f64 = 190.0;
const PLOT_BOTTOM: f64 = PLOT_TOP + PLOT_HEIGHT;
/// Room at the right for the end of a line.
const RIGHT: f64 = WIDTH - 6.0;

/// A running total over a period, against its target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    pub caption: Caption,
    pub words: ProgressWords,
    /// First and last day of the period.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// None where there is no number of its own to reach.
    pub target: Option<i64>,
    /// The total reached by the end of each day, in order.
    pub actual: Vec<Day>,
    /// The pace that is needed, as a thin line: usually from the last figure to the target on the last day.
    pub pace: Vec<Day>,
    /// What may be expected: day, lower and upper total.
    pub band: Vec<(NaiveDate, i64, i64)>,
    pub locale: Locale,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub day: NaiveDate,
    pub total: i64,
}

/// The words beside the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgressWords {
    /// "người", "lượt"
    pub unit: String,
    /// "Chỉ tiêu"
    pub target: String,
    /// "Thực hiện"
    pub actual: String,
    /// "Cần đạt"
    pub pace: String,
    /// "Dự báo"
    pub band: String,
}

/// From figures to places in the drawing.
struct Scale {
    from: NaiveDate,
    days: f64,
    left: f64,
    top_value: i64,
}

impl Scale {
    fn x(&self, day: NaiveDate) -> f64 {
        let passed = day.signed_duration_since(self.from).num_days();
        #[expect(clippy::cast_precision_loss, reason = "a line is drawn, not counted")]
        let passed = passed as f64;
        self.left + (RIGHT - self.left) * (passed / self.days).clamp(0.0, 1.0)
    }

    fn y(&self, value: i64) -> f64 {
        PLOT_BOTTOM - PLOT_HEIGHT * super::share(value, self.top_value)
    }

    fn at(&self, day: Day) -> (f64, f64) {
        (self.x(day.day), self.y(day.total))
    }
}

/// The running total as a strong line, the target as a level line, the needed pace as a thin dashed one, what is expected as a
/// band; each with its name beside it. Safe HTML.
pub fn progress_line(progress: &Progress) -> String {
    let highest = progress
        .target
        .into_iter()
        .chain(progress.actual.iter().chain(&progress.pace).map(|day| day.total))
        .chain(progress.band.iter().map(|(_, _, upper)| *upper))
        .max()
        .unwrap_or_default();
    let step = nice_step(highest);
    let top_value = highest
        .max(0)
        .div_euclid(step)
        .saturating_add(i64::from(highest.rem_euclid(step) > 0))
        .max(1)
        .saturating_mul(step);
    let figures: Vec<(i64, String)> =
        (0..=top_value / step).map(|n| n * step).map(|value| (value, number(value, progress.locale))).collect();
    let left = figures.iter().map(|(_, text)| width_of(text)).fold(0.0, f64::max) + 6.0;
    #[expect(clippy::cast_precision_loss, reason = "a line is drawn, not counted")]
    let days = progress.to.signed_duration_since(progress.from).num_days().max(1) as f64;
    let scale = Scale { from: progress.from, days, left, top_value };

    let mut drawing = Drawing::new();
    for (value, text) in &figures {
        let y = scale.y(*value);
        drawing.line(if *value == 0 { "axis" } else { "grid" }, (left, y), (WIDTH, y));
        drawing.text("quiet", (left - 6.0, y + 5.0), Anchor::End, text);
    }
    draw_days(&mut drawing, &scale, progress);
    draw_lines(&mut drawing, &scale, progress);
    drawing.finish(&progress.caption, PLOT_BOTTOM + LINE + 6.0)
}

/// A round step that divides `highest` into three to six parts.
fn nice_step(highest: i64) -> i64 {
    let mut step = 1i64;
    while let Some(next) = step.checked_mul(10) {
        if let Some(nice) = [step, step * 2, next / 2].into_iter().find(|nice| highest / nice <= 5) {
            return nice;
        }
        step = next;
    }
    step
}

/// Months under the axis, at most five of them; for a short period its first and last day.
fn draw_days(drawing: &mut Drawing, scale: &Scale, progress: &Progress) {
    let months = (progress.to.year() - progress.from.year()) * 12 + month_of(progress.to) - month_of(progress.from);
    let y = PLOT_BOTTOM + LINE;
    if months < 2 {
        let day = |day: NaiveDate| crate::platform::text::date(day);
        drawing.text("quiet", (scale.left, y), Anchor::Start, &day(progress.from));
        drawing.text("quiet", (WIDTH, y), Anchor::End, &day(progress.to));
        return;
    }
    let every = [1, 2, 3, 6, 12, 24, 60].into_iter().find(|every| months / every < 5).unwrap_or(120);
    let Some(mut day) = progress.from.with_day(1) else { return };
    if day < progress.from {
        let Some(next) = day.checked_add_months(Months::new(1)) else { return };
        day = next;
    }
    while day <= progress.to {
        let (x, text) = (scale.x(day), day.format("%m/%Y").to_string());
        drawing.line("axis", (x, PLOT_BOTTOM), (x, PLOT_BOTTOM + 5.0));
        if x + width_of(&text) <= WIDTH {
            drawing.text("quiet", (x, y), Anchor::Start, &text);
        }
        let Some(next) = day.checked_add_months(Months::new(every.unsigned_abs())) else { return };
        day = next;
    }
}

fn month_of(day: NaiveDate) -> i32 {
    i32::try_from(day.month()).unwrap_or_default()
}

fn draw_lines(drawing: &mut Drawing, scale: &Scale, progress: &Progress) {
    let words = &progress.words;
    let mut names = Names { left: scale.left + 4.0, taken: Vec::new() };
    let lower: Vec<_> = progress.band.iter().map(|(day, lower, _)| (scale.x(*day), scale.y(*lower))).collect();
    let upper: Vec<_> = progress.band.iter().map(|(day, _, upper)| (scale.x(*day), scale.y(*upper))).collect();
    let around: Vec<_> = upper.iter().copied().chain(lower.iter().rev().copied()).collect();
    drawing.path("band", &around, true);
    drawing.path("band-edge", &upper, false);
    drawing.path("band-edge", &lower, false);

    if let Some(target) = progress.target {
        let y = scale.y(target);
        drawing.line("target", (scale.left, y), (WIDTH, y));
    }
    let actual: Vec<_> = progress.actual.iter().map(|day| scale.at(*day)).collect();
    let pace: Vec<_> = progress.pace.iter().map(|day| scale.at(*day)).collect();
    drawing.path("pace", &pace, false);
    drawing.path("series", &actual, false);

    if let Some(target) = progress.target {
        let (name, y) =
            (format!("{} {} {}", words.target, number(target, progress.locale), words.unit), scale.y(target));
        names.write(drawing, "strong", &name, &[(scale.left + 4.0, y - 7.0), (scale.left + 4.0, y + LINE)]);
        names.keep_clear(&[(scale.left, y), (WIDTH, y)]);
    }
    [&actual, &pace, &upper, &lower].into_iter().for_each(|line| names.keep_clear(line));
    if let (Some(end), Some(last)) = (actual.last(), progress.actual.last()) {
        drawing.circle("point", *end, 4.5);
        let name = format!("{} {}", words.actual, number(last.total, progress.locale));
        let width = width_of(&name);
        let mut beside = vec![
            (end.0 - width - 4.0, end.1 - 12.0),
            (end.0 + 10.0, end.1 + LINE),
            (end.0 - width - 4.0, end.1 + LINE + 4.0),
        ];
        // Near the beginning of the period there is room only under the pace, or above.
        beside.extend([16.0, 28.0, 40.0].map(|right| (end.0 + right, (end.1 + 5.0).min(PLOT_BOTTOM - 6.0))));
        // Near its end, and close under the target, only below all lines.
        beside.extend((1..6).map(|lines| (RIGHT - width, end.1 + 4.0 + LINE * f64::from(lines))));
        beside.extend((0..8).map(|lines| (names.left, end.1 - 12.0 - LINE * f64::from(lines))));
        names.write(drawing, "strong halo", &name, &beside);
    }
    if let Some((middle, name)) = middle_of(&pace).map(|middle| (middle, words.pace.as_str())) {
        let width = width_of(name);
        let beside = [
            (middle.0 - width - 8.0, middle.1 - 4.0),
            (middle.0 + 8.0, middle.1 + LINE),
            (RIGHT - width, middle.1 + 2.0 * LINE),
            (RIGHT - width, middle.1 + 3.0 * LINE),
            (RIGHT - width, middle.1 + 4.0 * LINE),
        ];
        names.write(drawing, "halo", name, &beside);
    }
    if let (Some(high), Some(low)) = (upper.last(), lower.last()) {
        let width = width_of(&words.band);
        let x = high.0.max(scale.left + width) - width - 2.0;
        let below = |lines: f64| (x, low.1 + lines * LINE);
        let mut beside = vec![below(1.0), below(2.0), (x, high.1 - 6.0)];
        beside.extend((3..8).map(|lines| below(f64::from(lines))));
        names.write(drawing, "quiet halo", &words.band, &beside);
    }
}

fn middle_of(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let (first, last) = (points.first()?, points.last()?);
    Some((f64::midpoint(first.0, last.0), f64::midpoint(first.1, last.1)))
}

/// Names beside lines, kept apart from each other.
struct Names {
    /// Left of this stand the figures of the axis.
    left: f64,
    /// left, top, right, bottom
    taken: Vec<[f64; 4]>,
}

impl Names {
    /// Names keep off this line where they can. A slope is taken in small steps, or its box would cover the whole drawing.
    fn keep_clear(&mut self, line: &[(f64, f64)]) {
        const STEPS: u8 = 24;
        for pair in line.windows(2) {
            let [one, two] = pair else { continue };
            let at = |step: u8| {
                let part = f64::from(step) / f64::from(STEPS);
                (one.0 + (two.0 - one.0) * part, one.1 + (two.1 - one.1) * part)
            };
            for step in 0..STEPS {
                let (from, to) = (at(step), at(step + 1));
                self.taken.push([from.0 - 2.0, from.1.min(to.1) - 2.0, to.0 + 2.0, from.1.max(to.1) + 2.0]);
            }
        }
    }

    /// Writes the text at the first place (left end of its base line) that is free and inside; if none is, at the first one
    /// moved inside.
    fn write(&mut self, drawing: &mut Drawing, class: &str, text: &str, places: &[(f64, f64)]) {
        let width = width_of(text);
        let area = |(x, y): (f64, f64)| [x, y - LETTER, x + width, y + 5.0];
        let is_inside = |a: &[f64; 4]| a[0] >= self.left && a[1] >= 0.0 && a[2] <= WIDTH && a[3] <= PLOT_BOTTOM;
        let is_free =
            |a: &[f64; 4]| !self.taken.iter().any(|b| a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]);
        let good = places.iter().copied().find(|place| is_inside(&area(*place)) && is_free(&area(*place)));
        let Some((x, y)) = good.or_else(|| places.first().copied()) else { return };
        let x = x.min(WIDTH - width).max(self.left);
        let y = y.clamp(LETTER, PLOT_BOTTOM - 5.0);
        self.taken.push(area((x, y)));
        drawing.text(class, (x, y), Anchor::Start, text);
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{assert_well_formed, caption, keep},
        *,
    };

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    fn example() -> Progress {
        let total = |month, date, total| Day { day: day(month, date), total };
        Progress {
            caption: caption(),
            words: ProgressWords {
                unit: "người".into(),
                target: "Chỉ tiêu".into(),
                actual: "Thực hiện".into(),
                pace: "Cần đạt".into(),
                band: "Dự báo".into(),
            },
            from: day(1, 1),
            to: day(12, 31),
            target: Some(10_000),
            actual: vec![
                total(1, 1, 0),
                total(2, 15, 320),
                total(3, 31, 1_240),
                total(4, 30, 1_710),
                total(5, 31, 2_480),
                total(6, 30, 3_900),
                total(7, 31, 4_268),
            ],
            pace: vec![total(7, 31, 4_268), total(12, 31, 10_000)],
            band: vec![(day(7, 31), 4_268, 4_268), (day(12, 31), 6_900, 8_600)],
            locale: Locale::Vi,
        }
    }

    #[test]
    fn lines_names_and_figures_are_there() {
        let svg = progress_line(&example());
        assert_well_formed(&svg);
        for part in [
            ">Chỉ tiêu 10.000 người</text>",
            ">Thực hiện 4.268</text>",
            ">Cần đạt</text>",
            ">Dự báo</text>",
            ">01/2026</text>",
            "class=\"series\"",
            "class=\"pace\"",
            "class=\"band\"",
        ] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
        keep("progress", &svg);
    }

    #[test]
    fn the_end_and_the_overfulfilled_are_drawn() {
        let mut done = example();
        done.actual.push(Day { day: day(12, 20), total: 11_350 });
        done.pace.clear();
        done.band.clear();
        let svg = progress_line(&done);
        assert_well_formed(&svg);
        keep("progress-done", &svg);
        let mut early = example();
        early.actual.truncate(2);
        early.pace = vec![*early.actual.last().unwrap(), Day { day: day(12, 31), total: 10_000 }];
        early.band.clear();
        keep("progress-early", &progress_line(&early));
        // Close under the target, near the end: no name stands on a line.
        let mut close = example();
        close.actual.push(Day { day: day(11, 20), total: 8_900 });
        close.pace = vec![*close.actual.last().unwrap(), Day { day: day(12, 31), total: 10_000 }];
        close.band = vec![(day(11, 20), 8_900, 8_900), (day(12, 10), 9_300, 10_000), (day(12, 31), 9_600, 10_000)];
        let svg = progress_line(&close);
        let (before, _) = svg.split_once(">Thực hiện 8.900<").unwrap();
        let y: f64 = before.rsplit_once(" y=\"").unwrap().1.split('"').next().unwrap().parse().unwrap();
        let target = PLOT_TOP;
        assert!(!(y - LETTER..y + 5.0).contains(&target), "the name at {y} lies on the target at {target}");
        let height = |name: &str| -> f64 {
            let (before, _) = svg.split_once(name).unwrap();
            before.rsplit_once(" y=\"").unwrap().1.split('"').next().unwrap().parse().unwrap()
        };
        let mut names = [height(">Thực hiện 8.900<"), height(">Cần đạt<"), height(">Dự báo<")];
        names.sort_by(f64::total_cmp);
        assert!(names.windows(2).all(|pair| pair[1] - pair[0] >= LETTER), "{names:?}");
        keep("progress-close", &svg);
        let short = Progress { from: day(3, 9), to: day(4, 3), ..example() };
        assert!(progress_line(&short).contains(">09/03/2026</text>"));
    }

    #[test]
    fn nothing_and_nonsense_are_drawn_too() {
        let mut odd = Progress { actual: vec![], pace: vec![], band: vec![], target: Some(0), ..example() };
        assert_well_formed(&progress_line(&odd));
        odd.to = odd.from;
        odd.target = Some(i64::MAX);
        assert_well_formed(&progress_line(&odd));
        odd.target = Some(i64::MIN);
        odd.actual = vec![Day { day: NaiveDate::MAX, total: i64::MIN }, Day { day: NaiveDate::MIN, total: 3 }];
        assert_well_formed(&progress_line(&odd));
        odd.from = NaiveDate::MIN;
        odd.to = NaiveDate::MAX;
        assert_well_formed(&progress_line(&odd));
        let svg = progress_line(&Progress { target: None, ..example() });
        assert_well_formed(&svg);
        assert!(!svg.contains("Chỉ tiêu 10") && !svg.contains("class=\"target\""), "{svg}");
    }

    #[test]
    fn steps_are_round() {
        let steps = [0, 7, 80, 4_268, 10_000, 10_001, 1_000_000].map(nice_step);
        assert_eq!(steps, [1, 2, 20, 1_000, 2_000, 2_000, 200_000]);
    }
}
