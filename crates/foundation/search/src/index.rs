use std::collections::HashSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use base::{Error, Result};
use tantivy::query::{BooleanQuery, BoostQuery, EmptyQuery, EnableScoring, Occur, PhraseQuery, Query as TantivyQuery, RegexQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{DocAddress, DocSet, Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TERMINATED, TantivyDocument, Term};

use crate::tokens::{Split, characters, words};

/// What is put into the index.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// Unique identifier; putting the same again replaces it.
    pub id: String,
    /// Kind of thing, e.g. `item`.
    pub kind: String,
    /// The line shown and searched first.
    pub title: String,
    /// Other words people use for it.
    pub keywords: String,
    /// Everything else worth finding it by.
    pub text: String,
    /// Codes it can be found by, from their beginning.
    pub codes: Vec<String>,
    /// Values to filter by exactly, e.g. `region:450300000000`, `object:1`.
    pub facets: Vec<String>,
    /// What the caller needs to show a hit, as JSON; comes back as it went in.
    pub payload: String,
}

/// A question to the index.
#[derive(Debug, Clone, Default)]
pub struct Query<'a> {
    /// What the person typed; empty matches everything that passes the filters.
    pub text: &'a str,
    /// Kind of thing.
    pub kind: &'a str,
    /// Facets a hit must have, all of them.
    pub facets: &'a [String],
    /// Hits to skip.
    pub offset: usize,
    /// Hits wanted.
    pub limit: usize,
}

/// Something found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Identifier of the document.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its payload.
    pub payload: String,
}

struct Fields {
    id: Field,
    kind: Field,
    title: Field,
    title_chars: Field,
    keywords: Field,
    text: Field,
    code: Field,
    facet: Field,
    payload: Field,
}

/// The index; searching needs no lock.
pub struct Search {
    fields: Fields,
    reader: IndexReader,
    /// Taken with the first write: only one process may hold it, and a command beside a running server only reads.
    writer: Mutex<Option<IndexWriter>>,
    index: Index,
}

impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Search")
    }
}

/// Longest text searched for; the rest of a longer one is cut off.
const MAX_QUERY_CHARS: usize = 60;
/// Documents looked at in a segment: more than anybody turns pages through, few enough to rank in a millisecond.
const LOOKED_AT: usize = 1_000;

