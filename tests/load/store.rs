//! Where filled databases are kept, and how a run gets a copy of its own: a file on SQLite, `CREATE DATABASE … TEMPLATE` on PostgreSQL.

use std::path::PathBuf;

use diesel::{Connection, RunQueryDsl};

use crate::program::Place;

/// The folder of everything, and the PostgreSQL server to make databases on, if it is that which is measured.
pub struct Store {
    pub folder: PathBuf,
    pub postgres: Option<String>,
}

/// Data that stays for the next run.
pub struct Kept {
    name: String,
    pub place: Place,
}

impl Store {
    pub fn kind(&self) -> &'static str {
        if self.postgres.is_some() { "PostgreSQL" } else { "SQLite" }
    }

    pub fn kept(&self, name: &str) -> Kept {
        let name = format!("bench-{name}");
        Kept { place: self.place(&name), name }
    }

    fn place(&self, name: &str) -> Place {
        let kind = if self.postgres.is_some() { "postgres" } else { "sqlite" };
        let folder = self.folder.join(format!("{kind}-{name}"));
        std::fs::create_dir_all(&folder).expect("a folder");
        let url = match self.address(name) {
            Some(url) => url,
            None => format!("sqlite:{}", folder.join("nongcot.sqlite").display()),
        };
        Place { url, folder: folder.display().to_string() }
    }

    fn address(&self, name: &str) -> Option<String> {
        let mut url = url::Url::parse(self.postgres.as_deref()?).expect("an address");
        url.set_path(&name.replace('-', "_"));
        Some(url.to_string())
    }

    fn server(&self) -> &str {
        self.postgres.as_deref().unwrap_or_default()
    }

    fn marker(&self, kept: &Kept) -> PathBuf {
        PathBuf::from(&kept.place.folder).join("complete")
    }

    /// Whether it was filled to the end, and on this server: one that lives for a run only takes its databases with it. What was begun and not
    /// finished is thrown away.
    pub fn is_there(&self, kept: &Kept) -> bool {
        if std::fs::read_to_string(self.marker(kept)).is_ok_and(|filled| filled == self.server()) {
            return true;
        }
        self.clear(&kept.place, &kept.name);
        false
    }

    fn clear(&self, place: &Place, name: &str) {
        if self.postgres.is_some() {
            let name = name.replace('-', "_");
            self.order(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            self.order(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"));
        }
        std::fs::remove_dir_all(&place.folder).expect("a folder to empty");
        std::fs::create_dir_all(&place.folder).expect("a folder");
    }

    pub fn keep(&self, kept: &Kept) {
        std::fs::write(self.marker(kept), self.server()).expect("a file");
    }

    /// A copy that a run may change.
    pub fn copy(&self, kept: &Kept) -> Place {
        let place = self.place("copy");
        if self.postgres.is_some() {
            self.order("DROP DATABASE IF EXISTS copy WITH (FORCE)");
            self.order(&format!("CREATE DATABASE copy TEMPLATE {}", kept.name.replace('-', "_")));
        } else {
            self.clear(&place, "copy");
            let of = |place: &Place, end| format!("{}/nongcot.sqlite{end}", place.folder);
            for end in ["", "-wal"] {
                if std::fs::exists(of(&kept.place, end)).unwrap_or(false) {
                    std::fs::copy(of(&kept.place, end), of(&place, end)).expect("a copy");
                }
            }
        }
        place
    }

    fn order(&self, statement: &str) {
        let url = self.postgres.as_deref().expect("a server");
        let mut conn = diesel::PgConnection::establish(url).expect("PostgreSQL");
        diesel::sql_query(statement).execute(&mut conn).expect("an order");
    }
}
