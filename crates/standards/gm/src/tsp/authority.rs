//! Giving time stamps.

use std::time::SystemTime;

use der::asn1::{Any, BitString, GeneralizedTime, Int, ObjectIdentifier};
use der::{Decode, Encode};

use super::structure::{StatusInfo, TimeStampReq, TimeStampResp, TstInfo};
use crate::cms::{Form, Signing};
use crate::rand_core::TryCryptoRng;
use crate::x509::Certificate;
use crate::{Error, Result, Signer, SysRng, oid};

const WHAT: &str = "time stamp answer";
/// A policy identifier for demonstrations and tests (the enterprise number RFC 5612 keeps for documentation).
pub const DEMO_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1");
/// Hashes it stamps, with their lengths in bytes.
const HASHES: [(ObjectIdentifier, usize); 2] = [(oid::SM3, 32), (oid::SHA256, 32)];

/// Bits of PKIFailureInfo (RFC 3161, 2.4.2).
#[derive(Clone, Copy)]
enum Failure {
    BadAlgorithm = 0,
    BadRequest = 2,
    BadDataFormat = 5,
    UnacceptedPolicy = 15,
    UnacceptedExtension = 16,
}

/// A small time stamping authority. It keeps nothing: serial numbers are random.
pub struct Authority<'a> {
    /// Its certificate, made with [`Role::TimeStamping`](crate::x509::Role).
    pub certificate: &'a Certificate,
    /// The certificates above it that go along.
    pub chain: &'a [Certificate],
    /// Its key.
    pub signer: &'a dyn Signer,
    /// The policy it works by.
    pub policy: ObjectIdentifier,
}

impl Authority<'_> {
    /// Answers a request at the time `now`. A request that is no good gets an answer that says so.
    ///
    /// # Errors
    /// When the key does not sign.
    pub fn answer(&self, request: &[u8], now: SystemTime) -> Result<Vec<u8>> {
        self.answer_with(&mut SysRng, request, now)
    }

    /// [`Self::answer`] with the serial number from the source handed in.
    ///
    /// # Errors
    /// When the key does not sign or the source fails.
    pub fn answer_with<R: TryCryptoRng + ?Sized>(&self, rng: &mut R, request: &[u8], now: SystemTime) -> Result<Vec<u8>> {
        let (status, token) = match self.check(request) {
            Ok(request) => (StatusInfo { status: 0, text: None, failure: None }, Some(self.stamp(rng, request, now)?)),
            Err((failure, text)) => (refusal(failure, text).map_err(Error::der(WHAT))?, None),
        };
        let write = || TimeStampResp { status, token: token.map(|token| Any::from_der(&token)).transpose()? }.to_der();
        write().map_err(Error::der(WHAT))
    }

    fn check(&self, request: &[u8]) -> std::result::Result<TimeStampReq, (Failure, &'static str)> {
        let request = TimeStampReq::from_der(request).map_err(|_| (Failure::BadDataFormat, "not a time stamp request"))?;
        if request.version != 1 {
            return Err((Failure::BadRequest, "unknown version"));
        }
        match HASHES.iter().find(|(hash, _)| *hash == request.imprint.algorithm.oid) {
            None => return Err((Failure::BadAlgorithm, "unsupported hash")),
            Some((_, length)) if request.imprint.hash.as_bytes().len() != *length => return Err((Failure::BadDataFormat, "wrong length of hash")),
            Some(_) => {}
        }
        if request.policy.is_some_and(|policy| policy != self.policy) {
            return Err((Failure::UnacceptedPolicy, "unknown policy"));
        }
        if request.extensions.is_some() {
            return Err((Failure::UnacceptedExtension, "extensions are not supported"));
        }
        Ok(request)
    }

    fn stamp<R: TryCryptoRng + ?Sized>(&self, rng: &mut R, request: TimeStampReq, now: SystemTime) -> Result<Vec<u8>> {
        let mut serial = [0; 16];
        rng.try_fill_bytes(&mut serial).map_err(|_| Error::Randomness)?;
        serial[0] = serial[0] & 0x7f | 0x40;
        let write = || -> der::Result<Vec<u8>> {
            TstInfo {
                version: 1,
                policy: self.policy,
                imprint: request.imprint,
                serial: Int::new(&serial)?,
                time: Any::encode_from(&GeneralizedTime::from_system_time(now)?)?,
                accuracy: None,
                ordering: false,
                nonce: request.nonce,
                authority: None,
                extensions: None,
            }
            .to_der()
        };
        let info = write().map_err(Error::der(WHAT))?;
        // The certificate goes along whether asked for or not: verifiers years later will be glad of it.
        Signing::new(self.certificate, Form::Cms).content_type(oid::TST_INFO).chain(self.chain).sign_attached(&info, self.signer)
    }
}

fn refusal(failure: Failure, text: &str) -> der::Result<StatusInfo> {
    let bit = failure as usize;
    let mut bytes = vec![0; bit / 8 + 1];
    bytes[bit / 8] = 0x80 >> (bit % 8);
    let unused = u8::try_from(7 - bit % 8).unwrap_or(0); // named bits: no zeros at the end (X.690, 11.2.2)
    Ok(StatusInfo { status: 2, text: Some(vec![text.to_owned()]), failure: Some(BitString::new(unused, bytes)?) })
}
