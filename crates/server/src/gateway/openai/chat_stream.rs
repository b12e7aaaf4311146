//! `POST /v1/chat/completions` with `stream: true`.
//!
//! Prose, refusals and thoughts go on as soon as they are judged. Calls to tools are judged whole at
//! the end of their answer and then go on in one piece. An answer that is blocked gets the
//! guardrail's message after what was sent before, and ends by `content_filter`.

use super::{Call, Pieces, chat::filtered, write_back};
use crate::{
    gateway::{
        config::OnBlock,
        error::GatewayError,
        judge::{Guard, Judged},
        report::CallReport,
        stream::JudgedText,
        upstream::{Answer, AnswerBody},
    },
    reply::{Reply, ReplyBody},
    request_id::RequestId,
};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use pretil_guardrail::{Source, verdict::Outcome};
use pretil_wire::{
    frame::sse,
    openai::{
        AnswerMessage, CallReply, Calls, ChatChunk, ChunkChoice, ChunkChoiceReply, ChunkDelta,
        ChunkReply, DONE, DeltaReply, Identifier, Usage,
    },
};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};
use tokio::{sync::mpsc, time::timeout};

/// Events that wait for the caller to take them. Then the upstream is not read further.
const WAITING_EVENTS: usize = 32;

/// Most answers in one stream.
const MOST_CHOICES: u32 = 128;

/// How often a caller hears that the connection is alive while text is held.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How long a caller may take nothing of what waits.
const CALLER_STALL: Duration = Duration::from_mins(1);

/// What the request says about its stream.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub(super) include_usage: bool,
    pub(super) choices: u32,
}

/// The guardrail's message as a stream: the prompt was blocked.
pub(super) fn blocked_input(
    call: &Call,
    guard: &Guard,
    report: &CallReport,
    input: &Judged,
) -> Result<Reply, GatewayError> {
    let writer = Writer::new(call, guard)?;
    let (sender, receiver) = mpsc::channel(WAITING_EVENTS);
    let events = [
        writer.event(0, opening(), None, None),
        writer.event(0, saying(&input.message), None, None),
        writer.event(0, DeltaReply::default(), filtered(), Some(report)),
        Ok(done()),
    ];
    for event in events {
        // There is room for all of them.
        sender
            .try_send(event?)
            .map_err(|_| GatewayError::Internal)?;
    }
    let mut reply = reply(receiver, report);
    reply.outcome = report.outcome();
    Ok(reply)
}

/// The answer as it comes.
pub(super) fn answer(
    call: &Call,
    guard: Guard,
    report: CallReport,
    answer: Answer,
    wanted: Wanted,
) -> Result<Reply, GatewayError> {
    let kind = answer.headers.get(CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(sse::CONTENT_TYPE.as_bytes())) {
        return Err(GatewayError::Answer);
    }
    let (sender, receiver) = mpsc::channel(WAITING_EVENTS);
    let reply = reply(receiver, &report);
    let stream = Stream {
        writer: Writer::new(call, &guard)?,
        guard,
        report,
        wanted,
        sender,
        choices: BTreeMap::new(),
    };
    tokio::spawn(stream.run(answer.body, call.id));
    Ok(reply)
}

fn reply(receiver: mpsc::Receiver<Bytes>, report: &CallReport) -> Reply {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(sse::CONTENT_TYPE));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    report.write(&mut headers);
    Reply {
        status: StatusCode::OK,
        body: ReplyBody::Stream(receiver),
        headers,
        outcome: "streaming",
    }
}

/// Why a stream ends before its end.
enum Halt {
    /// The caller has gone: nobody is to be told.
    Gone,
    /// Something that the caller is told.
    Failed(GatewayError),
}

impl<E: Into<GatewayError>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

struct Stream {
    guard: Guard,
    report: CallReport,
    wanted: Wanted,
    writer: Writer,
    sender: mpsc::Sender<Bytes>,
    choices: BTreeMap<u32, Choice>,
}

