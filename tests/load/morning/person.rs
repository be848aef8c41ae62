//! What one person does in the morning.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::Morning;
use crate::{
    client::{Conn, Reply, between, header, request},
    scenarios::sign_in_form,
};

/// Somebody who may sit a test.
#[derive(Debug, Clone)]
pub struct Coming {
    pub name: String,
    pub run: String,
    pub test: String,
    /// The slug of a lesson they look into.
    pub lesson: String,
}

struct Person {
    morning: Arc<Morning>,
    coming: Coming,
    conn: Option<Conn>,
    /// The headers of every request: cookies, and an address of their own as a proxy tells it.
    headers: String,
}

pub async fn live(morning: Arc<Morning>, number: usize, coming: Coming, comes: Instant) {
    let address = format!("x-forwarded-for: 10.{}.{}.{}\r\n", number >> 16, (number >> 8) & 255, number & 255);
    let visitor = format!("cookie: khach=visitor-{number:014}");
    let mut person =
        Person { headers: format!("{visitor}\r\n{address}"), coming, conn: None, morning: Arc::clone(&morning) };
    tokio::time::sleep_until(comes.into()).await;
    morning.board().arrived(morning.began);
    let Some(session) = person.sign_in().await else { return };
    person.headers = format!("{visitor}; phien={session}\r\n{address}");
    morning.board().signed_in(morning.began, comes.elapsed());
    let Some((code, csrf, questions)) = person.open_paper().await else { return };
    person.sit(&code, &csrf, questions, number).await;
}

impl Person {
    fn over(&self) -> bool {
        Instant::now() >= self.morning.end
    }

    /// Asks until there is an answer: a program that was killed is back soon, and one that is busy says when to come again.
    async fn ask(&mut self, wire: &[u8]) -> Option<Reply> {
        while !self.over() {
            if self.conn.as_ref().is_none_or(Conn::is_over) {
                self.conn = Conn::open(self.morning.address).await.ok();
            }
            match self.conn.as_mut() {
                Some(conn) => match conn.exchange(wire).await {
                    Ok(reply) if reply.status == 503 => {
                        let kindly = header(conn.head(), "retry-after").is_some() && conn.text().contains("<h1");
                        self.morning.board().refused(kindly);
                        tokio::time::sleep(Duration::from_secs(5)).await;
                    }
                    Ok(reply) => return Some(reply),
                    Err(_) => {
                        self.conn = None;
                        tokio::time::sleep(Duration::from_millis(200)).await;
                    }
                },
                None => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        }
        None
    }

    async fn get(&mut self, path: &str) -> Option<u16> {
        let wire = request("GET", path, &self.headers, "");
        let asked = Instant::now();
        let reply = self.ask(&wire).await?;
        self.morning.board().page(self.morning.began, asked.elapsed(), reply.status);
        Some(reply.status)
    }

    fn text(&self) -> &str {
        self.conn.as_ref().map_or("", Conn::text)
    }

    fn head(&self) -> &str {
        self.conn.as_ref().map_or("", Conn::head)
    }

    fn token(&self) -> Option<String> {
        between(self.text(), "name=\"_csrf\" value=\"", "\"").map(str::to_owned)
    }

    /// Through the form, and the line behind it.
    async fn sign_in(&mut self) -> Option<String> {
        loop {
            self.get("/dang-nhap").await?;
            let wire = sign_in_form(&self.headers, &self.token()?, &self.coming.name);
            self.ask(&wire).await?;
            loop {
                if let Some(session) = between(self.head(), "set-cookie: phien=", ";") {
                    return Some(session.to_owned());
                }
                let Some(ticket) = header(self.head(), "location").map(str::to_owned) else { break };
                self.get(&ticket).await?;
                while header(self.head(), "refresh").is_some() {
                    tokio::time::sleep(Duration::from_secs(2)).await;
                    self.get(&ticket).await?;
                }
                // A program that was killed forgot the line: the form is sent again.
                let Some(token) = self.token().filter(|_| self.text().contains("data-auto-submit")) else { break };
                let headers = format!("{}content-type: application/x-www-form-urlencoded\r\n", self.headers);
                let wire = request("POST", &ticket, &headers, &format!("_csrf={token}"));
                self.ask(&wire).await?;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    /// The first page, the test, the paper: its code, the token of its forms and how many questions it has.
    async fn open_paper(&mut self) -> Option<(String, String, usize)> {
        self.get("/").await?;
        let path = format!("/lop/{}/kiem-tra/{}", self.coming.run, self.coming.test);
        self.get(&path).await?;
        let headers = format!("{}content-type: application/x-www-form-urlencoded\r\n", self.headers);
        let wire = request("POST", &path, &headers, &format!("_csrf={}", self.token()?));
        self.ask(&wire).await?;
        let paper = header(self.head(), "location")?.to_owned();
        self.get(&paper).await?;
        let csrf = between(self.text(), "data-csrf=\"", "\"")?.to_owned();
        Some((paper.rsplit('/').next()?.to_owned(), csrf, self.text().matches("data-question=\"").count()))
    }

    async fn sit(&mut self, code: &str, csrf: &str, questions: usize, number: usize) {
        let headers = format!(
            "{}content-type: application/json\r\naccept: application/json\r\nx-csrf-token: {csrf}\r\n",
            self.headers
        );
        let (first, every) = (Instant::now(), self.morning.every);
        // Not all at the same second of their twenty.
        let offset = every.mul_f64(f64::from(u32::try_from(number * 37 % 100).unwrap_or(0)) / 100.0);
        for n in 0_u32.. {
            let due = first + offset + every * n;
            if due >= self.morning.end {
                return;
            }
            tokio::time::sleep_until(due.into()).await;
            let (place, sequence) = (usize::try_from(n).unwrap_or(0) % questions.max(1) + 1, i64::from(n) + 1);
            let body = format!("{{\"position\":{place},\"answer\":{{\"type\":\"empty\"}},\"sequence\":{sequence}}}");
            let wire = request("POST", &format!("/bai-lam/{code}/tra-loi"), &headers, &body);
            let Some(reply) = self.ask(&wire).await else { return };
            self.morning.board().saved(self.morning.began, due.elapsed(), reply.status);
            if reply.status == 200 {
                let kept = between(self.text(), "\"sequence\":", ",").and_then(|n| n.parse().ok()).unwrap_or(0);
                let place = i32::try_from(place).unwrap_or(0);
                let mut all = self.morning.acknowledged.lock().expect("what was acknowledged");
                let before = all.insert((code.to_owned(), place), kept);
                if kept != sequence || before.is_some_and(|before| before >= kept) {
                    self.morning.board().went_back();
                }
            }
            if n % 3 == 2 {
                let path = match n % 2 {
                    0 => format!("/bai-lam/{code}"),
                    _ => format!("/lop/{}/hoc/{}", self.coming.run, self.coming.lesson),
                };
                if self.get(&path).await.is_none() {
                    return;
                }
            }
        }
    }
}
