//! `GET /enforcedGuardrailsConfiguration`: at most one, so always a single page.

use super::{Call, wire_time};
use crate::{error::Error, reply::Reply};
use pretil_store::{AccountId, EnforcedConfiguration, StoreError};
use pretil_wire::bedrock::{
    GuardrailArn, GuardrailVersion,
    control::{
        EnforcedGuardrailConfiguration, ListEnforcedGuardrailsConfigurationResponse,
        ModelEnforcement, SelectiveContentGuarding,
    },
};

pub(super) async fn handle(call: Call, next_token: Option<String>) -> Result<Reply, Error> {
    if next_token.is_some() {
        // None was ever given out.
        return Err(StoreError::InvalidPageToken.into());
    }
    let account = &call.caller.account;
    let configurations = call.app.store().enforced(account).await?;
    let configurations = configurations
        .into_iter()
        .map(|it| configuration(account, it));
    call.reply(&ListEnforcedGuardrailsConfigurationResponse {
        guardrails_config: configurations.collect(),
        next_token: None,
    })
}

fn configuration(
    account: &AccountId,
    stored: EnforcedConfiguration,
) -> EnforcedGuardrailConfiguration {
    let settings = stored.settings;
    let guarding = SelectiveContentGuarding {
        system: settings.system,
        messages: settings.messages,
    };
    let said = guarding.system.is_some() || guarding.messages.is_some();
    EnforcedGuardrailConfiguration {
        config_id: stored.config_id.to_string(),
        guardrail_arn: GuardrailArn {
            partition: stored.partition,
            region: stored.region,
            account: account.to_string(),
            id: stored.guardrail.to_string(),
        },
        guardrail_id: stored.guardrail.to_string(),
        input_tags: None,
        selective_content_guarding: said.then_some(guarding),
        guardrail_version: GuardrailVersion::Number(stored.version.get()),
        created_at: wire_time(stored.created_at),
        created_by: stored.created_by,
        updated_at: wire_time(stored.updated_at),
        updated_by: stored.updated_by,
        owner: "ACCOUNT".to_owned(),
        model_enforcement: settings.models.map(|models| ModelEnforcement {
            included_models: models.included,
            excluded_models: models.excluded,
        }),
    }
}
