//! Work on several threads whose result does not depend on their number.

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering},
};

/// Called with how many items are done and how many there are.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// `work` on every item, on `jobs` threads; the results in the order of the items.
pub fn map<Item: Sync, Output: Send + Sync>(
    items: &[Item],
    jobs: usize,
    progress: Progress<'_>,
    work: impl Fn(&Item) -> Output + Sync,
) -> Vec<Output> {
    let slots: Vec<OnceLock<Output>> = items.iter().map(|_| OnceLock::new()).collect();
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let run = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return };
            // Each index is handed out once, so the slot is empty.
            let _ = slots[index].set(work(item));
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, items.len());
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..jobs.clamp(1, items.len().max(1)) {
            scope.spawn(run);
        }
        run();
    });
    slots.into_iter().filter_map(OnceLock::into_inner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_does_not_depend_on_the_number_of_threads() {
        let items: Vec<usize> = (0..500).collect();
        let told = AtomicUsize::new(0);
        let progress = |_: usize, _: usize| {
            told.fetch_add(1, Ordering::Relaxed);
        };
        let squares = |jobs| map(&items, jobs, &progress, |item| item * item);
        assert_eq!(squares(1), squares(7));
        assert_eq!(told.load(Ordering::Relaxed), 1_000);
        assert!(map(&[] as &[usize], 2, &progress, |item| *item).is_empty());
    }
}
