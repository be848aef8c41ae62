//! Who may ask for which report, and see it.

use diesel::{RunQueryDsl, sql_query};
use nongcot::access::Role;

use super::{ask, example, fields, file, made};

#[actix_web::test]
async fn an_officer_reports_on_their_own_subtree_alone() {
    let (app, told, mut coordinator) = example().await;
    let officer = app.person_as("Cán bộ A", Role::Officer, "P15-2025").await;
    let other = app.person_as("Cán bộ B", Role::Officer, "P24-2025").await;
    let auditor = app.person_as("Đối soát", Role::Auditor, "CDSQG").await;
    let learner = app.person("Học viên Minh họa", "P15-2025").await;
    let (mut a, mut b) = (app.sign_in(&officer).await, app.sign_in(&other).await);
    let (mut reads, mut learns) = (app.sign_in(&auditor).await, app.sign_in(&learner).await);

    // Nothing typed is the own unit; another one is as if it were not there.
    let own = made(&app, &mut a, &[("target", "minh-hoa-2025"), ("names", "1")]).await;
    let page = a.get(&own).await;
    page.says("Lào Cai").says_not("Toàn quốc").says_not("Thành phố Hà Nội");
    let json: serde_json::Value = serde_json::from_slice(&file(&mut a, &own, "json").await).unwrap();
    let row = &json["tables"][0]["rows"][0];
    assert_eq!((row["people"].as_i64(), row["turns"].as_i64()), (Some(0), Some(2)), "as recorded for the unit itself");
    assert_eq!(row["plan"], serde_json::Value::Null, "the nation's number is not the unit's plan");
    for unit in ["P24-2025", "BKHCN-2025", "P01", "không có"] {
        let refused = a.post("/bao-cao/moi", &fields(&[("unit", unit)])).await;
        refused.is(422).says("Không có đơn vị này trong phạm vi phụ trách");
    }
    let half = told.half.to_string();
    a.post("/bao-cao/moi", &fields(&[("seal", half.as_str())])).await.is(422).says("Không có bản chốt đã ký duyệt này");
    a.get("/bao-cao/moi").await.is(200).says("P15-2025").says_not("Bản chốt số").says_not("name=\"seal\"");

    // What one agency made does not exist for another; nor does what was made above them.
    let above = made(&app, &mut coordinator, &[("target", "minh-hoa-2025"), ("unit", "P15-2025")]).await;
    for place in [own.clone(), above.clone()] {
        for tail in ["", "/tep/pdf", "/tep/json", "/tep/names-csv"] {
            b.get(&format!("{place}{tail}")).await.is(404);
        }
        b.post(&format!("{place}/lam-lai"), &[]).await.is(404);
    }
    a.get(&above).await.is(404);
    b.get("/bao-cao").await.is(200).says("Chưa có báo cáo nào").says_not(&own);
    a.get("/bao-cao").await.is(200).says(&own).says_not(&above);
    reads.get("/bao-cao").await.is(200).says(&own).says(&above);

    // Those who read see everything and change nothing.
    reads.get(&own).await.is(200).says("Danh sách kèm theo");
    assert!(!file(&mut reads, &own, "names-xlsx").await.is_empty());
    reads.get("/bao-cao/moi").await.is(403);
    reads.post("/bao-cao/moi", &fields(&[])).await.is(403);
    reads.post(&format!("{own}/lam-lai"), &[]).await.is(403);
    for path in ["/bao-cao", "/bao-cao/moi", own.as_str()] {
        learns.get(path).await.is(403);
        app.visitor().get(path).await.is(303);
    }
    a.get(&format!("{own}/tep/exe")).await.is(404);
    coordinator.get("/bao-cao/khong-co").await.is(404);
    coordinator.post("/ngon-ngu", &[("locale", "en"), ("next", "/")]).await;
    for path in ["/bao-cao", "/bao-cao/moi", own.as_str()] {
        coordinator.get(path).await.is(200).says("eport").says_not("reports-");
    }
    app.stop().await;
}

#[actix_web::test]
async fn what_is_typed_wrong_is_said_beside_its_field() {
    let (app, told, mut browser) = example().await;
    let half = told.half.to_string();
    for (others, said) in [
        (&[("year", "25")][..], "Ghi năm bằng bốn chữ số"),
        (&[("kind", "quarter"), ("number", "5")], "Kỳ này không có trong năm"),
        (&[("year", "2031")], "Thời điểm này chưa đến"),
        (&[("known_on", "31/12/2030")], "Thời điểm này chưa đến"),
        (&[("known_on", "hôm nọ")], "Ghi ngày dạng"),
        (&[("view", "as-of"), ("as_of", "")], "Ghi ngày dạng"),
        (&[("target", "không có")], "Không có chỉ tiêu này"),
        (&[("target", "minh-hoa-2025"), ("year", "2024")], "nằm ngoài kỳ của chỉ tiêu"),
        (&[("seal", "999")], "Không có bản chốt đã ký duyệt này"),
        (&[("seal", half.as_str()), ("adjusted_on", "30/05/2025")], "sau thời điểm chốt"),
        (&[("issuer", "")], "Chưa điền"),
        (&[("causes", "Chữ 日 không in được")], "Ký tự “日” không in được"),
        (&[("signer_name", "😀")], "Ký tự “😀” không in được"),
    ] {
        let reply = browser.post("/bao-cao/moi", &fields(others)).await;
        reply.is(422).says(said);
    }
    browser.get("/bao-cao").await.says("Chưa có báo cáo nào");
    app.stop().await;
}

/// Ten thousand reports are a list of pages.
#[actix_web::test]
async fn a_long_list_has_pages() {
    let (app, _, mut browser) = example().await;
    let place = ask(&mut browser, &fields(&[("target", "minh-hoa-2025")])).await;
    app.write(|c| {
        let copy = "INSERT INTO reports (code, title, owner_id, is_national, kind, period_from, period_to, known_at, has_names, request, \
                    state, done, total, created_at) SELECT code || '-' || n, title, owner_id, is_national, kind, period_from, period_to, \
                    known_at, has_names, request, state, done, total, created_at FROM reports CROSS JOIN \
                    (WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 9999) SELECT n FROM k) AS many";
        sql_query(copy).execute(c)?;
        Ok(())
    })
    .await;
    let page = browser.get("/bao-cao").await;
    page.is(200).says("10.000 báo cáo").says("Trang 1/200").says("/bao-cao?trang&#x3D;2");
    assert!(page.text().len() < 120_000, "{}", page.text().len());
    browser.get("/bao-cao?trang=200").await.is(200).says(&place).says("Trang 200/200");
    app.stop().await;
}
