//! 验章 for anybody: is this document genuine, who sealed it, when, and was it changed afterwards?

use std::cell::RefCell;
use std::time::SystemTime;

use base::{Error, Result};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use eseal::{Kind, Options, Outcome, Report};
use gm::x509::{self, Certificate, Revocation, verify_chain};
use ofd::sign::{SignatureVerifier, Signed, Subject};
use ofd::{Limits, sign};
use platform::Platform;
use tokio::sync::Semaphore;

use crate::model::Standing;
use crate::service::trust::{Anchors, anchors};
use crate::store::{self, Paper, Seal};

/// Largest file that is looked at.
const MOST_BYTES: usize = files::MAX_FILE_BYTES;
/// How many files are looked at at once; the others wait, so that verification for anybody leaves room for everybody.
static LOOKERS: Semaphore = Semaphore::const_new(4);
/// Most checks of parts that are told one by one.
const MOST_PARTS: usize = 20;

/// The answer in a word, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Sealed by a seal this platform made, and not a byte changed since.
    Genuine,
    /// Went out from this platform without a seal, and not a byte changed since.
    Issued,
    /// No seal on it, and not a document of this platform.
    Unsigned,
    /// Whoever sealed it is not known here.
    Unknown,
    /// The seal was not in force when it was used, or is none that may be used.
    NotInForce,
    /// Something was changed after sealing.
    Changed,
}

impl Verdict {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Genuine => "真实有效",
            Self::Issued => "本平台出具，未盖印章",
            Self::Unsigned => "没有电子印章",
            Self::Unknown => "盖章单位无法确认",
            Self::NotInForce => "印章无效",
            Self::Changed => "文件被改动过",
        }
    }

    /// For programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Genuine => "genuine",
            Self::Issued => "issued_unsealed",
            Self::Unsigned => "unsigned",
            Self::Unknown => "unknown_signer",
            Self::NotInForce => "seal_not_in_force",
            Self::Changed => "changed",
        }
    }
}

/// One check in words a lay person understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What was checked.
    pub label: String,
    /// How it ended; none when it could not be told.
    pub passed: Option<bool>,
    /// Why.
    pub reason: String,
}

/// What was found about one seal on the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// In a word.
    pub verdict: Verdict,
    /// The seal's name, as it says.
    pub seal: String,
    /// Its number.
    pub number: String,
    /// Who signed, by the certificate.
    pub signer: String,
    /// When.
    pub time: Option<DateTime<Utc>>,
    /// Whether a time stamp proves it.
    pub stamped: bool,
    /// What the seal is worth today, if it is one of ours.
    pub today: Option<Standing>,
    /// The checks.
    pub marks: Vec<Mark>,
}

/// Everything found about a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Verification {
    /// In a word.
    pub verdict: Verdict,
    /// `ofd`, `pdf` or `esl`.
    pub format: &'static str,
    /// SM3 digest of the file.
    pub digest: String,
    /// The record of it, if this platform issued exactly this file.
    pub paper: Option<Paper>,
    /// Seal by seal.
    pub findings: Vec<Finding>,
}

/// Verifies an OFD, a PDF or a seal file.
///
/// # Errors
/// [`base::Kind::Invalid`] when it is none of them or cannot be read.
pub async fn verify(platform: &Platform, bytes: Bytes) -> Result<Verification> {
    if bytes.is_empty() {
        return Err(Error::field("file", "请选择要核验的文件。"));
    }
    if bytes.len() > MOST_BYTES {
        return Err(Error::field("file", "文件超过 20 MB，不能在线核验。"));
    }
    let _turn = LOOKERS.acquire().await.map_err(|_| Error::internal("nobody closes the verifiers"))?;
    let anchors = anchors(platform).await?;
    let now = platform.now();
    let digest = gm::sm3_hex(&bytes);
    let (format, mut findings) = tokio::task::spawn_blocking(move || look(&bytes, &anchors, now.into())).await??;
    for finding in &mut findings {
        join(platform, finding, now).await?;
    }
    answer_for_each_other(&mut findings);
    let paper = store::paper_by_digest(platform.db.read(), &digest).await?;
    let verdict = match findings.iter().map(|finding| finding.finding.verdict).max() {
        Some(verdict) => verdict,
        None if paper.is_some() => Verdict::Issued,
        None => Verdict::Unsigned,
    };
    Ok(Verification { verdict, format, digest, paper, findings: findings.into_iter().map(|found| found.finding).collect() })
}

