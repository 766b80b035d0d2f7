//! Elements by local name, whatever the prefix, and typed values.

use roxmltree::{Document, Node, ParsingOptions};

use crate::{Error, Limits, Matrix, Package, Rect, Result};

/// Largest magnitude of a coordinate or length, in millimetres: a hundred metres and some.
const HUGE: f64 = 131_072.0;
/// Attributes of one element; duplicates are searched for pairwise.
const ATTRIBUTES: usize = 1000;
/// Namespace declarations of one part; each element inherits all of its ancestors'.
const NAMESPACES: usize = 512;
/// Numbers in one list.
const NUMBERS: usize = 1_000_000;

/// The text of an XML part.
pub(crate) fn text<'p>(package: &'p Package, part: &str) -> Result<&'p str> {
    let bytes = package.bytes(part)?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|_| Error::Xml { part: part.to_owned(), why: "编码不是 UTF-8".into() })
}

/// Parses an XML part. Documents with a DTD are refused, so there are no entities to expand.
pub(crate) fn parse<'t>(part: &str, text: &'t str, limits: &Limits) -> Result<Document<'t>> {
    if text.len() > limits.xml_bytes {
        return Err(Error::Limit("XML 大小"));
    }
    survey(text)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: limits.xml_nodes, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| Error::Xml { part: part.to_owned(), why: error.to_string() })
}

/// Refuses in one pass what would cost the parser more than linear time or the stack.
fn survey(text: &str) -> Result<()> {
    let (mut inside, mut attributes, mut depth) = (false, 0usize, 0usize);
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'<' => {
                inside = true;
                attributes = 0;
                match bytes.get(at + 1) {
                    Some(b'/') => depth = depth.saturating_sub(1),
                    Some(b'!' | b'?') => {}
                    _ => depth += 1,
                }
                if depth > 512 {
                    return Err(Error::Limit("XML 嵌套深度"));
                }
            }
            b'>' => {
                if inside && at > 0 && bytes[at - 1] == b'/' {
                    depth = depth.saturating_sub(1);
                }
                inside = false;
            }
            b'=' if inside => {
                attributes += 1;
                if attributes > ATTRIBUTES {
                    return Err(Error::Limit("XML 属性数"));
                }
            }
            _ => {}
        }
    }
    if text.matches("xmlns").take(NAMESPACES + 1).count() > NAMESPACES {
        return Err(Error::Limit("XML 命名空间数"));
    }
    Ok(())
}

/// An element and the part it stands in.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a> {
    pub node: Node<'a, 'a>,
    pub part: &'a str,
}

impl<'a> Element<'a> {
    pub fn name(&self) -> &'a str {
        self.node.tag_name().name()
    }

    pub fn children(self) -> impl Iterator<Item = Element<'a>> {
        self.node.children().filter(|node| node.is_element()).map(move |node| Element { node, part: self.part })
    }

    pub fn all(self, name: &'a str) -> impl Iterator<Item = Element<'a>> {
        self.children().filter(move |child| child.name() == name)
    }

    pub fn child(self, name: &str) -> Option<Element<'a>> {
        self.children().find(|child| child.name() == name)
    }

    pub fn need(self, name: &str) -> Result<Element<'a>> {
        self.child(name).ok_or_else(|| self.fault(format!("缺少元素 {name}")))
    }

    /// The text directly inside, trimmed; empty when there is none.
    pub fn text(&self) -> String {
        self.raw_text().trim().to_owned()
    }

    /// The text directly inside as it stands.
    pub fn raw_text(&self) -> String {
        self.node.children().filter(Node::is_text).filter_map(|node| node.text()).collect()
    }

    pub fn child_text(self, name: &str) -> Option<String> {
        self.child(name).map(|child| child.text()).filter(|text| !text.is_empty())
    }

    /// An attribute; an empty one counts as absent.
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        self.node.attributes().find(|attribute| attribute.name() == name).map(|attribute| attribute.value().trim()).filter(|value| !value.is_empty())
    }

    pub fn text_attribute(&self, name: &str) -> String {
        self.attribute(name).unwrap_or_default().to_owned()
    }

    pub fn number(&self, name: &str) -> Result<Option<f64>> {
        self.attribute(name).map(|text| self.parse_number(name, text)).transpose()
    }

    /// An identifier. Producers write "s001" where the standard of 2016 wants a number for page objects: those have none.
    pub fn id(&self, name: &str) -> Result<Option<u32>> {
        self.attribute(name).map(|text| text.parse().map_err(|_| self.value(name, text))).transpose()
    }

    pub fn integer<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>> {
        self.attribute(name).map(|text| text.parse().map_err(|_| self.value(name, text))).transpose()
    }

    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.attribute(name)?.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    /// A list of numbers, `what` naming it in errors.
    pub fn numbers(&self, what: &str, text: &str) -> Result<Vec<f64>> {
        if text.len() > 2 * NUMBERS {
            return Err(Error::Limit("数字个数"));
        }
        split(text).map(|word| self.parse_number(what, word)).collect()
    }

    pub fn list(&self, name: &str) -> Result<Vec<f64>> {
        self.attribute(name).map_or(Ok(Vec::new()), |text| self.numbers(name, text))
    }

    pub fn parse_number(&self, what: &str, text: &str) -> Result<f64> {
        let number: f64 = text.parse().map_err(|_| self.value(what, text))?;
        if number.is_finite() && number.abs() <= HUGE { Ok(number) } else { Err(self.value(what, text)) }
    }

    pub fn rect(&self, what: &str, text: &str) -> Result<Rect> {
        match self.numbers(what, text)?[..] {
            [x, y, width, height] if width >= 0.0 && height >= 0.0 => Ok(Rect { x, y, width, height }),
            _ => Err(self.value(what, text)),
        }
    }

    pub fn matrix(&self, name: &str) -> Result<Option<Matrix>> {
        let Some(text) = self.attribute(name) else { return Ok(None) };
        match self.numbers(name, text)?[..] {
            [a, b, c, d, e, f] => Ok(Some(Matrix([a, b, c, d, e, f]))),
            _ => Err(self.value(name, text)),
        }
    }

    pub fn value(&self, what: &str, text: &str) -> Error {
        Error::Value { part: self.part.to_owned(), what: format!("{}/{what}", self.name()), text: text.chars().take(80).collect() }
    }

    pub fn fault(&self, why: String) -> Error {
        Error::Xml { part: self.part.to_owned(), why }
    }
}

/// Words of a list: white space and, as some producers write, commas.
pub(crate) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty())
}
