use chrono::NaiveDate;
use proptest::prelude::*;

use super::super::SourceStatus;
use super::super::{check_files, document};
use super::*;

fn lesson(body: &str) -> Lesson {
    Lesson {
        id: "bai-1".into(),
        slug: "bai".into(),
        title: "Bài".into(),
        reviewed: NaiveDate::default(),
        open: false,
        sources: vec![],
        cited: vec![],
        body: body.into(),
        checks: vec![],
        words: 0,
        minutes: 1,
    }
}

fn sources() -> Vec<Source> {
    let date = NaiveDate::from_ymd_opt(2015, 4, 21);
    let base = Source {
        id: "vb-1".into(),
        number: Some("1/VB".into()),
        date,
        issuer: "Cơ quan <Một>".into(),
        title: "Văn bản \"một\"".into(),
        status: SourceStatus::Replaced,
        replaced_by: Some("vb-2".into()),
        url: Some("javascript:alert(1)".into()),
    };
    let second = Source {
        id: "vb-2".into(),
        number: Some("2/VB".into()),
        status: SourceStatus::InForce,
        replaced_by: None,
        ..base.clone()
    };
    vec![base, second]
}

fn html(body: &str) -> String {
    let sources = sources();
    let url = |path: &str| format!("https://files.example/{path}?a=\"b\"");
    lesson_html(&lesson(body), &Surroundings { sources: &sources, asset_url: &url, asset_size: &|_| Some((640, 480)) })
}

#[test]
fn every_part_has_its_form() {
    let out = html("## Một **hai**\n\nChữ & <https://h/?a=1&b=2> {thuật ngữ}.  \nDòng `x<y`.\n\n1. a\n2. b\n");
    assert_eq!(
        out,
        "<h2 id=\"muc-mot-hai\">Một <strong>hai</strong></h2>\n<p>Chữ &amp; <a href=\"https://h/?a=1&amp;b=2\" rel=\"noopener\">\
         https://h/?a=1&amp;b=2</a> <dfn id=\"tn-thuat-ngu\"><a class=\"term\" href=\"../thuat-ngu#tn-thuat-ngu\">thuật ngữ</a></dfn>.<br>\nDòng <code>x&lt;y</code>.</p>\n<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n"
    );
    assert_eq!(
        html("> [!can-cu] Một"),
        "<aside class=\"callout callout-can-cu\" aria-labelledby=\"hop-1\"><p class=\"callout-title\" id=\"hop-1\">Căn cứ pháp lý</p>\n\
         <p>Một</p>\n</aside>\n"
    );
    assert_eq!(
        html("![Sơ đồ \"x\"](../assets/a.svg \"Hình <1>\")"),
        "<figure><img decoding=\"async\" src=\"https://files.example/a.svg?a=&quot;b&quot;\" alt=\"Sơ đồ &quot;x&quot;\" \
         width=\"640\" height=\"480\"><figcaption>Hình &lt;1&gt;</figcaption></figure>\n"
    );
    assert_eq!(html("::check{a-1}"), "<div class=\"check-slot\" data-item=\"a-1\"></div>\n");
    assert!(html("| a | b |\n|---|--:|\n| 1 | 2 |").contains("<tr><td>1</td><td class=\"align-end\">2</td></tr>"));
    assert!(html("a ~~b~~").contains("~~b~~"));
    assert!(html("![Phim](../assets/a.mp4)").contains("/a.vtt?"));
}

#[test]
fn sources_stand_at_the_end_with_their_state() {
    let out = html("Theo [@vb-1, mục 2] và [@vb-2].");
    assert!(out.contains("<a class=\"citation\" href=\"#nguon-vb-1\">[1/VB, mục 2]</a>"), "{out}");
    assert!(out.contains("<li id=\"nguon-vb-1\"><strong>1/VB</strong>, <time datetime=\"2015-04-21\">21/04/2015</time>, Cơ quan &lt;Một&gt;: "));
    assert!(out.contains("Đã bị thay thế bởi <a href=\"#nguon-vb-2\">2/VB</a> ngày 21/04/2015</span>"));
    assert!(!out.contains("javascript"));
}

