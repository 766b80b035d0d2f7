//! Writing XML in the one form this crate produces: prefix `ofd`, no white space between elements.

use quick_xml::escape::escape;

use crate::{Matrix, Rect};

const NAMESPACE: &str = "http://www.ofdspec.org/2016";

/// An XML part in the making. Elements are closed in the order they were opened.
pub(crate) struct Xml {
    text: String,
    open: Vec<String>,
}

impl Xml {
    pub fn root(name: &str) -> Self {
        Self::root_with(name, &[])
    }

    pub fn root_with(name: &str, attributes: &[(&str, &str)]) -> Self {
        let mut xml = Self { text: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"), open: Vec::new() };
        let mut all = vec![("xmlns:ofd", NAMESPACE)];
        all.extend_from_slice(attributes);
        xml.open(name, &all);
        xml
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)], end: &str) {
        self.text.push_str("<ofd:");
        self.text.push_str(name);
        for (key, value) in attributes {
            self.text.push_str(&format!(" {key}=\"{}\"", escape(&clean(value)).replace('\n', "&#10;").replace('\t', "&#9;")));
        }
        self.text.push_str(end);
    }

    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.start(name, attributes, ">");
        self.open.push(name.to_owned());
    }

    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.text.push_str(&format!("</ofd:{name}>"));
        }
    }

    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.start(name, attributes, "/>");
    }

    pub fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.start(name, attributes, ">");
        self.text.push_str(&escape(&clean(text)));
        self.text.push_str(&format!("</ofd:{name}>"));
    }

    /// An element left out when its text is empty.
    pub fn optional(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.text(name, &[], text);
        }
    }

    pub fn finish(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.close();
        }
        self.text.into_bytes()
    }

    pub fn rect(rect: &Rect) -> String {
        Self::numbers(&[rect.x, rect.y, rect.width, rect.height])
    }

    pub fn matrix(matrix: &Matrix) -> String {
        Self::numbers(&matrix.0)
    }

    /// Shortest decimals that read back to the same numbers; never with an exponent.
    pub fn numbers(numbers: &[f64]) -> String {
        numbers.iter().map(|number| (number + 0.0).to_string()).collect::<Vec<_>>().join(" ")
    }
}

/// XML 1.0 has no way to write most control characters, so they are dropped.
fn clean(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\t' | '\n') || (*c >= ' ' && !matches!(c, '\u{FFFE}' | '\u{FFFF}'))).collect()
}
