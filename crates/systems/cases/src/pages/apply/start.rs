//! Beginning, and the task list of an application.

use std::collections::HashMap;

use axum::extract::{Path, Query};
use axum::response::Response;
use base::Kind;
use catalog::model::{Necessity, TimeUnit};
use maud::html;
use uuid::Uuid;
use web::components::{Button, Icon, PageHeading, SearchPlace, StepState, Task, button_row, details, inset, narrow, task_list};
use web::{Ctx, Form, Markup, PageResult, redirect};

use super::{caption, course, home, saved, visible_pages};
use crate::model::Received;
use crate::service;

/// GET /apply/{item}
pub(crate) async fn start(ctx: Ctx, Path(item): Path<Uuid>, Query(given): Query<HashMap<String, String>>) -> PageResult<Response> {
    let draft = service::start(&ctx, ctx.actor(), item).await?;
    let base = home(&draft);
    // Answered at the guide already; what does not lead anywhere is asked again.
    if !draft.item.spec.situation_key.is_empty() && given.contains_key("s0") {
        let chosen = service::choose_situation(&ctx, ctx.actor(), draft.row.id, |name| given.get(name).cloned().unwrap_or_default()).await;
        match chosen {
            Ok(draft) => return Ok(redirect(&home(&draft))),
            Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Refused) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(redirect(&if draft.lacks_situation() { format!("{base}/situation") } else { base }))
}

/// GET /my/drafts/{id}
pub(crate) async fn resume(Path(id): Path<Uuid>) -> PageResult<Response> {
    Ok(redirect(&format!("/apply/drafts/{id}")))
}

/// GET /apply/drafts/{id}
pub(crate) async fn overview(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult<Response> {
    if service::submitted(&ctx, ctx.actor(), id).await?.is_some() {
        return Ok(redirect(&format!("/apply/drafts/{id}/done")));
    }
    let draft = service::draft(&ctx, ctx.actor(), id).await?;
    let base = home(&draft);
    let pages = draft.item.form.pages();
    let mut first_open: Option<String> = None;
    let mut questions = Vec::new();
    if !draft.item.spec.situation_key.is_empty() {
        let href = format!("{base}/situation");
        let state = if draft.lacks_situation() { StepState::Waiting } else { StepState::Done };
        if draft.lacks_situation() {
            first_open = Some(href.clone());
        }
        let said = draft.situation.as_ref().map_or_else(|| "回答几个问题，只交需要的材料".to_owned(), |situation| situation.name.clone());
        questions.push(Task::new("您属于哪种情形", state).href(href).hint(said));
    }
    for index in visible_pages(&draft) {
        let Some(page) = pages.get(index) else { continue };
        let done = draft.pages_done.iter().any(|key| key == page.key);
        let href = format!("{base}/questions/{index}");
        if !done {
            first_open.get_or_insert(href.clone());
        }
        questions.push(Task::new(page.title, if done { StepState::Done } else { StepState::Waiting }).href(href).hint(page.description));
    }
    let mut materials = Vec::new();
    for (n, (wanted, had)) in draft.item.spec.materials.iter().zip(&draft.materials).enumerate().filter(|(_, (wanted, _))| draft.asks_for(wanted)) {
        if !wanted.exempt.is_empty() {
            materials.push(Task::new(&wanted.name, StepState::Done).hint(format!("免交：{}", wanted.exempt)));
            continue;
        }
        let done = had.received != Received::Missing;
        let href = format!("{base}/materials/{n}");
        // Chosen by the situation, a conditional material is as necessary as the others.
        let needed = wanted.necessity == Necessity::Required || (draft.situation.is_some() && wanted.necessity == Necessity::Conditional);
        if !done && needed {
            first_open.get_or_insert(href.clone());
        }
        materials.push(Task::new(&wanted.name, if done { StepState::Done } else { StepState::Waiting }).href(href).hint(if draft.situation.is_some() && wanted.necessity == Necessity::Conditional { "您的情形要交" } else { wanted.necessity.name() }));
    }
    let goes_on = first_open.clone().unwrap_or_else(|| format!("{base}/check"));
    let body = html! {
        (course(0))
        (PageHeading::new("填写申请").caption(caption(&draft)).lede("内容会自动保存，中途离开也不会丢失，下次从“我的事务”接着填。"))
        (narrow(html! {
            (button_row([html! { (Button::primary(if first_open.is_some() { "继续填写" } else { "核对并提交" }).href(goes_on).icon(Icon::ArrowRight)) }]))
            h2 class="govuk-heading-m" { "一、申请表" }
            (task_list(&questions))
            h2 class="govuk-heading-m" { "二、申请材料" }
            (task_list(&materials))
            h2 class="govuk-heading-m" { "三、核对并提交" }
            (task_list(&[Task::new("核对全部内容，提交申请", StepState::Waiting).href(format!("{base}/check"))]))
            (inset(html! {
                "承诺办结时限：" (draft.item.spec.promised) @if draft.item.spec.promised.unit != TimeUnit::Instant { "，从受理的下一个工作日起算" } "。咨询电话：" (draft.item.spec.phone)
            }))
            (details("不想办了", html! {
                p class="govuk-body" { "删除后填写的内容不能恢复。" }
                (ctx.form(format!("{base}/discard")).body(button_row([html! { (Button::warning("删除这份草稿")) }])))
            }))
        }))
    };
    Ok(page(&ctx, &draft, "填写申请").page_status(saved(&draft)).body(body).document().into_response_page())
}

/// A page in the frame of whoever fills the draft in.
pub(crate) fn page(ctx: &Ctx, draft: &service::Draft, title: &str) -> web::components::Page {
    let page = ctx.own_page(format!("{title} - {}", draft.row.item_name)).search(SearchPlace::None);
    if draft.at_window() {
        page.crumb("窗口登记", "/work/register")
    } else {
        page.crumb("首页", "/").crumb(&draft.row.item_name, format!("/items/{}", draft.row.item_id))
    }
}

/// POST /apply/drafts/{id}/discard
pub(crate) async fn discard(ctx: Ctx, Path(id): Path<Uuid>, _form: Form) -> PageResult<Response> {
    service::discard(&ctx, ctx.actor(), id).await?;
    let to = if matches!(ctx.actor(), access::Actor::Staff(_)) { "/work" } else { "/my" };
    Ok(ctx.redirect_saying(to, "草稿已删除。"))
}

/// Markup as a response, where a handler may also redirect.
pub(crate) trait IntoPage {
    /// 200 with this page.
    fn into_response_page(self) -> Response;
}

impl IntoPage for Markup {
    fn into_response_page(self) -> Response {
        axum::response::IntoResponse::into_response(self)
    }
}
