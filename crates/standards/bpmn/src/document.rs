//! A file as it is written: read, edited and written without losing anything.
//!
//! A [`Document`] keeps the text itself and changes only the characters an edit is about. So prefixes, the order of
//! attributes, comments, CDATA, processing instructions, unknown extensions and the diagram survive, and a file that is
//! not edited comes out as it went in, byte for byte.

use std::ops::Range;

use roxmltree::Node;

use crate::{
    model::Definitions,
    problem::Problem,
    read::{self, BPMN_NAMESPACE},
};

/// The text of a BPMN file, well-formed and within the limits of the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    text: String,
}

/// Name of an attribute or element, its namespace as a URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name<'n> {
    /// `None` for attributes of BPMN itself.
    pub namespace: Option<&'n str>,
    /// The name without a prefix.
    pub local: &'n str,
}

impl<'n> Name<'n> {
    /// An attribute of BPMN itself, e.g. `name`.
    pub fn plain(local: &'n str) -> Self {
        Self {
            namespace: None,
            local,
        }
    }

    /// An element of BPMN.
    pub fn bpmn(local: &'n str) -> Self {
        Self {
            namespace: Some(BPMN_NAMESPACE),
            local,
        }
    }

    /// An attribute or element of [`EXTENSION_NAMESPACE`](crate::EXTENSION_NAMESPACE).
    pub fn extension(local: &'n str) -> Self {
        Self {
            namespace: Some(crate::EXTENSION_NAMESPACE),
            local,
        }
    }

    /// Whether this could be written at all.
    fn is_a_name(self) -> bool {
        let letter = |c: char| c.is_alphabetic() || c == '_';
        let rest = |c: char| letter(c) || c.is_numeric() || matches!(c, '-' | '.');
        self.local.starts_with(letter) && self.local.chars().all(rest)
    }
}

/// Why an edit was not made; the document is unchanged. The text is a Chinese sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// No BPMN element has this id.
    #[error("文件中没有编号为“{0}”的元素")]
    Unknown(String),
    /// Not a name XML allows.
    #[error("“{0}”不是有效的名称")]
    BadName(String),
    /// The result would not be a file the reader accepts, e.g. because of control characters.
    #[error("修改后的文件无效：{0}")]
    Invalid(String),
}

/// Characters to put in the place of others.
type Edit = (Range<usize>, String);

impl Document {
    /// Takes a file, within the same limits as [`Definitions::parse`].
    ///
    /// # Errors
    /// When it is too large, carries a DTD, is not XML or not a BPMN `definitions` document. Whether its processes make
    /// sense is not asked.
    pub fn parse(xml: &str) -> Result<Self, Problem> {
        read::xml_document(xml).map(drop)?;
        Ok(Self {
            text: xml.to_owned(),
        })
    }

    /// The file as it is now.
    pub fn to_xml(&self) -> &str {
        &self.text
    }

    /// The processes as they are now.
    ///
    /// # Errors
    /// As [`Definitions::parse`].
    pub fn definitions(&self) -> Result<Definitions, Vec<Problem>> {
        Definitions::parse(&self.text)
    }

    /// The value of an attribute of the BPMN element with this id.
    pub fn attribute(&self, id: &str, name: Name<'_>) -> Option<String> {
        let tree = read::xml_document(&self.text).ok()?;
        let node = by_id(tree.root_element(), id)?;
        let attribute = node
            .attributes()
            .find(|a| is(name, a.namespace(), a.name()));
        attribute.map(|a| a.value().to_owned())
    }

    /// The text of the first child with this name of the BPMN element with this id.
    pub fn child_text(&self, id: &str, child: Name<'_>) -> Option<String> {
        let tree = read::xml_document(&self.text).ok()?;
        let node = child_of(by_id(tree.root_element(), id)?, child)?;
        let texts = node.children().filter(Node::is_text);
        Some(texts.filter_map(|t| t.text()).collect())
    }

