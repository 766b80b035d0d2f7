//! 文书: official documents of a case. What is printed is fixed, encrypted, in the transaction of the act; a job then has the
//! body's seal put under it ([`seals::issue`]), and whoever wants the document earlier has it made at once.

use access::{Actor, Target};
use async_trait::async_trait;
use base::{Error, Result, local_date};
use bytes::Bytes;
use db::Tx;
use jobs::{Handler, Job, NewJob};
use platform::Platform;
use seals::{Format, Order, Purpose};
use serde::Deserialize;
use serde_json::{Value, json};
use typeset::Template;
use uuid::Uuid;

use crate::permissions::VIEW;
use crate::service::loaded::{LoadedCase, no_such_case};
use crate::store::{self, CaseRow, DocumentRow};

/// Kind of the job that has a document sealed.
pub(crate) const SEAL_JOB: &str = "cases.seal_document";
/// Name of the subscription that seals what waits for a body's seal.
pub(crate) const SEAL_WAITING: &str = "cases.seal_waiting";

/// Kinds of documents (standards C4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// 收件凭证
    Receipt,
    /// 受理通知书
    Acceptance,
    /// 补正材料一次性告知书
    Correction,
    /// 不予受理决定书
    NotAccepted,
    /// 即时告知书
    NotNeeded,
    /// 特别程序告知书
    SpecialProcedure,
    /// 特别程序期满告知书
    SpecialEnded,
    /// 延长办理期限告知书
    Extension,
    /// 准予决定书
    Grant,
    /// 不予决定书
    Refusal,
    /// 撤回申请确认书
    Withdrawal,
    /// 送达回证
    Delivery,
}

impl DocumentKind {
    const ALL: [Self; 12] = [
        Self::Receipt,
        Self::Acceptance,
        Self::Correction,
        Self::NotAccepted,
        Self::NotNeeded,
        Self::SpecialProcedure,
        Self::SpecialEnded,
        Self::Extension,
        Self::Grant,
        Self::Refusal,
        Self::Withdrawal,
        Self::Delivery,
    ];

    /// As stored; also the name of its template.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Acceptance => "acceptance",
            Self::Correction => "correction",
            Self::NotAccepted => "not_accepted",
            Self::NotNeeded => "not_needed",
            Self::SpecialProcedure => "special_procedure",
            Self::SpecialEnded => "special_ended",
            Self::Extension => "extension",
            Self::Grant => "grant",
            Self::Refusal => "refusal",
            Self::Withdrawal => "withdrawal",
            Self::Delivery => "delivery",
        }
    }

    /// As people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Receipt => "收件凭证",
            Self::Acceptance => "受理通知书",
            Self::Correction => "补正材料一次性告知书",
            Self::NotAccepted => "不予受理决定书",
            Self::NotNeeded => "不需要办理告知书",
            Self::SpecialProcedure => "特别程序告知书",
            Self::SpecialEnded => "特别程序期满告知书",
            Self::Extension => "延长办理期限告知书",
            Self::Grant => "准予决定书",
            Self::Refusal => "不予决定书",
            Self::Withdrawal => "撤回申请确认书",
            Self::Delivery => "送达回证",
        }
    }

    /// Which seal goes under it.
    pub fn purpose(self) -> Purpose {
        match self {
            Self::Receipt | Self::Delivery => Purpose::Receipt,
            Self::Grant | Self::Refusal | Self::NotAccepted => Purpose::Decision,
            _ => Purpose::Notice,
        }
    }

    /// Whether a job has it sealed at once. A receipt waits for somebody to want it: most applicants never do, and there are
    /// as many receipts as applications.
    fn at_once(self) -> bool {
        self != Self::Receipt
    }

    /// The character of the kind in a document number.
    fn mark(self) -> &'static str {
        match self {
            Self::Receipt => "收",
            Self::Acceptance => "受",
            Self::Correction => "补",
            Self::NotAccepted => "不受",
            Self::NotNeeded => "告",
            Self::SpecialProcedure => "特",
            Self::SpecialEnded => "续",
            Self::Extension => "延",
            Self::Grant => "准",
            Self::Refusal => "不准",
            Self::Withdrawal => "撤",
            Self::Delivery => "送",
        }
    }

    fn template(self) -> &'static str {
        match self {
            Self::Receipt => include_str!("../../templates/receipt.typ"),
            Self::Acceptance => include_str!("../../templates/acceptance.typ"),
            Self::Correction => include_str!("../../templates/correction.typ"),
            Self::NotAccepted => include_str!("../../templates/not_accepted.typ"),
            Self::NotNeeded => include_str!("../../templates/not_needed.typ"),
            Self::SpecialProcedure => include_str!("../../templates/special_procedure.typ"),
            Self::SpecialEnded => include_str!("../../templates/special_ended.typ"),
            Self::Extension => include_str!("../../templates/extension.typ"),
            Self::Grant => include_str!("../../templates/grant.typ"),
            Self::Refusal => include_str!("../../templates/refusal.typ"),
            Self::Withdrawal => include_str!("../../templates/withdrawal.typ"),
            Self::Delivery => include_str!("../../templates/delivery.typ"),
        }
    }

    fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }
}

