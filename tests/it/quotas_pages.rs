//! The pages of quotas as the coordinator, an officer, and the officer of another agency see them.

use nongcot::{
    access::{Actor, Role},
    accounts::model::Person,
    targets::{actions, actions::quotas as quota_actions, model::quota::NewRound, queries},
};

use crate::{
    quotas::{NOW, department, give, round_of},
    records::at,
    support::{self, Client, TestApp},
    targets_pages::site,
};

/// A coordinator, the officer of a province and of another one, signed in.
async fn three(app: &TestApp) -> (Client, Client, Client, Person) {
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "CDSQG").await;
    let officer = app.person_as("Cán bộ Minh họa", Role::Officer, "P15-2025").await;
    let other = app.person_as("Cán bộ Khác", Role::Officer, "P24-2025").await;
    (app.sign_in(&coordinator).await, app.sign_in(&officer).await, app.sign_in(&other).await, officer)
}

const ROUND: [(&str, &str); 7] = [
    ("title_vi", "Lớp chuyên gia minh họa"),
    ("title_en", "Expert class"),
    ("code", "chuyen-gia"),
    ("total", "1.000"),
    ("deadline", "28/11/2026"),
    ("letter_number", "77/CV-MH"),
    ("letter_date", "20/11/2026"),
];

#[actix_web::test]
async fn a_coordinator_opens_a_round_pastes_lines_and_sees_how_far_it_is() {
    let app = support::app().await;
    let (mut coordinator, mut officer, mut other, _) = three(&app).await;
    officer.get("/phan-bo/moi").await.is(403);
    officer.post("/phan-bo/moi", &ROUND).await.is(403);
    coordinator.post("/phan-bo/moi", &ROUND[..3]).await.is(422).says("Nhập một số nguyên không âm.");
    let opened = coordinator.post("/phan-bo/moi", &ROUND).await;
    assert_eq!((opened.status, opened.location().as_str()), (303, "/phan-bo/chuyen-gia"), "{}", opened.text());
    officer.get("/phan-bo/chuyen-gia").await.is(404);

    // A wrong line is named, and nothing of the others is recorded.
    let pasted = "P15-2025, 300\nP24-2025\t200\nKHONG-CO, 5\nP01, nhiều\nP15-2025, 2";
    let refused = coordinator.post("/phan-bo/chuyen-gia/phan-bo", &[("rows", pasted)]).await;
    refused.is(422).says("Dòng 4: cần mã đơn vị và số suất lớn hơn 0.").says("P24-2025\t200");
    let pasted = "P15-2025, 300\nP24-2025\t200\nKHONG-CO, 5\nP15-2025, 2";
    let refused = coordinator.post("/phan-bo/chuyen-gia/phan-bo", &[("rows", pasted)]).await;
    refused.is(422).says("Dòng 3: không có đơn vị mang mã KHONG-CO.").says("Dòng 4: đơn vị P15-2025 có hai lần.");
    coordinator.get("/phan-bo/chuyen-gia").await.is(200).says("Chưa phân bổ cho đơn vị nào.");
    let pasted = "P15-2025, 300\nP24-2025\t200\n";
    coordinator
        .post("/phan-bo/chuyen-gia/phan-bo", &[("rows", pasted), ("unit", "P01"), ("amount", "501")])
        .await
        .is(422)
        .says("chỉ còn 1.000 suất");
    coordinator
        .post("/phan-bo/chuyen-gia/phan-bo", &[("rows", pasted), ("unit", "P01"), ("amount", "100")])
        .await
        .is(303);
    let shown = coordinator.get("/phan-bo/chuyen-gia").await;
    shown.is(200).says("Đã phân bổ cho 3 đơn vị.").says("Còn 400 suất chưa phân bổ.").says("3 đơn vị chưa trả lời.");
    shown.says("Số 77/CV-MH ngày 20/11/2026").says("còn 5 ngày");
    let text = shown.text();
    let place = |name: &str| text.find(&format!("/phan-bo/chuyen-gia/{name}\"")).expect("a row");
    assert!(place("P15-2025") < place("P24-2025") && place("P24-2025") < place("P01"), "by what is short");

    officer.get("/phan-bo").await.is(200).says("Lớp chuyên gia minh họa").says("0/300 suất").says_not("1.000");
    officer.get("/phan-bo/chuyen-gia").await.is(200).says("0/300 suất").says_not("P24-2025");
    officer.get("/phan-bo/chuyen-gia/P24-2025").await.is(404);
    officer.post("/phan-bo/chuyen-gia/P24-2025/tra-loi", &[("answer", "accept")]).await.is(404);
    other.get("/phan-bo/chuyen-gia/P15-2025").await.is(404);
    officer.post("/phan-bo/chuyen-gia/phan-bo", &[("rows", pasted)]).await.is(403);
    officer.post("/phan-bo/chuyen-gia/ket-thuc", &[]).await.is(403);
    app.stop().await;
}

