//! A case on the workbench: facts and clock on top, materials beside the act that is due.

use axum::extract::Path;
use maud::{Markup, html};
use uuid::Uuid;
use web::components::{Column, Fact, PageHeading, Table, TableRow, document_viewer, error_summary, fact_strip, format, section, side_by_side};
use web::{Ctx, PageResult};

use super::forms::{self, Returned};
use super::reveal;
use crate::pages::case_parts::{Eyes, answers, documents, facts, light_of, materials, state_tag, steps};
use crate::service::{self, CaseView};

/// GET /work/cases/{id}
pub(crate) async fn show(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult {
    let view = service::view(&ctx, ctx.actor(), id).await?;
    page(&ctx, &view, None).await
}

/// The page, also with what is wrong in a form that came back.
pub(crate) async fn page(ctx: &Ctx, view: &CaseView, returned: Option<&Returned<'_>>) -> PageResult {
    let case = &view.case;
    let base = format!("/work/cases/{}", case.row.id);
    let due = |text: &Option<String>| text.as_deref().and_then(|d| d.parse().ok()).map_or_else(|| "—".to_owned(), format::date);
    let mut strip = vec![
        Fact::new("承诺办结", due(&case.row.promised_due)),
        Fact::new("法定办结", due(&case.row.statutory_due)),
        Fact::new("当前环节", view.next_step().map_or_else(|| case.state.label().to_owned(), |n| n.name)),
    ];
    if let Some(light) = light_of(view.standing) {
        strip.insert(0, Fact::new("剩余时间", light));
    }
    let course = designs::course(ctx, case.row.id, &view.tasks).await?;
    let errors: Vec<(String, &str)> = returned.map(|r| r.summary().collect()).unwrap_or_default();
    let viewer = view.files.iter().find(|f| matches!(f.mime.as_str(), "application/pdf" | "image/png" | "image/jpeg"));
    let body = html! {
        (error_summary(errors.iter().map(|(id, message)| (id.as_str(), *message))))
        (PageHeading::new(&case.row.item_name).caption(format!("{} · {}", case.row.case_no, case.row.applicant_masked)).mark(state_tag(case.state)))
        (fact_strip(&strip))
        (side_by_side(
            html! {
                (section("申请材料", None, html! {
                    (materials(view, &base))
                    @if let Some(file) = viewer { (document_viewer(&file.name, &format!("{base}/files/{}", file.id), &file.mime)) }
                }))
                (section("申请表", None, html! { (answers(&view.case, "review", true)) (reveal::ask(ctx, view)) }))
            },
            html! {
                (forms::next_act(ctx, view, course.as_ref().is_some_and(|c| c.suspended_at.is_some()), returned).await?)
                (section("基本情况", None, facts(view)))
                (section("文书", None, documents(view)))
            },
        ))
        (section("流程与办理经过", None, html! {
            @if let Some(course) = &course { (designs::view::diagram("流程图，下面的办理经过用文字说明同样的内容", course)) }
            (steps(ctx, view, course.as_ref(), Eyes::Staff))
        }))
        (section("全程记录", None, journal_table(view)))
    };
    let page = ctx.workbench(&case.row.item_name).crumb("待办", "/work").has_errors(!errors.is_empty());
    Ok(designs::view::dress(page).body(body).document())
}

/// Who did what, with the words they gave for it.
fn journal_table(view: &CaseView) -> Markup {
    let rows = view.journal.iter().map(|entry| {
        let words = ["opinion", "reasons", "reason", "conclusion", "purpose"].into_iter().find_map(|key| entry.data.get(key).and_then(|v| v.as_str())).unwrap_or_default();
        TableRow::new().cell(format::date_time_short(&entry.at)).cell(&entry.actor_name).cell(&entry.label).cell(words)
    });
    html! { (Table::new("全程记录", ["时间", "办理人", "事项", "意见"].map(Column::new)).hide_caption().compact(true).rows(rows)) }
}
