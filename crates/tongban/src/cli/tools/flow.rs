//! `tongban flow check|run`: processes without an installation, for operators, integrators and conformance runs.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use base::Result;
use bpmn::simulation::Simulation;
use bpmn::{Code, Definitions, Problem, TimerDue, Variables};
use chrono::{DateTime, Utc};
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches, Subcommand};
use serde_json::{Value, json};

use super::xml;

/// What can be done with a process file.
#[derive(Debug, Subcommand)]
pub enum Flow {
    /// Prints what is wrong with a file, one JSON object a line; exit code 1 when it cannot be deployed.
    Check {
        /// A BPMN 2.0 file.
        file: PathBuf,
    },
    /// Runs the processes of a file in memory and prints every step as a JSON line.
    Run(Run),
}

/// A run: what to start, and what happens then, in the order of the command line.
#[derive(Debug)]
pub struct Run {
    file: PathBuf,
    processes: Vec<String>,
    variables: String,
    to_the_end: bool,
    script_trace: bool,
    acts: Vec<Act>,
}

#[derive(Debug, Clone)]
enum Act {
    Fire(String),
    Fail(String),
    Message(String),
    Signal(String),
    Advance(String),
}

const ACTS: [(&str, fn(String) -> Act, &str, &str); 5] = [
    ("fire", Act::Fire, "ELEMENT[:JSON]", "Completes the user task, or lets the event happen, with these variables"),
    ("fail", Act::Fail, "ELEMENT:CODE", "Raises an error at the activity"),
    ("message", Act::Message, "NAME[:CORRELATION]", "Sends a message from outside"),
    ("signal", Act::Signal, "NAME", "Calls out a signal"),
    ("advance", Act::Advance, "DURATION", "Lets time pass, e.g. PT1H or P3D"),
];

