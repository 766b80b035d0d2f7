use std::collections::{HashMap, HashSet};

use access::{Actor, Target};
use base::{Error, Result, new_id};
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use super::draft::first_version;
use super::forms;
use super::implementer::Implementer;
use crate::model::ItemStatus;
use crate::model::import::{self, ItemDraft, Outcome, Row};
use crate::permissions::EDIT;
use crate::store::bulk;
use crate::store::import as batches;
use crate::store::item::{self, ItemRow, identity};
use crate::store::version::{self, NewVersion};

/// Rows per transaction.
const CHUNK: usize = 500;

/// What became of a list. `created + known + quarantined == total`: no row is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// The batch; the same file again is the same batch.
    pub batch: Uuid,
    /// Rows of data.
    pub total: usize,
    /// Rows that became new drafts.
    pub created: usize,
    /// Rows whose item is here already; nothing was changed.
    pub known: usize,
    /// Rows kept aside with their reasons.
    pub quarantined: usize,
}

/// Reads a published list and stores every usable row as a draft, every other row in quarantine.
///
/// `bodies` are the registered bodies, to bind drafts to theirs by credit code; rows of other bodies are stored unbound.
/// Rows outside the actor's scope go to quarantine too.
///
/// # Errors
/// Invalid, naming the field `file`, when the file is no item list.
pub async fn import_csv(platform: &Platform, actor: &Actor, bodies: &[Implementer], file_name: &str, bytes: &[u8]) -> Result<ImportReport> {
    if !actor.has(EDIT) {
        return Err(Error::forbidden("导入事项清单需要“编制事项”的岗位权限。"));
    }
    let list = import::read(bytes).map_err(|error| Error::field("file", error.to_string()))?;
    let bodies: HashMap<&str, &Implementer> = bodies.iter().map(|body| (body.uscc.as_str(), body)).collect();
    let mut report = ImportReport { batch: new_id(), total: list.rows.len(), created: 0, known: 0, quarantined: 0 };
    let digest = gm::sm3_hex(bytes);
    for chunk in list.rows.chunks(CHUNK) {
        let now = platform.now();
        let tx = platform.db.begin_alone().await?;
        report.batch = batches::open_batch(&tx, &digest, file_name, actor.name(), i32::try_from(report.total).unwrap_or(i32::MAX), now).await?;
        let mut prepared = Prepared::default();
        for row in chunk {
            prepared.take(row, actor, &bodies, now)?;
        }
        let identities: Vec<String> = prepared.items.iter().filter_map(|i| i.identity.clone()).collect();
        let sources: Vec<String> = prepared.items.iter().filter_map(|i| i.source_key.clone()).collect();
        let known: HashSet<String> = item::known_keys(&*tx, &identities, &sources).await?.into_iter().collect();
        let written = prepared.write(&tx, report.batch, known).await?;
        report.created += written;
        report.known += prepared.items.len() - written;
        report.quarantined += prepared.quarantine.len();
        tx.commit().await?;
    }
    let now = platform.now();
    let tx = platform.db.begin().await?;
    if report.total == 0 {
        report.batch = batches::open_batch(&tx, &digest, file_name, actor.name(), 0, now).await?;
    }
    let data = json!({ "file": file_name, "digest": digest, "total": report.total, "created": report.created, "quarantined": report.quarantined });
    journal::append(&tx, report.batch, actor, now, Draft::new("catalog.import", "导入事项清单", data)).await?;
    tx.commit().await?;
    Ok(report)
}

/// One chunk on its way into the tables.
#[derive(Default)]
struct Prepared {
    items: Vec<ItemRow>,
    versions: Vec<NewVersion>,
    forms: HashMap<String, String>,
    quarantine: Vec<(i32, Vec<String>, Vec<String>)>,
}

impl Prepared {
    fn take(&mut self, row: &Row, actor: &Actor, bodies: &HashMap<&str, &Implementer>, now: chrono::DateTime<chrono::Utc>) -> Result<()> {
        let number = i32::try_from(row.number).unwrap_or(i32::MAX);
        match &row.outcome {
            Outcome::Quarantined { raw, reasons } => {
                self.quarantine.push((number, raw.clone(), reasons.iter().map(ToString::to_string).collect()));
            }
            Outcome::Imported(draft) => {
                let body = bodies.get(draft.body_code.as_str()).copied();
                let region = body.map_or_else(|| format!("{}000000", draft.body_code.region6()), |body| body.region.clone());
                if actor.may(EDIT, &Target { region: &region, body: body.map(|b| b.id), item: None }) {
                    self.item(draft, body, region, actor, now)?;
                } else {
                    let raw = vec![draft.name.clone(), draft.body.clone(), draft.published_code.clone()];
                    let why = format!("“{}”不在您的编制范围内，请由该机构的编制人员导入。", draft.body);
                    self.quarantine.push((number, raw, vec![why]));
                }
            }
        }
        Ok(())
    }

    fn item(&mut self, draft: &ItemDraft, body: Option<&Implementer>, region: String, actor: &Actor, now: chrono::DateTime<chrono::Utc>) -> Result<()> {
        let variant = draft.handling_code.as_ref().map(|code| format!("{:02}", code.serial())).unwrap_or_default();
        let spec = draft.clone().into_spec();
        let form = forms::form_text(&spec.form)?;
        let version = first_version(new_id(), spec, &form, actor, now);
        self.forms.insert(version.form_hash.clone(), form);
        self.items.push(ItemRow {
            id: version.item_id,
            identity: identity(draft.body_code.as_str(), &version.spec.base_code, &variant),
            source_key: Some(format!("{}/{}", draft.body_code, draft.published_code)),
            base_code: version.spec.base_code.clone(),
            variant,
            body_id: body.map(|b| b.id),
            body_name: body.map_or_else(|| draft.body.clone(), |b| b.name.clone()),
            body_uscc: draft.body_code.to_string(),
            region,
            name: draft.name.clone(),
            state: ItemStatus::Draft.code().into(),
            working_state: ItemStatus::Draft.code().into(),
            current_version_id: None,
            working_version_id: Some(version.id),
            card: String::new(),
            version: 0,
            changed_at: now,
        });
        self.versions.push(version);
        Ok(())
    }

    /// Writes what is not known yet and returns how many items that were.
    async fn write(&self, tx: &db::Tx, batch: Uuid, mut known: HashSet<String>) -> Result<usize> {
        let mut fresh = HashSet::new();
        let mut rows = Vec::new();
        for item in &self.items {
            let mut keys = [&item.identity, &item.source_key].into_iter().flatten();
            if keys.any(|key| known.contains(key)) {
                continue;
            }
            known.extend([&item.identity, &item.source_key].into_iter().flatten().cloned());
            fresh.insert(item.id);
            rows.push(item.values());
        }
        let versions: Vec<NewVersion> = self.versions.iter().filter(|v| fresh.contains(&v.item_id)).cloned().collect();
        bulk::insert(&**tx, "item", &item::COLUMNS, rows, false).await?;
        version::insert_forms(&**tx, self.forms.clone().into_iter().collect()).await?;
        version::insert(&**tx, &versions).await?;
        batches::quarantine(&**tx, batch, &self.quarantine).await?;
        Ok(fresh.len())
    }
}
