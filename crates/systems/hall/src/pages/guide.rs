//! The guide of an item (办事指南) and the way into its application.

use axum::extract::{Path, Query};
use base::Kind;
use catalog::ItemVersion;
use catalog::pages::guide::{Asking, guide_for};
use maud::{Markup, html};
use web::components::{Icon, inset};
use web::{Ctx, PageResult};

use super::{id, place};
use crate::model::place::chain;
use crate::service::items;

/// The guide of a published item; a sentence when it is suspended, cancelled, or not for the public.
pub async fn page(ctx: Ctx, Path(item): Path<String>, Query(given): Query<Vec<(String, String)>>) -> PageResult {
    let item = items::published(ctx.platform(), id(&item)?).await?;
    let guide = catalog::guide(ctx.platform(), &item.spec).await?;
    let (mut found, mut errors) = (None, Vec::new());
    if let Some(guide) = guide.as_ref().filter(|_| given.iter().any(|(name, _)| name == "s0")) {
        match guide.answer(|at, _| value(&given, &catalog::model::situation::field(at))) {
            Ok(situation) => found = Some(situation),
            Err(error) if error.kind() == Kind::Invalid => errors = error.fields().iter().map(|f| (f.field.clone(), f.message.clone())).collect(),
            Err(error) => errors.push(("s0".to_owned(), error.message().to_owned())),
        }
    }
    let asking = guide.as_ref().map(|guide| Asking { guide, given: &given, found: found.as_ref(), errors: &errors });
    let (label, href) = if item.spec.for_persons() { ("个人服务", "/personal") } else { ("企业服务", "/enterprise") };
    Ok(ctx
        .page(item.spec.name.clone())
        .description(item.spec.summary.clone())
        .crumb("首页", "/")
        .crumb(label, href)
        .here(item.spec.name.clone())
        .has_errors(!errors.is_empty())
        .body(body(&item, place(&ctx), asking))
        .document())
}

/// The guide, with a word to those whose place the body does not serve.
pub fn body(item: &ItemVersion, place: &str, asking: Option<Asking<'_>>) -> Markup {
    // What was answered here need not be answered again.
    let answered = asking.filter(|asking| asking.found.is_some()).map_or_else(String::new, |asking| {
        let pairs = asking.given.iter().map(|(name, value)| format!("{}={}", super::encode(name), super::encode(value)));
        format!("?{}", pairs.collect::<Vec<_>>().join("&"))
    });
    let apply = item.spec.online().then(|| format!("/apply/{}{answered}", item.item_id));
    let elsewhere = !chain(place).contains(&item.region);
    html! {
        @if elsewhere {
            (inset(html! { (Icon::MapPin) " 这份指南是" (item.body_name) "的，您现在选的地区不由它办理。请" a href="/places" { "切换地区" } "，或者看看本地的同一事项：" a href={ "/search?q=" (super::encode(&item.spec.name)) } { "搜索“" (item.spec.name) "”" } "。" }))
        }
        (guide_for(item, apply.as_deref(), asking))
    }
}

/// The value sent under a name.
fn value<'a>(given: &'a [(String, String)], name: &str) -> &'a str {
    given.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
}