/// A finding and how the seal is looked up.
struct Found {
    finding: Finding,
    certificate: Option<Certificate>,
    /// A bare seal is judged by what it is worth now.
    bare: bool,
    /// Something was appended after it, rightly so only if a later seal answers for it.
    followed: bool,
}

fn look(bytes: &[u8], anchors: &Anchors, now: SystemTime) -> Result<(&'static str, Vec<Found>)> {
    let unreadable = |what: &str| Error::field("file", format!("这个 {what} 文件读不了，可能已经损坏。请使用原始文件核验，不要用截图、打印件或者另存的文件。"));
    if bytes.starts_with(b"PK") {
        return Ok(("ofd", in_ofd(bytes, anchors, now).map_err(|_| unreadable("OFD"))?));
    }
    if bytes.get(..1024.min(bytes.len())).is_some_and(|head| head.windows(5).any(|window| window == b"%PDF-")) {
        let found = pdfsign::verify(bytes, &pdfsign::International).map_err(|_| unreadable("PDF"))?;
        return Ok(("pdf", found.into_iter().map(|one| in_pdf(one, anchors, now)).collect()));
    }
    let report = eseal::verify_seal(bytes, &options(anchors, now));
    if report.outcome(Kind::Format) != Outcome::Passed {
        return Err(Error::field("file", "只能核验 OFD、PDF 文件和 .esl 电子印章文件。"));
    }
    let marks = report.checks.iter().map(mark).collect();
    Ok(("esl", vec![Found { finding: finding(&report, verdict_of(&report, true), marks), certificate: None, bare: true, followed: false }]))
}

fn options(anchors: &Anchors, now: SystemTime) -> Options<'_> {
    Options { roots: &anchors.roots, intermediates: &anchors.intermediates, lists: &anchors.lists, ..Options::new(now) }
}

fn finding(report: &Report, verdict: Verdict, marks: Vec<Mark>) -> Finding {
    let seal = report.seal.as_ref();
    Finding {
        verdict,
        seal: seal.map(|seal| seal.name.clone()).unwrap_or_default(),
        number: seal.map(|seal| seal.id.clone()).unwrap_or_default(),
        signer: report.signer.clone().unwrap_or_default(),
        time: report.time.map(DateTime::from),
        stamped: report.outcome(Kind::TimeStamp) == Outcome::Passed,
        today: None,
        marks,
    }
}

/// What the checks of a seal signature (or of a bare seal) come to.
fn verdict_of(report: &Report, bare: bool) -> Verdict {
    let failed = |kinds: &[Kind]| kinds.iter().any(|kind| report.outcome(*kind) == Outcome::Failed);
    let intact = if bare { report.outcome(Kind::SealSignature) == Outcome::Passed } else { report.is_intact() };
    if !intact || failed(&[Kind::DataHash, Kind::Signature, Kind::SealSignature, Kind::References]) {
        Verdict::Changed
    } else if failed(&[Kind::Revocation, Kind::SealPeriod, Kind::SignerValidity]) {
        Verdict::NotInForce
    } else if report.failed().next().is_some() || report.outcome(Kind::MakerChain) != Outcome::Passed || (!bare && report.outcome(Kind::SignerChain) != Outcome::Passed) {
        Verdict::Unknown
    } else {
        Verdict::Genuine
    }
}

fn mark(check: &eseal::Check) -> Mark {
    let passed = match check.outcome {
        Outcome::Passed => Some(true),
        Outcome::Failed => Some(false),
        Outcome::NotChecked => None,
    };
    Mark { label: check.kind.label().into(), passed, reason: check.reason.clone() }
}

/// Verifies seals with `eseal` and keeps what it said, by the path of Signature.xml.
struct Reports<'a> {
    options: Options<'a>,
    found: RefCell<Vec<(String, Report)>>,
}

impl SignatureVerifier for Reports<'_> {
    fn verify(&self, signed: &Signed<'_>) -> Vec<sign::Check> {
        let about = signed.signature;
        let mut report = eseal::verify(signed.value, signed.content, &Options { seal_file: signed.seal, ..self.options });
        // A seal says which Signature.xml it belongs to, so that it cannot be moved to another one.
        let moved = report.property.as_deref().is_some_and(|path| !path.trim_start_matches('/').eq_ignore_ascii_case(about.path.trim_start_matches('/')));
        if moved {
            report.set(Kind::DataHash, Outcome::Failed, "签章数据属于另一处签名");
        }
        self.found.borrow_mut().push((about.path.clone(), report));
        Vec::new()
    }
}

