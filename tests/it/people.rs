//! The people of an agency: who sees whom, how somebody new comes in, and what nobody may do.

use diesel::prelude::*;
use nongcot::{
    access::Role,
    accounts::model::Person,
    platform::db::schema::{audit_events, memberships, people},
};

use crate::support::{self, Client, TestApp};

const A: &str = "P15-2025";
const BELOW_A: &str = "P15-2025-SKHCN";
const B: &str = "P24-2025";

async fn officer(app: &TestApp) -> Client {
    let officer = app.person_as("Cán bộ Minh họa", Role::Officer, A).await;
    app.sign_in(&officer).await
}

async fn administrator(app: &TestApp) -> Client {
    let person = app.person_as("Quản trị Minh họa", Role::Administrator, "BKHCN-2025").await;
    app.sign_in(&person).await
}

fn path(person: &Person) -> String {
    format!("/nguoi/{}", person.code)
}

/// What a whole form for a new person holds, with some fields changed.
fn form<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let whole = [
        ("full_name", "Trần Thị Minh Họa"),
        ("birth_year", "1985"),
        ("email", ""),
        ("phone", ""),
        ("user_name", "minhhoa.85"),
        ("unit", BELOW_A),
        ("position", "Chuyên viên"),
        ("category", "other"),
        ("from", "2026-01-05"),
    ];
    whole.map(|(name, value)| (name, changes.iter().find(|(n, _)| *n == name).map_or(value, |(_, v)| v))).to_vec()
}

async fn created(app: &TestApp, user_name: &str) -> Person {
    let user_name = user_name.to_owned();
    app.read(move |c| {
        let id: nongcot::access::PersonId =
            people::table.filter(people::user_name.eq(user_name)).select(people::id).first(c)?;
        nongcot::accounts::queries::person(c, id)
    })
    .await
}

#[actix_web::test]
async fn an_officer_sees_her_agency_and_what_lies_under_it_and_nobody_else() {
    let app = support::app().await;
    let own = app.person("Học viên Đơn vị Một", A).await;
    let below = app.person("Học viên Trực thuộc", BELOW_A).await;
    let other = app.person("Học viên Đơn vị Hai", B).await;
    let mut browser = officer(&app).await;
    let list = browser.get("/nguoi").await;
    list.is(200).says("Học viên Đơn vị Một").says("Học viên Trực thuộc").says_not("Đơn vị Hai").says("3 người");
    browser.get(&path(&own)).await.is(200).says("Học viên Đơn vị Một");
    browser.get(&path(&below)).await.is(200);
    browser.get("/nguoi?tim=don%20vi%20mot").await.is(200).says("Đơn vị Một").says_not("Trực thuộc");
    browser.get("/nguoi?tim=hai").await.is(200).says("Không tìm thấy").says_not("Đơn vị Hai");
    // Somebody else's person is nobody, whatever is asked for.
    browser.get(&path(&other)).await.is(404).says_not("Đơn vị Hai");
    for action in ["phieu", "loi-moi", "cong-tac", "khoa", "vai-tro"] {
        browser.post(&format!("{}/{action}", path(&other)), &[]).await.is(404);
    }
    browser.get("/nguoi/khong-co-ai").await.is(404);
}

#[actix_web::test]
async fn who_sees_may_not_therefore_change() {
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", A).await;
    for (name, role) in [("Điều phối Minh họa", Role::Coordinator), ("Đối soát Minh họa", Role::Auditor)] {
        let who = app.person_as(name, role, "BKHCN-2025").await;
        let mut browser = app.sign_in(&who).await;
        browser.get(&path(&person)).await.is(200).says_not("In phiếu").says_not("Khóa tài khoản");
        browser.get("/nguoi").await.is(200).says("Học viên Minh họa").says_not("/nguoi/moi");
        for action in ["phieu", "loi-moi", "cong-tac", "khoa", "mo-khoa", "vai-tro"] {
            browser.post(&format!("{}/{action}", path(&person)), &[]).await.is(403);
        }
        browser.get("/nguoi/moi").await.is(403);
        browser.post("/nguoi/moi", &form(&[])).await.is(403);
    }
    let mut learner = app.sign_in(&person).await;
    learner.get("/nguoi").await.is(403);
    learner.get(&path(&person)).await.is(404);
    let mut officer = officer(&app).await;
    officer.get(&path(&person)).await.is(200).says("In phiếu").says_not("Khóa tài khoản");
    for action in ["khoa", "mo-khoa", "vai-tro"] {
        officer.post(&format!("{}/{action}", path(&person)), &[]).await.is(403);
    }
}

