//! 情形引导 (M-PORT-07.04): a decision table asks a few plain questions and names the situation and the materials it needs.
//!
//! The questions are the conditions of the table with the values they can have. What comes out is the name of the situation
//! (“情形”) and the materials (“材料”) that it needs besides those that everybody hands in; several rules add up.

use base::{Error, FieldError, Result};
use designs::model::decision::{self, Input};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::item::{ItemSpec, Material};
use super::Necessity;

/// Most ways to answer that are gone through before publication; a table with more asks too much of people.
const MOST_WAYS: usize = 600;

/// The table of an item, ready to ask.
#[derive(Debug, Clone, PartialEq)]
pub struct Guide {
    /// Key of the table.
    pub key: String,
    /// Its version.
    pub number: i32,
    /// SM3 of its content.
    pub digest: String,
    /// What it asks.
    pub questions: Vec<Input>,
    content: String,
    decision: String,
}

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Name of the input.
    pub key: String,
    /// As people read it.
    pub question: String,
    /// What was chosen, as the form sends it.
    pub value: String,
    /// What was chosen, as people read it.
    pub said: String,
}

/// The situation somebody is in, by a version of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Situation {
    /// What it is called.
    pub name: String,
    /// What was answered.
    pub answers: Vec<Answer>,
    /// Names of the conditional materials it needs.
    pub materials: Vec<String>,
    /// Key of the table.
    pub table: String,
    /// Its version.
    pub number: i32,
    /// SM3 of its content.
    pub digest: String,
}

impl Situation {
    /// What a table or form may know of it: its name, and what was answered.
    #[must_use]
    pub fn facts(&self) -> Value {
        let mut facts: Map<String, Value> = self.answers.iter().map(|answer| (answer.key.clone(), Value::String(answer.value.clone()))).collect();
        facts.insert("name".into(), Value::String(self.name.clone()));
        Value::Object(facts)
    }
}

/// Whether a material of the list is asked for: conditional ones only where the situation needs them.
#[must_use]
pub fn asked_for(material: &Material, situation: Option<&Situation>) -> bool {
    material.necessity != Necessity::Conditional || situation.is_none_or(|situation| situation.materials.contains(&material.name))
}

/// What an answer is called in forms and addresses.
#[must_use]
pub fn field(at: usize) -> String {
    format!("s{at}")
}

impl Guide {
    /// Reads a table.
    #[must_use]
    pub fn new(key: &str, number: i32, digest: &str, content: &str) -> Self {
        let outline = decision::outline(content);
        Self {
            key: key.to_owned(),
            number,
            digest: digest.to_owned(),
            questions: outline.inputs,
            decision: outline.decisions.last().cloned().unwrap_or_default(),
            content: content.to_owned(),
        }
    }

    /// The values of a question with their words.
    #[must_use]
    pub fn choices(question: &Input) -> Vec<(String, String)> {
        if question.kind == "boolean" {
            return vec![("true".into(), "是".into()), ("false".into(), "否".into())];
        }
        question.choices.iter().map(|choice| (choice.clone(), choice.clone())).collect()
    }

