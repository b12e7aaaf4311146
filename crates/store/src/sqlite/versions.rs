//! Numbered versions: snapshots of a draft that never change.

use super::{
    Store, guardrails,
    page::AfterVersion,
    tokens::{self, Operation, Outcome},
};
use crate::{
    VERSIONS_PER_GUARDRAIL,
    error::{Missing, StoreError},
    format,
    identity::{AccountId, GuardrailId, Timestamp, Version},
    record::{GuardrailRecord, Page, PageRequest, RequestToken, VersionCreated},
};
use sqlx::{FromRow, Sqlite, Transaction};
use std::num::NonZeroU32;

/// A row with a version and what it takes from its guardrail.
#[derive(FromRow)]
struct VersionRow {
    partition_name: String,
    region: String,
    number: i64,
    description: Option<String>,
    config: String,
    checksum: Vec<u8>,
    created_at: i64,
}

impl VersionRow {
    fn record(self, account: &AccountId, id: &GuardrailId) -> Result<GuardrailRecord, StoreError> {
        let mut config = format::decode(&self.config, &self.checksum)?;
        config.description = self.description;
        Ok(GuardrailRecord {
            account: account.clone(),
            id: id.clone(),
            partition: self.partition_name,
            region: self.region,
            version: Version::Number(stored_number(self.number)?),
            config,
            created_at: Timestamp(self.created_at),
            updated_at: Timestamp(self.created_at),
        })
    }
}

impl Store {
    /// Takes a snapshot of the draft under the next number: 1, 2, 3 … without gaps, never a number
    /// that was used before. With a token that came before, the first result.
    pub async fn create_version(
        &self,
        account: &AccountId,
        id: &GuardrailId,
        description: Option<&str>,
        token: Option<&RequestToken>,
        now: Timestamp,
    ) -> Result<VersionCreated, StoreError> {
        let mut write = self.write().await?;
        let operation = Operation::CreateGuardrailVersion;
        if let Some(first) = tokens::replayed(&mut write, account, operation, token).await? {
            if first.guardrail_id != id.as_str() {
                return Err(StoreError::TokenReused);
            }
            return Ok(VersionCreated {
                number: stored_number(first.version.unwrap_or_default())?,
                created_at: Timestamp(first.created_at),
            });
        }
        guardrails::require(&mut write, account, id).await?;
        check_quota(&mut write, account, id).await?;
        let number: i64 = sqlx::query_scalar(
            "UPDATE guardrails SET last_version = last_version + 1 \
             WHERE account = ? AND id = ? RETURNING last_version",
        )
        .bind(account.as_str())
        .bind(id.as_str())
        .fetch_one(&mut *write)
        .await?;
        sqlx::query(
            "INSERT INTO versions \
             (account, guardrail_id, number, description, config, checksum, created_at) \
             SELECT account, id, ?, ?, config, checksum, ? FROM guardrails \
             WHERE account = ? AND id = ?",
        )
        .bind(number)
        .bind(description)
        .bind(now.0)
        .bind(account.as_str())
        .bind(id.as_str())
        .execute(&mut *write)
        .await?;
        let outcome = Outcome {
            guardrail_id: id.to_string(),
            version: Some(number),
            created_at: now.0,
        };
        tokens::remember(&mut write, account, operation, token, &outcome, now).await?;
        write.commit().await?;
        Ok(VersionCreated {
            number: stored_number(number)?,
            created_at: now,
        })
    }

    /// One version.
    pub(super) async fn numbered_version(
        &self,
        account: &AccountId,
        id: &GuardrailId,
        number: NonZeroU32,
    ) -> Result<GuardrailRecord, StoreError> {
        let row: Option<VersionRow> = sqlx::query_as(
            "SELECT partition_name, region, number, description, versions.config, \
             versions.checksum, versions.created_at \
             FROM versions JOIN guardrails \
             ON guardrails.account = versions.account AND id = guardrail_id \
             WHERE versions.account = ? AND guardrail_id = ? AND number = ?",
        )
        .bind(account.as_str())
        .bind(id.as_str())
        .bind(number.get())
        .fetch_optional(&self.reader)
        .await?;
        if let Some(row) = row {
            return row.record(account, id);
        }
        let mut read = self.reader.begin().await?;
        guardrails::require(&mut read, account, id).await?;
        Err(StoreError::NotFound(Missing::Version))
    }

