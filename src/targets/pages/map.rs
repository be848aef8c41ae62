//! The map of provinces and cities: 63 of them until 30/06/2025, 34 since then, with Hoàng Sa and Trường Sa.

use std::cmp::Reverse;

use chrono::NaiveDate;
use serde::Serialize;

use super::{kind::per_hundred, lens::CARRIED, title, unit_word};
use crate::{
    organisations::model::UnitKind,
    platform::{
        charts::{self, Caption, Shade, Tile, Tiles},
        http::{Page, SafeHtml, address},
        i18n::Message,
        text,
    },
    targets::{
        model::{Group, Metric, Target},
        queries::{Agency, Board},
    },
};

/// Number of the province in its code, column from the west, row from the north.
type Place = (&'static str, u8, u8);

const SINCE_2025: [Place; 34] = [
    ("12", 0, 0),
    ("15", 1, 0),
    ("08", 2, 0),
    ("04", 3, 0),
    ("11", 0, 1),
    ("14", 1, 1),
    ("25", 2, 1),
    ("19", 3, 1),
    ("20", 4, 1),
    ("01", 2, 2),
    ("24", 3, 2),
    ("31", 4, 2),
    ("22", 5, 2),
    ("38", 2, 3),
    ("37", 3, 3),
    ("33", 4, 3),
    ("40", 2, 4),
    ("42", 2, 5),
    ("44", 3, 6),
    ("46", 3, 7),
    ("48", 4, 7),
    ("51", 4, 8),
    ("52", 4, 9),
    ("66", 4, 10),
    ("68", 3, 11),
    ("56", 4, 11),
    ("80", 1, 12),
    ("79", 2, 12),
    ("75", 3, 12),
    ("91", 0, 13),
    ("82", 1, 13),
    ("86", 2, 13),
    ("96", 0, 14),
    ("92", 1, 14),
];

const UNTIL_2025: [Place; 63] = [
    ("02", 2, 0),
    ("04", 3, 0),
    ("12", 0, 1),
    ("10", 1, 1),
    ("08", 2, 1),
    ("06", 3, 1),
    ("20", 4, 1),
    ("11", 0, 2),
    ("15", 1, 2),
    ("25", 2, 2),
    ("19", 3, 2),
    ("24", 4, 2),
    ("22", 5, 2),
    ("14", 0, 3),
    ("26", 2, 3),
    ("01", 3, 3),
    ("27", 4, 3),
    ("30", 5, 3),
    ("17", 1, 4),
    ("35", 3, 4),
    ("33", 4, 4),
    ("31", 5, 4),
    ("38", 2, 5),
    ("37", 3, 5),
    ("36", 4, 5),
    ("34", 5, 5),
    ("40", 2, 6),
    ("42", 2, 7),
    ("44", 3, 8),
    ("45", 3, 9),
    ("46", 4, 10),
    ("48", 5, 10),
    ("49", 4, 11),
    ("51", 5, 11),
    ("62", 4, 12),
    ("52", 5, 12),
    ("64", 4, 13),
    ("54", 5, 13),
    ("66", 4, 14),
    ("56", 5, 14),
    ("70", 2, 15),
    ("67", 3, 15),
    ("68", 4, 15),
    ("58", 5, 15),
    ("72", 1, 16),
    ("74", 2, 16),
    ("75", 3, 16),
    ("60", 4, 16),
    ("80", 1, 17),
    ("79", 2, 17),
    ("77", 3, 17),
    ("89", 0, 18),
    ("87", 1, 18),
    ("82", 2, 18),
    ("83", 3, 18),
    ("91", 0, 19),
    ("92", 1, 19),
    ("86", 2, 19),
    ("84", 3, 19),
    ("93", 1, 20),
    ("94", 2, 20),
    ("96", 0, 21),
    ("95", 1, 21),
];

/// Column and row on the map.
type Spot = (u8, u8);

/// Hoàng Sa belongs to Đà Nẵng, Trường Sa to Khánh Hòa: number, name, place on the map of each time.
const ISLANDS: [(&str, &str, Spot, Spot); 2] =
    [("48", "Hoàng Sa", (6, 7), (6, 10)), ("56", "Trường Sa", (6, 12), (6, 16))];

/// Names that do not fit on a tile.
const SHORT: [(&str, &str); 2] = [("77", "BR – VT"), ("46", "Huế")];

/// A map that stands on another page, with those that are lowest on it.
#[derive(Debug, Serialize)]
pub struct ProvinceMap {
    code: String,
    title: String,
    drawn: SafeHtml,
    by_quota: bool,
    on: NaiveDate,
    lowest: Vec<LowView>,
}

#[derive(Debug, Serialize)]
struct LowView {
    name: String,
    href: String,
    figure: String,
}

/// So many of the lowest are named beside a map.
const LOWEST: usize = 5;

impl ProvinceMap {
    pub fn of(page: &Page, target: &Target, board: &Board) -> Self {
        let (drawn, by_quota) = provinces(page, target, board, "board-map-elsewhere");
        Self {
            code: target.code.clone(),
            title: title(page, target),
            drawn,
            by_quota,
            on: board.on,
            lowest: lowest(page, target, board, by_quota),
        }
    }

    /// Where the whole map is, with the table of all.
    pub fn href(&self) -> String {
        format!("/chi-tieu/{}/loai/{}", self.code, Group::Local.slug())
    }
}

/// The provinces with the smallest figures that the map shows.
fn lowest(page: &Page, target: &Target, board: &Board, by_quota: bool) -> Vec<LowView> {
    let whole = |agency: &Agency| if by_quota { agency.quota.unwrap_or(0) } else { agency.officials };
    let mut shown: Vec<&Agency> =
        local(board).into_iter().filter(|agency| agency.unit.valid_on(board.on) && whole(agency) > 0).collect();
    // Of those that stand equal the one with most to do comes first.
    shown.sort_by_key(|agency| {
        let (reached, whole) = (agency.figure(target.metric), whole(agency));
        (i128::from(reached) * 1_000_000 / i128::from(whole), Reverse(whole))
    });
    let view = |agency: &&Agency| LowView {
        name: agency.unit.name(page.locale()).to_owned(),
        href: address(&format!("/chi-tieu/{}", target.code), &[("don-vi", &agency.unit.code), ("xem", CARRIED)]),
        figure: figure(page, agency, target.metric, by_quota, 0).0,
    };
    shown.iter().take(LOWEST).map(view).collect()
}

fn local(board: &Board) -> Vec<&Agency> {
    board.agencies.iter().filter(|agency| Group::of(agency.unit.kind) == Group::Local).collect()
}

/// The drawn map and whether its figures are shares of what was given; otherwise they are for each hundred officials.
/// `figures` says where they stand as a table.
pub fn provinces(page: &Page, target: &Target, board: &Board, figures: &'static str) -> (SafeHtml, bool) {
    let local = local(board);
    // What few were given compares few: then all are shown by those who work there.
    let by_quota = local.iter().filter(|agency| agency.quota.is_some()).count() * 2 >= local.len().max(1);
    let is_new = NaiveDate::from_ymd_opt(2025, 7, 1).is_some_and(|day| board.on >= day);
    let places: &[Place] = if is_new { &SINCE_2025 } else { &UNTIL_2025 };
    let most = as_far_as_most_go(
        local.iter().filter(|a| a.officials > 0).map(|a| a.figure(target.metric) * 1000 / a.officials),
    );
    let mut tiles = Vec::new();
    for (number, column, row) in places {
        let Some(agency) = local.iter().find(|a| a.unit.valid_on(board.on) && number_of(&a.unit.code) == *number)
        else {
            continue;
        };
        let (said, shade) = figure(page, agency, target.metric, by_quota, most);
        let name = agency.unit.name(page.locale());
        let label = SHORT
            .iter()
            .find(|(of, _)| of == number)
            .map_or_else(|| bare(agency.unit.kind, name), |(_, s)| (*s).to_owned());
        tiles.push(Tile { column: *column, row: *row, label, figure: said, shade });
    }
    for (_, name, new, old) in ISLANDS {
        let (column, row) = if is_new { new } else { old };
        tiles.push(Tile { column, row, label: name.to_owned(), figure: String::new(), shade: Shade::Part });
    }
    let unit = unit_word(page, if target.metric == Metric::People { Metric::People } else { Metric::Turns });
    let key = if by_quota { "board-map-quota" } else { "board-map-officials" };
    let said = page.text(Message::new(key).with("unit", unit).with("day", text::date(board.on)));
    let drawn = charts::tile_map(&Tiles {
        caption: Caption {
            id: "ban-do".to_owned(),
            title: title(page, target),
            description: format!("{said} {}", page.text(figures)),
        },
        tiles,
    });
    (SafeHtml::vouched(drawn), by_quota)
}

/// What shades are measured against where nothing says what would be all: as far as three in four of those have come that have begun. Beside the
/// very farthest, which may be a city that lies far before all others, the rest would look alike.
fn as_far_as_most_go(permille: impl Iterator<Item = i64>) -> i64 {
    let mut begun: Vec<i64> = permille.filter(|reached| *reached > 0).collect();
    begun.sort_unstable();
    begun.get(begun.len() * 3 / 4).copied().unwrap_or(0)
}

/// `P15-2025` is 15.
fn number_of(code: &str) -> &str {
    let bare = code.strip_prefix('P').unwrap_or(code);
    bare.split('-').next().unwrap_or(bare)
}

/// A province's own name, without the word for what it is.
fn bare(kind: UnitKind, name: &str) -> String {
    let words = ["Tỉnh ", "Thành phố "];
    let own =
        words.iter().find_map(|word| name.strip_prefix(word)).filter(|_| kind.is_province_level()).unwrap_or(name);
    own.strip_suffix(" Province").or_else(|| own.strip_suffix(" City")).unwrap_or(own).to_owned()
}

fn figure(page: &Page, agency: &Agency, metric: Metric, by_quota: bool, most: i64) -> (String, Shade) {
    let reached = agency.figure(metric);
    let (figure, permille) = match (by_quota, agency.quota) {
        (true, Some(quota)) => (text::percent(reached, quota, page.locale()), reached * 1000 / quota.max(1)),
        (false, _) if agency.officials > 0 => (
            per_hundred(page, reached, agency.officials),
            // Never full, since nothing says what would be all.
            (reached * 1000 / agency.officials * 999 / most.max(1)).min(999),
        ),
        _ => return (text::NO_FIGURE.to_owned(), Shade::None),
    };
    let shade = match permille {
        _ if reached == 0 => Shade::None,
        0..500 => Shade::Low,
        500..800 => Shade::Middle,
        800..1000 => Shade::High,
        _ => Shade::Full,
    };
    (figure, shade)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_tiles_lie_on_each_other() {
        for (places, count) in [(&SINCE_2025[..], 34), (&UNTIL_2025[..], 63)] {
            let is_new = count == 34;
            let mut spots: BTreeSet<(u8, u8)> = places.iter().map(|(_, column, row)| (*column, *row)).collect();
            spots.extend(ISLANDS.iter().map(|(_, _, new, old)| if is_new { *new } else { *old }));
            assert_eq!(spots.len(), count + 2);
            assert_eq!(places.iter().map(|(number, ..)| number).collect::<BTreeSet<_>>().len(), count);
            assert!(places.iter().all(|(_, column, _)| *column < 7));
        }
    }

    #[test]
    fn one_that_lies_far_before_the_others_does_not_make_them_look_alike() {
        assert_eq!(as_far_as_most_go([0, 0].into_iter()), 0);
        assert_eq!(as_far_as_most_go([7].into_iter()), 7);
        let many = (0..30).chain([5_000]);
        assert_eq!(as_far_as_most_go(many), 23);
    }

    #[test]
    fn a_province_is_known_by_its_number() {
        assert_eq!([number_of("P15-2025"), number_of("P01"), number_of("P75-2026")], ["15", "01", "75"]);
        assert_eq!(bare(UnitKind::Province, "Tỉnh Lào Cai"), "Lào Cai");
        assert_eq!(bare(UnitKind::CentralCity, "Ho Chi Minh City"), "Ho Chi Minh");
    }
}
