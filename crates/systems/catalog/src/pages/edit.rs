//! The editor of a draft: a list of its sections with the state of each, and one page per section.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Error, FieldError, Kind, Result};
use uuid::Uuid;
use web::components::*;
use web::{Ctx, Form as Posted, Markup, PageResult, html};

use super::edit_read::{new_material, read};
use super::edit_sections::{Section, counts, field_of};
use super::edit_sheet::{Drawn, Sheet};
use crate::model::*;
use crate::permissions::EDIT;
use crate::service;
use crate::store::item::{self, ItemRow};
use crate::store::version;

async fn draft(ctx: &Ctx, id: Uuid) -> Result<(ItemRow, ItemSpec)> {
    let row = item::get(ctx.db.read(), id).await?;
    ctx.actor().require(EDIT, &row.target())?;
    let draft = row.working_version_id.ok_or_else(|| Error::refused("catalog.no_draft", "已发布的版本不能修改，请先“编制新版本”。"))?;
    let spec = version::get(ctx.db.read(), draft).await?.spec()?;
    Ok((row, spec))
}

fn section_of(key: &str) -> Result<Section> {
    Section::from_key(key).ok_or_else(|| Error::not_found("没有这一节，请从目录进入。"))
}

/// Where a section, or the list of them, is.
fn href(id: Uuid, section: Option<Section>) -> String {
    match section {
        Some(section) => format!("/work/items/{id}/edit/{}", section.key()),
        None => format!("/work/items/{id}/edit"),
    }
}

/// The address of the field a finding is about.
pub(super) fn href_of(id: Uuid, problem: &Problem) -> String {
    format!("{}#{}", href(id, Some(Section::of(&problem.field))), field_of(&problem.field))
}

/// `GET /work/items/{id}/edit`: the sections and what is still to be done in each.
pub(super) async fn overview(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult {
    let (_, spec) = draft(&ctx, id).await?;
    let found = problems(&spec);
    let errors: Vec<&Problem> = found.iter().filter(|p| p.severity == Severity::Error).collect();
    let body = html! {
        (PageHeading::new("修改草稿").caption(spec.name.clone()).lede("一节一页，随时可以保存离开；提交审核之前都能修改。"))
        (two_columns(
            section("各节", None, sections(id, &found, None)),
            html! {
                (section("还要补充或改正", None, html! {
                    @if errors.is_empty() { p { "各要素齐全，可以提交审核。" } }
                    @else { ul class="govuk-list" { @for problem in &errors { li { a href=(href_of(id, problem)) { (problem.message) } } } } }
                }))
                (button_row([
                    html! { (Button::secondary("查看事项，提交审核").href(format!("/work/items/{id}"))) },
                    html! { (Button::secondary("搭建这项服务").href(format!("/work/items/{id}/build")).icon(Icon::Workflow)) },
                ]))
            },
        ))
    };
    Ok(frame(&ctx, id, &spec, false, "修改草稿", body))
}

fn frame(ctx: &Ctx, id: Uuid, spec: &ItemSpec, errors: bool, title: &str, body: Markup) -> Markup {
    ctx.workbench(title)
        .crumb("事项目录", "/work/items")
        .crumb(spec.name.clone(), format!("/work/items/{id}"))
        .crumb("修改草稿", href(id, None))
        .has_errors(errors)
        .body(body)
        .document()
}

/// The task list: what each section still lacks.
fn sections(id: Uuid, found: &[Problem], here: Option<Section>) -> Markup {
    let tasks: Vec<Task> = Section::ALL
        .into_iter()
        .map(|section| {
            let (errors, advice) = counts(found, section);
            let state = match (Some(section) == here, errors) {
                (true, _) => StepState::Current,
                (false, 0) => StepState::Done,
                (false, _) => StepState::Problem,
            };
            let hint = match (errors, advice) {
                (0, 0) if here.is_some() => String::new(),
                (0, 0) => section.hint().to_owned(),
                (0, advice) => format!("{advice} 条建议"),
                (errors, _) => format!("{errors} 处须补充或改正"),
            };
            let task = Task::new(section.title(), state).href(href(id, Some(section)));
            if hint.is_empty() { task } else { task.hint(hint) }
        })
        .collect();
    task_list(&tasks)
}

/// `GET /work/items/{id}/edit/{section}`
pub(super) async fn page(ctx: Ctx, Path((id, key)): Path<(Uuid, String)>) -> PageResult {
    let section = section_of(&key)?;
    let (row, spec) = draft(&ctx, id).await?;
    show(&ctx, id, row.version, section, &spec, &[]).await
}

/// `POST /work/items/{id}/edit/{section}`: saves the section and goes on, or adds a row to the materials without saving.
pub(super) async fn save(ctx: Ctx, Path((id, key)): Path<(Uuid, String)>, form: Posted) -> PageResult<Response> {
    let section = section_of(&key)?;
    let (_, old) = draft(&ctx, id).await?;
    let lock: i32 = form.data.text("lock").parse().map_err(|_| Error::expired("页面内容不完整，请刷新页面后重新操作。"))?;
    let (mut spec, errors) = read(section, &form.data, &old);
    if form.data.text("act") == "add_material" {
        spec.materials.push(new_material());
        return Ok(show(&ctx, id, lock, section, &spec, &[]).await?.into_response());
    }
    if !errors.is_empty() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&ctx, id, lock, section, &spec, &errors).await?).into_response());
    }
    match service::save_draft(&ctx, ctx.actor(), id, lock, spec.clone()).await {
        Ok(()) => {
            let next = if form.data.text("act") == "leave" { None } else { section.next() };
            Ok(ctx.redirect_saying(&href(id, next), &format!("“{}”已保存。", section.title())))
        }
        Err(error) if error.kind() == Kind::Invalid => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&ctx, id, lock, section, &spec, error.fields()).await?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn show(ctx: &Ctx, id: Uuid, lock: i32, section: Section, spec: &ItemSpec, errors: &[FieldError]) -> PageResult {
    let found = problems(spec);
    let drawn = Drawn::published(ctx).await?;
    let own: Vec<&Problem> = found.iter().filter(|p| Section::of(&p.field) == section).collect();
    let body = html! {
        (error_summary(errors.iter().map(|e| (e.field.as_str(), e.message.as_str()))))
        (PageHeading::new(section.title()).caption(spec.name.clone()))
        (two_columns(
            html! {
                @if errors.is_empty() && !own.is_empty() {
                    (notification_banner(Tone::Caution, "这一节还要看看", html! {
                        ul class="govuk-list" { @for problem in &own { li { a href=(format!("#{}", field_of(&problem.field))) { (problem.message) } } } }
                    }))
                }
                (ctx.form(href(id, Some(section))).dirty_check().body(html! {
                    (hidden("lock", &lock.to_string()))
                    (Sheet { spec, errors, drawn: &drawn }.section(section))
                    (button_row([
                        html! { (Button::primary(if section.next().is_some() { "保存并继续" } else { "保存" }).name("act", "save").icon(Icon::Check)) },
                        html! { (Button::secondary("保存，回到目录").name("act", "leave")) },
                        html! { (Button::link("不保存，返回").href(href(id, None))) },
                    ]))
                }))
            },
            web::components::section("各节", None, sections(id, &found, Some(section))),
        ))
    };
    Ok(frame(ctx, id, spec, !errors.is_empty(), section.title(), body))
}
