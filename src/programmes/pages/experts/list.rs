//! `/chuyen-gia`: the register, by name; by agency, post and stage.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    access::{Permission, UnitId},
    accounts::{SignedIn, queries::directory},
    app::App,
    organisations::{model::Unit, queries as organisations},
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, Result},
        http::{Choice, Crumb, FormView, Page, Pages, Tag, address, page_number},
        i18n::Locale,
        text,
    },
    programmes::{
        model::{
            posts::{Post, PostId},
            programme::{Programme, Stage, expert_path},
        },
        pages::programme::{stage_tag, stage_word},
        queries::{
            coverage,
            members::{self, Expert, Wanted},
            programmes,
        },
    },
};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    tim: String,
    #[serde(default, rename = "chuong-trinh")]
    programme: String,
    #[serde(default, rename = "don-vi")]
    unit: String,
    #[serde(default, rename = "chuc-danh")]
    post: String,
    #[serde(default, rename = "giai-doan")]
    stage: String,
    #[serde(default)]
    trang: Option<i64>,
}

#[derive(Serialize)]
struct ListView {
    crumbs: Vec<Crumb>,
    form: FormView,
    programmes: Vec<Choice>,
    units: Vec<Choice>,
    posts: Vec<Choice>,
    stages: Vec<Choice>,
    total: i64,
    rows: Vec<Row>,
    pages: Pages,
    coverage: String,
    as_of: Moment,
}

#[derive(Serialize)]
struct Row {
    href: String,
    name: String,
    birth_year: Option<i32>,
    unit: Option<String>,
    position: String,
    cohort: String,
    stage: Tag,
    until: Option<NaiveDate>,
    needs_review: bool,
}

/// What the stages are narrowed to besides one of them.
const EXPERTS: &str = "";
const EVERYBODY: &str = "tat-ca";
const TO_REVIEW: &str = "xem-lai";

fn stages(asked: &str) -> Vec<Stage> {
    match (asked, Stage::parse(asked)) {
        (_, Some(stage)) => vec![stage],
        (EVERYBODY, _) => Stage::ALL.to_vec(),
        (TO_REVIEW, _) => vec![Stage::Recognised, Stage::Active, Stage::Lapsed],
        _ => vec![Stage::Recognised, Stage::Active],
    }
}

/// Agencies offered to choose from.
const UNITS: usize = 300;

/// What a page of the register is made of.
struct Found {
    programmes: Vec<Programme>,
    posts: Vec<Post>,
    agencies: Vec<Unit>,
    total: i64,
    experts: Vec<Expert>,
}

pub async fn show(app: web::Data<App>, page: Page, who: SignedIn, asked: web::Query<Asked>) -> Result<HttpResponse> {
    let reach = who.require(Permission::SeeNominations)?;
    let (now, today, locale) = (app.now(), local_day(app.now().0), page.locale());
    let typed: String = text::tidy(&asked.tim).chars().take(100).collect();
    super::super::note_look_up(&app, &who, None, &typed).await?;
    let number = page_number(asked.trang);
    let mut wanted = Wanted {
        stages: stages(&asked.stage),
        search: typed.clone(),
        to_review: asked.stage == TO_REVIEW,
        ..Wanted::default()
    };
    let (programme_code, unit_code) = (asked.programme.clone(), asked.unit.clone());
    let post: Option<PostId> = asked.post.parse().ok().map(PostId);
    let found = app
        .db
        .read(move |c| {
            let within = directory::units_within(c, &reach, today)?;
            let programmes = programmes::all(c)?;
            // Posts are those of one programme: the one that is asked for, else the latest.
            let chosen = programmes.iter().find(|known| known.code == programme_code);
            if !programme_code.is_empty() {
                wanted.programme = Some(chosen.ok_or(Error::NotFound)?.id);
            }
            let (mut posts, mut agencies) = (Vec::new(), Vec::new());
            if let Some(shown) = chosen.or(programmes.first()) {
                let covered = coverage::coverage(c, shown.id, within.as_deref(), today)?;
                if let Some(post) = post {
                    wanted.people = Some(covered.people_in(post));
                }
                (posts, agencies) = (covered.posts, covered.agencies);
            }
            if !unit_code.is_empty() {
                let unit: UnitId = organisations::by_code(c, &unit_code)?.ok_or(Error::NotFound)?.id;
                if within.as_ref().is_some_and(|units| !units.contains(&unit)) {
                    return Err(Error::NotFound);
                }
                wanted.units = Some(organisations::subtree_ids(c, &[unit], today)?);
            }
            let (total, experts) = members::experts(c, within.as_deref(), today, &wanted, number)?;
            Ok::<_, Error>(Found { programmes, posts, agencies, total, experts })
        })
        .await?;
    let row = |expert: Expert| Row {
        href: expert_path(&expert.member.code),
        name: expert.person.full_name(),
        birth_year: expert.person.birth_year,
        position: expert.place.as_ref().map(|(position, _)| position.clone()).unwrap_or_default(),
        unit: expert.place.map(|(_, unit)| unit.name(locale).to_owned()),
        cohort: if locale == Locale::Vi { expert.cohort.0 } else { expert.cohort.1 },
        stage: stage_tag(&page, expert.member.stage),
        until: expert.member.valid_until.filter(|_| expert.member.stage.is_recognised()),
        needs_review: expert.member.needs_review,
    };
    let to = |number: i64| {
        let number = number.to_string();
        address(
            "/chuyen-gia",
            &[
                ("tim", &typed),
                ("chuong-trinh", &asked.programme),
                ("don-vi", &asked.unit),
                ("chuc-danh", &asked.post),
                ("giai-doan", &asked.stage),
                ("trang", &number),
            ],
        )
    };
    let mut stages = vec![
        Choice::new(EXPERTS, page.text("experts-stage-experts")),
        Choice::new(EVERYBODY, page.text("experts-stage-everybody")),
        Choice::new(TO_REVIEW, page.text("experts-stage-review")),
    ];
    stages.extend(Stage::ALL.iter().map(|stage| Choice::new(stage.as_str(), stage_word(&page, *stage))));
    let view = ListView {
        crumbs: vec![Crumb::new(page.text("programme-title"), "/chuong-trinh")],
        form: FormView::with([
            ("tim", typed.clone()),
            ("chuong-trinh", asked.programme.clone()),
            ("don-vi", asked.unit.clone()),
            ("chuc-danh", asked.post.clone()),
            ("giai-doan", asked.stage.clone()),
        ]),
        programmes: found.programmes.iter().map(|p| Choice::new(p.code.clone(), p.title(locale))).collect(),
        units: found
            .agencies
            .iter()
            .take(UNITS)
            .map(|unit| Choice::new(unit.code.clone(), unit.name(locale)))
            .collect(),
        posts: found.posts.iter().map(|post| Choice::new(post.id.to_string(), post.title(locale))).collect(),
        stages,
        total: found.total,
        rows: found.experts.into_iter().map(row).collect(),
        pages: Pages::of(&page, number, found.total, members::A_PAGE, to),
        coverage: address("/chuyen-gia/do-phu", &[("chuong-trinh", &asked.programme)]),
        as_of: now,
    };
    page.html("programmes/experts", &view)
}
