//! What stands between the braces of a GIFT question.

use super::super::fault::Fault;
use super::super::model::{AnswerOption, Decimal, ItemKind, NumericAnswer, Pair, Side, Weight};
use super::stem::{find, plain, starts};
use super::{Report, Sign};

/// `=…` or `~…` with its weight and feedback.
struct Choice<'a> {
    right: bool,
    weight: Option<Weight>,
    text: &'a [Sign],
    feedback: String,
    at: usize,
}

/// The kind of the question and its general feedback. `opened` and `closed` are the places of the braces.
pub(super) fn parse(
    signs: &[Sign],
    opened: usize,
    closed: usize,
    item: &str,
    report: &mut Report<'_>,
) -> Option<(ItemKind, String)> {
    let (signs, feedback) = general_feedback(signs);
    let signs = trim(signs);
    let Some((first, at)) = signs.first().copied() else {
        let fault = Fault::error("gift-essay", "Phần trả lời để trống", "The answers are empty");
        let hint = "câu tự luận không dùng ở đây; viết các phương án bằng = và ~";
        report.add(opened, fault.hint(hint, "essays are not for question files; write options with = and ~"));
        return None;
    };
    let kind = match first {
        '#' => numeric(signs.get(1..).unwrap_or_default(), at, report)?,
        '=' | '~' => choices(signs, closed, item, report)?,
        _ => true_false(signs, at, report)?,
    };
    Some((kind, feedback))
}

fn general_feedback(signs: &[Sign]) -> (&[Sign], String) {
    let mut from = 0;
    while let Some(hash) = signs.get(from..).and_then(|rest| find(rest, &['#'])).map(|at| at + from) {
        if starts(signs.get(hash..).unwrap_or_default(), "####") {
            let (before, after) = (signs.get(..hash), signs.get(hash + 4..));
            return (before.unwrap_or_default(), plain(after.unwrap_or_default()));
        }
        from = hash + 1;
    }
    (signs, String::new())
}

fn trim(mut signs: &[Sign]) -> &[Sign] {
    while let [(first, _), rest @ ..] = signs {
        if !first.is_whitespace() {
            break;
        }
        signs = rest;
    }
    while let [rest @ .., (last, _)] = signs {
        if !last.is_whitespace() {
            break;
        }
        signs = rest;
    }
    signs
}

/// The part before the first plain `#`, and the parts between the following ones.
fn split_hash(signs: &[Sign]) -> (&[Sign], Vec<&[Sign]>) {
    let mut parts = Vec::new();
    let mut rest = signs;
    while let Some(hash) = find(rest, &['#']) {
        parts.push(rest.get(..hash).unwrap_or_default());
        rest = rest.get(hash + 1..).unwrap_or_default();
    }
    parts.push(rest);
    let feedback = parts.split_off(1);
    (parts.pop().unwrap_or_default(), feedback)
}

fn true_false(signs: &[Sign], at: usize, report: &mut Report<'_>) -> Option<ItemKind> {
    let (word, feedback) = split_hash(signs);
    let answer = match plain(word).as_str() {
        "T" | "TRUE" => true,
        "F" | "FALSE" => false,
        _ => {
            let fault = Fault::error("gift-answers", "Không hiểu phần trả lời", "The answers are not understood");
            let hint = "mỗi phương án bắt đầu bằng = hoặc ~; đúng/sai viết {T} hoặc {F}; số viết {#…}";
            report.add(at, fault.hint(hint, "options begin with = or ~; true/false is {T} or {F}; a number is {#…}"));
            return None;
        }
    };
    let mut feedback = feedback.into_iter().map(plain);
    let when_wrong = feedback.next().unwrap_or_default();
    let when_right = feedback.next().unwrap_or_default();
    Some(ItemKind::TrueFalse { answer, when_right, when_wrong })
}

fn numeric(signs: &[Sign], at: usize, report: &mut Report<'_>) -> Option<ItemKind> {
    let signs = trim(signs);
    let choices = if matches!(signs.first(), Some(('=' | '~', _))) {
        split(signs, report)?
    } else {
        let (text, feedback) = split_hash(signs);
        let feedback = feedback.first().map(|signs| plain(signs)).unwrap_or_default();
        let at = signs.first().map_or(at, |(_, at)| *at);
        vec![Choice { right: true, weight: None, text, feedback, at }]
    };
    let mut answers = Vec::with_capacity(choices.len());
    for choice in choices {
        let range = range(&plain(choice.text));
        let weight = choice.weight.unwrap_or(Weight::FULL);
        match range {
            Some((min, max)) if choice.right && weight > Weight::NONE => {
                answers.push(NumericAnswer { min, max, weight, feedback: choice.feedback });
            }
            _ => {
                let fault = Fault::error("gift-number", "Đáp án số không hợp lệ", "Not a valid numeric answer");
                let hint = "viết {#100}, {#100:5}, {#95..105} hoặc {#=100 =%50%95..105}; dấu thập phân là dấu chấm";
                report.add(choice.at, fault.hint(hint, "write {#100}, {#100:5}, {#95..105} or {#=100 =%50%95..105}"));
                return None;
            }
        }
    }
    if !answers.iter().any(|answer| answer.weight == Weight::FULL) {
        no_full_answer(at, report);
        return None;
    }
    Some(ItemKind::Numeric { answers })
}

