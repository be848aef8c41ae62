//! The pages: who sees what, what is asked for, what is refused with which words.

use nongcot::access::Role;

use super::{administrator, basis, change, confirm, everything, place, places, prepare, send};
use crate::support;

#[actix_web::test]
async fn what_is_prepared_is_for_those_who_may_and_what_is_done_for_everybody() {
    let app = support::app().await;
    let learner = app.person("Học viên Minh họa", "P15-2025").await;
    let officer = app.person_as("Cán bộ Minh họa", Role::Officer, "P15-2025").await;
    let coordinator = app.person_as("Điều phối Minh họa", Role::Coordinator, "CDSQG").await;
    let mut browser = app.sign_in(&coordinator).await;
    let fields =
        [("units", "P15-2025"), ("code_1", "P15-2026"), ("name_vi_1", "Tỉnh Mới"), ("name_en_1", "New Province")];
    let path = prepare(&mut browser, "rename", "01/11/2026", &fields).await;
    for person in [&learner, &officer] {
        let mut theirs = app.sign_in(person).await;
        theirs.get("/don-vi/thay-doi/moi").await.is(403);
        theirs.get(&path).await.is(404);
        for verb in ["xac-nhan", "bo", "hoan-tac", "sua"] {
            theirs.post(&format!("{path}/{verb}"), &[]).await.is(404);
        }
        theirs.get("/don-vi/thay-doi").await.is(200).says_not("Lập thay đổi").says_not("Quyết định đã nhập");
        theirs.get("/don-vi/thay-doi?xem=quyet-dinh").await.is(200).says_not("12/QĐ-MH");
    }
    app.visitor().get("/don-vi/thay-doi").await.is(303);
    browser.get("/don-vi/thay-doi").await.is(200).says("1 thay đổi đang chờ xác nhận");
    // A coordinator does not grant roles: the preview names them and says who will.
    browser
        .get(&path)
        .await
        .is(200)
        .says("Cán bộ Minh họa: Cán bộ")
        .says("quản trị hệ thống giao lại")
        .says_not("name=\"role\"");
    confirm(&mut browser, &path, &["1", "2", "3"]).await.is(303);
    let mut theirs = app.sign_in(&officer).await;
    theirs.get(&path).await.is(200).says("Tỉnh Mới").says_not("Hoàn tác").says_not("Điều phối Minh họa");
    theirs.post(&format!("{path}/hoan-tac"), &[]).await.is(403);
    let list = theirs.get("/don-vi/thay-doi?tu=2026-11-01&den=2026-11-30").await;
    list.is(200).says("Tỉnh Lào Cai").says("Tỉnh Mới").says("12/QĐ-MH").says("Đổi tên");
    theirs.get(&format!("/nguoi/{}", learner.code)).await.is(404);
    browser.get("/don-vi/thay-doi?xem=quyet-dinh").await.is(200).says("Đổi tên theo 12/QĐ-MH");
}

#[actix_web::test]
async fn the_list_is_narrowed_by_days_and_knows_what_came_with_the_list() {
    let app = support::app().await;
    let mut browser = administrator(&app).await;
    let july = browser.get("/don-vi/thay-doi?tu=01/07/2025&den=01/07/2025").await;
    july.is(200).says("Theo danh mục").says("Tỉnh Yên Bái").says("Trang 1/2");
    browser.get("/don-vi/thay-doi?tu=01/07/2025&den=01/07/2025&trang=2").await.is(200).says("Trang 2/2");
    browser.get("/don-vi/thay-doi?tu=02/07/2025&den=01/04/2026").await.is(200).says("Không có thay đổi nào");
    browser.get("/don-vi/thay-doi?tu=02/07/2025&den=01/04/2024").await.is(422).says("Ngày cuối đứng trước ngày đầu");
    browser.get("/don-vi/thay-doi?tu=hom-qua").await.is(422).says("Nhập ngày theo dạng");
    browser.get("/don-vi/thay-doi?xem=quyet-dinh").await.is(200).says("Chưa có quyết định nào");
}

