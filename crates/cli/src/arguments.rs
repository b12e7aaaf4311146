//! The command line. Others script against it: extend it, do not break it.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Guardrails in front of any foundation model, with the API of Amazon Bedrock Guardrails.
#[derive(Debug, Parser)]
#[command(name = "pretil", version, about, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves the API until it is told to stop
    Serve(ServeArguments),
    /// Starts a server, creates three guardrails, applies them to text, and keeps serving
    Demo(DemoArguments),
    /// Applies a guardrail from a file to a text; needs no server
    Apply(ApplyArguments),
    /// Manages the guardrails of a running server
    Guardrail(GuardrailArguments),
    /// Measures how well a guardrail, or the bare detectors, judge labelled rows
    Eval(EvalArguments),
    /// Says what this build and this machine are: version, CPU, kernels, weights, data directory
    Doctor(DoctorArguments),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pretil serve
  pretil serve --listen 127.0.0.1:9000 --data-dir /var/lib/pretil
  pretil serve --config gateway.yaml
  AWS_ENDPOINT_URL_BEDROCK=http://127.0.0.1:8787 aws bedrock list-guardrails

Metrics are at /metrics, health at /healthz and /readyz. SIGINT and SIGTERM end the server after the
requests in flight.")]
pub(crate) struct ServeArguments {
    /// Where to listen. Anything but loopback needs --insecure
    #[arg(
        long,
        value_name = "ADDR:PORT",
        env = "PRETIL_LISTEN",
        default_value = "127.0.0.1:8787"
    )]
    pub(crate) listen: String,
    /// Where guardrails are kept. Made if it is not there; one server at a time
    #[arg(
        long,
        value_name = "DIR",
        env = "PRETIL_DATA_DIR",
        default_value = "./pretil-data"
    )]
    pub(crate) data_dir: PathBuf,
    /// Listen where others can reach it, without authentication: whoever can connect can do all
    #[arg(long)]
    pub(crate) insecure: bool,
    /// Models to call through guardrails, and their servers: a YAML file. See docs/gateway.md
    #[arg(long, value_name = "FILE", env = "PRETIL_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) service: ServiceArguments,
    /// How log lines look, on stderr. The environment variable PRETIL_LOG filters them (warn,
    /// pretil_server=debug …)
    #[arg(long, value_enum, env = "PRETIL_LOG_FORMAT", default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
}

