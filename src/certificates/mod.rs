//! Certificates: the register (sổ cấp), issue, the paper, public lookup, revocation.
//!
//! Invariants:
//! - A number is given in the transaction that writes the certificate down, so a register has no gap and no number twice, also
//!   when many are issued at once and when the program dies. A number is never used again, whatever becomes of its certificate.
//! - What stands on the paper is frozen as it is issued ([`paper::Paper`], kept as JSON); changes of names, units and signers later
//!   do not touch it, and the PDF made from it has the same bytes each time.
//! - A completion has at most one valid certificate. A certificate is never deleted: what happens to it is an event.
//! - In public only the name, the course, its dates, the issuer, the status and the register number are shown.

pub mod actions;
pub mod api;
mod forms;
pub mod jobs;
pub mod model;
mod pages;
pub mod paper;
pub mod queries;

pub use pages::routes;
