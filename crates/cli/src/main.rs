//! The one binary. Composition root: it wires store, models and server together.
#![forbid(unsafe_code)]

mod apply;
mod arguments;
mod client;
mod demo;
mod doctor;
mod eval;
mod gateway_file;
mod guardrail_file;
mod manage;
mod report;
mod serve;
mod terminal;

use arguments::{Arguments, Command};
use clap::Parser;
use std::{io::Write, process::ExitCode};

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are asked for; all else is an error, whose status is 1 everywhere.
            let failed = error.use_stderr();
            let _ = error.print();
            return if failed {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "pretil: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Command::Apply(arguments) => return apply::run(arguments),
        Command::Eval(arguments) => return eval::run(arguments),
        Command::Doctor(arguments) => block_on(doctor::run(arguments))?,
        Command::Serve(arguments) => block_on(serve::run(arguments))?,
        Command::Demo(arguments) => block_on(demo::run(arguments))?,
        Command::Guardrail(arguments) => block_on(manage::run(arguments))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs `work` to its end, and does not wait for evaluations whose callers have gone.
fn block_on(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let result = runtime.block_on(work);
    runtime.shutdown_background();
    result
}
