//! Power loss: only what was synced survives, and nothing acknowledged is lost.
//!
//! `kill -9` cannot tell a synced write from one that lies in the page cache, so a preloaded library
//! keeps a copy of each file as of its last sync. A writer is killed at random moments, and the copy
//! is opened as if it were the disk. The same with `synchronous=NORMAL` must lose writes: that shows
//! that the simulation sees what it is meant to see.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and the writer reports by printing"
)]

use pretil_store::{AccountId, GuardrailId, NewGuardrail, RequestToken, Store, Timestamp, Version};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

/// Rounds of the test: `PRETIL_POWER_LOSS_ROUNDS`, else a few.
fn rounds() -> u64 {
    let set = std::env::var("PRETIL_POWER_LOSS_ROUNDS").ok();
    set.and_then(|rounds| rounds.parse().ok()).unwrap_or(10)
}

/// The account of the `index`th guardrail: 50 in each, below the quota.
fn account(index: u64) -> AccountId {
    AccountId::new(format!("{:012}", index / 50)).unwrap()
}

fn guardrail(index: u64) -> NewGuardrail {
    let config = format!(
        r#"{{"name":"g{index}","blocked_input_messaging":"i","blocked_outputs_messaging":"o"}}"#
    );
    NewGuardrail {
        partition: "aws".to_owned(),
        region: "us-east-1".to_owned(),
        config: serde_json::from_str(&config).unwrap(),
        tags: Vec::new(),
    }
}

fn token(index: u64) -> RequestToken {
    RequestToken {
        token: format!("t{index}"),
        fingerprint: [7; 32],
    }
}

/// Reports a write that has returned.
fn acknowledge(index: u64, id: &str) {
    println!("acknowledged {index} {id}");
    std::io::stdout().flush().unwrap();
}

/// Not a test of its own: the writer that the tests start and kill.
#[tokio::test]
#[ignore = "started by the other tests"]
async fn writer() {
    let Ok(directory) = std::env::var("KEEP_FROM").map(PathBuf::from) else {
        return;
    };
    if std::env::var("WRITER_SYNCHRONOUS").as_deref() == Ok("NORMAL") {
        return write_unsynced(&directory).await;
    }
    let store = Store::open(&directory).await.unwrap();
    for index in 0.. {
        let created = store
            .create_guardrail(
                &account(index),
                &guardrail(index),
                Some(&token(index)),
                Timestamp(1),
            )
            .await
            .unwrap();
        acknowledge(index, created.id.as_str());
    }
}

/// What the store would be without `synchronous=FULL`.
async fn write_unsynced(directory: &Path) {
    let pool = unsynced(directory).await;
    sqlx::query("CREATE TABLE written (number INTEGER)")
        .execute(&pool)
        .await
        .unwrap();
    fs::File::open(directory).unwrap().sync_all().unwrap();
    for index in 0_u32.. {
        sqlx::query("INSERT INTO written VALUES (?)")
            .bind(index)
            .execute(&pool)
            .await
            .unwrap();
        acknowledge(index.into(), "-");
    }
}

async fn unsynced(directory: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(directory.join("pretil.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal);
    SqlitePool::connect_with(options).await.unwrap()
}

/// The library that keeps what was synced, built in `directory`.
fn build_library(directory: &Path) -> PathBuf {
    let library = directory.join("keep_synced.so");
    let source = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/power_loss/keep_synced.c"
    );
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(&library)
        .args([source, "-ldl"])
        .status()
        .unwrap();
    assert!(built.success());
    library
}

/// What a round leaves: the acknowledged writes, and the disk.
struct Wreck {
    acknowledged: Vec<(u64, String)>,
    disk: PathBuf,
    /// Removes the directories in the end.
    _keep: tempfile::TempDir,
}

/// Lets a writer run for `time` after its first write, and cuts the power.
fn wreck(library: &Path, synchronous: &str, time: Duration) -> Wreck {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().canonicalize().unwrap();
    let (data, disk) = (root.join("data"), root.join("disk"));
    fs::create_dir(&data).unwrap();
    fs::create_dir(&disk).unwrap();
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args(["writer", "--exact", "--ignored", "--nocapture"])
        .env("LD_PRELOAD", library)
        .env("KEEP_FROM", &data)
        .env("KEEP_TO", &disk)
        .env("WRITER_SYNCHRONOUS", synchronous)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    let mut take = |line: std::io::Result<String>| {
        let line = line.unwrap_or_default();
        // A line that was cut by the kill was not acknowledged.
        let (_, report) = line.split_once("acknowledged ")?;
        let (index, id) = report.split_once(' ')?;
        acknowledged.push((index.parse().ok()?, id.to_owned()));
        Some(())
    };
    while lines.by_ref().next().and_then(&mut take).is_none() {}
    thread::sleep(time);
    writer.kill().unwrap();
    writer.wait().unwrap();
    for line in lines {
        take(line);
    }
    // The last line may be a part of one.
    acknowledged.pop();
    Wreck {
        acknowledged,
        disk,
        _keep: directory,
    }
}

#[tokio::test]
async fn nothing_acknowledged_is_lost() {
    let tools = tempfile::tempdir().unwrap();
    let library = build_library(tools.path());
    let mut acknowledged = 0;
    for round in 0..rounds() {
        let wreck = wreck(
            &library,
            "FULL",
            Duration::from_millis(10 + round * 37 % 150),
        );
        let store = Store::open(&wreck.disk).await.unwrap();
        for (index, id) in &wreck.acknowledged {
            let id = GuardrailId::new(id.as_str()).unwrap();
            let record = store
                .guardrail(&account(*index), &id, Version::Draft)
                .await
                .unwrap();
            assert_eq!(record.config, guardrail(*index).config);
            // The token is there too: the client's retry makes no second guardrail.
            let again = store
                .create_guardrail(
                    &account(*index),
                    &guardrail(*index),
                    Some(&token(*index)),
                    Timestamp(2),
                )
                .await
                .unwrap();
            assert_eq!(again.id, id);
        }
        acknowledged += wreck.acknowledged.len();
    }
    println!(
        "{acknowledged} acknowledged, 0 lost, {} power losses",
        rounds()
    );
    assert!(acknowledged > 0);
}

#[tokio::test]
async fn the_simulation_sees_what_is_not_synced() {
    let tools = tempfile::tempdir().unwrap();
    let library = build_library(tools.path());
    let mut lost = 0;
    for round in 0..3 {
        let wreck = wreck(&library, "NORMAL", Duration::from_millis(20 + round * 10));
        let kept: i64 = if wreck.disk.join("pretil.db").exists() {
            let pool = unsynced(&wreck.disk).await;
            sqlx::query_scalar("SELECT count(*) FROM written")
                .fetch_one(&pool)
                .await
                .unwrap_or(0)
        } else {
            0
        };
        lost += wreck.acknowledged.len() as i64 - kept.min(wreck.acknowledged.len() as i64);
    }
    assert!(lost > 0);
}
