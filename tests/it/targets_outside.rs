//! Classes held outside the system: nothing counts without a second person, and nobody counts twice.

use nongcot::{
    access::{Category, PersonId, UnitId},
    accounts::{actions as accounts, model::NewMembership},
    platform::{
        db::{Database, DbConn},
        error::{Error, Result},
    },
    targets::{
        actions,
        model::{Days, Figures, NewOutside, OutsideId, Target},
        queries::{self, Asked, Scope, View},
    },
};

use crate::{
    records::{at, fresh, write},
    support::{TestDatabase, classes::as_person},
    targets::{Example, assert_verified, day, days, example, figures, level, read, rows, split, table},
};

/// Three people of P15 since 2020, two who decide, and the target.
struct Agency {
    db: Database,
    _held: TestDatabase,
    example: Example,
}

impl Agency {
    async fn new() -> Self {
        let (db, held) = fresh().await;
        let example = example(&db).await;
        let (people, units) = (example.people.clone(), example.units.clone());
        write(&db, move |c| {
            for name in ["A", "B", "C", "D", "E"] {
                let category = if name == "A" { Category::Leaders } else { Category::Other };
                join(c, people[name], units["P15"], category, "2020-01-01")?;
            }
            Ok(())
        })
        .await;
        Self { db, _held: held, example }
    }

    fn person(&self, name: &str) -> PersonId {
        PersonId(self.example.people[name])
    }

    fn class(&self, names: &[&str]) -> NewOutside {
        NewOutside {
            course: self.example.courses["CB-08"],
            organiser: self.example.units["P15"],
            days: days("2025-05-19", "2025-05-20"),
            decision: " Quyết định số 12/QĐ-MH ".to_owned(),
            people: names.iter().map(|name| self.person(name)).collect(),
        }
    }

    async fn enter(&self, by: &str, on: &str, class: NewOutside) -> Result<OutsideId> {
        let (by, on) = (as_person(self.person(by)), at(on));
        self.db.write("test", move |c| actions::enter_outside(c, &by, on, &class)).await
    }

    async fn confirm(&self, by: &str, class: OutsideId) -> Result<Vec<i64>> {
        let by = as_person(self.person(by));
        self.db.write("test", move |c| actions::confirm_outside(c, &by, at("2025-07-12"), class)).await
    }

    async fn total(&self) -> Figures {
        let (id, period) = (self.example.target.id, self.example.target.period());
        read(&self.db, move |c| queries::split(c, id, period, &Scope::Nation)).await.total
    }
}

fn join(c: &mut DbConn, person: i64, unit: UnitId, category: Category, from: &str) -> Result<()> {
    let new = NewMembership { unit, position: "Chuyên viên".to_owned(), category, from: day(from) };
    accounts::join_unit(c, &nongcot::access::Actor::system(), at(from), PersonId(person), &new).map(drop)
}

