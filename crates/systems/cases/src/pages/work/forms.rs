//! The act that is due, as one form; rarer acts folded below it.

use access::Actor;
use maud::{Markup, html};
use web::components::{Button, Choice, Field, Width, button_row, checkboxes, details_open, hidden, inset, radios, section, select, text_input, textarea, warning_text};
use web::{Ctx, FormData, PageResult};

use crate::model::{MAX_EXTENSION_DAYS, State, correctable};
use crate::permissions::{ACCEPT, HANDLE, HEAD};
use crate::service::{self, CaseView};

/// A form that came back with what is wrong; several forms of a case share names like “reasons”, so it says which.
pub(crate) struct Returned<'a> {
    /// The act as in the address, e.g. `not-accept`.
    pub act: &'a str,
    /// Field and sentence.
    pub errors: &'a [(String, String)],
    pub typed: &'a FormData,
}

impl Returned<'_> {
    /// Element and sentence, for the summary on top of the page.
    pub fn summary(&self) -> impl Iterator<Item = (String, &str)> {
        self.errors.iter().map(|(name, message)| (element_id(self.act, name), message.as_str()))
    }
}

/// One element per form and name.
fn element_id(act: &str, name: &str) -> String {
    format!("{}-{name}", act.replace('/', "-"))
}

struct Draw<'a> {
    ctx: &'a Ctx,
    base: String,
    returned: Option<&'a Returned<'a>>,
}

impl Draw<'_> {
    /// The form that came back, if it is this one.
    fn back(&self, act: &str) -> Option<&Returned<'_>> {
        self.returned.filter(|r| r.act == act)
    }

    /// A field with what was typed into it and what is wrong with it.
    fn field(&self, act: &str, name: &str, label: impl Into<String>) -> Field {
        let back = self.back(act);
        let error = back.and_then(|r| r.errors.iter().find(|(key, _)| key == name)).map(|(_, m)| m.as_str());
        Field::new(name, label).id(element_id(act, name)).value(self.typed(act, name)).error(error)
    }

    /// What was typed or chosen in the form that came back.
    fn typed(&self, act: &str, name: &str) -> &str {
        self.back(act).map_or("", |r| r.typed.text(name))
    }

    fn words(&self, act: &str, name: &str, label: &str, rows: u32) -> Markup {
        textarea(&self.field(act, name, label).rows(rows))
    }

    fn days(&self, act: &str, most: u16) -> Markup {
        text_input(&self.field(act, "days", format!("工作日（最多 {most} 个）")).inputmode("numeric").width(Width::Chars3))
    }

    fn form(&self, act: &str, content: Markup) -> Markup {
        self.ctx.form(format!("{}/{act}", self.base)).dirty_check().body(content)
    }

    /// A rarer act, folded away until it is wanted or came back.
    fn folded(&self, act: &str, summary: &str, content: Markup) -> Markup {
        details_open(self.back(act).is_some(), summary, content)
    }
}

