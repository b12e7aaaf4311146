//! `GET /guardrails/{guardrailIdentifier}?guardrailVersion`

use super::{Call, wire_time};
use crate::{
    convert::guardrail::{cross_region, extension, kms_key_arn, policies},
    error::Error,
    guardrails::{arn, stored_version, wire_version},
    reply::Reply,
};
use pretil_store::GuardrailRecord;
use pretil_wire::bedrock::{GuardrailReference, GuardrailVersion, control::GetGuardrailResponse};

/// What is stored is usable at once.
pub(super) const READY: &str = "READY";

pub(super) async fn handle(
    call: Call,
    guardrail: GuardrailReference,
    version: Option<GuardrailVersion>,
) -> Result<Reply, Error> {
    let version = stored_version(version.unwrap_or(GuardrailVersion::Draft))?;
    let record = call.app.record(&call.caller, &guardrail, version).await?;
    call.reply(&response(&record))
}

fn response(record: &GuardrailRecord) -> GetGuardrailResponse {
    let config = &record.config;
    let policies = policies(config);
    let (account, region) = (record.account.as_str(), record.region.as_str());
    let profile = config.cross_region_profile.as_ref();
    let key = config.kms_key_id.as_ref();
    GetGuardrailResponse {
        name: config.name.clone(),
        description: config.description.clone(),
        guardrail_id: record.id.to_string(),
        guardrail_arn: arn(record),
        version: wire_version(record.version),
        status: READY.to_owned(),
        topic_policy: policies.topic,
        content_policy: policies.content,
        word_policy: policies.word,
        sensitive_information_policy: policies.sensitive,
        contextual_grounding_policy: policies.grounding,
        automated_reasoning_policy: policies.reasoning,
        cross_region_details: profile.map(|profile| cross_region(profile, account, region)),
        created_at: wire_time(record.created_at),
        updated_at: wire_time(record.updated_at),
        status_reasons: Vec::new(),
        failure_recommendations: Vec::new(),
        blocked_input_messaging: config.blocked_input_messaging.clone(),
        blocked_outputs_messaging: config.blocked_outputs_messaging.clone(),
        kms_key_arn: key.map(|key| kms_key_arn(key, account, region)),
        pretil: extension(config.on_failure),
    }
}
