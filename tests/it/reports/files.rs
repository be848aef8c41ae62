//! What stands in the files of a report.

use std::{
    collections::BTreeMap,
    io::{Cursor, Write},
    process::{Command, Stdio},
};

use calamine::{Data, Reader, Xlsx};
use nongcot::targets::queries;
use serde_json::Value;

use super::{example, file, later, made};
use crate::{
    records::at,
    support::{TestApp, classes::as_person, on_postgres, runs_on_both},
    targets::days,
    targets_pages::one_more,
};

/// Sheets by name, each a list of rows.
fn sheets(bytes: &[u8]) -> BTreeMap<String, Vec<Vec<Data>>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let names = book.sheet_names();
    for name in &names {
        let formulas = book.worksheet_formula(name).expect("a sheet");
        assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()), "no cell is a formula");
    }
    let rows = |book: &mut Xlsx<_>, name: &str| {
        book.worksheet_range(name).expect("a sheet").rows().map(<[Data]>::to_vec).collect()
    };
    names.iter().map(|name| (name.clone(), rows(&mut book, name))).collect()
}

fn table<'a>(sheets: &'a BTreeMap<String, Vec<Vec<Data>>>, title: &str) -> &'a [Vec<Data>] {
    let found = sheets.values().find(|rows| rows.first().is_some_and(|row| row[0].to_string().contains(title)));
    let rows = found.unwrap_or_else(|| panic!("no sheet {title:?} among {:?}", sheets.keys()));
    // A title, an empty line, the heads.
    &rows[3..]
}

fn number(cell: &Data) -> i64 {
    match cell {
        Data::Float(number) => {
            assert_eq!(number.fract(), 0.0);
            format!("{number:.0}").parse().unwrap()
        }
        other => panic!("{other:?} is no number"),
    }
}

fn text_of(pdf: &[u8]) -> Option<String> {
    let mut child = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(pdf).ok()?;
    let out = child.wait_with_output().ok()?;
    Some(String::from_utf8(out.stdout).expect("text"))
}

/// What openpyxl reads of a workbook: a line for each cell that is a number. Where `TEST_PYTHON` has it, as in `tests/run`; once,
/// for the tests compare the files of both databases with the same figures.
fn read_by_another(xlsx: &[u8], sheet: &str) -> Option<Vec<Vec<String>>> {
    if on_postgres() && runs_on_both() {
        return None;
    }
    let python = std::env::var("TEST_PYTHON").ok()?;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bao-cao.xlsx");
    std::fs::write(&path, xlsx).unwrap();
    let script = "import sys, openpyxl\nbook = openpyxl.load_workbook(sys.argv[1])\n\
        assert all(c.data_type != 'f' for s in book for r in s.iter_rows() for c in r)\n\
        for row in book[sys.argv[2]].iter_rows(min_row=4, values_only=True):\n  print('\\t'.join(str(v) for v in row))";
    let out = Command::new(python).args(["-c", script, path.to_str().unwrap(), sheet]).output().expect("python");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout).unwrap();
    Some(text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}