const DATA: &str = "case_document.data";

/// Makes a document in the transaction of the act it records. `own` are the parts only this kind has.
pub(crate) async fn make(platform: &Platform, tx: &Tx, case: &LoadedCase, kind: DocumentKind, own: Value) -> Result<()> {
    let now = platform.now();
    let year = local_date(now).format("%Y");
    // The case number is unique, and a case gets at most a few documents of one kind, so the number is unique too.
    let serial = case.row.case_no.get(6..).unwrap_or(&case.row.case_no);
    let number = format!("桂政务{}〔{year}〕{serial}号", kind.mark());
    let id = base::new_id();
    let mut data = common(platform, case, kind, &number, id);
    if let (Some(all), Value::Object(own)) = (data.as_object_mut(), own) {
        for (key, value) in own {
            match (key.as_str(), all.get_mut("case")) {
                ("query_code", Some(part)) => part["query_code"] = value,
                _ => {
                    all.insert(key, value);
                }
            }
        }
    }
    let row = DocumentRow {
        id,
        case_id: case.row.id,
        kind: kind.as_str().into(),
        title: kind.title().into(),
        number,
        data: platform.vault.seal(DATA, &data.to_string())?,
        made_at: now,
    };
    store::insert_document(tx, &row).await?;
    if kind.at_once() {
        jobs::enqueue(tx, job(id, now), now).await?;
    }
    Ok(())
}

fn job(document: Uuid, now: chrono::DateTime<chrono::Utc>) -> NewJob {
    NewJob::now(SEAL_JOB, json!({ "document": document }), now).keyed(document.to_string())
}

fn common(platform: &Platform, case: &LoadedCase, kind: DocumentKind, number: &str, id: Uuid) -> Value {
    let spec = &case.item.spec;
    let organization = case.applicant.id_type == "uscc";
    let materials: Vec<Value> = spec
        .materials
        .iter()
        .zip(&case.materials)
        .filter(|(_, m)| m.received != crate::model::Received::Missing)
        .map(|(wanted, m)| {
            let form = match m.received {
                crate::model::Received::Paper => "纸质件",
                crate::model::Received::Exempt => "免于提交",
                crate::model::Received::Deferred => "容缺后补",
                _ => "电子件",
            };
            json!({ "name": m.name, "copies": wanted.copies.max(1), "form": form })
        })
        .collect();
    let basis = spec.basis.first().map(|b| format!("{}{}", b.law, b.article));
    json!({
        "demo": platform.site.demonstration,
        "number": number,
        "date": platform.today(),
        "body": { "name": case.row.body_name, "consult_phone": spec.phone, "complaint_phone": spec.complaint_phone, "address": spec.place },
        "case": { "number": case.row.case_no, "channel": if case.row.channel == "window" { "窗口" } else { "网上" }, "applied_on": local_date(case.row.submitted_at) },
        "item": { "name": case.row.item_name, "code": case.row.item_code, "kind": spec.kind.name(), "basis": basis, "fee": if spec.fees.is_empty() { "不收费" } else { "按公布标准收费" } },
        "applicant": {
            "name": case.applicant.name,
            "organization": organization,
            "id_type": if organization { "统一社会信用代码" } else { "公民身份号码" },
            "id_masked": if organization { case.applicant.id_number.clone() } else { codes::mask::citizen_id(&case.applicant.id_number) },
            "agent": case.applicant.agent,
        },
        "limit": { "statutory": spec.statutory.to_string(), "promised": spec.promised.to_string(), "due": case.row.promised_due.clone().unwrap_or_default() },
        "materials": materials,
        // A receipt leads to the progress of the case, everything else to what this very document says of itself.
        "qr": match kind {
            DocumentKind::Receipt => format!("{}/progress?number={}", platform.site.base_url, case.row.case_no),
            _ => format!("{}/verify/{id}", platform.site.base_url),
        },
        "receipt": (kind == DocumentKind::Receipt).then(|| json!({
            "received_at": base::local_time(case.row.submitted_at).format("%Y-%m-%dT%H:%M").to_string(),
            "window": spec.place, "receiver": "政务服务平台", "counts_as_acceptance": false })),
    })
}

