use super::{Caption, Drawing, WIDTH, share};
use crate::platform::{
    i18n::Locale,
    text::{number, percent},
};

const BAR: f64 = 12.0;
const GAP: f64 = 14.0;

/// How far each unit is, in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Units {
    pub caption: Caption,
    /// What is counted: "người", "lượt".
    pub unit: String,
    pub rows: Vec<UnitRow>,
    pub locale: Locale,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRow {
    pub label: String,
    pub value: i64,
    /// What the unit was allotted, if it was.
    pub target: Option<i64>,
}

/// A bar for each unit on one scale, an upright mark where its target is, the figures beside the name. Safe HTML.
pub fn bars_by_unit(units: &Units) -> String {
    let mut drawing = Drawing::new();
    let whole = units.rows.iter().map(|row| row.value.max(row.target.unwrap_or_default())).max().unwrap_or_default();
    // Room for the mark of the longest bar.
    let full = WIDTH - 3.0;
    let mut y = 0.0;
    for row in &units.rows {
        let value = number(row.value, units.locale);
        let figure = match row.target {
            Some(target) => {
                let share = percent(row.value, target, units.locale);
                format!("{value}/{} {} · {share}", number(target, units.locale), units.unit)
            }
            None => format!("{value} {}", units.unit),
        };
        y += drawing.heading(y, "", &row.label, &figure);
        let reached = full * share(row.value, whole);
        if let Some(target) = row.target.filter(|target| *target > 0) {
            let mark = full * share(target, whole);
            drawing.rect("bar-rest", 0.5, y + 0.5, mark, BAR - 1.0);
            drawing.rect(if row.value >= target { "bar bar-good" } else { "bar" }, 0.5, y + 0.5, reached, BAR - 1.0);
            drawing.line("target", (mark + 0.5, y - 3.0), (mark + 0.5, y + BAR + 3.0));
        } else {
            drawing.rect("bar", 0.5, y + 0.5, reached, BAR - 1.0);
        }
        y += BAR + GAP;
    }
    drawing.finish(&units.caption, (y - GAP + 4.0).max(1.0))
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{assert_well_formed, caption, keep},
        *,
    };

    fn example() -> Units {
        let row = |label: &str, value, target| UnitRow { label: label.into(), value, target };
        Units {
            caption: caption(),
            unit: "người".into(),
            rows: vec![
                row("Tỉnh Minh Họa Một", 412, Some(400)),
                row("Thành phố Minh Họa Hai", 363, Some(480)),
                row("Trung tâm Công nghệ thông tin và Truyền thông Minh Họa Ba", 120, Some(300)),
                row("Bộ Minh Họa Bốn", 0, Some(150)),
                row("Đơn vị không có chỉ tiêu", 64, None),
            ],
            locale: Locale::Vi,
        }
    }

    #[test]
    fn every_unit_has_its_figure_and_its_mark() {
        let svg = bars_by_unit(&example());
        assert_well_formed(&svg);
        assert!(svg.contains(">412/400 người · 103%</text>") && svg.contains(">64 người</text>"), "{svg}");
        assert_eq!(svg.matches("class=\"target\"").count(), 4);
        assert_eq!(svg.matches("bar-good").count(), 1);
        keep("units", &svg);
    }

    #[test]
    fn nothing_and_nonsense_are_drawn_too() {
        assert_well_formed(&bars_by_unit(&Units { rows: vec![], ..example() }));
        let mut odd = example();
        odd.rows[0].target = Some(0);
        odd.rows[1].target = Some(-5);
        odd.rows[2].value = i64::MAX;
        odd.rows[3].label = String::new();
        assert_well_formed(&bars_by_unit(&odd));
    }
}