impl FromArgMatches for Run {
    fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<Self, clap::Error> {
        // clap groups values by option; their indices give back the order in which they were written.
        let mut acts: Vec<(usize, Act)> = Vec::new();
        for (name, act, ..) in ACTS {
            let indices = matches.indices_of(name).into_iter().flatten();
            let values = matches.get_many::<String>(name).into_iter().flatten();
            acts.extend(indices.zip(values).map(|(at, value)| (at, act(value.clone()))));
        }
        acts.sort_by_key(|(at, _)| *at);
        Ok(Self {
            file: matches.get_one::<PathBuf>("file").cloned().unwrap_or_default(),
            processes: matches.get_many::<String>("process").into_iter().flatten().cloned().collect(),
            variables: matches.get_one::<String>("variables").cloned().unwrap_or_default(),
            to_the_end: matches.get_one::<String>("until").is_some_and(|until| until == "end"),
            script_trace: matches.get_flag("script-trace"),
            acts: acts.into_iter().map(|(_, act)| act).collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Run {
    fn augment_args(command: clap::Command) -> clap::Command {
        let several = |name, value, help| Arg::new(name).long(name).value_name(value).help(help).action(ArgAction::Append);
        command
            .arg(Arg::new("file").required(true).value_parser(clap::value_parser!(PathBuf)).help("A BPMN 2.0 file"))
            .arg(several("process", "ID", "A process to start; without it those no other process calls"))
            .arg(Arg::new("variables").long("variables").value_name("JSON").default_value("{}").help("First variables"))
            .arg(
                Arg::new("until")
                    .long("until")
                    .value_parser(["idle", "end"])
                    .default_value("idle")
                    .help("idle: as far as it goes by itself; end: time passes as well, as long as something waits for it"),
            )
            .arg(
                Arg::new("script-trace")
                    .long("script-trace")
                    .action(ArgAction::SetTrue)
                    .help("Counts every script task as done without running it"),
            )
            .args(ACTS.map(|(name, _, value, help)| several(name, value, help)))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

/// Runs the command and prints to `out`.
///
/// # Errors
/// When `out` cannot be written.
pub fn run(command: &Flow, out: &mut impl Write) -> Result<ExitCode> {
    match command {
        Flow::Check { file } => match checked(file) {
            Ok((_, remarks)) => {
                lines(out, &remarks)?;
                Ok(ExitCode::SUCCESS)
            }
            Err(problems) => {
                lines(out, &problems)?;
                Ok(ExitCode::FAILURE)
            }
        },
        Flow::Run(run) => match checked(&run.file).and_then(|(definitions, _)| simulate(run, &definitions)) {
            Ok(steps) => {
                lines(out, &steps)?;
                Ok(ExitCode::SUCCESS)
            }
            Err(problems) => {
                lines(out, &problems)?;
                Ok(ExitCode::FAILURE)
            }
        },
    }
}

fn lines(out: &mut impl Write, values: &[Value]) -> Result<()> {
    for value in values {
        writeln!(out, "{value}")?;
    }
    out.flush()?;
    Ok(())
}

/// The file and the remarks on it, or what keeps it from being deployed.
fn checked(file: &Path) -> std::result::Result<(Definitions, Vec<Value>), Vec<Value>> {
    let text = xml::text_of(file).map_err(|reason| vec![problem("unreadable", &format!("文件“{}”无法读取：{reason}", file.display()))])?;
    let as_json = |list: Vec<Problem>| list.iter().filter_map(|p| serde_json::to_value(p).ok()).collect::<Vec<_>>();
    let definitions = Definitions::parse(&text).map_err(as_json)?;
    let mut problems = bpmn::check_all(&definitions, &flow::Feel);
    for process in &definitions.processes {
        let layers = bpmn::approval_layers(process);
        if layers > MAX_LAYERS {
            problems.push(Problem::at(
                Code::TooManyLayers,
                &process.id,
                format!("流程有 {layers} 个审批层级，最多只能有承办人、审查人、审批人 {MAX_LAYERS} 个层级"),
            ));
        }
        // A file from elsewhere need not know who works here.
        problems.extend(bpmn::check_for_platform(process).into_iter().map(Problem::into_warning));
    }
    if problems.iter().any(Problem::is_error) { Err(as_json(problems)) } else { Ok((definitions, as_json(problems))) }
}

/// How long the expressions of a run may take together.
const PATIENCE: Duration = Duration::from_secs(10);

/// Approval layers the law leaves room for (R06): 承办人, 审查人, 审批人.
const MAX_LAYERS: usize = 3;

fn problem(code: &str, message: &str) -> Value {
    json!({ "severity": "error", "code": code, "element": null, "message": message })
}

/// Working days of the installation's calendar, whole to their end.
fn moment(due: &TimerDue, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match due {
        TimerDue::Workdays(days) => crate::compose::workday_calendar()(base::local_date(now), *days).and_then(|day| day.succ_opt()).map(journal::start_of_day),
        _ => due.moment(now),
    }
}

fn simulate(run: &Run, definitions: &Definitions) -> std::result::Result<Vec<Value>, Vec<Value>> {
    let wrong = |message: String| vec![problem("bad_option", &message)];
    let variables = object(&run.variables).map_err(|e| wrong(format!("--variables：{e}")))?;
    let mut processes = Vec::new();
    for id in &run.processes {
        let process = definitions.process(id).ok_or_else(|| wrong(format!("文件中没有流程“{id}”")))?;
        processes.push(process);
    }
    if processes.is_empty() {
        processes = definitions.main_processes();
    }
    let expressions = flow::FeelUntil::within(PATIENCE);
    let mut simulation = Simulation::new(definitions, &expressions, &moment, Utc::now()).skipping_scripts(run.script_trace);
    simulation.start(&processes, &variables);
    for act in &run.acts {
        match act {
            Act::Fire(text) => {
                let (element, variables) = text.split_once(':').unwrap_or((text, "{}"));
                let variables = object(variables).map_err(|e| wrong(format!("--fire {element}：{e}")))?;
                simulation.fire(element, variables);
            }
            Act::Fail(text) => {
                let (element, code) = text.split_once(':').unwrap_or((text, ""));
                simulation.fail(element, code);
            }
            Act::Message(text) => match text.split_once(':') {
                Some((name, correlation)) => simulation.message(name, Some(correlation.to_owned())),
                None => simulation.message(text, None),
            },
            Act::Signal(name) => simulation.signal(name),
            Act::Advance(text) => {
                let duration = text.parse().map_err(|e| wrong(format!("--advance：{e}")))?;
                simulation.advance(duration);
            }
        }
    }
    if run.to_the_end {
        simulation.run_out();
    }
    let mut steps: Vec<Value> = simulation.records().iter().filter_map(|r| serde_json::to_value(r).ok()).collect();
    steps.push(json!({
        "event": "state",
        "ended": simulation.ended(),
        "waiting": simulation.waiting(),
        "variables": simulation.variables(),
    }));
    Ok(steps)
}

fn object(text: &str) -> std::result::Result<Variables, String> {
    match serde_json::from_str(text.trim()) {
        Ok(Value::Object(variables)) => Ok(variables),
        Ok(_) => Err("须是一个 JSON 对象".to_owned()),
        Err(error) => Err(format!("不是有效的 JSON：{error}")),
    }
}
