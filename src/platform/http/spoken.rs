//! A template in one language: what every visitor of that language reads alike is written into it before it is compiled, so that
//! `{{t "key"}}` without inserts and `{{asset "name"}}`, most of what a page calls helpers for, cost nothing on each page.

use super::embedded;

/// Replaces `{{t "key"}}` and `{{asset "name"}}` by what they give, and `(t "key")` by that in quotes. What has inserts, or cannot stand
/// inside a template as it is, stays for the helpers; they also say what is missing.
pub fn fill(source: &str, find: impl Fn(&str) -> Option<String>, escape: impl Fn(&str) -> String) -> String {
    let plain = |text: String| Some(text).filter(|text| !text.contains(['{', '}', '\\']));
    let said = replace(source, "{{t \"", "\"}}", |key| find(key).map(|text| escape(&text)).and_then(plain));
    let said = replace(&said, "{{asset \"", "\"}}", |name| embedded::url(name).and_then(plain));
    replace(&said, "(t \"", "\")", |key| {
        let text = find(key).and_then(plain).filter(|text| !text.contains(['"', '\n']))?;
        Some(format!("\"{text}\""))
    })
}

/// Replaces whatever stands between two texts, with them, where `by` knows what to put.
fn replace(source: &str, before: &str, after: &str, by: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((head, tail)) = rest.split_once(before) {
        filled.push_str(head);
        let name = tail.split('"').next().unwrap_or_default();
        // Asked only for what ends here: a message with inserts cannot be filled without them.
        let left = tail.get(name.len()..).and_then(|end| end.strip_prefix(after));
        let put = left.and_then(|left| Some((left, by(name)?)));
        match put {
            Some((left, text)) => {
                filled.push_str(&text);
                rest = left;
            }
            None => {
                filled.push_str(before);
                rest = tail;
            }
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_the_same_for_everybody_is_filled_in() {
        let find = |key: &str| match key {
            "inserts" => panic!("asked for without its inserts"),
            "a" => Some("Một & hai".to_owned()),
            "quoted" => Some("\"Ba\"".to_owned()),
            "braces" => Some("{{x}}".to_owned()),
            _ => None,
        };
        let fill = |source: &str| fill(source, find, handlebars::html_escape);
        assert_eq!(
            fill("<p>{{t \"a\"}}</p>{{> x label=(t \"a\")}}"),
            "<p>Một &amp; hai</p>{{> x label=\"Một & hai\"}}"
        );
        for stays in
            ["{{t \"a\" n=1}}", "{{t \"missing\"}}", "{{t \"braces\"}}", "{{t key}}", "(t \"quoted\")", "(t \"a\" n=1)"]
        {
            assert_eq!(fill(stays), stays);
        }
        assert_eq!(fill("{{t \"quoted\"}}"), "&quot;Ba&quot;");
    }
}
