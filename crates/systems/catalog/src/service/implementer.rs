use base::{Error, Result};
use codes::{BaseCode, HandlingCode, ImplementationCode, Uscc, lists::ExerciseLevel};
use uuid::Uuid;

/// 实施主体: the body that handles an item, as the organization system knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Implementer {
    /// Identifier of the body.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its unified social credit code.
    pub uscc: String,
    /// 12-digit code of its region.
    pub region: String,
}

impl Implementer {
    pub(crate) fn target(&self) -> access::Target<'_> {
        access::Target { region: &self.region, body: Some(self.id), item: None }
    }
}

/// 实施编码: credit code, level and base code put together (GB/T 39554.1).
pub(crate) fn implementation_code(uscc: &str, level: ExerciseLevel, base_code: &str) -> Result<ImplementationCode> {
    let refuse = |why: String| Error::refused("catalog.code", format!("无法生成实施编码：{why}。请核对实施主体的统一社会信用代码和基本编码后重试。"));
    let uscc = Uscc::parse(uscc).map_err(|e| refuse(e.to_string()))?;
    let base = BaseCode::parse(base_code).map_err(|e| refuse(e.to_string()))?;
    ImplementationCode::new(&uscc, level, &base).map_err(|e| refuse(e.to_string()))
}

/// 业务办理项编码: the implementation code and the serial of the variant, `01` when the item was not split.
pub(crate) fn handling_code(implementation: &str, variant: &str) -> Option<String> {
    let implementation = ImplementationCode::parse(implementation).ok()?;
    HandlingCode::new(&implementation, variant.parse().unwrap_or(1)).ok().map(|code| code.to_string())
}
