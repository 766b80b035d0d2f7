//! Everything there is, on one page.

use codes::lists::{Audience, themes_for};
use maud::{Markup, html};
use web::components::{PageHeading, section};
use web::{Ctx, PageResult};

use super::modules;
use crate::model::theme;

/// The page.
pub async fn page(ctx: Ctx) -> PageResult {
    Ok(ctx
        .page("网站地图")
        .crumb("首页", "/")
        .here("网站地图")
        .body(html! { (PageHeading::new("网站地图")) (body()) })
        .document())
}

/// Links by heading.
pub fn body() -> Markup {
    let of = |audience| themes_for(audience).map(|t| (t.name, theme::href(t))).collect::<Vec<_>>();
    let fixed = |links: &[(&'static str, &str)]| links.iter().map(|(name, href)| (*name, (*href).to_owned())).collect::<Vec<_>>();
    let groups = [
        ("主要栏目", modules().iter().map(|entry| (entry.label, entry.href.to_owned())).collect()),
        ("办事", fixed(&[("全部事项", "/search"), ("一件事一次办", "/one-thing"), ("部门", "/bodies"), ("附近大厅", "/halls"), ("办件进度查询", "/progress"), ("证照核验", "/licences/verify"), ("文件验章", "/verify"), ("我的证照", "/my/licences")])),
        ("个人服务主题", of(Audience::Person)),
        ("企业服务主题", of(Audience::Firm)),
        ("一件事", of(Audience::OneThing)),
        ("了解", fixed(&[("公告", "/news"), ("好差评", "/reviews"), ("办事帮助", "/help"), ("无障碍", "/accessibility"), ("网站声明", "/about"), ("个人信息保护", "/privacy"), ("意见建议", "/feedback"), ("选择地区", "/places")])),
    ];
    html! {
        @for (heading, links) in &groups {
            (section(heading, None, html! { ul class="body-links" { @for (name, href) in links { li { a href=(href) { (name) } } } } }))
        }
    }
}
