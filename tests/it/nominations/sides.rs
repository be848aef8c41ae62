//! What each side may and may not: rules of a round, two steps, other agencies, seats that come by a larger quota, undoing drafts.

use nongcot::{
    access::{Actor, Role},
    programmes::{actions, jobs, model::NominationState as S},
    targets::{actions::quotas, model::quota::Allocation},
};

use super::{A, AT_A, B, PDF, ROUND, round, submit, world};
use crate::{imports, support::classes};

#[actix_web::test]
async fn a_round_is_for_whom_its_rules_say() {
    let world = world(2).await;
    let (mut officer, mut coordinator) = (world.at_officer().await, world.at_coordinator().await);
    let rules = format!("/de-cu/{ROUND}/dieu-kien");
    coordinator.post(&rules, &[("steps", "3")]).await.is(422).says("Chọn số bước duyệt");
    let asked = [("category-technology", "1"), ("positions", "Giám đốc\nTrưởng phòng"), ("steps", "1")];
    coordinator.post(&rules, &asked).await.is(303);
    coordinator.get(&rules).await.is(200).says("Giám đốc");
    let person = world.app.person("Khác Minh Họa", A).await;
    let page = officer.get(&format!("{AT_A}?tim=khac")).await;
    page.says("Không thuộc nhóm đối tượng").says("Chức vụ không thuộc diện của đợt").says_not("value=\"Khác");
    assert_eq!(officer.post(&format!("{AT_A}/them"), &[("person", &person.code)]).await.status, 409);
    let rows = "Họ tên\tChức vụ\tNhóm\tEmail\nAn Minh Họa\tPhó giám đốc\tcông nghệ\tan@example.gov.vn\nBình Minh Họa\tChuyên viên\tkhác\tbinh@example.gov.vn";
    let fields = [("purpose", "nominate"), ("subject", "minh-hoa-100/P15-2025"), ("rows", rows)];
    let path = imports::send(&mut officer, &fields, None).await.is(303).location();
    officer.get(&path).await.says("Người mới (1)").says("Cần sửa (1)").says("Không thuộc nhóm đối tượng của đợt");
    // The administrator manages people, but nominates nobody: the list is not theirs.
    let administrator = world.app.person_as("Quản trị Minh họa", Role::Administrator, "CDSQG").await;
    let mut administrator = world.app.sign_in(&administrator).await;
    assert_eq!(administrator.get(&path).await.status, 404);
    assert_eq!(administrator.post(&format!("{path}/xac-nhan"), &[]).await.status, 404);
    // Drafts go back with their list, and the accounts with them where nothing else holds them.
    officer.post(&format!("{path}/xac-nhan"), &[]).await.is(303);
    assert_eq!(world.nominees(S::Drafted).await.len(), 1);
    officer.post(&format!("{path}/hoan-tac"), &[]).await.is(303);
    officer.get(&path).await.says("Giữ lại vì người này có hồ sơ đề cử");
    assert!(world.nominees(S::Drafted).await.is_empty());
    // A learner decides nothing, an officer neither.
    assert_eq!(officer.post(&rules, &asked).await.status, 403);
    assert_eq!(officer.post(&format!("/de-cu/{ROUND}/duyet"), &[("viec", "duyet")]).await.status, 403);
}

#[actix_web::test]
async fn two_steps_want_two_people_of_the_unit() {
    let world = world(2).await;
    let (mut officer, mut coordinator) = (world.at_officer().await, world.at_coordinator().await);
    coordinator.post(&format!("/de-cu/{ROUND}/dieu-kien"), &[("steps", "2")]).await.is(303);
    let person = world.app.person("Khác Minh Họa", A).await;
    officer.post(&format!("{AT_A}/them"), &[("person", &person.code)]).await.is(303);
    world.submit(&mut officer, Some(PDF)).await.is(303);
    let nomination = world.nominee("Khác Minh Họa").await;
    world.decide("duyet", "", &[&nomination]).await.is(422);
    let agree = format!("{AT_A}/ho-so/{}/dong-y", nomination.code);
    assert_eq!(officer.post(&agree, &[]).await.status, 409);
    let leader = world.app.person_as("Lãnh đạo Minh Họa", Role::Officer, A).await;
    let mut leader = world.app.sign_in(&leader).await;
    leader.get(&format!("{AT_A}/ho-so/{}", nomination.code)).await.says("Xác nhận hồ sơ của đơn vị");
    leader.post(&agree, &[]).await.is(303);
    world.decide("duyet", "", &[&nomination]).await.is(303);
    assert_eq!(world.nominee("Khác Minh Họa").await.state, S::Approved);
    assert_eq!(world.differences().await, Vec::<String>::new());
}

