//! What templates may not do.

use crate::sources;

#[test]
fn no_template_inserts_without_escaping() {
    let mut wrong = Vec::new();
    for ending in ["hbs", "html", "txt"] {
        for file in sources::files("templates", ending) {
            for (index, line) in sources::without_comments(&file.text).lines().enumerate() {
                if ["{{{", "{{&", "{{~&", "{{~{"].iter().any(|insert| line.contains(insert)) {
                    wrong.push(format!("{}:{}: {}", file.path, index + 1, line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "only the type for safe HTML may stand unescaped:\n{}\n", wrong.join("\n"));
}

/// The content security policy lets neither run, so they would be dead letters.
#[test]
fn no_template_carries_inline_script_or_style() {
    let mut wrong = Vec::new();
    for file in sources::files("templates", "hbs").iter().filter(|f| !f.path.starts_with("templates/mail/")) {
        for (index, line) in sources::without_comments(&file.text).lines().enumerate() {
            let lower = line.to_lowercase();
            let handler = lower.match_indices(" on").any(|(at, _)| {
                let name: String = lower[at + 3..].chars().take_while(char::is_ascii_lowercase).collect();
                !name.is_empty() && lower[at + 3 + name.len()..].starts_with("=\"")
            });
            let script = lower.contains("<script") && !lower.contains("src=");
            if handler || script || lower.contains("<style") || lower.contains(" style=\"") {
                wrong.push(format!("{}:{}: {}", file.path, index + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "inline script or style:\n{}\n", wrong.join("\n"));
}
