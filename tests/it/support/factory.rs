//! Rows that tests start from, made by the same actions as the pages use.

use std::path::Path;

use chrono::NaiveDate;
use nongcot::{
    access::{Actor, Category, Role},
    accounts::{
        actions,
        model::{NewMembership, NewPerson, Person},
    },
    platform::{
        db::{DbConn, Moment},
        error::Result,
        text,
    },
};

use super::unit_id;

/// A person whose user name is made of the name, at work in a unit since 2020.
pub fn person(c: &mut DbConn, now: Moment, name: &str, unit: &str) -> Result<Person> {
    let mut new = NewPerson::named(name);
    new.user_name = Some(text::slugify(name));
    let person = actions::create_person(c, &Actor::system(), now, &new)?;
    let since = NaiveDate::from_ymd_opt(2020, 1, 1).expect("a day");
    let unit = unit_id(c, unit)?;
    let membership =
        NewMembership { unit, position: "Chuyên viên".to_owned(), category: Category::Other, from: since };
    actions::join_unit(c, &Actor::system(), now, person.id, &membership)?;
    Ok(person)
}

/// The same with a role, over the unit if the role is held over one.
pub fn person_as(c: &mut DbConn, now: Moment, name: &str, role: Role, unit: &str) -> Result<Person> {
    let person = person(c, now, name, unit)?;
    if role != Role::Learner {
        let over = if role.is_scoped_to_unit() { Some(unit_id(c, unit)?) } else { None };
        actions::grant_role(c, &Actor::system(), now, person.id, role, over)?;
    }
    Ok(person)
}

/// A letter's headers and its parts with quoted-printable and base64 undone, well enough to look for words and links.
pub fn decode_mail(path: &Path) -> String {
    let raw = std::fs::read_to_string(path).expect("a letter");
    let mut out = String::new();
    for part in raw.split("\r\n--") {
        let (head, body) = part.split_once("\r\n\r\n").unwrap_or((part, ""));
        out.push_str(head);
        out.push('\n');
        let lower = head.to_lowercase();
        if lower.contains("base64") {
            use base64::Engine;
            let packed: String = body.chars().filter(|c| !c.is_whitespace()).collect();
            let bytes =
                base64::engine::general_purpose::STANDARD.decode(packed.trim_end_matches("--")).unwrap_or_default();
            out.push_str(&String::from_utf8_lossy(&bytes));
        } else if lower.contains("quoted-printable") {
            out.push_str(&unquote(body));
        } else {
            out.push_str(body);
        }
        out.push('\n');
    }
    out
}

fn unquote(text: &str) -> String {
    let joined = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let code = (first == b'=').then(|| tail.get(..2)).flatten().and_then(|h| std::str::from_utf8(h).ok());
        match code.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
