//! The command that makes data to measure with.

use crate::support::{self, run};

#[actix_web::test]
async fn artificial_data_agrees_with_itself_and_never_meets_real_people() {
    let database = support::database().await;
    let folder = database.folder.path().display().to_string();
    let settings = [("DATABASE__URL", database.url.as_str()), ("STORAGE__DIR", &folder), ("LOG__LEVEL", "off")];
    let fill = async |seed: &str| {
        let counts = ["--people", "120", "--enrolments", "150", "--progress", "1000"];
        let more = ["--completed", "130", "--ready", "20", "--largest", "60"];
        run(&settings, &[&["bench-data", "--seed", seed][..], &counts, &more].concat()).await
    };
    fill("1").await.ended(0).says("120 people").says("150 enrolments").says("130 completions").says("20 people ready");
    run(&settings, &["verify"]).await.ended(0);
    fill("1").await.ended(2).says("another --seed");
    fill("2").await.ended(0);
    run(&settings, &["verify"]).await.ended(0);
    run(&settings, &["person", "login-link", "minh-hoa-1-0"]).await.ended(0).says("/mo/");

    let real = support::database().await;
    let settings = [("DATABASE__URL", real.url.as_str()), ("STORAGE__DIR", &folder), ("LOG__LEVEL", "off")];
    run(&settings, &["person", "create", "--name", "Người Thật", "--user-name", "nguoi-that"]).await.ended(0);
    run(&settings, &["bench-data"]).await.ended(2).says("real people");
    run(&settings, &["bench-data", "--completed", "2000"]).await.ended(2).says("--enrolments");
    run(&settings, &["bench-data", "--progress", "10", "--enrolments", "0"]).await.ended(2).says("--enrolments");
}
