//! Code lists (字典), which the caller knows.

/// One value of a code list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Code {
    /// The code as stored.
    pub code: String,
    /// The name shown.
    pub name: String,
    /// The code above it in a list of levels.
    pub parent: Option<String>,
}

/// Code lists by name: regions, industries, ethnic groups …
pub trait CodeLists: Send + Sync {
    /// The codes directly below `parent`, or the topmost ones; a flat list has only those. `None` when there is no such
    /// list.
    fn children(&self, list: &str, parent: Option<&str>) -> Option<Vec<Code>>;

    /// One code.
    fn code(&self, list: &str, code: &str) -> Option<Code>;

    /// Whether the list exists.
    fn knows(&self, list: &str) -> bool {
        self.children(list, None).is_some()
    }
}

/// No list at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoLists;

impl CodeLists for NoLists {
    fn children(&self, _: &str, _: Option<&str>) -> Option<Vec<Code>> {
        None
    }

    fn code(&self, _: &str, _: &str) -> Option<Code> {
        None
    }
}

/// Deepest list of levels.
const MAX_LEVELS: usize = 8;

/// The codes above a code and itself, topmost first, below `root`; empty when the code does not stand below it.
#[must_use]
pub fn lineage(lists: &dyn CodeLists, list: &str, root: Option<&str>, code: &str) -> Vec<Code> {
    let mut line = Vec::new();
    let mut next = Some(code.to_owned());
    while let Some(code) = next {
        if Some(code.as_str()) == root {
            line.reverse();
            return line;
        }
        let Some(found) = lists.code(list, &code).filter(|_| line.len() < MAX_LEVELS) else { return Vec::new() };
        next = found.parent.clone();
        line.push(found);
    }
    if root.is_some() {
        return Vec::new();
    }
    line.reverse();
    line
}
