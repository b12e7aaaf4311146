//! Enforced configurations. An account has at most one.

use super::{
    Store,
    guardrails::stored_id,
    versions::{require_version, stored_number},
};
use crate::{
    error::{Missing, StoreError},
    identity::{AccountId, ConfigurationId, Timestamp},
    record::{EnforcedConfiguration, NewEnforcement},
};
use sqlx::{FromRow, Sqlite, Transaction};

/// A row with a configuration and what it takes from its guardrail.
#[derive(FromRow)]
struct EnforcedRow {
    config_id: String,
    guardrail_id: String,
    partition_name: String,
    region: String,
    version: i64,
    settings: String,
    created_at: i64,
    created_by: String,
    updated_at: i64,
    updated_by: String,
}

impl EnforcedRow {
    fn configuration(self) -> Result<EnforcedConfiguration, StoreError> {
        let unreadable = || StoreError::Corrupt("enforced settings are unreadable".to_owned());
        Ok(EnforcedConfiguration {
            config_id: stored_configuration_id(self.config_id)?,
            guardrail: stored_id(self.guardrail_id)?,
            partition: self.partition_name,
            region: self.region,
            version: stored_number(self.version)?,
            settings: serde_json::from_str(&self.settings).map_err(|_| unreadable())?,
            created_at: Timestamp(self.created_at),
            created_by: self.created_by,
            updated_at: Timestamp(self.updated_at),
            updated_by: self.updated_by,
        })
    }
}

impl Store {
    /// Puts a configuration: a new one, if the account has none, or in the place of the one named.
    pub async fn put_enforced(
        &self,
        account: &AccountId,
        new: &NewEnforcement,
        now: Timestamp,
    ) -> Result<ConfigurationId, StoreError> {
        let settings = serde_json::to_string(&new.settings)
            .map_err(|_| StoreError::Corrupt("settings can not be written".to_owned()))?;
        let mut write = self.write().await?;
        require_version(&mut write, account, &new.guardrail, new.version).await?;
        let config_id = self::config_id(&mut write, account, new).await?;
        sqlx::query(
            "INSERT INTO enforced_configurations (account, config_id, guardrail_id, version, \
             settings, created_at, created_by, updated_at, updated_by) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6, ?7) \
             ON CONFLICT (account, config_id) DO UPDATE SET \
             guardrail_id = excluded.guardrail_id, version = excluded.version, \
             settings = excluded.settings, updated_at = excluded.updated_at, \
             updated_by = excluded.updated_by",
        )
        .bind(account.as_str())
        .bind(config_id.as_str())
        .bind(new.guardrail.as_str())
        .bind(new.version.get())
        .bind(settings)
        .bind(now.0)
        .bind(&new.by)
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        Ok(config_id)
    }

    /// The account's configurations.
    pub async fn enforced(
        &self,
        account: &AccountId,
    ) -> Result<Vec<EnforcedConfiguration>, StoreError> {
        let rows: Vec<EnforcedRow> = sqlx::query_as(
            "SELECT config_id, guardrail_id, partition_name, region, version, settings, \
             enforced_configurations.created_at, created_by, \
             enforced_configurations.updated_at, updated_by \
             FROM enforced_configurations JOIN guardrails \
             ON guardrails.account = enforced_configurations.account AND id = guardrail_id \
             WHERE enforced_configurations.account = ? \
             ORDER BY enforced_configurations.created_at DESC, config_id",
        )
        .bind(account.as_str())
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().map(EnforcedRow::configuration).collect()
    }

    /// Deletes a configuration.
    pub async fn delete_enforced(
        &self,
        account: &AccountId,
        config_id: &ConfigurationId,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let deleted =
            sqlx::query("DELETE FROM enforced_configurations WHERE account = ? AND config_id = ?")
                .bind(account.as_str())
                .bind(config_id.as_str())
                .execute(&mut *write)
                .await?;
        write.commit().await?;
        if deleted.rows_affected() == 0 {
            return Err(StoreError::NotFound(Missing::Configuration));
        }
        Ok(())
    }
}

/// The id under which to put a configuration.
async fn config_id(
    write: &mut Transaction<'_, Sqlite>,
    account: &AccountId,
    new: &NewEnforcement,
) -> Result<ConfigurationId, StoreError> {
    let existing: Vec<String> =
        sqlx::query_scalar("SELECT config_id FROM enforced_configurations WHERE account = ?")
            .bind(account.as_str())
            .fetch_all(&mut **write)
            .await?;
    match &new.config_id {
        Some(id) if existing.iter().any(|known| known == id.as_str()) => Ok(id.clone()),
        Some(_) => Err(StoreError::NotFound(Missing::Configuration)),
        None if existing.is_empty() => Ok(ConfigurationId::random()?),
        None => Err(StoreError::AlreadyEnforced),
    }
}

/// An id that was stored.
fn stored_configuration_id(text: String) -> Result<ConfigurationId, StoreError> {
    ConfigurationId::new(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}
