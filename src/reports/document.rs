//! From figures to what the paper says. Sentences only repeat figures; reasons and proposals are a person's own words.

mod comparison;
mod writer;

use writer::{Writer, column, row, total};

use crate::{
    access::Category,
    platform::{
        as_i64,
        db::Moment,
        i18n::Locale,
        sheets::table::Cell,
        text::{self, NO_FIGURE, number},
    },
    reports::{
        model::{
            Report, Words,
            document::{Document, FORMAT, Named, OfSeal, Row, Section},
            period_words,
        },
        queries::{
            gather::{Line, Part},
            names::category,
        },
    },
    targets::model::{Days, Figures, Metric, Split},
};

/// Everything but the figures.
pub struct Frame {
    pub is_illustration: bool,
    pub unit: Option<Named>,
    pub seal: Option<OfSeal>,
    pub as_of: Option<chrono::NaiveDate>,
    pub words: Words,
}

/// "kết quả thực hiện chỉ tiêu bồi dưỡng quý II năm 2025 của tỉnh …"
pub fn subject(targets: &[String], unit: Option<&str>, days: Days) -> String {
    let what = match targets {
        [one] => format!("chỉ tiêu “{one}”"),
        _ => "các chỉ tiêu bồi dưỡng".to_owned(),
    };
    let whose = unit.map(|unit| format!(" của {unit}")).unwrap_or_default();
    format!("kết quả thực hiện {what}{whose} {}", period_words(days))
}

pub fn compose(report: &Report, frame: Frame, parts: &[Part]) -> Document {
    let mut writer = Writer::default();
    let titles: Vec<String> = parts.iter().map(|part| part.title.clone()).collect();
    for part in parts {
        writer.sections.push(Section::Basis(basis(part)));
    }
    writer.results(report, parts);
    writer.comparison(report, parts);
    if parts.iter().any(|part| part.adjustments.is_some()) {
        writer.heading("điều chỉnh sau khi chốt số liệu");
        for part in parts {
            if let Some(adjusted) = &part.adjustments {
                writer.adjustments(part, adjusted);
            }
        }
    }
    writer.heading("tồn tại, hạn chế và nguyên nhân");
    writer.written(&frame.words.causes, "Đơn vị báo cáo không nêu nội dung này.");
    writer.heading("kiến nghị, đề xuất");
    writer.written(&frame.words.proposals, "Không có.");
    writer.heading("cách tính và thời điểm số liệu");
    writer.notes(report, &frame, parts);
    Document {
        format: FORMAT.to_owned(),
        is_illustration: frame.is_illustration || parts.iter().any(|part| part.target.is_illustration),
        subject: subject(&titles, frame.unit.as_ref().map(|unit| unit.name.as_str()), report.days()),
        days: report.days(),
        known_at: report.known_at,
        unit: frame.unit,
        seal: frame.seal,
        words: frame.words,
        sections: writer.sections,
    }
}

fn basis(part: &Part) -> String {
    let own = part.basis.trim_end_matches(['.', ';']);
    if own.starts_with("Căn cứ") || own.starts_with("Thực hiện") {
        format!("{own};")
    } else {
        format!("Căn cứ {own};")
    }
}

fn unit_of(metric: Metric) -> &'static str {
    match metric {
        Metric::People => "người",
        Metric::Turns => "lượt",
        Metric::Agencies => "% cơ quan",
    }
}

/// People and turns of each group, then of all.
fn split_cells(split: Split) -> Vec<Cell> {
    [split.leaders, split.technology, split.other, split.total]
        .into_iter()
        .flat_map(|figures| [figures.people.into(), figures.turns.into()])
        .collect()
}

fn counted(figures: Figures) -> String {
    format!("{} người, {} lượt", number(figures.people, Locale::Vi), number(figures.turns, Locale::Vi))
}

impl Writer {
    fn results(&mut self, report: &Report, parts: &[Part]) {
        self.heading("kết quả thực hiện");
        let period = period_words(report.days());
        self.summary(&period, parts);
        for (number, part) in (1..).zip(parts) {
            self.subheading(format!("{number}. {}", part.title));
            self.paragraph(format!(
                "Trong {period}: {}. Lũy kế từ {} đến {}: {}.",
                counted(part.within.total),
                text::date(part.period.from),
                text::date(report.last_day()),
                counted(part.so_far.total)
            ));
            if let Some(share) = part.share {
                self.paragraph(format!(
                    "Số cơ quan đã tổ chức ít nhất một lớp được tính: {}/{} cơ quan hiện có ngày {} ({}).",
                    number_of(share.organised),
                    number_of(share.all),
                    text::date(share.on),
                    Cell::share(share.organised, share.all).shown(Locale::Vi)
                ));
            }
            self.by_group(part, &period);
            self.by_unit(part, &period);
            self.missing(part, &period);
            self.funnel(part);
        }
    }

