//! Verification of all signatures of a file.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{Limits, Package, Result};

use super::{
    digest::Digest,
    list::{Reference, Signature, signatures},
    report::{Check, Outcome, Report, SignatureReport, Subject},
};

/// What a [`SignatureVerifier`] is given: everything a signature value can be checked against.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// What Signature.xml says.
    pub signature: &'a Signature,
    /// The bytes of Signature.xml: these are what the value signs.
    pub content: &'a [u8],
    /// The bytes of SignedValue.dat.
    pub value: &'a [u8],
    /// The bytes of the seal file, if one is named and there.
    pub seal: Option<&'a [u8]>,
}

/// Checks signature values and seals (GB/T 38540, GM/T 0010 …), which this crate leaves to others.
pub trait SignatureVerifier {
    /// The checks of one signature value: subjects [`Subject::SignedInfo`], [`Subject::Value`], [`Subject::Seal`] …
    fn verify(&self, signed: &Signed<'_>) -> Vec<Check>;
}

/// Checks no signature value, so no signature is better than unproven.
#[derive(Debug, Clone, Copy, Default)]
pub struct DigestsOnly;

impl SignatureVerifier for DigestsOnly {
    fn verify(&self, signed: &Signed<'_>) -> Vec<Check> {
        vec![Check::new(Subject::Value, Some(&signed.signature.value), Outcome::Unknown("签名值未核验".into()))]
    }
}

/// Verifies every signature of a file. Works on damaged files too, as long as the archive and OFD.xml can be read.
///
/// # Errors
/// When not even the list of signatures can be found.
pub fn verify(bytes: &[u8], limits: Limits, verifier: &dyn SignatureVerifier) -> Result<Report> {
    verify_package(&Package::open(bytes, limits)?, verifier)
}

/// Verifies every signature of an opened package.
///
/// # Errors
/// When OFD.xml cannot be read.
pub fn verify_package(package: &Package, verifier: &dyn SignatureVerifier) -> Result<Report> {
    let all = signatures(package)?;
    // What signatures are made of cannot be protected by those before them.
    let own: BTreeSet<String> = all
        .iter()
        .filter_map(|(_, signature)| signature.as_ref().ok())
        .flat_map(|signature| signature.own_parts().chain([signature.list.as_str()]).map(fold))
        .collect();
    let signatures = all.into_iter().map(|(path, signature)| match signature {
        Ok(signature) => one(package, signature, &own, verifier),
        Err(error) => SignatureReport {
            checks: vec![Check::new(Subject::Structure, Some(&path), Outcome::Failed(error.to_string()))],
            path,
            signature: None,
            locking: false,
        },
    });
    Ok(Report { signatures: signatures.collect() })
}

fn one(package: &Package, signature: Signature, own: &BTreeSet<String>, verifier: &dyn SignatureVerifier) -> SignatureReport {
    let mut checks = vec![Check::new(Subject::Structure, Some(&signature.path), Outcome::Passed)];
    match Digest::parse(signature.check_method.as_deref()) {
        Some(digest) => checks.extend(signature.references.iter().map(|reference| part(package, digest, reference))),
        None => {
            let method = signature.check_method.as_deref().unwrap_or_default();
            checks.push(Check::new(Subject::Part, None, Outcome::Unknown(format!("不认识的摘要方法 {method}"))));
        }
    }
    let protected: BTreeSet<String> = signature.references.iter().filter_map(|reference| package.find(&reference.path)).map(fold).collect();
    let bare = package.names().filter(|name| !protected.contains(&fold(name)) && !own.contains(&fold(name)));
    checks.extend(bare.map(|name| Check::new(Subject::Coverage, Some(name), Outcome::Unknown("不在签名保护范围内，可能在签名之后加入".into()))));
    let locking = protected.contains(&fold(&signature.list));

    match (package.bytes(&signature.path), package.bytes(&signature.value)) {
        (Ok(content), Ok(value)) => {
            let seal = match signature.seal.as_deref().map(|seal| package.bytes(seal)).transpose() {
                Ok(seal) => seal,
                Err(error) => {
                    checks.push(Check::new(Subject::Seal, signature.seal.as_deref(), Outcome::Failed(error.to_string())));
                    None
                }
            };
            checks.extend(verifier.verify(&Signed { signature: &signature, content, value, seal }));
        }
        (Err(error), _) => checks.push(Check::new(Subject::SignedInfo, Some(&signature.path), Outcome::Failed(error.to_string()))),
        (_, Err(error)) => checks.push(Check::new(Subject::Value, Some(&signature.value), Outcome::Failed(error.to_string()))),
    }
    SignatureReport { path: signature.path.clone(), locking, checks, signature: Some(signature) }
}

fn fold(name: &str) -> String {
    name.to_lowercase()
}

/// The digest of one protected part.
fn part(package: &Package, digest: Digest, reference: &Reference) -> Check {
    let name = package.find(&reference.path).unwrap_or(&reference.path);
    let outcome = match package.bytes(&reference.path) {
        Err(error) => Outcome::Failed(error.to_string()),
        Ok(bytes) => {
            let written: String = reference.check_value.chars().filter(|c| !c.is_whitespace()).collect();
            match STANDARD.decode(written) {
                Err(_) => Outcome::Failed("摘要值不是 Base64".into()),
                Ok(expected) if expected != digest.of(bytes) => Outcome::Failed("内容与签名时不同".into()),
                Ok(_) if digest.is_sound() => Outcome::Passed,
                Ok(_) => Outcome::Unknown("摘要方法已不安全".into()),
            }
        }
    };
    Check::new(Subject::Part, Some(name), outcome)
}
