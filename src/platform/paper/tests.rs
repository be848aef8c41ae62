use super::{layout::Mark, *};

fn table(rows: usize) -> Block {
    let column = |head: &str, weight, align| Column { head: head.to_owned(), weight, align };
    Block::Table(Table {
        caption: "Biểu số 01. Kết quả theo cơ quan".to_owned(),
        columns: vec![
            column("Cơ quan", 4.0, Align::Left),
            column("Người", 1.0, Align::Right),
            column("Lượt", 1.0, Align::Right),
        ],
        rows: (0..rows)
            .map(|n| Row {
                cells: vec![format!("Ủy ban nhân dân phường Minh họa số {n}"), "1.234".to_owned(), "–".to_owned()],
                is_total: n + 1 == rows,
            })
            .collect(),
        size: 10.0,
    })
}

fn paper(blocks: Vec<Block>) -> Document {
    Document {
        title: "Báo cáo minh họa".to_owned(),
        subject: "Minh họa".to_owned(),
        author: "Cơ quan Minh họa".to_owned(),
        id: "minh-hoa".to_owned(),
        at: "2026-04-05T03:31:00Z".parse().unwrap(),
        blocks,
    }
}

fn words(count: usize) -> Block {
    let text = "Trong kỳ báo cáo, các cơ quan đã tổ chức nhiều lớp. ".repeat(count);
    Block::Text(Text::new(text, Cut::Regular, 13.0).align(Align::Both).indent(28.0))
}

fn said(page: &layout::SetPage, is_leaf: bool) -> String {
    let of = |mark: Mark| matches!(mark, Mark::Leaf(_)) == is_leaf;
    let lines = page.lines.iter().filter(|placed| of(placed.mark));
    lines.flat_map(|placed| placed.line.runs.iter().map(|run| run.text.as_str())).collect::<Vec<_>>().join("|")
}

#[test]
fn a_table_goes_on_with_its_heads_again_and_pages_are_numbered() {
    let sheets = layout::set(&[words(20), table(120)]).unwrap();
    assert!(sheets.pages.len() >= 3, "{}", sheets.pages.len());
    for (index, page) in sheets.pages.iter().enumerate().skip(1) {
        let again = said(page, false);
        assert!(again.contains("Cơ quan|Người|Lượt"), "page {index}: {again}");
        assert!(again.ends_with(&(index + 1).to_string()), "page {index}: {again}");
        // Heads are read once, on the first page.
        assert!(!said(page, true).contains("Cơ quan|Người"));
    }
    assert_eq!(said(&sheets.pages[0], false), "", "the first page has no number");
    for page in &sheets.pages {
        for placed in page.lines.iter().filter(|placed| matches!(placed.mark, Mark::Leaf(_))) {
            assert!(placed.baseline > TOP && placed.baseline <= BOTTOM, "inside the margins");
            assert!(placed.left + placed.line.x + placed.line.width <= RIGHT + 0.1);
        }
    }
}

#[test]
fn both_edges_are_straight_save_in_the_last_line() {
    let sheets = layout::set(&[words(6)]).unwrap();
    let lines = &sheets.pages[0].lines;
    let ends: Vec<f32> = lines.iter().map(|placed| placed.left + placed.line.x + placed.line.width).collect();
    for end in &ends[..ends.len() - 1] {
        assert!((end - RIGHT).abs() < 0.5, "{ends:?}");
    }
    assert!(ends[ends.len() - 1] < RIGHT - 1.0);
}

#[test]
fn the_same_paper_gives_the_same_bytes_and_is_sound() {
    let heading = Text::new("I. KẾT QUẢ", Cut::Bold, 13.0).role(Role::Heading(2));
    let columns = Block::Columns {
        left: vec![Text::new("CƠ QUAN MINH HỌA", Cut::Bold, 12.0).align(Align::Centre).rule(0.4)],
        right: vec![Text::new("Độc lập", Cut::Bold, 12.0).align(Align::Centre).rule(1.0)],
        share: 0.4,
        before: 0.0,
    };
    let document = paper(vec![columns, Block::Text(heading), words(30), table(60)]);
    // The writer checks PDF/A-2a and PDF/UA-1 as it writes.
    let (one, two) = (pdf(&document).unwrap(), pdf(&document).unwrap());
    assert!(one == two && one.starts_with(b"%PDF-1.7"));
}

#[test]
fn what_cannot_be_printed_is_named() {
    let text = Block::Text(Text::new("Tỉnh 日", Cut::Regular, 13.0));
    assert_eq!(pdf(&paper(vec![text])).unwrap_err(), PaperError::Unprintable { character: '日' });
    assert_eq!(unprintable("Tỉnh\nLào Cai"), None);
    assert_eq!(unprintable("😀"), Some('😀'));
}
