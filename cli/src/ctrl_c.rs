//! Ctrl-C, for work that leaves something behind unless it is cleaned up.

use std::future::{Future, pending, poll_fn, ready};
use std::io;
use std::pin::Pin;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use tokio::runtime::Handle;

/// The exit status that a shell gives a program which Ctrl-C has ended.
const ENDED_BY_CTRL_C: i32 = 130;

/// How many of them there are.
static WATCHING: AtomicUsize = AtomicUsize::new(0);

/// As long as it lives Ctrl-C does not end the process, but is what [`came`](Self::came) waits for. Afterwards it ends the
/// process again, which the system itself no longer does once a process has asked for the signal.
pub(crate) struct Interrupt(Pin<Box<dyn Future<Output = io::Result<()>> + Send>>);

impl Interrupt {
    pub(crate) async fn watch() -> Self {
        WATCHING.fetch_add(1, Ordering::SeqCst);
        let mut signal: Pin<Box<dyn Future<Output = io::Result<()>> + Send>> =
            Box::pin(tokio::signal::ctrl_c());
        // Nothing is noticed before the first poll.
        let first = poll_fn(|context| Poll::Ready(signal.as_mut().poll(context))).await;
        match first {
            Poll::Pending => Self(signal),
            Poll::Ready(answer) => Self(Box::pin(ready(answer))),
        }
    }

    /// Ends when the operator has pressed it, and is not waited for after that.
    pub(crate) async fn came(&mut self) {
        if self.0.as_mut().await.is_err() {
            pending().await
        }
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        static ONCE: Once = Once::new();
        WATCHING.fetch_sub(1, Ordering::SeqCst);
        if let Ok(runtime) = Handle::try_current() {
            ONCE.call_once(|| {
                runtime.spawn(end_the_process());
            });
        }
    }
}

async fn end_the_process() {
    while tokio::signal::ctrl_c().await.is_ok() {
        if WATCHING.load(Ordering::SeqCst) == 0 {
            std::process::exit(ENDED_BY_CTRL_C);
        }
    }
}
