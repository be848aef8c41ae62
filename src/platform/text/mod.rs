//! Vietnamese text: one normal form, folding for search, sorting, the way figures and dates are written, and the shapes
//! of what people type about themselves. Pure functions; nothing in here rejects a text silently or loses a mark that matters.
//!
//! What is kept: a text as it was typed, after [`tidy`]. Beside it, where it is searched, its [`fold`], and where it is
//! sorted, its [`sort_key`] (both ordinary text columns, equal in SQLite and PostgreSQL).

mod collation;
mod contact;
mod form;
mod hex;
mod shown;

pub use collation::{person_sort_key, sort_key, split_name};
pub use contact::{email, phone, user_name};
pub use form::{fold, nfc, slugify, tidy};
pub use hex::{hex, hex_start};
pub use shown::{
    NO_FIGURE, date, date_of, datetime, decimal, document_date, number, percent, phone_shown, read_day, size, span,
};
