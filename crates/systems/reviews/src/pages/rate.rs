//! Rating one's own case, in two steps that need no script: first the level, then what fits that level.

use std::collections::HashMap;

use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{FieldError, Kind};
use codes::lists::review_options_for;
use maud::{Markup, html};
use web::components::*;
use web::{Ctx, Form as Sent, PageResult};

use crate::model::{Channel, Stage, level_name};
use crate::pages::faces::face;
use crate::pages::id;
use crate::service::{self, RatingInput, RatingPage};
use crate::store::Review;

/// What a person has chosen so far.
#[derive(Default)]
struct Chosen<'a> {
    stars: Option<u8>,
    options: Vec<String>,
    text: &'a str,
    errors: &'a [FieldError],
}

/// The page: the levels, or with `?stars=` the sentences of one; once rated, what was said and what became of it.
pub async fn page(ctx: Ctx, Path(text): Path<String>, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let view = service::rating_page(ctx.platform(), ctx.actor(), id(&text)?).await?;
    let stars = query.get("stars").and_then(|s| s.parse().ok()).filter(|s| (1..=5).contains(s));
    Ok(show(&ctx, &view, &Chosen { stars, ..Chosen::default() }))
}

/// The rating comes in.
pub async fn submit(ctx: Ctx, Path(text): Path<String>, headers: HeaderMap, form: Sent) -> PageResult<Response> {
    let case = id(&text)?;
    let input = RatingInput {
        stars: form.data.text("stars").parse().ok(),
        options: form.data.all("options").map(str::to_owned).collect(),
        text: form.data.text("text").to_owned(),
        channel: channel(&headers),
        followup: form.data.is_set("followup"),
    };
    match service::rate(ctx.platform(), ctx.actor(), case, &input, &form.token.nonce).await {
        Ok(()) => Ok(web::redirect(&format!("/my/cases/{case}/review/thanks"))),
        Err(error) if error.kind() == Kind::Invalid => {
            let view = service::rating_page(ctx.platform(), ctx.actor(), case).await?;
            let chosen = Chosen { stars: input.stars, options: input.options, text: &input.text, errors: error.fields() };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&ctx, &view, &chosen)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Thanks, and what happens next.
pub async fn thanks(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    let view = service::rating_page(ctx.platform(), ctx.actor(), id(&text)?).await?;
    let case = view.case.case_id;
    let next = html! {
        @match view.task.filter(|task| task.open) {
            Some(task) => p { "很抱歉这次没有让您满意。承办单位会在 " (day(&task.contact_due)) " 前联系您了解情况，在 " (day(&task.rectify_due)) " 前把整改结果告诉您。" },
            None => p { "您的评价已经收到，会帮助我们把服务做得更好。" },
        }
        (button_row([
            html! { (Button::secondary("查看我的评价").href(format!("/my/cases/{case}/review"))) },
            html! { (Button::secondary("返回我的办件").href("/my")) },
        ]))
    };
    Ok(ctx.page("感谢您的评价").search(SearchPlace::None).body(narrow(panel("感谢您的评价", None, next))).document())
}

fn channel(headers: &HeaderMap) -> Channel {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if agent.contains("Mobi") { Channel::Mobile } else { Channel::Desktop }
}

fn day(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), format::date)
}

