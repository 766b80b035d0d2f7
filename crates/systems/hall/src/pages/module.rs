//! Modules of the hall that have no system of their own yet: what can be done here today, and where the rest is done.

use maud::{Markup, html};
use web::components::{Card, Fact, PageHeading, card_grid, section, summary_list, telephone};
use web::{Ctx, PageResult};

use crate::model::module::Module;

/// The page of a module.
pub async fn page(ctx: Ctx, module: &'static Module) -> PageResult {
    Ok(ctx
        .page(module.name)
        .crumb("首页", "/")
        .here(module.name)
        .body(html! { (PageHeading::new(module.name).lede(module.lede)) (body(module)) })
        .document())
}

/// What there is and what is done elsewhere.
pub fn body(module: &Module) -> Markup {
    let cards: Vec<Card> = module.here.iter().map(|o| Card::new(o.title, o.href).icon(o.icon).text(o.text)).collect();
    let rest: Vec<Fact> = module.elsewhere.iter().map(|(what, how)| Fact::new(*what, *how)).collect();
    html! {
        (section("现在可以在这里办", None, card_grid(&cards)))
        (section("现在要这样办", None, html! {
            (summary_list(&rest))
            p class="hall-note" { "说不清归谁管的，直接打 " (telephone("12345")) "。" }
        }))
    }
}
