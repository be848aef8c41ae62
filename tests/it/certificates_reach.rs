//! How far the right to decide about certificates goes.

use diesel::prelude::*;
use nongcot::{
    access::Role,
    certificates::{model::CertificateState, queries},
    platform::db::schema::role_grants,
};

use crate::{certificates::journey, records::at, support};

/// The right to decide in one agency is none in another, also for somebody who sees the register of both.
#[tokio::test]
async fn a_right_over_another_agency_revokes_nothing_here() {
    let (app, _, completion) = journey().await;
    let certificate = app.read(move |c| queries::of_completion(c, completion)).await.unwrap();
    let entry = format!("/so-cap/{}", certificate.code);
    let here = app.person_as("Cán bộ Minh họa Một", Role::Officer, "P15-2025").await;
    let there = app.person_as("Cán bộ Minh họa Hai", Role::Officer, "P01").await;
    let decides = |person: i64, unit: &'static str| {
        app.write(move |c| {
            let unit = support::unit_id(c, unit)?;
            diesel::insert_into(role_grants::table)
                .values((
                    role_grants::person_id.eq(person),
                    role_grants::role.eq(Role::Coordinator),
                    role_grants::unit_id.eq(unit.0),
                    role_grants::granted_at.eq(at("2026-01-01")),
                ))
                .execute(c)?;
            Ok(())
        })
    };
    // An officer here who decides there, and an officer there who decides there.
    decides(here.id.0, "P01").await;
    decides(there.id.0, "P01").await;
    let fields = [("decision_number", "12/QĐ-MH"), ("decision_date", "2026-11-23"), ("reason", "Minh họa thu hồi")];
    let mut near = app.sign_in(&here).await;
    near.get(&entry).await.is(200).says_not("decision_number");
    near.post(&format!("{entry}/thu-hoi"), &fields).await.is(403);
    near.get(&format!("{entry}/cap-lai")).await.is(403);
    near.post(&format!("{entry}/cap-lai"), &fields).await.is(403);
    let mut far = app.sign_in(&there).await;
    far.post(&format!("{entry}/thu-hoi"), &fields).await.is(404);
    let still = app.read(move |c| queries::of_completion(c, completion)).await.unwrap();
    assert_eq!(still.state, CertificateState::Valid);
    // With the right over this agency it is done.
    decides(here.id.0, "P15-2025").await;
    let mut near = app.sign_in(&here).await;
    near.post(&format!("{entry}/thu-hoi"), &fields).await.is(303);
    app.visitor().get(&format!("/tra-cuu/{}", certificate.code)).await.is(200).says("Đã thu hồi");
    app.stop().await;
}
