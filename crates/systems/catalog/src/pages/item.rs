use axum::extract::Path;
use axum::response::Response;
use base::{Error, FieldError, Kind, Result};
use uuid::Uuid;
use web::components::*;
use web::{Ctx, Form as Posted, Markup, PageResult, html};

use super::words::{changes, elements};
use super::{bodies, items};
use crate::model::{ItemStatus, Problem, Severity, problems};
use crate::permissions::{EDIT, REVIEW};
use crate::service;
use crate::store::item::{self, ItemRow};
use crate::store::version::{self, VersionRow};

/// `GET /work/items/{id}`: versions, what the new one changes, what is wrong with it, and what can be done now.
pub(super) async fn page(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult {
    show(&ctx, id, &[]).await
}

async fn show(ctx: &Ctx, id: Uuid, errors: &[FieldError]) -> PageResult {
    let conn = ctx.db.read();
    let row = item::get(conn, id).await?;
    if !ctx.actor().may(EDIT, &row.target()) && !ctx.actor().may(REVIEW, &row.target()) {
        return Err(Error::not_found("没有找到这个事项，可能不在您的职责范围内。").into());
    }
    let versions = version::of_item(conn, id).await?;
    let find = |wanted: Option<Uuid>| versions.iter().find(|v| Some(v.id) == wanted);
    let (working, current) = (find(row.working_version_id), find(row.current_version_id));
    let journal = journal::entries(conn, id).await?;
    let main = html! {
        @if let Some(version) = working { (working_part(version, current)?) }
        @if let Some(version) = working.or(current) {
            (section("实施清单", None, summary_list(&list_facts(version)?)))
        }
    };
    let side = html! {
        (section("可以做的事", None, acts(ctx, &row, working, errors)))
        (section("版本", None, version_table(&versions)))
        (section("操作记录", None, timeline(&journal.iter().rev().map(|entry| {
            let step = TimelineStep::new(entry.label.clone(), StepState::Done).who(entry.actor_name.clone()).when(format::date_time(&entry.at));
            match entry.data.get("reasons").or(entry.data.get("reason")).and_then(|r| r.as_str()) { Some(reason) => step.note(reason), None => step }
        }).collect::<Vec<_>>())))
    };
    let body = html! {
        (error_summary(errors.iter().map(|e| (e.field.as_str(), e.message.as_str()))))
        (PageHeading::new(row.name.clone()).caption(format!("{} · {}", row.body_name, if row.base_code.is_empty() { "基本编码未定" } else { &row.base_code })).mark(items::states(&row)))
        (two_columns(main, side))
    };
    Ok(ctx.workbench(row.name.clone()).crumb("事项目录", "/work/items").has_errors(!errors.is_empty()).body(body).document())
}

fn list_facts(version: &VersionRow) -> Result<Vec<Fact>> {
    let lines = |lines: &Vec<String>| html! { @for line in lines { p { (line) } } };
    Ok(elements(&version.spec()?).iter().filter(|(_, said)| !said.is_empty()).map(|(name, said)| Fact::new(*name, lines(said))).collect())
}

fn working_part(version: &VersionRow, current: Option<&VersionRow>) -> Result<Markup> {
    let spec = version.spec()?;
    let found = problems(&spec);
    let differences = current.map(|c| Ok::<_, Error>(changes(&c.spec()?, &spec))).transpose()?;
    Ok(html! {
        @if version.status() == ItemStatus::Draft && !version.review_note.is_empty() {
            (notification_banner(Tone::Caution, "审核退回", html! { p { (version.reviewer_name) "：" (version.review_note) } }))
        }
        (section("检查结果", None, problem_list(version, &found)))
        @if let Some(differences) = differences {
            (section("与在用版本的区别", None, html! {
                @if differences.is_empty() { p { "与在用版本完全一致。" } }
                @for change in &differences {
                    (subheading(change.element))
                    @for line in &change.removed { p { (tag(Tone::Alert, "删去")) " " (line) } }
                    @for line in &change.added { p { (tag(Tone::Good, "新增")) " " (line) } }
                }
            }))
        }
    })
}

/// What is wrong, each with the way to the field while the draft can be edited.
fn problem_list(version: &VersionRow, found: &[Problem]) -> Markup {
    let draft = version.status() == ItemStatus::Draft;
    html! {
        @if found.is_empty() { p { "各要素齐全，没有发现问题，可以提交审核。" } }
        @else {
            ul class="govuk-list" {
                @for problem in found {
                    li { (if problem.severity == Severity::Error { tag(Tone::Alert, "须改正") } else { tag(Tone::Caution, "建议") }) " "
                        @if draft { a href=(super::edit::href_of(version.item_id, problem)) { (problem.message) } } @else { (problem.message) } }
                }
            }
        }
    }
}

fn version_table(versions: &[VersionRow]) -> Markup {
    let rows = versions.iter().map(|v| {
        let at = v.published_at.or(v.submitted_at).unwrap_or(v.created_at);
        TableRow::new().cell(format!("第 {} 版", v.number)).cell(v.status().name()).cell(v.editor_name.as_str()).cell(format::date_short(base::local_date(at)))
    });
    Table::new("全部版本", [Column::new("版本"), Column::new("状态"), Column::new("编制"), Column::new("日期")]).hide_caption().compact(true).rows(rows).render()
}

fn acts(ctx: &Ctx, row: &ItemRow, working: Option<&VersionRow>, errors: &[FieldError]) -> Markup {
    let error = |name: &str| errors.iter().find(|e| e.field == name).map(|e| e.message.as_str());
    let (edits, reviews) = (ctx.actor().may(EDIT, &row.target()), ctx.actor().may(REVIEW, &row.target()));
    let to = |act: &str| ctx.form(format!("/work/items/{}/{act}", row.id));
    let lock = hidden("lock", &row.version.to_string());
    let own = working.is_some_and(|v| ctx.actor().id().is_some_and(|id| v.editors().contains(&id)));
    html! {
        @if row.status() == ItemStatus::Published { p { a href={ "/items/" (row.id) } { "查看公开的办事指南" } } }
        @if edits { p { a href={ "/work/items/" (row.id) "/build" } { "搭建这项服务：申请表、决策表、流程" } } }
        @match row.working_status() {
            Some(ItemStatus::Draft) if edits => {
                @if row.body_id.is_none() {
                    (inset(html! { "实施主体还没有与机构库关联，关联后才能提交审核。" }))
                    (to("bind").body(html! { (Button::secondary("关联机构").icon(Icon::Link)) }))
                }
                (button_row([html! { (Button::secondary("修改草稿").href(format!("/work/items/{}/edit", row.id)).icon(Icon::Pencil)) }]))
                (to("submit").body(html! { (lock) (Button::primary("提交审核").icon(Icon::Send)) }))
            }
            Some(ItemStatus::InReview) if reviews => {
                @if own { (inset("您参与编制了这个版本，请交给另一位审核人员审核。")) }
                @else {
                    (to("publish").body(html! {
                        (lock)
                        (textarea(&Field::new("difference_reason", "与其他机构同码事项不一致的理由").hint("标准一致的不用填写").required(false).rows(2)))
                        (Button::primary("审核通过并发布").icon(Icon::Check))
                    }))
                }
                (to("reject").body(html! {
                    (lock)
                    (textarea(&Field::new("reasons", "退回理由").rows(3).error(error("reasons"))))
                    (Button::secondary("退回修改").icon(Icon::Undo2))
                }))
            }
            Some(ItemStatus::InReview) => { p { "正在审核，审核期间不能修改。" } }
            None if edits && row.current_version_id.is_some() && row.status() != ItemStatus::Cancelled => {
                (to("version").body(html! { (Button::secondary("编制新版本").icon(Icon::Pencil)) }))
            }
            _ => {}
        }
        @if reviews && matches!(row.status(), ItemStatus::Published | ItemStatus::Suspended) {
            (details("暂停、恢复或取消", to("state").body(html! {
                (textarea(&Field::new("reason", "理由和依据").rows(2).error(error("reason"))))
                (button_row([
                    if row.status() == ItemStatus::Published { html! { (Button::secondary("暂停办理").name("to", "suspended")) } } else { html! { (Button::secondary("恢复办理").name("to", "published")) } },
                    html! { (Button::warning("取消事项").name("to", "cancelled")) },
                ]))
                p class="muted" { "取消后不能恢复；在办的办件按原版本办完。" }
            })))
        }
        @if !edits && !reviews { p { "您可以查看这个事项。" } }
    }
}

/// After an act: back to the item with a word about it, or the page again with what is wrong.
async fn answer(ctx: &Ctx, id: Uuid, done: Result<()>, said: &str) -> PageResult<Response> {
    use axum::response::IntoResponse;
    match done {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/work/items/{id}"), said)),
        Err(error) if error.kind() == Kind::Invalid => Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, show(ctx, id, error.fields()).await?).into_response()),
        Err(error) => Err(error.into()),
    }
}

