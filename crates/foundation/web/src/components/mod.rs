//! The look of Tongban: every page is put together from these typed functions, so that a page cannot be inaccessible,
//! unescaped or off-style by accident. Nothing here knows a database, a session or a system; all functions are pure.
//!
//! | file | what it holds |
//! | --- | --- |
//! | [`page`], [`shell`] | [`Page`]: the whole document with header, navigation and footer |
//! | [`mod@form`] | [`Form`], [`Button`], [`error_summary`] |
//! | [`fields`], [`choices`], [`uploads`] | [`Field`] and the inputs drawn from it; [`Choice`] and its lists; files |
//! | [`display`] | tags, supervision lights, banners, panel, details, tabs, empty states |
//! | [`lists`], [`tables`], [`steps`] | facts, cards, files; [`Table`] and paging; timelines, task lists, progress |
//! | [`layout`] | page headings, columns, filters, document viewer, keyboard help |
//! | [`charts`] | figures, bars and rings as SVG, always with their numbers beside them |
//! | [`error_pages`] | what a page says when something is missing, forbidden, late or broken |
//! | [`mod@format`] | dates, terms, amounts and sizes as a Chinese reader writes them |
//! | [`icons`], [`qr`] | the icon set; QR codes |
//!
//! Text parameters are escaped by `maud`; where a part may hold markup it is `impl Render` (a `&str`, a number or
//! `html! { … }` alike). Styles live in `web/styles`, behaviour in `web/src/app.ts`; every page works without the latter.
//!
//! ```
//! use maud::html;
//! use web::components::*;
//!
//! let page = Page::public("办件进度查询")
//!     .crumb("首页", "/")
//!     .body(html! {
//!         (PageHeading::new("办件进度查询").lede("凭办件编号和查询码，不登录也能查。"))
//!         (Form::get("/progress").body(html! {
//!             (text_input(&Field::new("number", "办件编号").width(Width::Chars20)))
//!             (Button::primary("查询").icon(Icon::Search))
//!         }))
//!     })
//!     .document();
//! assert!(page.into_string().contains("办件进度查询"));
//! ```

pub mod charts;
pub mod choices;
pub mod display;
pub mod error_pages;
pub mod fields;
pub mod form;
pub mod format;
pub mod icons;
pub mod layout;
pub mod lists;
pub mod page;
pub mod qr;
pub mod shell;
pub mod steps;
pub mod tables;
pub mod uploads;

pub use charts::*;
pub use choices::*;
pub use display::*;
pub use fields::*;
pub use form::*;
pub use icons::Icon;
pub use layout::*;
pub use lists::*;
pub use page::*;
pub use qr::*;
pub use steps::*;
pub use tables::*;
pub use uploads::*;

#[cfg(test)]
mod tests;
