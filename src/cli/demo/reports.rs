//! A report of the running year, as the coordinator would ask for it, made and kept.

use chrono::Datelike;

use crate::{
    access::Actor,
    app::App,
    platform::{
        clock::local_day,
        error::{Error, Result},
    },
    reports::{
        actions,
        jobs::{BuildReport, build},
        model::{Asked, NewReport, PeriodKind, Words, days_of},
    },
};

/// The target of the running year, from its first day until now.
pub async fn make(app: &App, by: Actor, target: String) -> Result<()> {
    let now = app.now();
    let days = days_of(PeriodKind::Year, local_day(now.0).year(), 1).ok_or_else(|| Error::internal("a year"))?;
    let words = Words {
        superior: "Bộ Khoa học và Công nghệ".to_owned(),
        issuer: "Cục Chuyển đổi số quốc gia".to_owned(),
        place: "Hà Nội".to_owned(),
        causes: "Nội dung minh họa: một số đơn vị gửi danh sách muộn.".to_owned(),
        proposals: "Nội dung minh họa: đề nghị các đơn vị hoàn thành trong kỳ.".to_owned(),
        recipients: vec!["Như trên".to_owned(), "Lưu: VT".to_owned()],
        signer_lines: vec!["Cục trưởng (minh họa)".to_owned()],
        signer_name: "Người ký Minh họa".to_owned(),
    };
    let new = NewReport {
        title: format!("Báo cáo kết quả thực hiện chỉ tiêu minh họa năm {}", days.from.year()),
        unit: None,
        is_national: true,
        kind: PeriodKind::Year,
        days,
        known_at: now,
        seal: None,
        has_names: true,
        asked: Asked { targets: vec![target], as_of: None, adjusted_until: None, words },
    };
    let report = app.db.write("demo.report", move |c| actions::request(c, &by, now, &new)).await?;
    build(app.clone(), BuildReport { report: report.id }).await
}
