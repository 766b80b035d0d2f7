//! 证照类型: the types of the own body, their versions, review.

use std::collections::HashMap;

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::Error;
use db::Cursor;
use maud::{Markup, html};
use web::components::*;
use web::{Ctx, Form as Sent, PageResult};

use crate::model::{Stage, TypeSpec};
use crate::pages::{mendable, pdf_response, said, summary};
use crate::permissions::APPROVE;
use crate::service::{self, TypeStep, TypeView};
use crate::store::TypeVersion;

const PER_PAGE: usize = 50;

fn stage_tag(stage: Stage) -> Markup {
    let tone = match stage {
        Stage::Draft => Tone::Neutral,
        Stage::InReview => Tone::Caution,
        Stage::InForce => Tone::Good,
        Stage::Replaced => Tone::Neutral,
    };
    tag(tone, stage.name())
}

/// `GET /work/licences/types`
pub(in crate::pages) async fn list(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let after = query.get("after").map(|text| Cursor::from_param(text));
    let page = service::types(ctx.platform(), ctx.actor(), after.as_ref(), PER_PAGE).await?;
    let rows = page.items.iter().map(|row| {
        let href = format!("/work/licences/types/{}", row.code);
        TableRow::new()
            .cell(html! { a href=(href) { (row.name) } })
            .cell(&row.code)
            .cell(&row.body_name)
            .cell(html! {
                @if row.in_force > 0 { (tag(Tone::Good, &format!("第 {} 版现行", row.in_force))) } @else { (tag(Tone::Caution, "没有现行版本")) }
                @if row.working > 0 { " " (tag(Tone::Neutral, "有新版本在编制")) }
            })
            .open(&href)
    });
    let empty = page.items.is_empty();
    Ok(ctx
        .workbench("证照类型")
        .body(html! {
            (PageHeading::new("证照类型").lede("证照登载什么、有效多久、什么样子，由定义机构编制，另一人审核后施行，并公布在证照目录。").action(Button::primary("编制新类型").href("/work/licences/types/new").icon(Icon::Plus)))
            @if empty {
                (card(empty_state(Icon::BookMarked, "还没有证照类型", "编制后经审核施行；事项第一次签发证照时也会自动登记类型。", None)))
            } @else {
                (card(html! {
                    (Table::new("证照类型", ["名称", "类型代码", "定义机构", "版本"].map(Column::new)).hide_caption().compact(true).keyboard().rows(rows))
                    (paging("/work/licences/types", &page, "按类型代码排列"))
                }))
            }
        })
        .document())
}

/// `GET /work/licences/types/{code}`
pub(in crate::pages) async fn show(ctx: Ctx, Path(code): Path<String>) -> PageResult {
    let view = service::type_view(ctx.platform(), ctx.actor(), &code).await?;
    Ok(render(&ctx, &view, "", None)?)
}

fn render(ctx: &Ctx, view: &TypeView, note: &str, error: Option<&Error>) -> base::Result<Markup> {
    let href = format!("/work/licences/types/{}", view.row.code);
    let working = view.working();
    let stage = working.map(TypeVersion::stage).transpose()?;
    let spec = view.spec()?;
    let title = match (working, view.in_force()) {
        (Some(version), _) => format!("第 {} 版（{}）", version.number, stage.map_or("", Stage::name)),
        (None, Some(version)) => format!("第 {} 版（现行）", version.number),
        (None, None) => "还没有编制".to_owned(),
    };
    let mut heading = PageHeading::new(&view.row.name).caption(format!("证照类型 {}", view.row.code));
    if stage != Some(Stage::InReview) {
        heading = heading.action(Button::primary(if working.is_some() { "继续编制" } else { "编制新版本" }).href(format!("{href}/edit")).icon(Icon::Pencil));
    }
    heading = heading.action(Button::secondary("预览样张").href(format!("{href}/sample")).icon(Icon::Eye));
    Ok(ctx
        .workbench(&view.row.name)
        .crumb("证照类型", "/work/licences/types")
        .has_errors(error.is_some())
        .body(html! {
            (error_summary(summary(error)))
            (heading)
            (two_columns(
                section(&title, None, summary_list(&facts(&spec))),
                html! {
                    @if let (Some(version), Some(stage)) = (working, stage) { (section("下一步", None, next(ctx, view, version, stage, note, error))) }
                    (section("历次版本", None, versions(&view.versions)?))
                    @if view.in_force().is_some() {
                        (section("存量证照", None, html! {
                            p { "以前颁发的纸质证照和其他系统的证照，可以整批导入。" }
                            p { a href=(format!("/work/licences/stock/new?type={}", view.row.code)) { "导入存量证照" } }
                            p { a href=(format!("/licences/types/{}", view.row.code)) { "看公布的目录" } }
                        }))
                    }
                },
            ))
        })
        .document())
}

