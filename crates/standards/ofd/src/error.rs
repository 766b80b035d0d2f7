//! What can go wrong, and the limits that keep hostile files small.

/// Error of this crate. `part` is always the absolute path inside the package, e.g. `/Doc_0/Document.xml`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not a ZIP archive, or one whose directory cannot be read.
    #[error("不是 OFD 文件：{0}")]
    Container(String),
    /// A part that the structure names is not in the package.
    #[error("缺少部件 {0}")]
    Missing(String),
    /// A part cannot be decompressed or its CRC is wrong.
    #[error("部件 {part} 已损坏：{why}")]
    Damaged { part: String, why: String },
    /// A part's name is not a plain path, leaves the package, or two parts share one name.
    #[error("部件名 {0:?} 不合规")]
    Name(String),
    /// A part is not well-formed XML, declares a DTD, or misses a required element.
    #[error("部件 {part} 结构有误：{why}")]
    Xml { part: String, why: String },
    /// A value is not of its type or out of any sensible range.
    #[error("部件 {part} 中 {what} 的值 {text:?} 不合规")]
    Value { part: String, what: String, text: String },
    /// A limit of [`Limits`] is exceeded; the text names it.
    #[error("超出限制：{0}")]
    Limit(&'static str),
    /// Templates, composites or draw parameters refer to themselves.
    #[error("资源 {0} 循环引用")]
    Cycle(u32),
    /// No such document or page.
    #[error("没有第 {0} 页")]
    NoPage(usize),
    /// A signature forbids the change.
    #[error("文件已锁定签名，不能再追加：{0}")]
    Locked(String),
    /// The signer refused.
    #[error("签名失败：{0}")]
    Signer(String),
    /// A font or image handed in for writing, rendering or conversion cannot be used.
    #[error("资源不可用：{0}")]
    Resource(String),
}

/// `Result` of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Bounds for reading. The defaults suit documents of a few hundred pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Entries of the archive.
    pub parts: usize,
    /// Bytes of one decompressed part.
    pub part_bytes: u64,
    /// Bytes of all decompressed parts together.
    pub total_bytes: u64,
    /// How many times larger than its compressed form a part of more than 1 MiB may be.
    pub ratio: u64,
    /// Bytes of one XML part.
    pub xml_bytes: usize,
    /// Nodes of one XML part.
    pub xml_nodes: u32,
    /// Drawing steps of one page: objects, characters and path segments, templates, composites and annotations included.
    pub steps: usize,
    /// Nesting of page blocks, composites, outlines and documents used as seal pictures.
    pub depth: usize,
    /// Pixels of one rendered page or one decoded image.
    pub pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            parts: 20_000,
            part_bytes: 64 << 20,
            total_bytes: 256 << 20,
            ratio: 200,
            xml_bytes: 16 << 20,
            xml_nodes: 1_000_000,
            steps: 1_000_000,
            depth: 16,
            pixels: 64_000_000,
        }
    }
}
