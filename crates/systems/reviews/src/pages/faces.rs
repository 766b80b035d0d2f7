//! Five faces, drawn like the icons of the house: always beside the word, never instead of it.

use maud::{Markup, html};

/// The face of so many stars.
pub fn face(stars: u8) -> Markup {
    let mouth = match stars {
        5 => "M7.5 13.5a4.5 4.5 0 0 0 9 0z",
        4 => "M8 14.5c1.2 1.6 2.5 2.2 4 2.2s2.8-.6 4-2.2",
        3 => "M8.5 15.5h7",
        2 => "M8.5 16.2c1-1 2.2-1.5 3.5-1.5s2.5.5 3.5 1.5",
        _ => "M8 17c1.2-1.8 2.5-2.6 4-2.6s2.8.8 4 2.6",
    };
    html! {
        svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"
            aria-hidden="true" focusable="false" {
            circle cx="12" cy="12" r="10" {}
            path d="M9 9.5h.01M15 9.5h.01" {}
            @if stars <= 1 { path d="m7.5 7 2.2 1M16.5 7l-2.2 1" {} }
            path d=(mouth) {}
        }
    }
}
