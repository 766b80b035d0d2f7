//! 手工用印: put a seal one holds under a file.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{FieldError, Kind};
use bytes::Bytes;
use maud::{Markup, html};
use web::components::*;
use web::{Ctx, PageResult, Upload};

use crate::model::Purpose;
use crate::pages::{id, tone};
use crate::service::{self, HandOrder};
use crate::store::Seal;

/// The seals the own hand may use.
pub(in crate::pages) async fn mine(ctx: Ctx) -> PageResult {
    let seals = service::held(&ctx, ctx.actor()).await?;
    let now = ctx.now();
    let mut rows = Vec::new();
    for seal in &seals {
        let standing = seal.standing(now)?;
        let href = format!("/work/seals/{}/use", seal.id);
        rows.push(
            TableRow::new()
                .cell(html! { a href=(href) { (seal.name) } })
                .cell(seal.number.as_deref().unwrap_or("—"))
                .cell(tag(tone(standing), standing.name()))
                .open(&href),
        );
    }
    Ok(ctx
        .workbench("手工用印")
        .body(html! {
            (PageHeading::new("手工用印").lede("给 PDF 或 OFD 文件加盖您获得授权的印章。办件的决定书、通知书由平台自动加盖，不用在这里办理。"))
            @if rows.is_empty() {
                (card(empty_state(Icon::BadgeCheck, "您没有可以使用的印章", "需要用印的，请联系本单位的印章管理员授权。", None)))
            } @else {
                (card(Table::new("印章", ["印章", "编号", "状态"].map(Column::new)).hide_caption().keyboard().rows(rows).render()))
            }
        })
        .document())
}

/// The form.
pub(in crate::pages) async fn show(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    let seal = service::held_one(&ctx, ctx.actor(), id(&text)?).await?;
    Ok(form(&ctx, &seal, &HandForm::default(), &[])?)
}

/// What was typed.
struct HandForm {
    purpose: String,
    title: String,
    number: String,
    page: String,
    x: String,
    y: String,
}

impl Default for HandForm {
    fn default() -> Self {
        Self { purpose: String::new(), title: String::new(), number: String::new(), page: "1".into(), x: "150".into(), y: "60".into() }
    }
}

/// Seals the file and hands it back.
pub(in crate::pages) async fn send(ctx: Ctx, Path(text): Path<String>, upload: Upload) -> PageResult<Response> {
    let seal = service::held_one(&ctx, ctx.actor(), id(&text)?).await?;
    let field = |name: &str| upload.data.text(name).to_owned();
    let typed = HandForm { purpose: field("purpose"), title: field("title"), number: field("number"), page: field("page"), x: field("x"), y: field("y") };
    let mut errors = Vec::new();
    let mut number = |name: &str, text: &str| -> f64 {
        let value = text.parse().ok().filter(|n: &f64| n.is_finite() && *n >= 0.0 && *n <= 2000.0);
        if value.is_none() {
            errors.push(FieldError::new(name, "请填写一个数字。"));
        }
        value.unwrap_or_default()
    };
    let (page, x, y) = (number("page", &typed.page), number("x", &typed.x), number("y", &typed.y));
    let file = upload.files.into_iter().find(|file| file.field == "file");
    if file.is_none() {
        errors.push(FieldError::new("file", "请选择要盖章的 PDF 或 OFD 文件。"));
    }
    let (Some(file), true) = (file, errors.is_empty()) else { return invalid(&ctx, &seal, &typed, &errors) };
    let order = HandOrder {
        purpose: typed.purpose.clone(),
        title: typed.title.clone(),
        number: typed.number.clone(),
        page: page as usize,
        x,
        y,
        name: file.name,
        bytes: file.bytes,
    };
    match service::seal_by_hand(&ctx, ctx.actor(), seal.id, order).await {
        Ok((paper, format, bytes)) => Ok(download(&format!("{}.{}", paper.title, format.ending()), format.mime(), bytes)),
        Err(error) if error.kind() == Kind::Invalid => invalid(&ctx, &seal, &typed, error.fields()),
        Err(error) => Err(error.into()),
    }
}

fn invalid(ctx: &Ctx, seal: &Seal, typed: &HandForm, errors: &[FieldError]) -> PageResult<Response> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, form(ctx, seal, typed, errors)?).into_response())
}

fn download(name: &str, mime: &str, bytes: Bytes) -> Response {
    let encoded: String = name.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect();
    let value = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    ([(header::CONTENT_TYPE, value(mime)), (header::CONTENT_DISPOSITION, value(&format!("attachment; filename*=UTF-8''{encoded}")))], bytes).into_response()
}

fn form(ctx: &Ctx, seal: &Seal, typed: &HandForm, errors: &[FieldError]) -> base::Result<Markup> {
    let error = |name: &str| errors.iter().find(|e| e.field == name).map(|e| e.message.as_str());
    let purposes: Vec<Choice> = seal.purposes()?.into_iter().map(|purpose: Purpose| Choice::new(purpose.as_str(), purpose.name())).collect();
    let rules = FileRules { accept: vec![".pdf".into(), ".ofd".into()], max_bytes: files::MAX_FILE_BYTES as u64, multiple: false };
    let number = |name: &'static str, label: &'static str, hint: &'static str, value: &str| {
        text_input(&Field::new(name, label).hint(hint).value(value).inputmode("decimal").error(error(name)).width(Width::Chars10))
    };
    Ok(ctx
        .workbench("手工用印")
        .crumb("手工用印", "/work/seals/mine")
        .has_errors(!errors.is_empty())
        .body(html! {
            (error_summary(errors.iter().map(|e| (e.field.as_str(), e.message.as_str()))))
            (PageHeading::new(format!("使用{}", seal.name)).caption(format!("印章编号 {}", seal.number.as_deref().unwrap_or_default())))
            (two_columns(
                card(ctx.form(format!("/work/seals/{}/use", seal.id)).upload().body(html! {
                    (radios(&Field::new("purpose", "文书种类").value(&typed.purpose).error(error("purpose")), &purposes))
                    (text_input(&Field::new("title", "文书标题").value(&typed.title).error(error("title")).max_length(120)))
                    (text_input(&Field::new("number", "文号").required(false).value(&typed.number).error(error("number")).max_length(60).width(Width::TwoThirds)))
                    (file_upload(&Field::new("file", "文件").error(error("file")), &rules))
                    (number("page", "盖在第几页", "从 1 数起", &typed.page))
                    (number("x", "印章中心距页面左边（毫米）", "A4 纸宽 210 毫米", &typed.x))
                    (number("y", "印章中心距页面下边（毫米）", "A4 纸高 297 毫米", &typed.y))
                    (button_row([html! { (Button::primary("盖章并下载").icon(Icon::Download)) }]))
                })),
                section("印模", None, html! { img class="seal-picture" src={ "/work/seals/" (seal.id) "/picture.png" } width="210" height="210" alt={ (seal.name) "印模" }; }),
            ))
        })
        .document())
}
