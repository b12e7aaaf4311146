//! What can go wrong.

use std::{fmt, io, path::PathBuf};

/// What does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No such guardrail in the account.
    Guardrail,
    /// The guardrail has no such version.
    Version,
    /// No such enforced configuration in the account.
    Configuration,
}

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Guardrail => "guardrail",
            Self::Version => "guardrail version",
            Self::Configuration => "enforced guardrail configuration",
        })
    }
}

/// Why an operation was refused or failed. No case carries what was stored.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It does not exist in this account.
    #[error("no such {0}")]
    NotFound(Missing),
    /// Another guardrail of the account has this name.
    #[error("the name is taken by another guardrail")]
    NameTaken,
    /// The request token came before with another request.
    #[error("the request token was used for another request")]
    TokenReused,
    /// The account has all the guardrails it may have.
    #[error("the account already has {0} guardrails")]
    GuardrailQuota(u32),
    /// The guardrail has all the versions it may have.
    #[error("the guardrail already has {0} versions")]
    VersionQuota(u32),
    /// The guardrail would have too many tags.
    #[error("a guardrail can have at most {0} tags")]
    TooManyTags(usize),
    /// An enforced configuration uses it.
    #[error("the guardrail is used by an enforced configuration")]
    InUse,
    /// The account has an enforced configuration already.
    #[error("the account already has an enforced configuration")]
    AlreadyEnforced,
    /// The token of the page is not one that was given out.
    #[error("the page token is not valid")]
    InvalidPageToken,
    /// A stored row is not what was written, or is in a format that this release does not know.
    #[error("a stored row can not be read: {0}")]
    Corrupt(String),
    /// The operating system gave no random numbers.
    #[error("no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
}

/// Why a data directory can not be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process uses it.
    #[error("the data directory {0} is in use by another process")]
    InUse(PathBuf),
    /// It can not be created, or its files can not be opened.
    #[error("the data directory {directory} can not be used: {source}")]
    Directory {
        /// Which.
        directory: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database file is damaged, or is not a database.
    #[error("the database {database} is damaged: {reason}; restore it from a backup")]
    Corrupt {
        /// Which.
        database: PathBuf,
        /// What was found.
        reason: String,
    },
    /// The database was written by a newer release.
    #[error("the database {database} was written by a newer release of pretil (schema {schema})")]
    Newer {
        /// Which.
        database: PathBuf,
        /// The number of the newest migration in it.
        schema: i64,
    },
    /// The schema can not be brought up to date.
    #[error("the database {database} can not be brought up to date: {source}")]
    Migration {
        /// Which.
        database: PathBuf,
        /// Why.
        source: sqlx::migrate::MigrateError,
    },
    /// The database can not be opened.
    #[error("the database {database} can not be opened: {source}")]
    Database {
        /// Which.
        database: PathBuf,
        /// Why.
        source: sqlx::Error,
    },
}
