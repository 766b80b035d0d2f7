//! Targets of the workbench's forms: parse, call the service, go back to the case.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::{Error, Kind, Result};
use flow::signing::Place;
use uuid::Uuid;
use web::{Ctx, Failure, Form, PageResult};

use super::case::page;
use super::forms::Returned;
use crate::model::{CorrectionItem, correctable};
use crate::service::{self, Decision};

/// Back to the case with a sentence, or the page again with what is wrong beside what was typed.
async fn done(ctx: &Ctx, id: Uuid, act: &str, form: &Form, result: Result<()>, said: &str) -> PageResult<Response> {
    match result {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/work/cases/{id}"), said)),
        Err(error) if error.kind() == Kind::Invalid => {
            let view = service::view(ctx, ctx.actor(), id).await?;
            let errors: Vec<(String, String)> = error.fields().iter().map(|f| (f.field.clone(), f.message.clone())).collect();
            Ok(page(ctx, &view, Some(&Returned { act, errors: &errors, typed: &form.data })).await?.into_response())
        }
        Err(error) => Err(Failure(error)),
    }
}

/// After handing a task on, the case may no longer be this person's to see first: back to the list.
fn listed(ctx: &Ctx, result: Result<()>, said: &str) -> PageResult<Response> {
    result?;
    Ok(ctx.redirect_saying("/work", said))
}

pub(crate) async fn claim(ctx: Ctx, Path(id): Path<Uuid>, _form: Form) -> PageResult<Response> {
    let task = flow::task(ctx.db.read(), id).await?.ok_or_else(|| Failure(Error::not_found("没有这项待办。")))?;
    service::claim(&ctx, ctx.actor(), id).await?;
    Ok(ctx.redirect_saying(&format!("/work/cases/{}", task.business), "已领取，请办理。"))
}

pub(crate) async fn release(ctx: Ctx, Path(id): Path<Uuid>, _form: Form) -> PageResult<Response> {
    listed(&ctx, service::release(&ctx, ctx.actor(), id).await, "已放回待办。")
}

pub(crate) async fn transfer(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let task = flow::task(ctx.db.read(), id).await?.ok_or_else(|| Failure(Error::not_found("没有这项待办。")))?;
    let result = match form.data.text("to").parse() {
        Ok(to) => service::transfer(&ctx, ctx.actor(), id, to, form.data.text("reason")).await,
        Err(_) => Err(Error::field("to", "请选择转给哪位同事。")),
    };
    match result {
        Err(error) if error.kind() == Kind::Invalid => done(&ctx, task.business, "transfer", &form, Err(error), "").await,
        result => listed(&ctx, result, "已转办。"),
    }
}

/// An act on a task: back to its case, or the page again with what is wrong.
async fn on_task(ctx: &Ctx, id: Uuid, act: &str, form: &Form, result: Result<()>, said: &str) -> PageResult<Response> {
    let task = flow::task(ctx.db.read(), id).await?.ok_or_else(|| Failure(Error::not_found("没有这项待办。")))?;
    match result {
        Err(error) if error.kind() == Kind::Invalid => done(ctx, task.business, act, form, Err(error), said).await,
        result => listed(ctx, result, said),
    }
}

/// The colleague chosen in a form.
fn chosen(form: &Form, field: &str) -> Result<Uuid> {
    form.data.text(field).parse().map_err(|_| Error::field(field, "请选择一位同事。"))
}

pub(crate) async fn opinion(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let result = service::give_opinion(&ctx, ctx.actor(), id, form.data.text("answer"), form.data.text("opinion")).await;
    on_task(&ctx, id, "opinion", &form, result, "意见已提交。").await
}

pub(crate) async fn send_back(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let to = Some(form.data.text("to")).filter(|to| !to.is_empty());
    let all = form.data.text("all") == "yes";
    let result = service::send_back(&ctx, ctx.actor(), id, form.data.text("opinion"), to, all).await;
    on_task(&ctx, id, "return", &form, result, "已退回。").await
}

