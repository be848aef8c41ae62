use std::path::PathBuf;

use super::*;

mod identity;

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/courses").join(name)
}

fn good() -> Files {
    folder::read(&fixture("good")).0
}

/// The good course with one file changed.
fn with(path: &str, from: &str, to: &str) -> Files {
    let mut files = good();
    let text = String::from_utf8(files.remove(path).unwrap()).unwrap();
    assert!(text.contains(from), "{path} has no {from}");
    files.insert(path.to_owned(), text.replacen(from, to, 1).into_bytes());
    files
}

fn lines(checked: &Checked) -> Vec<String> {
    checked.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn the_good_course_has_no_fault() {
    let checked = check_folder(&fixture("good"));
    assert_eq!(lines(&checked), [""; 0]);
    let package = checked.package.unwrap();
    assert_eq!(package.course.code, "MH-01");
    assert_eq!(package.modules.iter().map(|module| module.lessons.len()).collect::<Vec<_>>(), [1, 1]);
    let lesson = &package.modules[0].lessons[0];
    assert!(lesson.open);
    assert_eq!(lesson.checks, ["mh01-q-001"]);
    assert_eq!(lesson.cited, ["cv-minh-hoa-2", "cv-minh-hoa-1", "bao-minh-hoa"]);
    assert_eq!(lesson.words as usize, lesson.body.split_whitespace().count());
    assert_eq!(lesson.minutes, 2);
    assert_eq!(package.modules[1].lessons[0].slug, "viet-bai");
    assert_eq!(package.questions.len(), 6);
    assert_eq!(package.bank()["chung"].len(), 4);
    let closing: Vec<_> = package.closing_questions(&package.modules[0]).map(|item| item.id.as_str()).collect();
    assert_eq!(closing, ["mh01-q-002"]);
    assert_eq!(package.assets[0].size, Some((320, 120)));
    assert_eq!(package.assessments[0].questions(), 3);
    assert_eq!(read_folder(&fixture("good")).unwrap(), package);
}

#[test]
fn the_broken_course_shows_every_fault_at_once() {
    let checked = check_folder(&fixture("broken"));
    assert!(checked.package.is_none());
    let expected = include_str!("../../../tests/it/fixtures/courses/broken.expected");
    let found = lines(&checked).join("\n");
    assert_eq!(found.trim(), expected.trim(), "\n--- found ---\n{found}\n");
    for fault in &checked.faults {
        assert!(!fault.reason.vi.is_empty() && !fault.reason.en.is_empty());
        assert_eq!(fault.hint.vi.is_empty(), fault.hint.en.is_empty());
    }
    let json = serde_json::to_value(&checked.faults).unwrap();
    assert_eq!(json[0]["file"], checked.faults[0].file);
    assert_eq!(read_folder(&fixture("broken")).unwrap_err().len(), checked.faults.len());
}

#[test]
fn the_courses_we_ship_have_no_fault() {
    let courses = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("courses");
    let mut seen = 0;
    for entry in std::fs::read_dir(courses).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir()) {
        let checked = check_folder(&entry.path());
        assert_eq!(lines(&checked), [""; 0]);
        let package = checked.package.unwrap();
        let name = entry.file_name().into_string().unwrap();
        assert_eq!(name, format!("{}-{}", package.course.code, package.course.slug));
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn a_missing_or_empty_folder_says_so() {
    let faults = read_folder(&fixture("nowhere")).unwrap_err();
    assert!(faults.iter().any(|fault| fault.code == "folder"));
    let empty = tempfile::tempdir().unwrap();
    let codes: Vec<_> = read_folder(empty.path()).unwrap_err().iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["course-empty", "file-missing"]);
}

#[test]
fn links_and_paths_out_of_the_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    write_folder(&read_folder(&fixture("good")).unwrap(), folder.path()).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("assets/a.svg")).unwrap();
    std::os::unix::fs::symlink("/etc", folder.path().join("03-etc")).unwrap();
    let faults = read_folder(folder.path()).unwrap_err();
    let found: Vec<_> = faults.iter().map(|fault| (fault.file.as_str(), fault.code)).collect();
    assert_eq!(found, [("03-etc", "special-file"), ("assets/a.svg", "special-file")]);

    for path in ["../x.md", "/etc/passwd", "assets/../../x.svg", "a//b.md", "assets\\x.svg", "assets/./x.svg"] {
        let mut files = good();
        files.insert(path.to_owned(), b"x".to_vec());
        let checked = check_files(&files);
        assert!(checked.faults.iter().any(|fault| fault.code == "path" && fault.file == path), "{path}");
    }
}

