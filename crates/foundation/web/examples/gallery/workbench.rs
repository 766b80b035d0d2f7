//! Sample pages of the workbench.

use maud::{Markup, Render, html};
use web::components::*;

use crate::{region, site, user};

pub fn pages() -> Vec<(&'static str, Page)> {
    vec![
        ("work-list", frame("待办", 0).body(list())),
        ("work-empty", frame("待办", 0).body(empty())),
        (
            "work-case",
            frame("食品经营许可（新办）", 0)
                .crumb("待办", "work-list.html")
                .here("4503-2026-001204")
                .flash(Some((Tone::Good, "已认领，由您办理。".to_owned())))
                .body(case()),
        ),
        ("work-board", frame("今日运行", 4).body(board())),
        (
            "work-forbidden",
            frame("您没有权限查看", 1).body(error_pages::forbidden("这个办件")),
        ),
        ("work-components", frame("组件一览", 5).body(components())),
    ]
}

fn frame(title: &str, active: usize) -> Page {
    let work = [
        ("待办", Icon::Inbox, 12),
        ("我的办件", Icon::ClipboardList, 0),
        ("补正中", Icon::Undo2, 3),
        ("已办结", Icon::Archive, 0),
    ];
    let watch = [
        ("今日运行", Icon::ChartColumn, 0),
        ("预警", Icon::Bell, 2),
        ("好差评", Icon::Star, 0),
    ];
    let items = |list: &[(&str, Icon, u64)], from: usize| {
        list.iter()
            .enumerate()
            .map(move |(index, (label, icon, count))| {
                NavItem::new(*label, "#")
                    .icon(*icon)
                    .badge(*count)
                    .active(index + from == active)
            })
            .collect::<Vec<_>>()
    };
    Page::workbench(title)
        .site(site())
        .region(region())
        .user(user("黄某某", "综合窗口 · 受理岗"))
        .nav_group("办理", items(&work, 0))
        .nav_group("监督", items(&watch, 4))
        .nav_group(
            "管理",
            [
                NavItem::new("事项", "#").icon(Icon::BookOpen),
                NavItem::new("流程", "#").icon(Icon::Workflow),
                NavItem::new("机构和人员", "#").icon(Icon::Network),
            ],
        )
}

fn filters() -> Markup {
    filter_panel(
        "#",
        html! {
            (select(&Field::new("item", "事项"), &[Choice::new("", "全部"), Choice::new("1", "食品经营许可")]))
            (select(&Field::new("step", "环节"), &[Choice::new("", "全部"), Choice::new("accept", "受理"), Choice::new("review", "审查")]))
            (text_input(&Field::new("party", "申请人")))
        },
        &[("临期和超期", "#"), ("临桂区", "#")],
        "#",
    )
}

fn list() -> Markup {
    let rows = [
        (
            "食品经营许可（新办）",
            "桂林市某某餐饮店（示例）",
            "受理",
            Light::Green,
            4,
        ),
        (
            "户外广告设施设置",
            "广西某某广告有限公司（示例）",
            "审查",
            Light::Yellow,
            1,
        ),
        (
            "劳务派遣经营许可",
            "桂林某某人力资源有限公司（示例）",
            "决定",
            Light::Red,
            -2,
        ),
        (
            "城镇污水排入排水管网许可",
            "某某洗车行（示例）",
            "现场核查",
            Light::Purple,
            -9,
        ),
        ("公共场所卫生许可", "某某美容院（示例）", "受理", Light::Green, 3),
        ("民办学校办学许可", "某某培训学校（示例）", "审查", Light::Green, 11),
        ("社会团体成立登记", "桂林市某某协会（示例）", "受理", Light::Green, 18),
    ];
    html! {
        (PageHeading::new("待办").action(Button::secondary("导出").href("#").icon(Icon::Download)).action(Button::primary("领取下一件").icon(Icon::ClipboardCheck)))
        (card(html! {
            (saved_filters("常用筛选", &[("等我办理", "#", 7, true), ("本组可领取", "#", 12, false), ("临期和超期", "#", 3, false), ("特别程序中", "#", 1, false)]))
            (filters())
            (Table::new("待办办件", [Column::new("事项"), Column::new("申请人"), Column::new("环节"), Column::new("时限").sort("#", Some(Order::Ascending)), Column::new("收件").sort("#", None)])
                .hide_caption().keyboard().rows(rows.into_iter().map(|(item, party, step, kind, left)| {
                    TableRow::new().open("work-case.html").marked(left < 0)
                        .cell(html! { a href="work-case.html" { (item) } }).cell(party).cell(step).cell(light(kind, Some(&format::working_days_left(left)))).cell("2026-11-24")
                })))
            (pagination_keyset(Some("#"), Some("#"), "第 51–57 件"))
            (keyboard_help())
        }))
    }
}

fn empty() -> Markup {
    html! {
        (PageHeading::new("待办"))
        (card(empty_state(Icon::Inbox, "没有待办的件", "您的待办都处理完了。可以领取本组的件，或者看看已办结的。", Some(Button::secondary("看本组可领取的 12 件").href("#")))))
    }
}

