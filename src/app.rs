//! What every handler and job works with, in one place; made once at the start and never global.

use std::sync::Arc;

use diesel::prelude::*;

use crate::{
    accounts::passwords::PasswordLine,
    platform::{
        clock::Clock,
        config::Config,
        db::{Database, DbConn, Moment, schema::settings},
        error::{Error, Result},
        files::{FileKey, Files, MediaType, links},
        http::{Templates, guard::random_code},
        mail::Mailer,
        telemetry::Metrics,
    },
};

/// The running program. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub db: Database,
    pub templates: Arc<Templates>,
    pub mailer: Mailer,
    pub files: Files,
    pub clock: Clock,
    pub metrics: Metrics,
    pub passwords: Arc<PasswordLine>,
    /// Signs form tokens and links to files; the same on every node.
    pub secret: Arc<[u8; 32]>,
    /// When this process began to serve.
    pub started_at: Moment,
    /// The database was made by `demo`: everything in it is illustration.
    pub demo: bool,
}

/// The settings kept in the database rather than in the configuration.
const SECRET: &str = "secret";
const DEMO: &str = "demo";

impl App {
    /// The way to a kept file: an address on the host of files that works for a short while. `key` and `media_type` are those of its
    /// row, `name` is what it is called where it is downloaded.
    pub fn way_to_file(&self, key: &str, media_type: &str, name: String) -> Result<String> {
        let unreadable = || Error::internal("a file's row cannot be read");
        let media_type = MediaType::from_mime(media_type).ok_or_else(unreadable)?;
        let lifetime = chrono::TimeDelta::from_std(self.config.files.link_lifetime).map_err(Error::internal)?;
        let link = links::Link {
            key: FileKey::parse(key).ok_or_else(unreadable)?,
            download_name: name,
            inline: media_type.may_show_inline(),
            media_type,
            expires: self.now().0 + lifetime,
        };
        Ok(format!("{}{}", self.config.files.origin(), links::sign(&link, self.secret.as_slice())))
    }

    /// Opens everything and migrates the database. Must run inside a Tokio runtime.
    pub async fn build(config: Config, clock: Clock) -> Result<Self> {
        let target = config.database.url.clone();
        let applied = tokio::task::spawn_blocking(move || crate::platform::db::migrate(&target))
            .await
            .map_err(Error::internal)?
            .map_err(Error::internal)?;
        if !applied.is_empty() {
            tracing::info!(count = applied.len(), "migrations applied");
        }
        let db = Database::open(config.database.url.clone(), connections(&config), config.database.write_queue)?;
        let (secret, demo) = db.write("settings.load", load_settings).await?;
        Ok(Self {
            templates: Templates::embedded().map_err(Error::internal)?,
            mailer: Mailer::open(&config.mail).map_err(Error::internal)?,
            files: Files::open(&config.storage).map_err(Error::internal)?,
            metrics: Metrics::install(),
            passwords: Arc::new(PasswordLine::new(config.passwords.parallel, config.passwords.queue)),
            config: Arc::new(config),
            started_at: clock.now().into(),
            db,
            clock,
            secret: Arc::new(secret),
            demo,
        })
    }

    pub fn now(&self) -> Moment {
        self.clock.now().into()
    }
}

fn connections(config: &Config) -> u32 {
    let wanted = match config.database.url {
        crate::platform::config::DatabaseUrl::Sqlite(_) => config.database.readers,
        crate::platform::config::DatabaseUrl::Postgres(_) => config.database.pool,
    };
    u32::try_from(wanted.max(1)).unwrap_or(8)
}

/// Reads the secret, making it at the first start. Two nodes that start together agree: the first insert wins.
fn load_settings(c: &mut DbConn) -> Result<([u8; 32], bool)> {
    let fresh = format!("{}{}", random_code()?, random_code()?);
    // on_conflict is not part of diesel's common backend.
    crate::both!(c, |c| diesel::insert_into(settings::table)
        .values((settings::key.eq(SECRET), settings::value.eq(&fresh)))
        .on_conflict_do_nothing()
        .execute(c))?;
    let kept: String = settings::table.find(SECRET).select(settings::value).first(c)?;
    use sha2::Digest;
    Ok((sha2::Sha256::digest(kept.as_bytes()).into(), is_demo(c)?))
}

/// Whether everything in this database is illustration; for what is written where no [`App`] is at hand.
pub fn is_demo(c: &mut DbConn) -> Result<bool> {
    Ok(settings::table.find(DEMO).select(settings::value).first::<String>(c).optional()?.is_some())
}

/// Marks the database as one of `demo`.
pub fn mark_demo(c: &mut DbConn) -> Result<()> {
    crate::both!(c, |c| diesel::insert_into(settings::table)
        .values((settings::key.eq(DEMO), settings::value.eq("1")))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}