#[actix_web::test]
async fn no_agency_sees_or_touches_the_nominations_of_another() {
    let world = world(2).await;
    let app = &world.app;
    let mut officer = world.at_officer().await;
    let person = app.person("Khác Minh Họa", A).await;
    officer.post(&format!("{AT_A}/them"), &[("person", &person.code)]).await.is(303);
    world.submit(&mut officer, Some(PDF)).await.is(303);
    let nomination = world.nominee("Khác Minh Họa").await;
    let other = app.person_as("Cán bộ Khác", Role::Officer, B).await;
    let mut other = app.sign_in(&other).await;
    let at = format!("{AT_A}/ho-so/{}", nomination.code);
    for page in [AT_A, &format!("{AT_A}/trinh"), &format!("{AT_A}/cong-van/1"), &at] {
        assert_eq!(other.get(page).await.status, 404, "{page}");
    }
    for act in [format!("{AT_A}/them"), format!("{at}/rut"), format!("{at}/thay"), format!("{at}/dong-y")] {
        assert_eq!(other.post(&act, &[("reason", "x"), ("person", &person.code)]).await.status, 404, "{act}");
    }
    assert_eq!(submit(&mut other, &format!("{AT_A}/trinh"), Some(PDF)).await.status, 404);
    // The nomination of A does not hang under the address of B, nor does its letter.
    let at_b = format!("/de-cu/{ROUND}/{B}");
    assert_eq!(other.get(&format!("{at_b}/ho-so/{}", nomination.code)).await.status, 404);
    assert_eq!(other.get(&format!("{at_b}/cong-van/1")).await.status, 404);
    other
        .get("/de-cu")
        .await
        .says(B.split('-').next().expect("a code").trim_start_matches('P'))
        .says_not("Khác Minh Họa");
    // Nobody of A can be nominated by B, whoever asks, and no list be sent for A.
    assert_eq!(other.post(&format!("{at_b}/them"), &[("person", &person.code)]).await.status, 404);
    other.get(&format!("{at_b}?tim=khac")).await.says_not("Khác Minh Họa");
    let fields =
        [("purpose", "nominate"), ("subject", "minh-hoa-100/P15-2025"), ("rows", "Họ tên\tEmail\nX\tx@example.gov.vn")];
    assert_eq!(imports::send(&mut other, &fields, None).await.status, 404);
    // The auditor reads and does nothing.
    let auditor = app.person_as("Người Đối soát", Role::Auditor, "CDSQG").await;
    let mut auditor = app.sign_in(&auditor).await;
    auditor.get(AT_A).await.is(200).says("Khác Minh Họa").says_not("Đề cử thêm");
    // The look-up is in the log.
    auditor.get("/nhat-ky").await.says("Tra cứu thông tin cá nhân");
    assert_eq!(auditor.post(&format!("{at}/rut"), &[("reason", "x")]).await.status, 403);
}

#[actix_web::test]
async fn a_larger_quota_seats_who_waits() {
    let world = world(1).await;
    let app = &world.app;
    let mut officer = world.at_officer().await;
    for name in ["Một Minh Họa", "Hai Minh Họa"] {
        let person = app.person(name, A).await;
        officer.post(&format!("{AT_A}/them"), &[("person", &person.code)]).await.is(303);
    }
    world.submit(&mut officer, Some(PDF)).await.is(303);
    let (one, two) = (world.nominee("Một Minh Họa").await, world.nominee("Hai Minh Họa").await);
    world.decide("duyet", "", &[&one]).await.is(303);
    world.decide("duyet", "", &[&two]).await.is(303);
    assert_eq!(world.nominee("Hai Minh Họa").await.state, S::Waiting);
    let (now, by, quota) = (app.app.now(), classes::as_person(world.coordinator.id), world.quota(A).await);
    app.write(move |c| {
        let rows = vec![(quota.unit_id, 1)];
        let (letter, reason) = (Default::default(), "Thêm một chỉ tiêu".to_owned());
        quotas::allocate(
            c,
            &by,
            now,
            &Allocation { round: quota.round_id, parent: None, rows, deadline: None, letter, reason },
        )
    })
    .await;
    jobs::fill_seats(app.app.clone(), jobs::FillSeats {}).await.expect("the job");
    assert_eq!(world.nominee("Hai Minh Họa").await.state, S::Approved);
    // A rejection needs its reason and frees the person for another time.
    assert_eq!(world.differences().await, Vec::<String>::new());
    let now = app.app.now();
    app.write(move |c| round(c, now, &Actor::system(), "minh-hoa-2", None, &[(A, 1)]).map(drop)).await;
    let person = app.person("Ba Minh Họa", A).await;
    officer.post("/de-cu/minh-hoa-2/P15-2025/them", &[("person", &person.code)]).await.is(303);
    submit(&mut officer, "/de-cu/minh-hoa-2/P15-2025/trinh", Some(PDF)).await.is(303);
    let id = app.read(move |c| Ok(nongcot::programmes::queries::of_person(c, person.id)?.remove(0).0.id)).await;
    let by = Actor::system();
    app.write(move |c| actions::reject(c, &by, now, id, "Chưa đủ thời gian công tác").map(drop)).await;
    officer.get("/de-cu/minh-hoa-2/P15-2025").await.says("Chưa đủ thời gian công tác");
    let code = app.read(move |c| Ok(nongcot::programmes::queries::nomination(c, id)?.person_id)).await;
    let code = app.read(move |c| Ok(nongcot::accounts::queries::person(c, code)?.code)).await;
    officer.post("/de-cu/minh-hoa-2/P15-2025/them", &[("person", &code)]).await.is(303);
}