#[test]
fn limits_hold() {
    let mut files = good();
    files.insert("01-mo-dau/02-dai.md".into(), vec![b'a'; 600 * 1024]);
    assert!(check_files(&files).faults.iter().any(|fault| fault.code == "text-size"));
    let mut files = good();
    files.extend((0..2100).map(|number| (format!("ghi-chu-{number}.txt"), Vec::new())));
    assert!(check_files(&files).faults.iter().any(|fault| fault.code == "too-big"));
}

#[test]
fn the_hash_is_that_of_the_content() {
    let hash_of = |files: &Files| hash(&check_files(files).package.expect("a good course"));
    let plain = good();
    let known = hash_of(&plain);
    assert_eq!(known.len(), 64);
    let dos: Files = plain
        .iter()
        .map(|(path, bytes)| match String::from_utf8(bytes.clone()) {
            Ok(text) if !path.ends_with(".pdf") => {
                (path.clone(), format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes())
            }
            _ => (path.clone(), bytes.clone()),
        })
        .collect();
    assert_eq!(hash_of(&dos), known);
    let mut moved = plain.clone();
    for name in ["module.toml", "03-viet-bai.md"] {
        let bytes = moved.remove(&format!("02-thuc-hanh/{name}")).unwrap();
        moved.insert(format!("07-thuc-hanh/{name}"), bytes);
    }
    moved.insert(".gitattributes".into(), b"x".to_vec());
    moved.insert("README.md".into(), b"x".to_vec());
    assert_eq!(hash_of(&moved), known);
    assert_eq!(hash_of(&with("course.toml", "periods = 2\n", "periods   = 2 # tiết\n")), known);
    assert_ne!(hash_of(&with("course.toml", "periods = 2", "periods = 3")), known);
    assert_ne!(hash_of(&with("01-mo-dau/01-lam-quen.md", "mục 2", "mục 3")), known);
    assert_ne!(hash_of(&with("bank/chung.gift", "=một thư mục", "=một thư mục\\:")), known);
}

#[test]
fn writing_a_folder_removes_what_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mut package = read_folder(&fixture("good")).unwrap();
    write_folder(&package, folder.path()).unwrap();
    std::fs::write(folder.path().join("README.md"), "giữ lại").unwrap();
    assert_eq!(read_folder(folder.path()).unwrap(), package);
    package.modules.pop();
    package.course.completion = Completion { required: vec!["mh01-m1".into()], ..Completion::default() };
    write_folder(&package, folder.path()).unwrap();
    assert_eq!(read_folder(folder.path()).unwrap(), package);
    assert!(!folder.path().join("02-thuc-hanh").exists());
    assert!(folder.path().join("README.md").exists());
}

