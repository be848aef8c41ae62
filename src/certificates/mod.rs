//! Certificates.

pub mod paper;
