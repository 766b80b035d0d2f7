use std::collections::HashMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Error, Result};
use db::{Idempotency, Tx};
use uuid::Uuid;
use web::components::{
    Button, Choice, Column, Fact, Field, Icon, PageHeading, Table, TableRow, Width, back_link, checkbox, empty_state, error_summary, section, select,
    summary_list, text_input,
};
use web::{Ctx, Failure, Form, FormData, Markup, PageResult, html};

use super::{mendable, said, summary};
use crate::model::{TEMPLATES, WindowKind, template};
use crate::service::{self, Assignment, NewStaff, NewWindow};
use crate::store::{self, Body, Holding, PostRow, StaffRow, Window};

struct View {
    body: Body,
    region: String,
    posts: Vec<PostRow>,
    permissions: HashMap<Uuid, Vec<String>>,
    staff: Vec<StaffRow>,
    holdings: Vec<Holding>,
    windows: Vec<Window>,
}

async fn load(ctx: &Ctx, id: Uuid) -> Result<View> {
    let conn = ctx.db.read();
    let body = service::managed_body(conn, ctx.actor(), id).await?;
    let mut permissions: HashMap<Uuid, Vec<String>> = HashMap::new();
    for grant in store::post_permissions(conn, id).await? {
        let reach = match (grant.body_id, grant.region) {
            (Some(_), _) => "本单位".to_owned(),
            (None, Some(region)) => format!("区划 {region}"),
            (None, None) => "全平台".to_owned(),
        };
        permissions.entry(grant.post_id).or_default().push(format!("{}（{reach}）", grant.permission));
    }
    Ok(View {
        region: store::region(conn, &body.region).await?.map_or_else(|| body.region.clone(), |r| r.name),
        posts: store::posts_of_body(conn, id).await?,
        permissions,
        staff: store::staff_of_body(conn, id).await?,
        holdings: store::holdings_of_body(conn, id).await?,
        windows: store::windows_of_body(conn, id).await?,
        body,
    })
}

