//! 存量证照导入: lists uploaded, their progress, what was kept aside, the decision.

use std::collections::HashMap;

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::Error;
use db::Cursor;
use maud::{Markup, html};
use web::components::*;
use web::{Ctx, Form as Sent, PageResult, Upload};

use crate::model::stock;
use crate::pages::{csv_response, id, mendable, said, summary};
use crate::permissions::APPROVE;
use crate::service::{self, KeptAside, TypeView};
use crate::store::Import;

const PER_PAGE: usize = 50;
/// Rows kept aside on the page; all are in the file.
const SHOWN: usize = 50;

fn state_tag(state: &str) -> Markup {
    match state {
        "checking" => tag(Tone::Neutral, "正在检查"),
        "checked" => tag(Tone::Caution, "待审核"),
        "issuing" => tag(Tone::Neutral, "正在导入"),
        "done" => tag(Tone::Good, "已导入"),
        _ => tag(Tone::Alert, "未同意"),
    }
}

/// `GET /work/licences/stock`
pub(in crate::pages) async fn list(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let after = query.get("after").map(|text| Cursor::from_param(text));
    let page = service::stock_lists(ctx.platform(), ctx.actor(), after.as_ref(), PER_PAGE).await?;
    let rows = page.items.iter().map(|import| {
        let href = format!("/work/licences/stock/{}", import.id);
        TableRow::new()
            .cell(html! { a href=(href) { (import.file_name) } })
            .cell(&import.type_name)
            .cell(import.rows_total)
            .cell(import.rows_bad)
            .cell(import.rows_issued)
            .cell(&import.uploader_name)
            .cell(state_tag(&import.state))
            .open(&href)
    });
    let empty = page.items.is_empty();
    let columns = [
        Column::new("清单"),
        Column::new("证照类型"),
        Column::new("行数").numeric(),
        Column::new("暂存").numeric(),
        Column::new("已导入").numeric(),
        Column::new("上传人"),
        Column::new("状态"),
    ];
    Ok(ctx
        .workbench("存量证照导入")
        .body(html! {
            (PageHeading::new("存量证照导入").lede("把以前颁发的证照整批导入电子证照库。每一行都检查，有问题的连同原因暂存；另一人审核通过后才成为电子证照。")
                .action(Button::secondary("选择证照类型").href("/work/licences/types").icon(Icon::BookMarked)))
            @if empty {
                (card(empty_state(Icon::Upload, "还没有导入过", "先在证照类型里选一种有现行版本的类型，再从那里导入。", Some(Button::secondary("选择证照类型").href("/work/licences/types")))))
            } @else {
                (card(html! {
                    (Table::new("清单", columns).hide_caption().compact(true).keyboard().rows(rows))
                    (paging("/work/licences/stock", &page, "后上传的在前"))
                }))
            }
        })
        .document())
}

/// `GET /work/licences/stock/new?type=`
pub(in crate::pages) async fn ask(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let view = service::type_view(ctx.platform(), ctx.actor(), query.get("type").map_or("", String::as_str)).await?;
    Ok(form(&ctx, &view, None))
}

fn form(ctx: &Ctx, view: &TypeView, error: Option<&Error>) -> Markup {
    let rules = FileRules { accept: vec![".csv".into()], max_bytes: 20 * 1024 * 1024, multiple: false };
    let template = format!("/work/licences/types/{}/stock.csv", view.row.code);
    ctx.workbench("导入存量证照")
        .crumb("存量证照导入", "/work/licences/stock")
        .has_errors(error.is_some())
        .body(narrow(html! {
            (error_summary(summary(error)))
            (PageHeading::new("导入存量证照").caption(&view.row.name))
            ol class="plain-steps" {
                li { a href=(template) { "下载模板" } "，按列填写，一行一张证照，最多 " (format::number(i64::try_from(stock::MOST_ROWS).unwrap_or(i64::MAX))) " 行。" }
                li { "日期写成 2024-03-09；长期有效的“有效期至”写“长期”。" }
                li { "另存为“CSV UTF-8”后上传。同一份文件上传两次只算一份。" }
            }
            (ctx.form("/work/licences/stock/new").upload().body(html! {
                (hidden("type", &view.row.code))
                (file_upload(&Field::new("file", "清单文件").error(said(error, "file")), &rules))
                (Button::primary("上传并检查").icon(Icon::Upload))
            }))
        }))
        .document()
}

/// `GET /work/licences/types/{code}/stock.csv`
pub(in crate::pages) async fn template(ctx: Ctx, Path(code): Path<String>) -> PageResult<Response> {
    let view = service::type_view(ctx.platform(), ctx.actor(), &code).await?;
    Ok(csv_response("stock-template.csv", stock::template(&view.spec()?)))
}

