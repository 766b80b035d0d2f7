//! A maker, an officer, a time stamper under one root, and a seal. All synthetic.
#![allow(dead_code)]

use std::time::{Duration, SystemTime};

use eseal::{Options, Picture, Seal, SealSigning, SealTemplate};
use gm::tsp::{self, DEMO_POLICY};
use gm::x509::{Certificate, RevocationList, Revoked, Role, Template};
use gm::{Gm, PrivateKey};

pub const DATA: &[u8] = "<ofd:Signature>示例</ofd:Signature>".as_bytes();
pub const PATH: &str = "/Doc_0/Signs/Sign_0/Signature.xml";

pub fn key(seed: u8) -> PrivateKey {
    PrivateKey::from_bytes(&[seed; 32]).unwrap()
}

/// Noon of 2026-06-01 UTC.
pub fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_780_315_200)
}

pub fn days(n: u64) -> Duration {
    Duration::from_secs(n * 86_400)
}

pub struct World {
    pub root: Certificate,
    pub maker: Certificate,
    pub officer: Certificate,
    pub stamper: Certificate,
    pub list: RevocationList,
}

pub fn certificate(seed: u8, subject: &str, role: Role, root: Option<&Certificate>) -> Certificate {
    let template = Template { subject: format!("CN={subject},O=示例市,C=CN"), role, valid_from: noon() - days(100), valid_until: noon() + days(200) };
    match root {
        None => template.root(&key(seed)).unwrap(),
        Some(root) => template.issue(&key(seed).public_key().to_spki().unwrap(), root, &key(1)).unwrap(),
    }
}

pub fn world() -> World {
    let root = certificate(1, "演示根证书", Role::Root, None);
    World {
        maker: certificate(2, "演示制章者", Role::Signer, Some(&root)),
        officer: certificate(3, "演示用章人", Role::Signer, Some(&root)),
        stamper: certificate(4, "演示时间戳", Role::TimeStamping, Some(&root)),
        list: RevocationList::issue(&root, &key(1), 1, noon() - days(1), noon() + days(30), &[]).unwrap(),
        root,
    }
}

impl World {
    pub fn template(&self) -> SealTemplate {
        SealTemplate {
            id: "45030000000001".into(),
            vendor: "Demo".into(),
            kind: 1,
            name: "示例市行政审批局".into(),
            users: vec![self.officer.clone()],
            created: noon() - days(50),
            valid_from: noon() - days(50),
            valid_until: noon() + days(50),
            picture: Picture { format: "PNG".into(), data: b"\x89PNG synthetic".to_vec(), width_mm: 42, height_mm: 42 },
        }
    }

    pub fn seal(&self) -> Seal {
        self.template().make(&self.maker, &key(2)).unwrap()
    }

    pub fn sign(&self, seal: &Seal) -> Vec<u8> {
        SealSigning { seal, certificate: &self.officer, time: noon(), property: PATH }.sign(DATA, &key(3)).unwrap()
    }

    pub fn sign_stamped(&self, seal: &Seal, at: SystemTime) -> Vec<u8> {
        let signer = key(4);
        let authority = tsp::Authority { certificate: &self.stamper, chain: &[], signer: &signer, policy: DEMO_POLICY };
        let signing = SealSigning { seal, certificate: &self.officer, time: noon(), property: PATH };
        signing.sign_stamped(DATA, &key(3), |value| tsp::fetch(value, |request| authority.answer(request, at))).unwrap()
    }

    pub fn revoking(&self, certificate: &Certificate, since: SystemTime) -> RevocationList {
        let entry = Revoked { serial: certificate.serial(), since, reason: None };
        RevocationList::issue(&self.root, &key(1), 2, noon() - days(1), noon() + days(30), &[entry]).unwrap()
    }

    /// Everything at hand, at noon.
    pub fn options(&self) -> Options<'_> {
        Options {
            now: noon(),
            roots: std::slice::from_ref(&self.root),
            intermediates: &[],
            lists: std::slice::from_ref(&self.list),
            seal_file: None,
            algorithms: &Gm,
        }
    }
}
