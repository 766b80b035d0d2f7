//! How to use the hall (办事操作说明, M-PORT-01.16).

use maud::{Markup, html};
use web::components::{Button, Icon, PageHeading, StepState, TimelineStep, details, section, telephone, timeline, two_columns};
use web::{Ctx, PageResult};

/// The page.
pub async fn page(ctx: Ctx) -> PageResult {
    Ok(ctx
        .page("办事帮助")
        .crumb("首页", "/")
        .here("办事帮助")
        .body(html! { (PageHeading::new("办事帮助").lede("第一次来？五步办完一件事。").action(Button::print("打印这一页"))) (body()) })
        .document())
}

/// Five steps and the questions people ask.
pub fn body() -> Markup {
    let step = |title: &str, note: Markup| TimelineStep::new(title, StepState::Outline).note(note);
    let main = html! {
        (section("五步办完一件事", None, timeline(&[
            step("找到要办的事", html! { p { "在上面的搜索框里写您要办的事，怎么说都行，比如“开饭店”“补社保卡”。也可以按" a href="/personal" { "主题" } "或者按" a href="/bodies" { "部门" } "找。" } }),
            step("看清办事指南", html! { p { "指南告诉您：能不能办、要什么、多久、多少钱、去哪办、出什么。标着“免交”的材料不用您准备。" } }),
            step("登录，填申请", html! { p { "点“开始办理”，按提示一页一页填。填到一半可以离开，内容自动保存，下次从“我的事务”接着填。" } }),
            step("等结果，看进度", html! { p { "提交后给您一个办件编号和查询码。登录后在“我的事务”看，不登录凭编号和查询码在“" a href="/progress" { "办件进度查询" } "”看。材料不对会一次告诉您，补好再交就行。" } }),
            step("拿结果，打个分", html! { p { "结果是电子证照的，直接下载；也可以到窗口领或者寄到家。办完请打分，差评必须整改并答复您。" } }),
        ])))
        (section("常见问题", None, html! {
            (details("我不会用电脑和手机，怎么办？", html! { p { "直接到" a href="/halls" { "附近的政务服务大厅" } "，窗口工作人员帮您办，材料和时限与网上一样。也可以打 12345 问清楚再来。" } }))
            (details("网上办和窗口办，可以换吗？", html! { p { "可以。网上没办完的，可以带着办件编号到窗口接着办；在窗口办的，也可以在网上看进度。" } }))
            (details("可以帮家里老人、帮公司办吗？", html! { p { "帮公司办：由公司在账号设置里授权给您，您登录后选择代表公司办理。帮家人办：请带委托书和双方身份证到窗口办理。" } }))
            (details("材料不齐，会不会来回跑？", html! { p { "不会。受理前发现材料不齐，工作人员应当一次告诉您缺什么；补正的时间不算在办理时限里。" } }))
            (details("超过承诺的时间还没办好，找谁？", html! { p { "在“我的事务”里可以看到承诺日期。超过了请打事项指南上的监督投诉电话，或者 12345。" } }))
            (details("我的个人信息安全吗？", html! { p { "证件号码、电话和住址加密保存，页面上只显示一部分。谁看过、为什么看，都有记录。详见" a href="/privacy" { "个人信息保护" } "。" } }))
        }))
    };
    let side = html! {
        (section("打电话问", None, html! { p { (telephone("12345")) } p class="muted" { "每天二十四小时有人接听。" } }))
        (section("看不清、听不清", None, html! {
            p { "可以换成长辈版：字更大，选择更少，还能朗读。" }
            div class="button-row" { (Button::secondary("切换版本").href("/elder?back=%2F").icon(Icon::Glasses)) }
            p { a href="/accessibility" { "无障碍说明" } }
        }))
    };
    two_columns(main, side)
}
