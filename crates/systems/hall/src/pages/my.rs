//! My affairs (我的事务): what waits for me first.

use axum::extract::Query;
use db::Cursor;
use maud::{Markup, Render, html};
use web::components::{
    Button, Card, FileEntry, Icon, PageHeading, card_grid, empty_state, file_list, format, pagination_keyset, section, tag, two_columns, Tone,
};
use web::{Ctx, PageResult};

use super::themes::After;
use crate::model::affair::Affair;
use crate::service::affairs::{self, Draft, LicenceLine, Message, MyAffairs};

/// The page of the party signed in.
pub async fn page(ctx: Ctx, Query(after): Query<After>) -> PageResult {
    let party = ctx.actor().party()?;
    let name = party.name.clone();
    let mine = affairs::mine(ctx.platform(), ctx.actor(), after.cursor()).await?;
    Ok(ctx
        .page("我的事务")
        .crumb("首页", "/")
        .here("我的事务")
        .body(html! {
            (PageHeading::new("我的事务").caption(name).action(Button::secondary("账号设置").href("/my/account").icon(Icon::Settings)))
            (body(&mine))
        })
        .document())
}

/// What waits, what runs, what is finished.
pub fn body(mine: &MyAffairs) -> Markup {
    let board = &mine.board;
    if mine.later {
        return html! {
            (section("更早办结的", Some(("回到第一页", "/my")), finished(&board.finished, mine)))
        };
    }
    let nothing = board.running.is_empty() && board.finished.is_empty() && board.waiting.is_empty() && mine.drafts.is_empty();
    if nothing {
        return html! { (first_time()) (licences(&mine.licences)) };
    }
    let main = html! {
        (section("等您处理", None, waiting(&board.waiting)))
        @if !mine.messages.is_empty() { (section("最近通知", None, messages(&mine.messages))) }
        @if !mine.drafts.is_empty() { (section("没填完的申请", None, drafts(&mine.drafts))) }
        (section("办理中", None, running(&board.running)))
        (section("已办结", None, finished(board.finished.as_slice(), mine)))
    };
    two_columns(main, html! { (licences(&mine.licences)) (more()) })
}

fn first_time() -> Markup {
    html! {
        (section("还没有办过事", None, empty_state(Icon::ClipboardList, "您的申请会出现在这里", "提交申请以后，在这里看办到哪一步、什么时候办好，需要您处理的会排在最前面。", Some(Button::primary("去找要办的事").href("/personal").icon(Icon::Search)))))
        (section("常用", None, card_grid(&[
            Card::new("个人服务", "/personal").icon(Icon::User).text("生活里的事"),
            Card::new("企业服务", "/enterprise").icon(Icon::Building2).text("开店、办企业"),
            Card::new("办件进度查询", "/progress").icon(Icon::Search).text("在窗口办的，凭编号查"),
        ])))
    }
}

fn waiting(affairs: &[Affair]) -> Markup {
    html! {
        @if affairs.is_empty() {
            p class="muted hall-done" { (Icon::CircleCheck) "没有需要您处理的事。需要补正或者评价时，会出现在这里。" }
        } @else {
            ul class="affairs" {
                @for (index, affair) in affairs.iter().enumerate() {
                    @if let Some(wait) = affair.wait() {
                        li class={ "affairs__item" @if wait.urgent { " affairs__item--urgent" } } {
                            div class="affairs__words" {
                                a class="affairs__name" href=(affair.href()) { (affair.item) }
                                p { (wait.sentence) }
                                p class="muted" { (affair.number) }
                            }
                            @if wait.urgent && index == 0 { (Button::primary(wait.verb).href(wait.href)) } @else { (Button::secondary(wait.verb).href(wait.href)) }
                        }
                    }
                }
            }
        }
    }
}

fn drafts(drafts: &[Draft]) -> Markup {
    html! {
        ul class="affairs" {
            @for draft in drafts {
                li class="affairs__item" {
                    div class="affairs__words" {
                        a class="affairs__name" href={ "/my/drafts/" (draft.id) } { (draft.item) }
                        p class="muted" { (format::date_time(&draft.saved_at)) " 保存" }
                    }
                    (Button::secondary("接着填").href(format!("/my/drafts/{}", draft.id)))
                }
            }
        }
    }
}

fn running(affairs: &[Affair]) -> Markup {
    html! {
        @if affairs.is_empty() { p class="muted" { "没有正在办理的事。" } }
        @else { ul class="affairs" { @for affair in affairs { (line(affair)) } } }
    }
}

fn finished(affairs: &[Affair], mine: &MyAffairs) -> Markup {
    html! {
        @if affairs.is_empty() { p class="muted" { "还没有办结的事。" } }
        @else { ul class="affairs" { @for affair in affairs { (line(affair)) } } }
        @let href = |cursor: &Cursor| format!("/my?after={}", cursor.as_str());
        (pagination_keyset(mine.previous.as_ref().map(href).as_deref(), mine.next.as_ref().map(href).as_deref(), "按申请时间从新到旧"))
    }
}

fn line(affair: &Affair) -> Markup {
    html! {
        li class="affairs__item" {
            div class="affairs__words" {
                p class="affairs__head" { a class="affairs__name" href=(affair.href()) { (affair.item) } " " (tag(affair.tone(), affair.state.label())) }
                p { (affair.next_step()) "。" }
                p class="muted" {
                    (affair.number) "　" (format::date(format::shanghai(&affair.submitted_at).date_naive())) " 申请"
                    @if let Some(at) = affair.finished_at { "　" (format::date(format::shanghai(&at).date_naive())) " 办结" }
                }
            }
            @if let Some(result) = &affair.result { (Button::secondary("查看结果").href(affair.href()).icon(Icon::FileCheck)) span class="govuk-visually-hidden" { (result) } }
        }
    }
}

fn messages(messages: &[Message]) -> Markup {
    html! {
        ul class="affairs" {
            @for message in messages {
                li class="affairs__item" {
                    div class="affairs__words" {
                        p { a href={ "/my/cases/" (message.case) } { (message.item) } "：" (message.text) }
                        p class="muted" { (format::date_time(&message.sent_at)) }
                    }
                }
            }
        }
    }
}

fn licences(licences: &[LicenceLine]) -> Markup {
    section(
        "我的证照",
        Some(("全部", "/my/licences")),
        html! {
            @if licences.is_empty() { p class="muted" { "您还没有电子证照。办成以后会自动放到这里，办别的事不用再交。" } }
            @else { (file_list(&licences.iter().map(licence).collect::<Vec<_>>())) }
        },
    )
}

fn licence(licence: &LicenceLine) -> FileEntry {
    let mark = if licence.valid { tag(Tone::Good, "有效") } else { tag(Tone::Neutral, &licence.status) };
    FileEntry::new(licence.name.clone()).href(format!("/my/licences/{}", licence.id)).note(licence.number.clone()).mark(mark)
}

fn more() -> Markup {
    section(
        "其他",
        None,
        html! {
            ul class="shortcuts-list" {
                li { a href="/progress" { (Icon::Search) "凭编号查进度" } }
                li { a href="/personal" { (Icon::LayoutGrid) "再办一件事" } }
                li { a href="/help" { (Icon::CircleHelp) "办事帮助" } }
            }
            (Button::print("打印这一页").render())
        },
    )
}
