//! The seven modules of the hall (M-PORT-01.01), and what those offer today whose own systems do not run yet.

use web::components::Icon;

/// What can be done about something today.
#[derive(Debug, Clone, Copy)]
pub struct Offer {
    /// What it is.
    pub title: &'static str,
    /// How it is done today.
    pub text: &'static str,
    /// Where it leads; always a page that exists, or a telephone.
    pub href: &'static str,
    /// Its sign.
    pub icon: Icon,
}

const fn offer(title: &'static str, text: &'static str, href: &'static str, icon: Icon) -> Offer {
    Offer { title, text, href, icon }
}

/// A module whose page tells what there is and what is still done elsewhere.
#[derive(Debug)]
pub struct Module {
    /// Its name, as the planning documents fix it.
    pub name: &'static str,
    /// Where it stands.
    pub href: &'static str,
    /// What it is for, in a sentence.
    pub lede: &'static str,
    /// What can be done here today.
    pub here: &'static [Offer],
    /// What cannot be done online yet: (what, where and by which telephone it is done).
    pub elsewhere: &'static [(&'static str, &'static str)],
}

/// 政务公开
pub static OPENNESS: Module = Module {
    name: "政务公开",
    href: "/openness",
    lede: "办什么、怎么办、办得怎么样，都公开给您看。",
    here: &[
        offer("办事指南", "每个事项的条件、材料、时限、费用和依据", "/search", Icon::BookOpen),
        offer("公告", "服务时间、地点和办事规则的变化", "/news", Icon::Megaphone),
        offer("办理情况", "今天收了多少、办了多少、按时没有", "/supervision", Icon::Gauge),
        offer("评价结果", "办事人给出的评价和整改情况", "/reviews", Icon::Star),
        offer("部门", "各部门办哪些事、在哪里、电话多少", "/bodies", Icon::Landmark),
        offer("证照核验", "核对一张电子证照是不是真的、还有没有效", "/licences/verify", Icon::BadgeCheck),
        offer("证照目录", "有哪些电子证照、由谁颁发、登载什么", "/licences/types", Icon::BookMarked),
    ],
    elsewhere: &[
        ("依申请公开政府信息", "请向制作或者保存该信息的部门提出，可以当面、邮寄或者打电话问清办法；部门电话见“部门”页面。部门一般在二十个工作日内答复。"),
        ("政府公报和政策文件原文", "请到市政务服务中心、市图书馆或者市档案馆的政府信息查阅点查阅。"),
    ],
};

/// 投资服务
pub static INVESTMENT: Module = Module {
    name: "投资服务",
    href: "/investment",
    lede: "从设立企业到项目开工，要办的事都在这里找。",
    here: &[
        offer("开办企业", "设立登记、变更和注销", "/themes/firm/F01", Icon::Store),
        offer("投资项目审批", "立项、用地、规划、施工和验收", "/themes/firm/F08", Icon::HardHat),
        offer("土地和规划建设", "用地、工程规划和市政", "/themes/firm/F16", Icon::MapPin),
        offer("准营许可", "开业前要拿的许可", "/themes/firm/F02", Icon::BadgeCheck),
        offer("环保和节能", "环境影响评价、排污", "/themes/firm/F18", Icon::Leaf),
        offer("水电气网报装", "四家一次申请", "/one-thing/O05", Icon::Zap),
    ],
    elsewhere: &[
        ("招商项目和产业政策咨询", "请拨打 12345，由话务员转投资促进部门专人答复；也可以到市政务服务中心企业服务专窗。"),
        ("投资项目代办、帮办", "请到市政务服务中心企业服务专窗登记，由帮办人员全程陪办，不收费。"),
        ("跨境贸易业务", "请使用国际贸易“单一窗口”办理，咨询电话 95198。"),
    ],
};

/// 政民互动
pub static INTERACTION: Module = Module {
    name: "政民互动",
    href: "/interaction",
    lede: "有疑问、有意见、办得不满意，都可以找我们说。",
    here: &[
        offer("打 12345", "二十四小时有人接，咨询、求助、投诉、建议都行", "tel:12345", Icon::Phone),
        offer("评价办事", "办完一件事可以打分，差评必须整改并答复您", "/my", Icon::Star),
        offer("看评价", "大家怎样评价这些部门", "/reviews", Icon::MessageSquare),
        offer("找部门电话", "每个部门的咨询和投诉电话", "/bodies", Icon::Landmark),
        offer("意见建议", "网站哪里不好用，告诉我们", "/feedback", Icon::Lightbulb),
        offer("查办件进度", "凭办件编号和查询码，不登录也能查", "/progress", Icon::Search),
    ],
    elsewhere: &[
        ("网上留言、信访和意见征集", "本平台还没有开通。请拨打 12345，来电都会登记编号并按时答复；也可以到市政务服务中心“办不成事”反映窗口。"),
        ("投诉工作人员", "请拨打该部门页面上的监督投诉电话，或者 12345。"),
    ],
};

/// Modules described here.
pub static MODULES: [&Module; 3] = [&OPENNESS, &INVESTMENT, &INTERACTION];
