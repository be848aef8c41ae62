//! What learners did not understand: each counted by the first answer, nobody named, few never shown, and the tallies derived.

use diesel::{
    dsl::{max, min},
    sql_query,
};
use nongcot::{
    access::Role,
    assessments::jobs::TallyAnswers,
    courses::model::VersionId,
    learning,
    learning::model::RunId,
    platform::db::schema::{attempt_answers, attempts},
};

use super::*;
use crate::support::unit_id;

const UNIT: &str = "BKHCN-2025";

/// A course whose test asks all six questions of the bank, and classes of it.
struct Course {
    app: TestApp,
    version: VersionId,
    items: BTreeMap<String, Item>,
}

async fn course() -> Course {
    let app = support::app().await;
    let now = app.app.now();
    let (version, items) = app
        .write(move |c| {
            let version = classes::bring_in(c, now, &edition("after-submit", 3))?;
            let items = courses::bank(c, version)?.into_iter().map(|item| (item.id.clone(), item)).collect();
            Ok((version, items))
        })
        .await;
    Course { app, version, items }
}

/// A wrong answer to the question of which number one and one make.
fn three(items: &BTreeMap<String, Item>) -> Answer {
    let nongcot::questions::model::ItemKind::Single { options } = &items["km-q-mot"].kind else { panic!() };
    Answer::Choice { option: options.iter().find(|option| option.text == "ba").unwrap().id.clone() }
}

impl Course {
    async fn open(&self, code: &'static str, unit: &'static str) -> RunId {
        let (now, version) = (self.app.app.now(), self.version);
        let days = ("2026-11-20", "2026-12-20");
        self.app.write(move |c| Ok(classes::run(c, now, code, version, unit, days)?.id)).await
    }

    /// So many people sit the test of a class; `wrong` says what the nth of them gets wrong.
    async fn sit(&self, run: RunId, people: usize, wrong: fn(usize) -> &'static [&'static str]) -> Vec<EnrolmentId> {
        let (now, items) = (self.app.app.now(), self.items.clone());
        self.app
            .write(move |c| {
                let mut all = Vec::new();
                for n in 0..people {
                    let person =
                        support::factory::person(c, now, &format!("Học viên Minh họa Số {n} lớp {run}"), "P01")?;
                    let by = classes::as_person(person.id);
                    let enrolment = enrol(c, now, &by, run, person.id, &Entry::Listed)?.id();
                    all.push(enrolment);
                    attempt(c, now, &by, enrolment, &items, wrong(n))?;
                }
                Ok(all)
            })
            .await
    }

    async fn tally(&self) {
        let now = self.app.app.now();
        self.app.write(move |c| jobs::enqueue(c, now, &TallyAnswers {})).await;
        assert!(self.app.run_jobs().await >= 1);
        assert_eq!(self.verified().await, Vec::<String>::new());
    }

    async fn verified(&self) -> Vec<String> {
        self.app.read(queries::tallies::verify).await
    }

    async fn instructor(&self, unit: &'static str) -> Client {
        let instructor = self.app.person_as(&format!("Giảng viên Minh họa {unit}"), Role::Instructor, unit).await;
        self.app.sign_in(&instructor).await
    }
}

/// One attempt: everything right but what is named; the first of these by the same wrong answer, others by none.
fn attempt(
    c: &mut nongcot::platform::db::DbConn,
    now: Moment,
    by: &nongcot::access::Actor,
    enrolment: EnrolmentId,
    items: &BTreeMap<String, Item>,
    wrong: &[&str],
) -> Result<()> {
    let attempt = start(c, now, by, enrolment, TEST)?;
    for (position, question) in attempt.paper()?.numbered() {
        let answer = match (wrong.contains(&question.item.as_str()), question.item.as_str()) {
            (true, "km-q-mot") => three(items),
            (true, _) => continue,
            (false, item) => items[item].right_answer(),
        };
        save_answer(c, now, attempt.id, &Sent { position, answer, sequence: 1 })?;
    }
    submit(c, now, by, attempt.id, &OBSERVERS).map(drop)
}

