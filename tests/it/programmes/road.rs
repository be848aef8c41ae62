//! The whole road of one nominee, with the clock put forward: nominated, approved, studying, fulfilled, recognised, active, lapsed,
//! renewed.

use chrono::TimeDelta;
use nongcot::{
    access::Role,
    accounts::model::Person,
    learning,
    programmes::model::programme::{Deed, Stage},
    site,
    targets::{
        actions as targets,
        model::{Days, NewOutside, OutsideId},
    },
};

use super::{A, AT, World, send_decision, world};
use crate::{
    nominations::PDF,
    support::{classes, unit_id},
};

#[actix_web::test]
async fn from_the_nomination_to_the_end_of_the_recognition() {
    let world = world(100, &[(A, 2)]).await;
    let app = &world.app;
    let an = world.person("An Minh Họa", A, "Trưởng phòng Công nghệ thông tin").await;
    let officer = app.person_as("Cán bộ Đào tạo Minh họa", Role::Officer, A).await;
    // Before anybody is nominated.
    app.sign_in(&an).await.get("/chuong-trinh/cua-toi").await.is(200).says("Chưa tham gia chương trình nào");
    let nomination = world.nominate(A, &an).await;
    assert_eq!(world.stage(&an).await, Stage::Nominated);
    let mut learner = app.sign_in(&an).await;
    let page = learner.get("/chuong-trinh/cua-toi").await;
    page.is(200).says("Được đề cử").says("Cơ quan điều phối").says("đã duyệt 0/100, danh sách chờ 0");
    page.says("Phải hoàn thành 1 khóa học").says("Hoàn thành ít nhất 1 trong 2 khóa học").says("Học tập trung");
    learner.get("/").await.says("Xem chương trình của tôi");

    // Approved: the class begins in December.
    world.approve(nomination).await.expect("an approval");
    assert_eq!(world.stage(&an).await, Stage::Approved);
    learner.get("/chuong-trinh/cua-toi").await.says("lớp khai giảng ngày 01/12/2026").says("đã duyệt 1/100");
    world.jobs().await;
    assert_eq!(world.stage(&an).await, Stage::Approved, "nothing begins before its day");
    world.until("2026-12-01T02:00:00Z").await;
    world.jobs().await;
    let member = world.member(an.id).await;
    assert_eq!(member.stage, Stage::Studying);
    assert_eq!(member.changed_at, world.runs[0].opens_at, "since the class opened, not since the job came round");

    // One of two groups is not enough; the second is.
    world.learn(&an, 0).await;
    assert_eq!(world.stage(&an).await, Stage::Studying);
    world.until("2026-12-06T02:00:00Z").await;
    let elective = world.learn(&an, 1).await;
    assert_eq!(world.stage(&an).await, Stage::Fulfilled);
    let mut learner = app.sign_in(&an).await;
    learner.get("/chuong-trinh/cua-toi").await.says("chờ quyết định công nhận").says("1/1 khóa học");
    let mut coordinator = world.at_coordinator().await;
    coordinator.get("/").await.says("1 người đủ điều kiện, chờ quyết định công nhận");
    coordinator.get("/chuyen-gia").await.is(200).says_not("An Minh Họa");

    // Recognised by a decision; what is missing is said, and a second click changes nothing.
    let page = coordinator.get(&format!("{AT}/quyet-dinh")).await;
    page.is(200).says("An Minh Họa").says("Thời hạn công nhận: 12 tháng");
    let chosen = member.id.to_string();
    let fields = |number: &'static str, dated: &'static str| {
        [("viec", "cong-nhan"), ("number", number), ("dated", dated), ("signer", "Người ký Minh họa")]
    };
    let with = |chosen: &'static str, mut fields: Vec<(&'static str, &'static str)>| {
        fields.push(("chon", chosen));
        fields
    };
    let chosen: &'static str = chosen.leak();
    let none = send_decision(&mut coordinator, &fields("7/QĐ-MH", "06/12/2026"), None).await;
    none.is(422).says("Chọn ít nhất một người");
    let faulty = with(chosen, fields("", "07/12/2026").to_vec());
    let faulty = send_decision(&mut coordinator, &faulty, Some(PDF)).await;
    faulty.is(422).says("Nhập nội dung cho ô này").says("Không được sau hôm nay").says("checked");
    let sound = with(chosen, fields("7/QĐ-MH", "06/12/2026").to_vec());
    send_decision(&mut coordinator, &sound, Some(PDF)).await.is(303);
    coordinator.get(AT).await.is(200).says("Đã công nhận 1 người");
    let member = world.member(an.id).await;
    assert_eq!(member.stage, Stage::Active);
    assert_eq!(member.valid_until.map(|day| day.to_string()).as_deref(), Some("2027-12-05"));
    send_decision(&mut coordinator, &sound, Some(PDF)).await.is(303);
    coordinator.get(AT).await.says("đã có quyết định từ trước");
    let history = coordinator.get(&format!("/chuyen-gia/{}", member.code)).await;
    history.is(200).says("Quyết định 7/QĐ-MH ngày 06/12/2026").says("Người ký Minh họa").says("Được công nhận");
    assert_eq!(history.text().matches("<strong>Được công nhận</strong>").count(), 1);
    let file = history.text().split("/quyet-dinh/").nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned);
    let file = coordinator.get(&format!("/chuyen-gia/{}/quyet-dinh/{}", member.code, file.expect("a file"))).await;
    assert_eq!(coordinator.get(&file.is(303).location()).await.is(200).bytes, PDF);
    app.sign_in(&an).await.get("/thong-bao").await.says("quyết định 7/QĐ-MH ngày 06/12/2026");
    app.sign_in(&officer).await.get("/thong-bao").await.says("1 người của đơn vị được công nhận");
    coordinator.get("/chuyen-gia?tim=an+minh+hoa").await.says("An Minh Họa").says("hiệu lực đến 05/12/2027");
    assert_eq!(world.differences().await, Vec::<String>::new());

    // A completion it rests on is voided: the recognition stands, and waits to be looked at.
    let (now, by) = (app.app.now(), classes::as_person(world.coordinator.id));
    app.write(move |c| learning::actions::void(c, now, &by, elective.id, "Học hộ", &site::OBSERVERS)).await;
    let member = world.member(an.id).await;
    assert!(member.stage == Stage::Active && member.needs_review);
    coordinator.get("/").await.says("cần xem lại việc công nhận");
    coordinator.get("/chuyen-gia?giai-doan=xem-lai").await.says("An Minh Họa").says("Cần xem lại");
    let settle = format!("/chuyen-gia/{}/xem-lai", member.code);
    coordinator.post(&settle, &[("reason", " ")]).await.is(422).says("Nhập lý do");
    coordinator.post(&settle, &[("reason", "Đã học bù lớp khác")]).await.is(303);
    assert_eq!(coordinator.post(&settle, &[("reason", "Lần nữa")]).await.status, 409);
    coordinator.get(&format!("/chuyen-gia/{}", member.code)).await.says("Đã học bù lớp khác").says("giữ nguyên");
    assert_eq!(world.differences().await, Vec::<String>::new());

    // Sixty days before the end both are told, once.
    let told = |text: String| text.matches("hết hiệu lực sau ngày 05/12/2027").count();
    world.until("2027-09-01T02:00:00Z").await;
    world.jobs().await;
    assert_eq!(told(app.sign_in(&an).await.get("/thong-bao").await.text()), 0);
    world.until("2027-10-10T02:00:00Z").await;
    for _ in 0..3 {
        world.jobs().await;
    }
    assert_eq!(told(app.sign_in(&an).await.get("/thong-bao").await.text()), 1);
    assert_eq!(told(app.sign_in(&officer).await.get("/thong-bao").await.text()), 1);
    // The last day still counts.
    world.until("2027-12-05T16:00:00Z").await;
    world.jobs().await;
    assert_eq!(world.stage(&an).await, Stage::Active);
    world.until("2027-12-05T18:00:00Z").await;
    for _ in 0..2 {
        world.jobs().await;
    }
    assert_eq!(world.stage(&an).await, Stage::Lapsed);
    assert_eq!(world.held().await, 0);
    let mut coordinator = world.at_coordinator().await;
    coordinator.get("/chuyen-gia").await.says_not("An Minh Họa");
    coordinator.get("/chuyen-gia?giai-doan=lapsed").await.says("An Minh Họa").says("Hết hiệu lực");
    app.sign_in(&an).await.get("/chuong-trinh/cua-toi").await.says("Hết hiệu lực, chờ quyết định gia hạn");

    // Renewed by another decision, which may not lie ahead.
    coordinator.get(&format!("{AT}/quyet-dinh?viec=gia-han")).await.says("An Minh Họa").says("hiệu lực đến 05/12/2027");
    let renew = |effective: &'static str| {
        let mut fields = vec![("viec", "gia-han"), ("number", "8/QĐ-MH"), ("dated", "06/12/2027")];
        fields.extend([("signer", "Người ký Minh họa"), ("effective_from", effective), ("chon", chosen)]);
        fields
    };
    send_decision(&mut coordinator, &renew("01/02/2028"), None).await.is(422).says("Không được sau hôm nay");
    send_decision(&mut coordinator, &renew(""), None).await.is(303);
    send_decision(&mut coordinator, &renew(""), None).await.is(303);
    coordinator.get(AT).await.says("đã có quyết định từ trước");
    let member = world.member(an.id).await;
    assert_eq!((member.stage, member.valid_until), (Stage::Active, "2028-12-05".parse().ok()));
    assert_eq!(world.held().await, 1);
    assert_eq!(world.differences().await, Vec::<String>::new());
}

