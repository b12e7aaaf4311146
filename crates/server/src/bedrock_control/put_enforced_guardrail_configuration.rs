//! `PUT /enforcedGuardrailsConfiguration`
//!
//! The configuration is kept and listed. It applies to the inference operations, which this build
//! does not have, and to an ApplyGuardrail that names no guardrail.

use super::{Call, wire_time};
use crate::{error::Error, reply::Reply};
use pretil_store::{
    ConfigurationId, EnforcedSettings, Missing, ModelEnforcement, NewEnforcement, StoreError,
};
use pretil_wire::bedrock::{
    GuardrailReference,
    control::{
        PutEnforcedGuardrailConfigurationRequest, PutEnforcedGuardrailConfigurationResponse,
    },
};
use std::num::NonZeroU32;

pub(super) async fn handle(mut call: Call) -> Result<Reply, Error> {
    let request: PutEnforcedGuardrailConfigurationRequest = call.parse().await?;
    let inference = request.guardrail_inference_config;
    let unknown = |what| move |_| StoreError::NotFound(what);
    let guardrail: GuardrailReference = inference
        .guardrail_identifier
        .parse()
        .map_err(unknown(Missing::Guardrail))?;
    let version: NonZeroU32 = inference
        .guardrail_version
        .parse()
        .map_err(|_| StoreError::NotFound(Missing::Version))?;
    let config_id = request.config_id.map(ConfigurationId::new).transpose();
    let guarding = inference.selective_content_guarding.unwrap_or_default();
    let models = inference.model_enforcement.map(|models| ModelEnforcement {
        included: models.included_models,
        excluded: models.excluded_models,
    });
    let by = call.caller.arn();
    let new = NewEnforcement {
        config_id: config_id.map_err(|_| StoreError::NotFound(Missing::Configuration))?,
        guardrail: call.app.guardrail_id(&call.caller, &guardrail).await?,
        version,
        settings: EnforcedSettings {
            system: guarding.system,
            messages: guarding.messages,
            models,
        },
        by: by.clone(),
    };
    let now = call.app.now();
    let store = call.app.store();
    let config_id = store.put_enforced(&call.caller.account, &new, now).await?;
    call.reply(&PutEnforcedGuardrailConfigurationResponse {
        config_id: config_id.to_string(),
        updated_at: wire_time(now),
        updated_by: by,
    })
}
