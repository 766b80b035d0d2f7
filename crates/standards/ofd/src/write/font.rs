//! Embedded font subsets that any reader can use: with a character map, which subsets made for PDF lack.

use std::collections::BTreeMap;

use skrifa::{FontRef, raw::TableProvider};
use subsetter::{GlyphRemapper, subset};

use crate::{Error, Result};

/// A subset and the new identifiers of its glyphs by old ones.
pub(super) struct Subset {
    pub file: Vec<u8>,
    pub glyphs: BTreeMap<u32, u32>,
}

/// The glyphs of `characters` (with the glyph that draws each) and the further `glyphs` of a font file.
pub(super) fn embed(font: &[u8], index: u32, characters: &BTreeMap<char, u32>, glyphs: impl Iterator<Item = u32>) -> Result<Subset> {
    let bad = |why: String| Error::Resource(format!("字体不能嵌入：{why}"));
    let mut remapper = GlyphRemapper::new();
    let mut renamed = BTreeMap::new();
    for glyph in characters.values().copied().chain(glyphs) {
        let old = u16::try_from(glyph).map_err(|_| bad("字形编号过大".into()))?;
        renamed.insert(glyph, u32::from(remapper.remap(old)));
    }
    let small = subset(font, index, &remapper).map_err(|error| bad(error.to_string()))?;
    let whole = FontRef::from_index(font, index).map_err(|error| bad(error.to_string()))?;
    let map: BTreeMap<char, u32> = characters.iter().filter_map(|(character, glyph)| Some((*character, *renamed.get(glyph)?))).collect();
    let mut tables = tables(&small).ok_or_else(|| bad("子集不完整".into()))?;
    tables.insert(*b"cmap", cmap(&map));
    // Line metrics and weight of the whole font are right for its subset too.
    if let Ok(os2) = whole.os2() {
        tables.insert(*b"OS/2", os2.offset_data().as_bytes().to_vec());
    }
    if !tables.contains_key(b"hhea")
        && let Ok(hhea) = whole.hhea()
    {
        tables.insert(*b"hhea", hhea.offset_data().as_bytes().to_vec());
    }
    let flavour = small.get(..4).and_then(|tag| tag.try_into().ok()).unwrap_or(*b"\0\x01\0\0");
    Ok(Subset { file: assemble(flavour, tables), glyphs: renamed })
}

type Tables = BTreeMap<[u8; 4], Vec<u8>>;

/// The tables of an sfnt file.
fn tables(file: &[u8]) -> Option<Tables> {
    let number = |at: usize| Some(u32::from_be_bytes(file.get(at..at + 4)?.try_into().ok()?) as usize);
    let count = usize::from(u16::from_be_bytes(file.get(4..6)?.try_into().ok()?));
    let table = |index: usize| {
        let at = 12 + index * 16;
        let (offset, length) = (number(at + 8)?, number(at + 12)?);
        Some((file.get(at..at + 4)?.try_into().ok()?, file.get(offset..offset.checked_add(length)?)?.to_vec()))
    };
    (0..count).map(table).collect()
}

/// A character map for all of Unicode (format 12), under the platforms readers look for.
fn cmap(map: &BTreeMap<char, u32>) -> Vec<u8> {
    // Characters and glyphs that go on together are one group.
    let mut groups: Vec<(u32, u32, u32)> = Vec::new();
    for (character, glyph) in map {
        let character = *character as u32;
        match groups.last_mut() {
            Some((first, last, start)) if character == *last + 1 && *glyph == *start + (character - *first) => *last = character,
            _ => groups.push((character, character, *glyph)),
        }
    }
    let mut table = Vec::new();
    table.extend([0, 0, 0, 3]); // version, number of subtables
    for (platform, encoding) in [(0u16, 4u16), (3, 1), (3, 10)] {
        table.extend(platform.to_be_bytes());
        table.extend(encoding.to_be_bytes());
        // A map of the first 65536 characters (format 4) is what Windows looks for under (3, 1).
        table.extend((if encoding == 1 { 28 + 16 + 12 * groups.len() as u32 } else { 28 }).to_be_bytes());
    }
    table.extend([0, 12, 0, 0]);
    table.extend((16 + 12 * groups.len() as u32).to_be_bytes());
    table.extend([0; 4]); // language
    table.extend((groups.len() as u32).to_be_bytes());
    for (first, last, glyph) in &groups {
        table.extend([*first, *last, *glyph].map(u32::to_be_bytes).concat());
    }
    table.extend(segments(&groups));
    table
}

/// Format 4, for the characters below 65536.
fn segments(groups: &[(u32, u32, u32)]) -> Vec<u8> {
    let mut segments: Vec<(u16, u16, u16)> = Vec::new();
    for (first, last, glyph) in groups {
        if let (Ok(first), Ok(last), Ok(glyph)) = (u16::try_from(*first), u16::try_from((*last).min(0xFFFE)), u16::try_from(*glyph)) {
            segments.push((first, last, glyph.wrapping_sub(first)));
        }
    }
    segments.push((0xFFFF, 0xFFFF, 1)); // the last segment the format demands
    // Its length field has 16 bits; what is beyond is found through format 12.
    segments.truncate(8000);
    let count = segments.len() as u16;
    let power = 1u16 << count.ilog2();
    let words = [4, 16 + 8 * count, 0, count * 2, power * 2, count.ilog2() as u16, (count - power) * 2];
    let ends = segments.iter().map(|segment| segment.1);
    let starts = segments.iter().map(|segment| segment.0);
    let deltas = segments.iter().map(|segment| segment.2);
    let offsets = segments.iter().map(|_| 0);
    words.into_iter().chain(ends).chain([0]).chain(starts).chain(deltas).chain(offsets).flat_map(u16::to_be_bytes).collect()
}

/// An sfnt file with correct checksums.
fn assemble(flavour: [u8; 4], mut tables: Tables) -> Vec<u8> {
    if let Some(adjustment) = tables.get_mut(b"head").and_then(|head| head.get_mut(8..12)) {
        adjustment.fill(0);
    }
    let count = tables.len() as u16;
    let power = 1u16 << count.max(1).ilog2();
    let mut file = flavour.to_vec();
    file.extend([count, power * 16, power.ilog2() as u16, (count - power) * 16].into_iter().flat_map(u16::to_be_bytes));
    let mut offset = 12 + 16 * tables.len();
    let mut head = 0;
    for (tag, table) in &tables {
        if tag == b"head" {
            head = offset;
        }
        file.extend(tag);
        file.extend([checksum(table), offset as u32, table.len() as u32].map(u32::to_be_bytes).concat());
        offset += table.len().next_multiple_of(4);
    }
    for table in tables.values() {
        file.extend(table);
        file.resize(file.len().next_multiple_of(4), 0);
    }
    let adjustment = 0xB1B0_AFBA_u32.wrapping_sub(checksum(&file)).to_be_bytes();
    if let Some(place) = file.get_mut(head + 8..head + 12).filter(|_| head > 0) {
        place.copy_from_slice(&adjustment);
    }
    file
}

fn checksum(bytes: &[u8]) -> u32 {
    bytes.chunks(4).fold(0, |sum, chunk| {
        let mut word = [0; 4];
        word[..chunk.len()].copy_from_slice(chunk);
        sum.wrapping_add(u32::from_be_bytes(word))
    })
}
