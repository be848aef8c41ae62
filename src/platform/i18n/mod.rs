//! Text of the program in Vietnamese (the default) and English: Fluent catalogues in `templates/text/{vi,en}/`, embedded.

mod catalogue;
pub mod locale;

pub use catalogue::{Arg, Catalogue, Message};
pub use locale::Locale;
