//! What people type about themselves, brought to one form: telephone number, e-mail address, user name. Each gives `None`
//! where the text cannot be what it claims to be; the form then says so beside the field.

/// The international form (+84912345678) of a telephone number. Viet Nam's numbers may begin with 0, 84, +84 or 0084 and be
/// divided by spaces, dots, hyphens or brackets; numbers of other countries must begin with + or 00.
pub fn phone(text: &str) -> Option<String> {
    let mut digits = String::new();
    let mut international = false;
    for c in text.trim().chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() && !international => international = true,
            ' ' | '.' | '-' | '(' | ')' | '\u{a0}' | '\u{202f}' | '\u{2010}'..='\u{2013}' => {}
            _ => return None,
        }
    }
    if !international && let Some(rest) = digits.strip_prefix("00") {
        digits = rest.to_owned();
        international = true;
    }
    let national = match digits.strip_prefix("84") {
        // Many write +84 (0)912…: the inner zero is no part of the number.
        Some(rest) if international || rest.len() >= 9 => Some(rest.strip_prefix('0').unwrap_or(rest)),
        _ if international => None,
        _ => Some(digits.strip_prefix('0')?),
    };
    match national {
        // Mobile numbers have nine digits after the zero, fixed lines ten and a 2 in front.
        Some(number) => {
            let first = number.chars().next()?;
            let valid = match number.len() {
                9 => matches!(first, '3' | '5' | '7' | '8' | '9'),
                10 => first == '2',
                _ => false,
            };
            valid.then(|| format!("+84{number}"))
        }
        None => (!digits.starts_with('0') && (8..=15).contains(&digits.len())).then(|| format!("+{digits}")),
    }
}

/// An e-mail address in lower case, if it can be one: one @, a plain local part, a domain with a dot. Whether mail arrives
/// there only a mail can tell.
pub fn email(text: &str) -> Option<String> {
    let address = text.trim().to_lowercase();
    let (local, domain) = address.split_once('@')?;
    let local_ok = (1..=64).contains(&local.len())
        && local.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c))
        && local.split('.').all(|part| !part.is_empty());
    let label_ok = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let (_, top) = domain.rsplit_once('.')?;
    let domain_ok = domain.split('.').all(label_ok) && top.len() >= 2 && top.chars().any(|c| c.is_ascii_alphabetic());
    (local_ok && domain_ok && address.len() <= 254).then_some(address)
}

/// A user name in lower case, if it follows the rule: 3 to 40 letters a–z, digits, dots, hyphens or underscores, beginning
/// with a letter, ending with a letter or digit, no two signs together. So it can be taken neither for an e-mail address
/// nor for a telephone number.
pub fn user_name(text: &str) -> Option<String> {
    let name = text.trim().to_lowercase();
    let is_sign = |c: char| matches!(c, '.' | '-' | '_');
    let mut previous_is_sign = false;
    for c in name.chars() {
        if is_sign(c) {
            if previous_is_sign {
                return None;
            }
        } else if !(c.is_ascii_lowercase() || c.is_ascii_digit()) {
            return None;
        }
        previous_is_sign = is_sign(c);
    }
    let begins_well = name.starts_with(|c: char| c.is_ascii_lowercase());
    ((3..=40).contains(&name.len()) && begins_well && !previous_is_sign).then_some(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_number_has_one_form() {
        for written in
            ["0912345678", "0912 345 678", "+84 912 345 678", "+84(0)912.345.678", "84912345678", "0084 912-345-678"]
        {
            assert_eq!(phone(written).as_deref(), Some("+84912345678"), "{written}");
        }
        assert_eq!(phone("024 3943 0000").as_deref(), Some("+842439430000"));
        assert_eq!(phone("+856 20 5555 1234").as_deref(), Some("+8562055551234"));
        assert_eq!(phone("0856123456").as_deref(), Some("+84856123456"));
        assert_eq!(phone("0849123456").as_deref(), Some("+84849123456"));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for written in
            ["", "+", "12345", "091234567", "09123456789", "0112345678", "0912345678x", "+84112345678", "++8491"]
        {
            assert_eq!(phone(written), None, "{written}");
        }
        assert_eq!(phone("912345678"), None, "without a zero it could be anything");
    }

    #[test]
    fn addresses_are_plausible_or_refused() {
        assert_eq!(email(" Hoc.Vien+1@Don-Vi.GOV.vn ").as_deref(), Some("hoc.vien+1@don-vi.gov.vn"));
        for written in
            ["", "a", "a@", "@b.vn", "a@b", "a@b.", "a@.vn", "a b@c.vn", "a@b@c.vn", "a..b@c.vn", ".a@c.vn", "a@-c.vn"]
        {
            assert_eq!(email(written), None, "{written}");
        }
        assert_eq!(email("a@192.168.1.1"), None);
        assert_eq!(email("học@don-vi.vn"), None);
        assert_eq!(email(&format!("{}@{}.vn", "a".repeat(64), "b".repeat(63))).map(|a| a.len()), Some(131));
        assert_eq!(email(&format!("{}@c.vn", "a".repeat(65))), None);
        assert_eq!(email(&format!("a@{}vn", "b.".repeat(130))), None);
    }

    #[test]
    fn user_names_follow_the_rule() {
        assert_eq!(user_name(" HocVien.01 ").as_deref(), Some("hocvien.01"));
        for written in ["", "ab", "0912345678", "a@b.vn", ".an", "an.", "an..b", "học", "a b c", &"a".repeat(41)] {
            assert_eq!(user_name(written), None, "{written}");
        }
    }

    proptest! {
        #[test]
        fn forms_are_stable_and_apart(text in "\\PC{0,40}|[a-z0-9.@+ -]{0,20}|[+0-9 ().-]{8,18}") {
            let (number, address, name) = (phone(&text), email(&text), user_name(&text));
            prop_assert!([number.is_some(), address.is_some(), name.is_some()].iter().filter(|is| **is).count() <= 1);
            if let Some(number) = number { prop_assert_eq!(phone(&number), Some(number)); }
            if let Some(address) = address { prop_assert_eq!(email(&address), Some(address)); }
            if let Some(name) = name { prop_assert_eq!(user_name(&name), Some(name)); }
        }
    }
}