#[actix_web::test]
async fn faults_stand_beside_their_fields_and_what_was_typed_stays() {
    let app = support::app().await;
    let mut browser = administrator(&app).await;
    for kind in ["merge", "split", "rename", "move", "end", "transfer"] {
        browser.get(&format!("/don-vi/thay-doi/moi?loai={kind}&don-vi=P15-2025")).await.is(200).says("P15-2025");
    }
    browser.get("/don-vi/thay-doi/moi?don-vi=P15-2025").await.is(200).says("Sáp nhập, hợp nhất");
    let empty = browser.post("/don-vi/thay-doi/moi", &[("loai", "merge")]).await;
    empty.is(422).says("Nhập số, ký hiệu văn bản").says("Nhập cơ quan ban hành").says("Nhập đơn vị tiếp nhận");
    browser.post("/don-vi/thay-doi/moi", &[("loai", "khác")]).await.is(404);
    let new = [("code_1", "P99-2026"), ("name_vi_1", "Tỉnh Minh Họa"), ("name_en_1", "Minh Hoa")];
    let with = |units: &'static str| [("units", units), new[0], new[1], new[2]];
    let several = send(&mut browser, "merge", "01/11/2026", &with("lào cai")).await;
    several.is(422).says("Có nhiều đơn vị khớp").says("Tỉnh Lào Cai (P15-2025)").says("value=\"Tỉnh Minh Họa\"");
    send(&mut browser, "merge", "01/11/2026", &with("P15"))
        .await
        .is(422)
        .says("Tỉnh Yên Bái không tồn tại vào ngày 01/11/2026");
    send(&mut browser, "merge", "01/11/2026", &with("đâu đó xa xôi"))
        .await
        .is(422)
        .says("Không có đơn vị “đâu đó xa xôi” vào ngày");
    send(&mut browser, "merge", "01/11/2026", &with("P15-2025\np15-2025")).await.is(422).says("được nêu hai lần");
    send(&mut browser, "end", "01/11/2026", &[("units", "P15-2025")]).await.is(422).says("còn đơn vị trực thuộc");
    let taken = [("units", "P15-2025"), ("code_1", "P24-2025"), new[1], new[2]];
    send(&mut browser, "rename", "01/11/2026", &taken).await.is(422).says("Mã này đã được dùng cho Tỉnh Bắc Ninh");
    let odd = [("units", "P15-2025"), ("code_1", "mã mới"), new[1], new[2]];
    send(&mut browser, "rename", "01/11/2026", &odd).await.is(422).says("Mã gồm chữ hoa không dấu");
    send(&mut browser, "merge", "01/11/1926", &with("P15-2025")).await.is(422).says("Nhập ngày theo dạng");
    // Names will do where they mean one unit only.
    let path = prepare(&mut browser, "merge", "01/11/2026", &with("tỉnh lào cai\nTỉnh Bắc Ninh")).await;
    browser.get(&path).await.is(200).says("P15-2025").says("P24-2025");
    // A draft can be changed and thrown away.
    let edit = format!("{path}/sua");
    browser.get(&edit).await.is(200).says("P15-2025\nP24-2025").says("value=\"Tỉnh Minh Họa\"");
    let revised =
        [("number", "13/QĐ-MH"), ("dated", "02/10/2026"), ("issuer", "Cơ quan Minh họa"), ("on", "05/11/2026")];
    let all: Vec<(&str, &str)> = revised.into_iter().chain(with("P15-2025")).collect();
    browser.post(&edit, &all).await.is(303);
    browser.get(&path).await.is(200).says("13/QĐ-MH").says("05/11/2026").says_not("P24-2025");
    browser.post(&edit, &[]).await.is(422);
    browser.post(&format!("{path}/bo"), &[]).await.is(303);
    browser.post(&format!("{path}/bo"), &[]).await.is(409);
    browser.post(&format!("{path}/xac-nhan"), &[("basis", "x")]).await.is(409);
    browser.get("/don-vi/thay-doi?xem=quyet-dinh").await.is(200).says_not("13/QĐ-MH");
}

#[actix_web::test]
async fn of_two_administrators_at_once_one_is_asked_to_look_again() {
    let app = support::app().await;
    let (mut one, mut other) = (administrator(&app).await, {
        let person = app.person_as("Quản trị Thứ hai", Role::Administrator, "BKHCN-2025").await;
        app.sign_in(&person).await
    });
    let into = |code: &'static str| {
        [("units", "P15-2025"), ("code_1", code), ("name_vi_1", "Tỉnh Mới"), ("name_en_1", "New Province")]
    };
    let first = prepare(&mut one, "rename", "01/11/2026", &into("P15-2026")).await;
    let second = prepare(&mut other, "rename", "01/11/2026", &into("P15-2027")).await;
    let seen = basis(&other.get(&second).await.text());
    // What stands below the unit changes: the second still can be done, but not as it was looked at.
    change(&mut one, "end", "01/11/2026", &[("units", "P15-2025-TTCNTT")]).await;
    change(&mut one, "move", "01/11/2026", &[("units", "P15-2025-SKHCN"), ("parent", "P24-2025")]).await;
    let before = everything(&app).await;
    let reply = other.post(&format!("{second}/xac-nhan"), &[("basis", &seen)]).await;
    reply.is(303);
    assert_eq!(reply.location(), second);
    other.get(&second).await.is(200).says("Tổ chức đã thay đổi từ lúc xem trước").says("Không có ai chuyển");
    assert_eq!(everything(&app).await, before);
    confirm(&mut other, &second, &[]).await.is(303);
    let after = everything(&app).await;
    // The first cannot be done any more, and says why.
    one.get(&first)
        .await
        .is(200)
        .says("không còn thực hiện được")
        .says("Tỉnh Lào Cai không tồn tại vào ngày 01/11/2026");
    one.post(&format!("{first}/xac-nhan"), &[("basis", "x")]).await.is(303);
    // A second click changes nothing.
    other.post(&format!("{second}/xac-nhan"), &[("basis", "x")]).await.is(303);
    assert_eq!(everything(&app).await, after);
}

