use access::Actor;
use base::{Error, Result, new_id};
use chrono::NaiveDate;
use db::Tx;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use super::{managed_body, required};
use crate::model::separation_broken;
use crate::store::{self, StaffRow};

/// A staff member to register.
#[derive(Debug, Clone, Default)]
pub struct NewStaff {
    /// The body served.
    pub body: Uuid,
    /// Name shown in records.
    pub name: String,
    /// Work number; unique in the installation.
    pub work_no: String,
    /// Their own party, if they are registered as a citizen too: nobody decides their own case.
    pub own_party: Option<Uuid>,
}

/// A post for a staff member.
#[derive(Debug, Clone, Copy)]
pub struct Assignment {
    /// Who.
    pub staff: Uuid,
    /// Which post.
    pub post: Uuid,
    /// First day; not after today.
    pub from: NaiveDate,
    /// The window authorisation allows on-the-spot approval, so that one person may hold all three layers (M-APPR-01.16).
    pub on_the_spot: bool,
}

fn missing(what: &str) -> Error {
    Error::not_found(format!("没有找到{what}，或者不在您的管理范围内。请回到机构页面查看。"))
}

/// Registers a staff member; without a post they can do nothing yet.
///
/// # Errors
/// When the actor does not manage the body, a field is wrong, or the work number is taken.
pub async fn create_staff(platform: &Platform, tx: &Tx, actor: &Actor, new: &NewStaff) -> Result<Uuid> {
    let body = managed_body(&**tx, actor, new.body).await?;
    let mut errors = Vec::new();
    let name = required(&mut errors, "staff_name", &new.name, "请填写姓名。", 40);
    let work_no = required(&mut errors, "work_no", &new.work_no, "请填写工号。", 30);
    if !work_no.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
        errors.push(base::FieldError::new("work_no", "工号只用字母、数字、短横线和下划线，请修改。"));
    }
    if !errors.is_empty() {
        return Err(Error::invalid(errors));
    }
    let row = StaffRow { id: new_id(), body_id: body.id, name, work_no, own_party: new.own_party, left_on: None, version: 1 };
    let now = platform.now();
    store::insert_staff(tx, &row, now).await?;
    let data = json!({ "staff": row.id, "name": row.name, "work_no": row.work_no });
    journal::append(tx, body.id, actor, now, Draft::new("organization.create_staff", format!("登记工作人员 {}", row.name), data)).await?;
    Ok(row.id)
}

/// Gives somebody a post.
///
/// # Errors
/// When the actor manages neither, gives it to themselves, or it would join handler, examiner and approver of one body
/// in one hand without an on-the-spot authorisation.
pub async fn assign_post(platform: &Platform, tx: &Tx, actor: &Actor, assignment: &Assignment) -> Result<Uuid> {
    let staff = store::staff(&**tx, assignment.staff).await?.ok_or_else(|| missing("这位工作人员"))?;
    let post = store::post(&**tx, assignment.post).await?.ok_or_else(|| missing("这个岗位"))?;
    managed_body(&**tx, actor, staff.body_id).await?;
    managed_body(&**tx, actor, post.body_id).await?;
    if staff.left_on.is_some() {
        return Err(Error::refused("organization.left", "这位工作人员已经离岗，不能再安排岗位。如已返岗，请重新登记。"));
    }
    if actor.id() == Some(staff.id) {
        return Err(Error::refused("organization.own_post", "不能给自己安排岗位，请由其他管理员办理。"));
    }
    if assignment.from > platform.today() {
        return Err(Error::field("from", "岗位从安排当天起生效，起始日期不能晚于今天。"));
    }
    if !assignment.on_the_spot {
        let held = store::permissions_in_body(&**tx, staff.id, post.body_id, post.id).await?;
        if separation_broken(held.iter().map(String::as_str)) {
            return Err(Error::refused(
                "organization.separation_of_duties",
                format!(
                    "{}将同时承担本单位的承办、审查、审批三个岗位，不符合分岗设权的要求。请安排其他人员；确属窗口授权当场办结的，请勾选“当场办结授权”。",
                    staff.name
                ),
            ));
        }
    }
    let id = new_id();
    store::insert_holding(tx, id, &staff, post.id, assignment.from, assignment.on_the_spot).await?;
    let data = json!({ "staff": staff.id, "post": post.id, "from": assignment.from, "on_the_spot": assignment.on_the_spot });
    let label = format!("安排 {} 担任“{}”", staff.name, post.name);
    journal::append(tx, post.body_id, actor, platform.now(), Draft::new("organization.assign_post", label, data)).await?;
    Ok(id)
}

/// Ends a post somebody holds, at once.
///
/// # Errors
/// When the actor does not manage the body, or the post has ended already.
pub async fn end_post(platform: &Platform, tx: &Tx, actor: &Actor, holding: Uuid) -> Result<()> {
    let held = store::holding(&**tx, holding).await?.ok_or_else(|| missing("这条岗位安排"))?;
    managed_body(&**tx, actor, held.body_id).await?;
    store::end_holding(tx, held.id, platform.today()).await?;
    let data = json!({ "staff": held.staff_id, "post": held.post_id, "to": platform.today() });
    let label = format!("解除岗位“{}”", held.post_name);
    journal::append(tx, held.body_id, actor, platform.now(), Draft::new("organization.end_post", label, data)).await?;
    Ok(())
}

/// Records that somebody has left; every post ends at once.
///
/// # Errors
/// When the actor does not manage the body, or it is recorded already.
pub async fn leave(platform: &Platform, tx: &Tx, actor: &Actor, staff: Uuid) -> Result<()> {
    let row = store::staff(&**tx, staff).await?.ok_or_else(|| missing("这位工作人员"))?;
    managed_body(&**tx, actor, row.body_id).await?;
    store::leave(tx, &row, platform.today()).await?;
    let data = json!({ "staff": row.id, "name": row.name });
    journal::append(tx, row.body_id, actor, platform.now(), Draft::new("organization.leave", format!("{} 离岗", row.name), data)).await?;
    Ok(())
}
