//! Sample pages of the hall.

use maud::{Markup, Render, html};
use web::components::*;

use crate::{region, site, user};

pub fn pages() -> Vec<(&'static str, Page)> {
    vec![
        ("home", home(false)),
        ("home-elder", home(true)),
        ("guide", guide(false)),
        ("guide-elder", guide(true)),
        (
            "tasks",
            frame("申请：食品经营许可").search(SearchPlace::None).body(tasks()),
        ),
        (
            "question",
            frame("怎样联系您")
                .search(SearchPlace::None)
                .has_errors(true)
                .body(question()),
        ),
        (
            "question-elder",
            frame("怎样联系您")
                .search(SearchPlace::None)
                .elder(true)
                .body(question()),
        ),
        (
            "upload",
            frame("上传材料")
                .search(SearchPlace::None)
                .page_status("草稿已保存 16:05")
                .body(upload()),
        ),
        (
            "check",
            frame("核对您填写的内容").search(SearchPlace::None).body(check()),
        ),
        ("done", frame("申请已提交").body(done())),
        ("progress", frame("办件进度").body(progress())),
        ("affairs", frame("我的办件").body(affairs())),
        (
            "error-not-found",
            frame("没有找到这个页面").body(error_pages::not_found()),
        ),
        (
            "error-conflict",
            frame("内容已被别人更新").body(error_pages::conflict("#latest")),
        ),
        (
            "error-server",
            frame("系统出了问题").body(error_pages::server_error("req-20261124-7F3A")),
        ),
        (
            "error-expired",
            frame("页面已过期").body(error_pages::expired("/login")),
        ),
        (
            "error-large",
            frame("文件太大").body(error_pages::too_large("20 MB", "#back")),
        ),
        ("error-offline", frame("暂时连不上").body(error_pages::offline())),
    ]
}

fn frame(title: &str) -> Page {
    let entries = [
        "首页",
        "个人服务",
        "法人服务",
        "一件事",
        "部门",
        "办件进度",
        "好差评",
        "公告",
    ];
    Page::public(title)
        .site(site())
        .region(region())
        .user(user("李某某", ""))
        .nav(
            entries
                .into_iter()
                .enumerate()
                .map(|(index, label)| NavItem::new(label, "#").active(index == 1)),
        )
        .crumb("首页", "home.html")
        .crumb("个人服务", "#")
        .here(title)
}

