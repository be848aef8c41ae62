//! Work that keeps a processor busy for long, done on a thread that gives way to those who answer. Checking a password takes as long as two
//! hundred saved answers: without this, those who still come to an exam hold up those who are at it.

use std::sync::Once;

use tokio::{sync::oneshot, task_local};

use super::error::Error;

/// How far such a thread stands back, as `nice` counts: it gets a tenth of a processor that others want too, and all of one that nobody wants.
const STANDS_BACK: i32 = 10;

task_local! {
    /// Set where nobody waits for what is read.
    static UNHURRIED: ();
}

/// Runs a future for which nobody waits: what it reads from the database it reads `aside`.
pub async fn unhurried<F: Future>(work: F) -> F::Output {
    UNHURRIED.scope((), work).await
}

/// Whether the future that asks is `unhurried`.
pub fn is_unhurried() -> bool {
    UNHURRIED.try_with(|()| ()).is_ok()
}

/// Runs a closure on a thread of its own. Whoever calls this bounds how many run at once.
///
/// # Errors
/// Those of the closure; [`Error::internal`] where it panics, or where no thread is to be had.
pub async fn aside<T, E, F>(name: &'static str, work: F) -> Result<T, E>
where
    F: FnOnce() -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (done, outcome) = oneshot::channel();
    let task = move || {
        if let Err(error) = rustix::process::nice(STANDS_BACK) {
            // Something around the program forbids it, and goes on doing so.
            static SAID: Once = Once::new();
            SAID.call_once(|| tracing::warn!(%error, "long work does not give way to those who wait for a page"));
        }
        // Whoever asked may have gone.
        let _ = done.send(work());
    };
    std::thread::Builder::new().name(name.to_owned()).spawn(task).map_err(Error::from)?;
    outcome.await.unwrap_or_else(|_| Err(Error::internal(format!("a panic in {name}")).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn niceness() -> i32 {
        rustix::process::getpriority_process(None).unwrap()
    }

    #[tokio::test]
    async fn it_gives_way_and_who_called_does_not() {
        let before = niceness();
        let there = aside("test", || Ok::<_, Error>(niceness())).await.unwrap();
        assert_eq!((there, niceness()), (before + STANDS_BACK, before));
    }

    #[tokio::test]
    async fn only_what_runs_inside_is_unhurried() {
        let inside = unhurried(async { is_unhurried() });
        assert!(!is_unhurried());
        assert!(inside.await);
        assert!(!is_unhurried());
    }

    #[tokio::test]
    async fn a_panic_is_an_error() {
        let error = aside("test", || -> Result<(), Error> { panic!("on purpose") }).await.unwrap_err();
        assert!(error.to_string().contains("a panic in test"), "{error}");
    }
}
