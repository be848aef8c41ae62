//! Figures beside others: the plan, what each unit was given, the year before, what a seal held.

use super::{
    counted, number_of, unit_of,
    writer::{Writer, column, row, total},
};
use crate::{
    platform::{
        as_i64,
        i18n::Locale,
        sheets::table::Cell,
        text::{self, NO_FIGURE},
    },
    reports::{
        model::{
            Report,
            document::{Row, Section},
            year_before,
        },
        queries::gather::{Adjusted, Line, Part},
    },
    targets::{
        model::{Days, Metric},
        queries::Cause,
    },
};

/// Adjustments on paper; the workbook has them all.
const ON_PAPER: usize = 60;

impl Writer {
    pub(super) fn comparison(&mut self, report: &Report, parts: &[Part]) {
        self.heading("so sánh với kế hoạch và cùng kỳ năm trước");
        for (number, part) in (1..).zip(parts) {
            self.subheading(format!("{number}. {}", part.title));
            self.plan(report, part);
            self.given(part);
            self.year_before(report, part);
        }
    }

    fn plan(&mut self, report: &Report, part: &Part) {
        let Some(plan) = part.plan else {
            self.paragraph("So với kế hoạch: không có số liệu kế hoạch giao cho đơn vị.");
            return;
        };
        if part.metric == Metric::Agencies {
            let reached = part
                .share
                .map_or(NO_FIGURE.to_owned(), |share| Cell::share(share.organised, share.all).shown(Locale::Vi));
            self.paragraph(format!("Kế hoạch: {plan}% cơ quan tổ chức bồi dưỡng; kết quả: {reached}."));
            return;
        }
        let (whole, passed) = (length(part.period), length(Days { to: report.last_day(), ..part.period }));
        let due = plan.saturating_mul(passed.clamp(0, whole)) / whole.max(1);
        let done = part.so_far.total.of(part.metric).unwrap_or(0);
        let columns = vec![
            column("what", "Nội dung", 46),
            column("value", &format!("Giá trị ({})", unit_of(part.metric)), 16),
            column("share", "So với kế hoạch cả kỳ", 18),
        ];
        let day = text::date(report.last_day());
        let rows = vec![
            row(vec!["Kế hoạch cả kỳ của chỉ tiêu".into(), plan.into(), Cell::Empty]),
            row(vec![
                format!("Kế hoạch đến ngày {day}, chia đều theo số ngày").into(),
                due.into(),
                Cell::share(due, plan),
            ]),
            row(vec![format!("Lũy kế thực hiện đến ngày {day}").into(), done.into(), Cell::share(done, plan)]),
            row(vec!["Lũy kế hơn (+) hoặc kém (−) kế hoạch chia đều".into(), (done - due).into(), Cell::Empty]),
            total(vec![
                "Còn phải thực hiện".into(),
                (plan - done).max(0).into(),
                Cell::share((plan - done).max(0), plan),
            ]),
        ];
        self.table(Some(part), "So sánh với kế hoạch", columns, rows);
    }

    /// What each unit was given, and what is missing of it.
    fn given(&mut self, part: &Part) {
        let given: Vec<(&Line, i64)> = part.rows.iter().filter_map(|line| Some((line, line.given?))).collect();
        if given.is_empty() {
            self.paragraph("Phân bổ suất cho từng cơ quan, đơn vị: không có số liệu.");
            return;
        }
        let columns = vec![
            column("unit", "Cơ quan, đơn vị", 34),
            column("code", "Mã", 14),
            column("given", "Được phân bổ (suất)", 11),
            column("people_so_far", "Lũy kế (người)", 11),
            column("share", "Tỷ lệ đạt", 10),
            column("gap", "Còn thiếu (người)", 11),
        ];
        let line = |name: &str, code: &str, given: i64, done: i64| {
            vec![
                name.into(),
                code.into(),
                given.into(),
                done.into(),
                Cell::share(done, given),
                (given - done).max(0).into(),
            ]
        };
        let mut rows: Vec<Row> = given
            .iter()
            .map(|(unit, given)| row(line(&unit.unit.name, &unit.unit.code, *given, unit.so_far.people)))
            .collect();
        let (all, done, gap) = given.iter().fold((0, 0, 0), |(all, done, gap), (unit, given)| {
            (all + given, done + unit.so_far.people, gap + (given - unit.so_far.people).max(0))
        });
        let sum = vec![
            "Tổng số đơn vị được phân bổ".into(),
            Cell::Empty,
            all.into(),
            done.into(),
            Cell::share(done, all),
            gap.into(),
        ];
        rows.push(total(sum));
        self.table(Some(part), "So sánh với số suất được phân bổ", columns, rows);
    }

