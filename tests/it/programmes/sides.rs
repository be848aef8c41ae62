//! What each side sees and may do.

use nongcot::{access::Role, programmes::model::programme::Deed};

use super::{A, AT, B, PROGRAMME, world};
use crate::support::{classes, unit_id};

#[actix_web::test]
async fn an_agency_sees_its_own_people_only() {
    let world = world(100, &[(A, 3), (B, 3)]).await;
    let app = &world.app;
    world.until("2026-12-06T02:00:00Z").await;
    let own = world.person("Một Minh Họa", A, "Trưởng phòng").await;
    let other = world.person("Khác Minh Họa", B, "Trưởng phòng").await;
    for (agency, person) in [(A, &own), (B, &other)] {
        world.seat(agency, person).await;
        world.learn(person, 0).await;
        world.learn(person, 1).await;
    }
    let members = [world.member(own.id).await, world.member(other.id).await];
    assert_eq!(world.decide(Deed::Recognise, &members.each_ref().map(|m| m.id), "1/QĐ").await.done, 2);
    let officer = app.person_as("Cán bộ Đào tạo Minh họa", Role::Officer, A).await;
    let mut officer = app.sign_in(&officer).await;
    for page in ["/chuyen-gia", "/chuyen-gia?giai-doan=tat-ca", &format!("{AT}/khoa/khoa-01"), "/chuyen-gia?tim=minh"] {
        officer.get(page).await.is(200).says("Một Minh Họa").says_not("Khác Minh Họa");
    }
    officer.get(AT).await.is(200).says("Số liệu chỉ gồm người do đơn vị").says_not("2</span>");
    officer.get("/chuyen-gia/do-phu").await.is(200).says_not("Khác Minh Họa");
    assert_eq!(officer.get(&format!("/chuyen-gia/{}", members[0].code)).await.status, 200);
    for hidden in [
        format!("/chuyen-gia/{}", members[1].code),
        format!("/chuyen-gia/{}/quyet-dinh/1", members[1].code),
        format!("/chuyen-gia?don-vi={B}"),
        "/chuyen-gia?chuong-trinh=khong-co".to_owned(),
        format!("{AT}/khoa/khong-co"),
    ] {
        assert_eq!(officer.get(&hidden).await.status, 404, "{hidden}");
    }
    // An officer decides nothing.
    for refused in ["/sua", "/quyet-dinh", "/nhom/moi", "/chuc-danh/moi", "/khoa/moi"] {
        assert_eq!(officer.get(&format!("{AT}{refused}")).await.status, 403, "{refused}");
    }
    assert_eq!(officer.get("/chuong-trinh/moi").await.status, 403);
    assert_eq!(officer.post(&format!("/chuyen-gia/{}/xem-lai", members[0].code), &[]).await.status, 403);
    assert_eq!(officer.post(&format!("{AT}/khoa/khoa-01/lop"), &[("run", "KM-01-A")]).await.status, 403);
    // Who moves is seen where they work now.
    let (now, by, person) = (app.app.now(), classes::as_person(world.coordinator.id), own.id);
    app.write(move |c| {
        let place = nongcot::accounts::queries::directory::open_memberships(c, person)?.remove(0);
        let to = nongcot::accounts::model::NewMembership {
            unit: unit_id(c, B)?,
            position: "Trưởng phòng".to_owned(),
            category: place.category,
            from: "2026-12-06".parse().expect("a day"),
        };
        nongcot::accounts::actions::join_unit(c, &by, now, person, &to).map(drop)
    })
    .await;
    officer.get("/chuyen-gia").await.is(200).says_not("Một Minh Họa");
    assert_eq!(officer.get(&format!("/chuyen-gia/{}", members[0].code)).await.status, 404);
    // A learner knows their own programme and no other page of it.
    let mut learner = app.sign_in(&own).await;
    learner.get("/chuong-trinh/cua-toi").await.is(200).says("Đang có hiệu lực").says("Quyết định 1/QĐ");
    for page in ["/chuong-trinh", AT, "/chuyen-gia", "/chuyen-gia/do-phu"] {
        assert_eq!(learner.get(page).await.status, 403, "{page}");
    }
    assert_eq!(learner.get(&format!("/chuyen-gia/{}", members[0].code)).await.status, 404);
}

