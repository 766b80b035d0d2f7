use base::Result;
use codes::lists::{Audience, themes_for};
use codes::{RegionCode, lists};
use db::{Cursor, Page};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::model::{CaseType, ItemSpec, OnlineDepth, TimeLimit};
use crate::store::facet::{self, FacetRow, Wanted};
use crate::store::item::ItemRow;

/// What a list shows of a published item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemCard {
    /// The item; its guide is at `/items/{item_id}`.
    pub item_id: Uuid,
    /// 事项名称.
    pub name: String,
    /// The implementing body.
    pub body_id: Option<Uuid>,
    /// Its name.
    pub body_name: String,
    /// 12-digit code of its region.
    pub region: String,
    /// One sentence a citizen understands.
    pub summary: String,
    /// 办件类型.
    pub case_type: CaseType,
    /// 承诺办结时限; `Display` gives `5个工作日`.
    pub promised: TimeLimit,
    /// 到办事现场次数.
    pub visits: u8,
    /// 网办深度.
    pub online_depth: OnlineDepth,
    /// Whether it is among the frequent items.
    pub popular: bool,
}

/// Which published items. Everything that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemFilter {
    /// 12-digit code of the visitor's region: its own items and those of the regions above it. Not used when `body` is set.
    pub region: String,
    /// Items of one body.
    pub body: Option<Uuid>,
    /// Key of a theme in [`codes::lists::themes`]: `P01`, `F12`.
    pub theme: Option<String>,
    /// Code of a service object (`1` natural persons).
    pub object: Option<String>,
    /// Items for any kind of organisation.
    pub firms: bool,
    /// Code of the item type.
    pub kind: Option<String>,
    /// Name of a joint matter (一件事).
    pub one_thing: Option<String>,
    /// Only frequent items.
    pub popular: bool,
    /// Only items that are handled online from beginning to end.
    pub online: bool,
}

impl ItemFilter {
    /// Everything a visitor of this region can use.
    pub fn region(code: impl Into<String>) -> Self {
        Self { region: code.into(), ..Self::default() }
    }

    /// The facets wanted, the most selective first.
    fn wanted(&self) -> Vec<Wanted> {
        let regional = |facet: String| Wanted { facet, regional: true };
        let mut wanted = Vec::new();
        wanted.extend(self.body.map(|body| Wanted { facet: format!("body:{body}"), regional: false }));
        wanted.extend(self.one_thing.as_ref().map(|name| regional(format!("one_thing:{name}"))));
        wanted.extend(self.theme.as_ref().map(|key| regional(format!("theme:{key}"))));
        wanted.extend(self.popular.then(|| regional("popular".into())));
        wanted.extend(self.kind.as_ref().map(|code| regional(format!("kind:{code}"))));
        wanted.extend(self.object.as_ref().map(|code| regional(format!("object:{code}"))));
        wanted.extend(self.firms.then(|| regional("firms".into())));
        wanted.extend(self.online.then(|| regional("online".into())));
        if wanted.is_empty() {
            wanted.push(regional("all".into()));
        }
        wanted
    }
}

/// A page of published items: frequent ones first, then by base code.
///
/// # Errors
/// When the cursor is not ours or the database fails.
pub async fn list_published(conn: &impl ConnectionTrait, filter: &ItemFilter, after: Option<&Cursor>, size: usize) -> Result<Page<ItemCard>> {
    let page = facet::list(conn, &filter.wanted(), &chain(&filter.region), after, size.clamp(1, 500)).await?;
    let items = page.items.iter().map(|card| Ok(serde_json::from_str(card)?)).collect::<Result<Vec<ItemCard>>>()?;
    Ok(Page { items, previous: page.previous, next: page.next })
}

/// The frequent items (高频事项) of a region.
///
/// # Errors
/// When the database fails.
pub async fn popular(conn: &impl ConnectionTrait, region: &str, limit: usize) -> Result<Vec<ItemCard>> {
    let filter = ItemFilter { popular: true, ..ItemFilter::region(region) };
    Ok(list_published(conn, &filter, None, limit).await?.items)
}

/// The region and those above it, nearest first.
pub(crate) fn chain(region: &str) -> Vec<String> {
    let first = RegionCode::parse(region).ok();
    std::iter::successors(first, RegionCode::parent).map(|code| code.to_string()).collect()
}

/// Theme keys of an item. The lists carry names; a name may stand in both the person and the firm list.
fn theme_keys(spec: &ItemSpec) -> impl Iterator<Item = &'static lists::Theme> {
    let of = |audience, names: &Vec<String>| {
        let names = names.clone();
        themes_for(audience).filter(move |theme| names.iter().any(|name| name == theme.name))
    };
    of(Audience::Person, &spec.person_themes).chain(of(Audience::Firm, &spec.firm_themes))
}

/// What an item is found under, without its region and body.
pub(crate) fn facets(spec: &ItemSpec) -> Vec<String> {
    let mut facets = vec!["all".to_owned(), format!("kind:{}", spec.kind.code())];
    facets.extend(theme_keys(spec).map(|theme| format!("theme:{}", theme.code)));
    facets.extend(spec.objects.iter().map(|object| format!("object:{}", object.code())));
    facets.extend(spec.one_thing.iter().map(|name| format!("one_thing:{name}")));
    if spec.for_firms() {
        facets.push("firms".into());
    }
    if spec.popular {
        facets.push("popular".into());
    }
    if spec.online_depth == OnlineDepth::Full {
        facets.push("online".into());
    }
    facets.sort();
    facets.dedup();
    facets
}

pub(crate) fn facet_rows(item: &ItemRow, spec: &ItemSpec) -> Vec<FacetRow> {
    let sort = format!("{}{}{}", if spec.popular { 0 } else { 1 }, item.base_code, item.variant);
    let row = |facet: String, region: &str| FacetRow { facet, region: region.to_owned(), sort: sort.clone(), item_id: item.id };
    let mut rows: Vec<FacetRow> = facets(spec).into_iter().map(|facet| row(facet, &item.region)).collect();
    rows.extend(item.body_id.map(|body| row(format!("body:{body}"), "")));
    let named = [
        (designs::Kind::Process, &spec.process_key),
        (designs::Kind::Decision, &spec.decision_key),
        (designs::Kind::Decision, &spec.situation_key),
        (designs::Kind::Form, &spec.form),
    ];
    let mut designs: Vec<String> = named.iter().filter(|(_, key)| !key.is_empty()).map(|(kind, key)| super::build::design_facet(*kind, key)).collect();
    designs.dedup();
    rows.extend(designs.into_iter().map(|facet| row(facet, "")));
    rows
}

pub(crate) fn card_of(item: &ItemRow, spec: &ItemSpec) -> ItemCard {
    ItemCard {
        item_id: item.id,
        name: spec.name.clone(),
        body_id: item.body_id,
        body_name: item.body_name.clone(),
        region: item.region.clone(),
        summary: spec.summary.clone(),
        case_type: spec.case_type,
        promised: spec.promised.clone(),
        visits: spec.visits,
        online_depth: spec.online_depth,
        popular: spec.popular,
    }
}
