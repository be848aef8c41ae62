//! The demonstration as a person starts it: everything agrees with itself, and every page says that it is made up. Filling its year
//! 2022 takes longest of all that is tested, so it is done in one place, the journey that looks at the exact totals of that year.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use crate::support::{Client, run};

struct Demo {
    child: Child,
    base: String,
    links: serde_json::Value,
    /// The settings for a command beside it.
    storage: String,
    database: String,
    _folder: tempfile::TempDir,
}

impl Demo {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let [http, files] =
            [0, 1].map(|_| TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_nongcot"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("NONGCOT")) {
            command.env_remove(name);
        }
        command
            .env("NONGCOT__HTTP__LISTEN", http.to_string())
            .env("NONGCOT__HTTP__PUBLIC_URL", format!("http://localhost:{}", http.port()))
            .env("NONGCOT__FILES__LISTEN", files.to_string())
            .env("NONGCOT__FILES__PUBLIC_URL", format!("http://127.0.0.1:{}", files.port()))
            .env("NONGCOT__METRICS__LISTEN", "")
            .env("NONGCOT__STORAGE__DIR", folder.path());
        let mut child = command
            .args(["demo", "--json", "--quick"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program");
        let out = child.stdout.take().expect("its output");
        let line = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            BufReader::new(out).read_line(&mut line).expect("a line");
            line
        })
        .await
        .expect("a task");
        let said: serde_json::Value = serde_json::from_str(&line).expect("a JSON object and nothing before it");
        let own = std::fs::read_dir(folder.path())
            .expect("a folder")
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .find(|path| path.is_dir())
            .expect("the folder of the demonstration");
        Self {
            child,
            base: said["base"].as_str().expect("an address").to_owned(),
            links: said["links"].clone(),
            storage: own.display().to_string(),
            database: format!("sqlite:{}", own.join("nongcot.sqlite").display()),
            _folder: folder,
        }
    }

    async fn sign_in(&self, role: &str) -> Client {
        let link = self.links[role].as_str().expect("a link").to_owned();
        let path = link.trim_start_matches(&self.base).to_owned();
        let mut browser = Client::new(&self.base);
        browser.get(&path).await.is(200);
        browser.post(&path, &[]).await.is(303);
        browser
    }

    async fn verify(&self) {
        let settings =
            [("DATABASE__URL", self.database.as_str()), ("STORAGE__DIR", self.storage.as_str()), ("LOG__LEVEL", "off")];
        run(&settings, &["verify"]).await.ended(0);
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The addresses on this site that the content of a page leads to, each once.
fn leads_to(page: &str) -> BTreeSet<String> {
    let content = page.split_once("<main").map_or("", |(_, content)| content);
    let hrefs = content.split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next());
    hrefs.map(|href| format!("/{href}").replace("&amp;", "&").replace("&#x3D;", "=")).collect()
}

#[actix_web::test]
async fn every_page_of_the_demonstration_says_that_it_is_made_up() {
    let demo = Demo::start().await;
    let said = "Dữ liệu minh họa";
    let mut visitor = Client::new(&demo.base);
    for (path, status) in [("/", 200), ("/dang-nhap", 200), ("/khoa-hoc", 200), ("/tra-cuu", 200), ("/khong-co", 404)] {
        visitor.get(path).await.is(status).says(said);
    }
    for (role, paths) in [
        ("learner", vec!["/", "/hoc", "/chung-nhan", "/thong-bao"]),
        ("instructor", vec![]),
        ("officer", vec![]),
        ("auditor", vec![]),
        ("coordinator", vec!["/", "/chi-tieu", "/lop", "/so-cap", "/nguoi"]),
        ("administrator", vec!["/he-thong", "/nhat-ky"]),
    ] {
        let mut browser = demo.sign_in(role).await;
        for path in paths {
            browser.get(path).await.is(200).says(said);
        }
        // What a first page asks somebody to do is there when they follow it.
        let first = leads_to(&browser.get("/").await.text());
        assert!(!first.is_empty(), "the first page of the {role} leads somewhere");
        for path in first {
            let reply = browser.get(&path).await;
            assert!(reply.status < 400, "{role}: {path} is {}", reply.status);
        }
        if role == "coordinator" {
            // One result was voided, so its certificate waits; another was corrected.
            browser.get("/").await.is(200).says("1 giấy chứng nhận chờ quyết định thu hồi");
            browser.get("/so-cap").await.is(200).says("Cấp lại cho số");
            browser.get("/so-cap?trang-thai=revoked").await.is(200).says("Thu hồi theo Quyết định");
        }
    }
    demo.verify().await;
}

#[actix_web::test]
async fn a_demonstration_goes_on_only_where_one_was_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path().display().to_string();
    let database = format!("sqlite:{here}/nongcot.sqlite");
    let settings = [
        ("STORAGE__DIR", here.as_str()),
        ("DATABASE__URL", database.as_str()),
        ("HTTP__LISTEN", "127.0.0.1:0"),
        ("FILES__LISTEN", "127.0.0.1:0"),
        ("METRICS__LISTEN", ""),
    ];
    run(&settings, &["demo", "--again", &here]).await.ended(2).says("There is no demonstration in");
    // Links without a password are for demonstrations alone, whoever asks.
    run(&settings, &["migrate"]).await.ended(0);
    run(&settings, &["demo", "--again", &here]).await.ended(2).says("was not made by `demo`");
}