#[actix_web::test]
async fn some_people_of_a_unit_are_transferred_by_a_decision() {
    let app = support::app().await;
    let mut browser = administrator(&app).await;
    let goes = app.person("Học viên Chuyển đi", "P15-2025-SKHCN").await;
    let also = app.person("Học viên Cùng đi", "P15-2025-SKHCN").await;
    let stays = app.person("Học viên Ở lại", "P15-2025-SKHCN").await;
    let page = browser.get("/don-vi/thay-doi/moi?loai=transfer&don-vi=P15-2025-SKHCN").await;
    page.is(200).says("Học viên Chuyển đi").says("Học viên Ở lại").says(&format!("value=\"{}\"", goes.code));
    browser
        .get("/don-vi/thay-doi/moi?loai=transfer&don-vi=P15-2025-SKHCN&tim=chuyen")
        .await
        .says("Chuyển đi")
        .says_not("Ở lại");
    let to = [("units", "P15-2025-SKHCN"), ("code_1", "P24-2025-SKHCN")];
    send(&mut browser, "transfer", "01/11/2026", &to).await.is(422).says("Chọn ít nhất một người");
    let chosen = [to[0], to[1], ("person", goes.code.as_str()), ("person", also.code.as_str())];
    let path = prepare(&mut browser, "transfer", "01/11/2026", &chosen).await;
    browser.get(&path).await.is(200).says("2 người chuyển theo").says("Học viên Cùng đi").says_not("Ở lại");
    confirm(&mut browser, &path, &[]).await.is(303);
    for person in [&goes, &also] {
        assert_eq!(
            places(&app, person).await,
            [place("P15-2025-SKHCN", "2020-01-01", "2026-10-31"), place("P24-2025-SKHCN", "2026-11-01", "")]
        );
    }
    assert_eq!(places(&app, &stays).await, [place("P15-2025-SKHCN", "2020-01-01", "")]);
    browser.get(&format!("/nguoi/{}", goes.code)).await.is(200).says("Theo 12/QĐ-MH").says(&path);
    // The people of a transfer are nobody else's affair; that they came by it, their officer reads.
    let officer = app.person_as("Cán bộ Bắc Ninh", Role::Officer, "P24-2025").await;
    let mut theirs = app.sign_in(&officer).await;
    theirs.get(&path).await.is(404);
    theirs.get(&format!("/nguoi/{}", goes.code)).await.is(200).says("Theo 12/QĐ-MH").says_not(&path);
}

#[actix_web::test]
async fn one_person_is_moved_by_an_officer_with_the_number_of_the_decision() {
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", "P15-2025").await;
    let officer = app.person_as("Cán bộ Minh họa", Role::Officer, "P15-2025").await;
    let mut browser = app.sign_in(&officer).await;
    let order = format!("/nguoi/{}/cong-tac", person.code);
    let long = "x".repeat(201);
    let to = |decision| {
        [
            ("unit", "P15-2025-SKHCN"),
            ("position", "x"),
            ("category", "other"),
            ("from", "01/11/2026"),
            ("decision", decision),
        ]
    };
    browser.post(&order, &to(&long)).await.is(422).says("dài quá 200 ký tự");
    browser.post(&order, &to("15/QĐ-SNV ngày 20/10/2026")).await.is(303);
    browser.get(&format!("/nguoi/{}", person.code)).await.is(200).says("Theo 15/QĐ-SNV ngày 20/10/2026");
}

#[actix_web::test]
async fn whoever_comes_after_the_end_of_a_unit_is_transferred_first() {
    let app = support::app().await;
    let mut browser = administrator(&app).await;
    let person = app.person("Học viên Minh họa", "P15-2025").await;
    let to = [
        ("unit_search", "P15-2025-TTCNTT"),
        ("unit", "P15-2025-TTCNTT"),
        ("position", "x"),
        ("category", "other"),
        ("from", "10/11/2026"),
    ];
    browser.post(&format!("/nguoi/{}/cong-tac", person.code), &to).await.is(303);
    let end = [("units", "P15-2025-TTCNTT")];
    send(&mut browser, "end", "01/11/2026", &end)
        .await
        .is(422)
        .says("1 người bắt đầu công tác tại đơn vị sau ngày kết thúc");
    change(&mut browser, "end", "15/11/2026", &end).await;
    let expected =
        [place("P15-2025", "2020-01-01", "2026-11-09"), place("P15-2025-TTCNTT", "2026-11-10", "2026-11-14")];
    assert_eq!(places(&app, &person).await, expected);
}
