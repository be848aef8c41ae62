//! Which column of a list is what: by its heading, in any of the ways people write it, or as somebody chose.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::platform::{sheets::Row, text};

crate::text_enum!(
    /// What a column may hold.
    Column {
        FullName = "full-name",
        FamilyNames = "family-names",
        GivenName = "given-name",
        BirthDate = "birth-date",
        Position = "position",
        Unit = "unit",
        Category = "category",
        Email = "email",
        Phone = "phone",
        StaffCode = "staff-code",
        UserName = "user-name",
    }
);

impl Column {
    /// The headings of such a column, folded and without signs.
    const fn headings(self) -> &'static [&'static str] {
        match self {
            Self::FullName => &[
                "ho ten",
                "ho va ten",
                "ho ten day du",
                "ten day du",
                "ho va ten hoc vien",
                "ho ten hoc vien",
                "ho va ten can bo",
                "ho va ten nguoi duoc de cu",
                "full name",
                "name",
                "hoc vien",
            ],
            Self::FamilyNames => &[
                "ho",
                "ho dem",
                "ho va dem",
                "ho lot",
                "ho va ten dem",
                "ho ten dem",
                "ho va chu dem",
                "ho chu dem",
                "family name",
                "family names",
                "last name",
                "surname",
            ],
            Self::GivenName => &["ten", "ten goi", "given name", "first name"],
            Self::BirthDate => &[
                "ngay sinh",
                "nam sinh",
                "ngay thang nam sinh",
                "ngay sinh nam sinh",
                "sinh ngay",
                "ngay thang nam",
                "ns",
                "date of birth",
                "birth date",
                "birthday",
                "year of birth",
                "birth year",
            ],
            Self::Position => &[
                "chuc vu",
                "chuc danh",
                "chuc vu chuc danh",
                "chuc danh chuc vu",
                "vi tri",
                "vi tri viec lam",
                "chuc vu hien tai",
                "position",
                "title",
                "job title",
            ],
            Self::Unit => &[
                "don vi",
                "don vi cong tac",
                "co quan",
                "co quan don vi",
                "co quan cong tac",
                "ma don vi",
                "noi cong tac",
                "phong ban",
                "ten don vi",
                "unit",
                "agency",
                "department",
                "organisation",
                "unit code",
            ],
            Self::Category => &[
                "nhom doi tuong",
                "nhom",
                "doi tuong",
                "nhom dt",
                "loai doi tuong",
                "doi tuong dao tao",
                "category",
                "group",
                "audience",
            ],
            Self::Email => &[
                "email",
                "email cong vu",
                "thu dien tu",
                "thu dien tu cong vu",
                "hop thu",
                "hop thu cong vu",
                "dia chi email",
                "mail",
                "e mail",
                "email address",
            ],
            Self::Phone => &[
                "dien thoai",
                "so dien thoai",
                "dt",
                "sdt",
                "so dt",
                "di dong",
                "dien thoai di dong",
                "so di dong",
                "dtdd",
                "dien thoai lien he",
                "phone",
                "phone number",
                "mobile",
                "telephone",
            ],
            Self::StaffCode => &[
                "ma can bo",
                "ma nhan vien",
                "so hieu cong chuc",
                "so hieu can bo",
                "ma cbcc",
                "ma cbccvc",
                "so hieu cbcc",
                "so hieu cbccvc",
                "ma cong chuc",
                "ma vien chuc",
                "ma so can bo",
                "ma nv",
                "staff code",
                "staff id",
                "employee id",
                "employee code",
            ],
            Self::UserName => &["ten dang nhap", "tai khoan", "user name", "username", "login"],
        }
    }

    /// The column of a heading; what stands in brackets after it is an explanation.
    pub fn of(heading: &str) -> Option<Self> {
        let heading = heading.split('(').next().unwrap_or_default();
        let words: String = text::fold(heading).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
        let words = text::tidy(&words);
        Self::ALL.iter().copied().find(|column| column.headings().contains(&words.as_str()))
    }

    /// The columns of the template that is offered, in their order.
    pub const TEMPLATE: [Self; 8] = [
        Self::FullName,
        Self::BirthDate,
        Self::Position,
        Self::Unit,
        Self::Category,
        Self::Email,
        Self::Phone,
        Self::StaffCode,
    ];
}

