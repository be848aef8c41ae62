use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::platform::config::Secret;

fn letter() -> Letter {
    Letter {
        to_name: "Học viên Minh họa Một".to_owned(),
        to_address: "hoc-vien.mot@example.vn".to_owned(),
        subject: "Đặt lại mật khẩu trên hệ thống đào tạo Nòng Cốt".to_owned(),
        text: "Xin chào,\nMở liên kết để đặt lại mật khẩu.\n".to_owned(),
        html: Some("<p>Xin chào</p>".to_owned()),
        message_id: "job-17.ab12@daotao.example.vn".to_owned(),
    }
}

fn mailer(url: MailUrl) -> Mailer {
    Mailer::open(&Mail { url, from: "Nòng Cốt <nong-cot@example.vn>".to_owned() }).unwrap()
}

fn folder() -> (tempfile::TempDir, Mailer) {
    let dir = tempfile::tempdir().unwrap();
    let mailer = mailer(MailUrl::Folder(dir.path().join("mail")));
    (dir, mailer)
}

fn only_letter(dir: &tempfile::TempDir) -> String {
    let files: Vec<_> = std::fs::read_dir(dir.path().join("mail")).unwrap().map(|e| e.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    std::fs::read_to_string(&files[0]).unwrap()
}

/// The value of a header with its folded lines and encoded words put together again.
fn header(eml: &str, name: &str) -> String {
    let head = eml.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
    let lines: Vec<&str> = head.lines().filter_map(|l| l.strip_prefix(name)?.strip_prefix(": ")).collect();
    assert_eq!(lines.len(), 1, "{name} in {head}");
    let mut text = String::new();
    for word in lines[0].split(' ') {
        match word.strip_prefix("=?utf-8?b?").and_then(|w| w.split_once("?=")) {
            Some((encoded, rest)) => {
                text.push_str(&String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap());
                text.push_str(rest);
            }
            None => text.push_str(&format!(" {word}")),
        }
    }
    text.trim().to_owned()
}

#[tokio::test]
async fn a_letter_becomes_one_file_however_often_it_is_sent() {
    let (dir, mailer) = folder();
    mailer.check().await.unwrap();
    for _ in 0..2 {
        mailer.send(&letter()).await.unwrap();
    }
    let eml = only_letter(&dir);
    assert_eq!(header(&eml, "Subject"), letter().subject);
    assert_eq!(header(&eml, "To"), "Học viên Minh họa Một <hoc-vien.mot@example.vn>");
    assert_eq!(header(&eml, "From"), "Nòng Cốt <nong-cot@example.vn>");
    assert_eq!(header(&eml, "Message-ID"), "<job-17.ab12@daotao.example.vn>");
    assert_eq!(header(&eml, "Auto-Submitted"), "auto-generated");
    assert!(eml.is_ascii() && eml.contains("text/html; charset=utf-8") && eml.contains("text/plain; charset=utf-8"));
}

#[tokio::test]
async fn no_field_can_add_a_header() {
    let (dir, mailer) = folder();
    let nasty = "Chào\r\nBcc: other@example.vn\r\n\r\nbody\u{2028}\u{85}\0";
    let letter = Letter { to_name: nasty.to_owned(), subject: nasty.to_owned(), html: None, ..letter() };
    mailer.send(&letter).await.unwrap();
    let eml = only_letter(&dir);
    assert_eq!(header(&eml, "Subject"), "Chào Bcc: other@example.vn body");
    let head = eml.split("\r\n\r\n").next().unwrap();
    assert!(!head.lines().any(|l| l.to_lowercase().starts_with("bcc")), "{head}");
    for message_id in ["", "a", "a@", "a b@c", "a@b\r\nBcc: x@y", "../a@b", ".a@b", "a@b@c", "a>@b"] {
        let letter = Letter { message_id: message_id.to_owned(), ..letter.clone() };
        assert!(!mailer.send(&letter).await.unwrap_err().is_transient(), "{message_id}");
    }
}

#[tokio::test]
async fn malformed_addresses_are_refused_for_good() {
    let (_dir, mailer) = folder();
    for bad in [
        "",
        "a",
        "@example.vn",
        "a@",
        "a b@example.vn",
        "a@example.vn, b@example.vn",
        "a@example.vn\r\nBcc: b@example.vn",
        "Một <a@example.vn>",
        "a@b@example.vn",
        "học@example.vn",
        "a@[127.0.0.1]",
        "a..b@example.vn",
        ".a@example.vn",
        "a@example..vn",
        "\"a\"@example.vn",
        &format!("{}@example.vn", "a".repeat(300)),
    ] {
        assert!(!is_mail_address(bad), "{bad}");
        let letter = Letter { to_address: bad.to_owned(), ..letter() };
        let error = mailer.send(&letter).await.unwrap_err();
        assert!(!error.is_transient());
        assert!(bad.is_empty() || !error.to_string().contains("example.vn"));
    }
    for good in ["a@example.vn", "nguoi.hoc+thu@so-khcn.example.gov.vn", "n_1@x.vn", "a@localhost"] {
        assert!(is_mail_address(good), "{good}");
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_worth_another_try() {
    let mailer = mailer(MailUrl::Smtp(Secret::new("smtp://127.0.0.1:1".to_owned())));
    let error = mailer.send(&letter()).await.unwrap_err();
    assert!(error.is_transient());
    assert_eq!(error.to_string(), "the mail server cannot be reached");
    assert!(mailer.check().await.is_err());
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_to_is_named() {
    let (dir, mailer) = folder();
    std::fs::remove_dir(dir.path().join("mail")).unwrap();
    assert!(mailer.check().await.is_err());
    assert!(mailer.send(&letter()).await.unwrap_err().is_transient());
}

/// Runs where `TEST_SMTP_URL` names a local SMTP program, such as `smtp://127.0.0.1:2525`. It is told what to answer by
/// the recipient's name: `busy` gets 451, `nobody` gets 550, everybody else gets the letter.
#[tokio::test]
async fn letters_leave_over_smtp() {
    let Ok(url) = std::env::var("TEST_SMTP_URL") else { return };
    let mailer = mailer(MailUrl::parse(&url).unwrap());
    mailer.check().await.unwrap();
    mailer.send(&letter()).await.unwrap();
    let to = |address: &str| Letter { to_address: address.to_owned(), ..letter() };
    let busy = mailer.send(&to("busy@example.vn")).await.unwrap_err();
    assert!(busy.is_transient());
    assert_eq!(busy.to_string(), "the mail server answered 451");
    let nobody = mailer.send(&to("nobody@example.vn")).await.unwrap_err();
    assert!(!nobody.is_transient());
    assert_eq!(nobody.to_string(), "the mail server answered 550");
    // A refusal must not spoil the connection for the next letter.
    mailer.send(&letter()).await.unwrap();
}