    fn summary(&mut self, period: &str, parts: &[Part]) {
        let columns = vec![
            column("target", "Chỉ tiêu", 30),
            column("unit", "Đơn vị tính", 10),
            column("plan", "Kế hoạch", 10),
            column("people", "Trong kỳ (người)", 10),
            column("turns", "Trong kỳ (lượt)", 10),
            column("people_so_far", "Lũy kế (người)", 10),
            column("turns_so_far", "Lũy kế (lượt)", 10),
            column("share", "Tỷ lệ đạt", 10),
        ];
        let rows = parts.iter().map(|part| {
            row(vec![
                part.title.as_str().into(),
                unit_of(part.metric).into(),
                part.plan.into(),
                part.within.total.people.into(),
                part.within.total.turns.into(),
                part.so_far.total.people.into(),
                part.so_far.total.turns.into(),
                reached(part),
            ])
        });
        self.table(None, format!("Tổng hợp kết quả {period}"), columns, rows.collect());
    }

    fn by_group(&mut self, part: &Part, period: &str) {
        let columns = vec![
            column("group", "Nhóm đối tượng", 34),
            column("people", "Trong kỳ (người)", 14),
            column("turns", "Trong kỳ (lượt)", 14),
            column("people_so_far", "Lũy kế (người)", 14),
            column("turns_so_far", "Lũy kế (lượt)", 14),
        ];
        let line = |name: &str, within: Figures, so_far: Figures| {
            vec![name.into(), within.people.into(), within.turns.into(), so_far.people.into(), so_far.turns.into()]
        };
        let (within, so_far) = (part.within, part.so_far);
        let rows = vec![
            row(line(category(Category::Leaders), within.leaders, so_far.leaders)),
            row(line(category(Category::Technology), within.technology, so_far.technology)),
            row(line(category(Category::Other), within.other, so_far.other)),
            total(line("Tổng số", within.total, so_far.total)),
        ];
        self.table(Some(part), format!("Kết quả theo nhóm đối tượng, {period}"), columns, rows);
    }

    fn by_unit(&mut self, part: &Part, period: &str) {
        let columns = vec![
            column("unit", "Cơ quan, đơn vị", 27),
            column("code", "Mã", 20),
            column("leaders_people", "Lãnh đạo, người", 10),
            column("leaders_turns", "Lãnh đạo, lượt", 10),
            column("technology_people", "Công nghệ, người", 10),
            column("technology_turns", "Công nghệ, lượt", 10),
            column("other_people", "Khác, người", 10),
            column("other_turns", "Khác, lượt", 10),
            column("people", "Tổng, người", 10),
            column("turns", "Tổng, lượt", 10),
        ];
        let line = |name: &str, code: &str, split: Split| {
            let mut cells: Vec<Cell> = vec![name.into(), code.into()];
            cells.extend(split_cells(split));
            cells
        };
        let counts = |line: &&Line| !line.within.total.is_zero();
        let mut rows: Vec<Row> = part
            .rows
            .iter()
            .filter(counts)
            .map(|unit| row(line(&unit.unit.name, &unit.unit.code, unit.within)))
            .collect();
        if !part.direct.total.is_zero() {
            rows.push(row(line("Ghi trực tiếp tại đơn vị báo cáo", "", part.direct)));
        }
        for unit in &part.unconverted {
            let name = format!("{} (không quy đổi được)", unit.unit.name);
            rows.push(row(line(&name, &unit.unit.code, unit.within)));
        }
        rows.push(total(line("Tổng số", "", part.within)));
        self.table(Some(part), format!("Kết quả theo cơ quan, đơn vị, {period}"), columns, rows);
    }

    fn missing(&mut self, part: &Part, period: &str) {
        if part.missing.is_empty() {
            self.paragraph(format!("Mọi cơ quan, đơn vị thuộc phạm vi báo cáo đều có số liệu trong {period}."));
            return;
        }
        let columns = vec![column("unit", "Cơ quan, đơn vị", 60), column("code", "Mã", 20)];
        let rows =
            part.missing.iter().map(|unit| row(vec![unit.name.as_str().into(), unit.code.as_str().into()])).collect();
        let count = number_of(as_i64(part.missing.len()));
        self.table(Some(part), format!("Cơ quan, đơn vị chưa có số liệu trong {period}: {count}"), columns, rows);
    }

