//! Text of the program in Vietnamese (the default) and English.

pub mod locale;

pub use locale::Locale;
