//! What verification found.

use super::list::Signature;

/// What a check looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Signature.xml or the list of signatures can be read.
    Structure,
    /// The digest of a protected part.
    Part,
    /// Parts that no signature protects.
    Coverage,
    /// The digest of Signature.xml inside the signature value.
    SignedInfo,
    /// The signature value itself.
    Value,
    /// The seal and its maker's signature.
    Seal,
    /// The signer's certificate, its purpose, its place in the seal.
    Certificate,
    /// A time stamp.
    Time,
    /// Revocation of certificate or seal.
    Revocation,
}

impl Subject {
    /// Name for people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Structure => "签名结构",
            Self::Part => "文件摘要",
            Self::Coverage => "保护范围",
            Self::SignedInfo => "签名描述",
            Self::Value => "签名值",
            Self::Seal => "印章",
            Self::Certificate => "证书",
            Self::Time => "时间",
            Self::Revocation => "吊销",
        }
    }

    /// Stable name for machines.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Part => "part",
            Self::Coverage => "coverage",
            Self::SignedInfo => "signed_info",
            Self::Value => "value",
            Self::Seal => "seal",
            Self::Certificate => "certificate",
            Self::Time => "time",
            Self::Revocation => "revocation",
        }
    }
}

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    /// Wrong: the sentence says what.
    Failed(String),
    /// Neither proven nor disproven: the sentence says why.
    Unknown(String),
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub subject: Subject,
    /// The part concerned, by path.
    pub part: Option<String>,
    pub outcome: Outcome,
}

impl Check {
    /// A check of `part`.
    #[must_use]
    pub fn new(subject: Subject, part: Option<&str>, outcome: Outcome) -> Self {
        Self { subject, part: part.map(str::to_owned), outcome }
    }
}

/// Sum of all checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Everything passed.
    Valid,
    /// Nothing failed, but something could not be proven.
    Unproven,
    /// Something failed.
    Invalid,
}

impl State {
    fn of<'a>(checks: impl Iterator<Item = &'a Check>) -> Self {
        let states = checks.map(|check| match check.outcome {
            Outcome::Passed => Self::Valid,
            Outcome::Unknown(_) => Self::Unproven,
            Outcome::Failed(_) => Self::Invalid,
        });
        states.max().unwrap_or(Self::Unproven)
    }

    /// Name for people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Valid => "有效",
            Self::Unproven => "未能证明",
            Self::Invalid => "无效",
        }
    }

    /// Stable name for machines.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Unproven => "unproven",
            Self::Invalid => "invalid",
        }
    }
}

/// The checks of one signature.
#[derive(Debug, Clone, PartialEq)]
pub struct SignatureReport {
    /// Path of Signature.xml, or of the list when that is broken.
    pub path: String,
    /// What Signature.xml says, when it can be read.
    pub signature: Option<Signature>,
    /// It protects the list of signatures, so no other may follow.
    pub locking: bool,
    pub checks: Vec<Check>,
}

impl SignatureReport {
    /// Sum of the checks.
    #[must_use]
    pub fn state(&self) -> State {
        State::of(self.checks.iter())
    }

    /// The checks that failed.
    pub fn failures(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| matches!(check.outcome, Outcome::Failed(_)))
    }
}

/// The checks of all signatures.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    pub signatures: Vec<SignatureReport>,
}

impl Report {
    /// Sum of all; `None` for a file without signatures.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        self.signatures.iter().map(SignatureReport::state).max()
    }

    /// Paths of the parts that were tampered with or are missing, each once.
    #[must_use]
    pub fn tampered(&self) -> Vec<&str> {
        let failures = self.signatures.iter().flat_map(SignatureReport::failures);
        let mut parts: Vec<&str> = failures.filter_map(|check| check.part.as_deref()).collect();
        parts.sort_unstable();
        parts.dedup();
        parts
    }
}
