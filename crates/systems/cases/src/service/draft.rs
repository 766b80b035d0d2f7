//! Drafts: an application filled in page by page, saved at each, resumed on any device.

use std::sync::Arc;

use access::{Actor, PartyKind, Target};
use base::{Error, Result, new_id};
use catalog::ItemVersion;
use catalog::model::situation::{asked_for, field};
use catalog::model::{ItemSpec, Material, Situation};
use chrono::{DateTime, Utc};
use codes::lists::ServiceObject;
use db::Tx;
use files::check_upload;
use formpages::Posted;
use forms::{Answers, Context, TextKind, View};
use identity::NewParty;
use journal::Draft as Entry;
use platform::Platform;
use serde_json::Value;
use uuid::Uuid;
use web::UploadedFile;

use crate::model::{Applicant, HeldLicence, Received, SubmittedMaterial, Trust, blank_materials};
use crate::permissions::REGISTER;
use crate::service::loaded::note;
use crate::store::{self, DraftRow};

const ANSWERS: &str = "case_draft.answers";
const APPLICANT: &str = "case_draft.applicant";
const SITUATION: &str = "case_draft.situation";
/// The step at which forms are filled in; forms may hide parts at it.
const APPLY: &str = "apply";
/// Files per material.
const MAX_FILES_PER_MATERIAL: usize = 10;

/// A draft, opened.
#[derive(Debug, Clone)]
pub struct Draft {
    /// As stored.
    pub row: DraftRow,
    /// The published version it is for.
    pub item: Arc<ItemVersion>,
    /// Who applies.
    pub applicant: Applicant,
    /// The answers so far, as text exactly as it was typed.
    pub answers: Answers,
    /// Keys of the pages completed.
    pub pages_done: Vec<String>,
    /// The materials so far.
    pub materials: Vec<SubmittedMaterial>,
    /// The situation chosen, where the item asks for one.
    pub situation: Option<Situation>,
}

impl Draft {
    /// Whether a clerk fills it in at the window.
    pub fn at_window(&self) -> bool {
        self.row.staff_id.is_some()
    }

    /// Whether the item asks for a situation and none was chosen yet.
    pub fn lacks_situation(&self) -> bool {
        !self.item.spec.situation_key.is_empty() && self.situation.is_none()
    }

    /// Whether this material is asked for in the situation chosen.
    pub fn asks_for(&self, material: &Material) -> bool {
        asked_for(material, self.situation.as_ref())
    }

    /// The answers as typed values.
    pub fn data(&self) -> Answers {
        self.item.form.read(&self.answers, self.context().lists)
    }

    /// What the form shows now.
    pub fn view(&self) -> View<'_> {
        self.item.form.evaluate(&self.data(), &self.context())
    }

    /// What an application is filled in with.
    pub fn context(&self) -> Context<'static> {
        catalog::form_context().at(APPLY)
    }

    async fn open(platform: &Platform, row: DraftRow) -> Result<Self> {
        Ok(Self {
            item: catalog::version(platform, row.item_version_id).await?,
            applicant: serde_json::from_str(&platform.vault.open(APPLICANT, &row.applicant)?)?,
            answers: serde_json::from_str(&platform.vault.open(ANSWERS, &row.answers)?)?,
            pages_done: serde_json::from_str(&row.pages_done)?,
            materials: serde_json::from_str(&row.materials)?,
            situation: match &row.situation {
                Some(sealed) => Some(serde_json::from_str(&platform.vault.open(SITUATION, sealed)?)?),
                None => None,
            },
            row,
        })
    }

    /// Stores the changes in a transaction of its own.
    async fn save(mut self, platform: &Platform) -> Result<Self> {
        self.row.answers = platform.vault.seal(ANSWERS, &serde_json::to_string(&self.answers)?)?;
        self.row.pages_done = serde_json::to_string(&self.pages_done)?;
        self.row.materials = serde_json::to_string(&self.materials)?;
        self.row.situation = match &self.situation {
            Some(situation) => Some(platform.vault.seal(SITUATION, &serde_json::to_string(situation)?)?),
            None => None,
        };
        self.row.updated_at = platform.now();
        let tx = platform.db.begin().await?;
        store::save_draft(&tx, &mut self.row).await?;
        tx.commit().await?;
        Ok(self)
    }
}

