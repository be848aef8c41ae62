//! Who sees which list, and where people sit.

use super::*;

#[actix_web::test]
async fn a_keeper_sees_their_site_and_no_other_and_another_agency_nothing() {
    let mut w = world(Some(1)).await;
    w.plan("Buổi một", FIRST).await;
    w.later(6).await;
    let far = w.app.person_as("Cán bộ Xa", Role::Officer, "P24-2025").await;
    let near = w.app.person_as("Cán bộ Gần", Role::Officer, "P15-2025").await;
    let (mut far, mut near) = (w.app.sign_in(&far).await, w.app.sign_in(&near).await);
    let mut learner = w.app.sign_in(&w.people[0].0).await;
    let session = format!("{RUN}/buoi/1");
    for ending in ["", "/danh-sach.xlsx", "/nhap", "/ban-ky/1"] {
        w.keeper.get(&format!("{}{ending}", site(1, 1))).await.is(404);
        far.get(&format!("{}{ending}", site(1, 2))).await.is(404);
        learner.get(&format!("{}{ending}", site(1, 2))).await.is(404);
    }
    far.get(&session).await.is(404);
    far.get(&format!("{session}/lich.ics")).await.is(404);
    far.get(&format!("{RUN}/buoi")).await.is(403);
    far.post(&format!("{}/xac-nhan", site(1, 2)), &[]).await.is(404);
    learner.get(&session).await.is(200).says_not("Điểm danh");
    w.keeper.get(&session).await.is(200).says(&site(1, 2)).says_not(&site(1, 1));
    w.keeper.post(&format!("{session}/huy"), &[("reason", "x")]).await.is(403);
    w.keeper.get(&format!("{session}/sua")).await.is(403);
    w.keeper.post(&format!("{}/xac-nhan", site(1, 2)), &[]).await.is(403);
    // The training officer of the hosting unit may be the second person, and writes no list.
    w.keeper.post(&site(1, 2), &[("action", "rest")]).await.is(303);
    w.keeper.post(&site(1, 2), &[("action", "submit")]).await.is(303);
    near.get(&site(1, 1)).await.is(404);
    near.post(&site(1, 2), &[("action", "rest")]).await.is(403);
    near.post(&format!("{}/xac-nhan", site(1, 2)), &[]).await.is(303);
    assert_eq!(w.enrolment(w.people[0].1).await.attended, 1);
}

#[actix_web::test]
async fn nobody_on_the_list_confirms_it() {
    let mut w = world(Some(1)).await;
    w.plan("Buổi một", FIRST).await;
    let officer = w.app.person_as("Cán bộ Học", Role::Officer, "P15-2025").await;
    let (now, run, id) = (w.app.app.now(), w.run.id, officer.id);
    w.app.write(move |c| learning::enrol(c, now, &classes::as_person(id), run, id, &Entry::Open)).await;
    w.later(6).await;
    w.keeper.post(&site(1, 2), &[("action", "rest")]).await.is(303);
    w.keeper.post(&site(1, 2), &[("action", "submit")]).await.is(303);
    let mut officer = w.app.sign_in(&officer).await;
    officer.get(&site(1, 2)).await.is(200).says("chờ người thứ hai");
    officer.post(&format!("{}/xac-nhan", site(1, 2)), &[]).await.is(409).says("phải là người khác");
}

