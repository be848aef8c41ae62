//! The whole road, through the pages, as an officer and a coordinator walk it on a Monday.

use std::fmt::Write;

use nongcot::{
    learning::{self, model::EnrolmentState},
    programmes::model::NominationState as S,
};

use super::{A, AT_A, PDF, ROUND, world};
use crate::imports::{self, HEADS};

/// 25 rows with the faults of real lists: 4 that are sound, one of them known, and 21 that are not.
fn list() -> String {
    let mut rows = HEADS.to_owned();
    for (name, born, unit, group, mail) in [
        ("An Minh Họa", "1980", "P15-2025", "Lãnh đạo", "an@example.gov.vn"),
        ("Bình Minh Họa", "1981", "P15-2025-SKHCN", "Lãnh đạo", "binh@example.gov.vn"),
        ("Chi Minh Họa", "1982", "P15-2025", "Chuyên trách công nghệ", "chi@example.gov.vn"),
        ("Dũng Minh Họa", "", "P15-2025", "khác", "dung@example.gov.vn"),
        ("An Minh Họa", "1980", "P15-2025", "Lãnh đạo", "an@example.gov.vn"),
        ("Xa Minh Họa", "1983", "P24-2025", "khác", "xa@example.gov.vn"),
        ("Lạ Minh Họa", "1983", "Sở Không Có", "khác", "la@example.gov.vn"),
        ("Thiếu Nhóm", "1983", "P15-2025", "", "thieu@example.gov.vn"),
        ("", "1983", "P15-2025", "khác", "ten@example.gov.vn"),
        ("Ngày Sai", "31/02/1983", "P15-2025", "khác", "ngay@example.gov.vn"),
    ] {
        write!(rows, "\n{name}\t{born}\tChuyên viên\t{unit}\t{group}\t{mail}\t\t").expect("a line");
    }
    for number in 1..=15 {
        write!(rows, "\nThư Sai {number}\t1984\tChuyên viên\tP15-2025\tkhác\tsai{number}@example\t\t").expect("a line");
    }
    rows
}

