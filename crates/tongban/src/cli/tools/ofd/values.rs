//! The signature values inside an OFD: seals by `eseal` (GB/T 38540, GM/T 0031), SignedData by `gm` (GM/T 0010).

use eseal::Options;
use gm::cms::SignedData;
use gm::x509::{Purpose, verify_chain};
use ofd::sign::{Check, Kind, Outcome, SignatureVerifier, Signed, Subject};

/// Verifies with what is trusted and known.
pub struct Values<'a>(pub Options<'a>);

impl SignatureVerifier for Values<'_> {
    fn verify(&self, signed: &Signed<'_>) -> Vec<Check> {
        match signed.signature.kind {
            Kind::Seal => self.seal(signed),
            Kind::Sign => self.signature(signed),
        }
    }
}

impl Values<'_> {
    fn seal(&self, signed: &Signed<'_>) -> Vec<Check> {
        let about = signed.signature;
        let report = eseal::verify(signed.value, signed.content, &Options { seal_file: signed.seal, ..self.0 });
        let mut checks: Vec<Check> = report.checks.iter().filter_map(|check| self::check(check, signed)).collect();
        if let Some(property) = report.property {
            // The seal says which Signature.xml it belongs to, so that it cannot be moved to another one.
            let outcome = if property.trim_start_matches('/').eq_ignore_ascii_case(about.path.trim_start_matches('/')) {
                Outcome::Passed
            } else {
                Outcome::Failed(format!("签章数据属于 {property}"))
            };
            checks.push(Check::new(Subject::SignedInfo, Some(&about.path), outcome));
        }
        checks
    }

    /// A SignedData brings its certificate along; a bare pair of numbers does not, so nobody can be named for it.
    fn signature(&self, signed: &Signed<'_>) -> Vec<Check> {
        let value = Some(signed.signature.value.as_str());
        let Ok(data) = SignedData::from_der(signed.value) else {
            return vec![Check::new(Subject::Value, value, Outcome::Unknown("签名值不带证书，不知道由谁签名".into()))];
        };
        let signers = match data.verify(Some(signed.content), self.0.algorithms) {
            Ok(signers) => signers,
            Err(error) => return vec![Check::new(Subject::Value, value, Outcome::Failed(format!("签名值与签名描述不符：{error}")))],
        };
        let mut checks = vec![Check::new(Subject::Value, value, Outcome::Passed)];
        for signer in signers {
            // The claimed time is nobody's proof, so the certificate has to be right now.
            let outcome = if self.0.roots.is_empty() {
                Outcome::Unknown(format!("没有可信的根证书，签名人自称 {}", signer.certificate.subject()))
            } else {
                match verify_chain(&signer.certificate, self.0.intermediates, self.0.roots, Purpose::Signing, self.0.now, self.0.algorithms) {
                    Ok(_) => Outcome::Passed,
                    Err(problem) => Outcome::Failed(format!("签名证书不可信：{problem}")),
                }
            };
            checks.push(Check::new(Subject::Certificate, value, outcome));
        }
        checks
    }
}

/// A check of a seal as one of the document, with the part that is wrong when it fails.
fn check(check: &eseal::Check, signed: &Signed<'_>) -> Option<Check> {
    let about = signed.signature;
    let (subject, part) = match check.kind {
        // Said for every part by itself.
        eseal::Kind::References => return None,
        eseal::Kind::Format | eseal::Kind::Signature => (Subject::Value, &about.value),
        eseal::Kind::DataHash => (Subject::SignedInfo, &about.path),
        eseal::Kind::SealSignature | eseal::Kind::SealPeriod | eseal::Kind::SealFile => (Subject::Seal, about.seal.as_ref().unwrap_or(&about.value)),
        eseal::Kind::Listed | eseal::Kind::SignerValidity | eseal::Kind::SignerChain | eseal::Kind::MakerChain => (Subject::Certificate, &about.value),
        eseal::Kind::TimeStamp => (Subject::Time, &about.value),
        eseal::Kind::Revocation => (Subject::Revocation, &about.value),
    };
    let outcome = match check.outcome {
        eseal::Outcome::Passed => Outcome::Passed,
        eseal::Outcome::Failed => Outcome::Failed(format!("{}：{}", check.kind.label(), check.reason)),
        // A seal without time stamp, and no revocation list at hand, are no doubt about what was signed (as in `eseal`).
        eseal::Outcome::NotChecked if matches!(subject, Subject::Time | Subject::Revocation) => return None,
        eseal::Outcome::NotChecked => Outcome::Unknown(format!("{}：{}", check.kind.label(), check.reason)),
    };
    Some(Check::new(subject, Some(part), outcome))
}