#[actix_web::test]
async fn a_new_person_gets_a_slip_that_works_once() {
    let app = support::app().await;
    let mut browser = officer(&app).await;
    browser.get("/nguoi/moi").await.is(200).says("Sở Khoa học và Công nghệ tỉnh Lào Cai");
    let reply = browser.post("/nguoi/moi", &form(&[])).await;
    reply.is(303);
    let person = created(&app, "minhhoa.85").await;
    assert_eq!(reply.location(), path(&person));
    assert_eq!((person.full_name().as_str(), person.birth_year), ("Trần Thị Minh Họa", Some(1985)));
    browser.get(&path(&person)).await.is(200).says("Chưa đặt mật khẩu").says("In phiếu").says_not("Gửi thư mời");

    let printed = browser.post(&format!("{}/phieu", path(&person)), &[]).await;
    printed
        .is(200)
        .says("Trần Thị Minh Họa")
        .says("minhhoa.85")
        .says(&format!("{}/phieu", app.base))
        .says("07:15 30/11/2026");
    let code = slip_code(&printed.text());
    // It is in no page again, and the person can sign in with it just once.
    browser.get(&path(&person)).await.says_not(&code);
    let mut at_home = app.visitor();
    let found = at_home.post("/phieu", &[("code", &code.to_lowercase())]).await;
    found.is(303);
    let open = found.location();
    let passwords = [("password", "một câu dễ nhớ"), ("password_again", "một câu dễ nhớ")];
    at_home.post(&open, &passwords).await.is(303);
    at_home.get("/tai-khoan").await.is(200).says("Trần Thị Minh Họa");
    let mut second = app.visitor();
    second.post("/phieu", &[("code", &code)]).await.is(422).says("đã được dùng");
    second.post(&open, &passwords).await.is(409);
    browser.get(&path(&person)).await.says("Đang hoạt động");
}

fn slip_code(page: &str) -> String {
    let code = page.split("class=\"slip-code\"").nth(1).and_then(|rest| rest.split(['>', '<']).nth(1)).expect("a code");
    assert_eq!(code.len(), 19, "{code}");
    assert!(code.split('-').all(|group| group.len() == 4), "{code}");
    code.to_owned()
}

#[actix_web::test]
async fn a_new_slip_makes_the_old_one_worthless() {
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", A).await;
    let mut browser = officer(&app).await;
    let order = format!("{}/phieu", path(&person));
    let first = slip_code(&browser.post(&order, &[]).await.text());
    let second = slip_code(&browser.post(&order, &[]).await.text());
    app.visitor().post("/phieu", &[("code", &first)]).await.is(422);
    app.visitor().post("/phieu", &[("code", &second)]).await.is(303);
}

#[actix_web::test]
async fn an_invitation_arrives_by_mail_and_works_once() {
    let app = support::app().await;
    let mut browser = officer(&app).await;
    let changes = [("email", "Minh.Hoa@Example.org"), ("user_name", "moi.qua.thu")];
    browser.post("/nguoi/moi", &form(&changes)).await.is(303);
    let person = created(&app, "moi.qua.thu").await;
    let invite = format!("{}/loi-moi", path(&person));
    browser.post(&invite, &[]).await.is(303);
    browser.get(&path(&person)).await.says("minh.hoa@example.org");
    assert!(app.letters().is_empty());
    app.run_jobs().await;
    let letters = app.letters();
    assert_eq!(letters.len(), 1);
    let link = letters[0].split(&format!("{}/mo/", app.base)).nth(1).expect("a link in the letter");
    let token: String = link.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    let open = format!("/mo/{token}");
    let passwords = [("password", "một câu dễ nhớ"), ("password_again", "một câu dễ nhớ")];
    let mut at_home = app.visitor();
    at_home.get(&open).await.is(200).says("Trần Thị Minh Họa");
    at_home.post(&open, &passwords).await.is(303);
    at_home.get("/tai-khoan").await.is(200);
    app.visitor().post(&open, &passwords).await.is(409);
    // Who has come in needs no invitation any more.
    browser.get(&path(&person)).await.says_not("Gửi thư mời");
    browser.post(&invite, &[]).await.is(409);
}

