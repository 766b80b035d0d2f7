//! Stock (存量证照): a body uploads a list, every row is checked, bad rows are kept aside with their reasons, a second person
//! approves, and only then do licences come of it (M-DATA-08.10). Checking and issuing are jobs in steps, each step one
//! transaction that moves the list on: whatever breaks off goes on where it stood.

use std::collections::HashSet;

use access::{Actor, PartyKind};
use async_trait::async_trait;
use base::{Error, Result, local_date, new_id};
use chrono::{DateTime, Datelike, Utc};
use codes::{LicenceId, Uscc};
use db::{Cursor, Page, Tx};
use identity::NewParty;
use jobs::{Handler, Job, NewJob};
use journal::Draft;
use platform::Platform;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::events::StockEvent;
use crate::model::stock::{self, RawRow, StockRow};
use crate::model::TypeSpec;
use crate::permissions::{APPROVE, MANAGE};
use crate::service::issue::{HolderOf, blank, normal};
use crate::store::{self, Import, ImportRow, Licence, Progress, Which};

/// Kind of the job that takes a list one step on.
pub const STOCK_JOB: &str = "licences.stock";
/// Rows per transaction.
const STEP: usize = 500;
/// Rows per statement when a list is stored.
const STORED: usize = 2_000;
/// Column by which sealed rows are bound.
const RAW: &str = "licence_import_row.raw";
/// Rows kept aside in one download.
const DOWNLOAD: usize = stock::MOST_ROWS;

/// Handler of [`STOCK_JOB`].
pub struct StockJob(pub Platform);

#[derive(Serialize, Deserialize)]
struct Payload {
    import: Uuid,
}

#[async_trait]
impl Handler for StockJob {
    async fn run(&self, job: &Job) -> Result<()> {
        let payload: Payload = serde_json::from_value(job.payload.clone())?;
        step(&self.0, payload.import).await
    }
}

/// Puts the next step into the queue. The key names where it begins, so that a step is waiting once.
async fn next(tx: &Tx, import: Uuid, phase: &str, at: i32, now: DateTime<Utc>) -> Result<()> {
    jobs::enqueue(tx, NewJob::now(STOCK_JOB, serde_json::to_value(Payload { import })?, now).keyed(format!("{import}/{phase}/{at}")), now).await
}

/// Takes a list in. The same content again is the list that is there.
///
/// # Errors
/// [`base::Kind::Invalid`] when it is no list, [`base::Kind::Forbidden`] out of scope, [`base::Kind::Refused`] when nobody
/// described the type yet.
pub async fn upload(platform: &Platform, actor: &Actor, type_code: &str, file_name: &str, bytes: &[u8]) -> Result<Uuid> {
    let view = super::types::type_view(platform, actor, type_code).await?;
    let staff = actor.staff()?;
    let version = view.in_force().ok_or_else(|| Error::refused("licences.type_not_described", "这种证照类型还没有现行版本。请先编制类型并通过审核，再导入存量证照。"))?;
    files::check_name("file", file_name)?;
    let list = stock::read(bytes).map_err(|reason| Error::field("file", reason))?;
    let digest = gm::sm3_hex(&[type_code.as_bytes(), b"\n", bytes].concat());
    if let Some(known) = store::import_of(platform.db.read(), &digest).await? {
        return Ok(known.id);
    }
    let body = organization::body(platform.db.read(), view.row.body_id).await?.ok_or_else(|| Error::internal("a body is gone"))?;
    let now = platform.now();
    let import = Import {
        id: new_id(),
        type_code: type_code.to_owned(),
        type_name: view.row.name.clone(),
        type_version: version.number,
        body_id: body.id,
        body_name: body.name,
        body_uscc: body.uscc,
        region: body.region,
        file_name: file_name.to_owned(),
        digest,
        columns: serde_json::to_string(&list.columns)?,
        state: "checking".to_owned(),
        rows_total: i32::try_from(list.rows.len()).unwrap_or(i32::MAX),
        rows_checked: 0,
        rows_bad: 0,
        rows_done: 0,
        rows_issued: 0,
        uploader_id: staff.staff,
        uploader_name: staff.name.clone(),
        decider_name: String::new(),
        note: String::new(),
        created_at: now,
        decided_at: None,
    };
    let number_at = list.columns.iter().position(|column| column == "证照编号");
    let tx = platform.db.begin_alone().await?;
    store::insert_import(&tx, &import).await?;
    for (chunk, rows) in list.rows.chunks(STORED).enumerate() {
        let sealed = rows.iter().enumerate().map(|(n, row)| {
            let key = number_at.and_then(|at| row.0.get(at)).map(|number| normal(number)).unwrap_or_default();
            Ok(ImportRow {
                number: i32::try_from(chunk * STORED + n + 1).unwrap_or(i32::MAX),
                raw: platform.vault.seal(RAW, &serde_json::to_string(row)?)?,
                key,
                reasons: None,
            })
        });
        store::insert_rows(&tx, import.id, sealed.collect::<Result<_>>()?).await?;
    }
    let data = json!({ "type": type_code, "file": file_name, "digest": import.digest, "rows": import.rows_total });
    journal::append(&tx, import.id, actor, now, Draft::new("licences.stock", "上传存量证照清单", data)).await?;
    next(&tx, import.id, "check", 0, now).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(import.id)
}

