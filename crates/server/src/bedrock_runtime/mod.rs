//! The operations of `bedrock-runtime`, one file each.

mod apply_guardrail;
mod invoke_guardrail_checks;

pub(crate) use apply_guardrail::{Target, apply_guardrail};
pub(crate) use invoke_guardrail_checks::invoke_guardrail_checks;
