//! Items, as the hall shows them; asked of `catalog`.

use std::sync::Arc;

use base::Result;
use catalog::model::{OnlineDepth, TimeUnit};
use catalog::service::{ItemCard, ItemFilter, ItemVersion};
use codes::lists::Theme;
use db::{Cursor, Page};
use platform::Platform;
use serde::Serialize;
use uuid::Uuid;

/// How much of an item can be done online (网上可办理程度, M-PORT-01.29).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Online {
    /// 全程网办
    Whole,
    /// Applied for online, with a way to the window.
    Apply,
    /// Information only; handled at the window.
    Ask,
}

impl Online {
    /// What can be filtered by.
    pub const FILTERS: [Self; 1] = [Self::Whole];

    /// As it stands in an address.
    pub fn key(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Apply => "apply",
            Self::Ask => "ask",
        }
    }

    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "全程网办",
            Self::Apply => "网上可申请",
            Self::Ask => "窗口办理",
        }
    }

    /// Reads what stands in an address.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::FILTERS.into_iter().find(|o| o.key() == key)
    }
}

/// Whom an item is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// 自然人
    Person,
    /// 法人
    Firm,
}

impl Whom {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Person, Self::Firm];

    /// As it stands in an address.
    pub fn key(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Firm => "firm",
        }
    }

    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "个人",
            Self::Firm => "法人",
        }
    }

    /// Reads what stands in an address.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|w| w.key() == key)
    }
}

/// An item in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemLine {
    /// The item.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The body that handles it.
    pub body: String,
    /// One sentence.
    pub summary: String,
    /// How long it takes.
    pub limit: String,
    /// How often somebody has to come.
    pub visits: u8,
    /// How much of it can be done online.
    pub online: Online,
}

impl ItemLine {
    /// The body without the name of the city before it, where room is short.
    pub fn body_short(&self) -> &str {
        match self.body.split_once('市') {
            Some((city, rest)) if city.chars().count() == 2 && rest.chars().count() > 2 => rest,
            _ => &self.body,
        }
    }
}

impl From<ItemCard> for ItemLine {
    fn from(card: ItemCard) -> Self {
        Self {
            id: card.item_id,
            limit: if card.promised.unit == TimeUnit::Instant { card.promised.to_string() } else { format!("承诺{}", card.promised) },
            online: match card.online_depth {
                OnlineDepth::Full => Online::Whole,
                OnlineDepth::Accept | OnlineDepth::Receive => Online::Apply,
                OnlineDepth::Consult => Online::Ask,
            },
            name: card.name,
            body: card.body_name,
            summary: card.summary,
            visits: card.visits,
        }
    }
}

fn lines(cards: Vec<ItemCard>) -> Vec<ItemLine> {
    cards.into_iter().map(ItemLine::from).collect()
}

/// Which items a list shows. A place stands for itself and every wider one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter(ItemFilter);

impl Filter {
    /// Items of a theme.
    pub fn theme(place: &str, theme: &Theme) -> Self {
        Self(ItemFilter { theme: Some(theme.code.into()), ..ItemFilter::region(place) })
    }

    /// Items of a joint matter.
    pub fn one_thing(place: &str, one_thing: &Theme) -> Self {
        Self(ItemFilter { one_thing: Some(one_thing.name.into()), ..ItemFilter::region(place) })
    }

    /// Items of a department.
    pub fn body(body: Uuid) -> Self {
        Self(ItemFilter { body: Some(body), ..ItemFilter::default() })
    }

    /// The frequent items for somebody.
    fn popular_for(place: &str, whom: Whom) -> Self {
        let filter = ItemFilter { popular: true, ..ItemFilter::region(place) };
        Self(match whom {
            Whom::Person => ItemFilter { object: Some(PERSON.into()), ..filter },
            Whom::Firm => ItemFilter { firms: true, ..filter },
        })
    }
}

/// Code of natural persons among the service objects (GB/T 39046-2020 A.4).
const PERSON: &str = "1";

/// A page of a list.
///
/// # Errors
/// When the position is forged or the database fails.
pub async fn list(platform: &Platform, filter: &Filter, after: Option<Cursor>, size: usize) -> Result<Page<ItemLine>> {
    let page = catalog::service::list_published(platform.db.read(), &filter.0, after.as_ref(), size).await?;
    Ok(page.map(ItemLine::from))
}

/// 高频事项 of a place.
///
/// # Errors
/// When the database fails.
pub async fn popular(platform: &Platform, place: &str, most: usize) -> Result<Vec<ItemLine>> {
    Ok(lines(catalog::service::popular(platform.db.read(), place, most).await?))
}

/// 高频事项 of a place for persons or for firms.
///
/// # Errors
/// When the database fails.
pub async fn popular_for(platform: &Platform, place: &str, whom: Whom, most: usize) -> Result<Vec<ItemLine>> {
    Ok(list(platform, &Filter::popular_for(place, whom), None, most).await?.items)
}

/// What somebody searches for.
#[derive(Debug, Clone)]
pub struct Search<'a> {
    /// Words; none finds everything.
    pub text: String,
    /// The place.
    pub place: &'a str,
    /// For whom.
    pub whom: Option<Whom>,
    /// Of which department.
    pub body: Option<Uuid>,
    /// How far online.
    pub online: Option<Online>,
    /// Results before this page.
    pub from: usize,
    /// Results per page.
    pub size: usize,
}

/// Results of a search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// This page.
    pub items: Vec<ItemLine>,
    /// Whether there are more.
    pub more: bool,
}

/// Searches the index.
///
/// # Errors
/// When the index cannot be read.
pub async fn search(platform: &Platform, wanted: &Search<'_>) -> Result<Found> {
    let mut facets: Vec<String> = Vec::new();
    facets.extend(wanted.whom.map(|whom| match whom {
        Whom::Person => format!("object:{PERSON}"),
        Whom::Firm => "firms".into(),
    }));
    facets.extend(wanted.body.map(|body| format!("body:{body}")));
    facets.extend((wanted.online == Some(Online::Whole)).then(|| "online".to_owned()));
    let mut items = lines(catalog::service::search(platform, &wanted.text, wanted.place, &facets, wanted.from, wanted.size + 1)?);
    let more = items.len() > wanted.size;
    items.truncate(wanted.size);
    Ok(Found { items, more })
}

/// One suggestion below the search box.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Suggestion {
    /// What it is.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// Something small beside it: the department.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hint: String,
}

/// Suggestions for what was typed so far, most fitting first.
///
/// # Errors
/// When the index cannot be read.
pub async fn suggest(platform: &Platform, place: &str, text: &str) -> Result<Vec<Suggestion>> {
    let cards = catalog::service::search(platform, text, place, &[], 0, 8)?;
    Ok(cards.into_iter().map(|c| Suggestion { href: format!("/items/{}", c.item_id), label: c.name, hint: c.body_name }).collect())
}

/// The published version of an item.
///
/// # Errors
/// [`base::Kind::NotFound`] when there is none for the public; [`base::Kind::Refused`] with a sentence when it is
/// suspended or cancelled.
pub async fn published(platform: &Platform, item: Uuid) -> Result<Arc<ItemVersion>> {
    catalog::service::published(platform, item).await
}
