//! What a browser sent.

use forms::{Answers, Component, PairsError, decode, is_list};
use web::FormData;

/// What the button of the form asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Go on: the main button.
    Next,
    /// Keep what was typed, finished or not, and leave.
    Later,
    /// Another row of this repeating group.
    Add(String),
    /// Without this row.
    Remove(String),
    /// Keep what was typed and draw the page again: the next level was asked for.
    Again(String),
    /// Draw the fields again without keeping anything: scripts ask this while somebody types.
    Look,
}

impl Act {
    /// From the value of the button; anything unknown is the main button.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text.split_once(':').unwrap_or((text, "")) {
            ("later", _) => Self::Later,
            ("add", path) => Self::Add(path.to_owned()),
            ("remove", path) => Self::Remove(path.to_owned()),
            ("look", _) => Self::Look,
            ("again", path) => Self::Again(path.to_owned()),
            _ => Self::Next,
        }
    }

    /// The element to return to after drawing the page again; empty for none.
    #[must_use]
    pub fn place(&self, prefix: &str) -> String {
        match self {
            Self::Next | Self::Later | Self::Look => String::new(),
            Self::Add(path) | Self::Again(path) => super::element_id(prefix, path),
            Self::Remove(path) => super::element_id(prefix, path.rsplit_once('[').map_or(path, |(list, _)| list)),
        }
    }
}

/// What was posted for a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Posted {
    /// Text as typed.
    pub answers: Answers,
    /// What is wanted.
    pub act: Act,
}

impl Posted {
    /// Does what the button asks to the answers typed so far, in the repeating groups among these fields.
    ///
    /// # Errors
    /// When there is no such row or no room for another.
    pub fn turn(&self, fields: &[&Component], typed: &mut Answers) -> Result<(), PairsError> {
        match &self.act {
            Act::Add(path) if !is_list(fields, path) => Err(PairsError::Name),
            Act::Remove(path) if !is_list(fields, path) => Err(PairsError::Name),
            Act::Add(path) => forms::add_row(typed, path),
            Act::Remove(path) => forms::remove_row(typed, path),
            Act::Next | Act::Later | Act::Again(_) | Act::Look => Ok(()),
        }
    }
}

/// Reads the pairs that belong to a form: those whose name begins with `prefix`, which is taken off. Names that begin
/// with `_` belong to the page.
///
/// # Errors
/// Pairs no form of ours sends.
pub fn posted(data: &FormData, prefix: &str) -> Result<Posted, PairsError> {
    let own = data.pairs().filter(|(name, _)| !matches!(*name, "_act" | "_token")).filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value)));
    Ok(Posted { answers: decode(own)?, act: Act::parse(data.text("_act")) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use forms::Form;
    use serde_json::json;

    #[test]
    fn the_button_is_no_answer() {
        let pairs = [("_token", "t"), ("field_rows[0].a", " 1 "), ("_act", "add:rows"), ("other", "x")];
        let data = FormData::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
        let mut posted = posted(&data, "field_").unwrap();
        assert_eq!(posted.act, Act::Add("rows".into()));
        let mut answers = std::mem::take(&mut posted.answers);
        let form = Form::from_value(json!({"type": "default", "components": [{"type": "dynamiclist", "path": "rows", "components": [{"type": "textfield", "key": "a"}]}]})).unwrap();
        posted.turn(&form.fields(), &mut answers).unwrap();
        let elsewhere = Posted { answers: Answers::new(), act: Act::Add("state".into()) };
        assert!(elsewhere.turn(&form.fields(), &mut answers).is_err());
        assert_eq!(serde_json::Value::Object(answers), json!({"rows": [{"a": " 1 "}, {}]}));
        assert_eq!(Act::parse("nonsense:x"), Act::Next);
        assert_eq!(Act::Remove("rows[1]".into()).place("field_"), "field_rows");
    }
}
