//! Guardrails as files: YAML or JSON in the shape of CreateGuardrail.

use anyhow::{Context, Result, anyhow};
use pretil_wire::bedrock::{self, Decoded, control::CreateGuardrailRequest};
use std::{io::Read, path::Path};

/// Longest guardrail file: the longest body that the API takes.
const MAX_BYTES: u64 = pretil_server::limits::MAX_BODY_BYTES as u64;

/// Reads a guardrail file; `-` is standard input.
pub(crate) fn read(path: &Path) -> Result<CreateGuardrailRequest> {
    let text = read_text(path, MAX_BYTES)?;
    parse(&text).with_context(|| format!("{} is no guardrail", path.display()))
}

/// Reads a guardrail from a text. What begins with a brace is JSON, all else YAML.
pub(crate) fn parse(text: &str) -> Result<CreateGuardrailRequest> {
    if text.trim_start().starts_with('{') {
        return Ok(bedrock::from_json(text.as_bytes())?);
    }
    let decoded: Decoded<CreateGuardrailRequest> = serde_saphyr::from_str(text)?;
    Ok(decoded.0?)
}

/// Writes a guardrail as YAML.
pub(crate) fn to_yaml(request: &CreateGuardrailRequest) -> Result<String> {
    Ok(serde_saphyr::to_string(request)?)
}

/// Reads a whole file of UTF-8, or standard input for `-`, of at most `limit` bytes.
pub(crate) fn read_text(path: &Path, limit: u64) -> Result<String> {
    let name = path.display();
    let read = |source: &mut dyn Read| {
        let mut bytes = Vec::new();
        source.take(limit + 1).read_to_end(&mut bytes)?;
        std::io::Result::Ok(bytes)
    };
    let bytes = if path == Path::new("-") {
        read(&mut std::io::stdin().lock()).context("standard input cannot be read")?
    } else {
        let file = std::fs::File::open(path);
        let mut file = file.with_context(|| format!("{name} cannot be opened"))?;
        read(&mut file).with_context(|| format!("{name} cannot be read"))?
    };
    if bytes.len() as u64 > limit {
        return Err(anyhow!("{name} is longer than {limit} bytes"));
    }
    String::from_utf8(bytes).map_err(|_| anyhow!("{name} is not UTF-8"))
}
