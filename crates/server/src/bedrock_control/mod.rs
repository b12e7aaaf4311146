//! The guardrail operations of `bedrock`, the control plane, one file each.

mod create_guardrail;
mod create_guardrail_version;
mod delete_enforced_guardrail_configuration;
mod delete_guardrail;
mod get_guardrail;
mod list_enforced_guardrails_configuration;
mod list_guardrails;
mod list_tags_for_resource;
mod put_enforced_guardrail_configuration;
mod tag_resource;
mod untag_resource;
mod update_guardrail;

use crate::{app::App, body::HeldBody, caller::Caller, error::Error, reply::Reply};
use http::StatusCode;
use pretil_guardrail::{Config, Guardrail};
use pretil_store::{GuardrailId, Missing, RequestToken, StoreError, Tag, Timestamp};
use pretil_wire::bedrock::{self, GuardrailReference, Operation, control, decode::Decode};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{collections::HashSet, sync::Arc};

/// What every operation here gets.
pub(crate) struct Call {
    app: Arc<App>,
    caller: Caller,
    /// Of success.
    status: StatusCode,
    /// Until the operation takes it.
    body: Option<HeldBody>,
}

impl Call {
    /// The request in the body, which is given up.
    async fn parse<Request>(&mut self) -> Result<Request, Error>
    where
        Request: Decode + Send + 'static,
    {
        let body = self.body.take().unwrap_or_default();
        self.app.parse(body).await
    }

    /// The guardrail that the tags operations name, by its ARN.
    async fn tagged(&self, resource_arn: &str) -> Result<GuardrailId, Error> {
        // Other taggable resources of the service do not exist here.
        let reference: GuardrailReference = resource_arn
            .parse()
            .map_err(|_| StoreError::NotFound(Missing::Guardrail))?;
        Ok(self.app.guardrail_id(&self.caller, &reference).await?)
    }

    /// Success with `value`.
    fn reply(&self, value: &impl Serialize) -> Result<Reply, Error> {
        Reply::json(self.status, value)
    }
}

/// Does what `operation` says.
///
/// It runs to its end even if the client goes away: a write that has committed must also reach the
/// cache of compiled guardrails.
pub(crate) async fn handle(
    app: &Arc<App>,
    caller: Caller,
    operation: Operation,
    status: StatusCode,
    body: HeldBody,
) -> Result<Reply, Error> {
    let call = Call {
        app: Arc::clone(app),
        caller,
        status,
        body: Some(body),
    };
    let task = tokio::spawn(dispatch(call, operation));
    task.await.map_err(|_| Error::Panicked)?
}

async fn dispatch(call: Call, operation: Operation) -> Result<Reply, Error> {
    match operation {
        Operation::CreateGuardrail => create_guardrail::handle(call).await,
        Operation::GetGuardrail { guardrail, version } => {
            get_guardrail::handle(call, guardrail, version).await
        }
        Operation::ListGuardrails {
            guardrail,
            max_results,
            next_token,
        } => list_guardrails::handle(call, guardrail, max_results, next_token).await,
        Operation::UpdateGuardrail { guardrail } => update_guardrail::handle(call, guardrail).await,
        Operation::DeleteGuardrail { guardrail, version } => {
            delete_guardrail::handle(call, guardrail, version).await
        }
        Operation::CreateGuardrailVersion { guardrail } => {
            create_guardrail_version::handle(call, guardrail).await
        }
        Operation::TagResource => tag_resource::handle(call).await,
        Operation::UntagResource => untag_resource::handle(call).await,
        Operation::ListTagsForResource => list_tags_for_resource::handle(call).await,
        Operation::PutEnforcedGuardrailConfiguration => {
            put_enforced_guardrail_configuration::handle(call).await
        }
        Operation::ListEnforcedGuardrailsConfiguration { next_token } => {
            list_enforced_guardrails_configuration::handle(call, next_token).await
        }
        Operation::DeleteEnforcedGuardrailConfiguration { config_id } => {
            delete_enforced_guardrail_configuration::handle(call, config_id).await
        }
        // Of the other service; the router sends them there.
        Operation::ApplyGuardrail { .. } | Operation::InvokeGuardrailChecks => {
            Err(bedrock::RouteError::UnknownPath.into())
        }
    }
}

/// Refuses a configuration that cannot be compiled, and gives back one that can.
async fn compilable(app: &Arc<App>, config: Config) -> Result<Config, Error> {
    let compile = {
        let app = Arc::clone(app);
        move || Guardrail::compile(config.clone(), app.detectors()).map(|_| config)
    };
    Ok(app.pool().run(compile).await??)
}

/// A `clientRequestToken` with the fingerprint of all that its request says.
fn request_token(
    token: Option<&String>,
    about: &str,
    request: &impl Serialize,
) -> Result<Option<RequestToken>, Error> {
    let Some(token) = token else { return Ok(None) };
    let request = serde_json::to_vec(request).map_err(|_| Error::Response)?;
    let mut hash = Sha256::new();
    hash.update(about);
    hash.update([0]);
    hash.update(request);
    Ok(Some(RequestToken {
        token: token.clone(),
        fingerprint: hash.finalize().into(),
    }))
}

/// Tags as the store takes them.
fn stored_tags(tags: Vec<control::Tag>) -> Result<Vec<Tag>, Error> {
    let mut keys = HashSet::new();
    if !tags.iter().all(|tag| keys.insert(tag.key.clone())) {
        return Err(Error::Invalid(
            "The tag keys of a request must be distinct.",
        ));
    }
    let tags = tags.into_iter().map(|tag| Tag {
        key: tag.key,
        value: tag.value,
    });
    Ok(tags.collect())
}

/// A time as the wire writes it.
fn wire_time(time: Timestamp) -> bedrock::Timestamp {
    bedrock::Timestamp::from_microseconds(time.0)
}
