//! The types and the table.

use std::net::IpAddr;

crate::id_type!(
    /// A person, one internal id for ever.
    PersonId
);
crate::id_type!(
    /// An organisational unit, valid for a span of time.
    UnitId
);

crate::text_enum!(
    /// What a person is in the system. Everybody signed in learns; the other roles are granted.
    Role {
        Learner = "learner",
        /// Runs classes of a unit and imports courses.
        Instructor = "instructor",
        /// Cán bộ phụ trách đào tạo: an agency and what lies under it.
        Officer = "officer",
        /// Điều phối viên quốc gia: above all agencies.
        Coordinator = "coordinator",
        /// Người kiểm tra, đối soát: reads everything, changes nothing.
        Auditor = "auditor",
        /// Quản trị hệ thống: accounts, roles, configuration; no grades.
        Administrator = "administrator",
    }
);

crate::text_enum!(
    /// The three groups of people that targets are reported by (lãnh đạo; chuyên trách công nghệ; còn lại).
    Category {
        Leaders = "leaders",
        Technology = "technology",
        Other = "other",
    }
);

/// Something a person may do, always within a reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Take courses and see one's own records.
    Learn,
    /// Import courses and see every version of them.
    ManageCourses,
    /// Open class runs of a unit, attach files, see who is enrolled.
    ManageClasses,
    /// See the class runs of a unit and the progress in them.
    SeeClasses,
    /// See the people of a unit.
    SeePeople,
    /// Create people of a unit, invite them, print one-time slips.
    ManagePeople,
    /// Grant and end roles.
    ManageRoles,
    /// See the figures of targets.
    SeeTargets,
    /// Create and change targets.
    ManageTargets,
    /// See what a unit was given of the seats that are handed down, and what lies below it.
    SeeQuotas,
    /// Hand seats down: everywhere to the agencies, under a unit to what lies below it; and answer for that unit.
    ManageQuotas,
    /// Enter classes that a unit held outside the system, and confirm those that somebody else entered.
    RecordOutside,
    /// See who is nominated for the seats of a unit and what lies below it.
    SeeNominations,
    /// Nominate people of a unit for its seats, send the nominations up, withdraw and replace them.
    Nominate,
    /// Approve nominations, return and reject them, say whom a round is for.
    DecideNominations,
    /// Write to those who are late: to learners of a unit; everywhere also to the training officers of agencies.
    Remind,
    /// See the register of certificates.
    SeeCertificates,
    /// Revoke a certificate, accept or void a completion.
    DecideRecords,
    /// Change the tree of units by a decision, with the people who pass on with it; and take that back.
    ManageOrganisations,
    /// See the reports of a unit and what lies below it.
    SeeReports,
    /// Make reports of a unit and what lies below it.
    MakeReports,
    /// See the lists of names that belong to reports.
    SeeNamedReports,
    /// See the log of who did what.
    SeeAudit,
    /// Hand figures without personal data to other programs, through tokens of the interface for programs.
    ShareFigures,
    /// See jobs, storage and health; repeat a failed job; the living page of styles.
    ManageSystem,
}

impl Permission {
    pub const ALL: [Self; 25] = [
        Self::Learn,
        Self::ManageCourses,
        Self::ManageClasses,
        Self::SeeClasses,
        Self::SeePeople,
        Self::ManagePeople,
        Self::ManageRoles,
        Self::SeeTargets,
        Self::ManageTargets,
        Self::SeeQuotas,
        Self::ManageQuotas,
        Self::RecordOutside,
        Self::SeeNominations,
        Self::Nominate,
        Self::DecideNominations,
        Self::Remind,
        Self::SeeCertificates,
        Self::DecideRecords,
        Self::ManageOrganisations,
        Self::SeeReports,
        Self::MakeReports,
        Self::SeeNamedReports,
        Self::SeeAudit,
        Self::ShareFigures,
        Self::ManageSystem,
    ];
}