/// One body: facts, staff, posts, windows.
pub(super) async fn show(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult {
    Ok(render(&ctx, &load(&ctx, id).await?, &FormData::default(), None))
}

fn render(ctx: &Ctx, view: &View, data: &FormData, error: Option<&Error>) -> Markup {
    let body = &view.body;
    let base = format!("/work/organization/bodies/{}", body.id);
    ctx.workbench(body.name.clone())
        .has_errors(error.is_some())
        .body(html! {
            (back_link("返回机构列表", "/work/organization"))
            (error_summary(summary(error)))
            (PageHeading::new(body.name.clone()).action(Button::secondary("修改信息").href(format!("{base}/edit")).icon(Icon::Pencil)))
            (summary_list(&[
                Fact::new("统一社会信用代码", &body.uscc),
                Fact::new("行政区划", &view.region),
                Fact::new("办公地址", &body.address),
                Fact::new("咨询电话", &body.phone),
                Fact::new("投诉电话", &body.complaint_phone),
            ]))
            (section("工作人员", None, staff(ctx, view, &base, data, error)))
            (section("岗位", None, posts(ctx, view, &base, data, error)))
            (section("服务窗口", None, windows(ctx, view, &base, data, error)))
        })
        .document()
}

fn staff(ctx: &Ctx, view: &View, base: &str, data: &FormData, error: Option<&Error>) -> Markup {
    let field = |name: &str, label: &str| Field::new(name, label).value(data.text(name)).error(said(error, name));
    let people: Vec<Choice> = std::iter::once(Choice::new("", "请选择"))
        .chain(view.staff.iter().map(|s| Choice::new(s.id.to_string(), format!("{}（{}）", s.name, s.work_no))))
        .collect();
    let posts: Vec<Choice> =
        std::iter::once(Choice::new("", "请选择")).chain(view.posts.iter().map(|p| Choice::new(p.id.to_string(), p.name.clone()))).collect();
    let rows = view.staff.iter().map(|s| {
        let held = view.holdings.iter().filter(|h| h.staff_id == s.id);
        TableRow::new()
            .cell(&s.work_no)
            .cell(&s.name)
            .cell(html! {
                @for h in held {
                    (ctx.form(format!("{base}/assignments/{}/end", h.id)).inline().body(html! {
                        span { (h.post_name) "，" (h.from_day) " 起" @if h.on_the_spot { "，当场办结授权" } }
                        (Button::link(format!("解除{}", h.post_name)).small())
                    }))
                }
            })
            .cell(ctx.form(format!("{base}/staff/{}/leave", s.id)).body(html! { (Button::secondary("登记离岗").small()) }))
    });
    html! {
        @if view.staff.is_empty() {
            (empty_state(Icon::Users, "还没有工作人员", "先登记工作人员，再安排岗位。", None))
        } @else {
            (Table::new("工作人员", [Column::new("工号"), Column::new("姓名"), Column::new("岗位"), Column::new("操作")]).hide_caption().rows(rows))
            h3 { "安排岗位" }
            (ctx.form(format!("{base}/assignments")).body(html! {
                (select(&field("staff", "工作人员").width(Width::Chars20), &people))
                (select(&field("post", "岗位").width(Width::Chars20), &posts))
                (checkbox(&Field::new("on_the_spot", "当场办结授权").hint("勾选后，同一个人可以同时承担承办、审查和审批").required(false), data.is_set("on_the_spot")))
                (Button::secondary("安排岗位"))
            }))
        }
        h3 { "登记工作人员" }
        (ctx.form(format!("{base}/staff")).body(html! {
            (text_input(&field("staff_name", "姓名").width(Width::Chars10)))
            (text_input(&field("work_no", "工号").hint("全平台唯一，也是登录名").width(Width::Chars10)))
            (Button::secondary("登记人员"))
        }))
    }
}

fn posts(ctx: &Ctx, view: &View, base: &str, data: &FormData, error: Option<&Error>) -> Markup {
    let open: Vec<Choice> = std::iter::once(Choice::new("", "请选择"))
        .chain(TEMPLATES.iter().filter(|t| !view.posts.iter().any(|p| p.name == t.name)).map(|t| Choice::new(t.key, t.name)))
        .collect();
    let rows = view.posts.iter().map(|post| {
        let allows = view.permissions.get(&post.id).map(|p| p.join("、")).unwrap_or_default();
        let held = view.holdings.iter().filter(|h| h.post_id == post.id).count();
        TableRow::new().cell(&post.name).cell(allows).cell(held)
    });
    html! {
        @if view.posts.is_empty() {
            (empty_state(Icon::IdCard, "还没有岗位", "从常用岗位中选择，权限会一起设好。", None))
        } @else {
            (Table::new("岗位", [Column::new("岗位"), Column::new("可以办什么"), Column::new("在岗人数").numeric()]).hide_caption().rows(rows))
        }
        h3 { "设置岗位" }
        (ctx.form(format!("{base}/posts")).body(html! {
            (select(&Field::new("template", "常用岗位").value(data.text("template")).error(said(error, "template").or(said(error, "name"))).width(Width::Chars20), &open))
            (Button::secondary("设置岗位"))
        }))
    }
}

fn windows(ctx: &Ctx, view: &View, base: &str, data: &FormData, error: Option<&Error>) -> Markup {
    let kinds: Vec<Choice> = WindowKind::ALL.into_iter().map(|k| Choice::new(k.key(), k.label())).collect();
    let rows = view.windows.iter().map(|w| {
        TableRow::new().cell(&w.name).cell(&w.place).cell(WindowKind::from_key(&w.kind).map_or_else(|| w.kind.clone(), |k| k.label().to_owned()))
    });
    html! {
        @if view.windows.is_empty() {
            (empty_state(Icon::Store, "还没有服务窗口", "设置窗口后，办事指南和附近大厅里就能看到。", None))
        } @else {
            (Table::new("服务窗口", [Column::new("窗口"), Column::new("地点"), Column::new("类型")]).hide_caption().rows(rows))
        }
        h3 { "设置窗口" }
        (ctx.form(format!("{base}/windows")).body(html! {
            (text_input(&Field::new("window_name", "窗口名称").value(data.text("window_name")).error(said(error, "window_name")).width(Width::Chars20)))
            (text_input(&Field::new("place", "地点").value(data.text("place")).hint("不填时按行政区划写入政务服务中心名称").required(false)))
            (select(&Field::new("kind", "窗口类型").value(data.text("kind")).error(said(error, "kind")).width(Width::Chars20), &kinds))
            (Button::secondary("设置窗口"))
        }))
    }
}

/// Whether this form acts for the first time; its transaction.
async fn first(ctx: &Ctx, scope: &str, form: &Form) -> Result<Option<Tx>> {
    let tx = ctx.db.begin().await?;
    let known = db::idempotent(&tx, scope, &form.token.nonce, "", ctx.now()).await?;
    Ok((known == Idempotency::First).then_some(tx))
}

async fn answer(ctx: &Ctx, body: Uuid, form: &Form, done: Result<()>, saying: &str) -> PageResult<Response> {
    match done {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/work/organization/bodies/{body}"), saying)),
        Err(error) if mendable(&error) => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(ctx, &load(ctx, body).await?, &form.data, Some(&error))).into_response())
        }
        Err(error) => Err(Failure(error)),
    }
}

