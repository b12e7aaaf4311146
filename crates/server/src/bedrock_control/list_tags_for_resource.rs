//! `POST /listTagsForResource`

use super::Call;
use crate::{error::Error, reply::Reply};
use pretil_wire::bedrock::control::{ListTagsForResourceRequest, ListTagsForResourceResponse, Tag};

pub(super) async fn handle(mut call: Call) -> Result<Reply, Error> {
    let request: ListTagsForResourceRequest = call.parse().await?;
    let id = call.tagged(&request.resource_arn).await?;
    let tags = call.app.store().tags(&call.caller.account, &id).await?;
    let tags = tags.into_iter().map(|tag| Tag {
        key: tag.key,
        value: tag.value,
    });
    call.reply(&ListTagsForResourceResponse {
        tags: tags.collect(),
    })
}
