use axum::extract::Path;
use forms::{Choices, Component, ComponentKind, Form};
use uuid::Uuid;
use web::components::*;
use web::{Ctx, Markup, PageResult, html};

use super::guide::{has_blank, version_line};

/// `GET /items/{id}/forms/{n}`: the blank form or sample of the n-th material, to print and fill in by hand.
pub(super) async fn page(ctx: Ctx, Path((id, n)): Path<(Uuid, usize)>) -> PageResult {
    let item = crate::service::published(&ctx, id).await?;
    let material = n.checked_sub(1).and_then(|n| item.spec.materials.get(n)).filter(|m| has_blank(m));
    let material = material.ok_or_else(|| base::Error::not_found("这份材料没有可以打印的表格，请回到办事指南查看。"))?;
    let body = html! {
        (PageHeading::new(material.name.clone())
            .caption(item.spec.name.clone())
            .lede(format!("{}，{}", item.body_name, version_line(&item)))
            .action(Button::print("打印")))
        @if material.blank_form { (section("空白表格", None, blank(&item.form))) }
        @if !material.notes.is_empty() { (section("填报须知", None, prose(html! { p { (material.notes) } }))) }
        @if material.sample {
            (section("示例", None, if material.sample_text.is_empty() { html! { p { "请按填报须知填写；不清楚的地方可以拨打 " (telephone(&item.spec.phone)) " 咨询。" } } } else { inset(html! { p { (material.sample_text) } }) }))
        }
        p { (back_link("返回办事指南", &format!("/items/{id}"))) }
    };
    Ok(ctx.page(material.name.clone()).crumb("首页", "/").crumb(item.spec.name.clone(), format!("/items/{id}")).body(body).document())
}

/// The item's form as a table to be filled in with a pen.
fn blank(form: &Form) -> Markup {
    html! {
        @for page in form.pages() {
            (questions(page.title, page.fields()))
        }
        p { "申请人（签名或盖章）：＿＿＿＿＿＿＿＿　　　　日期：＿＿＿＿年＿＿月＿＿日" }
    }
}

/// Room for rows of a repeating group on paper.
const PAPER_ROWS: usize = 3;

fn questions(title: &str, fields: Vec<&Component>) -> Markup {
    let (lists, single): (Vec<_>, Vec<_>) = fields.into_iter().filter(|field| field.kind.takes_answer()).partition(|field| field.kind == ComponentKind::List);
    let rows = single.into_iter().map(|field| TableRow::new().cell(label(field)).cell(space(field)));
    html! {
        (Table::new(title, [Column::new("项目"), Column::new("填写")]).rows(rows))
        @for list in lists {
            @for number in 1..=PAPER_ROWS { (questions(&format!("{}（{number}）", list.label), list.fields())) }
            p { "写不下的可以另附页。" }
        }
    }
}

fn label(field: &Component) -> Markup {
    html! { (field.label) @if !field.validate.required { "（选填）" } @if !field.description.is_empty() { p class="muted" { (field.description) } } }
}

fn space(field: &Component) -> Markup {
    html! {
        @match (field.kind, &field.choices) {
            (_, Choices::Listed(list)) if field.kind.has_choices() => { @for choice in list { "□ " (choice.label) "　" } },
            (ComponentKind::Checkbox, _) => "□ 是",
            (ComponentKind::Datetime, _) => "＿＿＿＿年＿＿月＿＿日",
            _ => "＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿",
        }
    }
}
