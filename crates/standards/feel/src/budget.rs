//! Steps, memory, depth and time of one evaluation.
//!
//! The library has no hook for any of them. What we can do is hand it functions of our own as FEEL values; the guard
//! ([`crate::guard`]) weaves calls of them into every expression that could run away. They count here, and end an
//! evaluation by unwinding the stack up to [`bounded`]; the state of the evaluation is thrown away with it.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

use dsntk_feel::values::Value;

use crate::FeelError;

/// Steps one evaluation may take. A step is an iteration, a call, or the reading of 16 bytes of text or of one value.
pub const STEPS: u64 = 300_000;
/// Time one evaluation may take; steps run out first unless a single step of the library is slow.
pub const TIME: Duration = Duration::from_millis(900);
/// How deeply lists and contexts may be nested.
pub const VALUE_DEPTH: usize = 100;
/// Stack that must be left for what the library does between two of our steps.
const RESERVE: usize = 2 << 20;
/// Stack of an evaluation.
const STACK: usize = 12 << 20;

#[derive(Clone, Copy)]
struct Budget {
    steps: u64,
    until: Instant,
}

thread_local! {
    static BUDGET: Cell<Option<Budget>> = const { Cell::new(None) };
}

/// What unwinds the stack.
struct Stop(FeelError);

fn stop(error: FeelError) -> ! {
    // Not `panic!`: this is no bug to be reported by the panic hook.
    resume_unwind(Box::new(Stop(error)))
}

/// Runs `work` with a fresh budget, on a stack of known size; within another bounded evaluation it shares that one's budget.
///
/// # Errors
/// When the budget is used up, or when the library panics.
pub fn bounded<T>(work: impl FnOnce() -> T) -> Result<T, FeelError> {
    if BUDGET.get().is_some() {
        return Ok(work());
    }
    BUDGET.set(Some(Budget { steps: STEPS, until: Instant::now() + TIME }));
    let result = caught(|| stacker::maybe_grow(RESERVE * 2, STACK, work));
    BUDGET.set(None);
    result
}

/// Parses or prepares with much stack and without a budget: both recurse by the length of a text, which is bounded.
///
/// # Errors
/// When the library panics.
pub(crate) fn roomy<T>(work: impl FnOnce() -> T) -> Result<T, FeelError> {
    caught(|| stacker::maybe_grow(STACK / 2, STACK, work))
}

/// The library unwraps in places where hostile input can reach; no state of ours is involved, so unwinding is safe.
fn caught<T>(work: impl FnOnce() -> T) -> Result<T, FeelError> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|cause| match cause.downcast::<Stop>() {
        Ok(stop) => stop.0,
        Err(_) => FeelError::Internal,
    })
}

/// Takes `steps` from the budget. Outside of [`bounded`] nothing is counted.
pub fn charge(steps: u64) {
    let Some(mut budget) = BUDGET.get() else { return };
    let before = budget.steps;
    let Some(left) = before.checked_sub(steps) else { stop(FeelError::Steps) };
    budget.steps = left;
    BUDGET.set(Some(budget));
    if before / 256 != left / 256 && Instant::now() > budget.until {
        stop(FeelError::Time);
    }
}

/// One iteration or call: a step, and a look at the stack.
pub fn tick() {
    charge(1);
    if BUDGET.get().is_some() && stacker::remaining_stack().is_some_and(|left| left < RESERVE) {
        stop(FeelError::Depth);
    }
}

/// Takes what `value` weighs from the budget, and refuses values nested too deeply to be dropped safely.
pub fn charge_value(value: &Value) {
    charge(weight(value, 0));
}

/// Takes the square of the number of items: for functions that compare everything with everything.
pub(crate) fn charge_square(value: &Value) {
    let weight = weight(value, 0);
    charge(weight.saturating_add(weight.saturating_mul(weight) / 64));
}

/// Steps of one search by a regular expression: compiling it is slow.
const SEARCH: u64 = 500;

/// Text that is searched must not be too long.
pub(crate) fn charge_searched(value: &Value, longest: usize) {
    charge_value(value);
    charge(SEARCH);
    if matches!(value, Value::String(text) if text.len() > longest) {
        stop(FeelError::Steps);
    }
}

/// Patterns, replacements and separators must be short, counted repetitions written out.
pub(crate) fn charge_pattern(value: &Value, longest: usize) {
    charge_value(value);
    if matches!(value, Value::String(text) if text.len().saturating_mul(repetitions(text)) > longest) {
        stop(FeelError::Steps);
    }
}

/// At most how often `{m,n}` repeats anything in a regular expression: the product, as they may be nested.
fn repetitions(pattern: &str) -> usize {
    let counts = pattern.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(inside, _)| inside);
    let highest = |inside: &str| inside.split(',').filter_map(|number| number.trim().parse::<usize>().ok()).max().unwrap_or(1).max(1);
    counts.map(highest).fold(1, usize::saturating_mul)
}

fn weight(value: &Value, depth: usize) -> u64 {
    if depth > VALUE_DEPTH {
        stop(FeelError::Depth);
    }
    let all = |values: &mut dyn Iterator<Item = &Value>| values.map(|value| weight(value, depth + 1)).sum::<u64>();
    1 + match value {
        Value::String(text) => text.len() as u64 / 16,
        Value::List(items) | Value::ExpressionList(items) | Value::NegatedCommaList(items) => all(&mut items.iter()),
        Value::Context(context) => all(&mut context.iter().map(|(_, value)| value)),
        Value::FunctionDefinition(_, _, _, _, closure, _) => all(&mut closure.iter().map(|(_, value)| value)),
        Value::Range(start, _, end, _) => weight(start, depth + 1) + weight(end, depth + 1),
        Value::Null(Some(reason)) => reason.len() as u64 / 16,
        _ => 0,
    }
}
