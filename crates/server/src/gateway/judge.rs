//! One direction of a call, judged by a guardrail: the core that the dialects share.

use super::{
    Model,
    config::{GuardrailChoice, Named, OnFailure},
    error::GatewayError,
};
use crate::{
    app::App, caller::Caller, convert::explanation::explanation, error::Error,
    evaluation::PoolError, guardrail_cache::Compiled,
};
use http::{HeaderMap, HeaderName};
use pretil_guardrail::{
    Block, Content, EvaluateOptions, OutputScope, Qualifiers, Source, Text,
    evaluate::EvaluateError,
    verdict::{Outcome, Verdict},
};
use pretil_store::StoreError;
use pretil_wire::bedrock::{GuardrailReference, GuardrailVersion, runtime::Explanation};
use std::sync::Arc;

/// Names the guardrail of one call: `ID` or `ID:VERSION`.
const GUARDRAIL: HeaderName = HeaderName::from_static("x-pretil-guardrail");

/// Asks for the evidence of each finding.
const EXPLAIN: HeaderName = HeaderName::from_static("x-pretil-explain");

/// The guardrail of one call.
pub(crate) struct Guard {
    pub(crate) app: Arc<App>,
    pub(crate) model: Arc<Model>,
    pub(crate) compiled: Arc<Compiled>,
    pub(crate) version: GuardrailVersion,
    pub(crate) explain: bool,
}

/// A piece of what is judged together.
pub(crate) enum Piece {
    /// Prose.
    Text(String),
    /// JSON that a mask must leave JSON.
    Arguments(String),
    /// A picture.
    Image,
}

/// What became of the pieces.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) outcome: Outcome,
    /// Where they were masked: every text, in order.
    pub(crate) texts: Vec<String>,
    /// Where they were blocked: the guardrail's prepared message.
    pub(crate) message: String,
    /// What was found, and what was not evaluated.
    pub(crate) explanation: Explanation,
    /// Why they passed unjudged, where `on_failure: open` lets them.
    pub(crate) unjudged: Option<&'static str>,
}

impl Judged {
    /// Nothing was found, since there was nothing.
    fn nothing() -> Self {
        Self {
            outcome: Outcome::None,
            texts: Vec::new(),
            message: String::new(),
            explanation: Explanation::default(),
            unjudged: None,
        }
    }

    /// It passes unjudged: `why` is said with it.
    pub(crate) fn unjudged(why: &'static str) -> Self {
        Self {
            unjudged: Some(why),
            ..Self::nothing()
        }
    }

    /// What became of a text that was judged while it came. Its places are not told: the text is gone.
    pub(crate) fn of_stream(verdict: &Verdict) -> Self {
        let content = Content {
            source: Source::Output,
            blocks: Vec::new(),
        };
        Self {
            outcome: verdict.outcome,
            explanation: explanation(&content, verdict, OutputScope::Interventions, &[]),
            ..Self::nothing()
        }
    }

    /// Adds what became of another text of the same answer.
    pub(crate) fn join(&mut self, other: Self) {
        self.outcome = self.outcome.max(other.outcome);
        self.unjudged = self.unjudged.or(other.unjudged);
        self.explanation.findings.extend(other.explanation.findings);
        let not_evaluated = other.explanation.not_evaluated;
        self.explanation.not_evaluated.extend(not_evaluated);
    }

    /// Notes that a part could not be judged, whatever the others gave.
    pub(crate) fn but_for(mut self, why: Option<&'static str>) -> Self {
        self.unjudged = self.unjudged.or(why);
        self
    }
}

impl Guard {
    /// The guardrail for a call to `model`: what the header names, if the model lets it, else the
    /// model's own.
    pub(crate) async fn choose(
        app: &Arc<App>,
        caller: &Caller,
        model: &Arc<Model>,
        headers: &HeaderMap,
    ) -> Result<Self, GatewayError> {
        let named = named(headers)?;
        if named.is_some() && !model.config.guardrail_override {
            return Err(GatewayError::GuardrailFixed);
        }
        let by_header = named.is_some();
        let choice = named.as_ref().unwrap_or(&model.guardrail);
        let compiled = compiled(app, caller, choice).await;
        let compiled = compiled.map_err(|error| match error {
            Error::UnknownGuardrail if by_header => GatewayError::GuardrailHeader,
            Error::UnknownGuardrail => GatewayError::NoGuardrail,
            other => GatewayError::NotJudged(other),
        })?;
        let explain = headers.get(EXPLAIN);
        Ok(Self {
            app: Arc::clone(app),
            model: Arc::clone(model),
            compiled,
            version: choice.version,
            explain: explain.is_some_and(|it| it.as_bytes().eq_ignore_ascii_case(b"true")),
        })
    }

    /// Whether what cannot be judged passes, labelled.
    pub(crate) fn open(&self) -> bool {
        self.model.config.on_failure == OnFailure::Open
    }

    /// The prepared message in the place of an answer.
    pub(crate) fn blocked_output(&self) -> String {
        let config = self.compiled.guardrail.config();
        config.blocked_outputs_messaging.clone()
    }

