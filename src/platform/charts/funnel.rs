use super::{Caption, Drawing, WIDTH, share};
use crate::platform::{
    i18n::Locale,
    text::{number, percent},
};

const BAR: f64 = 16.0;
const GAP: f64 = 12.0;

/// From what is required to what is reached, step by step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funnel {
    pub caption: Caption,
    /// What is counted: "người", "lượt".
    pub unit: String,
    pub steps: Vec<Step>,
    pub locale: Locale,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub label: String,
    pub value: i64,
    /// The step that the target counts stands out.
    pub counted: bool,
}

/// Horizontal bars, one under another, each with its figure, its unit and its share of the first. Safe HTML.
pub fn funnel(funnel: &Funnel) -> String {
    let mut drawing = Drawing::new();
    let whole = funnel.steps.iter().map(|step| step.value).max().unwrap_or_default();
    let first = funnel.steps.first().map_or(0, |step| step.value);
    let mut y = 0.0;
    for (index, step) in funnel.steps.iter().enumerate() {
        let mut figure = format!("{} {}", number(step.value, funnel.locale), funnel.unit);
        if index > 0 && first > 0 {
            figure = format!("{figure} · {}", percent(step.value, first, funnel.locale));
        }
        let class = if step.counted { "strong" } else { "" };
        y += drawing.heading(y, class, &step.label, &figure);
        drawing.rect("bar-rest", 0.5, y + 0.5, WIDTH - 1.0, BAR - 1.0);
        let class = if step.counted { "bar" } else { "bar-step" };
        drawing.rect(class, 0.5, y + 0.5, (WIDTH - 1.0) * share(step.value, whole), BAR - 1.0);
        y += BAR + GAP;
    }
    drawing.finish(&funnel.caption, (y - GAP + 1.0).max(1.0))
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{assert_well_formed, caption, keep},
        *,
    };

    fn example(locale: Locale) -> Funnel {
        let step = |label: &str, value, counted| Step { label: label.into(), value, counted };
        Funnel {
            caption: caption(),
            unit: "người".into(),
            steps: vec![
                step("Yêu cầu", 10_000, false),
                step("Đã phân bổ", 9_850, false),
                step("Đã đề cử", 8_420, false),
                step("Đã ghi danh", 8_105, false),
                step("Đang học", 6_930, false),
                step("Hoàn thành (được tính)", 4_268, true),
                step("Đã cấp giấy chứng nhận", 4_102, false),
            ],
            locale,
        }
    }

    #[test]
    fn every_step_has_its_figure_unit_and_share() {
        let svg = funnel(&example(Locale::Vi));
        assert_well_formed(&svg);
        assert!(svg.contains(">10.000 người</text>") && svg.contains(">4.268 người · 42,7%</text>"), "{svg}");
        assert!(svg.contains("<rect class=\"bar\" x=\"0.5\" y=\"260.5\" width=\"170.3\""), "{svg}");
        assert!(funnel(&example(Locale::En)).contains("4,268 người · 42.7%"));
        keep("funnel", &svg);
    }

    #[test]
    fn nothing_and_nonsense_are_drawn_too() {
        let empty = Funnel { steps: vec![], ..example(Locale::Vi) };
        assert_well_formed(&funnel(&empty));
        let mut odd = example(Locale::Vi);
        odd.steps.iter_mut().for_each(|step| step.value = 0);
        assert_well_formed(&funnel(&odd));
        odd.steps[1].value = i64::MAX;
        odd.steps[2].value = i64::MIN;
        odd.steps[3].label = "<img src=x onerror=alert(1)>".into();
        let svg = funnel(&odd);
        assert_well_formed(&svg);
    }
}
