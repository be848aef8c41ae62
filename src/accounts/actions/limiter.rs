//! The one limiter over all doors: few failures per account, many per address, since a whole department may come from one.

use std::{net::IpAddr, time::Duration};

use chrono::TimeDelta;
use diesel::{prelude::*, sql_types};

use super::sessions::hash_token;
use crate::platform::{
    db::{DbConn, Lock, Moment, UtcTs, lock, schema::sign_in_failures},
    error::{Error, Result},
    http::address::limit_address,
    telemetry::figure,
};

/// Failures are counted over this span.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// So many failures an account may have in it.
pub const PER_ACCOUNT: i64 = 5;
/// So many failures an address may have in it: a department of some hundred people mistypes now and then.
pub const PER_ADDRESS: i64 = 200;

/// A try that counts as a failure until it is withdrawn.
#[derive(Debug, Clone)]
pub struct Try {
    id: i64,
    account_key: String,
}

impl Try {
    /// For a try whose outcome is known later.
    pub fn parts(self) -> (i64, String) {
        (self.id, self.account_key)
    }
    pub fn from_parts(id: i64, account_key: String) -> Self {
        Self { id, account_key }
    }
}

#[derive(QueryableByName)]
struct Reserved {
    #[diesel(sql_type = sql_types::BigInt)]
    id: i64,
}

/// Notes a try as failed before it is made, unless there were too many: one conditional statement, so that a hundred tries at
/// once do not slip through together. `account` is what was typed, `door` keeps the doors' counts apart.
pub fn attempt(c: &mut DbConn, now: Moment, door: &str, account: &str, address: IpAddr) -> Result<Try> {
    let account_key = hash_token(&format!("{door} {account}"));
    let address_key = hash_token(&format!("address {}", limit_address(address)));
    // Two transactions do not see each other's rows, so tries at one account go one after another.
    lock(c, Lock::Alone, &account_key)?;
    let reserved = diesel::sql_query(
        "INSERT INTO sign_in_failures (account_key, address_key, at) SELECT $1, $2, $3 WHERE \
         (SELECT count(*) FROM sign_in_failures WHERE account_key = $1 AND at > $4) < $5 AND \
         (SELECT count(*) FROM sign_in_failures WHERE address_key = $2 AND at > $4) < $6 RETURNING id",
    )
    .bind::<sql_types::Text, _>(&account_key)
    .bind::<sql_types::Text, _>(&address_key)
    .bind::<UtcTs, _>(now)
    .bind::<UtcTs, _>(now - WINDOW)
    .bind::<sql_types::BigInt, _>(PER_ACCOUNT)
    .bind::<sql_types::BigInt, _>(PER_ADDRESS)
    .load::<Reserved>(c)?;
    match reserved.into_iter().next() {
        Some(row) => Ok(Try { id: row.id, account_key }),
        None => {
            metrics::counter!(figure::LIMITED, "door" => door.to_owned()).increment(1);
            Err(Error::TooMany { retry_after: Duration::from_secs(15 * 60) })
        }
    }
}

/// The try was good: it and the account's failures before it are forgotten.
pub fn succeeded(c: &mut DbConn, tried: &Try) -> Result<()> {
    diesel::delete(
        sign_in_failures::table
            .filter(sign_in_failures::id.eq(tried.id).or(sign_in_failures::account_key.eq(&tried.account_key))),
    )
    .execute(c)?;
    Ok(())
}

/// Forgets what no longer counts.
pub fn forget_old(c: &mut DbConn, now: Moment) -> Result<()> {
    diesel::delete(sign_in_failures::table.filter(sign_in_failures::at.lt(now - WINDOW))).execute(c)?;
    Ok(())
}
