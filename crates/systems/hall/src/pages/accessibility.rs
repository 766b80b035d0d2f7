//! Accessibility statement, elder mode and keys (M-PORT-08).

use maud::{Markup, html};
use web::components::{Button, Column, Icon, PageHeading, Table, TableRow, prose, section, telephone};
use web::{Ctx, PageResult};

/// The page.
pub async fn page(ctx: Ctx) -> PageResult {
    Ok(ctx
        .page("无障碍")
        .crumb("首页", "/")
        .here("无障碍")
        .body(html! { (PageHeading::new("无障碍").lede("不论用什么设备、怎样看、怎样操作，都应该能自己办成事。")) (body(ctx.elder())) })
        .document())
}

/// What the site does for whom.
pub fn body(elder: bool) -> Markup {
    let keys = [
        ("Tab / Shift + Tab", "到下一个、上一个可以操作的地方，当前位置有明显的框"),
        ("Enter", "打开链接、按下按钮"),
        ("空格", "勾选、按下按钮"),
        ("↑ ↓", "在搜索建议和单选项里移动"),
        ("Esc", "关闭搜索建议"),
        ("第一次按 Tab 后按 Enter", "跳过导航，直接到主要内容"),
    ];
    html! {
        (section(if elder { "您正在使用长辈版" } else { "长辈版" }, None, html! {
            p { "字放大到 1.4 倍，按钮更大，每页选择更少，电话号码一直在页面上方；浏览器支持时可以朗读页面。" }
            div class="button-row" { (Button::secondary(if elder { "换回普通版" } else { "打开长辈版" }).href("/elder?back=%2Faccessibility").icon(Icon::Glasses)) }
        }))
        (section("我们做到的", None, prose(html! { ul {
            li { "所有页面可以只用键盘操作，焦点清楚可见" }
            li { "每个输入框都有文字标签，出错时用文字说明错在哪里、怎么改，读屏软件会读出来" }
            li { "颜色从不单独表示意思，旁边一定有文字和形状" }
            li { "文字和背景的对比度不低于 4.5 : 1，放大到 200% 也不丢内容" }
            li { "手机上表格变成卡片，不用左右拖动" }
            li { "关闭脚本也能办事，网络慢的时候先显示文字" }
            li { "没有会闪烁的内容，也没有必须在很短时间内完成的操作" }
        } })))
        (section("键盘操作", None, Table::new("键盘操作", [Column::new("按键"), Column::new("作用")]).hide_caption()
            .rows(keys.into_iter().map(|(key, does)| TableRow::new().cell(html! { kbd { (key) } }).cell(does))).render()))
        (section("还没有做到的", None, prose(html! {
            p { "部分申请人上传的扫描件没有文字层，读屏软件读不出来；需要时请联系承办部门提供文字说明。" }
            p { "平台还没有手语视频。听力不便时，可以带上这一页到窗口，用文字交流。" }
        })))
        (section("遇到障碍，请告诉我们", None, html! {
            p { "您遇到打不开、看不清、操作不了的页面，请拨打 " (telephone("12345")) "，说明是哪个页面、用的什么设备。我们按《无障碍环境建设法》的要求改进。" }
        }))
    }
}
