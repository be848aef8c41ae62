use super::*;

fn fault(source: ConfigSource) -> Fault {
    let mut faults = Config::load(&source).unwrap_err().faults;
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.remove(0)
}

fn set(key: &str, value: &str) -> ConfigSource {
    ConfigSource::empty().with(key, value)
}

fn file(text: &str) -> (tempfile::TempDir, ConfigSource) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("nongcot.toml");
    std::fs::write(&path, text).unwrap();
    let source = ConfigSource::empty().with_file(path);
    (dir, source)
}

#[test]
fn the_defaults_are_those_of_the_plan() {
    let config = Config::load(&ConfigSource::empty()).unwrap();
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.http.origin(), "http://localhost:8080");
    assert!(!config.http.secure_cookies());
    assert_eq!(config.files.origin(), "http://127.0.0.1:8081");
    assert_eq!(config.metrics.listen.unwrap().to_string(), "127.0.0.1:9090");
    assert_eq!(config.database.url, DatabaseUrl::Sqlite("./data/nongcot.sqlite3".into()));
    assert_eq!(config.mail.url, MailUrl::Folder("./data/mail".into()));
    assert_eq!(config.log.format, LogFormat::Text);
    assert!(config.storage.s3.is_none());
    assert!(config.describe().iter().all(|d| d.source == "default"), "{:?}", config.describe());
}

#[test]
fn the_environment_wins_over_the_file_and_the_program_over_both() {
    let (_dir, source) = file(
        "[http]\nlisten = '0.0.0.0:80'\npublic_url = \"https://daotao.example.vn\"\ntrusted_proxies = ['10.0.0.0/8', '::1']\n\
         workers = 3\n[files]\npublic_url = 'https://tep.example.vn'\n[storage]\ndir = '/srv/nc'\n[log]\nformat = 'json'\n",
    );
    let config = Config::load(
        &source
            .with_variable("NONGCOT__HTTP__WORKERS", "5")
            .with_variable("NONGCOT__METRICS__LISTEN", "")
            .with_variable("NONGCOT__HTTP__LISTEN", "127.0.0.1:1")
            .with_variable("PATH", "/bin")
            .with("http.listen", "127.0.0.1:0"),
    )
    .unwrap();
    assert_eq!(config.http.listen.port(), 0);
    assert_eq!(config.http.workers, 5);
    assert_eq!(config.http.trusted_proxies.len(), 2);
    assert!(config.http.secure_cookies());
    assert_eq!(config.http.link("/tra-cuu/a"), "https://daotao.example.vn/tra-cuu/a");
    assert!(config.metrics.listen.is_none());
    assert_eq!(config.database.url, DatabaseUrl::Sqlite("/srv/nc/nongcot.sqlite3".into()));
    let source_of = |key: &str| config.describe().iter().find(|d| d.key == key).unwrap().source.clone();
    assert_eq!(source_of("http.listen"), "set by the command");
    assert_eq!(source_of("http.workers"), "environment NONGCOT__HTTP__WORKERS");
    assert!(source_of("http.public_url").ends_with("nongcot.toml line 3"));
    assert_eq!(source_of("database.url"), "default");
}

#[test]
fn unknown_keys_are_named_with_their_place() {
    let (_dir, source) = file("[http]\nlisten = '127.0.0.1:1'\nlissen = 'x'\n");
    let f = fault(source);
    assert_eq!(f.key, "http.lissen");
    assert!(f.to_string().contains("nongcot.toml line 3): There is no such key; the section http has header_seconds"));
    let f = fault(ConfigSource::empty().with_variable("NONGCOT__HTTP__LISSEN", "x"));
    assert_eq!(f.origin, Origin::Environment("NONGCOT__HTTP__LISSEN".to_owned()));
    let f = fault(ConfigSource::empty().with_variable("NONGCOT__HTP__LISTEN", "x"));
    assert!(f.sentence.contains("the sections are database, files, http"), "{f}");
    for name in ["NONGCOT__LISTEN", "NONGCOT__HTTP__LISTEN__X", "NONGCOT__", "NONGCOT__http__listen"] {
        fault(ConfigSource::empty().with_variable(name, "127.0.0.1:1"));
    }
    let (_dir, source) = file("listen = 'x'\n");
    assert_eq!(fault(source).key, "listen");
}