#[actix_web::test]
async fn a_decision_may_come_into_effect_later() {
    let world = world(100, &[(A, 2)]).await;
    let person = world.person("Bình Minh Họa", A, "Chuyên viên").await;
    world.seat(A, &person).await;
    world.until("2026-12-06T02:00:00Z").await;
    world.learn(&person, 0).await;
    world.learn(&person, 2).await;
    assert_eq!(world.stage(&person).await, Stage::Fulfilled);
    let mut coordinator = world.at_coordinator().await;
    let page = coordinator.get(&format!("{AT}/quyet-dinh")).await;
    page.is(200).says_not("name=\"tat-ca\"");
    let chosen = world.member(person.id).await.id.to_string();
    let fields = [
        ("viec", "cong-nhan"),
        ("number", "9/QĐ-MH"),
        ("dated", "05/12/2026"),
        ("signer", "Người ký Minh họa"),
        ("effective_from", "01/01/2027"),
        ("chon", chosen.as_str()),
    ];
    send_decision(&mut coordinator, &fields, None).await.is(303);
    assert_eq!(world.stage(&person).await, Stage::Recognised);
    world.jobs().await;
    assert_eq!(world.stage(&person).await, Stage::Recognised);
    world.until("2027-01-01T02:00:00Z").await;
    world.jobs().await;
    let member = world.member(person.id).await;
    assert_eq!((member.stage, member.valid_until), (Stage::Active, "2027-12-31".parse().ok()));
    assert_eq!(world.differences().await, Vec::<String>::new());
}

