//! The data directory of the SQLite store: who may use it, and what is refused.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may panic, and a table is as long as it is"
)]

use pretil_guardrail::Config;
use pretil_store::{
    AccountId, GuardrailId, NewGuardrail, OpenError, Store, StoreError, Timestamp, Version,
};
use std::{fs, os::unix::fs::PermissionsExt, path::Path};

fn account() -> AccountId {
    AccountId::new("123456789012").unwrap()
}

/// A guardrail whose stored form fills several pages.
async fn create(store: &Store, name: &str) -> GuardrailId {
    let text = format!(
        r#"{{"name":"{name}","blocked_input_messaging":"i","blocked_outputs_messaging":"{}"}}"#,
        "o".repeat(500)
    );
    let config: Config = serde_json::from_str(&text).unwrap();
    let guardrail = NewGuardrail {
        partition: "aws".to_owned(),
        region: "us-east-1".to_owned(),
        config,
        tags: Vec::new(),
    };
    store
        .create_guardrail(&account(), &guardrail, None, Timestamp(1))
        .await
        .unwrap()
        .id
}

/// The permission bits.
fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn only_the_owner_can_read_it() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("deep/data");
    let store = Store::open(&path).await.unwrap();
    create(&store, "g").await;
    assert_eq!(mode(&path), 0o700);
    let files: Vec<_> = fs::read_dir(&path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn what_was_written_is_there_again() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path()).await.unwrap();
    let id = create(&store, "g").await;
    let before = store
        .guardrail(&account(), &id, Version::Draft)
        .await
        .unwrap();
    store.close().await;
    drop(store);
    let store = Store::open(directory.path()).await.unwrap();
    let after = store
        .guardrail(&account(), &id, Version::Draft)
        .await
        .unwrap();
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_second_holder_is_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path()).await.unwrap();
    let refused = Store::open(directory.path()).await.unwrap_err();
    assert!(matches!(refused, OpenError::InUse(_)), "{refused:?}");
    let message = refused.to_string();
    assert!(
        message.contains(directory.path().to_str().unwrap()),
        "{message}"
    );
    store.close().await;
    drop(store);
    Store::open(directory.path()).await.unwrap();
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(
        directory.path().join("pretil.db"),
        "not a database".repeat(100),
    )
    .unwrap();
    let refused = Store::open(directory.path()).await.unwrap_err();
    assert!(matches!(refused, OpenError::Corrupt { .. }), "{refused:?}");
    assert!(refused.to_string().contains("pretil.db"));
}

#[tokio::test]
async fn what_can_be_no_directory_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let refused = Store::open(&file).await.unwrap_err();
    assert!(
        matches!(refused, OpenError::Directory { .. }),
        "{refused:?}"
    );
}

#[tokio::test]
async fn the_database_of_a_newer_release_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    Store::open(directory.path()).await.unwrap().close().await;
    let url = format!("sqlite://{}", directory.path().join("pretil.db").display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', 1, x'00', 0)",
    )
    .execute(&pool)
    .await
    .unwrap();
    pool.close().await;
    let refused = Store::open(directory.path()).await.unwrap_err();
    assert!(
        matches!(refused, OpenError::Newer { schema: 9999, .. }),
        "{refused:?}"
    );
}

/// Overwrites every page in turn, each with zeros and with one bit flipped in its middle: the store
/// refuses to open, or refuses the row, or gives exactly what was written.
#[tokio::test]
async fn a_damaged_page_never_gives_another_policy() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path()).await.unwrap();
    let mut written = Vec::new();
    for index in 0..12 {
        let id = create(&store, &format!("g{index}")).await;
        let record = store
            .guardrail(&account(), &id, Version::Draft)
            .await
            .unwrap();
        written.push(record);
    }
    store.close().await;
    drop(store);
    let sound = fs::read(directory.path().join("pretil.db")).unwrap();
    let page_size = usize::from(u16::from_be_bytes([sound[16], sound[17]]));
    let mut refused = 0;
    for start in (0..sound.len()).step_by(page_size) {
        for damage in [true, false] {
            let mut bytes = sound.clone();
            if damage {
                bytes[start..start + page_size].fill(0);
            } else {
                bytes[start + page_size / 2] ^= 0x10;
            }
            let copy = tempfile::tempdir().unwrap();
            fs::write(copy.path().join("pretil.db"), bytes).unwrap();
            let Ok(store) = Store::open(copy.path()).await else {
                refused += 1;
                continue;
            };
            for record in &written {
                match store
                    .guardrail(&account(), &record.id, Version::Draft)
                    .await
                {
                    Ok(found) => assert_eq!(found.config, record.config, "page at {start}"),
                    Err(
                        StoreError::NotFound(_) | StoreError::Corrupt(_) | StoreError::Database(_),
                    ) => {
                        refused += 1;
                    }
                    Err(error) => panic!("{error}"),
                }
            }
        }
    }
    assert!(refused > 0);
}