fn lock_of(form: &Posted) -> Result<i32> {
    form.data.text("lock").parse().map_err(|_| Error::expired("页面内容不完整，请刷新页面后重新操作。"))
}

/// `POST /work/items/{id}/bind`
pub(super) async fn bind(ctx: Ctx, Path(id): Path<Uuid>, _form: Posted) -> PageResult<Response> {
    let row = item::get(ctx.db.read(), id).await?;
    let body = bodies::by_uscc(ctx.db.read(), &row.body_uscc).await?.ok_or_else(|| {
        Error::refused("catalog.body_unknown", format!("机构库里没有统一社会信用代码为 {} 的机构，请先由机构管理员登记。", row.body_uscc))
    })?;
    answer(&ctx, id, service::bind_body(&ctx, ctx.actor(), id, &body).await, "已关联实施主体。").await
}

/// `POST /work/items/{id}/version`
pub(super) async fn start_version(ctx: Ctx, Path(id): Path<Uuid>, _form: Posted) -> PageResult<Response> {
    service::start_version(&ctx, ctx.actor(), id).await?;
    Ok(ctx.redirect_saying(&format!("/work/items/{id}/edit"), "已开始编制新版本，发布前在用版本不变。"))
}

/// `POST /work/items/{id}/submit`
pub(super) async fn submit(ctx: Ctx, Path(id): Path<Uuid>, form: Posted) -> PageResult<Response> {
    answer(&ctx, id, service::submit_for_review(&ctx, ctx.actor(), id, lock_of(&form)?).await, "已提交审核。").await
}