/// What a class held elsewhere gave, it can take back after the recognition: somebody has to look at it, once.
#[actix_web::test]
async fn a_class_outside_that_is_taken_back_raises_a_doubt() {
    let world = world(100, &[(A, 2)]).await;
    let an = world.person("An Minh Họa", A, "Trưởng phòng Công nghệ thông tin").await;
    world.seat(A, &an).await;
    world.until("2026-12-06T02:00:00Z").await;
    world.learn(&an, 0).await;
    let elsewhere = outside(&world, &an).await;
    world.jobs().await;
    assert_eq!(world.stage(&an).await, Stage::Fulfilled, "a class outside fulfils too");
    world.decide(Deed::Recognise, &[world.member(an.id).await.id], "1/QĐ").await;
    world.jobs().await;
    assert!(!world.member(an.id).await.needs_review);

    world.app.later(TimeDelta::hours(1));
    let (now, by, id) = (world.app.app.now(), classes::as_person(world.coordinator.id), an.id);
    world.app.write(move |c| targets::void_outside(c, &by, now, elsewhere, id, "Danh sách sai").map(drop)).await;
    world.jobs().await;
    let member = world.member(an.id).await;
    assert!(member.stage == Stage::Active && member.needs_review, "the recognition stands, and waits to be looked at");
    world.app.later(TimeDelta::hours(1));
    let settle = format!("/chuyen-gia/{}/xem-lai", member.code);
    world.at_coordinator().await.post(&settle, &[("reason", "Đã học bù lớp khác")]).await.is(303);
    world.jobs().await;
    assert!(!world.member(an.id).await.needs_review, "what was settled is not asked again");
    assert_eq!(world.differences().await, Vec::<String>::new());
}

/// A class of KM-02 that A held in November and a second person confirmed.
async fn outside(world: &World, person: &Person) -> OutsideId {
    let course = world.runs[1].version_id;
    let now = world.app.app.now();
    let (person, coordinator) = (person.id, world.coordinator.id);
    let other = world.person("Người xác nhận Minh họa", A, "Chuyên viên").await;
    world
        .app
        .write(move |c| {
            let class = NewOutside {
                course: nongcot::courses::queries::version(c, course)?.course_id.0,
                organiser: unit_id(c, A)?,
                days: Days { from: "2026-11-19".parse().expect("a day"), to: "2026-11-20".parse().expect("a day") },
                decision: "Quyết định số 9/QĐ-MH".to_owned(),
                people: vec![person],
            };
            let id = targets::enter_outside(c, &classes::as_person(coordinator), now, &class)?;
            targets::confirm_outside(c, &classes::as_person(other.id), now, id)?;
            Ok(id)
        })
        .await
}
