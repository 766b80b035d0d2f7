//! 新建一项服务: the way of a department from nothing to an item that people apply for, with what is still missing. Each step
//! leads to its own page and back; the designs of an item are known by the key that follows from its code.

use axum::extract::{Path, Query};
use axum::response::Response;
use base::Error;
use designs::Kind;
use serde::Deserialize;
use uuid::Uuid;
use web::components::*;
use web::{Ctx, Form as Posted, Markup, PageResult, html};

use crate::model::{ItemStatus, Severity, problems};
use crate::permissions::EDIT;
use crate::service::{self, Build, Made};
use crate::store::item;

/// `GET /work/items/build`: what it takes, before there is an item.
pub(super) async fn begin(ctx: Ctx) -> PageResult {
    let steps = [
        ("写办事指南", "新建事项，填写条件、材料、时限、收费和办理地点"),
        ("搭申请表", "从左边拖出要填的内容，可以让某一项只在需要时出现"),
        ("填决策表", "什么条件得出什么结论，写成一行一行的规则，并存几个样例"),
        ("画流程", "点环节模板：受理、审查、审批、制证、送达"),
        ("用到事项上", "请另一位同事审核发布以后，一次按下就用到事项上"),
        ("发布事项", "请另一位同事审核发布，公众马上可以办理"),
    ];
    let tasks: Vec<Task> = steps.iter().map(|(title, hint)| Task::new(*title, StepState::Outline).word("要做").hint(*hint)).collect();
    let body = html! {
        (PageHeading::new("新建一项服务").lede("不用写程序，六步把一项服务放到网上。每一步都可以随时停下，下次接着做。"))
        (narrow(html! {
            (task_list(&tasks))
            (button_row([
                html! { (Button::primary("从新建事项开始").href("/work/items/new").icon(Icon::ArrowRight)) },
                html! { (Button::secondary("事项已经有了，去目录里选").href("/work/items")) },
            ]))
        }))
    };
    Ok(ctx.workbench("新建一项服务").crumb("事项目录", "/work/items").body(body).document())
}

