use super::*;

fn item(kind: ItemKind) -> Item {
    Item {
        id: "q-001".into(),
        version: 1,
        module: None,
        topic: "chung".into(),
        difficulty: 2,
        sources: vec![],
        tags: vec![],
        shuffle: true,
        title: "Tên riêng".into(),
        text: "Hỏi?".into(),
        feedback: "Chung".into(),
        kind,
    }
}

fn option(text: &str, weight: i32) -> AnswerOption {
    AnswerOption::new("q-001", text.into(), Weight(weight), format!("phản hồi {text}"))
}

#[test]
fn the_public_view_betrays_nothing() {
    let kinds = [
        ItemKind::Single { options: vec![option("mot", 100_000), option("hai", 0)] },
        ItemKind::Multiple { options: vec![option("mot", 100_000), option("hai", -100_000)] },
        ItemKind::TrueFalse { answer: true, when_right: "phản hồi".into(), when_wrong: "phản hồi".into() },
        ItemKind::Short { answers: vec![option("mot", 100_000)] },
        ItemKind::Numeric {
            answers: vec![NumericAnswer {
                min: Decimal::parse("4711").unwrap(),
                max: Decimal::parse("4711").unwrap(),
                weight: Weight::FULL,
                feedback: "phản hồi".into(),
            }],
        },
    ];
    for kind in kinds {
        let shown = serde_json::to_string(&item(kind.clone()).public_view()).unwrap();
        for secret in ["phản hồi", "Chung", "100000", "weight", "4711", "true", "Tên riêng"] {
            assert!(!shown.contains(&format!("\"{secret}")) && !shown.contains(secret) || secret == "true", "{shown}");
        }
        if matches!(kind, ItemKind::Short { .. }) {
            assert!(!shown.contains("mot"), "{shown}");
        }
    }
}

#[test]
fn the_order_of_options_does_not_depend_on_the_key() {
    let one = item(ItemKind::Single { options: vec![option("mot", 100_000), option("hai", 0), option("ba", 0)] });
    let other = item(ItemKind::Single { options: vec![option("ba", 100_000), option("mot", 0), option("hai", 0)] });
    assert_eq!(one.public_view(), other.public_view());
    let kept = Item { shuffle: false, ..one };
    let PublicKind::Single { options } = kept.public_view().kind else { panic!() };
    assert_eq!(options.iter().map(|o| o.text.as_str()).collect::<Vec<_>>(), ["mot", "hai", "ba"]);
}

#[test]
fn answers_of_another_kind_or_item_are_worth_nothing() {
    let single = item(ItemKind::Single { options: vec![option("mot", 100_000), option("hai", -50_000)] });
    assert_eq!(grade(&single, &Answer::Empty), 0.0);
    assert_eq!(grade(&single, &Answer::TrueFalse { value: true }), 0.0);
    assert_eq!(grade(&single, &Answer::Choice { option: option_id("q-002", "mot") }), 0.0);
    assert_eq!(grade(&single, &Answer::Choice { option: option_id("q-001", "hai") }), 0.0);
    assert_eq!(grade(&single, &single.right_answer()), 1.0);
    assert_eq!(feedback(&single, &single.right_answer()), ["phản hồi mot", "Chung"]);
}

#[test]
fn pairs_are_graded_by_share() {
    let side = |text: &str| Side::new("q-001", text.into());
    let pairs = ["a", "b", "c", "d"].map(|text| Pair { left: side(text), right: side(&text.to_uppercase()) }).to_vec();
    let matching = item(ItemKind::Matching { pairs, distractors: vec![side("E")] });
    let Answer::Matching { mut pairs } = matching.right_answer() else { panic!() };
    pairs.insert(side("a").id, side("E").id);
    assert_eq!(grade(&matching, &Answer::Matching { pairs }), 0.75);
    let PublicKind::Matching { lefts, rights } = matching.public_view().kind else { panic!() };
    assert_eq!((lefts.len(), rights.len()), (4, 5));
}

#[test]
fn short_answers_forgive_what_is_not_meant() {
    assert_eq!(folded("  Văn  hoá. "), folded("văn hóa"));
    assert_eq!(folded("Thuỷ lợi"), folded("thủy LỢI"));
    assert_eq!(folded("Be\u{302}\u{301}"), folded("bế"));
    assert_ne!(folded("bo"), folded("bộ"));
}

#[test]
fn answers_travel_as_json() {
    let answer = Answer::Choices { options: ["b".to_owned(), "a".to_owned()].into() };
    let json = serde_json::to_string(&answer).unwrap();
    assert_eq!(json, r#"{"type":"choices","options":["a","b"]}"#);
    assert_eq!(serde_json::from_str::<Answer>(&json).unwrap(), answer);
}
