//! Patterns of JavaScript, bounded.

use fancy_regex::{Regex, RegexBuilder};

/// Longest pattern.
const MAX_PATTERN: usize = 1000;
/// Steps a match may go back before it is given up.
const MAX_STEPS: usize = 100_000;
/// Memory of a compiled pattern in bytes.
const MAX_COMPILED: usize = 1024 * 1024;

/// A pattern ready for use; `None` when it is too large or none that can be run.
pub(crate) fn compile(pattern: &str) -> Option<Regex> {
    if pattern.len() > MAX_PATTERN {
        return None;
    }
    RegexBuilder::new(&translated(pattern))
        .backtrack_limit(MAX_STEPS)
        .delegate_size_limit(MAX_COMPILED)
        .delegate_dfa_size_limit(MAX_COMPILED)
        .build()
        .ok()
}

/// Whether the pattern is found in the text. A match that runs away counts as not found.
pub(crate) fn found(pattern: &Regex, text: &str) -> bool {
    pattern.is_match(text).unwrap_or(false)
}

/// The same pattern for Rust: in JavaScript `\d` and `\w` know only ASCII, `\/` is a slash and `\u` with four digits a character.
fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut chars = pattern.chars().peekable();
    let mut class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('d') => out.push_str(if class { "0-9" } else { "[0-9]" }),
                Some('w') => out.push_str(if class { "A-Za-z0-9_" } else { "[A-Za-z0-9_]" }),
                Some('/') => out.push('/'),
                Some('u') => {
                    let hex: String = std::iter::from_fn(|| chars.next_if(char::is_ascii_hexdigit)).take(4).collect();
                    if hex.len() == 4 {
                        out.push_str(&format!("\\x{{{hex}}}"));
                    } else {
                        out.push_str("\\u");
                        out.push_str(&hex);
                    }
                }
                Some(other) => {
                    out.push('\\');
                    out.push(other);
                }
                None => out.push('\\'),
            },
            '[' if class => out.push_str("\\["), // JavaScript has no nested classes
            '[' => {
                class = true;
                out.push('[');
            }
            ']' => {
                class = false;
                out.push(']');
            }
            '&' | '~' if class => {
                out.push('\\');
                out.push(c);
            }
            other => out.push(other),
        }
    }
    out
}
