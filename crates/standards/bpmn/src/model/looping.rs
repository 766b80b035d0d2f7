//! Activities done more than once.

use super::EventDefinition;

/// How often an activity is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looping {
    /// One after another while a condition holds (`standardLoopCharacteristics`).
    Standard {
        /// Whether the condition is looked at before the first time as well.
        test_before: bool,
        /// Holds as long as there is another time; always when not given.
        condition: Option<String>,
        /// Most times; zero or less means never.
        maximum: Option<i64>,
    },
    /// Once for each of many (`multiInstanceLoopCharacteristics`).
    Multiple {
        /// One after another instead of all at once.
        sequential: bool,
        /// How many.
        cardinality: Cardinality,
        /// Variable that holds the entry of the collection within one instance.
        item: Option<String>,
        /// Variable that receives the list of results.
        output_collection: Option<String>,
        /// Variable or expression for the result of one instance.
        output_item: Option<String>,
        /// When it holds after an instance, the others are withdrawn.
        completion: Option<String>,
        /// What is thrown while instances complete.
        behavior: Behavior,
    },
}

/// How many instances there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cardinality {
    /// As many as this expression says.
    Count(String),
    /// One for each entry of the list this expression gives.
    Each(String),
}

/// Events a multi-instance activity throws by itself (BPMN 2.0.2, table 8.33), to be caught at its border.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behavior {
    /// Nothing.
    All,
    /// This, each time an instance completes.
    None(Box<EventDefinition>),
    /// This, when the first instance completes.
    One(Box<EventDefinition>),
    /// Each of these whose condition holds when an instance completes.
    Complex(Vec<(String, EventDefinition)>),
}