/// Refuses who the item is not for.
fn check_object(item: &ItemSpec, kind: PartyKind) -> Result<()> {
    let persons = item.objects.contains(&ServiceObject::NaturalPerson);
    let firms = item.objects.iter().any(|o| *o != ServiceObject::NaturalPerson);
    match kind {
        PartyKind::Person if !persons => Err(Error::refused("cases.wrong_object", "这个事项面向企业和其他组织，请用法人账号登录后办理。")),
        PartyKind::Firm if !firms => Err(Error::refused("cases.wrong_object", "这个事项面向个人，请用个人账号登录后办理。")),
        _ => Ok(()),
    }
}

/// Begins an application online, or goes on with the one begun before.
///
/// # Errors
/// When nobody is signed in, the item is not for them, or it cannot be applied for (online).
pub async fn start(platform: &Platform, actor: &Actor, item_id: Uuid) -> Result<Draft> {
    let party = actor.party()?;
    let item = catalog::published(platform, item_id).await?;
    check_object(&item.spec, party.kind)?;
    if !item.spec.online() {
        return Err(Error::refused("cases.not_online", format!("“{}”目前只能到窗口办理：{}。", item.spec.name, item.spec.place)));
    }
    if let Some(row) = store::open_draft(platform.db.read(), party.party, item_id).await?
        && row.item_version_id == item.id {
            return Draft::open(platform, row).await;
        }
    let profile = identity::party(platform, party.party, "申请表预填").await?;
    let applicant = Applicant {
        name: profile.name,
        id_type: profile.id_type,
        id_number: profile.id_number,
        phone: profile.phone,
        address: profile.address,
        agent: party.acting.clone(),
    };
    create(platform, actor, &item, party.party, None, applicant).await
}

/// Begins a walk-in applicant's application at the window: no account, no appointment needed (R18).
///
/// # Errors
/// When the clerk's window may not take this item, or the applicant's data are wrong.
pub async fn start_at_window(platform: &Platform, actor: &Actor, item_id: Uuid, applicant: NewParty) -> Result<Draft> {
    let item = catalog::published(platform, item_id).await?;
    actor.require(REGISTER, &Target { region: &item.region, body: Some(item.body_id), item: Some(item.item_id) })?;
    let staff = actor.staff()?.staff;
    check_object(&item.spec, applicant.kind)?;
    let tx = platform.db.begin().await?;
    let party = identity::find_or_create_party(platform, &tx, &applicant).await?;
    tx.commit().await?;
    let applicant = Applicant {
        name: applicant.name,
        id_type: applicant.id_type,
        id_number: applicant.id_number,
        phone: applicant.phone,
        address: applicant.address,
        agent: None,
    };
    create(platform, actor, &item, party, Some(staff), applicant).await
}

async fn create(platform: &Platform, actor: &Actor, item: &Arc<ItemVersion>, party: Uuid, staff: Option<Uuid>, applicant: Applicant) -> Result<Draft> {
    let now = platform.now();
    let answers = prefilled(item, &applicant);
    let materials = blank_materials(&item.spec);
    let row = DraftRow {
        id: new_id(),
        item_id: item.item_id,
        item_version_id: item.id,
        item_name: item.spec.name.clone(),
        party_id: party,
        staff_id: staff,
        applicant: platform.vault.seal(APPLICANT, &serde_json::to_string(&applicant)?)?,
        answers: platform.vault.seal(ANSWERS, &serde_json::to_string(&answers)?)?,
        pages_done: "[]".into(),
        materials: serde_json::to_string(&materials)?,
        situation: None,
        created_at: now,
        updated_at: now,
        version: 0,
    };
    let tx = platform.db.begin().await?;
    store::insert_draft(&tx, &row).await?;
    journal::append(&tx, row.id, actor, now, Entry::new("cases.draft", "开始填写申请", note(&[("item", &item.spec.name)]))).await?;
    tx.commit().await?;
    Ok(Draft { row, item: item.clone(), applicant, answers, pages_done: Vec::new(), materials, situation: None })
}

