//! `pretil demo`: a server, three guardrails made over its own API, and what they do to real text.

mod texts;

use crate::{
    arguments::{DemoArguments, LogFormat, ServiceArguments},
    client::{Client, encoded},
    guardrail_file,
    manage::{self, Imported},
    report, serve,
    terminal::Style,
};
use anyhow::{Context, Result};
use pretil_server::{
    caller::{DEFAULT_ACCOUNT, DEFAULT_REGION},
    gateway::Gateway,
};
use pretil_wire::bedrock::runtime::{
    ApplyGuardrailRequest, ApplyGuardrailResponse, ContentBlock, TextBlock,
};
use std::{
    io::{self, Write},
    net::SocketAddr,
    time::{Duration, Instant},
};
use texts::{Example, Scene};
use tokio::{net::TcpListener, sync::oneshot};

pub(crate) async fn run(arguments: &DemoArguments) -> Result<()> {
    serve::log_to_stderr(LogFormat::Text, "warn");
    let (listener, taken) = listen(&arguments.listen).await?;
    let address = listener.local_addr()?;
    let style = Style::of_stdout();
    if taken {
        say(&format!(
            "{} is taken, so this listens on {address}.",
            arguments.listen
        ))?;
    }
    // Kept until the end: it is removed when dropped.
    let temporary = tempfile::Builder::new().prefix("pretil-demo-").tempdir()?;
    let data_dir = match &arguments.data_dir {
        Some(data_dir) => data_dir.clone(),
        None => temporary.path().join("data"),
    };
    let app = serve::open(&data_dir, serve::settings(&service())?, Gateway::default()).await?;
    let stopped = serve::stop_signal()?;
    let (end, ended) = oneshot::channel::<()>();
    let server = tokio::spawn(pretil_server::serve::serve(listener, app, async {
        tokio::select! {
            () = stopped => {}
            _ = ended => {}
        }
    }));
    say(&format!(
        "{} on http://{address}, data in {}\n",
        style.bold(&format!("Pretil {}", env!("CARGO_PKG_VERSION"))),
        data_dir.display()
    ))?;
    let client = Client::new(&format!("http://{address}"))?;
    let (id, version) = show_all(&client, style).await?;
    if arguments.exit {
        drop(end);
    } else {
        how_to_call(address, &id, &version, style)?;
    }
    server.await??;
    drop(temporary);
    Ok(())
}

/// Listens at `address`, or on a free port if that one is taken (then with `true`).
async fn listen(address: &str) -> Result<(TcpListener, bool)> {
    match serve::listen(address, false).await {
        Ok(listener) => Ok((listener, false)),
        Err(error) if is_taken(&error) => Ok((serve::listen("127.0.0.1:0", false).await?, true)),
        Err(error) => Err(error),
    }
}

fn is_taken(error: &anyhow::Error) -> bool {
    let cause = error.downcast_ref::<io::Error>();
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::AddrInUse)
}

fn service() -> ServiceArguments {
    ServiceArguments {
        account: DEFAULT_ACCOUNT.to_owned(),
        region: DEFAULT_REGION.to_owned(),
        strict_aws: false,
    }
}

/// Shows every scene. Gives id and version of the first guardrail, for the closing words.
async fn show_all(client: &Client, style: Style) -> Result<(String, String)> {
    let mut first = None;
    for scene in texts::SCENES {
        let shown = show(client, scene, style)
            .await
            .with_context(|| format!("the guardrail {}", scene.file))?;
        first.get_or_insert(shown);
    }
    first.context("there is nothing to show")
}

async fn show(client: &Client, scene: &Scene, style: Style) -> Result<(String, String)> {
    let request = guardrail_file::parse(scene.guardrail)?;
    let name = request.name.clone();
    let (id, imported) = manage::create_or_update(client, request).await?;
    let version = if scene.versioned {
        let made = manage::make_version(client, &id, Some("made by the demo".to_owned()));
        made.await?.version.to_string()
    } else {
        "DRAFT".to_owned()
    };
    let did = match imported {
        Imported::Created => "created",
        Imported::Updated => "updated",
    };
    say(&format!(
        "{} {did} as {id}, version {version} applied ({})",
        style.bold(&name),
        scene.about
    ))?;
    for example in scene.examples {
        apply(client, &id, &version, example, style).await?;
    }
    say("")?;
    Ok((id, version))
}

async fn apply(
    client: &Client,
    id: &str,
    version: &str,
    example: &Example,
    style: Style,
) -> Result<()> {
    let request = ApplyGuardrailRequest {
        source: example.source.to_owned(),
        content: vec![ContentBlock::Text(TextBlock {
            text: example.text.into(),
            qualifiers: None,
        })],
        output_scope: None,
    };
    let path = format!(
        "/guardrail/{}/version/{}/apply",
        encoded(id),
        encoded(version)
    );
    let started = Instant::now();
    let response: ApplyGuardrailResponse = client
        .post(&path, &request, &[("x-pretil-explain", "true")])
        .await?;
    let took = started.elapsed();
    let explanation = response.pretil.clone().unwrap_or_default();
    // What a call takes that asks for no explanation.
    let timings = explanation.timings.iter();
    let explained = timings.filter(|it| it.stage == "explain");
    let explained: u64 = explained.map(|it| it.microseconds).sum();
    let took = took.saturating_sub(Duration::from_micros(explained));
    let milliseconds = took.as_secs_f64() * 1e3;
    // Only colours mark it: without them a prompt is printed as it was sent.
    let text = if style.has_colours() {
        report::marked(example.text, 0, &explanation, style)
    } else {
        example.text.to_owned()
    };
    say(&format!("\n  {:<6} {text}", example.source))?;
    let time = style.dim(&format!("{milliseconds:.1} ms"));
    say(&format!(
        "         {}  {time}",
        report::headline(&response, style)
    ))?;
    for reason in report::reasons(&response, &[example.text]) {
        say(&format!("         {}", style.dim(&reason)))?;
    }
    for output in report::outputs(&response) {
        say(&format!("         → {output}"))?;
    }
    Ok(())
}

fn how_to_call(address: SocketAddr, id: &str, version: &str, style: Style) -> Result<()> {
    let boto3 = style.bold("boto3");
    let cli = style.bold("AWS CLI");
    say(&format!(
        "\
Serving on until Ctrl-C. The clients want credentials and do not need real ones:

  export AWS_ENDPOINT_URL_BEDROCK=http://{address} AWS_ENDPOINT_URL_BEDROCK_RUNTIME=http://{address}
  export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION={DEFAULT_REGION}

{boto3}
  import boto3
  runtime = boto3.client(\"bedrock-runtime\")
  reply = runtime.apply_guardrail(
      guardrailIdentifier=\"{id}\", guardrailVersion=\"{version}\", source=\"INPUT\",
      content=[{{\"text\": {{\"text\": \"Which fund should I put my savings in?\"}}}}])
  print(reply[\"action\"], reply[\"outputs\"])

{cli}
  aws bedrock list-guardrails
  aws bedrock-runtime apply-guardrail --guardrail-identifier {id} --guardrail-version {version} \\
      --source INPUT --content '[{{\"text\":{{\"text\":\"Which fund should I put my savings in?\"}}}}]'"
    ))
}

fn say(line: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}
