//! What every request meets, whatever page it wants.

use std::io::{Read, Write};

use reqwest::Method;

use crate::support;

#[actix_web::test]
async fn a_state_change_without_the_token_or_from_elsewhere_is_refused() {
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", "P01").await;
    let mut browser = app.sign_in(&person).await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    browser.send(Method::POST, "/dang-xuat", &[form], Some(b"x=1".to_vec())).await.is(400).says("Biểu mẫu");
    let token = browser.token().await;
    let body = format!("_csrf={token}").into_bytes();
    for header in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        browser.send(Method::POST, "/dang-xuat", &[form, header], Some(body.clone())).await.is(400);
    }
    // A token of another browser is as good as none.
    let other = app.visitor().token().await;
    let body = format!("_csrf={other}").into_bytes();
    browser.send(Method::POST, "/dang-xuat", &[form], Some(body)).await.is(400);
    browser.get("/tai-khoan").await.is(200);
}

#[actix_web::test]
async fn nothing_is_changed_by_get() {
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", "P01").await;
    let mut browser = app.sign_in(&person).await;
    for path in ["/dang-xuat", "/tai-khoan/phien/1/ket-thuc", "/ngon-ngu", "/thong-bao/da-doc"] {
        let status = browser.get(path).await.status;
        assert!(status == 404 || status == 405, "{path}: {status}");
    }
    browser.get("/tai-khoan").await.is(200);
}

#[actix_web::test]
async fn every_page_carries_its_protection() {
    let app = support::app().await;
    let reply = app.visitor().get("/dang-nhap").await;
    let policy = reply.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!(reply.header("cache-control"), "private, no-store");
    assert!(!reply.header("x-request-id").is_empty());
    let cookie = reply.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert!(!reply.text().contains("<script>") && !reply.text().contains(" style=\""));
}

#[actix_web::test]
async fn on_https_cookies_are_bound_to_the_host() {
    let app = support::app_with(|s| s).await;
    drop(app);
    let jar = nongcot::platform::http::cookies::Jar { secure: true };
    let cookie = jar.make("phien", "x".into(), None).to_string();
    assert!(cookie.starts_with("__Host-phien=x") && cookie.contains("Secure") && cookie.contains("Path=/"), "{cookie}");
}

#[actix_web::test]
async fn what_is_too_large_or_broken_gets_a_sentence() {
    let app = support::app().await;
    let mut browser = app.visitor();
    let form = ("content-type", "application/x-www-form-urlencoded");
    browser.send(Method::POST, "/dang-nhap", &[form], Some(vec![b'a'; 2_000_000])).await.is(413).says("lớn hơn");
    browser.get("/khong-co-trang-nay").await.is(404).says("Không tìm thấy").says("Mã yêu cầu");
    browser.send(Method::POST, "/dang-nhap", &[("content-type", "text/plain")], Some(b"x".to_vec())).await.is(400);
    browser.send(Method::DELETE, "/dang-nhap", &[], None).await.is(400);
    browser.get("/khoa-hoc?q=a%00b").await.is(400);
    browser.get("/khoa-hoc/a%00b").await.is(400);
    let json = browser.send(Method::GET, "/khong-co", &[("accept", "application/json")], None).await;
    assert!(json.is(404).text().starts_with("{\"error\""), "{}", json.text());
}

#[actix_web::test]
async fn a_giant_header_is_refused_and_the_server_lives_on() {
    let app = support::app().await;
    let address = app.base.replace("http://localhost", "127.0.0.1");
    let answer = tokio::task::spawn_blocking(move || {
        let mut socket = std::net::TcpStream::connect(address).expect("a connection");
        socket.set_read_timeout(Some(std::time::Duration::from_secs(10))).expect("a timeout");
        let _ = socket.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Big: ");
        let block = vec![b'a'; 65_536];
        for _ in 0..160 {
            if socket.write_all(&block).is_err() {
                break;
            }
        }
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    })
    .await
    .expect("the thread");
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    app.visitor().get("/healthz").await.is(200);
}

#[actix_web::test]
async fn assets_are_compressed_and_kept_for_ever() {
    let app = support::app().await;
    let mut browser = app.visitor();
    let page = browser.get("/dang-nhap").await.text();
    let style = page
        .split("rel=\"stylesheet\" href=\"")
        .nth(1)
        .expect("a stylesheet")
        .split('"')
        .next()
        .expect("its address")
        .to_owned();
    let reply = browser.send(Method::GET, &style, &[("accept-encoding", "br")], None).await;
    assert_eq!(reply.header("content-encoding"), "br");
    assert!(reply.header("cache-control").contains("immutable"));
    let plain = browser.get(&style).await;
    assert!(plain.bytes.len() > 2 * reply.bytes.len());
    browser.get("/tinh/khong-co.css").await.is(404);
}

#[actix_web::test]
async fn a_next_page_never_leads_away() {
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", "P01").await;
    let mut browser = app.sign_in(&person).await;
    for next in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let reply = browser.post("/ngon-ngu", &[("locale", "vi"), ("next", next)]).await;
        assert_eq!(reply.is(303).location(), "/");
    }
}

/// What the server answers to a request on an open connection, and whether it ended the connection with it.
fn ask(socket: &mut std::net::TcpStream) -> (String, bool) {
    socket.set_read_timeout(Some(std::time::Duration::from_secs(10))).expect("a timeout");
    socket.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("a request");
    let (mut answer, mut piece) = (Vec::new(), [0_u8; 4096]);
    while !answer.windows(4).any(|four| four == b"\r\n\r\n") {
        let read = socket.read(&mut piece).expect("an answer");
        assert!(read > 0, "the connection ended before its answer");
        answer.extend_from_slice(&piece[..read]);
    }
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let ends = answer.contains("connection: close");
    (answer, ends)
}

#[actix_web::test]
async fn where_many_are_connected_an_answer_ends_its_connection() {
    let app = support::app_with(|source| source.with("http.kept_connections", "2")).await;
    let address = app.base.replace("http://localhost", "127.0.0.1");
    tokio::task::spawn_blocking(move || {
        let connect = || std::net::TcpStream::connect(&address).expect("a connection");
        let (mut first, mut second) = (connect(), connect());
        assert!(!ask(&mut first).1 && !ask(&mut second).1, "two may stay");
        let mut third = connect();
        let (answer, ends) = ask(&mut third);
        assert!(answer.starts_with("HTTP/1.1 200") && ends, "a third is answered and goes: {answer}");
        let mut rest = Vec::new();
        third.read_to_end(&mut rest).expect("the end of the connection");
        drop((second, third));
        // The server notices a moment later that they went.
        let stays = (0..100).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            !ask(&mut connect()).1
        });
        assert!(stays, "as soon as others went, one may stay again");
    })
    .await
    .expect("the thread");
}