/// One answer of the stream.
enum Choice {
    Coming(Box<Coming>),
    Finished,
}

/// The texts of an answer that comes, in the order in which they are sent on.
#[derive(Default)]
struct Coming {
    texts: BTreeMap<Member, JudgedText>,
    calls: Calls,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Member {
    ReasoningContent,
    Reasoning,
    Content,
    Refusal,
}

impl Member {
    fn delta(self, text: String) -> DeltaReply {
        let mut delta = DeltaReply::default();
        let place = match self {
            Self::ReasoningContent => &mut delta.reasoning_content,
            Self::Reasoning => &mut delta.reasoning,
            Self::Content => &mut delta.content,
            Self::Refusal => &mut delta.refusal,
        };
        *place = Some(text);
        delta
    }
}

impl Stream {
    async fn run(mut self, body: AnswerBody, id: RequestId) {
        let started = Instant::now();
        let outcome = match self.pass(body).await {
            Ok(()) => {
                // A caller who has gone has missed nothing but this.
                let _ = self.sender.send(done()).await;
                self.report.outcome()
            }
            Err(Halt::Gone) => "caller_gone",
            Err(Halt::Failed(error)) => {
                let told = error.told();
                let body = serde_json::to_string(&told.body).unwrap_or_default();
                let _ = self
                    .sender
                    .send(sse::Event::data(body).to_wire().into())
                    .await;
                tracing::warn!(request_id = %id, %error, "a stream was ended");
                told.outcome
            }
        };
        let app = &self.guard.app;
        app.metrics()
            .request("ChatCompletionsStream", outcome, started.elapsed());
        tracing::info!(request_id = %id, outcome, "stream ended");
    }

    /// Passes the answer on until its end. Returning drops the connection to the upstream.
    async fn pass(&mut self, mut body: AnswerBody) -> Result<(), Halt> {
        let limit = self.guard.model.upstream.config().max_response_bytes;
        let mut decoder = sse::Decoder::with_limit(limit);
        while let Some(bytes) = self.next(&mut body).await? {
            decoder.push(&bytes);
            while let Some(event) = decoder.next_event().map_err(|_| GatewayError::Answer)? {
                if event.data == DONE {
                    return self.whole();
                }
                self.take(&event.data).await?;
            }
            if self.all_blocked() {
                return Ok(());
            }
        }
        // Some servers close without the last event. An answer that did not say its end was cut.
        self.whole()
    }

    /// The next bytes; meanwhile the caller hears that we are here, and we hear if the caller goes.
    async fn next(&mut self, body: &mut AnswerBody) -> Result<Option<Bytes>, Halt> {
        let mut next = std::pin::pin!(body.next());
        loop {
            let waited = tokio::select! {
                biased;
                () = self.sender.closed() => return Err(Halt::Gone),
                waited = timeout(KEEP_ALIVE, next.as_mut()) => waited,
            };
            if let Ok(bytes) = waited {
                return Ok(bytes?);
            }
            let mut comment = String::new();
            sse::write_comment(&mut comment, "");
            self.send(comment.into()).await?;
        }
    }

    /// Whether every answer said its end.
    fn whole(&self) -> Result<(), Halt> {
        let finished = |choice: &Choice| matches!(choice, Choice::Finished);
        if !self.choices.is_empty() && self.choices.values().all(finished) {
            return Ok(());
        }
        Err(GatewayError::Answer.into())
    }

    /// Whether every answer that was asked for was blocked or ended: then the model need not go on.
    fn all_blocked(&self) -> bool {
        let finished = self
            .choices
            .values()
            .filter(|it| matches!(it, Choice::Finished));
        self.report.blocked() && finished.count() >= self.wanted.choices as usize
    }

    /// Takes one event of the upstream.
    async fn take(&mut self, data: &str) -> Result<(), Halt> {
        let chunk = ChatChunk::parse(data).map_err(|_| GatewayError::Answer)?;
        self.writer.learn(&chunk);
        for choice in chunk.choices {
            self.take_choice(choice).await?;
        }
        match chunk.usage.filter(|_| self.wanted.include_usage) {
            Some(usage) => self.send(self.writer.usage(usage)?).await,
            None => Ok(()),
        }
    }