#[actix_web::test]
async fn a_form_with_faults_keeps_what_was_typed_and_says_everything_at_once() {
    let app = support::app().await;
    let mut browser = officer(&app).await;
    let changes =
        [("full_name", ""), ("birth_year", "85"), ("user_name", "x"), ("unit", ""), ("position", ""), ("category", "")];
    let reply = browser.post("/nguoi/moi", &form(&changes)).await;
    reply
        .is(422)
        .says("Nhập họ và tên")
        .says("bốn chữ số")
        .says("Chọn đơn vị trong")
        .says("Nhập chức vụ")
        .says("Chọn nhóm");
    reply.says("value=\"85\"").says("value=\"2026-01-05\"");
    browser.post("/nguoi/moi", &form(&[("user_name", "")])).await.is(422).says("Nhập email, số điện thoại hoặc tên");
    browser.post("/nguoi/moi", &form(&[])).await.is(303);
    browser.post("/nguoi/moi", &form(&[])).await.is(422).says("đã có người dùng").says("Trần Thị Minh Họa");
    // A day on which the unit was not there yet.
    let early = form(&[("user_name", "som.qua"), ("from", "2025-01-01")]);
    browser.post("/nguoi/moi", &early).await.is(422).says("chưa được thành lập");
}

#[actix_web::test]
async fn a_forged_unit_is_refused() {
    let app = support::app().await;
    let mut browser = officer(&app).await;
    for unit in [B, "BKHCN-2025", "khong-co", "P15"] {
        browser.post("/nguoi/moi", &form(&[("unit", unit)])).await.is(422).says("trong phạm vi quản lý");
    }
    let person = app.person("Học viên Minh họa", A).await;
    let to = [("unit", B), ("position", "x"), ("category", "other"), ("from", "2026-11-01")];
    browser.post(&format!("{}/cong-tac", path(&person)), &to).await.is(422).says("trong phạm vi quản lý");
    let id = person.id;
    let count: i64 =
        app.read(move |c| Ok(memberships::table.filter(memberships::person_id.eq(id)).count().get_result(c)?)).await;
    assert_eq!(count, 1);
}

#[actix_web::test]
async fn people_move_and_leave_with_their_dates() {
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", A).await;
    let mut browser = officer(&app).await;
    let order = format!("{}/cong-tac", path(&person));
    let to = |from| [("unit", BELOW_A), ("position", "Trưởng phòng"), ("category", "leaders"), ("from", from)];
    browser.get(&order).await.is(200);
    browser.post(&order, &to("2020-01-01")).await.is(422);
    browser.post(&order, &to("2026-11-01")).await.is(303);
    browser.get(&path(&person)).await.is(200).says("Trưởng phòng").says("01/01/2020 – 31/10/2026").says("01/11/2026");

    let id = person.id;
    let open: i64 = app
        .read(move |c| {
            let open = memberships::table.filter(memberships::person_id.eq(id).and(memberships::valid_to.is_null()));
            Ok(open.select(memberships::id).first(c)?)
        })
        .await;
    let end = format!("{}/cong-tac/{open}/ket-thuc", path(&person));
    browser.get(&end).await.is(200).says("Trưởng phòng");
    browser.post(&end, &[("to", "2026-10-01")]).await.is(422).says("không thể trước 01/11/2026");
    browser.post(&end, &[("to", "2026-11-22")]).await.is(303);
    // The person is gone from this agency, and with them the right to see them.
    browser.get(&path(&person)).await.is(404);
}

