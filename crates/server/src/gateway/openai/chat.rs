//! `POST /v1/chat/completions`

use super::{Call, Pieces, chat_stream, write_back};
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
    AnswerChoice, AnswerMessage, ChatAnswer, ChatChoiceReply, ChatRequest, CompletionReply,
    Identifier,
};

const PATH: &str = "/chat/completions";

/// Judges the conversation, calls the model, judges what it says.
pub(super) async fn complete(
    call: &Call,
    headers: &HeaderMap,
    body: HeldBody,
) -> Result<Reply, GatewayError> {
    let mut request = call.read(body, ChatRequest::parse).await?;
    let guard = call.guard(&request.model, headers).await?;
    let extra = &guard.model.upstream.config().extra_parameters;
    if let Some(name) = request.unknown_parameter(extra) {
        return Err(GatewayError::Parameter(name.to_owned()));
    }
    let pieces = Pieces::of(|mut visitor| request.visit(&mut visitor));
    let input = pieces.judge(&guard, Source::Input).await?;
    let report = CallReport::new(&guard, &input);
    match input.outcome {
        Outcome::Blocked => {
            return blocked_input(call, &guard, &report, input, request.stream);
        }
        Outcome::Masked => write_back(input.texts, |mut visitor| request.visit(&mut visitor)),
        Outcome::None => {}
    }
    let body = request.to_upstream(guard.model.upstream_name());
    let answer = send(&guard, PATH, body.map_err(|_| GatewayError::Internal)?).await?;
    if request.stream {
        let wanted = chat_stream::Wanted {
            include_usage: request.include_usage,
            choices: request.choices,
        };
        return chat_stream::answer(call, guard, report, answer, wanted);
    }
    let bytes = answer.body.whole().await?;
    match ChatAnswer::parse(&bytes) {
        Ok(answer) => judged_answer(call, &guard, report, answer).await,
        Err(_) if guard.open() => Ok(super::unjudged(report, bytes)),
        Err(_) => Err(GatewayError::Answer),
    }
}

/// The guardrail's message in the place of an answer; the model is not called.
fn blocked_input(
    call: &Call,
    guard: &Guard,
    report: &CallReport,
    input: Judged,
    stream: bool,
) -> Result<Reply, GatewayError> {
    if guard.model.config.on_block == OnBlock::Error {
        return Err(GatewayError::Blocked {
            message: input.message,
        });
    }
    if stream {
        return chat_stream::blocked_input(call, guard, report, &input);
    }
    let choice = choice(0, AnswerMessage::saying(&input.message), filtered());
    reply(call, guard, report, ChatAnswer::default(), vec![choice])
}

async fn judged_answer(
    call: &Call,
    guard: &Guard,
    mut report: CallReport,
    mut answer: ChatAnswer,
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
    given: AnswerChoice,
) -> Result<ChatChoiceReply, GatewayError> {
    let AnswerChoice {
        index,
        mut message,
        finish_reason,
    } = given;
    let pieces = Pieces::of(|mut visitor| message.visit(&mut visitor));
    let output = pieces.judge(guard, Source::Output).await;
    let output = output.map_err(|error| match error {
        GatewayError::Unreadable(_) => GatewayError::Answer,
        other => other,
    })?;
    report.add(&output);
    match output.outcome {
        Outcome::None => {}
        Outcome::Masked => write_back(output.texts, |mut visitor| message.visit(&mut visitor)),
        Outcome::Blocked if guard.model.config.on_block == OnBlock::Error => {
            return Err(GatewayError::Blocked {
                message: output.message,
            });
        }
        Outcome::Blocked => {
            let message = AnswerMessage::saying(&output.message);
            return Ok(choice(index, message, filtered()));
        }
    }
    Ok(choice(index, message, finish_reason))
}

fn choice(
    index: u32,
    message: AnswerMessage,
    finish_reason: Option<Identifier>,
) -> ChatChoiceReply {
    ChatChoiceReply {
        index,
        message: message.into(),
        logprobs: (),
        finish_reason,
    }
}

/// The reason of an answer that was blocked.
pub(super) fn filtered() -> Option<Identifier> {
    Identifier::new("content_filter")
}

fn reply(
    call: &Call,
    guard: &Guard,
    report: &CallReport,
    answer: ChatAnswer,
    choices: Vec<ChatChoiceReply>,
) -> Result<Reply, GatewayError> {
    let body = CompletionReply {
        id: match answer.id {
            Some(id) => id,
            None => call.reply_id("chatcmpl")?,
        },
        object: "chat.completion",
        created: answer.created.unwrap_or_else(|| call.now()),
        model: guard.model.name.clone(),
        choices,
        usage: answer.usage.unwrap_or_default(),
        system_fingerprint: answer.system_fingerprint,
        service_tier: answer.service_tier,
        pretil: report.member(),
    };
    let reply = Reply::json(StatusCode::OK, &body).map_err(|_| GatewayError::Internal)?;
    Ok(super::reported(reply, report))
}
