//! `pretil eval`: how well a guardrail, or the bare detectors, judge labelled rows.

use crate::{
    arguments::{EvalArguments, TaskArgument},
    guardrail_file,
    terminal::visible,
};
use anyhow::{Context, Result, bail};
use pretil_eval::{
    Evaluation, Setting, Task, evaluate, evasion,
    figures::{Estimate, Measured},
    report,
    rows::Take,
    table::{self, Plan},
};
use pretil_guardrail::{Detectors, Guardrail};
use pretil_server::convert;
use serde::Serialize;
use std::{
    fs::{self, File},
    io::{BufWriter, IsTerminal, Write},
    path::Path,
    process::ExitCode,
    sync::Mutex,
    time::{Duration, Instant},
};

pub(crate) fn run(arguments: &EvalArguments) -> Result<ExitCode> {
    let detectors = pretil_models::detectors();
    match (&arguments.table, arguments.task) {
        (Some(directory), _) => run_table(arguments, directory, &detectors),
        (None, Some(of)) => {
            run_task(arguments, task(of), &detectors)?;
            Ok(ExitCode::SUCCESS)
        }
        // The parser wants one of both.
        (None, None) => bail!("there is nothing to measure: give --task or --table"),
    }
}

fn run_table(
    arguments: &EvalArguments,
    directory: &Path,
    detectors: &Detectors,
) -> Result<ExitCode> {
    let plan = Plan {
        directory,
        external: arguments.sets_data.as_deref(),
        only: &arguments.only,
        write: arguments.write,
        jobs: arguments.jobs,
    };
    let progress = ProgressBar::start();
    let show = |done, rows| progress.show(done, rows);
    let missed = table::run(plan, detectors, &show, &mut std::io::stdout().lock())?;
    Ok(if missed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn run_task(arguments: &EvalArguments, task: Task, detectors: &Detectors) -> Result<()> {
    let file = arguments.guardrail.as_deref();
    let guardrail = file.map(|path| compile(path, detectors)).transpose()?;
    let progress = ProgressBar::start();
    let setting = Setting {
        detectors,
        guardrail: guardrail.as_ref(),
        jobs: arguments.jobs,
        progress: &|done, rows| progress.show(done, rows),
    };
    let take = arguments.limit.map_or(Take::All, Take::First);
    let run = if arguments.evasion {
        evasion::evaluate
    } else {
        evaluate
    };
    let evaluation = run(task, &arguments.data, take, setting);
    progress.finish();
    let evaluation = evaluation?;
    let names: Vec<String> = arguments.data.iter().map(|path| name(path)).collect();
    let judge = guardrail.as_ref().map(|it| it.config().name.as_str());
    if let Some(path) = &arguments.scores {
        write_lines(path, &evaluation.scores)?;
    }
    if let Some(directory) = &arguments.report {
        write_report(directory, &evaluation, &names, judge)?;
    }
    let mut out = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &report::json(&evaluation, &names, judge))?;
        writeln!(out)?;
        return Ok(());
    }
    print(&mut out, &evaluation)
}

fn task(task: TaskArgument) -> Task {
    match task {
        TaskArgument::Content => Task::Content,
        TaskArgument::Attack => Task::Attack,
        TaskArgument::Topic => Task::Topic,
        TaskArgument::Pii => Task::Pii,
        TaskArgument::Grounding => Task::Grounding,
        TaskArgument::Relevance => Task::Relevance,
    }
}

fn compile(path: &Path, detectors: &Detectors) -> Result<Guardrail> {
    let config = convert::config::from_create(guardrail_file::read(path)?)?;
    Guardrail::compile(config, detectors)
        .with_context(|| format!("{} is no guardrail", path.display()))
}

/// The name of a file without its directory.
fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .display()
        .to_string()
}

/// `figures.json`, `page.html` and `confusions.jsonl` in `directory`, which is made if needed.
fn write_report(
    directory: &Path,
    evaluation: &Evaluation,
    data: &[String],
    guardrail: Option<&str>,
) -> Result<()> {
    let shown = directory.display();
    fs::create_dir_all(directory).with_context(|| format!("{shown} cannot be made"))?;
    let write = |file: &str, text: String| {
        let path = directory.join(file);
        fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))
    };
    let figures = report::json(evaluation, data, guardrail);
    write("figures.json", serde_json::to_string_pretty(&figures)?)?;
    write("page.html", report::page(evaluation, data, guardrail))?;
    write_lines(&directory.join("confusions.jsonl"), &evaluation.confusions)
}