    /// The situation of whoever answers so; `given` tells the value sent for the question at a place.
    ///
    /// # Errors
    /// Invalid, naming every question that is open; refused when the table knows no situation for these answers.
    pub fn answer<'g>(&self, given: impl Fn(usize, &Input) -> &'g str) -> Result<Situation> {
        let (mut answers, mut input, mut open) = (Vec::new(), Map::new(), Vec::new());
        for (at, question) in self.questions.iter().enumerate() {
            let value = given(at, question);
            match Self::choices(question).into_iter().find(|(known, _)| known == value) {
                Some((value, said)) => {
                    let typed = question.read(&value).map_err(|text| Error::field(field(at), text))?;
                    decision::put(&mut input, &question.name, typed);
                    answers.push(Answer { key: question.name.clone(), question: question.label.clone(), value, said });
                }
                None => open.push(FieldError::new(field(at), format!("请选择“{}”。", question.label))),
            }
        }
        if !open.is_empty() {
            return Err(Error::invalid(open));
        }
        let (name, materials) = self.evaluate(&input)?;
        Ok(Situation { name, answers, materials, table: self.key.clone(), number: self.number, digest: self.digest.clone() })
    }

    fn evaluate(&self, input: &Map<String, Value>) -> Result<(String, Vec<String>)> {
        let unknown = || Error::refused("catalog.no_situation", "没有找到与您的回答相符的情形，请核对所选内容，或者拨打咨询电话。");
        let answer = decision::answer(&self.content, &self.decision, input).map_err(|text| Error::refused("catalog.situation", text))?;
        let (mut names, mut materials) = (Vec::new(), Vec::new());
        gather(&answer.value, "情形", &mut names, &mut materials);
        if names.is_empty() { Err(unknown()) } else { Ok((names.join("，"), materials)) }
    }

    /// What keeps the table from guiding people to this list: questions without values, answers without a situation, materials
    /// that the list does not hold, conditional materials that no situation needs.
    #[must_use]
    pub fn problems(&self, spec: &ItemSpec) -> Vec<String> {
        if self.questions.is_empty() {
            return vec!["情形引导用的决策表没有条件列，问不出问题。".into()];
        }
        let choices: Vec<Vec<(String, String)>> = self.questions.iter().map(Self::choices).collect();
        let silent: Vec<String> = self.questions.iter().zip(&choices).filter(|(_, c)| c.is_empty()).map(|(q, _)| format!("“{}”没有列出可以选的值，申请人无法选择。", q.label)).collect();
        if !silent.is_empty() {
            return silent;
        }
        let ways = choices.iter().try_fold(1_usize, |ways, c| ways.checked_mul(c.len()).filter(|ways| *ways <= MOST_WAYS));
        let Some(ways) = ways else { return vec![format!("情形引导问得太多：所有回答的组合不能超过 {MOST_WAYS} 种，请减少问题。")] };
        let (mut problems, mut needed) = (Vec::new(), Vec::new());
        for way in 0..ways {
            let chosen = pick(&choices, way);
            let said = || chosen.iter().map(|(_, said)| said.as_str()).collect::<Vec<_>>().join("、");
            match self.answer(|at, _| chosen.get(at).map_or("", |(value, _)| value.as_str())) {
                Ok(situation) => needed.extend(situation.materials),
                Err(_) if problems.len() < 5 => problems.push(format!("选“{}”时，决策表没有给出情形，请补上规则。", said())),
                Err(_) => {}
            }
        }
        needed.sort();
        needed.dedup();
        problems.extend(needed.iter().filter(|name| !spec.materials.iter().any(|m| m.name == **name)).map(|name| format!("决策表要求的“{name}”不在材料清单里。")));
        let never = spec.materials.iter().filter(|m| m.necessity == Necessity::Conditional && !needed.contains(&m.name));
        problems.extend(never.map(|m| format!("材料“{}”按情形提供，但决策表的任何情形都不要它。", m.name)));
        problems
    }

    /// The plainest way through all the questions: the first value of each, and no where it is yes or no. There is one in
    /// every table that [`Guide::problems`] finds nothing wrong with.
    #[must_use]
    pub fn plain_way(&self) -> Vec<String> {
        let plainest = |question: &Input| if question.kind == "boolean" { Self::choices(question).pop() } else { Self::choices(question).into_iter().next() };
        self.questions.iter().map(|question| plainest(question).map(|(value, _)| value).unwrap_or_default()).collect()
    }
}

/// The `way`-th of all combinations.
fn pick(choices: &[Vec<(String, String)>], mut way: usize) -> Vec<(String, String)> {
    let mut chosen = Vec::with_capacity(choices.len());
    for list in choices {
        chosen.extend(list.get(way % list.len().max(1)).cloned());
        way /= list.len().max(1);
    }
    chosen
}

/// Takes situations and materials out of what a table gave, each once and in order. A lone text is a situation.
fn gather(value: &Value, within: &str, names: &mut Vec<String>, materials: &mut Vec<String>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| gather(one, within, names, materials)),
        Value::Object(fields) => fields.iter().for_each(|(name, one)| gather(one, name, names, materials)),
        Value::String(text) if matches!(within, "情形" | "situation") => add(names, text),
        Value::String(text) if matches!(within, "材料" | "materials") => text.split(['、', '；', ';', '，', ',']).for_each(|name| add(materials, name)),
        _ => {}
    }
}

fn add(list: &mut Vec<String>, text: &str) {
    let text = text.trim();
    if !text.is_empty() && !list.iter().any(|known| known == text) {
        list.push(text.to_owned());
    }
}

#[cfg(test)]
#[path = "situation_tests.rs"]
mod tests;
