//! Writing.
mod xml;
pub(crate) use xml::Xml;
