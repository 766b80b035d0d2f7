//! What expressions mean: exact answers, JSON in and out.

use feel::{Expression, FeelError, UnaryTests};
use serde_json::{Value, json};

fn with(text: &str, variables: Value) -> String {
    let expression = Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    expression.outcome(variables.as_object().unwrap()).unwrap_or_else(|error| panic!("{text}: {error}")).json
}

fn alone(text: &str) -> String {
    with(text, json!({}))
}

#[test]
fn decimals_are_exact() {
    for (text, expected) in [
        ("0.1 + 0.2", "0.3"),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("1234567890123456789012345678901234", "1234567890123456789012345678901234"),
        ("decimal(2.5, 0)", "2"),
        ("decimal(3.5, 0)", "4"),
        ("2 ** 10", "1024"),
        ("-7 / 2", "-3.5"),
        ("modulo(-12, 5)", "3"),
        ("floor(-1.5)", "-2"),
        ("round half up(5.125, 2)", "5.13"),
    ] {
        assert_eq!(alone(text), expected, "{text}");
    }
    assert_eq!(with("a * 3", json!({ "a": 0.1 })), "0.3");
    let exact = Expression::parse("a + 1").unwrap().outcome_of_json(r#"{"a": 12345678901234567890.123456789}"#).unwrap();
    assert_eq!(exact.json, "12345678901234567891.123456789");
}

#[test]
fn numbers_stay_numbers_in_json_values() {
    let answer = |text: &str| Expression::parse(text).unwrap().evaluate(&Default::default()).unwrap();
    assert_eq!(answer("9007199254740993"), json!(9007199254740993_i64));
    assert_eq!(answer("0.1 + 0.2"), json!(0.3));
    assert_eq!(answer("10 / 4"), json!(2.5));
    assert_eq!(answer("10 / 5"), json!(2));
}

#[test]
fn dates_times_and_durations() {
    for (text, expected) in [
        (r#"date("2026-11-23") + duration("P1M")"#, r#""2026-12-23""#),
        (r#"@"2026-01-31" + @"P1M""#, r#""2026-02-28""#),
        (r#"date("2026-11-23") - date("2026-11-20")"#, r#""P3D""#),
        (r#"years and months duration(@"2024-01-15", @"2026-03-15")"#, r#""P2Y2M""#),
        (r#"date and time("2026-11-23T08:30:00+08:00")"#, r#""2026-11-23T08:30:00+08:00""#),
        (r#"time("08:30:00") < time("09:00:00")"#, "true"),
        (r#"@"2026-11-23".year"#, "2026"),
        (r#"day of week(@"2026-11-23")"#, r#""Monday""#),
        (r#"@"P1DT2H" + @"PT22H""#, r#""P2D""#),
        (r#"@"2026-11-23" in [@"2026-01-01"..@"2026-12-31"]"#, "true"),
    ] {
        assert_eq!(alone(text), expected, "{text}");
    }
    assert_eq!(with("受理日 + @\"P7D\"", json!({ "受理日": "@\"2026-11-23\"" })), r#""2026-11-30""#);
    assert_eq!(with("日程[1].日期.month", json!({ "日程": [{ "日期": "@\"2026-11-23\"" }] })), "11");
    assert_eq!(with("x", json!({ "x": "2026-11-23" })), r#""2026-11-23""#, "a plain text stays a text");
    let broken = Expression::parse("x").unwrap().evaluate(json!({ "x": "@\"2026-13-45\"" }).as_object().unwrap());
    assert!(matches!(broken, Err(FeelError::Variable(_))), "{broken:?}");
}

#[test]
fn names_in_chinese_and_of_several_words() {
    let variables = json!({
        "企业": { "名称": "桂林某某公司", "注册 资本": 300, "信用-等级": "A" },
        "Full Name": "某甲", "a-b": 7, "a": 10, "b": 4, "year of birth": 1990, "date": 5
    });
    for (text, expected) in [
        ("企业.名称", r#""桂林某某公司""#),
        ("企业.注册 资本 > 200", "true"),
        ("企业.信用-等级 = \"A\"", "true"),
        ("Full Name", r#""某甲""#),
        ("a-b", "7"),
        ("a - b", "7"),
        ("a -1", "9"),
        ("2026 - year of birth", "36"),
        ("date + 1", "6"),
        ("b+a", "14"),
        ("count([1,2]) + a", "12"),
    ] {
        assert_eq!(with(text, variables.clone()), expected, "{text}");
    }
    assert_eq!(with("a - b", json!({ "a": 10, "b": 4 })), "6");
}

#[test]
fn the_same_expression_meets_different_names() {
    let expression = Expression::parse("a-b").unwrap();
    for _ in 0..2 {
        assert_eq!(expression.evaluate(json!({ "a": 3, "b": 1 }).as_object().unwrap()).unwrap(), json!(2));
        assert_eq!(expression.evaluate(json!({ "a-b": 9 }).as_object().unwrap()).unwrap(), json!(9));
    }
}

#[test]
fn null_has_a_reason() {
    let outcome = |text: &str| Expression::parse(text).unwrap().outcome(&Default::default()).unwrap();
    let missing = outcome("未提供 + 1");
    assert_eq!(missing.value, Value::Null);
    assert!(missing.reason.is_some());
    assert!(outcome("1 / 0").reason.is_some());
    assert_eq!(outcome("null").reason, None);
    assert_eq!(outcome("10 ** 100000").value, Value::Null);
    assert!(outcome("10 ** 100000").reason.is_some());
    // Multiplication has no such check in the library; an infinite number is null, too.
    assert_eq!(outcome("10 ** 6000 * 10 ** 6000").value, Value::Null);
}

#[test]
fn control_and_lists() {
    for (text, expected) in [
        ("if 1 > 2 then \"甲\" else \"乙\"", r#""乙""#),
        ("for i in 1..3 return i * i", "[1,4,9]"),
        ("for i in 3..1 return i", "[3,2,1]"),
        ("for i in [1..3], j in [10, 20] return i + j", "[11,21,12,22,13,23]"),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1,1,2,6,24]"),
        ("for d in @\"2026-11-29\"..@\"2026-12-01\" return d", r#"["2026-11-29","2026-11-30","2026-12-01"]"#),
        ("for x in [[1,2],[3]], y in x return y * 10", "[10,20,30]"),
        ("for x in [{v:[1,2]},{v:[3]}], y in x.v return y", "[1,2,3]"),
        ("some x in [1,2,3] satisfies x > 2", "true"),
        ("every x in [1,2,3] satisfies x > 2", "false"),
        ("every x in [] satisfies x > 2", "true"),
        ("some x in [1,2], y in [2,3] satisfies x = y", "true"),
        ("[1,2,3,4][item > 2]", "[3,4]"),
        ("[{a:1,b:2},{a:3,b:4}][a = 3].b", "[4]"),
        ("[1,2,3][-1]", "3"),
        ("sum([1,2,3])", "6"),
        ("distinct values([1,2,1])", "[1,2]"),
        ("sort([3,1,2], function(x,y) x < y)", "[1,2,3]"),
        ("string join([\"甲\",\"乙\"], \"、\")", r#""甲、乙""#),
        ("replace(\"a1b2\", \"[0-9]\", \"#\")", r##""a#b#""##),
        ("matches(\"桂林市\", \"^桂.*市$\")", "true"),
        ("split(\"a,b\", \",\")", r#"["a","b"]"#),
        ("substring(\"行政许可\", 3)", r#""许可""#),
        ("string length(\"行政许可\")", "4"),
        ("{a: 1, b: a + 1}.b", "2"),
        ("get value({a: 1}, \"a\")", "1"),
        ("context put({a: 1}, \"b\", 2)", r#"{"a":1,"b":2}"#),
        ("5 between 1 and 10", "true"),
        ("5 in (1, 5)", "true"),
        ("[1,2] instance of list<number>", "true"),
        ("\"他说\\\"好\\\"\"", r#""他说\"好\"""#),
        ("concatenate([1],[2])", "[1,2]"),
        ("append([1], 2)", "[1,2]"),
        ("index of([1,2,1], 1)", "[1,3]"),
        ("flatten([[1],[[2]]])", "[1,2]"),
        ("union([1,2],[2,3])", "[1,2,3]"),
        ("median([1,2,3,4])", "2.5"),
        ("mode([1,2,2])", "[2]"),
        ("list replace([1,2,3], 2, 9)", "[1,9,3]"),
        ("replace(input: \"abc\", pattern: \"b\", replacement: \"x\")", r#""axc""#),
        ("overlaps([1..5],[3..8])", "true"),
    ] {
        assert_eq!(alone(text), expected, "{text}");
    }
}

#[test]
fn functions_keep_what_they_close_over() {
    for (text, expected) in [
        ("{f: function(x) x + 1, r: f(2)}.r", "3"),
        ("{f: function(n) if n <= 1 then 1 else n * f(n - 1), r: f(10)}.r", "3628800"),
        ("{k: 10, f: function(xs) for x in xs return x + k, r: f([1,2])}.r", "[11,12]"),
        ("{make: function(k) function(x) x * k, r: make(3)(5)}.r", "15"),
        ("{make: function(k) function(xs) for x in xs return x * k, r: make(3)([1,2])}.r", "[3,6]"),
        ("{f: function(a: number, b: number) a - b, r: f(b: 1, a: 5)}.r", "4"),
    ] {
        assert_eq!(alone(text), expected, "{text}");
    }
}

#[test]
fn unary_tests() {
    let passes = |tests: &str, input: Value, variables: Value| {
        UnaryTests::parse(tests).unwrap_or_else(|error| panic!("{tests}: {error}")).matches(&input, variables.as_object().unwrap()).unwrap()
    };
    for (tests, input, expected) in [
        ("-", json!(null), true),
        ("> 5", json!(6), true),
        ("> 5", json!("六"), false),
        ("[1..3]", json!(3), true),
        ("[1..3)", json!(3), false),
        ("1, 2, 3", json!(2), true),
        ("\"甲\", \"乙\"", json!("乙"), true),
        ("not(\"甲\", \"乙\")", json!("丙"), true),
        ("not(\"甲\")", json!("甲"), false),
        ("null", json!(null), true),
        ("not(null)", json!(null), false),
        ("true", json!(true), true),
        ("true", json!(false), false),
        ("? > 3 and ? < 5", json!(4), true),
        ("? > 3 and ? < 5", json!(5), false),
        ("contains(?, \"桂\")", json!("桂林"), true),
        ("not(contains(?, \"桂\"))", json!("桂林"), false),
        ("count(?) > 1", json!([1, 2]), true),
        ("> date(\"2026-01-01\")", json!("@\"2026-11-23\""), true),
        ("some x in ? satisfies x > 2", json!([1, 3]), true),
    ] {
        assert_eq!(passes(tests, input.clone(), json!({})), expected, "{tests} on {input}");
    }
    assert!(passes("> 下限", json!(6), json!({ "下限": 5 })));
    assert!(passes("允许", json!("甲"), json!({ "允许": ["甲", "乙"] })), "a list lists what is allowed");
}

#[test]
fn free_names_for_linters() {
    let names = |text: &str| Expression::parse(text).unwrap().names().iter().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(names("a + 企业.名称"), "a 企业");
    assert_eq!(names("for i in xs return i + k"), "k xs");
    assert_eq!(names("sum(xs) + count(ys)"), "xs ys");
    assert_eq!(names("{t: a, u: t}.u"), "a");
    assert!(Expression::parse("today() > a").unwrap().reads_clock());
    assert!(!Expression::parse("b > a").unwrap().reads_clock());
}

#[test]
fn broken_texts_are_named() {
    for text in ["", "1 +", "if a then", "(1", "1 2", "for i in return", "\"offen"] {
        let error = Expression::parse(text).expect_err(text);
        assert_eq!(error.code(), "syntax", "{text}: {error}");
    }
}
