//! Commands on files alone: they read no configuration, open no database, and print nothing but their answer.

mod decision;
mod doc;
mod flow;
mod form;
mod gm;
mod licence;
mod ofd;
mod seal;
mod xml;

use std::io::BufWriter;
use std::process::ExitCode;

use base::Result;
use clap::Subcommand;
use serde_json::{Value, json};

/// A tool.
#[derive(Debug, Subcommand)]
pub enum Tool {
    /// Processes (BPMN 2.0): checks or runs a file.
    #[command(subcommand)]
    Flow(flow::Flow),
    /// Decision models (DMN).
    #[command(subcommand)]
    Decision(Decision),
    /// Forms (form-js schemas).
    #[command(subcommand)]
    Form(form::FormCommand),
    /// SM2 signatures, encryption, keys and certificates on files.
    #[command(subcommand)]
    Gm(gm::Command),
    /// Electronic seals.
    #[command(subcommand)]
    Seal(seal::Command),
    /// OFD documents: verify, draw, convert, read.
    #[command(subcommand)]
    Ofd(ofd::Command),
    /// Licences: QR codes and the list of changes, checked without a network.
    #[command(subcommand)]
    Licence(licence::Command),
    /// Documents from templates.
    #[command(subcommand)]
    Doc(doc::Command),
}

/// What can be done with decision models.
#[derive(Debug, Subcommand)]
pub enum Decision {
    /// Evaluates decisions, decision services or business knowledge models by name; answers in JSON.
    Eval(decision::Eval),
}

/// Runs a tool.
///
/// # Errors
/// When its answer cannot be written.
pub fn run(tool: Tool) -> Result<ExitCode> {
    let out = &mut BufWriter::new(std::io::stdout().lock());
    let exit = |well: bool| if well { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    match tool {
        Tool::Flow(command) => flow::run(&command, out),
        Tool::Decision(Decision::Eval(eval)) => Ok(decision::eval(&eval, out)),
        Tool::Form(command) => form::run(&command),
        Tool::Gm(command) => Ok(exit(gm::run(command)?)),
        Tool::Seal(command) => Ok(exit(seal::run(command)?)),
        Tool::Licence(command) => Ok(exit(licence::run(&command, out)?)),
        Tool::Ofd(command) => Ok(ofd::run(command)),
        Tool::Doc(command) => Ok(doc::run(command)),
    }
}

/// What a tool whose answers are JSON says when it is called wrongly; `None` for other commands.
pub fn misused(command: &str, error: &clap::Error) -> Option<Value> {
    let text = error.to_string();
    let reason = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
    let message = format!("命令的写法有误：{reason}");
    match command {
        "flow" => Some(json!({ "severity": "error", "code": "bad_option", "element": null, "message": message })),
        "decision" => Some(json!({ "error": { "code": "option", "message": message } })),
        "form" => Some(json!([{ "path": "", "code": "option", "message": message }])),
        _ => None,
    }
}
