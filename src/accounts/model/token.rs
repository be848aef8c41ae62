//! Tokens with which other programs read figures.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    access::UnitId,
    platform::db::{Moment, schema::api_tokens},
};

crate::id_type!(
    /// A token of another program.
    TokenId
);

crate::text_enum!(
    /// What a token may read.
    Resource {
        Targets = "targets",
        Seals = "seals",
        Organisations = "organisations",
        Courses = "courses",
        Classes = "classes",
        Certificates = "certificates",
    }
);

impl Resource {
    /// Whether only a token of the whole country reads it: seals state the nation's figures.
    pub fn is_of_nation(self) -> bool {
        self == Self::Seals
    }

    /// As a token's row keeps them.
    pub fn joined(all: &[Self]) -> String {
        all.iter().map(|resource| resource.as_str()).collect::<Vec<_>>().join(",")
    }

    pub fn split(kept: &str) -> Vec<Self> {
        kept.split(',').filter_map(Self::parse).collect()
    }
}

/// How a token begins, so that people and programs that look for lost secrets know one when they see it.
pub const PREFIX: &str = "nct_";

/// A token works for so many months at most.
pub const MONTHS: u32 = 12;

/// So many working tokens one person may have.
pub const MOST: i64 = 20;

/// What a new token is to be.
#[derive(Debug, Clone)]
pub struct NewToken {
    pub name: String,
    /// Without a unit: the whole country.
    pub unit: Option<UnitId>,
    pub resources: Vec<Resource>,
    /// Its last day.
    pub last_day: NaiveDate,
}

/// A token as its row tells of it; never the token.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = api_tokens)]
pub struct Token {
    pub id: TokenId,
    pub hint: String,
    pub name: String,
    pub unit_id: Option<UnitId>,
    pub resources: String,
    pub created_at: Moment,
    pub created_by: crate::access::PersonId,
    pub expires_at: Moment,
    pub last_used_on: Option<NaiveDate>,
    pub revoked_at: Option<Moment>,
}

/// A token that works just now: what it reaches.
#[derive(Debug, Clone)]
pub struct LiveToken {
    pub id: TokenId,
    pub unit: Option<UnitId>,
    pub resources: Vec<Resource>,
    pub last_used_on: Option<NaiveDate>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_kept_by_name() {
        let some = [Resource::Targets, Resource::Classes];
        assert_eq!(Resource::joined(&some), "targets,classes");
        assert_eq!(Resource::split("targets,classes"), some);
        assert!(Resource::split("").is_empty());
    }
}
