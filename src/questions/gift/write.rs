//! Items as canonical GIFT: what the studio saves and what the version hash is computed over.

use std::fmt::Write;

use super::super::model::{AnswerOption, Item, ItemKind, NumericAnswer, Weight};

/// The items as a GIFT file that `parse` reads back to the same items.
pub fn write(items: &[&Item]) -> String {
    items.iter().map(|item| one(item)).collect::<Vec<_>>().join("\n")
}

fn one(item: &Item) -> String {
    let mut out = format!("// id: {}\n", item.id);
    let mut note = |key: &str, value: &str| out.push_str(&format!("// {key}: {value}\n"));
    if item.module.as_ref().is_some_and(|module| *module != item.topic) {
        note("topic", &item.topic);
    }
    note("difficulty", &item.difficulty.to_string());
    if item.version != 1 {
        note("version", &item.version.to_string());
    }
    for (key, list) in [("source", &item.sources), ("tags", &item.tags)] {
        if !list.is_empty() {
            note(key, &list.join(", "));
        }
    }
    if !item.shuffle {
        note("shuffle", "no");
    }
    if !item.title.is_empty() {
        out.push_str(&format!("::{}::", escaped(&item.title)));
    }
    // A text that would read as a comment, a format or a category is told to be plain text.
    if item.text.starts_with(['/', '[', '$']) {
        out.push_str("[plain]");
    }
    out.push_str(&escaped(&item.text));
    out.push_str(" {");
    out.push_str(&answers(item));
    out.push_str("}\n");
    out
}

fn answers(item: &Item) -> String {
    let mut out = String::new();
    let mut line = |text: String| out.push_str(&format!("\n  {text}"));
    match &item.kind {
        ItemKind::Single { options } => options.iter().for_each(|option| {
            let right = option.weight == Weight::FULL;
            line(choice(if right { '=' } else { '~' }, option, if right { Weight::FULL } else { Weight::NONE }));
        }),
        ItemKind::Multiple { options } => options.iter().for_each(|option| line(choice('~', option, Weight::NONE))),
        ItemKind::Short { answers } => answers.iter().for_each(|option| line(choice('=', option, Weight::FULL))),
        ItemKind::TrueFalse { answer, when_right, when_wrong } => {
            let mut text = String::from(if *answer { "T" } else { "F" });
            if !when_wrong.is_empty() || !when_right.is_empty() {
                text.push_str(&format!("#{}", escaped(when_wrong)));
            }
            if !when_right.is_empty() {
                text.push_str(&format!("#{}", escaped(when_right)));
            }
            if item.feedback.is_empty() {
                return text;
            }
            line(text);
        }
        ItemKind::Numeric { answers } => {
            line("#".to_owned());
            answers.iter().for_each(|answer| line(number(answer)));
        }
        ItemKind::Matching { pairs, distractors } => {
            for pair in pairs {
                let weight = if pair.left.text.starts_with('%') { percent(Weight::FULL) } else { String::new() };
                line(format!("={weight}{} -> {}", escaped(&pair.left.text), escaped(&pair.right.text)));
            }
            distractors.iter().for_each(|side| line(format!("= -> {}", escaped(&side.text))));
        }
    }
    if !item.feedback.is_empty() {
        line(format!("####{}", escaped(&item.feedback)));
    }
    out.push('\n');
    out
}

fn choice(mark: char, option: &AnswerOption, usual: Weight) -> String {
    let weight =
        if option.weight != usual || option.text.starts_with('%') { percent(option.weight) } else { String::new() };
    format!("{mark}{weight}{}{}", escaped(&option.text), feedback(&option.feedback))
}

fn number(answer: &NumericAnswer) -> String {
    let weight = if answer.weight == Weight::FULL { String::new() } else { percent(answer.weight) };
    let range =
        if answer.min == answer.max { answer.min.to_string() } else { format!("{}..{}", answer.min, answer.max) };
    format!("={weight}{range}{}", feedback(&answer.feedback))
}

fn feedback(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("#{}", escaped(text)) }
}

fn percent(weight: Weight) -> String {
    let (sign, size) = (if weight.0 < 0 { "-" } else { "" }, weight.0.unsigned_abs());
    let part = format!("{:03}", size % 1000);
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    format!("%{sign}{}{point}{part}%", size / 1000)
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for sign in text.chars() {
        match sign {
            '\n' => out.push_str("\\n"),
            '~' | '=' | '#' | '{' | '}' | ':' | '\\' => _ = write!(out, "\\{sign}"),
            // only where it would read as the arrow of a pair
            '>' if before == '-' => out.push_str("\\>"),
            _ => out.push(sign),
        }
        before = sign;
    }
    out
}
