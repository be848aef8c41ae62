//! Work outside a request: a serialisable struct, queued in the transaction of its cause, run at least once, repeated with
//! growing pauses, visible to the administrator. Handlers are idempotent.

mod look_over;
mod queue;
mod worker;

pub use look_over::LookOver;
pub use queue::{
    Claimed, JobRow, Stuck, cancel_failed, counts, enqueue, enqueue_ahead, enqueue_at, enqueue_once, failed_kind, list,
    retry,
};
pub use worker::{Registry, Worker};

use serde::{Serialize, de::DeserializeOwned};

/// A kind of work and what it needs to know.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// `slice.verb`
    const KIND: &'static str;
}
