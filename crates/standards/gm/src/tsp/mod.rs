//! Time stamps (RFC 3161; GB/T 20520 takes it over with SM2 and SM3): proof that some bytes existed at a time.
//!
//! Who wants one makes a [`Request`], brings it to an [`Authority`] by whatever transport there is, and takes the
//! [`Token`] out of the answer; [`fetch`] does the three steps. Whether to trust the token's certificate is a question
//! for [`verify_chain`](crate::x509::verify_chain) with [`Purpose::TimeStamping`](crate::x509::Purpose).
//!
//! ```
//! # use std::time::{Duration, SystemTime};
//! # use gm::{Gm, PrivateKey, x509::{Role, Template}};
//! use gm::tsp::{Authority, Token, fetch};
//!
//! # fn main() -> gm::Result<()> {
//! # let (now, key) = (SystemTime::now(), PrivateKey::generate()?);
//! # let certificate = Template { subject: "CN=演示时间戳".into(), role: Role::TimeStamping, valid_from: now, valid_until: now + Duration::from_secs(60) }.root(&key)?;
//! let authority = Authority { certificate: &certificate, chain: &[], signer: &key, policy: gm::tsp::DEMO_POLICY };
//! let token = fetch(b"document", |request| authority.answer(request, now))?; // here the transport is a call
//! let stamp = Token::from_der(&token)?.verify(b"document", &Gm)?;
//! assert_eq!(stamp.certificate, certificate);
//! # Ok(()) }
//! ```

mod authority;
mod client;
mod structure;
mod token;

pub use authority::{Authority, DEMO_POLICY};
pub use client::{Request, fetch};
pub use token::{Stamp, Token};
