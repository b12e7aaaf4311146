//! `POST /tagResource`

use super::{Call, stored_tags};
use crate::{error::Error, reply::Reply};
use pretil_store::StoreError;
use pretil_wire::bedrock::{
    ErrorReply,
    control::{EmptyResponse, TagResourceRequest},
};

pub(super) async fn handle(mut call: Call) -> Result<Reply, Error> {
    let request: TagResourceRequest = call.parse().await?;
    let id = call.tagged(&request.resource_arn).await?;
    let tags = stored_tags(request.tags)?;
    let tagged = call.app.store().tag(&call.caller.account, &id, &tags).await;
    tagged.map_err(|error| match error {
        // The model wants the resource's name with this one.
        StoreError::TooManyTags(_) => Error::Refused(ErrorReply {
            resource_name: Some(request.resource_arn),
            ..Error::Store(error).reply()
        }),
        other => Error::Store(other),
    })?;
    call.reply(&EmptyResponse {})
}