/// What the platform knows already is filled in; the applicant checks it instead of typing it (R15).
fn prefilled(item: &ItemVersion, applicant: &Applicant) -> Answers {
    let mut answers = Answers::new();
    for field in item.form.fields() {
        let value = match field.prefill() {
            Some("party.name") => &applicant.name,
            Some("party.id") => &applicant.id_number,
            Some("party.phone") => &applicant.phone,
            Some("party.address") => &applicant.address,
            _ => continue,
        };
        // A person who applies in a firm's form types the firm's code: a number of another kind is no help.
        let fits = match field.validate.text_kind {
            Some(TextKind::CitizenId) => codes::CitizenId::parse(value).is_ok(),
            Some(TextKind::Uscc) => codes::Uscc::parse(value).is_ok(),
            _ => true,
        };
        if !value.is_empty() && fits {
            let given = forms::decode([(field.path(), value.clone())]).unwrap_or_default();
            let _ = forms::lay(&[field], &mut answers, given); // its own key is no strange one
        }
    }
    answers
}

/// A draft of one's own.
///
/// # Errors
/// [`base::Kind::NotFound`] when it is another's.
pub async fn draft(platform: &Platform, actor: &Actor, id: Uuid) -> Result<Draft> {
    let missing = || Error::not_found("没有找到这份草稿，它可能已经提交或者删除。请在“我的事务”中查看。");
    let row = store::draft(platform.db.read(), id).await?.ok_or_else(missing)?;
    let own = match (actor, row.staff_id) {
        (Actor::Party(party), None) => party.party == row.party_id,
        (Actor::Staff(staff), Some(clerk)) => staff.staff == clerk,
        (Actor::Anonymous, _) => return Err(Error::unauthenticated()),
        _ => false,
    };
    if !own {
        return Err(missing());
    }
    Draft::open(platform, row).await
}

/// One's own drafts, newest first.
///
/// # Errors
/// When nobody is signed in.
pub async fn drafts(platform: &Platform, actor: &Actor) -> Result<Vec<DraftRow>> {
    store::drafts_of(platform.db.read(), actor.party()?.party).await
}

/// Keeps the situation to which these answers lead; `given` tells the value sent under a name.
///
/// # Errors
/// Invalid, naming the open questions; refused when the item does not ask, or knows no such situation.
pub async fn choose_situation(platform: &Platform, actor: &Actor, id: Uuid, given: impl Fn(&str) -> String) -> Result<Draft> {
    let mut draft = draft(platform, actor, id).await?;
    let guide = catalog::guide(platform, &draft.item.spec).await?.ok_or_else(|| Error::not_found("这个事项不用选择情形。"))?;
    let values: Vec<String> = (0..guide.questions.len()).map(|at| given(&field(at))).collect();
    draft.situation = Some(guide.answer(|at, _| values.get(at).map_or("", String::as_str))?);
    draft.save(platform).await
}

/// Lays one page over the draft, without storing it.
fn laid(draft: &mut Draft, page: usize, posted: Answers) -> Result<()> {
    let form = &draft.item.form;
    let pages = form.pages();
    let page = pages.get(page).ok_or_else(|| Error::not_found("申请表没有这一页。"))?;
    let unknown = |key| Error::refused("cases.unknown_field", format!("表单里没有“{key}”这一项，请刷新页面后重新填写。"));
    page.lay(&mut draft.answers, posted).map(drop).map_err(unknown)
}

