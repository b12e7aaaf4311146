//! `POST /guardrails/{guardrailIdentifier}`: a numbered copy of the draft.

use super::{Call, request_token};
use crate::{error::Error, reply::Reply};
use pretil_wire::bedrock::{
    GuardrailReference, GuardrailVersion,
    control::{CreateGuardrailVersionRequest, CreateGuardrailVersionResponse},
};

pub(super) async fn handle(mut call: Call, guardrail: GuardrailReference) -> Result<Reply, Error> {
    let request: CreateGuardrailVersionRequest = call.parse().await?;
    let id = call.app.guardrail_id(&call.caller, &guardrail).await?;
    let about = format!("CreateGuardrailVersion {id}");
    let token = request_token(request.client_request_token.as_ref(), &about, &request)?;
    let store = call.app.store();
    let created = store
        .create_version(
            &call.caller.account,
            &id,
            request.description.as_deref(),
            token.as_ref(),
            call.app.now(),
        )
        .await?;
    call.reply(&CreateGuardrailVersionResponse {
        guardrail_id: id.to_string(),
        version: GuardrailVersion::Number(created.number.get()),
    })
}
