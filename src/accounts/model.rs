//! People and their memberships; [`import`] is about lists of people that come as a file, [`token`] about other programs.

pub mod import;
pub mod token;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;

use crate::{
    access::{Category, PersonId, UnitId},
    platform::{
        db::{
            Moment,
            schema::{memberships, people},
        },
        i18n::Locale,
        text,
    },
};

crate::id_type!(
    /// A signed-in browser.
    SessionId
);
crate::id_type!(MembershipId);

crate::text_enum!(
    /// Whether a person may come in.
    PersonState {
        /// Has not set a password yet.
        Invited = "invited",
        Active = "active",
        Disabled = "disabled",
    }
);

crate::text_enum!(
    /// What a one-time link is for.
    Purpose {
        /// Signs in at once: the demonstration, the first administrator, an audited recovery.
        SignIn = "sign-in",
        Reset = "reset",
        Invitation = "invitation",
        /// Printed by a training officer for a person without mail.
        Slip = "slip",
    }
);

/// A person as the rest of the program knows them; no secrets.
#[derive(Debug, Clone, Queryable, Selectable, Serialize)]
#[diesel(table_name = people)]
pub struct Person {
    pub id: PersonId,
    /// For addresses: random, says nothing.
    pub code: String,
    pub family_names: String,
    pub given_name: String,
    pub birth_year: Option<i32>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub user_name: Option<String>,
    #[diesel(column_name = locale)]
    pub language: String,
    pub state: PersonState,
    /// Where it is known whole; the year stands in `birth_year` as well.
    pub birth_date: Option<NaiveDate>,
    /// The code in the register of their agency.
    pub staff_code: Option<String>,
}

impl Person {
    /// Họ và tên: family and middle names, then the given name.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.family_names, self.given_name).trim().to_owned()
    }

    pub fn locale(&self) -> Locale {
        Locale::parse(&self.language).unwrap_or_default()
    }
}

/// A person to be created; made by [`NewPerson::named`] and completed field by field.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub family_names: String,
    pub given_name: String,
    pub birth_year: Option<i32>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub user_name: Option<String>,
    /// The year of it goes into `birth_year`, too.
    pub birth_date: Option<NaiveDate>,
    pub staff_code: Option<String>,
}

impl NewPerson {
    /// Splits a full name as Vietnamese names are: the given name is the last word.
    pub fn named(full_name: &str) -> Self {
        let (family_names, given_name) = text::split_name(&text::tidy(full_name));
        Self {
            family_names,
            given_name,
            birth_year: None,
            email: None,
            phone: None,
            user_name: None,
            birth_date: None,
            staff_code: None,
        }
    }
}

/// Where a person is to work, as somebody in the office writes it down.
#[derive(Debug, Clone)]
pub struct NewMembership {
    pub unit: UnitId,
    pub position: String,
    pub category: Category,
    pub from: NaiveDate,
}

/// Where a person worked, as what, from when to when (both days included).
#[derive(Debug, Clone, Queryable, Selectable, Serialize)]
#[diesel(table_name = memberships)]
pub struct Membership {
    pub id: MembershipId,
    pub person_id: PersonId,
    pub unit_id: UnitId,
    pub position: String,
    pub category: Category,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
}

/// A session as its owner sees it.
#[derive(Debug, Clone, Queryable, Serialize)]
pub struct SessionRow {
    pub id: SessionId,
    pub created_at: Moment,
    pub last_seen_at: Moment,
    pub address: String,
    pub agent: String,
}
