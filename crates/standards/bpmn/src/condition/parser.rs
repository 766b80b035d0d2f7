//! Text → expression tree, bounded in length and depth.

use serde_json::Value;

use super::ExpressionError;

/// Longest expression, in characters.
const MAX_LENGTH: usize = 2_000;
/// Deepest nesting of parentheses.
const MAX_DEPTH: usize = 32;

#[derive(Debug)]
pub(super) enum Expression {
    Literal(Value),
    Path(Vec<String>),
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Not(Box<Expression>),
    Compare(Box<Expression>, Comparison, Box<Expression>),
    /// `x in (a, b)`
    AnyOf(Box<Expression>, Vec<Expression>),
    /// `x in list`
    In(Box<Expression>, Box<Expression>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Literal(Value),
    Name(String),
    Compare(Comparison),
    Open,
    Close,
    Comma,
    Dot,
    And,
    Or,
    Not,
    In,
}

type Parsed<T> = Result<T, ExpressionError>;

fn error<T>(position: usize, message: impl Into<String>) -> Parsed<T> {
    Err(ExpressionError {
        position,
        message: message.into(),
    })
}

pub(super) fn parse(text: &str) -> Parsed<Expression> {
    if text.chars().count() > MAX_LENGTH {
        return error(MAX_LENGTH + 1, format!("表达式超过 {MAX_LENGTH} 个字符"));
    }
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
        end: text.chars().count() + 1,
    };
    // Some designers mark expressions with a leading "=".
    parser.accept(&Token::Compare(Comparison::Equal));
    let expression = parser.expression()?;
    match parser.peek() {
        None => Ok(expression),
        Some(_) => error(parser.position(), "此处多出内容"),
    }
}

/// Tokens with their character position from 1.
fn tokens(text: &str) -> Parsed<Vec<(usize, Token)>> {
    let mut found = Vec::new();
    let mut chars = text.chars().enumerate().map(|(i, c)| (i + 1, c)).peekable();
    while let Some((position, c)) = chars.next() {
        let mut followed_by = |wanted: char| chars.next_if(|(_, c)| *c == wanted).is_some();
        let token = match c {
            c if c.is_whitespace() => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            '.' => Token::Dot,
            '=' => Token::Compare(Comparison::Equal),
            '!' if followed_by('=') => Token::Compare(Comparison::NotEqual),
            '<' if followed_by('=') => Token::Compare(Comparison::LessOrEqual),
            '<' => Token::Compare(Comparison::Less),
            '>' if followed_by('=') => Token::Compare(Comparison::GreaterOrEqual),
            '>' => Token::Compare(Comparison::Greater),
            '"' => {
                let mut string = String::new();
                loop {
                    match chars.next() {
                        None => return error(position, "文字缺少右引号"),
                        Some((_, '"')) => break,
                        Some((at, '\\')) => match chars.next() {
                            Some((_, 'n')) => string.push('\n'),
                            Some((_, c @ ('"' | '\\'))) => string.push(c),
                            _ => return error(at, "反斜杠后只能是 \"、\\ 或 n"),
                        },
                        Some((_, c)) => string.push(c),
                    }
                }
                Token::Literal(Value::String(string))
            }
            '-' | '0'..='9' => {
                let mut number = String::from(c);
                while let Some((_, c)) =
                    chars.next_if(|(_, c)| c.is_ascii_alphanumeric() || *c == '.')
                {
                    number.push(c);
                }
                // JSON's grammar of numbers; a number too large for a float is refused there too.
                match serde_json::from_str(&number) {
                    Ok(value @ Value::Number(_)) => Token::Literal(value),
                    _ => return error(position, format!("“{number}”不是数字")),
                }
            }
            c if c.is_alphabetic() || c == '_' => {
                let mut name = String::from(c);
                while let Some((_, c)) = chars.next_if(|(_, c)| c.is_alphanumeric() || *c == '_') {
                    name.push(c);
                }
                match name.as_str() {
                    "and" => Token::And,
                    "or" => Token::Or,
                    "not" => Token::Not,
                    "in" => Token::In,
                    "true" => Token::Literal(Value::Bool(true)),
                    "false" => Token::Literal(Value::Bool(false)),
                    "null" => Token::Literal(Value::Null),
                    _ => Token::Name(name),
                }
            }
            c => return error(position, format!("不能使用字符“{c}”")),
        };
        found.push((position, token));
    }
    Ok(found)
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    at: usize,
    depth: usize,
    /// Position just behind the text.
    end: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn position(&self) -> usize {
        self.tokens
            .get(self.at)
            .map_or(self.end, |(position, _)| *position)
    }

    fn accept(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, token: &Token, shown: &str) -> Parsed<()> {
        if self.accept(token) {
            Ok(())
        } else {
            error(self.position(), format!("此处应为“{shown}”"))
        }
    }

    fn expression(&mut self) -> Parsed<Expression> {
        if self.depth == MAX_DEPTH {
            return error(self.position(), format!("括号嵌套超过 {MAX_DEPTH} 层"));
        }
        self.depth += 1;
        let expression = self.chain(&Token::Or, Expression::Or, |p| {
            p.chain(&Token::And, Expression::And, Self::comparison)
        });
        self.depth -= 1;
        expression
    }

    /// `part { operator part }`, kept flat so that long chains are not deep trees.
    fn chain(
        &mut self,
        operator: &Token,
        join: fn(Vec<Expression>) -> Expression,
        part: impl Fn(&mut Self) -> Parsed<Expression>,
    ) -> Parsed<Expression> {
        let first = part(self)?;
        if self.peek() != Some(operator) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.accept(operator) {
            parts.push(part(self)?);
        }
        Ok(join(parts))
    }

    fn comparison(&mut self) -> Parsed<Expression> {
        let left = self.operand()?;
        if let Some(Token::Compare(comparison)) = self.peek() {
            let comparison = *comparison;
            self.at += 1;
            return Ok(Expression::Compare(
                left.into(),
                comparison,
                self.operand()?.into(),
            ));
        }
        if !self.accept(&Token::In) {
            return Ok(left);
        }
        if !self.accept(&Token::Open) {
            return Ok(Expression::In(left.into(), self.operand()?.into()));
        }
        let mut list = vec![self.expression()?];
        while self.accept(&Token::Comma) {
            list.push(self.expression()?);
        }
        self.expect(&Token::Close, ")")?;
        Ok(Expression::AnyOf(left.into(), list))
    }

    fn operand(&mut self) -> Parsed<Expression> {
        let token = self.peek().cloned();
        let position = self.position();
        self.at += 1;
        match token {
            Some(Token::Literal(value)) => Ok(Expression::Literal(value)),
            Some(Token::Name(name)) => {
                let mut path = vec![name];
                while self.accept(&Token::Dot) {
                    match self.peek().cloned() {
                        Some(Token::Name(name)) => path.push(name),
                        _ => return error(self.position(), "“.”后应为名称"),
                    }
                    self.at += 1;
                }
                Ok(Expression::Path(path))
            }
            Some(Token::Not) => {
                self.expect(&Token::Open, "(")?;
                let inner = self.expression()?;
                self.expect(&Token::Close, ")")?;
                Ok(Expression::Not(inner.into()))
            }
            Some(Token::Open) => {
                let inner = self.expression()?;
                self.expect(&Token::Close, ")")?;
                Ok(inner)
            }
            _ => error(position, "此处应为变量、文字或数字"),
        }
    }
}
