//! Figures, within the scope of the token.

use actix_web::web;
use chrono::NaiveDate;

use super::records::{CountedSplit, FunnelRecord, Period, TargetRecord};
use crate::{
    accounts::guards::ApiCall,
    app::App,
    organisations::{self, model::UnitKind},
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, Result},
        http::api::{Answer, Asked, Listed},
    },
    targets::{
        Snapshot,
        model::{Days, Metric, Split, Target, TargetState},
        queries::{self, Counted, Scope, View},
    },
};

crate::record! {
    /// A target with the figures of its whole period.
    pub struct TargetFigures {
        target: TargetRecord,
        figures: CountedSplit,
    }
}

pub async fn list(app: web::Data<App>, call: ApiCall) -> Result<Answer<Listed<TargetFigures>>> {
    let today = local_day(app.now().0);
    let (reach, after, limit) = (call.reach, call.asked.after(), call.asked.limit());
    let wanted = call.asked.text("state").and_then(TargetState::parse);
    app.db
        .read(move |c| {
            let scope = Scope::reached(c, &reach, today)?;
            let mut all = queries::list(c, wanted.is_some())?;
            all.retain(|target| wanted.is_none_or(|state| target.state == state));
            let page = Listed::page(all, &after, limit, |target: &Target| target.code.clone());
            let mut totals = queries::totals(c, &page.items, &scope)?;
            let mut courses = queries::courses_of(c, &page.items)?;
            Ok(Answer(page.map(|target| TargetFigures {
                figures: totals.remove(&target.id).unwrap_or_default().into(),
                target: TargetRecord::of(target.clone(), courses.remove(&target.id).unwrap_or_default()),
            })))
        })
        .await
}

crate::record! {
    /// One target within the scope of the token.
    pub struct TargetDetail {
        target: TargetRecord,
        /// The part of the period whose figures these are.
        part: Period,
        figures: CountedSplit,
        /// Of the whole period.
        funnel: FunnelRecord,
        /// When the funnel was counted: a large one may be some minutes old.
        funnel_at: Moment,
    }
}

/// The part of a period that is asked for; a part outside it holds nothing.
fn part(asked: &Asked, period: Days) -> Days {
    Days { from: asked.day("from").unwrap_or(period.from), to: asked.day("to").unwrap_or(period.to) }
}

pub async fn show(app: web::Data<App>, call: ApiCall, snapshot: web::Data<Snapshot>) -> Result<Answer<TargetDetail>> {
    let (now, reach, asked) = (app.now(), call.reach, call.asked);
    let (target, scope, part, figures, courses) = app
        .db
        .read(move |c| {
            let scope = Scope::reached(c, &reach, local_day(now.0))?;
            let target = queries::by_code(c, asked.text("code").unwrap_or_default())?;
            let part = part(&asked, target.period());
            let figures = queries::split(c, target.id, part, &scope)?;
            let courses = queries::course_codes(c, target.id)?;
            Ok::<_, Error>((target, scope, part, figures, courses))
        })
        .await?;
    let (funnel_at, funnel) = snapshot.funnel(&app, &target, &scope).await?;
    Ok(Answer(TargetDetail {
        part: part.into(),
        figures: figures.into(),
        funnel: (*funnel).into(),
        funnel_at,
        target: TargetRecord::of(target, courses),
    }))
}

crate::record! {
    /// A unit and what was counted in it and in all that lies under it.
    pub struct UnitFigures {
        code: String,
        name_vi: String,
        name_en: String,
        kind: UnitKind,
        figures: CountedSplit,
        /// Some of it was counted below the unit: `below` asks for that.
        has_parts: bool,
    }
}

crate::record! {
    /// One level of the tree. All rows of all pages, `direct` and `unconverted` add up to `total`.
    pub struct UnitLevel {
        part: Period,
        /// The day to which units are carried; null for units as recorded.
        as_of: Option<NaiveDate>,
        items: Vec<UnitFigures>,
        /// For `after` of the next page; null on the last one.
        next: Option<String>,
        /// Recorded for the unit of this level itself.
        direct: CountedSplit,
        /// Of units that cannot be carried to the day, together.
        unconverted: CountedSplit,
        total: CountedSplit,
    }
}

