//! `for`, `some` and `every`, evaluated by us: the library copies all earlier results at every turn, walks products of
//! lists to their end when the answer is known, and lets a later list depend on an earlier variable in one form only.

use std::ops::ControlFlow;

use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use dsntk_feel::{Evaluator, FeelNumber, FeelScope, IntervalType, Name};
use dsntk_feel_temporal::FeelDate;

use crate::budget::{charge_value, tick};

/// What the turns make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turns {
    /// The list of all results.
    For,
    /// Whether one is true.
    Some,
    /// Whether all are true.
    Every,
}

/// Where a variable takes its values from.
pub enum Source {
    /// `a..b`, upwards or downwards.
    Interval(Evaluator, Evaluator),
    /// A list, a range, or a single value.
    Values(Evaluator),
}

/// A loop ready to run.
pub struct Loop {
    /// What it makes.
    pub turns: Turns,
    /// Variables, the last one turning fastest.
    pub sources: Vec<(Name, Source)>,
    /// What is evaluated at every turn.
    pub body: Evaluator,
    /// Whether the body reads `partial`, the results so far.
    pub partial: bool,
}

enum Items {
    Numbers { next: FeelNumber, last: FeelNumber, down: bool },
    Dates { next: Option<FeelDate>, last: FeelDate, down: bool },
    List(std::vec::IntoIter<Value>),
}

impl Iterator for Items {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        match self {
            Self::Numbers { next, last, down } => {
                let current = *next;
                if if *down { current < *last } else { current > *last } {
                    return None;
                }
                *next = if *down { current - FeelNumber::one() } else { current + FeelNumber::one() };
                Some(Value::Number(current))
            }
            Self::Dates { next, last, down } => {
                let current = next.take()?;
                if if *down { current < *last } else { current > *last } {
                    return None;
                }
                *next = if *down { current.sub_days(1) } else { current.add_days(1) };
                Some(Value::Date(current))
            }
            Self::List(items) => items.next(),
        }
    }
}

fn null(reason: &str) -> Value {
    Value::Null(Some(reason.to_owned()))
}

fn interval(start: Value, end: Value) -> Result<Items, &'static str> {
    match (start, end) {
        (Value::Number(next), Value::Number(last)) => Ok(Items::Numbers { next, last, down: next > last }),
        (Value::Date(next), Value::Date(last)) => {
            let down = next > last;
            Ok(Items::Dates { next: Some(next), last, down })
        }
        _ => Err("循环的起止须同为数值或同为日期"),
    }
}

/// The turns of a value: a list's items, a closed range's members, or the value alone.
///
/// # Errors
/// Why a range has no members to count.
pub fn members(value: Value) -> Result<impl Iterator<Item = Value>, &'static str> {
    items(value)
}

fn items(value: Value) -> Result<Items, &'static str> {
    match value {
        Value::List(items) => Ok(Items::List(items.into_iter())),
        Value::Range(start, IntervalType::Closed, end, IntervalType::Closed) => {
            let rising = match (&*start, &*end) {
                (Value::Number(start), Value::Number(end)) => start <= end,
                (Value::Date(start), Value::Date(end)) => start <= end,
                _ => false,
            };
            if rising { interval(*start, *end) } else { Err("范围不可逐一列举") }
        }
        Value::Range(..) => Err("只能逐一列举闭区间"),
        single => Ok(Items::List(vec![single].into_iter())),
    }
}

impl Loop {
    /// Runs all turns.
    pub fn run(&self, scope: &FeelScope) -> Value {
        let mut results = Vec::new();
        let outcome = self.level(0, scope, &mut results);
        match (self.turns, outcome) {
            (_, ControlFlow::Break(end)) => end,
            (Turns::For, _) => Value::List(results),
            (Turns::Some, _) => Value::Boolean(false),
            (Turns::Every, _) => Value::Boolean(true),
        }
    }

    /// Breaks when the loop has ended with a value.
    fn level(&self, level: usize, scope: &FeelScope, results: &mut Vec<Value>) -> ControlFlow<Value> {
        let Some((name, source)) = self.sources.get(level) else { return self.turn(scope, results) };
        let items = match source {
            Source::Interval(start, end) => interval(start(scope), end(scope)),
            Source::Values(values) => items(values(scope)),
        };
        let items = match items {
            Ok(items) => items,
            Err(reason) => return ControlFlow::Break(null(reason)),
        };
        for item in items {
            tick();
            let mut variables = FeelContext::default();
            variables.set_entry(name, item);
            scope.push(variables);
            let outcome = self.level(level + 1, scope, results);
            scope.pop();
            outcome?;
        }
        ControlFlow::Continue(())
    }

    fn turn(&self, scope: &FeelScope, results: &mut Vec<Value>) -> ControlFlow<Value> {
        if self.partial {
            let so_far = Value::List(results.clone());
            charge_value(&so_far);
            let mut variables = FeelContext::default();
            variables.set_entry(&"partial".into(), so_far);
            scope.push(variables);
        }
        let value = (self.body)(scope);
        if self.partial {
            scope.pop();
        }
        match (self.turns, value) {
            (Turns::For, value) => {
                charge_value(&value);
                results.push(value);
            }
            (Turns::Some, Value::Boolean(false)) | (Turns::Every, Value::Boolean(true)) => {}
            (Turns::Some, Value::Boolean(true)) => return ControlFlow::Break(Value::Boolean(true)),
            (Turns::Every, Value::Boolean(false)) => return ControlFlow::Break(Value::Boolean(false)),
            _ => return ControlFlow::Break(null("条件的结果须为真或假")),
        }
        ControlFlow::Continue(())
    }
}
