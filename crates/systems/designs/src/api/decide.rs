//! `POST /api/decisions/{key}`: what the table in force today says.
//!
//! One question: `{ "decision": "办理方式", "input": { "面积": 35.5 } }`. The name may be left out where the model holds only
//! one decision; a text `@"2026-11-23"` is the FEEL literal. Answered by
//! ```json
//! { "version": 3, "digest": "…", "result": "告知承诺", "hits": [{ "table": "判定", "rules": [1] }] }
//! ```
//! with every decimal of a number; a null says why in `reason`. A list of questions is answered by
//! `{ "version": 3, "digest": "…", "answers": [ … ] }` in their order, each as above or `{ "error": { "code": …, "message": … } }`.

use std::fmt::Write as _;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::{Error, Result};
use dmn::{DmnError, Evaluation};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use web::{Ctx, PageResult};

use crate::service::{Asked, MAX_QUESTIONS, ask, table_in_force};

/// Largest body.
const MAX_BYTES: usize = 8 << 20;

/// A question as it is read: the input stays text, so that decimals stay exact.
#[derive(Deserialize)]
struct Question<'a> {
    decision: Option<String>,
    #[serde(borrow)]
    input: Option<&'a RawValue>,
}

impl From<Question<'_>> for Asked {
    fn from(question: Question<'_>) -> Self {
        Self { decision: question.decision, input: question.input.map(RawValue::get).filter(|input| *input != "null").unwrap_or("{}").to_owned() }
    }
}

/// The endpoint.
pub(super) async fn post(ctx: Ctx, Path(key): Path<String>, body: Bytes) -> PageResult<Response> {
    let table = table_in_force(ctx.platform(), ctx.actor(), &key).await?;
    let (single, questions) = read(&body)?;
    let mut answers = ask(&table, questions).await?;
    let mut text = format!("{{\"version\":{},\"digest\":{},", table.number, quoted(&table.digest));
    if single {
        let answer = answers.pop().ok_or_else(|| Error::internal("a question without an answer"))?;
        write(&mut text, &answer.map_err(|error| Error::refused(error.code(), error.to_string()))?);
    } else {
        text.push_str("\"answers\":[");
        for (n, answer) in answers.iter().enumerate() {
            text.push_str(if n == 0 { "{" } else { ",{" });
            match answer {
                Ok(evaluation) => write(&mut text, evaluation),
                Err(error) => write_error(&mut text, error),
            }
            text.push('}');
        }
        text.push(']');
    }
    text.push('}');
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response())
}

/// The questions, and whether it is one outside of a list.
fn read(body: &[u8]) -> Result<(bool, Vec<Asked>)> {
    if body.len() > MAX_BYTES {
        return Err(Error::too_large(format!("一次最多提交 {} MB。", MAX_BYTES >> 20)));
    }
    let wrong = |error: serde_json::Error| Error::field("body", format!("应为一个问题 {{\"decision\":…,\"input\":{{…}}}} 或问题的列表：{error}。"));
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        let questions: Vec<Question<'_>> = serde_json::from_slice(body).map_err(wrong)?;
        if questions.len() > MAX_QUESTIONS {
            return Err(Error::field("body", format!("一次最多 {MAX_QUESTIONS} 个问题。")));
        }
        Ok((false, questions.into_iter().map(Into::into).collect()))
    } else {
        let question: Question<'_> = serde_json::from_slice(body).map_err(wrong)?;
        Ok((true, vec![question.into()]))
    }
}

/// The members of an answer.
fn write(text: &mut String, evaluation: &Evaluation) {
    let rules = |table: &dmn::TableTrace| table.matched.iter().map(|rule| rule.number).collect::<Vec<_>>();
    let hits: Vec<Value> = evaluation.tables.iter().map(|table| json!({ "table": table.element, "rules": rules(table) })).collect();
    // Writing to a String cannot fail.
    let _ = write!(text, "\"result\":{},\"hits\":{}", evaluation.json, Value::from(hits));
    if let Some(reason) = &evaluation.reason {
        let _ = write!(text, ",\"reason\":{}", json!(reason));
    }
}

fn write_error(text: &mut String, error: &DmnError) {
    let _ = write!(text, "\"error\":{}", json!({ "code": error.code(), "message": error.to_string() }));
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
