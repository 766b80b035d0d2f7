//! Item lists of other platforms, read row by row.
//!
//! Published lists are dirty: body codes that fail their check character, legacy codes, doubled rows. A row is either
//! imported as a draft or quarantined with its reasons; none is lost and none stops the others. Three shapes are known
//! by their headers: the Guangdong list, the Sichuan (Guang'an) list, and our own template ([`TEMPLATE`]).

mod cells;
mod draft;
mod guangan;
mod guangdong;
mod reason;
mod template;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use csv::ByteRecord;

pub use draft::ItemDraft;
pub use reason::Reason;
pub use template::TEMPLATE;

/// A shape of list, told by its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Codes of GB/T 39554.1 with Guangdong's own item types (20 other powers, 21 public service).
    Guangdong,
    /// Composite codes of the Sichuan platform.
    Guangan,
    /// Our own template with Chinese headings.
    Template,
}

impl Shape {
    /// Columns by which the shape is recognised.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Guangdong => guangdong::COLUMNS,
            Self::Guangan => guangan::COLUMNS,
            Self::Template => template::COLUMNS,
        }
    }

    fn read(self, cells: &Cells<'_>) -> Result<ItemDraft, Vec<Reason>> {
        match self {
            Self::Guangdong => guangdong::read(cells),
            Self::Guangan => guangan::read(cells),
            Self::Template => template::read(cells),
        }
    }
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Usable as a draft; the editor completes it.
    Imported(Box<ItemDraft>),
    /// Kept aside until somebody corrects it.
    Quarantined {
        /// The cells as they came.
        raw: Vec<String>,
        /// Every reason, at least one.
        reasons: Vec<Reason>,
    },
}

/// One row of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Number as a spreadsheet shows it: the header is 1, the first row of data 2.
    pub number: usize,
    /// What became of it.
    pub outcome: Outcome,
}

/// A list that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The shape recognised.
    pub shape: Shape,
    /// Every row of data, in order.
    pub rows: Vec<Row>,
}

impl Import {
    /// The usable drafts with their row numbers.
    pub fn imported(&self) -> impl Iterator<Item = (usize, &ItemDraft)> {
        self.rows.iter().filter_map(|row| match &row.outcome {
            Outcome::Imported(draft) => Some((row.number, draft.as_ref())),
            Outcome::Quarantined { .. } => None,
        })
    }

    /// The rows kept aside with their numbers and reasons.
    pub fn quarantined(&self) -> impl Iterator<Item = (usize, &[String], &[Reason])> {
        self.rows.iter().filter_map(|row| match &row.outcome {
            Outcome::Quarantined { raw, reasons } => {
                Some((row.number, raw.as_slice(), reasons.as_slice()))
            }
            Outcome::Imported(_) => None,
        })
    }

    /// How many rows each reason keeps aside; a row with two reasons counts under both.
    #[must_use]
    pub fn reason_counts(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for (_, _, reasons) in self.quarantined() {
            for reason in reasons {
                *counts.entry(reason.code()).or_default() += 1;
            }
        }
        counts
    }
}

/// Why a file is no item list at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The header fits no known shape.
    #[error("表头无法识别。请使用本系统的导入模板，并确认文件是UTF-8编码的CSV。")]
    Header,
    /// The CSV reader gave up.
    #[error("文件无法读取：{0}。请另存为UTF-8编码的CSV后重新上传。")]
    Csv(#[from] csv::Error),
}

/// Reads a list. Only a file whose header is unknown is an error; everything else is told row by row.
pub fn read(bytes: &[u8]) -> Result<Import, ImportError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = Header::read(reader.byte_headers()?);
    let shape = [Shape::Guangdong, Shape::Guangan, Shape::Template]
        .into_iter()
        .find(|shape| {
            shape
                .columns()
                .iter()
                .all(|column| header.columns.contains_key(*column))
        })
        .ok_or(ImportError::Header)?;

    let mut seen = Seen::default();
    let mut rows = Vec::new();
    for (index, record) in reader.into_byte_records().enumerate() {
        let number = index + 2;
        let outcome = read_row(shape, &header, &record?, number, &mut seen);
        rows.push(Row { number, outcome });
    }
    Ok(Import { shape, rows })
}

fn read_row(
    shape: Shape,
    header: &Header,
    record: &ByteRecord,
    number: usize,
    seen: &mut Seen,
) -> Outcome {
    let raw: Vec<String> = record
        .iter()
        .map(|cell| String::from_utf8_lossy(cell).into_owned())
        .collect();
    let mut reasons = Vec::new();
    if record.len() != header.width {
        reasons.push(Reason::Columns {
            expected: header.width,
            found: record.len(),
        });
    }
    if record.iter().any(|cell| std::str::from_utf8(cell).is_err()) {
        reasons.push(Reason::Encoding);
    }
    if !reasons.is_empty() {
        return Outcome::Quarantined { raw, reasons };
    }
    match shape.read(&Cells { header, raw: &raw }) {
        Ok(draft) => match seen.repeats(&draft, number) {
            None => Outcome::Imported(Box::new(draft)),
            Some(reason) => Outcome::Quarantined {
                raw,
                reasons: vec![reason],
            },
        },
        Err(reasons) => Outcome::Quarantined { raw, reasons },
    }
}

/// Column names of the file and where they stand.
struct Header {
    columns: HashMap<String, usize>,
    width: usize,
}

impl Header {
    fn read(record: &ByteRecord) -> Self {
        let name = |cell: &[u8]| String::from_utf8_lossy(cell).trim().to_owned();
        Self {
            columns: record.iter().map(name).zip(0..).collect(),
            width: record.len(),
        }
    }
}

/// One row by column name.
struct Cells<'a> {
    header: &'a Header,
    raw: &'a [String],
}

impl Cells<'_> {
    /// The trimmed cell; empty when the file has no such column.
    fn get(&self, column: &str) -> &str {
        let index = self.header.columns.get(column);
        index
            .and_then(|index| self.raw.get(*index))
            .map_or("", |cell| cell.trim())
    }
}

/// Rows met so far, to find repetitions: the same code, or the same name by the same body under another code.
#[derive(Default)]
struct Seen {
    codes: HashMap<String, usize>,
    names: HashMap<(String, String), usize>,
}

impl Seen {
    fn repeats(&mut self, draft: &ItemDraft, number: usize) -> Option<Reason> {
        if let Some(row) = self.codes.get(&draft.published_code) {
            return Some(Reason::Duplicate { row: *row });
        }
        let name = (draft.body_code.to_string(), draft.name.clone());
        if let Some(row) = self.names.get(&name) {
            return Some(Reason::SameName { row: *row });
        }
        self.codes.insert(draft.published_code.clone(), number);
        self.names.insert(name, number);
        None
    }
}
