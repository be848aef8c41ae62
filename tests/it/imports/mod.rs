//! Lists of people: tried out, confirmed, applied once, taken back; and nobody else's.

mod files;
mod large;

use nongcot::{
    access::Role,
    accounts::{
        model::{Person, import::RowResult},
        queries::{self as accounts, imports as queries},
    },
};
use reqwest::Method;

use crate::support::{self, Client, Reply, TestApp};

pub const A: &str = "P15-2025";
pub const UNDER_A: &str = "P15-2025-SKHCN";
pub const HEADS: &str = "Họ và tên\tNgày sinh\tChức vụ\tĐơn vị\tNhóm đối tượng\tEmail công vụ\tĐiện thoại\tMã cán bộ";

/// Sends a list as a browser does.
pub async fn send(browser: &mut Client, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Reply {
    let token = browser.token().await;
    let mut body = Vec::new();
    for (field, value) in [("_csrf", token.as_str())].iter().chain(fields) {
        body.extend(format!("--vach\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
    }
    let (name, bytes) = file.unwrap_or(("", b""));
    body.extend(format!("--vach\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n").bytes());
    body.extend(bytes);
    body.extend(b"\r\n--vach--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=vach")];
    browser.send(Method::POST, "/nguoi/nhap", &headers, Some(body)).await
}

/// Pastes rows for a unit; the address of the list.
pub async fn paste(browser: &mut Client, unit: &str, rows: &str) -> String {
    let reply = send(browser, &[("unit", unit), ("rows", rows)], None).await;
    reply.is(303);
    reply.location()
}

/// The officer of agency A at her browser.
pub async fn officer(app: &TestApp) -> (Person, Client) {
    let officer = app.person_as("Cán bộ Đào tạo Minh họa", Role::Officer, A).await;
    let browser = app.sign_in(&officer).await;
    (officer, browser)
}

async fn by_name(app: &TestApp, name: &str) -> Vec<Person> {
    let folded = nongcot::platform::text::fold(name);
    let found = app
        .read(move |c| accounts::directory::list(c, None, "2026-11-23".parse().expect("a day"), &folded, 0, 50))
        .await;
    found.1.into_iter().map(|listed| listed.person).collect()
}

const LIST: &str = "Nguyễn Văn Ví Dụ\t07/03/1985\tChuyên viên\tP15-2025-SKHCN\tchuyên trách CNTT\tvidu.mot@example.gov.vn\t0912345601\tCB01
Trần Thị Ví Dụ\t1990\tTrưởng phòng\tSở Khoa học và Công nghệ tỉnh Lào Cai\tLãnh đạo\t\t\t
Lê Văn Trùng\t01/01/1980\tChuyên viên\tP15-2025\tkhác\tvidu.mot@example.gov.vn\t\t
Phạm Thị Xa\t1981\tChuyên viên\tP24-2025\tkhác\txa@example.gov.vn\t\t
Đỗ Văn Thiếu\t1982\tChuyên viên\tP15-2025\t\tthieu@example\t\t
Hoàng Thị Cũ\t1975\tChuyên viên\tP15-2025\tkhác\t\t\t
=HYPERLINK(\"http://example.com\")\t1988\t+Chuyên viên\tP15-2025\tkhác\tcongthuc@example.gov.vn\t\t";

#[actix_web::test]
async fn a_list_goes_the_whole_road_and_back() {
    let app = support::app().await;
    let (_, mut browser) = officer(&app).await;
    let old = app.person("Hoàng Thị Cũ", A).await;
    browser.get("/nguoi/nhap").await.is(200).says("Nhập danh sách").says("value=\"P15-2025\" selected");
    let path = paste(&mut browser, A, &format!("{HEADS}\n{LIST}")).await;
    let before =
        app.read(|c| Ok(accounts::directory::list(c, None, "2026-11-23".parse().expect("a day"), "", 0, 1)?.0)).await;

    // The dry run: each row with its reason, and nothing done.
    let page = browser.get(&path).await;
    page.is(200).says("Người mới (3)").says("Trùng trong tệp (1)").says("Cần sửa (2)").says("Có thể trùng (1)");
    page.says("Trùng email với dòng 2").says("nằm ngoài đơn vị của danh sách").says("Thiếu nhóm đối tượng");
    page.says("Email &quot;thieu@example&quot; không đúng dạng").says("Cùng họ tên và đơn vị với Hoàng Thị Cũ");
    page.says("Nhập 3 người mới").says("1 dòng có thể trùng");
    browser.get(&format!("{path}?xem=fault")).await.says("Phạm Thị Xa").says_not("Trần Thị Ví Dụ");
    assert!(by_name(&app, "Nguyễn Văn Ví Dụ").await.is_empty());

    // What may be a double waits for a decision; this one is the same person.
    browser.post(&format!("{path}/chon"), &[("dong-7", "same")]).await.is(303);
    browser.get(&path).await.says_not("1 dòng có thể trùng");

    browser.post(&format!("{path}/xac-nhan"), &[("invites", "1")]).await.is(303);
    let page = browser.get(&path).await;
    page.is(200).says("Đã tạo (3)").says("Đã có (1)").says("Không nhập (3)").says("In phiếu đăng nhập");
    let made = by_name(&app, "Nguyễn Văn Ví Dụ").await.remove(0);
    assert_eq!((made.birth_year, made.staff_code.as_deref()), (Some(1985), Some("CB01")));
    assert_eq!(made.birth_date, "1985-03-07".parse().ok());
    let id = made.id;
    let place =
        app.read(move |c| accounts::membership_on(c, id, "2026-11-23".parse().expect("a day"))).await.expect("a place");
    assert_eq!((place.position.as_str(), place.category.as_str()), ("Chuyên viên", "technology"));
    assert_eq!(by_name(&app, "Hoàng Thị Cũ").await.iter().map(|p| p.id).collect::<Vec<_>>(), [old.id]);
    // Text that looks like a formula is a text.
    assert_eq!(by_name(&app, "HYPERLINK").await[0].full_name(), "=HYPERLINK(\"http://example.com\")");
    app.run_jobs().await;
    let letters = app.letters();
    assert_eq!(letters.len(), 2, "an invitation for each address, and none twice");
    assert!(letters.iter().any(|letter| letter.contains("vidu.mot@example.gov.vn")));

    // Confirming again, or sending the same again, does nothing.
    assert_eq!(browser.post(&format!("{path}/xac-nhan"), &[]).await.status, 409);
    assert_eq!(paste(&mut browser, A, &format!("{HEADS}\n{LIST}")).await, path);
    browser.get(&path).await.says("Danh sách này đã được gửi lúc");
    let after =
        app.read(|c| Ok(accounts::directory::list(c, None, "2026-11-23".parse().expect("a day"), "", 0, 1)?.0)).await;
    assert_eq!(after, before + 3);

    // Who has no address gets a slip, once, and comes in with it.
    let slips = browser.post(&format!("{path}/phieu"), &[]).await;
    slips.is(200).says("Trần Thị Ví Dụ").says_not("Nguyễn Văn Ví Dụ");
    browser.get(&path).await.says_not("In phiếu đăng nhập");

    // Back: what somebody uses stays, the rest is gone.
    let by = nongcot::access::Actor::system();
    let now = app.app.now();
    app.write(move |c| nongcot::accounts::actions::set_password(c, &by, now, id, "a hash", None)).await;
    browser.post(&format!("{path}/hoan-tac"), &[]).await.is(303);
    browser
        .get(&path)
        .await
        .is(200)
        .says("Giữ lại (1)")
        .says("Đã rút lại (2)")
        .says("Giữ lại vì người này đã đăng nhập");
    assert_eq!(by_name(&app, "Nguyễn Văn Ví Dụ").await.len(), 1);
    assert!(by_name(&app, "Trần Thị Ví Dụ").await.is_empty());
    assert_eq!(by_name(&app, "Hoàng Thị Cũ").await.len(), 1);
    // After that the same list may be sent anew.
    let again = paste(&mut browser, A, &format!("{HEADS}\n{LIST}")).await;
    assert_ne!(again, path);
    browser.get(&again).await.says("Người mới (2)").says("Đã có tài khoản: Nguyễn Văn Ví Dụ (1985)");
}

#[actix_web::test]
async fn another_agency_knows_nothing_of_it() {
    let app = support::app().await;
    let (_, mut browser) = officer(&app).await;
    let path = paste(&mut browser, A, &format!("{HEADS}\n{LIST}")).await;
    let other = app.person_as("Cán bộ Khác", Role::Officer, "P24-2025").await;
    let mut other = app.sign_in(&other).await;
    for page in ["", "/cot", "/dong-loi.csv", "/dong-loi.xlsx"] {
        assert_eq!(other.get(&format!("{path}{page}")).await.status, 404, "{page}");
    }
    for act in ["/cot", "/chon", "/kiem-tra", "/xac-nhan", "/bo", "/hoan-tac", "/phieu"] {
        assert_eq!(other.post(&format!("{path}{act}"), &[]).await.status, 404, "{act}");
    }
    other.get("/nguoi/nhap").await.is(200).says_not("Các dòng đã dán");
    // Nor may it send a list for the unit of another.
    send(&mut other, &[("unit", A), ("rows", LIST)], None).await.is(422);
    // Somebody of A is not named to B, whatever identifies them.
    browser.post(&format!("{path}/xac-nhan"), &[]).await.is(303);
    let rows = format!("{HEADS}\nAi Đó\t1985\tChuyên viên\tP24-2025\tkhác\tvidu.mot@example.gov.vn\t\tCB01");
    let theirs = paste(&mut other, "P24-2025", &rows).await;
    other.get(&theirs).await.says("thuộc một tài khoản ngoài đơn vị").says_not("Ví Dụ");
    // The same name and birth date elsewhere is nobody's business.
    let rows = format!("{HEADS}\nNguyễn Văn Ví Dụ\t07/03/1985\tChuyên viên\tP24-2025\tkhác\t\t\tCB01");
    let theirs = paste(&mut other, "P24-2025", &rows).await;
    other.get(&theirs).await.says("Người mới (1)");
    // An officer of what lies below A does not reach lists of A.
    let below = app.person_as("Cán bộ Sở", Role::Officer, UNDER_A).await;
    assert_eq!(app.sign_in(&below).await.get(&path).await.status, 404);
}

#[actix_web::test]
async fn a_right_that_ended_stops_the_list() {
    let app = support::app().await;
    let (officer, mut browser) = officer(&app).await;
    let path = paste(&mut browser, A, &format!("{HEADS}\n{LIST}")).await;
    let code = path.rsplit('/').next().expect("a code").to_owned();
    let (now, who) = (app.app.now(), officer.id);
    app.write(move |c| {
        let by = nongcot::access::Actor { person: Some(who), ..Default::default() };
        let import = queries::by_code(c, &code)?.expect("the list");
        nongcot::accounts::actions::import::confirm(c, &by, now, &import, false)?;
        let grant = accounts::grants_of(c, who)?.remove(0).0;
        nongcot::accounts::actions::end_role(c, &by, now, who, grant)
    })
    .await;
    app.later(chrono::TimeDelta::minutes(5));
    app.run_jobs().await;
    assert!(by_name(&app, "Nguyễn Văn Ví Dụ").await.is_empty());
    // It waits for somebody else of the unit.
    let colleague = app.person_as("Cán bộ Thứ Hai", Role::Officer, A).await;
    let mut colleague = app.sign_in(&colleague).await;
    colleague.get(&path).await.is(200).says("Chờ xác nhận");
    colleague.post(&format!("{path}/xac-nhan"), &[]).await.is(303);
    assert_eq!(by_name(&app, "Nguyễn Văn Ví Dụ").await.len(), 1);
}

/// How many rows of a list came to that.
pub async fn results(app: &TestApp, path: &str, wanted: RowResult) -> i64 {
    let code = path.rsplit('/').next().expect("a code").to_owned();
    app.read(move |c| {
        let import = queries::by_code(c, &code)?.expect("the list");
        queries::count(c, import.id, queries::Wish::Result(wanted))
    })
    .await
}