#[test]
fn every_fault_is_named_at_once() {
    let (_dir, source) = file("[http]\nlisten = 8080\nworkers = 'many'\n[log]\nformat = true\nlevel = ''\nx = 1\n");
    let error = Config::load(&source.with_variable("NONGCOT__DATABASE__URL", "mysql://x")).unwrap_err();
    let keys: Vec<&str> = error.faults.iter().map(|f| f.key.as_str()).collect();
    assert_eq!(keys, ["http.listen", "http.workers", "database.url", "log.format", "log.level", "log.x"]);
    let text = error.to_string();
    assert!(text.contains("The value must be a text in quotes, not a number."), "{text}");
    assert!(text.contains("must be a whole number from 1 to 256, not a text"), "{text}");
    assert_eq!(text.lines().count(), 6);
}

#[test]
fn bad_values_get_one_clear_sentence() {
    for (key, value, part) in [
        ("http.listen", "localhost:8080", "must be an address and a port"),
        ("http.public_url", "daotao.example.vn", "must be a web address"),
        ("http.public_url", "https://a.vn/lms", "without a path"),
        ("http.public_url", "ftp://a.vn", "must be a web address"),
        ("http.public_url", "https://u:p@a.vn", "must be a web address"),
        ("http.trusted_proxies", "10.0.0.0/8, nobody", "which \"nobody\" is not"),
        ("http.trusted_proxies", "10.0.0.0/33", "10.0.0.0/33"),
        ("http.trusted_proxies", "::ffff:10.0.0.0/104", "must be addresses"),
        ("http.workers", "0", "from 1 to 256"),
        ("http.max_upload_bytes", "-1", "must be a whole number"),
        ("metrics.listen", "9090", "must be an address and a port"),
        ("storage.dir", "", "must name a folder"),
        ("storage.url", "gs://bucket", "must look like s3://"),
        ("storage.url", "s3://", "must name a bucket"),
        ("mail.from", "nobody", "must look like"),
        ("mail.url", "imap://x", "must begin with smtp://"),
        ("mail.url", "smtp://", "mail server"),
        ("mail.url", "smtp://u:p@mail.example.vn", "password unencrypted"),
        ("mail.url", "smtp://mail.example.vn?tls=maybe", "takes only"),
        ("mail.url", "smtp://u@mail.example.vn?tls=required", "both a user name and a password"),
        ("log.level", "loud=very", "must be error, warn"),
        ("log.format", "xml", "must be text or json"),
        ("passwords.parallel", "x", "must be a whole number"),
    ] {
        let f = fault(set(key, value));
        assert_eq!(f.key, key);
        assert!(f.sentence.contains(part) && f.sentence.ends_with('.'), "{key}={value}: {f}");
    }
}