/// The templates all documents share.
const SHARED: &[(&str, &str)] = &[("/notice.typ", include_str!("../../templates/notice.typ"))];

fn order(platform: &Platform, row: DocumentRow, case: &CaseRow) -> Result<Order> {
    let kind = DocumentKind::of(&row.kind).ok_or_else(|| Error::internal(format!("document kind {}", row.kind)))?;
    Ok(Order {
        id: row.id,
        purpose: kind.purpose(),
        body: case.body_id,
        body_name: case.body_name.clone(),
        region: case.region.clone(),
        case: Some(case.id),
        title: row.title,
        number: row.number,
        template: Template { main: kind.template(), files: SHARED },
        data: serde_json::from_str(&platform.vault.open(DATA, &row.data)?)?,
        at: row.made_at,
    })
}

/// A document, sealed, for whoever may see the case: its name and content.
///
/// # Errors
/// [`base::Kind::NotFound`] for another's case.
pub async fn document_file(platform: &Platform, actor: &Actor, document: Uuid, format: Format) -> Result<(String, Bytes)> {
    let row = store::document(platform.db.read(), document).await?.ok_or_else(no_such_case)?;
    let case = store::case(platform.db.read(), row.case_id).await?.ok_or_else(no_such_case)?;
    let allowed = match actor {
        Actor::Anonymous => return Err(Error::unauthenticated()),
        Actor::Party(party) => party.party == case.party_id,
        _ => actor.may(VIEW, &Target { region: &case.region, body: Some(case.body_id), item: Some(case.item_id) }),
    };
    if !allowed {
        return Err(no_such_case());
    }
    let name = format!("{}-{}.{}", row.title, case.case_no, format.ending());
    let paper = seals::issue(platform, order(platform, row, &case)?).await?;
    Ok((name, seals::content(platform, &paper, format).await?))
}

/// Handler of [`SEAL_JOB`].
pub(crate) struct SealDocument(pub Platform);

#[derive(Deserialize)]
struct Payload {
    document: Uuid,
}

#[async_trait]
impl Handler for SealDocument {
    async fn run(&self, job: &Job) -> Result<()> {
        let payload: Payload = serde_json::from_value(job.payload.clone())?;
        let conn = self.0.db.read();
        let Some(row) = store::document(conn, payload.document).await? else { return Ok(()) };
        let Some(case) = store::case(conn, row.case_id).await? else { return Ok(()) };
        seals::issue(&self.0, order(&self.0, row, &case)?).await.map(|_| ())
    }
}

/// A body has a seal (again): its documents that went out without one are sealed.
pub(crate) struct SealWaiting(pub Platform);

#[derive(Deserialize)]
struct Told {
    event: seals::events::SealEvent,
}

#[async_trait]
impl Handler for SealWaiting {
    async fn run(&self, job: &Job) -> Result<()> {
        let told: Told = serde_json::from_value(job.payload.clone())?;
        let now = self.0.now();
        let tx = self.0.db.begin().await?;
        for document in store::documents_among(&*tx, &seals::waiting(&*tx, told.event.body_id).await?).await? {
            jobs::enqueue(&tx, self::job(document, now), now).await?;
        }
        tx.commit().await?;
        self.0.wake.notify();
        Ok(())
    }
}
