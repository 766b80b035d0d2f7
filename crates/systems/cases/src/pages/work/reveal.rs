//! The applicant's data whole, once, for a stated purpose.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::Kind;
use maud::{Markup, html};
use uuid::Uuid;
use web::components::{Button, Fact, Field, PageHeading, Width, back_link, details, error_summary, inset, narrow, section, summary_list, text_input};
use web::{Ctx, Failure, Form, PageResult};

use crate::pages::case_parts::answers;
use crate::permissions::WORK;
use crate::service::{self, CaseView, LoadedCase};

/// Asks what for; empty for those who only read cases.
pub(crate) fn ask(ctx: &Ctx, view: &CaseView) -> Markup {
    if !WORK.iter().any(|permission| ctx.actor().may(*permission, &view.case.target())) {
        return Markup::default();
    }
    details("查看完整信息", form(ctx, view.case.row.id, None))
}

fn form(ctx: &Ctx, id: Uuid, error: Option<&str>) -> Markup {
    let purpose = Field::new("purpose", "用途").hint("查看人、时间和用途会记入全程记录。请不要写个人信息。").width(Width::TwoThirds).error(error);
    ctx.form(format!("/work/cases/{id}/reveal")).body(html! { (text_input(&purpose)) (Button::secondary("查看完整信息")) })
}

/// POST /work/cases/{id}/reveal: shown in the answer itself, so that looking again means saying again what for.
pub(crate) async fn show(ctx: Ctx, Path(id): Path<Uuid>, posted: Form) -> PageResult<Response> {
    match service::reveal(&ctx, ctx.actor(), id, posted.data.text("purpose")).await {
        Ok(case) => Ok(whole(&ctx, &case)?.into_response()),
        Err(error) if error.kind() == Kind::Invalid => {
            let (field, message) = error.fields().first().map_or(("purpose", error.to_string()), |f| ("purpose", f.message.clone()));
            let body = html! {
                (back_link("返回办件", &format!("/work/cases/{id}")))
                (narrow(html! {
                    (error_summary([(field, message.as_str())]))
                    (PageHeading::new("查看完整信息"))
                    (form(&ctx, id, Some(&message)))
                }))
            };
            Ok(ctx.workbench("查看完整信息").crumb("待办", "/work").has_errors(true).body(body).document().into_response())
        }
        Err(error) => Err(Failure(error)),
    }
}

fn whole(ctx: &Ctx, case: &LoadedCase) -> PageResult {
    let applicant = &case.applicant;
    let number = if applicant.id_type == "uscc" { "统一社会信用代码" } else { "证件号码" };
    let mut who = vec![Fact::new("申请人", &applicant.name), Fact::new(number, &applicant.id_number), Fact::new("联系电话", &applicant.phone)];
    if !applicant.address.is_empty() {
        who.push(Fact::new("送达地址", &applicant.address));
    }
    if let Some(agent) = &applicant.agent {
        who.push(Fact::new("经办人", agent));
    }
    let body = html! {
        (back_link("返回办件", &format!("/work/cases/{}", case.row.id)))
        (PageHeading::new("完整信息").caption(format!("{} · {}", case.row.case_no, case.row.item_name)))
        (inset("只显示这一次，本次查看已记入全程记录。请只用于办理这件事。"))
        (section("申请人", None, summary_list(&who)))
        (section("申请表", None, answers(case, "review", false)))
    };
    Ok(ctx.workbench("完整信息").crumb("待办", "/work").body(body).document())
}