    /// Judges `pieces` as one content.
    ///
    /// # Errors
    ///
    /// They could not be judged, and that does not let them pass.
    pub(crate) async fn judge(
        &self,
        source: Source,
        pieces: Vec<Piece>,
    ) -> Result<Judged, GatewayError> {
        if pieces.is_empty() {
            return Ok(Judged::nothing());
        }
        let work = {
            let (app, compiled) = (Arc::clone(&self.app), Arc::clone(&self.compiled));
            let explain = self.explain;
            move || judge(&app, &compiled, source, pieces, explain)
        };
        let judged = self.app.pool().run(work).await.map_err(Error::from);
        match judged.and_then(|judged| judged.map_err(Error::from)) {
            Ok(judged) => Ok(judged),
            Err(error) if self.open() => Ok(Judged::unjudged(reason(&error))),
            Err(error) => Err(error.into()),
        }
    }
}

/// Why nothing was judged, from a closed set.
fn reason(error: &Error) -> &'static str {
    match error {
        Error::Pool(PoolError::Overloaded) => "no_core_was_free",
        Error::Pool(PoolError::TooSlow) => "too_slow",
        Error::Content(_) => "too_long",
        _ => "failed",
    }
}

/// The guardrail that the request's header names.
fn named(headers: &HeaderMap) -> Result<Option<GuardrailChoice>, GatewayError> {
    let Some(value) = headers.get(GUARDRAIL) else {
        return Ok(None);
    };
    let wrong = || GatewayError::GuardrailHeader;
    let text = value.to_str().map_err(|_| wrong())?.trim();
    // An ARN has colons of its own.
    let versioned = text.rsplit_once(':').and_then(|(id, version)| {
        let version: GuardrailVersion = version.parse().ok()?;
        Some((id, version))
    });
    let (id, version) = versioned.unwrap_or((text, GuardrailVersion::Draft));
    let reference: GuardrailReference = id.parse().map_err(|_| wrong())?;
    Ok(Some(GuardrailChoice {
        guardrail: Named::Reference(reference),
        version,
    }))
}

async fn compiled(
    app: &Arc<App>,
    caller: &Caller,
    choice: &GuardrailChoice,
) -> Result<Arc<Compiled>, Error> {
    let reference = match &choice.guardrail {
        Named::Reference(reference) => reference.clone(),
        Named::Name(name) => {
            let id = app.store().guardrail_named(&caller.account, name).await;
            let id = id.map_err(|error| match error {
                StoreError::NotFound(_) => Error::UnknownGuardrail,
                other => Error::Store(other),
            })?;
            GuardrailReference::Id(id.to_string())
        }
    };
    app.compiled(caller, &reference, choice.version).await
}

/// Runs on a thread of the pool.
fn judge(
    app: &App,
    compiled: &Compiled,
    source: Source,
    pieces: Vec<Piece>,
    explain: bool,
) -> Result<Judged, EvaluateError> {
    let (content, arguments) = content(source, pieces);
    let options = EvaluateOptions {
        explain,
        ..app.options()
    };
    let guardrail = &compiled.guardrail;
    let verdict = guardrail.evaluate_with(&content, app.detectors(), options)?;
    app.metrics().not_evaluated(&verdict.not_evaluated);
    let explanation = explanation(&content, &verdict, OutputScope::Interventions, &[]);
    let prepared = || {
        let config = guardrail.config();
        match source {
            Source::Input => config.blocked_input_messaging.clone(),
            Source::Output => config.blocked_outputs_messaging.clone(),
        }
    };
    // What calls a tool is code: if a mask would break it, it does not pass at all.
    let broken = verdict.outcome == Outcome::Masked && breaks(&content, &verdict, &arguments);
    let outcome = if broken {
        Outcome::Blocked
    } else {
        verdict.outcome
    };
    Ok(Judged {
        outcome,
        message: if outcome == Outcome::Blocked {
            prepared()
        } else {
            String::new()
        },
        texts: if outcome == Outcome::Masked {
            verdict.outputs
        } else {
            Vec::new()
        },
        explanation,
        unjudged: None,
    })
}

/// The pieces as content, and which of its texts are arguments.
fn content(source: Source, pieces: Vec<Piece>) -> (Content, Vec<bool>) {
    let mut arguments = Vec::new();
    let blocks = pieces.into_iter().map(|piece| {
        let text = match piece {
            Piece::Image => return Block::Image,
            Piece::Text(text) => {
                arguments.push(false);
                text
            }
            Piece::Arguments(text) => {
                arguments.push(true);
                text
            }
        };
        Block::Text {
            text: Text::new(text),
            qualifiers: Qualifiers::default(),
        }
    });
    let blocks = blocks.collect();
    (Content { source, blocks }, arguments)
}

/// Whether some arguments were JSON and would not be any more.
fn breaks(content: &Content, verdict: &Verdict, arguments: &[bool]) -> bool {
    let is_json = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    let texts = content.blocks.iter().filter_map(|block| match block {
        Block::Text { text, .. } => Some(text.as_str()),
        Block::Image => None,
    });
    let mut each = texts.zip(&verdict.outputs).zip(arguments);
    each.any(|((before, after), arguments)| *arguments && is_json(before) && !is_json(after))
}
