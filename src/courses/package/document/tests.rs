use proptest::prelude::*;

use super::*;

fn codes(body: &str) -> Vec<&'static str> {
    parse(body).faults.iter().map(|(_, fault)| fault.code).collect()
}

fn ids(list: &[Located<String>]) -> Vec<&str> {
    list.iter().map(|located| located.value.as_str()).collect()
}

#[test]
fn marks_are_found_in_text_only() {
    let document =
        parse("A [@vb-1] [@vb-2, mục\n2] `[@vb-3] {x}` \\[@vb-4] &#123;x&#125; {một thuật ngữ}.\n\n    [@vb-5] {\n");
    assert!(document.faults.is_empty(), "{:?}", document.faults);
    assert_eq!(ids(&document.cites), ["vb-1", "vb-2"]);
    let Block::Paragraph(inlines) = &document.blocks[0] else { panic!() };
    let terms: Vec<_> = inlines.iter().filter(|inline| matches!(inline, Inline::Term(_))).collect();
    assert_eq!(terms.len(), 1);
    assert!(inlines.iter().any(|i| matches!(i, Inline::Cite { place, .. } if place == "mục 2")));
}

#[test]
fn checks_stand_alone() {
    let document = parse("Một\n\n::check{a-1}\n::check{a-2}\n\nHai");
    assert!(document.faults.is_empty(), "{:?}", document.faults);
    assert_eq!(ids(&document.checks), ["a-1", "a-2"]);
    assert!(matches!(document.blocks[2], Block::Check(_)));
    for bad in ["Chữ\n::check{a-1}", "- ::check{a-1}", "> ::check{a-1}", "::check{A}", "::check", "::check{a-1} **b**"]
    {
        assert!(codes(bad).iter().any(|code| code.starts_with("check") || *code == "mixed"), "{bad} {:?}", codes(bad));
    }
}

#[test]
fn callouts() {
    let document = parse("> [!vi-du] Một\n> hai\n\n> [!canh-bao]\n>\n> Ba\n\n> Trích dẫn thường");
    assert!(document.faults.is_empty(), "{:?}", document.faults);
    let kinds: Vec<_> = document.blocks.iter().map(|block| matches!(block, Block::Callout { .. })).collect();
    assert_eq!(kinds, [true, true, false]);
    assert_eq!(codes("> [!note]\n> x"), ["callout-kind"]);
    assert_eq!(codes("> [!vi-du]"), ["callout-empty"]);
}

#[test]
fn only_known_things_pass() {
    assert_eq!(codes("a <b>c</b>"), ["html", "html"]);
    assert_eq!(codes("<div>\n<p>\n</div>\n"), ["html"]);
    assert_eq!(codes("<!-- ghi chú -->"), ["html"]);
    assert_eq!(codes("# Một"), ["heading-level"]);
    assert_eq!(codes("## Một\n\n#### Ba"), ["heading-level"]);
    assert_eq!(codes("[a](javascript:alert) [b](JaVaScRiPt:x) [c](data:x) [d](x.md) [e](//h/x)"), ["link"; 5]);
    assert_eq!(codes("[a](http://h) [b](HTTPS://h/ế) [c](mailto:a@b) <https://h> <a@b.vn>"), [""; 0]);
    assert_eq!(codes("![a](http://h/a.png)"), ["image"]);
    assert_eq!(codes("![a](../assets/../a.png)"), ["image"]);
    assert_eq!(codes("![](../assets/a.png)"), ["alt"]);
    assert_eq!(codes("![a](../assets/a.pdf)"), ["image"]);
    assert_eq!(codes("a ![a](../assets/a.png)"), ["mixed"]);
    assert_eq!(codes("- ![a](../assets/a.png)"), ["mixed"]);
    assert_eq!(codes("a[^1]"), ["note-missing"]);
    assert_eq!(codes("{a\nb}"), ["brace", "brace"]);
    assert_eq!(codes("{}"), ["term-length"]);
    assert_eq!(codes("a &#x202e; b"), ["text-hidden"]);
    assert_eq!(codes(&"> ".repeat(5000)), ["deep"]);
    assert_eq!(codes(&format!("{}a", "- ".repeat(5000))), ["deep"]);
    assert_eq!(codes(&format!("{}a{}", "*".repeat(5000), "*".repeat(5000))), ["deep"]);
}

#[test]
fn places_count_from_the_mark() {
    let body = "Một [@vb-1].\n\nHai {x";
    let document = parse(body);
    assert_eq!(&body[document.cites[0].at..][..6], "[@vb-1");
    assert_eq!(&body[document.faults[0].0..], "{x");
}

#[test]
fn headings_have_names_of_their_own() {
    let document = parse("## Một\n\n## Một\n\n## Điểm *mới*");
    assert_eq!(document.headings, ["mot", "mot-2", "diem-moi"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn garbage_never_panics(body in "(?s).{0,200}") {
        let _ = parse(&body);
    }

    #[test]
    fn markdown_like_garbage_never_panics(body in "[\\n >*_#`|\\[\\]()!@{}:^<&;~+=1a-cế.,/\\\\-]{0,160}") {
        let _ = parse(&body);
    }
}
