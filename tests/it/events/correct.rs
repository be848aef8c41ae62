//! What is wrong in a confirmed list is put right by another, and a completion that rested on it waits for a decision.

use super::*;

/// Everybody has completed by one session.
async fn completed() -> (World, Client) {
    let mut w = world(Some(1)).await;
    for (_, enrolment) in &w.people {
        w.reads(*enrolment).await;
    }
    w.plan("Buổi một", FIRST).await;
    w.later(6).await;
    w.held(1).await;
    assert_eq!(w.counted().await, 3);
    let coordinator = w.app.person_as("Điều phối", Role::Coordinator, "CDSQG").await;
    let coordinator = w.app.sign_in(&coordinator).await;
    (w, coordinator)
}

/// The list of P15 corrected: An was not there.
async fn corrected(w: &mut World) {
    let place = site(1, 2);
    let absent = BTreeMap::from([(mark(&w.people[0].0), "absent")]);
    w.keeper.post(&format!("{place}/dinh-chinh"), &[("reason", "")]).await.is(422).says("Cần ghi lý do");
    w.keeper.post(&format!("{place}/dinh-chinh"), &[("reason", "Ký thay")]).await.is(303);
    w.keeper.post(&format!("{place}/dinh-chinh"), &[("reason", "Ký thay")]).await.is(409);
    w.keeper.get(&place).await.is(200).says("Đính chính: Ký thay").says(" checked");
    w.keeper.post(&place, &[("action", "submit")]).await.is(422).says("không khác danh sách đã xác nhận");
    w.keeper.post(&place, &marks(&absent, "submit")).await.is(303);
    assert_eq!(w.enrolment(w.people[0].1).await.attended, 1, "until the second person it stands");
    w.two.post(&format!("{place}/xac-nhan"), &[]).await.is(303);
}

async fn completion_of(w: &World) -> String {
    let id = w.people[0].1;
    let completion = w.app.read(move |c| queries::completion_of(c, id)).await.expect("a completion");
    format!("{RUN}/hoan-thanh/{completion}")
}

#[actix_web::test]
async fn a_completion_without_its_session_waits_for_a_decision() {
    let (mut w, mut coordinator) = completed().await;
    corrected(&mut w).await;
    let an = w.enrolment(w.people[0].1).await;
    assert!(an.attended == 0 && an.completed_at.is_some() && an.short_since.is_some());
    assert_eq!(w.counted().await, 3, "nothing is taken away by itself");
    w.agrees().await;
    let path = completion_of(&w).await;
    coordinator.get("/thong-bao").await.is(200).says("không còn đủ số buổi");
    coordinator.get(RUN).await.is(200).says("Chờ quyết định");
    coordinator.get(&path).await.is(200).says("Đã dự 0/1 buổi").says("Giữ kết quả");
    coordinator.post(&format!("{path}/giu"), &[("reason", "")]).await.is(422);
    coordinator.post(&format!("{path}/giu"), &[("reason", "Có giấy xác nhận")]).await.is(303);
    coordinator.post(&format!("{path}/giu"), &[("reason", "Có giấy xác nhận")]).await.is(409);
    coordinator.get(RUN).await.is(200).says_not("Chờ quyết định");
    assert_eq!(w.counted().await, 3);
    w.agrees().await;
}

#[actix_web::test]
async fn the_decision_may_be_to_void_it() {
    let (mut w, mut coordinator) = completed().await;
    corrected(&mut w).await;
    let path = completion_of(&w).await;
    w.one.post(&format!("{path}/huy"), &[("reason", "Không dự")]).await.is(403);
    coordinator.post(&format!("{path}/huy"), &[("reason", "Không dự")]).await.is(303);
    assert_eq!(w.counted().await, 2);
    assert!(w.enrolment(w.people[0].1).await.short_since.is_none());
    w.agrees().await;
}

#[actix_web::test]
async fn a_list_that_is_given_back_is_put_right_and_sent_again() {
    let mut w = world(Some(1)).await;
    w.plan("Buổi một", FIRST).await;
    w.later(6).await;
    let place = site(1, 2);
    w.keeper.post(&place, &[("action", "rest")]).await.is(303);
    w.keeper.post(&place, &[("action", "submit")]).await.is(303);
    w.two.post(&format!("{place}/tra-lai"), &[("reason", " ")]).await.is(422).says("Cần ghi lý do");
    w.two.post(&format!("{place}/tra-lai"), &[("reason", "Thiếu chữ ký")]).await.is(303);
    w.two.post(&format!("{place}/xac-nhan"), &[]).await.is(409);
    w.keeper.get(&place).await.is(200).says("Danh sách bị trả lại: Thiếu chữ ký");
    assert_eq!(w.told(w.keeper_id, "notifications-attendance-returned").await, 1);
    w.keeper.post(&place, &[("action", "submit")]).await.is(303);
    w.two.post(&format!("{place}/xac-nhan"), &[]).await.is(303);
    assert_eq!(w.enrolment(w.people[0].1).await.attended, 1);
    w.agrees().await;
}
