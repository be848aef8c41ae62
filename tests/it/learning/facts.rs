//! The facts that are frozen on an enrolment.

use super::*;

/// The learner of Yên Bái of counting.md.
#[actix_web::test]
async fn a_learner_of_yen_bai_completes_as_yen_bai() {
    let app = support::app().await;
    let (opened, moved) = (at("2025-06-01T02:00:00Z"), at("2025-07-01T02:00:00Z"));
    let (early, late, completed, p15, p15_new) = app
        .write(move |c| {
            let version = classes::bring_in(c, opened, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một"))?;
            let run = classes::run(c, opened, "R1", version, "BKHCN-2025", ("2025-06-10", "2025-08-31"))?;
            let early = support::factory::person(c, opened, "Học viên Sớm", "P15")?.id;
            let late = support::factory::person(c, opened, "Học viên Muộn", "P15")?.id;
            let (p15, p15_new) = (unit_id(c, "P15")?, unit_id(c, "P15-2025")?);
            // Before the run begins: known, not frozen yet.
            let early_in = enrol(c, opened, &Actor::system(), run.id, early, &Entry::Open)?.id();
            assert!(queries::enrolment(c, early_in)?.0.frozen_at.is_none());
            // She is promoted before the run begins: the first day counts.
            let promoted = membership(p15, "Trưởng phòng", Category::Leaders, "2025-06-08".parse().unwrap());
            accounts::join_unit(c, &Actor::system(), opened, early, &promoted)?;
            // In the running class: frozen at enrolling.
            let begun = at("2025-06-20T02:00:00Z");
            let late_in = enrol(c, begun, &Actor::system(), run.id, late, &Entry::Open)?.id();
            // Both move to the merged province.
            for person in [early, late] {
                let day = "2025-07-01".parse().unwrap();
                accounts::join_unit(
                    c,
                    &Actor::system(),
                    moved,
                    person,
                    &membership(p15_new, "Chuyên viên", Category::Other, day),
                )?;
            }
            // The early one completes before any job came round.
            let completed = learn(c, at("2025-07-05T02:00:00Z"), early_in, &Observers::NONE)?.expect("a completion");
            learn(c, at("2025-07-06T02:00:00Z"), late_in, &Observers::NONE)?.expect("a completion");
            Ok((early_in, late_in, completed, p15, p15_new))
        })
        .await;
    assert_ne!(p15, p15_new);
    assert_eq!(
        (completed.unit, completed.position.as_str(), completed.category),
        (p15, "Trưởng phòng", Category::Leaders)
    );
    assert_eq!(completed.occurred_at, at("2025-07-05T02:09:00Z"));
    let early = app.read(move |c| queries::enrolment(c, early)).await.0;
    assert_eq!((early.unit_id, early.category), (p15, Category::Leaders));
    let late = app.read(move |c| queries::enrolment(c, late)).await.0;
    assert_eq!((late.unit_id, late.position.as_str(), late.category), (p15, "Chuyên viên", Category::Other));
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
}

#[actix_web::test]
async fn the_job_freezes_at_the_start_and_waits_for_a_missing_unit() {
    let app = support::app().await;
    let now = app.app.now();
    let run = app
        .write(move |c| {
            let version = classes::bring_in(c, now, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một"))?;
            classes::run(c, now, "SOON-01", version, "BKHCN-2025", ("2026-12-01", "2026-12-31"))
        })
        .await;
    let (stays, leaves) = (app.person("Học viên Ở", "P01").await.id, app.person("Học viên Đi", "P01").await.id);
    let (stays_in, leaves_in) = (enrolled(&app, &run, stays).await, enrolled(&app, &run, leaves).await);
    app.write(move |c| {
        let membership = nongcot::accounts::queries::membership_on(c, leaves, "2026-11-23".parse().unwrap())?.unwrap();
        accounts::leave_unit(c, &Actor::system(), now, membership.id, "2026-11-25".parse().unwrap())
    })
    .await;
    nongcot::learning::jobs::freeze_due(app.app.clone(), Observers::NONE).await.unwrap();
    assert!(app.read(move |c| queries::enrolment(c, stays_in)).await.0.frozen_at.is_none(), "the run has not begun");
    app.later(TimeDelta::days(9));
    nongcot::learning::jobs::freeze_due(app.app.clone(), Observers::NONE).await.unwrap();
    assert!(app.read(move |c| queries::enrolment(c, stays_in)).await.0.frozen_at.is_some());
    assert!(app.read(move |c| queries::enrolment(c, leaves_in)).await.0.frozen_at.is_none());
    // All is learnt, and nothing is counted as long as nobody knows as what.
    let later = app.app.now();
    assert!(app.write(move |c| learn(c, later, leaves_in, &Observers::NONE)).await.is_none());
    app.write(move |c| {
        let unit = unit_id(c, "P04")?;
        let day = "2026-11-26".parse().unwrap();
        let moved = membership(unit, "Chuyên viên", Category::Technology, day);
        accounts::join_unit(c, &Actor::system(), later, leaves, &moved).map(drop)
    })
    .await;
    app.later(TimeDelta::days(1));
    nongcot::learning::jobs::freeze_due(app.app.clone(), Observers::NONE).await.unwrap();
    let (enrolment, _) = app.read(move |c| queries::enrolment(c, leaves_in)).await;
    assert_eq!(enrolment.category, Category::Technology);
    assert_eq!(enrolment.completed_at, Some(later + TimeDelta::minutes(9)), "when it was true, not when it was known");
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
}

/// One row that cannot be written: those after it are frozen, and it is tried again until it can.
#[actix_web::test]
async fn one_enrolment_that_cannot_be_frozen_does_not_hold_up_the_others() {
    const BROKEN: Observers = Observers { completed: |_, _, _| Err(Error::internal("a fault")), ..Observers::NONE };
    let app = support::app().await;
    let now = app.app.now();
    let run = app
        .write(move |c| {
            let version = classes::bring_in(c, now, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một"))?;
            classes::run(c, now, "SOON-02", version, "BKHCN-2025", ("2026-12-01", "2026-12-31"))
        })
        .await;
    let (leaves, stays) = (app.person("Học viên Đi", "P01").await.id, app.person("Học viên Ở", "P01").await.id);
    let (leaves_in, stays_in) = (enrolled(&app, &run, leaves).await, enrolled(&app, &run, stays).await);
    app.write(move |c| {
        let membership = nongcot::accounts::queries::membership_on(c, leaves, "2026-11-23".parse().unwrap())?.unwrap();
        accounts::leave_unit(c, &Actor::system(), now, membership.id, "2026-11-25".parse().unwrap())
    })
    .await;
    app.later(TimeDelta::days(9));
    let later = app.app.now();
    assert!(app.write(move |c| learn(c, later, leaves_in, &Observers::NONE)).await.is_none());
    app.write(move |c| {
        let moved = membership(unit_id(c, "P04")?, "Chuyên viên", Category::Technology, "2026-11-26".parse().unwrap());
        accounts::join_unit(c, &Actor::system(), later, leaves, &moved).map(drop)
    })
    .await;
    app.later(TimeDelta::days(1));
    let frozen = || async {
        let of = |enrolment| app.read(move |c| Ok(queries::enrolment(c, enrolment)?.0.frozen_at.is_some()));
        [of(leaves_in).await, of(stays_in).await]
    };
    nongcot::learning::jobs::freeze_due(app.app.clone(), BROKEN).await.unwrap();
    assert_eq!(frozen().await, [false, true], "nothing of the first was done");
    nongcot::learning::jobs::freeze_due(app.app.clone(), Observers::NONE).await.unwrap();
    assert_eq!(frozen().await, [true, true]);
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
}
