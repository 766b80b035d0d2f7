//! The workbench: the one work list, the case page with its next act, registration at the window.

mod acts;
mod case;
mod copies;
mod forms;
mod list;
mod register;
mod reveal;
mod worklist;

use web::components::Icon;
use web::{Area, NavEntry, Policy, Routes};

use crate::permissions::{ACCEPT, APPROVE, EXAMINE, HANDLE, HEAD, REGISTER, VIEW, WORK};

pub(crate) fn routes() -> Routes {
    let work = Policy::Permission(WORK);
    Routes::new()
        .get("/work", Policy::Staff, worklist::show)
        .get("/work/copies", work, copies::show)
        .post("/work/copies/read", work, copies::read)
        .post("/work/tasks/{id}/claim", work, acts::claim)
        .post("/work/tasks/{id}/release", work, acts::release)
        .post("/work/tasks/{id}/transfer", work, acts::transfer)
        .post("/work/tasks/{id}/opinion", work, acts::opinion)
        .post("/work/tasks/{id}/return", work, acts::send_back)
        .post("/work/tasks/{id}/sign", work, acts::sign)
        .post("/work/tasks/{id}/unsign", work, acts::unsign)
        .post("/work/tasks/{id}/delegate", work, acts::delegate)
        .post("/work/tasks/{id}/copy", work, acts::copy)
        .post("/work/tasks/{id}/take-back", work, acts::take_back)
        .post("/work/cases/{id}/urge", work, acts::urge)
        .get("/work/cases", Policy::Permission(&[VIEW]), list::show)
        .get("/work/cases/{id}", Policy::Permission(&[VIEW, ACCEPT, HANDLE, EXAMINE, APPROVE, HEAD]), case::show)
        .post("/work/cases/{id}/accept", Policy::Permission(&[ACCEPT]), acts::accept)
        .post("/work/cases/{id}/correction", Policy::Permission(&[ACCEPT]), acts::correction)
        .post("/work/cases/{id}/not-accept", Policy::Permission(&[ACCEPT]), acts::not_accept)
        .post("/work/cases/{id}/not-needed", Policy::Permission(&[ACCEPT]), acts::not_needed)
        .post("/work/cases/{id}/deliver", Policy::Permission(&[ACCEPT]), acts::deliver)
        .post("/work/cases/{id}/forward", Policy::Permission(&[HANDLE, EXAMINE]), acts::forward)
        .post("/work/cases/{id}/decide", Policy::Permission(&[APPROVE]), acts::decide)
        .post("/work/cases/{id}/special/start", Policy::Permission(&[HANDLE]), acts::start_special)
        .post("/work/cases/{id}/special/end", Policy::Permission(&[HANDLE]), acts::end_special)
        .post("/work/cases/{id}/extension", Policy::Permission(&[HANDLE]), acts::request_extension)
        .post("/work/cases/{id}/extension/answer", Policy::Permission(&[HEAD]), acts::answer_extension)
        .post("/work/cases/{id}/suspend", Policy::Permission(&[HEAD]), acts::suspend)
        .post("/work/cases/{id}/resume", Policy::Permission(&[HEAD]), acts::resume)
        .post("/work/cases/{id}/reveal", work, reveal::show)
        .get("/work/register", Policy::Permission(&[REGISTER]), register::choose)
        .get("/work/register/{item}", Policy::Permission(&[REGISTER]), register::applicant)
        .post("/work/register/{item}", Policy::Permission(&[REGISTER]), register::begin)
}

pub(crate) fn nav() -> Vec<NavEntry> {
    let entry = |label, href, icon, policy| NavEntry { area: Area::Workbench("办件"), label, href, icon, policy };
    vec![
        entry("待办", "/work", Icon::Inbox, Policy::Permission(WORK)),
        entry("抄送与通知", "/work/copies", Icon::Bell, Policy::Permission(WORK)),
        entry("窗口登记", "/work/register", Icon::ClipboardList, Policy::Permission(&[REGISTER])),
        entry("全部办件", "/work/cases", Icon::FolderOpen, Policy::Permission(&[VIEW])),
    ]
}
