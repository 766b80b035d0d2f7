//! 出示证照: the holder says to whom, what for, how much, how long and how often; the code; taking it back.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Error, Result};
use maud::{Markup, html};
use web::components::*;
use web::{Ctx, Form as Sent, FormData, PageResult};

use crate::model::Extent;
use crate::model::presentation::MOST_LOOKS;
use crate::pages::{id, mendable, said, summary};
use crate::service::{self, NewShowing, readable};
use crate::store::Licence;

/// How long a code can live, in hours.
const LIVES: [(&str, &str); 4] = [("1", "1 小时"), ("24", "1 天"), ("168", "7 天"), ("720", "30 天")];
/// What people usually show licences for.
const PURPOSES: [&str; 5] = ["办理政务服务事项", "入职或者投标资格审查", "签订合同", "住宿、租车等身份核对", "接受检查"];

/// `GET /my/licences/{id}/show`
pub(in crate::pages) async fn ask(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    let view = service::mine(ctx.platform(), ctx.actor(), id(&text)?).await?;
    Ok(render(&ctx, &view.licence, &FormData::default(), None))
}

fn render(ctx: &Ctx, licence: &Licence, data: &FormData, error: Option<&Error>) -> Markup {
    let value = |name: &str, otherwise: &str| data.get(name).unwrap_or(otherwise).to_owned();
    let field = |name: &str, label: &str, otherwise: &str| Field::new(name, label).value(value(name, otherwise)).error(said(error, name));
    let body_name = text_input(&field("body", "单位全称", "").hint("例如 桂林市市场监督管理局。只有这个单位的工作人员登录后才能查看。").width(Width::TwoThirds));
    let href = format!("/my/licences/{}", licence.id);
    ctx.page("出示证照")
        .crumb("我的证照", "/my/licences")
        .crumb(&licence.type_name, &href)
        .has_errors(error.is_some())
        .body(narrow(html! {
            (error_summary(summary(error)))
            (PageHeading::new("出示证照").caption(format!("{} {}", licence.type_name, licence.number)).lede("生成一次性出示码。对方扫码或者输入数字后，只能看到您允许的内容；每次查看都有记录，您可以随时收回。"))
            (ctx.form(format!("{href}/show")).body(html! {
                (radios(&field("audience", "给谁看", "anybody"), &[
                    Choice::new("anybody", "任何拿到出示码的人").hint("对方查看前要写明单位和姓名"),
                    Choice::new("body", "只给一个政府单位").reveal(body_name),
                ]))
                (text_input(&field("purpose", "用途", "").hint(format!("对方和您都会看到，例如：{}。", PURPOSES.join("；"))).max_length(60)))
                (radios(&field("extent", "对方能看多少", Extent::Full.code()), &Extent::ALL.map(|extent| Choice::new(extent.code(), extent.name()).hint(extent.hint()))))
                (radios(&field("hours", "有效时间", "1"), &LIVES.map(|(hours, label)| Choice::new(hours, label))))
                (text_input(&field("looks", "可以看几次", "1").hint(format!("1 到 {MOST_LOOKS} 次")).width(Width::Chars5).inputmode("numeric")))
                (button_row([html! { (Button::primary("生成出示码").icon(Icon::QrCode)) }, html! { (Button::link("取消").href(&href)) }]))
            }))
        }))
        .document()
}

/// `POST /my/licences/{id}/show`
pub(in crate::pages) async fn allow(ctx: Ctx, Path(text): Path<String>, form: Sent) -> PageResult<Response> {
    let id = id(&text)?;
    match try_allow(&ctx, id, &form).await {
        Ok(code) => Ok(ctx.redirect_saying(&format!("/my/showings/{code}"), "出示码已生成。")),
        Err(error) if mendable(&error) => {
            let view = service::mine(ctx.platform(), ctx.actor(), id).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&ctx, &view.licence, &form.data, Some(&error))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn try_allow(ctx: &Ctx, id: uuid::Uuid, form: &Sent) -> Result<uuid::Uuid> {
    let data = &form.data;
    let body = match data.text("audience") {
        "body" => {
            let found = organization::body_by_name(ctx.db.read(), data.text("body")).await?;
            Some(found.ok_or_else(|| Error::field("body", "没有找到这个单位，请填写单位的全称。"))?.id)
        }
        "anybody" => None,
        _ => return Err(Error::field("audience", "请选择给谁看。")),
    };
    let number = |name: &str| data.number(name).unwrap_or(0);
    let new = NewShowing {
        body,
        purpose: data.text("purpose"),
        extent: data.text("extent"),
        hours: number("hours"),
        looks: number("looks"),
        nonce: &form.token.nonce,
    };
    service::allow(ctx.platform(), ctx.actor(), id, new).await
}

/// `GET /my/showings/{id}`
pub(in crate::pages) async fn code(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    let (showing, licence) = service::my_showing(ctx.platform(), ctx.actor(), id(&text)?).await?;
    let row = &showing.row;
    let href = format!("/my/licences/{}", licence.id);
    let facts = [
        Fact::new("证照", format!("{} {}", licence.type_name, licence.number)),
        Fact::new("给谁看", if row.body_name.is_empty() { "任何拿到出示码的人" } else { &row.body_name }),
        Fact::new("用途", &row.purpose),
        Fact::new("对方能看", showing.extent.name()),
        Fact::new("有效至", format::date_time(&row.until)),
        Fact::new("剩余次数", format!("{} / {} 次", row.looks_left, row.looks)),
    ];
    Ok(ctx
        .page("出示码")
        .crumb("我的证照", "/my/licences")
        .crumb(&licence.type_name, &href)
        .body(narrow(html! {
            (PageHeading::new("出示码").caption(&licence.type_name))
            @match showing.closed {
                Some(closed) => (notification_banner(Tone::Neutral, "出示码已失效", html! { p { (reason(closed)) } })),
                None => (card(html! {
                    div class="code-face" {
                        (qr_code(&format!("{}/s/{}", ctx.site.base_url, showing.code), "出示码二维码，不能扫描时请对方输入下面的 16 位数字"))
                        p class="code-face__digits" { (readable(&showing.code)) }
                        p class="muted" { "请对方扫码，或者打开“扫码用证”输入这 16 位数字。" }
                    }
                }))
            }
            (section("授权内容", None, summary_list(&facts)))
            @if showing.closed.is_none() {
                (ctx.form(format!("/my/showings/{}/take-back", row.id)).body(html! { (Button::warning("收回出示码").icon(Icon::Undo2)) }))
            } @else {
                (button_row([html! { (Button::secondary("再生成一个").href(format!("{href}/show"))) }]))
            }
        }))
        .document())
}

fn reason(closed: crate::model::Closed) -> &'static str {
    use crate::model::Closed;
    match closed {
        Closed::TakenBack => "您已经收回，任何人都不能再用它查看。",
        Closed::Over => "已经过了有效时间。",
        Closed::UsedUp => "允许的次数已经用完。",
        Closed::ElsewhereBody => "只有您授权的单位可以使用。",
    }
}

/// `POST /my/showings/{id}/take-back`
pub(in crate::pages) async fn take_back(ctx: Ctx, Path(text): Path<String>, _form: Sent) -> PageResult<Response> {
    let licence = service::take_back(ctx.platform(), ctx.actor(), id(&text)?).await?;
    Ok(ctx.redirect_saying(&format!("/my/licences/{licence}"), "出示码已收回，从现在起不能再用它查看。"))
}
