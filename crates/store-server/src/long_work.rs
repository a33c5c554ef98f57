//! Long work that goes on when whoever asked for it has gone, one piece at a time.
//!
//! A register gives up after half a minute, and its request with it: what was half done must not be begun from nothing
//! by the next. Nobody waits here for long, so that a request's place in [`crate::admission`] is soon free again.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};
use tokio::time::timeout;

use crate::database::DatabaseError;

/// Whose turn it is.
#[derive(Debug, Default)]
pub struct LongWork {
    turn: Arc<Mutex<()>>,
}

/// The right to work.
#[derive(Debug)]
pub struct Turn {
    _held: OwnedMutexGuard<()>,
}

impl LongWork {
    /// The turn, unless another has it for longer than that.
    pub async fn turn(&self, wait: Duration) -> Option<Turn> {
        let held = timeout(wait, Arc::clone(&self.turn).lock_owned()).await.ok()?;
        Some(Turn { _held: held })
    }
}

impl Turn {
    /// Begins work and waits for its end for so long; gives nothing where it goes on.
    ///
    /// # Errors
    /// [`DatabaseError`] of the work. Where nobody waits for it any more, the log has it.
    pub async fn work<T: Send + 'static>(
        self,
        what: String,
        wait: Duration,
        work: impl Future<Output = Result<T, DatabaseError>> + Send + 'static,
    ) -> Result<Option<T>, DatabaseError> {
        let (done, ended) = oneshot::channel();
        let name = what.clone();
        tokio::spawn(async move {
            let result = work.await;
            drop(self);
            if let Err(Err(error)) = done.send(result) {
                tracing::error!(%error, "{name} was not made");
            }
        });
        match timeout(wait, ended).await {
            Ok(Ok(result)) => result.map(Some),
            Ok(Err(_)) => Err(DatabaseError::Damaged(format!("{what} can't be made: that panicked"))),
            Err(_) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAIT: Duration = Duration::from_secs(5);

    #[tokio::test(start_paused = true)]
    async fn work_goes_on_when_its_request_is_dropped() {
        let works = LongWork::default();
        let (go_on, may_go_on) = oneshot::channel::<()>();
        let (tell, told) = oneshot::channel();
        let turn = works.turn(WAIT).await.unwrap();
        let request = tokio::spawn(turn.work("x".to_owned(), WAIT, async move {
            may_go_on.await.unwrap();
            tell.send("done").unwrap();
            Ok(())
        }));
        tokio::task::yield_now().await;
        request.abort();
        assert!(request.await.unwrap_err().is_cancelled());
        assert!(works.turn(Duration::ZERO).await.is_none(), "it is at work still");
        go_on.send(()).unwrap();
        assert_eq!(told.await.unwrap(), "done");
        assert!(works.turn(WAIT).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_longer_than_they_said() {
        let works = LongWork::default();
        let turn = works.turn(WAIT).await.unwrap();
        let began = tokio::time::Instant::now();
        let never = turn.work("x".to_owned(), WAIT, std::future::pending::<Result<(), _>>());
        assert!(never.await.unwrap().is_none());
        assert!(works.turn(WAIT).await.is_none());
        assert_eq!(began.elapsed(), 2 * WAIT);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_is_told_what_became_of_it() {
        let works = LongWork::default();
        let work =
            async |result| works.turn(WAIT).await.unwrap().work("x".to_owned(), WAIT, async { result }).await;
        assert_eq!(work(Ok(7)).await.unwrap(), Some(7));
        assert!(matches!(work(Err(DatabaseError::Busy)).await, Err(DatabaseError::Busy)));
        let panics =
            works.turn(WAIT).await.unwrap().work::<()>("x".to_owned(), WAIT, async { panic!("on purpose") });
        assert!(matches!(panics.await, Err(DatabaseError::Damaged(_))));
        assert!(works.turn(WAIT).await.is_some());
    }
}
