//! One material: what is wanted, and the files.

use axum::extract::Path;
use axum::response::Response;
use base::{Error, Kind};
use catalog::model::Necessity;
use maud::html;
use uuid::Uuid;
use web::components::{
    Button, Fact, Field, FileEntry, FileRules, PageHeading, back_link, button_row, details, error_summary, file_list, file_upload, format, hidden, inset, narrow,
    summary_list,
};
use web::{Ctx, Failure, Form, PageResult, Upload, redirect};

use super::start::{IntoPage, page};
use super::{caption, course, home, next_material};
use crate::model::Received;
use crate::pages::case_parts::received_tag;
use crate::service::{self, Draft};

/// GET /apply/drafts/{id}/materials/{n}
pub(crate) async fn show(ctx: Ctx, Path((id, n)): Path<(Uuid, usize)>) -> PageResult<Response> {
    let draft = service::draft(&ctx, ctx.actor(), id).await?;
    render(&ctx, &draft, n, None).await
}

/// POST /apply/drafts/{id}/materials/{n}
pub(crate) async fn upload(ctx: Ctx, Path((id, n)): Path<(Uuid, usize)>, upload: Upload) -> PageResult<Response> {
    match service::add_file(&ctx, ctx.actor(), id, n, &upload.files).await {
        Ok(draft) => Ok(ctx.redirect_saying(&format!("{}/materials/{n}", home(&draft)), "文件已上传。")),
        Err(error) if error.kind() == Kind::Invalid => {
            let draft = service::draft(&ctx, ctx.actor(), id).await?;
            let message = error.fields().first().map_or_else(String::new, |f| f.message.clone());
            render(&ctx, &draft, n, Some(&message)).await
        }
        Err(error) => Err(Failure(error)),
    }
}

/// POST /apply/drafts/{id}/materials/{n}/remove
pub(crate) async fn remove(ctx: Ctx, Path((id, n)): Path<(Uuid, usize)>, form: Form) -> PageResult<Response> {
    let file = form.data.text("file").parse().map_err(|_| Error::not_found("没有这个文件。"))?;
    let draft = service::remove_file(&ctx, ctx.actor(), id, n, file).await?;
    Ok(ctx.redirect_saying(&format!("{}/materials/{n}", home(&draft)), "文件已删除。"))
}

/// POST /apply/drafts/{id}/materials/{n}/received
pub(crate) async fn received(ctx: Ctx, Path((id, n)): Path<(Uuid, usize)>, form: Form) -> PageResult<Response> {
    let how = match form.data.text("how") {
        "paper" => Received::Paper,
        "deferred" => Received::Deferred,
        _ => Received::Missing,
    };
    let draft = service::set_received(&ctx, ctx.actor(), id, n, how).await?;
    Ok(redirect(&next_material(&draft, Some(n))))
}

async fn render(ctx: &Ctx, draft: &Draft, n: usize, error: Option<&str>) -> PageResult<Response> {
    let base = home(draft);
    let (Some(wanted), Some(had)) = (draft.item.spec.materials.get(n), draft.materials.get(n)) else {
        return Err(Failure(Error::not_found("公布的材料清单里没有这项材料。")));
    };
    let files = files::records(ctx.db.read(), &had.files).await?;
    let entries: Vec<FileEntry> = files
        .iter()
        .map(|f| {
            let size = format::file_size(u64::try_from(f.size).unwrap_or_default());
            let remove = ctx.form(format!("{base}/materials/{n}/remove")).inline().body(html! {
                (hidden("file", &f.id.to_string())) (Button::secondary(format!("删除 {}", f.name)).small())
            });
            FileEntry::new(&f.name).note(size).actions(remove)
        })
        .collect();
    let mut facts = vec![Fact::new("是否必要", wanted.necessity.name()), Fact::new("来源", format!("{} {}", wanted.source.name(), wanted.source_note))];
    let mut say = |key: &str, text: &str| {
        if !text.is_empty() {
            facts.push(Fact::new(key, text));
        }
    };
    say("什么情况需要", &wanted.when);
    say("填报须知", &wanted.notes);
    say("受理标准", &wanted.criteria);
    say("依据", &wanted.basis);
    let rules = FileRules { accept: [".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".docx", ".xlsx"].map(str::to_owned).to_vec(), max_bytes: files::MAX_FILE_BYTES as u64, multiple: true };
    let field_name = format!("material_{n}");
    let next = next_material(draft, Some(n));
    let upload_field = Field::new(&field_name, if entries.is_empty() { "选择文件" } else { "再添加文件" }).error(error).hint("可以拍照或扫描，一次可选多个文件，每个不超过 20 MB。");
    let body = html! {
        (course(1))
        (back_link("回到目录", &base))
        (narrow(html! {
            @if let Some(message) = error { (error_summary([(field_name.as_str(), message)])) }
            (PageHeading::new(&wanted.name).caption(caption(draft)).mark(received_tag(had.received)))
            @if !draft.asks_for(wanted) {
                (inset("您选的情形不需要这份材料。"))
            } @else if wanted.exempt.is_empty() {
                (summary_list(&facts))
                @if !entries.is_empty() { (file_list(&entries)) }
                @if wanted.blank_form || wanted.sample {
                    p class="govuk-body" { a class="govuk-link" href=(format!("/items/{}/forms/{n}", draft.row.item_id)) { "查看空白表和填写示例" } }
                }
                @if !draft.at_window() {
                    p class="govuk-body" { a class="govuk-link" href=(format!("/my/licences/use?draft={}&material={n}", draft.row.id)) { "已有电子证照？从“我的证照”里选用，不用再上传" } }
                }
                (ctx.form(format!("{base}/materials/{n}")).upload().body(html! {
                    (file_upload(&upload_field, &rules))
                    (button_row([html! { (Button::secondary("上传")) }]))
                }))
                @if draft.at_window() {
                    (ctx.form(format!("{base}/materials/{n}/received")).body(html! {
                        (hidden("how", "paper")) (Button::secondary("已当面收取纸质件"))
                    }))
                }
                @if draft.item.spec.tolerant && wanted.necessity == Necessity::Deferrable {
                    (details("暂时没有这份材料", html! {
                        p class="govuk-body" { "这个事项可以容缺受理：您承诺在规定期限内补交，现在先提交其他材料。" }
                        (ctx.form(format!("{base}/materials/{n}/received")).body(html! { (hidden("how", "deferred")) (Button::secondary("承诺容缺后补")) }))
                    }))
                }
            } @else {
                (inset(html! { "这份材料免交：" (wanted.exempt) }))
            }
            (button_row([html! { (Button::primary("继续").href(&next)) }]))
        }))
    };
    Ok(page(ctx, draft, &wanted.name).has_errors(error.is_some()).body(body).document().into_response_page())
}
