//! 用电子证照作材料: a licence one holds instead of an upload.

use std::collections::HashMap;

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Error, Result};
use maud::{Markup, html};
use uuid::Uuid;
use web::components::*;
use web::{Ctx, Form as Sent, PageResult};

use crate::pages::{mendable, said, summary};
use crate::service::{self, Offer};

fn place(draft: Option<&str>, material: Option<&str>) -> Result<(Uuid, usize)> {
    let missing = || Error::not_found("没有找到这份草稿。");
    let draft = draft.and_then(|text| text.parse().ok()).ok_or_else(missing)?;
    let material = material.and_then(|text| text.parse().ok()).ok_or_else(missing)?;
    Ok((draft, material))
}

/// `GET /my/licences/use?draft=&material=`
pub(in crate::pages) async fn choose(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let (draft, material) = place(query.get("draft").map(String::as_str), query.get("material").map(String::as_str))?;
    let offer = service::offer(ctx.platform(), ctx.actor(), draft, material).await?;
    Ok(render(&ctx, draft, material, &offer, None))
}

fn render(ctx: &Ctx, draft: Uuid, material: usize, offer: &Offer, error: Option<&Error>) -> Markup {
    let back = format!("/apply/drafts/{draft}/materials/{material}");
    let choices: Vec<Choice> = offer
        .licences
        .iter()
        .map(|(licence, fits)| {
            let hint = format!("编号 {}，{}{}", licence.number, licence.body_name, if *fits { "，与这项材料相符" } else { "" });
            Choice::new(licence.id.to_string(), &licence.type_name).hint(hint)
        })
        .collect();
    let first = offer.licences.first().filter(|(_, fits)| *fits).map(|(licence, _)| licence.id.to_string()).unwrap_or_default();
    ctx.page("用电子证照作材料")
        .crumb("我的", "/my")
        .has_errors(error.is_some())
        .body(narrow(html! {
            (back_link("返回上传材料", &back))
            (error_summary(summary(error)))
            (PageHeading::new("用电子证照作材料").caption(&offer.application.item.spec.name).lede(format!("材料“{}”。选一张您已有的电子证照，不用再上传扫描件；审批人员会看到这张证照的原件和可信等级。", offer.material)))
            @if choices.is_empty() {
                (card(empty_state(Icon::IdCard, "没有可用的电子证照", "您的名下没有现在有效的电子证照，请返回上传材料。", Some(Button::secondary("返回上传材料").href(&back)))))
            } @else {
                (ctx.form("/my/licences/use").body(html! {
                    (hidden("draft", &draft.to_string()))
                    (hidden("material", &material.to_string()))
                    (radios(&Field::new("licence", "选择证照").value(first).error(said(error, "licence")), &choices))
                    (inset("选用即表示您授权办理机关为这次申请查看这张证照，使用会记录在证照的使用记录里。"))
                    (button_row([html! { (Button::primary("授权并使用")) }, html! { (Button::link("取消").href(&back)) }]))
                }))
            }
        }))
        .document()
}

/// `POST /my/licences/use`
pub(in crate::pages) async fn hand_in(ctx: Ctx, form: Sent) -> PageResult<Response> {
    let data = &form.data;
    let (draft, material) = place(data.get("draft"), data.get("material"))?;
    let chosen = data.text("licence").parse::<Uuid>().map_err(|_| Error::field("licence", "请选择一张证照。"));
    let done = match chosen {
        Ok(licence) => service::hand_in(ctx.platform(), ctx.actor(), draft, material, licence).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(ctx.redirect_saying(&format!("/apply/drafts/{draft}/materials/{material}"), "已使用电子证照，不用再上传。")),
        Err(error) if mendable(&error) => {
            let offer = service::offer(ctx.platform(), ctx.actor(), draft, material).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&ctx, draft, material, &offer, Some(&error))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