impl Search {
    /// Opens the index in a folder, or makes a new one there (also when the old one is of another shape).
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let (schema, _) = schema();
        let directory = tantivy::directory::MmapDirectory::open(folder)?;
        let index = match Index::open_or_create(directory, schema.clone()) {
            Ok(index) => index,
            Err(_) => {
                std::fs::remove_dir_all(folder)?;
                std::fs::create_dir_all(folder)?;
                Index::create_in_dir(folder, schema)?
            }
        };
        Self::with(index)
    }

    /// An index in memory.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn in_memory() -> Result<Self> {
        Self::with(Index::create_in_ram(schema().0))
    }

    fn with(index: Index) -> Result<Self> {
        let (_, fields) = schema();
        index.tokenizers().register("words", TextAnalyzer::from(Split(words)));
        index.tokenizers().register("characters", TextAnalyzer::from(Split(characters)));
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { fields, reader, writer: Mutex::new(None), index })
    }

    fn taken<'a>(&self, writer: &'a mut Option<IndexWriter>) -> Result<&'a mut IndexWriter> {
        match writer {
            Some(writer) => Ok(writer),
            None => Ok(writer.insert(self.index.writer_with_num_threads(1, 40_000_000)?)),
        }
    }

    /// Puts documents in, replacing those with the same identifier. Blocking: call it from a job, not from a page.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn put(&self, documents: &[Document]) -> Result<()> {
        let mut guard = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let writer = self.taken(&mut guard)?;
        for document in documents {
            writer.delete_term(Term::from_field_text(self.fields.id, &document.id));
            writer.add_document(self.document(document))?;
        }
        writer.commit()?;
        drop(guard);
        Ok(self.reader.reload()?)
    }

    /// Takes documents out.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn remove(&self, ids: &[String]) -> Result<()> {
        let mut guard = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let writer = self.taken(&mut guard)?;
        for id in ids {
            writer.delete_term(Term::from_field_text(self.fields.id, id));
        }
        writer.commit()?;
        drop(guard);
        Ok(self.reader.reload()?)
    }

    /// Replaces everything of one kind: rebuilding from the database.
    ///
    /// # Errors
    /// When the index cannot be written; then the old content stays.
    pub fn replace_all(&self, kind: &str, documents: impl Iterator<Item = Document>) -> Result<usize> {
        let mut guard = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let writer = self.taken(&mut guard)?;
        writer.delete_term(Term::from_field_text(self.fields.kind, kind));
        let mut count = 0;
        for document in documents {
            writer.add_document(self.document(&document))?;
            count += 1;
        }
        writer.commit()?;
        drop(guard);
        self.reader.reload()?;
        Ok(count)
    }

    /// Number of documents in the index (kept by tantivy, not counted).
    pub fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Whether the index holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Finds documents, best first: those whose title or keywords say what is asked, then those that say it anywhere. Of
    /// each, at most [`LOOKED_AT`] in a segment are looked at, so that a word that everything has costs no more than another.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn find(&self, query: &Query<'_>) -> Result<Vec<Hit>> {
        let searcher = self.reader.searcher();
        let wanted = query.offset.saturating_add(query.limit.clamp(1, 1000));
        let text: String = query.text.trim().chars().take(MAX_QUERY_CHARS).collect();
        let mut found;
        if text.is_empty() {
            found = best(&searcher, &self.filtered(query, None), wanted)?;
        } else {
            let asked = Asked::of(&text);
            found = best(&searcher, &self.filtered(query, Some(self.near(&asked)?)), wanted)?;
            if found.len() < wanted {
                let near: HashSet<DocAddress> = found.iter().copied().collect();
                let wide = best(&searcher, &self.filtered(query, Some(self.wide(&asked)?)), wanted + near.len())?;
                found.extend(wide.into_iter().filter(|address| !near.contains(address)));
            }
        }
        found
            .into_iter()
            .skip(query.offset)
            .take(wanted - query.offset)
            .map(|address| {
                let document: TantivyDocument = searcher.doc(address)?;
                let text = |field| document.get_first(field).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
                Ok(Hit { id: text(self.fields.id), title: text(self.fields.title), payload: text(self.fields.payload) })
            })
            .collect::<Result<Vec<_>, tantivy::TantivyError>>()
            .map_err(Error::from)
    }

    /// The segments and their sizes, for the health page.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn segments(&self) -> Result<usize> {
        Ok(self.index.searchable_segment_ids()?.len())
    }

    fn document(&self, d: &Document) -> TantivyDocument {
        let f = &self.fields;
        let mut out = TantivyDocument::default();
        out.add_text(f.id, &d.id);
        out.add_text(f.kind, &d.kind);
        out.add_text(f.title, &d.title);
        out.add_text(f.title_chars, format!("{} {}", d.title, d.keywords));
        out.add_text(f.keywords, &d.keywords);
        out.add_text(f.text, &d.text);
        out.add_text(f.payload, &d.payload);
        for code in &d.codes {
            out.add_text(f.code, code.to_lowercase());
        }
        for facet in &d.facets {
            out.add_text(f.facet, scoped(&d.kind, facet));
        }
        out
    }

    fn filtered(&self, query: &Query<'_>, asked: Option<Box<dyn TantivyQuery>>) -> BooleanQuery {
        let mut must: Vec<(Occur, Box<dyn TantivyQuery>)> =
            query.facets.iter().map(|facet| (Occur::Must, exact(self.fields.facet, &scoped(query.kind, facet)))).collect();
        if must.is_empty() {
            must.push((Occur::Must, exact(self.fields.kind, query.kind)));
        }
        must.extend(asked.map(|asked| (Occur::Must, asked)));
        BooleanQuery::new(must)
    }

    /// Documents that are called so: every word in title or keywords, the same characters in a row there (a part of a
    /// word), or a code that begins so.
    fn near(&self, asked: &Asked) -> Result<Box<dyn TantivyQuery>> {
        let f = &self.fields;
        let mut ways = self.names(asked)?;
        ways.extend(every(&asked.words, |word| vec![boosted(f.title, word, 4.0), boosted(f.keywords, word, 3.0)]));
        Ok(any(ways))
    }

    /// Documents that say so anywhere.
    fn wide(&self, asked: &Asked) -> Result<Box<dyn TantivyQuery>> {
        let f = &self.fields;
        let mut ways = self.names(asked)?;
        ways.extend(every(&asked.words, |word| {
            vec![boosted(f.title, word, 4.0), boosted(f.keywords, word, 3.0), boosted(f.text, word, 1.0)]
        }));
        Ok(any(ways))
    }

    fn names(&self, asked: &Asked) -> Result<Vec<Box<dyn TantivyQuery>>> {
        let f = &self.fields;
        let mut ways: Vec<Box<dyn TantivyQuery>> = Vec::new();
        let characters: Vec<Term> = asked.characters.iter().map(|c| Term::from_field_text(f.title_chars, c)).collect();
        match characters.as_slice() {
            [] => {}
            [one] => ways.push(Box::new(TermQuery::new(one.clone(), IndexRecordOption::Basic))),
            _ => ways.push(Box::new(BoostQuery::new(Box::new(PhraseQuery::new(characters)), 6.0))),
        }
        if asked.code.len() >= 4 && asked.code.chars().all(|c| c.is_ascii_alphanumeric()) {
            ways.push(Box::new(BoostQuery::new(Box::new(RegexQuery::from_pattern(&format!("{}.*", asked.code), f.code)?), 10.0)));
        }
        Ok(ways)
    }
}

