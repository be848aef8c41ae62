//! Nominations: from the list that is pasted to the place in the class, and back.

mod race;
mod road;
mod sides;

use nongcot::{
    access::{Actor, Role},
    accounts::model::Person,
    learning::model::{EnrolmentMode, Run},
    platform::{db::DbConn, error::Result},
    programmes::{
        model::{Nomination, NominationState},
        queries,
    },
    targets::{
        actions::quotas,
        model::quota::{Allocation, Letter, NewRound, Quota, QuotaRound},
        queries::quotas as quota_queries,
    },
};
use reqwest::Method;

use crate::support::{self, Client, Reply, TestApp, classes, unit_id};

pub const A: &str = "P15-2025";
pub const B: &str = "P24-2025";
pub const ROUND: &str = "minh-hoa-100";
pub const AT_A: &str = "/de-cu/minh-hoa-100/P15-2025";
pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

/// A round into a class by list, with seats for two agencies.
pub struct World {
    pub app: TestApp,
    pub run: Run,
    pub coordinator: Person,
    pub officer: Person,
}

pub async fn world(seats_a: i64) -> World {
    let app = support::app().await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "CDSQG").await;
    let officer = app.person_as("Cán bộ Đào tạo Minh họa", Role::Officer, A).await;
    let (now, by) = (app.app.now(), classes::as_person(coordinator.id));
    let run = app
        .write(move |c| {
            let version = classes::bring_in(c, now, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một"))?;
            let run = classes::run_with(c, now, "KM-01-A", version, "CDSQG", ("2026-11-20", "2026-12-20"), |new| {
                new.enrolment = EnrolmentMode::List;
            })?;
            round(c, now, &by, ROUND, Some(run.clone()), &[(A, seats_a), (B, 2)])?;
            Ok(run)
        })
        .await;
    World { app, run, coordinator, officer }
}

/// A round whose seats are handed to some units.
pub fn round(
    c: &mut DbConn,
    now: nongcot::platform::db::Moment,
    by: &Actor,
    code: &str,
    run: Option<Run>,
    seats: &[(&str, i64)],
) -> Result<QuotaRound> {
    let new = NewRound {
        code: code.to_owned(),
        title_vi: "Chuyên gia nòng cốt (minh họa)".to_owned(),
        title_en: "Core experts (illustration)".to_owned(),
        target: None,
        run: run.map(|run| run.id),
        total: 100,
        deadline: Some("2026-12-01".parse().expect("a day")),
        letter: Letter::default(),
    };
    let round = quotas::open_round(c, by, now, &new)?;
    let rows = seats.iter().map(|(unit, seats)| Ok((unit_id(c, unit)?, *seats))).collect::<Result<Vec<_>>>()?;
    let (letter, reason) = (Letter::default(), String::new());
    quotas::allocate(c, by, now, &Allocation { round: round.id, parent: None, rows, deadline: None, letter, reason })?;
    quota_queries::round(c, round.id)
}

impl World {
    pub async fn at_officer(&self) -> Client {
        self.app.sign_in(&self.officer).await
    }

    pub async fn at_coordinator(&self) -> Client {
        self.app.sign_in(&self.coordinator).await
    }

    pub async fn quota(&self, unit: &'static str) -> Quota {
        self.app.read(move |c| Ok(queries::place(c, ROUND, unit)?.1)).await
    }

    /// The nominations of agency A with the names of their people, in some state.
    pub async fn nominees(&self, state: NominationState) -> Vec<(String, Nomination)> {
        let quota = self.quota(A).await.id;
        let list = self.app.read(move |c| queries::of_quota(c, quota)).await;
        let mut found: Vec<_> = list
            .into_iter()
            .filter(|(nomination, _)| nomination.state == state)
            .map(|(nomination, person)| (person.full_name(), nomination))
            .collect();
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        found
    }

    pub async fn nominee(&self, name: &str) -> Nomination {
        let quota = self.quota(A).await.id;
        let list = self.app.read(move |c| queries::of_quota(c, quota)).await;
        let mut named = list.into_iter().filter(|(_, person)| person.full_name() == name);
        named.next_back().unwrap_or_else(|| panic!("{name} is not nominated")).0
    }

    /// Sends the nominations of A up with a letter.
    pub async fn submit(&self, browser: &mut Client, file: Option<&[u8]>) -> Reply {
        submit(browser, &format!("{AT_A}/trinh"), file).await
    }

    /// Decides about some nominations.
    pub async fn decide(&self, what: &str, reason: &str, of: &[&Nomination]) -> Reply {
        let ids: Vec<String> = of.iter().map(|nomination| nomination.id.to_string()).collect();
        let mut fields: Vec<(&str, &str)> = vec![("viec", what), ("reason", reason)];
        fields.extend(ids.iter().map(|id| ("chon", id.as_str())));
        self.at_coordinator().await.post(&format!("/de-cu/{ROUND}/duyet"), &fields).await
    }

    pub async fn differences(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (_, check) in nongcot::site::checks() {
            found.extend(self.app.read(check).await);
        }
        found
    }
}

pub async fn submit(browser: &mut Client, path: &str, file: Option<&[u8]>) -> Reply {
    let token = browser.token().await;
    let mut body = Vec::new();
    for (field, value) in [("_csrf", token.as_str()), ("number", "12/CV-MH"), ("dated", "20/11/2026")] {
        body.extend(format!("--vach\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
    }
    let name = if file.is_some() { "cong-van.pdf" } else { "" };
    let head = format!(
        "--vach\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/pdf\r\n\r\n"
    );
    body.extend(head.bytes());
    body.extend(file.unwrap_or_default());
    body.extend(b"\r\n--vach--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=vach")];
    browser.send(Method::POST, path, &headers, Some(body)).await
}