#[actix_web::test]
async fn the_worked_example_is_the_same_in_every_file_and_on_the_page() {
    let (app, _, mut browser) = example().await;
    let place = made(&app, &mut browser, &[("target", "minh-hoa-2025"), ("known_on", "31/12/2025")]).await;

    // The workbook, by unit as recorded: leaders, technology, other, total; people and turns of each.
    let xlsx = file(&mut browser, &place, "xlsx").await;
    let sheets = sheets(&xlsx);
    let rows = table(&sheets, "Kết quả theo cơ quan");
    let split = |code: &str| {
        let row = rows.iter().find(|row| row[1] == code || row[0] == code);
        row.unwrap_or_else(|| panic!("{code}"))[2..].iter().map(number).collect::<Vec<_>>()
    };
    assert_eq!(split("P15"), [1, 1, 0, 0, 1, 1, 2, 2]);
    assert_eq!(split("P10"), [1, 1, 1, 1, 0, 0, 2, 2]);
    assert_eq!(split("P15-2025"), [0, 1, 0, 0, 0, 1, 0, 2]);
    assert_eq!(split("BTTTT"), [0, 0, 1, 1, 0, 0, 1, 1]);
    assert_eq!(split("BKHCN-2025"), [0, 0, 1, 1, 0, 0, 1, 1]);
    assert_eq!(split("Tổng số"), [2, 3, 3, 3, 1, 2, 6, 8]);
    for column in 2..10 {
        let parts: i64 = rows[..rows.len() - 1].iter().map(|row| number(&row[column])).sum();
        assert_eq!(parts, number(&rows[rows.len() - 1][column]), "column {column} adds up");
    }
    let about = &sheets["Thông tin"];
    let from = about.iter().find(|row| row[0] == "Từ ngày").expect("the first day");
    assert!(matches!(from[1], Data::DateTime(_)), "days are days: {:?}", from[1]);
    if let Some(read) = read_by_another(&xlsx, "Biểu số 03") {
        let total = read.iter().find(|row| row[0] == "Tổng số").expect("a total");
        assert_eq!(total[2..], ["2", "3", "3", "3", "1", "2", "6", "8"], "{read:?}");
        let sum = |column: usize| {
            read.iter().filter(|row| row[0] != "Tổng số").filter_map(|row| row[column].parse::<i64>().ok()).sum::<i64>()
        };
        assert_eq!((sum(8), sum(9)), (6, 8));
    }

    // Text for programs, read again.
    let csv = file(&mut browser, &place, "csv").await;
    let mut reader = csv::Reader::from_reader(csv.strip_prefix("\u{feff}".as_bytes()).expect("the mark"));
    let records: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a record")).collect();
    let value = |name: &str, column: &str| {
        let fits = |r: &&csv::StringRecord| {
            &r[1] == "Kết quả theo cơ quan, đơn vị, năm 2025" && &r[4] == name && &r[5] == column
        };
        records.iter().find(fits).map(|r| r[7].to_owned()).expect("a value")
    };
    assert_eq!((value("Tổng số", "people"), value("Tổng số", "turns")), ("6".to_owned(), "8".to_owned()));
    let json: Value = serde_json::from_slice(&file(&mut browser, &place, "json").await).expect("JSON");
    let table =
        json["tables"].as_array().unwrap().iter().find(|t| t["title"].as_str().unwrap().contains("theo cơ quan"));
    let total = table.unwrap()["rows"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (total["people"].as_i64(), total["turns"].as_i64(), total["is_total"].as_bool()),
        (Some(6), Some(8), Some(true))
    );
    assert_eq!(
        (json["from"].as_str(), json["known_at"].as_str()),
        (Some("2025-01-01"), Some("2026-01-01T00:00:00+07:00"))
    );

    // The paper.
    let pdf = file(&mut browser, &place, "pdf").await;
    assert!(pdf.starts_with(b"%PDF-1.7"));
    for mark in ["pdfaid", "pdfuaid", "/StructTreeRoot"] {
        assert!(pdf.windows(mark.len()).any(|w| w == mark.as_bytes()), "{mark}");
    }
    if let Some(text) = text_of(&pdf) {
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for said in [
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "CỤC CHUYỂN ĐỔI SỐ QUỐC GIA",
            "I. KẾT QUẢ THỰC HIỆN",
            "Trong năm 2025: 6 người, 8 lượt.",
            "Một số đơn vị gửi danh sách muộn.",
            "không có số liệu",
            "Nơi nhận:",
            "Người ký Minh họa",
            "00:00 01/01/2026",
        ] {
            assert!(flat.contains(said), "{said:?} is not in\n{text}");
        }
        assert!(flat.contains("Tổng số – 2 3 3 3 1 2 6 8"), "{text}");
        assert!(!flat.contains("Học viên"), "no name stands in a report");
    }

    // While the period is running, the plan is that of the days that are over.
    let running = made(&app, &mut browser, &[("target", "minh-hoa-2025"), ("known_on", "30/06/2025")]).await;
    let json: Value = serde_json::from_slice(&file(&mut browser, &running, "json").await).expect("JSON");
    let plan =
        json["tables"].as_array().unwrap().iter().find(|t| t["title"] == "So sánh với kế hoạch").expect("a plan");
    assert_eq!(
        (plan["rows"][1]["value"].as_i64(), plan["rows"][2]["value"].as_i64()),
        (Some(4), Some(3)),
        "181 of 365 days"
    );

    // The page, and the other view.
    let page = browser.get(&place).await;
    page.says("Biểu số 03").says("chia đều theo số ngày");
    let place = made(
        &app,
        &mut browser,
        &[("target", "minh-hoa-2025"), ("view", "as-of"), ("as_of", "31/12/2025"), ("known_on", "31/12/2025")],
    )
    .await;
    let sheets = super::files::sheets(&file(&mut browser, &place, "xlsx").await);
    let rows = super::files::table(&sheets, "Kết quả theo cơ quan");
    let found: Vec<(String, i64, i64)> =
        rows.iter().map(|row| (row[1].to_string(), number(&row[8]), number(&row[9]))).collect();
    assert_eq!(
        found,
        [("P15-2025".to_owned(), 4, 6), ("BKHCN-2025".to_owned(), 2, 2), (String::new(), 6, 8)],
        "{rows:?}"
    );
    app.stop().await;
}

