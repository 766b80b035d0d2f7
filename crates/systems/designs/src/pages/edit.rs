use axum::Json;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base::{Error, Result};
use serde_json::{Value, json};
use uuid::Uuid;
use web::components::*;
use web::{Ctx, Markup, PageResult, PreEscaped, Upload, html};

use super::words;
use crate::model::{self, Kind, Stage};
use crate::service;
use crate::store::{DesignRow, VersionRow};

/// `GET /work/designs/{id}/edit`: the drawing board, and for browsers without scripts the way by file.
pub(super) async fn page(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult {
    let view = service::design(&ctx, ctx.actor(), id).await?;
    let Some(draft) = view.working().filter(|version| version.stage() == Stage::Draft) else {
        return Err(Error::refused("designs.no_draft", "没有可以修改的草稿。已发布的版本不能修改，请先“编制新版本”；正在审核的版本请审核人先退回。").into());
    };
    let design = &view.design;
    let kind = design.kind()?;
    let found = model::check(kind, &draft.content);
    let file = format!("/work/designs/{id}/versions/{}/file", draft.id);
    let body = html! {
        div class="designer" data-designer=(kind.code()) data-file=(file) data-save=(format!("/work/designs/{id}/save")) data-lock=(draft.lock) data-token=(ctx.token()) {
            div class="designer__bar" {
                h1 class="designer__title" { (words::icon(kind)) " " (design.name) span class="muted" { " 第 " (draft.number) " 版草稿" } }
                span class="designer__state" role="status" data-state { "草稿保存于 " (format::date_time_short(&draft.saved_at)) }
                span class="designer__tools" data-tools {}
                (Button::secondary("试运行").href(format!("/work/designs/{id}/try")).icon(Icon::Eye).small())
                (Button::secondary("检查和提交").href(format!("/work/designs/{id}")).icon(Icon::Send).small())
            }
            (data(&options(&ctx, kind).await?))
            div class="designer__board" {
                div class="designer__canvas" data-canvas tabindex="0" aria-label={ (kind.name()) "画布" } {
                    noscript { p { "浏览器没有运行脚本，不能在这里画。请用下面的“用文件修改”：下载草稿，用其他工具修改后上传，检查是一样的。" } }
                }
                div class="designer__panel" data-panel hidden {}
            }
            section class="designer__findings" aria-label="检查结果" { h2 { "检查结果" } (words::findings(&found)) }
        }
        @if kind == Kind::Decision { (details("条件里可以用哪些数据", known(&ctx, design).await?)) }
        (details("用文件修改（上传、下载）", by_file(&ctx, design, draft, &file)))
    };
    let page = ctx.workbench(format!("设计：{}", design.name)).crumb("流程与表单", "/work/designs").crumb(design.name.clone(), format!("/work/designs/{id}")).wide();
    Ok(page.script(format!("designer-{}.js", kind.code())).style(format!("look-{}.css", kind.code())).body(body).document())
}

fn by_file(ctx: &Ctx, design: &DesignRow, draft: &VersionRow, file: &str) -> Markup {
    html! {
        p { a href={ (file) "?download=1" } { "下载草稿文件" } }
        (ctx.form(format!("/work/designs/{}/save", design.id)).upload().body(html! {
            (hidden("lock", &draft.lock.to_string()))
            (file_upload(&Field::new("file", "上传修改后的文件").hint("上传后替换整份草稿"), &FileRules { accept: vec![format!(".{}", design.kind().map_or("xml", Kind::extension))], max_bytes: model::MAX_BYTES as u64, multiple: false }))
            (Button::secondary("上传并检查").icon(Icon::Upload))
        }))
    }
}

/// What a table can look at: the fields of the form made for the same item, and what is known of every applicant.
async fn known(ctx: &Ctx, design: &DesignRow) -> Result<Markup> {
    let conn = ctx.db.read();
    let form = match crate::store::by_key(conn, Kind::Form, &design.key).await? {
        Some(form) => crate::store::of_design(conn, form.id).await?.into_iter().next(),
        None => None,
    };
    let form = form.and_then(|version| forms::Form::parse(&version.content).ok());
    let mut rows: Vec<(String, String)> = form.iter().flat_map(|form| form.fields()).filter(|f| f.kind.takes_answer()).map(|f| (f.path(), f.label.clone())).collect();
    rows.extend(GIVEN.iter().map(|(name, label)| ((*name).to_owned(), (*label).to_owned())));
    let rows = rows.into_iter().map(|(name, label)| TableRow::new().cell(html! { code { (name) } }).cell(label));
    Ok(html! {
        p { "双击条件列的标题，在“取哪个数据”里填左边的写法。" }
        (Table::new("条件里可以用的数据", [Column::new("写法"), Column::new("是什么")]).hide_caption().compact(true).rows(rows))
    })
}

/// What is known of every application (`cases`, facts of a table).
const GIVEN: &[(&str, &str)] = &[
    ("applicant.kind", "申请人是个人（\"person\"）还是企业（\"firm\"）"),
    ("applicant.age", "申请人的周岁"),
    ("applicant.region", "申请人身份证号码的前六位"),
    ("applicant.agent", "是否由他人代办"),
    ("situation.name", "申请人选的情形"),
    ("today", "今天的日期"),
];

/// What the panel offers to choose from.
async fn options(ctx: &Ctx, kind: Kind) -> Result<Value> {
    let conn = ctx.db.read();
    let pairs = |choices: Vec<service::Choice>| choices.into_iter().map(|c| json!([c.key, c.label])).collect::<Vec<_>>();
    Ok(match kind {
        Kind::Process => json!({
            "permissions": PERMISSIONS.iter().map(|name| json!([name, words::posts(name)])).collect::<Vec<_>>(),
            "steps": STEPS.iter().map(|(step, name)| json!({ "value": step, "name": name, "outcomes": model::process::outcomes_of_step(step) })).collect::<Vec<_>>(),
            "layers": [["handler", "承办"], ["examiner", "审查"], ["approver", "审批"]],
            "topics": TOPICS,
            "templates": model::template::TEMPLATES,
            "correction": model::template::CORRECTION,
            "aside": model::template::ASIDE,
            "bodies": bodies(ctx).await?,
            "results": crate::store::published_tables(conn).await?.iter().map(|(key, content)| (key.clone(), json!(model::decision::results(content)))).collect::<serde_json::Map<_, _>>(),
            "forms": pairs(service::choices(conn, Kind::Form).await?),
            "decisions": pairs(service::choices(conn, Kind::Decision).await?),
        }),
        Kind::Decision | Kind::Form => json!({}),
    })
}

/// Names of the bodies that can take part in a joint approval.
async fn bodies(ctx: &Ctx) -> Result<Vec<String>> {
    let city = ctx.site.region.get(..4).unwrap_or_default();
    Ok(organization::bodies(ctx.db.read(), city).await?.into_iter().map(|body| body.name).collect())
}

/// What the system can do by itself.
const TOPICS: &[(&str, &str)] = &[
    ("licences.issue", "制作电子证照"),
    ("cases.deliver", "送达结果，写送达回证"),
    ("cases.notify", "给申请人发通知"),
    ("cases.departments", "确定联合办理的部门"),
    ("cases.start_special", "启动特别程序"),
    ("cases.decide_at_once", "按决策表当即决定"),
    ("cases.deem_accepted", "视为受理"),
    ("cases.close_uncorrected", "补正逾期办结"),
];

/// Who can be asked to do a task of a case.
const PERMISSIONS: &[&str] = &["cases.accept", "cases.handle", "cases.examine", "cases.approve", "cases.head", flow::APPLICANT];

/// What the case system knows how to do.
const STEPS: &[(&str, &str)] =
    &[("acceptance", "受理"), ("correction", "补正"), ("handling", "承办"), ("inspection", "现场核查"), ("special", "特别程序"), ("joint", "部门联合审查"), ("examination", "审查"), ("approval", "审批")];

/// Data for a script; no text in it can end the element.
fn data(value: &Value) -> Markup {
    html! { script type="application/json" data-options { (PreEscaped(value.to_string().replace('<', "\\u003c"))) } }
}

/// `POST /work/designs/{id}/save`: by the board as `content`, or by hand as `file`.
pub(super) async fn save(ctx: Ctx, Path(id): Path<Uuid>, form: Upload) -> PageResult<Response> {
    let lock: i32 = form.data.text("lock").parse().map_err(|_| Error::expired("页面内容不完整，请刷新页面后重新操作。"))?;
    let content = match form.files.first() {
        Some(file) => String::from_utf8(file.bytes.to_vec()).map_err(|_| Error::field("file", "文件不是 UTF-8 文本，请另存为 UTF-8 后上传。"))?,
        None => form.data.get("content").map(str::to_owned).ok_or_else(|| Error::field("file", "请选择文件。"))?,
    };
    let saved = service::save(&ctx, ctx.actor(), id, lock, &content).await?;
    if ctx.is_program() {
        let answer = json!({ "lock": saved.lock, "saved": format::date_time_short(&saved.at), "findings": saved.findings });
        return Ok(Json(answer).into_response());
    }
    Ok(ctx.redirect_saying(&format!("/work/designs/{id}"), "已上传并检查，结果见下。"))
}

/// `GET /work/designs/{id}/versions/{version}/file`
pub(super) async fn file(ctx: Ctx, Path((id, version)): Path<(Uuid, Uuid)>) -> PageResult<Response> {
    let (design, version) = service::version_of(&ctx, ctx.actor(), id, version).await?;
    let kind = design.kind()?;
    let name = format!("attachment; filename=\"{}-{}.{}\"", design.key, version.number, kind.extension());
    Ok(([(header::CONTENT_TYPE, kind.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)], version.content).into_response())
}
