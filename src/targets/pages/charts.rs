//! The drawings of a target, from its figures.

use chrono::NaiveDate;

use super::unit_word;
use crate::{
    platform::{
        charts::{self, Caption, Day, Progress, ProgressWords, Step},
        http::{Page, SafeHtml},
        i18n::Message,
        text::{date, number},
    },
    targets::{
        model::{Figures, Metric, Target, TargetState},
        queries::Funnel,
    },
};

/// The running total over the period; the needed pace while it runs. Nothing where nothing was counted.
pub fn progress(page: &Page, target: &Target, by_day: &[(NaiveDate, Figures)], today: NaiveDate) -> Option<SafeHtml> {
    let mut total = 0;
    let mut actual = vec![Day { day: target.period_from, total }];
    for (day, figures) in by_day {
        total += figures.of(target.metric);
        actual.push(Day { day: *day, total });
    }
    if total == 0 {
        return None;
    }
    let end = today.min(target.period_to);
    actual.push(Day { day: end, total });
    let running = target.state == TargetState::InForce && target.period().contains(today) && total < target.required;
    let pace = if running {
        vec![Day { day: today, total }, Day { day: target.period_to, total: target.required }]
    } else {
        Vec::new()
    };
    let unit = unit_word(page, target.metric);
    let described = Message::new("targets-chart-progress-desc")
        .with("count", number(total, page.locale()))
        .with("required", number(target.required, page.locale()))
        .with("unit", unit.clone())
        .with("day", date(end));
    let drawn = charts::progress_line(&Progress {
        caption: Caption {
            id: "tien-do".to_owned(),
            title: page.text("targets-chart-progress"),
            description: page.text(described),
        },
        words: ProgressWords {
            unit,
            target: page.text("targets-chart-target"),
            actual: page.text("targets-chart-actual"),
            pace: page.text("targets-chart-pace"),
            band: page.text("targets-chart-band"),
        },
        from: target.period_from,
        to: target.period_to,
        target: target.required,
        actual,
        pace,
        band: Vec::new(),
        locale: page.locale(),
    });
    Some(SafeHtml::vouched(drawn))
}

/// From enrolling to the certificate, in turns.
pub fn funnel(page: &Page, funnel: Funnel) -> SafeHtml {
    let step = |key: &'static str, value, counted| Step { label: page.text(key), value, counted };
    let drawn = charts::funnel(&charts::Funnel {
        caption: Caption {
            id: "chang-duong".to_owned(),
            title: page.text("targets-funnel"),
            description: page.text("targets-funnel-desc"),
        },
        unit: unit_word(page, Metric::Turns),
        steps: vec![
            step("targets-funnel-enrolled", funnel.enrolled, false),
            step("targets-funnel-studying", funnel.studying, false),
            step("targets-funnel-counted", funnel.counted, true),
            step("targets-funnel-certified", funnel.certified, false),
        ],
        locale: page.locale(),
    });
    SafeHtml::vouched(drawn)
}
