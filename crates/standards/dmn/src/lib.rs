//! DMN (OMG Decision Model and Notation, 1.2 to 1.5) for models drawn by strangers: read, checked, evaluated, explained.
//!
//! A department draws its rules as tables and graphs; the platform must tell it what is wrong with them, and tell a
//! citizen why a decision came out as it did.
//!
//! - [`Model::parse`] names every problem with its element: dangling references, circles, unknown types, malformed or
//!   overlapping rules, expressions that do not read; external functions, document types and oversized files are refused.
//! - [`Model::evaluate`] gives the result, exact to the last decimal, with the rules that matched ([`Evaluation::tables`])
//!   and, when the result is null, whether an input was missing or no rule matched ([`Evaluation::reason`]).
//! - [`Model::run_examples`] holds the model to the examples its author keeps with it.
//!
//! Expressions are FEEL, bounded by the crate [`feel`]; a whole evaluation shares one budget.
//!
//! ```
//! let xml = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="示例" namespace="urn:example">
//!   <inputData id="i" name="面积"><variable name="面积" typeRef="number"/></inputData>
//!   <decision id="d" name="办理方式">
//!     <variable name="办理方式" typeRef="string"/>
//!     <informationRequirement id="r"><requiredInput href="#i"/></informationRequirement>
//!     <decisionTable id="t" hitPolicy="FIRST">
//!       <input id="c"><inputExpression><text>面积</text></inputExpression></input>
//!       <output id="o"/>
//!       <rule id="r1"><inputEntry><text>&lt;= 50</text></inputEntry><outputEntry><text>"告知承诺"</text></outputEntry></rule>
//!       <rule id="r2"><inputEntry><text>-</text></inputEntry><outputEntry><text>"现场核查"</text></outputEntry></rule>
//!     </decisionTable>
//!   </decision>
//! </definitions>"##;
//! let model = dmn::Model::parse(xml, &dmn::NoImports).map_err(|problems| format!("{problems:?}"))?;
//! let evaluation = model.evaluate_json("办理方式", r#"{"面积": 35.5}"#)?;
//! assert_eq!(evaluation.json, r#""告知承诺""#);
//! assert_eq!(evaluation.tables[0].matched[0].id, "r1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Not done
//!
//! - Expressions in other languages than FEEL, and functions in Java or PMML, are refused by design.
//! - A collecting table without a matching rule is null (or its default), also when it counts.
//! - `allowedValues` of a collection bind its items, `typeConstraint` the collection.

mod explain;
mod graph;
mod logic;
mod model;
mod problem;
mod source;
mod table;
mod types;

pub use explain::{DecisionTrace, InputSeen, RuleHit, TableTrace};
pub use model::{Evaluation, Example, Imports, Model, NoImports, Reason};
pub use problem::{DmnError, Problem, codes};
pub use source::namespace_of;
