//! The act that is due, as one form; rarer acts folded below it.

use access::Actor;
use maud::{Markup, html};
use web::components::{Button, Choice, Field, Width, button_row, details, hidden, inset, section, select, text_input, textarea};
use web::{Ctx, FormData, PageResult};

use crate::model::{MAX_EXTENSION_DAYS, State, correctable};
use crate::permissions::{ACCEPT, HANDLE, HEAD};
use crate::service::{self, CaseView};

struct Draw<'a> {
    ctx: &'a Ctx,
    base: String,
    errors: &'a [(String, String)],
    typed: &'a FormData,
}

impl Draw<'_> {
    fn words(&self, name: &str, label: &str, rows: u32) -> Markup {
        let error = self.errors.iter().find(|(key, _)| key == name).map(|(_, m)| m.as_str());
        textarea(&Field::new(name, label).rows(rows).value(self.typed.text(name)).error(error))
    }

    fn days(&self, most: u16) -> Markup {
        let error = self.errors.iter().find(|(key, _)| key == "days").map(|(_, m)| m.as_str());
        text_input(&Field::new("days", format!("工作日（最多 {most} 个）")).inputmode("numeric").width(Width::Chars3).value(self.typed.text("days")).error(error))
    }

    fn form(&self, act: &str, content: Markup) -> Markup {
        self.ctx.form(format!("{}/{act}", self.base)).dirty_check().body(content)
    }
}

/// What this person can do with the case now.
pub(crate) async fn next_act(ctx: &Ctx, view: &CaseView, errors: &[(String, String)], typed: &FormData) -> PageResult {
    let case = &view.case;
    let draw = Draw { ctx, base: format!("/work/cases/{}", case.row.id), errors, typed };
    let actor = ctx.actor();
    let mut parts: Vec<Markup> = Vec::new();
    if let Some(extension) = case.extension()? {
        match extension.approved {
            None if actor.may(HEAD, &case.target()) => parts.push(section("延期申请待批准", None, html! {
                p class="govuk-body" { (extension.asked_by) "申请延期 " (extension.days) " 个工作日：" (extension.reason) }
                (draw.form("extension/answer", html! { (button_row([
                    html! { (Button::primary("批准延期").name("answer", "approve")) }, html! { (Button::secondary("不批准").name("answer", "decline")) },
                ])) }))
            })),
            None => parts.push(inset(html! { "已申请延期 " (extension.days) " 个工作日，等待负责人批准。" })),
            Some(true) => parts.push(inset(html! { "已批准延期 " (extension.days) " 个工作日。理由：" (extension.reason) })),
            Some(false) => parts.push(inset("延期申请未获批准。")),
        }
    }
    if case.state == State::SpecialProcedure {
        let running = case.specials()?.last().map(|s| format!("{}，自 {} 起，预计 {} 前完成。{}", s.name, s.from, s.until, s.reason)).unwrap_or_default();
        parts.push(section("特别程序进行中", None, html! {
            p class="govuk-body" { (running) "期间不计入办理期限。" }
            @if actor.may(HANDLE, &case.target()) {
                (draw.form("special/end", html! { (draw.words("conclusion", "书面结论", 3)) (Button::primary("结束特别程序")) }))
            }
        }));
    } else if let Some(task) = view.task_for(actor) {
        let other = task.assignee.is_some() && task.assignee != actor.id();
        if other {
            parts.push(inset(html! { "“" (task.name) "”已由" (task.assignee_name.clone().unwrap_or_default()) "领取。" }));
        } else {
            parts.push(act(&draw, view, &task.step));
            parts.push(hand_on(&draw, view, task, actor).await?);
        }
    } else if case.state == State::Granted && actor.may(ACCEPT, &case.target()) {
        parts.push(section("出件", None, draw.form("deliver", html! { p class="govuk-body" { "申请人到窗口领取结果时登记送达。" } (Button::primary("登记送达")) })));
    } else if let Some(next) = view.next_step() {
        parts.push(inset(html! { "现在由" (next.who) "办理“" (next.name) "”。" }));
    }
    Ok(html! { @for part in parts { (part) } })
}