/// What was asked, split in the three ways things are found by.
struct Asked {
    words: Vec<String>,
    characters: Vec<String>,
    code: String,
}

impl Asked {
    fn of(text: &str) -> Self {
        Self {
            words: words(text),
            characters: characters(text),
            code: text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase(),
        }
    }
}

fn exact(field: Field, text: &str) -> Box<dyn TantivyQuery> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
}

fn boosted(field: Field, word: &str, boost: f32) -> Box<dyn TantivyQuery> {
    Box::new(BoostQuery::new(Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs)), boost))
}

/// Every word, each in one of its places; nothing when there are no words.
fn every(words: &[String], places: impl Fn(&str) -> Vec<Box<dyn TantivyQuery>>) -> Option<Box<dyn TantivyQuery>> {
    let all: Vec<_> = words.iter().map(|word| (Occur::Must, any(places(word)))).collect();
    (!all.is_empty()).then(|| Box::new(BooleanQuery::new(all)) as Box<dyn TantivyQuery>)
}

fn any(ways: Vec<Box<dyn TantivyQuery>>) -> Box<dyn TantivyQuery> {
    if ways.is_empty() {
        return Box::new(EmptyQuery);
    }
    Box::new(BooleanQuery::new(ways.into_iter().map(|way| (Occur::Should, way)).collect()))
}

/// The best of the documents looked at, best first.
fn best(searcher: &Searcher, question: &dyn TantivyQuery, wanted: usize) -> Result<Vec<DocAddress>> {
    let weight = question.weight(EnableScoring::enabled_from_searcher(searcher))?;
    let mut seen = Vec::new();
    for (segment, reader) in searcher.segment_readers().iter().enumerate() {
        let segment = u32::try_from(segment).unwrap_or(u32::MAX);
        let mut scorer = weight.scorer(reader, 1.0)?;
        let (mut doc, mut left) = (scorer.doc(), LOOKED_AT);
        while doc != TERMINATED && left > 0 {
            if reader.alive_bitset().is_none_or(|alive| alive.is_alive(doc)) {
                seen.push((scorer.score(), DocAddress::new(segment, doc)));
                left -= 1;
            }
            doc = scorer.advance();
        }
    }
    // Equals stay in the order of the index, so that pages of results fit together.
    seen.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    Ok(seen.into_iter().take(wanted).map(|(_, address)| address).collect())
}

