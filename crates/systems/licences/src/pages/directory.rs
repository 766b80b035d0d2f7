//! 证照目录: which licences there are, for anybody, as pages and as a table for programs.

use std::collections::HashMap;

use axum::extract::{Path, Query};
use axum::response::Response;
use base::Error;
use cases::model::Trust;
use db::Cursor;
use maud::html;
use web::components::*;
use web::{Ctx, PageResult};

use crate::pages::csv_response;
use crate::service::{self, Entry};

const PER_PAGE: usize = 50;
/// Types in the file; a city has a few hundred.
const IN_FILE: usize = 5_000;

/// `GET /licences/types`
pub(super) async fn list(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let after = query.get("after").map(|text| Cursor::from_param(text));
    let page = service::directory(ctx.platform(), after.as_ref(), PER_PAGE).await?;
    let rows = page.items.iter().map(|entry| {
        TableRow::new()
            .cell(html! { a href=(format!("/licences/types/{}", entry.row.code)) { (entry.spec.name) } })
            .cell(&entry.row.body_name)
            .cell(entry.spec.holder.name())
            .cell(entry.spec.domain.name())
            .cell(entry.spec.validity.describe())
    });
    let empty = page.items.is_empty();
    Ok(ctx
        .page("证照目录")
        .crumb("首页", "/")
        .crumb("证照核验", "/licences/verify")
        .body(html! {
            (PageHeading::new("证照目录").lede("本平台签发的电子证照种类：由谁颁发、发给谁、有效多久、登载什么。"))
            @if empty {
                (card(empty_state(Icon::BookMarked, "目录还是空的", "各部门编制的证照类型审核通过后会公布在这里。", None)))
            } @else {
                (card(html! {
                    (Table::new("证照目录", ["证照名称", "定义机构", "持证主体", "领域", "有效期"].map(Column::new)).hide_caption().rows(rows))
                    (paging("/licences/types", &page, "按类型代码排列"))
                }))
                p { "供程序使用：" a href="/licences/types.csv" { "CSV 文件" } "、" a href="/api/licences/types" { "JSON 接口" } "。" }
            }
        })
        .document())
}

/// `GET /licences/types/{code}`
pub(super) async fn entry(ctx: Ctx, Path(code): Path<String>) -> PageResult {
    let Entry { row, spec, version } = service::entry(ctx.platform(), &code).await?;
    let always = ["持证主体、证件号码（个人隐去一部分）", "证照编号、电子证照标识", "颁发机构、颁发日期、有效期", "核验二维码"];
    Ok(ctx
        .page(&spec.name)
        .crumb("证照核验", "/licences/verify")
        .crumb("证照目录", "/licences/types")
        .body(html! {
            (PageHeading::new(&spec.name).caption("证照目录").lede(&spec.definition))
            (two_columns(
                section("基本信息", None, summary_list(&[
                    Fact::new("证照类型代码", &row.code),
                    Fact::new("定义机构", &row.body_name),
                    Fact::new("设定依据", &spec.basis),
                    Fact::new("持证主体", spec.holder.name()),
                    Fact::new("领域", spec.domain.name()),
                    Fact::new("有效期", spec.validity.describe()),
                    Fact::new("可信等级", format!("{} 级，{}", spec.trust.code(), spec.trust.meaning())),
                    Fact::new("目录版本", format!("第 {} 版{}", version.number, version.in_force_at.map(|at| format!("，{} 起施行", format::date(base::local_date(at)))).unwrap_or_default())),
                ])),
                html! {
                    (section("登载内容", None, html! {
                        ul class="plain-list" { @for field in &spec.fields { li { (field.name) @if field.required { " " (tag(Tone::Neutral, "必有")) } } } @for text in always { li class="muted" { (text) } } }
                    }))
                    (section("可信等级", None, html! { ul class="plain-list" { @for trust in Trust::ALL { li { strong { (trust.code()) " 级" } "：" (trust.meaning()) } } } }))
                },
            ))
        })
        .document())
}

/// `GET /licences/types.csv`: columns named as the directory and metadata standards (GB/T 36902, 36903) call them.
pub(super) async fn csv(ctx: Ctx) -> PageResult<Response> {
    let page = service::directory(ctx.platform(), None, IN_FILE).await?;
    let mut out = csv::Writer::from_writer(Vec::new());
    let columns = ["证照类型名称", "证照类型代码", "证照定义机构", "证照定义机构代码", "持证主体类别", "所属领域", "有效期限", "可信等级", "登载内容", "设定依据", "目录版本"];
    out.write_record(columns).map_err(Error::internal)?;
    for Entry { row, spec, version } in &page.items {
        let fields = spec.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join("、");
        let body = row.code.get(..18).unwrap_or_default();
        let cells = [
            &spec.name, &row.code, &row.body_name, body, spec.holder.name(), spec.domain.name(), &spec.validity.describe(), spec.trust.code(), &fields,
            &spec.basis, &version.number.to_string(),
        ];
        out.write_record(cells).map_err(Error::internal)?;
    }
    let bytes = out.into_inner().map_err(Error::internal)?;
    Ok(csv_response("licence-types.csv", format!("\u{FEFF}{}", String::from_utf8_lossy(&bytes))))
}
