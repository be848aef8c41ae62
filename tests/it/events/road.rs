//! The whole road, from the plan to the figure of a target.

use super::*;

#[actix_web::test]
async fn confirmed_attendance_completes_and_moves_the_figure() {
    let mut w = world(Some(2)).await;
    let (an, anh, xa) = (w.people[0].1, w.people[1].1, w.people[2].1);
    w.reads(an).await;
    w.reads(xa).await;
    assert!(w.enrolment(an).await.completed_at.is_none(), "the lessons alone do not complete");
    w.plan("Buổi một", FIRST).await;
    w.plan("Buổi hai", SECOND).await;
    w.app.run_jobs().await;
    w.app.run_jobs().await;
    for (person, _) in &w.people {
        assert_eq!(w.told(person.id, "notifications-session-planned").await, 2, "each plan once");
    }
    assert_eq!(w.told(w.keeper_id, "notifications-session-keeper").await, 2);

    let mut learner = w.app.sign_in(&w.people[0].0).await;
    let page = learner.get(RUN).await;
    page.is(200).says("Đã dự 0/2 buổi").says("Buổi học sắp tới").says("08:00–11:30 23/11/2026").says("Điểm cầu tỉnh");
    page.says("https://hop.example.vn/mot");
    learner.get("/").await.is(200).says("Buổi học sắp tới").says("Buổi một").says("Điểm cầu tỉnh");
    let calendar = learner.get(&format!("{RUN}/buoi/1/lich.ics")).await;
    assert_eq!(calendar.header("content-type"), "text/calendar; charset=utf-8");
    calendar.says("DTSTART:20261123T010000Z").says("DTEND:20261123T043000Z").says("SUMMARY:Buổi một");
    calendar.says("LOCATION:Điểm cầu tỉnh");

    // A list begins with the session, and is sent when it is over.
    let place = site(1, 2);
    w.keeper.get(&place).await.is(200).says("Điểm danh được từ giờ bắt đầu");
    w.keeper.post(&place, &[("action", "rest")]).await.is(409);
    w.later(2).await;
    w.keeper.get("/").await.is(200).says("1 danh sách điểm danh cần ghi").says("Buổi một, Điểm cầu tỉnh");
    let sheet = w.keeper.get(&place).await;
    sheet.is(200).says("Học viên An").says("Học viên Ánh").says_not("Học viên Xa").says_not(" checked");
    let one = BTreeMap::from([(mark(&w.people[0].0), "present")]);
    w.keeper.post(&place, &marks(&one, "submit")).await.is(409).says("Gửi được sau khi buổi học kết thúc");
    w.later(4).await;
    w.keeper.post(&place, &marks(&one, "submit")).await.is(422).says("Còn 1 người chưa ghi").says("1 có mặt");
    w.keeper.post(&place, &[("action", "rest")]).await.is(303);
    w.keeper.post(&place, &[("action", "submit")]).await.is(303);
    w.keeper.post(&place, &[("action", "rest")]).await.is(409);
    w.app.run_jobs().await;
    w.two.get("/thong-bao").await.is(200).says("chờ người thứ hai xác nhận");
    assert_eq!(w.enrolment(an).await.attended, 0, "nothing counts before the second person");
    w.keeper.get("/").await.is(200).says_not("danh sách điểm danh cần ghi");

    // The organiser's own site: who wrote the list is not the second person.
    w.one.post(&site(1, 1), &[("action", "rest")]).await.is(303);
    w.one.post(&site(1, 1), &[("action", "submit")]).await.is(303);
    w.one.post(&format!("{}/xac-nhan", site(1, 1)), &[]).await.is(409).says("phải là người khác");
    w.two.post(&format!("{}/xac-nhan", site(1, 1)), &[]).await.is(303);
    w.one.post(&format!("{place}/xac-nhan"), &[]).await.is(303);
    assert_eq!((w.enrolment(an).await.attended, w.counted().await), (1, 0), "one of two is not enough");
    learner.get(RUN).await.is(200).says("Đã dự 1/2 buổi");
    learner.get(&format!("{RUN}/buoi")).await.is(200).says("Có mặt").says("Đã tổ chức");
    w.agrees().await;

    w.later(24).await;
    w.held(2).await;
    let done = w.enrolment(an).await;
    assert_eq!(done.completed_at, Some(at("2026-11-24T04:30:00Z")), "true at the end of the session that was last");
    assert!(w.enrolment(xa).await.completed_at.is_some());
    assert!(w.enrolment(anh).await.completed_at.is_none(), "the sessions alone do not complete");
    assert_eq!(w.counted().await, 2);
    learner.get(RUN).await.is(200).says("Đã dự 2/2 buổi").says("Đã hoàn thành lớp");
    // The lessons may be what was last.
    w.app
        .write(move |c| {
            let (by, now) = (Actor::system(), at("2026-11-25T01:00:00Z"));
            for (key, minutes) in [("km-01-mot", 30), ("km-01-hai", 60)] {
                open_lesson(c, now, anh, key)?;
                complete_item(c, now + TimeDelta::minutes(minutes), &by, anh, key, &site::OBSERVERS)?;
            }
            Ok(())
        })
        .await;
    assert_eq!(w.enrolment(anh).await.completed_at, Some(at("2026-11-25T02:00:00Z")));
    assert_eq!(w.counted().await, 3);
    w.agrees().await;
}