pub(crate) async fn sign(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let place = match form.data.text("place") {
        "before" => Ok(Place::Before),
        "beside" => Ok(Place::Beside),
        "after" => Ok(Place::After),
        _ => Err(Error::field("place", "请选择签署的顺序。")),
    };
    let result = match (chosen(&form, "to"), place) {
        (Ok(to), Ok(place)) => service::add_signer(&ctx, ctx.actor(), id, to, place, form.data.text("reason")).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    on_task(&ctx, id, "sign", &form, result, "已请同事加签。").await
}

pub(crate) async fn unsign(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let result = match chosen(&form, "signer") {
        Ok(signer) => service::remove_signer(&ctx, ctx.actor(), id, signer).await,
        Err(error) => Err(error),
    };
    on_task(&ctx, id, "unsign", &form, result, "已减去加签人。").await
}

pub(crate) async fn delegate(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let result = match chosen(&form, "to") {
        Ok(to) => service::delegate(&ctx, ctx.actor(), id, to, form.data.text("reason")).await,
        Err(error) => Err(error),
    };
    on_task(&ctx, id, "delegate", &form, result, "已委派，对方出具意见后会交还给您。").await
}

pub(crate) async fn copy(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let result = match chosen(&form, "to") {
        Ok(to) => service::copy_to(&ctx, ctx.actor(), id, to, form.data.text("note")).await,
        Err(error) => Err(error),
    };
    on_task(&ctx, id, "copy", &form, result, "已抄送。").await
}

pub(crate) async fn take_back(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let result = service::take_back(&ctx, ctx.actor(), id).await;
    on_task(&ctx, id, "take-back", &form, result, "已取回，请重新办理。").await
}

pub(crate) async fn urge(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let result = service::urge(&ctx, ctx.actor(), id).await;
    done(&ctx, id, "urge", &form, result, "已催办。").await
}

pub(crate) async fn accept(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let result = service::accept(&ctx, ctx.actor(), id, form.data.text("opinion")).await;
    done(&ctx, id, "accept", &form, result, "已受理，受理通知书已生成。").await
}

pub(crate) async fn correction(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let view = service::view(&ctx, ctx.actor(), id).await?;
    let items = correctable(&view.case.item.spec, &view.case.item.form, view.case.situation.as_ref())
        .into_iter()
        .filter(|(target, _)| !form.data.text(target).is_empty())
        .map(|(target, name)| CorrectionItem { what: form.data.text(&target).to_owned(), target, name })
        .collect();
    let result = service::request_correction(&ctx, ctx.actor(), id, items).await;
    done(&ctx, id, "correction", &form, result, "一次性告知书已发出。").await
}

pub(crate) async fn not_accept(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let result = service::refuse_acceptance(&ctx, ctx.actor(), id, form.data.text("reasons"), form.data.text("competent")).await;
    done(&ctx, id, "not-accept", &form, result, "不予受理决定书已生成。").await
}

pub(crate) async fn not_needed(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let result = service::not_needed(&ctx, ctx.actor(), id, form.data.text("reasons")).await;
    done(&ctx, id, "not-needed", &form, result, "已告知申请人不需要办理。").await
}

pub(crate) async fn forward(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let result = service::forward(&ctx, ctx.actor(), id, form.data.text("opinion")).await;
    done(&ctx, id, "forward", &form, result, "已报下一环节。").await
}

pub(crate) async fn decide(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let decision = match form.data.text("decision") {
        "grant" => Decision::Grant,
        _ => Decision::Refuse { facts: form.data.text("facts").to_owned(), reasons: form.data.text("reasons").to_owned() },
    };
    let act = if decision == Decision::Grant { "decide" } else { "refuse" };
    let said = if decision == Decision::Grant { "已准予，决定书和办理结果已生成。" } else { "不予准许决定书已生成。" };
    let result = service::decide(&ctx, ctx.actor(), id, form.data.text("opinion"), decision).await;
    done(&ctx, id, act, &form, result, said).await
}

/// A number of days; anything else becomes 0, which the service refuses with the right sentence.
fn days(form: &Form) -> u16 {
    form.data.text("days").parse().unwrap_or(0)
}

pub(crate) async fn start_special(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let result = service::start_special(&ctx, ctx.actor(), id, form.data.text("name"), days(&form), form.data.text("reason")).await;
    done(&ctx, id, "special/start", &form, result, "特别程序已启动，期间不计入办理期限，告知书已生成。").await
}

pub(crate) async fn end_special(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let result = service::end_special(&ctx, ctx.actor(), id, form.data.text("conclusion")).await;
    done(&ctx, id, "special/end", &form, result, "特别程序的结论已记录，办理期限继续计算。").await
}

pub(crate) async fn request_extension(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let result = service::request_extension(&ctx, ctx.actor(), id, days(&form), form.data.text("reason")).await;
    done(&ctx, id, "extension", &form, result, "延期申请已报负责人。").await
}

pub(crate) async fn answer_extension(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let approve = form.data.text("answer") == "approve";
    let result = service::approve_extension(&ctx, ctx.actor(), id, approve).await;
    done(&ctx, id, "extension/answer", &form, result, if approve { "已批准延期，告知书已生成。" } else { "已答复不批准。" }).await
}

pub(crate) async fn deliver(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let result = service::deliver(&ctx, ctx.actor(), id, "窗口领取").await;
    done(&ctx, id, "deliver", &form, result, "已登记送达。").await
}

pub(crate) async fn suspend(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let result = service::suspend(&ctx, ctx.actor(), id, form.data.text("reason")).await;
    done(&ctx, id, "suspend", &form, result, "流程已挂起，恢复前任何人不能办理。").await
}

pub(crate) async fn resume(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let result = service::resume(&ctx, ctx.actor(), id).await;
    done(&ctx, id, "resume", &form, result, "流程已恢复。").await
}
