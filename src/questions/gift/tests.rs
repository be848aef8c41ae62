use proptest::prelude::*;

use super::super::model::{Answer, AnswerOption, Decimal, ItemKind, NumericAnswer, Pair, Side, Weight, grade};
use super::*;

const HOME: Home<'_> = Home::Bank { topic: "phien-ban" };

fn good(text: &str) -> Item {
    let Reading { questions: mut items, faults, .. } = parse("a.gift", &format!("// id: q-001\n{text}"), HOME);
    assert!(faults.iter().all(|fault| !fault.is_error()), "{faults:?}");
    assert_eq!(items.len(), 1);
    items.remove(0).item
}

fn bad(text: &str) -> (String, u32, u32) {
    let Reading { questions: items, faults, broken } = parse("a.gift", &format!("// id: q-001\n{text}"), HOME);
    assert_eq!(broken[0].0, "q-001");
    assert!(items.is_empty());
    let fault = faults.into_iter().find(Fault::is_error).expect("a fault");
    (fault.code.to_owned(), fault.place.line, fault.place.column)
}

fn choose(item: &Item, texts: &[&str]) -> f64 {
    let (ItemKind::Single { options } | ItemKind::Multiple { options }) = &item.kind else { panic!("{item:?}") };
    let ids: Vec<String> =
        options.iter().filter(|option| texts.contains(&option.text.as_str())).map(|option| option.id.clone()).collect();
    assert_eq!(ids.len(), texts.len());
    let answer = match item.kind {
        ItemKind::Single { .. } => Answer::Choice { option: ids[0].clone() },
        _ => Answer::Choices { options: ids.into_iter().collect() },
    };
    grade(item, &answer)
}

#[test]
fn one_answer() {
    let item = good("::Tên::Năm nào? {\n  =2015#Đúng\n  ~2019 # Chưa\n ~%50%2014\n ####Chung \\#1\n}");
    assert_eq!((item.title.as_str(), item.text.as_str(), item.feedback.as_str()), ("Tên", "Năm nào?", "Chung #1"));
    assert_eq!(choose(&item, &["2015"]), 1.0);
    assert_eq!(choose(&item, &["2014"]), 0.5);
    assert_eq!(choose(&item, &["2019"]), 0.0);
    let ItemKind::Single { options } = &item.kind else { panic!() };
    assert_eq!(options[1].feedback, "Chưa");
}

#[test]
fn several_answers() {
    let item = good("Chọn ba {~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-50%d}");
    assert_eq!(choose(&item, &["a", "b", "c"]), 1.0);
    assert_eq!(choose(&item, &["a", "b", "c", "d"]), 0.49999);
    assert_eq!(choose(&item, &["d"]), 0.0);
}

#[test]
fn other_kinds() {
    let item = good("Đúng không? {F#chưa đúng#chính xác}");
    let ItemKind::TrueFalse { answer, when_right, when_wrong } = &item.kind else { panic!() };
    assert_eq!((*answer, when_right.as_str(), when_wrong.as_str()), (false, "chính xác", "chưa đúng"));

    let item = good("Số? {=2323 =%50%2323/QĐ#thiếu cơ quan}");
    assert_eq!(grade(&item, &Answer::Text { text: " 2323/qđ. ".into() }), 0.5);

    let item = good("Bao nhiêu? {#=10000 =%50%9000..11000#gần}");
    assert_eq!(grade(&item, &Answer::Number { text: "10.000".into() }), 1.0);
    assert_eq!(grade(&item, &Answer::Number { text: "9.500,5".into() }), 0.5);
    assert_eq!(grade(&good("Số {#0.1:0.05}"), &Answer::Number { text: "0,15".into() }), 1.0);
    assert_eq!(grade(&good("Số {#3#ba}"), &Answer::Number { text: "3".into() }), 1.0);

    let item = good("Ghép {=1.0 -> 2015 =2.0 -> 2019 = -> 2030}");
    let ItemKind::Matching { pairs, distractors } = &item.kind else { panic!() };
    assert_eq!((pairs.len(), distractors[0].text.as_str()), (2, "2030"));

    let item = good("Ban hành năm {=2015 ~2019} bởi Bộ.");
    assert_eq!(item.text, "Ban hành năm _____ bởi Bộ.");
}

#[test]
fn escapes_and_comments() {
    let item = good("// tags: a, b , a\n// source: cv-1\nA \\{x\\} \\= y\\nhai\n// ghi chú\n ba {=c\\~d ~e\\#f}");
    assert_eq!(item.text, "A {x} = y\nhai ba");
    assert_eq!(item.tags, ["a", "b"]);
    let ItemKind::Single { options } = &item.kind else { panic!() };
    assert_eq!((options[0].text.as_str(), options[1].text.as_str()), ("c~d", "e#f"));
}

