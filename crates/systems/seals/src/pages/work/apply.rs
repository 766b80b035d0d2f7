//! 申请印章、换发印章.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{FieldError, Kind};
use maud::{Markup, html};
use uuid::Uuid;
use web::components::*;
use web::{Ctx, Form as Sent, PageResult};

use crate::model::{Purpose, SealKind};
use crate::pages::id;
use crate::service::{self, Application};
use crate::store::Seal;

/// The empty form.
pub(in crate::pages) async fn show(ctx: Ctx) -> PageResult {
    let body = ctx.actor().staff()?.body;
    Ok(form(&ctx, &Application { body, automatic: true, kind: SealKind::Approval.as_str().into(), ..Application::default() }, None, &[]).await?)
}

/// Applies.
pub(in crate::pages) async fn send(ctx: Ctx, sent: Sent) -> PageResult<Response> {
    let application = read(&sent, ctx.actor().staff()?.body);
    let done = service::apply(&ctx, ctx.actor(), &application, &sent.token.nonce).await;
    finish(&ctx, done, &application, None).await
}

/// The form to replace a seal, filled with what the old one is.
pub(in crate::pages) async fn show_replacement(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    let old = service::view(&ctx, ctx.actor(), id(&text)?).await?.seal;
    let application = Application {
        body: old.body_id,
        kind: old.kind.clone(),
        purposes: old.purposes()?.into_iter().map(|purpose| purpose.as_str().to_owned()).collect(),
        automatic: old.automatic,
        physical_no: old.physical_no.clone(),
        grounds: String::new(),
    };
    Ok(form(&ctx, &application, Some(&old), &[]).await?)
}

/// Applies for the replacement.
pub(in crate::pages) async fn replace(ctx: Ctx, Path(text): Path<String>, sent: Sent) -> PageResult<Response> {
    let old = service::view(&ctx, ctx.actor(), id(&text)?).await?.seal;
    let application = Application { kind: old.kind.clone(), ..read(&sent, old.body_id) };
    let done = service::replace(&ctx, ctx.actor(), old.id, &application, &sent.token.nonce).await;
    finish(&ctx, done, &application, Some(&old)).await
}

fn read(sent: &Sent, body: Uuid) -> Application {
    let data = &sent.data;
    Application {
        body,
        kind: data.text("kind").into(),
        purposes: data.all("purposes").map(str::to_owned).collect(),
        automatic: data.is_set("automatic"),
        physical_no: data.text("physical_no").into(),
        grounds: data.text("grounds").into(),
    }
}

async fn finish(ctx: &Ctx, done: base::Result<Uuid>, application: &Application, old: Option<&Seal>) -> PageResult<Response> {
    match done {
        Ok(seal) => Ok(ctx.redirect_saying(&format!("/work/seals/{seal}"), "申请已提交，由印章主管审批和制作。")),
        Err(error) if error.kind() == Kind::Invalid => {
            let page = form(ctx, application, old, error.fields()).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn form(ctx: &Ctx, application: &Application, old: Option<&Seal>, errors: &[FieldError]) -> base::Result<Markup> {
    let error = |name: &str| errors.iter().find(|e| e.field == name).map(|e| e.message.as_str());
    let body = organization::body(ctx.db.read(), application.body).await?.map(|body| body.name).unwrap_or_default();
    let kinds = SealKind::ALL.map(|kind| {
        let uses: Vec<&str> = kind.purposes().iter().map(|purpose| purpose.name()).collect();
        Choice::new(kind.as_str(), kind.name()).hint(format!("可用于：{}", uses.join("、")))
    });
    let purposes = Purpose::ALL.map(|purpose| Choice::new(purpose.as_str(), purpose.name()).chosen(application.purposes.iter().any(|p| p == purpose.as_str())));
    let (title, action) = match old {
        Some(old) => (format!("换发{}", old.name), format!("/work/seals/{}/replace", old.id)),
        None => ("申请印章".to_owned(), "/work/seals/new".to_owned()),
    };
    Ok(ctx
        .workbench(&title)
        .crumb("印章管理", "/work/seals")
        .has_errors(!errors.is_empty())
        .body(html! {
            (error_summary(errors.iter().map(|e| (e.field.as_str(), e.message.as_str()))))
            (PageHeading::new(&title).caption(&body).lede("申请提交后，由印章主管另一人审批并制作。同一单位同一种类同时只有一枚印章在用。"))
            (card(ctx.form(&action).dirty_check().body(html! {
                @match old {
                    Some(old) => (inset(html! { "旧印章（编号 " (old.number.as_deref().unwrap_or_default()) "）在新印章制好时停止使用，以前盖的章仍然有效。" })),
                    None => (radios(&Field::new("kind", "印章种类").value(&application.kind).error(error("kind")), &kinds)),
                }
                (checkboxes(&Field::new("purposes", "用于哪些文书").hint("只勾选需要的。没有勾选的文书，这枚印章盖不上。").error(error("purposes")), &purposes))
                (checkbox(&Field::new("automatic", "授权平台自动用印").hint("办件的决定、通知作出后，由平台按上面的范围自动加盖；不勾选时只能由用印人手工加盖。"), application.automatic))
                (text_input(&Field::new("physical_no", "实物印章备案编号").hint("公安机关备案的实物印章编号；没有实物印章的不填。").required(false).value(&application.physical_no).error(error("physical_no")).max_length(40).width(Width::TwoThirds)))
                (textarea(&Field::new("grounds", "申请理由").value(&application.grounds).error(error("grounds")).max_length(500).rows(4)))
                (button_row([html! { (Button::primary("提交申请")) }, html! { (Button::secondary("返回").href("/work/seals")) }]))
            })))
        })
        .document())
}
