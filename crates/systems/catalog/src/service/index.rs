//! Keeps the search index: a copy of the catalogue that can be rebuilt at any time.

use std::sync::mpsc::sync_channel;
use std::time::Duration;

use async_trait::async_trait;
use base::{Error, Result};
use chrono::{DateTime, Utc};
use jobs::{Handler, Job};
use platform::Platform;
use search::Document;
use uuid::Uuid;

use super::browse::{chain, facets};
use super::implementer::handling_code;
use crate::model::ItemStatus;
use crate::store::item::{self, ItemRow};
use crate::store::version::{self, VersionRow};

/// Published items, for the public.
pub(crate) const KIND: &str = "item";
/// All items, for the workbench.
pub(crate) const WORK_KIND: &str = "item-work";

const PAGE: usize = 500;
/// How often a copy looks for changes that another copy of the program made.
const EVERY: Duration = Duration::from_secs(20);

fn start_of_time() -> (DateTime<Utc>, Uuid) {
    (DateTime::UNIX_EPOCH, Uuid::nil())
}

/// Fills the index and keeps it: at once when it is empty, otherwise while the program already serves the old one.
///
/// Every copy of the program has its own index, so each follows the table of items by itself.
///
/// # Errors
/// When the database or the index fails.
pub async fn fill(platform: Platform) -> Result<()> {
    let started = platform.now();
    if platform.search.is_empty() {
        rebuild(&platform).await?;
    } else {
        let background = platform.clone();
        tokio::spawn(async move {
            if let Err(error) = rebuild(&background).await {
                tracing::error!(%error, "catalog: the search index was not rebuilt");
            }
        });
    }
    tokio::spawn(async move {
        let mut since = started;
        loop {
            tokio::time::sleep(EVERY).await;
            let now = platform.now();
            // Looks back a little further: a transaction may commit after a later one.
            match sync(&platform, since - chrono::Duration::minutes(2)).await {
                Ok(()) => since = now,
                Err(error) => tracing::warn!(%error, "catalog: the search index was not updated"),
            }
        }
    });
    Ok(())
}

/// Replaces the whole index from the database, page by page.
async fn rebuild(platform: &Platform) -> Result<()> {
    for kind in [KIND, WORK_KIND] {
        // The index writes in a thread of its own while pages are read here; a few pages wait between them.
        let (sender, receiver) = sync_channel::<Document>(PAGE * 2);
        let writer = platform.clone();
        let writing = tokio::task::spawn_blocking(move || writer.search.replace_all(kind, receiver.into_iter()));
        let mut after = start_of_time();
        loop {
            let items = item::changed_since(platform.db.read(), after, PAGE).await?;
            let Some(last) = items.last() else { break };
            after = (last.changed_at, last.id);
            let documents = documents(platform, &items).await?.into_iter().filter(|d| d.kind == kind).collect::<Vec<_>>();
            let sender = sender.clone();
            let sent = tokio::task::spawn_blocking(move || documents.into_iter().all(|document| sender.send(document).is_ok())).await?;
            if !sent {
                break; // the writer gave up; its error is returned below
            }
        }
        drop(sender);
        let count = writing.await??;
        tracing::info!(kind, count, "catalog: search index filled");
    }
    Ok(())
}

/// Brings the index up to what changed since a moment.
///
/// # Errors
/// When the database or the index fails.
pub async fn sync(platform: &Platform, since: DateTime<Utc>) -> Result<()> {
    let mut after = (since, Uuid::nil());
    loop {
        let items = item::changed_since(platform.db.read(), after, PAGE).await?;
        let Some(last) = items.last() else { return Ok(()) };
        after = (last.changed_at, last.id);
        put(platform, &items).await?;
    }
}

async fn put(platform: &Platform, items: &[ItemRow]) -> Result<()> {
    let gone: Vec<String> = items.iter().filter(|i| i.status() != ItemStatus::Published).map(|i| i.id.to_string()).collect();
    let documents = documents(platform, items).await?;
    let platform = platform.clone();
    tokio::task::spawn_blocking(move || {
        platform.search.put(&documents)?;
        if gone.is_empty() { Ok(()) } else { platform.search.remove(&gone) }
    })
    .await?
}

async fn documents(platform: &Platform, items: &[ItemRow]) -> Result<Vec<Document>> {
    let public: Vec<Uuid> = items.iter().filter(|i| i.status() == ItemStatus::Published).filter_map(|i| i.current_version_id).collect();
    let versions = version::of_ids(platform.db.read(), &public).await?;
    let mut documents = Vec::with_capacity(items.len() + versions.len());
    for item in items {
        documents.push(work_document(item));
        if let Some(version) = versions.iter().find(|v| Some(v.id) == item.current_version_id) {
            documents.push(document(item, version)?);
        }
    }
    Ok(documents)
}

fn work_document(item: &ItemRow) -> Document {
    Document {
        id: format!("work:{}", item.id),
        kind: WORK_KIND.into(),
        title: item.name.clone(),
        keywords: item.body_name.clone(),
        codes: vec![item.base_code.clone(), item.source_key.clone().and_then(|k| k.split_once('/').map(|(_, code)| code.to_owned())).unwrap_or_default()],
        payload: item.id.to_string(),
        ..Document::default()
    }
}

fn document(item: &ItemRow, version: &VersionRow) -> Result<Document> {
    let spec = version.spec()?;
    let mut codes = vec![item.base_code.clone(), version.implementation_code.clone()];
    codes.extend(handling_code(&version.implementation_code, &item.variant));
    let mut all = facets(&spec);
    all.extend(chain(&item.region).into_iter().map(|code| format!("region:{code}")));
    all.push(format!("at:{}", item.region));
    all.extend(item.body_id.map(|body| format!("body:{body}")));
    let materials: Vec<&str> = spec.materials.iter().map(|m| m.name.as_str()).collect();
    let results: Vec<&str> = spec.results.iter().map(|r| r.name.as_str()).collect();
    let questions: Vec<&str> = spec.faq.iter().map(|f| f.q.as_str()).collect();
    Ok(Document {
        id: item.id.to_string(),
        kind: KIND.into(),
        title: spec.name.clone(),
        keywords: spec.keywords.join(" "),
        text: [&spec.summary, &item.body_name, &materials.join(" "), &results.join(" "), &questions.join(" "), &spec.one_thing.join(" ")]
            .map(String::as_str)
            .join("\n"),
        codes,
        facets: all,
        payload: item.card.clone(),
    })
}

/// Hears of published and withdrawn items and updates the index at once.
pub struct Follower(pub Platform);

#[async_trait]
impl Handler for Follower {
    async fn run(&self, job: &Job) -> Result<()> {
        let id = job.payload.pointer("/event/item_id").and_then(|id| id.as_str()).and_then(|id| id.parse().ok());
        let id: Uuid = id.ok_or_else(|| Error::internal("an event without an item"))?;
        let row = item::get(self.0.db.read(), id).await?;
        put(&self.0, &[row]).await
    }
}
