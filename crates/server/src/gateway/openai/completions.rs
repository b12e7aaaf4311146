//! `POST /v1/completions`

use super::{Call, Pieces, chat::filtered, write_back};
use crate::{
    body::HeldBody,
    gateway::{
        call::send,
        config::OnBlock,
        error::GatewayError,
        judge::{Guard, Judged},
        report::CallReport,
    },
    reply::Reply,
};
use http::{HeaderMap, StatusCode};
use pretil_guardrail::{Source, verdict::Outcome};
use pretil_wire::openai::{
    CompletionAnswer, CompletionChoice, CompletionReply, CompletionRequest, Identifier, Slot,
    TextChoiceReply,
};

const PATH: &str = "/completions";

/// Judges the prompt, calls the model, judges what it writes.
pub(super) async fn complete(
    call: &Call,
    headers: &HeaderMap,
    body: HeldBody,
) -> Result<Reply, GatewayError> {
    let mut request = call.read(body, CompletionRequest::parse).await?;
    let guard = call.guard(&request.model, headers).await?;
    if request.stream {
        return Err(GatewayError::Parameter("stream".to_owned()));
    }
    let extra = &guard.model.upstream.config().extra_parameters;
    if let Some(name) = request.unknown_parameter(extra) {
        return Err(GatewayError::Parameter(name.to_owned()));
    }
    let pieces = Pieces::of(|mut visitor| request.visit(&mut visitor));
    let input = pieces.judge(&guard, Source::Input).await?;
    let report = CallReport::new(&guard, &input);
    match input.outcome {
        Outcome::Blocked => return blocked_input(call, &guard, &report, input),
        Outcome::Masked => write_back(input.texts, |mut visitor| request.visit(&mut visitor)),
        Outcome::None => {}
    }
    let body = request.to_upstream(guard.model.upstream_name());
    let answer = send(&guard, PATH, body.map_err(|_| GatewayError::Internal)?).await?;
    let bytes = answer.body.whole().await?;
    match CompletionAnswer::parse(&bytes) {
        Ok(answer) => judged_answer(call, &guard, report, answer).await,
        Err(_) if guard.open() => Ok(super::unjudged(report, bytes)),
        Err(_) => Err(GatewayError::Answer),
    }
}

fn blocked_input(
    call: &Call,
    guard: &Guard,
    report: &CallReport,
    input: Judged,
) -> Result<Reply, GatewayError> {
    if guard.model.config.on_block == OnBlock::Error {
        return Err(GatewayError::Blocked {
            message: input.message,
        });
    }
    let choice = choice(0, input.message, filtered());
    reply(
        call,
        guard,
        report,
        CompletionAnswer::default(),
        vec![choice],
    )
}

async fn judged_answer(
    call: &Call,
    guard: &Guard,
    mut report: CallReport,
    mut answer: CompletionAnswer,
) -> Result<Reply, GatewayError> {
    let mut choices = Vec::new();
    for choice in std::mem::take(&mut answer.choices) {
        choices.push(judged_choice(guard, &mut report, choice).await?);
    }
    reply(call, guard, &report, answer, choices)
}

async fn judged_choice(
    guard: &Guard,
    report: &mut CallReport,
    given: CompletionChoice,
) -> Result<TextChoiceReply, GatewayError> {
    let CompletionChoice {
        index,
        mut text,
        finish_reason,
    } = given;
    let pieces = Pieces::of(|visitor| visitor(Slot::Text(&mut text)));
    let output = pieces.judge(guard, Source::Output).await?;
    report.add(&output);
    match output.outcome {
        Outcome::None => {}
        Outcome::Masked => write_back(output.texts, |visitor| visitor(Slot::Text(&mut text))),
        Outcome::Blocked if guard.model.config.on_block == OnBlock::Error => {
            return Err(GatewayError::Blocked {
                message: output.message,
            });
        }
        Outcome::Blocked => return Ok(choice(index, output.message, filtered())),
    }
    Ok(choice(index, text, finish_reason))
}

fn choice(index: u32, text: String, finish_reason: Option<Identifier>) -> TextChoiceReply {
    TextChoiceReply {
        text,
        index,
        logprobs: (),
        finish_reason,
    }
}

fn reply(
    call: &Call,
    guard: &Guard,
    report: &CallReport,
    answer: CompletionAnswer,
    choices: Vec<TextChoiceReply>,
) -> Result<Reply, GatewayError> {
    let body = CompletionReply {
        id: match answer.id {
            Some(id) => id,
            None => call.reply_id("cmpl")?,
        },
        object: "text_completion",
        created: answer.created.unwrap_or_else(|| call.now()),
        model: guard.model.name.clone(),
        choices,
        usage: answer.usage.unwrap_or_default(),
        system_fingerprint: answer.system_fingerprint,
        service_tier: None,
        pretil: report.member(),
    };
    let reply = Reply::json(StatusCode::OK, &body).map_err(|_| GatewayError::Internal)?;
    Ok(super::reported(reply, report))
}
