//! Issuing anew, and what a voided completion or a corrected result does to a certificate: both entries stay, lead to each other, and
//! are seen by whoever looks after the register.

use diesel::{prelude::*, sql_query};
use nongcot::{
    access::{Actor, PersonId, Role},
    certificates::{
        actions,
        model::{Certificate, CertificateId, CertificateState, Decision, Ground, Reissue},
        queries,
    },
    learning::{self, model::CompletionId},
    platform::{db::DbConn, error::Error},
    site,
};

use crate::{
    certificates::{class, faults, finish, issue, journey, lookup},
    records::{self, at, fresh, write},
    support::TestApp,
};

fn decision() -> Decision {
    Decision {
        decision_number: "15/QĐ-MH".to_owned(),
        decision_date: "2026-11-22".parse().unwrap(),
        reason: "Minh họa cấp lại".to_owned(),
    }
}

async fn of(app: &TestApp, completion: i64) -> Certificate {
    app.read(move |c| queries::of_completion(c, completion)).await.unwrap()
}

fn fields<'a>(ground: &'a str, holder: &'a str, position: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("ground", ground),
        ("holder", holder),
        ("position", position),
        ("decision_number", "15/QĐ-MH"),
        ("decision_date", "2026-11-22"),
        ("reason", "Minh họa cấp lại"),
    ]
}

#[actix_web::test]
async fn a_misspelt_name_is_issued_anew_and_both_entries_tell() {
    let (app, learner, completion) = journey().await;
    let old = of(&app, completion).await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "P01").await;
    let auditor = app.person_as("Người đối soát Minh họa", Role::Auditor, "P01").await;
    let mut browser = app.sign_in(&coordinator).await;
    let form = format!("/so-cap/{}/cap-lai", old.code);
    browser.get(&format!("/so-cap/{}", old.code)).await.is(200).says(&form);
    browser.get(&form).await.is(200).says("HỌC VIÊN MINH HỌA MỘT").says("Vì sao cấp lại");
    let right = fields("issuer-error", "Học viên Minh Hoạ Mốt", "Chuyên viên");
    let done = browser.post(&form, &right).await;
    done.is(303);
    let new = of(&app, completion).await;
    assert_eq!(done.location(), format!("/so-cap/{}", new.code));
    assert_eq!((new.number, new.replaces_id), (old.number + 1, Some(old.id)));

    // The new paper: the name as corrected, everything else as it was frozen, a number and a code of its own.
    let (before, after) = (old.paper().unwrap(), new.paper().unwrap());
    assert_eq!(after.holder, "HỌC VIÊN MINH HOẠ MỐT");
    assert_eq!(
        (&after.unit, &after.signer_name, &after.issuing_body, &after.course),
        (&before.unit, &before.signer_name, &before.issuing_body, &before.course)
    );
    assert_ne!((&after.lookup_code, &after.serial_number), (&before.lookup_code, &before.serial_number));
    assert_eq!(after.reissue, Some(format!("Cấp lại cho số {}, cấp ngày 23/11/2026", old.register_number)));

    // Both entries and the log are there for the auditor, with before and after and the decision.
    let mut auditor = app.sign_in(&auditor).await;
    let link = format!("/so-cap/{}", new.code);
    auditor.get(&format!("/so-cap/{}", old.code)).await.is(200).says("Đã thay thế").says(&link).says_not("cap-lai");
    let entry = auditor.get(&link).await;
    entry.is(200).says(&format!("Cấp lại cho số {}", old.register_number)).says("15/QĐ-MH");
    entry.says("<del>HỌC VIÊN MINH HỌA MỘT</del> → HỌC VIÊN MINH HOẠ MỐT").says("Giấy cũ ghi sai do nơi cấp");
    auditor.get("/so-cap").await.is(200).says(&format!("Đã cấp lại dưới số {}", new.register_number));
    auditor.get("/nhat-ky?viec=certificate").await.is(200).says("Cấp lại chứng nhận").says("HỌC VIÊN MINH HOẠ MỐT");
    let table = auditor.get("/so-cap/tai-ve").await;
    table.is(200).says(&format!("Cấp lại cho số {}", old.register_number));
    assert!(table.text().starts_with('\u{feff}') && table.text().lines().count() == 3, "{}", table.text());
    auditor.get("/nhat-ky?viec=certificate").await.is(200).says("Tải sổ cấp");
    auditor.post(&format!("{link}/cap-lai"), &right).await.is(403);

    // Anybody with the old code learns the new number and nothing that leads to the new paper.
    let page = app.visitor().get(&format!("/tra-cuu/{}", old.code)).await;
    page.is(200).says("Đã thay thế").says_not(&new.register_number).says_not(&new.code).says_not("MỐT");
    app.visitor().get(&format!("/tra-cuu/{}", new.code)).await.is(200).says("Còn hiệu lực").says("MỐT");

    // The holder is told, gets the new paper and not the old one.
    app.run_jobs().await;
    assert!(of(&app, completion).await.file_id.is_some());
    let mut own = app.sign_in(&learner).await;
    own.get("/thong-bao").await.is(200).says(&format!("đã được cấp lại dưới số {}", new.register_number));
    own.get(&format!("/chung-nhan/{}/pdf", new.code)).await.is(200);
    own.get(&format!("/chung-nhan/{}/pdf", old.code)).await.is(409);

    // What was replaced is not issued anew again; the newest one may be.
    browser.post(&form, &right).await.is(409);
    let lost = fields("lost", "HỌC VIÊN MINH HOẠ MỐT", "Chuyên viên");
    browser.post(&format!("/so-cap/{}/cap-lai", new.code), &lost).await.is(303);
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
    app.stop().await;
}