#[actix_web::test]
async fn the_coordinator_writes_a_programme_down() {
    let world = world(100, &[(A, 3)]).await;
    let mut coordinator = world.at_coordinator().await;
    let faulty = [("code", "Không được"), ("title_vi", ""), ("cap", "0"), ("period_from", "31/02/2026")];
    let page = coordinator.post("/chuong-trinh/moi", &faulty).await;
    page.is(422)
        .says("chữ thường không dấu")
        .says("Nhập nội dung cho ô này")
        .says("số nguyên hợp lệ")
        .says("Nhập ngày");
    let sound = [
        ("code", "thu-hai"),
        ("title_vi", "Chương trình thứ hai"),
        ("title_en", "A second programme"),
        ("document_number", "02/QĐ-MH"),
        ("document_date", "05/09/2026"),
        ("document_issuer", "Bộ Minh họa"),
        ("cap", "1.000"),
        ("period_from", "01/01/2026"),
        ("validity_months", "36"),
        ("notice_days", "60"),
    ];
    let path = coordinator.post("/chuong-trinh/moi", &sound).await.is(303).location();
    assert_eq!(path, "/chuong-trinh/thu-hai");
    coordinator.post("/chuong-trinh/moi", &sound).await.is(422).says("Mã này đã có");
    let page = coordinator.get(&path).await;
    page.is(200)
        .says("02/QĐ-MH ngày 05/09/2026, Bộ Minh họa")
        .says("1.000 người")
        .says("36 tháng")
        .says("chưa ai đủ điều kiện");
    // Courses by their codes: unknown ones, doubles and too many needed are said beside their fields.
    let group = |needed: &'static str, online: &'static str, live: &'static str| {
        [("title_vi", "Nền tảng"), ("title_en", "Basics"), ("needed", needed), ("e_learning", online), ("live", live)]
    };
    let add = format!("{path}/nhom/moi");
    coordinator.post(&add, &group("", "KM-09", "")).await.is(422).says("Không có khóa học mã KM-09");
    coordinator.post(&add, &group("", "KM-01, km-01", "")).await.is(422).says("KM-01 đã có trong chương trình");
    coordinator.post(&add, &group("3", "KM-01", "KM-02")).await.is(422).says("Không lớn hơn số khóa học");
    coordinator.post(&add, &group("", "", "")).await.is(422).says("Nhập ít nhất một khóa học");
    coordinator.post(&add, &group("1", "km-01", "KM-02")).await.is(303);
    let page = coordinator.get(&path).await;
    page.says("Hoàn thành ít nhất 1 trong 2 khóa học").says("Cầu truyền hình");
    let edit =
        page.text().split(&format!("{path}/nhom/")).nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned);
    let edit = format!("{path}/nhom/{}", edit.expect("a group"));
    coordinator.get(&edit).await.is(200).says("value=\"KM-02\"");
    coordinator.post(&edit, &group("", "KM-01", "KM-02")).await.is(303);
    coordinator.get(&path).await.says("Phải hoàn thành cả 2 khóa học");
    // A group of another programme does not exist here.
    let other = edit.replace("thu-hai", PROGRAMME);
    assert_eq!(coordinator.get(&other).await.status, 404);
    assert_eq!(coordinator.post(&other, &[("viec", "bo")]).await.status, 404);
    coordinator.post(&edit, &[("viec", "bo")]).await.is(303);
    coordinator.get(&path).await.says("chưa ai đủ điều kiện");
    // Posts.
    let post = format!("{path}/chuc-danh/moi");
    coordinator.post(&post, &[("title_vi", "Giám đốc")]).await.is(422).says("Chọn ít nhất một loại cơ quan");
    let fields = [("title_vi", "Giám đốc"), ("title_en", "Director"), ("kinds", "province"), ("words", "giám đốc")];
    coordinator.post(&post, &fields).await.is(303);
    coordinator.get(&path).await.says("Giám đốc").says("(Tỉnh)").says("27/27");
    // A round belongs to one cohort.
    let cohort = [
        ("code", "khoa-hai"),
        ("title_vi", "Khóa hai"),
        ("title_en", "Cohort two"),
        ("round", super::ROUND),
        ("counts_from", "01/01/2026"),
    ];
    coordinator.post(&format!("{path}/khoa/moi"), &cohort).await.is(422).says("đã gắn với một khóa khác");
    let mut free = cohort;
    free[3] = ("round", "");
    let at = coordinator.post(&format!("{path}/khoa/moi"), &free).await.is(303).location();
    coordinator.post(&format!("{at}/lop"), &[("run", "KHONG-CO")]).await.is(422).says("Không có lớp mang mã này");
    coordinator
        .post(&format!("{at}/lop"), &[("run", "KM-01-A")])
        .await
        .is(422)
        .says("không yêu cầu khóa học của lớp này");
    assert_eq!(world.differences().await, Vec::<String>::new());
}
