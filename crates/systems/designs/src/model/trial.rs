//! 试运行: a process played with sample data, move by move, without a database.
//!
//! A trial is its list of moves. It is played again from the beginning for every page: the interpreter is deterministic, so
//! nothing need be kept, a move is taken back by leaving it out, and a forged list can do nothing but fail.

use base::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::engine::{Drawing, Happening, Run, Token, Wait};
use super::process;

/// Most moves of a trial.
pub const MAX_MOVES: usize = 300;

/// One move.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Move {
    /// A person finishes a task.
    Complete {
        /// The visit.
        token: u64,
        /// What was decided.
        outcome: String,
        /// Further data.
        #[serde(default)]
        variables: Map<String, Value>,
    },
    /// The handler of an automatic task answers.
    Served {
        /// The visit.
        token: u64,
        /// What a decision table said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        result: Option<String>,
    },
    /// What an event waits for happened: its time is over, its message came.
    Happened {
        /// The visit that waits.
        token: u64,
        /// Id of the event.
        event: String,
    },
}

/// How a part of a drawing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarkState {
    /// Done, or passed.
    Done,
    /// Something waits here.
    Waiting,
    /// Left without being done.
    Cancelled,
    /// Cannot go on.
    Stuck,
}

/// What is to be shown at a part of a drawing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// Id of the element or flow.
    pub element: String,
    /// How it stands.
    pub state: MarkState,
    /// When, ready to read; may be empty.
    pub at: String,
    /// Who; may be empty.
    pub who: String,
    /// What was said; may be empty.
    pub comment: String,
}

impl Mark {
    /// A mark that says nothing but the state.
    pub fn of(element: impl Into<String>, state: MarkState) -> Self {
        Self { element: element.into(), state, at: String::new(), who: String::new(), comment: String::new() }
    }
}

/// A place where the trial can go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The visit.
    pub token: u64,
    /// Id of the element.
    pub element: String,
    /// What people call it.
    pub label: String,
    /// Who may do it: a permission; empty for automatic tasks.
    pub permission: String,
    /// Topic of an automatic task.
    pub topic: Option<String>,
    /// What a decision table may say here: the texts that conditions behind it ask for.
    pub results: Vec<String>,
    /// What can be answered: value and name. Empty where only other branches or timers move it.
    pub answers: Vec<(String, String)>,
    /// Events that may happen: id and what that is called.
    pub events: Vec<(String, String)>,
}

/// A trial after its moves.
#[derive(Debug)]
pub struct Trial {
    /// Where it can go on.
    pub waiting: Vec<Waiting>,
    /// What happened, in sentences, oldest first; one group for the start and one for each move.
    pub story: Vec<Vec<String>>,
    /// What to colour.
    pub marks: Vec<Mark>,
    /// What the process knows.
    pub variables: Map<String, Value>,
    /// Whether it is over.
    pub ended: bool,
}

impl Trial {
    /// Plays the moves.
    ///
    /// # Errors
    /// Refused, when the drawing cannot run or a move is not possible.
    pub fn play(xml: &str, sample: &Map<String, Value>, moves: &[Move]) -> Result<Self> {
        let refused = |text: String| Error::refused("designs.trial", text);
        if moves.len() > MAX_MOVES {
            return Err(refused(format!("一次试运行最多 {MAX_MOVES} 步，请重新开始。")));
        }
        let sentences = |found: Vec<super::Finding>| refused(format!("流程图还不能运行：{}", found.into_iter().map(|f| f.message).collect::<Vec<_>>().join("")));
        let drawing = Drawing::read(xml).map_err(sentences)?;
        let wrong: Vec<super::Finding> = drawing.remarks().into_iter().filter(|found| found.severity == super::Severity::Error).collect();
        if !wrong.is_empty() {
            return Err(sentences(wrong));
        }
        let (mut run, happened) = Run::start(&drawing, sample.clone()).map_err(refused)?;
        let mut all = vec![happened];
        for next in moves {
            all.push(run.apply(next).map_err(refused)?);
        }
        let tokens = run.tokens();
        Ok(Self {
            waiting: tokens.iter().map(|token| waiting(&drawing, token)).collect(),
            marks: marks(all.iter().flatten(), &tokens),
            story: all.iter().map(|group| group.iter().filter_map(|h| sentence(&drawing, h)).collect()).collect(),
            variables: run.variables().clone(),
            ended: run.ended(),
        })
    }
}

fn label(drawing: &Drawing, id: &str) -> String {
    drawing.node(id).map_or_else(|| id.to_owned(), |node| node.label().to_owned())
}

fn waiting(drawing: &Drawing, token: &Token) -> Waiting {
    let node = drawing.node(&token.element);
    let extension = |name: &str| node.and_then(|node| node.extension(name)).unwrap_or_default().to_owned();
    Waiting {
        token: token.id,
        element: token.element.clone(),
        label: label(drawing, &token.element),
        permission: extension("permission"),
        topic: (token.wait == Wait::Service).then(|| extension("topic")),
        results: node.filter(|_| token.wait == Wait::Service).map(|node| process::results(drawing, node)).unwrap_or_default(),
        answers: node.filter(|_| token.wait == Wait::Task).map(|node| process::answers(drawing, node)).unwrap_or_default(),
        events: token.events.iter().map(|(event, what)| (event.clone(), format!("{what}：{}", label(drawing, event)))).collect(),
    }
}

fn sentence(drawing: &Drawing, happened: &Happening) -> Option<String> {
    let name = |id: &str| {
        let node = drawing.node(id);
        (node.map_or("元素", |n| n.kind.name()), label(drawing, id))
    };
    Some(match happened {
        Happening::Entered(id) => format!("到达{}“{}”", name(id).0, name(id).1),
        Happening::Completed(_) => return None,
        Happening::Cancelled(id) => format!("{}“{}”没有办完就离开了", name(id).0, name(id).1),
        Happening::Went(id) => drawing.link(id).filter(|link| !link.name.is_empty()).map(|link| format!("走“{}”", link.name))?,
        Happening::Stuck(id, reason) => format!("在“{}”无法继续：{reason}", name(id).1),
        Happening::Ended => "流程结束".to_owned(),
    })
}

/// The last state of everything that was touched; where tokens are now comes last and wins.
fn marks<'h>(happened: impl Iterator<Item = &'h Happening>, tokens: &[Token]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut set = |id: &str, state| {
        marks.retain(|mark| mark.element != id);
        marks.push(Mark::of(id, state));
    };
    for happening in happened {
        match happening {
            Happening::Completed(id) | Happening::Went(id) => set(id, MarkState::Done),
            Happening::Cancelled(id) => set(id, MarkState::Cancelled),
            Happening::Stuck(id, _) => set(id, MarkState::Stuck),
            Happening::Entered(_) | Happening::Ended => {}
        }
    }
    let stuck: Vec<String> = marks.iter().filter(|mark| mark.state == MarkState::Stuck).map(|mark| mark.element.clone()).collect();
    for token in tokens.iter().filter(|token| !stuck.contains(&token.element)) {
        marks.retain(|mark| mark.element != token.element);
        marks.push(Mark::of(&token.element, MarkState::Waiting));
    }
    marks
}

#[cfg(test)]
#[path = "trial_tests.rs"]
mod tests;