#[test]
fn the_schemes_of_databases_are_ours_to_read() {
    let sqlite = |text: &str| DatabaseUrl::parse(text).unwrap();
    assert_eq!(sqlite("sqlite:data/a.db"), DatabaseUrl::Sqlite("data/a.db".into()));
    assert_eq!(sqlite("sqlite:/srv/a.db"), DatabaseUrl::Sqlite("/srv/a.db".into()));
    assert_eq!(sqlite("sqlite:///srv/a.db"), DatabaseUrl::Sqlite("/srv/a.db".into()));
    for good in ["postgres://u:p@h/db", "postgresql:///db?host=/run/pg", "postgres://h:5433/db"] {
        assert!(matches!(sqlite(good), DatabaseUrl::Postgres(_)), "{good}");
    }
    for bad in [
        "",
        "data/a.db",
        "sqlite:",
        "sqlite::memory:",
        "sqlite://a.db",
        "sqlite:a.db?mode=ro",
        "postgres",
        "postgresnope:x",
        "postgres://h",
        "postgres:///",
        "mysql://h/db",
        "file:a.db",
        "POSTGRES://h/db",
    ] {
        assert!(DatabaseUrl::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn secrets_are_never_shown() {
    let config = Config::load(
        &set("database.url", "postgres://app:geheim1@db.example/nc?sslpassword=geheim2&sslmode=require")
            .with("mail.url", "smtps://app:geheim3@mail.example")
            .with("storage.url", "s3://tep/nc")
            .with("storage.access_key_id", "AK")
            .with("storage.secret_access_key", "geheim4"),
    )
    .unwrap();
    let shown = format!("{config:?} {:?}", config.describe());
    assert!(!shown.contains("geheim"), "{shown}");
    assert!(shown.contains("postgres://app:***@db.example/nc?sslmode=require"), "{shown}");
    let s3 = config.storage.s3.unwrap();
    assert_eq!(s3.secret_access_key.expose(), "geheim4");
    assert_eq!(s3.bucket, Bucket { name: "tep".to_owned(), prefix: "nc".to_owned() });
    let f = fault(set("database.url", "postgres://app:geheim@"));
    assert!(!f.to_string().contains("geheim"));
}

#[test]
fn settings_must_agree_with_each_other() {
    let same = set("http.public_url", "https://a.vn").with("files.public_url", "https://a.vn:8443");
    assert!(fault(same).sentence.contains("host name of their own"));
    let plain = set("http.public_url", "https://a.vn");
    assert!(fault(plain).sentence.contains("https too"));
    let port = set("files.listen", "0.0.0.0:8080");
    assert_eq!(fault(port).key, "files.listen");
    assert_eq!(fault(set("metrics.listen", "127.0.0.1:8081")).key, "metrics.listen");
    assert_eq!(fault(set("storage.endpoint", "http://127.0.0.1:5000")).key, "storage.endpoint");
    let faults = Config::load(&set("storage.url", "s3://b")).unwrap_err().faults;
    assert_eq!(faults.len(), 2);
    Config::load(
        &set("http.listen", "127.0.0.1:0").with("files.listen", "127.0.0.1:0").with("metrics.listen", "127.0.0.1:0"),
    )
    .unwrap();
}

#[test]
fn a_named_file_must_be_there_and_be_toml() {
    let f = fault(ConfigSource::empty().with_file("/nowhere/nongcot.toml"));
    assert!(
        f.to_string().starts_with("--config (/nowhere/nongcot.toml): The file /nowhere/nongcot.toml cannot be read")
    );
    let (_dir, source) = file("[http]\nlisten = \n");
    let f = fault(source);
    assert!(f.origin.to_string().ends_with("line 2"), "{f}");
    let (_dir, source) = file("[http]\nworkers = 1.5\nlisten = 2026-01-01\ntrusted_proxies = [1]\n[http.listen2]\n");
    assert_eq!(Config::load(&source).unwrap_err().faults.len(), 4);
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_text_is_named() {
    use std::os::unix::ffi::OsStringExt;
    let value = std::ffi::OsString::from_vec(vec![0xff]);
    assert!(fault(ConfigSource::empty().with_variable("NONGCOT__STORAGE__DIR", value)).sentence.contains("UTF-8"));
}

#[test]
fn networks_contain_what_they_should() {
    let in_block = |block: &str, ip: &str| block.parse::<Network>().unwrap().contains(ip.parse().unwrap());
    assert!(in_block("10.0.0.0/8", "10.255.1.2"));
    assert!(!in_block("10.0.0.0/8", "11.0.0.1"));
    assert!(in_block("10.1.2.3", "::ffff:10.1.2.3"));
    assert!(in_block("0.0.0.0/0", "1.2.3.4") && !in_block("0.0.0.0/0", "::1"));
    assert!(in_block("2001:db8::/32", "2001:db8:1::1") && !in_block("2001:db8::/32", "2001:db9::1"));
    assert!(in_block("::/0", "::1"));
}