/// Three dozens: the first gets one question wrong, the second two others, the third these two and a fourth.
fn dozens(n: usize) -> &'static [&'static str] {
    match n {
        0..12 => &["km-q-dung"],
        12..24 => &["km-q-mot", "km-q-ngan"],
        _ => &["km-q-mot", "km-q-ngan", "km-q-so"],
    }
}

#[actix_web::test]
async fn the_hardest_question_comes_first_and_nobody_is_named() {
    let course = course().await;
    let run = course.open("KM-09-01", UNIT).await;
    let mut browser = course.instructor(UNIT).await;
    browser.get("/lop/KM-09-01/cau-hoi").await.is(200).says("Chưa có câu hỏi nào đủ số người");
    course.sit(run, 36, dozens).await;
    course.tally().await;

    browser.get("/lop/KM-09-01").await.is(200).says("/lop/KM-09-01/cau-hoi\"");
    let page = browser.get("/lop/KM-09-01/cau-hoi").await;
    page.is(200)
        .says("6 câu hỏi")
        .says("<strong>33,3%</strong> (12/36 người)")
        .says("<strong>66,7%</strong> (24/36 người)");
    let text = page.text();
    let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} is missing"));
    assert!(place("Một cộng một?") < place("Viết chữ số mười hai.") && place("12/36 người") < place("24/36 người"));
    assert!(place("24/36 người") < place("36/36 người"));
    // What was chosen instead, in the words of the question; and what was left empty.
    page.says("<q lang=\"vi\">ba</q>").says("24 người").says("Không trả lời").says("12 người");
    // All of the strong were right with the first question, none of the weak; with another one it was the other way.
    page.says("<strong>+1</strong>").says("Nhóm điểm cao đúng 100%, nhóm điểm thấp đúng 0%.");
    page.says("<strong>-1</strong>").says("Cần xem lại câu hỏi: nhóm điểm thấp đúng nhiều hơn");
    // What all got right need not tell anybody apart.
    page.says("<strong>0</strong>").says_not("không phân biệt được hai nhóm");
    page.says("Chủ đề mau").says("Bài kiểm tra minh họa").says_not("Minh họa Số").says_not("Phải rồi");

    let lessons = browser.get("/lop/KM-09-01/cau-hoi?nguon=bai-hoc").await;
    lessons.is(200).says("Chưa có câu hỏi nào đủ số người");
    browser.get("/lop/KM-09-01/cau-hoi?nguon=km-kiem-tra&trang=2").await.is(200).says_not("Một cộng một?");
    let csv = browser.get("/lop/KM-09-01/cau-hoi/tai-ve/csv").await;
    csv.is(200).says("km-q-mot,Một cộng một?,Bài kiểm tra minh họa,Chủ đề mau,36,12,33.3,100.0,0.0,100.0,ba,24");
    assert!(csv.header("content-disposition").contains("cau-hoi-KM-09-01-2026-11-23.csv"));
    let xlsx = browser.get("/lop/KM-09-01/cau-hoi/tai-ve/xlsx").await;
    assert!(xlsx.is(200).bytes.starts_with(b"PK"));
    browser.get("/lop/KM-09-01/cau-hoi/tai-ve/pdf").await.is(404);

    // On the first page the three hardest, each with its class.
    let home = browser.get("/").await;
    home.is(200)
        .says("Câu hỏi học viên trả lời chưa tốt")
        .says("Một cộng một?")
        .says("33,3%")
        .says("/lop/KM-09-01/cau-hoi\"");
    home.says("Viết chữ số mười hai.").says("Ba là số lẻ.").says_not("Một trăm cộng không?");
    // Another agency's instructor has no such class.
    let mut other = course.instructor("P15-2025").await;
    other.get("/").await.is(200).says_not("Một cộng một?");
    for path in ["/lop/KM-09-01/cau-hoi", "/lop/KM-09-01/cau-hoi/tai-ve/csv", "/lop/KM-09-01/cau-hoi?xem=khoa-hoc"] {
        other.get(path).await.is(403);
    }
    course.app.stop().await;
}