#[actix_web::test]
async fn people_sit_with_their_unit_unless_they_choose_or_are_given_a_site() {
    let mut w = world(Some(1)).await;
    w.plan("Buổi một", FIRST).await;
    let session = format!("{RUN}/buoi/1");
    let mut an = w.app.sign_in(&w.people[0].0).await;
    an.get(&session).await.is(200).says("Đang ở: Điểm cầu tỉnh").says("Chọn điểm cầu");
    an.post(&format!("{session}/chon"), &[]).await.is(422).says("Cần chọn điểm cầu");
    an.post(&format!("{session}/chon"), &[("site", "9")]).await.is(404);
    an.post(&format!("{session}/chon"), &[("site", "1")]).await.is(303);
    an.get(&session).await.is(200).says("Đang ở: Điểm cầu trung tâm");
    let give = |person: &'static str| [("person", person), ("site", "2")];
    w.one.post(&format!("{session}/xep"), &give("nguoi-giu")).await.is(422).says("Không có học viên này trong lớp");
    w.one.post(&format!("{session}/xep"), &give("hoc-vien-xa")).await.is(303);
    w.later(2).await;
    w.keeper.get(&site(1, 2)).await.is(200).says("Học viên Ánh").says("Học viên Xa").says_not("Học viên An<");
    w.one.get(&site(1, 1)).await.is(200).says("Học viên An</span>").says_not("Học viên Xa</span>");
    an.post(&format!("{session}/chon"), &[("site", "2")]).await.is(409);
    // Those who run the class still may, until the list is sent.
    w.one.post(&format!("{session}/xep"), &give("hoc-vien-an")).await.is(303);
    w.later(4).await;
    w.keeper.post(&site(1, 2), &[("action", "rest")]).await.is(303);
    w.keeper.post(&site(1, 2), &[("action", "submit")]).await.is(303);
    let away = [("person", "hoc-vien-an"), ("site", "1")];
    w.one.post(&format!("{session}/xep"), &away).await.is(409);
    w.agrees().await;
}

#[actix_web::test]
async fn a_site_belongs_to_a_unit_and_its_keeper_works_there() {
    let mut w = world(None).await;
    let mut wrong = session("Buổi một", FIRST);
    wrong[6] = ("unit", "KHONG-CO");
    wrong[7] = ("place", "");
    wrong[9] = ("keeper", "khong-ai");
    let refused = w.one.post(&format!("{RUN}/buoi"), &wrong).await;
    refused.is(422).says("Không có đơn vị nào có mã này").says("Không có người này ở đơn vị");
    let mut wrong = session("Buổi một", FIRST);
    wrong[7] = ("place", "");
    wrong[9] = ("keeper", "nguoi-giu");
    let refused = w.one.post(&format!("{RUN}/buoi"), &wrong).await;
    refused.is(422).says("Cần ghi địa điểm hoặc liên kết").says("Không có người này ở đơn vị");
    let mut wrong = session("", "32/11/2026");
    wrong[8] = ("link", "javascript:alert(1)");
    w.one.post(&format!("{RUN}/buoi"), &wrong).await.is(422).says("Cần nhập tên buổi học").says("Cần nhập ngày");
    let mut wrong = session("Buổi một", FIRST);
    wrong[8] = ("link", "javascript:alert(1)");
    w.one.post(&format!("{RUN}/buoi"), &wrong).await.is(422).says("Liên kết bắt đầu bằng https://");
    assert_eq!(
        w.app
            .read({
                let id = w.run.id;
                move |c| events::sessions(c, id)
            })
            .await
            .len(),
        0
    );
    w.plan("Buổi một", FIRST).await;
    // The site of the province moves: everybody is told; it is taken away, and the last stays.
    let mut moved = province();
    moved[2] = ("place", "Hội trường A");
    w.one.get(&format!("{}/sua", site(1, 2))).await.is(200).says("nguoi-giu").says("Bỏ điểm cầu này");
    w.one.post(&format!("{}/sua", site(1, 2)), &moved).await.is(303);
    w.app.run_jobs().await;
    assert_eq!(w.told(w.people[0].0.id, "notifications-session-changed").await, 1);
    w.one.post(&format!("{}/bo", site(1, 2)), &[]).await.is(303);
    w.one.post(&format!("{}/bo", site(1, 1)), &[]).await.is(409);
    w.one.get(&format!("{RUN}/buoi/1")).await.is(200).says_not(&site(1, 2));
    // Once it has begun, only who keeps the list changes.
    w.later(2).await;
    let mut other = session("Buổi một", FIRST).split_off(5);
    other[4] = ("keeper", "giang-vien-hai");
    w.one.post(&format!("{}/sua", site(1, 1)), &other).await.is(303);
    other[2] = ("place", "Phòng khác");
    w.one.post(&format!("{}/sua", site(1, 1)), &other).await.is(409);
}