#[test]
fn one_mistake_is_one_fault() {
    let one = |files: Files| -> String {
        let found = lines(&check_files(&files));
        assert_eq!(found.len(), 1, "{found:#?}");
        found.into_iter().next().unwrap()
    };
    let lesson = "01-mo-dau/01-lam-quen.md";
    let cases = [
        (
            with("course.toml", "mh01-thuc-hanh", "mh01-thuc-han"),
            "course.toml:22:13: Không có chuyên đề hoặc bài học hoặc đề kiểm tra nào mang mã \"mh01-thuc-han\" (có phải \"mh01-thuc-hanh\"?)",
        ),
        (
            with("course.toml", "at_least = 1", "at_least = 2"),
            "course.toml:23:12: \"at_least\" phải là số nguyên từ 1 đến 1",
        ),
        (
            with("assessments.toml", "difficulty = 1\ncount = 1", "difficulty = 1\ncount = 2"),
            "assessments.toml:11:1: Rút 2 câu chủ đề \"chung\", độ khó 1 nhưng ngân hàng chỉ có 1 (thêm câu vào bank/chung.gift hoặc giảm count)",
        ),
        (
            with("assessments.toml", "count = 2", "count = 4"),
            "assessments.toml:16:1: Rút 5 câu chủ đề \"chung\" nhưng ngân hàng chỉ có 4 (thêm câu vào bank/chung.gift hoặc giảm count)",
        ),
        (
            with(lesson, "::check{mh01-q-001}", "::check{mh01-b-001}"),
            "01-mo-dau/01-lam-quen.md:32:1: Mã \"mh01-b-001\" là câu hỏi của ngân hàng đề, ở đây cần câu hỏi trong check.gift",
        ),
        (with(lesson, "so-do.svg", "../so-do.svg"), ""),
        (
            with(lesson, "](#vi-sao", "](#vi-sa"),
            "01-mo-dau/01-lam-quen.md:12:56: Bài không có đầu mục #vi-sa-can-dinh-dang (các đầu mục: #vi-sao-can-dinh-dang, #tu-kiem-tra)",
        ),
    ];
    for (files, expected) in cases {
        if expected.is_empty() {
            assert!(check_files(&files).faults.iter().any(|fault| fault.code == "image"));
        } else {
            assert_eq!(one(files), expected);
        }
    }
}

/// A course of 100 lessons, 300 questions: the checker answers while the author waits.
#[test]
fn a_hundred_lessons_are_checked_quickly() {
    let mut files = good();
    let body = String::from_utf8(files["01-mo-dau/01-lam-quen.md"].clone()).unwrap();
    let words =
        "Kiến trúc chỉ ra các thành phần và mối liên hệ giữa chúng {thành phần} [@cv-minh-hoa-2, mục 1]. ".repeat(15);
    for number in 1..=100 {
        let text = body
            .replace("id = \"mh01-lam-quen\"", &format!("id = \"bai-{number}\""))
            .replace("::check{mh01-q-001}", &format!("{words}\n\n{words}\n\n::check{{hoi-{number}}}\n\n{words}\n"));
        let folder = format!("{:02}-chuyen-de", 10 + number % 10);
        files.insert(format!("{folder}-{}/{number:02}-bai-{number}.md", number % 10), text.into_bytes());
        files.insert(
            format!("{folder}-{}/module.toml", number % 10),
            format!("id = \"cd-{}\"\ntitle = \"Một\"\naim = \"Hai\"\n", number % 10).into_bytes(),
        );
        let gift = format!("// id: hoi-{number}\nHỏi gì? {{=một#phản hồi ~hai ~ba}}\n\n");
        files.entry(format!("{folder}-{}/check.gift", number % 10)).or_default().extend(gift.into_bytes());
        let bank = format!("\n// id: de-{number}\nHỏi gì? {{=một ~hai}}\n\n// id: de-{number}-x\nHỏi? {{T}}\n");
        files.get_mut("bank/chung.gift").unwrap().extend(bank.into_bytes());
    }
    let started = std::time::Instant::now();
    let checked = check_files(&files);
    let took = started.elapsed();
    assert_eq!(lines(&checked), [""; 0]);
    let package = checked.package.unwrap();
    let words: u32 = package.lessons().map(|(_, lesson)| lesson.words).sum();
    println!("{} lessons, {words} words, {} questions: {took:?}", package.lessons().count(), package.questions.len());
    // 0.1 s optimised and 0.5 s not, on two busy cores; the bound only catches what grows with the square
    assert!(took.as_secs() < 30, "{took:?}");
}
