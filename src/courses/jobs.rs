//! Work that a new version of the program brings with it.

use serde::{Deserialize, Serialize};

use super::{actions, edition::Edition, queries};
use crate::{
    app::App,
    platform::{error::Result, jobs::Job},
};

/// Renders the versions again that an older program rendered: soon after the start, while the site goes on.
#[derive(Debug, Serialize, Deserialize)]
pub struct RenderOld {}

impl Job for RenderOld {
    const KIND: &'static str = "courses.render";
}

/// Each version in a transaction of its own; one that cannot be rendered stays as it is and is tried again later.
pub async fn render_old(app: App, _: RenderOld) -> Result<()> {
    let mut failed = None;
    for version in app.db.read(queries::rendered_before).await? {
        let rendered = async {
            let (package, hash) = app.db.read(move |c| queries::package_of(c, version)).await?;
            let edition = Edition::known(package, hash);
            app.db.write("courses.render", move |c| actions::render_again(c, version, &edition)).await
        };
        if let Err(error) = rendered.await {
            tracing::error!(version = version.0, %error, "a version of a course could not be rendered again");
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}
