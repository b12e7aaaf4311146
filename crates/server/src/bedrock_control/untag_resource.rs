//! `POST /untagResource`

use super::Call;
use crate::{error::Error, reply::Reply};
use pretil_wire::bedrock::control::{EmptyResponse, UntagResourceRequest};

pub(super) async fn handle(mut call: Call) -> Result<Reply, Error> {
    let request: UntagResourceRequest = call.parse().await?;
    let id = call.tagged(&request.resource_arn).await?;
    let store = call.app.store();
    store
        .untag(&call.caller.account, &id, &request.tag_keys)
        .await?;
    call.reply(&EmptyResponse {})
}
