//! What those who run the program rely on: figures that a monitor reads, a stop that cuts nobody off, a sign-in storm that says
//! where one stands.

use std::{
    io::{Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
    time::Duration,
};

use nongcot::{
    access::Actor,
    accounts::actions::{self, ForgetFailures},
    platform::jobs,
};

use reqwest::Method;

use crate::support::{self, Client, Server};

/// What Prometheus' own parser makes of a page of figures, a sample a line: name, value, what it is said to mean. Runs where
/// `TEST_PYTHON` names a Python that has it, as `tests/run` does.
fn read_by_prometheus(page: &str) -> Option<String> {
    let python = std::env::var("TEST_PYTHON").ok()?;
    let script = "import sys; from prometheus_client.parser import text_string_to_metric_families as read\n\
        for family in read(sys.stdin.read()):\n  for sample in family.samples: \
        print(sample.name, sample.value, family.documentation or 'NOTHING')";
    let mut child =
        Command::new(python).args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python");
    child.stdin.take().expect("its input").write_all(page.as_bytes()).expect("the page");
    let output = child.wait_with_output().expect("its answer");
    assert!(output.status.success(), "Prometheus cannot read the page:\n{page}");
    Some(String::from_utf8(output.stdout).expect("text"))
}

/// The value of the first line of a figure that carries all these labels.
fn figure(page: &str, name: &str, labels: &[&str]) -> Option<f64> {
    let fits = |line: &&str| {
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' ']))
            && labels.iter().all(|l| line.contains(l))
    };
    page.lines().find(fits)?.rsplit(' ').next()?.parse().ok()
}

#[actix_web::test]
async fn figures_are_read_by_a_monitor_on_an_address_of_their_own() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    let app = support::app_with(|s| s.with("metrics.listen", listen.clone())).await;
    let person = app.person("Học viên Minh họa", "P01").await;
    let (now, mut browser) = (app.app.now(), app.sign_in(&person).await);
    browser.get("/tai-khoan").await.is(200);
    app.visitor().post("/dang-nhap", &[("identifier", "khong-ai"), ("password", "mật khẩu không đúng")]).await.is(422);
    // Refused before any route was looked for: still told by where it belonged.
    let body = Some(b"locale=en".to_vec());
    app.visitor()
        .send(Method::POST, "/ngon-ngu", &[("content-type", "application/x-www-form-urlencoded")], body)
        .await
        .is(400);
    app.write(move |c| jobs::enqueue(c, now, &ForgetFailures {})).await;
    app.run_jobs().await;
    // The site itself does not tell.
    browser.get("/metrics").await.is(404);
    let page = Client::new(&format!("http://{listen}")).get("/metrics").await;
    assert!(page.is(200).header("content-type").starts_with("text/plain"));
    let page = page.text();
    for (name, labels) in [
        ("http_requests_total", &["route=\"/tai-khoan\"", "status=\"200\"", "method=\"GET\""][..]),
        ("http_request_seconds_count", &["route=\"/tai-khoan\""]),
        ("http_requests_total", &["route=\"ngon-ngu\"", "status=\"400\""]),
        ("sign_ins_total", &["outcome=\"wrong\""]),
        ("jobs_total", &["outcome=\"done\""]),
        ("password_check_seconds_count", &[]),
        ("db_read_seconds_count", &[]),
        ("db_write_seconds_count", &[]),
    ] {
        let found = figure(&page, name, labels);
        assert!(found.is_some_and(|value| value >= 1.0), "{name} {labels:?}: {found:?}\n{page}");
    }
    if let Some(read) = read_by_prometheus(&page) {
        assert!(
            read.lines().count() > 50 && read.contains("http_requests_total ") && read.contains("Requests answered"),
            "{read}"
        );
        assert!(!read.contains("NOTHING"), "a figure without a sentence:\n{read}");
    }
    // Nothing about people: labels are patterns and outcomes, never what somebody typed or who they are.
    assert!(!page.contains("khong-ai") && !page.contains(&person.code), "{page}");
}