pub async fn units(app: web::Data<App>, call: ApiCall) -> Result<Answer<UnitLevel>> {
    let (today, reach, asked) = (local_day(app.now().0), call.reach, call.asked);
    app.db
        .read(move |c| {
            let scope = Scope::reached(c, &reach, today)?;
            let target = queries::by_code(c, asked.text("code").unwrap_or_default())?;
            let (part, as_of) = (part(&asked, target.period()), asked.day("as_of"));
            let view = as_of.map_or(View::AsRecorded, View::AsOf);
            let below = match asked.text("below") {
                None => None,
                Some(code) => {
                    let unit = organisations::queries::by_code(c, code)?.ok_or(Error::NotFound)?;
                    // A unit out of reach is not there.
                    if scope.behind(queries::behind(c, &target, view, unit.id)?).is_empty() {
                        return Err(Error::NotFound);
                    }
                    Some(unit.id)
                }
            };
            let level = queries::level(c, &target, part, view, &scope, below)?;
            let mut unconverted = Split::default();
            level.unconverted.iter().for_each(|row| unconverted += row.split);
            let page = Listed::page(level.rows, &asked.after(), asked.limit(), |row| row.unit.code.clone());
            let page = page.map(unit_figures);
            Ok(Answer(UnitLevel {
                part: part.into(),
                as_of,
                items: page.items,
                next: page.next,
                direct: level.direct.into(),
                unconverted: unconverted.into(),
                total: level.total.into(),
            }))
        })
        .await
}

fn unit_figures(row: Counted) -> UnitFigures {
    UnitFigures {
        code: row.unit.code,
        name_vi: row.unit.name_vi,
        name_en: row.unit.name_en,
        kind: row.unit.kind,
        figures: row.split.into(),
        has_parts: row.has_parts,
    }
}

crate::record! {
    /// How many agencies of a kind organised.
    pub struct KindShare {
        kind: UnitKind,
        organised: i64,
        all: i64,
    }
}

crate::record! {
    /// The share of agencies: those that organised a class that counts, of all there are on a day.
    pub struct AgencyShare {
        /// The year, as far as it lies in the target's period.
        part: Period,
        /// The day whose agencies they are.
        on: NaiveDate,
        organised: i64,
        all: i64,
        kinds: Vec<KindShare>,
        /// The codes of those that organised.
        organised_codes: Vec<String>,
        /// The codes of those that did not.
        missing_codes: Vec<String>,
    }
}

pub async fn agencies(app: web::Data<App>, call: ApiCall) -> Result<Answer<AgencyShare>> {
    call.require_nation()?;
    let (today, code) = (local_day(app.now().0), call.asked.text("code").unwrap_or_default().to_owned());
    let found = app
        .db
        .read(move |c| {
            let target = queries::by_code(c, &code)?;
            if target.metric != Metric::Agencies {
                return Err(Error::NotFound);
            }
            queries::agencies(c, &target, today)
        })
        .await?;
    let share = found.share();
    let mut kinds: Vec<KindShare> = Vec::new();
    for row in &found.rows {
        let organised = i64::from(row.turns > 0);
        match kinds.iter_mut().find(|known| known.kind == row.unit.kind) {
            Some(known) => {
                known.all += 1;
                known.organised += organised;
            }
            None => kinds.push(KindShare { kind: row.unit.kind, organised, all: 1 }),
        }
    }
    let codes = |organised: bool| {
        let rows = found.rows.iter().filter(|row| (row.turns > 0) == organised);
        let mut codes: Vec<String> = rows.map(|row| row.unit.code.clone()).collect();
        codes.sort();
        codes
    };
    Ok(Answer(AgencyShare {
        part: found.days.into(),
        on: share.on,
        organised: share.organised,
        all: share.all,
        kinds,
        organised_codes: codes(true),
        missing_codes: codes(false),
    }))
}
