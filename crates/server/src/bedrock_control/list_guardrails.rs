//! `GET /guardrails?guardrailIdentifier&maxResults&nextToken`: the drafts of all guardrails, or
//! every version of one.

use super::{Call, get_guardrail::READY, wire_time};
use crate::{
    convert::guardrail::cross_region,
    error::Error,
    guardrails::{arn, wire_version},
    limits,
    reply::Reply,
};
use pretil_store::{GuardrailRecord, PageRequest};
use pretil_wire::bedrock::{
    GuardrailReference,
    control::{GuardrailSummary, ListGuardrailsResponse},
};
use std::num::NonZeroU32;

pub(super) async fn handle(
    call: Call,
    guardrail: Option<GuardrailReference>,
    max_results: Option<u32>,
    next_token: Option<String>,
) -> Result<Reply, Error> {
    let limit = max_results.unwrap_or(limits::DEFAULT_PAGE);
    let page = PageRequest {
        limit: NonZeroU32::new(limit).unwrap_or(NonZeroU32::MIN),
        token: next_token,
    };
    let (store, account) = (call.app.store(), &call.caller.account);
    let page = match guardrail {
        None => store.guardrails(account, &page).await?,
        Some(guardrail) => {
            let id = call.app.guardrail_id(&call.caller, &guardrail).await?;
            store.versions(account, &id, &page).await?
        }
    };
    call.reply(&ListGuardrailsResponse {
        guardrails: page.items.iter().map(summary).collect(),
        next_token: page.next,
    })
}

fn summary(record: &GuardrailRecord) -> GuardrailSummary {
    let profile = record.config.cross_region_profile.as_ref();
    let (account, region) = (record.account.as_str(), record.region.as_str());
    GuardrailSummary {
        id: record.id.to_string(),
        arn: arn(record),
        status: READY.to_owned(),
        name: record.config.name.clone(),
        description: record.config.description.clone(),
        version: wire_version(record.version),
        created_at: wire_time(record.created_at),
        updated_at: wire_time(record.updated_at),
        cross_region_details: profile.map(|profile| cross_region(profile, account, region)),
    }
}