#[actix_web::test]
async fn of_two_who_confirm_at_once_one_does() {
    let mut w = world(Some(1)).await;
    for (_, enrolment) in &w.people {
        w.reads(*enrolment).await;
    }
    w.plan("Buổi một", FIRST).await;
    w.later(6).await;
    let place = site(1, 2);
    w.keeper.post(&place, &[("action", "rest")]).await.is(303);
    w.keeper.post(&place, &[("action", "submit")]).await.is(303);
    w.one.token().await;
    w.two.token().await;
    let path = format!("{place}/xac-nhan");
    let (first, second) = tokio::join!(w.one.post(&path, &[]), w.two.post(&path, &[]));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(w.counted().await, 2);
    w.agrees().await;
}

#[actix_web::test]
async fn a_session_is_changed_and_cancelled_and_everybody_is_told_once() {
    let mut w = world(Some(0)).await;
    let (an, xa) = (w.people[0].1, w.people[2].1);
    w.reads(an).await;
    w.plan("Buổi một", FIRST).await;
    w.plan("Buổi hai", SECOND).await;
    let late = [("title", "Buổi hai"), ("kind", "live"), ("day", "25/11/2026"), ("from", "14:00"), ("to", "16:00")];
    w.one.post(&format!("{RUN}/buoi/2/sua"), &late).await.is(303);
    let wrong = [("title", ""), ("kind", "live"), ("day", "25/12/2026"), ("from", "16:00"), ("to", "14:00")];
    w.one.post(&format!("{RUN}/buoi/2/sua"), &wrong).await.is(422).says("Cần nhập tên buổi học");
    let outside = [("title", "X"), ("kind", "live"), ("day", "25/12/2026"), ("from", "16:00"), ("to", "14:00")];
    let refused = w.one.post(&format!("{RUN}/buoi/2/sua"), &outside).await;
    refused.is(422).says("Giờ kết thúc phải sau").says("nằm trong thời gian của lớp");
    w.app.run_jobs().await;
    assert_eq!(w.told(w.people[2].0.id, "notifications-session-changed").await, 1);
    w.later(6).await;
    w.held(1).await;
    assert!(w.enrolment(an).await.completed_at.is_none(), "one of all two");
    // What was held is not cancelled; what is cancelled needs a reason.
    w.one.post(&format!("{RUN}/buoi/1/huy"), &[("reason", "Nhầm")]).await.is(409);
    w.one.post(&format!("{RUN}/buoi/2/huy"), &[("reason", " ")]).await.is(422).says("Cần ghi lý do");
    w.one.post(&format!("{RUN}/buoi/2/huy"), &[("reason", "Giảng viên ốm")]).await.is(303);
    w.one.post(&format!("{RUN}/buoi/2/huy"), &[("reason", "Giảng viên ốm")]).await.is(409);
    let cancelled = w.app.app.now();
    w.later(1).await;
    w.app.run_jobs().await;
    w.app.run_jobs().await;
    assert_eq!(w.told(w.people[2].0.id, "notifications-session-cancelled").await, 1);
    let mut learner = w.app.sign_in(&w.people[2].0).await;
    learner.get(&format!("{RUN}/buoi/2")).await.is(200).says("Giảng viên ốm").says("Đã hủy");
    // All that is left was attended, since the moment of the cancellation.
    assert_eq!(w.enrolment(an).await.completed_at, Some(cancelled));
    assert!(w.enrolment(xa).await.completed_at.is_none());
    assert_eq!(w.counted().await, 1);
    w.agrees().await;
}

#[actix_web::test]
async fn the_rule_is_set_before_anybody_learns_by_it() {
    let mut w = world(None).await;
    let path = format!("{RUN}/du-buoi");
    w.one.get(&path).await.is(409);
    w.one.post(&path, &[("attendance", "all")]).await.is(409);
    let new = |attendance, sessions| {
        vec![
            ("course", "KM-01"),
            ("unit", "BKHCN-2025"),
            ("code", "BH-02"),
            ("opens", "01/12/2026"),
            ("closes", "20/12/2026"),
            ("enrolment", "open"),
            ("attendance", attendance),
            ("sessions", sessions),
        ]
    };
    w.one.post("/lop", &new("least", "0")).await.is(422).says("Ghi số buổi từ 1 đến 200");
    w.one.post("/lop", &new("least", "2")).await.is(303);
    w.one.get("/lop/BH-02").await.is(200).says("Cần dự ít nhất 2 buổi");
    w.one.post("/lop/BH-02/du-buoi", &[("attendance", "all")]).await.is(303);
    w.one.get("/lop/BH-02").await.is(200).says("Cần dự tất cả các buổi");
    w.one.get("/lop/BH-02/du-buoi").await.is(200).says("Hiện lớp có 0 buổi");
}