#[actix_web::test]
async fn nobody_ends_a_membership_of_another_agency_in_passing() {
    let app = support::app().await;
    let person = app.person("Học viên Kiêm nhiệm", A).await;
    let (now, id) = (app.app.now(), person.id);
    app.write(move |c| {
        let unit = support::unit_id(c, B)?;
        diesel::insert_into(memberships::table)
            .values((
                memberships::person_id.eq(id),
                memberships::unit_id.eq(unit),
                memberships::position.eq("Kiêm nhiệm"),
                memberships::category.eq("other"),
                memberships::valid_from.eq(chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()),
                memberships::recorded_at.eq(now),
            ))
            .execute(c)?;
        Ok(())
    })
    .await;
    let mut browser = officer(&app).await;
    let to = [("unit", A), ("position", "x"), ("category", "other"), ("from", "2026-11-01")];
    browser.post(&format!("{}/cong-tac", path(&person)), &to).await.is(409).says("ngoài phạm vi quản lý");
    let open: i64 = app
        .read(move |c| {
            let open = memberships::table.filter(memberships::person_id.eq(id).and(memberships::valid_to.is_null()));
            Ok(open.count().get_result(c)?)
        })
        .await;
    assert_eq!(open, 2);
}

#[actix_web::test]
async fn an_officer_cannot_print_herself_an_administrator() {
    let app = support::app().await;
    let admin = app.person_as("Quản trị Tại tỉnh", Role::Administrator, A).await;
    let mut browser = officer(&app).await;
    browser.get(&path(&admin)).await.is(200).says("do quản trị hệ thống in");
    browser.post(&format!("{}/phieu", path(&admin)), &[]).await.is(409).says("giữ vai trò").says_not("slip-code");
}

#[actix_web::test]
async fn locking_throws_out_at_once_and_unlocking_lets_in_again() {
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", A).await;
    let mut theirs = app.sign_in(&person).await;
    theirs.get("/tai-khoan").await.is(200);
    let mut browser = administrator(&app).await;
    let slip = slip_code(&browser.post(&format!("{}/phieu", path(&person)), &[]).await.text());
    let lock = format!("{}/khoa", path(&person));
    browser.get(&lock).await.is(200);
    browser.post(&lock, &[("reason", " ")]).await.is(422).says("Nhập lý do");
    browser.post(&lock, &[("reason", "Nghỉ việc từ 01/11/2026")]).await.is(303);
    theirs.get("/tai-khoan").await.is(303);
    app.visitor().post("/phieu", &[("code", &slip)]).await.is(422);
    browser.get(&path(&person)).await.is(200).says("Đã khóa").says_not("In phiếu");
    browser.post(&format!("{}/phieu", path(&person)), &[]).await.is(409);
    browser.post(&lock, &[("reason", "x")]).await.is(409);
    browser.post(&format!("{}/mo-khoa", path(&person)), &[]).await.is(303);
    browser.get(&path(&person)).await.says("Chưa đặt mật khẩu");
    // What was printed before the lock stays worthless.
    app.visitor().post("/phieu", &[("code", &slip)]).await.is(422);
    browser.get("/nhat-ky?viec=person").await.is(200).says("Nghỉ việc từ 01/11/2026").says("Khóa tài khoản");
}

