//! Writing: a [`Builder`] for documents, strict in what it produces.

#[cfg(feature = "write")]
mod builder;
#[cfg(feature = "write")]
mod font;
mod graphic;
mod parts;
#[cfg(feature = "write")]
mod qr;
mod xml;

#[cfg(feature = "write")]
pub use builder::{Attached, Builder, FontKey, Glyph, ImageKey, PageBuilder, Tag};
#[cfg(feature = "write")]
pub use qr::qr_path;
pub(crate) use xml::Xml;
pub use parts::{Part, write};