/// A facet is a value of one kind of thing, so that asking for it need not ask for the kind as well: every filter is looked
/// up for every match.
fn scoped(kind: &str, facet: &str) -> String {
    format!("{kind}/{facet}")
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexed = |tokenizer: &str| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(IndexRecordOption::WithFreqsAndPositions),
        )
    };
    let fields = Fields {
        id: builder.add_text_field("id", STRING | STORED),
        kind: builder.add_text_field("kind", STRING),
        title: builder.add_text_field("title", indexed("words").set_stored()),
        title_chars: builder.add_text_field("title_chars", indexed("characters")),
        keywords: builder.add_text_field("keywords", indexed("words")),
        text: builder.add_text_field("text", indexed("words")),
        code: builder.add_text_field("code", STRING),
        facet: builder.add_text_field("facet", STRING),
        payload: builder.add_text_field("payload", STORED),
    };
    (builder.build(), fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Search {
        let search = Search::in_memory().unwrap();
        let item = |id: &str, title: &str, keywords: &str, code: &str, region: &str| Document {
            id: id.into(),
            kind: "item".into(),
            title: title.into(),
            keywords: keywords.into(),
            text: "申请人应当具备相应条件".into(),
            codes: vec![code.into()],
            facets: vec![format!("region:{region}")],
            payload: format!("{{\"id\":\"{id}\"}}"),
        };
        search
            .put(&[
                item("a", "食品经营许可（首次申请）", "开饭店 餐馆", "000131012001", "450300000000"),
                item("b", "公共场所卫生许可", "卫生许可证", "000123010001", "450300000000"),
                item("c", "食品生产许可", "工厂", "000131011001", "450400000000"),
            ])
            .unwrap();
        search
    }

    fn ids(search: &Search, text: &str, facets: &[String]) -> Vec<String> {
        search.find(&Query { text, kind: "item", facets, offset: 0, limit: 10 }).unwrap().into_iter().map(|h| h.id).collect()
    }

    #[test]
    fn finds_words_parts_keywords_and_codes() {
        let search = filled();
        assert_eq!(ids(&search, "食品经营", &[])[0], "a");
        assert_eq!(ids(&search, "饭店", &[]), ["a"]);
        assert_eq!(ids(&search, "共场所", &[]), ["b"], "a part that is no word");
        assert_eq!(ids(&search, "0001310", &[]).len(), 2, "a code from its beginning");
        assert_eq!(ids(&search, "食品", &["region:450400000000".into()]), ["c"]);
        assert!(ids(&search, "结婚", &[]).is_empty());
    }

    #[test]
    fn what_is_called_so_comes_before_what_says_so_and_pages_fit_together() {
        let search = Search::in_memory().unwrap();
        let item = |n: usize, title: &str, text: &str| Document {
            id: n.to_string(),
            kind: "item".into(),
            title: title.into(),
            text: text.into(),
            ..Document::default()
        };
        let mut all: Vec<Document> = (0..LOOKED_AT * 2).map(|n| item(n, &format!("许可{n}"), "办理食品经营的人也来这里")).collect();
        all.extend((0..30).map(|n| item(LOOKED_AT * 2 + n, "食品经营许可", "")));
        search.put(&all).unwrap();
        let page = |offset| search.find(&Query { text: "食品经营", kind: "item", facets: &[], offset, limit: 20 }).unwrap();
        assert!(page(0).iter().all(|hit| hit.title == "食品经营许可"), "however many others say it and come first in the index");
        let ids: HashSet<String> = (0..5).flat_map(|n| page(n * 20)).map(|hit| hit.id).collect();
        assert_eq!(ids.len(), 100, "no hit twice, none left out");
        assert_eq!(search.find(&Query { text: "", kind: "item", facets: &[], offset: 40, limit: 20 }).unwrap().len(), 20);
    }

    #[test]
    fn strange_input_finds_nothing_and_breaks_nothing() {
        let search = filled();
        for text in ["", "   ", "\"", "a AND (", "*", "[x TO y]", "\u{0}", &"食".repeat(5000), "....", "🙂"] {
            search.find(&Query { text, kind: "item", facets: &[], offset: 0, limit: 5 }).unwrap();
        }
    }

    #[test]
    fn putting_again_replaces_and_rebuilding_forgets() {
        let search = filled();
        search.put(&[Document { id: "a".into(), kind: "item".into(), title: "改名".into(), ..Document::default() }]).unwrap();
        assert!(ids(&search, "食品经营", &[]).iter().all(|id| id != "a"));
        assert_eq!(search.replace_all("item", std::iter::empty()).unwrap(), 0);
        assert!(ids(&search, "食品", &[]).is_empty());
    }
}
