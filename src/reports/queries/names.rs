//! The list of names behind the figures of a report.

use std::collections::HashMap;

use super::gather::Listed;
use crate::{
    access::Category,
    platform::{db::DbConn, error::Result, sheets::table::Cell},
    targets::queries::{Named, named},
};

/// The heads of the list.
pub const NAME_HEADS: [&str; 12] = [
    "STT",
    "Chỉ tiêu",
    "Mã người",
    "Họ và tên",
    "Năm sinh",
    "Chức vụ",
    "Nhóm đối tượng",
    "Mã đơn vị",
    "Đơn vị khi học",
    "Khóa học",
    "Ngày được tính",
    "Tính là một người",
];
pub const NAME_WIDTHS: [u16; 12] = [7, 24, 14, 30, 10, 24, 22, 16, 44, 12, 15, 12];

/// How the groups are named on paper.
pub fn category(category: Category) -> &'static str {
    match category {
        Category::Leaders => "Cán bộ lãnh đạo",
        Category::Technology => "Chuyên trách công nghệ",
        Category::Other => "Công chức, viên chức, người lao động khác",
    }
}

/// The completions of the list with those who stand behind them.
pub struct NameList {
    listed: Vec<Listed>,
    found: HashMap<i64, Named>,
}

impl NameList {
    pub fn load(c: &mut DbConn, listed: Vec<Listed>) -> Result<Self> {
        let ids: Vec<i64> = listed.iter().map(|listed| listed.turn.completion).collect();
        Ok(Self { found: named(c, &ids)?, listed })
    }

    /// A turn each, in the order of the figures, made as they are asked for. Who was erased since is a row without a name.
    pub fn rows(&self) -> impl Iterator<Item = Vec<Cell>> + '_ {
        (1_i64..).zip(&self.listed).map(|(number, Listed { target, turn })| {
            let named = self.found.get(&turn.completion);
            let text = |of: fn(&Named) -> &str| named.map_or(Cell::Empty, |named| Cell::from(of(named)));
            vec![
                number.into(),
                target.as_ref().into(),
                text(|n| &n.person_code),
                text(|n| &n.name),
                named.and_then(|n| n.birth_year).map(i64::from).into(),
                text(|n| &n.position),
                named.map_or(Cell::Empty, |n| category(n.category).into()),
                text(|n| &n.unit_code),
                text(|n| &n.unit),
                text(|n| &n.course),
                turn.day.into(),
                i64::from(turn.seats_person).into(),
            ]
        })
    }
}
