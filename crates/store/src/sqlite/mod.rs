//! The store over SQLite.
//!
//! One connection writes, so that writers queue here and not in SQLite's busy loop; a few read.
//! WAL with `synchronous=FULL`: a commit is on disk when it returns.

mod directory;
mod enforced;
mod guardrails;
mod page;
mod tags;
mod tokens;
mod versions;

use crate::error::{OpenError, StoreError};
use directory::DataDirectory;
use sqlx::{
    Sqlite, SqlitePool, Transaction,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, sync::Arc, time::Duration};

/// The schema, step by step.
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How long a statement waits for a lock. Only another process (a backup) can hold one.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Readers do not block each other nor the writer.
const READERS: u32 = 4;

/// The store. Cheap to clone; the data directory stays locked until the last clone is gone.
#[derive(Clone, Debug)]
pub struct Store {
    writer: SqlitePool,
    reader: SqlitePool,
    directory: Arc<DataDirectory>,
}

impl Store {
    /// Opens the store in `directory`, which is created (0700, files 0600) if it is not there and
    /// is held alone. Checks that the database is sound and brings its schema up to date.
    pub async fn open(directory: &Path) -> Result<Self, OpenError> {
        let directory = DataDirectory::hold(directory)?;
        let database = directory.database();
        let options = SqliteConnectOptions::new()
            .filename(&database)
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("trusted_schema", "OFF");
        let failed = |source: sqlx::Error| open_error(&database, source);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .map_err(failed)?;
        check(&writer, &database).await?;
        MIGRATIONS
            .run(&writer)
            .await
            .map_err(|source| match source {
                MigrateError::VersionMissing(schema) | MigrateError::VersionTooNew(schema, _) => {
                    OpenError::Newer {
                        database: database.clone(),
                        schema,
                    }
                }
                source => OpenError::Migration {
                    database: database.clone(),
                    source,
                },
            })?;
        let reader = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.read_only(true))
            .await
            .map_err(failed)?;
        directory.sync()?;
        Ok(Self {
            writer,
            reader,
            directory: Arc::new(directory),
        })
    }

    /// Where the data is.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1 FROM guardrails LIMIT 1")
            .execute(&self.reader)
            .await?;
        Ok(())
    }

    /// Closes the connections, once what runs has ended. The directory is free for another process
    /// when the last clone is dropped.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// Begins a write. Nothing else writes until it ends.
    async fn write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

/// Refuses a database that SQLite itself finds damaged.
async fn check(writer: &SqlitePool, database: &Path) -> Result<(), OpenError> {
    let findings: Vec<String> = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_all(writer)
        .await
        .map_err(|source| open_error(database, source))?;
    match findings.first() {
        Some(finding) if finding != "ok" => Err(OpenError::Corrupt {
            database: database.to_owned(),
            reason: finding.clone(),
        }),
        _ => Ok(()),
    }
}

/// Tells damage from the other failures of opening.
fn open_error(database: &Path, source: sqlx::Error) -> OpenError {
    /// `SQLITE_CORRUPT` and `SQLITE_NOTADB`, the low byte of SQLite's result codes.
    const DAMAGED: [i64; 2] = [11, 26];
    let code = source
        .as_database_error()
        .and_then(|error| error.code()?.parse::<i64>().ok());
    if code.is_some_and(|code| DAMAGED.contains(&(code & 0xff))) {
        return OpenError::Corrupt {
            database: database.to_owned(),
            reason: source.to_string(),
        };
    }
    OpenError::Database {
        database: database.to_owned(),
        source,
    }
}
