//! The body of ApplyGuardrail → `Content`.

use super::ConvertError;
use pretil_guardrail::{
    content::{Block, Content, Qualifiers, Source, Text},
    verdict::OutputScope,
};
use pretil_wire::bedrock::runtime::{ApplyGuardrailRequest, ContentBlock, TextBlock};

/// What ApplyGuardrail is to judge, and how much of the assessment it is to return.
pub fn from_request(
    request: ApplyGuardrailRequest,
) -> Result<(Content, OutputScope), ConvertError> {
    let source = match request.source.as_str() {
        "INPUT" => Source::Input,
        "OUTPUT" => Source::Output,
        _ => return Err(ConvertError("source")),
    };
    let scope = match request.output_scope.as_deref() {
        None | Some("INTERVENTIONS") => OutputScope::Interventions,
        Some("FULL") => OutputScope::Full,
        Some(_) => return Err(ConvertError("output scope")),
    };
    let blocks = request.content.into_iter().map(|block| match block {
        ContentBlock::Text(block) => text_block(block),
        ContentBlock::Image(_) => Ok(Block::Image),
    });
    let blocks = blocks.collect::<Result<_, _>>()?;
    Ok((Content { source, blocks }, scope))
}

fn text_block(block: TextBlock) -> Result<Block, ConvertError> {
    let mut qualifiers = Qualifiers::default();
    for qualifier in block.qualifiers.iter().flatten() {
        match qualifier.as_str() {
            "grounding_source" => qualifiers.grounding_source = true,
            "query" => qualifiers.query = true,
            "guard_content" => qualifiers.guard_content = true,
            _ => return Err(ConvertError("qualifier")),
        }
    }
    Ok(Block::Text {
        text: Text::new(block.text.0),
        qualifiers,
    })
}
