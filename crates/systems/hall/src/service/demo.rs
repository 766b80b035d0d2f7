//! Demonstration data: three notices. Synthetic, and said to be so.

use base::{Result, new_id};
use chrono::{DateTime, Duration, Utc};
use db::Tx;

use crate::store::{Notice, insert_notice};

/// (days ago, title, source, text)
const NOTICES: [(i64, &str, &str, &str); 3] = [
    (
        2,
        "元旦期间政务服务大厅办事时间安排（演示）",
        "桂林市政务服务中心（演示）",
        "元旦当天各级政务服务大厅休息，次日起恢复正常办事。\n休息期间网上照常收件，收到的申请从恢复办事的第一个工作日起计算受理时间。\n节前最后一个工作日下午取件的人较多，结果已经做成电子证照的，可以直接在“我的证照”下载，不用再来。\n如有急事，请拨打 12345。",
    ),
    (
        9,
        "结婚登记不再收取户口簿（演示）",
        "桂林市民政局（演示）",
        "按照修订后的《婚姻登记条例》，办理结婚登记只需要双方的身份证和签字声明，不再收取户口簿，也不受户籍地限制。\n全市各婚姻登记处都可以办理，建议提前预约。\n办事指南已经同步更新，窗口和网上要求一致；如果有人另外要求材料，请拨打监督投诉电话。",
    ),
    (
        16,
        "食品经营许可全程网办上线（演示）",
        "桂林市市场监督管理局（演示）",
        "首次申请食品经营许可，可以全程网上办理：网上填表、网上传材料、现场核查预约上门，许可证以电子证照送达。\n营业执照从电子证照库调取，不用再提交复印件。\n仍可以到窗口办理，两种办法的材料和时限相同，由您选择。",
    ),
];

/// Writes the demonstration notices.
///
/// # Errors
/// When the database fails.
pub async fn load(tx: &Tx, now: DateTime<Utc>) -> Result<()> {
    for (days_ago, title, source, body) in NOTICES {
        let notice = Notice {
            id: new_id(),
            title: title.into(),
            source: source.into(),
            body: body.into(),
            published_at: now - Duration::days(days_ago),
        };
        insert_notice(tx, &notice).await?;
    }
    Ok(())
}