/// Whether an archive ends with its directory: what stands behind it is in no part and under no seal.
fn ends_with_directory(bytes: &[u8]) -> bool {
    let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06").and_then(|at| bytes.get(at..));
    end.and_then(|end| Some((end.len(), end.get(20..22)?))).is_some_and(|(length, comment)| length == 22 + usize::from(u16::from_le_bytes([comment[0], comment[1]])))
}

fn in_ofd(bytes: &[u8], anchors: &Anchors, now: SystemTime) -> ofd::Result<Vec<Found>> {
    let clean = ends_with_directory(bytes);
    let verifier = Reports { options: options(anchors, now), found: RefCell::default() };
    let all = sign::verify(bytes, Limits::default(), &verifier)?;
    let mut reports = verifier.found.into_inner();
    let found = all.signatures.into_iter().map(|signature| {
        let place = reports.iter().position(|(path, _)| *path == signature.path);
        let mut report = place.map(|place| reports.swap_remove(place).1);
        let mut marks: Vec<Mark> = Vec::new();
        let (mut wrong, mut parts) = (0_usize, 0_usize);
        for check in &signature.checks {
            let reason = match &check.outcome {
                sign::Outcome::Passed if check.subject == Subject::Part => {
                    parts += 1;
                    continue;
                }
                sign::Outcome::Passed => continue,
                sign::Outcome::Failed(why) | sign::Outcome::Unknown(why) => why,
            };
            wrong += 1;
            if wrong <= MOST_PARTS {
                marks.push(Mark { label: format!("{} {}", check.subject.label(), check.part.as_deref().unwrap_or_default()), passed: Some(false), reason: reason.clone() });
            }
        }
        if !clean {
            wrong += 1;
            marks.push(Mark { label: "文件结尾".into(), passed: Some(false), reason: "文件末尾有盖章之后加入的内容".into() });
        }
        let whole = wrong == 0 && parts > 0;
        let words = if whole { format!("文件的 {parts} 个组成部分都与盖章时相同") } else { format!("文件有 {wrong} 处与盖章时不同，或者是盖章之后加入的") };
        marks.insert(0, Mark { label: "文件内容".into(), passed: Some(whole), reason: words.clone() });
        if let Some(report) = &mut report {
            report.set(Kind::References, if whole { Outcome::Passed } else { Outcome::Failed }, words);
            marks.extend(report.checks.iter().filter(|check| check.kind != Kind::References).map(mark));
        }
        let finding = match &report {
            Some(report) => finding(report, verdict_of(report, false), marks),
            None => nothing(Verdict::Changed, marks),
        };
        Found { finding, certificate: None, bare: false, followed: false }
    });
    Ok(found.collect())
}

fn nothing(verdict: Verdict, marks: Vec<Mark>) -> Finding {
    Finding { verdict, seal: String::new(), number: String::new(), signer: String::new(), time: None, stamped: false, today: None, marks }
}