#[actix_web::test]
async fn an_officer_answers_hands_on_and_gives_back_and_the_coordinator_decides() {
    let app = support::app().await;
    app.write(department).await;
    let (mut coordinator, mut officer, _, _) = three(&app).await;
    coordinator.post("/phan-bo/moi", &ROUND).await.is(303);
    coordinator.post("/phan-bo/chuyen-gia/phan-bo", &[("rows", "P15-2025, 3\nP24-2025, 4")]).await.is(303);
    let page = "/phan-bo/chuyen-gia/P15-2025";
    let to = |last: &str| format!("{page}/{last}");
    let shown = officer.get(page).await;
    shown.is(200).says("0/3 suất").says("Hạn hết ngày 28/11/2026").says("Chấp nhận 3 suất").says("Được phân bổ 3 suất");
    coordinator.get(page).await.is(200).says_not("Chấp nhận 3 suất").says("Điều chuyển sang đơn vị khác");
    coordinator.post(&to("tra-loi"), &[("answer", "accept")]).await.is(403);

    let ask = [("answer", "ask"), ("asked", "5"), ("reason", "")];
    officer.post(&to("tra-loi"), &ask).await.is(422).says("Ghi lý do.").says("value=\"5\"");
    officer.post(&to("tra-loi"), &[("answer", "ask"), ("asked", "5"), ("reason", "Thêm hai sở")]).await.is(303);
    coordinator.get("/phan-bo/chuyen-gia").await.says("đề nghị 5 suất").says("1 đơn vị đề nghị điều chỉnh.");
    coordinator.get(page).await.says("Đơn vị đề nghị 5 suất. Lý do: Thêm hai sở");
    officer.post(&to("quyet-dinh"), &[("decision", "grant"), ("granted", "5")]).await.is(403);
    coordinator.post(&to("quyet-dinh"), &[("decision", "decline")]).await.is(422).says("Ghi lý do.");
    coordinator.post(&to("quyet-dinh"), &[("decision", "grant"), ("granted", "5")]).await.is(303);
    officer.get(page).await.is(200).says("0/5 suất").says("Đề nghị được đồng ý: thêm 2 suất").says_not("Chấp nhận 5");

    officer.post(&to("phan-bo"), &[("unit", "SO-MH"), ("amount", "6")]).await.is(422).says("chỉ còn 5 suất");
    officer.post(&to("phan-bo"), &[("unit", "P24-2025"), ("amount", "1")]).await.is(422).says("Không phân bổ được");
    officer.post(&to("phan-bo"), &[("unit", "SO-MH"), ("amount", "2")]).await.is(303);
    let shown = officer.get(page).await;
    shown.is(200).says("Đã phân bổ tiếp 2 suất").says("/phan-bo/chuyen-gia/SO-MH");
    coordinator.post("/phan-bo/chuyen-gia/SO-MH/quyet-dinh", &[]).await.is(403);
    officer
        .post(&to("tra-lai"), &[("returned", "4"), ("returned_reason", "Không đủ người")])
        .await
        .is(422)
        .says("đang dùng 2 suất");
    officer.post(&to("tra-lai"), &[("returned", "1"), ("returned_reason", "Không đủ người")]).await.is(303);
    let moved = [("to", "P24-2025"), ("moved", "1"), ("moved_reason", "Điều chuyển")];
    officer.post(&to("dieu-chuyen"), &moved).await.is(403);
    coordinator.post(&to("dieu-chuyen"), &[("to", "SO-MH"), ("moved", "1"), ("moved_reason", "x")]).await.is(422);
    coordinator.post(&to("dieu-chuyen"), &moved).await.is(303);
    coordinator.get("/phan-bo/chuyen-gia/P24-2025").await.is(200).says("0/5 suất").says("Nhận 1 suất từ đơn vị khác");
    coordinator.post("/phan-bo/chuyen-gia/ket-thuc", &[]).await.is(303);
    officer.get(page).await.is(200).says("Đã kết thúc").says_not("Đề nghị điều chỉnh</summary>");
    officer.post(&to("tra-loi"), &[("answer", "accept")]).await.is(422).says("Đợt phân bổ đã kết thúc.");
    app.run_jobs().await;
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
    app.stop().await;
}

