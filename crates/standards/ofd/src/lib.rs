//! OFD, the Chinese fixed-layout document format (GB/T 33190-2016): read, write, verify, sign, extract text, render, convert.
//!
//! Pure: bytes in, bytes out, no files, no network, no clock. Reading is tolerant of what real producers write, writing is
//! strict, and hostile files end in an [`Error`], within the bounds of [`Limits`].

mod error;
mod geometry;
pub mod model;
mod package;
#[cfg(feature = "pdf")]
mod pdf;
mod read;
#[cfg(feature = "render")]
pub mod render;
pub mod sign;
mod text;
pub mod write;
mod xml;

pub use error::{Error, Limits, Result};
pub use geometry::{Matrix, Rect};
pub use model::*;
pub use package::Package;
#[cfg(feature = "pdf")]
pub use pdf::Pdf;
pub use read::Ofd;
pub use text::{Line, Span};