#[actix_web::test]
async fn roles_are_granted_with_their_scope_and_taken_away_by_others_only() {
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", A).await;
    let admin = app.person_as("Quản trị Minh họa", Role::Administrator, "BKHCN-2025").await;
    let mut browser = app.sign_in(&admin).await;
    let order = format!("{}/vai-tro", path(&person));
    browser.get(&order).await.is(200).says("Cán bộ phụ trách đào tạo");
    browser.post(&order, &[]).await.is(422).says("Chọn vai trò");
    browser.post(&order, &[("role", "officer")]).await.is(422).says("Chọn đơn vị");
    browser.post(&order, &[("role", "officer"), ("unit_search", "so")]).await.is(422).says("quá nhiều đơn vị");
    browser.post(&order, &[("role", "officer"), ("unit_search", "khong co dau")]).await.is(422).says("Không có đơn vị");
    let several = browser.post(&order, &[("role", "officer"), ("unit_search", "lao cai")]).await;
    several.is(422).says("Có nhiều đơn vị khớp").says(&format!("value=\"{BELOW_A}\""));
    let chosen = [("role", "officer"), ("unit_search", "lao cai"), ("unit", BELOW_A)];
    browser.post(&order, &chosen).await.is(303);
    browser.post(&order, &chosen).await.is(422).says("đã có vai trò đó");
    browser.get(&path(&person)).await.says("Cán bộ phụ trách đào tạo").says("Sở Khoa học và Công nghệ tỉnh Lào Cai");
    let mut theirs = app.sign_in(&person).await;
    theirs.get("/nguoi").await.is(200);

    let grants = |id| app.read(move |c| nongcot::accounts::queries::directory::roles(c, id));
    let grant = grants(person.id).await[0].grant;
    // The grant of one person cannot be ended through another, nor one's own.
    browser.post(&format!("{}/vai-tro/{grant}/ket-thuc", path(&admin)), &[]).await.is(409);
    let own = grants(admin.id).await[0].grant;
    browser.post(&format!("{}/vai-tro/{own}/ket-thuc", path(&admin)), &[]).await.is(409);
    browser.post(&format!("{}/vai-tro/{own}/ket-thuc", path(&person)), &[]).await.is(404);
    browser.post(&format!("{}/khoa", path(&admin)), &[("reason", "x")]).await.is(409);
    browser.post(&format!("{}/vai-tro/{grant}/ket-thuc", path(&person)), &[]).await.is(303);
    theirs.get("/nguoi").await.is(403);
}

#[actix_web::test]
async fn each_look_up_by_an_auditor_is_in_the_log() {
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", A).await;
    let auditor = app.person_as("Đối soát Minh họa", Role::Auditor, "BKHCN-2025").await;
    let mut browser = app.sign_in(&auditor).await;
    browser.get(&path(&person)).await.is(200);
    browser.get("/nguoi?tim=minh%20hoa").await.is(200);
    let (who, of) = (auditor.id.0, person.id.to_string());
    let rows: Vec<(String, Option<String>)> = app
        .read(move |c| {
            let looked = audit_events::action.eq("person.look-up").and(audit_events::actor_id.eq(who));
            let columns = (audit_events::object_id, audit_events::after_state);
            Ok(audit_events::table.filter(looked).order(audit_events::id).select(columns).load(c)?)
        })
        .await;
    assert_eq!(rows, [(of, None), ("list".to_owned(), Some("{\"search\":\"minh hoa\"}".to_owned()))]);
    browser.get("/nhat-ky").await.is(200).says("Tra cứu thông tin cá nhân").says("minh hoa");
}

#[actix_web::test]
async fn the_list_is_by_given_name_and_fifty_a_page() {
    let app = support::app().await;
    let now = app.app.now();
    app.write(move |c| {
        for i in 0..60 {
            support::factory::person(c, now, &format!("Nguyễn Minh Họa{i:02}"), A)?;
        }
        support::factory::person(c, now, "Trần Văn Đạt", A)?;
        support::factory::person(c, now, "Lê Thị Dung", A)?;
        Ok(())
    })
    .await;
    let mut browser = officer(&app).await;
    let first = browser.get("/nguoi").await;
    first.is(200).says("63 người").says("Trang 1/2").says("/nguoi?trang&#x3D;2").says_not("Họa55");
    let text = first.text();
    let place = |name: &str| text.find(name).unwrap_or_else(|| panic!("no {name}"));
    assert!(place("Lê Thị Dung") < place("Trần Văn Đạt") && place("Trần Văn Đạt") < place("Minh Họa00"));
    browser.get("/nguoi?trang=2").await.is(200).says("Họa55").says_not("Văn Đạt");
    browser.get("/nguoi?tim=%25").await.is(200).says("Không tìm thấy");
    browser.get("/nguoi?trang=99999999").await.is(200);
    browser.get("/nguoi?trang=x").await.is(400);
}
