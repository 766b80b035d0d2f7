//! Texts and variables of people who mean harm: every one answers within a second, none ends the process.

use std::time::{Duration, Instant};

use feel::{Expression, UnaryTests};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The code of the error, or the answer.
fn attempt(text: &str, variables: &Value) -> String {
    let start = Instant::now();
    let answer = Expression::parse(text).and_then(|expression| expression.evaluate(variables.as_object().unwrap()));
    // The limit of the crate is under a second; a busy machine that builds and tests at once gets some more.
    assert!(start.elapsed() < Duration::from_secs(3), "{:?} for {}", start.elapsed(), text.chars().take(80).collect::<String>());
    match answer {
        Ok(value) => value.to_string().chars().take(60).collect(),
        Err(error) => error.code().to_owned(),
    }
}

#[test]
fn loops_end() {
    for text in [
        "for i in 1..1000000000 return i",
        "for i in [1..1000000000] return i",
        "for i in 1..10000, j in 1..10000 return 1",
        "for i in 1..10000 return for j in 1..10000 return j",
        "for i in [], j in 1..1000000000 return i",
        "for i in 1..1000000000, j in [] return i",
        "some i in [1..1000000000] satisfies i < 0",
        "every i in [1..1000000000] satisfies true",
        "count(for i in 1..1000000000 return 1)",
        "for d in @\"0001-01-01\"..@\"9999-12-31\" return d",
        "for i in 1..100000 return partial",
        "{f: function(n) for i in 1..10 return f(n + 1), r: f(1)}.r",
        "for i in 1..99999999 return {f: function(x) x, y: f(i)}",
    ] {
        let code = attempt(text, &json!({}));
        assert!(matches!(code.as_str(), "steps" | "time" | "depth" | "null" | "[]"), "{text}: {code}");
    }
}

#[test]
fn recursion_ends() {
    for text in [
        "{f: function(n) f(n + 1), r: f(1)}.r",
        "{f: function(n) n + f(n + 1), r: f(1)}.r",
        "{f: function(n) [f(n + 1)], r: f(1)}.r",
        "{f: function(n) {x: f(n + 1)}.x, r: f(1)}.r",
        "{f: function(n) if n = 0 then 0 else f(n - 1) + f(n - 1), r: f(40)}.r",
        "{f: function(g) g(g), r: f(f)}.r",
        "{f: function(xs) xs[f(xs) = 1], r: f([1])}.r",
        "{f: function(n) some x in [1] satisfies f(n), r: f(1)}.r",
        "(function(f) f(f))(function(f) f(f))",
    ] {
        let code = attempt(text, &json!({}));
        assert!(matches!(code.as_str(), "steps" | "time" | "depth" | "null" | "syntax"), "{text}: {code}");
    }
}

#[test]
fn memory_is_bounded() {
    let big = "x".repeat(15_000);
    for text in [
        "for i in 1..60 return concatenate(partial, partial)",
        "for i in 1..60 return [partial, partial, partial, partial]",
        "for i in 1..60 return if i = 1 then \"aa\" else partial[-1] + partial[-1]",
        "for i in 1..5000 return [partial[-1]]",
        "for i in 1..10000 return big",
        "replace(replace(replace(replace(big, \"x\", \"xxxxxxxxxxxxxxxx\"), \"x\", \"xxxxxxxxxxxxxxxx\"), \"x\", \"xxxxxxxxxxxxxxxx\"), \"x\", \"xxxxxxxxxxxxxxxx\")",
        "string join(for i in 1..50000 return \"\", big)",
        "for i in 1..2000 return string(10 ** 6000)",
        "distinct values(for i in 1..60000 return i)",
        "sort(for i in 1..60000 return i, function(x, y) x < y)",
        "for i in 1..100000 return context put({}, string(i), big)",
        "string length(string join(for i in 1..60 return string join(partial, \"\") + \"ab\"))",
    ] {
        let code = attempt(text, &json!({ "big": big }));
        assert!(matches!(code.as_str(), "steps" | "time" | "depth"), "{text}: {code}");
    }
}

#[test]
fn regular_expressions_end() {
    let a = "a".repeat(5_000);
    for text in [
        "matches(a, \"(a+)+$b\")",
        "matches(a, \"((a{0,50}){0,50}){0,50}{0,50}b\")",
        "replace(a, \"(a*)*b\", \"$1$1$1$1\")",
        "for i in 1..10000 return matches(a, \"(a{1,100}){1,100}b\")",
        "split(a, \"\")",
        "split(a, \"(\")",
    ] {
        attempt(text, &json!({ "a": a }));
    }
}

#[test]
fn deep_and_long_texts_are_refused() {
    for (open, inner, close) in
        [("(", "1", ")"), ("[", "1", "]"), ("{a:", "1", "}"), ("-", "1", ""), ("not(", "true", ")"), ("abs(", "1", ")"), ("if true then ", "1", " else 2"), ("function() ", "1", ""), ("some x in [1] satisfies ", "true", ""), ("for x in [1] return ", "1", ""), ("[1][", "1", "]"), ("1 + ", "1", ""), ("a.", "a", ""), ("a or ", "a", "")]
    {
        for times in [100, 400, 3_000, 200_000] {
            let text = format!("{}{inner}{}", open.repeat(times), close.repeat(times));
            let code = attempt(&text, &json!({ "a": true }));
            if times > 3_000 {
                assert!(matches!(code.as_str(), "too-complex"), "{open} × {times}: {code}");
            }
        }
    }
    assert_eq!(attempt(&"a+".repeat(3_000), &json!({})), "too-complex");
    assert_eq!(attempt(&"a ".repeat(3_000), &json!({})), "too-complex");
    assert_eq!(attempt(&(0..1_500).map(|n| format!("a{n},")).collect::<String>(), &json!({})), "too-complex");
    let deep = (0..3_000).fold(json!(1), |inner, _| Value::Array(vec![inner]));
    let deep = Value::Object([("x".to_owned(), deep)].into_iter().collect());
    assert_eq!(attempt("x", &deep), "variable");
    std::mem::forget(deep); // serde_json itself drops recursively
}

