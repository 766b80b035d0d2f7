//! Code sets of service items: those of GB/T 39046-2020 Appendix A come from [`codes`], the value lists of the national
//! implementation list, whose codes the standard does not fix, are ours.

pub use codes::lists::{CaseType, ExerciseLevel, HandlingChannel, ItemKind, ServiceObject};

use super::codeset::code_set;

code_set! {
    /// 权力来源: how the body came by the power. The national tables carry the words, so the words are the code.
    AuthoritySource {
        /// The law names this level.
        Statutory = "法定本级行使" "法定本级行使",
        /// Moved down by a higher level.
        Delegated = "上级下放" "上级下放",
        /// Authorised by a higher level.
        AuthorisedAbove = "上级授权" "上级授权",
        /// Authorised at the same level.
        AuthorisedPeer = "同级授权" "同级授权",
        /// Entrusted by a higher level.
        EntrustedAbove = "上级委托" "上级委托",
        /// Entrusted at the same level.
        EntrustedPeer = "同级委托" "同级委托",
    }
}

code_set! {
    /// 网办深度, levels I–IV of the national specification.
    OnlineDepth {
        /// Only consultation online.
        Consult = "1" "Ⅰ级 互联网咨询",
        /// Materials are received online.
        Receive = "2" "Ⅱ级 互联网收件",
        /// Pre-review and acceptance online.
        Accept = "3" "Ⅲ级 互联网预审受理",
        /// The whole process online.
        Full = "4" "Ⅳ级 全程网办",
    }
}

code_set! {
    /// 办结时限单位.
    TimeUnit {
        /// Working days of the region's calendar.
        Workday = "workday" "个工作日",
        /// Calendar days.
        Day = "day" "日",
        /// On the spot; the number is 0.
        Instant = "instant" "当场办结",
    }
}

code_set! {
    /// 材料必要性.
    Necessity {
        /// Always needed.
        Required = "required" "必要",
        /// Needed in the situation its `when` names.
        Conditional = "conditional" "特定情形必要",
        /// May be handed in after acceptance (可容缺).
        Deferrable = "deferrable" "可容缺后补",
    }
}

code_set! {
    /// 材料形式.
    MaterialForm {
        /// Paper only.
        Paper = "paper" "纸质",
        /// Electronic only.
        Electronic = "electronic" "电子",
        /// Either will do.
        Either = "either" "纸质或电子",
    }
}

code_set! {
    /// 材料来源渠道.
    MaterialSource {
        /// The applicant writes or has it.
        Applicant = "applicant" "申请人自备",
        /// Issued by a government body, so it should not be asked for again.
        Government = "government" "政府部门核发",
        /// Somebody else, e.g. an intermediary agency.
        Other = "other" "其他",
    }
}

code_set! {
    /// 结果类型.
    ResultKind {
        /// A certificate or licence (出证).
        Licence = "licence" "证照",
        /// A written approval (批文).
        Approval = "approval" "批文",
        /// Anything else: a payment, an entry, a notice.
        Other = "other" "其他",
    }
}

code_set! {
    /// The shape of the approval process; three layers at the most (R06).
    ProcessKind {
        /// 受理 → 承办 → 审查 → 审批.
        Standard = "standard" "受理—承办—审查—审批",
        /// 受理 → 承办 → 审批.
        TwoStep = "two-step" "受理—承办—审批",
        /// Accepted and decided at the window.
        Instant = "instant" "受理即决定",
    }
}

code_set! {
    /// 事项状态 of one version of an item.
    ItemStatus {
        /// Being written by the department (暂存).
        Draft = "draft" "暂存",
        /// Before the reviewers.
        InReview = "in-review" "审核中",
        /// Public; this version never changes again.
        Published = "published" "在用",
        /// Temporarily not taking applications.
        Suspended = "suspended" "暂停",
        /// Gone; refuses new cases everywhere (R37).
        Cancelled = "cancelled" "取消",
    }
}

impl ItemStatus {
    /// Whether a new case may be opened on an item in this state.
    #[must_use]
    pub fn takes_cases(self) -> bool {
        self == Self::Published
    }

    /// Whether the lifecycle allows this step. Only a draft is edited; a published version is replaced, never changed.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        use ItemStatus::*;
        matches!(
            (self, next),
            (Draft, InReview)
                | (InReview, Draft | Published)
                | (Published, Suspended | Cancelled)
                | (Suspended, Published | Cancelled)
        )
    }
}