    /// The draft, then the versions of one guardrail, the newest first.
    pub async fn versions(
        &self,
        account: &AccountId,
        id: &GuardrailId,
        page: &PageRequest,
    ) -> Result<Page<GuardrailRecord>, StoreError> {
        let after = AfterVersion::decode(id, page.token.as_deref())?;
        // Also tells that the guardrail exists.
        let draft = self.guardrail(account, id, Version::Draft).await?;
        let mut items = Vec::new();
        if after.is_none() {
            items.push(draft);
        }
        let below = after.map_or(i64::MAX, i64::from);
        let room = i64::from(page.limit.get()) - items.len() as i64;
        let rows: Vec<VersionRow> = sqlx::query_as(
            "SELECT partition_name, region, number, description, versions.config, \
             versions.checksum, versions.created_at \
             FROM versions JOIN guardrails \
             ON guardrails.account = versions.account AND id = guardrail_id \
             WHERE versions.account = ? AND guardrail_id = ? AND number < ? \
             ORDER BY number DESC LIMIT ?",
        )
        .bind(account.as_str())
        .bind(id.as_str())
        .bind(below)
        // One more than wanted, to know whether another page follows.
        .bind(room + 1)
        .fetch_all(&self.reader)
        .await?;
        for row in rows {
            items.push(row.record(account, id)?);
        }
        let limit = page.limit.get() as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items
            .last()
            .filter(|_| more)
            .map(|last| match last.version {
                Version::Draft => AfterVersion::encode(id, u32::MAX),
                Version::Number(number) => AfterVersion::encode(id, number.get()),
            });
        Ok(Page { items, next })
    }

    /// Deletes one version, unless an enforced configuration uses it. Its number is not used again.
    pub async fn delete_version(
        &self,
        account: &AccountId,
        id: &GuardrailId,
        number: NonZeroU32,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        require_version(&mut write, account, id, number).await?;
        let used: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM enforced_configurations \
             WHERE account = ? AND guardrail_id = ? AND version = ?",
        )
        .bind(account.as_str())
        .bind(id.as_str())
        .bind(number.get())
        .fetch_one(&mut *write)
        .await?;
        if used > 0 {
            return Err(StoreError::InUse);
        }
        sqlx::query("DELETE FROM versions WHERE account = ? AND guardrail_id = ? AND number = ?")
            .bind(account.as_str())
            .bind(id.as_str())
            .bind(number.get())
            .execute(&mut *write)
            .await?;
        write.commit().await?;
        Ok(())
    }
}

/// Refuses a version that does not exist.
pub(super) async fn require_version(
    transaction: &mut Transaction<'_, Sqlite>,
    account: &AccountId,
    id: &GuardrailId,
    number: NonZeroU32,
) -> Result<(), StoreError> {
    guardrails::require(transaction, account, id).await?;
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM versions WHERE account = ? AND guardrail_id = ? AND number = ?",
    )
    .bind(account.as_str())
    .bind(id.as_str())
    .bind(number.get())
    .fetch_optional(&mut **transaction)
    .await?;
    match found {
        Some(_) => Ok(()),
        None => Err(StoreError::NotFound(Missing::Version)),
    }
}

/// Refuses one version more than a guardrail may have.
async fn check_quota(
    write: &mut Transaction<'_, Sqlite>,
    account: &AccountId,
    id: &GuardrailId,
) -> Result<(), StoreError> {
    let count: i64 =
        sqlx::query_scalar("SELECT count(*) FROM versions WHERE account = ? AND guardrail_id = ?")
            .bind(account.as_str())
            .bind(id.as_str())
            .fetch_one(&mut **write)
            .await?;
    if count < i64::from(VERSIONS_PER_GUARDRAIL) {
        return Ok(());
    }
    Err(StoreError::VersionQuota(VERSIONS_PER_GUARDRAIL))
}

/// A number that was stored.
pub(super) fn stored_number(number: i64) -> Result<NonZeroU32, StoreError> {
    u32::try_from(number)
        .ok()
        .and_then(NonZeroU32::new)
        .ok_or_else(|| StoreError::Corrupt(format!("{number} is no version number")))
}
