//! A long list as a workbook: how long a hundred thousand rows of twelve cells take and how much memory a process of its own holds for them.

use std::process::Command;

use chrono::{DateTime, NaiveDate, Utc};
use nongcot::platform::sheets::table::{Book, Cell, Sheet};

use crate::{program::timed, report::Table};

pub const WORD: &str = "workbook";
const ROWS: i64 = 100_000;

/// Runs [`write`] in a process of its own.
pub fn measure(table: &mut Table) {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.arg(WORD);
    let (written, took, most) = timed(command);
    let says = if written { "written" } else { "NOT WRITTEN" };
    table.note(format!(
        "{ROWS} rows {says} as a workbook in {:.1} s with {most} MB (goal: 5 s, 200 MB)",
        took.as_secs_f64()
    ));
}

pub fn write() {
    let now: DateTime<Utc> = "2026-04-05T03:31:00Z".parse().expect("a moment");
    let day = NaiveDate::from_ymd_opt(2026, 4, 5).expect("a day");
    let row = |n: i64| {
        let mut cells: Vec<Cell> = vec![n.into(), format!("MH-{n:06}").into(), format!("Học viên Minh họa {n}").into()];
        cells.extend((0..4).map(|k| Cell::from(format!("Ủy ban nhân dân phường Minh họa {}", (n + k) % 3000))));
        cells.extend([1985.into(), day.into(), Cell::Moment(now), Cell::share(n % 100, 100), "KT-01".into()]);
        cells
    };
    let mut book = Book::new("Minh họa", now).expect("a workbook");
    let sheet = Sheet { name: "Danh sách".to_owned(), above: vec![], heads: vec!["x"; 12], widths: vec![14; 12] };
    book.sheet(&sheet, (1..=ROWS).map(row)).expect("a sheet");
    println!("{} KB", book.finish().expect("a file").len() / 1024);
}
