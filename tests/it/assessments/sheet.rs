//! A test as its learner sees it, and nobody else.

use super::*;

#[actix_web::test]
async fn a_test_is_taken_without_a_script() {
    let class = class("never", 3).await;
    let mut browser = class.browser().await;
    browser
        .get(&class.intro())
        .await
        .is(200)
        .says("Bài kiểm tra minh họa")
        .says("6 câu")
        .says("20 phút")
        .says("còn 3/3 lần");
    let begun = browser.post(&class.intro(), &[]).await;
    begun.is(303);
    let sheet = begun.location();
    let attempt = class.app.read(move |c| queries::by_code(c, sheet.trim_start_matches("/bai-lam/"))).await;
    // Pressed twice: the same attempt.
    assert_eq!(browser.post(&class.intro(), &[]).await.location(), path(&attempt));
    browser.get(&path(&attempt)).await.is(200).says("Hết giờ lúc 07:35:00").says("Đã trả lời 0/6 câu");
    class.app.later(TimeDelta::minutes(2));
    let mut answers = class.right(&attempt);
    let left_out = answers.pop().unwrap();
    let saved = post(&mut browser, &path(&attempt), &form(&answers, "0")).await;
    assert_eq!((saved.status, saved.location()), (303, path(&attempt)));
    browser
        .get(&path(&attempt))
        .await
        .is(200)
        .says("Đã trả lời 5/6 câu")
        .says("Đã lưu 07:17:00")
        .says("Đã lưu bài lúc 07:17:00");
    let mut fields = form(&answers, "1");
    fields.push(("action".to_owned(), "submit".to_owned()));
    let end = post(&mut browser, &path(&attempt), &fields).await;
    assert_eq!(end.location(), format!("{}/nop", path(&attempt)));
    let item = &attempt.paper().unwrap().question(left_out.0).unwrap().item.clone();
    browser.get(&end.location()).await.is(200).says("Còn 1/6 câu chưa trả lời").says(&format!("#cau-hoi-{item}"));
    assert!(class.reread(attempt.id).await.submitted_at.is_none());
    let result = browser.post(&end.location(), &[]).await;
    assert_eq!(result.location(), format!("{}/ket-qua", path(&attempt)));
    browser.get(&result.location()).await.is(200).says("Đạt").says("83,3%").says("5/6 câu").says("Đã hoàn thành lớp");
    browser.get(&class.intro()).await.is(200).says("Đạt, 83,3%").says("Đã đạt bài kiểm tra này");
    assert_eq!(class.completions().await, 1);
}

#[actix_web::test]
async fn an_answer_of_a_stale_form_does_not_replace_a_newer_one() {
    let class = class("never", 3).await;
    let attempt = class.start().await;
    let position = class.position(&attempt, "km-q-ngan");
    let text = |text: &str| Answer::Text { text: text.to_owned() };
    class.save(&attempt, position, text("mới"), 50).await.unwrap();
    let mut browser = class.browser().await;
    let stayed = post(&mut browser, &path(&attempt), &form(&[(position, text("cũ"))], "3")).await;
    assert_eq!((stayed.status, stayed.location()), (303, format!("{}?giu={position}", path(&attempt))));
    let shown = browser.get(&stayed.location()).await;
    shown.says("value=\"mới\"").says_not("value=\"cũ\"");
    // Which answer stayed is said above the paper and beside the question.
    shown
        .says(&format!("trừ câu {position}: ở đó giữ câu trả lời mới hơn"))
        .says("Đang giữ câu trả lời gửi từ nơi khác");
    browser.get(&path(&attempt)).await.says_not("Đang giữ câu trả lời gửi từ nơi khác");
    // Nor is anything handed in over it unseen.
    let mut fields = form(&[(position, text("cũ"))], "3");
    fields.push(("action".to_owned(), "submit".to_owned()));
    let not_yet = post(&mut browser, &path(&attempt), &fields).await;
    assert_eq!(not_yet.location(), format!("{}?giu={position}", path(&attempt)));
    post(&mut browser, &path(&attempt), &form(&[(position, text("mới hơn"))], "50")).await.is(303);
    browser.get(&path(&attempt)).await.says("value=\"mới hơn\"");
}

/// Two devices that opened the same page count up to the same number: the second is not told that its answer was saved.
#[actix_web::test]
async fn of_two_answers_with_one_number_the_first_stays_and_the_second_hears_of_it() {
    let class = class("never", 3).await;
    let attempt = class.start().await;
    let position = class.position(&attempt, "km-q-ngan");
    let text = |text: &str| Answer::Text { text: text.to_owned() };
    assert_eq!(class.save(&attempt, position, text("một"), 1).await.unwrap(), 1);
    assert_eq!(class.save(&attempt, position, text("một"), 1).await.unwrap(), 1, "the same once more");
    assert!(class.save(&attempt, position, text("hai"), 1).await.unwrap() > 1);
    let mut browser = class.browser().await;
    let stayed = post(&mut browser, &path(&attempt), &form(&[(position, text("ba"))], "0")).await;
    assert_eq!(stayed.location(), format!("{}?giu={position}", path(&attempt)));
    browser.get(&path(&attempt)).await.says("value=\"một\"");
}

