//! Cookies: their names and flags follow the public address of the program.

use actix_web::cookie::{Cookie, SameSite, time::Duration};

/// Whether the public address is https: then every cookie is Secure and bound to this host by its name.
#[derive(Debug, Clone, Copy)]
pub struct Jar {
    pub secure: bool,
}

impl Jar {
    /// The name a cookie bears on the wire.
    pub fn name(self, plain: &str) -> String {
        if self.secure { format!("__Host-{plain}") } else { plain.to_owned() }
    }

    /// A cookie that scripts cannot read; it ends with the browser where no age is given.
    pub fn make(self, plain: &str, value: String, age: Option<Duration>) -> Cookie<'static> {
        let mut cookie = Cookie::build(self.name(plain), value)
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .finish();
        if let Some(age) = age {
            cookie.set_max_age(age);
        }
        cookie
    }

    pub fn remove(self, plain: &str) -> Cookie<'static> {
        self.make(plain, String::new(), Some(Duration::ZERO))
    }
}

/// The cookie of a signed-in session.
pub const SESSION: &str = "phien";
/// The cookie that ties forms to a browser.
pub const VISITOR: &str = "khach";
/// The language a visitor chose.
pub const LOCALE: &str = "ngon-ngu";
/// A sentence for the next page.
pub const FLASH: &str = "loi-nhan";
