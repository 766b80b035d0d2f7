//! Verifying seals and seal signatures.

use std::time::SystemTime;

use der::asn1::ObjectIdentifier;
use gm::tsp::Token;
use gm::x509::{Certificate, ChainProblem, Purpose, Revocation, RevocationList, revocation, verify_chain};
use gm::{Algorithms, Gm, oid};

use crate::{Kind, Outcome, Report, Seal, SealFacts, SealSignature};
use Outcome::{Failed, NotChecked, Passed};

/// What a verification may use. Whatever is missing is reported as not checked.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The time of the verification.
    pub now: SystemTime,
    /// The roots that are trusted for signers, makers and time stamps.
    pub roots: &'a [Certificate],
    /// Certificates that may stand between.
    pub intermediates: &'a [Certificate],
    /// Revocation lists at hand.
    pub lists: &'a [RevocationList],
    /// The seal file that lies beside the signature, if any; it must be the seal that was used.
    pub seal_file: Option<&'a [u8]>,
    /// The algorithms understood.
    pub algorithms: &'a dyn Algorithms,
}

impl Options<'_> {
    /// Nobody trusted, nothing at hand: checks the bytes and the times.
    pub fn new(now: SystemTime) -> Self {
        Self { now, roots: &[], intermediates: &[], lists: &[], seal_file: None, algorithms: &Gm }
    }
}

/// Verifies a seal signature over `signed_data` (in an OFD: all bytes of Signature.xml). Never fails as a whole: the
/// report says of every check how it ended and why.
pub fn verify(signature_der: &[u8], signed_data: &[u8], options: &Options<'_>) -> Report {
    let mut report = Report::new();
    let signature = match SealSignature::from_der(signature_der) {
        Ok(signature) => signature,
        Err(error) => {
            report.set(Kind::Format, Failed, format!("不是规范的电子签章数据：{error}"));
            return report;
        }
    };
    report.set(Kind::Format, Passed, format!("第 {} 版电子签章数据", signature.version));
    report.set(Kind::References, NotChecked, "由打开文件的程序核对");
    report.seal = Some(facts(&signature.seal));
    report.signer = Some(signature.certificate.subject());
    report.property = Some(signature.property.clone());
    report.time = signature.time;

    data_hash(&mut report, &signature, signed_data, options);
    let right = bare(&signature.certificate, signature.algorithm, &signature.to_sign, &signature.signature, options);
    report.set(Kind::Signature, outcome(right), if right { "签名值与用章证书、签章数据相符" } else { "签名值与用章证书或签章数据不符" });
    seal_signature(&mut report, &signature.seal, options);
    if let Some(file) = options.seal_file {
        let same = file == signature.seal.to_der();
        report.set(Kind::SealFile, outcome(same), if same { "与所用印章相同" } else { "文件所附印章不是签章所用的印章" });
    }
    let listed = signature.seal.users.contains(&signature.certificate);
    report.set(Kind::Listed, outcome(listed), if listed { "用章证书在印章的证书名单内" } else { "用章证书不在印章的证书名单内" });

    let proven = time_stamp(&mut report, &signature, options);
    if proven.is_some() {
        report.time = proven;
    }
    let at = report.time.unwrap_or(options.now);
    periods(&mut report, &signature, at, proven.is_some());
    let signer = chain(&mut report, Kind::SignerChain, &signature.certificate, at, options);
    let maker = chain(&mut report, Kind::MakerChain, &signature.seal.maker, signature.seal.created, options);
    // Without proof of the time a stolen key could sign into the past, so revocation counts as of now.
    revoked(&mut report, &[signer, maker], proven.unwrap_or(options.now), options);
    report
}

/// Verifies a seal file by itself: format, the maker's signature and certificate, validity now, revocation.
pub fn verify_seal(seal_der: &[u8], options: &Options<'_>) -> Report {
    let mut report = Report::new();
    let seal = match Seal::from_der(seal_der) {
        Ok(seal) => seal,
        Err(error) => {
            report.set(Kind::Format, Failed, format!("不是规范的电子印章数据：{error}"));
            return report;
        }
    };
    report.set(Kind::Format, Passed, format!("第 {} 版电子印章数据", seal.version));
    report.seal = Some(facts(&seal));
    seal_signature(&mut report, &seal, options);
    seal_period(&mut report, &seal, options.now, "现在");
    let maker = chain(&mut report, Kind::MakerChain, &seal.maker, seal.created, options);
    revoked(&mut report, &[maker], options.now, options);
    report
}

fn outcome(right: bool) -> Outcome {
    if right { Passed } else { Failed }
}

fn facts(seal: &Seal) -> SealFacts {
    SealFacts {
        id: seal.id.clone(),
        name: seal.name.clone(),
        version: seal.version,
        vendor: seal.vendor.clone(),
        maker: seal.maker.subject(),
        valid_from: seal.valid_from,
        valid_until: seal.valid_until,
    }
}

/// A signature as seals hold it: DER of r and s.
fn bare(certificate: &Certificate, algorithm: ObjectIdentifier, message: &[u8], signature: &[u8], options: &Options<'_>) -> bool {
    let algorithm = algorithm_identifier(algorithm);
    options.algorithms.verify(certificate.public_key(), &algorithm, message, signature).is_ok()
}

fn algorithm_identifier(oid: ObjectIdentifier) -> gm::AlgorithmIdentifier {
    gm::AlgorithmIdentifier { oid, parameters: None }
}