/// `GET /work/items/{id}/build`
pub(super) async fn page(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult {
    let build = service::build(&ctx, ctx.actor(), id).await?;
    let (row, spec) = (&build.row, &build.spec);
    let here = format!("/work/items/{id}");
    let drafting = row.working_status() == Some(ItemStatus::Draft);
    let found = problems(spec);
    let wrong = found.iter().filter(|p| p.severity == Severity::Error).count();
    let guide = match (wrong, drafting) {
        (0, _) => Task::new("一、办事指南", StepState::Done).hint("各要素齐全").href(if drafting { format!("{here}/edit") } else { here.clone() }),
        (wrong, true) => Task::new("一、办事指南", StepState::Problem).hint(format!("{wrong} 处须补充或改正")).href(format!("{here}/edit")),
        (wrong, false) => Task::new("一、办事指南", StepState::Problem).hint(format!("{wrong} 处须补充或改正，请先编制新版本")).href(here.clone()),
    };
    let publication = match row.working_status() {
        Some(ItemStatus::InReview) => Task::new("六、发布事项", StepState::Current).word("待发布").hint("正在等另一位同事审核发布").href(here.clone()),
        Some(_) => Task::new("六、发布事项", StepState::Waiting).word("待提交").hint("提交审核，由另一位同事发布").href(here.clone()),
        None if row.status() == ItemStatus::Published => Task::new("六、发布事项", StepState::Done).hint("公众可以办理").href(format!("/items/{id}")),
        None => Task::new("六、发布事项", StepState::Waiting).word("待提交").href(here.clone()),
    };
    let bound = build.bound();
    let bind = Task::new("五、用到事项上", if bound { StepState::Done } else { StepState::Waiting })
        .word(if bound { "已完成" } else { "还没用上" })
        .hint(if bound { "事项用的就是上面的设计" } else { "上面的设计发布以后，按下面的按钮" });
    let tasks = [
        guide,
        design_task(&build, &build.form, "二、申请表", "申请人要填的内容；不做就用现成的通用表"),
        design_task(&build, &build.decision, "三、决策表", "按条件分流、当即决定用；用不着可以不做"),
        design_task(&build, &build.situation, "情形引导表", "申请前问几个问题，按情形收材料；人人都一样可以不做"),
        design_task(&build, &build.process, "四、流程", "谁先办、谁后办；不做就用现成的受理、审查、审批"),
        bind,
        publication,
    ];
    let body = html! {
        (PageHeading::new("搭建这项服务").caption(format!("{} · {}", spec.name, row.body_name)).lede("从上往下做，做完一步回到这里。"))
        (narrow(html! {
            (task_list(&tasks))
            @if drafting && !bound && build.ready() {
                (ctx.form(format!("{here}/build")).body(html! { (hidden("lock", &row.version.to_string())) (Button::primary("把已发布的设计用到这个事项").icon(Icon::Link)) }))
            }
            @if !drafting && !bound && build.ready() { (inset("事项在用的版本不能修改：请先到事项页面“编制新版本”，再把设计用上去。")) }
            (button_row([html! { (Button::secondary("回到事项").href(here.as_str())) }]))
        }))
    };
    Ok(ctx.workbench("搭建这项服务").crumb("事项目录", "/work/items").crumb(spec.name.clone(), here).body(body).document())
}

fn design_task(build: &Build, made: &Made, title: &'static str, why: &'static str) -> Task {
    match &made.design {
        Some(design) => {
            let href = format!("/work/designs/{}", design.id);
            match design.stage() {
                designs::model::Stage::Published => Task::new(title, StepState::Done).hint(format!("“{}”已发布", design.name)).href(href),
                designs::model::Stage::InReview => Task::new(title, StepState::Current).word("待发布").hint(format!("“{}”等另一位同事审核发布", design.name)).href(href),
                designs::model::Stage::Draft if made.holds => Task::new(title, StepState::Done).hint(format!("“{}”已发布，新版本在编制", design.name)).href(href),
                designs::model::Stage::Draft => Task::new(title, StepState::Waiting).word("草稿").hint(format!("“{}”还是草稿：检查、试运行，再提交审核", design.name)).href(href),
            }
        }
        None if made.key.is_empty() => Task::new(title, StepState::Outline).word("还不能做").hint("先把基本编码填好"),
        None => {
            let pairs = [("kind", made.kind.code()), ("key", &made.key), ("name", &build.spec.name), ("starter", made.starter), ("body", &build.body)];
            let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", super::items::encode(value))).collect();
            Task::new(title, StepState::Waiting).word("没有").hint(why).href(format!("/work/designs/new?{}", query.join("&")))
        }
    }
}

/// `POST /work/items/{id}/build`: lets the draft name what was published for it.
pub(super) async fn bind(ctx: Ctx, Path(id): Path<Uuid>, form: Posted) -> PageResult<Response> {
    let lock: i32 = form.data.text("lock").parse().map_err(|_| Error::expired("页面内容不完整，请刷新页面后重新操作。"))?;
    service::bind_designs(&ctx, ctx.actor(), id, lock).await?;
    Ok(ctx.redirect_saying(&format!("/work/items/{id}/build"), "已用到这个事项，提交审核发布后生效。"))
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    key: String,
}

/// `GET /work/items/using`: the items a design is made for, and those that use it.
pub(super) async fn using(ctx: Ctx, Query(asked): Query<Asked>) -> PageResult {
    let kind = Kind::from_code(&asked.kind).ok_or_else(|| Error::not_found("没有这种设计。"))?;
    let made_for = match service::identity_of_key(&asked.key) {
        Some(identity) => item::by_identity(ctx.db.read(), &identity).await?.filter(|row| ctx.actor().may(EDIT, &row.target())),
        None => None,
    };
    let cards = service::items_naming(&ctx, kind, &asked.key).await?;
    let body = html! {
        (PageHeading::new("哪些事项在用").caption(format!("{} {}", kind.name(), asked.key)))
        @if let Some(row) = &made_for {
            (section("为这个事项准备", None, html! { p { a href={ "/work/items/" (row.id) "/build" } { (row.name) "：看看还差哪几步" } } }))
        }
        (section("已发布的事项", None, list(&cards)))
    };
    Ok(ctx.workbench("哪些事项在用").crumb("流程与表单", "/work/designs").body(body).document())
}

fn list(cards: &[service::ItemCard]) -> Markup {
    html! {
        @if cards.is_empty() { p { "还没有已发布的事项用它。在事项的“怎么办”一节可以选用。" } }
        @else { ul class="govuk-list" { @for card in cards { li { a href={ "/work/items/" (card.item_id) } { (card.name) } " " span class="muted" { (card.body_name) } } } } }
    }
}