#[actix_web::test]
async fn a_reissue_corrects_only_what_it_may() {
    let (app, _, completion) = journey().await;
    let old = of(&app, completion).await;
    let form = format!("/so-cap/{}/cap-lai", old.code);
    let near = app.person_as("Cán bộ Minh họa Một", Role::Officer, "P15-2025").await;
    app.sign_in(&near).await.get(&form).await.is(403);
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "P01").await;
    let mut browser = app.sign_in(&coordinator).await;
    let (name, other) = ("HỌC VIÊN MINH HỌA MỘT", "Trần Thử Nghiệm");
    for (asked, said) in [
        (fields("", name, "Chuyên viên"), "Chọn lý do cấp lại"),
        (fields("issuer-error", name, "Chuyên viên"), "Chưa có nội dung nào được sửa"),
        (fields("lost", "HỌC VIÊN MINH HỌA HAI", "Chuyên viên"), "nội dung phải giữ như giấy cũ"),
        (fields("damaged", name, "Trưởng phòng"), "nội dung phải giữ như giấy cũ"),
        (fields("issuer-error", other, "Chuyên viên"), "khác hẳn họ và tên"),
        (fields("issuer-error", "", "Chuyên viên"), "Nhập họ và tên"),
        (fields("issuer-error", "HỌC VIÊN MINH HỌA 日", "Chuyên viên"), "không in được lên giấy"),
        (fields("result-corrected", name, "Chuyên viên"), "không hợp với trạng thái"),
    ] {
        browser.post(&form, &asked).await.is(422).says(said).says("15/QĐ-MH");
    }
    let undecided: Vec<_> =
        fields("lost", name, "Chuyên viên").into_iter().filter(|f| f.0 != "decision_number").collect();
    browser.post(&form, &undecided).await.is(422).says("Nhập số quyết định");
    let after = of(&app, completion).await;
    assert_eq!((after.id, after.state), (old.id, CertificateState::Valid), "nothing was changed");
    // A position may be corrected too.
    browser.post(&form, &fields("issuer-error", name, "Trưởng phòng")).await.is(303);
    assert_eq!(of(&app, completion).await.paper().unwrap().position.as_deref(), Some("Trưởng phòng"));
    app.stop().await;
}

