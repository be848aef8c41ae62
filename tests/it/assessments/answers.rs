//! How answers are kept.

use super::*;

#[actix_web::test]
async fn answers_only_go_forward() {
    let class = class("never", 3).await;
    let attempt = class.start().await;
    let position = class.position(&attempt, "km-q-ngan");
    let mut runner = TestRunner::deterministic();
    for round in 0..12_i64 {
        let base = round * 100;
        let orders = Just((1..=9_i64).collect::<Vec<_>>()).prop_shuffle();
        let order = orders.new_tree(&mut runner).unwrap().current();
        let mut highest = 0;
        for sequence in order {
            highest = highest.max(sequence);
            let text = format!("lần {}", base + sequence);
            let kept = class.save(&attempt, position, Answer::Text { text }, base + sequence).await.unwrap();
            assert_eq!(kept, base + highest);
        }
        let kept = class.app.read(move |c| queries::answers(c, attempt.id)).await;
        assert_eq!(kept[&position].0, Answer::Text { text: format!("lần {}", base + 9) });
    }
    // The same once more, as after an acknowledgement that got lost, and another answer under the same number.
    let kept = class.save(&attempt, position, Answer::Text { text: "khác".to_owned() }, 1109).await.unwrap();
    assert_eq!(kept, 1110, "whoever sent it hears that another answer stands");
    let kept = class.app.read(move |c| queries::answers(c, attempt.id)).await;
    assert_eq!(kept[&position].0, Answer::Text { text: "lần 1109".to_owned() });
}

#[actix_web::test]
async fn thirty_saves_at_once_all_count() {
    let class = class("never", 3).await;
    let attempt = class.start().await;
    let now = class.app.app.now();
    let right = class.right(&attempt);
    let mut saves = Vec::new();
    for sequence in 1..=5_i64 {
        for (position, answer) in &right {
            let answer = if sequence == 5 { answer.clone() } else { Answer::Empty };
            let sent = Sent { position: *position, answer, sequence };
            let (db, id) = (class.app.app.db.clone(), attempt.id);
            saves.push(actix_web::rt::spawn(
                async move { db.write("test", move |c| save_answer(c, now, id, &sent)).await },
            ));
        }
    }
    assert_eq!(saves.len(), 30);
    for save in saves {
        save.await.unwrap().unwrap();
    }
    let kept = class.app.read({
        let id = attempt.id;
        move |c| queries::answers(c, id)
    });
    assert!(kept.await.values().all(|(_, kept)| kept.sequence == 5));
    assert_eq!(class.submit(&attempt).await.points_permille, Some(1000));
}

/// Whoever was told "saved" is graded for it, whatever order the database chose.
#[actix_web::test]
async fn what_was_acknowledged_beside_the_submission_is_graded() {
    let class = class("never", 12).await;
    for _ in 0..6 {
        let attempt = class.start().await;
        let (now, by) = (class.app.app.now(), class.by());
        let mut saves = Vec::new();
        for (position, answer) in class.right(&attempt).into_iter().take(2) {
            let sent = Sent { position, answer, sequence: 1 };
            let (db, id) = (class.app.app.db.clone(), attempt.id);
            saves.push(actix_web::rt::spawn(
                async move { db.write("test", move |c| save_answer(c, now, id, &sent)).await },
            ));
        }
        let (db, id) = (class.app.app.db.clone(), attempt.id);
        let end =
            actix_web::rt::spawn(
                async move { db.write("test", move |c| submit(c, now, &by, id, &Observers::NONE)).await },
            );
        let mut acknowledged = 0;
        for save in saves {
            match save.await.unwrap() {
                Ok(_) => acknowledged += 1,
                Err(error) => assert_eq!(key(error), "assessments-answer-submitted"),
            }
        }
        let attempt = end.await.unwrap().unwrap().attempt;
        assert_eq!(attempt.points_permille, Some(acknowledged * 1000 / 6));
    }
}

#[actix_web::test]
async fn what_is_no_answer_is_refused_and_not_kept() {
    let class = class("never", 3).await;
    let attempt = class.start().await;
    let mut browser = class.browser().await;
    let address = format!("{}/tra-loi", path(&attempt));
    let choice = class.position(&attempt, "km-q-mot");
    let typed = class.position(&attempt, "km-q-ngan");
    let long = "a".repeat(501);
    for sent in [
        json!({ "position": 0, "answer": { "type": "empty" }, "sequence": 1 }),
        json!({ "position": 7, "answer": { "type": "empty" }, "sequence": 1 }),
        json!({ "position": choice, "answer": { "type": "choice", "option": "khong-co" }, "sequence": 1 }),
        json!({ "position": choice, "answer": { "type": "text", "text": "hai" }, "sequence": 1 }),
        json!({ "position": typed, "answer": { "type": "text", "text": long }, "sequence": 1 }),
        json!({ "position": typed, "answer": { "type": "text", "text": "12" }, "sequence": 0 }),
        json!({ "position": typed, "answer": { "type": "text", "text": "12" }, "sequence": i64::MAX }),
    ] {
        browser.post_json(&address, &sent).await.is(422).says("không hợp với câu hỏi");
    }
    browser.post_json(&address, &json!({ "position": "một" })).await.is(400);
    let forged = [("content-type", "application/json"), ("accept", "application/json"), ("x-csrf-token", "AAAA")];
    let body = json!({ "position": typed, "answer": { "type": "text", "text": "12" }, "sequence": 1 }).to_string();
    browser.send(reqwest::Method::POST, &address, &forged, Some(body.into_bytes())).await.is(400);
    assert!(class.app.read(move |c| queries::answers(c, attempt.id)).await.is_empty());
}

#[actix_web::test]
async fn a_test_goes_on_after_a_restart() {
    let mut class = class("never", 3).await;
    let attempt = class.start().await;
    let before = class.browser().await.get(&path(&attempt)).await;
    class.answer_all(&attempt).await;
    class.app.later(TimeDelta::minutes(5));
    class.app = class.app.restarted().await;
    let mut elsewhere = class.browser().await;
    let after = elsewhere.get(&path(&attempt)).await;
    after.is(200).says("Đã trả lời 6/6 câu").says("Đã lưu 07:15:00").says("Hết giờ lúc 07:35:00");
    let order = |page: &support::Reply| -> Vec<String> {
        let text = page.text();
        text.split("value=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|v| v.len() == 12)
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(order(&before), order(&after), "the same questions and options in the same order");
    assert_eq!(class.submit(&attempt).await.points_permille, Some(1000));
}