/// Takes a list one step on, if it has one to take.
async fn step(platform: &Platform, id: Uuid) -> Result<()> {
    let Some(import) = store::import(platform.db.read(), id).await? else { return Ok(()) };
    match import.state.as_str() {
        "checking" => check(platform, &import).await,
        "issuing" => issue(platform, &import).await,
        _ => Ok(()),
    }
}

async fn spec(platform: &Platform, import: &Import) -> Result<TypeSpec> {
    let version = store::type_version(platform.db.read(), &import.type_code, import.type_version).await?;
    version.ok_or_else(|| Error::internal(format!("type {} lost version {}", import.type_code, import.type_version)))?.spec()
}

fn read_row(platform: &Platform, import: &Import, spec: &TypeSpec, row: &ImportRow) -> Result<Result<StockRow, Vec<String>>> {
    let raw: RawRow = serde_json::from_str(&platform.vault.open(RAW, &row.raw)?)?;
    let columns: Vec<String> = serde_json::from_str(&import.columns)?;
    Ok(stock::check(spec, &import.type_code, &columns, &raw, local_date(import.created_at)))
}

async fn check(platform: &Platform, import: &Import) -> Result<()> {
    let spec = spec(platform, import).await?;
    let now = platform.now();
    let tx = platform.db.begin_alone().await?;
    let rows = store::rows(&*tx, import.id, Which::All, import.rows_checked, STEP).await?;
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for row in &rows {
        match read_row(platform, import, &spec, row)? {
            Ok(read) => good.push((row.number, row.key.clone(), read)),
            Err(reasons) => bad.push((row.number, reasons)),
        }
    }
    let twice = duplicates(&tx, import, &good, rows.first().map_or(0, |row| row.number)).await?;
    bad.extend(twice);
    for (number, reasons) in &bad {
        store::keep_aside(&tx, import.id, *number, reasons).await?;
    }
    let checked = rows.last().map_or(import.rows_checked, |row| row.number);
    let more = checked < import.rows_total && !rows.is_empty();
    let progress = Progress {
        state: if more { "checking" } else { "checked" },
        from: (import.rows_checked, import.rows_done),
        to: (checked, 0),
        bad: i32::try_from(bad.len()).unwrap_or(i32::MAX),
        issued: 0,
    };
    store::move_on(&tx, import.id, progress).await?;
    if more {
        next(&tx, import.id, "check", checked, now).await?;
    }
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// Good rows whose number or identifier stands above in the list, or on a licence that is there already.
async fn duplicates(tx: &Tx, import: &Import, good: &[(i32, String, StockRow)], first: i32) -> Result<Vec<(i32, Vec<String>)>> {
    let keys: Vec<String> = good.iter().map(|(_, key, _)| key.clone()).collect();
    let numbers: Vec<String> = good.iter().map(|(_, _, row)| row.number.clone()).collect();
    let identifiers: Vec<String> = good.iter().filter_map(|(_, _, row)| row.identifier.as_ref().map(LicenceId::to_string)).collect();
    let mut above: HashSet<String> = store::above(&**tx, import.id, first, &keys).await?.into_iter().collect();
    let taken = store::taken(&**tx, &import.type_code, &numbers, &identifiers).await?;
    let taken: HashSet<String> = taken.into_iter().flat_map(|(number, identifier)| [normal(&number), identifier]).collect();
    let mut found = Vec::new();
    for (number, key, row) in good {
        let mut reasons = Vec::new();
        let identifier = row.identifier.as_ref().map(LicenceId::to_string);
        if !above.insert(key.clone()) {
            reasons.push(format!("证照编号“{}”在这份清单里写了两次。", row.number));
        }
        if identifier.as_ref().is_some_and(|id| !above.insert(id.clone())) {
            reasons.push("证照标识在这份清单里写了两次。".to_owned());
        }
        if taken.contains(key) || identifier.as_ref().is_some_and(|id| taken.contains(id)) {
            reasons.push(format!("编号为“{}”的证照已经在库里。", row.number));
        }
        if !reasons.is_empty() {
            found.push((*number, reasons));
        }
    }
    Ok(found)
}

/// Approves a checked list, or rejects it. Licences come of an approved one only.
///
/// # Errors
/// [`base::Kind::Forbidden`] to whoever uploaded it, [`base::Kind::Conflict`] when it is not checked or decided already.
pub async fn decide_stock(platform: &Platform, actor: &Actor, id: Uuid, approve: bool, note: &str) -> Result<()> {
    let import = stock_list(platform, actor, id).await?;
    actor.require(APPROVE, &import.target())?;
    let staff = actor.staff()?;
    if staff.staff == import.uploader_id {
        return Err(Error::forbidden("这份清单由您上传，不能由您自己审核，请交给另一位审核人员。"));
    }
    let note = note.trim();
    if !approve && note.is_empty() {
        return Err(Error::field("note", "请写明不同意的理由。"));
    }
    if import.state != "checked" {
        return Err(Error::conflict("licences.stock_not_checked", "这份清单还没有检查完，或者已经审核过，请刷新页面查看。"));
    }
    if approve && import.rows_bad >= import.rows_total {
        return Err(Error::refused("licences.stock_empty", "这份清单没有一行可以导入，请退回。"));
    }
    let now = platform.now();
    let tx = platform.db.begin().await?;
    store::decide_import(&tx, id, if approve { "issuing" } else { "rejected" }, &staff.name, note, now).await?;
    let words = if approve { "审核通过存量证照清单" } else { "退回存量证照清单" };
    let data = json!({ "rows": import.rows_total, "kept_aside": import.rows_bad, "reason": note });
    journal::append(&tx, id, actor, now, Draft::new("licences.stock_decided", words, data)).await?;
    if approve {
        next(&tx, id, "issue", 0, now).await?;
    }
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

async fn issue(platform: &Platform, import: &Import) -> Result<()> {
    let spec = spec(platform, import).await?;
    let now = platform.now();
    let actor = Actor::System("存量证照导入");
    let tx = platform.db.begin_alone().await?;
    let rows = store::rows(&*tx, import.id, Which::Good, import.rows_done, STEP).await?;
    let mut good = Vec::with_capacity(rows.len());
    let mut bad: Vec<(i32, Vec<String>)> = Vec::new();
    for row in &rows {
        match read_row(platform, import, &spec, row)? {
            Ok(read) => good.push((row.number, row.key.clone(), read)),
            Err(reasons) => bad.push((row.number, reasons)),
        }
    }
    // Between check and approval the library went on.
    bad.extend(duplicates(&tx, import, &good, 0).await?);
    good.retain(|(number, _, _)| !bad.iter().any(|(kept, _)| kept == number));
    let parties: Vec<NewParty> = good.iter().map(|(_, _, row)| party_of(row)).collect();
    let parties = identity::find_or_create_parties(platform, &tx, &parties).await?;
    let mut serials = Serials::take(&tx, import, good.iter().filter(|(_, _, row)| row.identifier.is_none()).count(), now).await?;
    let mut licences = Vec::with_capacity(good.len());
    for ((number, _, row), party) in good.iter().zip(parties) {
        match party {
            Ok(party) => licences.push(licence(platform, import, &spec, row, party, &mut serials, now)?),
            Err(error) if error.kind() == base::Kind::Invalid => bad.push((*number, error.fields().iter().map(|field| field.message.clone()).collect())),
            Err(error) => return Err(error),
        }
    }
    for (number, reasons) in &bad {
        store::keep_aside(&tx, import.id, *number, reasons).await?;
    }
    store::insert_all(&tx, &licences).await?;
    for licence in &licences {
        journal::begins(&tx, licence.id);
        let data = json!({ "identifier": licence.identifier, "number": licence.number, "import": import.id, "approved_by": import.decider_name });
        journal::append(&tx, licence.id, &actor, now, Draft::new("licences.issue", format!("导入存量证照《{}》", licence.type_name), data)).await?;
    }
    let done = rows.last().map_or(import.rows_total, |row| row.number);
    let more = rows.len() == STEP;
    let issued = i32::try_from(licences.len()).unwrap_or(i32::MAX);
    let progress = Progress {
        state: if more { "issuing" } else { "done" },
        from: (import.rows_checked, import.rows_done),
        to: (import.rows_checked, if more { done } else { import.rows_total }),
        bad: i32::try_from(bad.len()).unwrap_or(i32::MAX),
        issued,
    };
    store::move_on(&tx, import.id, progress).await?;
    if more {
        next(&tx, import.id, "issue", done, now).await?;
    } else {
        let event = StockEvent { import_id: import.id, type_code: import.type_code.clone(), body_id: import.body_id, licences: import.rows_issued + issued, at: now };
        jobs::emit(&tx, &event, now).await?;
        journal::append(&tx, import.id, &actor, now, Draft::new("licences.stock_done", "存量证照导入完成", json!({ "licences": event.licences }))).await?;
    }
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

fn party_of(row: &StockRow) -> NewParty {
    NewParty {
        kind: if row.id_type == "uscc" { PartyKind::Firm } else { PartyKind::Person },
        name: row.holder_name.clone(),
        id_type: row.id_type.to_owned(),
        id_number: row.id_number.clone(),
        phone: String::new(),
        address: String::new(),
    }
}

/// Serials for the licences of a step that have no identifier yet.
struct Serials {
    issuer: Uscc,
    day: String,
    next: i64,
}

impl Serials {
    async fn take(tx: &Tx, import: &Import, count: usize, now: DateTime<Utc>) -> Result<Self> {
        let issuer = Uscc::parse(&import.body_uscc).map_err(Error::internal)?;
        let today = local_date(now);
        let count = i64::try_from(count).map_err(Error::internal)?;
        let last = if count == 0 { 0 } else { store::next_serials(tx, &format!("{}-{}", import.type_code, today.year()), count).await? };
        Ok(Self { issuer, day: today.format("%Y%m%d").to_string(), next: last - count + 1 })
    }

    fn identifier(&mut self, import: &Import) -> Result<LicenceId> {
        let serial = format!("{}{:06}", self.day, self.next);
        self.next += 1;
        LicenceId::new(&import.type_code, &self.issuer, &serial, 1).map_err(Error::internal)
    }
}

fn licence(platform: &Platform, import: &Import, spec: &TypeSpec, row: &StockRow, party: Uuid, serials: &mut Serials, now: DateTime<Utc>) -> Result<Licence> {
    let identifier = match &row.identifier {
        Some(identifier) => identifier.clone(),
        None => serials.identifier(import)?,
    };
    let holder = HolderOf { party, name: &row.holder_name, id_type: row.id_type, id_number: &row.id_number };
    Ok(Licence {
        type_name: import.type_name.clone(),
        body_id: import.body_id,
        body_name: import.body_name.clone(),
        region: import.region.clone(),
        cause: "import".to_owned(),
        trust: spec.trust.code().to_owned(),
        type_version: import.type_version,
        import_id: Some(import.id),
        ..blank(platform, &identifier, row.number.clone(), &holder, &row.items, row.issued_on, row.validity, now)?
    })
}

/// A list for staff within their scope.
///
/// # Errors
/// [`base::Kind::NotFound`], or [`base::Kind::Forbidden`] out of scope.
pub async fn stock_list(platform: &Platform, actor: &Actor, id: Uuid) -> Result<Import> {
    let import = store::import(platform.db.read(), id).await?.ok_or_else(|| Error::not_found("没有找到这份清单。"))?;
    actor.require(MANAGE, &import.target())?;
    Ok(import)
}

/// Lists within the actor's scope, newest first.
///
/// # Errors
/// When the actor is not staff.
pub async fn stock_lists(platform: &Platform, actor: &Actor, after: Option<&Cursor>, size: usize) -> Result<Page<Import>> {
    actor.staff()?;
    store::imports(platform.db.read(), actor.filter(MANAGE, &store::import_scope()), after, size).await
}

/// A row kept aside, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAside {
    /// Its number in a spreadsheet: the head is row 1.
    pub number: i32,
    /// Its cells.
    pub cells: Vec<String>,
    /// Why.
    pub reasons: Vec<String>,
}

/// The first rows of a list that were kept aside.
///
/// # Errors
/// See [`stock_list`].
pub async fn kept_aside(platform: &Platform, actor: &Actor, id: Uuid, after: i32, size: usize) -> Result<Vec<KeptAside>> {
    stock_list(platform, actor, id).await?;
    let rows = store::rows(platform.db.read(), id, Which::Bad, after, size).await?;
    let open = |row: ImportRow| {
        let RawRow(cells) = serde_json::from_str(&platform.vault.open(RAW, &row.raw)?)?;
        let reasons = row.reasons.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
        Ok(KeptAside { number: row.number + 1, cells, reasons })
    };
    rows.into_iter().map(open).collect()
}

/// All rows kept aside as a CSV file with their reasons, to be mended and uploaded again. The opening is journalled.
///
/// # Errors
/// See [`stock_list`].
pub async fn kept_aside_csv(platform: &Platform, actor: &Actor, id: Uuid) -> Result<String> {
    let import = stock_list(platform, actor, id).await?;
    let rows = kept_aside(platform, actor, id, 0, DOWNLOAD).await?;
    let mut columns: Vec<String> = serde_json::from_str(&import.columns)?;
    let width = columns.len();
    columns.push("没有导入的原因".into());
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&columns).map_err(Error::internal)?;
    for row in rows {
        let mut cells: Vec<String> = row.cells.iter().take(width).map(|cell| harmless(cell)).collect();
        cells.resize(width, String::new());
        cells.push(row.reasons.join(""));
        out.write_record(&cells).map_err(Error::internal)?;
    }
    let bytes = out.into_inner().map_err(Error::internal)?;
    let now = platform.now();
    let tx = platform.db.begin().await?;
    journal::append(&tx, id, actor, now, Draft::new("licences.stock_read", "下载没有导入的行", json!({ "rows": import.rows_bad }))).await?;
    tx.commit().await?;
    Ok(format!("\u{FEFF}{}", String::from_utf8_lossy(&bytes)))
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t']) { format!("'{cell}") } else { cell.to_owned() }
}
