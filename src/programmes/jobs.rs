//! What happens to nominations without anybody asking.

use serde::{Deserialize, Serialize};

use super::{actions, queries};
use crate::{
    app::App,
    platform::{error::Result, jobs::Job},
};

/// Recurring: a quota may have grown while people waited for its seats.
#[derive(Debug, Serialize, Deserialize)]
pub struct FillSeats {}

impl Job for FillSeats {
    const KIND: &'static str = "programmes.fill-seats";
}

pub async fn fill_seats(app: App, _: FillSeats) -> Result<()> {
    for quota in app.db.read(queries::quotas_to_fill).await? {
        let now = app.now();
        app.db.write("programmes.fill-seats", move |c| actions::fill_seats(c, now, quota)).await?;
    }
    Ok(())
}
