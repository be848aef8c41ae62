//! A small course to start from: every kind of file once, with words that say what belongs there, and nothing the checker would
//! find fault with.

use chrono::NaiveDate;

use super::{Files, files::is_code, slug};

/// The name of the folder and its files for a course of this code and title; what is wrong with the code or the title otherwise.
pub fn scaffold(code: &str, title: &str, today: NaiveDate) -> Result<(String, Files), String> {
    let title = crate::platform::text::tidy(title);
    let slug = slug(&title);
    if !is_code(code) {
        return Err(format!("\"{code}\" không phải mã khóa học; viết như KT-02 (chữ hoa, số, gạch nối)"));
    }
    if slug.is_empty() || title.chars().count() > 200 {
        return Err("tên khóa học cần có chữ, dài không quá 200 ký tự".to_owned());
    }
    let prefix = code.to_lowercase().replace('-', "");
    let fill = |text: &str| {
        text.replace("{CODE}", code)
            .replace("{SLUG}", &slug)
            .replace("{TITLE}", &serde_json::Value::String(title.clone()).to_string())
            .replace("{ID}", &prefix)
            .replace("{DAY}", &today.to_string())
            .into_bytes()
    };
    let files = [
        ("course.toml", COURSE),
        ("sources.toml", SOURCES),
        ("assessments.toml", ASSESSMENTS),
        ("01-chuyen-de-mot/module.toml", MODULE),
        ("01-chuyen-de-mot/01-bai-mot.md", LESSON),
        ("01-chuyen-de-mot/check.gift", CHECK),
        ("bank/chuyen-de-mot.gift", BANK),
    ];
    Ok((format!("{code}-{slug}"), files.into_iter().map(|(path, text)| (path.to_owned(), fill(text))).collect()))
}

const COURSE: &str = r#"code = "{CODE}"
slug = "{SLUG}"
periods = 1                       # số tiết
audience = ["other"]              # leaders | technology | other
prerequisites = []                # mã các khóa phải hoàn thành trước
certificate = "completion"        # completion | regulated | none
legal_review = {DAY}       # ngày rà soát pháp lý gần nhất
licence = "CC-BY-4.0"
authors = ["Tên đơn vị biên soạn"]
change_note = "Bản đầu tiên"      # lần này sửa gì
objectives = [
  "Viết ở đây một việc học viên làm được sau khóa học, bắt đầu bằng động từ",
]

[title]
vi = {TITLE}
en = "The title in English"

[summary]
vi = "Một đến ba câu cho danh mục khóa học."
en = "One to three sentences for the catalogue."

[completion]
required = ["{ID}-m1", "{ID}-cuoi-khoa"]
"#;

const SOURCES: &str = r#"# Mỗi văn bản, tài liệu được dẫn là một mục.
[[source]]
id = "tai-lieu-mot"
issuer = "Cơ quan ban hành"
title = "Tên văn bản hoặc tài liệu"
status = "reference"              # draft | in-force | replaced | expired | reference
"#;

const ASSESSMENTS: &str = r#"[[assessment]]
id = "{ID}-cuoi-khoa"
title = "Bài kiểm tra cuối khóa"
kind = "final"
minutes = 15
attempts = 3
pass_percent = 50
show_key = "after-closing"

[[assessment.draw]]
topic = "chuyen-de-mot"
count = 2
"#;

const MODULE: &str = r#"id = "{ID}-m1"
title = "Chuyên đề một"
aim = "Một câu: học xong chuyên đề này làm được gì."
"#;

const LESSON: &str = r#"+++
id = "{ID}-bai-mot"
title = "Bài một"
reviewed = {DAY}
sources = ["tai-lieu-mot"]
+++
## Mục tiêu

Sau bài này, học viên làm được một việc cụ thể.

## Nội dung

Viết nội dung ở đây. Điều lấy từ văn bản thì dẫn nguồn. [@tai-lieu-mot] Thuật ngữ mới được đánh dấu ở chỗ giải thích: {thuật ngữ} là từ mà bài này dùng theo một nghĩa riêng.

> [!bai-tap]
> **Làm ngay (10 phút)**
>
> Một việc học viên làm được ngay tại đơn vị.

## Câu hỏi tự kiểm tra

::check{{ID}-q-001}
"#;

const CHECK: &str = r#"// id: {ID}-q-001
// difficulty: 1
Câu hỏi tự kiểm tra viết ở đây? {
  =Phương án đúng#Vì sao đúng.
  ~Phương án sai#Vì sao chưa đúng.
  ~Phương án sai khác#Vì sao chưa đúng.
}
"#;

const BANK: &str = r#"// id: {ID}-q-101
// difficulty: 1
Câu hỏi thứ nhất của ngân hàng đề? {
  =Phương án đúng#Vì sao đúng.
  ~Phương án sai#Vì sao chưa đúng.
  ~Phương án sai khác#Vì sao chưa đúng.
}

// id: {ID}-q-102
// difficulty: 2
Khẳng định này đúng hay sai? {T#Phản hồi khi trả lời sai.#Phản hồi khi trả lời đúng.}

// id: {ID}-q-103
// difficulty: 3
Câu hỏi vận dụng của ngân hàng đề? {
  =Phương án đúng#Vì sao đúng.
  ~Phương án sai#Vì sao chưa đúng.
  ~Phương án sai khác#Vì sao chưa đúng.
}
"#;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::check_files;
    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
    }

    #[test]
    fn the_checker_finds_nothing_in_it() {
        let (folder, files) = scaffold("KT-02", "Dữ liệu mở: \"ai\" dùng, dùng thế nào", day()).unwrap();
        assert_eq!(folder, "KT-02-du-lieu-mo-ai-dung-dung-the-nao");
        let checked = check_files(&files);
        assert!(checked.faults.is_empty(), "{:?}", checked.faults);
        assert_eq!(checked.package.unwrap().course.title.vi, "Dữ liệu mở: \"ai\" dùng, dùng thế nào");
    }

    #[test]
    fn what_is_no_code_or_no_title_is_refused() {
        for (code, title) in [("kt 02", "Tên"), ("", "Tên"), ("../x", "Tên"), ("KT-02", " "), ("KT-02", "…")] {
            assert!(scaffold(code, title, day()).is_err(), "{code:?} {title:?}");
        }
    }

    proptest! {
        #[test]
        fn any_title_gives_a_course_without_errors(title in "\\PC{0,60}") {
            if let Ok((_, files)) = scaffold("MH-01", &title, day()) {
                let checked = check_files(&files);
                prop_assert!(checked.package.is_some(), "{:?}", checked.faults);
            }
        }
    }
}
