use std::collections::{BTreeMap, HashMap, HashSet};

use access::Actor;
use base::{Error, Result, new_id};
use chrono::{DateTime, Utc};
use db::Tx;
use journal::Draft;
use serde_json::json;

use super::forms::{self, Data};
use super::implementer::{Implementer, implementation_code};
use super::review::refuse_problems;
use super::{card_of, facet_rows};
use crate::model::{ItemFile, ItemSpec, ItemStatus};
use crate::store::item::{self, ItemRow, identity};
use crate::store::version::{self, NewVersion};
use crate::store::{bulk, facet};

/// An item to publish without the steps of the workbench.
#[derive(Debug, Clone)]
pub struct Publication {
    /// The implementing body.
    pub body: Implementer,
    /// The implementation list.
    pub spec: ItemSpec,
    /// JSON of its form.
    pub form: String,
}

/// Publishes items in bulk, for demonstration data and migrations of a whole catalogue; returns how many were new.
/// Items that are here already stay as they are. Tell the search index afterwards: [`super::sync`].
///
/// # Errors
/// Refused when a list breaks a rule; nothing is written then.
pub async fn publish_bulk(tx: &Tx, source: &'static str, publications: &[Publication], now: DateTime<Utc>) -> Result<usize> {
    let actor = Actor::System(source);
    let mut known = HashSet::new();
    for chunk in publications.chunks(1000) {
        let keys: Vec<String> = chunk.iter().filter_map(|p| identity(&p.body.uscc, &p.spec.base_code, "")).collect();
        known.extend(item::known_keys(&**tx, &keys, &[]).await?);
    }
    let (mut items, mut versions, mut facets, mut schemas) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new());
    for publication in publications {
        let Publication { body, spec, form } = publication;
        refuse_problems(spec, "发布")?;
        let key = identity(&body.uscc, &spec.base_code, "");
        if !key.clone().is_some_and(|key| known.insert(key)) {
            continue;
        }
        let version = NewVersion {
            id: new_id(),
            item_id: new_id(),
            number: 1,
            state: ItemStatus::Published,
            spec: spec.clone(),
            form_hash: forms::hash(form),
            implementation_code: implementation_code(&body.uscc, spec.level, &spec.base_code)?.to_string(),
            editors: Vec::new(),
            editor_name: source.to_owned(),
            reviewer_name: source.to_owned(),
            now,
        };
        let mut row = ItemRow {
            id: version.item_id,
            identity: key,
            source_key: None,
            base_code: spec.base_code.clone(),
            variant: String::new(),
            body_id: Some(body.id),
            body_name: body.name.clone(),
            body_uscc: body.uscc.clone(),
            region: body.region.clone(),
            name: spec.name.clone(),
            state: ItemStatus::Published.code().into(),
            working_state: String::new(),
            current_version_id: Some(version.id),
            working_version_id: None,
            card: String::new(),
            version: 0,
            changed_at: now,
        };
        row.card = serde_json::to_string(&card_of(&row, spec))?;
        facets.extend(facet_rows(&row, spec));
        schemas.insert(version.form_hash.clone(), form.clone());
        items.push(row.values());
        versions.push(version);
    }
    let count = items.len();
    bulk::insert(&**tx, "item", &item::COLUMNS, items, false).await?;
    version::insert_forms(&**tx, schemas.into_iter().collect()).await?;
    version::insert(&**tx, &versions).await?;
    facet::insert(&**tx, &facets).await?;
    if count > 0 {
        journal::append(tx, new_id(), &actor, now, Draft::new("catalog.load", "批量发布事项", json!({ "count": count }))).await?;
    }
    Ok(count)
}

/// Publishes the demonstration items that come with the program, as 演示数据; returns how many were new.
///
/// # Errors
/// Refused, naming it, when a body of the demonstration is not registered.
pub async fn load_demo_items(tx: &Tx, bodies: &[Implementer], now: DateTime<Utc>) -> Result<usize> {
    let bodies: HashMap<&str, &Implementer> = bodies.iter().map(|body| (body.name.as_str(), body)).collect();
    let mut publications = Vec::new();
    for path in Data::iter().filter(|path| path.starts_with("items/")) {
        let Some(file) = Data::get(&path) else { continue };
        let list = ItemFile::parse(std::str::from_utf8(&file.data)?)?;
        let body = bodies.get(list.body.as_str()).copied().ok_or_else(|| {
            Error::refused("catalog.body_unknown", format!("演示事项的实施主体“{}”没有登记，请先装载演示机构。", list.body))
        })?;
        for spec in list.items {
            let form = forms::form_text(&spec.form)?;
            publications.push(Publication { body: body.clone(), spec, form });
        }
    }
    publish_bulk(tx, "演示数据", &publications, now).await
}
