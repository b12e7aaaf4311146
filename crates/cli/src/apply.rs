//! `pretil apply`: a guardrail from a file, a text, no server.

use crate::{
    arguments::{ApplyArguments, SourceArgument},
    guardrail_file, report,
    terminal::Style,
};
use anyhow::{Context, Result, anyhow};
use pretil_guardrail::{
    Block, Content, EvaluateOptions, Guardrail, OutputScope, Qualifiers, Source, Text, Verdict,
};
use pretil_server::convert::{
    self,
    explanation::explanation,
    verdict::{Applied, response},
};
use pretil_wire::bedrock::{GuardrailVersion, runtime::ApplyGuardrailResponse};
use std::{
    io::Write,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

/// Longest text that is read: what the API takes in one request.
const MAX_TEXT_BYTES: u64 = pretil_server::limits::MAX_BODY_BYTES as u64;

/// The exit status of "the guardrail intervened".
const INTERVENED: u8 = 3;

pub(crate) fn run(arguments: &ApplyArguments) -> Result<ExitCode> {
    let request = guardrail_file::read(&arguments.guardrail)?;
    let name = request.name.clone();
    let detectors = pretil_models::detectors();
    let compiling = Instant::now();
    let config = convert::config::from_create(request)?;
    let guardrail = Guardrail::compile(config, &detectors)
        .with_context(|| format!("{} is no guardrail", arguments.guardrail.display()))?;
    let compiled = compiling.elapsed();
    let content = content(arguments)?;
    let scope = if arguments.full {
        OutputScope::Full
    } else {
        OutputScope::Interventions
    };
    let options = EvaluateOptions {
        strict_aws: arguments.strict_aws,
        explain: false,
    };
    let judge = |options| -> Result<(Verdict, Duration)> {
        let evaluating = Instant::now();
        let verdict = guardrail.evaluate_with(&content, &detectors, options)?;
        Ok((verdict, evaluating.elapsed()))
    };
    let (mut verdict, evaluated) = judge(options)?;
    if arguments.repeat > 1 {
        let mut times = Vec::new();
        for _ in 0..arguments.repeat {
            times.push(judge(options)?.1);
        }
        write_times(&mut times)?;
    }
    let mut timings = vec![("compile", compiled), ("evaluate", evaluated)];
    if verdict.assessment.filters.iter().any(|it| it.detected) {
        let options = EvaluateOptions {
            explain: true,
            ..options
        };
        let (explained, took) = judge(options)?;
        verdict = explained;
        timings.push(("explain", took));
    }
    let explanation = explanation(&content, &verdict, scope, &timings);
    let applied = Applied {
        id: name,
        arn: None,
        version: GuardrailVersion::Draft,
        origin: Vec::new(),
        verdict,
        latency: evaluated,
    };
    let mut response = response(&applied, scope);
    response.pretil = Some(explanation);
    print(arguments, &content, &response)?;
    Ok(if response.action == "NONE" {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INTERVENED)
    })
}

/// Median and 99th percentile of what one evaluation took, warm.
fn write_times(times: &mut [Duration]) -> Result<()> {
    times.sort_unstable();
    let at = |percent: usize| {
        times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1e3
    };
    let (median, tail, count) = (at(50), at(99), times.len());
    writeln!(
        std::io::stderr(),
        "evaluated {count} times: p50 {median:.3} ms, p99 {tail:.3} ms"
    )?;
    Ok(())
}

/// The text, after what it is held against.
fn content(arguments: &ApplyArguments) -> Result<Content> {
    let mut blocks = Vec::new();
    for path in &arguments.grounding_source {
        blocks.push(Block::Text {
            text: Text::new(guardrail_file::read_text(path, MAX_TEXT_BYTES)?),
            qualifiers: Qualifiers {
                grounding_source: true,
                ..Qualifiers::default()
            },
        });
    }
    if let Some(query) = &arguments.query {
        blocks.push(Block::Text {
            text: Text::new(query),
            qualifiers: Qualifiers {
                query: true,
                ..Qualifiers::default()
            },
        });
    }
    blocks.push(Block::Text {
        text: Text::new(text(arguments.text.as_deref(), arguments.file.as_deref())?),
        qualifiers: Qualifiers::default(),
    });
    Ok(Content {
        source: match arguments.source {
            SourceArgument::Input => Source::Input,
            SourceArgument::Output => Source::Output,
        },
        blocks,
    })
}

fn text(text: Option<&str>, file: Option<&Path>) -> Result<String> {
    match (text, file) {
        (Some(text), _) => Ok(text.to_owned()),
        (None, Some(path)) => guardrail_file::read_text(path, MAX_TEXT_BYTES),
        (None, None) => Err(anyhow!("there is no text to judge")),
    }
}

fn print(
    arguments: &ApplyArguments,
    content: &Content,
    response: &ApplyGuardrailResponse,
) -> Result<()> {
    let mut out = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, response)?;
        writeln!(out)?;
        return Ok(());
    }
    let style = Style::of_stdout();
    writeln!(out, "{}", report::headline(response, style))?;
    for line in report::reasons(response, &texts(content)) {
        writeln!(out, "  {line}")?;
    }
    if let Some(explanation) = &response.pretil {
        let last = content.blocks.len().saturating_sub(1);
        if let Some(Block::Text { text, .. }) = content.blocks.get(last) {
            let marked = report::marked(text.as_str(), last, explanation, style);
            writeln!(out, "\n{}\n{}", style.bold("Text"), indented(&marked))?;
        }
    }
    if let Some(output) = report::outputs(response).last() {
        writeln!(out, "\n{}\n{}", style.bold("Output"), indented(&output))?;
    }
    let mut timings = response.pretil.iter().flat_map(|it| &it.timings);
    if let Some(timing) = timings.find(|it| it.stage == "evaluate") {
        let milliseconds = timing.microseconds as f64 / 1e3;
        writeln!(out, "\n{}", style.dim(&format!("{milliseconds:.1} ms")))?;
    }
    Ok(())
}

/// The text of every block; nothing for an image.
fn texts(content: &Content) -> Vec<&str> {
    let texts = content.blocks.iter().map(|block| match block {
        Block::Text { text, .. } => text.as_str(),
        Block::Image => "",
    });
    texts.collect()
}

fn indented(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}