    /// Sets (or with `None` removes) an attribute. A namespace the file does not know yet is declared with the prefix
    /// `tongban`, or another one that is free.
    ///
    /// # Errors
    /// [`EditError`].
    pub fn set_attribute(
        &mut self,
        id: &str,
        name: Name<'_>,
        value: Option<&str>,
    ) -> Result<(), EditError> {
        let tree = self.tree()?;
        let root = tree.root_element();
        let node = by_id(root, id).ok_or_else(|| EditError::Unknown(id.to_owned()))?;
        let present = node
            .attributes()
            .find(|a| is(name, a.namespace(), a.name()));
        let mut edits: Vec<Edit> = Vec::new();
        match (present, value) {
            (None, None) => return Ok(()),
            (Some(attribute), None) => {
                let range = attribute.range();
                let before = &self.text[..range.start];
                let start = before.trim_end().len();
                edits.push((start..range.end, String::new()));
            }
            (Some(attribute), Some(value)) => {
                edits.push((attribute.range_value(), escape(value, true)));
            }
            (None, Some(value)) => {
                let prefix = self.prefix(node, root, name, true, &mut edits)?;
                let at = name_end(&self.text, node.range().start);
                let written = format!(" {prefix}{}=\"{}\"", name.local, escape(value, true));
                edits.push((at..at, written));
            }
        }
        drop(tree);
        self.apply(edits)
    }

    /// Replaces the content of the first child with this name by a text. A missing `documentation` is put in first, any
    /// other child last.
    ///
    /// # Errors
    /// [`EditError`].
    pub fn set_child_text(
        &mut self,
        id: &str,
        child: Name<'_>,
        text: &str,
    ) -> Result<(), EditError> {
        let tree = self.tree()?;
        let root = tree.root_element();
        let node = by_id(root, id).ok_or_else(|| EditError::Unknown(id.to_owned()))?;
        let mut edits: Vec<Edit> = Vec::new();
        let text = escape(text, false);
        match child_of(node, child) {
            Some(present) => edits.push(self.content(present, text)),
            None => {
                let prefix = self.prefix(node, root, child, false, &mut edits)?;
                let local = child.local;
                let written = format!("<{prefix}{local}>{text}</{prefix}{local}>");
                let (inside, whole) = self.content(node, written);
                let at = if local == "documentation" {
                    inside.start
                } else {
                    inside.end
                };
                let in_one_tag = inside.end == node.range().end;
                edits.push((if in_one_tag { inside } else { at..at }, whole));
            }
        }
        drop(tree);
        self.apply(edits)
    }

    /// Gives a process another id, and changes what refers to it in the file: pools, call activities and the diagram.
    ///
    /// # Errors
    /// [`EditError`].
    pub fn rename_process(&mut self, old: &str, new: &str) -> Result<(), EditError> {
        if !Name::plain(new).is_a_name() {
            return Err(EditError::BadName(new.to_owned()));
        }
        let tree = self.tree()?;
        let root = tree.root_element();
        let is_process = |n: &Node<'_, '_>| {
            read::bpmn_name(*n) == Some("process") && n.attribute("id") == Some(old)
        };
        let processes = root.children().filter(is_process).count();
        if processes == 0 {
            return Err(EditError::Unknown(old.to_owned()));
        }
        if old != new && by_id(root, new).is_some() {
            return Err(EditError::Invalid(format!("编号“{new}”重复")));
        }
        let mut edits: Vec<Edit> = Vec::new();
        for node in root.descendants().filter(Node::is_element) {
            let attribute = match node.tag_name().name() {
                "process" => "id",
                "participant" => "processRef",
                "callActivity" => "calledElement",
                "BPMNPlane" => "bpmnElement",
                _ => continue,
            };
            let attributes = node.attributes();
            let mut attributes =
                attributes.filter(|a| is(Name::plain(attribute), a.namespace(), a.name()));
            let Some(found) = attributes.next() else {
                continue;
            };
            let (prefix, local) = match found.value().trim().rsplit_once(':') {
                Some((prefix, local)) if attribute != "id" => (format!("{prefix}:"), local),
                _ => (String::new(), found.value().trim()),
            };
            if local == old {
                let value = escape(&format!("{prefix}{new}"), true);
                edits.push((found.range_value(), value));
            }
        }
        drop(tree);
        self.apply(edits)
    }

