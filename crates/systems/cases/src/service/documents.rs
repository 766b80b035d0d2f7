//! 文书: official documents of a case. What is printed is fixed, sealed, in the transaction of the act; the PDF is
//! typeset from it when somebody first wants it, and kept.

use std::sync::OnceLock;

use access::{Actor, Target};
use base::{Error, Result, local_date};
use bytes::Bytes;
use db::Tx;
use files::FileKind;
use platform::Platform;
use serde_json::{Value, json};
use typeset::{Template, Typesetter};
use uuid::Uuid;

use crate::permissions::VIEW;
use crate::service::loaded::{LoadedCase, no_such_case};
use crate::store::{self, DocumentRow};

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
    let mut data = common(platform, case, kind, &number);
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
        id: base::new_id(),
        case_id: case.row.id,
        kind: kind.as_str().into(),
        title: kind.title().into(),
        number,
        data: platform.vault.seal(DATA, &data.to_string())?,
        made_at: now,
        file_id: None,
    };
    store::insert_document(tx, &row).await
}

fn common(platform: &Platform, case: &LoadedCase, kind: DocumentKind, number: &str) -> Value {
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
        "qr": format!("{}/progress?number={}", platform.site.base_url, case.row.case_no),
        "receipt": (kind == DocumentKind::Receipt).then(|| json!({
            "received_at": base::local_time(case.row.submitted_at).format("%Y-%m-%dT%H:%M").to_string(),
            "window": spec.place, "receiver": "政务服务平台", "counts_as_acceptance": false })),
    })
}

/// The engine with its fonts, made once per program.
pub(super) fn typesetter(platform: &Platform) -> Result<&'static Typesetter> {
    static ENGINE: OnceLock<Typesetter> = OnceLock::new();
    match ENGINE.get() {
        Some(engine) => Ok(engine),
        None => {
            let engine = Typesetter::new(platform.fonts.clone())?;
            Ok(ENGINE.get_or_init(|| engine))
        }
    }
}

/// The PDF of a document, for whoever may see the case.
///
/// # Errors
/// [`base::Kind::NotFound`] for another's case.
pub async fn pdf(platform: &Platform, actor: &Actor, document_id: Uuid) -> Result<(String, Bytes)> {
    let row = store::document(platform.db.read(), document_id).await?.ok_or_else(no_such_case)?;
    let case = store::case(platform.db.read(), row.case_id).await?.ok_or_else(no_such_case)?;
    let allowed = match actor {
        Actor::Anonymous => return Err(Error::unauthenticated()),
        Actor::Party(party) => party.party == case.party_id,
        _ => actor.may(VIEW, &Target { region: &case.region, body: Some(case.body_id), item: Some(case.item_id) }),
    };
    if !allowed {
        return Err(no_such_case());
    }
    let name = format!("{}-{}.pdf", row.title, case.case_no);
    if let Some(file) = row.file_id
        && let Some(record) = files::record(platform.db.read(), file).await? {
            return Ok((name, platform.files.get(&record.digest).await?));
        }
    let kind = DocumentKind::of(&row.kind).ok_or_else(|| Error::internal(format!("document kind {}", row.kind)))?;
    let data: Value = serde_json::from_str(&platform.vault.open(DATA, &row.data)?)?;
    let engine = typesetter(platform)?;
    let made_at = row.made_at;
    let made = tokio::task::spawn_blocking(move || {
        let template = Template { main: kind.template(), files: &[("/notice.typ", include_str!("../../templates/notice.typ"))] };
        engine.pdf(&template, &data, made_at)
    })
    .await??;
    if !made.missing.is_empty() {
        tracing::warn!(document = %row.id, missing = ?made.missing, "cases: the font lacks characters of this document");
    }
    let bytes = Bytes::from(made.bytes);
    let digest = platform.files.put(bytes.clone()).await?;
    let tx = platform.db.begin().await?;
    let record = platform.files.save_stored(&tx, &name, FileKind::Pdf, digest, bytes.len(), platform.now()).await?;
    store::set_document_file(&tx, row.id, record.id).await?;
    tx.commit().await?;
    Ok((name, bytes))
}