    fn year_before(&mut self, report: &Report, part: &Part) {
        let then = year_before(report.days());
        let Some(before) = part.year_before else {
            self.paragraph(format!(
                "So với cùng kỳ năm trước ({} – {}): không có số liệu.",
                text::date(then.from),
                text::date(then.to)
            ));
            return;
        };
        let columns = vec![
            column("what", "Nội dung", 34),
            column("now", "Kỳ này", 15),
            column("before", "Cùng kỳ năm trước", 15),
            column("change", "Tăng (+), giảm (−)", 15),
            column("share", "Tỷ lệ so cùng kỳ", 15),
        ];
        let line = |name: &str, now: i64, before: i64| {
            row(vec![name.into(), now.into(), before.into(), (now - before).into(), Cell::share(now, before)])
        };
        let (now, before) = (part.within.total, before.total);
        let rows = vec![line("Người", now.people, before.people), line("Lượt", now.turns, before.turns)];
        let title = format!("So sánh với cùng kỳ năm trước ({} – {})", text::date(then.from), text::date(then.to));
        self.table(Some(part), title, columns, rows);
    }

    pub(super) fn adjustments(&mut self, part: &Part, adjusted: &Adjusted) {
        let until = text::datetime(adjusted.until.0);
        self.paragraph(format!(
            "Số liệu đã chốt: {}. Ghi nhận sau khi chốt, tính đến {until}: {} dòng điều chỉnh. Số liệu sau điều chỉnh: {}.",
            counted(adjusted.sealed),
            number_of(as_i64(adjusted.lines.len())),
            counted(adjusted.now)
        ));
        let columns = vec![
            column("recorded", "Ghi nhận lúc", 16),
            column("cause", "Việc ghi nhận", 28),
            column("unit", "Đơn vị", 28),
            column("course", "Khóa học", 11),
            column("day", "Ngày được tính", 13),
            column("people", "Người", 9),
            column("turns", "Lượt", 9),
        ];
        let mut rows = vec![total(vec![
            "Đã chốt".into(),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            adjusted.sealed.people.into(),
            adjusted.sealed.turns.into(),
        ])];
        rows.extend(adjusted.lines.iter().map(|line| {
            row(vec![
                Cell::Moment(line.at.0),
                cause(line.cause).into(),
                line.unit.as_ref().map(|unit| unit.name_vi.as_str()).into(),
                line.course.as_str().into(),
                line.day.into(),
                line.change.people.into(),
                line.change.turns.into(),
            ])
        }));
        rows.push(total(vec![
            "Sau điều chỉnh".into(),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            adjusted.now.people.into(),
            adjusted.now.turns.into(),
        ]));
        self.table(Some(part), format!("Điều chỉnh sau khi chốt, ghi nhận đến {until}"), columns, rows);
        if let Some(Section::Table(table)) = self.sections.last_mut() {
            table.most_on_paper = Some(ON_PAPER);
        }
    }
}

/// Days of a stretch.
fn length(days: Days) -> i64 {
    (days.to - days.from).num_days() + 1
}

fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Completed => "Biết thêm kết quả hoàn thành",
        Cause::Outside => "Xác nhận lớp tổ chức ngoài hệ thống",
        Cause::Accepted => "Chấp nhận kết quả bị đánh dấu",
        Cause::Voided => "Hủy kết quả",
        Cause::Moved => "Người được tính ở lượt khác",
        Cause::Definition => "Thay đổi quy định của chỉ tiêu",
    }
}
