//! The front page in elder mode (M-PORT-08): six choices, nothing else.

use maud::{Markup, html};
use web::components::Icon;

/// Six large choices.
pub fn body(name: &str) -> Markup {
    let choices = [
        (Icon::Search, "找事办", "要带什么、去哪里办", "/personal"),
        (Icon::ClipboardCheck, "查进度", "看办到哪一步了", "/progress"),
        (Icon::IdCard, "我的证照", "看我的证件", "/my/licences"),
        (Icon::Phone, "打电话 12345", "有人接听，慢慢说", "tel:12345"),
        (Icon::MapPin, "附近大厅", "看地址、电话", "/halls"),
        (Icon::Undo2, "换回普通版", "字变小，内容变多", "/elder?back=%2F"),
    ];
    html! {
        h1 class="big-choices__title" { (name) "，您要做什么？" }
        ul class="big-choices" {
            @for (icon, title, text, href) in choices {
                li { a class="big-choices__item" href=(href) {
                    span class="big-choices__sign" { (icon) }
                    span { span class="big-choices__name" { (title) } span class="big-choices__text" { (text) } }
                } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_six_choices() {
        let shown = body("桂林政务服务").into_string();
        assert_eq!(shown.matches("big-choices__item").count(), 6);
        for word in ["找事办", "查进度", "我的证照", "打电话 12345", "附近大厅", "换回普通版"] {
            assert!(shown.contains(word), "{word}");
        }
    }
}
