use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Error, FieldError};
use serde::Deserialize;
use web::components::*;
use web::{Ctx, Form as Posted, PageResult, html};

use crate::model::{Kind, starters};
use crate::permissions::EDIT;
use crate::service::{self, NewDesign};

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    key: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    starter: String,
}

#[derive(Default)]
struct Typed<'a> {
    body: &'a str,
    name: &'a str,
    key: &'a str,
    starter: &'a str,
}

/// `GET /work/designs/new`: first what, then the rest.
pub(super) async fn page(ctx: Ctx, Query(asked): Query<Asked>) -> PageResult {
    match Kind::from_code(&asked.kind) {
        Some(kind) => ask(&ctx, kind, &Typed { body: &asked.body, name: &asked.name, key: &asked.key, starter: &asked.starter }, &[]).await,
        None => {
            let card_of = |kind: Kind, text: &str| Card::new(kind.name(), format!("/work/designs/new?kind={}", kind.code())).icon(super::words::icon(kind)).text(text);
            let cards = [
                card_of(Kind::Process, "谁先办、谁后办、多少天、什么情况走哪条路"),
                card_of(Kind::Decision, "把“什么条件得出什么结论”填成一张表"),
                card_of(Kind::Form, "申请人要填哪些内容"),
            ];
            let body = html! { (PageHeading::new("新建").lede("您要设计什么？")) (card_grid(&cards)) };
            Ok(ctx.workbench("新建").crumb("流程与表单", "/work/designs").body(body).document())
        }
    }
}

async fn ask(ctx: &Ctx, kind: Kind, typed: &Typed<'_>, errors: &[FieldError]) -> PageResult {
    let own = ctx.actor().staff()?;
    let mut bodies = organization::bodies(ctx.db.read(), own.region.trim_end_matches('0')).await?;
    bodies.retain(|body| ctx.actor().may(EDIT, &access::Target { region: &body.region, body: Some(body.id), item: None }));
    let error = |name: &str| errors.iter().find(|e| e.field == name).map(|e| e.message.as_str());
    let chosen_body = if typed.body.is_empty() { own.body.to_string() } else { typed.body.to_owned() };
    let choices: Vec<Choice> = bodies.iter().map(|body| Choice::new(body.id.to_string(), body.name.as_str())).collect();
    let beginnings: Vec<Choice> = starters(kind)
        .iter()
        .enumerate()
        .map(|(at, s)| Choice::new(s.code, s.name).hint(s.hint).chosen(if typed.starter.is_empty() { at == 0 } else { typed.starter == s.code }))
        .collect();
    let title = format!("新建{}", kind.name());
    let content = narrow(html! {
        (error_summary(errors.iter().map(|e| (e.field.as_str(), e.message.as_str()))))
        (PageHeading::new(title.clone()))
        (ctx.form("/work/designs/new").body(html! {
            (hidden("kind", kind.code()))
            (text_input(&Field::new("name", "名称").hint("同事和申请人看到的名称，例如：食品经营许可审批").value(typed.name).max_length(60).error(error("name"))))
            (text_input(&Field::new("key", "标识").hint("事项用它引用这个设计，小写字母、数字和连字符，例如 food-licence；以后不能更改").value(typed.key).width(Width::Chars20).error(error("key"))))
            (select(&Field::new("body", "所属机构").value(chosen_body).error(error("body")), &choices))
            (radios(&Field::new("starter", "从什么开始").error(error("starter")), &beginnings))
            (Button::primary("新建并开始设计"))
        }))
    });
    Ok(ctx.workbench(title).crumb("流程与表单", "/work/designs").has_errors(!errors.is_empty()).body(content).document())
}

/// `POST /work/designs/new`
pub(super) async fn create(ctx: Ctx, form: Posted) -> PageResult<Response> {
    let text = |name: &str| form.data.text(name);
    let kind = Kind::from_code(text("kind")).ok_or_else(|| Error::expired("页面内容不完整，请刷新页面后重新操作。"))?;
    let typed = Typed { body: text("body"), name: text("name"), key: text("key"), starter: text("starter") };
    let done = match typed.body.parse() {
        Ok(body) => service::create(&ctx, ctx.actor(), NewDesign { kind, key: typed.key, name: typed.name, body, starter: typed.starter }).await,
        Err(_) => Err(Error::field("body", "请选择所属机构。")),
    };
    match done {
        Ok(id) => Ok(ctx.redirect_saying(&format!("/work/designs/{id}/edit"), "已新建，可以开始设计了。")),
        Err(error) if error.kind() == base::Kind::Invalid => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, ask(&ctx, kind, &typed, error.fields()).await?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
