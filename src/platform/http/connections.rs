//! How many clients are connected, and when they are asked not to stay.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// The connections of the site that are open just now. Cheap to clone; the clones count together.
#[derive(Debug, Clone, Default)]
pub struct Connections(Arc<AtomicUsize>);

impl Connections {
    /// One more, for as long as what this gives is there.
    pub fn enter(&self) -> Connected {
        self.0.fetch_add(1, Ordering::Relaxed);
        Connected(Arc::clone(&self.0))
    }

    pub fn open(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// One connection.
#[derive(Debug)]
pub struct Connected(Arc<AtomicUsize>);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
