//! `PUT /guardrails/{guardrailIdentifier}`: replaces the draft.

use super::{Call, compilable, wire_time};
use crate::{convert::config::from_update, error::Error, guardrails::arn, reply::Reply};
use pretil_wire::bedrock::{
    GuardrailReference, GuardrailVersion,
    control::{UpdateGuardrailRequest, UpdateGuardrailResponse},
};

pub(super) async fn handle(mut call: Call, guardrail: GuardrailReference) -> Result<Reply, Error> {
    let request: UpdateGuardrailRequest = call.parse().await?;
    let account = &call.caller.account;
    let id = call.app.guardrail_id(&call.caller, &guardrail).await?;
    let config = compilable(&call.app, from_update(request)?).await?;
    let now = call.app.now();
    let updated = call
        .app
        .store()
        .update_guardrail(account, &id, &config, now)
        .await;
    // Whatever came of it: a place too many that is forgotten costs a compilation, no more.
    call.app.cache().forget(account, &id);
    let updated = updated?;
    call.reply(&UpdateGuardrailResponse {
        guardrail_id: updated.id.to_string(),
        guardrail_arn: arn(&updated),
        version: GuardrailVersion::Draft,
        updated_at: wire_time(updated.updated_at),
    })
}