fn key(result: Result<impl std::fmt::Debug>) -> String {
    match result.expect_err("a refusal") {
        Error::Refused(message) => message.key.into_owned(),
        Error::Invalid(faults) => {
            faults.0.iter().map(|(field, message)| format!("{field}: {}", message.key)).collect::<Vec<_>>().join(", ")
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_class_counts_when_a_second_person_confirmed_it() {
    let agency = Agency::new().await;
    let class = agency.enter("D", "2025-07-10", agency.class(&["A", "B"])).await.unwrap();
    assert_eq!(agency.total().await, figures(0, 0), "entered is not counted");
    assert_eq!(key(agency.confirm("D", class).await), "targets-refused-second-person");
    assert_eq!(key(agency.confirm("A", class).await), "targets-refused-second-person", "nor one who was in it");
    assert_eq!(agency.total().await, figures(0, 0));

    let completions = agency.confirm("E", class).await.unwrap();
    assert_eq!(agency.total().await, figures(2, 2));
    let facts = read(&agency.db, move |c| queries::facts(c, &completions)).await;
    for fact in &facts {
        assert_eq!((fact.day(), fact.recorded_at), (day("2025-05-20"), at("2025-07-12")), "true then, known now");
        assert_eq!(fact.organiser, agency.example.units["P15"]);
    }
    assert_eq!(
        rows(&level(&agency.db, &agency.example.target, View::AsRecorded).await),
        table([("P15", split((2, 2), (1, 1), (0, 0), (1, 1)))])
    );
    assert_eq!(key(agency.confirm("C", class).await), "targets-outside-decided");
    let (again, db) = (class, agency.db.clone());
    let rejected = db
        .write("test", {
            let by = as_person(agency.person("C"));
            move |c| actions::reject_outside(c, &by, at("2025-07-13"), again, "Trùng")
        })
        .await;
    assert_eq!(key(rejected), "targets-outside-decided");
    assert_eq!(agency.total().await, figures(2, 2));
    assert_verified(&agency.db).await;
}

/// The facts are those of the first day, whatever is true on the day of entering.
#[tokio::test]
async fn facts_are_frozen_on_the_first_day() {
    let agency = Agency::new().await;
    let (person, units) = (agency.example.people["A"], agency.example.units.clone());
    write(&agency.db, move |c| {
        join(c, person, units["BKHCN-2025"], Category::Technology, "2025-05-20")?;
        Ok(())
    })
    .await;
    let class = agency.enter("D", "2025-07-10", agency.class(&["A"])).await.unwrap();
    let roster = read(&agency.db, move |c| queries::roster(c, class)).await;
    assert_eq!((roster[0].unit, roster[0].category), (agency.example.units["P15"], Category::Leaders));
    assert_eq!(roster[0].completion, None);
    agency.confirm("E", class).await.unwrap();
    let recorded = level(&agency.db, &agency.example.target, View::AsRecorded).await;
    assert_eq!(recorded.rows[0].unit.code, "P15");
}

#[tokio::test]
async fn what_cannot_be_right_is_refused() {
    let agency = Agency::new().await;
    let with = |change: fn(&mut NewOutside)| {
        let mut class = agency.class(&["A"]);
        change(&mut class);
        agency.enter("D", "2025-07-10", class)
    };
    assert_eq!(key(with(|c| c.decision = "  ".to_owned()).await), "decision: targets-outside-decision-missing");
    assert_eq!(key(with(|c| c.people.clear()).await), "people: targets-outside-nobody");
    assert_eq!(key(with(|c| c.people.push(c.people[0])).await), "people: targets-outside-twice");
    assert_eq!(key(with(|c| c.course = 999).await), "course: targets-outside-no-course");
    let today = |c: &mut NewOutside| c.days = Days { from: day("2025-07-09"), to: day("2025-07-10") };
    // Both: the class is not over, and P15 had ended on 30/06.
    assert!(key(with(today).await).starts_with("last_day: targets-outside-not-over"));
    let late = |c: &mut NewOutside| c.days = Days { from: day("2025-07-01"), to: day("2025-07-02") };
    assert_eq!(key(with(late).await), "organiser: targets-outside-organiser-not-valid");
    let backwards = |c: &mut NewOutside| c.days = Days { from: day("2025-05-20"), to: day("2025-05-19") };
    assert_eq!(key(with(backwards).await), "last_day: targets-fault-period");
    assert_eq!(
        key(agency.enter("D", "2025-07-10", agency.class(&["A", "H"])).await),
        "people: targets-outside-no-unit"
    );
    assert!(read(&agency.db, queries::outside_classes).await.is_empty(), "nothing was written");
}

/// The same class entered by two agencies would give the same people two turns.
#[tokio::test]
async fn the_same_people_on_the_same_days_are_one_class() {
    let agency = Agency::new().await;
    let first = agency.enter("D", "2025-07-10", agency.class(&["A", "B"])).await.unwrap();
    let mut second = agency.class(&["B", "C"]);
    second.days = days("2025-05-20", "2025-05-22");
    assert_eq!(key(agency.enter("E", "2025-07-11", second.clone()).await), "people: targets-outside-known");
    let by = as_person(agency.person("E"));
    write(&agency.db, move |c| actions::reject_outside(c, &by, at("2025-07-12"), first, "Nhập nhầm")).await;
    let second = agency.enter("E", "2025-07-13", second).await.unwrap();
    agency.confirm("D", second).await.unwrap();
    let mut third = agency.class(&["A", "B"]);
    third.days = days("2025-06-01", "2025-06-02");
    let third = agency.enter("D", "2025-07-13", third).await.unwrap();
    agency.confirm("E", third).await.unwrap();
    assert_eq!(agency.total().await, figures(4, 3), "another class of the course is another turn");
    let classes = read(&agency.db, queries::outside_classes).await;
    assert_eq!(
        classes.iter().map(|c| c.decided.map(|(kind, ..)| kind.as_str())).collect::<Vec<_>>(),
        [Some("confirmed"), Some("confirmed"), Some("rejected"),]
    );
    assert_verified(&agency.db).await;
}

#[tokio::test]
async fn one_person_of_a_class_is_voided() {
    let agency = Agency::new().await;
    let class = agency.enter("D", "2025-07-10", agency.class(&["A", "B"])).await.unwrap();
    let void = |by: &str, person: &str, reason: &'static str| {
        let (by, person) = (as_person(agency.person(by)), agency.person(person));
        agency.db.write("test", move |c| actions::void_outside(c, &by, at("2025-08-01"), class, person, reason))
    };
    assert_eq!(key(void("E", "A", "Gian lận").await), "targets-outside-not-confirmed");
    agency.confirm("E", class).await.unwrap();
    assert_eq!(key(void("E", "A", " ").await), "reason: targets-reason-missing");
    assert_eq!(key(void("A", "A", "Gian lận").await), "targets-refused-second-person");
    assert!(matches!(void("E", "C", "Gian lận").await, Err(Error::NotFound)));
    void("E", "A", "Gian lận").await.unwrap();
    assert_eq!(agency.total().await, figures(1, 1));
    assert_eq!(key(void("E", "A", "Gian lận").await), "targets-outside-voided");
    let list = |target: Target, asked: Asked| {
        read(&agency.db, move |c| queries::records(c, &target, &Scope::Nation, &asked, 1))
    };
    let page = list(agency.example.target.clone(), Asked::default()).await;
    let rows: Vec<_> = page.rows.iter().map(|r| (r.person_code.as_str(), r.verdict.as_str())).collect();
    assert_eq!(rows, [("A", "voided"), ("B", "counted")]);
    assert_eq!(page.rows[0].decision.as_deref(), Some("Quyết định số 12/QĐ-MH"));
    assert_verified(&agency.db).await;
}

/// Both second persons at once, and rosters of two classes crosswise: one decision each, no turn lost.
#[tokio::test]
async fn simultaneous_decisions_are_one() {
    let agency = Agency::new().await;
    let class = agency.enter("D", "2025-07-10", agency.class(&["A", "B"])).await.unwrap();
    let mut other = agency.class(&["B", "A"]);
    other.days = days("2025-06-01", "2025-06-02");
    let other = agency.enter("D", "2025-07-10", other).await.unwrap();
    let mut running = tokio::task::JoinSet::new();
    for n in 0..12 {
        let (db, by) = (agency.db.clone(), as_person(agency.person(["C", "E"][n % 2])));
        let class = if n % 3 == 0 { other } else { class };
        running.spawn(async move {
            db.write("test", move |c| actions::confirm_outside(c, &by, at("2025-07-12"), class)).await.is_ok()
        });
    }
    let mut confirmed = 0;
    while let Some(done) = running.join_next().await {
        confirmed += usize::from(done.unwrap());
    }
    assert_eq!(confirmed, 2);
    assert_eq!(agency.total().await, figures(4, 2));
    assert_verified(&agency.db).await;
}
