//! An embedder that remembers: the passages of a source come back with every call that compares an answer
//! with it, and embedding them is most of the work.
//!
//! Vectors are kept by a hash of the text, never the text. At most [`MOST_VECTORS`] are kept, those asked for
//! last. A vector that is remembered is the one that was made, bit for bit, so nothing depends on what is.

use pretil_guardrail::{
    detect::{DetectError, EmbeddedWindow, Embedder},
    policy::topic::TopicSpace,
};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Most vectors that are remembered, some 13 MB of them: ten sources of 100,000 characters.
pub const MOST_VECTORS: usize = 8_192;

/// What a text is found by.
type Key = [u8; 32];

/// An embedder and the vectors that it made last.
pub struct Remembered<Inner> {
    inner: Inner,
    memory: Mutex<Memory>,
}

/// Two generations: what is asked for moves to the young one, and when that is full the old one is
/// forgotten.
struct Memory {
    young: HashMap<Key, Vec<f32>>,
    old: HashMap<Key, Vec<f32>>,
    /// Most vectors of one generation.
    generation: usize,
}

impl Memory {
    fn get(&mut self, key: &Key) -> Option<Vec<f32>> {
        if let Some(vector) = self.young.get(key) {
            return Some(vector.clone());
        }
        let vector = self.old.remove(key)?;
        self.put(*key, vector.clone());
        Some(vector)
    }

    fn put(&mut self, key: Key, vector: Vec<f32>) {
        if self.young.len() >= self.generation {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, vector);
    }
}

impl<Inner: Embedder> Remembered<Inner> {
    /// Remembers what `inner` makes.
    pub fn new(inner: Inner) -> Self {
        Self::with_most(inner, MOST_VECTORS)
    }

    fn with_most(inner: Inner, most: usize) -> Self {
        let memory = Memory {
            young: HashMap::new(),
            old: HashMap::new(),
            generation: most / 2,
        };
        Self {
            inner,
            memory: Mutex::new(memory),
        }
    }

    /// A thread that panicked while it held the memory left nothing half done in it.
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<Inner: Embedder> Embedder for Remembered<Inner> {
    fn identity(&self) -> &str {
        self.inner.identity()
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, DetectError> {
        let key: Key = Sha256::digest(text).into();
        if let Some(vector) = self.memory().get(&key) {
            return Ok(vector);
        }
        let vector = self.inner.embed(text)?;
        self.memory().put(key, vector.clone());
        Ok(vector)
    }

    fn embed_windows(&self, text: &str, tokens: usize) -> Result<Vec<EmbeddedWindow>, DetectError> {
        self.inner.embed_windows(text, tokens)
    }

    fn topic_space(&self) -> Option<&TopicSpace> {
        self.inner.topic_space()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Counts how often it is asked.
    #[derive(Default)]
    struct Counts(AtomicUsize);

    impl Embedder for Counts {
        fn identity(&self) -> &'static str {
            "counts"
        }

        fn embed(&self, text: &str) -> Result<Vec<f32>, DetectError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            if text.is_empty() {
                return Err(DetectError::Overloaded);
            }
            Ok(vec![text.len() as f32])
        }

        fn embed_windows(&self, _: &str, _: usize) -> Result<Vec<EmbeddedWindow>, DetectError> {
            Ok(Vec::new())
        }
    }

    fn asked(embedder: &Remembered<Counts>) -> usize {
        embedder.inner.0.load(Ordering::Relaxed)
    }

    #[test]
    fn a_text_is_embedded_once() {
        let embedder = Remembered::new(Counts::default());
        for _ in 0..3 {
            assert_eq!(embedder.embed("one"), Ok(vec![3.0]));
            assert_eq!(embedder.embed("seven"), Ok(vec![5.0]));
        }
        assert_eq!(asked(&embedder), 2);
    }

    #[test]
    fn a_failure_is_not_remembered() {
        let embedder = Remembered::new(Counts::default());
        for _ in 0..2 {
            assert_eq!(embedder.embed(""), Err(DetectError::Overloaded));
        }
        assert_eq!(asked(&embedder), 2);
    }

    #[test]
    fn what_was_asked_for_last_is_kept_and_no_more() {
        let embedder = Remembered::with_most(Counts::default(), 8);
        for number in 0..100 {
            assert!(embedder.embed("often").is_ok());
            assert!(embedder.embed(&number.to_string()).is_ok());
        }
        assert_eq!(asked(&embedder), 101);
        let memory = embedder.memory();
        assert!(memory.young.len() + memory.old.len() <= 8);
    }
}
