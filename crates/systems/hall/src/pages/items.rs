//! Items in a list, the same on every page.

use maud::{Markup, html};
use web::components::{Icon, Tone, tag};

use crate::model::highlight::highlight;
use crate::service::items::{ItemLine, Online};

/// Items below each other; what repeats the `query` is marked.
pub fn item_list(items: &[ItemLine], query: &str) -> Markup {
    html! {
        ul class="item-list" {
            @for item in items {
                li class="item-list__item" {
                    div class="item-list__words" {
                        a class="item-list__name" href={ "/items/" (item.id) } { (marked(&item.name, query)) }
                        p class="item-list__summary" { (marked(&item.summary, query)) }
                        p class="item-list__facts" {
                            span { (Icon::Landmark) (item.body) }
                            span { (Icon::Clock) (item.limit) }
                            span { (Icon::MapPin) (visits(item.visits)) }
                        }
                    }
                    (degree(item.online))
                }
            }
        }
    }
}

/// How often somebody has to come.
pub fn visits(count: u8) -> String {
    match count {
        0 => "一次也不用跑".into(),
        count => format!("最多跑 {count} 次"),
    }
}

fn degree(online: Online) -> Markup {
    match online {
        Online::Whole => tag(Tone::Good, "全程网办"),
        Online::Apply => tag(Tone::Info, "网上可申请"),
        Online::Ask => tag(Tone::Neutral, "窗口办理"),
    }
}

fn marked(text: &str, query: &str) -> Markup {
    html! { @for piece in highlight(text, query) { @if piece.hit { mark { (piece.text) } } @else { (piece.text) } } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn texts_are_escaped_and_hits_marked() {
        let item = ItemLine {
            id: Uuid::nil(),
            name: "<b>食品</b>经营许可".into(),
            body: "市场监管局".into(),
            summary: String::new(),
            limit: "当场办结".into(),
            visits: 0,
            online: Online::Whole,
        };
        let shown = item_list(&[item], "食品经营").into_string();
        assert!(shown.contains("&lt;b&gt;<mark>食品</mark>&lt;/b&gt;<mark>经营</mark>许可"), "{shown}");
        assert!(shown.contains("全程网办") && shown.contains("一次也不用跑"));
    }
}
