//! Asking for a time stamp.

use der::asn1::{Int, OctetString};
use der::{Decode, Encode};

use super::structure::{MessageImprint, TimeStampReq, TimeStampResp, TstInfo};
use super::token::Token;
use crate::algorithm::plain;
use crate::rand_core::TryCryptoRng;
use crate::{Error, Result, SysRng, oid, sm3};

const WHAT: &str = "time stamp answer";

/// A request for a time stamp over the SM3 hash of a message; the authority does not learn the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request(TimeStampReq);

impl Request {
    /// A request for `message`, with a random number by which an old answer is told from a new one.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn new(message: &[u8]) -> Result<Self> {
        Self::new_with(&mut SysRng, message)
    }

    /// [`Self::new`] with the number from the source handed in.
    ///
    /// # Errors
    /// When the source fails.
    pub fn new_with<R: TryCryptoRng + ?Sized>(rng: &mut R, message: &[u8]) -> Result<Self> {
        let mut nonce = [0; 16];
        rng.try_fill_bytes(&mut nonce).map_err(|_| Error::Randomness)?;
        nonce[0] = nonce[0] & 0x7f | 0x40; // a positive number of always the same length
        let build = || -> der::Result<TimeStampReq> {
            Ok(TimeStampReq {
                version: 1,
                imprint: MessageImprint { algorithm: plain(oid::SM3), hash: OctetString::new(sm3(message))? },
                policy: None,
                nonce: Some(Int::new(&nonce)?),
                want_certificate: true,
                extensions: None,
            })
        };
        build().map(Self).map_err(Error::der("time stamp request"))
    }

    /// What goes over the wire (`application/timestamp-query`).
    ///
    /// # Errors
    /// Never in practice.
    pub fn to_der(&self) -> Result<Vec<u8>> {
        self.0.to_der().map_err(Error::der("time stamp request"))
    }

    /// Takes the token out of the answer (`application/timestamp-reply`), after checking that it is an answer to this
    /// request. The signature is checked by [`Token::verify`].
    ///
    /// # Errors
    /// When the authority refused, or answered something else.
    pub fn token(&self, answer: &[u8]) -> Result<Vec<u8>> {
        let answer = TimeStampResp::from_der(answer).map_err(Error::der(WHAT))?;
        // 0 granted, 1 granted with modifications; all else is a refusal (RFC 3161, 2.4.2).
        if answer.status.status > 1 {
            return Err(Error::Rule { what: WHAT, rule: "the authority refused" });
        }
        let token = answer.token.ok_or(Error::Rule { what: WHAT, rule: "there is no token in it" })?;
        let token = token.to_der().map_err(Error::der(WHAT))?;
        let info: TstInfo = Token::from_der(&token)?.info()?;
        if info.imprint.hash != self.0.imprint.hash || info.imprint.algorithm.oid != self.0.imprint.algorithm.oid || info.nonce != self.0.nonce {
            return Err(Error::Rule { what: WHAT, rule: "it answers another request" });
        }
        Ok(token)
    }
}

/// Gets a time stamp token over `message`; `transport` brings the request to an authority and its answer back.
///
/// # Errors
/// The transport's, or as [`Request::token`].
pub fn fetch<E: From<Error>>(message: &[u8], transport: impl FnOnce(&[u8]) -> std::result::Result<Vec<u8>, E>) -> std::result::Result<Vec<u8>, E> {
    let request = Request::new(message)?;
    Ok(request.token(&transport(&request.to_der()?)?)?)
}
