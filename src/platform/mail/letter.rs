//! One letter, and how it becomes a message.

use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};

use super::MailError;

/// What is sent. Subject and texts come ready from the templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub to_name: String,
    pub to_address: String,
    pub subject: String,
    pub text: String,
    /// The same for programs that show HTML.
    pub html: Option<String>,
    /// `unique@host`, the same at every try. The unique part must not tell anything about the person.
    pub message_id: String,
}

/// Whether letters can go to this address. Used where people type one, so that a bad one is refused there already.
pub fn is_mail_address(address: &str) -> bool {
    parse_address(address).is_some()
}

impl Letter {
    pub(super) fn message(&self, from: &Mailbox) -> Result<Message, MailError> {
        let address = parse_address(&self.to_address)
            .ok_or_else(|| MailError::permanent("the recipient's address is malformed", ""))?;
        if !is_message_id(&self.message_id) {
            return Err(MailError::permanent("the Message-ID is malformed", &self.message_id));
        }
        let name = one_line(&self.to_name);
        let builder = Message::builder()
            .from(from.clone())
            .to(Mailbox::new((!name.is_empty()).then_some(name), address))
            .subject(one_line(&self.subject))
            .message_id(Some(format!("<{}>", self.message_id)))
            .date_now()
            // Asks other programs not to answer (out of office, received).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        let message = match &self.html {
            Some(html) => builder.multipart(MultiPart::alternative_plain_html(self.text.clone(), html.clone())),
            None => builder.singlepart(SinglePart::plain(self.text.clone())),
        };
        message.map_err(|e| MailError::permanent("the letter cannot be put together", e))
    }

    /// A second try overwrites the first. Only called after the id was found well formed.
    pub(super) fn file_name(&self) -> String {
        format!("{}.eml", self.message_id)
    }
}

/// ASCII only, because not every server on the way takes more; nothing that could end the line or add a recipient.
fn parse_address(text: &str) -> Option<Address> {
    let plain = text.len() <= 254 && text.bytes().all(|b| b.is_ascii_graphic() && !b"<>()[]\\,;:\"".contains(&b));
    let address: Address = if plain { text.parse().ok()? } else { return None };
    let good = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with('.') && !part.contains("..");
    (good(address.user()) && good(address.domain())).then_some(address)
}

/// Also a good file name: no slash, no leading dot.
fn is_message_id(text: &str) -> bool {
    let good = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    };
    text.len() <= 200 && text.split_once('@').is_some_and(|(left, right)| good(left) && good(right))
}

/// Whatever could end a line becomes a space; so a name or a subject can never become a header of its own.
fn one_line(text: &str) -> String {
    let spaced: String =
        text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect();
    spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
