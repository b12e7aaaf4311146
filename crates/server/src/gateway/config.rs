//! The operator's configuration: upstreams, models, and the guardrail of each.
//!
//! These are the only places that a model server's address or key can come from. What is wrong with
//! one value is said where the value is read, so that a reader of files can name the line; what is
//! wrong between values is a [`Fault`], which names the entry.

use pretil_wire::bedrock::{GuardrailReference, GuardrailVersion};
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, Visitor},
};
use std::{collections::BTreeMap, fmt, path::PathBuf, time::Duration};

/// Everything.
#[derive(Clone, Debug, Default)]
pub struct GatewayConfig {
    /// Model servers, by the operator's names for them.
    pub upstreams: BTreeMap<String, UpstreamConfig>,
    /// Models, by the names that callers use.
    pub models: BTreeMap<String, ModelConfig>,
    /// The guardrail of models that name none.
    pub default_guardrail: Option<GuardrailChoice>,
}

/// A model server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamConfig {
    /// What it speaks.
    pub kind: UpstreamKind,
    /// Where it is, up to and with the version: `https://api.openai.com/v1`.
    pub base_url: BaseUrl,
    /// Where its key is. Without one no credentials are sent.
    pub api_key: Option<KeySource>,
    /// Whether it may be on this machine or in a private network.
    #[serde(default)]
    pub allow_private_addresses: bool,
    /// A PEM file with the certificate authorities to trust, instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// How long to wait.
    #[serde(default)]
    pub timeouts: Timeouts,
    /// Longest answer in bytes.
    #[serde(default = "UpstreamConfig::default_response_bytes")]
    pub max_response_bytes: usize,
    /// Most calls at once. Further ones are refused.
    #[serde(default = "UpstreamConfig::default_connections")]
    pub max_connections: usize,
    /// Members of requests that this server knows beside those of the dialect.
    #[serde(default)]
    pub extra_parameters: Vec<String>,
}

impl UpstreamConfig {
    fn default_response_bytes() -> usize {
        8 * 1024 * 1024
    }

    fn default_connections() -> usize {
        256
    }
}

/// What a model server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UpstreamKind {
    /// The OpenAI API, as vLLM, Ollama, llama.cpp and others speak it.
    OpenaiCompatible,
}

/// Where a key is: never in the file itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// In an environment variable.
    Env(String),
    /// In a file of its own.
    File(PathBuf),
}

impl<'de> Deserialize<'de> for KeySource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Place;

        // By hand, so that no message repeats a key that stands here by mistake.
        impl<'de> Visitor<'de> for Place {
            type Value = KeySource;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("{env: NAME} or {file: PATH}")
            }

            fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<KeySource, E> {
                Err(E::custom(
                    "api_key says where the key is and is not the key itself: \
                     write {env: NAME} or {file: PATH}",
                ))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<KeySource, A::Error> {
                let mut source = None;
                while let Some((place, value)) = map.next_entry::<String, String>()? {
                    let read = match place.as_str() {
                        "env" => KeySource::Env(value),
                        "file" => KeySource::File(value.into()),
                        _ => return Err(wrong_place()),
                    };
                    if source.replace(read).is_some() {
                        return Err(wrong_place());
                    }
                }
                source.ok_or_else(wrong_place)
            }
        }

        deserializer.deserialize_any(Place)
    }
}

fn wrong_place<E: serde::de::Error>() -> E {
    E::custom("api_key has one place: write {env: NAME} or {file: PATH}")
}

/// How long to wait for a model server.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Timeouts {
    /// For a connection, with TLS.
    pub connect: Wait,
    /// From the request until the answer begins.
    pub first_byte: Wait,
    /// Between two pieces of an answer.
    pub idle: Wait,
    /// For all of it.
    pub total: Wait,
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = |seconds| Wait(Duration::from_secs(seconds));
        Self {
            connect: seconds(5),
            first_byte: seconds(120),
            idle: seconds(60),
            total: seconds(600),
        }
    }
}

