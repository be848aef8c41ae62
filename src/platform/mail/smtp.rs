//! The way over a mail server. Understands `smtp://host`, `smtp://user:password@host?tls=required` (STARTTLS) and
//! `smtps://user:password@host`.

use std::time::Duration;

use lettre::transport::smtp::{Error, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::MailError;
use crate::platform::config::Secret;

#[derive(Clone)]
pub(super) struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

impl Smtp {
    pub fn open(url: &Secret<String>) -> Result<Self, MailError> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())
            .map_err(|_| MailError::permanent("the mail server's address is not understood", ""))?;
        // Few connections, because ministries' servers count them; unused ones are closed before the server does it.
        let pool = PoolConfig::new().max_size(4).idle_timeout(Duration::from_secs(20));
        Ok(Self(builder.timeout(Some(Duration::from_secs(30))).pool_config(pool).build()))
    }

    pub async fn send(&self, message: Message) -> Result<(), MailError> {
        self.0.send(message).await.map(|_| ()).map_err(|error| judge(&error))
    }

    pub async fn check(&self) -> Result<(), MailError> {
        match self.0.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(MailError::transient("the mail server closed the connection", "")),
            Err(error) => Err(judge(&error)),
        }
    }
}

/// Only what the server says about this very letter is final. A refused sign-in (530–538) or an unreachable server is
/// ours to mend, and the letters must still be there when it is mended.
fn judge(error: &Error) -> MailError {
    match error.status() {
        Some(code) => {
            let number: u16 = code.into();
            let reason = format!("the mail server answered {number}");
            if error.is_permanent() && !(530..=538).contains(&number) {
                MailError::permanent(reason, error)
            } else {
                MailError::transient(reason, error)
            }
        }
        None if error.is_timeout() => MailError::transient("the mail server did not answer in time", error),
        None if error.is_tls() => MailError::transient("the mail server offers no TLS that can be trusted", error),
        None => MailError::transient("the mail server cannot be reached", error),
    }
}
