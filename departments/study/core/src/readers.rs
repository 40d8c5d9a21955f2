//! Files that people bring are read away from the threads that serve and without a transaction open; a few at once, so that
//! neither cores nor memory are theirs alone.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use base::AppError;
use tokio::sync::Semaphore;

/// How many files are read at once, of all kinds together.
const AT_ONCE: usize = 2;
/// How long a file waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// The process's readers.
pub(crate) static READERS: LazyLock<Readers> = LazyLock::new(|| Readers::with(AT_ONCE, PATIENCE));

/// So many files at once; the rest waits its turn or is told to come again.
#[derive(Debug)]
pub struct Readers {
    places: Arc<Semaphore>,
    patience: Duration,
}

impl Readers {
    /// So many at once; the rest waits so long.
    #[must_use]
    pub fn with(places: usize, patience: Duration) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places)),
            patience,
        }
    }

    /// Runs `work` on a thread of its own; `None` when it gave up in the middle.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when no reader came free in time.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Option<T>, AppError> {
        let waiting = tokio::time::timeout(self.patience, Arc::clone(&self.places).acquire_owned());
        let Ok(Ok(place)) = waiting.await else {
            tracing::warn!("too many files to read at once");
            return Err(AppError::Unavailable);
        };
        let read = tokio::task::spawn_blocking(move || {
            // held until the work is done, even if the asker went away meanwhile
            let _place = place;
            work()
        });
        Ok(read.await.ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[tokio::test]
    async fn one_too_many_is_told_to_come_again_and_a_place_outlives_its_asker() {
        let readers = Arc::new(Readers::with(1, Duration::ZERO));
        let (begun, started) = tokio::sync::oneshot::channel();
        let (go_on, wait) = mpsc::channel::<()>();
        let first = tokio::spawn({
            let readers = Arc::clone(&readers);
            async move {
                readers
                    .read(move || {
                        begun.send(()).unwrap();
                        wait.recv().unwrap();
                    })
                    .await
            }
        });
        started.await.unwrap();
        // the asker goes away: the work is still at it
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        assert_eq!(readers.read(|| 1).await, Err(AppError::Unavailable));
        go_on.send(()).unwrap();
        // the place comes back with the end of the work
        let _place = readers.places.acquire().await.unwrap();
    }

    #[tokio::test]
    async fn a_reader_that_gives_up_leaves_its_place() {
        let readers = Readers::with(1, Duration::from_secs(60));
        assert_eq!(
            readers
                .read(|| -> u8 { std::panic::resume_unwind(Box::new("a broken file")) })
                .await,
            Ok(None)
        );
        assert_eq!(readers.read(|| 2).await, Ok(Some(2)));
    }
}
