//! The drawings of a target, from its figures.

use chrono::NaiveDate;

use super::{counted, pace::PaceView, unit_word};
use crate::{
    platform::{
        charts::{self, Caption, Day, Progress, ProgressWords, Step},
        http::{Page, SafeHtml},
        i18n::Message,
        text::date,
    },
    targets::{
        model::{Figures, Forecast, Metric, Pace, Target},
        queries::Funnel,
    },
};

/// The running total over the period; while it runs the needed pace and what may be expected. Nothing where nothing was
/// counted, and nothing of a share of agencies: it is no running total. The required number is the nation's alone.
pub fn progress(
    page: &Page,
    target: &Target,
    by_day: &[(NaiveDate, i64)],
    today: NaiveDate,
    is_nation: bool,
    pace: Option<(&Pace, &PaceView)>,
) -> Option<SafeHtml> {
    let mut total = 0;
    let mut actual = vec![Day { day: target.period_from, total }];
    for (day, count) in by_day {
        total += count;
        actual.push(Day { day: *day, total });
    }
    if total == 0 || target.metric == Metric::Agencies {
        return None;
    }
    let end = today.min(target.period_to);
    actual.push(Day { day: end, total });
    let running = pace.filter(|(pace, _)| pace.forecast != Forecast::Reached);
    let line = running.map(|_| vec![Day { day: today, total }, Day { day: target.period_to, total: target.required }]);
    let band = running.map(|(pace, _)| pace.band(today, total, target.period_to));
    let unit = unit_word(page, target.metric);
    let key = if is_nation { "targets-chart-progress-desc" } else { "targets-chart-progress-part" };
    let mut described = page.text(
        Message::new(key)
            .with("counted", counted(page, target.metric, total))
            .with("required", counted(page, target.metric, target.required))
            .with("day", date(end)),
    );
    if let Some((_, view)) = running {
        described = format!("{described} {}", view.sentence(page));
    }
    let drawn = charts::progress_line(&Progress {
        caption: Caption {
            id: "tien-do".to_owned(),
            title: page.text("targets-chart-progress"),
            description: described,
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
        target: is_nation.then_some(target.required),
        actual,
        pace: line.unwrap_or_default(),
        band: band.unwrap_or_default(),
        locale: page.locale(),
    });
    Some(SafeHtml::vouched(drawn))
}

/// From what is required to the certificate, in what the target counts; a share of agencies has no way of people, so turns.
/// `handed` are seats given and seats taken, where there are quotas.
pub fn funnel(page: &Page, target: &Target, funnel: &Funnel, handed: Option<(i64, i64)>, is_nation: bool) -> SafeHtml {
    let metric = if target.metric == Metric::People { Metric::People } else { Metric::Turns };
    let of = |figures: Figures| figures.rank(metric);
    let step = |key: &'static str, value, counted| Step { label: page.text(key), value, counted };
    let mut steps = Vec::new();
    if is_nation && target.metric == metric {
        steps.push(step("targets-required", target.required, false));
    }
    if let Some((given, taken)) = handed {
        steps.push(step("targets-funnel-allocated", given, false));
        steps.push(step("targets-funnel-nominated", taken, false));
    }
    steps.extend([
        step("targets-funnel-enrolled", of(funnel.enrolled), false),
        step("targets-funnel-studying", of(funnel.studying), false),
        step("targets-funnel-counted", of(funnel.counted), true),
        step("targets-funnel-certified", of(funnel.certified), false),
    ]);
    let drawn = charts::funnel(&charts::Funnel {
        caption: Caption {
            id: "chang-duong".to_owned(),
            title: page.text("targets-funnel"),
            description: page.text("targets-funnel-desc"),
        },
        unit: unit_word(page, metric),
        steps,
        locale: page.locale(),
    });
    SafeHtml::vouched(drawn)
}