    fn tree(&self) -> Result<roxmltree::Document<'_>, EditError> {
        read::xml_document(&self.text).map_err(|p| EditError::Invalid(p.message))
    }

    /// The edit that replaces what is inside an element; one written as a single tag is opened.
    fn content(&self, node: Node<'_, '_>, inside: String) -> Edit {
        let range = node.range();
        let name = self.text[range.start + 1..name_end(&self.text, range.start)].to_owned();
        let tag_end = tag_end(&self.text, range.start);
        if tag_end == range.end {
            return (tag_end - 2..tag_end, format!(">{inside}</{name}>"));
        }
        let content = &self.text[tag_end..range.end];
        let end = tag_end + content.rfind("</").unwrap_or(0);
        (tag_end..end, inside)
    }

    /// The prefix (with its colon) for a name written in or at this node, declaring the namespace when need be.
    fn prefix(
        &self,
        node: Node<'_, '_>,
        root: Node<'_, '_>,
        name: Name<'_>,
        attribute: bool,
        edits: &mut Vec<Edit>,
    ) -> Result<String, EditError> {
        if !name.is_a_name() {
            return Err(EditError::BadName(name.local.to_owned()));
        }
        let Some(namespace) = name.namespace else {
            return Ok(String::new());
        };
        if !attribute && node.default_namespace() == Some(namespace) {
            return Ok(String::new());
        }
        if let Some(prefix) = node.lookup_prefix(namespace).filter(|p| !p.is_empty()) {
            return Ok(format!("{prefix}:"));
        }
        let free = |p: &String| {
            root.descendants()
                .all(|n| n.lookup_namespace_uri(Some(p.as_str())).is_none())
        };
        let mut candidates = (0..).map(|i| match i {
            0 => "tongban".to_owned(),
            i => format!("tongban{i}"),
        });
        let prefix = candidates.find(free).unwrap_or_default();
        let at = name_end(&self.text, root.range().start);
        let declaration = format!(" xmlns:{prefix}=\"{}\"", escape(namespace, true));
        edits.push((at..at, declaration));
        Ok(format!("{prefix}:"))
    }

    /// Makes the edits unless the result would not be accepted.
    fn apply(&mut self, mut edits: Vec<Edit>) -> Result<(), EditError> {
        edits.sort_by_key(|(range, _)| range.start);
        let mut text = String::with_capacity(self.text.len() + 64);
        let mut done = 0;
        for (range, new) in &edits {
            text += self.text.get(done..range.start).unwrap_or_default();
            text += new;
            done = range.end;
        }
        text += self.text.get(done..).unwrap_or_default();
        read::xml_document(&text).map_err(|p| EditError::Invalid(p.message))?;
        self.text = text;
        Ok(())
    }
}

fn is(name: Name<'_>, namespace: Option<&str>, local: &str) -> bool {
    name.namespace == namespace && name.local == local
}

fn by_id<'a, 'i>(root: Node<'a, 'i>, id: &str) -> Option<Node<'a, 'i>> {
    root.descendants()
        .find(|n| read::bpmn_name(*n).is_some() && n.attribute("id").map(str::trim) == Some(id))
}

fn child_of<'a, 'i>(node: Node<'a, 'i>, name: Name<'_>) -> Option<Node<'a, 'i>> {
    let same = |n: &Node<'_, '_>| is(name, n.tag_name().namespace(), n.tag_name().name());
    node.children().filter(Node::is_element).find(same)
}

/// Where the name in the tag that begins at `start` ends.
fn name_end(text: &str, start: usize) -> usize {
    let tag = text.get(start..).unwrap_or_default();
    let length = tag.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>'));
    start + length.unwrap_or(tag.len())
}

/// Where the tag that begins at `start` ends, its `>` included.
fn tag_end(text: &str, start: usize) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(start) {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

/// Text as it may stand in XML. Line ends in attributes are written as references, or a reader would make them blanks.
fn escape(text: &str, attribute: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' if attribute => escaped += "&quot;",
            '\'' if attribute => escaped += "&apos;",
            '\n' if attribute => escaped += "&#10;",
            '\t' if attribute => escaped += "&#9;",
            '\r' => escaped += "&#13;",
            c => escaped.push(c),
        }
    }
    escaped
}