#[actix_web::test]
async fn from_the_pasted_list_to_the_place_in_the_class() {
    let world = world(2).await;
    let app = &world.app;
    let mut officer = world.at_officer().await;
    officer.get("/de-cu").await.is(200).says("Đã dùng 0/2 suất").says("hạn 01/12/2026");
    officer.get(AT_A).await.is(200).says("Chưa đề cử ai").says("name=\"subject\" value=\"minh-hoa-100/P15-2025\"");
    // The coordinator leaves one group out.
    let rules = [("category-leaders", "1"), ("category-technology", "1"), ("category-other", "1"), ("steps", "1")];
    world.at_coordinator().await.post(&format!("/de-cu/{ROUND}/dieu-kien"), &rules).await.is(303);
    let known = app.person("Dũng Minh Họa", A).await;
    let fields = [("purpose", "nominate"), ("subject", "minh-hoa-100/P15-2025"), ("unit", A), ("rows", &list())];
    let path = imports::send(&mut officer, &fields, None).await.is(303).location();
    let page = officer.get(&path).await;
    page.is(200).says("Người mới (3)").says("Có thể trùng (1)").says("Trùng trong tệp (1)").says("Cần sửa (20)");
    officer.post(&format!("{path}/chon"), &[("dong-5", "same")]).await.is(303);
    officer.get(&path).await.says("Nhập 3 người mới và đề cử cùng 1 người đã có");
    officer.post(&format!("{path}/xac-nhan"), &[("invites", "1")]).await.is(303);
    officer.get(&path).await.is(200).says("Về danh sách đề cử").says(&format!("href=\"{AT_A}\""));
    let drafted = world.nominees(S::Drafted).await;
    assert_eq!(drafted.len(), 4);
    assert_eq!(world.nominee("Dũng Minh Họa").await.person_id, known.id);
    // The same people again: known, and nominated already.
    let again = [
        ("purpose", "nominate"),
        ("subject", "minh-hoa-100/P15-2025"),
        ("rows", "Họ tên\tChức vụ\tNhóm\tEmail\nAn Minh Họa\tx\tkhác\tan@example.gov.vn"),
    ];
    let second = imports::send(&mut officer, &again, None).await.location();
    officer.get(&second).await.says("Đã được đề cử trong đợt này").says("Không có dòng nào nhập được");

    // Up with the letter, and not without.
    officer.get(AT_A).await.says("Trình 4 hồ sơ").says("nhiều hơn số suất còn lại 2 người");
    world.submit(&mut officer, None).await.is(422).says("Gửi kèm công văn đã ký");
    world.submit(&mut officer, Some(b"MZ not a paper")).await.is(422).says("Nội dung không phải loại tệp");
    world.submit(&mut officer, Some(PDF)).await.is(303);
    assert_eq!(world.nominees(S::Submitted).await.len(), 4);
    let mut coordinator = world.at_coordinator().await;
    coordinator.get("/thong-bao").await.says("trình 4 đề cử");
    let page = coordinator.get(&format!("/de-cu/{ROUND}")).await;
    page.is(200).says("Chi Minh Họa").says("12/CV-MH ngày 20/11/2026").says("(còn 2 suất)");
    let letter = page.text().split("/cong-van/").nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned);
    let letter = coordinator.get(&format!("{AT_A}/cong-van/{}", letter.expect("a letter"))).await;
    assert_eq!(coordinator.get(&letter.is(303).location()).await.is(200).bytes, PDF);

    // Back with a reason, and up again.
    let chi = world.nominee("Chi Minh Họa").await;
    world.decide("tra-lai", "", &[&chi]).await.is(422).says("Nhập lý do");
    world.decide("tra-lai", "Thiếu quyết định bổ nhiệm", &[&chi]).await.is(303);
    officer.get(AT_A).await.says("Bị trả lại").says("Thiếu quyết định bổ nhiệm").says("Trình 1 hồ sơ");
    officer.get("/thong-bao").await.says("1 đề cử của đơn vị bị trả lại");
    world.submit(&mut officer, None).await.is(303);
    officer.get(&format!("{AT_A}/ho-so/{}", chi.code)).await.says("Trình lại").says("Thiếu quyết định bổ nhiệm");

    // Approved until the seats run out; who comes after waits, in the order of approval.
    let (an, binh, dung) = (
        world.nominee("An Minh Họa").await,
        world.nominee("Bình Minh Họa").await,
        world.nominee("Dũng Minh Họa").await,
    );
    world.decide("duyet", "", &[&an, &binh]).await.is(303);
    assert_eq!(world.quota(A).await.taken, 2);
    world.decide("duyet", "", &[&dung]).await.is(303);
    world.decide("duyet", "", &[&chi]).await.is(303);
    assert_eq!(world.nominees(S::Waiting).await.len(), 2);
    officer.get(AT_A).await.says("Danh sách chờ, thứ 1").says("Danh sách chờ, thứ 2").says("2/2");
    world.decide("duyet", "", &[&an]).await.is(422).says("An Minh Họa: Hồ sơ đã chuyển sang bước khác");
    let run = world.run.id;
    let enrolled = |person| app.read(move |c| Ok(learning::queries::enrolment_of(c, run, person)?.map(|e| e.state)));
    assert_eq!(enrolled(an.person_id).await, Some(EnrolmentState::Active));
    assert_eq!(enrolled(dung.person_id).await, None);
    let mut learner = app.sign_in(&known).await;
    learner.get("/de-cu/cua-toi").await.is(200).says("Danh sách chờ, thứ 1");
    assert_eq!(world.differences().await, Vec::<String>::new());

    // One withdraws: the first who waits has the seat and the place in the class, and everybody was told once.
    let at_an = format!("{AT_A}/ho-so/{}", an.code);
    officer.post(&format!("{at_an}/rut"), &[("reason", "")]).await.is(422).says("Nhập lý do");
    officer.post(&format!("{at_an}/rut"), &[("reason", "Chuyển công tác")]).await.is(303);
    assert_eq!(enrolled(an.person_id).await, Some(EnrolmentState::Withdrawn));
    assert_eq!(enrolled(dung.person_id).await, Some(EnrolmentState::Active));
    assert_eq!(world.nominees(S::Approved).await.len(), 2);
    learner.get("/de-cu/cua-toi").await.says("Đã duyệt").says("/lop/KM-01-A");
    learner.get("/thong-bao").await.says("Đã có chỗ từ danh sách chờ");
    officer.get("/thong-bao").await.says("đã có chỗ từ danh sách chờ");

    // Somebody else in the place of another: the seat does not pass the waiting list by, it never came free.
    let eve = app.person("Em Minh Họa", A).await;
    let at_binh = format!("{AT_A}/ho-so/{}", binh.code);
    let by = [("person", "em-minh-hoa"), ("reason", "Nghỉ thai sản")];
    officer.post(&format!("{at_binh}/thay"), &by).await.is(303);
    assert_eq!(enrolled(binh.person_id).await, Some(EnrolmentState::Withdrawn));
    assert_eq!(enrolled(eve.id).await, Some(EnrolmentState::Active));
    officer.get(&at_binh).await.says("Thay bằng người khác").says("Nghỉ thai sản");
    assert_eq!(world.nominees(S::Waiting).await.len(), 1);
    assert_eq!(world.quota(A).await.taken, 2);
    assert_eq!(world.differences().await, Vec::<String>::new());

    app.run_jobs().await;
    let letters = app.letters();
    let to_an = letters.iter().filter(|letter| letter.contains("an@example.gov.vn")).count();
    assert!(to_an >= 3, "invitation, approval, withdrawal: {to_an}");

    // Taking the list back: who is nominated stays, with the reason.
    officer.post(&format!("{path}/hoan-tac"), &[]).await.is(303);
    officer.get(&path).await.says("Giữ lại (3)").says("Giữ lại vì người này đã vào lớp");
}
