//! Pages: one thing at a time.

use crate::schema::{Component, ComponentKind, Form};

/// One page of a form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Page<'a> {
    /// Position, from 0.
    pub index: usize,
    /// Key of the group or break that makes it, for addresses.
    pub key: &'a str,
    /// Heading.
    pub title: &'a str,
    /// Help under the heading.
    pub description: &'a str,
    /// Its components in order.
    pub components: &'a [Component],
    /// The group that is the page, if one is.
    pub group: Option<&'a Component>,
}

impl Form {
    /// The pages in order. Groups and separators with the property `page` make pages; what stands between them is a page
    /// too. A form without such marks is one page.
    #[must_use]
    pub fn pages(&self) -> Vec<Page<'_>> {
        let mut pages: Vec<Page<'_>> = Vec::new();
        let mut start = 0;
        let mut head: Option<&Component> = None;
        for (at, component) in self.components.iter().enumerate() {
            if component.property("page").is_none() {
                continue;
            }
            let between = self.components.get(start..at).unwrap_or_default();
            match component.kind {
                ComponentKind::Group => {
                    self.loose(&mut pages, head.take(), between);
                    pages.push(Page {
                        index: pages.len(),
                        key: &component.key,
                        title: &component.label,
                        description: &component.description,
                        components: &component.components,
                        group: Some(component),
                    });
                    start = at + 1;
                }
                ComponentKind::Separator => {
                    self.loose(&mut pages, head.replace(component), between);
                    start = at + 1;
                }
                _ => {}
            }
        }
        self.loose(&mut pages, head, self.components.get(start..).unwrap_or_default());
        if pages.is_empty() {
            self.push_loose(&mut pages, None, &self.components);
        }
        pages
    }

    /// A page of what stands outside page groups, if anything there is to be answered or read.
    fn loose<'a>(&'a self, pages: &mut Vec<Page<'a>>, head: Option<&'a Component>, components: &'a [Component]) {
        let worth = |component: &Component| !matches!(component.kind, ComponentKind::Separator | ComponentKind::Decoration);
        if components.iter().any(worth) {
            self.push_loose(pages, head, components);
        }
    }

    fn push_loose<'a>(&'a self, pages: &mut Vec<Page<'a>>, head: Option<&'a Component>, components: &'a [Component]) {
        let named = head.and_then(|head| head.property("page")).filter(|text| *text != "true");
        pages.push(Page {
            index: pages.len(),
            key: head.map_or("page", |head| &head.id),
            title: named.unwrap_or(&self.title),
            description: head.map_or("", |head| &head.description),
            components,
            group: None,
        });
    }

    /// Every answer of the form in order: fields, and repeating groups as one answer each.
    #[must_use]
    pub fn fields(&self) -> Vec<&Component> {
        fields(&self.components)
    }

    /// The answer with this path, e.g. `area` or `person.name`.
    #[must_use]
    pub fn field(&self, path: &str) -> Option<&Component> {
        self.fields().into_iter().find(|field| field.path() == path)
    }
}

impl<'a> Page<'a> {
    /// The answers asked for on this page, repeating groups as one answer each.
    #[must_use]
    pub fn fields(&self) -> Vec<&'a Component> {
        fields(self.components)
    }
}

impl Component {
    /// The answers of one row of a repeating group, or of a group.
    #[must_use]
    pub fn fields(&self) -> Vec<&Component> {
        fields(&self.components)
    }
}

fn fields(components: &[Component]) -> Vec<&Component> {
    let mut found = Vec::new();
    collect(components, &mut found);
    found
}

fn collect<'a>(components: &'a [Component], found: &mut Vec<&'a Component>) {
    for component in components {
        if component.kind.has_value() {
            found.push(component);
        } else if component.kind == ComponentKind::Group {
            collect(&component.components, found);
        }
    }
}