fn home(elder: bool) -> Page {
    let entries = [
        "首页",
        "个人服务",
        "法人服务",
        "一件事",
        "部门",
        "办件进度",
        "好差评",
        "公告",
    ];
    let themes = [
        ("生育收养", Icon::Baby),
        ("户籍办理", Icon::House),
        ("教育科研", Icon::GraduationCap),
        ("就业创业", Icon::Briefcase),
        ("婚姻登记", Icon::Heart),
        ("住房保障", Icon::Building2),
        ("社会保障", Icon::Umbrella),
        ("证件办理", Icon::IdCard),
        ("交通出行", Icon::Car),
        ("出境入境", Icon::Plane),
        ("医疗卫生", Icon::HeartPulse),
        ("离职退休", Icon::Armchair),
        ("优待抚恤", Icon::Medal),
        ("司法公证", Icon::Scale),
        ("公用事业", Icon::Zap),
        ("全部主题", Icon::LayoutGrid),
    ];
    let firms = [
        ("设立变更", Icon::Store),
        ("准营准办", Icon::BadgeCheck),
        ("税收财务", Icon::Receipt),
        ("人力资源", Icon::Users),
        ("投资审批", Icon::HardHat),
        ("融资信贷", Icon::Banknote),
        ("农林牧渔", Icon::Wheat),
        ("全部主题", Icon::LayoutGrid),
    ];
    let theme_cards = |list: &[(&str, Icon)]| {
        list.iter()
            .map(|(name, icon)| Card::new(*name, "guide.html").icon(*icon))
            .collect::<Vec<_>>()
    };
    Page::public("桂林市通办")
        .site(site())
        .region(region())
        .elder(elder)
        .search(SearchPlace::Hero)
        .popular("开餐饮店", "#").popular("社保卡申领", "#").popular("新生儿出生", "#").popular("公积金提取", "#")
        .nav(entries.into_iter().enumerate().map(|(index, label)| NavItem::new(label, "#").active(index == 0)))
        .body(html! {
            h1 class="govuk-visually-hidden" { "桂林市通办" }
            (section("个人服务", Some(("全部", "#")), icon_grid(&theme_cards(if elder { &themes[..8] } else { &themes }))))
            (section("法人服务", Some(("全部", "#")), icon_grid(&theme_cards(if elder { &firms[..4] } else { &firms }))))
            (section("一件事一次办", Some(("全部", "#")), card_grid(&[
                Card::new("新生儿出生", "#").icon(Icon::Baby).text("出生证明、落户、医保、社保卡一次办好"),
                Card::new("开办餐饮店", "#").icon(Icon::Store).text("执照、食品经营许可、招牌一次申请"),
                Card::new("企业注销登记", "#").icon(Icon::FileCheck).text("税务、社保、登记同时注销"),
                Card::new("退休", "#").icon(Icon::Armchair).text("养老金核定、医保、公积金提取联办"),
            ])))
            div class="columns columns--even not-elder" {
                (section("公告", Some(("更多", "#")), link_list(&[
                    ("市政务服务中心元旦期间服务时间安排", "#", "11-20"),
                    ("不动产登记窗口迁至二楼东区", "#", "11-18"),
                    ("2026 年度一次性创业补贴开始申报", "#", "11-12"),
                    ("电子营业执照下载说明", "#", "11-03"),
                ])))
                (section("高频事项", Some(("更多", "#")), link_list(&[
                    ("社会保障卡申领", "#", "人社局"), ("居住证办理", "#", "公安局"), ("住房公积金提取", "#", "公积金中心"), ("食品经营许可", "guide.html", "市场监管局"),
                ])))
            }
            (section("今天", None, stat_tiles(&[
                Stat::new("收到申请", "1,204", "件").note(Tone::Neutral, "比昨天多 36 件"),
                Stat::new("办结", "1,187", "件").note(Tone::Good, "按时办结 99.6%"),
                Stat::new("评价", "642", "条").note(Tone::Good, "满意 98.9%"),
                Stat::new("平均用时", "1.8", "个工作日").note(Tone::Neutral, "承诺 5 个工作日"),
            ])))
        })
}

