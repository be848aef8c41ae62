//! What comes as a file, and what goes back as one.

use nongcot::{access::Role, platform::sheets};

use super::{A, officer, send};
use crate::support;

const TABLE: &str = "DANH SÁCH CỬ ĐI HỌC;;;;;;
;;;;;;
TT;HO VA TEN;NAM SINH;CHUC VU;DON VI;NHOM DOI TUONG;EMAIL
1;Nguyễn Thị Tệp;1985;Chuyên viên;P15-2025;Khác;tep@example.gov.vn
2;@SUM(A1:A2);1986;Chuyên viên;P15-2025;;congthuc@example.gov.vn
";

fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    sheets::read(bytes).expect("a table").rows.into_iter().map(|row| row.cells).collect()
}

#[actix_web::test]
async fn rows_to_put_right_go_back_in_their_columns() {
    let app = support::app().await;
    let (_, mut browser) = officer(&app).await;
    let reply = send(&mut browser, &[("unit", A)], Some(("Danh sách <b>.csv", TABLE.as_bytes()))).await;
    let path = reply.is(303).location();
    browser.get(&path).await.is(200).says("Danh sách &lt;b&gt;.csv").says("Người mới (1)").says("Cần sửa (1)");
    for kind in ["csv", "xlsx"] {
        let file = browser.get(&format!("{path}/dong-loi.{kind}")).await;
        assert!(file.is(200).header("content-disposition").starts_with("attachment"));
        let found = rows(&file.bytes);
        assert_eq!(found[0], ["TT", "HO VA TEN", "NAM SINH", "CHUC VU", "DON VI", "NHOM DOI TUONG", "EMAIL", "Lý do"]);
        assert_eq!(found[1][1], "@SUM(A1:A2)");
        assert_eq!(found[1][7], "Thiếu nhóm đối tượng");
        assert_eq!(found.len(), 2);
        if kind == "csv" {
            assert!(file.text().contains("'@SUM"), "a formula: {}", file.text());
        }
    }
    assert_eq!(browser.get(&format!("{path}/dong-loi.exe")).await.status, 404);
}

#[actix_web::test]
async fn a_workbook_and_the_template_are_read() {
    let app = support::app().await;
    let (_, mut browser) = officer(&app).await;
    let template = browser.get("/nguoi/nhap/mau").await;
    let heads = rows(&template.is(200).bytes).remove(0);
    assert_eq!(heads[0], "Họ và tên");
    let line =
        ["Nguyễn Thị Bảng", "07/03/1985", "Chuyên viên", A, "Lãnh đạo, quản lý", "bang@example.gov.vn", "912345678"];
    let book = sheets::xlsx("Trang 1", &heads, &[line.map(str::to_owned).to_vec()]).expect("a workbook");
    let path = send(&mut browser, &[("unit", A)], Some(("mau.xlsx", &book))).await.is(303).location();
    browser.get(&path).await.says("Người mới (1)").says("07/03/1985");
}

#[actix_web::test]
async fn what_cannot_be_read_is_said_beside_its_field() {
    let app = support::app().await;
    let (_, mut browser) = officer(&app).await;
    let big = vec![b'a'; 6 * 1024 * 1024];
    let many = format!("Họ tên,Email\n{}", "An,an@example.gov.vn\n".repeat(10_100));
    for (name, bytes, says) in [
        ("cu.csv", &b"H\xe4 t\xean;Email\nA;b"[..], "UTF-8"),
        ("utf16.csv", b"\xff\xfeH\0", "UTF-8"),
        ("cu.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xlsx"),
        ("rong.csv", b"", "Chọn tệp hoặc dán"),
        ("hong.xlsx", b"PK\x03\x04 broken", "Không đọc được tệp"),
        ("dai.csv", many.as_bytes(), "10.000"),
        ("lon.csv", &big, "5 MB"),
        ("dau.csv", "Họ tên,Email\n".as_bytes(), "không có dòng nào"),
    ] {
        let name = if bytes.is_empty() { "" } else { name };
        send(&mut browser, &[("unit", A)], Some((name, bytes))).await.is(422).says(says);
    }
    send(&mut browser, &[("unit", A), ("rows", "x\ty")], Some(("a.csv", b"a,b")))
        .await
        .is(422)
        .says("không gửi cả hai");
}

#[actix_web::test]
async fn without_headings_somebody_says_what_is_what() {
    let app = support::app().await;
    let (_, mut browser) = officer(&app).await;
    let rows =
        "An Minh Họa\tChuyên viên\tkhác\tan@example.gov.vn\nBình Minh Họa\tChuyên viên\tkhác\tbinh@example.gov.vn";
    let path = send(&mut browser, &[("unit", A), ("rows", rows)], None).await.is(303).location();
    assert_eq!(browser.get(&path).await.is(303).location(), format!("{path}/cot"));
    browser.get(&format!("{path}/cot")).await.is(200).says("Cột 1").says("An Minh Họa · Bình Minh Họa");
    let map = format!("{path}/cot");
    browser.post(&map, &[("cot-2", "position")]).await.is(422).says("Chọn cột có họ và tên");
    browser
        .post(&map, &[("cot-1", "full-name"), ("cot-2", "full-name")])
        .await
        .is(422)
        .says("hai cột cùng một nội dung");
    let chosen = [("cot-1", "full-name"), ("cot-2", "position"), ("cot-3", "category"), ("cot-4", "email")];
    browser.post(&map, &chosen).await.is(303);
    // Without a column for it the unit is that of the list.
    browser.get(&path).await.is(200).says("Người mới (2)");
    browser.post(&format!("{path}/xac-nhan"), &[]).await.is(303);
    browser.get(&path).await.says("Đã tạo (2)");
    // The log says it in words, not as it is kept.
    let auditor = app.person_as("Kiểm soát viên Minh họa", Role::Auditor, "CDSQG").await;
    let log = app.sign_in(&auditor).await.get("/nhat-ky").await.is(200).text();
    for said in ["Họ và tên – Cột 1", "Email công vụ – Cột 4", "dán vào trang", "tạo tài khoản"] {
        assert!(log.contains(said), "the log does not say {said:?}");
    }
    assert!(!log.contains("full-name") && !log.contains("full_name"), "a key stands in the log");
    // A list thrown away is gone.
    let path = send(&mut browser, &[("unit", A), ("rows", "Chi\tx\ty")], None).await.location();
    browser.post(&format!("{path}/bo"), &[]).await.is(303);
    assert_eq!(browser.get(&path).await.status, 404);
}
