//! Which of the eligible posts of which agencies somebody fills: experts are matched by what they are and where they work on the day.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{members, programmes};
use crate::{
    access::{PersonId, UnitId},
    accounts::model::Person,
    organisations::{
        model::{Unit, UnitKind},
        queries as organisations,
    },
    platform::{
        db::{
            DbConn,
            schema::{people, programme_members},
        },
        error::Result,
    },
    programmes::model::{
        posts::{Post, PostId},
        programme::{Member, ProgrammeId, Stage},
    },
};

/// Somebody in a post.
#[derive(Debug, Clone)]
pub struct Filler {
    pub member: Member,
    pub person: Person,
}

/// How a post stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Filled {
    Nobody,
    /// Somebody with a place is on the way.
    Underway,
    /// A recognised expert.
    Expert,
}

/// The posts of some agencies on a day, and who fills them.
#[derive(Debug, Clone)]
pub struct Coverage {
    pub posts: Vec<Post>,
    /// The agencies that have any of the posts, in the order of lists.
    pub agencies: Vec<Unit>,
    fillers: HashMap<(UnitId, PostId), Vec<Filler>>,
}

/// Numbers of posts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    pub posts: i64,
    pub experts: i64,
    pub underway: i64,
    pub nobody: i64,
}

impl Tally {
    fn add(&mut self, filled: Filled) {
        self.posts += 1;
        match filled {
            Filled::Nobody => self.nobody += 1,
            Filled::Underway => self.underway += 1,
            Filled::Expert => self.experts += 1,
        }
    }
}

impl Coverage {
    /// The posts an agency of that kind has.
    pub fn posts_of(&self, kind: UnitKind) -> impl Iterator<Item = &Post> {
        self.posts.iter().filter(move |post| post.kinds.contains(&kind))
    }

    pub fn fillers(&self, agency: UnitId, post: PostId) -> &[Filler] {
        self.fillers.get(&(agency, post)).map_or(&[], Vec::as_slice)
    }

    pub fn filled(&self, agency: UnitId, post: PostId) -> Filled {
        let of = |filler: &Filler| if filler.member.stage.is_recognised() { Filled::Expert } else { Filled::Underway };
        self.fillers(agency, post).iter().map(of).max().unwrap_or(Filled::Nobody)
    }

    /// Whether any post of an agency has nobody.
    pub fn has_gap(&self, agency: &Unit) -> bool {
        self.posts_of(agency.kind).any(|post| self.filled(agency.id, post.id) == Filled::Nobody)
    }

    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        for agency in &self.agencies {
            for post in self.posts_of(agency.kind) {
                total.add(self.filled(agency.id, post.id));
            }
        }
        total
    }

    /// By kind of agency, and in it by post.
    pub fn by_kind(&self) -> BTreeMap<UnitKind, (i64, BTreeMap<PostId, Tally>)> {
        let mut found: BTreeMap<UnitKind, (i64, BTreeMap<PostId, Tally>)> = BTreeMap::new();
        for agency in &self.agencies {
            let (count, tallies) = found.entry(agency.kind).or_default();
            *count += 1;
            for post in self.posts_of(agency.kind) {
                tallies.entry(post.id).or_default().add(self.filled(agency.id, post.id));
            }
        }
        found
    }

    /// The people who fill a post, in whatever agency.
    pub fn people_in(&self, post: PostId) -> Vec<PersonId> {
        let of_post = self.fillers.iter().filter(|((_, of), _)| *of == post);
        of_post.flat_map(|(_, fillers)| fillers.iter().map(|filler| filler.person.id)).collect()
    }
}

/// The coverage of a programme on a day; of the agencies among some units only, unless `within` is `None`.
pub fn coverage(c: &mut DbConn, programme: ProgrammeId, within: Option<&[UnitId]>, on: NaiveDate) -> Result<Coverage> {
    let posts = programmes::posts(c, programme)?;
    let kinds: BTreeSet<UnitKind> = posts.iter().flat_map(|post| post.kinds.iter().copied()).collect();
    let kinds: Vec<UnitKind> = kinds.into_iter().collect();
    // No kind at all would mean every unit there is.
    let mut agencies = if kinds.is_empty() { Vec::new() } else { organisations::valid_on(c, &kinds, on)? };
    if let Some(units) = within {
        let within: HashSet<UnitId> = units.iter().copied().collect();
        agencies.retain(|agency| within.contains(&agency.id));
    }
    let rows: Vec<(Member, Person)> = programme_members::table
        .inner_join(people::table)
        .filter(programme_members::programme_id.eq(programme.0))
        .filter(programme_members::stage.eq_any([
            Stage::Approved,
            Stage::Studying,
            Stage::Fulfilled,
            Stage::Recognised,
            Stage::Active,
        ]))
        .order((people::sort_key.asc(), programme_members::id.asc()))
        .select((Member::as_select(), Person::as_select()))
        .load(c)?;
    let ids: Vec<PersonId> = rows.iter().map(|(member, _)| member.person_id).collect();
    let places = members::places(c, &ids, on)?;
    let units: BTreeSet<UnitId> = places.values().map(|(_, unit)| unit.id).collect();
    let ways = organisations::ways_up(c, &units.into_iter().collect::<Vec<_>>(), on)?;
    let known: HashMap<UnitId, UnitKind> = agencies.iter().map(|agency| (agency.id, agency.kind)).collect();
    let mut fillers: HashMap<(UnitId, PostId), Vec<Filler>> = HashMap::new();
    for (member, person) in rows {
        let Some((position, unit)) = places.get(&member.person_id) else { continue };
        // The agency nearest above the unit.
        let way = ways.get(&unit.id).into_iter().flatten();
        let Some((agency, kind)) = way.filter_map(|at| Some((*at, *known.get(at)?))).next() else { continue };
        for post in posts.iter().filter(|post| post.kinds.contains(&kind) && post.fits(position, &unit.name_vi)) {
            let filler = Filler { member: member.clone(), person: person.clone() };
            fillers.entry((agency, post.id)).or_default().push(filler);
        }
    }
    Ok(Coverage { posts, agencies, fillers })
}
