//! What a verification found, check by check.

use std::time::SystemTime;

use serde::Serialize;

/// What was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The bytes are a seal or seal signature.
    Format,
    /// The digests in Signature.xml fit the files of the package; the reader of the package says.
    References,
    /// dataHash is the hash of the data.
    DataHash,
    /// The signer's signature.
    Signature,
    /// The maker's signature on the seal.
    SealSignature,
    /// The seal in the signature is the seal file of the package.
    SealFile,
    /// The signer's certificate is in the seal's list.
    Listed,
    /// The signer's certificate was valid at the time of signing.
    SignerValidity,
    /// The signer's certificate leads to a trusted root.
    SignerChain,
    /// The maker's certificate was valid when the seal was made, and leads to a trusted root.
    MakerChain,
    /// The seal was valid at the time of signing.
    SealPeriod,
    /// The time stamp is over this signature and of a trusted authority.
    TimeStamp,
    /// No certificate was revoked.
    Revocation,
}

impl Kind {
    /// What a lay person calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Format => "格式",
            Self::References => "文件摘要",
            Self::DataHash => "原文杂凑",
            Self::Signature => "签名值",
            Self::SealSignature => "制章者签名",
            Self::SealFile => "印章文件",
            Self::Listed => "用章证书在印章名单内",
            Self::SignerValidity => "用章证书有效期",
            Self::SignerChain => "用章证书信任链",
            Self::MakerChain => "制章者证书",
            Self::SealPeriod => "印章有效期",
            Self::TimeStamp => "时间戳",
            Self::Revocation => "吊销状态",
        }
    }
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is right.
    Passed,
    /// It is wrong.
    Failed,
    /// Nobody knows; the reason says what was missing.
    NotChecked,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was checked.
    pub kind: Kind,
    /// How it ended.
    pub outcome: Outcome,
    /// A Chinese sentence that says why.
    pub reason: String,
}

/// What the seal says about itself, for showing. Trust it only as far as the checks go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SealFacts {
    /// Number of the seal.
    pub id: String,
    /// Name of the seal.
    pub name: String,
    /// Version of the structure.
    pub version: u32,
    /// The maker's product.
    pub vendor: String,
    /// The maker, by its certificate.
    pub maker: String,
    /// First and last moment of use, in seconds since 1970.
    #[serde(serialize_with = "seconds")]
    pub valid_from: SystemTime,
    /// Last moment of use.
    #[serde(serialize_with = "seconds")]
    pub valid_until: SystemTime,
}

/// Every check of one seal or seal signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The checks in the order they were made.
    pub checks: Vec<Check>,
    /// The seal, if it could be read.
    pub seal: Option<SealFacts>,
    /// The signer, by the subject of the certificate.
    pub signer: Option<String>,
    /// The time of signing: proven by the time stamp if that check passed, else claimed by the signer.
    #[serde(serialize_with = "maybe_seconds")]
    pub time: Option<SystemTime>,
    /// Where the signed data lies, as the signature says.
    pub property: Option<String>,
}

/// The checks that are about the bytes alone and need nobody's trust.
const INTACT: [Kind; 5] = [Kind::Format, Kind::DataHash, Kind::Signature, Kind::SealSignature, Kind::Listed];
/// Those that must have been made besides, for a signature to be called valid.
const TRUSTED: [Kind; 4] = [Kind::SignerValidity, Kind::SignerChain, Kind::MakerChain, Kind::SealPeriod];

impl Report {
    pub(crate) fn new() -> Self {
        Self { checks: Vec::new(), seal: None, signer: None, time: None, property: None }
    }

    /// Adds a check or puts it in the place of an earlier one of its kind.
    pub fn set(&mut self, kind: Kind, outcome: Outcome, reason: impl Into<String>) {
        let check = Check { kind, outcome, reason: reason.into() };
        match self.checks.iter_mut().find(|earlier| earlier.kind == kind) {
            Some(earlier) => *earlier = check,
            None => self.checks.push(check),
        }
    }

    /// How a check ended; not made at all counts as not checked.
    pub fn outcome(&self, kind: Kind) -> Outcome {
        self.checks.iter().find(|check| check.kind == kind).map_or(Outcome::NotChecked, |check| check.outcome)
    }

    /// The checks that failed.
    pub fn failed(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.outcome == Outcome::Failed)
    }

    /// Whether nothing was changed since the signer signed: format, data, signature, seal and list of users are right and
    /// the reader of the package found no wrong digest. Says nothing about who the signer is.
    pub fn is_intact(&self) -> bool {
        self.passed(&INTACT) && self.outcome(Kind::References) != Outcome::Failed && self.outcome(Kind::SealFile) != Outcome::Failed
    }

    /// Whether it is intact, signer and maker are trusted, everything was valid at the time, and no check failed.
    /// Time stamp, revocation and references count when they were checked.
    pub fn is_valid(&self) -> bool {
        self.is_intact() && self.passed(&TRUSTED) && self.failed().next().is_none()
    }

    /// Whether a bare seal (see [`verify_seal`](crate::verify_seal)) is right: readable, made by its maker, and no check failed.
    pub fn is_right_seal(&self) -> bool {
        self.passed(&[Kind::Format, Kind::SealSignature]) && self.failed().next().is_none()
    }

    fn passed(&self, kinds: &[Kind]) -> bool {
        kinds.iter().all(|kind| self.outcome(*kind) == Outcome::Passed)
    }
}

fn seconds<S: serde::Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |duration| duration.as_secs()))
}

fn maybe_seconds<S: serde::Serializer>(time: &Option<SystemTime>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => seconds(time, serializer),
        None => serializer.serialize_none(),
    }
}