/// Saves one page of answers. Answers outside the page's schema are refused.
///
/// # Errors
/// [`base::Kind::Invalid`] naming the fields; nothing was saved then.
pub async fn save_page(platform: &Platform, actor: &Actor, id: Uuid, page: usize, posted: Answers) -> Result<Draft> {
    let mut draft = draft(platform, actor, id).await?;
    let known = draft.data(); // what is read-only is taken from what was stored
    laid(&mut draft, page, posted)?;
    let context = draft.context().on(platform.today()).knowing(&known).page(page);
    draft.item.form.validate(&Value::Object(draft.data()), &context).map_err(invalid)?;
    let page_key = draft.item.form.pages().get(page).map_or_else(String::new, |page| page.key.to_owned());
    if !draft.pages_done.contains(&page_key) {
        draft.pages_done.push(page_key);
    }
    draft.save(platform).await
}

/// Keeps what was typed on a page, finished or not, after the turn its button asked for (another row, one row less).
/// The page no longer counts as done.
///
/// # Errors
/// When the page does not belong to the form.
pub async fn keep_page(platform: &Platform, actor: &Actor, id: Uuid, page: usize, posted: Posted) -> Result<Draft> {
    let mut draft = draft(platform, actor, id).await?;
    laid(&mut draft, page, posted.answers.clone())?;
    let pages = draft.item.form.pages();
    let fields = pages.get(page).map(|page| page.fields()).unwrap_or_default();
    let page_key = pages.get(page).map_or_else(String::new, |page| page.key.to_owned());
    posted.turn(&fields, &mut draft.answers).map_err(|error| Error::refused("cases.rows", error.to_string()))?;
    draft.pages_done.retain(|key| *key != page_key);
    draft.save(platform).await
}

/// The draft as it would be with what is typed on a page; nothing is stored.
///
/// # Errors
/// When the page does not belong to the form.
pub async fn look_at_page(platform: &Platform, actor: &Actor, id: Uuid, page: usize, posted: Answers) -> Result<Draft> {
    let mut draft = draft(platform, actor, id).await?;
    laid(&mut draft, page, posted)?;
    Ok(draft)
}

/// Errors of a form as errors of the page.
pub(crate) fn invalid(errors: Vec<forms::FieldError>) -> Error {
    Error::invalid(errors.into_iter().map(|error| base::FieldError::new(error.path, error.message)).collect())
}

/// Adds uploaded files to a material. The type is found from the content.
///
/// # Errors
/// [`base::Kind::Invalid`] with a sentence per wrong file; [`base::Kind::Refused`] for a material the item does not list.
pub async fn add_file(platform: &Platform, actor: &Actor, id: Uuid, material: usize, uploads: &[UploadedFile]) -> Result<Draft> {
    let mut draft = draft(platform, actor, id).await?;
    let field = format!("material_{material}");
    let Some(slot) = draft.materials.get_mut(material) else {
        return Err(Error::refused("cases.not_listed", "公布的材料清单里没有这项材料，不需要提供。"));
    };
    if uploads.is_empty() {
        return Err(Error::field(field, format!("请选择“{}”的文件后再上传。", slot.name)));
    }
    if slot.files.len() + uploads.len() > MAX_FILES_PER_MATERIAL {
        return Err(Error::field(field, format!("“{}”最多上传 {MAX_FILES_PER_MATERIAL} 个文件，请合并后上传。", slot.name)));
    }
    let mut stored = Vec::with_capacity(uploads.len());
    for upload in uploads {
        let kind = check_upload(&field, &upload.name, &upload.bytes)?;
        // Content first, record second: a record never points to nothing.
        stored.push((upload.name.as_str(), kind, platform.files.put(upload.bytes.clone()).await?, upload.bytes.len()));
    }
    let tx = platform.db.begin().await?;
    for (name, kind, digest, size) in stored {
        let record = platform.files.save_stored(&tx, name, kind, digest, size, platform.now()).await?;
        slot.files.push(record.id);
    }
    slot.received = Received::Electronic;
    slot.trust = None; // a licence with something beside it is an upload
    draft.row.materials = serde_json::to_string(&draft.materials)?;
    draft.row.updated_at = platform.now();
    store::save_draft(&tx, &mut draft.row).await?;
    tx.commit().await?;
    Ok(draft)
}

