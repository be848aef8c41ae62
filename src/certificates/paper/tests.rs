use proptest::prelude::*;

use super::*;

fn paper() -> Paper {
    Paper {
        superior_body: "BỘ KHOA HỌC VÀ CÔNG NGHỆ".into(),
        issuing_body: "CỤC CHUYỂN ĐỔI SỐ QUỐC GIA".into(),
        title: "GIẤY CHỨNG NHẬN".into(),
        legal_basis: Some(
            "Theo Quyết định số 12/QĐ-CĐSQG ngày 02/03/2026 của Cục trưởng Cục Chuyển đổi số quốc gia".into(),
        ),
        holder: "HỌC VIÊN MINH HỌA MỘT".into(),
        born: Some("05/04/1990".into()),
        position: Some("Chuyên viên".into()),
        unit: "Sở Khoa học và Công nghệ tỉnh Minh Họa".into(),
        achievement: "Đã hoàn thành khóa bồi dưỡng".into(),
        course: "Kiến trúc Chính phủ điện tử Việt Nam và chuyển đổi số trong cơ quan nhà nước".into(),
        form_of_study: "trực tuyến".into(),
        from: "09/03/2026".into(),
        to: "03/04/2026".into(),
        duration: "12 giờ".into(),
        result: Some("Đạt".into()),
        place_and_date: "Hà Nội, ngày 05 tháng 4 năm 2026".into(),
        signer_lines: vec!["KT. CỤC TRƯỞNG".into(), "PHÓ CỤC TRƯỞNG".into()],
        signer_name: "Người Ký Minh Họa".into(),
        register_number: "000123/2026/GCN-CĐSQG".into(),
        serial_number: "GCN 0000123".into(),
        lookup_code: "K7QF-2M9D-4XWA-8RTC-P3HV-6NBE-YS".into(),
        lookup_page: "https://hoc.example.vn/tra-cuu".into(),
        lookup_url: "https://hoc.example.vn/tra-cuu/K7QF2M9D4XWA8RTCP3HV6NBEYS".into(),
        issued_at: "2026-04-05T03:00:00Z".parse().unwrap(),
        reissue: None,
        is_illustration: false,
    }
}

fn long() -> Paper {
    let words = |text: &str, length: usize| {
        let mut long = String::new();
        while long.chars().count() + text.chars().count() < length {
            long.push_str(text);
            long.push(' ');
        }
        long.trim().to_owned()
    };
    Paper {
        superior_body: "ỦY BAN NHÂN DÂN THÀNH PHỐ MINH HỌA TRỰC THUỘC TRUNG ƯƠNG CÓ TÊN RẤT DÀI".into(),
        issuing_body: "TRƯỜNG ĐÀO TẠO, BỒI DƯỠNG CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC THÔNG TIN VÀ TRUYỀN THÔNG MINH HỌA"
            .into(),
        legal_basis: Some(words("Theo Quyết định số 1234/QĐ-UBND ngày 02/03/2026 của Chủ tịch Ủy ban nhân dân", 200)),
        holder: "CÔNG TẰNG TÔN NỮ NGUYỄN PHƯỚC THỊ MINH HỌA DÀI NHẤT ƯỚC NGUYỆN".into(),
        position: Some(
            "Phó Giám đốc phụ trách kiêm Chủ tịch Hội đồng thẩm định kỹ thuật chuyên ngành chuyển đổi số".into(),
        ),
        unit: words("Trung tâm Công nghệ thông tin và Truyền thông thuộc Sở Khoa học và Công nghệ", 240),
        course: words(
            "Bồi dưỡng kỹ năng xây dựng, triển khai, duy trì, cập nhật Kiến trúc Chính quyền điện tử cấp tỉnh",
            250,
        ),
        form_of_study: "kết hợp trực tuyến và trực tiếp tại các điểm cầu truyền hình".into(),
        duration: "120 tiết (tương đương 90 giờ)".into(),
        result: Some("Đạt, xếp loại Giỏi".into()),
        signer_lines: vec![
            "TUQ. CHỦ TỊCH ỦY BAN NHÂN DÂN THÀNH PHỐ".into(),
            "KT. GIÁM ĐỐC SỞ KHOA HỌC VÀ CÔNG NGHỆ".into(),
            "PHÓ GIÁM ĐỐC PHỤ TRÁCH".into(),
        ],
        lookup_page: "https://bo-phan-hoc-truc-tuyen.so-khoa-hoc-va-cong-nghe.example.vn/tra-cuu".into(),
        lookup_url:
            "https://bo-phan-hoc-truc-tuyen.so-khoa-hoc-va-cong-nghe.example.vn/tra-cuu/K7QF2M9D4XWA8RTCP3HV6NBEYS"
                .into(),
        ..paper()
    }
}

