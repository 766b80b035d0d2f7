//! What a text looks like before the library sees it: its words, and whether reading it is affordable.
//!
//! FEEL names may hold spaces and operators, so the library needs to know the names in order to tell `a - b` from the
//! one name "a - b". We tell it every single word of the text as well, so that unknown variables are null, not nonsense.

use std::collections::BTreeSet;

use dsntk_feel::bif::Bif;

use crate::FeelError;

/// Longest text of an expression, in characters.
pub const LONGEST: usize = 8_000;
/// The library reads names by trying every prefix of a run of words, at every word: cubic. This bounds the product.
const NAME_WORK: usize = 3_000_000;
/// It also copies all known names at every word.
const LOOKUP_WORK: usize = 600_000;

/// Words that are grammar; as names they would hide it. Types are here too, and what begins a literal of date and time.
const GRAMMAR: &[&str] = &[
    "and", "between", "context", "date", "days", "else", "every", "external", "false", "for", "function", "if", "in", "instance", "item", "list",
    "not", "null", "number", "of", "or", "range", "return", "satisfies", "some", "string", "boolean", "then", "time", "true", "years", "Any", "Null",
    "duration",
];

/// Built-in functions whose names are several words: known as wholes, or their first word would be taken for a variable.
const LONG_BUILT_INS: &[&str] = &[
    "context merge", "context put", "day of week", "day of year", "distinct values", "ends with", "finished by", "get entries", "get value",
    "index of", "insert before", "list contains", "list replace", "lower case", "met by", "month of year", "overlaps after", "overlaps before",
    "round down", "round half down", "round half up", "round up", "started by", "starts with", "string join", "string length", "substring after",
    "substring before", "upper case", "week of year",
];

/// The words of a text, and what reading it costs.
pub(crate) struct Words {
    pub words: BTreeSet<String>,
    count: usize,
    name_work: usize,
}

fn starts_name(ch: char) -> bool {
    ch == '?' || ch == '_' || ch.is_ascii_alphabetic() || ch > '\u{BF}' && !ch.is_whitespace() && !matches!(ch, '\u{D7}' | '\u{F7}' | '\u{2000}'..='\u{206F}' | '\u{3000}')
}

/// Whether `name` is one word of FEEL, which needs no declaration.
pub(crate) fn is_word(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(starts_name) && chars.all(|ch| starts_name(ch) || ch.is_ascii_digit()) && !GRAMMAR.contains(&name) && name.parse::<Bif>().is_err()
}

impl Words {
    /// # Errors
    /// When the text is too long or would take the library too long to read.
    pub fn of(text: &str) -> Result<Self, FeelError> {
        let chars: Vec<char> = text.chars().collect();
        if chars.len() > LONGEST {
            return Err(FeelError::TooComplex(format!("超过 {LONGEST} 个字符")));
        }
        let mut found = Self { words: BTreeSet::new(), count: 0, name_work: 0 };
        let (mut at, mut run) = (0, 0_usize);
        while let Some(&ch) = chars.get(at) {
            let next = chars.get(at + 1).copied();
            if ch == '"' {
                at += 1;
                while let Some(&inner) = chars.get(at) {
                    if inner == '"' {
                        break;
                    }
                    at += if inner == '\\' { 2 } else { 1 };
                }
                at += 1;
                found.end_run(&mut run);
            } else if ch == '/' && next == Some('/') {
                while chars.get(at).is_some_and(|ch| *ch != '\n') {
                    at += 1;
                }
            } else if ch == '/' && next == Some('*') {
                at += 2;
                while at < chars.len() && !(chars[at] == '*' && chars.get(at + 1) == Some(&'/')) {
                    at += 1;
                }
                at += 2;
            } else if starts_name(ch) || ch.is_ascii_digit() {
                let start = at;
                while chars.get(at).is_some_and(|ch| starts_name(*ch) || ch.is_ascii_digit()) {
                    at += 1;
                }
                run += 1;
                let word: String = chars[start..at].iter().collect();
                if starts_name(ch) {
                    found.count += 1;
                    if is_word(&word) {
                        found.words.insert(word);
                    }
                }
            } else {
                if matches!(ch, '.' | '/' | '-' | '\'' | '+' | '*') {
                    run += 1;
                } else if !ch.is_whitespace() {
                    found.end_run(&mut run);
                }
                at += 1;
            }
        }
        found.end_run(&mut run);
        let known = found.words.len() + LONG_BUILT_INS.len();
        if found.name_work > NAME_WORK || found.count.saturating_mul(known) > LOOKUP_WORK {
            return Err(FeelError::TooComplex("连续的名称过多，请加括号或分步书写".into()));
        }
        Ok(found)
    }

    fn end_run(&mut self, run: &mut usize) {
        self.name_work += run.saturating_pow(3) / 6;
        *run = 0;
    }

    /// What the parser has to know besides `declared`.
    pub fn names<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        self.words.iter().map(String::as_str).chain(LONG_BUILT_INS.iter().copied().filter(|name| text.contains(name)))
    }
}
