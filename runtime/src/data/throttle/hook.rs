//! What the service itself says about its health.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use crate::data::code::contained;
use crate::data::throttle::reading::{Reading, Signal};

/// How long it may take.
const LIMIT: Duration = Duration::from_secs(5);

type Asked = Pin<Box<dyn Future<Output = Reading> + Send>>;

#[derive(Clone)]
pub(super) struct Hook(Arc<dyn Fn() -> Asked + Send + Sync>);

impl Hook {
    pub(super) fn new<A>(ask: impl Fn() -> A + Send + Sync + 'static) -> Self
    where
        A: Future<Output: Into<Reading>> + Send + 'static,
    {
        Self(Arc::new(move || {
            let asked = ask();
            Box::pin(async move { asked.await.into() })
        }))
    }

    /// Whatever it does, there is an answer.
    pub(super) async fn ask(&self) -> Reading {
        self.within(LIMIT).await
    }

    async fn within(&self, limit: Duration) -> Reading {
        let asked = contained(async { (self.0)().await });
        let stop = |why| Reading::of_hook(Signal::Stop, why);
        match timeout(limit, asked).await {
            Err(_) => stop(format!(
                "the service's hook did not answer within {} s",
                limit.as_secs()
            )),
            Ok(Err(panic)) => stop(format!("the service's hook panicked: {panic}")),
            Ok(Ok(reading)) => reading,
        }
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn gone() -> Signal {
        panic!("the gauge is gone")
    }

    #[tokio::test]
    async fn a_hook_that_hangs_or_panics_says_stop() {
        let hangs = Hook::new(std::future::pending::<Signal>);
        let said = hangs.within(Duration::ZERO).await;
        assert_eq!(said.signal, Signal::Stop);
        assert_eq!(said.detail, "the service's hook did not answer within 0 s");
        let panics = Hook::new(gone);
        let said = panics.ask().await;
        assert_eq!(said.signal, Signal::Stop);
        assert_eq!(
            said.detail,
            "the service's hook panicked: the gauge is gone"
        );
        let at_once = Hook::new(|| -> std::future::Ready<Signal> { panic!("no future either") });
        assert_eq!(at_once.ask().await.signal, Signal::Stop);
    }

    #[tokio::test]
    async fn a_hook_answers_with_a_signal_or_a_reading() {
        let said = Hook::new(|| async { Signal::Slow }).ask().await;
        assert_eq!(said.to_string(), "hook: the service's hook answered slow");
        let said = Hook::new(|| async { Reading::of_hook(Signal::Normal, "quiet") });
        assert_eq!(said.ask().await.to_string(), "hook: quiet");
    }
}