fn guide(elder: bool) -> Page {
    let main = html! {
        (section("需要的材料", None, html! {
            (file_list(&[
                FileEntry::new("食品经营许可申请书").note("在线填写自动生成，不用上传").mark(tag(Tone::Good, "免交")),
                FileEntry::new("营业执照").note("从电子证照库调取").mark(tag(Tone::Good, "免交")),
                FileEntry::new("经营场所布局和操作流程图").href("#").note("1 份，PDF 或照片；有样例可看").mark(tag(Tone::Info, "必交")),
                FileEntry::new("食品安全管理制度").href("#").note("1 份，可用范本；缺这一份可以先受理").mark(tag(Tone::Caution, "可后补")),
            ]))
            (details("什么情况要另外交材料", html! { p { "委托别人办理的，另交授权委托书；利用自动设备经营的，另交设备放置地点说明。" } }))
        }))
        (section("办理流程", None, timeline(&[
            TimelineStep::new("网上申请", StepState::Outline).who("您").due("约 15 分钟"),
            TimelineStep::new("受理", StepState::Outline).who("市政务服务中心综合窗口").due("1 个工作日"),
            TimelineStep::new("现场核查", StepState::Outline).who("市市场监管局").due("3 个工作日"),
            TimelineStep::new("决定和发证", StepState::Outline).who("市市场监管局").due("1 个工作日"),
        ])))
        (section("常见问题", None, html! {
            (details("没有固定门店可以申请吗？", html! { p { "网络经营需要有实际的经营场所；只做展示的页面不能作为经营场所。" } }))
            (details("许可证多久要延续？", html! { p { "有效期五年，到期前三十个工作日内可以申请延续。" } }))
        }))
    };
    let side = html! {
        (section("其他办法", None, html! {
            p { "网上办大约需要 15 分钟，可以随时保存；也可以到窗口办。" }
            (button_row([Button::secondary("预约窗口").href("#").icon(Icon::CalendarClock).render(), Button::print("打印指南").render()]))
        }))
        (section("咨询和监督", None, html! {
            (summary_list(&[Fact::new("咨询", telephone("0773-0000001")), Fact::new("投诉", telephone("12345")), Fact::new("地址", "临桂区某路 1 号 政务服务中心二楼 A12 窗口")]))
        }))
    };
    frame("食品经营许可（新办）").elder(elder).body(html! {
        (PageHeading::new("食品经营许可（新办）").caption("行政许可 · 桂林市市场监督管理局").lede("在桂林市开餐饮店、食品店或单位食堂，开业前要取得食品经营许可。")
            .action(Button::primary("在线申请").href("tasks.html").icon(Icon::Send)))
        (answers(&[
            (Icon::CircleCheck, Fact::new("能不能办", "有固定场所的企业和个体户")),
            (Icon::Files, Fact::new("要什么", "2 份材料，2 份免交")),
            (Icon::Clock, Fact::new("多久", "承诺 5 个工作日")),
            (Icon::Wallet, Fact::new("多少钱", "不收费")),
            (Icon::MapPin, Fact::new("去哪办", "全程网办，不用跑")),
            (Icon::BadgeCheck, Fact::new("出什么", "食品经营许可证（电子证照）")),
        ]))
        (two_columns(main, side))
    })
}

fn tasks() -> Markup {
    html! { (narrow(html! {
        (PageHeading::new("申请：食品经营许可").lede("按任意顺序填写，每一步都会自动保存，30 天内可以继续。"))
        (progress_bar("已完成", 2, 5))
        (part("申请信息", task_list(&[
            Task::new("申请人", StepState::Done).href("#").hint("已从电子营业执照带入"),
            Task::new("经营场所", StepState::Done).href("#"),
            Task::new("怎样联系您", StepState::Problem).href("question.html").hint("手机号码需要修改"),
        ])))
        (part("材料和提交", task_list(&[Task::new("上传材料", StepState::Waiting).href("upload.html"), Task::new("核对并提交", StepState::Waiting)])))
    })) }
}