fn facts(spec: &TypeSpec) -> Vec<Fact> {
    let lines = html! { ul class="plain-list" { @for field in &spec.fields { li { (field.name) @if field.required { " " (tag(Tone::Neutral, "必有")) } } } } };
    vec![
        Fact::new("证照名称", &spec.name),
        Fact::new("证明什么", &spec.definition),
        Fact::new("设定依据", &spec.basis),
        Fact::new("领域", spec.domain.name()),
        Fact::new("持证主体", spec.holder.name()),
        Fact::new("有效期", spec.validity.describe()),
        Fact::new("可信等级", format!("{} 级，{}", spec.trust.code(), spec.trust.meaning())),
        Fact::new("登载内容", lines),
        Fact::new("版式", if spec.layout.portrait { "竖版" } else { "横版" }),
        Fact::new("正文前的文字", html! { @for line in &spec.layout.front { p { (line) } } }),
        Fact::new("备注", &spec.layout.remarks),
        Fact::new("编号前缀", &spec.layout.prefix),
    ]
}

fn next(ctx: &Ctx, view: &TypeView, version: &TypeVersion, stage: Stage, note: &str, error: Option<&Error>) -> Markup {
    let href = format!("/work/licences/types/{}", view.row.code);
    html! {
        @if !version.note.is_empty() && stage == Stage::Draft { (inset(html! { "上次审核退回：" (version.note) })) }
        @if stage == Stage::Draft {
            p { "由 " (version.editor_name) " 编制。内容确定后提交另一位审核人员。" }
            (ctx.form(format!("{href}/submit")).body(html! { (hidden("lock", &version.lock.to_string())) (Button::primary("提交审核")) }))
        } @else if ctx.actor().may(APPROVE, &view.row.target()) {
            p { "由 " (version.editor_name) " 编制。审核通过后立即施行，新签发的证照按这个版本。" }
            (ctx.form(format!("{href}/review")).body(html! {
                (hidden("lock", &version.lock.to_string()))
                (textarea(&Field::new("note", "退回的理由").required(false).value(note).error(said(error, "note")).max_length(300).rows(3)))
                (button_row([html! { (Button::primary("审核通过").name("decision", "approve")) }, html! { (Button::warning("退回修改").name("decision", "reject")) }]))
            }))
        } @else {
            p { "等待证照审核员审核。" }
        }
    }
}

fn versions(versions: &[TypeVersion]) -> base::Result<Markup> {
    let mut rows = Vec::with_capacity(versions.len());
    for version in versions {
        let by = if version.reviewer_name.is_empty() { version.editor_name.clone() } else { format!("{}编制，{}审核", version.editor_name, version.reviewer_name) };
        rows.push(TableRow::new().cell(format!("第 {} 版", version.number)).cell(stage_tag(version.stage()?)).cell(by));
    }
    Ok(html! {
        @if rows.is_empty() { p class="muted" { "还没有版本。" } }
        @else { (Table::new("历次版本", ["版本", "状态", "人员"].map(Column::new)).hide_caption().compact(true).rows(rows)) }
    })
}

async fn step(ctx: Ctx, code: String, form: Sent, step: TypeStep<'_>, done: &str) -> PageResult<Response> {
    let lock = i32::try_from(form.data.number("lock")?).unwrap_or_default();
    match service::step_type(ctx.platform(), ctx.actor(), &code, step, lock).await {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/work/licences/types/{code}"), done)),
        Err(error) if mendable(&error) => {
            let view = service::type_view(ctx.platform(), ctx.actor(), &code).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&ctx, &view, form.data.text("note"), Some(&error))?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /work/licences/types/{code}/submit`
pub(in crate::pages) async fn submit(ctx: Ctx, Path(code): Path<String>, form: Sent) -> PageResult<Response> {
    step(ctx, code, form, TypeStep::Submit, "已提交审核。").await
}

/// `POST /work/licences/types/{code}/review`
pub(in crate::pages) async fn review(ctx: Ctx, Path(code): Path<String>, form: Sent) -> PageResult<Response> {
    let note = form.data.text("note").to_owned();
    if form.data.text("decision") == "approve" {
        step(ctx, code, form, TypeStep::Approve, "审核通过，新版本已经施行。").await
    } else {
        step(ctx, code, form, TypeStep::Reject(&note), "已退回编制人员修改。").await
    }
}

/// `GET /work/licences/types/{code}/sample`
pub(in crate::pages) async fn sample(ctx: Ctx, Path(code): Path<String>) -> PageResult<Response> {
    let bytes = service::sample(ctx.platform(), ctx.actor(), &code).await?;
    Ok(pdf_response("sample", bytes))
}