#[actix_web::test]
async fn of_fewer_than_five_nothing_is_shown_alone_or_in_a_sum() {
    let course = course().await;
    let (small, large) = (course.open("KM-09-01", UNIT).await, course.open("KM-09-02", UNIT).await);
    let elsewhere = course.open("KM-09-03", "P15-2025").await;
    course.sit(small, 4, |_| &["km-q-mot"]).await;
    course.sit(large, 6, |n| if n == 0 { &["km-q-mot"] } else { &[] }).await;
    course.sit(elsewhere, 7, |_| &["km-q-dung"]).await;
    course.tally().await;
    let mut browser = course.instructor(UNIT).await;
    let page = browser.get("/lop/KM-09-01/cau-hoi").await;
    page.is(200).says("Chưa có câu hỏi nào đủ số người").says("6 câu có dưới 5 người").says_not("Một cộng một?");
    browser.get("/lop/KM-09-01/cau-hoi/tai-ve/csv").await.is(200).says_not("km-q-mot");
    // One chose it: it is not said what.
    browser.get("/lop/KM-09-02/cau-hoi").await.is(200).says("(5/6 người)").says_not("<q lang=\"vi\">ba</q>");
    // Together: the class of four adds nothing, another agency's class is not there.
    let whole = browser.get("/lop/KM-09-01/cau-hoi?xem=khoa-hoc").await;
    whole.is(200).says("Gộp 2 lớp").says("(5/6 người)").says_not("/10 người").says_not("/13 người");
    // The nation's, for who coordinates it.
    let coordinator = course.app.person_as("Điều phối Minh họa", Role::Coordinator, "CDSQG").await;
    let mut nation = course.app.sign_in(&coordinator).await;
    let whole = nation.get("/lop/KM-09-01/cau-hoi?xem=khoa-hoc").await;
    whole.is(200).says("Gộp 3 lớp").says("(12/13 người)").says("(6/13 người)");
    // While somebody learns the same, these are the questions of their own test.
    let (now, person) = (course.app.app.now(), coordinator.id);
    course.app.write(move |c| enrol(c, now, &classes::as_person(person), large, person, &Entry::Open)).await;
    let hidden = nation.get("/lop/KM-09-01/cau-hoi?xem=khoa-hoc").await;
    hidden.is(200).says("mở sau khi hoàn thành khóa học này").says_not("Một cộng một?");
    nation.get("/lop/KM-09-02/cau-hoi/tai-ve/xlsx").await.is(403);
    course.app.stop().await;
}

#[actix_web::test]
async fn only_the_first_attempt_counts_and_each_once() {
    let course = course().await;
    let run = course.open("KM-09-01", UNIT).await;
    // Wrong with all that can be left empty: not passed, so they may sit it again.
    let all: &[&str] = &["km-q-mot", "km-q-nhieu", "km-q-dung", "km-q-ngan", "km-q-so", "km-q-ghep"];
    let enrolments =
        course.sit(run, 5, |_| &["km-q-mot", "km-q-nhieu", "km-q-dung", "km-q-ngan", "km-q-so", "km-q-ghep"]).await;
    course.tally().await;
    let mut browser = course.instructor(UNIT).await;
    browser.get("/lop/KM-09-01/cau-hoi").await.is(200).says("(0/5 người)").says_not("(5/5 người)");
    let (now, items) = (course.app.app.now(), course.items.clone());
    course
        .app
        .write(move |c| {
            for enrolment in enrolments {
                let person = learning::queries::enrolment(c, enrolment)?.0.person_id;
                attempt(c, now, &classes::as_person(person), enrolment, &items, &[])?;
            }
            Ok(())
        })
        .await;
    course.tally().await;
    let page = browser.get("/lop/KM-09-01/cau-hoi").await;
    page.is(200).says("(0/5 người)").says_not("/10 người").says_not("(5/5 người)");
    assert_eq!(page.text().matches("(0/5 người)").count(), all.len());
    // A tally that says something else is told.
    course
        .app
        .write(|c| {
            sql_query("UPDATE item_tallies SET correct = 3 WHERE item_key = 'km-q-mot'").execute(c)?;
            sql_query("DELETE FROM item_tallies WHERE item_key = 'km-q-so'").execute(c)?;
            Ok(())
        })
        .await;
    let told = course.verified().await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("km-q-mot: its tally says 3 of 5 were right, the answers make 0 of 5"), "{told:?}");
    assert!(told[1].contains("km-q-so: the answers make 5 people, there is no tally"), "{told:?}");
    course.app.stop().await;
}

