//! 证照管理: search, look, take out of force.

use std::collections::HashMap;

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use base::{Error, FieldError, Kind};
use db::Cursor;
use maud::{Markup, html};
use web::components::*;
use web::{Ctx, Form as Sent, PageResult};

use crate::model::{Standing, Withdrawal};
use crate::pages::{id, pdf_response, term, tone};
use crate::service::{self, LicenceView};

const PER_PAGE: usize = 50;

/// The licences of the own scope.
pub async fn list(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let question = query.get("q").map_or("", |text| text.trim());
    let after = query.get("after").map(|text| Cursor::from_param(text));
    let page = service::search(ctx.platform(), ctx.actor(), question, after.as_ref(), PER_PAGE).await?;
    let today = ctx.today();
    let mut rows = Vec::with_capacity(page.items.len());
    for licence in &page.items {
        let standing = licence.standing(today)?;
        let href = format!("/work/licences/{}", licence.id);
        rows.push(
            TableRow::new()
                .cell(html! { a href=(href) { (licence.number) } })
                .cell(&licence.type_name)
                .cell(&licence.holder_shown)
                .cell(&licence.issued_on)
                .cell(licence.valid_until.as_deref().unwrap_or("长期"))
                .cell(tag(tone(standing), standing.verdict()))
                .open(&href),
        );
    }
    let field = Field::new("q", "证照编号、证照标识，或者持证人的证件号码").value(question).input_type("search").width(Width::TwoThirds);
    Ok(ctx
        .workbench("证照管理")
        .body(html! {
            (PageHeading::new("证照管理").lede("您职责范围内签发的电子证照。"))
            (Form::get("/work/licences").inline().body(html! { (text_input(&field)) (Button::secondary("查找").icon(Icon::Search)) }))
            @if rows.is_empty() {
                (card(empty_state(Icon::BadgeCheck, if question.is_empty() { "还没有证照" } else { "没有找到" },
                    if question.is_empty() { "办件准予许可后自动签发的证照会出现在这里。" } else { "请核对号码；不在您职责范围内的证照不会显示。" }, None)))
            } @else {
                (card(html! {
                    (Table::new("证照", ["编号", "名称", "持证主体", "颁发日期", "有效期至", "状态"].map(Column::new)).hide_caption().compact(true).keyboard().rows(rows))
                    (paging("/work/licences", &page, "按颁发时间从新到旧"))
                    (keyboard_help())
                }))
            }
        })
        .document())
}

/// One licence.
pub async fn detail(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    let view = service::view_for_staff(ctx.platform(), ctx.actor(), id(&text)?).await?;
    Ok(show(&ctx, &view, &[], "revoke", "")?)
}

/// Takes it out of force.
pub async fn withdraw(ctx: Ctx, Path(text): Path<String>, form: Sent) -> PageResult<Response> {
    let id = id(&text)?;
    let (how, reason) = (form.data.text("how"), form.data.text("reason"));
    let done = match Withdrawal::from_code(how) {
        Some(how) => service::withdraw(ctx.platform(), ctx.actor(), id, form.data.number("version")?, how, reason, &form.token.nonce).await,
        None => Err(Error::field("how", "请选择撤销或者注销。")),
    };
    match done {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/work/licences/{id}"), "证照已不再有效，持证人和核验的人会立即看到。")),
        Err(error) if error.kind() == Kind::Invalid => {
            let view = service::view_for_staff(ctx.platform(), ctx.actor(), id).await?;
            let page = show(&ctx, &view, error.fields(), how, reason)?;
            Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Its file.
pub async fn pdf(ctx: Ctx, Path(text): Path<String>) -> PageResult<Response> {
    let (licence, bytes) = service::pdf_for_staff(ctx.platform(), ctx.actor(), id(&text)?).await?;
    Ok(pdf_response(&licence.number, bytes))
}

fn show(ctx: &Ctx, view: &LicenceView, errors: &[FieldError], how: &str, reason: &str) -> base::Result<Markup> {
    let licence = &view.licence;
    let error = |name: &str| errors.iter().find(|e| e.field == name).map(|e| e.message.as_str());
    let mut facts = vec![Fact::new("持证主体", &licence.holder_shown), Fact::new("证件号码", &licence.holder_id_shown)];
    facts.extend(view.items.iter().map(|item| Fact::new(&item.key, &item.value)));
    facts.extend([
        Fact::new("证照标识", &licence.identifier),
        Fact::new("颁发机构", &licence.body_name),
        Fact::new("颁发日期", format::date(licence.issued()?)),
        Fact::new("有效期", term(licence.validity()?)),
        Fact::new("来自办件", html! { @if let (Some(case), Some(number)) = (licence.case_id, &licence.case_no) { a href={ "/work/cases/" (case) } { (number) } } }),
    ]);
    let in_force = matches!(view.standing, Standing::Valid | Standing::NotYet | Standing::Expired);
    let act = html! {
        @if in_force {
            (ctx.form(format!("/work/licences/{}/withdraw", licence.id)).dirty_check().body(html! {
                (hidden("version", &licence.version.to_string()))
                (radios(&Field::new("how", "怎样处理").value(how).error(error("how")), &[
                    Choice::new("revoke", "撤销").hint("签发有错误或者以不正当手段取得（行政许可法第六十九条）"),
                    Choice::new("cancel", "注销").hint("有效期满未延续、主体终止等（行政许可法第七十条）"),
                ]))
                (textarea(&Field::new("reason", "理由和依据").hint("持证人会看到这段话。").value(reason).error(error("reason")).max_length(500).rows(4)))
                (Button::warning("使证照失去效力"))
            }))
        } @else {
            (summary_list(&[
                Fact::new("结果", view.standing.verdict()),
                Fact::new("理由", licence.state_reason.as_deref().unwrap_or_default()),
                Fact::new("经办人", licence.state_by.as_deref().unwrap_or_default()),
                Fact::new("时间", licence.state_at.map(|at| format::date_time(&at)).unwrap_or_default()),
            ]))
        }
    };
    Ok(ctx
        .workbench(&licence.type_name)
        .crumb("证照管理", "/work/licences")
        .has_errors(!errors.is_empty())
        .body(html! {
            (error_summary(errors.iter().map(|e| (e.field.as_str(), e.message.as_str()))))
            (PageHeading::new(&licence.type_name).caption(format!("证照编号 {}", licence.number)).mark(tag(tone(view.standing), view.standing.verdict()))
                .action(Button::secondary("查看文件").href(format!("/work/licences/{}/pdf", licence.id)).icon(Icon::FileText)))
            (two_columns(
                html! {
                    (section("证照内容", None, summary_list(&facts)))
                    (section("使用记录", None, Table::new("使用记录", ["时间", "人员", "用途"].map(Column::new)).hide_caption().compact(true)
                        .rows(view.uses.iter().map(|u| TableRow::new().cell(format::date_time_short(&u.at)).cell(&u.actor_name).cell(&u.purpose)))))
                },
                section("撤销和注销", None, act),
            ))
        })
        .document())
}
