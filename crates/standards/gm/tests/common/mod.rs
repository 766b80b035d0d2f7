//! A source of randomness that gives the same bytes in every run, and a small authority to test with.
#![allow(dead_code)]

use std::convert::Infallible;
use std::time::{Duration, SystemTime};

use gm::PrivateKey;
use gm::rand_core::{TryCryptoRng, TryRng};
use gm::x509::{Certificate, Role, Template};

/// SM3 of a counter.
pub struct Counter(pub u64);

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(32) {
            self.0 += 1;
            chunk.copy_from_slice(&gm::sm3(&self.0.to_be_bytes())[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}

/// A key that is the same in every run.
pub fn key(seed: u64) -> PrivateKey {
    PrivateKey::generate_with(&mut Counter(seed << 32)).unwrap()
}

/// Noon of 2026-06-01 UTC.
pub fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_780_315_200)
}

pub fn days(n: u64) -> Duration {
    Duration::from_secs(n * 86_400)
}

/// A root, an issuing authority under it and a leaf of the role wanted under that, all valid 300 days around [`noon`].
pub struct Authority {
    pub root: Certificate,
    pub issuing: Certificate,
}

pub fn template(subject: &str, role: Role) -> Template {
    Template { subject: subject.into(), role, valid_from: noon() - days(100), valid_until: noon() + days(200) }
}

pub fn authority() -> Authority {
    let root = template("CN=演示根证书,O=示例市,C=CN", Role::Root).root_with(&mut Counter(1 << 40), &key(1)).unwrap();
    let issuing = template("CN=演示签发证书,O=示例市,C=CN", Role::Issuing)
        .issue_with(&mut Counter(2 << 40), &key(2).public_key().to_spki().unwrap(), &root, &key(1))
        .unwrap();
    Authority { root, issuing }
}

impl Authority {
    pub fn leaf(&self, seed: u64, role: Role) -> Certificate {
        self.issue(seed, template("CN=示例市行政审批局,O=示例市,C=CN", role))
    }

    pub fn issue(&self, seed: u64, template: Template) -> Certificate {
        template.issue_with(&mut Counter(seed << 40), &key(seed).public_key().to_spki().unwrap(), &self.issuing, &key(2)).unwrap()
    }
}