    fn funnel(&mut self, part: &Part) {
        let Some(funnel) = part.funnel else { return };
        let columns = vec![
            column("step", "Bước (lũy kế cả kỳ của chỉ tiêu)", 50),
            column("people", "Người", 15),
            column("turns", "Lượt", 15),
        ];
        let line = |name: &str, figures: Figures| row(vec![name.into(), figures.people.into(), figures.turns.into()]);
        let rows = vec![
            line("Đã ghi danh", funnel.enrolled),
            line("Đang học", funnel.studying),
            line("Lớp đã hết hạn, chưa hoàn thành", funnel.left_open),
            line("Đã hoàn thành, chưa được tính hoặc đã hủy", funnel.not_counted),
            line("Đã hoàn thành và được tính", funnel.counted),
            line("Trong đó: lớp tổ chức ngoài hệ thống", funnel.outside),
            line("Được tính và có giấy chứng nhận còn hiệu lực", funnel.certified),
        ];
        self.table(Some(part), "Các bước từ ghi danh đến được tính", columns, rows);
    }

    fn notes(&mut self, report: &Report, frame: &Frame, parts: &[Part]) {
        let known = text::datetime(report.known_at.0);
        match &frame.seal {
            Some(seal) => self.paragraph(format!(
                "Số liệu lấy từ bản chốt số {}, gồm những gì đã ghi nhận đến {known}; ký duyệt lúc {}; mã băm {}.",
                seal.number,
                text::datetime(seal.signed_at.0),
                seal.hash
            )),
            None => self.paragraph(format!("Số liệu gồm những gì đã ghi nhận trên hệ thống đến {known}.")),
        }
        self.paragraph(match frame.as_of {
            None => "Đơn vị được ghi như tại thời điểm học (không quy đổi theo sắp xếp tổ chức về sau).".to_owned(),
            Some(day) => format!(
                "Đơn vị được quy đổi theo tổ chức ngày {}; đơn vị không quy đổi được đứng riêng để tổng số vẫn khớp.",
                text::date(day)
            ),
        });
        self.paragraph(
            "Lượt là một người hoàn thành một lớp. Người được tính một lần cho mỗi chỉ tiêu, tại đơn vị và nhóm của lần được tính đầu tiên \
             trong kỳ của chỉ tiêu; số người của một phần kỳ là số người được tính lần đầu trong phần đó. Hai số này không quy đổi cho nhau.",
        );
        self.paragraph(
            "Chỉ tính kết quả đã hoàn thành, không bị đánh dấu (hoặc đã được chấp nhận), không bị hủy; lớp tổ chức ngoài hệ thống chỉ được tính \
             khi người thứ hai đã xác nhận.",
        );
        for part in parts {
            let rules = part.target.rules_vi.trim();
            let rules = if rules.is_empty() { String::new() } else { format!(" Quy tắc theo văn bản: {rules}") };
            self.paragraph(format!(
                "Chỉ tiêu “{}”: kỳ {} – {}; khóa học được tính: {}.{rules}",
                part.title,
                text::date(part.period.from),
                text::date(part.period.to),
                if part.courses.is_empty() { NO_FIGURE.to_owned() } else { part.courses.join(", ") }
            ));
        }
        if parts.iter().all(|part| part.funnel.is_none()) {
            self.paragraph(
                "Các bước từ ghi danh đến được tính không có trong báo cáo này, vì số ghi danh không xác định lại được cho một thời điểm đã qua.",
            );
        }
    }
}

fn number_of(value: i64) -> String {
    number(value, Locale::Vi)
}

/// How far the plan is reached; a share of agencies is its own measure.
fn reached(part: &Part) -> Cell {
    match (part.metric, part.share, part.plan) {
        (Metric::Agencies, Some(share), _) => Cell::share(share.organised, share.all),
        (_, _, Some(plan)) => Cell::share(part.so_far.total.of(part.metric).unwrap_or(0), plan),
        _ => Cell::Empty,
    }
}

/// The moment at which a paper's figures stand, as its file gives it.
pub fn stamp(document: &Document) -> Moment {
    document.seal.as_ref().map_or(document.known_at, |seal| seal.signed_at)
}