/// What this person can do with the case now.
pub(crate) async fn next_act(ctx: &Ctx, view: &CaseView, suspended: bool, returned: Option<&Returned<'_>>) -> PageResult {
    let case = &view.case;
    let draw = Draw { ctx, base: format!("/work/cases/{}", case.row.id), returned };
    let actor = ctx.actor();
    let mut parts: Vec<Markup> = Vec::new();
    let heads = actor.may(HEAD, &case.target());
    if suspended {
        return Ok(section("流程已挂起", None, html! {
            (warning_text("流程已挂起，恢复前任何人不能办理；法定期限照常计算。"))
            @if heads { (draw.form("resume", html! { (Button::primary("恢复流程")) })) }
        }));
    }
    if let Some(extension) = case.extension()? {
        match extension.approved {
            None if heads => parts.push(section("延期申请待批准", None, html! {
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
    if let Some(lapsed) = case.specials()?.last().filter(|s| s.lacks_conclusion() && !case.state.is_closed()) {
        parts.push(section("特别程序已期满", None, html! {
            (warning_text(html! { "“" (lapsed.name) "”告知的期限到 " (lapsed.until) " 为止，办理期限已恢复计算，申请人已收到期满告知书。请补录书面结论。" }))
            @if actor.may(HANDLE, &case.target()) {
                (draw.form("special/end", html! { (draw.words("special/end", "conclusion", "书面结论", 3)) (Button::secondary("补录结论")) }))
            }
        }));
    }
    if case.state == State::SpecialProcedure {
        let running = case.specials()?.last().map(|s| format!("{}，自 {} 起，预计 {} 前完成。{}", s.name, s.from, s.until, s.reason)).unwrap_or_default();
        parts.push(section("特别程序进行中", None, html! {
            p class="govuk-body" { (running) "期间不计入办理期限。" }
            @if actor.may(HANDLE, &case.target()) {
                (draw.form("special/end", html! { (draw.words("special/end", "conclusion", "书面结论", 3)) (Button::primary("结束特别程序")) }))
            }
        }));
    } else if let Some(task) = view.task_for(actor) {
        let acting = task.done_by_hand_of(actor);
        let other = task.assignee.is_some() && task.assignee != acting.holder();
        if other {
            parts.push(inset(html! { "“" (task.name) "”已由" (task.assignee_name.clone().unwrap_or_default()) "领取。" }));
        } else {
            if let Some(principal) = acting.staff()?.principal() {
                parts.push(inset(html! { "您代" strong { (principal.name) } "办理这个环节，记录写明“" (acting.name()) "”。" }));
            }
            parts.push(if service::asks_for_opinion(task) { opinion(&draw, task).await? } else { act(&draw, view, &task.step) });
            parts.push(back(&draw, view, task).await?);
            parts.push(hand_on(&draw, view, task, actor).await?);
        }
    } else if case.state == State::Granted && actor.may(ACCEPT, &case.target()) {
        parts.push(section("出件", None, draw.form("deliver", html! { p class="govuk-body" { "申请人到窗口领取结果时登记送达。" } (Button::primary("登记送达")) })));
    } else if let Some(next) = view.next_step() {
        parts.push(inset(html! { "现在由" (next.who) "办理“" (next.name) "”。" }));
        if !next.applicant {
            parts.push(draw.form("urge", html! { (Button::secondary("催办")) }));
        }
        let last = view.tasks.iter().filter(|t| t.state == "done").max_by_key(|t| t.done_at);
        if let Some(mine) = last.filter(|t| t.done_by == actor.id() && service::asks_for_opinion(t)) {
            parts.push(ctx.form(format!("/work/tasks/{}/take-back", mine.id)).body(html! { (Button::secondary(format!("取回“{}”", mine.name))) }));
        }
    }
    parts.extend(asked(&draw, view, actor));
    if heads && !case.state.is_closed() {
        parts.push(draw.folded("suspend", "挂起流程", draw.form("suspend", html! {
            p class="govuk-body" { "挂起后任何人不能办理，直到恢复；法定期限照常计算。依法不计入期限的，请启动特别程序。" }
            (draw.words("suspend", "reason", "挂起原因", 2))
            (Button::warning("挂起流程"))
        })));
    }
    Ok(html! { @for part in parts { (part) } })
}

/// Signatures this person asked for and still waits for, while the work is not open to them.
fn asked(draw: &Draw<'_>, view: &CaseView, actor: &Actor) -> Vec<Markup> {
    let mine = |t: &&flow::Task| !t.is_open() && !t.added && t.assignee.is_some() && t.assignee == t.done_by_hand_of(actor).holder();
    let of = |task: &flow::Task| signers(draw, view, task);
    view.tasks.iter().filter(mine).filter_map(of).map(|signers| section("等待加签", None, signers)).collect()
}

/// Those asked to sign a task who have not; each can be taken away.
fn signers(draw: &Draw<'_>, view: &CaseView, task: &flow::Task) -> Option<Markup> {
    let unsigned = |t: &&flow::Task| t.added && t.instance_id == task.instance_id && t.token == task.token && matches!(t.state.as_str(), "open" | "waiting");
    let waiting: Vec<&flow::Task> = view.tasks.iter().filter(unsigned).collect();
    (!waiting.is_empty()).then(|| html! {
        @for signer in waiting {
            (draw.ctx.form(format!("/work/tasks/{}/unsign", task.id)).body(html! {
                (hidden("signer", &signer.id.to_string()))
                p class="govuk-body" { "已请" (signer.assignee_name.clone().unwrap_or_default()) "加签，还没有签署。" }
                (Button::secondary("减去这位加签人"))
            }))
        }
    })
}

fn act(draw: &Draw<'_>, view: &CaseView, step: &str) -> Markup {
    let case = &view.case;
    match step {
        "acceptance" => section("受理", None, html! {
            (draw.form("accept", html! {
                (textarea(&draw.field("accept", "opinion", "意见").rows(2).required(false).value("材料齐全，符合法定形式，予以受理。")))
                (Button::primary("受理"))
            }))
            (draw.folded("correction", "材料不齐：一次告知补正", html! {
                @let (materials, fields): (Vec<_>, Vec<_>) = correctable(&case.item.spec, &case.item.form, case.situation.as_ref()).into_iter().partition(|(target, _)| target.starts_with("material_"));
                @let asked = |(target, name): &(String, String)| text_input(&draw.field("correction", target, name).required(false));
                p class="govuk-body" id="correction-items" { "请一次列出全部需要补正的内容，不需要补正的留空。公布的清单以外的不能要求提供。" }
                (draw.form("correction", html! {
                    @for material in &materials { (asked(material)) }
                    (draw.folded("correction", "申请表填写的内容", html! { @for field in &fields { (asked(field)) } }))
                    (Button::primary("发出一次性告知书"))
                }))
            }))
            (draw.folded("not-accept", "不属于本机关职权：不予受理", draw.form("not-accept", html! {
                (draw.words("not-accept", "reasons", "理由", 3))
                (text_input(&draw.field("not-accept", "competent", "应当向哪个机关申请").required(false)))
                (Button::warning("不予受理"))
            })))
            (draw.folded("not-needed", "不需要办理：即时告知", draw.form("not-needed", html! { (draw.words("not-needed", "reasons", "理由", 3)) (Button::warning("告知不需要办理")) })))
        }),
        "handling" => section("承办", None, html! {
            (draw.form("forward", html! { (draw.words("forward", "opinion", "承办意见", 3)) (Button::primary("报下一环节")) }))
            @if !case.item.spec.special_procedures.is_empty() {
                (draw.folded("special/start", "启动特别程序", draw.form("special/start", html! {
                    @let choices: Vec<Choice> = case.item.spec.special_procedures.iter().map(|p| Choice::new(&p.name, format!("{}（最多 {} 个工作日）", p.name, p.days)).chosen(draw.typed("special/start", "name") == p.name)).collect();
                    (select(&draw.field("special/start", "name", "特别程序"), &choices))
                    (draw.days("special/start", case.item.spec.special_procedures.iter().map(|p| p.days).max().unwrap_or(30)))
                    (draw.words("special/start", "reason", "理由（会告知申请人）", 2))
                    (Button::secondary("启动特别程序"))
                })))
            }
            @if case.row.extension.is_none() {
                (draw.folded("extension", "申请延期", draw.form("extension", html! {
                    (draw.days("extension", MAX_EXTENSION_DAYS))
                    (draw.words("extension", "reason", "理由（会告知申请人）", 2))
                    (Button::secondary("报负责人批准"))
                })))
            }
        }),
        "examination" => section("审查", None, html! {
            (draw.form("forward", html! { (draw.words("forward", "opinion", "审查意见", 3)) (Button::primary("报审批")) }))
        }),
        "approval" => section("审批", None, html! {
            (draw.form("decide", html! {
                (hidden("decision", "grant"))
                (draw.words("decide", "opinion", "审批意见", 2))
                (Button::primary("准予"))
            }))
            (draw.folded("refuse", "不予准许", draw.form("decide", html! {
                (hidden("decision", "refuse"))
                (draw.words("refuse", "opinion", "审批意见", 2))
                (draw.words("refuse", "facts", "查明的事实", 2))
                (draw.words("refuse", "reasons", "理由和法律依据（写入决定书）", 3))
                (Button::warning("不予准许"))
            })))
        }),
        _ => Markup::default(),
    }
}

/// A step that asks for an opinion and one of the answers its drawing offers.
async fn opinion(draw: &Draw<'_>, task: &flow::Task) -> PageResult {
    let offered = service::answers(draw.ctx, task).await?;
    let form = |act: &str, content: Markup| draw.ctx.form(format!("/work/tasks/{}/{act}", task.id)).dirty_check().body(content);
    Ok(section(&task.name, None, html! {
        @if let Some(owner) = &task.owner_name { p class="govuk-body" { "由" (owner) "委派，填写意见后交还。" } }
        (form("opinion", html! {
            @let choices: Vec<Choice> = offered.iter().map(|(value, name)| Choice::new(value, name).chosen(value == draw.typed("opinion", "answer"))).collect();
            (radios(&draw.field("opinion", "answer", "结论"), &choices))
            (draw.words("opinion", "opinion", "意见", 3))
            (Button::primary(if task.owner.is_some() { "交还委派人" } else { "提交意见" }))
        }))
    }))
}

/// Sending back, to whichever earlier step is chosen.
async fn back(draw: &Draw<'_>, view: &CaseView, task: &flow::Task) -> PageResult {
    let ways = service::ways_back(draw.ctx.db.read(), &view.case, task).await?;
    let Some(before) = ways.first() else { return Ok(Markup::default()) };
    let summary = if ways.len() == 1 { format!("退回{}", before.name) } else { "退回".to_owned() };
    let beside = view.tasks.iter().any(|t| t.is_open() && t.instance_id == task.instance_id && t.element != task.element);
    let typed = draw.typed("return", "to");
    let chosen = if typed.is_empty() { before.element.as_str() } else { typed };
    let choices: Vec<Choice> = ways
        .iter()
        .map(|way| {
            let name = if way.element == before.element { format!("{}（上一环节）", way.name) } else { way.name.clone() };
            Choice::new(&way.element, name).chosen(way.element == chosen)
        })
        .collect();
    Ok(draw.folded("return", &summary, draw.ctx.form(format!("/work/tasks/{}/return", task.id)).dirty_check().body(html! {
        @if ways.len() > 1 { (radios(&draw.field("return", "to", "退回到"), &choices)) }
        (draw.words("return", "opinion", "退回原因", 2))
        @if beside {
            (checkboxes(&draw.field("return", "all", "其他正在办理的环节").required(false), &[Choice::new("yes", "一并停止同时进行的其他环节")]))
        }
        (Button::secondary(summary.clone()))
    })))
}

/// Whom to ask, and what else can be done with work: 加签, 减签, 委派, 抄送.
async fn together(draw: &Draw<'_>, view: &CaseView, task: &flow::Task, actor: &Actor) -> PageResult {
    let advisers = service::advisers(draw.ctx, actor, task).await?;
    let form = |act: &str, content: Markup| draw.ctx.form(format!("/work/tasks/{}/{act}", task.id)).body(content);
    let people = |act: &str| -> Vec<Choice> {
        let chosen = draw.typed(act, "to");
        advisers.iter().map(|c| Choice::new(c.id.to_string(), format!("{}（{}）", c.name, c.post)).chosen(c.id.to_string() == chosen)).collect()
    };
    let own = !task.added && task.owner.is_none();
    Ok(html! {
        @if own { @if let Some(signers) = signers(draw, view, task) { (signers) } }
        @if !advisers.is_empty() && own {
            (draw.folded("sign", "请同事加签", form("sign", html! {
                (select(&draw.field("sign", "to", "请谁加签"), &people("sign")))
                @let places = [("before", "先由对方签，再由我办理"), ("beside", "与我同时签"), ("after", "我办理之后再由对方签")];
                (radios(&draw.field("sign", "place", "顺序"), &places.map(|(value, name)| Choice::new(value, name).chosen(value == draw.typed("sign", "place")))))
                (draw.words("sign", "reason", "请对方就什么发表意见", 2))
                (Button::secondary("加签"))
            })))
            (draw.folded("delegate", "委派同事出具意见", form("delegate", html! {
                (select(&draw.field("delegate", "to", "委派给"), &people("delegate")))
                (draw.words("delegate", "reason", "委派的内容", 2))
                (Button::secondary("委派"))
            })))
        }
        @if !advisers.is_empty() {
            (draw.folded("copy", "抄送同事", form("copy", html! {
                (select(&draw.field("copy", "to", "抄送给"), &people("copy")))
                (draw.words("copy", "note", "附言（可不填）", 2))
                (Button::secondary("抄送"))
            })))
        }
    })
}

/// Taking, giving back and handing on.
async fn hand_on(draw: &Draw<'_>, view: &CaseView, task: &flow::Task, actor: &Actor) -> PageResult {
    let colleagues = service::colleagues(draw.ctx, actor, task).await?;
    Ok(html! {
        (button_row([html! {
            @if task.assignee.is_none() {
                (draw.ctx.form(format!("/work/tasks/{}/claim", task.id)).inline().body(html! { (Button::secondary("领取这项待办")) }))
            } @else {
                (draw.ctx.form(format!("/work/tasks/{}/release", task.id)).inline().body(html! { (Button::secondary("放回待办")) }))
            }
        }]))
        @if !colleagues.is_empty() {
            (draw.folded("transfer", "转办给同事", draw.ctx.form(format!("/work/tasks/{}/transfer", task.id)).body(html! {
                @let choices: Vec<Choice> = colleagues.iter().map(|c| Choice::new(c.id.to_string(), format!("{}（{}）", c.name, c.post)).chosen(c.id.to_string() == draw.typed("transfer", "to"))).collect();
                (select(&draw.field("transfer", "to", "转给"), &choices))
                (draw.words("transfer", "reason", "转办原因", 2))
                (Button::secondary("转办"))
            })))
        }
        (together(draw, view, task, actor).await?)
    })
}
