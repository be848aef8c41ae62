//! Figures, dates and numbers as they are written for people to read.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::platform::{
    clock::{local_day, local_time},
    i18n::Locale,
};

/// Stands where there is no figure to show, such as a share of nothing.
pub const NO_FIGURE: &str = "–";

/// A whole number: 10.000 in Vietnamese, 10,000 in English.
pub fn number(value: i64, locale: Locale) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(&value.unsigned_abs().to_string(), locale))
}

/// A number with at most `places` decimals, rounded half away from zero, without zeros at its end: 1.234,5 in Vietnamese,
/// 1,234.5 in English.
pub fn decimal(value: f64, places: usize, locale: Locale) -> String {
    if !value.is_finite() {
        return NO_FIGURE.to_owned();
    }
    let places = places.min(9);
    // The shortest text that reads back as the number is what a person would have typed; rounding that text instead of the
    // binary fraction makes 2.675 to two places 2.68, as on paper.
    let text = format!("{}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut digits: Vec<u8> =
        whole.bytes().chain(fraction.bytes().chain(std::iter::repeat(b'0')).take(places)).collect();
    if fraction.as_bytes().get(places).is_some_and(|next| *next >= b'5') {
        let mut carry = true;
        for digit in digits.iter_mut().rev() {
            *digit = match *digit {
                b'9' => b'0',
                other => {
                    carry = false;
                    other + 1
                }
            };
            if !carry {
                break;
            }
        }
        if carry {
            digits.insert(0, b'1');
        }
    }
    let digits = String::from_utf8(digits).unwrap_or_default();
    let (whole, fraction) = digits.split_at_checked(digits.len().saturating_sub(places)).unwrap_or((&digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let sign = if value < 0.0 && digits.bytes().any(|digit| digit != b'0') { "-" } else { "" };
    join(sign, whole, fraction, locale)
}

/// The share `numerator`/`denominator` with at most one decimal: 80,5% in Vietnamese, 80.5% in English. What is not quite
/// the whole is never rounded up to 100%. A share of nothing is [`NO_FIGURE`].
pub fn percent(numerator: i64, denominator: i64, locale: Locale) -> String {
    if denominator <= 0 {
        return NO_FIGURE.to_owned();
    }
    let (part, whole) = (u128::from(numerator.unsigned_abs()), u128::from(denominator.unsigned_abs()));
    let mut tenths = (part * 2000 + whole) / (whole * 2);
    if part < whole {
        tenths = tenths.min(999);
    }
    let sign = if numerator < 0 && tenths > 0 { "-" } else { "" };
    let fraction = if tenths % 10 == 0 { String::new() } else { (tenths % 10).to_string() };
    format!("{}%", join(sign, &(tenths / 10).to_string(), &fraction, locale))
}

fn join(sign: &str, whole: &str, fraction: &str, locale: Locale) -> String {
    let whole = grouped(whole, locale);
    match (fraction, locale) {
        ("", _) => format!("{sign}{whole}"),
        (_, Locale::Vi) => format!("{sign}{whole},{fraction}"),
        (_, Locale::En) => format!("{sign}{whole}.{fraction}"),
    }
}

fn grouped(digits: &str, locale: Locale) -> String {
    let separator = match locale {
        Locale::Vi => '.',
        Locale::En => ',',
    };
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// The length of a file in kilobytes, megabytes or gigabytes with one decimal: 12,4 MB in Vietnamese, 12.4 MB in English.
pub fn size(bytes: i64, locale: Locale) -> String {
    const KILO: i64 = 1024;
    let (unit, name) = match bytes {
        ..1_048_576 => (KILO, "KB"),
        1_048_576..1_073_741_824 => (KILO * KILO, "MB"),
        _ => (KILO * KILO * KILO, "GB"),
    };
    let tenths = (bytes.saturating_mul(10) / unit).max(1);
    let fraction = if tenths % 10 == 0 { String::new() } else { (tenths % 10).to_string() };
    format!("{} {name}", join("", &(tenths / 10).to_string(), &fraction, locale))
}

/// A calendar day: 05/04/2026, the same in both languages.
pub fn date(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// A day as people write it (5/4/2026, 05.04.2026, 5-4-2026) or as programs do (2026-04-05); between the years 1900 and 2199.
pub fn read_day(typed: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = typed.split(['/', '.', '-']).map(str::trim).collect();
    let [first, month, last] = parts.as_slice() else { return None };
    let (day, year) = if first.len() == 4 { (last, first) } else { (first, last) };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if year.len() != 4 || day.len() > 2 || month.len() > 2 || !parts.iter().all(|part| digits(part)) {
        return None;
    }
    let day = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    (1900..=2199).contains(&day.year()).then_some(day)
}

/// The calendar day of a moment in Viet Nam: 05/04/2026.
pub fn date_of(at: DateTime<Utc>) -> String {
    date(local_day(at))
}

/// A moment in Viet Nam: 10:31 05/04/2026.
pub fn datetime(at: DateTime<Utc>) -> String {
    local_time(at).format("%H:%M %d/%m/%Y").to_string()
}

/// From one moment to another in Viet Nam: 08:00–11:30 05/04/2026, or with both days where they differ.
pub fn span(from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    if local_day(from) != local_day(to) {
        return format!("{} – {}", datetime(from), datetime(to));
    }
    format!("{}–{}", local_time(from).format("%H:%M"), datetime(to))
}

/// The day as official papers write it after the place: "ngày 05 tháng 4 năm 2026". Days below 10 and the months 1 and 2
/// carry a zero, so that none can be put before them.
pub fn document_date(day: NaiveDate) -> String {
    let month = if day.month() <= 2 { format!("{:02}", day.month()) } else { day.month().to_string() };
    format!("ngày {:02} tháng {month} năm {}", day.day(), day.year())
}

/// A telephone number in the kept form (see [`super::phone`]) as people in Viet Nam read it: 0912 345 678. Numbers of
/// other countries stay as they are.
pub fn phone_shown(kept: &str) -> String {
    let Some(national) = kept.strip_prefix("+84") else { return kept.to_owned() };
    let mut text = String::from("0");
    let first = if national.len() == 10 { 3 } else { 0 };
    for (index, digit) in national.chars().enumerate() {
        let position = index + 1;
        let gap = if first > 0 { matches!(position, 3 | 7) } else { matches!(position, 4 | 7) };
        if gap {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Locale::*, *};

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_length_is_read_in_its_unit() {
        let said = |bytes| size(bytes, Locale::Vi);
        assert_eq!([said(0), said(100), said(2048), said(1_048_575)], ["0,1 KB", "0,1 KB", "2 KB", "1.023,9 KB"]);
        assert_eq!([said(13_005_000), said(5_368_709_120)], ["12,4 MB", "5 GB"]);
        assert_eq!(size(13_005_000, Locale::En), "12.4 MB");
    }

    #[test]
    fn thousands_have_a_dot_here_and_a_comma_there() {
        assert_eq!(number(10_000, Vi), "10.000");
        assert_eq!(number(10_000, En), "10,000");
        assert_eq!(number(999, Vi), "999");
        assert_eq!(number(-1_234_567, Vi), "-1.234.567");
        assert_eq!(number(0, Vi), "0");
        assert_eq!(number(i64::MIN, En), "-9,223,372,036,854,775,808");
    }

    #[test]
    fn decimals_round_as_on_paper() {
        assert_eq!(decimal(1234.5, 1, Vi), "1.234,5");
        assert_eq!(decimal(1234.5, 1, En), "1,234.5");
        assert_eq!(decimal(2.675, 2, Vi), "2,68");
        assert_eq!(decimal(8.25, 1, Vi), "8,3");
        assert_eq!(decimal(7.0, 2, Vi), "7");
        assert_eq!(decimal(9.996, 2, Vi), "10");
        assert_eq!(decimal(999.95, 1, Vi), "1.000");
        assert_eq!(decimal(-0.04, 1, Vi), "0");
        assert_eq!(decimal(-0.05, 1, Vi), "-0,1");
        assert_eq!(decimal(0.5, 0, Vi), "1");
        assert_eq!(decimal(1e21, 1, En), "1,000,000,000,000,000,000,000");
        assert_eq!(decimal(1e-9, 2, En), "0");
        assert_eq!(decimal(f64::NAN, 1, Vi), "–");
    }

    #[test]
    fn shares_have_no_space_and_never_flatter() {
        assert_eq!(percent(161, 200, Vi), "80,5%");
        assert_eq!(percent(161, 200, En), "80.5%");
        assert_eq!(percent(1, 2, Vi), "50%");
        assert_eq!(percent(1, 3, Vi), "33,3%");
        assert_eq!(percent(2, 3, Vi), "66,7%");
        assert_eq!(percent(1, 800, Vi), "0,1%");
        assert_eq!(percent(2_999, 3_000, Vi), "99,9%");
        assert_eq!(percent(3_000, 3_000, Vi), "100%");
        assert_eq!(percent(12_345, 1_000, Vi), "1.234,5%");
        assert_eq!(percent(0, 5, Vi), "0%");
        assert_eq!(percent(0, 0, Vi), "–");
        assert_eq!(percent(-1, 2, Vi), "-50%");
        percent(i64::MIN, i64::MAX, Vi);
    }

    #[test]
    fn dates_are_those_of_viet_nam() {
        assert_eq!(date(day(2022, 4, 5)), "05/04/2022");
        assert_eq!(date_of("2025-12-31T17:00:00Z".parse().unwrap()), "01/01/2026");
        assert_eq!(datetime("2025-12-31T16:59:59Z".parse().unwrap()), "23:59 31/12/2025");
    }

    #[test]
    fn papers_write_the_day_in_words() {
        assert_eq!(document_date(day(2026, 4, 5)), "ngày 05 tháng 4 năm 2026");
        assert_eq!(document_date(day(2026, 2, 15)), "ngày 15 tháng 02 năm 2026");
        assert_eq!(document_date(day(2026, 1, 1)), "ngày 01 tháng 01 năm 2026");
        assert_eq!(document_date(day(2026, 12, 31)), "ngày 31 tháng 12 năm 2026");
    }

    #[test]
    fn a_day_is_read_as_people_write_it() {
        for typed in ["5/4/2026", "05/04/2026", " 05.04.2026 ", "5-4-2026", "2026-04-05", "5 / 4 / 2026"] {
            assert_eq!(read_day(typed), Some(day(2026, 4, 5)), "{typed}");
        }
        for typed in [
            "",
            "31/2/2026",
            "13/13/2026",
            "5/4/26",
            "2026",
            "5/4",
            "1/2/3/4",
            "nay",
            "5/4/1899",
            "+5/4/2026",
            "-2026-04-05",
        ] {
            assert_eq!(read_day(typed), None, "{typed}");
        }
    }

    #[test]
    fn telephone_numbers_are_grouped() {
        assert_eq!(phone_shown("+84912345678"), "0912 345 678");
        assert_eq!(phone_shown("+842439430000"), "024 3943 0000");
        assert_eq!(phone_shown("+8562055551234"), "+8562055551234");
    }

    proptest! {
        #[test]
        fn a_number_reads_back(value: i64) {
            let text = number(value, Vi).replace('.', "");
            prop_assert_eq!(text.parse::<i64>().unwrap(), value);
        }

        #[test]
        fn a_decimal_is_within_half_a_step(value in -1e9f64..1e9, places in 0usize..5) {
            let shown: f64 = decimal(value, places, En).replace(',', "").parse().unwrap();
            // Both are the nearest binary fractions of what they mean, so each may be off by its last bit.
            let half = 0.5 * 10f64.powi(-i32::try_from(places).unwrap()) + 2.0 * f64::EPSILON * value.abs();
            prop_assert!((shown - value).abs() <= half, "{value} to {places} places is {shown}");
        }
    }
}
