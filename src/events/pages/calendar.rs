//! A session as a file for a calendar (RFC 5545). Times are those of the session, in UTC, as calendars want them.

use actix_web::{HttpResponse, web};

use super::download;
use crate::{
    app::App,
    events::{
        guards::SessionOf,
        model::{SessionState, Site},
        queries,
    },
    platform::{
        db::Moment,
        error::{Error, Result},
    },
};

/// Octets in a line before it is folded.
const LINE: usize = 74;

pub async fn file(app: web::Data<App>, seen: SessionOf) -> Result<HttpResponse> {
    let (session, enrolment) = (seen.session.clone(), seen.enrolment.clone());
    let (site, changes) = app
        .db
        .read(move |c| {
            let changes = queries::events(c, session.id)?.len();
            let Some(enrolment) = enrolment else { return Ok((None, changes)) };
            let seating = queries::seating(c, &session, &[enrolment.unit_id])?;
            Ok::<_, Error>((seating.site_of(enrolment.id, enrolment.unit_id).cloned(), changes))
        })
        .await?;
    let site = site.or_else(|| seen.sites.first().cloned());
    let name = format!("{}-buoi-{}.ics", seen.run.code, seen.session.number);
    let link = app.config.http.link(&seen.path());
    let text = calendar(&seen, site.as_ref(), changes, &link, app.now());
    Ok(download(&name, "text/calendar; charset=utf-8", text.into_bytes()))
}

fn calendar(seen: &SessionOf, site: Option<&Site>, changes: usize, link: &str, now: Moment) -> String {
    let session = &seen.session;
    let host = link.split("://").nth(1).and_then(|rest| rest.split(['/', ':']).next()).unwrap_or("nongcot");
    let place = site.map(|site| match site.place.is_empty() {
        true => site.name.clone(),
        false => format!("{}, {}", site.name, site.place),
    });
    let join = site.map(|site| site.link.clone()).filter(|link| !link.is_empty());
    let status = if session.state == SessionState::Cancelled { "CANCELLED" } else { "CONFIRMED" };
    let described = [seen.run.title.clone(), join.unwrap_or_default(), link.to_owned()];
    let described: Vec<String> = described.into_iter().filter(|part| !part.is_empty()).collect();
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Nong Cot//VI".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}-{}@{host}", seen.run.code.to_lowercase(), session.number),
        format!("SEQUENCE:{}", changes.saturating_sub(1)),
        format!("DTSTAMP:{}", stamp(now)),
        format!("DTSTART:{}", stamp(session.starts_at)),
        format!("DTEND:{}", stamp(session.ends_at)),
        format!("SUMMARY:{}", escaped(&session.title)),
        format!("LOCATION:{}", escaped(&place.unwrap_or_default())),
        format!("DESCRIPTION:{}", escaped(&described.join("\n"))),
        format!("URL:{link}"),
        format!("STATUS:{status}"),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().map(|line| folded(line)).collect()
}

fn stamp(at: Moment) -> String {
    at.0.format("%Y%m%dT%H%M%SZ").to_string()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// A line in pieces of at most 75 octets, never within a letter.
fn folded(line: &str) -> String {
    let (mut text, mut octets) = (String::with_capacity(line.len() + 8), 0);
    for letter in line.chars() {
        if octets + letter.len_utf8() > LINE {
            text.push_str("\r\n ");
            octets = 1;
        }
        text.push(letter);
        octets += letter.len_utf8();
    }
    text.push_str("\r\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_letters() {
        let folded = folded(&format!("SUMMARY:{}", "ế".repeat(60)));
        assert!(folded.ends_with("\r\n") && folded.contains("\r\n "));
        assert!(folded.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(folded.replace("\r\n ", "").trim_end(), format!("SUMMARY:{}", "ế".repeat(60)));
    }

    #[test]
    fn signs_of_the_format_are_escaped() {
        assert_eq!(escaped("a,b;c\\d\ne"), "a\\,b\\;c\\\\d\\ne");
    }
}