impl Role {
    /// The table: what each role may do within its scope.
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Learner => &[P::Learn],
            Self::Instructor => &[P::Learn, P::ManageCourses, P::ManageClasses, P::SeeClasses],
            Self::Officer => &[
                P::Learn,
                P::SeeClasses,
                P::SeePeople,
                P::ManagePeople,
                P::SeeTargets,
                P::SeeQuotas,
                P::ManageQuotas,
                P::RecordOutside,
                P::SeeNominations,
                P::Nominate,
                P::Remind,
                P::SeeCertificates,
                P::SeeReports,
                P::MakeReports,
                P::SeeNamedReports,
                P::ShareFigures,
            ],
            Self::Coordinator => &[
                P::Learn,
                P::ManageClasses,
                P::SeeClasses,
                P::SeePeople,
                P::SeeTargets,
                P::ManageTargets,
                P::SeeQuotas,
                P::ManageQuotas,
                P::RecordOutside,
                P::SeeNominations,
                P::DecideNominations,
                P::Remind,
                P::SeeCertificates,
                P::DecideRecords,
                P::ManageOrganisations,
                P::SeeReports,
                P::MakeReports,
                P::SeeNamedReports,
                P::ShareFigures,
            ],
            Self::Auditor => &[
                P::Learn,
                P::SeeClasses,
                P::SeePeople,
                P::SeeTargets,
                P::SeeQuotas,
                P::SeeNominations,
                P::SeeCertificates,
                P::SeeReports,
                P::SeeNamedReports,
                P::SeeAudit,
            ],
            Self::Administrator => &[
                P::Learn,
                P::SeePeople,
                P::ManagePeople,
                P::ManageRoles,
                P::ManageOrganisations,
                P::SeeAudit,
                P::ShareFigures,
                P::ManageSystem,
            ],
        }
    }

    /// Whether the role is held over a unit; the others are national.
    pub const fn is_scoped_to_unit(self) -> bool {
        matches!(self, Self::Instructor | Self::Officer)
    }
}

/// A role somebody holds; without a unit it is national (only for roles that are).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    pub role: Role,
    pub unit: Option<UnitId>,
}

/// How far a permission reaches for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    Nowhere,
    /// These units and all that lies under them.
    Under(Vec<UnitId>),
    Everywhere,
}

/// A person and the roles they hold now.
#[derive(Debug, Clone)]
pub struct Authority {
    pub person: PersonId,
    pub grants: Vec<Grant>,
}

impl Authority {
    pub fn reach(&self, permission: Permission) -> Reach {
        let mut units = Vec::new();
        for grant in self.grants.iter().filter(|g| g.role.permissions().contains(&permission)) {
            match grant.unit {
                Some(unit) => units.push(unit),
                // A role that needs a unit but was granted without one reaches nothing: a fault must not open doors.
                None if grant.role.is_scoped_to_unit() => {}
                None => return Reach::Everywhere,
            }
        }
        if units.is_empty() { Reach::Nowhere } else { Reach::Under(units) }
    }

    /// Whether the permission reaches anything at all (menus, list pages). Learning is everybody's.
    pub fn may(&self, permission: Permission) -> bool {
        permission == Permission::Learn || self.reach(permission) != Reach::Nowhere
    }

    pub fn has_role(&self, role: Role) -> bool {
        role == Role::Learner || self.grants.iter().any(|g| g.role == role)
    }
}

/// Who is acting, and from where: what the audit keeps of a request. The system itself acts without a person.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    pub person: Option<PersonId>,
    pub address: Option<IpAddr>,
    pub request_id: Option<String>,
}

impl Actor {
    /// A job or a command of the administrator of the machine.
    pub fn system() -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority(grants: &[Grant]) -> Authority {
        Authority { person: PersonId(1), grants: grants.to_vec() }
    }

    #[test]
    fn a_scoped_role_without_a_unit_reaches_nothing() {
        let officer = authority(&[Grant { role: Role::Officer, unit: None }]);
        assert_eq!(officer.reach(Permission::SeePeople), Reach::Nowhere);
    }

    #[test]
    fn the_auditor_changes_nothing() {
        use Permission as P;
        let changes = [
            P::ManageCourses,
            P::ManageClasses,
            P::ManagePeople,
            P::ManageRoles,
            P::ManageTargets,
            P::ManageQuotas,
            P::RecordOutside,
            P::Nominate,
            P::DecideNominations,
            P::Remind,
            P::DecideRecords,
            P::ManageOrganisations,
            P::MakeReports,
            P::ShareFigures,
            P::ManageSystem,
        ];
        assert!(changes.iter().all(|p| !Role::Auditor.permissions().contains(p)));
    }

    #[test]
    fn two_agencies_add_up() {
        let both = authority(&[
            Grant { role: Role::Officer, unit: Some(UnitId(3)) },
            Grant { role: Role::Officer, unit: Some(UnitId(5)) },
        ]);
        assert_eq!(both.reach(Permission::SeePeople), Reach::Under(vec![UnitId(3), UnitId(5)]));
    }
}