fn range(text: &str) -> Option<(Decimal, Decimal)> {
    if let Some((min, max)) = text.split_once("..") {
        let (min, max) = (Decimal::parse(min.trim())?, Decimal::parse(max.trim())?);
        return (min <= max).then_some((min, max));
    }
    let (value, tolerance) = text.split_once(':').unwrap_or((text, "0"));
    let (value, tolerance) = (Decimal::parse(value.trim())?, Decimal::parse(tolerance.trim())?);
    if tolerance < Decimal::default() {
        return None;
    }
    Some((value.minus(tolerance)?, value.plus(tolerance)?))
}

fn no_full_answer(at: usize, report: &mut Report<'_>) {
    let fault = Fault::error("gift-no-key", "Không có đáp án nào được trọn điểm", "No answer is worth the full mark");
    report.add(
        at,
        fault.hint("ít nhất một đáp án viết bằng = và không kèm %", "write at least one answer with = and no %"),
    );
}

/// Splits `=a ~b#feedback` at its plain `=` and `~`.
fn split<'a>(signs: &'a [Sign], report: &mut Report<'_>) -> Option<Vec<Choice<'a>>> {
    let mut choices = Vec::new();
    let mut rest = signs;
    while let Some((mark, at)) = rest.first().copied() {
        let body = rest.get(1..).unwrap_or_default();
        let end = find(body, &['=', '~']).unwrap_or(body.len());
        let (text, feedback) = split_hash(body.get(..end).unwrap_or_default());
        rest = body.get(end..).unwrap_or_default();
        let (weight, text) = match weight(trim(text)) {
            Ok(found) => found,
            Err(()) => {
                let fault = Fault::error("gift-weight", "Điểm phần trăm không hợp lệ", "Not a valid percentage");
                let hint = "viết %50% hoặc %-100%, từ -100 đến 100, tối đa ba chữ số thập phân";
                report.add(at, fault.hint(hint, "write %50% or %-100%, from -100 to 100, at most three decimals"));
                return None;
            }
        };
        let feedback = plain(&feedback.join(&('#', at)));
        choices.push(Choice { right: mark == '=', weight, text: trim(text), feedback, at });
    }
    Some(choices)
}

/// `%50%` before an option. Digits beyond thousandths are dropped: 33.33333 is what Moodle writes for a third.
fn weight(signs: &[Sign]) -> Result<(Option<Weight>, &[Sign]), ()> {
    let [('%', _), rest @ ..] = signs else { return Ok((None, signs)) };
    let end = find(rest, &['%']).ok_or(())?;
    let written: String = rest.get(..end).unwrap_or_default().iter().map(|(sign, _)| *sign).collect();
    let (whole, part) = written.split_once('.').unwrap_or((&written, ""));
    if whole.len() > 4 || part.len() > 12 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(());
    }
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    let thousandths: i32 = format!("{whole}{digits}").parse().map_err(|_| ())?;
    if thousandths.abs() > Weight::FULL.0 || whole.starts_with('+') || !whole.ends_with(|c: char| c.is_ascii_digit()) {
        return Err(());
    }
    Ok((Some(Weight(thousandths)), rest.get(end + 1..).unwrap_or_default()))
}

fn choices(signs: &[Sign], closed: usize, item: &str, report: &mut Report<'_>) -> Option<ItemKind> {
    let choices = split(signs, report)?;
    let right = choices.iter().filter(|choice| choice.right).count();
    let arrows = choices.iter().filter(|choice| arrow(choice.text).is_some()).count();
    if right == choices.len() && arrows > 0 {
        return matching(&choices, item, report);
    }
    let default = |choice: &Choice<'_>| if choice.right { Weight::FULL } else { Weight::NONE };
    let mut options: Vec<AnswerOption> = Vec::with_capacity(choices.len());
    for choice in &choices {
        let weight = choice.weight.unwrap_or_else(|| default(choice));
        let option = AnswerOption::new(item, plain(choice.text), weight, choice.feedback.clone());
        if option.text.is_empty() {
            report.add(choice.at, Fault::error("gift-empty-option", "Phương án để trống", "The option is empty"));
            return None;
        }
        if options.iter().any(|known| known.id == option.id) {
            let fault = Fault::error("gift-same-option", "Hai phương án giống nhau", "Two options are the same");
            report.add(choice.at, fault.hint("bỏ bớt một phương án", "remove one of them"));
            return None;
        }
        options.push(option);
    }
    let first = choices.first().map_or(closed, |choice| choice.at);
    if right == choices.len() {
        if let Some(wrong) = choices.iter().find(|choice| choice.weight.is_some_and(|weight| weight <= Weight::NONE)) {
            let fault =
                Fault::error("gift-weight", "Đáp án ngắn phải có điểm dương", "A short answer needs a positive weight");
            report.add(wrong.at, fault);
            return None;
        }
        if !options.iter().any(|option| option.weight == Weight::FULL) {
            no_full_answer(first, report);
            return None;
        }
        return Some(ItemKind::Short { answers: options });
    }
    if options.len() < 2 {
        report.add(
            first,
            Fault::error("gift-one-option", "Cần ít nhất hai phương án", "At least two options are needed"),
        );
        return None;
    }
    match right {
        0 => multiple(options, first, report),
        1 => single(&choices, options, report),
        _ => {
            let second = choices.iter().filter(|choice| choice.right).nth(1).map_or(first, |choice| choice.at);
            let fault = Fault::error(
                "gift-two-keys",
                "Có hơn một đáp án = trong câu chọn một",
                "More than one = among the options",
            );
            let hint = "câu nhiều đáp án viết mọi phương án bằng ~ kèm %…%";
            report.add(second, fault.hint(hint, "for several answers write every option with ~ and %…%"));
            None
        }
    }
}