/// One paper or answer that cannot be read is told, and the others are counted.
#[actix_web::test]
async fn what_cannot_be_read_holds_up_nobody_else() {
    let course = course().await;
    let run = course.open("KM-09-01", UNIT).await;
    course.sit(run, 8, |_| &["km-q-mot"]).await;
    let broken = course
        .app
        .write(|c| {
            let ids: (Option<i64>, Option<i64>) =
                attempts::table.select((min(attempts::id), max(attempts::id))).first(c)?;
            let (first, last) = (ids.0.unwrap(), ids.1.unwrap());
            diesel::update(attempts::table.find(first)).set(attempts::paper.eq("{")).execute(c)?;
            let answer = attempt_answers::table.filter(attempt_answers::attempt_id.eq(last));
            diesel::update(answer.filter(attempt_answers::position.eq(2)))
                .set(attempt_answers::answer.eq("[]"))
                .execute(c)?;
            Ok([first, last])
        })
        .await;
    let now = course.app.app.now();
    course.app.write(move |c| jobs::enqueue(c, now, &TallyAnswers {})).await;
    course.app.run_jobs().await;
    let page = course.instructor(UNIT).await.get("/lop/KM-09-01/cau-hoi").await;
    page.is(200).says("(0/6 người)").says("(6/6 người)");
    let told = course.verified().await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with(&format!("attempt {}: its paper cannot be read", broken[0])), "{told:?}");
    assert!(told[1].starts_with(&format!("attempt {}: its answer 2 cannot be read", broken[1])), "{told:?}");
    course.app.stop().await;
}

#[actix_web::test]
async fn in_a_lesson_the_first_answer_counts_not_the_one_after_being_told() {
    let app = support::app().await;
    let now = app.app.now();
    let edition = classes::small("KM-01", "km-01", "Khóa học Minh họa", "một");
    let (run, wrong, right) = app
        .write(move |c| {
            let version = classes::bring_in(c, now, &edition)?;
            let run = classes::run(c, now, "KM-01-01", version, UNIT, ("2026-11-20", "2026-12-20"))?;
            assert_eq!(run.unit_id, unit_id(c, UNIT)?);
            let item = courses::questions(c, version, &["km-01-q-mot".to_owned()])?.remove("km-01-q-mot").unwrap();
            let nongcot::questions::model::ItemKind::Single { options } = &item.kind else { panic!() };
            let of = |text: &str| options.iter().find(|option| option.text == text).unwrap().id.clone();
            Ok((run.id, of("ba"), of("hai")))
        })
        .await;
    let path = "/lop/KM-01-01/hoc/bai-mot/cau-hoi/km-01-q-mot";
    for n in 0..5 {
        let person = app.person(&format!("Học viên Minh họa Số {n}"), "P01").await;
        let id = person.id;
        app.write(move |c| enrol(c, now, &classes::as_person(id), run, id, &Entry::Open)).await;
        let mut browser = app.sign_in(&person).await;
        browser.post(path, &[("answer", if n == 0 { &right } else { &wrong })]).await.is(303);
        browser.post(path, &[("answer", &right)]).await.is(303);
    }
    let course = Course { app, version: VersionId(0), items: BTreeMap::new() };
    course.tally().await;
    let mut browser = course.instructor(UNIT).await;
    let page = browser.get("/lop/KM-01-01/cau-hoi").await;
    page.is(200).says("(1/5 người)").says("Câu tự kiểm tra trong bài học").says("/khoa-hoc/km-01/bai/bai-mot\"");
    page.says_not("Nhóm điểm cao").says_not("<q lang");
    course.app.stop().await;
}