#[actix_web::test]
async fn a_signal_lets_the_request_in_hand_end_and_takes_no_new_one() {
    let database = support::seeded_database().await;
    let folder = database.folder.path().display().to_string();
    let mut server = Server::start(&[], &[("DATABASE__URL", database.url.as_str()), ("STORAGE__DIR", &folder)]).await;
    let address = server.base.replace("http://localhost", "127.0.0.1");
    // A request whose last byte has not come yet.
    let mut slow = TcpStream::connect(&address).unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let body = "identifier=x&password=y&_csrf=none";
    write!(
        slow,
        "POST /dang-nhap HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{}",
        body.len(),
        &body[..10]
    )
    .unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.terminate();
    // Whoever comes now is not let in.
    let mut closed = false;
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        if TcpStream::connect(&address).is_err() {
            closed = true;
            break;
        }
    }
    assert!(closed, "a server that was told to stop takes new connections");
    assert!(server.end().is_none(), "it left somebody in the middle of a request");
    slow.write_all(&body.as_bytes()[10..]).unwrap();
    let mut answer = String::new();
    let _ = slow.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 400"), "the request in hand was not answered: {answer:?}");
    for _ in 0..200 {
        if let Some(status) = server.end() {
            assert!(status.success(), "{status}");
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not end");
}

#[actix_web::test]
async fn on_postgresql_a_process_of_its_own_does_what_a_page_left_to_a_job() {
    let app = support::app().await;
    let folder = app.database.folder.path().display().to_string();
    let settings =
        [("DATABASE__URL", app.database.url.as_str()), ("STORAGE__DIR", &folder), ("HTTP__PUBLIC_URL", &app.base)];
    if !support::on_postgres() {
        support::run(&settings, &["work"]).await.ended(2).says("On SQLite the jobs run inside");
        return app.stop().await;
    }
    let person = app.person("Học viên Minh họa", "P01").await.id.0;
    app.write(move |c| {
        use diesel::prelude::*;
        use nongcot::platform::db::schema::people;
        diesel::update(people::table.find(person)).set(people::email.eq("hv@example.org")).execute(c)?;
        Ok(())
    })
    .await;
    let mut browser = app.visitor();
    browser.post("/quen-mat-khau", &[("identifier", "hv@example.org")]).await.is(303);
    assert!(app.letters().is_empty(), "the page did what it leaves to a job");
    let mut worker =
        support::command(&settings, &["work"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut waited = 0;
    while app.letters().is_empty() {
        waited += 1;
        assert!(waited < 600 && worker.try_wait().unwrap().is_none(), "the letter was not written");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // It wrote what the page's own process would have written: the link opens there.
    let letter = app.letters().remove(0);
    let link = letter.split(&format!("{}/mo/", app.base)).nth(1).expect("a link").split_whitespace().next().unwrap();
    browser.get(&format!("/mo/{link}")).await.is(200);
    // Told to stop it ends by itself, and in good order.
    let told = Command::new("kill").args(["-TERM", &worker.id().to_string()]).status().unwrap();
    assert!(told.success());
    let ended = tokio::task::spawn_blocking(move || worker.wait()).await.unwrap().unwrap();
    assert!(ended.success(), "{ended}");
    app.stop().await;
}

#[actix_web::test]
async fn in_a_storm_of_sign_ins_everybody_sees_their_place_and_gets_in() {
    let app = support::app_with(|s| {
        s.with("passwords.parallel", "1").with("passwords.queue", "2000").with("passwords.patience_seconds", "1")
    })
    .await;
    let person = app.person("Học viên Minh họa", "P01").await;
    let password = "một mật khẩu đủ dài";
    let hash = app.app.passwords.hash(password.to_owned()).await.unwrap();
    let (now, id) = (app.app.now(), person.id);
    app.write(move |c| actions::set_password(c, &Actor::system(), now, id, &hash, None)).await;
    // Enough before them for more than the second a page waits here, however fast this machine is.
    let mut fastest = Duration::MAX;
    for _ in 0..3 {
        let started = std::time::Instant::now();
        app.app.passwords.verify("x".repeat(12), None).await.unwrap();
        fastest = fastest.min(started.elapsed());
    }
    let before = (3_000 / fastest.as_millis().max(1)).clamp(20, 1_500);
    for _ in 0..before {
        app.app.passwords.queue("x".repeat(12), None, String::new(), String::new()).unwrap();
    }
    let mut browser = app.visitor();
    let sent = browser.post("/dang-nhap", &[("identifier", "hoc-vien-minh-hoa"), ("password", password)]).await;
    let place = sent.is(303).location();
    assert!(place.starts_with("/dang-nhap/cho/"), "{place}");
    let page = browser.get(&place).await;
    page.is(200).says("người phía trước");
    assert_eq!(page.header("refresh"), "2", "the page does not come back by itself");
    // Another browser cannot ask about this place, and pages that need no password are not held up.
    app.visitor().get(&place).await.is(409);
    app.visitor().get("/dang-nhap").await.is(200);
    for _ in 0..300 {
        if browser.get(&place).await.header("refresh").is_empty() {
            browser.post(&place, &[]).await.is(303);
            browser.get("/tai-khoan").await.is(200).says("Học viên Minh họa");
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the turn never came");
}
