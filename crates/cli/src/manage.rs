//! `pretil guardrail`: the guardrails of a running server, over its own API.

use crate::{
    arguments::{GuardrailArguments, GuardrailCommand},
    client::{Client, encoded},
    guardrail_file,
};
use anyhow::{Context, Result};
use pretil_wire::bedrock::{
    self,
    control::{
        CreateGuardrailRequest, CreateGuardrailResponse, CreateGuardrailVersionRequest,
        CreateGuardrailVersionResponse, EmptyResponse, GuardrailSummary, ListGuardrailsResponse,
        UpdateGuardrailRequest, UpdateGuardrailResponse,
    },
};
use serde::Serialize;
use serde_json::Value;
use std::{io::Write, path::PathBuf};

pub(crate) async fn run(arguments: &GuardrailArguments) -> Result<()> {
    let client = Client::new(&arguments.endpoint)?;
    match &arguments.command {
        GuardrailCommand::Create { file } => {
            print(&create(&client, &guardrail_file::read(file)?).await?)
        }
        GuardrailCommand::Get { guardrail, version } => {
            print(&get(&client, guardrail, version.as_deref()).await?)
        }
        GuardrailCommand::List { guardrail, json } => {
            list(&client, guardrail.as_deref(), *json).await
        }
        GuardrailCommand::Update { guardrail, file } => {
            print(&update(&client, guardrail, guardrail_file::read(file)?).await?)
        }
        GuardrailCommand::Delete { guardrail, version } => {
            delete(&client, guardrail, version.as_deref()).await
        }
        GuardrailCommand::Version {
            guardrail,
            description,
        } => print(&make_version(&client, guardrail, description.clone()).await?),
        GuardrailCommand::Export {
            guardrail,
            version,
            json,
        } => export(&client, guardrail, version.as_deref(), *json).await,
        GuardrailCommand::Import { files } => import(&client, files).await,
    }
}

/// Creates a guardrail.
pub(crate) async fn create(
    client: &Client,
    request: &CreateGuardrailRequest,
) -> Result<CreateGuardrailResponse> {
    client.post("/guardrails", request, &[]).await
}

/// Makes a numbered version of the draft.
pub(crate) async fn make_version(
    client: &Client,
    guardrail: &str,
    description: Option<String>,
) -> Result<CreateGuardrailVersionResponse> {
    let request = CreateGuardrailVersionRequest {
        description,
        client_request_token: None,
    };
    client.post(&path(guardrail, None), &request, &[]).await
}

