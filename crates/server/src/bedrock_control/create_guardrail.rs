//! `POST /guardrails`

use super::{Call, compilable, request_token, stored_tags, wire_time};
use crate::{caller::partition, convert::config::from_create, error::Error, reply::Reply};
use pretil_store::NewGuardrail;
use pretil_wire::bedrock::{
    GuardrailArn, GuardrailVersion,
    control::{CreateGuardrailRequest, CreateGuardrailResponse},
};

pub(super) async fn handle(mut call: Call) -> Result<Reply, Error> {
    let mut request: CreateGuardrailRequest = call.parse().await?;
    let caller = &call.caller;
    let about = format!("CreateGuardrail {}", caller.region);
    let token = request_token(request.client_request_token.as_ref(), &about, &request)?;
    let tags = stored_tags(request.tags.take().unwrap_or_default())?;
    let config = compilable(&call.app, from_create(request)?).await?;
    let new = NewGuardrail {
        partition: partition(&caller.region).to_owned(),
        region: caller.region.clone(),
        config,
        tags,
    };
    let store = call.app.store();
    let now = call.app.now();
    let created = store
        .create_guardrail(&caller.account, &new, token.as_ref(), now)
        .await?;
    call.reply(&CreateGuardrailResponse {
        guardrail_arn: GuardrailArn {
            partition: new.partition,
            region: new.region,
            account: caller.account.to_string(),
            id: created.id.to_string(),
        },
        guardrail_id: created.id.to_string(),
        version: GuardrailVersion::Draft,
        created_at: wire_time(created.created_at),
    })
}