    async fn take_choice(&mut self, choice: ChunkChoice) -> Result<(), Halt> {
        let ChunkChoice {
            index,
            delta,
            finish_reason,
        } = choice;
        if index >= MOST_CHOICES {
            return Err(GatewayError::Answer.into());
        }
        let coming = match self.choices.remove(&index) {
            Some(Choice::Coming(coming)) => coming,
            // What a blocked or ended answer still says is said to nobody.
            Some(Choice::Finished) => {
                self.choices.insert(index, Choice::Finished);
                return Ok(());
            }
            None => {
                self.send(self.writer.event(index, opening(), None, None)?)
                    .await?;
                Box::default()
            }
        };
        let coming = self.take_delta(index, coming, delta).await?;
        let choice = match (coming, finish_reason) {
            (Some(coming), None) => Choice::Coming(coming),
            (Some(coming), Some(reason)) => {
                self.finish(index, *coming, Some(reason)).await?;
                Choice::Finished
            }
            (None, _) => Choice::Finished,
        };
        self.choices.insert(index, choice);
        Ok(())
    }

    /// Judges what is new and sends on what may be; `None` if the answer is blocked.
    async fn take_delta(
        &mut self,
        index: u32,
        mut coming: Box<Coming>,
        delta: ChunkDelta,
    ) -> Result<Option<Box<Coming>>, Halt> {
        if delta.audio.is_some() {
            return Err(GatewayError::Answer.into());
        }
        let pieces = [
            (Member::ReasoningContent, delta.reasoning_content),
            (Member::Reasoning, delta.reasoning),
            (Member::Content, delta.content),
            (Member::Refusal, delta.refusal),
        ];
        for (member, piece) in pieces {
            let Some(piece) = piece.filter(|piece| !piece.is_empty()) else {
                continue;
            };
            let text = coming.texts.remove(&member);
            let text = text.unwrap_or_else(|| JudgedText::new(&self.guard));
            let (text, release) = text.push(&self.guard, &piece).await?;
            coming.texts.insert(member, text);
            if !release.text.is_empty() {
                let delta = member.delta(release.text);
                self.send(self.writer.event(index, delta, None, None)?)
                    .await?;
            }
            if release.blocked {
                self.finish(index, *coming, None).await?;
                return Ok(None);
            }
        }
        let calls = coming.calls.add(delta.tool_calls, delta.function_call);
        calls.map_err(|_| GatewayError::Answer)?;
        Ok(Some(coming))
    }

    /// Judges an answer at its end, or where it is known to be blocked, and sends on the rest.
    async fn finish(
        &mut self,
        index: u32,
        coming: Coming,
        reason: Option<Identifier>,
    ) -> Result<(), Halt> {
        let (rests, calls, judged) = self.judge_rest(coming).await?;
        self.report.add(&judged);
        if judged.outcome == Outcome::Blocked {
            return self.finish_blocked(index).await;
        }
        for (member, rest) in rests {
            if !rest.is_empty() {
                let delta = member.delta(rest);
                self.send(self.writer.event(index, delta, None, None)?)
                    .await?;
            }
        }
        if calls.tool_calls.is_some() || calls.function_call.is_some() {
            let delta = DeltaReply {
                tool_calls: CallReply::numbered(calls.tool_calls),
                function_call: calls.function_call,
                ..DeltaReply::default()
            };
            self.send(self.writer.event(index, delta, None, None)?)
                .await?;
        }
        let last = DeltaReply::default();
        self.send(self.writer.event(index, last, reason, Some(&self.report))?)
            .await
    }