fn again(c: &mut DbConn, id: CertificateId, by: &Actor, ground: Ground) -> Result<Certificate, Error> {
    let asked = Reissue::unchanged(ground, decision(), &queries::by_id(c, id)?.paper()?);
    actions::reissue(c, by, at("2026-11-23"), id, &asked, &lookup())
}

#[tokio::test]
async fn of_two_reissues_at_once_one_wins() {
    let (db, _held) = fresh().await;
    let (completion, person) = write(&db, |c| {
        let class = class(c);
        let person = records::person(c, "A");
        Ok((finish(c, class, person, false), person))
    })
    .await;
    let id = issue(&db, "2026-11-21", completion).await.unwrap().id;
    for (ground, number) in [(Ground::Lost, 2), (Ground::ResultCorrected, 3)] {
        let id = db.read(move |c| queries::of_completion(c, completion)).await.unwrap().unwrap().id;
        if ground == Ground::ResultCorrected {
            write(&db, move |c| actions::revoke(c, &Actor::system(), at("2026-11-23"), id, &decision())).await;
        }
        let mut running = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let db = db.clone();
            running.spawn(async move { db.write("test", move |c| again(c, id, &Actor::system(), ground)).await });
        }
        let mut numbers = Vec::new();
        while let Some(done) = running.join_next().await {
            match done.unwrap() {
                Ok(new) => numbers.push(new.number),
                Err(Error::Refused(said)) => assert_eq!(said.key, "certificates-refused-reissued-already"),
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(numbers, [number], "{ground}");
    }
    assert_eq!(faults(&db).await, Vec::<String>::new());
    // Nobody issues their own anew.
    let own = Actor { person: Some(PersonId(person)), ..Actor::system() };
    let newest = db.read(move |c| queries::of_completion(c, completion)).await.unwrap().unwrap().id;
    let refused = db.write("test", move |c| again(c, newest, &own, Ground::Lost)).await;
    assert!(matches!(refused, Err(Error::Refused(said)) if said.key == "certificates-refused-own"));
    // A replaced entry whose successor is gone, or one that certifies another completion, is found.
    write(&db, move |c| {
        sql_query("UPDATE certificates SET replaces_id = NULL WHERE number = 2").execute(c)?;
        Ok(())
    })
    .await;
    assert!(faults(&db).await.join("\n").contains("it was replaced, but by none"));
    assert_ne!(id, newest);
}

#[actix_web::test]
async fn a_voided_completion_asks_for_the_revocation_until_it_is_decided() {
    let (app, learner, completion) = journey().await;
    let certificate = of(&app, completion).await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "P01").await;
    let officer = app.person_as("Cán bộ Minh họa Một", Role::Officer, "P15-2025").await;
    let (id, owner) = (coordinator.id.0, learner.id.0);
    app.write(move |c| {
        sql_query(format!("UPDATE people SET email = 'dieu-phoi@example.vn' WHERE id = {id}")).execute(c)?;
        sql_query(format!("UPDATE people SET email = 'hoc-vien@example.vn' WHERE id = {owner}")).execute(c)?;
        Ok(())
    })
    .await;
    let mut browser = app.sign_in(&coordinator).await;
    browser.get("/").await.is(200).says_not("cho-thu-hoi");
    let (now, by) = (app.app.now(), Actor { person: Some(coordinator.id), ..Actor::system() });
    app.write(move |c| {
        let reason = "Minh họa: gian lận";
        learning::actions::void(c, now, &by, CompletionId(completion), reason, &site::OBSERVERS).map(drop)
    })
    .await;
    app.run_jobs().await;

    // Told once, in the inbox and by mail; it stands on the first page and in the list of what is to be done.
    let said = format!("Kết quả học của giấy chứng nhận {} đã bị hủy", certificate.register_number);
    browser.get("/thong-bao").await.is(200).says(&said).says(&format!("/so-cap/{}", certificate.code));
    let letters = app.letters();
    let told = letters.iter().filter(|l| l.contains("dieu-phoi@example.vn") && l.contains("chờ quyết định thu hồi"));
    assert_eq!(told.count(), 1, "{letters:#?}");
    browser.get("/").await.is(200).says("1 giấy chứng nhận chờ quyết định thu hồi").says("cho-thu-hoi");
    browser.get("/so-cap?trang-thai=cho-thu-hoi").await.is(200).says(&certificate.register_number);
    let entry = format!("/so-cap/{}", certificate.code);
    browser.get(&entry).await.is(200).says("Cần quyết định thu hồi").says_not("cap-lai");
    app.sign_in(&officer).await.get("/").await.is(200).says_not("chờ quyết định thu hồi");
    app.sign_in(&officer).await.get("/thong-bao").await.is(200).says_not(&said);

    // Whose completion is voided cannot be certified anew.
    browser.get(&format!("{entry}/cap-lai")).await.is(409);
    let asked = fields("lost", "HỌC VIÊN MINH HỌA MỘT", "Chuyên viên");
    browser.post(&format!("{entry}/cap-lai"), &asked).await.is(409).says("không cấp lại được");

    let fields = [("decision_number", "12/QĐ-MH"), ("decision_date", "2026-11-23"), ("reason", "Minh họa thu hồi")];
    browser.post(&format!("{entry}/thu-hoi"), &fields).await.is(303);
    app.run_jobs().await;
    browser.get("/").await.is(200).says_not("cho-thu-hoi");
    browser.get("/so-cap?trang-thai=cho-thu-hoi").await.is(200).says_not(&certificate.register_number);
    let mut own = app.sign_in(&learner).await;
    own.get("/thong-bao").await.is(200).says(&format!("{} đã bị thu hồi", certificate.register_number));
    let letters = app.letters();
    let told = letters.iter().filter(|l| l.contains("hoc-vien@example.vn") && l.contains("đã bị thu hồi"));
    assert_eq!(told.count(), 1);
    // Voided and revoked: nothing to issue anew either.
    browser.post(&format!("{entry}/cap-lai"), &asked).await.is(409);
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
    app.stop().await;
}

