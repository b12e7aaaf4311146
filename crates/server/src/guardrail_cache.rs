//! Compiled guardrails, by account, id and version. Never a stale one.
//!
//! A place in the map is made before the store is read and is thrown away by every write to its
//! guardrail after that write has committed. So whoever reads the store before the write holds a
//! place that is no longer in the map, and whoever comes after the write makes a new one. Calls
//! that miss together share one compilation.

use pretil_guardrail::Guardrail;
use pretil_store::{AccountId, GuardrailId, Version};
use pretil_wire::bedrock::GuardrailArn;
use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::OnceCell;

/// Which compiled guardrail.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GuardrailKey {
    /// Its owner.
    pub account: AccountId,
    /// Its id.
    pub id: GuardrailId,
    /// The draft or a numbered version.
    pub version: Version,
}

/// A guardrail as a call needs it.
#[derive(Debug)]
pub struct Compiled {
    /// Ready to judge.
    pub guardrail: Arc<Guardrail>,
    /// The guardrail's ARN, which the response names.
    pub arn: GuardrailArn,
}

type Place = Arc<OnceCell<Arc<Compiled>>>;

/// The cache.
#[derive(Debug)]
pub struct GuardrailCache {
    places: Mutex<Places>,
    capacity: usize,
}

#[derive(Debug, Default)]
struct Places {
    by_key: HashMap<GuardrailKey, (Place, u64)>,
    /// Counts uses, so that the place with the least number is the least recently used one.
    uses: u64,
}

impl GuardrailCache {
    /// A cache of at most `capacity` guardrails.
    pub fn new(capacity: usize) -> Self {
        Self {
            places: Mutex::default(),
            capacity,
        }
    }

    /// The guardrail under `key`, from `load` if it is not there. A failure is not remembered.
    pub async fn get<Error, Loading>(
        &self,
        key: GuardrailKey,
        load: impl FnOnce() -> Loading,
    ) -> Result<Arc<Compiled>, Error>
    where
        Loading: Future<Output = Result<Arc<Compiled>, Error>>,
    {
        let place = self.place(&key);
        if let Some(compiled) = place.get() {
            return Ok(Arc::clone(compiled));
        }
        // Takes the place away again if loading fails or the caller goes away meanwhile, so that
        // calls for guardrails that do not exist leave nothing behind.
        let unfilled = Unfilled {
            cache: self,
            key: &key,
            place: &place,
        };
        let compiled = place.get_or_try_init(load).await.map(Arc::clone);
        drop(unfilled);
        compiled
    }

    /// Forgets every version of the guardrail `id`. To be called after a write to it has committed
    /// and before the write is acknowledged.
    pub fn forget(&self, account: &AccountId, id: &GuardrailId) {
        self.locked()
            .by_key
            .retain(|key, _| key.id != *id || key.account != *account);
    }

    /// How many guardrails are in memory.
    pub fn len(&self) -> usize {
        self.locked().by_key.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn place(&self, key: &GuardrailKey) -> Place {
        let mut places = self.locked();
        places.uses += 1;
        let now = places.uses;
        if let Some((place, used)) = places.by_key.get_mut(key) {
            *used = now;
            return Arc::clone(place);
        }
        if places.by_key.len() >= self.capacity {
            let oldest = places.by_key.iter().min_by_key(|(_, (_, used))| *used);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                places.by_key.remove(&oldest);
            }
        }
        let place = Place::default();
        places.by_key.insert(key.clone(), (Arc::clone(&place), now));
        place
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Places> {
        // Nothing in here can be left half done by a panic.
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Unfilled<'a> {
    cache: &'a GuardrailCache,
    key: &'a GuardrailKey,
    place: &'a Place,
}

impl Drop for Unfilled<'_> {
    fn drop(&mut self) {
        if self.place.initialized() {
            return;
        }
        let mut places = self.cache.locked();
        let mine = |(place, _): &(Place, u64)| Arc::ptr_eq(place, self.place);
        if places.by_key.get(self.key).is_some_and(mine) {
            places.by_key.remove(self.key);
        }
    }
}