fn single(choices: &[Choice<'_>], options: Vec<AnswerOption>, report: &mut Report<'_>) -> Option<ItemKind> {
    for (choice, option) in choices.iter().zip(&options) {
        let full = option.weight == Weight::FULL;
        if choice.right != full {
            let (vi, en) = if full {
                ("Phương án ~ được 100 %: trùng với đáp án", "A ~ option worth 100 % is a second key")
            } else {
                ("Đáp án = phải được 100 %", "The = option must be worth 100 %")
            };
            report.add(choice.at, Fault::error("gift-weight", vi, en));
            return None;
        }
    }
    Some(ItemKind::Single { options })
}

fn multiple(options: Vec<AnswerOption>, at: usize, report: &mut Report<'_>) -> Option<ItemKind> {
    let positive = options.iter().filter(|option| option.weight > Weight::NONE);
    let sum: i64 = positive.map(|option| i64::from(option.weight.0)).sum();
    let full = i64::from(Weight::FULL.0);
    if sum == 0 {
        let fault = Fault::error("gift-no-key", "Không có phương án nào đúng", "No option is right");
        report.add(at, fault.hint("đánh dấu đáp án bằng =, hoặc bằng ~%…%", "mark the answer with =, or with ~%…%"));
        return None;
    }
    if (sum - full).abs() > Weight::SLACK {
        let fault = Fault::error(
            "gift-sum",
            format!("Điểm của các phương án đúng cộng lại là {} %, phải là 100 %", sum / 1000),
            format!("The right options add up to {} %, it must be 100 %", sum / 1000),
        );
        report.add(at, fault);
        return None;
    }
    if options.iter().any(|option| option.weight == Weight::NONE) {
        let fault = Fault::warning(
            "gift-free-option",
            "Có phương án sai không bị trừ điểm: chọn tất cả vẫn được trọn điểm",
            "A wrong option costs nothing: choosing all earns the full mark",
        );
        report.add(
            at,
            fault.hint("cho phương án sai điểm âm, ví dụ ~%-100%", "give wrong options a negative weight, as ~%-100%"),
        );
    }
    Some(ItemKind::Multiple { options })
}

/// The plain `->` of a pair.
fn arrow(signs: &[Sign]) -> Option<usize> {
    (0..signs.len()).find(|at| starts(signs.get(*at..).unwrap_or_default(), "->"))
}

fn matching(choices: &[Choice<'_>], item: &str, report: &mut Report<'_>) -> Option<ItemKind> {
    let (mut pairs, mut distractors): (Vec<Pair>, Vec<Side>) = (Vec::new(), Vec::new());
    for choice in choices {
        let at = arrow(choice.text);
        let split = at.and_then(|at| Some((choice.text.get(..at)?, choice.text.get(at + 2..)?)));
        let (left, right) = split.map(|(left, right)| (plain(left), plain(right))).unwrap_or_default();
        let left = Side::new(item, left);
        let known = pairs.iter().any(|pair| pair.left.id == left.id);
        if right.is_empty()
            || known
            || choice.weight.is_some_and(|weight| weight != Weight::FULL)
            || !choice.feedback.is_empty()
        {
            let fault = Fault::error("gift-pair", "Cặp ghép đôi không hợp lệ", "Not a valid pair");
            let hint = "mỗi dòng viết =vế trái -> vế phải, vế trái không trùng nhau, không kèm điểm và phản hồi";
            report.add(choice.at, fault.hint(hint, "write =left -> right, each left once, without weight or feedback"));
            return None;
        }
        let right = Side::new(item, right);
        if left.text.is_empty() {
            distractors.push(right);
        } else {
            pairs.push(Pair { left, right });
        }
    }
    if pairs.len() < 2 {
        let at = choices.first().map_or(0, |choice| choice.at);
        report.add(at, Fault::error("gift-pairs", "Câu ghép đôi cần ít nhất hai cặp", "At least two pairs are needed"));
        return None;
    }
    Some(ItemKind::Matching { pairs, distractors })
}
