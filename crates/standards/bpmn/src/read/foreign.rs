//! What other modellers write where the standard leaves room: conditions in the notation of Java, and attributes and
//! elements of their own that say what runs. Understood as far as it means the same here; the rest is left alone.

use roxmltree::Node;

use super::{BPMN_NAMESPACE, EXTENSION_NAMESPACE, xml::bpmn_children};
use crate::Extension;

/// Functions of FEEL behind the methods people call on texts.
const METHODS: [(&str, &str); 4] = [
    (".contains", "contains"),
    (".startsWith", "starts with"),
    (".endsWith", "ends with"),
    (".equals", "="),
];

/// Parentheses and negations of one expression, one within another; more stay as they are.
const DEPTH: usize = 50;

/// An expression without the `=`, `${…}` or `#{…}` around it, its operators as FEEL writes them.
pub(super) fn bare(text: &str) -> String {
    let text = text.trim();
    let within = |open| text.strip_prefix(open)?.strip_suffix('}');
    let braced = within("${").or_else(|| within("#{"));
    let inner = match braced.filter(|inner| !inner.contains(['{', '}'])) {
        Some(inner) => inner,
        None => text.strip_prefix('=').unwrap_or(text),
    };
    let inner = inner.trim();
    let strange = ["==", "&&", "||", "'", "!"];
    if strange
        .iter()
        .chain(METHODS.iter().map(|(method, _)| method))
        .any(|sign| inner.contains(sign))
    {
        Rewriter::of(inner).all(DEPTH)
    } else {
        inner.to_owned()
    }
}

/// Reads an expression from left to right and writes the same in FEEL. Nothing that is valid FEEL is changed, except a call
/// of one of the [`METHODS`].
struct Rewriter<'t> {
    rest: &'t str,
    out: String,
}

impl<'t> Rewriter<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            rest: text,
            out: String::new(),
        }
    }

    fn all(mut self, depth: usize) -> String {
        while self.step(depth) {}
        self.out
    }

    /// Takes in what comes next; `false` at the end.
    fn step(&mut self, depth: usize) -> bool {
        let Some(first) = self.rest.chars().next() else {
            return false;
        };
        for (sign, feel) in [
            ("===", "="),
            ("!==", "!="),
            ("==", "="),
            ("!=", "!="),
            ("&&", " and "),
            ("||", " or "),
        ] {
            if let Some(rest) = self.rest.strip_prefix(sign) {
                self.out.push_str(feel);
                self.rest = rest;
                return true;
            }
        }
        match first {
            '"' => self.copy_text('"'),
            // Within a name of FEEL it is an apostrophe.
            '\'' if !self.out.ends_with(is_name) => self.copy_text('\''),
            '!' if depth > 0 => {
                self.rest = self.rest[1..].trim_start();
                let operand = self.operand(depth - 1);
                self.out.push_str(&format!("not({operand})"));
            }
            c if is_name(c) && !self.out.ends_with(is_name) => {
                let path = self.path(depth);
                self.out.push_str(&path);
            }
            c => {
                self.out.push(c);
                self.rest = &self.rest[c.len_utf8()..];
            }
        }
        true
    }

    /// A text, in the quotes FEEL wants.
    fn copy_text(&mut self, quote: char) {
        self.out.push('"');
        let mut escaped = false;
        let mut end = self.rest.len();
        for (at, c) in self.rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                c if c == quote => {
                    end = at + 1;
                    break;
                }
                '"' => self.out.push('\\'),
                _ => {}
            }
            self.out.push(c);
        }
        self.out.push('"');
        self.rest = &self.rest[end..];
    }

    /// What a negation is about: something in parentheses, or a path with its call.
    fn operand(&mut self, depth: usize) -> String {
        if self.rest.starts_with('(') {
            return self.parenthesis(depth);
        }
        if let Some(rest) = self.rest.strip_prefix('!').filter(|_| depth > 0) {
            self.rest = rest.trim_start();
            let inner = self.operand(depth - 1);
            return format!("not({inner})");
        }
        self.path(depth)
    }

    /// What stands in the parentheses that begin here, rewritten.
    fn parenthesis(&mut self, depth: usize) -> String {
        let mut open = 0_usize;
        let mut quote = None;
        let mut end = self.rest.len();
        for (at, c) in self.rest.char_indices() {
            match (quote, c) {
                (Some(q), c) if q == c => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '(') => open += 1,
                (None, ')') => {
                    open -= 1;
                    if open == 0 {
                        end = at;
                        break;
                    }
                }
                _ => {}
            }
        }
        let inner = self.rest.get(1..end).unwrap_or_default();
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        match depth.checked_sub(1) {
            Some(depth) => Rewriter::of(inner).all(depth),
            None => inner.to_owned(),
        }
    }

    /// A name or path, with the call of a method as a call of the function that does the same.
    fn path(&mut self, depth: usize) -> String {
        let end = self
            .rest
            .find(|c| !is_name(c) && c != '.')
            .unwrap_or(self.rest.len());
        let (path, rest) = self.rest.split_at(end);
        self.rest = rest;
        let known = METHODS
            .iter()
            .find_map(|(method, function)| Some((path.strip_suffix(method)?, *function)));
        match known.filter(|(object, _)| !object.is_empty() && rest.starts_with('(')) {
            Some((object, function)) => {
                let arguments = self.parenthesis(depth);
                match function {
                    "=" => format!("({object} = {arguments})"),
                    function => format!("{function}({object}, {arguments})"),
                }
            }
            None => path.to_owned(),
        }
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Adds the name others give to the variable for a single result.
pub(super) fn result(node: Node<'_, '_>, mut extension: Extension) -> Extension {
    let stated = attribute_of(node, "resultVariable")
        .or_else(|| attribute_within(node, "script", "resultVariable"))
        .or_else(|| attribute_within(node, "calledDecision", "resultVariable"))
        .map(str::trim)
        .filter(|name| !name.is_empty());
    if let Some(name) = stated {
        let ours = extension.entry("resultVariable".to_owned());
        ours.or_insert_with(|| name.to_owned());
    }
    extension
}

/// An attribute somebody else's namespace adds to an element.
pub(super) fn attribute_of<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let foreign = |namespace: Option<&str>| {
        namespace.is_some_and(|n| n != BPMN_NAMESPACE && n != EXTENSION_NAMESPACE)
    };
    node.attributes()
        .find(|a| a.name() == name && foreign(a.namespace()))
        .map(|a| a.value())
}

