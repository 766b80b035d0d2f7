use forms::{Answers, Context, Form, StandardLists};
use formpages::{Draw, Feel, links, posted};
use serde_json::Value;
use web::components::*;
use web::{Ctx, FormData, PageResult, html};

use crate::store::{DesignRow, VersionRow};

/// Stands before the names of the form's own fields.
const PREFIX: &str = "field_";

/// A form as an applicant sees it first.
pub(super) fn begin(ctx: &Ctx, design: &DesignRow, version: &VersionRow) -> PageResult {
    show(ctx, design, version, Answers::new(), None)
}

/// A form filled in: its errors, or what would be kept. Nothing is.
pub(super) fn answer(ctx: &Ctx, design: &DesignRow, version: &VersionRow, data: &FormData) -> PageResult {
    let damaged = |_| base::Error::expired("表单内容无法识别，请重新开始试运行。");
    let came = posted(data, PREFIX).map_err(damaged)?;
    let mut typed = came.answers.clone();
    if let Ok(form) = Form::parse(&version.content) {
        came.turn(&form.fields(), &mut typed).map_err(damaged)?;
    }
    let judged = (came.act == formpages::Act::Next).then_some(());
    show(ctx, design, version, typed, judged)
}

fn show(ctx: &Ctx, design: &DesignRow, version: &VersionRow, typed: Answers, judged: Option<()>) -> PageResult {
    let id = design.id;
    let form = match Form::parse(&version.content) {
        Ok(form) => form,
        Err(error) => return Err(base::Error::refused("designs.trial", error.problem().message).into()),
    };
    let context = Context::new(&StandardLists, &Feel).on(ctx.today());
    let answers = form.read(&typed, &StandardLists);
    let view = form.evaluate(&answers, &context);
    let result = judged.map(|()| form.validate(&Value::Object(answers.clone()), &context));
    let errors: Vec<(String, String)> = match &result {
        Some(Err(errors)) => errors.iter().map(|error| (error.path.clone(), error.message.clone())).collect(),
        _ => Vec::new(),
    };
    let summary = links(&form, &view, PREFIX, &errors);
    let draw = Draw { typed: &typed, errors: &errors, prefix: PREFIX, lists: &StandardLists, source: &|_| None, materials: &|_| None };
    let content = narrow(html! {
        (error_summary(summary.iter().map(|(id, message)| (id.as_str(), message.as_str()))))
        (PageHeading::new("试运行").caption(format!("{} 第 {} 版", design.name, version.number)).lede("申请人看到的就是这样。填一填、提交看看检查结果，内容不会保存。"))
        @if let Some(Ok(clean)) = &result {
            (notification_banner(Tone::Good, "检查通过", html! {
                p { "正式申请时会保存这些内容：" }
                pre { (serde_json::to_string_pretty(clean.answers())?) }
            }))
        }
        (ctx.form(format!("/work/designs/{id}/try")).body(html! {
            @for page in form.pages() {
                @if !page.title.is_empty() { (subheading(page.title)) }
                (draw.page(&view, &page))
            }
            (button_row([
                html! { (Button::primary("检查填写内容").icon(Icon::Check)) },
                html! { (Button::link("重新开始").href(format!("/work/designs/{id}/try"))) },
            ]))
        }))
    });
    let page = ctx.workbench("试运行").crumb("流程与表单", "/work/designs").crumb(design.name.clone(), format!("/work/designs/{id}")).has_errors(!errors.is_empty());
    Ok(page.body(content).document())
}
