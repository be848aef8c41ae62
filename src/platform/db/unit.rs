//! A unit of work without its types. What runs it (the pools, the writer's queue, the runtime's tasks, the end of a transaction) is compiled once
//! and not anew for each of some five hundred closures, which would be a fifth of everything the compiler makes of this program.

use std::any::Any;

use super::conn::DbConn;
use crate::platform::error::Error;

/// The result of a closure, still without its type: a `Result<T, E>` of the closure's own.
pub type Answer = Box<dyn Any + Send>;

/// A closure that is to run in one transaction.
pub struct Unit(Box<dyn FnOnce(&mut DbConn) -> Ended + Send>);

/// What a closure came to.
pub struct Ended {
    /// Whether what it wrote is to stay: it answers `Ok`.
    pub keep: bool,
    pub answer: Answer,
}

impl Unit {
    pub fn of<T, E, F>(closure: F) -> Self
    where
        F: FnOnce(&mut DbConn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: Send + 'static,
    {
        Self(Box::new(move |conn| {
            let result = closure(conn);
            Ended { keep: result.is_ok(), answer: Box::new(result) }
        }))
    }

    pub fn run(self, conn: &mut DbConn) -> Ended {
        self.0(conn)
    }
}

/// Gives an answer its type back: that of the closure which was run.
pub async fn typed<T, E>(answer: impl Future<Output = Result<Answer, Error>>) -> Result<T, E>
where
    T: 'static,
    E: From<Error> + 'static,
{
    match answer.await?.downcast::<Result<T, E>>() {
        Ok(result) => *result,
        Err(_) => Err(Error::internal("the answer of another unit of work").into()),
    }
}
