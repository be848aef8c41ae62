//! The pages of those who keep the program going: failed jobs, and the log of who did what.

use diesel::prelude::*;
use nongcot::{
    access::Role,
    audit,
    platform::{
        db::{
            DbConn,
            schema::{audit_events, jobs},
        },
        error::Error,
        jobs::enqueue,
    },
};

use crate::{
    sources,
    support::{self, Client, TestApp},
};

async fn as_role(app: &TestApp, role: Role) -> Client {
    let person = app.person_as(&format!("Minh họa {role}"), role, "BKHCN-2025").await;
    app.sign_in(&person).await
}

async fn failed_job(app: &TestApp, unique: Option<&'static str>) -> i64 {
    let now = app.app.now();
    app.write(move |c| {
        Ok(diesel::insert_into(jobs::table)
            .values((
                jobs::kind.eq("accounts.forget-failures"),
                jobs::payload.eq("{}"),
                jobs::state.eq("failed"),
                jobs::attempts.eq(10),
                jobs::run_at.eq(now),
                jobs::last_error.eq("máy chủ thư không trả lời"),
                jobs::unique_key.eq(unique),
                jobs::created_at.eq(now),
            ))
            .returning(jobs::id)
            .get_result(c)?)
    })
    .await
}

#[actix_web::test]
async fn only_administrators_see_the_system() {
    let app = support::app().await;
    let mut admin = as_role(&app, Role::Administrator).await;
    admin.get("/he-thong").await.is(200).says(env!("CARGO_PKG_VERSION")).says("Không có việc nào");
    for role in [Role::Learner, Role::Officer, Role::Coordinator, Role::Auditor, Role::Instructor] {
        let mut browser = as_role(&app, role).await;
        browser.get("/he-thong").await.is(403);
        browser.post("/he-thong/viec/1/chay-lai", &[]).await.is(403);
        browser.post("/he-thong/viec/1/bo", &[]).await.is(403);
    }
    app.visitor().get("/he-thong").await.is(303);
}

#[actix_web::test]
async fn a_failed_job_is_run_again_or_discarded_and_both_are_in_the_log() {
    let app = support::app().await;
    let (first, second) = (failed_job(&app, None).await, failed_job(&app, None).await);
    let mut admin = as_role(&app, Role::Administrator).await;
    admin.get("/he-thong").await.is(200).says("máy chủ thư không trả lời").says("Xóa số lần đăng nhập sai");
    admin.post(&format!("/he-thong/viec/{first}/chay-lai"), &[]).await.is(303);
    admin.post(&format!("/he-thong/viec/{first}/chay-lai"), &[]).await.is(409);
    admin.post(&format!("/he-thong/viec/{second}/bo"), &[]).await.is(303);
    admin.post(&format!("/he-thong/viec/{second}/bo"), &[]).await.is(409);
    assert!(app.run_jobs().await >= 1);
    let states: Vec<(i64, String)> =
        app.read(|c| Ok(jobs::table.filter(jobs::attempts.ge(1)).select((jobs::id, jobs::state)).load(c)?)).await;
    assert_eq!(states, [(first, "done".to_owned())]);
    admin.get("/nhat-ky?viec=job").await.is(200).says("Chạy lại việc nền").says("Bỏ việc chạy nền");
}

#[actix_web::test]
async fn a_failed_job_is_not_run_beside_one_of_its_kind_that_waits() {
    let app = support::app().await;
    let failed = failed_job(&app, Some("one")).await;
    let now = app.app.now();
    app.write(move |c| {
        let job = nongcot::accounts::actions::ForgetFailures {};
        nongcot::platform::jobs::enqueue_once(c, now, "one", &job)
    })
    .await;
    let mut admin = as_role(&app, Role::Administrator).await;
    admin.post(&format!("/he-thong/viec/{failed}/chay-lai"), &[]).await.is(409).says("cùng loại");
    admin.get("/he-thong").await.is(200).says("máy chủ thư không trả lời");
}