fn short() -> Paper {
    Paper {
        superior_body: String::new(),
        issuing_body: "VIỆN MINH HỌA".into(),
        legal_basis: None,
        holder: "Y BAN".into(),
        born: None,
        position: None,
        unit: "Sở Nội vụ".into(),
        course: "An toàn thông tin".into(),
        from: "09/03/2026".into(),
        to: "09/03/2026".into(),
        result: None,
        signer_lines: vec!["VIỆN TRƯỞNG".into()],
        ..paper()
    }
}

/// What a designer would check with a ruler: every line inside the frame and its column, no two paragraphs on each other, the
/// code with its quiet zone.
fn check(paper: &Paper) -> Result<(), String> {
    let sheet = lay_out(&paper.tidied()).map_err(|error| error.to_string())?;
    let mut boxes: Vec<(&str, [f32; 4])> = Vec::new();
    for block in &sheet.blocks {
        for line in &block.lines {
            let area =
                [line.x, line.baseline - block.size * 1.02, line.x + line.width, line.baseline + block.size * 0.3];
            boxes.push((block.piece.field, area));
        }
    }
    let quiet = 4.0 * sheet.code.size / sheet.code.rows.len() as f32;
    let code = &sheet.code;
    let room = |margin: f32| {
        [code.left - margin, code.top - margin, code.left + code.size + margin, code.top + code.size + margin]
    };
    let inside = |area: &[f32; 4], margin: f32| {
        area[0] >= margin && area[1] >= margin && area[2] <= WIDTH - margin && area[3] <= HEIGHT - margin
    };
    let meet =
        |a: &[f32; 4], b: &[f32; 4]| a[0] < b[2] - 0.1 && b[0] < a[2] - 0.1 && a[1] < b[3] - 0.1 && b[1] < a[3] - 0.1;
    if !inside(&room(quiet), INNER_RULE) {
        return Err("the code's quiet zone crosses the frame".into());
    }
    for (index, (field, area)) in boxes.iter().enumerate() {
        if !inside(area, INNER_RULE + 4.0) {
            return Err(format!("{field} leaves the frame: {area:?}"));
        }
        if meet(area, &room(quiet)) {
            return Err(format!("{field} touches the code"));
        }
        if let Some((other, _)) = boxes[index + 1..].iter().find(|(_, other)| meet(area, other)) {
            return Err(format!("{field} and {other} overlap"));
        }
    }
    Ok(())
}

#[test]
fn the_normal_the_long_and_the_short_one_fit() {
    let marked = |paper: Paper| Paper {
        holder: format!("{} CẤP LẠI", paper.holder),
        reissue: Some("Cấp lại cho số 000123/2026/GCN-CĐSQG, cấp ngày 05/04/2026".into()),
        is_illustration: true,
        ..paper
    };
    for paper in [paper(), long(), short(), marked(paper()), marked(long()), marked(short())] {
        assert_eq!(check(&paper), Ok(()));
        let pdf = render(&paper).unwrap();
        assert!(pdf.starts_with(b"%PDF-1.7"));
        if let Some(folder) = std::env::var_os("NONGCOT_PAPER_OUT") {
            let name = format!("{}.pdf", crate::platform::text::slugify(&paper.holder));
            std::fs::write(std::path::Path::new(&folder).join(name), pdf).unwrap();
        }
    }
}

#[test]
fn a_paper_from_before_these_marks_is_read_and_written_as_it_was() {
    let json = serde_json::to_string(&paper()).unwrap();
    assert!(!json.contains("reissue") && !json.contains("is_illustration"));
    assert_eq!(serde_json::from_str::<Paper>(&json).unwrap(), paper());
}

#[test]
fn the_same_paper_gives_the_same_bytes() {
    assert_eq!(render(&paper()).unwrap(), render(&paper()).unwrap());
    let another = Paper { register_number: "000124/2026/GCN-CĐSQG".into(), ..paper() };
    assert_ne!(render(&paper()).unwrap(), render(&another).unwrap());
}

#[test]
fn the_file_says_what_it_is() {
    let pdf = render(&paper()).unwrap();
    let has = |text: &str| pdf.windows(text.len()).any(|window| window == text.as_bytes());
    for said in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "/Lang(vi)",
        "GIẤY CHỨNG NHẬN 000123/2026/GCN-CĐSQG – HỌC VIÊN MINH HỌA MỘT",
        "LibertinusSerif-Semibold",
    ] {
        assert!(has(said), "{said}");
    }
}

