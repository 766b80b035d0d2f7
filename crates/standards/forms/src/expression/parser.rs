//! Reads the subset of FEEL that [`super::Basic`] evaluates.

use serde_json::{Number, Value};

use super::{ExpressionError, MAX_EXPRESSION};

/// Deepest nesting.
const MAX_DEPTH: usize = 60;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Literal(Value),
    List(Vec<Expression>),
    Name(String),
    Member(Box<Expression>, String),
    Call(String, Vec<Expression>),
    Negate(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
    If(Box<Expression>, Box<Expression>, Box<Expression>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Text(String),
    Number(Number),
    Name(String),
    Sign(&'static str),
}

const SIGNS: [&str; 18] = ["!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",", ".", "{", "}"];

/// Functions whose name is of several words.
const LONG_NAMES: [&str; 6] = ["list contains", "string length", "is defined", "starts with", "ends with", "upper case"];

fn tokens(text: &str) -> Result<Vec<Token>, ExpressionError> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '"' {
            let mut value = String::new();
            let mut chars = rest.char_indices().skip(1);
            let end = loop {
                match chars.next() {
                    None => return Err(ExpressionError("文字少了结尾的引号。".to_owned())),
                    Some((at, '"')) => break at + 1,
                    Some((_, '\\')) => match chars.next() {
                        Some((_, 'n')) => value.push('\n'),
                        Some((_, other)) => value.push(other),
                        None => return Err(ExpressionError("文字少了结尾的引号。".to_owned())),
                    },
                    Some((_, other)) => value.push(other),
                }
            };
            found.push(Token::Text(value));
            rest = &rest[end..];
        } else if first.is_ascii_digit() {
            let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
            let number = rest[..end].parse::<i64>().ok().map(Number::from);
            let number = number.or_else(|| rest[..end].parse().ok().and_then(Number::from_f64));
            found.push(Token::Number(number.ok_or_else(|| ExpressionError(format!("“{}”不是数字。", &rest[..end])))?));
            rest = &rest[end..];
        } else if first.is_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let end = LONG_NAMES.iter().find(|name| rest.starts_with(**name) && rest[name.len()..].trim_start().starts_with('(')).map_or(end, |name| name.len());
            found.push(Token::Name(rest[..end].to_owned()));
            rest = &rest[end..];
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            found.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        } else {
            return Err(ExpressionError(format!("不认识“{first}”。")));
        }
        rest = rest.trim_start();
    }
    Ok(found)
}

pub(super) fn parse(text: &str) -> Result<Expression, ExpressionError> {
    if text.len() > MAX_EXPRESSION {
        return Err(ExpressionError(format!("最长{MAX_EXPRESSION}个字节。")));
    }
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, depth: 0 };
    let expression = parser.expression()?;
    match parser.tokens.first() {
        None => Ok(expression),
        Some(_) => Err(ExpressionError("结尾多了内容。".to_owned())),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    depth: usize,
}

/// Operators by level, weakest first.
const LEVELS: [&[(&str, Operator)]; 5] = [
    &[("or", Operator::Or)],
    &[("and", Operator::And)],
    &[
        ("=", Operator::Equal),
        ("!=", Operator::Unequal),
        ("<=", Operator::LessEqual),
        (">=", Operator::GreaterEqual),
        ("<", Operator::Less),
        (">", Operator::Greater),
        ("in", Operator::In),
    ],
    &[("+", Operator::Add), ("-", Operator::Subtract)],
    &[("*", Operator::Multiply), ("/", Operator::Divide)],
];

impl Parser<'_> {
    fn takes(&mut self, word: &str) -> bool {
        let found = match self.tokens.first() {
            Some(Token::Sign(sign)) => *sign == word,
            Some(Token::Name(name)) => name == word,
            _ => false,
        };
        if found {
            self.tokens = &self.tokens[1..];
        }
        found
    }

    fn expect(&mut self, word: &str) -> Result<(), ExpressionError> {
        if self.takes(word) { Ok(()) } else { Err(ExpressionError(format!("少了“{word}”。"))) }
    }

    fn expression(&mut self) -> Result<Expression, ExpressionError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ExpressionError(format!("嵌套超过{MAX_DEPTH}层。")));
        }
        let expression = if self.takes("if") {
            let condition = self.expression()?;
            self.expect("then")?;
            let yes = self.expression()?;
            self.expect("else")?;
            Expression::If(Box::new(condition), Box::new(yes), Box::new(self.expression()?))
        } else {
            self.level(0)?
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn level(&mut self, level: usize) -> Result<Expression, ExpressionError> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.level(level + 1)?;
        let mut length = 0;
        while let Some((_, operator)) = operators.iter().find(|(word, _)| self.takes(word)) {
            length += 1;
            if length > MAX_DEPTH * 5 {
                return Err(ExpressionError("太长。".to_owned())); // each link is a level of the tree
            }
            left = Expression::Binary(*operator, Box::new(left), Box::new(self.level(level + 1)?));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expression, ExpressionError> {
        if self.takes("-") {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(ExpressionError(format!("嵌套超过{MAX_DEPTH}层。")));
            }
            let inner = self.unary()?;
            self.depth -= 1;
            return Ok(Expression::Negate(Box::new(inner)));
        }
        let mut value = self.operand()?;
        let mut length = 0;
        while self.takes(".") {
            length += 1;
            match self.tokens.split_first() {
                Some((Token::Name(name), rest)) if length <= MAX_DEPTH => {
                    value = Expression::Member(Box::new(value), name.clone());
                    self.tokens = rest;
                }
                _ => return Err(ExpressionError("“.”后面应为名称。".to_owned())),
            }
        }
        Ok(value)
    }

    fn operand(&mut self) -> Result<Expression, ExpressionError> {
        if self.takes("(") {
            let inner = self.expression()?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.takes("[") {
            return Ok(Expression::List(self.arguments("]")?));
        }
        let Some((token, rest)) = self.tokens.split_first() else { return Err(ExpressionError("没有写完。".to_owned())) };
        self.tokens = rest;
        match token {
            Token::Text(text) => Ok(Expression::Literal(Value::String(text.clone()))),
            Token::Number(number) => Ok(Expression::Literal(Value::Number(number.clone()))),
            Token::Name(name) => match name.as_str() {
                "true" => Ok(Expression::Literal(Value::Bool(true))),
                "false" => Ok(Expression::Literal(Value::Bool(false))),
                "null" => Ok(Expression::Literal(Value::Null)),
                "then" | "else" | "and" | "or" => Err(ExpressionError(format!("“{name}”前面少了内容。"))),
                _ if self.takes("(") => Ok(Expression::Call(name.clone(), self.arguments(")")?)),
                _ => Ok(Expression::Name(name.clone())),
            },
            Token::Sign(sign) => Err(ExpressionError(format!("“{sign}”的位置不对。"))),
        }
    }

    fn arguments(&mut self, end: &str) -> Result<Vec<Expression>, ExpressionError> {
        let mut list = Vec::new();
        if self.takes(end) {
            return Ok(list);
        }
        loop {
            list.push(self.expression()?);
            if self.takes(end) {
                return Ok(list);
            }
            self.expect(",")?;
        }
    }
}