/// Halves add up, a stretch before has its figures, and the share of agencies is the one of counting.
#[actix_web::test]
async fn halves_add_up_and_the_year_before_is_told() {
    let (app, _, mut browser) = example().await;
    let mut sums = (0, 0);
    for (number_of, expected) in [("1", (4, 4)), ("2", (2, 4))] {
        let others =
            [("target", "minh-hoa-2025"), ("kind", "half-year"), ("number", number_of), ("known_on", "31/12/2025")];
        let place = made(&app, &mut browser, &others).await;
        let json: Value = serde_json::from_slice(&file(&mut browser, &place, "json").await).unwrap();
        let row = &json["tables"][0]["rows"][0];
        let got = (row["people"].as_i64().unwrap(), row["turns"].as_i64().unwrap());
        assert_eq!(got, expected);
        sums = (sums.0 + got.0, sums.1 + got.1);
        assert_eq!(row["people_so_far"].as_i64().unwrap(), sums.0);
    }
    assert_eq!(sums, (6, 8));
    // E completed in 2026; the year before are the same courses in 2025.
    let next = crate::targets::illustration("minh-hoa-2026-nua", &["CB-08", "KT-01"]);
    let period = days("2026-01-01", "2026-12-31");
    app.write(move |c| {
        let next = nongcot::targets::model::NewTarget { period, ..next };
        nongcot::targets::actions::create(c, &nongcot::access::Actor::system(), at("2026-01-01"), &next)?;
        Ok(())
    })
    .await;
    app.run_jobs().await;
    let place = made(&app, &mut browser, &[("target", "minh-hoa-2026-nua"), ("year", "2026")]).await;
    let json: Value = serde_json::from_slice(&file(&mut browser, &place, "json").await).unwrap();
    let compared = json["tables"].as_array().unwrap().iter().find(|t| t["title"].as_str().unwrap().contains("cùng kỳ"));
    let people = &compared.expect("a comparison")["rows"][0];
    assert_eq!(
        (people["now"].as_i64(), people["before"].as_i64(), people["change"].as_i64()),
        (Some(1), Some(6), Some(-5))
    );
    // All targets at once: those whose period has days of the year.
    let place = made(&app, &mut browser, &[("known_on", "31/12/2025")]).await;
    let json: Value = serde_json::from_slice(&file(&mut browser, &place, "json").await).unwrap();
    let rows = json["tables"][0]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2, "{rows:?}");
    let share = rows.iter().find(|row| row["unit"] == "% cơ quan").expect("the share");
    assert_eq!(share["share"].as_f64(), Some(3.6), "2 of 56");
    app.stop().await;
}

async fn all_files(app: &TestApp, browser: &mut crate::support::Client, others: &[(&str, &str)]) -> Vec<Vec<u8>> {
    let place = made(app, browser, others).await;
    let mut files = Vec::new();
    for kind in ["pdf", "xlsx", "csv", "json"] {
        files.push(file(browser, &place, kind).await);
    }
    files
}

