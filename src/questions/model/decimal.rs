//! Exact decimal numbers for numeric questions: bounds must survive text, JSON and tolerance sums without a rounding.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number with up to six decimals, held in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Decimal(i128);

const DIGITS: usize = 6;
const ONE: i128 = 1_000_000;
const MOST: usize = 18;

impl Decimal {
    /// Reads `-12.5`: a decimal point, no grouping, at most 18 digits before and 6 after it.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let only_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let dangling = digits.contains('.') && part.is_empty();
        if whole.is_empty() || dangling || whole.len() > MOST || !only_digits(whole) || !only_digits(part) {
            return None;
        }
        let part: String = part.trim_end_matches('0').to_owned();
        if part.len() > DIGITS {
            return None;
        }
        let millionths =
            whole.parse::<i128>().ok()?.checked_mul(ONE)?.checked_add(format!("{part:0<6}").parse().ok()?)?;
        Some(Self(if negative { -millionths } else { millionths }))
    }

    /// Reads what a learner types. With a comma, the comma is the decimal mark and dots group thousands. Without one, dots
    /// group when every group behind them has three digits ("10.000"), else a single dot is the decimal mark.
    pub fn from_vietnamese(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let text = text.strip_suffix('%').unwrap_or(&text);
        if let Some((whole, part)) = text.split_once(',') {
            return (grouped(whole) || !whole.contains('.'))
                .then(|| Self::parse(&format!("{}.{part}", whole.replace('.', ""))))
                .flatten();
        }
        if grouped(text) { Self::parse(&text.replace('.', "")) } else { Self::parse(text) }
    }

    /// With a decimal comma and no grouping.
    pub fn to_vietnamese(self) -> String {
        self.to_string().replace('.', ",")
    }

    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    pub fn minus(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }
}

fn grouped(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '−', '+']);
    let mut groups = digits.split('.');
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    !rest.is_empty() && (1..=3).contains(&first.len()) && first != "0" && rest.iter().all(|group| group.len() == 3)
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / ONE.unsigned_abs(), self.0.unsigned_abs() % ONE.unsigned_abs());
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        write!(f, "{sign}{whole}.{}", format!("{part:06}").trim_end_matches('0'))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a decimal number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for text in ["0", "-12.5", "1822", "0.000001", "999999999999999999"] {
            assert_eq!(Decimal::parse(text).unwrap().to_string(), text);
        }
        for text in ["", ".", "1.", ".5", "1e5", "0x1", "1.0000001", "1,5", "9999999999999999999"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn reads_vietnamese_numbers() {
        let same =
            |typed: &str, exact: &str| assert_eq!(Decimal::from_vietnamese(typed), Decimal::parse(exact), "{typed}");
        same("10.000", "10000");
        same("10 000", "10000");
        same("1.234,5", "1234.5");
        same("80,5%", "80.5");
        same("80.5", "80.5");
        same("0.125", "0.125");
        same("-3", "-3");
        for text in ["", "abc", "1.2.3", "1,2,3", "1.23,4"] {
            assert_eq!(Decimal::from_vietnamese(text), None, "{text}");
        }
    }
}
