//! Reading: OFD.xml and Document.xml at once, pages one by one.
//!
//! What a reader can do without (an attachment, an annotation file, one resource) is left out with a warning; what it
//! cannot (OFD.xml, Document.xml, a page's content) is an error.

mod document;
mod graphic;
mod page;
mod resources;

use crate::{Annotation, Document, Error, Limits, Package, Page, Rect, Result, model::Id, xml};
use xml::Element;

pub(crate) use document::bodies;

/// Size of a page that nobody gives one: A4.
const A4: Rect = Rect::new(0.0, 0.0, 210.0, 297.0);

/// An OFD file, read.
#[derive(Debug, Clone)]
pub struct Ofd {
    package: Package,
    /// The documents, usually one.
    pub documents: Vec<Document>,
}

impl Ofd {
    /// Reads a file with the default [`Limits`].
    ///
    /// # Errors
    /// When it is no OFD file, a needed part is missing or wrong, or a limit is exceeded.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        Self::read_with(bytes, Limits::default())
    }

    /// Reads a file with other limits.
    ///
    /// # Errors
    /// As [`Ofd::read`].
    pub fn read_with(bytes: &[u8], limits: Limits) -> Result<Self> {
        Self::of(Package::open(bytes, limits)?)
    }

    /// Reads an opened package.
    ///
    /// # Errors
    /// As [`Ofd::read`].
    pub fn of(package: Package) -> Result<Self> {
        let documents = bodies(&package)?.into_iter().map(|body| document::read(&package, body)).collect::<Result<Vec<_>>>()?;
        Ok(Self { package, documents })
    }

    /// The parts behind the documents.
    #[must_use]
    pub fn package(&self) -> &Package {
        &self.package
    }

    /// Every page of every document, in order: index of the document and of the page in it.
    #[must_use]
    pub fn pages(&self) -> Vec<(usize, usize)> {
        let pages = self.documents.iter().enumerate();
        pages.flat_map(|(document, content)| (0..content.pages.len()).map(move |page| (document, page))).collect()
    }

    /// The place of page `number`, counted from 1 over all documents.
    ///
    /// # Errors
    /// [`Error::NoPage`].
    pub fn place(&self, number: usize) -> Result<(&Document, usize)> {
        let at = number.checked_sub(1).and_then(|index| self.pages().get(index).copied());
        let (document, page) = at.ok_or(Error::NoPage(number))?;
        Ok((&self.documents[document], page))
    }

    /// Reads the content of one page of a document (index from 0).
    ///
    /// # Errors
    /// [`Error::NoPage`], or what is wrong with the page.
    pub fn page(&self, document: &Document, index: usize) -> Result<Page> {
        let reference = document.pages.get(index).ok_or(Error::NoPage(index + 1))?;
        page::read(&self.package, &reference.path)
    }

    /// Reads a template page.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn template(&self, document: &Document, id: Id) -> Result<Option<Page>> {
        document.templates.get(&id).map(|template| page::read(&self.package, &template.path)).transpose()
    }

    /// The annotations of a page.
    ///
    /// # Errors
    /// What is wrong with their file.
    pub fn annotations(&self, document: &Document, page: Id) -> Result<Vec<Annotation>> {
        let mut found = Vec::new();
        for (_, path) in document.annotations.iter().filter(|(id, _)| *id == page) {
            found.extend(page::annotations(&self.package, path)?);
        }
        Ok(found)
    }

    /// The visible area of a page: its own, else the document's, else A4. A page without size is given A4 too.
    #[must_use]
    pub fn area(&self, document: &Document, page: &Page) -> Rect {
        let area = page.area.unwrap_or(document.page_area);
        if area.width > 0.0 && area.height > 0.0 { area } else { A4 }
    }

    /// The bytes of a part named in the model.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Damaged`].
    pub fn bytes(&self, path: &str) -> Result<&[u8]> {
        self.package.bytes(path)
    }
}

/// Runs `read` on the root element of an XML part.
pub(crate) fn with_root<T>(package: &Package, part: &str, read: impl FnOnce(Element<'_>) -> Result<T>) -> Result<T> {
    let text = xml::text(package, part)?;
    let tree = xml::parse(part, text, package.limits())?;
    read(Element { node: tree.root_element(), part })
}