/// `POST /work/licences/stock/new`
pub(in crate::pages) async fn upload(ctx: Ctx, upload: Upload) -> PageResult<Response> {
    let code = upload.data.text("type").to_owned();
    let done = match upload.files.iter().find(|file| file.field == "file") {
        Some(file) => service::upload(ctx.platform(), ctx.actor(), &code, &file.name, &file.bytes).await,
        None => Err(Error::field("file", "请先选择要导入的 CSV 文件。")),
    };
    match done {
        Ok(id) => Ok(ctx.redirect_saying(&format!("/work/licences/stock/{id}"), "清单已上传，正在检查。")),
        Err(error) if mendable(&error) => {
            let view = service::type_view(ctx.platform(), ctx.actor(), &code).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form(&ctx, &view, Some(&error))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /work/licences/stock/{id}`
pub(in crate::pages) async fn show(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    let id = id(&text)?;
    let import = service::stock_list(ctx.platform(), ctx.actor(), id).await?;
    let aside = service::kept_aside(ctx.platform(), ctx.actor(), id, 0, SHOWN).await?;
    Ok(render(&ctx, &import, &aside, "", None))
}

fn render(ctx: &Ctx, import: &Import, aside: &[KeptAside], note: &str, error: Option<&Error>) -> Markup {
    let href = format!("/work/licences/stock/{}", import.id);
    let count = |n: i32| u64::try_from(n).unwrap_or(0);
    let running = matches!(import.state.as_str(), "checking" | "issuing");
    let may = import.state == "checked" && ctx.actor().may(APPROVE, &import.target());
    let mut facts = vec![
        Fact::new("证照类型", html! { a href=(format!("/work/licences/types/{}", import.type_code)) { (import.type_name) } }),
        Fact::new("颁发机构", &import.body_name),
        Fact::new("行数", import.rows_total),
        Fact::new("可以导入", import.rows_total - import.rows_bad),
        Fact::new("暂存", import.rows_bad),
        Fact::new("上传", format!("{}，{}", import.uploader_name, format::date_time(&import.created_at))),
    ];
    if let Some(at) = import.decided_at {
        facts.push(Fact::new("审核", format!("{}，{}", import.decider_name, format::date_time(&at))));
        facts.push(Fact::new("审核意见", &import.note));
        facts.push(Fact::new("已成为电子证照", import.rows_issued));
    }
    ctx.workbench("存量证照清单")
        .crumb("存量证照导入", "/work/licences/stock")
        .has_errors(error.is_some())
        .body(html! {
            (error_summary(summary(error)))
            (PageHeading::new(&import.file_name).caption("存量证照清单").mark(state_tag(&import.state)))
            @if running {
                (card(html! {
                    @if import.state == "checking" { (progress_bar("已检查", count(import.rows_checked), count(import.rows_total))) }
                    @else { (progress_bar("已导入", count(import.rows_done), count(import.rows_total))) }
                    p class="muted" { "程序在后台逐批处理，可以离开这一页；中断后会从停下的地方继续。" a href=(href) { "刷新进度" } }
                }))
            }
            (two_columns(
                html! {
                    (section("清单", None, summary_list(&facts)))
                    (section("暂存的行", None, aside_table(import, aside)))
                },
                html! {
                    @if may {
                        (section("审核", None, ctx.form(format!("{href}/decide")).body(html! {
                            p { "同意后 " (import.rows_total - import.rows_bad) " 行成为电子证照，持证人立即可以使用；暂存的行不导入。" }
                            (textarea(&Field::new("note", "审核意见").hint("不同意时必须写明理由").required(false).value(note).error(said(error, "note")).max_length(300).rows(3)))
                            (button_row([html! { (Button::primary("同意导入").name("decision", "approve")) }, html! { (Button::warning("不同意").name("decision", "reject")) }]))
                        })))
                    } @else if import.state == "checked" {
                        (section("审核", None, html! { p { "检查完毕，等待上传人以外的证照审核员决定。" } }))
                    }
                },
            ))
        })
        .document()
}

fn aside_table(import: &Import, aside: &[KeptAside]) -> Markup {
    let rows = aside.iter().map(|row| TableRow::new().cell(row.number).cell(row.cells.join("，")).cell(html! { @for reason in &row.reasons { p { (reason) } } }));
    html! {
        @if aside.is_empty() { p class="muted" { "没有。" } }
        @else {
            p { a href=(format!("/work/licences/stock/{}/kept-aside", import.id)) { "下载全部 " (import.rows_bad) " 行和原因" } "，改正后另存为新文件再上传。" }
            (Table::new("暂存的行", [Column::new("行号").numeric(), Column::new("内容"), Column::new("原因")]).hide_caption().compact(true).rows(rows))
        }
    }
}

/// `POST /work/licences/stock/{id}/decide`
pub(in crate::pages) async fn decide(ctx: Ctx, Path(text): Path<String>, form: Sent) -> PageResult<Response> {
    let id = id(&text)?;
    let (approve, note) = (form.data.text("decision") == "approve", form.data.text("note"));
    match service::decide_stock(ctx.platform(), ctx.actor(), id, approve, note).await {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/work/licences/stock/{id}"), if approve { "已同意，正在导入。" } else { "已退回，没有导入任何证照。" })),
        Err(error) if mendable(&error) => {
            let import = service::stock_list(ctx.platform(), ctx.actor(), id).await?;
            let aside = service::kept_aside(ctx.platform(), ctx.actor(), id, 0, SHOWN).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&ctx, &import, &aside, note, Some(&error))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /work/licences/stock/{id}/kept-aside`
pub(in crate::pages) async fn kept_aside(ctx: Ctx, Path(text): Path<String>) -> PageResult<Response> {
    let text = service::kept_aside_csv(ctx.platform(), ctx.actor(), id(&text)?).await?;
    Ok(csv_response("kept-aside.csv", text))
}