/// A time: `500ms`, `30s`, `10m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(pub Duration);

impl Wait {
    fn parse(text: &str) -> Option<Self> {
        let digits = text.find(|character: char| !character.is_ascii_digit())?;
        let (number, unit) = text.split_at(digits);
        let number: u64 = number.parse().ok()?;
        let duration = match unit {
            "ms" => Duration::from_millis(number),
            "s" => Duration::from_secs(number),
            "m" => Duration::from_secs(number.checked_mul(60)?),
            _ => return None,
        };
        let sensible = Duration::from_millis(1)..=Duration::from_hours(24);
        sensible.contains(&duration).then_some(Self(duration))
    }
}

impl<'de> Deserialize<'de> for Wait {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom(format!(
                "{text:?} is no time: write a whole number and a unit, as in 500ms, 30s or 10m, of at most 24 hours"
            ))
        })
    }
}

/// Where a model server is. No credentials, no query.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl {
    /// Whether the connection is encrypted.
    pub encrypted: bool,
    /// Host and port as written.
    pub authority: http::uri::Authority,
    /// Without a slash at its end.
    pub path: String,
}

impl BaseUrl {
    /// Reads a URL.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and what to write instead. The URL is not repeated: it may hold a key.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.contains('#') {
            return Err("base_url has a fragment (#…): leave it out");
        }
        let uri: http::Uri = text
            .parse()
            .map_err(|_| "base_url is no URL: write it as in https://api.openai.com/v1")?;
        let encrypted = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("base_url begins with neither https:// nor http://"),
        };
        let authority = uri.authority().cloned().ok_or("base_url names no host")?;
        if authority.as_str().contains('@') {
            return Err("base_url holds credentials: name the key's place under api_key");
        }
        if authority.host().is_empty() {
            return Err("base_url names no host");
        }
        if uri.query().is_some() {
            return Err("base_url has a query (?…): leave it out");
        }
        Ok(Self {
            encrypted,
            authority,
            path: uri.path().trim_end_matches('/').to_owned(),
        })
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.encrypted { "https" } else { "http" };
        write!(formatter, "{scheme}://{}{}", self.authority, self.path)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl<'de> Deserialize<'de> for BaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// A model.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelConfig {
    /// Which upstream serves it.
    pub upstream: String,
    /// What the upstream calls it; the same as callers do, if not given.
    pub upstream_model: Option<String>,
    /// The guardrail around it; the default one, if not given.
    pub guardrail: Option<GuardrailChoice>,
    /// Whether a request may name another guardrail.
    #[serde(default)]
    pub guardrail_override: bool,
    /// What a caller gets of what was blocked.
    #[serde(default)]
    pub on_block: OnBlock,
    /// What becomes of what could not be judged at all.
    #[serde(default)]
    pub on_failure: OnFailure,
}

/// Which guardrail, in which version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardrailChoice {
    /// Which.
    pub guardrail: Named,
    /// The draft or a numbered version.
    pub version: GuardrailVersion,
}

/// How a guardrail is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By id or ARN.
    Reference(GuardrailReference),
    /// By its name, which is its own in the account.
    Name(String),
}

impl<'de> Deserialize<'de> for GuardrailChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Members {
            id: Option<GuardrailReference>,
            name: Option<String>,
            version: GuardrailVersion,
        }
        let members = Members::deserialize(deserializer)?;
        let guardrail = match (members.id, members.name) {
            (Some(reference), None) => Named::Reference(reference),
            (None, Some(name)) => Named::Name(name),
            _ => {
                return Err(D::Error::custom(
                    "a guardrail is named by either id or name, with a version: \
                     {name: support, version: 1}",
                ));
            }
        };
        Ok(Self {
            guardrail,
            version: members.version,
        })
    }
}

/// What a caller gets of what was blocked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnBlock {
    /// The guardrail's prepared message as an answer, finished by `content_filter`.
    #[default]
    Message,
    /// An error 400 with the code `content_filter`.
    Error,
}

