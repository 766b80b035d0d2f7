//! Proposing what is to be done to a licence.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Error, Result};
use chrono::NaiveDate;
use maud::{Markup, html};
use web::components::*;
use web::{Ctx, Form as Sent, FormData, PageResult};

use crate::model::{Act, LicenceItem};
use crate::pages::{id, mendable, said, summary};
use crate::service::{self, LicenceView, Proposal};

/// `GET /work/licences/{id}/act`
pub(in crate::pages) async fn ask(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    let view = service::view_for_staff(ctx.platform(), ctx.actor(), id(&text)?).await?;
    Ok(render(&ctx, &view, None, None))
}

fn lines_of(items: &[LicenceItem]) -> String {
    items.iter().map(|item| format!("{}：{}", item.key, item.value)).collect::<Vec<_>>().join("\n")
}

/// Lines `名称：内容` as typed.
fn items_of(text: &str) -> Result<Vec<LicenceItem>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let read = |line: &str| line.split_once(['：', ':']).map(|(key, value)| LicenceItem::new(key.trim(), value.trim())).filter(|item| !item.key.is_empty());
    lines.map(|line| read(line).ok_or_else(|| Error::field("items", format!("“{line}”没有冒号，请一行写一项：名称：内容。")))).collect()
}

/// A date in three boxes; all empty is none.
fn date_of(data: &FormData, name: &str) -> Result<Option<NaiveDate>> {
    let part = |part: &str| data.text(&format!("{name}_{part}")).to_owned();
    let (year, month, day) = (part("year"), part("month"), part("day"));
    if year.is_empty() && month.is_empty() && day.is_empty() {
        return Ok(None);
    }
    let read = || NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    read().map(Some).ok_or_else(|| Error::field("until", "这个日期不存在，请核对年、月、日。"))
}

fn render(ctx: &Ctx, view: &LicenceView, data: Option<&FormData>, error: Option<&Error>) -> Markup {
    let licence = &view.licence;
    let href = format!("/work/licences/{}", licence.id);
    let typed = |name: &str| data.map_or("", |data| data.text(name));
    let items = match data {
        Some(data) => data.text("items").to_owned(),
        None => lines_of(&view.items),
    };
    let until = DateParts { year: typed("until_year").into(), month: typed("until_month").into(), day: typed("until_day").into() };
    let choices: Vec<Choice> = Act::ALL
        .into_iter()
        .filter(|act| act.fits(view.standing))
        .map(|act| {
            let choice = Choice::new(act.as_str(), act.name()).hint(act.hint());
            match act {
                Act::Change => choice.reveal(textarea(&Field::new("items", "变更后登载的内容").hint("一行一项：名称：内容").value(&items).error(said(error, "items")).rows(8))),
                Act::Renew => choice.reveal(date_input(&Field::new("until", "延续到哪一天").hint("不填按证照类型的有效期计算").required(false).error(said(error, "until")), &until)),
                _ => choice,
            }
        })
        .collect();
    ctx.workbench("处理证照")
        .crumb("证照管理", "/work/licences")
        .crumb(&licence.number, &href)
        .has_errors(error.is_some())
        .body(narrow(html! {
            (error_summary(summary(error)))
            (PageHeading::new("处理证照").caption(format!("{} {}", licence.type_name, licence.number)).lede("提请后由另一位审核人员决定，审核通过才生效。"))
            (ctx.form(format!("{href}/act")).dirty_check().body(html! {
                (hidden("version", &licence.version.to_string()))
                (radios(&Field::new("act", "怎样处理").value(typed("act")).error(said(error, "act")), &choices))
                (textarea(&Field::new("reason", "理由和依据").hint("持证人会看到这段话。").value(typed("reason")).error(said(error, "reason")).max_length(500).rows(4)))
                (button_row([html! { (Button::primary("提请审核")) }, html! { (Button::link("取消").href(&href)) }]))
            }))
        }))
        .document()
}

/// `POST /work/licences/{id}/act`
pub(in crate::pages) async fn propose(ctx: Ctx, Path(text): Path<String>, form: Sent) -> PageResult<Response> {
    let id = id(&text)?;
    match try_propose(&ctx, id, &form).await {
        Ok(_) => Ok(ctx.redirect_saying(&format!("/work/licences/{id}"), "已提请审核，审核通过后生效。")),
        Err(error) if mendable(&error) => {
            let view = service::view_for_staff(ctx.platform(), ctx.actor(), id).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&ctx, &view, Some(&form.data), Some(&error))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn try_propose(ctx: &Ctx, id: uuid::Uuid, form: &Sent) -> Result<uuid::Uuid> {
    let data = &form.data;
    let act = Act::from_code(data.text("act")).ok_or_else(|| Error::field("act", "请选择怎样处理。"))?;
    let proposal = Proposal {
        reason: data.text("reason"),
        items: if act == Act::Change { Some(items_of(data.text("items"))?) } else { None },
        until: if act == Act::Renew { date_of(data, "until")? } else { None },
        version: data.number("version")?,
        nonce: &form.token.nonce,
    };
    service::propose(ctx.platform(), ctx.actor(), id, act, proposal).await
}
