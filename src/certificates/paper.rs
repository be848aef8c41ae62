//! The paper of a certificate: one A4 page, landscape, as PDF/A-2a and PDF/UA-1, so that it can be kept, searched and read aloud.
//!
//! Every word is decided before it comes here: [`Paper`] is the record of what was certified, and the same record always
//! gives the same bytes. It bears no seal and no signature, drawn or otherwise; where they would stand it says
//! that it is an electronic copy not yet signed, and how to look it up. Text that is too long shrinks, then wraps; text that
//! still does not fit, and a character that cannot be printed, are errors that name the field. Nothing is cut off.

mod draw;
mod setting;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use self::setting::{Align, Block, Column, DIVIDER, HARD_SPACE, Ink, Piece, Role, TooLong};
use crate::platform::{
    paper::faces::{self, Cut},
    text::tidy,
};

/// What stands on the paper, word for word. Fields are Vietnamese as they are to be read; names of bodies and of the
/// holder come in capitals already, since changing case later is not safe for every letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// The body above the issuing one, "BỘ KHOA HỌC VÀ CÔNG NGHỆ"; empty if there is none.
    pub superior_body: String,
    /// "CỤC CHUYỂN ĐỔI SỐ QUỐC GIA"
    pub issuing_body: String,
    /// "GIẤY CHỨNG NHẬN"
    pub title: String,
    /// "Theo Quyết định số 12/QĐ-CĐSQG ngày 02/03/2026 …"
    pub legal_basis: Option<String>,
    /// "HỌC VIÊN MINH HỌA MỘT"
    pub holder: String,
    /// dd/mm/yyyy
    pub born: Option<String>,
    pub position: Option<String>,
    /// The unit at the time of the course.
    pub unit: String,
    /// What was done: "Đã hoàn thành khóa bồi dưỡng"
    pub achievement: String,
    pub course: String,
    /// "trực tuyến"
    pub form_of_study: String,
    /// dd/mm/yyyy
    pub from: String,
    /// dd/mm/yyyy
    pub to: String,
    /// "12 giờ", "40 tiết"
    pub duration: String,
    /// "Đạt"
    pub result: Option<String>,
    /// "Hà Nội, ngày 05 tháng 4 năm 2026"
    pub place_and_date: String,
    /// Authority and title, a line each: "KT. CỤC TRƯỞNG", "PHÓ CỤC TRƯỞNG"
    pub signer_lines: Vec<String>,
    pub signer_name: String,
    /// Số vào sổ: "000123/2026/GCN-CĐSQG"
    pub register_number: String,
    /// Số hiệu
    pub serial_number: String,
    /// What a person types on the lookup page.
    pub lookup_code: String,
    /// The lookup page, printed: "https://…/tra-cuu"
    pub lookup_page: String,
    /// The address in the QR code and behind the printed one, with the code in it.
    pub lookup_url: String,
    /// The moment of issue, written into the file as its date.
    pub issued_at: DateTime<Utc>,
    /// "Cấp lại cho số …", on a paper that was issued anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reissue: Option<String>,
    /// It comes from a demonstration and says so in large letters: nobody may take it for a real one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_illustration: bool,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    #[error("the field {field} has the character {character:?} (U+{:04X}), which the paper's fonts cannot print", u32::from(*.character))]
    Unprintable { field: &'static str, character: char },
    #[error("the field {field} is too long for the paper")]
    TooLong { field: &'static str },
    #[error("the field {field} is empty")]
    Missing { field: &'static str },
    #[error("the lookup address does not fit into a QR code")]
    Code,
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
}

impl From<TooLong> for PaperError {
    fn from(TooLong(field): TooLong) -> Self {
        Self::TooLong { field }
    }
}

/// The paper as a PDF file.
pub fn render(paper: &Paper) -> Result<Vec<u8>, PaperError> {
    let paper = paper.tidied();
    draw::pdf(&paper, &lay_out(&paper)?)
}

/// A4, landscape, in points.
const WIDTH: f32 = 841.89;
const HEIGHT: f32 = 595.28;
const MIDDLE: f32 = WIDTH / 2.0;
/// The outer rule and the inner rule of the frame, from the edge of the page.
const OUTER_RULE: f32 = 21.0;
const INNER_RULE: f32 = 27.0;
/// Text stands inside these.
const TOP: f32 = 44.0;
const SIDE: f32 = 54.0;
const BOTTOM: f32 = HEIGHT - 42.0;

const HEAD_HEIGHT: f32 = 62.0;
/// Middles of the two heads and of the signer's column.
const BODY_MIDDLE: f32 = 205.0;
const STATE_MIDDLE: f32 = 622.0;
const SIGNER_MIDDLE: f32 = 648.0;
const FOOT_TOP: f32 = 428.0;
const CODE_SIZE: f32 = 84.0;

const STATE: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
const MOTTO: &str = "Độc lập - Tự do - Hạnh phúc";
const UNSIGNED: &str = "(Bản điện tử chưa ký số)";
const ILLUSTRATION: &str = "DỮ LIỆU MINH HỌA – KHÔNG CÓ GIÁ TRỊ";

/// A straight line of the decoration.
#[derive(Debug, Clone, Copy)]
struct Rule {
    left: f32,
    right: f32,
    y: f32,
}

/// The paper with every line in its place.
struct Sheet {
    rules: Vec<Rule>,
    /// In the order in which they are read.
    blocks: Vec<Block>,
    code: Code,
}

/// The QR code: rows of modules, true is dark.
struct Code {
    rows: Vec<Vec<bool>>,
    left: f32,
    top: f32,
    size: f32,
}

impl Paper {
    fn tidied(&self) -> Self {
        let optional = |text: &Option<String>| text.as_deref().map(tidy).filter(|text| !text.is_empty());
        Self {
            superior_body: tidy(&self.superior_body),
            issuing_body: tidy(&self.issuing_body),
            title: tidy(&self.title),
            legal_basis: optional(&self.legal_basis),
            holder: tidy(&self.holder),
            born: optional(&self.born),
            position: optional(&self.position),
            unit: tidy(&self.unit),
            achievement: tidy(&self.achievement),
            course: tidy(&self.course),
            form_of_study: tidy(&self.form_of_study),
            from: tidy(&self.from),
            to: tidy(&self.to),
            duration: tidy(&self.duration),
            result: optional(&self.result),
            place_and_date: tidy(&self.place_and_date),
            signer_lines: self.signer_lines.iter().map(|line| tidy(line)).filter(|line| !line.is_empty()).collect(),
            signer_name: tidy(&self.signer_name),
            register_number: tidy(&self.register_number),
            serial_number: tidy(&self.serial_number),
            lookup_code: tidy(&self.lookup_code),
            lookup_page: tidy(&self.lookup_page),
            lookup_url: self.lookup_url.trim().to_owned(),
            issued_at: self.issued_at,
            reissue: optional(&self.reissue),
            is_illustration: self.is_illustration,
        }
    }

    /// A certificate with a hole where one of these should stand says nothing.
    fn require(&self) -> Result<(), PaperError> {
        let required = [
            ("issuing_body", &self.issuing_body),
            ("title", &self.title),
            ("holder", &self.holder),
            ("achievement", &self.achievement),
            ("course", &self.course),
            ("place_and_date", &self.place_and_date),
            ("signer_name", &self.signer_name),
            ("register_number", &self.register_number),
            ("lookup_code", &self.lookup_code),
            ("lookup_page", &self.lookup_page),
            ("lookup_url", &self.lookup_url),
        ];
        match required.into_iter().find(|(_, text)| text.is_empty()) {
            Some((field, _)) => Err(PaperError::Missing { field }),
            None => Ok(()),
        }
    }
}

fn lay_out(paper: &Paper) -> Result<Sheet, PaperError> {
    paper.require()?;
    let mut blocks = Vec::new();
    let state = set(&state_pieces(), &head(STATE_MIDDLE, 340.0))?;
    let body = set(&body_pieces(paper), &head(BODY_MIDDLE, 290.0))?;
    let rules = [rule_under(&state, 1.0), rule_under(&body, 0.38)].into_iter().flatten().collect();
    blocks.extend(state);
    blocks.extend(body);
    let main_top = TOP + HEAD_HEIGHT + 8.0;
    blocks.extend(set(
        &main_pieces(paper),
        &Column {
            x: MIDDLE,
            width: 612.0,
            top: main_top,
            height: FOOT_TOP - 10.0 - main_top,
            align: Align::Centre,
            spread: 1.1,
        },
    )?);
    let foot = Column {
        x: SIGNER_MIDDLE,
        width: 270.0,
        top: FOOT_TOP,
        height: BOTTOM - FOOT_TOP,
        align: Align::Centre,
        // All that is spare is room for a signature.
        spread: 20.0,
    };
    blocks.extend(set(&signer_pieces(paper), &foot)?);
    let beside_code = SIDE + CODE_SIZE + 16.0;
    let numbers = Column {
        x: beside_code,
        width: 480.0 - beside_code,
        top: BOTTOM - CODE_SIZE,
        height: CODE_SIZE,
        align: Align::Left,
        spread: 1.0,
    };
    blocks.extend(set(&number_pieces(paper), &numbers)?);
    let code = Code { rows: modules(&paper.lookup_url)?, left: SIDE, top: BOTTOM - CODE_SIZE, size: CODE_SIZE };
    Ok(Sheet { rules, blocks, code })
}

fn set(pieces: &[Piece], column: &Column) -> Result<Vec<Block>, PaperError> {
    for piece in pieces {
        if let Some(character) = faces::unprintable(&piece.text, piece.cut) {
            return Err(PaperError::Unprintable { field: piece.field, character });
        }
    }
    Ok(setting::set(pieces, column)?)
}

fn head(middle: f32, width: f32) -> Column {
    Column { x: middle, width, top: TOP, height: HEAD_HEIGHT, align: Align::Centre, spread: 0.0 }
}

/// The line under a head, `share` of its last line long.
fn rule_under(blocks: &[Block], share: f32) -> Option<Rule> {
    let last = blocks.last()?;
    let line = last.lines.last()?;
    let (middle, half) = (line.x + line.width / 2.0, line.width * share / 2.0);
    Some(Rule { left: middle - half, right: middle + half, y: line.baseline + last.size * 0.48 })
}

fn state_pieces() -> Vec<Piece> {
    vec![Piece::new("state", STATE, Cut::Bold, 12.5), Piece::new("motto", MOTTO, Cut::Bold, 13.0)]
}

fn body_pieces(paper: &Paper) -> Vec<Piece> {
    vec![
        Piece::new("superior_body", &paper.superior_body, Cut::Regular, 12.5).lines(1, 0.8),
        Piece::new("issuing_body", &paper.issuing_body, Cut::Bold, 12.5).lines(1, 0.8),
    ]
}

/// Joins what belongs on one line; each part stays in one piece unless it is long.
fn joined(parts: impl IntoIterator<Item = String>) -> String {
    let whole =
        |part: String| if part.chars().count() <= 48 { part.replace(' ', &HARD_SPACE.to_string()) } else { part };
    parts.into_iter().map(whole).collect::<Vec<_>>().join(&format!("{HARD_SPACE}{DIVIDER} "))
}

fn labelled(label: &str, text: &str) -> Option<String> {
    (!text.is_empty()).then(|| format!("{label}: {text}"))
}

fn main_pieces(paper: &Paper) -> Vec<Piece> {
    let person = [
        paper.born.as_deref().and_then(|born| labelled("Ngày sinh", born)),
        paper.position.as_deref().and_then(|position| labelled("Chức vụ", position)),
    ];
    let period = match (paper.from.as_str(), paper.to.as_str()) {
        ("", "") => None,
        ("", day) | (day, "") => Some(format!("Ngày {day}")),
        (from, to) if from == to => Some(format!("Ngày {from}")),
        (from, to) => Some(format!("Từ ngày {from} đến ngày {to}")),
    };
    let study = [
        labelled("Hình thức", &paper.form_of_study),
        labelled("Thời lượng", &paper.duration),
        paper.result.as_deref().and_then(|result| labelled("Kết quả", result)),
    ];
    vec![
        Piece::new("illustration", if paper.is_illustration { ILLUSTRATION } else { "" }, Cut::Bold, 15.0)
            .ink(Ink::Red)
            .tracking(0.05),
        Piece::new("title", &paper.title, Cut::Bold, 35.0).role(Role::Title).ink(Ink::Red).tracking(0.05).lines(1, 0.6),
        Piece::new("legal_basis", paper.legal_basis.as_deref().unwrap_or_default(), Cut::Italic, 12.0)
            .lines(1, 0.85)
            .before(1.0),
        Piece::new("holder", "Chứng nhận Ông/Bà", Cut::Regular, 14.0).before(9.0),
        Piece::new("holder", &paper.holder, Cut::Bold, 27.0).lines(1, 0.6).before(2.0),
        Piece::new("position", joined(person.into_iter().flatten()), Cut::Regular, 13.5).lines(1, 0.9).before(1.0),
        Piece::new("unit", labelled("Đơn vị", &paper.unit).unwrap_or_default(), Cut::Regular, 13.5).lines(1, 0.85),
        Piece::new("achievement", &paper.achievement, Cut::Regular, 14.0).before(9.0),
        Piece::new("course", &paper.course, Cut::Bold, 19.0).lines(2, 0.75).before(2.0),
        Piece::new("from", joined(period), Cut::Regular, 13.5).before(4.0),
        Piece::new("form_of_study", joined(study.into_iter().flatten()), Cut::Regular, 13.5).lines(1, 0.9),
    ]
}

fn signer_pieces(paper: &Paper) -> Vec<Piece> {
    let mut pieces = vec![Piece::new("place_and_date", &paper.place_and_date, Cut::Italic, 13.0)];
    pieces
        .extend(paper.signer_lines.iter().map(|line| Piece::new("signer_lines", line, Cut::Bold, 12.5).lines(1, 0.8)));
    pieces.push(Piece::new("unsigned", UNSIGNED, Cut::Italic, 10.5).ink(Ink::Grey).before(12.0));
    pieces.push(Piece::new("signer_name", &paper.signer_name, Cut::Bold, 13.0).before(12.0));
    pieces
}

fn number_pieces(paper: &Paper) -> Vec<Piece> {
    let line =
        |field, label, text: &str| Piece::new(field, labelled(label, text).unwrap_or_default(), Cut::Regular, 11.0);
    vec![
        line("register_number", "Số vào sổ", &paper.register_number),
        Piece::new("reissue", paper.reissue.as_deref().unwrap_or_default(), Cut::Italic, 10.5).lines(1, 0.7),
        line("serial_number", "Số hiệu", &paper.serial_number).before(1.0),
        line("lookup_code", "Mã tra cứu", &paper.lookup_code).lines(1, 0.7).before(1.0),
        line("lookup_page", "Tra cứu tại", &paper.lookup_page).role(Role::Link).lines(1, 0.7).before(1.0),
    ]
}

fn modules(address: &str) -> Result<Vec<Vec<bool>>, PaperError> {
    let code = fast_qr::QRBuilder::new(address).ecl(fast_qr::ECL::M).build().map_err(|_| PaperError::Code)?;
    let rows = code.data.chunks(code.size.max(1)).take(code.size);
    Ok(rows.map(|row| row.iter().map(|module| module.value()).collect()).collect())
}
