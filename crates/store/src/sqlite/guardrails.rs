//! Guardrails and their drafts.

use super::{
    Store,
    page::AfterGuardrail,
    tags,
    tokens::{self, Operation, Outcome},
};
use crate::{
    GUARDRAILS_PER_ACCOUNT,
    error::{Missing, StoreError},
    format,
    identity::{AccountId, GuardrailId, Timestamp, Version},
    record::{Created, GuardrailRecord, NewGuardrail, Page, PageRequest, RequestToken},
};
use pretil_guardrail::Config;
use sqlx::{FromRow, Sqlite, Transaction};

/// A row with a draft.
#[derive(FromRow)]
struct DraftRow {
    id: String,
    partition_name: String,
    region: String,
    config: String,
    checksum: Vec<u8>,
    created_at: i64,
    updated_at: i64,
}

impl DraftRow {
    fn record(self, account: &AccountId) -> Result<GuardrailRecord, StoreError> {
        Ok(GuardrailRecord {
            account: account.clone(),
            id: stored_id(self.id)?,
            partition: self.partition_name,
            region: self.region,
            version: Version::Draft,
            config: format::decode(&self.config, &self.checksum)?,
            created_at: Timestamp(self.created_at),
            updated_at: Timestamp(self.updated_at),
        })
    }
}

impl Store {
    /// Creates a guardrail with its tags. With a token that came before, the first result.
    pub async fn create_guardrail(
        &self,
        account: &AccountId,
        guardrail: &NewGuardrail,
        token: Option<&RequestToken>,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        let encoded = format::encode(&guardrail.config)?;
        let mut write = self.write().await?;
        let operation = Operation::CreateGuardrail;
        if let Some(first) = tokens::replayed(&mut write, account, operation, token).await? {
            return Ok(Created {
                id: stored_id(first.guardrail_id)?,
                created_at: Timestamp(first.created_at),
            });
        }
        check_quota(&mut write, account).await?;
        check_name(&mut write, account, &guardrail.config.name, None).await?;
        let id = GuardrailId::random()?;
        sqlx::query(
            "INSERT INTO guardrails (account, id, partition_name, region, name, config, checksum, \
             created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(account.as_str())
        .bind(id.as_str())
        .bind(&guardrail.partition)
        .bind(&guardrail.region)
        .bind(&guardrail.config.name)
        .bind(&encoded.text)
        .bind(&encoded.checksum)
        .bind(now.0)
        .bind(now.0)
        .execute(&mut *write)
        .await?;
        tags::put(&mut write, account, &id, &guardrail.tags).await?;
        let outcome = Outcome {
            guardrail_id: id.to_string(),
            version: None,
            created_at: now.0,
        };
        tokens::remember(&mut write, account, operation, token, &outcome, now).await?;
        write.commit().await?;
        Ok(Created {
            id,
            created_at: now,
        })
    }

    /// A guardrail's draft or one of its versions.
    pub async fn guardrail(
        &self,
        account: &AccountId,
        id: &GuardrailId,
        version: Version,
    ) -> Result<GuardrailRecord, StoreError> {
        match version {
            Version::Draft => self.draft(account, id).await,
            Version::Number(number) => self.numbered_version(account, id, number).await,
        }
    }

    /// The draft.
    async fn draft(
        &self,
        account: &AccountId,
        id: &GuardrailId,
    ) -> Result<GuardrailRecord, StoreError> {
        let row: Option<DraftRow> = sqlx::query_as(
            "SELECT id, partition_name, region, config, checksum, created_at, updated_at \
             FROM guardrails WHERE account = ? AND id = ?",
        )
        .bind(account.as_str())
        .bind(id.as_str())
        .fetch_optional(&self.reader)
        .await?;
        row.ok_or(StoreError::NotFound(Missing::Guardrail))?
            .record(account)
    }

    /// The id of the guardrail whose name is `name`: names are unique in an account.
    pub async fn guardrail_named(
        &self,
        account: &AccountId,
        name: &str,
    ) -> Result<GuardrailId, StoreError> {
        let id: Option<(String,)> =
            sqlx::query_as("SELECT id FROM guardrails WHERE account = ? AND name = ?")
                .bind(account.as_str())
                .bind(name)
                .fetch_optional(&self.reader)
                .await?;
        let (id,) = id.ok_or(StoreError::NotFound(Missing::Guardrail))?;
        stored_id(id)
    }

    /// The drafts of all guardrails, newest first.
    pub async fn guardrails(
        &self,
        account: &AccountId,
        page: &PageRequest,
    ) -> Result<Page<GuardrailRecord>, StoreError> {
        let after = AfterGuardrail::decode(page.token.as_deref())?;
        let limit = page.limit.get() as usize;
        let mut rows: Vec<DraftRow> = sqlx::query_as(
            "SELECT id, partition_name, region, config, checksum, created_at, updated_at \
             FROM guardrails WHERE account = ? AND (created_at, id) < (?, ?) \
             ORDER BY created_at DESC, id DESC LIMIT ?",
        )
        .bind(account.as_str())
        .bind(after.created_at)
        .bind(after.id)
        // One more than wanted, to know whether another page follows.
        .bind(i64::from(page.limit.get()) + 1)
        .fetch_all(&self.reader)
        .await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows
            .last()
            .filter(|_| more)
            .map(|last| AfterGuardrail::encode(last.created_at, &last.id));
        let items = rows.into_iter().map(|row| row.record(account));
        Ok(Page {
            items: items.collect::<Result<_, _>>()?,
            next,
        })
    }

    /// Replaces the draft. Versions stay as they are.
    pub async fn update_guardrail(
        &self,
        account: &AccountId,
        id: &GuardrailId,
        config: &Config,
        now: Timestamp,
    ) -> Result<GuardrailRecord, StoreError> {
        let encoded = format::encode(config)?;
        let mut write = self.write().await?;
        require(&mut write, account, id).await?;
        check_name(&mut write, account, &config.name, Some(id)).await?;
        let row: DraftRow = sqlx::query_as(
            "UPDATE guardrails SET name = ?, config = ?, checksum = ?, updated_at = ? \
             WHERE account = ? AND id = ? \
             RETURNING id, partition_name, region, config, checksum, created_at, updated_at",
        )
        .bind(&config.name)
        .bind(&encoded.text)
        .bind(&encoded.checksum)
        .bind(now.0)
        .bind(account.as_str())
        .bind(id.as_str())
        .fetch_one(&mut *write)
        .await?;
        write.commit().await?;
        row.record(account)
    }

    /// Deletes a guardrail with its versions and tags, unless an enforced configuration uses it.
    pub async fn delete_guardrail(
        &self,
        account: &AccountId,
        id: &GuardrailId,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        require(&mut write, account, id).await?;
        let used: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM enforced_configurations WHERE account = ? AND guardrail_id = ?",
        )
        .bind(account.as_str())
        .bind(id.as_str())
        .fetch_one(&mut *write)
        .await?;
        if used > 0 {
            return Err(StoreError::InUse);
        }
        sqlx::query("DELETE FROM guardrails WHERE account = ? AND id = ?")
            .bind(account.as_str())
            .bind(id.as_str())
            .execute(&mut *write)
            .await?;
        write.commit().await?;
        Ok(())
    }
}

