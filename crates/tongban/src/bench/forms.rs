//! What a form costs: reading its schema, drawing a page with its answers, judging the answers.

use std::time::{Duration, Instant};

use base::{Error, Result};
use formpages::Draw;
use forms::{Answers, Form};
use serde_json::Value;

use crate::demo;

const FORM: &str = include_str!("../../../../data/demo/forms/food-business.json");

/// Measures each for about `time` and prints the rows of the table, in microseconds.
///
/// # Errors
/// When the form does not take its own answers.
pub fn forms(time: Duration) -> Result<()> {
    let form = Form::parse(FORM).map_err(|error| Error::internal(error.problem().message))?;
    let context = catalog::form_context();
    let answers = demo::filled(&form);
    let data = Value::Object(answers.clone());
    form.validate(&data, &context).map_err(|errors| Error::internal(format!("{errors:?}")))?;
    let fields = form.fields().len();
    println!("| read the schema of {fields} fields | {:.0} |", each(time, || Form::parse(FORM).is_ok()));
    let view = form.evaluate(&answers, &context);
    let pages = form.visible_pages(&view);
    let drawn = each(time, || drawn(&form, &answers, &pages) > 0);
    println!("| evaluate and draw all {} pages | {drawn:.0} |", pages.len());
    println!("| judge all answers | {:.0} |", each(time, || form.validate(&data, &context).is_ok()));
    Ok(())
}

/// All pages with their answers, as the server does for each request; how long the text is.
fn drawn(form: &Form, answers: &Answers, pages: &[usize]) -> usize {
    let context = catalog::form_context();
    let view = form.evaluate(answers, &context);
    let draw = Draw { typed: answers, errors: &[], prefix: "", lists: context.lists, source: &|_| None, materials: &|_| None };
    let all = form.pages();
    pages.iter().filter_map(|page| all.get(*page)).map(|page| draw.page(&view, page).into_string().len()).sum()
}

/// Microseconds of one call.
fn each(time: Duration, work: impl Fn() -> bool) -> f64 {
    let (start, mut count) = (Instant::now(), 0_u32);
    while start.elapsed() < time && work() {
        count += 1;
    }
    start.elapsed().as_secs_f64() * 1e6 / f64::from(count.max(1))
}