#[actix_web::test]
async fn a_corrected_result_is_revoked_and_issued_anew_before_the_auditor() {
    let (app, _, completion) = journey().await;
    let old = of(&app, completion).await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "P01").await;
    let auditor = app.person_as("Người đối soát Minh họa", Role::Auditor, "P01").await;
    let mut browser = app.sign_in(&coordinator).await;
    let entry = format!("/so-cap/{}", old.code);
    let revoked = [("decision_number", "20/QĐ-MH"), ("decision_date", "2026-11-23"), ("reason", "Điểm đã sửa")];
    browser.post(&format!("{entry}/thu-hoi"), &revoked).await.is(303);
    browser.get(&entry).await.is(200).says("cap-lai");
    let lost = fields("lost", "HỌC VIÊN MINH HỌA MỘT", "Chuyên viên");
    browser.post(&format!("{entry}/cap-lai"), &lost).await.is(422).says("không hợp với trạng thái");
    let corrected = fields("result-corrected", "HỌC VIÊN MINH HỌA MỘT", "Chuyên viên");
    browser.post(&format!("{entry}/cap-lai"), &corrected).await.is(303);
    let new = of(&app, completion).await;
    assert_eq!(new.replaces_id, Some(old.id));
    let mut auditor = app.sign_in(&auditor).await;
    let first = auditor.get(&entry).await;
    first.is(200).says("Đã thu hồi").says("20/QĐ-MH").says(&new.register_number);
    let second = auditor.get(&format!("/so-cap/{}", new.code)).await;
    second.is(200).says("Còn hiệu lực").says("Kết quả học được sửa sau khi cấp").says(&old.register_number);
    let table = auditor.get("/so-cap/tai-ve").await;
    table
        .says("Thu hồi theo Quyết định số 20/QĐ-MH ngày 23/11/2026")
        .says(&format!("Cấp lại cho số {}", old.register_number));
    app.visitor().get(&format!("/tra-cuu/{}", old.code)).await.is(200).says("Đã thu hồi").says("20/QĐ-MH");
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
    app.stop().await;
}