#[actix_web::test]
async fn the_log_is_read_by_those_who_may_and_says_how_far_it_is_sealed() {
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", "P15-2025").await;
    for role in [Role::Learner, Role::Officer, Role::Coordinator, Role::Instructor] {
        as_role(&app, role).await.get("/nhat-ky").await.is(403);
    }
    let mut auditor = as_role(&app, Role::Auditor).await;
    let before = auditor.get("/nhat-ky").await;
    before
        .is(200)
        .says("Đã niêm phong 0 bản ghi")
        .says("Ghi nơi công tác mới")
        .says("Tỉnh Lào Cai")
        .says("Chuyên viên");
    before.says("Học viên Minh họa").says("01/01/2020").says("đang chờ");
    app.write(|c| audit::actions::seal_some(c).map(drop)).await;
    auditor.get("/nhat-ky").await.is(200).says_not("Đã niêm phong 0 bản ghi").says_not("đang chờ");
    let only = auditor.get(&format!("/nhat-ky?loai=people&ma={}", person.id)).await;
    only.is(200).says("Tạo tài khoản").says_not("Ghi nơi công tác mới");
    auditor.get("/nhat-ky?viec=role").await.is(200).says("Giao vai trò").says_not("Tạo tài khoản</td>");
    auditor.get("/nhat-ky?viec=khong-co&ma=%25").await.is(200).says("Chưa có bản ghi nào");
}

#[actix_web::test]
async fn the_log_is_turned_page_by_page() {
    let app = support::app().await;
    let now = app.app.now();
    app.write(move |c| {
        for i in 0..120 {
            let entry = audit::Entry::new("job.retry", "jobs", format!("so-{i}"));
            audit::record(c, &nongcot::access::Actor::system(), now, entry)?;
        }
        Ok(())
    })
    .await;
    let mut admin = as_role(&app, Role::Administrator).await;
    let mut page = "/nhat-ky?viec=job".to_owned();
    let mut seen = 0;
    for _ in 0..3 {
        let text = admin.get(&page).await.is(200).text().replace("&#x3D;", "=").replace("&amp;", "&");
        seen += text.matches("ma=so-").count();
        let older =
            text.split("href=\"/nhat-ky?").find(|rest| rest.starts_with("viec") && rest.contains("Bản ghi cũ hơn"));
        page = older.map_or_else(String::new, |rest| format!("/nhat-ky?{}", rest.split('"').next().unwrap()));
    }
    assert_eq!((seen, page.as_str()), (120, ""));
    let count: i64 = app.read(|c| Ok(audit_events::table.count().get_result(c)?)).await;
    assert!(count > 120);
}

/// An action that has no name would stand in the log as its bare word.
#[test]
fn every_action_of_the_log_and_every_job_has_a_name() {
    let names = sources::files("templates/text/vi", "ftl").into_iter().map(|f| f.text).collect::<String>();
    let mut missing = Vec::new();
    for file in sources::files("src", "rs") {
        let tests = file.text.find("#[cfg(test)]").unwrap_or(file.text.len());
        for (after, family) in [
            ("Entry::new(", "audit-action"),
            ("Audit::new(", "audit-action"),
            ("const KIND: &'static str =", "system-job"),
        ] {
            for (at, _) in file.text[..tests].match_indices(after) {
                let rest = file.text[at + after.len()..].trim_start();
                let Some(word) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()) else { continue };
                let key = format!("{family}-{} =", word.replace('.', "-"));
                if !names.contains(&key) {
                    missing.push(format!("{}: {key} …", file.path));
                }
            }
        }
    }
    assert!(missing.is_empty(), "add to templates/text/{{vi,en}}/system.ftl:\n{}\n", missing.join("\n"));
}

/// A row of the log that became visible when two thousand later ones were sealed: a very long transaction on PostgreSQL.
#[actix_web::test]
async fn a_row_of_the_log_that_comes_very_late_is_told_and_sealed_all_the_same() {
    let app = support::app().await;
    let rows = |ids: &'static str| {
        move |c: &mut DbConn| {
            diesel::sql_query(format!(
                "INSERT INTO audit_events (id, at, action, object_kind, object_id) \
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2100) \
                 SELECT 1000000 + i, (SELECT min(at) FROM audit_events), 'job.retry', 'jobs', '1' FROM n WHERE i {ids}"
            ))
            .execute(c)?;
            Ok::<_, Error>(())
        }
    };
    app.person("Học viên Minh họa Một", "BKHCN-2025").await;
    app.write(rows("<> 7")).await;
    while app.write(audit::actions::seal_some).await > 0 {}
    assert_eq!(app.read(audit::queries::verify).await, Vec::<String>::new());
    app.write(rows("= 7")).await;
    assert_eq!(app.write(audit::actions::seal_some).await, 0, "it is no longer near the end");
    let told = app.read(audit::queries::verify).await;
    assert_eq!(told, ["row 1000007 is not in the chain, though it is behind its end"]);
    let now = app.app.now();
    app.write(move |c| enqueue(c, now, &audit::jobs::SealMissed {})).await;
    app.run_jobs().await;
    assert_eq!(app.read(audit::queries::verify).await, Vec::<String>::new());
    app.stop().await;
}