/// Between two looks at the stack the library descends a whole expression; the reserve must hold that.
#[test]
fn deep_expressions_in_deep_recursion_end() {
    for (open, close) in [("abs(", ")"), ("[", "]"), ("{a: ", "}"), ("if true then ", " else 2"), ("1 + (", ")"), ("not(", ")"), ("concatenate([1], ", ")"), ("for x in [1] return ", ""), ("some x in [1] satisfies ", ""), ("[1][", "]"), ("(function() ", ")()"), ("1 in (", ")"), ("replace(string(", "), \"a\", \"b\")")] {
        for times in [10, 30, 45, 60, 70] {
            let body = format!("{}f(n + 1){}", open.repeat(times), close.repeat(times));
            let code = attempt(&format!("{{f: function(n) {body}, r: f(1)}}.r"), &json!({}));
            assert!(matches!(code.as_str(), "depth" | "steps" | "time" | "too-complex" | "syntax"), "{open} × {times}: {code}");
        }
    }
}

#[test]
fn costly_functions_cannot_hide_behind_a_name() {
    let big = "x".repeat(9_000);
    for text in ["{f: replace, r: f(big, \"x\", big)}.r", "{f: [replace], r: f[1](big, \"x\", big)}.r", "(if true then replace else abs)(big, \"x\", big)", "{f: string join, r: f(for i in 1..50000 return \"\", big)}.r"] {
        let code = attempt(text, &json!({ "big": big }));
        assert!(matches!(code.as_str(), "steps" | "time" | "null" | "syntax"), "{text}: {code}");
    }
}

#[test]
fn nothing_external_is_ever_called() {
    for text in [
        r#"{f: function(x) external {java: {class: "java.lang.System", method signature: "exit(int)"}}, r: f(1)}.r"#,
        r#"(function(x) external {java: {class: "a", method signature: "b(int)"}})(1)"#,
        r#"function(x) external {pmml: {document: "http://127.0.0.1/x", model: "m"}}"#,
        r#"[function(x) external {}]"#,
        r#"for i in [1] return function(x) external {java: {class: "a", method signature: "b()"}}"#,
    ] {
        assert_eq!(attempt(text, &json!({})), "external-function", "{text}");
    }
    assert_eq!(attempt("\"function() external {}\"", &json!({})), "\"function() external {}\"", "the words in a text are text");
}

#[test]
fn a_library_panic_is_an_error() {
    for text in ["\"\\uD800\"", "\"\\uD800\\uDC0\"", "\"\\U110000\"", "\"\\U0FFFFF\"", "\"\\uFFFF\"", "string(10 ** 6000 * 10 ** 6000)", "@\"\"", "date(999999999,12,31)", "duration(\"P99999999999999999999D\")", "@\"P999999999999999Y\"", "substring(\"a\", -9999999999999999999)", "decimal(1, 99999999999)", "round up(1, -9999999)", "[1][99999999999999999999999]", "sublist([1,2,3], 2, 9999999999)", "insert before([1], 99999999999999, 2)", "date(\"2026-01-01\") + duration(\"P999999999Y\")", "@\"2026-11-23T00:00:00@Nowhere/Land\"", "time(25, 61, 61)"] {
        attempt(text, &json!({}));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Any text is safe to read and, when it is an expression, to evaluate.
    #[test]
    fn any_text_is_safe(text in "\\PC{0,60}") {
        attempt(&text, &json!({ "a": 1 }));
        let _ = UnaryTests::parse(&text).and_then(|tests| tests.matches(&json!(1), &Default::default()));
    }

    /// Texts made of the language's own pieces reach further.
    #[test]
    fn any_sequence_of_tokens_is_safe(tokens in prop::collection::vec(prop::sample::select(vec![
        "a", "1", "0", "-", "+", "*", "/", "**", "(", ")", "[", "]", "{", "}", ",", ":", "..", ".", "\"x\"", "@\"2026-11-23\"", "@\"P1D\"", "for", "i", "in", "return",
        "some", "every", "satisfies", "if", "then", "else", "function", "external", "and", "or", "not(", "between", "instance of", "number", "list<", ">", "<", "=", "!=",
        "null", "true", "partial", "item", "?", "sum(", "sort(", "string join(", "replace(", "date(", "range(", "1e6000", "-1", "99999999999999999999", "\\", "\"", "企业",
    ]), 0..25)) {
        let text = tokens.join(" ");
        attempt(&text, &json!({ "a": [1, 2, { "i": "x" }], "企业": "@\"2026-11-23T08:00:00+08:00\"" }));
        let _ = UnaryTests::parse(&text).and_then(|tests| tests.matches(&json!([1]), &Default::default()));
    }
}