/// What becomes of what could not be judged at all: no core was free, the answer is not understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnFailure {
    /// An error.
    #[default]
    Closed,
    /// It passes, labelled.
    Open,
}

/// Something wrong between values, or with what they name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{section}.{name}: {message}")]
pub struct Fault {
    /// `upstreams`, `models`.
    pub section: &'static str,
    /// The entry.
    pub name: String,
    /// What is wrong and what to do. No key.
    pub message: String,
}

impl Fault {
    pub(super) fn of_upstream(name: &str, message: impl Into<String>) -> Self {
        Self {
            section: "upstreams",
            name: name.to_owned(),
            message: message.into(),
        }
    }

    pub(super) fn of_model(name: &str, message: impl Into<String>) -> Self {
        Self {
            section: "models",
            name: name.to_owned(),
            message: message.into(),
        }
    }
}

impl GatewayConfig {
    /// What is wrong between the entries.
    pub fn faults(&self) -> Vec<Fault> {
        let upstreams = self.upstreams.iter().flat_map(upstream_faults);
        let models = self.models.iter();
        let models = models.flat_map(|(name, model)| self.model_faults(name, model));
        upstreams.chain(models).collect()
    }

    fn model_faults(&self, name: &str, model: &ModelConfig) -> Vec<Fault> {
        let mut faults = Vec::new();
        if name.is_empty() || name.chars().any(char::is_control) {
            faults.push(Fault::of_model(name, "the name is empty or not printable"));
        }
        if !self.upstreams.contains_key(&model.upstream) {
            let known: Vec<_> = self.upstreams.keys().map(String::as_str).collect();
            faults.push(Fault::of_model(
                name,
                format!(
                    "no upstream is named {:?}; there is: {}",
                    model.upstream,
                    known.join(", ")
                ),
            ));
        }
        if model.guardrail.is_none() && self.default_guardrail.is_none() {
            faults.push(Fault::of_model(
                name,
                "no guardrail is named: add `guardrail: {name: …, version: …}` here, or \
                 default_guardrail for all models",
            ));
        }
        faults
    }
}

fn upstream_faults((name, upstream): (&String, &UpstreamConfig)) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !upstream.base_url.encrypted && !upstream.allow_private_addresses {
        faults.push(Fault::of_upstream(
            name,
            "base_url is not encrypted, which is only possible on this machine or in a private \
             network: use https://, or set allow_private_addresses: true",
        ));
    }
    if upstream.max_connections == 0 || upstream.max_response_bytes == 0 {
        faults.push(Fault::of_upstream(
            name,
            "max_connections and max_response_bytes are at least 1",
        ));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, milliseconds) in [("500ms", 500), ("30s", 30_000), ("10m", 600_000)] {
            let wait = Wait::parse(text).unwrap();
            assert_eq!(wait.0, Duration::from_millis(milliseconds));
        }
        for text in [
            "",
            "5",
            "s",
            "0s",
            "-1s",
            "1.5s",
            "25h",
            "99999999999m",
            "5 s",
        ] {
            assert_eq!(Wait::parse(text), None, "{text}");
        }
    }

    #[test]
    fn urls() {
        for (text, shown) in [
            ("https://api.openai.com/v1", "https://api.openai.com/v1"),
            ("http://127.0.0.1:11434/v1/", "http://127.0.0.1:11434/v1"),
            ("http://[::1]:8000", "http://[::1]:8000"),
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap().to_string(), shown);
        }
        for text in [
            "api.openai.com/v1",
            "ftp://host/v1",
            "file:///etc/passwd",
            "https://key@host/v1",
            "https://user:key@host/v1",
            "https://host/v1?key=1",
            "https://host/v1#a",
            "https:///v1",
            "",
        ] {
            let refused = BaseUrl::parse(text).unwrap_err();
            assert!(!refused.contains("key@"), "{refused}");
        }
    }
}