/// What the service calls itself.
#[derive(Debug, Args)]
pub(crate) struct ServiceArguments {
    /// The account in ARNs, twelve digits
    #[arg(long, value_name = "ID", env = "PRETIL_ACCOUNT", default_value = pretil_server::caller::DEFAULT_ACCOUNT)]
    pub(crate) account: String,
    /// The region in ARNs for clients that do not sign; those that do name their own
    #[arg(long, value_name = "REGION", env = "PRETIL_REGION", default_value = pretil_server::caller::DEFAULT_REGION)]
    pub(crate) region: String,
    /// Reproduce Bedrock's exception: an ANONYMIZE without inputAction does not mask prompts
    #[arg(long)]
    pub(crate) strict_aws: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pretil demo
  pretil demo --exit")]
pub(crate) struct DemoArguments {
    /// Where to listen. If this port is taken, a free one is used
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8787")]
    pub(crate) listen: String,
    /// Where guardrails are kept. A temporary directory that goes with the demo if not given
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// End after the examples instead of serving on
    #[arg(long)]
    pub(crate) exit: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Exit status: 0 nothing was done, 3 the guardrail intervened, 1 error.

Examples:
  pretil apply --guardrail support.yaml --source INPUT --text 'Mail me at jane@example.com'
  pretil apply --guardrail support.yaml --source OUTPUT answer.txt --json
  cat prompt.txt | pretil apply --guardrail support.yaml --source INPUT -
  pretil apply --guardrail rag.yaml --source OUTPUT --grounding-source page.txt \\
      --query 'When do you open?' --text 'At nine.'

A guardrail file is YAML or JSON in the shape of CreateGuardrail.")]
pub(crate) struct ApplyArguments {
    /// The guardrail: a YAML or JSON file
    #[arg(long, short, value_name = "FILE")]
    pub(crate) guardrail: PathBuf,
    /// INPUT judges a prompt, OUTPUT an answer
    #[arg(long, short, value_enum, ignore_case = true, default_value = "INPUT")]
    pub(crate) source: SourceArgument,
    /// The text to judge
    #[arg(
        long,
        short,
        value_name = "TEXT",
        conflicts_with = "file",
        required_unless_present = "file"
    )]
    pub(crate) text: Option<String>,
    /// A file with the text to judge; - is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// A file with the text that the answer must be supported by; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) grounding_source: Vec<PathBuf>,
    /// The question that the answer must answer
    #[arg(long, value_name = "TEXT")]
    pub(crate) query: Option<String>,
    /// Also show what was looked for and not found
    #[arg(long)]
    pub(crate) full: bool,
    /// Print the response of ApplyGuardrail with the `pretil` member
    #[arg(long)]
    pub(crate) json: bool,
    /// Reproduce Bedrock's exception: an ANONYMIZE without inputAction does not mask prompts
    #[arg(long)]
    pub(crate) strict_aws: bool,
    /// Judge the text this often and print on standard error how long one time takes
    #[arg(long, value_name = "TIMES", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) repeat: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SourceArgument {
    #[value(name = "INPUT")]
    Input,
    #[value(name = "OUTPUT")]
    Output,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pretil guardrail create support.yaml
  pretil guardrail version abc123abc123 --description 'first release'
  pretil guardrail list
  pretil guardrail export abc123abc123 > support.yaml
  pretil guardrail import guardrails/*.yaml")]
pub(crate) struct GuardrailArguments {
    /// The server to talk to, over plain HTTP
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "PRETIL_ENDPOINT",
        default_value = "http://127.0.0.1:8787"
    )]
    pub(crate) endpoint: String,
    #[command(subcommand)]
    pub(crate) command: GuardrailCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum GuardrailCommand {
    /// Creates a guardrail from a file and prints the reply
    Create {
        /// YAML or JSON in the shape of CreateGuardrail; - is standard input
        file: PathBuf,
    },
    /// Prints a guardrail as GetGuardrail returns it
    Get {
        /// Id or ARN
        guardrail: String,
        /// A number, or DRAFT
        #[arg(long, value_name = "VERSION")]
        version: Option<String>,
    },
    /// Lists all guardrails, or all versions of one
    List {
        /// Id or ARN
        guardrail: Option<String>,
        /// Print the reply of ListGuardrails, all pages in one
        #[arg(long)]
        json: bool,
    },
    /// Replaces a guardrail's draft by a file and prints the reply
    Update {
        /// Id or ARN
        guardrail: String,
        /// YAML or JSON in the shape of CreateGuardrail; - is standard input
        file: PathBuf,
    },
    /// Deletes a guardrail with all its versions, or one version
    Delete {
        /// Id or ARN
        guardrail: String,
        /// A number
        #[arg(long, value_name = "VERSION")]
        version: Option<String>,
    },
    /// Makes a numbered version of the draft and prints the reply
    Version {
        /// Id or ARN
        guardrail: String,
        /// The version's description
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
    },
    /// Prints a guardrail as a file that `create`, `import` and `apply` take
    Export {
        /// Id or ARN
        guardrail: String,
        /// A number, or DRAFT
        #[arg(long, value_name = "VERSION")]
        version: Option<String>,
        /// JSON instead of YAML
        #[arg(long)]
        json: bool,
    },
    /// Creates guardrails from files; where the name is taken, replaces the draft
    Import {
        /// YAML or JSON files in the shape of CreateGuardrail
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "\
Rows are JSON lines, gzipped if the name ends in .gz:
  content, attack       {\"text\", \"lang\", \"source\", \"role\": \"prompt\" or \"response\", \"labels\": {\"HATE\": 1, …}}
  topic                 {\"text\", \"topic\", \"split\": \"train\" (examples) or \"test\"}
  pii                   {\"text\", \"lang\", \"source\", \"spans\": [{\"start\", \"end\", \"type\"}]}, in code points
  grounding, relevance  {\"context\", \"query\", \"response\", \"grounded\": 0 or 1, \"relevant\": 0 or 1, \"lang\", \"source\"}
                        or {\"context\", \"query\", \"lang\", \"answers\": [{\"text\", \"grounded\", \"relevant\", \"error\"}]}
A label that is absent is unknown, not 0.

Examples:
  pretil eval --task pii --data support.jsonl
  pretil eval --task content --data a.jsonl.gz --data b.jsonl.gz --report report
  pretil eval --task content --data chats.jsonl --guardrail support.yaml --json --scores scores.jsonl
  pretil eval --table evaluation")]
pub(crate) struct EvalArguments {
    /// A file of labelled rows; may be repeated
    #[arg(long, value_name = "FILE", required_unless_present = "table")]
    pub(crate) data: Vec<PathBuf>,
    /// What to measure
    #[arg(long, value_enum, required_unless_present = "table")]
    pub(crate) task: Option<TaskArgument>,
    /// Run this guardrail's verdict; without it the bare detectors are scored
    #[arg(long, short, value_name = "FILE")]
    pub(crate) guardrail: Option<PathBuf>,
    /// Rewrite the rows as attackers do, by 12 character injections and by encodings, and measure what
    /// is no longer detected and what is falsely detected: content, attack, pii
    #[arg(long)]
    pub(crate) evasion: bool,
    /// Write figures.json, page.html (with plots) and confusions.jsonl (rows judged wrongly) here
    #[arg(long, value_name = "DIR")]
    pub(crate) report: Option<PathBuf>,
    /// Print one object of figures
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the raw scores, one line per row
    #[arg(long, value_name = "FILE")]
    pub(crate) scores: Option<PathBuf>,
    /// Only the first rows of each file
    #[arg(long, value_name = "ROWS")]
    pub(crate) limit: Option<usize>,
    /// Measure every set named in DIR/sets.toml, compare with the tables in DIR, and check
    /// DIR/thresholds.toml: exit status 1 if one is missed
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with_all = ["data", "task", "guardrail", "report", "json", "scores", "limit", "evasion"]
    )]
    pub(crate) table: Option<PathBuf>,
    /// With --table: only this set; may be repeated
    #[arg(long, value_name = "SET", requires = "table")]
    pub(crate) only: Vec<String>,
    /// With --table: write the tables
    #[arg(long, requires = "table")]
    pub(crate) write: bool,
    /// With --table: where the sets of third parties are; without it they are skipped
    #[arg(long, value_name = "DIR", env = "PRETIL_DATA")]
    pub(crate) sets_data: Option<PathBuf>,
    /// Threads. The figures are the same for any number
    #[arg(long, value_name = "THREADS", default_value_t = 2)]
    pub(crate) jobs: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TaskArgument {
    /// The five content filters, and whether a row is unsafe in any way
    Content,
    /// Prompt attacks
    Attack,
    /// Denied topics
    Topic,
    /// Personal data
    Pii,
    /// Whether an answer is supported by its source
    Grounding,
    /// Whether an answer answers the question
    Relevance,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    /// The data directory to look at
    #[arg(
        long,
        value_name = "DIR",
        env = "PRETIL_DATA_DIR",
        default_value = "./pretil-data"
    )]
    pub(crate) data_dir: PathBuf,
    /// The file of models and their servers to look at. No server is called, no key shown
    #[arg(long, value_name = "FILE", env = "PRETIL_CONFIG")]
    pub(crate) config: Option<PathBuf>,
}