/// Creates the guardrail, or replaces the draft of the one that has its name. Gives its id.
pub(crate) async fn create_or_update(
    client: &Client,
    request: CreateGuardrailRequest,
) -> Result<(String, Imported)> {
    let all = summaries(client, None).await?;
    let taken = all.into_iter().find(|summary| summary.name == request.name);
    match taken {
        None => Ok((
            create(client, &request).await?.guardrail_id,
            Imported::Created,
        )),
        Some(summary) => {
            update(client, &summary.id, request).await?;
            Ok((summary.id, Imported::Updated))
        }
    }
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Imported {
    Created,
    Updated,
}

async fn update(
    client: &Client,
    guardrail: &str,
    request: CreateGuardrailRequest,
) -> Result<UpdateGuardrailResponse> {
    let request = UpdateGuardrailRequest {
        name: request.name,
        description: request.description,
        topic_policy_config: request.topic_policy_config,
        content_policy_config: request.content_policy_config,
        word_policy_config: request.word_policy_config,
        sensitive_information_policy_config: request.sensitive_information_policy_config,
        contextual_grounding_policy_config: request.contextual_grounding_policy_config,
        automated_reasoning_policy_config: request.automated_reasoning_policy_config,
        cross_region_config: request.cross_region_config,
        blocked_input_messaging: request.blocked_input_messaging,
        blocked_outputs_messaging: request.blocked_outputs_messaging,
        kms_key_id: request.kms_key_id,
        pretil: request.pretil,
    };
    client.put(&path(guardrail, None), &request).await
}

async fn get(client: &Client, guardrail: &str, version: Option<&str>) -> Result<Value> {
    client.get(&path(guardrail, version)).await
}

async fn delete(client: &Client, guardrail: &str, version: Option<&str>) -> Result<()> {
    let _: EmptyResponse = client.delete(&path(guardrail, version)).await?;
    match version {
        Some(version) => say(&format!("deleted version {version} of {guardrail}")),
        None => say(&format!("deleted {guardrail}")),
    }
}

async fn list(client: &Client, guardrail: Option<&str>, json: bool) -> Result<()> {
    let guardrails = summaries(client, guardrail).await?;
    if json {
        return print(&ListGuardrailsResponse {
            guardrails,
            next_token: None,
        });
    }
    for summary in guardrails {
        let GuardrailSummary {
            id, version, name, ..
        } = &summary;
        say(&format!("{id}  {:<8}  {name}", version.to_string()))?;
    }
    Ok(())
}

/// All pages.
async fn summaries(client: &Client, guardrail: Option<&str>) -> Result<Vec<GuardrailSummary>> {
    let mut all = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let mut path = "/guardrails?maxResults=1000".to_owned();
        if let Some(guardrail) = guardrail {
            path.push_str("&guardrailIdentifier=");
            path.push_str(&encoded(guardrail));
        }
        if let Some(token) = &token {
            path.push_str("&nextToken=");
            path.push_str(&encoded(token));
        }
        let page: ListGuardrailsResponse = client.get(&path).await?;
        all.extend(page.guardrails);
        token = page.next_token;
        if token.is_none() {
            return Ok(all);
        }
    }
}

async fn export(client: &Client, guardrail: &str, version: Option<&str>, json: bool) -> Result<()> {
    let request = as_file(get(client, guardrail, version).await?)?;
    if json {
        return print(&request);
    }
    write!(std::io::stdout(), "{}", guardrail_file::to_yaml(&request)?)?;
    Ok(())
}

async fn import(client: &Client, files: &[PathBuf]) -> Result<()> {
    for file in files {
        let request = guardrail_file::read(file)?;
        let name = request.name.clone();
        let imported = create_or_update(client, request).await;
        let (id, imported) = imported.with_context(|| format!("{}", file.display()))?;
        let did = match imported {
            Imported::Created => "created",
            Imported::Updated => "updated",
        };
        say(&format!("{did} {id}  {name}"))?;
    }
    Ok(())
}

/// A name in the reply of GetGuardrail, and the name of the same in CreateGuardrail.
type Renamed = (&'static str, &'static str);

/// The policies, with the lists in them.
const POLICIES: &[(Renamed, &[Renamed])] = &[
    (
        ("topicPolicy", "topicPolicyConfig"),
        &[("topics", "topicsConfig")],
    ),
    (
        ("contentPolicy", "contentPolicyConfig"),
        &[("filters", "filtersConfig")],
    ),
    (
        ("wordPolicy", "wordPolicyConfig"),
        &[
            ("words", "wordsConfig"),
            ("managedWordLists", "managedWordListsConfig"),
        ],
    ),
    (
        (
            "sensitiveInformationPolicy",
            "sensitiveInformationPolicyConfig",
        ),
        &[
            ("piiEntities", "piiEntitiesConfig"),
            ("regexes", "regexesConfig"),
        ],
    ),
    (
        (
            "contextualGroundingPolicy",
            "contextualGroundingPolicyConfig",
        ),
        &[("filters", "filtersConfig")],
    ),
    (
        ("automatedReasoningPolicy", "automatedReasoningPolicyConfig"),
        &[],
    ),
];