/// Refuses an id that is not in the account.
pub(super) async fn require(
    transaction: &mut Transaction<'_, Sqlite>,
    account: &AccountId,
    id: &GuardrailId,
) -> Result<(), StoreError> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM guardrails WHERE account = ? AND id = ?")
            .bind(account.as_str())
            .bind(id.as_str())
            .fetch_optional(&mut **transaction)
            .await?;
    match found {
        Some(_) => Ok(()),
        None => Err(StoreError::NotFound(Missing::Guardrail)),
    }
}

/// Refuses one guardrail more than an account may have.
async fn check_quota(
    write: &mut Transaction<'_, Sqlite>,
    account: &AccountId,
) -> Result<(), StoreError> {
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM guardrails WHERE account = ?")
        .bind(account.as_str())
        .fetch_one(&mut **write)
        .await?;
    if count < i64::from(GUARDRAILS_PER_ACCOUNT) {
        return Ok(());
    }
    Err(StoreError::GuardrailQuota(GUARDRAILS_PER_ACCOUNT))
}

/// Refuses a name that another guardrail of the account has.
async fn check_name(
    write: &mut Transaction<'_, Sqlite>,
    account: &AccountId,
    name: &str,
    own: Option<&GuardrailId>,
) -> Result<(), StoreError> {
    let owner: Option<String> =
        sqlx::query_scalar("SELECT id FROM guardrails WHERE account = ? AND name = ?")
            .bind(account.as_str())
            .bind(name)
            .fetch_optional(&mut **write)
            .await?;
    match (owner, own) {
        (None, _) => Ok(()),
        (Some(owner), Some(own)) if owner == own.as_str() => Ok(()),
        (Some(_), _) => Err(StoreError::NameTaken),
    }
}

/// An id that was stored.
pub(super) fn stored_id(text: String) -> Result<GuardrailId, StoreError> {
    GuardrailId::new(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}
