//! The register as a table to take away: comma-separated, in UTF-8 with the mark by which spreadsheets know it, in the order of
//! issue, with the remarks. What was taken and by whom is kept in the log.

use actix_web::{HttpResponse, http::header, web};

use super::{RowView, register::Asked};
use crate::{
    access::Permission,
    accounts::SignedIn,
    app::App,
    certificates::{
        actions,
        model::{Certificate, CertificateId, Links},
        queries,
    },
    platform::{
        as_i64,
        clock::local_day,
        error::{Error, Result},
        files::content_disposition,
        http::Page,
        text::date_of,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/so-cap/tai-ve").get(download));
}

/// Entries read together.
const STRETCH: i64 = 1000;

/// The heads of the columns, as a register on paper has them.
const HEADS: [&str; 12] = [
    "certificates-column-place",
    "certificates-number",
    "certificates-serial",
    "certificates-holder",
    "certificates-column-born",
    "certificates-unit",
    "certificates-course",
    "certificates-result",
    "certificates-issued-at",
    "certificates-signer",
    "certificates-state",
    "certificates-column-note",
];

async fn download(app: web::Data<App>, page: Page, who: SignedIn, asked: web::Query<Asked>) -> Result<HttpResponse> {
    who.require(Permission::SeeCertificates)?;
    let (authority, now) = (who.authority().clone(), app.now());
    let today = local_day(now.0);
    let wanted = asked.wanted();
    let searched = wanted.search.clone();
    let entries = app
        .db
        .read(move |c| {
            let units = queries::covered_units(c, &authority, Permission::SeeCertificates, today)?;
            let mut all: Vec<(Certificate, Option<Links>)> = Vec::new();
            loop {
                let after = all.last().map_or(CertificateId(0), |(last, _)| last.id);
                let found = queries::stretch(c, units.as_deref(), &wanted, after, STRETCH)?;
                if found.is_empty() {
                    return Ok::<_, Error>(all);
                }
                let ids: Vec<CertificateId> = found.iter().map(|certificate| certificate.id).collect();
                let mut links = queries::links(c, &ids)?;
                all.extend(found.into_iter().map(|certificate| {
                    let own = links.remove(&certificate.id);
                    (certificate, own)
                }));
            }
        })
        .await?;
    let (by, count) = (who.actor(), as_i64(entries.len()));
    app.db.write("certificates.export", move |c| actions::note_export(c, &by, now, &searched, count)).await?;
    let demo = if app.demo { "minh-hoa-" } else { "" };
    let name = format!("so-cap-{demo}{}.csv", today.format("%Y-%m-%d"));
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((header::CONTENT_DISPOSITION, content_disposition(&name, false)))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(table(&page, entries)?))
}

fn table(page: &Page, entries: Vec<(Certificate, Option<Links>)>) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(HEADS.map(|key| page.text(key))).map_err(Error::internal)?;
    for (place, (certificate, links)) in entries.into_iter().enumerate() {
        let row = RowView::of(page, &certificate, links.as_ref())?;
        let paper = certificate.paper()?;
        let mut notes = row.notes;
        if paper.is_illustration {
            notes.push(page.text("layout-demo-label"));
        }
        let fields = [
            (place + 1).to_string(),
            row.register_number,
            paper.serial_number,
            row.holder,
            paper.born.unwrap_or_default(),
            row.unit,
            row.course,
            paper.result.unwrap_or_default(),
            date_of(certificate.issued_at.0),
            paper.signer_name,
            row.state.word,
            notes.join("; "),
        ];
        writer.write_record(fields.map(harmless)).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(Error::internal)
}

/// A spreadsheet takes a field that begins so for a formula; an apostrophe makes it text.
fn harmless(field: String) -> String {
    if field.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{field}") } else { field }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn no_name_is_a_formula() {
        assert_eq!(harmless("=1+1".to_owned()), "'=1+1");
        assert_eq!(harmless("Học viên Minh họa".to_owned()), "Học viên Minh họa");
    }
}
