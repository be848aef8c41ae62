//! Which posts have nobody: numbers against an example that was counted by hand.
//!
//! On 23/11/2026 there are 34 provinces and cities and 22 central bodies (14 ministries, 3 of their equals, 5 government agencies).
//! Two posts of a province and one of a central body make 34 × 2 + 22 = 90 posts.

use nongcot::{organisations::model::UnitKind, programmes::model::programme::Deed};

use super::{A, B, World, world};

const PROVINCES: &[UnitKind] = &[UnitKind::CentralCity, UnitKind::Province];
const CENTRAL: &[UnitKind] = &[UnitKind::Ministry, UnitKind::MinisterialAgency, UnitKind::GovernmentAgency];

async fn posts(world: &World) {
    world.post("Trưởng phòng CNTT của Sở", PROVINCES, &["trưởng phòng công nghệ thông tin"]).await;
    world.post("Giám đốc Trung tâm CNTT-TT", PROVINCES, &["giám đốc + trung tâm công nghệ thông tin"]).await;
    world.post("Trưởng phòng ứng dụng CNTT", CENTRAL, &["trưởng phòng ứng dụng", "trưởng phòng cntt"]).await;
}

#[actix_web::test]
async fn posts_are_counted_as_by_hand() {
    let world = world(100, &[(A, 5), (B, 5), ("P01", 5), ("BKHCN-2025", 5)]).await;
    posts(&world).await;
    world.until("2026-12-06T02:00:00Z").await;
    // A: the head of division is an expert, the director of the centre is on the way. B: a deputy and a specialist, who fill nothing.
    // P01: nominated only. BKHCN: an expert in a directorate below the ministry.
    let head = world.person("Một Minh Họa", "P15-2025-SKHCN", "Trưởng phòng Công nghệ thông tin").await;
    let director = world.person("Hai Minh Họa", "P15-2025-TTCNTT", "Giám đốc").await;
    let deputy = world.person("Ba Minh Họa", B, "Phó Trưởng phòng Công nghệ thông tin").await;
    let nominated = world.person("Bốn Minh Họa", "P01", "Trưởng phòng Công nghệ thông tin").await;
    let central = world.person("Năm Minh Họa", "CDSQG", "Trưởng phòng Ứng dụng").await;
    for (agency, person) in [(A, &head), (A, &director), (B, &deputy), ("BKHCN-2025", &central)] {
        world.seat(agency, person).await;
    }
    world.nominate("P01", &nominated).await;
    for person in [&head, &central] {
        world.learn(person, 0).await;
        world.learn(person, 1).await;
    }
    let of = [world.member(head.id).await.id, world.member(central.id).await.id];
    assert_eq!(world.decide(Deed::Recognise, &of, "1/QĐ").await.done, 2);

    let mut coordinator = world.at_coordinator().await;
    let page = coordinator.get("/chuyen-gia/do-phu").await;
    let figures: Vec<String> = page
        .is(200)
        .text()
        .split("<span class=\"figure-number\">")
        .skip(1)
        .filter_map(|rest| rest.split('<').next().map(str::to_owned))
        .collect();
    assert_eq!(figures, ["90", "2", "1", "87"], "posts, with an expert, in training, nobody");
    // Page by page: each kind by itself, with its gaps first; who fills a post stands there by name.
    let cities = coordinator.get("/chuyen-gia/do-phu?loai=province&xem=du").await;
    cities.is(200).says("27 cơ quan").says("Trang 1/2");
    let provinces = coordinator.get("/chuyen-gia/do-phu?loai=province&xem=du&trang=1").await.text()
        + &coordinator.get("/chuyen-gia/do-phu?loai=province&xem=du&trang=2").await.text();
    assert!(provinces.contains("Một Minh Họa") && provinces.contains("Hai Minh Họa"));
    assert!(!provinces.contains("Ba Minh Họa"), "a deputy fills nothing");
    // A has no gap: it is not among those that have one.
    let gaps = coordinator.get("/chuyen-gia/do-phu?loai=province").await;
    gaps.says("26 cơ quan");
    let ministries = coordinator.get("/chuyen-gia/do-phu?loai=ministry&xem=du").await;
    ministries.says("Năm Minh Họa").says("14 cơ quan");

    // By agency and by post in the register.
    coordinator.get("/chuyen-gia?don-vi=P15-2025").await.says("Một Minh Họa").says_not("Năm Minh Họa");
    coordinator.get("/chuyen-gia?don-vi=BKHCN-2025").await.says("Năm Minh Họa").says_not("Một Minh Họa");
    let third = coordinator.get("/chuyen-gia").await.text();
    let third =
        third.split("name=\"chuc-danh\"").nth(1).and_then(|rest| rest.split("</select>").next().map(str::to_owned));
    let third = third.expect("the posts").split("value=\"").nth(4).and_then(|v| v.split('"').next()).map(str::to_owned);
    let by_post = coordinator.get(&format!("/chuyen-gia?chuc-danh={}", third.expect("a post"))).await;
    by_post.says("Năm Minh Họa").says_not("Một Minh Họa");
    coordinator.get("/chuyen-gia?giai-doan=tat-ca&tim=ba+minh").await.says("Ba Minh Họa").says("Đang học");
}