/// Hands in a licence the applicant holds instead of a scan of it: its sealed file, with the trust of its source. The caller
/// has checked that it is the applicant's and in force, and writes the use down in the same transaction.
///
/// # Errors
/// When the draft is another's, or [`base::Kind::Refused`] for a material the item does not list.
pub async fn use_held(tx: &Tx, mut draft: Draft, material: usize, licence: HeldLicence, trust: Trust, file: Uuid, now: DateTime<Utc>) -> Result<Draft> {
    let slot = draft.materials.get_mut(material).ok_or_else(|| Error::refused("cases.not_listed", "公布的材料清单里没有这项材料，不需要提供。"))?;
    slot.files = vec![file];
    slot.received = Received::Electronic;
    slot.trust = Some(trust);
    slot.licence = Some(licence);
    draft.row.materials = serde_json::to_string(&draft.materials)?;
    draft.row.updated_at = now;
    store::save_draft(tx, &mut draft.row).await?;
    Ok(draft)
}

/// Takes a file off a material.
///
/// # Errors
/// When the draft is another's or the file is not there.
pub async fn remove_file(platform: &Platform, actor: &Actor, id: Uuid, material: usize, file: Uuid) -> Result<Draft> {
    let mut draft = draft(platform, actor, id).await?;
    let slot = draft.materials.get_mut(material).ok_or_else(|| Error::not_found("没有这项材料。"))?;
    slot.files.retain(|f| *f != file);
    if slot.files.is_empty() {
        (slot.trust, slot.licence) = (None, None);
    }
    if slot.files.is_empty() && slot.received == Received::Electronic {
        slot.received = Received::Missing;
    }
    draft.save(platform).await
}

/// Says how a material comes without a file: paper at the window (the clerk has it in hand), or promised for later
/// (容缺, where the item allows it).
///
/// # Errors
/// When that is not allowed for this material.
pub async fn set_received(platform: &Platform, actor: &Actor, id: Uuid, material: usize, received: Received) -> Result<Draft> {
    let mut draft = draft(platform, actor, id).await?;
    let wanted = draft.item.spec.materials.get(material).ok_or_else(|| Error::not_found("没有这项材料。"))?;
    let allowed = match received {
        Received::Paper => draft.row.staff_id.is_some(),
        Received::Deferred => draft.item.spec.tolerant && wanted.necessity == catalog::model::Necessity::Deferrable,
        Received::Missing => true,
        Received::Electronic | Received::Exempt => false,
    };
    if !allowed {
        return Err(Error::refused("cases.not_allowed", format!("“{}”不能这样提供，请上传电子件。", wanted.name)));
    }
    let slot = draft.materials.get_mut(material).ok_or_else(|| Error::not_found("没有这项材料。"))?;
    slot.received = if received == Received::Missing && !slot.files.is_empty() { Received::Electronic } else { received };
    draft.save(platform).await
}

/// Throws a draft away.
///
/// # Errors
/// When it is another's.
pub async fn discard(platform: &Platform, actor: &Actor, id: Uuid) -> Result<()> {
    let draft = draft(platform, actor, id).await?;
    let tx = platform.db.begin().await?;
    store::delete_draft(&tx, &draft.row).await?;
    journal::append(&tx, draft.row.id, actor, platform.now(), Entry::new("cases.discard", "删除草稿", Value::Null)).await?;
    tx.commit().await
}