fn show(ctx: &Ctx, view: &RatingPage, chosen: &Chosen<'_>) -> Markup {
    let case = &view.case;
    let title = if view.reviews.is_empty() { "评价这次服务" } else { "我的评价" };
    let body = html! {
        (error_summary(chosen.errors.iter().map(|e| (e.field.as_str(), e.message.as_str()))))
        (PageHeading::new(title).caption(format!("{}，办件编号 {}", case.item_name, case.case_no)).lede(format!("承办单位：{}", case.body_name)))
        @if case.ended_at.is_none() {
            (card(empty_state(Icon::Clock, "现在还不能评价", "办件办结后，您可以在这里评价。评价自愿，不影响办理结果。", Some(Button::secondary("查看办件进度").href(format!("/my/cases/{}", case.case_id))))))
        } @else {
            @for review in &view.reviews { (given(review)) }
            @if let Some(task) = &view.task { (answer(task)) }
            @match view.reviews.len() {
                0 => (ask(ctx, view, chosen, false)),
                1 => (section("追加评价", None, html! { p { "如果情况有变化，可以追加评价一次。" } (ask(ctx, view, chosen, true)) })),
                _ => p class="muted" { "您已经评价并追加评价，感谢您。" },
            }
        }
    };
    ctx.page(title)
        .search(SearchPlace::None)
        .crumb("我的", "/my")
        .crumb("办件", format!("/my/cases/{}", case.case_id))
        .has_errors(!chosen.errors.is_empty())
        .body(narrow(body))
        .document()
}

fn ask(ctx: &Ctx, view: &RatingPage, chosen: &Chosen<'_>, followup: bool) -> Markup {
    let path = format!("/my/cases/{}/review", view.case.case_id);
    let Some(stars) = chosen.stars.filter(|stars| (1..=5).contains(stars)) else {
        return html! {
            p { "请选择您对这次服务的满意程度。评价自愿，可以随时离开，不影响办理结果。" }
            nav aria-label="满意程度" id="stars" { ul class="icon-grid" {
                @for stars in (1..=5u8).rev() {
                    li { a class="icon-grid__item" href={ (path) "?stars=" (stars) } { span class="icon-grid__sign" { (face(stars)) } span { (level_name(stars)) } } }
                }
            } }
        };
    };
    let error = |name: &str| chosen.errors.iter().find(|e| e.field == name).map(|e| e.message.as_str());
    let choices: Vec<Choice> = review_options_for(stars)
        .map(|option| Choice::new(option.code, option.text).chosen(chosen.options.iter().any(|code| code == option.code)))
        .collect();
    html! {
        (ctx.form(&path).body(html! {
            (hidden("stars", &stars.to_string()))
            @if followup { (hidden("followup", "yes")) }
            (summary_list(&[Fact::new("您的选择", html! { (face(stars)) " " (level_name(stars)) }).action("更换", &path)]))
            (checkboxes(&Field::new("options", "具体是哪些方面").hint("可以选多项，也可以不选。").required(false).error(error("options")), &choices))
            (textarea(&Field::new("text", "您想说的话").hint("请不要写姓名、电话、证件号码。内容会匿名公开。").required(false).value(chosen.text).error(error("text")).max_length(500).rows(4)))
            (Button::primary("提交评价").icon(Icon::Send))
        }))
    }
}

fn given(review: &Review) -> Markup {
    let title = if review.seq == 1 { "您的评价" } else { "您的追加评价" };
    let sentences = review.sentences();
    section(title, None, html! {
        p { (stars(review.stars())) " " (level_name(review.stars())) @if review.wrong { " " (tag(Tone::Neutral, "已认定为误评，不计入结果")) } }
        @if !sentences.is_empty() { p { (sentences.join("；")) } }
        @if !review.text.is_empty() { (inset(&review.text)) }
        p class="muted" { (format::date_time(&review.made_at)) }
    })
}

fn answer(task: &crate::store::Rectification) -> Markup {
    let stage = Stage::from_code(&task.stage).map_or("处理中", Stage::name);
    section("承办单位的处理", None, html! {
        p { (tag(if task.open { Tone::Info } else { Tone::Good }, stage)) }
        @if let (Some(reply), Some(at)) = (&task.reply, task.replied_at) {
            (inset(reply))
            p class="muted" { (task.body_name) "，" (format::date_time(&at)) }
        } @else if task.open {
            p { "会在 " (day(&task.rectify_due)) " 前把结果告诉您。" }
        } @else if let Some(ruling) = &task.ruling {
            (inset(ruling))
        }
    })
}