#[test]
fn faults_have_places() {
    let at = |code: &str, line, column| (code.to_owned(), line, column);
    assert_eq!(bad("Không có ngoặc"), at("gift-no-answers", 2, 1));
    assert_eq!(bad("Hỏi {=a ~b"), at("gift-unclosed", 2, 5));
    assert_eq!(bad("Hỏi {}"), at("gift-essay", 2, 5));
    assert_eq!(bad("Hỏi {=a ~}"), at("gift-empty-option", 2, 9));
    assert_eq!(bad("Hỏi {=a\n =b\n ~c}"), at("gift-two-keys", 3, 2));
    assert_eq!(bad("Hỏi {~a ~b}"), at("gift-no-key", 2, 6));
    assert_eq!(bad("Hỏi {~%50%a ~%20%b}"), at("gift-sum", 2, 6));
    assert_eq!(bad("Hỏi {=a ~%x%b}"), at("gift-weight", 2, 9));
    assert_eq!(bad("Hỏi {=a ~a}"), at("gift-same-option", 2, 9));
    assert_eq!(bad("Hỏi {=a ~b{c}}"), at("gift-brace", 2, 11));
    assert_eq!(bad("Hỏi {#1,5}"), at("gift-number", 2, 7));
    assert_eq!(bad("Hỏi {=a -> b =c}"), at("gift-pair", 2, 14));
    assert_eq!(bad("[html]Hỏi {=a ~b}"), at("gift-html", 2, 1));
    assert_eq!(bad("// difficulty: 4\nHỏi {T}"), at("gift-value", 2, 16));
    assert_eq!(bad("// topic: khac\nHỏi {T}"), at("gift-topic", 2, 11));
    let faults = parse("a.gift", "Hỏi {T}\n\n// id: q-002\n\n// dificulty: 1\n// id: q-003\nHỏi {F}", HOME).faults;
    let seen: Vec<_> = faults.iter().map(|fault| (fault.code, fault.place.line)).collect();
    assert_eq!(seen, [("gift-no-id", 1), ("gift-lost-notes", 3), ("gift-key", 5)]);
}

/// Texts in the normal form `plain` gives, heavy with characters that mean something in GIFT.
fn words() -> impl Strategy<Value = String> {
    proptest::collection::vec("[a-zàảãđêếộữỹĐỆƯ0-9~=#{}:\\\\>/%$\\[\\]!.n-]{1,8}", 1..5)
        .prop_map(|words| words.join(" "))
}

fn said() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), words(), (words(), words()).prop_map(|(a, b)| format!("{a}\n{b}"))]
}

fn distinct(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    proptest::collection::btree_set(words(), count).prop_map(|set| set.into_iter().collect())
}

pub fn kind() -> impl Strategy<Value = ItemKind> {
    let option =
        |text: String, weight: i32, feedback: &str| AnswerOption::new("q-001", text, Weight(weight), feedback.into());
    let single = (distinct(2..5), said(), -99_000i32..99_999).prop_map(move |(texts, said, other)| {
        let weigh = |at: usize| [other, 100_000][usize::from(at == 1)];
        ItemKind::Single { options: texts.into_iter().enumerate().map(|(at, t)| option(t, weigh(at), &said)).collect() }
    });
    let multiple = (distinct(3..6), said()).prop_map(move |(texts, said)| {
        let weigh = |at: usize| [33_333, 66_667, -100_000, 0, -250][at];
        ItemKind::Multiple {
            options: texts.into_iter().enumerate().map(|(at, t)| option(t, weigh(at), &said)).collect(),
        }
    });
    let short = (distinct(1..4), said()).prop_map(move |(texts, said)| {
        let weigh = |at: usize| [100_000, 50_500, 1][at];
        ItemKind::Short { answers: texts.into_iter().enumerate().map(|(at, t)| option(t, weigh(at), &said)).collect() }
    });
    let numeric = (-99_999i64..99_999, 0u32..5000, said()).prop_map(|(value, width, feedback)| {
        let min = Decimal::parse(&format!("{value}.25")).unwrap();
        let max = min.plus(Decimal::parse(&width.to_string()).unwrap()).unwrap();
        let one = NumericAnswer { min, max, weight: Weight::FULL, feedback: feedback.clone() };
        ItemKind::Numeric { answers: vec![one, NumericAnswer { min, max: min, weight: Weight(12_345), feedback }] }
    });
    let truth = (any::<bool>(), said(), said()).prop_map(|(answer, when_right, when_wrong)| ItemKind::TrueFalse {
        answer,
        when_right,
        when_wrong,
    });
    let matching = (distinct(3..6), words()).prop_map(|(texts, other)| {
        let side = |text: &str| Side::new("q-001", text.to_owned());
        let pairs = texts.iter().map(|text| Pair { left: side(text), right: side(&texts[0]) }).collect();
        ItemKind::Matching { pairs, distractors: vec![side(&other)] }
    });
    prop_oneof![single, multiple, short, numeric, truth, matching]
}

prop_compose! {
    fn item()(text in words(), more in said(), title in said(), feedback in said(), kind in kind(),
              difficulty in 1u8..=3, version in 1u32..9, shuffle in any::<bool>()) -> Item {
        let text = if more.is_empty() { text } else { format!("{text}\n{more}") };
        Item {
            id: "q-001".into(), version, module: None, topic: "phien-ban".into(), difficulty,
            sources: vec!["cv-1178-2015".into()], tags: vec!["a b".into()], shuffle,
            title: title.replace('\n', " "), text, feedback, kind,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back(item in item()) {
        let text = write(&[&item]);
        let Reading { questions: read, faults, .. } = parse("a.gift", &text, HOME);
        prop_assert!(faults.iter().all(|fault| !fault.is_error()), "{}\n{:?}", text, faults);
        prop_assert_eq!(&read[0].item, &item, "{}", text);
        prop_assert_eq!(read.len(), 1);
    }

    #[test]
    fn garbage_never_panics(text in "(?s).{0,200}") {
        let _ = parse("a.gift", &text, HOME);
    }

    #[test]
    fn gift_like_garbage_never_panics(text in "[\\n {}=~#%:\\\\>./a1ế-]{0,120}") {
        let items = parse("a.gift", &format!("// id: q-001\n{text}"), Home::Module { id: "m-1" }).questions;
        for parsed in items {
            let item = parsed.item;
            prop_assert_eq!(grade(&item, &item.right_answer()), 1.0);
            let written = write(&[&item]);
            let again = parse("a.gift", &written, Home::Module { id: "m-1" }).questions;
            prop_assert_eq!(&again[0].item, &item, "{}", written);
        }
    }
}