#[test]
fn footnotes_lead_there_and_back() {
    let out = html("Một[^a], hai[^a].\n\n[^a]: Chú [^b].\n[^b]: Nữa.");
    assert!(
        out.contains(
            "<sup id=\"dan-chu-1\"><a class=\"note\" href=\"#chu-1\" aria-label=\"Chú thích 1\">1</a></sup>, hai<sup><a"
        ),
        "{out}"
    );
    assert!(out.contains("<li id=\"chu-2\"><p>Nữa.</p>"), "{out}");
}

#[test]
fn nothing_live_gets_through() {
    for body in [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "[a](javascript:alert(1))",
        "[a](java&#x0a;script:alert(1))",
        "![a](javascript:alert(1))",
        "![a](data:image/svg+xml,x)",
        "{<script>}",
        "[@vb-1, <script>]",
        "`<script>`",
        "```\"><script>\n<script>\n```",
        "## <script>",
        "[a](https://h/\"onmouseover=\"x)",
        "| <script> |\n|---|\n| <script> |",
        "[^<script>]\n\n[^<script>]: x",
    ] {
        let out = html(body).to_lowercase();
        assert!(
            !out.contains("<script") && !out.contains("javascript:") && !out.contains("<img src=x"),
            "{body} → {out}"
        );
    }
}

/// The good sample as one page: the whole format at a glance.
#[test]
fn the_good_course_renders() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/courses/good");
    let package = super::super::read_folder(&folder).unwrap();
    let around =
        Surroundings { sources: &package.sources, asset_url: &|path| format!("/tep/{path}"), asset_size: &|_| None };
    let out = lesson_html(&package.modules[0].lessons[0], &around);
    for part in [
        "<h2 id=\"muc-vi-sao-can-dinh-dang\">",
        "href=\"#muc-vi-sao-can-dinh-dang\"",
        "<a href=\"/tep/tai-lieu.pdf\">",
        "callout-luu-y",
        "data-item=\"mh01-q-001\"",
        "{như vầy}",
        "<li id=\"nguon-bao-minh-hoa\">Báo Minh họa: ",
    ] {
        assert!(out.contains(part), "{part} in {out}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the body: tags are ours and balanced, attributes are quoted.
    #[test]
    fn output_is_always_well_formed(body in "[\\n >*_#`|\\[\\]()!@{}:^<&;~+=1a-c\"'.,/\\\\-]{0,160}") {
        let out = html(&body);
        let mut open: Vec<&str> = Vec::new();
        for part in out.split('<').skip(1) {
            let (tag, _) = part.split_once('>').expect("a closed tag");
            let name = tag.split([' ', '/']).next().unwrap();
            if let Some(name) = tag.strip_prefix('/') {
                prop_assert_eq!(open.pop(), Some(name), "{}", out);
            } else {
                prop_assert!(KNOWN.contains(&name), "{} in {}", name, out);
                prop_assert_eq!(tag.matches('"').count() % 2, 0);
                if !["img", "br", "hr", "source", "track"].contains(&name) {
                    open.push(name);
                }
            }
        }
        prop_assert!(open.is_empty(), "{:?} left open in {}", open, out);
    }

    #[test]
    fn garbage_files_never_panic(course in "(?s).{0,80}", lesson in "(?s).{0,120}") {
        let files = [
            ("course.toml".to_owned(), course.into_bytes()),
            ("01-a/01-b.md".to_owned(), format!("+++\n{lesson}").into_bytes()),
        ];
        let _ = check_files(&files.into());
    }
}

const KNOWN: [&str; 36] = [
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "blockquote",
    "aside",
    "pre",
    "code",
    "div",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "figure",
    "figcaption",
    "img",
    "video",
    "source",
    "track",
    "ul",
    "ol",
    "li",
    "a",
    "em",
    "strong",
    "dfn",
    "sup",
    "br",
    "hr",
    "section",
    "time",
    "span",
];

#[test]
fn depth_is_bounded() {
    let body = format!("{}a", "> - ".repeat(20_000));
    assert!(document::parse(&body).faults.iter().any(|(_, fault)| fault.code == "deep"));
    let _ = html(&body);
}