/// One JSON object a line.
fn write_lines(path: &Path, lines: &[impl Serialize]) -> Result<()> {
    let name = path.display();
    let file = File::create(path).with_context(|| format!("{name} cannot be written"))?;
    let mut out = BufWriter::new(file);
    for line in lines {
        serde_json::to_writer(&mut out, line)?;
        out.write_all(b"\n")?;
    }
    out.flush()
        .with_context(|| format!("{name} cannot be written"))
}

/// A block per label: a line per figure, then a line per language and source.
fn print(out: &mut impl Write, evaluation: &Evaluation) -> Result<()> {
    writeln!(out, "{}: {} rows", evaluation.task.name(), evaluation.rows)?;
    for (reason, rows) in &evaluation.not_evaluated {
        writeln!(out, "not evaluated: {rows} ({reason})")?;
    }
    for parts in evaluation
        .measured
        .chunk_by(|one, other| one.label == other.label)
    {
        for (index, measured) in parts.iter().enumerate() {
            if index == 0 {
                print_label(out, measured)?;
            } else {
                print_group(out, measured)?;
            }
        }
    }
    Ok(())
}

fn print_label(out: &mut impl Write, measured: &Measured) -> Result<()> {
    let counts: Vec<String> = measured
        .counts
        .iter()
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    writeln!(
        out,
        "\n{} ({})",
        visible(&measured.label),
        counts.join(", ")
    )?;
    for (name, estimate) in &measured.estimates {
        writeln!(out, "  {:<38} {}", name.replace('_', " "), shown(*estimate))?;
    }
    Ok(())
}

/// The figures that people compare groups by.
fn print_group(out: &mut impl Write, measured: &Measured) -> Result<()> {
    const NAMES: [&str; 8] = [
        "recall",
        "false_alarms",
        "f1",
        "auroc",
        "exact_f1",
        "balanced_accuracy",
        "stopped",
        "lost",
    ];
    let figures: Vec<String> = NAMES
        .iter()
        .filter_map(|name| {
            let estimate = measured.estimate(name)?;
            Some(format!("{} {}", name.replace('_', " "), shown(estimate)))
        })
        .collect();
    let rows = measured.count("rows").unwrap_or_default();
    let group = visible(&measured.group.name());
    writeln!(
        out,
        "    {group:<30} {rows:>6} rows  {}",
        figures.join("  ")
    )?;
    Ok(())
}

fn shown(estimate: Estimate) -> String {
    format!(
        "{:.3} ({:.3}–{:.3})",
        estimate.value, estimate.low, estimate.high
    )
}

/// How far the work is, on standard error if that is a terminal.
struct ProgressBar {
    started: Instant,
    /// When it was last drawn; `None` where there is no terminal.
    drawn: Option<Mutex<Duration>>,
}

impl ProgressBar {
    const WIDTH: usize = 30;
    const EVERY: Duration = Duration::from_millis(100);

    fn start() -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self {
            started: Instant::now(),
            drawn: terminal.then(Mutex::default),
        }
    }

    fn show(&self, done: usize, rows: usize) {
        // Whoever finds it locked leaves the drawing to the other thread.
        let Some(Ok(mut drawn)) = self.drawn.as_ref().map(Mutex::try_lock) else {
            return;
        };
        let elapsed = self.started.elapsed();
        if done < rows && elapsed < *drawn + Self::EVERY {
            return;
        }
        if done >= rows {
            Self::clear();
            return;
        }
        *drawn = elapsed;
        let filled = Self::WIDTH * done / rows.max(1);
        let left = elapsed.as_secs_f64() / done.max(1) as f64 * (rows - done.min(rows)) as f64;
        let _ = write!(
            std::io::stderr(),
            "\r[{}{}] {done}/{rows} rows, {left:.0} s left \u{1b}[K",
            "#".repeat(filled),
            ".".repeat(Self::WIDTH - filled),
        );
    }

    /// Takes the line back.
    fn finish(&self) {
        if self.drawn.is_some() {
            Self::clear();
        }
    }

    fn clear() {
        let _ = write!(std::io::stderr(), "\r\u{1b}[K");
    }
}
