//! The guide of an item (办事指南) and the way into its application.

use axum::extract::Path;
use catalog::ItemVersion;
use maud::{Markup, html};
use web::components::{Icon, inset};
use web::{Ctx, PageResult};

use super::{id, place};
use crate::model::place::chain;
use crate::service::items;

/// The guide of a published item; a sentence when it is suspended, cancelled, or not for the public.
pub async fn page(ctx: Ctx, Path(item): Path<String>) -> PageResult {
    let item = items::published(ctx.platform(), id(&item)?).await?;
    let (label, href) = if item.spec.for_persons() { ("个人服务", "/personal") } else { ("企业服务", "/enterprise") };
    Ok(ctx
        .page(item.spec.name.clone())
        .description(item.spec.summary.clone())
        .crumb("首页", "/")
        .crumb(label, href)
        .here(item.spec.name.clone())
        .body(body(&item, place(&ctx)))
        .document())
}

/// The guide, with a word to those whose place the body does not serve.
pub fn body(item: &ItemVersion, place: &str) -> Markup {
    let apply = item.spec.online().then(|| format!("/apply/{}", item.item_id));
    let elsewhere = !chain(place).contains(&item.region);
    html! {
        @if elsewhere {
            (inset(html! { (Icon::MapPin) " 这份指南是" (item.body_name) "的，您现在选的地区不由它办理。请" a href="/places" { "切换地区" } "，或者看看本地的同一事项：" a href={ "/search?q=" (super::encode(&item.spec.name)) } { "搜索“" (item.spec.name) "”" } "。" }))
        }
        (catalog::pages::guide::guide(item, apply.as_deref()))
    }
}
