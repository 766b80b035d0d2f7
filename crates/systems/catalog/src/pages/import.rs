use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base::{Error, Kind, Result};
use serde::Deserialize;
use uuid::Uuid;
use web::components::*;
use web::{Ctx, Markup, PageResult, Upload, html};

use super::bodies;
use crate::model::import::TEMPLATE;
use crate::service;
use crate::store::import as batches;

/// Rows kept aside shown on one page.
const SIZE: usize = 50;
/// Rows in one download.
const DOWNLOAD: usize = 100_000;

/// `GET /work/items/import`
pub(super) async fn page(ctx: Ctx) -> PageResult {
    Ok(ask(&ctx, None))
}

fn ask(ctx: &Ctx, error: Option<&str>) -> Markup {
    let rules = FileRules { accept: vec![".csv".into()], max_bytes: 20 * 1024 * 1024, multiple: false };
    let body = narrow(html! {
        (error_summary(error.map(|message| ("file", message))))
        (PageHeading::new("导入清单").lede("把其他平台或表格里的事项清单导入为草稿。能用的行成为草稿，有问题的行连同原因单独保存，一行也不会丢。"))
        (ctx.form("/work/items/import").upload().body(html! {
            (file_upload(&Field::new("file", "清单文件").hint("UTF-8 编码的 CSV。同一份清单重复导入不会产生重复事项。").error(error), &rules))
            (Button::primary("导入").icon(Icon::Upload))
        }))
        p { a href="/work/items/import/template" { "下载导入模板" } }
    });
    ctx.workbench("导入清单").crumb("事项目录", "/work/items").has_errors(error.is_some()).body(body).document()
}

/// `GET /work/items/import/template`
pub(super) async fn template(_ctx: Ctx) -> Response {
    csv_file("item-template.csv", format!("\u{FEFF}{TEMPLATE}"))
}

/// `POST /work/items/import`
pub(super) async fn upload(ctx: Ctx, upload: Upload) -> PageResult<Response> {
    let refused = |message: &str| (axum::http::StatusCode::UNPROCESSABLE_ENTITY, ask(&ctx, Some(message))).into_response();
    let Some(file) = upload.files.iter().find(|f| f.field == "file") else {
        return Ok(refused("请先选择要导入的 CSV 文件。"));
    };
    files::check_name("file", &file.name)?;
    let bodies = bodies::all(ctx.db.read(), "").await?;
    match service::import_csv(&ctx, ctx.actor(), &bodies, &file.name, &file.bytes).await {
        Ok(report) => {
            let said = format!("共 {} 行：新建草稿 {} 项，已有 {} 项，暂存待改 {} 行。", report.total, report.created, report.known, report.quarantined);
            Ok(ctx.redirect_saying(&format!("/work/items/import/{}", report.batch), &said))
        }
        Err(error) if error.kind() == Kind::Invalid => Ok(refused(error.fields().first().map_or(error.message(), |f| f.message.as_str()))),
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize)]
pub(super) struct After {
    #[serde(default)]
    after: i32,
}

/// `GET /work/items/import/{batch}`: the rows kept aside and why.
pub(super) async fn report(ctx: Ctx, Path(id): Path<Uuid>, Query(After { after }): Query<After>) -> PageResult {
    let conn = ctx.db.read();
    let batch = batches::batch(conn, id).await?;
    let mut rows = batches::quarantined(conn, id, after, SIZE + 1).await?;
    let more = rows.len() > SIZE;
    rows.truncate(SIZE);
    let next = rows.last().filter(|_| more).map(|row| format!("/work/items/import/{id}?after={}", row.row_number));
    let shown = rows.iter().map(|row| {
        Ok(TableRow::new().cell(row.row_number).cell(cells(&row.raw)?.join("，")).cell(html! { @for reason in cells(&row.reasons)? { p { (reason) } } }))
    });
    let shown = shown.collect::<Result<Vec<_>>>()?;
    let body = html! {
        (PageHeading::new("导入结果").caption(batch.file_name.clone()).lede(format!("共 {} 行，{}由{}导入。", batch.rows_total, format::date_time(&batch.imported_at), batch.imported_by))
            .action(Button::secondary("查看草稿").href("/work/items?status=draft")))
        @if shown.is_empty() && after == 0 {
            (empty_state(Icon::CircleCheck, "没有问题行", "所有的行都已存为草稿，请补齐要素后提交审核。", Some(Button::secondary("查看草稿").href("/work/items?status=draft"))))
        } @else {
            p { a href={ "/work/items/import/" (id) "/quarantine" } { "下载全部问题行" } "，改正后可以重新导入。" }
            (Table::new("问题行", [Column::new("行号").numeric(), Column::new("内容"), Column::new("原因")]).rows(shown))
            (pagination_keyset(None, next.as_deref(), "按行号排列"))
        }
    };
    Ok(ctx.workbench("导入结果").crumb("事项目录", "/work/items").crumb("导入清单", "/work/items/import").body(body).document())
}

/// `GET /work/items/import/{batch}/quarantine`: the rows kept aside as CSV, with row number and reasons first.
pub(super) async fn quarantine(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult<Response> {
    batches::batch(ctx.db.read(), id).await?;
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    writer.write_record(["行号", "原因", "原始内容"])?;
    for row in batches::quarantined(ctx.db.read(), id, 0, DOWNLOAD).await? {
        let mut record = vec![row.row_number.to_string(), cells(&row.reasons)?.join("")];
        record.extend(cells(&row.raw)?.into_iter().map(harmless));
        writer.write_record(record)?;
    }
    let text = String::from_utf8(writer.into_inner().map_err(Error::internal)?)?;
    Ok(csv_file("quarantine.csv", format!("\u{FEFF}{text}")))
}

fn cells(json: &str) -> Result<Vec<String>> {
    Ok(serde_json::from_str(json)?)
}

/// A cell that a spreadsheet would run as a formula is kept as text.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { cell }
}

fn csv_file(name: &str, text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))], text).into_response()
}