fn question() -> Markup {
    html! {
        (narrow(html! {
            (back_link("返回", "tasks.html"))
            (error_summary([("phone", "手机号码是 11 位数字，请检查"), ("birth_year", "请填写出生日期"), ("delivery", "请选择结果怎样给您")]))
            (PageHeading::new("怎样联系您").lede("只用来通知办理进度和送达结果。"))
            (Form::post("/apply/1/contact", "sample").dirty_check().body(html! {
                (text_input(&Field::new("phone", "手机号码").hint("接收进度短信").value("1380773").error(Some("手机号码是 11 位数字，请检查")).autocomplete("tel").inputmode("tel").width(Width::Chars20)))
                (text_input(&Field::new("email", "电子邮箱").required(false).autocomplete("email").input_type("email").width(Width::TwoThirds)))
                (date_input(&Field::new("birth", "出生日期").hint("例如 1951 年 3 月 8 日").error(Some("请填写出生日期")).autocomplete("bday"), &DateParts::default()))
                (select(&Field::new("district", "所在县区").value("guilin").width(Width::Half), &[Choice::new("", "请选择"), Choice::new("450302", "秀峰区"), Choice::new("450312", "临桂区")]))
                (radios(&Field::new("delivery", "结果怎样给您").error(Some("请选择结果怎样给您")), &[
                    Choice::new("electronic", "电子证照").hint("办结后在“我的证照”里查看和下载"),
                    Choice::new("post", "邮寄到家").hint("一般 3 日送达").reveal(text_input(&Field::new("address", "收件地址").autocomplete("street-address"))),
                    Choice::new("window", "到窗口领取"),
                ]))
                (checkboxes(&Field::new("notice", "怎样通知您").required(false), &[Choice::new("sms", "短信").chosen(true), Choice::new("call", "语音电话"), Choice::new("site", "站内消息").chosen(true)]))
                (text_input(&Field::new("area", "经营面积").suffix("平方米").value("86").inputmode("decimal").width(Width::Chars5)))
                (textarea(&Field::new("remark", "其他说明").required(false).max_length(200).rows(3)))
                (password(&Field::new("secret", "登录密码").hint("为保护您的信息，请再输入一次").width(Width::Chars20)))
                (checkbox(&Field::new("promise", "我保证填写的内容真实"), false))
                (button_row([Button::primary("保存并继续").render(), Button::link("以后再填").href("tasks.html").render()]))
            }))
        }))
    }
}

fn upload() -> Markup {
    let rules = FileRules {
        accept: vec![".pdf".into(), ".jpg".into(), ".png".into()],
        max_bytes: 20 * 1024 * 1024,
        multiple: true,
    };
    html! {
        (PageHeading::new("上传材料").caption("食品经营许可（新办）"))
        (progress_steps("申请步骤", &["填写信息", "上传材料", "核对", "提交"], 1))
        (two_columns(section("经营场所布局和操作流程图", None, html! {
            (Form::post("/apply/1/materials", "sample").upload().body(html! {
                (file_upload(&Field::new("layout", "选择文件").hint("请拍清楚每个功能区的名称。也可以把文件拖到框里。"), &rules))
                (button_row([Button::primary("上传").icon(Icon::Upload).render(), Button::secondary("用手机拍照").href("#").icon(Icon::Smartphone).render()]))
            }))
            (subheading("已上传"))
            (file_list(&[FileEntry::new("门店平面图.pdf").href("#").note("1.2 MB，今天 15:40 上传").mark(tag(Tone::Good, "已通过检查")).actions(Button::link("删除").small().href("#").render())]))
        }), section("要求", None, prose(html! { ul { li { "图上写明粗加工、烹饪、餐具清洗等区域" } li { "照片要完整、清楚、没有反光" } } }))))
    }
}

fn check() -> Markup {
    html! {
        (PageHeading::new("核对您填写的内容").lede("确认无误后提交。提交后如需修改，可以在受理前撤回。"))
        (section("申请人", None, summary_list(&[
            Fact::new("名称", "桂林市某某餐饮店（示例）"), Fact::new("统一社会信用代码", "92450300********1X"), Fact::new("经营者", "李某某"),
        ])))
        (section("联系方式", None, summary_list(&[
            Fact::new("手机号码", "138****0000").change("question.html"), Fact::new("电子邮箱", "").change("question.html"),
            Fact::new("结果送达", "电子证照").change("question.html"), Fact::new("经营面积", "86 平方米").change("question.html"),
        ])))
        (section("材料", None, file_list(&[
            FileEntry::new("营业执照").note("电子证照库，2026年11月24日 调取").mark(tag(Tone::Good, "免交")),
            FileEntry::new("门店平面图.pdf").href("#").note("PDF，1.2 MB").actions(Button::link("更换").small().href("upload.html").render()),
        ])))
        (section("提交", None, html! {
            (warning_text("提供虚假材料的，一年内不得再次申请。"))
            (form("/apply/1/submit", "sample", html! {
                (checkbox(&Field::new("promise", "我已核对，以上内容真实、完整"), false))
                (button_row([Button::primary("提交申请").icon(Icon::Send).render(), Button::link("保存，稍后提交").href("tasks.html").render()]))
            }))
        }))
    }
}

