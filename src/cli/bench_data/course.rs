//! The course that the artificial people take: as many short lessons as asked for, nothing to learn in them.

use chrono::NaiveDate;

use crate::courses::package::{Audience, Bilingual, CertificateKind, Completion, Course, Lesson, Module, Package};

/// One module that must be finished, with this many lessons.
pub fn artificial(lessons: u32) -> Package {
    let title = Bilingual {
        vi: "Khóa học minh họa để đo tải".to_owned(),
        en: "Artificial course for measuring".to_owned(),
    };
    let summary = Bilingual {
        vi: "Khóa học do lệnh bench-data tạo ra, không có nội dung đào tạo.".to_owned(),
        en: "Made by the command bench-data; it teaches nothing.".to_owned(),
    };
    let course = Course {
        code: "MH-99".to_owned(),
        slug: "khoa-hoc-minh-hoa-do-tai".to_owned(),
        title,
        summary,
        objectives: vec!["Làm dữ liệu để đo tốc độ".to_owned()],
        audience: vec![Audience::Other],
        periods: 1,
        prerequisites: Vec::new(),
        completion: Completion { required: vec![MODULE.to_owned()], optional: Vec::new(), at_least: 0 },
        certificate: CertificateKind::None,
        legal_review: NaiveDate::default(),
        licence: "CC0-1.0".to_owned(),
        authors: vec!["bench-data".to_owned()],
        change_note: None,
    };
    let module = Module {
        id: MODULE.to_owned(),
        slug: "mo-dun-minh-hoa".to_owned(),
        title: "Mô-đun minh họa".to_owned(),
        aim: "Có chỗ để ghi tiến độ.".to_owned(),
        lessons: (0..lessons).map(lesson).collect(),
    };
    Package {
        course,
        sources: Vec::new(),
        modules: vec![module],
        questions: Vec::new(),
        assessments: Vec::new(),
        assets: Vec::new(),
    }
}

const MODULE: &str = "mh99-m1";

/// The key of a lesson, which progress hangs on.
pub fn lesson_key(number: u32) -> String {
    format!("mh99-b{:03}", number + 1)
}

fn lesson(number: u32) -> Lesson {
    let shown = number + 1;
    let sentence = format!("Đây là đoạn văn minh họa của bài {shown}, chỉ dùng để đo tốc độ của trang. ");
    let body = format!("## Phần một\n\n{0}\n\n## Phần hai\n\n{0}\n", sentence.repeat(20).trim());
    Lesson {
        id: lesson_key(number),
        slug: format!("bai-minh-hoa-{shown}"),
        title: format!("Bài minh họa {shown}"),
        reviewed: NaiveDate::default(),
        open: false,
        sources: Vec::new(),
        cited: Vec::new(),
        words: u32::try_from(body.split_whitespace().count()).unwrap_or(0),
        body,
        checks: Vec::new(),
        minutes: 4,
    }
}
