//! The binary as its users start it: exit statuses, outputs, files, a server from end to end.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

fn pretil(arguments: &[&str]) -> Output {
    pretil_with_input(arguments, "")
}

fn pretil_with_input(arguments: &[&str], input: &str) -> Output {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A process that reads no input may be gone before it is written.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().unwrap()
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pretil"));
    command.args(arguments);
    for name in [
        "PRETIL_LISTEN",
        "PRETIL_DATA_DIR",
        "PRETIL_ENDPOINT",
        "PRETIL_LOG",
    ] {
        command.env_remove(name);
    }
    command
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn example(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples");
    root.join(name).to_str().unwrap().to_owned()
}

/// A guardrail file that needs no model.
const WORDS: &str = "\
name: words
blockedInputMessaging: BLOCKED_INPUT
blockedOutputsMessaging: BLOCKED_OUTPUT
wordPolicyConfig:
  wordsConfig:
    - text: bluewhale
sensitiveInformationPolicyConfig:
  piiEntitiesConfig:
    - { type: EMAIL, action: ANONYMIZE }
";

struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

#[test]
fn apply_says_with_its_status_what_became_of_the_text() {
    let files = Files::new();
    let guardrail = files.write("words.yaml", WORDS);
    let apply = |text: &str| {
        pretil(&[
            "apply",
            "--guardrail",
            &guardrail,
            "--source",
            "INPUT",
            "--text",
            text,
        ])
    };
    let quiet = apply("A quiet day.");
    assert_eq!(quiet.status.code(), Some(0), "{}", stderr(&quiet));
    assert!(
        stdout(&quiet).starts_with("NONE  No action.\n"),
        "{}",
        stdout(&quiet)
    );

    let blocked = apply("A Bluewhale!");
    assert_eq!(blocked.status.code(), Some(3));
    let shown = stdout(&blocked);
    assert!(
        shown.starts_with("GUARDRAIL_INTERVENED  Guardrail blocked.\n"),
        "{shown}"
    );
    assert!(
        shown.contains("word “Bluewhale” at 2–11 → blocked"),
        "{shown}"
    );
    assert!(shown.contains("A »Bluewhale«!"), "{shown}");
    assert!(shown.contains("BLOCKED_INPUT"), "{shown}");

    let masked = apply("to jane@example.com");
    assert_eq!(masked.status.code(), Some(3));
    assert!(
        stdout(&masked).contains("to {EMAIL}"),
        "{}",
        stdout(&masked)
    );
}

#[test]
fn apply_prints_json_for_machines() {
    let files = Files::new();
    let json = r#"{"name":"w","blockedInputMessaging":"I","blockedOutputsMessaging":"O",
        "wordPolicyConfig":{"wordsConfig":[{"text":"bluewhale"}]}}"#;
    let guardrail = files.write("words.json", json);
    let text = files.write("answer.txt", "an old bluewhale");
    let output = pretil(&[
        "apply", "-g", &guardrail, "--source", "output", &text, "--json",
    ]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let response: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(response["action"], "GUARDRAIL_INTERVENED");
    assert_eq!(response["outputs"][0]["text"], "O");
    assert_eq!(
        response["pretil"]["findings"][0]["spans"][0]["bytes"]["begin"],
        7
    );
}

#[test]
fn apply_reads_standard_input() {
    let files = Files::new();
    let guardrail = files.write("words.yaml", WORDS);
    let output = pretil_with_input(&["apply", "-g", &guardrail, "-"], "one bluewhale");
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
}

#[test]
fn errors_have_status_1_and_name_what_is_wrong() {
    let files = Files::new();
    let guardrail = files.write("words.yaml", WORDS);
    let broken = files.write("broken.yaml", &WORDS.replace("EMAIL", "SHOE_SIZE"));
    let empty = files.write("empty.yaml", "name: x\n");
    for (arguments, named) in [
        (
            vec!["apply", "-g", "/nowhere.yaml", "-t", "x"],
            "/nowhere.yaml",
        ),
        (vec!["apply", "-g", &broken, "-t", "x"], "enum value set"),
        (
            vec!["apply", "-g", &empty, "-t", "x"],
            "blockedInputMessaging",
        ),
        (vec!["apply", "-g", &guardrail], "--text"),
        (
            vec!["apply", "-g", &guardrail, "-t", "x", "--source", "SIDEWAYS"],
            "SIDEWAYS",
        ),
        (vec!["nonsense"], "nonsense"),
        (vec!["serve", "--listen", "0.0.0.0:0"], "--insecure"),
        (
            vec!["serve", "--account", "12", "--listen", "127.0.0.1:0"],
            "twelve digits",
        ),
        (
            vec!["guardrail", "list", "--endpoint", "http://127.0.0.1:1"],
            "pretil serve",
        ),
        (
            vec!["guardrail", "list", "--endpoint", "https://127.0.0.1:1"],
            "http://",
        ),
    ] {
        let output = pretil(&arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(
            stderr(&output).contains(named),
            "{arguments:?}: {}",
            stderr(&output)
        );
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    assert_eq!(pretil(&["--help"]).status.code(), Some(0));
    assert_eq!(pretil(&["--version"]).status.code(), Some(0));
}

#[test]
fn the_examples_are_guardrails() {
    let support = example("customer-support.yaml");
    let output = pretil(&[
        "apply",
        "-g",
        &support,
        "-t",
        "Card 4111 1111 1111 1111, booking QX-4821-LM",
        "--json",
    ]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let response: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = "Card {CREDIT_DEBIT_CARD_NUMBER}, booking {booking_reference}";
    assert_eq!(response["outputs"][0]["text"], text);
    let advice = example("fiduciary-advice.yaml");
    let output = pretil(&["apply", "-g", &advice, "-t", "x", "--json"]);
    assert!(
        matches!(output.status.code(), Some(0 | 3)),
        "{}",
        stderr(&output)
    );
}

#[test]
fn doctor_names_the_kernel_and_leaves_no_directory() {
    let files = Files::new();
    let data_dir = files.path("data");
    let output = pretil(&["doctor", "--data-dir", data_dir.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let shown = stdout(&output);
    for name in ["pretil ", "cpu ", "kernel ", "data "] {
        assert!(shown.lines().any(|line| line.starts_with(name)), "{shown}");
    }
    assert!(!data_dir.exists());
}

/// A running `pretil serve`, ended with SIGTERM.
struct Server {
    child: Child,
    endpoint: String,
}

impl Server {
    fn start(data_dir: &Path) -> Self {
        let data_dir = data_dir.to_str().unwrap();
        let mut child = command(&["serve", "--listen", "127.0.0.1:0", "--data-dir", data_dir])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let (_, rest) = line
            .split_once("http://")
            .unwrap_or_else(|| panic!("{line:?}"));
        let (address, _) = rest.split_once(',').unwrap();
        Self {
            endpoint: format!("http://{address}"),
            child,
        }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let endpoint = ["guardrail", "--endpoint", self.endpoint.as_str()];
        let output = pretil(&[&endpoint, arguments].concat());
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?}: {}",
            stderr(&output)
        );
        output
    }

    fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        assert!(self.child.wait().unwrap().success());
    }
}

#[test]
fn guardrails_of_a_server_are_managed_and_kept() {
    let files = Files::new();
    let data_dir = files.path("data");
    let guardrail = files.write("words.yaml", WORDS);
    let server = Server::start(&data_dir);

    let created: Value =
        serde_json::from_slice(&server.run(&["create", &guardrail]).stdout).unwrap();
    let id = created["guardrailId"].as_str().unwrap().to_owned();
    let version = server.run(&["version", &id, "--description", "first"]);
    assert!(stdout(&version).contains("\"version\": \"1\""));
    let renamed = files.write("renamed.yaml", &WORDS.replace("bluewhale", "redwhale"));
    server.run(&["update", &id, &renamed]);
    let got: Value = serde_json::from_slice(&server.run(&["get", &id]).stdout).unwrap();
    assert_eq!(got["wordPolicy"]["words"][0]["text"], "redwhale");
    let one = server.run(&["get", &id, "--version", "1"]);
    let one: Value = serde_json::from_slice(&one.stdout).unwrap();
    assert_eq!(one["wordPolicy"]["words"][0]["text"], "bluewhale");
    assert_eq!(one["description"], "first");
    assert!(stdout(&server.run(&["list"])).contains(&format!("{id}  DRAFT     words")));
    assert_eq!(stdout(&server.run(&["list", &id])).lines().count(), 2);

    // What is exported is a file like any other.
    let exported = files.write("exported.yaml", &stdout(&server.run(&["export", &id])));
    let applied = pretil(&["apply", "-g", &exported, "-t", "a redwhale"]);
    assert_eq!(applied.status.code(), Some(3), "{}", stderr(&applied));
    assert!(stdout(&server.run(&["import", &exported])).starts_with("updated "));
    let other = files.write("other.yaml", &WORDS.replace("name: words", "name: other"));
    assert!(stdout(&server.run(&["import", &exported, &other])).contains("\ncreated "));
    server.run(&["delete", &id, "--version", "1"]);
    server.run(&["delete", &id]);

    // A second process on the same directory is refused, and told why.
    let second = pretil(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--data-dir",
        data_dir.to_str().unwrap(),
    ]);
    assert_eq!(second.status.code(), Some(1));
    assert!(
        stderr(&second).contains("in use by another process"),
        "{}",
        stderr(&second)
    );
    server.stop();

    let server = Server::start(&data_dir);
    let left = stdout(&server.run(&["list"]));
    assert!(left.contains("other") && !left.contains(&id), "{left}");
    server.stop();
}

/// Broke once: the signals were only caught after the ready line had been printed.
#[test]
fn a_server_that_is_ready_can_be_told_to_end() {
    let files = Files::new();
    for round in 0..5 {
        Server::start(&files.path(&format!("data{round}"))).stop();
    }
}

#[test]
fn the_demo_shows_its_guardrails_and_ends() {
    let output = pretil(&["demo", "--exit", "--listen", "127.0.0.1:0"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let shown = stdout(&output);
    for part in [
        "fiduciary-advice created as ",
        "version 1 applied",
        "How should I invest for my retirement? I want to be able to generate $5,000 a month",
        "What is the weather like in Madrid today?\n         NONE  No action.",
        "How do I reset my online banking password?\n         NONE  No action.",
        "customer-support created as ",
        "GUARDRAIL_INTERVENED  Guardrail masked.",
        "{CREDIT_DEBIT_CARD_NUMBER}",
        "{booking_reference}",
        "word “Skybridge Air”",
        "profanity “bullshit”",
        "NONE  No action.",
        "content-filters created as ",
        "content filter VIOLENCE, confidence ",
        "not evaluated: content policy (unsupported language) → blocked",
    ] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
}

/// Two labelled texts, one of which also holds a word that `WORDS` blocks.
const PII_ROWS: &str = r#"{"text": "é Write to jane@example.com", "lang": "en", "spans": [{"start": 11, "end": 27, "type": "EMAIL"}]}
{"text": "Nothing here but a bluewhale", "lang": "fr", "spans": []}
"#;

#[test]
fn eval_measures_the_same_on_any_number_of_threads() {
    let files = Files::new();
    let rows = files.write("rows.jsonl", PII_ROWS);
    let [scores, report] =
        ["scores.jsonl", "report"].map(|name| files.path(name).to_str().unwrap().to_owned());
    let run = |jobs: &str| {
        let output = pretil(&[
            "eval", "--task", "pii", "--data", &rows, "--json", "--jobs", jobs, "--scores",
            &scores, "--report", &report,
        ]);
        assert!(output.status.success(), "{}", stderr(&output));
        (stdout(&output), std::fs::read_to_string(&scores).unwrap())
    };
    let (json, lines) = run("1");
    assert_eq!((json.clone(), lines.clone()), run("5"));
    let figures: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(figures["rows"], 2);
    assert_eq!(figures["labels"]["EMAIL"]["all"]["exact_f1"]["value"], 1.0);
    assert_eq!(figures["labels"]["EMAIL"]["languages"]["fr"]["labels"], 0);
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first["spans"][0]["type"], "EMAIL");
    assert_eq!(lines.lines().count(), 2);
    assert!(!lines.contains("jane"), "scores hold no content");
    let page = std::fs::read_to_string(format!("{report}/page.html")).unwrap();
    assert!(page.contains("exact f1") && !page.contains("jane"));
}

#[test]
fn eval_runs_a_guardrail() {
    let files = Files::new();
    let guardrail = files.write("words.yaml", WORDS);
    let rows = files.write(
        "rows.jsonl",
        "{\"text\": \"a bluewhale\", \"orig\": {\"harmful\": 1}}\n{\"text\": \"a fish\", \"orig\": {\"harmful\": 0}}\n",
    );
    let output = pretil(&[
        "eval",
        "--task",
        "content",
        "--data",
        &rows,
        "--guardrail",
        &guardrail,
        "--json",
    ]);
    assert!(output.status.success(), "{}", stderr(&output));
    let figures: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(figures["guardrail"], "words");
    assert_eq!(
        figures["labels"]["UNSAFE"]["all"]["precision"]["value"],
        1.0
    );
    assert_eq!(figures["labels"]["UNSAFE"]["all"]["recall"]["value"], 1.0);
}

#[test]
fn eval_says_what_it_cannot_measure() {
    let files = Files::new();
    let rows = files.write("rows.jsonl", PII_ROWS);
    for task in ["grounding", "relevance"] {
        let output = pretil(&["eval", "--task", task, "--data", &rows]);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            stderr(&output).contains("is not a row of this kind"),
            "{task}"
        );
    }
    let broken = files.write("broken.jsonl", "{\"text\": \"the words of a row\"");
    let output = pretil(&["eval", "--task", "pii", "--data", &broken]);
    assert_eq!(output.status.code(), Some(1));
    let message = stderr(&output);
    assert!(message.contains("line 1"), "{message}");
    assert!(!message.contains("the words of a row"), "{message}");
}