fn done() -> Markup {
    html! {
        (panel("申请已提交", Some(("办件编号", "4503-2026-001204")), html! {
            p { "我们会在 1 个工作日内告诉您是否受理。进度会发短信到 138****0000，也可以随时在“我的办件”里查看。" }
            (button_row([Button::secondary("查看进度").href("progress.html").render(), Button::print("打印回执").render()]))
        }))
        (section("回执", None, summary_list(&[
            Fact::new("事项", "食品经营许可（新办）"), Fact::new("收件单位", "桂林市政务服务中心综合窗口"), Fact::new("收件时间", "2026年11月24日 16:05"),
            Fact::new("查询码", "7K4P"), Fact::new("承诺办结", "2026年12月2日 星期三"),
        ])))
    }
}

fn progress() -> Markup {
    html! {
        (PageHeading::new("食品经营许可（新办）").caption("办件编号 4503-2026-001204").mark(tag(Tone::Info, "办理中")).action(Button::print("打印")))
        (two_columns(
            html! {
                (notification_banner(Tone::Caution, "请您补正材料", html! { p { "布局图没有标出餐具清洗区。请在 2026年11月30日 前补正，补正期间不计入办理时间。" (button_row([Button::primary("去补正").href("upload.html").render()])) } }))
                (section("办理过程", None, timeline(&steps())))
            },
            html! {
                (section("时限", None, html! { p { (light(Light::Green, Some(&format::working_days_left(3)))) } p class="muted" { "承诺 2026年12月2日 办结" } }))
                (section("给这次服务打分", None, html! { p { (stars(4)) } p class="muted" { "办结后可以评价。" } }))
            },
        ))
    }
}

pub fn steps() -> Vec<TimelineStep> {
    vec![
        TimelineStep::new("提交申请", StepState::Done)
            .who("李某某")
            .when("2026-11-24 16:05"),
        TimelineStep::new("受理", StepState::Done)
            .who("综合窗口 黄某")
            .when("2026-11-25 09:12")
            .note(html! { a href="#" { "受理通知书" } }),
        TimelineStep::new("材料补正", StepState::Paused)
            .who("李某某")
            .due("2026-11-30")
            .note(html! { p { "请标出餐具清洗区。" } }),
        TimelineStep::new("现场核查", StepState::Current)
            .who("食品科 覃某、莫某")
            .due("2026-12-01"),
        TimelineStep::new("决定", StepState::Waiting).due("2026-12-02"),
        TimelineStep::new("发证", StepState::Waiting),
    ]
}

fn affairs() -> Markup {
    html! {
        (PageHeading::new("我的办件"))
        (section("等您处理", None, empty_state(Icon::CircleCheck, "没有需要您处理的事", "需要您补正、缴费或评价时，会出现在这里，也会发短信告诉您。", Some(Button::secondary("去办事").href("home.html")))))
        (section("办理中和已办结", Some(("全部", "#")), html! {
            (Table::new("办件列表", [Column::new("事项"), Column::new("编号"), Column::new("申请日期"), Column::new("状态")]).hide_caption().rows([
                TableRow::new().cell(html! { a href="progress.html" { "食品经营许可（新办）" } }).cell("4503-2026-001204").cell("2026-11-24").cell(tag(Tone::Info, "办理中")),
                TableRow::new().cell(html! { a href="#" { "社会保障卡补领" } }).cell("4503-2026-000871").cell("2026-10-09").cell(tag(Tone::Good, "已办结")),
                TableRow::new().cell(html! { a href="#" { "户外招牌设置" } }).cell("4503-2026-000655").cell("2026-08-15").cell(tag(Tone::Alert, "未许可")),
            ]))
            (pagination_keyset(None, Some("#"), "显示最近 3 件"))
        }))
    }
}