/// Which column, counted from 0, is what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping(BTreeMap<Column, usize>);

impl Mapping {
    /// As the headings say; of two columns with the same meaning the first counts.
    pub fn of_headings(headings: &[String]) -> Self {
        let mut mapping = Self::default();
        for (place, heading) in headings.iter().enumerate() {
            if let Some(column) = Column::of(heading) {
                mapping.0.entry(column).or_insert(place);
            }
        }
        mapping
    }

    /// As somebody chose; a meaning given twice is given back.
    pub fn chosen(columns: impl IntoIterator<Item = (usize, Column)>) -> Result<Self, Column> {
        let mut mapping = Self::default();
        for (place, column) in columns {
            if mapping.0.insert(column, place).is_some() {
                return Err(column);
            }
        }
        Ok(mapping)
    }

    /// Without a name nobody can be meant.
    pub fn has_name(&self) -> bool {
        self.0.contains_key(&Column::FullName) || self.0.contains_key(&Column::GivenName)
    }

    pub fn has(&self, column: Column) -> bool {
        self.0.contains_key(&column)
    }

    pub fn column_of(&self, place: usize) -> Option<Column> {
        self.0.iter().find(|(_, at)| **at == place).map(|(column, _)| *column)
    }

    /// The cell of a column in a row; empty where there is none.
    pub fn cell<'a>(&self, cells: &'a [String], column: Column) -> &'a str {
        self.0.get(&column).and_then(|place| cells.get(*place)).map_or("", String::as_str)
    }
}

/// How far down the headings may stand: over them there may be a title.
const TITLE_ROWS: usize = 15;

/// The row of the headings among the first: the one with the most headings that are known, at least two of them and one a name.
pub fn find_headings(rows: &[Row]) -> Option<(usize, Mapping)> {
    let mut best: Option<(usize, Mapping)> = None;
    for (place, row) in rows.iter().enumerate().take(TITLE_ROWS) {
        let mapping = Mapping::of_headings(&row.cells);
        let better = best.as_ref().is_none_or(|(_, known)| mapping.0.len() > known.0.len());
        if mapping.has_name() && mapping.0.len() >= 2 && better {
            best = Some((place, mapping));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_in_many_spellings() {
        for (heading, column) in [
            ("Họ và tên", Column::FullName),
            ("HO TEN", Column::FullName),
            ("Họ, chữ đệm", Column::FamilyNames),
            ("Tên", Column::GivenName),
            ("Ngày, tháng, năm sinh", Column::BirthDate),
            ("Chức vụ/chức danh", Column::Position),
            ("Cơ quan, đơn vị", Column::Unit),
            ("Nhóm đối tượng (1, 2 hoặc 3)", Column::Category),
            ("E-mail", Column::Email),
            ("Email công vụ", Column::Email),
            ("Số ĐT", Column::Phone),
            ("Mã cán bộ", Column::StaffCode),
        ] {
            assert_eq!(Column::of(heading), Some(column), "{heading}");
        }
        assert_eq!(Column::of("TT"), None);
    }

    #[test]
    fn a_title_may_stand_above_the_headings() {
        let row = |number, cells: &[&str]| Row { number, cells: cells.iter().map(|c| (*c).to_owned()).collect() };
        let rows = [row(1, &["DANH SÁCH"]), row(3, &["TT", "Họ tên", "Đơn vị"]), row(4, &["1", "Nguyễn Ế", "X"])];
        let (place, mapping) = find_headings(&rows).unwrap();
        assert_eq!((place, mapping.cell(&rows[2].cells, Column::FullName)), (1, "Nguyễn Ế"));
        assert!(find_headings(&rows[..1]).is_none());
    }
}
