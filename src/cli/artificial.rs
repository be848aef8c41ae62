//! A course with nothing to learn in it: for measuring, and for the past of a demonstration.

use chrono::NaiveDate;

use crate::courses::package::{Audience, Bilingual, CertificateKind, Completion, Course, Lesson, Module, Package};

/// How such a course is named.
pub struct Named {
    pub code: &'static str,
    pub slug: &'static str,
    pub vi: &'static str,
    pub en: &'static str,
    /// What it is there for, in one sentence.
    pub summary_vi: &'static str,
    pub summary_en: &'static str,
    /// Keys of its lessons begin so.
    pub prefix: &'static str,
    pub certificate: CertificateKind,
}

/// One module that must be finished, with this many lessons of so many minutes.
pub fn package(named: &Named, lessons: u32, minutes: u32) -> Package {
    let title = Bilingual { vi: named.vi.to_owned(), en: named.en.to_owned() };
    let summary = Bilingual { vi: named.summary_vi.to_owned(), en: named.summary_en.to_owned() };
    let id = format!("{}-m1", named.prefix);
    let course = Course {
        code: named.code.to_owned(),
        slug: named.slug.to_owned(),
        title,
        summary,
        objectives: vec![named.summary_vi.to_owned()],
        audience: vec![Audience::Other],
        periods: 1,
        prerequisites: Vec::new(),
        completion: Completion { required: vec![id.clone()], optional: Vec::new(), at_least: 0 },
        certificate: named.certificate,
        change_note: None,
        legal_review: NaiveDate::default(),
        licence: "CC0-1.0".to_owned(),
        authors: vec!["Nòng Cốt".to_owned()],
    };
    let module = Module {
        id,
        slug: "mo-dun-minh-hoa".to_owned(),
        title: "Mô-đun minh họa".to_owned(),
        aim: "Có chỗ để ghi tiến độ.".to_owned(),
        lessons: (0..lessons).map(|number| lesson(named, number, minutes)).collect(),
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

/// The key of a lesson, which progress hangs on.
pub fn lesson_key(named: &Named, number: u32) -> String {
    format!("{}-b{:03}", named.prefix, number + 1)
}

fn lesson(named: &Named, number: u32, minutes: u32) -> Lesson {
    let shown = number + 1;
    let sentence = format!("Đây là đoạn văn minh họa của bài {shown}, không có nội dung đào tạo. ");
    let body = format!("## Phần một\n\n{0}\n\n## Phần hai\n\n{0}\n", sentence.repeat(20).trim());
    Lesson {
        id: lesson_key(named, number),
        slug: format!("bai-minh-hoa-{shown}"),
        title: format!("Bài minh họa {shown}"),
        reviewed: NaiveDate::default(),
        open: false,
        sources: Vec::new(),
        cited: Vec::new(),
        words: u32::try_from(body.split_whitespace().count()).unwrap_or(0),
        body,
        checks: Vec::new(),
        minutes,
    }
}
