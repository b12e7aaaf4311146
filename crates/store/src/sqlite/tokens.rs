//! Request tokens, inside the transaction of the request that they belong to.

use crate::{
    error::StoreError,
    identity::{AccountId, Timestamp},
    record::RequestToken,
};
use sqlx::{Sqlite, Transaction};

/// Which operation a token was sent to: the same text may be used once for each.
#[derive(Clone, Copy)]
pub(super) enum Operation {
    CreateGuardrail,
    CreateGuardrailVersion,
}

impl Operation {
    fn name(self) -> &'static str {
        match self {
            Self::CreateGuardrail => "CreateGuardrail",
            Self::CreateGuardrailVersion => "CreateGuardrailVersion",
        }
    }
}

/// What a request led to.
pub(super) struct Outcome {
    pub(super) guardrail_id: String,
    pub(super) version: Option<i64>,
    pub(super) created_at: i64,
}

/// How long a token is remembered. The service does not say; a week outlasts any client's retries
/// and keeps the table small, for SDKs send a new token with every request.
const REMEMBERED: i64 = 7 * 24 * 3600 * 1_000_000;

/// What an earlier request with the same token led to, if there was one.
pub(super) async fn replayed(
    write: &mut Transaction<'_, Sqlite>,
    account: &AccountId,
    operation: Operation,
    token: Option<&RequestToken>,
) -> Result<Option<Outcome>, StoreError> {
    let Some(token) = token else { return Ok(None) };
    let row: Option<(Vec<u8>, String, Option<i64>, i64)> = sqlx::query_as(
        "SELECT fingerprint, guardrail_id, version, created_at FROM request_tokens \
         WHERE account = ? AND operation = ? AND token = ?",
    )
    .bind(account.as_str())
    .bind(operation.name())
    .bind(&token.token)
    .fetch_optional(&mut **write)
    .await?;
    let Some((fingerprint, guardrail_id, version, created_at)) = row else {
        return Ok(None);
    };
    if fingerprint != token.fingerprint {
        return Err(StoreError::TokenReused);
    }
    Ok(Some(Outcome {
        guardrail_id,
        version,
        created_at,
    }))
}

/// Remembers what a request led to, and forgets what is old.
pub(super) async fn remember(
    write: &mut Transaction<'_, Sqlite>,
    account: &AccountId,
    operation: Operation,
    token: Option<&RequestToken>,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(token) = token else { return Ok(()) };
    sqlx::query("DELETE FROM request_tokens WHERE account = ? AND created_at < ?")
        .bind(account.as_str())
        .bind(now.0.saturating_sub(REMEMBERED))
        .execute(&mut **write)
        .await?;
    sqlx::query(
        "INSERT INTO request_tokens \
         (account, operation, token, fingerprint, guardrail_id, version, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(account.as_str())
    .bind(operation.name())
    .bind(&token.token)
    .bind(token.fingerprint.as_slice())
    .bind(&outcome.guardrail_id)
    .bind(outcome.version)
    .bind(outcome.created_at)
    .execute(&mut **write)
    .await?;
    Ok(())
}
