//! The groups in which agencies are shown and compared: like with like.

use crate::organisations::model::UnitKind;

/// Bộ, ngành; địa phương; tập đoàn; whatever else stands at the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    Central,
    Local,
    Corporate,
    Other,
}

impl Group {
    pub const ALL: [Self; 4] = [Self::Central, Self::Local, Self::Corporate, Self::Other];

    pub const fn of(kind: UnitKind) -> Self {
        match kind {
            UnitKind::Ministry | UnitKind::MinisterialAgency | UnitKind::GovernmentAgency => Self::Central,
            UnitKind::Province | UnitKind::CentralCity => Self::Local,
            UnitKind::StateCorporation => Self::Corporate,
            UnitKind::Department | UnitKind::Directorate | UnitKind::Centre | UnitKind::Commune => Self::Other,
        }
    }

    /// How an address names it.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Central => "bo-nganh",
            Self::Local => "dia-phuong",
            Self::Corporate => "tap-doan",
            Self::Other => "don-vi-khac",
        }
    }

    pub fn by_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.slug() == slug)
    }

    /// The key of its name.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Central => "targets-group-central",
            Self::Local => "targets-group-local",
            Self::Corporate => "targets-group-corporate",
            Self::Other => "targets-group-other",
        }
    }
}