#[test]
fn a_name_from_another_keyboard_is_the_same_name() {
    use unicode_normalization::UnicodeNormalization;
    let decomposed = Paper { holder: paper().holder.nfd().collect(), ..paper() };
    assert_eq!(render(&decomposed).unwrap(), render(&paper()).unwrap());
}

#[test]
fn an_unprintable_character_stops_the_paper_and_is_named() {
    let error = render(&Paper { holder: "HỌC VIÊN 日".into(), ..paper() }).unwrap_err();
    assert_eq!(error, PaperError::Unprintable { field: "holder", character: '日' });
    assert_eq!(
        error.to_string(),
        "the field holder has the character '日' (U+65E5), which the paper's fonts cannot print"
    );
    assert!(render(&Paper { holder: "HỌC VIÊN ✓".into(), ..paper() }).is_ok(), "taken from the fallback");
}

#[test]
fn what_cannot_fit_is_refused_and_not_cut() {
    let course = "Chuyển đổi số ".repeat(300);
    assert_eq!(render(&Paper { course, ..paper() }).unwrap_err(), PaperError::TooLong { field: "course" });
    let lookup_url = format!("https://hoc.example.vn/{}", "a".repeat(4000));
    assert_eq!(render(&Paper { lookup_url, ..paper() }).unwrap_err(), PaperError::Code);
    assert_eq!(
        render(&Paper { holder: " \u{200b}".into(), ..paper() }).unwrap_err(),
        PaperError::Missing { field: "holder" }
    );
}

#[test]
fn capitals_with_two_marks_stay_in_their_line() {
    // Measured against the next line above: the box of a line begins a little more than one size above its base line.
    for text in ["ẾỂỄỀỆ", "ỮỨỪỬỰ", "ẤẦẨẪẬ", "ỐỒỔỖỘ", "Ğ"] {
        for cut in [Cut::Regular, Cut::Bold, Cut::Italic] {
            let (top, bottom) = faces::extent(text, cut);
            assert!(top <= 1.02 && bottom >= -0.3, "{text} in {cut:?}: {top} {bottom}");
        }
    }
}

/// The time for one paper; run it by name when it matters (`--ignored --nocapture`).
#[test]
#[ignore = "a measurement"]
fn time_for_a_paper() {
    render(&paper()).unwrap();
    for (name, paper) in [("normal", paper()), ("long", long())] {
        let start = std::time::Instant::now();
        let bytes = (0..20).map(|_| render(&paper).unwrap().len()).sum::<usize>() / 20;
        println!("{name}: {:?} and {bytes} bytes each", start.elapsed() / 20);
        let start = std::time::Instant::now();
        (0..20).for_each(|_| drop(lay_out(&paper).unwrap()));
        println!("{name}: {:?} of it for the layout", start.elapsed() / 20);
    }
}

fn vietnamese(longest: usize) -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => "[a-zA-ZđĐàảãáạăằẳẵắặâầẩẫấậêềểễếệôồổỗốộơờởỡớợưừửữứựẾỮẬỖ]{1,9}",
        1 => "[0-9/().,-]{1,12}",
        1 => "[A-ZĐẾỮẬƯƠ]{1,60}",
    ];
    prop::collection::vec(word, 1..80).prop_map(move |words| words.join(" ").chars().take(longest).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn long_vietnamese_always_fits(
        bodies in (vietnamese(120), vietnamese(160)),
        holder in vietnamese(80),
        position in proptest::option::of(vietnamese(120)),
        unit in vietnamese(250),
        course in vietnamese(250),
        basis in proptest::option::of(vietnamese(200)),
        signer in (prop::collection::vec(vietnamese(60), 0..4), vietnamese(60)),
    ) {
        let (superior_body, issuing_body) = bodies;
        let (signer_lines, signer_name) = signer;
        let paper = Paper {
            superior_body, issuing_body, holder, position, unit, course, legal_basis: basis, signer_lines, signer_name, ..paper()
        };
        prop_assume!(!paper.tidied().holder.is_empty());
        prop_assert_eq!(check(&paper), Ok(()));
    }

    #[test]
    fn any_text_gives_a_paper_or_an_error(holder in "\\PC{1,90}", unit in "\\PC{0,90}", course in ".{1,300}") {
        let paper = Paper { holder, unit, course, ..paper() };
        match render(&paper) {
            Ok(_) => prop_assert_eq!(check(&paper), Ok(())),
            Err(PaperError::Pdf(error)) => prop_assert!(false, "{}", error),
            Err(_) => {}
        }
    }
}