fn chosen(data: &FormData, field: &str, sentence: &str) -> Result<Uuid> {
    data.text(field).parse().map_err(|_| Error::field(field, sentence))
}

/// Makes one of the usual posts.
pub(super) async fn create_post(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let done = async {
        let template = template(form.data.text("template")).ok_or_else(|| Error::field("template", "请选择一个岗位。"))?;
        if let Some(tx) = first(&ctx, "organization.create_post", &form).await? {
            service::create_post_from(&ctx, &tx, ctx.actor(), id, template).await?;
            tx.commit().await?;
        }
        Ok(())
    }
    .await;
    answer(&ctx, id, &form, done, "岗位已设置。").await
}

/// Registers a staff member.
pub(super) async fn create_staff(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let done = async {
        let text = |name: &str| form.data.text(name).to_owned();
        if let Some(tx) = first(&ctx, "organization.create_staff", &form).await? {
            let new = NewStaff { body: id, name: text("staff_name"), work_no: text("work_no"), own_party: None };
            service::create_staff(&ctx, &tx, ctx.actor(), &new).await?;
            tx.commit().await?;
        }
        Ok(())
    }
    .await;
    answer(&ctx, id, &form, done, "工作人员已登记。请安排岗位；登录账号在“工作人员账号”中开设。").await
}

/// Opens a window.
pub(super) async fn create_window(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let done = async {
        let text = |name: &str| form.data.text(name).to_owned();
        let kind = WindowKind::from_key(form.data.text("kind")).ok_or_else(|| Error::field("kind", "请选择窗口类型。"))?;
        if let Some(tx) = first(&ctx, "organization.create_window", &form).await? {
            service::create_window(&ctx, &tx, ctx.actor(), &NewWindow { body: id, name: text("window_name"), place: text("place"), kind }).await?;
            tx.commit().await?;
        }
        Ok(())
    }
    .await;
    answer(&ctx, id, &form, done, "窗口已设置。").await
}

/// Gives somebody a post.
pub(super) async fn assign(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let done = async {
        let assignment = Assignment {
            staff: chosen(&form.data, "staff", "请选择工作人员。")?,
            post: chosen(&form.data, "post", "请选择岗位。")?,
            from: ctx.today(),
            on_the_spot: form.data.is_set("on_the_spot"),
        };
        if let Some(tx) = first(&ctx, "organization.assign_post", &form).await? {
            service::assign_post(&ctx, &tx, ctx.actor(), &assignment).await?;
            tx.commit().await?;
        }
        Ok(())
    }
    .await;
    answer(&ctx, id, &form, done, "岗位已安排。").await
}

/// Ends a post.
pub(super) async fn end(ctx: Ctx, Path((id, holding)): Path<(Uuid, Uuid)>, form: Form) -> PageResult<Response> {
    let done = async {
        if let Some(tx) = first(&ctx, "organization.end_post", &form).await? {
            service::end_post(&ctx, &tx, ctx.actor(), holding).await?;
            tx.commit().await?;
        }
        Ok(())
    }
    .await;
    answer(&ctx, id, &form, done, "岗位已解除。").await
}

/// Records that somebody has left.
pub(super) async fn leave(ctx: Ctx, Path((id, staff)): Path<(Uuid, Uuid)>, form: Form) -> PageResult<Response> {
    let done = async {
        if let Some(tx) = first(&ctx, "organization.leave", &form).await? {
            service::leave(&ctx, &tx, ctx.actor(), staff).await?;
            tx.commit().await?;
        }
        Ok(())
    }
    .await;
    answer(&ctx, id, &form, done, "已登记离岗，所有岗位同时解除。").await
}