/// The same questions may still be asked in another class.
#[actix_web::test]
async fn the_key_waits_for_every_open_class_of_the_version() {
    let class = class("after-closing", 3).await;
    let attempt = class.start().await;
    class.answer_all(&attempt).await;
    class.submit(&attempt).await;
    let (now, version) = (class.app.app.now(), class.run.version_id);
    class
        .app
        .write(move |c| {
            classes::run(c, now, "KM-09-02", version, "P01", ("2026-12-01", "2027-02-10"))?;
            // One that has not begun does not count.
            classes::run(c, now, "KM-09-03", version, "P01", ("2027-09-01", "2027-10-10")).map(drop)
        })
        .await;
    let result = format!("{}/ket-qua", path(&attempt));
    class.browser().await.get(&result).await.is(200).says("hết ngày 20/12/2026").says_not("option-right");
    class.app.later(TimeDelta::days(40));
    let waits = class.browser().await.get(&result).await;
    waits.is(200).says("mọi lớp đang học phiên bản này kết thúc, hết ngày 10/02/2027").says_not("option-right");
    class.app.later(TimeDelta::days(60));
    class.browser().await.get(&result).await.is(200).says("option-right").says("Tính lại cho chắc");
}

#[actix_web::test]
async fn the_key_stays_on_the_server_until_it_may_leave() {
    for (show_key, at_once, after_closing) in
        [("never", false, false), ("after-closing", false, true), ("after-submit", true, true)]
    {
        let class = class(show_key, 3).await;
        let mut browser = class.browser().await;
        let attempt = class.start().await;
        let clean = |page: &support::Reply| {
            for secret in SECRETS {
                page.says_not(secret);
            }
            page.says_not("option-right").says_not("weight").says_not("notice-good");
        };
        clean(browser.get(&path(&attempt)).await.is(200));
        for (position, answer) in class.right(&attempt) {
            let sent = json!({ "position": position, "answer": answer, "sequence": 7 });
            let reply = browser.post_json(&format!("{}/tra-loi", path(&attempt)), &sent).await;
            let said: serde_json::Value = serde_json::from_slice(&reply.is(200).bytes).unwrap();
            let names: Vec<&String> = said.as_object().unwrap().keys().collect();
            assert_eq!(names, ["now", "position", "saved", "sequence"], "{said}");
        }
        clean(browser.get(&path(&attempt)).await.is(200).says("Đã trả lời 6/6"));
        clean(browser.get(&format!("{}/nop", path(&attempt))).await.is(200));
        let result = format!("{}/ket-qua", path(&attempt));
        assert_eq!(browser.get(&result).await.location(), path(&attempt), "no result before the end");
        class.submit(&attempt).await;
        let shown = |page: &support::Reply, expected: bool| {
            assert_eq!(page.is(200).text().contains("Tính lại cho chắc"), expected, "{show_key}\n{}", page.text());
            assert_eq!(page.text().contains("option-right"), expected, "{show_key}");
        };
        shown(&browser.get(&result).await, at_once);
        class.app.later(TimeDelta::days(40));
        let mut later = class.browser().await;
        shown(&later.get(&result).await, after_closing);
    }
}

#[actix_web::test]
async fn another_learners_attempt_does_not_exist() {
    let class = class("after-submit", 3).await;
    let attempt = class.start().await;
    let other = class.app.person("Học viên Khác", "P01").await;
    let (now, run, id) = (class.app.app.now(), class.run.id, other.id);
    // In the same class, and still nothing of hers.
    class.app.write(move |c| enrol(c, now, &classes::as_person(id), run, id, &Entry::Open)).await;
    let mut browser = class.app.sign_in(&other).await;
    let base = path(&attempt);
    for page in ["", "/nop", "/ket-qua"] {
        browser.get(&format!("{base}{page}")).await.is(404);
    }
    for page in ["", "/nop"] {
        browser.post(&format!("{base}{page}"), &[("q1", "x")]).await.is(404);
    }
    let sent = json!({ "position": 1, "answer": { "type": "empty" }, "sequence": 1 });
    browser.post_json(&format!("{base}/tra-loi"), &sent).await.is(404);
    browser.get("/bai-lam/khong-co").await.is(404);
    let mut stranger = class.app.visitor();
    stranger.post_json(&format!("{base}/tra-loi"), &sent).await.is(401);
    let outside = class.app.person("Người Ngoài Lớp", "P01").await;
    let mut outsider = class.app.sign_in(&outside).await;
    outsider.get(&class.intro()).await.is(404);
    outsider.post(&class.intro(), &[]).await.is(404);
    browser.get(&format!("/lop/{}/kiem-tra/km-khac", class.run.code)).await.is(404);
    assert!(class.reread(attempt.id).await.submitted_at.is_none());
    assert!(class.app.read(move |c| queries::answers(c, attempt.id)).await.is_empty());
    // Who left the class finds no tests of it any more.
    let (by, enrolment) = (class.by(), class.enrolment);
    class.app.write(move |c| withdraw(c, now, &by, enrolment)).await;
    class.browser().await.get(&base).await.is(404);
}
