//! Sessions, sites and lists as the database keeps them, and the rules that need no database.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::{
    access::{PersonId, UnitId},
    learning::model::EnrolmentId,
    platform::{
        db::{
            Moment,
            schema::{attendance_lists, class_sessions, class_sites},
        },
        text::fold,
    },
};

crate::id_type!(SessionId);
crate::id_type!(
    /// Where a session is held (điểm cầu).
    SiteId
);
crate::id_type!(
    /// A list of who attended at a site.
    ListId
);

crate::text_enum!(
    /// How one takes part.
    SessionKind {
        InPerson = "in-person",
        Live = "live",
        Both = "both",
    }
);

crate::text_enum!(SessionState {
    Planned = "planned",
    Held = "held",
    Cancelled = "cancelled",
});

crate::text_enum!(
    /// What became of a session.
    Happened {
        Planned = "planned",
        Changed = "changed",
        Held = "held",
        Cancelled = "cancelled",
    }
);

crate::text_enum!(ListState {
    Draft = "draft",
    Submitted = "submitted",
    Confirmed = "confirmed",
});

crate::text_enum!(Mark {
    Present = "present",
    Late = "late",
    Absent = "absent",
});

impl Mark {
    /// Coming late is coming.
    pub const fn attended(self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// A mark as people write it on a sheet.
    pub fn read(cell: &str) -> Option<Self> {
        match fold(cell).as_str() {
            "co mat" | "co" | "co du" | "x" | "1" | "present" | "p" | "yes" => Some(Self::Present),
            "di muon" | "muon" | "den muon" | "m" | "late" => Some(Self::Late),
            "vang mat" | "vang" | "v" | "0" | "absent" | "a" | "no" => Some(Self::Absent),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = class_sessions)]
pub struct Session {
    pub id: SessionId,
    /// Its place in addresses, from 1 in each class.
    pub number: i32,
    pub title: String,
    pub kind: SessionKind,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub state: SessionState,
}

impl Session {
    pub fn path(&self, run: &str) -> String {
        format!("/lop/{run}/buoi/{}", self.number)
    }

    /// A list may be written from the beginning of a session on.
    pub fn takes_lists(&self, now: Moment) -> bool {
        self.state != SessionState::Cancelled && now >= self.starts_at
    }

    /// It may be changed and cancelled, and learners may choose where they sit.
    pub fn is_open(&self, now: Moment) -> bool {
        self.state == SessionState::Planned && now < self.starts_at
    }
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = class_sites)]
pub struct Site {
    pub id: SiteId,
    pub number: i32,
    pub name: String,
    /// Who hosts it.
    pub unit_id: UnitId,
    pub place: String,
    pub link: String,
    #[diesel(column_name = keeper_id)]
    pub keeper: PersonId,
}

impl Site {
    pub fn path(&self, session: &str) -> String {
        format!("{session}/diem-cau/{}", self.number)
    }
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = attendance_lists)]
pub struct List {
    pub id: ListId,
    pub site_id: SiteId,
    pub state: ListState,
    /// Why a confirmed list is corrected; empty for the first.
    pub correction: String,
    pub is_imported: bool,
    pub file_id: Option<i64>,
    pub entered_at: Moment,
    pub entered_by: PersonId,
    pub submitted_at: Option<Moment>,
    pub submitted_by: Option<PersonId>,
    /// Why it was given back; empty where it was not.
    pub returned: String,
    pub confirmed_at: Option<Moment>,
    pub confirmed_by: Option<PersonId>,
}

/// A session to be planned, or what it is to be from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    pub title: String,
    pub kind: SessionKind,
    pub starts_at: Moment,
    pub ends_at: Moment,
}

/// A site to be added, or what it is to be from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSite {
    pub name: String,
    pub unit: UnitId,
    pub place: String,
    pub link: String,
    pub keeper: PersonId,
}

/// Who sits where in one session.
#[derive(Debug, Clone, Default)]
pub struct Seating {
    /// The sites that stand, in their order.
    pub sites: Vec<Site>,
    pub chosen: HashMap<EnrolmentId, SiteId>,
    /// For each unit of a learner the hosting unit that is nearest above it.
    pub hosts: HashMap<UnitId, UnitId>,
}

impl Seating {
    /// The site of somebody; nothing only where a session has no site at all.
    pub fn site_of(&self, enrolment: EnrolmentId, unit: UnitId) -> Option<&Site> {
        let chosen = self.chosen.get(&enrolment).and_then(|id| self.sites.iter().find(|site| site.id == *id));
        let host = || self.hosts.get(&unit).and_then(|host| self.sites.iter().find(|site| site.unit_id == *host));
        chosen.or_else(host).or_else(|| self.sites.first())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(id: i64, unit: i64) -> Site {
        Site {
            id: SiteId(id),
            number: 1,
            name: String::new(),
            unit_id: UnitId(unit),
            place: String::new(),
            link: String::new(),
            keeper: PersonId(1),
        }
    }

    #[test]
    fn everybody_has_one_site() {
        let seating = Seating {
            sites: vec![site(1, 10), site(2, 20)],
            chosen: [(EnrolmentId(5), SiteId(1)), (EnrolmentId(6), SiteId(9))].into(),
            hosts: [(UnitId(21), UnitId(20)), (UnitId(11), UnitId(10))].into(),
        };
        let of = |enrolment, unit| seating.site_of(EnrolmentId(enrolment), UnitId(unit)).map(|site| site.id.0);
        assert_eq!(of(5, 21), Some(1), "what was chosen");
        assert_eq!(of(6, 21), Some(2), "a site that was taken away is not a choice");
        assert_eq!(of(7, 21), Some(2), "with the own unit");
        assert_eq!(of(8, 99), Some(1), "else the first");
        assert_eq!(Seating::default().site_of(EnrolmentId(1), UnitId(1)).map(|site| site.id.0), None);
    }

    #[test]
    fn marks_as_people_write_them() {
        assert_eq!(Mark::read(" Có mặt "), Some(Mark::Present));
        assert_eq!(Mark::read("X"), Some(Mark::Present));
        assert_eq!(Mark::read("Đi muộn"), Some(Mark::Late));
        assert_eq!(Mark::read("vắng"), Some(Mark::Absent));
        assert_eq!(Mark::read("có lẽ"), None);
        assert!(Mark::Late.attended() && !Mark::Absent.attended());
    }
}
