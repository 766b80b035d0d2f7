//! A few notices (督办) about cases past their promise, at every stage of the answer.

use access::Actor;
use base::{Error, Result};
use platform::Platform;
use supervision::model::NoticeAct;
use supervision::service::{NewNotice, answer, dashboard, one, review, send};
use supervision::store::{CaseFilter, LightFilter};

use super::applications::Loader;

/// Days the departments have for an answer.
const DAYS: u32 = 4;

/// Sends four at most: the first is answered and closed, the second answered, the others wait.
///
/// # Errors
/// When a service refuses.
pub(super) async fn load(platform: &Platform, loader: &mut Loader<'_>) -> Result<usize> {
    let conn = platform.db.read();
    let missing = || Error::internal("no supervisor");
    let id = organization::staff_by_work_no(conn, "supervisor01").await?.ok_or_else(missing)?;
    let supervisor = Actor::Staff(organization::staff_actor(conn, id).await?.ok_or_else(missing)?);
    let late = CaseFilter { light: Some(LightFilter::Red), size: 4, ..CaseFilter::default() };
    let cases = dashboard(platform, &supervisor, &late).await?.cases.items;
    let due = platform.calendar.add(platform.today(), DAYS)?;
    for (index, case) in cases.iter().enumerate() {
        let key = |act: &str| format!("demonstration.{act}.{index}");
        let new = NewNotice { text: "演示督办：本办件已超过承诺时限，请说明原因和预计办结时间。".into(), due: Some(due) };
        let notice = send(platform, &supervisor, case.case_id, &new, &key("send")).await?;
        if index < 2 {
            let handler = loader.staff(case.body_id, "handler").await?;
            let version = one(platform, &supervisor, notice).await?.0.version;
            answer(platform, &handler, notice, version, "演示答复：现场核对推迟，已约定时间，三个工作日内办结。", &key("answer")).await?;
        }
        if index == 0 {
            let version = one(platform, &supervisor, notice).await?.0.version;
            review(platform, &supervisor, notice, version, NoticeAct::Close, "演示意见：答复清楚，同意办结。", &key("review")).await?;
        }
    }
    Ok(cases.len())
}
