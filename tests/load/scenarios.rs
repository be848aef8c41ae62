//! What people ask for, each as a maker of requests with what is hoped for.

use std::sync::Arc;

use crate::{
    client::request,
    measure::Maker,
    world::{PASSWORD, World},
};

/// What a scenario is to reach on SQLite.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// Requests a second.
    Rate(f64),
    /// This share of the group commit with nothing around it.
    OfRaw(f64),
    None,
}

pub struct Scenario {
    pub name: &'static str,
    pub goal: Goal,
    pub status: u16,
    pub make: Maker,
    /// Asked once more with compression.
    pub compressed: Option<Maker>,
}

const GZIP: &str = "accept-encoding: gzip\r\n";

/// The same kind of page for each of these: the headers and the path.
fn pages(all: Vec<(String, String)>) -> (Maker, Option<Maker>) {
    let made = |more: &str| -> Maker {
        let requests: Vec<Vec<u8>> =
            all.iter().map(|(headers, path)| request("GET", path, &format!("{headers}{more}"), "")).collect();
        // Neighbouring connections begin far apart, so that they do not ask for the same at once.
        Arc::new(move |connection, n| {
            let place = connection * 7 + usize::try_from(n).unwrap_or(0);
            requests[place % requests.len()].clone()
        })
    };
    (made(""), Some(made(GZIP)))
}

fn page(name: &'static str, goal: Goal, all: Vec<(String, String)>) -> Scenario {
    let (make, compressed) = pages(all);
    Scenario { name, goal, status: 200, make, compressed }
}

/// One page of one person.
pub fn single(cookie: &str, path: &str) -> Maker {
    pages(vec![(cookie.to_owned(), path.to_owned())]).0
}

pub fn all(world: &Arc<World>, names: &Arc<Vec<String>>, guest: &str) -> Vec<Scenario> {
    let learners = |path: &dyn Fn(usize, &str, &str) -> String| -> Vec<(String, String)> {
        let one = |(n, l): (usize, &crate::world::Learner)| (l.cookie.clone(), path(n, &l.run, &l.attempt));
        world.learners.iter().enumerate().map(one).collect()
    };
    let lesson = |n: usize, run: &str, _: &str| format!("/lop/{run}/hoc/{}", world.lessons[n % world.lessons.len()]);
    let words = ["ki%E1%BA%BFn+tr%C3%BAc", "ch%C3%ADnh+ph%E1%BB%A7", "d%E1%BB%AF+li%E1%BB%87u", "minh+h%E1%BB%8Da"];
    let mut all = vec![
        page("lesson, signed in, with progress", Goal::Rate(5000.0), learners(&lesson)),
        page("course", Goal::None, learners(&|_, _, _| format!("/khoa-hoc/{}", world.course))),
        page(
            "catalogue with a search",
            Goal::None,
            learners(&|n, _, _| format!("/khoa-hoc?q={}", words[n % words.len()])),
        ),
        page("test", Goal::Rate(3000.0), learners(&|_, _, attempt| format!("/bai-lam/{attempt}"))),
        save(world),
        page("coordinator: first page", Goal::Rate(500.0), vec![(world.coordinator.clone(), "/".to_owned())]),
        page(
            "coordinator: the nation's targets",
            Goal::Rate(500.0),
            vec![(world.coordinator.clone(), "/chi-tieu".to_owned())],
        ),
        page(
            "verification of a certificate",
            Goal::None,
            vec![(String::new(), format!("/tra-cuu/{}", world.certificate))],
        ),
    ];
    all.push(sign_in(names, guest));
    all
}

/// Each connection saves the answers of one learner in turn, with growing sequences.
fn save(world: &Arc<World>) -> Scenario {
    let world = Arc::clone(world);
    let make: Maker = Arc::new(move |connection, n| {
        let learner = &world.learners[connection % world.learners.len()];
        answer(learner, n, chrono::Utc::now().timestamp_micros())
    });
    Scenario { name: "saving an answer, durably", goal: Goal::OfRaw(0.4), status: 200, make, compressed: None }
}

/// A learner's answer number `n` as the page's script sends it.
pub fn answer(learner: &crate::world::Learner, n: u64, sequence: i64) -> Vec<u8> {
    let place = usize::try_from(n).unwrap_or(0) % learner.answers.len();
    let body = format!("{{\"position\":{},\"answer\":{},\"sequence\":{sequence}}}", place + 1, learner.answers[place]);
    let headers = format!(
        "{}content-type: application/json\r\naccept: application/json\r\nx-csrf-token: {}\r\n",
        learner.cookie, learner.csrf
    );
    request("POST", &format!("/bai-lam/{}/tra-loi", learner.attempt), &headers, &body)
}

/// The form of signing in, as it is sent. `headers` hold the cookie that the token belongs to.
pub fn sign_in_form(headers: &str, csrf: &str, name: &str) -> Vec<u8> {
    let body = format!("_csrf={csrf}&next=/&identifier={name}&password={PASSWORD}");
    let headers =
        format!("{headers}content-type: application/x-www-form-urlencoded\r\nsec-fetch-site: same-origin\r\n");
    request("POST", "/dang-nhap", &headers, &body)
}

fn sign_in(names: &Arc<Vec<String>>, csrf: &str) -> Scenario {
    let (names, csrf) = (Arc::clone(names), csrf.to_owned());
    let make: Maker = Arc::new(move |connection, n| {
        let place = connection * 97 + usize::try_from(n).unwrap_or(0);
        sign_in_form("cookie: khach=load-generator-visitor\r\n", &csrf, &names[place % names.len()])
    });
    Scenario { name: "signing in with a password", goal: Goal::None, status: 303, make, compressed: None }
}
