//! `DELETE /guardrails/{guardrailIdentifier}?guardrailVersion`: the guardrail with all its
//! versions, or one version.

use super::Call;
use crate::{error::Error, reply::Reply};
use pretil_store::{Missing, StoreError};
use pretil_wire::bedrock::{GuardrailReference, control::EmptyResponse};
use std::num::NonZeroU32;

pub(super) async fn handle(
    call: Call,
    guardrail: GuardrailReference,
    version: Option<u32>,
) -> Result<Reply, Error> {
    let account = &call.caller.account;
    let id = call.app.guardrail_id(&call.caller, &guardrail).await?;
    let store = call.app.store();
    let deleted = match version {
        None => store.delete_guardrail(account, &id).await,
        Some(number) => {
            let number = NonZeroU32::new(number).ok_or(StoreError::NotFound(Missing::Version))?;
            store.delete_version(account, &id, number).await
        }
    };
    // Whatever came of it: a place too many that is forgotten costs a compilation, no more.
    call.app.cache().forget(account, &id);
    deleted?;
    call.reply(&EmptyResponse {})
}
