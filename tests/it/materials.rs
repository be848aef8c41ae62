//! Files of a class: what comes in, what is refused before it is kept, and who may read it.

use nongcot::{access::Role, accounts::model::Person, learning::model::Run};
use reqwest::Method;

use crate::support::{self, Client, TestApp, classes, client::Reply};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";
const EXE: &[u8] = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00This program cannot be run in DOS mode.";

struct Class {
    app: TestApp,
    run: Run,
    teacher: Client,
    learner: Person,
}

async fn class() -> Class {
    let app = support::app_with(|source| source.with("http.max_upload_bytes", "2097152")).await;
    let teacher = app.person_as("Giảng viên Minh họa", Role::Instructor, "BKHCN-2025").await;
    let learner = app.person("Học viên Minh họa", "P15-2025").await;
    let (now, id) = (app.app.now(), learner.id);
    let run = app
        .write(move |c| {
            let version = classes::bring_in(c, now, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một"))?;
            let run = classes::run(c, now, "KM-01-A", version, "BKHCN-2025", ("2026-11-20", "2026-12-20"))?;
            let by = classes::as_person(id);
            nongcot::learning::actions::enrol(c, now, &by, run.id, id, &nongcot::learning::model::Entry::Open)?;
            Ok(run)
        })
        .await;
    let teacher = app.sign_in(&teacher).await;
    Class { app, run, teacher, learner }
}

impl Class {
    fn path(&self) -> String {
        format!("/lop/{}/tai-lieu", self.run.code)
    }

    /// Files in the store.
    fn kept(&self) -> usize {
        fn count(folder: &std::path::Path) -> usize {
            let entries = std::fs::read_dir(folder).map(|e| e.flatten().collect::<Vec<_>>()).unwrap_or_default();
            entries.iter().map(|e| if e.path().is_dir() { count(&e.path()) } else { 1 }).sum()
        }
        count(&self.app.database.folder.path().join("files"))
    }
}

/// A form with a file as a browser sends it; `token` stands first.
fn body(token: &str, title: &str, name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, value) in [("_csrf", token), ("title", title)] {
        body.extend(format!("--vach\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
    }
    let head = format!(
        "--vach\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/pdf\r\n\r\n"
    );
    body.extend(head.bytes());
    body.extend(bytes);
    body.extend(b"\r\n--vach--\r\n");
    body
}

const MULTIPART: (&str, &str) = ("content-type", "multipart/form-data; boundary=vach");

async fn send(browser: &mut Client, path: &str, title: &str, name: &str, bytes: &[u8]) -> Reply {
    let token = browser.token().await;
    let body = body(&token, title, name, bytes);
    browser.send(Method::POST, path, &[MULTIPART], Some(body)).await
}

#[actix_web::test]
async fn a_file_goes_in_and_comes_back_from_the_other_host() {
    let mut class = class().await;
    let path = class.path();
    class.teacher.get(&path).await.is(200).says("Lớp chưa có tài liệu").says("Tối đa 2 MB");
    send(&mut class.teacher, &path, "", "Đề cương <b>.pdf", PDF).await.is(303);
    send(&mut class.teacher, &path, "Bài đọc thêm", "x.pdf", PDF).await.is(303);
    assert_eq!(class.kept(), 2);

    let mut learner = class.app.sign_in(&class.learner).await;
    learner.get(&format!("/lop/{}", class.run.code)).await.is(200).says(&path);
    let list = learner.get(&path).await;
    list.is(200)
        .says("Đề cương _b_.pdf")
        .says("Bài đọc thêm")
        .says("PDF")
        .says("Giảng viên Minh họa")
        .says_not("Tải lên");
    let text = list.text();
    let links: Vec<&str> =
        text.split(&format!("href=\"{path}/")).skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(links.len(), 2);
    let reply = learner.get(&format!("{path}/{}", links[1])).await;
    reply.is(303);
    assert!(reply.location().starts_with(&format!("{}/materials/", class.app.files_base)), "{}", reply.location());
    // No cookie goes to the other host; the link alone opens it, and only for a while.
    let file = class.app.visitor().get(&reply.location()).await;
    assert_eq!(file.is(200).bytes, PDF);
    assert_eq!(file.header("content-type"), "application/pdf");
    assert!(file.header("content-disposition").contains("%C4%90%E1%BB%81"), "{}", file.header("content-disposition"));
    class.app.later(chrono::TimeDelta::days(1));
    class.app.visitor().get(&reply.location()).await.is(410);
}

#[actix_web::test]
async fn what_is_too_large_or_not_what_it_says_never_reaches_the_disk() {
    let mut class = class().await;
    let path = class.path();
    let mut large = PDF.to_vec();
    large.resize(10 * 1024 * 1024, b' ');
    large.extend(b"%%EOF");
    let reply = send(&mut class.teacher, &path, "Bài lớn", "lon.pdf", &large).await;
    reply.is(422).says("Tệp lớn hơn 2 MB").says("value=\"Bài lớn\"");
    send(&mut class.teacher, &path, "", "bao-cao.pdf", EXE).await.is(422).says("không phải loại tệp được nhận");
    send(&mut class.teacher, &path, "", "trang.pdf", b"<html><script>alert(1)</script>").await.is(422);
    send(&mut class.teacher, &path, "", "rong.pdf", b"").await.is(422).says("không có nội dung");
    send(&mut class.teacher, &path, "Chỉ có tên", "", b"").await.is(422).says("Chọn tệp").says("Chỉ có tên");
    assert_eq!(class.kept(), 0);
    // A file that is kept but whose form is refused is given up again.
    send(&mut class.teacher, &path, &"dài ".repeat(100), "x.pdf", PDF).await.is(422).says("dài quá");
    assert_eq!(class.kept(), 0);
    class.teacher.get(&path).await.is(200).says("Lớp chưa có tài liệu");
}

#[actix_web::test]
async fn an_upload_needs_the_token_first_and_only_its_own_address() {
    let mut class = class().await;
    let path = class.path();
    let forged = class.app.visitor().token().await;
    class.teacher.send(Method::POST, &path, &[MULTIPART], Some(body(&forged, "", "x.pdf", PDF))).await.is(400);
    let token = class.teacher.token().await;
    // The file before the token: nobody reads it.
    let late = String::from_utf8(body(&token, "", "x.pdf", PDF)).unwrap().replacen("_csrf", "other", 1);
    let late = late.replacen("name=\"title\"", "name=\"_csrf\"", 1);
    class.teacher.send(Method::POST, &path, &[MULTIPART], Some(late.into_bytes())).await.is(400);
    class.teacher.send(Method::POST, &path, &[MULTIPART], Some(b"--vach\r\nnonsense".to_vec())).await.is(400);
    class.teacher.post(&path, &[("title", "x")]).await.is(400);
    assert_eq!(class.kept(), 0);
    // Elsewhere the guard looks into the body itself, so a body it cannot read is refused.
    let withdraw = format!("/lop/{}/rut", class.run.code);
    let mut learner = class.app.sign_in(&class.learner).await;
    learner.send(Method::POST, &withdraw, &[MULTIPART], Some(body("", "", "x.pdf", PDF))).await.is(400);
    learner.get(&path).await.is(200);
}

#[actix_web::test]
async fn files_are_for_the_class_and_can_be_taken_away_and_put_back() {
    let mut class = class().await;
    let path = class.path();
    send(&mut class.teacher, &path, "Bài đọc", "x.pdf", PDF).await.is(303);
    let text = class.teacher.get(&path).await.text();
    let id = text.split(&format!("href=\"{path}/")).nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();

    let stranger = class.app.person("Người Ngoài lớp", "P24-2025").await;
    let mut outside = class.app.sign_in(&stranger).await;
    outside.get(&path).await.is(403);
    outside.get(&format!("{path}/{id}")).await.is(403);
    send(&mut outside, &path, "", "x.pdf", PDF).await.is(403);
    let mut learner = class.app.sign_in(&class.learner).await;
    send(&mut learner, &path, "", "x.pdf", PDF).await.is(403);
    learner.post(&format!("{path}/{id}/go"), &[]).await.is(403);
    class.app.visitor().get(&path).await.is(303);
    let other = class.app.person_as("Giảng viên Nơi khác", Role::Instructor, "P24-2025").await;
    class.app.sign_in(&other).await.post(&format!("{path}/{id}/go"), &[]).await.is(403);

    class.teacher.post(&format!("{path}/{id}/go"), &[]).await.is(303);
    class.teacher.post(&format!("{path}/{id}/go"), &[]).await.is(404);
    learner.get(&format!("{path}/{id}")).await.is(404);
    learner.get(&path).await.is(200).says_not("Bài đọc");
    class.teacher.get(&path).await.is(200).says("Tài liệu đã gỡ").says("Bài đọc");
    class.teacher.post(&format!("{path}/{id}/khoi-phuc"), &[]).await.is(303);
    learner.get(&format!("{path}/{id}")).await.is(303);
    learner.get(&format!("{path}/999999")).await.is(404);
}