#[actix_web::test]
async fn a_report_from_a_seal_is_made_again_byte_for_byte() {
    let (app, told, mut browser) = example().await;
    let seal = told.half.to_string();
    let asked = [("seal", seal.as_str()), ("adjusted_on", "31/12/2025")];
    let first = all_files(&app, &mut browser, &asked).await;
    let json: Value = serde_json::from_slice(&first[3]).unwrap();
    assert_eq!(json["seal"]["number"].as_i64(), Some(1));
    assert_eq!(json["tables"][0]["rows"][0]["people"].as_i64(), Some(3), "as it was sealed");
    let titles: Vec<&str> = json["tables"].as_array().unwrap().iter().map(|t| t["title"].as_str().unwrap()).collect();
    let adjusted = titles.iter().position(|title| title.starts_with("Điều chỉnh")).expect("adjustments");
    let lines = json["tables"][adjusted]["rows"].as_array().unwrap();
    let people: Vec<i64> = lines.iter().map(|line| line["people"].as_i64().unwrap()).collect();
    assert_eq!(people, [3, 1, 1, -1, 4], "sealed, G, F, H, and what that makes");

    // More becomes known of the same days, a person is erased, time passes.
    let course = app.read(|c| Ok(nongcot::courses::queries::by_code(c, "KT-01")?.expect("a course").0)).await;
    let late = app.person("Học viên Minh họa Muộn", "P15-2025").await.id.0;
    let id = told.people["C"];
    app.write(move |conn| {
        one_more(conn, late, course, "BKHCN-2025", "2025-04-02")?;
        diesel::RunQueryDsl::execute(
            diesel::sql_query("UPDATE completion_events SET recorded_at = '2026-11-20T01:00:00.000000Z' WHERE id = (SELECT max(id) FROM completion_events)"),
            conn,
        )?;
        nongcot::targets::actions::forget_person(conn, &as_person(id), at("2026-11-22"), id)?;
        Ok(())
    })
    .await;
    later(&app);
    let again = all_files(&app, &mut browser, &asked).await;
    for (name, (one, two)) in ["pdf", "xlsx", "csv", "json"].iter().zip(first.iter().zip(&again)) {
        assert_eq!(one, two, "the {name} is another");
    }
    // The same question at another moment of knowing is another report.
    let other = all_files(&app, &mut browser, &[("seal", seal.as_str()), ("adjusted_on", "22/11/2026")]).await;
    assert_ne!(first[3], other[3]);
    let now: Value = serde_json::from_slice(&other[3]).unwrap();
    let last = now["tables"][adjusted]["rows"].as_array().unwrap().last().unwrap()["people"].as_i64();
    assert_eq!(last, Some(5));
    // So is a report from events known at a past day: what came later is not in it.
    let known = [("target", "minh-hoa-2025"), ("known_on", "31/12/2025")];
    let (one, two) = (all_files(&app, &mut browser, &known).await, all_files(&app, &mut browser, &known).await);
    assert_eq!(one, two);
    let told = app.read(queries::verify).await;
    assert_eq!(told, Vec::<String>::new());
    app.stop().await;
}

#[actix_web::test]
async fn no_name_and_no_word_becomes_a_formula() {
    let (app, _, mut browser) = example().await;
    let course = app.read(|c| Ok(nongcot::courses::queries::by_code(c, "KT-01")?.expect("a course").0)).await;
    for name in ["=HYPERLINK(\"http://x\")", "+84 Minh họa", "-1 Minh họa", "@SUM Minh họa"] {
        let id = app.person(name, "P15-2025").await.id.0;
        app.write(move |c| one_more(c, id, course, "P15-2025", "2025-09-09")).await;
    }
    let others = [("target", "minh-hoa-2025"), ("names", "1"), ("causes", "=1+1\n@cmd"), ("unit", "P15-2025")];
    let place = made(&app, &mut browser, &others).await;
    let list = sheets(&file(&mut browser, &place, "names-xlsx").await);
    let names: Vec<String> = list["Danh sách"].iter().skip(4).map(|row| row[3].to_string()).collect();
    assert_eq!(names.len(), 6, "{names:?}");
    assert!(names.iter().any(|name| name.starts_with("=HYPERLINK")), "text stays as it is: {names:?}");
    let csv = String::from_utf8(file(&mut browser, &place, "names-csv").await).unwrap();
    for protected in ["\"'=HYPERLINK", "'+84", "'-1", "'@SUM"] {
        assert!(csv.contains(protected), "{protected} in {csv}");
    }
    for field in csv.lines().skip(1).flat_map(|line| line.split(',')) {
        assert!(!field.trim_start_matches('"').starts_with(['=', '+', '-', '@']), "{field}");
    }
    sheets(&file(&mut browser, &place, "xlsx").await);
    if let Some(text) = text_of(&file(&mut browser, &place, "pdf").await) {
        assert!(text.contains("=1+1") && !text.contains("HYPERLINK"), "names are not on the paper");
    }
    // Who took the list is in the log.
    let log = app.read(|c| nongcot::audit::queries::latest(c, &Default::default(), None, 20)).await;
    assert_eq!(log.iter().filter(|event| event.action == "report.names").count(), 2);
    app.stop().await;
}
