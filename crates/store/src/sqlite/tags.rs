//! Tags of a guardrail.

use super::{Store, guardrails};
use crate::{
    TAGS_PER_GUARDRAIL,
    error::StoreError,
    identity::{AccountId, GuardrailId},
    record::Tag,
};
use sqlx::{Sqlite, Transaction};

impl Store {
    /// Adds tags; a key that is there gets the new value. All or none.
    pub async fn tag(
        &self,
        account: &AccountId,
        id: &GuardrailId,
        tags: &[Tag],
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        guardrails::require(&mut write, account, id).await?;
        put(&mut write, account, id, tags).await?;
        write.commit().await?;
        Ok(())
    }

    /// Removes tags; a key that is not there is no error.
    pub async fn untag(
        &self,
        account: &AccountId,
        id: &GuardrailId,
        keys: &[String],
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        guardrails::require(&mut write, account, id).await?;
        for key in keys {
            sqlx::query("DELETE FROM tags WHERE account = ? AND guardrail_id = ? AND key = ?")
                .bind(account.as_str())
                .bind(id.as_str())
                .bind(key)
                .execute(&mut *write)
                .await?;
        }
        write.commit().await?;
        Ok(())
    }

    /// All tags, by key.
    pub async fn tags(
        &self,
        account: &AccountId,
        id: &GuardrailId,
    ) -> Result<Vec<Tag>, StoreError> {
        let mut read = self.reader.begin().await?;
        guardrails::require(&mut read, account, id).await?;
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT key, value FROM tags WHERE account = ? AND guardrail_id = ? ORDER BY key",
        )
        .bind(account.as_str())
        .bind(id.as_str())
        .fetch_all(&mut *read)
        .await?;
        let tag = |(key, value)| Tag { key, value };
        Ok(rows.into_iter().map(tag).collect())
    }
}

/// Adds tags and checks how many there are then.
pub(super) async fn put(
    write: &mut Transaction<'_, Sqlite>,
    account: &AccountId,
    id: &GuardrailId,
    tags: &[Tag],
) -> Result<(), StoreError> {
    for tag in tags {
        sqlx::query(
            "INSERT INTO tags (account, guardrail_id, key, value) VALUES (?, ?, ?, ?) \
             ON CONFLICT (account, guardrail_id, key) DO UPDATE SET value = excluded.value",
        )
        .bind(account.as_str())
        .bind(id.as_str())
        .bind(&tag.key)
        .bind(&tag.value)
        .execute(&mut **write)
        .await?;
    }
    let count: i64 =
        sqlx::query_scalar("SELECT count(*) FROM tags WHERE account = ? AND guardrail_id = ?")
            .bind(account.as_str())
            .bind(id.as_str())
            .fetch_one(&mut **write)
            .await?;
    if usize::try_from(count).is_ok_and(|count| count <= TAGS_PER_GUARDRAIL) {
        return Ok(());
    }
    Err(StoreError::TooManyTags(TAGS_PER_GUARDRAIL))
}
