//! Expressions read once and kept, for callers that come with the text each time.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use crate::{Expression, FeelError};

/// Texts kept ready to evaluate; far more than the drawings and forms of a region hold.
const KEPT: usize = 10_000;

static READ: LazyLock<RwLock<HashMap<String, Arc<Expression>>>> = LazyLock::new(RwLock::default);

/// The expression of a text, read at its first use.
///
/// # Errors
/// As [`Expression::parse`].
pub fn kept(text: &str) -> Result<Arc<Expression>, FeelError> {
    if let Some(expression) = READ.read().unwrap_or_else(PoisonError::into_inner).get(text) {
        return Ok(expression.clone());
    }
    let expression = Arc::new(Expression::parse(text)?);
    let mut read = READ.write().unwrap_or_else(PoisonError::into_inner);
    if read.len() >= KEPT {
        read.clear();
    }
    read.insert(text.to_owned(), expression.clone());
    Ok(expression)
}
