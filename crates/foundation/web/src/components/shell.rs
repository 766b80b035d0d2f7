//! The frame of a page: head, header, navigation, content and footer, for the public and for the workbench.

use maud::{DOCTYPE, Markup, html};

use super::{Audience, Icon, Page, SearchPlace, UserChip, badge, flash, telephone};

impl Page {
    /// The finished document.
    pub fn document(&self) -> Markup {
        let audience = match self.audience {
            Audience::Public => "public",
            Audience::Workbench => "workbench",
        };
        html! {
            (DOCTYPE)
            html lang="zh-CN" class={ (audience) @if self.elder { " elder" } } {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                    meta name="theme-color" content="#08386F";
                    meta name="format-detection" content="telephone=no";
                    @if let Some(description) = &self.description { meta name="description" content=(description); }
                    title {
                        @if self.has_errors { "错误：" }
                        (self.title) @if self.title != self.site.name { " - " (self.site.name) }
                    }
                    link rel="icon" type="image/svg+xml" href=(self.asset("favicon.svg"));
                    link rel="stylesheet" href=(self.asset("app.css"));
                    @for file in &self.styles { link rel="stylesheet" href=(self.asset(file)); }
                    script type="module" src=(self.asset("app.js")) {}
                    @for file in &self.scripts { script type="module" src=(self.asset(file)) {} }
                }
                body class="govuk-template__body" {
                    a class="govuk-skip-link" href="#content" data-module="govuk-skip-link" { "跳到主要内容" }
                    p class="print-only" { (self.site.name) @if self.site.demo { "（演示数据）" } }
                    @match self.audience {
                        Audience::Public => (self.public_frame()),
                        Audience::Workbench => (self.workbench_frame()),
                    }
                    div id="live" class="govuk-visually-hidden" role="status" aria-live="polite" {}
                }
            }
        }
    }

    fn asset(&self, file: &str) -> String {
        format!("{}/{file}?v={}", self.site.assets, self.site.version)
    }

    fn public_frame(&self) -> Markup {
        html! {
            header class="top" {
                (self.top_line())
                div class="masthead" {
                    div class="frame masthead__row" {
                        (self.brand())
                        @if self.search == SearchPlace::Header { (self.search_box("search")) }
                    }
                }
                @if !self.nav.is_empty() {
                    nav class="main-nav" aria-label="主导航" {
                        ul class="frame main-nav__list" {
                            @for item in self.nav.iter().flat_map(|(_, items)| items) {
                                li {
                                    a class="main-nav__item" href=(item.href) aria-current=[item.active.then_some("page")] {
                                        (item.label) (badge(item.badge, "件"))
                                    }
                                }
                            }
                        }
                    }
                }
                @if self.search == SearchPlace::Hero { (self.hero()) }
            }
            div class={ "frame page" @if self.wide { " frame--wide" } } {
                (self.before_content()) main id="content" tabindex="-1" { (self.body) }
            }
            (self.footer())
        }
    }

    /// Place, elder mode, help and the account, above everything else.
    fn top_line(&self) -> Markup {
        html! {
            div class="top-line" {
                div class="frame top-line__row" {
                    @if let Some(region) = &self.region {
                        a class="top-line__item" href=(region.change_href) {
                            (Icon::MapPin) span class="govuk-visually-hidden" { "当前地区：" }
                            (region.name) span class="top-line__hint" { "切换" }
                        }
                    }
                    span class="top-line__space" {}
                    @if self.elder {
                        a class="top-line__item top-line__item--strong" href="tel:12345" { (Icon::Phone) "12345" }
                        button type="button" class="top-line__item" data-read-aloud hidden { (Icon::Volume2) "朗读" }
                    }
                    a class="top-line__item" href=(self.elder_href) rel="nofollow" {
                        (Icon::Glasses) @if self.elder { "标准版" } @else { "长辈版" }
                    }
                    a class="top-line__item top-line__item--wide not-elder" href="/accessibility" {
                        (Icon::Accessibility) "无障碍"
                    }
                    @match &self.user {
                        Some(user) => (sign_out(user, "top-line__item")),
                        None => a class="top-line__item top-line__item--strong" href=(self.login_href) { (Icon::LogIn) "登录" },
                    }
                }
            }
        }
    }

    fn brand(&self) -> Markup {
        html! {
            a class="brand" href=(if self.audience == Audience::Public { "/" } else { "/work" }) {
                (mark())
                span class="brand__words" {
                    span class="brand__name" { (self.site.name) }
                    @if !self.site.tagline.is_empty() { span class="brand__line" { (self.site.tagline) } }
                }
            }
        }
    }

    fn search_box(&self, id: &str) -> Markup {
        let (label, example) = match self.audience {
            Audience::Public => ("搜索要办的事", "搜索要办的事，如：社保卡"),
            Audience::Workbench => ("搜索办件和事项", "办件编号、事项、申请人"),
        };
        html! {
            form class="search" role="search" action=(self.search_action) method="get" data-search {
                label class="govuk-visually-hidden" for=(id) { (label) }
                span class="search__sign" { (Icon::Search) }
                input class="search__input" id=(id) name="q" type="search" value=(self.query) placeholder=(example)
                    autocomplete="off" enterkeyhint="search";
                button class="search__button" type="submit" { "搜索" }
            }
        }
    }

    fn hero(&self) -> Markup {
        html! {
            div class="hero" {
                div class="frame" {
                    p class="hero__title" { "您要办什么事？" }
                    (self.search_box("search"))
                    @if !self.popular.is_empty() {
                        p class="hero__popular" {
                            span { "大家在搜" } @for (label, href) in &self.popular { a href=(href) { (label) } }
                        }
                    }
                }
            }
        }
    }

    fn before_content(&self) -> Markup {
        html! {
            @if !self.crumbs.is_empty() || self.status.is_some() {
                div class="before" {
                    @if !self.crumbs.is_empty() {
                        nav aria-label="当前位置" { ol class="crumbs" {
                            @for (label, href) in &self.crumbs {
                                li {
                                    @if let Some(href) = href {
                                        a href=(href) { (label) }
                                    } @else {
                                        span aria-current="page" { (label) }
                                    }
                                }
                            }
                        } }
                    }
                    @if let Some(status) = &self.status {
                        p class="page-status" role="status" id="page-status" { (status) }
                    }
                }
            }
            @if let Some(notice) = &self.notice { div class="notice" { (Icon::Megaphone) div { (notice) } } }
            @if let Some((tone, text)) = &self.flash { (flash(*tone, text)) }
        }
    }

    fn footer(&self) -> Markup {
        html! {
            footer class="footer" {
                div class="frame" {
                    div class="footer__phones" {
                        p { span class="footer__label" { "政务服务便民热线" } (telephone("12345")) }
                        @if !self.site.consult_phone.is_empty() {
                            p { span class="footer__label" { "平台咨询电话" } (telephone(&self.site.consult_phone)) }
                        }
                    }
                    ul class="footer__links" {
                        li { a href="/about" { "网站声明" } }
                        li { a href="/privacy" { "个人信息保护" } }
                        li { a href="/accessibility" { "无障碍声明" } }
                        li { a href="/sitemap" { "网站地图" } }
                        li { a href="/feedback" { "意见建议" } }
                    }
                    p class="footer__host" {
                        @if !self.site.host.is_empty() { "主办：" (self.site.host) } @if self.site.demo { (demo_label()) }
                    }
                }
            }
        }
    }

    fn workbench_frame(&self) -> Markup {
        html! {
            header class="bar" {
                div class="bar__row" {
                    (self.brand())
                    @if self.search != SearchPlace::None { (self.search_box("search")) }
                    @if self.site.demo { (demo_label()) }
                    span class="bar__space" {}
                    @if let Some(region) = &self.region {
                        a class="bar__item" href=(region.change_href) { (Icon::MapPin) (region.name) }
                    }
                    @if let Some(user) = &self.user {
                        (sign_out(user, "bar__item"))
                    } @else {
                        a class="bar__item" href=(self.login_href) { (Icon::LogIn) "登录" }
                    }
                }
            }
            div class="bench" {
                @if !self.nav.is_empty() {
                    // Written open, so that it is there without scripts; `app.ts` folds it on a phone.
                    details class="side-nav" data-fold-narrow open {
                        summary class="side-nav__toggle" { (Icon::Menu) "菜单" }
                        nav aria-label="工作导航" {
                            @for (heading, items) in &self.nav {
                                @if let Some(heading) = heading { p class="side-nav__heading" { (heading) } }
                                ul { @for item in items {
                                    li { a class="side-nav__item" href=(item.href) aria-current=[item.active.then_some("page")] {
                                        @if let Some(icon) = item.icon { (icon) }
                                            span class="side-nav__label" { (item.label) }
                                            (badge(item.badge, "件"))
                                    } }
                                } }
                            }
                        }
                    }
                }
                div class={ "bench__content" @if self.wide { " bench__content--wide" } } {
                    (self.before_content()) main id="content" tabindex="-1" { (self.body) }
                }
            }
        }
    }
}

fn demo_label() -> Markup {
    html! { span class="demo" { "演示数据" } }
}

fn sign_out(user: &UserChip, class: &str) -> Markup {
    html! {
        a class=(class) href=(user.home_href) {
            (Icon::User) span class="user" {
                span { (user.name) } @if !user.role_line.is_empty() { span class="user__role" { (user.role_line) } }
            }
        }
        form action=(user.logout_action) method="post" {
            input type="hidden" name="_token" value=(user.csrf_token);
            button type="submit" class=(class) { (Icon::LogOut) "退出" }
        }
    }
}

/// The mark: an open door with the way through it, drawn for this project.
fn mark() -> Markup {
    html! {
        svg class="brand__mark" viewBox="0 0 40 40" aria-hidden="true" focusable="false" {
            rect width="40" height="40" rx="9" class="brand__ground" {}
            g fill="none" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" {
                path class="brand__door" d="M11 31V11.5A2.5 2.5 0 0 1 13.5 9H21l8 3.6v18.9" {}
                path class="brand__way" d="M15 24.5h9m-3.6-3.6 3.6 3.6-3.6 3.6" {}
            }
        }
    }
}