/// `POST /work/items/{id}/publish`
pub(super) async fn publish(ctx: Ctx, Path(id): Path<Uuid>, form: Posted) -> PageResult<Response> {
    let reason = form.data.text("difference_reason");
    answer(&ctx, id, service::publish(&ctx, ctx.actor(), id, lock_of(&form)?, reason).await, "已发布，公众现在可以看到并办理。").await
}

/// `POST /work/items/{id}/reject`
pub(super) async fn reject(ctx: Ctx, Path(id): Path<Uuid>, form: Posted) -> PageResult<Response> {
    let reasons = form.data.text("reasons");
    answer(&ctx, id, service::reject(&ctx, ctx.actor(), id, lock_of(&form)?, reasons).await, "已退回编制人员修改。").await
}

/// `POST /work/items/{id}/state`
pub(super) async fn change_state(ctx: Ctx, Path(id): Path<Uuid>, form: Posted) -> PageResult<Response> {
    let (actor, reason) = (ctx.actor(), form.data.text("reason"));
    let (done, said) = match ItemStatus::from_code(form.data.text("to")) {
        Some(ItemStatus::Suspended) => (service::suspend(&ctx, actor, id, reason).await, "已暂停办理。"),
        Some(ItemStatus::Published) => (service::resume(&ctx, actor, id, reason).await, "已恢复办理。"),
        Some(ItemStatus::Cancelled) => (service::cancel(&ctx, actor, id, reason).await, "已取消，不再受理新的申请。"),
        _ => return Err(Error::expired("页面内容不完整，请刷新页面后重新操作。").into()),
    };
    answer(&ctx, id, done, said).await
}