/// Letters go to who is concerned, once.
#[actix_web::test]
async fn a_letter_goes_to_the_officers_of_the_unit_and_none_to_others() {
    let app = support::app().await;
    let (mut coordinator, _, _, officer) = three(&app).await;
    app.write(move |c| {
        use diesel::prelude::*;
        diesel::sql_query(format!("UPDATE people SET email = 'can-bo@example.org' WHERE id = {}", officer.id))
            .execute(c)?;
        Ok(())
    })
    .await;
    coordinator.post("/phan-bo/moi", &ROUND).await.is(303);
    coordinator.post("/phan-bo/chuyen-gia/phan-bo", &[("rows", "P15-2025, 3\nP24-2025, 4")]).await.is(303);
    app.run_jobs().await;
    app.run_jobs().await;
    let letters = app.letters();
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert!(letters[0].contains("can-bo@example.org") && letters[0].contains("/phan-bo/chuyen-gia/P15-2025"));
    app.stop().await;
}

/// The page of a target shows its quotas: the two steps before enrolling, and who is short.
#[actix_web::test]
async fn a_target_shows_what_was_handed_out_for_it() {
    let (app, _) = site().await;
    let (mut coordinator, mut officer, _, _) = three(&app).await;
    let page = "/chi-tieu/minh-hoa-2026";
    coordinator.get(page).await.is(200).says_not("Đã đề cử");
    let person = app.person("Học viên Minh họa Hai", "P15-2025").await.id;
    app.write(move |c| {
        let target = queries::by_code(c, "minh-hoa-2026")?;
        let new = NewRound { target: Some(target.id), ..round_of("dot-1", 100) };
        let by = Actor::system();
        let round = quota_actions::open_round(c, &by, at(NOW), &new)?;
        let given = give(c, &by, round.id, None, &[("P15-2025", 30), ("P24-2025", 50)])?;
        assert!(quota_actions::take_seat(c, &by, at(NOW), given[0], person)?);
        actions::close_ended(c, at(NOW)).map(drop)
    })
    .await;
    let shown = coordinator.get(page).await;
    shown.is(200).says(">80 người · 40%</text>").says(">1 người · 0,5%</text>").says("Đơn vị còn thiếu nhiều nhất");
    let text = shown.text();
    assert!(text.find("/phan-bo/dot-1/P24-2025").unwrap() < text.find("/phan-bo/dot-1/P15-2025").unwrap());
    let shown = officer.get(page).await;
    shown.is(200).says("Đã đề cử").says(">30 người").says_not("P24-2025").says_not("Đơn vị còn thiếu nhiều nhất");
    app.stop().await;
}