fn data_hash(report: &mut Report, signature: &SealSignature, data: &[u8], options: &Options<'_>) {
    match options.algorithms.digest(&oid::SM3, data) {
        Ok(hash) if hash == signature.data_hash => report.set(Kind::DataHash, Passed, "原文未被改动"),
        Ok(_) => report.set(Kind::DataHash, Failed, "原文与签章时不同"),
        Err(error) => report.set(Kind::DataHash, Failed, format!("无法计算杂凑值：{error}")),
    }
}

fn seal_signature(report: &mut Report, seal: &Seal, options: &Options<'_>) {
    let right = seal.signed.iter().any(|message| bare(&seal.maker, seal.algorithm, message, &seal.signature, options));
    report.set(Kind::SealSignature, outcome(right), if right { "印章由所载制章者制作，未被改动" } else { "印章数据与制章者的签名不符" });
}

/// The time the stamp proves, when there is one and it is right and trusted.
fn time_stamp(report: &mut Report, signature: &SealSignature, options: &Options<'_>) -> Option<SystemTime> {
    let Some(bytes) = &signature.time_stamp else {
        report.set(Kind::TimeStamp, NotChecked, "签章没有时间戳，签章时间为签章人自述");
        return None;
    };
    // Before version 4 the stamp was inside of what was signed, so over the data.
    let message = if signature.version >= 4 { &signature.signature } else { &signature.data_hash };
    let stamp = match Token::from_der(bytes).and_then(|token| token.verify(message, options.algorithms)) {
        Ok(stamp) => stamp,
        Err(error) => {
            report.set(Kind::TimeStamp, Failed, format!("时间戳与签名值不符或已损坏：{error}"));
            return None;
        }
    };
    if options.roots.is_empty() {
        report.set(Kind::TimeStamp, NotChecked, format!("时间戳未被改动，但没有可信的根证书来核对“{}”", stamp.certificate.common_name()));
        return None;
    }
    let between = [options.intermediates, &stamp.certificates].concat();
    match verify_chain(&stamp.certificate, &between, options.roots, Purpose::TimeStamping, stamp.time, options.algorithms) {
        Ok(_) => {
            report.set(Kind::TimeStamp, Passed, format!("由“{}”签发", stamp.certificate.common_name()));
            Some(stamp.time)
        }
        Err(problem) => {
            report.set(Kind::TimeStamp, Failed, format!("时间戳证书不可信：{}", say(&problem)));
            None
        }
    }
}

fn periods(report: &mut Report, signature: &SealSignature, at: SystemTime, proven: bool) {
    let which = if proven { "时间戳证明的签章时间" } else { "签章人自述的签章时间" };
    let (from, until) = signature.certificate.validity();
    let right = (from..=until).contains(&at);
    report.set(Kind::SignerValidity, outcome(right), format!("{which}{}用章证书有效期内", if right { "在" } else { "不在" }));
    seal_period(report, &signature.seal, at, which);
}

fn seal_period(report: &mut Report, seal: &Seal, at: SystemTime, which: &str) {
    let right = (seal.valid_from..=seal.valid_until).contains(&at);
    report.set(Kind::SealPeriod, outcome(right), format!("{which}{}印章有效期内", if right { "在" } else { "不在" }));
}

fn chain(report: &mut Report, kind: Kind, certificate: &Certificate, at: SystemTime, options: &Options<'_>) -> Option<Vec<Certificate>> {
    if options.roots.is_empty() {
        report.set(kind, NotChecked, "没有可信的根证书");
        return None;
    }
    match verify_chain(certificate, options.intermediates, options.roots, Purpose::Signing, at, options.algorithms) {
        Ok(chain) => {
            let root = chain.last().map(Certificate::common_name).unwrap_or_default();
            report.set(kind, Passed, format!("由可信的根证书“{root}”证明"));
            Some(chain)
        }
        Err(problem) => {
            report.set(kind, Failed, say(&problem));
            None
        }
    }
}

fn revoked(report: &mut Report, chains: &[Option<Vec<Certificate>>], at: SystemTime, options: &Options<'_>) {
    let mut unknown = chains.iter().any(Option::is_none).then(|| "没有完整的信任链".to_owned());
    for chain in chains.iter().flatten() {
        match revocation(chain, options.lists, at, options.algorithms) {
            Revocation::Good => {}
            Revocation::Revoked { subject, .. } => return report.set(Kind::Revocation, Failed, format!("证书“{subject}”已被吊销")),
            Revocation::Unknown { subject } => unknown = Some(format!("没有证书“{subject}”颁发者的有效吊销列表")),
        }
    }
    match unknown {
        Some(reason) => report.set(Kind::Revocation, NotChecked, reason),
        None => report.set(Kind::Revocation, Passed, "证书均未被吊销"),
    }
}

/// A chain's problem in words for a lay person.
fn say(problem: &ChainProblem) -> String {
    match problem {
        ChainProblem::NoIssuer(subject) => format!("找不到可信的颁发者来证明“{subject}”"),
        ChainProblem::Signature(subject) => format!("“{subject}”不是由其所载颁发者签发"),
        ChainProblem::Algorithm { subject, algorithm } => format!("“{subject}”使用不支持的签名算法 {algorithm}"),
        ChainProblem::NotYetValid(subject) => format!("“{subject}”当时尚未生效"),
        ChainProblem::Expired(subject) => format!("“{subject}”当时已经过期"),
        ChainProblem::NotAnAuthority(subject) => format!("“{subject}”无权签发证书"),
        ChainProblem::PathLength(subject) => format!("“{subject}”不允许下级再签发证书"),
        ChainProblem::Purpose(subject) => format!("“{subject}”不能用于此用途"),
        ChainProblem::Extension { subject, extension } => format!("“{subject}”含有不能识别的关键扩展 {extension}"),
        ChainProblem::TooLong => "证书链过长".to_owned(),
    }
}
