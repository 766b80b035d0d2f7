//! `tongban form`: forms without a database.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base::Result;
use clap::Subcommand;
use forms::Form;
use serde::Serialize;
use serde_json::Value;

/// What to do with a form.
#[derive(Debug, Subcommand)]
pub enum FormCommand {
    /// Validates answers; prints the errors as a JSON array, `[]` when there are none.
    Validate {
        /// The form-js schema.
        schema: PathBuf,
        /// The answers as JSON.
        #[arg(long)]
        data: PathBuf,
    },
}

/// One line of the answer; problems of the schema have the component as their path.
#[derive(Debug, Serialize, PartialEq, Eq)]
struct Finding {
    path: String,
    code: &'static str,
    message: String,
}

impl Finding {
    fn of_form(code: &'static str, message: impl Into<String>) -> Self {
        Self { path: String::new(), code, message: message.into() }
    }
}

impl From<forms::Problem> for Finding {
    fn from(problem: forms::Problem) -> Self {
        Self { path: problem.component, code: problem.code, message: problem.message }
    }
}

/// Runs a command.
///
/// # Errors
/// When the answer cannot be written.
pub fn run(command: &FormCommand) -> Result<ExitCode> {
    let FormCommand::Validate { schema, data } = command;
    let findings = validate(schema, data).err().unwrap_or_default();
    println!("{}", serde_json::to_string(&findings)?);
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn validate(schema: &Path, data: &Path) -> std::result::Result<(), Vec<Finding>> {
    let read = |path: &Path, code| std::fs::read_to_string(path).map_err(|error| vec![Finding::of_form(code, format!("无法读取{}：{error}", path.display()))]);
    let form = Form::parse(&read(schema, "schema_file")?).map_err(|error| vec![error.problem().into()])?;
    let context = catalog::form_context();
    let problems = form.blocking_problems(context.lists, context.expressions);
    if !problems.is_empty() {
        return Err(problems.into_iter().map(Into::into).collect());
    }
    let answers: Value = serde_json::from_str(&read(data, "data_file")?).map_err(|error| vec![Finding::of_form("json", format!("填写的内容不是有效的JSON：{error}"))])?;
    let as_finding = |error: forms::FieldError| Finding { path: error.path, code: error.code, message: error.message };
    match form.validate(&answers, &context) {
        Ok(_) => Ok(()),
        Err(errors) => Err(errors.into_iter().map(as_finding).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(schema: &str, data: &str) -> Vec<(String, &'static str)> {
        let folder = tempfile::tempdir().unwrap();
        let (schema_file, data_file) = (folder.path().join("schema.json"), folder.path().join("data.json"));
        std::fs::write(&schema_file, schema).unwrap();
        std::fs::write(&data_file, data).unwrap();
        validate(&schema_file, &data_file).err().unwrap_or_default().into_iter().map(|finding| (finding.path, finding.code)).collect()
    }

    #[test]
    fn says_what_is_wrong_with_answers_or_schema() {
        let schema = r#"{"type": "default", "components": [{"type": "number", "key": "n", "label": "数", "validate": {"required": true}}]}"#;
        assert_eq!(codes(schema, r#"{"n": 1}"#), []);
        assert_eq!(codes(schema, "{}"), [("n".to_owned(), "required")]);
        assert_eq!(codes(schema, r#"{"n": 1, "m": 2}"#), [("m".to_owned(), "unknown")]);
        assert_eq!(codes(schema, "{"), [(String::new(), "json")]);
        assert_eq!(codes("nonsense", "{}"), [(String::new(), "json")]);
        assert_eq!(codes(r#"{"type": "default", "components": [{"type": "select", "key": "s", "label": "选"}]}"#, "{}"), [("s".to_owned(), "no_values")]);
        assert!(validate(Path::new("missing.json"), Path::new("missing.json")).is_err());
    }
}