    /// The rest of every text, the calls, and what became of all of them together.
    async fn judge_rest(
        &self,
        coming: Coming,
    ) -> Result<(Vec<(Member, String)>, AnswerMessage, Judged), Halt> {
        let calls = coming.calls.finish();
        let mut calls = calls.map_err(|_| GatewayError::Answer)?;
        let pieces = Pieces::of(|mut visitor| calls.visit(&mut visitor));
        let mut judged = pieces.judge(&self.guard, Source::Output).await?;
        if judged.outcome == Outcome::Masked {
            let texts = std::mem::take(&mut judged.texts);
            write_back(texts, |mut visitor| calls.visit(&mut visitor));
        }
        let mut rests = Vec::new();
        for (member, text) in coming.texts {
            let (rest, found) = text.finish(&self.guard).await?;
            judged.join(found);
            rests.push((member, rest));
        }
        Ok((rests, calls, judged))
    }

    async fn finish_blocked(&mut self, index: u32) -> Result<(), Halt> {
        let message = self.guard.blocked_output();
        if self.guard.model.config.on_block == OnBlock::Error {
            return Err(GatewayError::Blocked { message }.into());
        }
        let event = self.writer.event(index, saying(&message), None, None)?;
        self.send(event).await?;
        let last = DeltaReply::default();
        let event = self
            .writer
            .event(index, last, filtered(), Some(&self.report))?;
        self.send(event).await
    }

    /// Sends an event and waits until there is room for it. A caller who takes nothing for long is
    /// as good as gone: the upstream does not wait with us.
    async fn send(&self, event: Bytes) -> Result<(), Halt> {
        match timeout(CALLER_STALL, self.sender.send(event)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Halt::Gone),
        }
    }
}

/// Writes pieces of one answer.
struct Writer {
    id: Identifier,
    created: u64,
    model: String,
    system_fingerprint: Option<Identifier>,
    learnt: bool,
}

impl Writer {
    fn new(call: &Call, guard: &Guard) -> Result<Self, GatewayError> {
        Ok(Self {
            id: call.reply_id("chatcmpl")?,
            created: call.now(),
            model: guard.model.name.clone(),
            system_fingerprint: None,
            learnt: false,
        })
    }

    /// Takes the names of the answer from the upstream's first piece.
    fn learn(&mut self, chunk: &ChatChunk) {
        if self.learnt {
            return;
        }
        self.learnt = true;
        if let Some(id) = &chunk.id {
            self.id = id.clone();
        }
        self.created = chunk.created.unwrap_or(self.created);
        self.system_fingerprint
            .clone_from(&chunk.system_fingerprint);
    }

    fn event(
        &self,
        index: u32,
        delta: DeltaReply,
        finish_reason: Option<Identifier>,
        report: Option<&CallReport>,
    ) -> Result<Bytes, GatewayError> {
        let choice = ChunkChoiceReply {
            index,
            delta,
            logprobs: (),
            finish_reason,
        };
        let mut chunk = self.chunk(vec![choice]);
        chunk.pretil = report.and_then(CallReport::member);
        written(&chunk)
    }

    fn usage(&self, usage: Usage) -> Result<Bytes, GatewayError> {
        let mut chunk = self.chunk(Vec::new());
        chunk.usage = Some(usage);
        written(&chunk)
    }

    fn chunk(&self, choices: Vec<ChunkChoiceReply>) -> ChunkReply {
        ChunkReply {
            id: self.id.clone(),
            object: "chat.completion.chunk",
            created: self.created,
            model: self.model.clone(),
            choices,
            usage: None,
            system_fingerprint: self.system_fingerprint.clone(),
            pretil: None,
        }
    }
}

fn written(chunk: &ChunkReply) -> Result<Bytes, GatewayError> {
    let data = serde_json::to_string(chunk).map_err(|_| GatewayError::Internal)?;
    Ok(sse::Event::data(data).to_wire().into())
}

fn done() -> Bytes {
    sse::Event::data(DONE).to_wire().into()
}

/// An answer's first piece.
fn opening() -> DeltaReply {
    DeltaReply {
        role: Some("assistant"),
        ..saying("")
    }
}

fn saying(text: &str) -> DeltaReply {
    Member::Content.delta(text.to_owned())
}
