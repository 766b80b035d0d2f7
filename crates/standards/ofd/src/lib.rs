//! OFD, the Chinese fixed-layout document format (GB/T 33190-2016): read, write, verify, sign, extract text, render, convert.
//!
//! Pure: bytes in, bytes out, no files, no network, no clock. Reading is tolerant of what real producers write, writing is
//! strict, and hostile files end in an [`Error`], within the bounds of [`Limits`].
//!
//! ```
//! # #[cfg(all(feature = "write", feature = "pdf"))]
//! # fn main() -> ofd::Result<()> {
//! use ofd::{Color, Limits, Ofd, Path, Rect, Segment, render::Fonts, sign, write::Builder};
//!
//! // Build a document of one page with a red line; fonts and text work alike (see `write::Builder`).
//! let mut builder = Builder::new(210.0, 297.0);
//! builder.info.title = "示例".into();
//! let mut page = builder.page();
//! let red = Path { stroke: true, fill: false, even_odd: false, fill_color: None, stroke_color: Some(Color::rgb(192, 0, 0)), segments: vec![Segment::Move(0.0, 1.0), Segment::Line(150.0, 1.0)] };
//! page.path(Rect::new(30.0, 40.0, 150.0, 2.0), red);
//! builder.push(page);
//! let file = builder.finish()?;
//!
//! // Sign it (here with a toy; a real signer makes SES_Signature or SM2 values) and verify: every part is checked by itself.
//! let signed = sign::append(&file, &sign::Draft::default(), |to_sign| Ok(sign::Digest::Sm3.of(to_sign.content)))?;
//! let report = sign::verify(&signed, Limits::default(), &sign::DigestsOnly)?;
//! assert!(report.tampered().is_empty());
//!
//! // Read it, look at it, convert it.
//! let ofd = Ofd::read(&signed)?;
//! assert_eq!(ofd.documents[0].info.title, "示例");
//! let picture = ofd.render(1, 96.0, &Fonts::default())?;
//! assert_eq!((picture.width, picture.height), (794, 1123));
//! assert!(ofd.to_pdf(&Fonts::default())?.bytes.starts_with(b"%PDF"));
//! # Ok(()) }
//! # #[cfg(not(all(feature = "write", feature = "pdf")))]
//! # fn main() {}
//! ```
//!
//! # Features
//!
//! `render` (pages as pixels), `pdf` (conversion, text as text), `write` (the builder with font subsets and QR codes); all on
//! by default. Without them there remain reading, text, verification and signing.
//!
//! # Signatures
//!
//! [`sign::verify`] checks the digest of every protected part and names what was tampered with; the signature value and the
//! seal are for a [`sign::SignatureVerifier`], because they are another standard's (GB/T 38540). Rendering shows a seal
//! whether or not it is genuine.

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
pub use geometry::{Matrix, Rect, around};
pub use model::*;
pub use package::Package;
#[cfg(feature = "pdf")]
pub use pdf::Pdf;
pub use read::Ofd;
pub use text::{Line, Span};
