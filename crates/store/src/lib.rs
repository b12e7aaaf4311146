//! What outlives the process: guardrails, their versions and tags, request tokens and enforced
//! configurations. SQLite.
//!
//! A write and its request token commit together and are on disk before the call returns. Every
//! statement is bound to an account. The store reads no clock: the time is a parameter.

mod error;
mod format;
mod identity;
mod record;
mod sqlite;

pub use error::{Missing, OpenError, StoreError};
pub use identity::{AccountId, ConfigurationId, GuardrailId, IdentityError, Timestamp, Version};
pub use record::{
    Created, EnforcedConfiguration, EnforcedSettings, GuardrailRecord, ModelEnforcement,
    NewEnforcement, NewGuardrail, Page, PageRequest, RequestToken, Tag, VersionCreated,
};
pub use sqlite::Store;

/// The most guardrails of an account (service quota).
pub const GUARDRAILS_PER_ACCOUNT: u32 = 100;
/// The most versions of a guardrail (service quota).
pub const VERSIONS_PER_GUARDRAIL: u32 = 20;
/// The most tags of a guardrail (service quota).
pub const TAGS_PER_GUARDRAIL: usize = 50;