/// An attribute of a child of `extensionElements`, whatever its namespace.
pub(super) fn attribute_within<'a>(
    node: Node<'a, '_>,
    child: &str,
    attribute: &str,
) -> Option<&'a str> {
    bpmn_children(node)
        .filter(|(name, _)| *name == "extensionElements")
        .flat_map(|(_, holder)| holder.children())
        .find(|c| c.is_element() && c.tag_name().name() == child)
        .and_then(|c| c.attribute(attribute))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_of_java_become_those_of_feel() {
        for (text, feel) in [
            ("${a == 'x' && b != \"y\"}", "a = \"x\"  and  b != \"y\""),
            ("#{a===1||!b}", "a=1 or not(b)"),
            ("!(a == 'x')", "not(a = \"x\")"),
            ("!a.b.contains('x')", "not(contains(a.b, \"x\"))"),
            ("test.contains(\"a\")", "contains(test, \"a\")"),
            (
                "s.startsWith('(') && !s.endsWith(\")\")",
                "starts with(s, \"(\")  and  not(ends with(s, \")\"))",
            ),
            ("a.equals('say \"hi\"')", "(a = \"say \\\"hi\\\"\")"),
            ("!!a", "not(not(a))"),
            ("名称 == '甲'", "名称 = \"甲\""),
        ] {
            assert_eq!(bare(text), feel, "{text}");
        }
    }

    #[test]
    fn feel_stays_as_it_is() {
        for text in [
            "a != \"x == y && z\"",
            "applicant's age >= 18",
            "some x in list satisfies x != null",
            "contains(a, \"b\")",
            "{a: 1}.a = 1",
            "a.containsAll",
            "\"it's\" = b",
        ] {
            assert_eq!(bare(text), text);
        }
        assert_eq!(bare("= a"), "a");
        assert_eq!(bare("${a} and ${b}"), "${a} and ${b}");
    }

    #[test]
    fn nothing_brings_it_down() {
        for text in [
            "!",
            "'",
            "a.contains(",
            "!(",
            "!a.equals(''",
            "'\\",
            "a.contains)'",
            "!!((",
        ] {
            let _ = bare(text);
        }
        let _ = bare(&"!".repeat(10_000));
        let _ = bare(&"!(".repeat(10_000));
        let _ = bare(&"a.contains(".repeat(10_000));
    }
}
