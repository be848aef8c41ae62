//! `/chuyen-gia/do-phu`: which of the eligible posts of the agencies valid today have an expert, and which have nobody. Numbers for the
//! whole, then by kind of agency; the agencies of one kind a page at a time.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::crumbs;
use crate::{
    access::Permission,
    accounts::{SignedIn, queries::directory},
    app::App,
    organisations::model::UnitKind,
    platform::{
        as_i64,
        clock::local_day,
        db::Moment,
        error::{Error, Result},
        http::{Choice, Crumb, Filter, FormView, Page, Pages, Tag, address, page_number},
        i18n::Message,
    },
    programmes::{
        model::programme::expert_path,
        pages::programme::{kind_word, stage_tag},
        queries::{
            coverage::{self, Coverage, Filled, Tally},
            programmes,
        },
    },
};

/// Agencies on one page.
const A_PAGE: i64 = 20;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default, rename = "chuong-trinh")]
    programme: String,
    /// The kind of agencies that is shown one by one.
    #[serde(default)]
    loai: String,
    /// `du`: all of them; otherwise those with a gap.
    #[serde(default)]
    xem: String,
    #[serde(default)]
    trang: Option<i64>,
}

const ALL: &str = "du";

#[derive(Serialize)]
struct CoverageView {
    crumbs: Vec<Crumb>,
    programmes: Vec<Choice>,
    form: FormView,
    /// None where there is no programme, or no agency within one's units has a post.
    total: Option<Tally>,
    is_part: bool,
    as_of: Moment,
    kinds: Vec<KindView>,
    chosen: Option<ChosenView>,
}

#[derive(Serialize)]
struct KindView {
    href: String,
    label: String,
    is_current: bool,
    agencies: i64,
    posts: Vec<PostRow>,
}

#[derive(Serialize)]
struct PostRow {
    title: String,
    tally: Tally,
}

/// The agencies of one kind.
#[derive(Serialize)]
struct ChosenView {
    title: String,
    filters: Vec<Filter>,
    count: i64,
    agencies: Vec<AgencyRow>,
    pages: Pages,
}

#[derive(Serialize)]
struct AgencyRow {
    href: String,
    name: String,
    posts: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    title: String,
    state: Tag,
    people: Vec<PersonRow>,
}

#[derive(Serialize)]
struct PersonRow {
    href: String,
    name: String,
    stage: Tag,
}

fn state(page: &Page, filled: Filled) -> Tag {
    let (kind, key) = match filled {
        Filled::Expert => ("good", "experts-filled-expert"),
        Filled::Underway => ("info", "experts-filled-underway"),
        Filled::Nobody => ("bad", "experts-filled-nobody"),
    };
    Tag { kind, text: page.text(key) }
}

pub async fn show(app: web::Data<App>, page: Page, who: SignedIn, asked: web::Query<Asked>) -> Result<HttpResponse> {
    let reach = who.require(Permission::SeeNominations)?;
    let (now, today, code) = (app.now(), local_day(app.now().0), asked.programme.clone());
    let (all, chosen, covered, is_part) = app
        .db
        .read(move |c| {
            let within = directory::units_within(c, &reach, today)?;
            let all = programmes::all(c)?;
            let chosen = match code.as_str() {
                "" => all.first().cloned(),
                code => Some(all.iter().find(|known| known.code == code).cloned().ok_or(Error::NotFound)?),
            };
            let covered = match &chosen {
                Some(chosen) => Some(coverage::coverage(c, chosen.id, within.as_deref(), today)?),
                None => None,
            };
            Ok::<_, Error>((all, chosen, covered, within.is_some()))
        })
        .await?;
    let locale = page.locale();
    let code = chosen.map(|chosen| chosen.code).unwrap_or_default();
    super::super::note_look_up(&app, &who, None, &code).await?;
    let covered = covered.filter(|covered| !covered.agencies.is_empty());
    let kinds = covered.as_ref().map(Coverage::by_kind).unwrap_or_default();
    // Of one kind alone the agencies are shown at once.
    let only = kinds.keys().next().copied().filter(|_| kinds.len() == 1);
    let kind = UnitKind::parse(&asked.loai).filter(|kind| kinds.contains_key(kind)).or(only);
    let to = |kind: UnitKind, xem: &str, number: i64| {
        let number = if number > 1 { number.to_string() } else { String::new() };
        let pairs = [("chuong-trinh", code.as_str()), ("loai", kind.as_str()), ("xem", xem), ("trang", &number)];
        format!("{}#co-quan", address("/chuyen-gia/do-phu", &pairs))
    };
    let view = CoverageView {
        crumbs: crumbs(&page),
        programmes: all.iter().map(|known| Choice::new(known.code.clone(), known.title(locale))).collect(),
        form: FormView::with([("chuong-trinh", code.clone())]),
        total: covered.as_ref().map(Coverage::total),
        is_part,
        as_of: now,
        kinds: kinds
            .iter()
            .map(|(of, (agencies, tallies))| KindView {
                href: to(*of, "", 1),
                label: kind_word(&page, *of),
                is_current: kind == Some(*of),
                agencies: *agencies,
                posts: covered
                    .iter()
                    .flat_map(|covered| covered.posts_of(*of))
                    .map(|post| PostRow {
                        title: post.title(locale).to_owned(),
                        tally: tallies.get(&post.id).copied().unwrap_or_default(),
                    })
                    .collect(),
            })
            .collect(),
        chosen: covered.as_ref().zip(kind).map(|(covered, kind)| agencies(&page, covered, kind, &asked, to)),
    };
    page.html("programmes/coverage", &view)
}

fn agencies(
    page: &Page,
    covered: &Coverage,
    kind: UnitKind,
    asked: &Asked,
    to: impl Fn(UnitKind, &str, i64) -> String,
) -> ChosenView {
    let (locale, number) = (page.locale(), page_number(asked.trang));
    let xem = if asked.xem == ALL { ALL } else { "" };
    let listed: Vec<_> = covered
        .agencies
        .iter()
        .filter(|agency| agency.kind == kind && (xem == ALL || covered.has_gap(agency)))
        .collect();
    let count = as_i64(listed.len());
    let skipped = usize::try_from((number - 1).saturating_mul(A_PAGE)).unwrap_or(0);
    let shown = listed.into_iter().skip(skipped).take(usize::try_from(A_PAGE).unwrap_or(usize::MAX));
    let agency = |agency: &crate::organisations::model::Unit| AgencyRow {
        href: format!("/to-chuc/{}", agency.code),
        name: agency.name(locale).to_owned(),
        posts: covered
            .posts_of(kind)
            .map(|post| Cell {
                title: post.title(locale).to_owned(),
                state: state(page, covered.filled(agency.id, post.id)),
                people: covered
                    .fillers(agency.id, post.id)
                    .iter()
                    .map(|filler| PersonRow {
                        href: expert_path(&filler.member.code),
                        name: filler.person.full_name(),
                        stage: stage_tag(page, filler.member.stage),
                    })
                    .collect(),
            })
            .collect(),
    };
    let filter = |value: &str, key: &'static str| Filter {
        href: to(kind, value, 1),
        label: page.text(key),
        is_current: value == xem,
    };
    ChosenView {
        title: page.text(Message::new("experts-agencies-of").with("kind", kind_word(page, kind))),
        filters: vec![filter("", "experts-agencies-gap"), filter(ALL, "experts-agencies-all")],
        count,
        agencies: shown.map(agency).collect(),
        pages: Pages::of(page, number, count, A_PAGE, |number| to(kind, xem, number)),
    }
}
