//! Where evaluations run: on as many threads as there are cores, with a bounded queue before them.
//!
//! An evaluation is pure computation, so more of them at once than cores only makes all of them
//! slower. Who does not get a core soon is refused fast, and may try again.

use crate::limits;
use std::{
    num::NonZeroUsize,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use tokio::sync::Semaphore;

/// The pool.
#[derive(Debug)]
pub struct EvaluationPool {
    cores: std::sync::Arc<Semaphore>,
    waiting: AtomicUsize,
    most_waiting: usize,
    longest_wait: Duration,
}

/// Why work was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    /// The queue is full, or no core came free in time.
    #[error("no core was free for the evaluation")]
    Overloaded,
    /// The work did not end within [`limits::EVALUATION_DEADLINE`]. It goes on and keeps its core.
    #[error("the evaluation did not end in time")]
    TooSlow,
    /// The work panicked.
    #[error("the evaluation panicked")]
    Panicked,
}

impl EvaluationPool {
    /// A pool as large as this machine.
    pub fn of_machine() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let waiting = cores * limits::EVALUATIONS_WAITING_PER_CORE;
        Self::new(cores, waiting, limits::EVALUATION_WAIT)
    }

    /// A pool of `cores`, before which `most_waiting` evaluations may wait for `longest_wait`.
    pub fn new(cores: usize, most_waiting: usize, longest_wait: Duration) -> Self {
        Self {
            cores: std::sync::Arc::new(Semaphore::new(cores)),
            waiting: AtomicUsize::new(0),
            most_waiting,
            longest_wait,
        }
    }

    /// Evaluations that wait for a core now.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Runs `work` on a thread of its own as soon as a core is free.
    ///
    /// Work that has begun is finished even if the caller goes away: it cannot be interrupted.
    pub async fn run<T, Work>(&self, work: Work) -> Result<T, PoolError>
    where
        T: Send + 'static,
        Work: FnOnce() -> T + Send + 'static,
    {
        let core = match std::sync::Arc::clone(&self.cores).try_acquire_owned() {
            Ok(core) => core,
            Err(_) => self.wait_for_core().await?,
        };
        let task = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(core);
            result
        });
        match tokio::time::timeout(limits::EVALUATION_DEADLINE, task).await {
            Ok(ended) => ended.map_err(|_| PoolError::Panicked),
            Err(_) => Err(PoolError::TooSlow),
        }
    }

    async fn wait_for_core(&self) -> Result<tokio::sync::OwnedSemaphorePermit, PoolError> {
        let _place = Place::take(self)?;
        let core = std::sync::Arc::clone(&self.cores).acquire_owned();
        match tokio::time::timeout(self.longest_wait, core).await {
            Ok(Ok(core)) => Ok(core),
            Ok(Err(_)) | Err(_) => Err(PoolError::Overloaded),
        }
    }
}

/// A place in the queue, given back when dropped; so also when the caller goes away.
struct Place<'pool>(&'pool AtomicUsize);

impl<'pool> Place<'pool> {
    fn take(pool: &'pool EvaluationPool) -> Result<Self, PoolError> {
        let before = pool.waiting.fetch_add(1, Ordering::Relaxed);
        let place = Self(&pool.waiting);
        if before < pool.most_waiting {
            Ok(place)
        } else {
            Err(PoolError::Overloaded)
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, mpsc};

    #[tokio::test]
    async fn a_full_queue_refuses_at_once_and_drains() {
        let pool = Arc::new(EvaluationPool::new(1, 1, Duration::from_secs(10)));
        let (release, gate) = mpsc::channel::<()>();
        let running = {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { pool.run(move || gate.recv().is_ok()).await })
        };
        while pool.cores.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let queued = {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { pool.run(|| 7).await })
        };
        while pool.waiting() == 0 {
            tokio::task::yield_now().await;
        }
        let started = tokio::time::Instant::now();
        assert_eq!(pool.run(|| ()).await, Err(PoolError::Overloaded));
        assert!(started.elapsed() < Duration::from_secs(1));
        release.send(()).unwrap();
        assert_eq!(running.await.unwrap(), Ok(true));
        assert_eq!(queued.await.unwrap(), Ok(7));
        assert_eq!(pool.waiting(), 0);
    }

    #[tokio::test]
    async fn nobody_waits_longer_than_said() {
        let pool = Arc::new(EvaluationPool::new(1, 8, Duration::from_millis(20)));
        let (release, gate) = mpsc::channel::<()>();
        let running = {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { pool.run(move || gate.recv().is_ok()).await })
        };
        while pool.cores.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(pool.run(|| ()).await, Err(PoolError::Overloaded));
        release.send(()).unwrap();
        assert_eq!(running.await.unwrap(), Ok(true));
    }

    #[tokio::test]
    async fn a_panic_gives_its_core_back() {
        let pool = EvaluationPool::new(1, 1, Duration::from_secs(1));
        let result = pool.run(|| assert!(std::env::args().count() == 0, "on purpose"));
        assert_eq!(result.await, Err(PoolError::Panicked));
        assert_eq!(pool.run(|| 1).await, Ok(1));
    }
}