fn act(draw: &Draw<'_>, view: &CaseView, step: &str) -> Markup {
    let case = &view.case;
    match step {
        "acceptance" => section("受理", None, html! {
            (draw.form("accept", html! {
                (textarea(&Field::new("opinion", "意见").rows(2).required(false).value("材料齐全，符合法定形式，予以受理。")))
                (Button::primary("受理"))
            }))
            (details("材料不齐：一次告知补正", html! {
                p class="govuk-body" { "请一次列出全部需要补正的内容。公布的清单以外的不能要求提供。" }
                (draw.form("correction", html! {
                    @for (target, name) in correctable(&case.item.spec, &case.item.form) {
                        @let error = draw.errors.iter().find(|(key, _)| *key == target).map(|(_, m)| m.as_str());
                        (text_input(&Field::new(&target, &name).required(false).hint("不需要补正的留空").value(draw.typed.text(&target)).error(error)))
                    }
                    (Button::primary("发出一次性告知书"))
                }))
            }))
            (details("不属于本机关职权：不予受理", draw.form("not-accept", html! {
                (draw.words("reasons", "理由", 3))
                (text_input(&Field::new("competent", "应当向哪个机关申请").required(false).value(draw.typed.text("competent"))))
                (Button::warning("不予受理"))
            })))
            (details("不需要办理：即时告知", draw.form("not-needed", html! { (draw.words("reasons", "理由", 3)) (Button::warning("告知不需要办理")) })))
        }),
        "handling" => section("承办", None, html! {
            (draw.form("forward", html! { (draw.words("opinion", "承办意见", 3)) (Button::primary("报下一环节")) }))
            @if !case.item.spec.special_procedures.is_empty() {
                (details("启动特别程序", draw.form("special/start", html! {
                    @let choices: Vec<Choice> = case.item.spec.special_procedures.iter().map(|p| Choice::new(&p.name, format!("{}（最多 {} 个工作日）", p.name, p.days)).chosen(p.name == draw.typed.text("name"))).collect();
                    (select(&Field::new("name", "特别程序"), &choices))
                    (draw.days(case.item.spec.special_procedures.iter().map(|p| p.days).max().unwrap_or(30)))
                    (draw.words("reason", "理由（会告知申请人）", 2))
                    (Button::secondary("启动特别程序"))
                })))
            }
            @if case.row.extension.is_none() {
                (details("申请延期", draw.form("extension", html! {
                    (draw.days(MAX_EXTENSION_DAYS))
                    (draw.words("reason", "理由（会告知申请人）", 2))
                    (Button::secondary("报负责人批准"))
                })))
            }
        }),
        "examination" => section("审查", None, html! {
            (draw.form("forward", html! { (draw.words("opinion", "审查意见", 3)) (Button::primary("报审批")) }))
            (details("退回承办", draw.form("send-back", html! { (draw.words("opinion", "退回原因", 2)) (Button::secondary("退回承办")) })))
        }),
        "approval" => section("审批", None, html! {
            (draw.form("decide", html! {
                (hidden("decision", "grant"))
                (draw.words("opinion", "审批意见", 2))
                (Button::primary("准予"))
            }))
            (details("不予准许", draw.form("decide", html! {
                (hidden("decision", "refuse"))
                (draw.words("opinion", "审批意见", 2))
                (draw.words("facts", "查明的事实", 2))
                (draw.words("reasons", "理由和法律依据（写入决定书）", 3))
                (Button::warning("不予准许"))
            })))
            @if case.item.spec.process != catalog::model::ProcessKind::Instant {
                (details("退回", draw.form("send-back", html! {
                    (draw.words("opinion", "退回原因", 2))
                    (button_row([html! { (Button::secondary("退回上一环节").name("to", "previous")) }, html! { (Button::secondary("退回承办").name("to", "first")) }]))
                })))
            }
        }),
        _ => Markup::default(),
    }
}

/// Taking, giving back and handing on.
async fn hand_on(draw: &Draw<'_>, view: &CaseView, task: &flow::Task, actor: &Actor) -> PageResult {
    let colleagues = service::colleagues(draw.ctx, actor, task).await?;
    let _ = view;
    Ok(html! {
        (button_row([html! {
            @if task.assignee.is_none() {
                (draw.ctx.form(format!("/work/tasks/{}/claim", task.id)).inline().body(html! { (Button::secondary("领取这项待办")) }))
            } @else {
                (draw.ctx.form(format!("/work/tasks/{}/release", task.id)).inline().body(html! { (Button::secondary("放回待办")) }))
            }
        }]))
        @if !colleagues.is_empty() {
            (details("转办给同事", draw.ctx.form(format!("/work/tasks/{}/transfer", task.id)).body(html! {
                @let choices: Vec<Choice> = colleagues.iter().map(|c| Choice::new(c.id.to_string(), format!("{}（{}）", c.name, c.post)).chosen(c.id.to_string() == draw.typed.text("to"))).collect();
                (select(&Field::new("to", "转给"), &choices))
                (draw.words("reason", "转办原因", 2))
                (Button::secondary("转办"))
            })))
        }
    })
}
