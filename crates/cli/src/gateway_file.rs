//! The operator's file of models and their servers: YAML, or JSON, which is YAML too.

use crate::guardrail_file::read_text;
use anyhow::{Context, Result, anyhow};
use pretil_server::gateway::{
    Gateway,
    config::{Fault, GatewayConfig, GuardrailChoice, ModelConfig, UpstreamConfig},
};
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::{collections::BTreeMap, path::Path};

/// Longest file.
const MAX_BYTES: u64 = 1024 * 1024;

/// The file, with the line of every entry.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    upstreams: BTreeMap<String, Spanned<UpstreamConfig>>,
    #[serde(default)]
    models: BTreeMap<String, Spanned<ModelConfig>>,
    default_guardrail: Option<GuardrailChoice>,
}

/// Where the entries begin, for faults that are between them.
#[derive(Default)]
struct Lines(BTreeMap<(&'static str, String), u64>);

impl Lines {
    /// `faults`, one a line, each with its line in the file at `path`.
    fn say(&self, path: &Path, faults: &[Fault]) -> anyhow::Error {
        let lines = faults.iter().map(|fault| {
            let line = self.0.get(&(fault.section, fault.name.clone()));
            let line = line.map_or(String::new(), |line| format!(":{line}"));
            format!("{}{line}: {fault}", path.display())
        });
        anyhow!("{}", lines.collect::<Vec<_>>().join("\n"))
    }
}

/// Reads the file and opens clients for its upstreams; keys come from the environment or files.
pub(crate) fn open(path: &Path) -> Result<Gateway> {
    let (config, lines) = read(path)?;
    let environment = |name: &str| std::env::var(name).ok();
    Gateway::open(config, &environment).map_err(|faults| lines.say(path, &faults))
}

/// What each upstream and model is, without any key, for `pretil doctor`.
pub(crate) fn describe(path: &Path) -> Result<Vec<(String, String)>> {
    let (config, lines) = read(path)?;
    let environment = |name: &str| std::env::var(name).ok();
    let opened = Gateway::open(config.clone(), &environment);
    let upstreams = config.upstreams.iter().map(|(name, upstream)| {
        let key = if upstream.api_key.is_some() {
            "with a key"
        } else {
            "no key"
        };
        let private = if upstream.allow_private_addresses {
            ", private addresses allowed"
        } else {
            ""
        };
        (
            format!("upstream {name}"),
            format!("{} ({key}{private})", upstream.base_url),
        )
    });
    let models = config.models.iter().map(|(name, model)| {
        let known_as = model.upstream_model.as_ref().unwrap_or(name);
        (
            format!("model {name}"),
            format!("{known_as} at {}", model.upstream),
        )
    });
    let mut described: Vec<_> = upstreams.chain(models).collect();
    if let Err(faults) = opened {
        described.push(("config".to_owned(), lines.say(path, &faults).to_string()));
    }
    Ok(described)
}

fn read(path: &Path) -> Result<(GatewayConfig, Lines)> {
    let text = read_text(path, MAX_BYTES)?;
    parse(&text).with_context(|| format!("{} is not understood", path.display()))
}

fn parse(text: &str) -> Result<(GatewayConfig, Lines)> {
    // A snippet of the file would show a key that was written into it by mistake.
    let options = serde_saphyr::options! { with_snippet: false };
    let file: File = serde_saphyr::from_str_with_options(text, options)?;
    let mut lines = Lines::default();
    let config = GatewayConfig {
        upstreams: unspanned("upstreams", file.upstreams, &mut lines),
        models: unspanned("models", file.models, &mut lines),
        default_guardrail: file.default_guardrail,
    };
    Ok((config, lines))
}

fn unspanned<T>(
    section: &'static str,
    entries: BTreeMap<String, Spanned<T>>,
    lines: &mut Lines,
) -> BTreeMap<String, T> {
    let entries = entries.into_iter().map(|(name, entry)| {
        lines
            .0
            .insert((section, name.clone()), entry.referenced.line());
        (name, entry.value)
    });
    entries.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
upstreams:
  local:
    kind: openai-compatible
    base_url: http://127.0.0.1:11434/v1
    allow_private_addresses: true
  cloud:
    kind: openai-compatible
    base_url: https://api.example.com/v1
    api_key: {env: CLOUD_KEY}
    timeouts: {connect: 2s, total: 5m}
models:
  assistant:
    upstream: local
    upstream_model: llama3.2:3b
    guardrail: {name: support, version: 1}
    guardrail_override: true
    on_block: error
  bigger:
    upstream: cloud
    on_failure: open
default_guardrail: {id: abc123abc123, version: DRAFT}
";

    #[test]
    fn a_file_in_order() {
        let (config, lines) = parse(FILE).unwrap();
        assert_eq!(config.faults(), []);
        assert_eq!(config.upstreams.len(), 2);
        let assistant = &config.models["assistant"];
        assert_eq!(assistant.upstream_model.as_deref(), Some("llama3.2:3b"));
        assert_eq!(lines.0[&("models", "bigger".to_owned())], 19);
        let json =
            r#"{"upstreams": {"a": {"kind": "openai-compatible", "base_url": "https://h/v1"}}}"#;
        assert_eq!(parse(json).unwrap().0.upstreams.len(), 1);
    }

    /// A wrong file, what its message says, and the line that it names.
    #[test]
    fn faults_name_their_line_and_no_key() {
        let cases = [
            (
                "kind: openai-compatible",
                "kind: azure",
                "openai-compatible",
                3,
            ),
            (
                "https://api.example.com/v1",
                "https://sk-secret@api.example.com/v1",
                "api_key",
                8,
            ),
            (
                "https://api.example.com/v1",
                "ftp://api.example.com",
                "https://",
                8,
            ),
            ("{env: CLOUD_KEY}", "sk-secret", "not the key", 9),
            (
                "{env: CLOUD_KEY}",
                "{env: A, file: sk-secret}",
                "{env: NAME}",
                9,
            ),
            ("{env: CLOUD_KEY}", "{value: sk-secret}", "{env: NAME}", 9),
            ("connect: 2s", "connect: 2", "500ms", 10),
            ("version: 1}", "version: latest}", "version", 15),
            (
                "{name: support, version: 1}",
                "{version: 1}",
                "id or name",
                15,
            ),
            ("on_block: error", "on_block: maybe", "message", 17),
            (
                "guardrail_override",
                "guardrail_overide",
                "guardrail_overide",
                16,
            ),
        ];
        for (from, to, says, line) in cases {
            let text = FILE.replacen(from, to, 1);
            assert_ne!(text, FILE, "{to}");
            let message = parse(&text).map(|_| ()).unwrap_err().to_string();
            assert!(message.contains(says), "{to}: {message}");
            assert!(message.contains(&format!("line {line}")), "{to}: {message}");
            assert!(!message.contains("sk-secret"), "{message}");
        }
    }

    /// What is wrong between entries.
    #[test]
    fn faults_between_entries_name_their_line() {
        let cases = [
            (
                "upstream: local",
                "upstream: locale",
                ":13: models.assistant: no upstream",
            ),
            (
                "    allow_private_addresses: true\n",
                "",
                ":3: upstreams.local: base_url is not encrypted",
            ),
            (
                "default_guardrail: {id: abc123abc123, version: DRAFT}\n",
                "",
                ":19: models.bigger: no guardrail",
            ),
            (
                "",
                "",
                ":7: upstreams.cloud: api_key: the environment variable CLOUD_KEY is not set",
            ),
        ];
        for (from, to, says) in cases {
            let text = if from.is_empty() {
                FILE.to_owned()
            } else {
                FILE.replacen(from, to, 1)
            };
            let (config, lines) = parse(&text).unwrap();
            let faults = Gateway::open(config, &|_| None).unwrap_err();
            let message = lines.say(Path::new("gateway.yaml"), &faults).to_string();
            assert!(
                message.contains(&format!("gateway.yaml{says}")),
                "{message}"
            );
        }
    }
}