fn in_pdf(found: pdfsign::Found, anchors: &Anchors, now: SystemTime) -> Found {
    let mut marks = Vec::new();
    let mut add = |label: &str, passed: Option<bool>, reason: String| marks.push(Mark { label: label.into(), passed, reason });
    let certificate = match &found.signer {
        Ok(certificate) => certificate.clone(),
        Err(error) => {
            add("文件内容", Some(false), format!("内容与签章时不同，或者签章数据已损坏（{error}）"));
            return Found { finding: nothing(Verdict::Changed, marks), certificate: None, bare: false, followed: false };
        }
    };
    let whole = found.covers_whole_file;
    if whole {
        add("文件内容", Some(true), "签章覆盖整个文件，盖章后没有改动".into());
    }
    let intermediates: Vec<Certificate> = anchors.intermediates.iter().chain(&found.certificates).cloned().collect();
    let chain = |leaf: &Certificate, purpose, at| verify_chain(leaf, &intermediates, &anchors.roots, purpose, at, &gm::Gm);
    let proven = match &found.time_stamp {
        None => {
            add("时间戳", None, "没有时间戳，盖章时间只是文件自己的说法".into());
            None
        }
        Some(Err(error)) => {
            add("时间戳", Some(false), format!("时间戳与签章不符（{error}）"));
            None
        }
        Some(Ok((time, authority))) => match chain(authority, x509::Purpose::TimeStamping, *time) {
            Ok(_) => {
                add("时间戳", Some(true), format!("{} 证明了盖章时间", authority.common_name()));
                Some(*time)
            }
            Err(problem) => {
                add("时间戳", Some(false), format!("时间戳机构不可信：{problem}"));
                None
            }
        },
    };
    let at = proven.unwrap_or(now);
    let (mut trusted, mut revoked) = (false, false);
    match chain(&certificate, x509::Purpose::Signing, at) {
        Ok(path) => {
            trusted = true;
            add("用章证书信任链", Some(true), format!("由 {} 签发，可信", path.get(1).map(Certificate::common_name).unwrap_or_default()));
            match x509::revocation(&path, &anchors.lists, at, &gm::Gm) {
                Revocation::Good => add("吊销状态", Some(true), "盖章时证书没有被吊销".into()),
                Revocation::Unknown { subject } => add("吊销状态", None, format!("手边没有 {subject} 的当前吊销列表")),
                Revocation::Revoked { subject, entry } => {
                    revoked = true;
                    add("吊销状态", Some(false), format!("{subject} 已于 {} 吊销", base::local_time(DateTime::from(entry.since)).format("%Y年%m月%d日 %H:%M")));
                }
            }
        }
        Err(problem) => add("用章证书信任链", Some(false), format!("证书不是本平台印章体系签发的，或者盖章时不在有效期内：{problem}")),
    }
    let stamp_wrong = found.time_stamp.is_some() && proven.is_none();
    let verdict = if revoked {
        Verdict::NotInForce
    } else if !trusted || stamp_wrong {
        Verdict::Unknown
    } else {
        Verdict::Genuine
    };
    let finding = Finding {
        verdict,
        seal: certificate.common_name(),
        number: String::new(),
        signer: certificate.subject(),
        time: proven.map(DateTime::from),
        stamped: proven.is_some(),
        today: None,
        marks,
    };
    Found { finding, certificate: Some(certificate), bare: false, followed: !whole }
}

/// What came after a seal is right if the seal put on last covers the whole file and is genuine: then that one answers for it.
fn answer_for_each_other(all: &mut [Found]) {
    let covered = all.last().is_some_and(|last| !last.followed && last.finding.verdict == Verdict::Genuine);
    for found in all.iter_mut().filter(|found| found.followed) {
        let (passed, reason) = if covered { (None, "这个章以后又加盖了别的印章，加入的部分由后面的章负责") } else { (Some(false), "盖章之后又加入了内容，加入的部分不受任何印章保护") };
        found.finding.marks.insert(0, Mark { label: "文件内容".into(), passed, reason: reason.into() });
        if !covered {
            found.finding.verdict = Verdict::Changed;
        }
    }
}

/// Adds what our own records know of the seal.
async fn join(platform: &Platform, found: &mut Found, now: DateTime<Utc>) -> Result<()> {
    let conn = platform.db.read();
    let seal: Option<Seal> = match &found.certificate {
        Some(certificate) => store::by_certificate(conn, &hex::encode(certificate.fingerprint())).await?,
        None if found.finding.number.is_empty() => None,
        None => store::by_number(conn, &found.finding.number).await?,
    };
    let finding = &mut found.finding;
    let Some(seal) = seal else {
        if finding.verdict == Verdict::Genuine {
            finding.verdict = Verdict::Unknown;
        }
        if finding.verdict != Verdict::Changed {
            finding.marks.push(Mark { label: "印章登记".into(), passed: Some(false), reason: "本平台没有登记这枚印章".into() });
        }
        return Ok(());
    };
    let today = seal.standing(now)?;
    let on = base::local_time(seal.state_at).format("%Y年%m月%d日");
    let reason = match today {
        Standing::Usable => format!("{}的印章，使用中", seal.body_name),
        other => format!("{}的印章，现在{}（{on}）", seal.body_name, other.name()),
    };
    if found.bare && finding.verdict == Verdict::Genuine && today != Standing::Usable {
        finding.verdict = Verdict::NotInForce;
    }
    let passed = if found.bare { Some(today == Standing::Usable) } else { Some(true) };
    finding.marks.push(Mark { label: "印章登记".into(), passed, reason });
    finding.number = seal.number.clone().unwrap_or_default();
    finding.today = Some(today);
    Ok(())
}
