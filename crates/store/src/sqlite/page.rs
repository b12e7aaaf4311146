//! Page tokens: opaque to the caller, the key of the last item to us. A page begins after a key and
//! not at an offset, so writes between two pages neither repeat nor skip what was there.

use crate::{error::StoreError, identity::GuardrailId};
use data_encoding::BASE64URL_NOPAD;

/// The key of the last guardrail of a page.
pub(super) struct AfterGuardrail {
    pub(super) created_at: i64,
    pub(super) id: String,
}

impl AfterGuardrail {
    /// As a token.
    pub(super) fn encode(created_at: i64, id: &str) -> String {
        BASE64URL_NOPAD.encode(format!("g1 {created_at} {id}").as_bytes())
    }

    /// From a token; the first page if there is none.
    pub(super) fn decode(token: Option<&str>) -> Result<Self, StoreError> {
        let Some(token) = token else {
            return Ok(Self {
                created_at: i64::MAX,
                id: String::new(),
            });
        };
        let text = text_of(token)?;
        let mut parts = text.split(' ');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("g1"), Some(created_at), Some(id), None) => Ok(Self {
                created_at: created_at
                    .parse()
                    .map_err(|_| StoreError::InvalidPageToken)?,
                id: id.to_owned(),
            }),
            _ => Err(StoreError::InvalidPageToken),
        }
    }
}

/// The last version of a page of one guardrail's versions. The draft comes first, then the numbers
/// downwards; the token after the draft is one above the greatest number.
pub(super) struct AfterVersion;

impl AfterVersion {
    /// As a token.
    pub(super) fn encode(guardrail: &GuardrailId, number: u32) -> String {
        BASE64URL_NOPAD.encode(format!("v1 {guardrail} {number}").as_bytes())
    }

    /// From a token of the same guardrail; `None` is the first page.
    pub(super) fn decode(
        guardrail: &GuardrailId,
        token: Option<&str>,
    ) -> Result<Option<u32>, StoreError> {
        let Some(token) = token else { return Ok(None) };
        let text = text_of(token)?;
        let number = text
            .strip_prefix(&format!("v1 {guardrail} "))
            .and_then(|number| number.parse().ok())
            .ok_or(StoreError::InvalidPageToken)?;
        Ok(Some(number))
    }
}

fn text_of(token: &str) -> Result<String, StoreError> {
    let bytes = BASE64URL_NOPAD
        .decode(token.as_bytes())
        .map_err(|_| StoreError::InvalidPageToken)?;
    String::from_utf8(bytes).map_err(|_| StoreError::InvalidPageToken)
}
