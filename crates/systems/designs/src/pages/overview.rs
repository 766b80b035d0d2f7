use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Error, FieldError, Result};
use chrono::NaiveDate;
use uuid::Uuid;
use web::components::*;
use web::{Ctx, Form as Posted, Markup, PageResult, html};

use super::words::{findings, standing_tag};
use crate::model::{self, Kind, Stage, Standing};
use crate::service::{self, DesignView};
use crate::store::{self, VersionRow};
use crate::view as drawing;

/// `GET /work/designs/{id}`: where it stands, what is wrong with it, and what can be done now.
pub(super) async fn page(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult {
    show(&ctx, id, &[]).await
}

async fn show(ctx: &Ctx, id: Uuid, errors: &[FieldError]) -> PageResult {
    let view = service::design(ctx, ctx.actor(), id).await?;
    let (design, kind) = (&view.design, view.design.kind()?);
    let current = store::current(ctx.db.read(), id, ctx.today()).await?.map(|version| version.id);
    let standing = |v: &VersionRow| model::standing(v.stage(), v.effective_on(), current == Some(v.id), ctx.today());
    let shown = view.working().or_else(|| view.versions.iter().find(|v| Some(v.id) == current)).or(view.versions.first());
    let main = html! {
        @if let Some(version) = shown {
            @if version.stage() == Stage::Draft && !version.note.is_empty() {
                (notification_banner(Tone::Caution, "审核退回", html! { p { (version.reviewer_name) "：" (version.note) } }))
            }
            @if version.stage() != Stage::Published { (section("检查结果", None, findings(&model::check_with_examples(kind, &version.content, &version.examples()?)))) }
            @if kind == Kind::Process {
                (section(&format!("第 {} 版", version.number), None, drawing::canvas(&format!("{}流程图", design.name), &serde_json::json!({ "xml": version.content }), drawing::Key::None)))
            }
            @if kind == Kind::Decision {
                @for table in &model::decision::outline(&version.content).tables { (section(&format!("第 {} 版：{}", version.number, table.name), None, super::trial_decision::table(table, &[]))) }
            }
        }
    };
    let side = html! {
        (section("可以做的事", None, html! {
            (acts(ctx, &view, errors))
            p { a href={ "/work/items/using?kind=" (kind.code()) "&key=" (design.key) } { "哪些事项在用" } }
        }))
        (section("版本", None, versions(&view, standing)))
        (section("操作记录", None, history(ctx, id).await?))
    };
    let body = html! {
        (error_summary(errors.iter().map(|e| (e.field.as_str(), e.message.as_str()))))
        (PageHeading::new(design.name.clone()).caption(format!("{} · {} · {}", kind.name(), design.key, design.body_name)).mark(html! {
            @if let Some(version) = shown { (standing_tag(standing(version))) }
        }))
        (two_columns(main, side))
    };
    let page = ctx.workbench(design.name.clone()).crumb("流程与表单", "/work/designs").has_errors(!errors.is_empty());
    Ok(drawing::dress(page).body(body).document())
}

fn acts(ctx: &Ctx, view: &DesignView, errors: &[FieldError]) -> Markup {
    let id = view.design.id;
    let error = |name: &str| errors.iter().find(|e| e.field == name).map(|e| e.message.as_str());
    let to = |act: &str| ctx.form(format!("/work/designs/{id}/{act}"));
    let working = view.working();
    let own = working.is_some_and(|v| ctx.actor().id().is_some_and(|id| v.editors().is_ok_and(|all| all.contains(&id))));
    let lock = hidden("lock", &working.map_or(0, |v| v.lock).to_string());
    html! {
        @match working.map(VersionRow::stage) {
            Some(Stage::Draft) if view.edits => {
                (button_row([
                    html! { (Button::secondary("修改草稿").href(format!("/work/designs/{id}/edit")).icon(Icon::Pencil)) },
                    html! { (Button::secondary("试运行").href(format!("/work/designs/{id}/try")).icon(Icon::Eye)) },
                ]))
                (to("submit").body(html! { (lock) (Button::primary("提交审核").icon(Icon::Send)) }))
            }
            Some(Stage::InReview) if view.reviews => {
                p { a href={ "/work/designs/" (id) "/try" } { "先试运行看看" } }
                @if own { (inset("您参与编制了这个版本，请交给另一位审核人员审核。")) }
                @else {
                    (to("publish").body(html! {
                        (lock)
                        (date_input(&Field::new("effective_on", "从哪天起生效").hint("当天或以后；已经开始的办件仍按原版本办完").error(error("effective_on")), &ctx.today().into()))
                        (Button::primary("审核通过并发布").icon(Icon::Check))
                    }))
                }
                (details_open(error("reasons").is_some(), "退回修改", to("reject").body(html! {
                    (lock)
                    (textarea(&Field::new("reasons", "退回理由").rows(3).error(error("reasons"))))
                    (Button::secondary("退回修改").icon(Icon::Undo2))
                })))
            }
            Some(Stage::InReview) => { p { "正在审核，审核期间不能修改。" } p { a href={ "/work/designs/" (id) "/try" } { "试运行" } } }
            None if view.edits => {
                (button_row([html! { (Button::secondary("试运行").href(format!("/work/designs/{id}/try")).icon(Icon::Eye)) }]))
                (to("version").body(html! { (Button::secondary("编制新版本").icon(Icon::Pencil)) }))
            }
            _ => { p { "您可以查看这个设计。" } }
        }
    }
}

fn versions(view: &DesignView, standing: impl Fn(&VersionRow) -> Standing) -> Markup {
    let id = view.design.id;
    let rows = view.versions.iter().enumerate().map(|(at, v)| {
        TableRow::new()
            .cell(format!("第 {} 版", v.number))
            .cell(standing_tag(standing(v)))
            .cell(html! { (v.editor_name) @if v.stage() == Stage::Published { br; "审核：" (v.reviewer_name) } })
            .cell(v.effective_on().map_or_else(|| "—".to_owned(), format::date))
            .cell(html! {
                a href={ "/work/designs/" (id) "/versions/" (v.id) "/file" } { "下载" }
                @if let Some(before) = view.versions.get(at + 1) { " " a href={ "/work/designs/" (id) "/compare?before=" (before.id) "&after=" (v.id) } { "与上一版比较" } }
            })
    });
    let columns = ["版本", "状态", "编制", "生效", "文件"].map(Column::new);
    Table::new("全部版本", columns).hide_caption().compact(true).rows(rows).render()
}

async fn history(ctx: &Ctx, id: Uuid) -> Result<Markup> {
    let entries = journal::entries(ctx.db.read(), id).await?;
    // Autosaves come by the dozen: the latest of a run says enough here, the journal keeps them all.
    let mut steps: Vec<TimelineStep> = Vec::new();
    let mut last: Option<(&str, &str)> = None;
    for entry in entries.iter().rev() {
        let this = (entry.label.as_str(), entry.actor_name.as_str());
        if last == Some(this) && entry.label == "保存草稿" {
            continue;
        }
        last = Some(this);
        let step = TimelineStep::new(entry.label.clone(), StepState::Done).who(entry.actor_name.clone()).when(format::date_time(&entry.at));
        steps.push(match entry.data.get("reasons").and_then(|reasons| reasons.as_str()) {
            Some(reasons) => step.note(reasons),
            None => step,
        });
    }
    Ok(timeline(&steps))
}

/// After an act: back to the design with a word about it, or the page again with what is wrong.
async fn answer(ctx: &Ctx, id: Uuid, done: Result<()>, said: &str) -> PageResult<Response> {
    match done {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/work/designs/{id}"), said)),
        Err(error) if error.kind() == base::Kind::Invalid => Ok((StatusCode::UNPROCESSABLE_ENTITY, show(ctx, id, error.fields()).await?).into_response()),
        Err(error) => Err(error.into()),
    }
}

fn lock_of(form: &Posted) -> Result<i32> {
    form.data.text("lock").parse().map_err(|_| Error::expired("页面内容不完整，请刷新页面后重新操作。"))
}

/// `POST /work/designs/{id}/submit`
pub(super) async fn submit(ctx: Ctx, Path(id): Path<Uuid>, form: Posted) -> PageResult<Response> {
    answer(&ctx, id, service::submit(&ctx, ctx.actor(), id, lock_of(&form)?).await, "已提交审核，请另一位同事审核发布。").await
}

/// `POST /work/designs/{id}/publish`
pub(super) async fn publish(ctx: Ctx, Path(id): Path<Uuid>, form: Posted) -> PageResult<Response> {
    let part = |name: &str| form.data.text(&format!("effective_on_{name}")).parse::<u32>().ok();
    let day = match (part("year"), part("month"), part("day")) {
        (Some(year), Some(month), Some(day)) => i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day)),
        _ => None,
    };
    let done = match day {
        Some(day) => service::publish(&ctx, ctx.actor(), id, lock_of(&form)?, day).await,
        None => Err(Error::field("effective_on", "请填写生效的年、月、日。")),
    };
    answer(&ctx, id, done, "已发布，从生效日期起的新办件按这个版本办理。").await
}

/// `POST /work/designs/{id}/reject`
pub(super) async fn reject(ctx: Ctx, Path(id): Path<Uuid>, form: Posted) -> PageResult<Response> {
    answer(&ctx, id, service::reject(&ctx, ctx.actor(), id, lock_of(&form)?, form.data.text("reasons")).await, "已退回编制人员修改。").await
}

/// `POST /work/designs/{id}/version`
pub(super) async fn start_version(ctx: Ctx, Path(id): Path<Uuid>, _form: Posted) -> PageResult<Response> {
    service::start_version(&ctx, ctx.actor(), id).await?;
    Ok(ctx.redirect_saying(&format!("/work/designs/{id}/edit"), "已开始编制新版本，发布前在用版本不变。"))
}