fn case() -> Markup {
    html! {
        (PageHeading::new("食品经营许可（新办）").caption("4503-2026-001204").mark(tag(Tone::Info, "审查中"))
            .action(Button::print("打印审批表")))
        (card(fact_strip(&[
            Fact::new("申请人", "桂林市某某餐饮店（示例）"), Fact::new("时限", light(Light::Yellow, Some(&format::working_days_left(1)))),
            Fact::new("承诺办结", "2026-12-02"), Fact::new("法定期限", "2026-12-22"), Fact::new("经办", "黄某某"),
        ])))
        (side_by_side(
            html! {
                (section("材料", None, file_list(&[
                    FileEntry::new("营业执照").href("#").note("电子证照库").mark(tag(Tone::Good, "已核验")),
                    FileEntry::new("门店平面图.pdf").href("#").note("PDF，1.2 MB，申请人上传").mark(tag(Tone::Neutral, "未看")),
                    FileEntry::new("食品安全管理制度.pdf").href("#").note("PDF，640 KB，申请人上传").mark(tag(Tone::Caution, "可后补")),
                ])))
                (document_viewer("门店平面图", "assets/favicon.svg", "image/svg+xml"))
            },
            html! {
                (section("审查意见", None, html! {
                    (Form::post("#", "sample").id("opinion").dirty_check().body(html! {
                        (radios_arranged(&Field::new("result", "意见").value("agree"), &[Choice::new("agree", "同意"), Choice::new("return", "退回")], Arrangement::Inline))
                        (textarea(&Field::new("reason", "理由").required(false).rows(4).max_length(500)))
                        div class="button-row" {
                            (Button::primary("提交意见").icon(Icon::Check))
                            (Button::secondary("一次告知补正").name("act", "correct"))
                            (menu("更多", [Button::link("延长期限").href("#").render(), Button::link("特别程序").href("#").render(), Button::link("不予许可").href("#").render(), Button::link("转交他人").href("#").render()]))
                        }
                    }))
                }))
            },
        ))
        (section("过程和记录", None, tabs("过程和记录", &[
            ("course", "办理过程", timeline(&crate::public::steps())),
            ("journal", "操作记录", Table::new("操作记录", [Column::new("时间"), Column::new("人员"), Column::new("操作")]).hide_caption().compact(true).rows([
                TableRow::new().cell("2026-11-25 09:12").cell("黄某某").cell("受理"), TableRow::new().cell("2026-11-25 09:40").cell("系统").cell("调取营业执照"),
            ]).render()),
        ])))
    }
}

fn board() -> Markup {
    let bars = [
        ("市市场监管局", 412),
        ("市人社局", 377),
        ("市住建局", 204),
        ("市公安局", 188),
        ("市卫生健康委员会", 96),
        ("市民政局", 42),
    ];
    html! {
        (PageHeading::new("今日运行").caption("2026年11月24日 星期二"))
        (stat_tiles(&[
            Stat::new("收到申请", "1,204", "件").href("#"), Stat::new("按时办结", "99.6", "%").note(Tone::Good, "高于目标 99%"),
            Stat::new("临期", "23", "件").note(Tone::Caution, "今天到期 9 件"), Stat::new("超期", "4", "件").note(Tone::Alert, "其中超法定 1 件"),
        ]))
        (side_by_side(
            section("各部门", None, bar_chart("今日办结", "件", &bars.map(|(name, value)| Bar::new(name, value)))),
            section("灯", None, donut("by-light", "在办件", "件", &[Bar::new("正常", 812).tone(Tone::Good), Bar::new("临期", 23).tone(Tone::Caution), Bar::new("超承诺期限", 3).tone(Tone::Alert), Bar::new("超法定期限", 1).tone(Tone::Grave)])),
        ))
        (section("满意率", None, html! {
            (meter_row("市民政局", 998, 1000, "99.8%")) (meter_row("市人社局", 981, 1000, "98.1%")) (meter_row("市住建局", 942, 1000, "94.2%"))
        }))
    }
}

fn components() -> Markup {
    html! {
        (PageHeading::new("组件一览").lede("开发时对照用。"))
        (section("按钮", None, html! {
            (button_row([Button::primary("提交").render(), Button::secondary("保存").render(), Button::warning("不予许可").icon(Icon::X).render(), Button::link("取消").render(), Button::secondary("不能用").disabled(true).render(), Button::secondary("小").small().render()]))
        }))
        (section("标签和灯", None, html! {
            p {
                @for (tone, word) in [(Tone::Neutral, "草稿"), (Tone::Info, "办理中"), (Tone::Good, "已办结"), (Tone::Caution, "待补正"), (Tone::Alert, "不予许可"), (Tone::Grave, "超法定期限")] { (tag(tone, word)) " " } (badge(120, "件"))
            }
            p {
                @for kind in [Light::Green, Light::Yellow, Light::Red, Light::Purple] { (light(kind, None)) "　" } (sparkline("近七天收件", &[3, 8, 5, 9, 12, 7, 11]))
            }
        }))
        (section("消息", None, html! {
            @for (tone, title) in [(Tone::Info, "提示"), (Tone::Good, "已完成"), (Tone::Caution, "请注意"), (Tone::Alert, "没有完成"), (Tone::Grave, "超法定期限")] {
                (notification_banner(tone, title, "一句话说明发生了什么，可以怎么办。"))
            }
            (inset("行政许可法第三十二条规定的材料补正，应当一次告知。"))
        }))
        (section("小框", None, checkboxes_arranged(&Field::new("kinds", "类型"), &[Choice::new("1", "许可").chosen(true), Choice::new("2", "确认"), Choice::new("3", "备案")], Arrangement::Small)))
        (section("文件", None, document_viewer("受理通知书", "assets/favicon.svg", "image/svg+xml")))
        (section("图标", None, html! { ul class="icon-grid" { @for icon in Icon::ALL { li { div class="icon-grid__item" { span class="icon-grid__sign" { (icon) } span { (icon.name()) } } } } } }))
    }
}
