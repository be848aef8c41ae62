
pub mod package;