/// GetGuardrail's reply as the request that makes such a guardrail.
fn as_file(mut guardrail: Value) -> Result<CreateGuardrailRequest> {
    let profile = guardrail
        .pointer("/crossRegionDetails/guardrailProfileArn")
        .cloned();
    let key = guardrail.get("kmsKeyArn").cloned();
    if let Some(members) = guardrail.as_object_mut() {
        for ((name, config_name), lists) in POLICIES {
            let Some(Value::Object(mut policy)) = members.remove(*name) else {
                continue;
            };
            for (list, config_list) in *lists {
                // The reply has `[]` for a list that is not used; the request leaves it out.
                let items = policy.remove(*list);
                let items = items.filter(|items| items.as_array().is_none_or(|it| !it.is_empty()));
                policy.extend(items.map(|items| ((*config_list).to_owned(), items)));
            }
            let tier = policy.remove("tier");
            policy.extend(tier.map(|tier| ("tierConfig".to_owned(), tier)));
            members.insert((*config_name).to_owned(), Value::Object(policy));
        }
        if let Some(profile) = profile {
            let config = serde_json::json!({ "guardrailProfileIdentifier": profile });
            members.insert("crossRegionConfig".to_owned(), config);
        }
        members.extend(key.map(|key| ("kmsKeyId".to_owned(), key)));
    }
    // Members that only a reply has are passed over, and what is left is checked as a request is.
    let request = serde_json::to_vec(&guardrail)?;
    bedrock::from_json(&request).context("the guardrail cannot be written as a file")
}

fn path(guardrail: &str, version: Option<&str>) -> String {
    let path = format!("/guardrails/{}", encoded(guardrail));
    match version {
        Some(version) => format!("{path}?guardrailVersion={}", encoded(version)),
        None => path,
    }
}

fn print(value: &impl Serialize) -> Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, value)?;
    writeln!(out)?;
    Ok(())
}

fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exported_guardrail_is_the_request_that_makes_it() {
        let got = serde_json::json!({
            "name": "n",
            "guardrailId": "abc123abc123",
            "guardrailArn": "arn:aws:bedrock:us-east-1:123456789012:guardrail/abc123abc123",
            "version": "DRAFT",
            "status": "READY",
            "topicPolicy": {"topics": [{"name": "t", "definition": "d", "type": "DENY"}], "tier": {"tierName": "STANDARD"}},
            "wordPolicy": {"words": [{"text": "w"}], "managedWordLists": []},
            "sensitiveInformationPolicy": {"piiEntities": [], "regexes": [{"name": "r", "pattern": "p", "action": "BLOCK"}]},
            "contextualGroundingPolicy": {"filters": [{"type": "GROUNDING", "threshold": 0.4}]},
            "crossRegionDetails": {"guardrailProfileId": "us.guardrail.v1:0", "guardrailProfileArn": "arn:aws:bedrock:us-east-1:123456789012:guardrail-profile/us.guardrail.v1:0"},
            "createdAt": "2026-11-22T01:02:03.123456Z",
            "updatedAt": "2026-11-22T01:02:03.123456Z",
            "blockedInputMessaging": "i",
            "blockedOutputsMessaging": "o",
        });
        let request = as_file(got).unwrap();
        let expected = serde_json::json!({
            "name": "n",
            "topicPolicyConfig": {"topicsConfig": [{"name": "t", "definition": "d", "type": "DENY"}], "tierConfig": {"tierName": "STANDARD"}},
            "wordPolicyConfig": {"wordsConfig": [{"text": "w"}]},
            "sensitiveInformationPolicyConfig": {"regexesConfig": [{"name": "r", "pattern": "p", "action": "BLOCK"}]},
            "contextualGroundingPolicyConfig": {"filtersConfig": [{"type": "GROUNDING", "threshold": 0.4}]},
            "crossRegionConfig": {"guardrailProfileIdentifier": "arn:aws:bedrock:us-east-1:123456789012:guardrail-profile/us.guardrail.v1:0"},
            "blockedInputMessaging": "i",
            "blockedOutputsMessaging": "o",
        });
        assert_eq!(serde_json::to_value(&request).unwrap(), expected);
        let yaml = guardrail_file::to_yaml(&request).unwrap();
        assert_eq!(guardrail_file::parse(&yaml).unwrap(), request);
    }
}
