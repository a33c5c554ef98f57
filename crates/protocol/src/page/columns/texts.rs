//! A column of texts: one behind the other with NULs between, without what each shares with the one before it
//! where they share much, or with their lengths where a text holds a NUL itself.

use std::borrow::Cow;

use super::ColumnsError;
use super::varint::{Reading, put};

const PLAIN: u8 = 0;
const FRONT_CODED: u8 = 1;
const WITH_LENGTHS: u8 = 2;

/// The texts of a column.
#[derive(Debug)]
pub struct Texts<'b> {
    /// All of them, with a byte between two where they stand in the page so.
    all: Cow<'b, str>,
    between: usize,
    ends: Vec<u32>,
}

impl Texts<'_> {
    /// One of them.
    ///
    /// # Panics
    /// Where there are not so many.
    pub fn get(&self, at: usize) -> &str {
        let from = if at == 0 { 0 } else { self.ends[at - 1] as usize + self.between };
        &self.all[from..self.ends[at] as usize]
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.ends.len()
    }
}

/// Writes texts.
pub fn write<'t>(bytes: &mut Vec<u8>, texts: impl Iterator<Item = &'t str> + Clone) {
    if texts.clone().any(|text| text.contains('\0')) {
        bytes.push(WITH_LENGTHS);
        for text in texts.clone() {
            put(bytes, text.len() as u64);
        }
        texts.for_each(|text| bytes.extend_from_slice(text.as_bytes()));
        return;
    }
    let length: usize = texts.clone().map(str::len).sum();
    let shared: usize = each_shared(texts.clone()).sum();
    if shared * 2 > length {
        bytes.push(FRONT_CODED);
        for shared in each_shared(texts.clone()) {
            put(bytes, shared as u64);
        }
        let rests = texts.clone().zip(each_shared(texts)).map(|(text, shared)| &text[shared..]);
        put_block(bytes, rests);
    } else {
        bytes.push(PLAIN);
        put_block(bytes, texts);
    }
}

/// The length of all, then each text and a NUL.
fn put_block<'t>(bytes: &mut Vec<u8>, texts: impl Iterator<Item = &'t str> + Clone) {
    let length: usize = texts.clone().map(|text| text.len() + 1).sum();
    put(bytes, length as u64);
    for text in texts {
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
    }
}

/// How many bytes each text has in common with the one before it, whole characters.
fn each_shared<'t>(texts: impl Iterator<Item = &'t str> + Clone) -> impl Iterator<Item = usize> + Clone {
    let mut before = "";
    texts.map(move |text| {
        let alike = before.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
        before = text;
        text.floor_char_boundary(alike)
    })
}

/// Reads so many texts.
pub fn read<'b>(reading: &mut Reading<'b>, count: usize) -> Result<Texts<'b>, ColumnsError> {
    match reading.byte()? {
        PLAIN => {
            let all = read_block(reading)?;
            let mut ends = Vec::with_capacity(count);
            let mut end = 0;
            for text in block_texts(all) {
                end += text.len();
                ends.push(u32::try_from(end).map_err(|_| ColumnsError::TooLarge)?);
                end += 1;
            }
            counted(Texts { all: Cow::Borrowed(all), between: 1, ends }, count)
        }
        FRONT_CODED => {
            let mut shared = Vec::with_capacity(count);
            for _ in 0..count {
                shared.push(usize::try_from(reading.number()?).map_err(|_| ColumnsError::Number)?);
            }
            let (mut all, mut ends, mut from) = (String::new(), Vec::with_capacity(count), 0);
            let rests = read_block(reading)?;
            for (shared, rest) in shared.into_iter().zip(block_texts(rests)) {
                let next = all.len();
                if shared > next - from || !all.is_char_boundary(from + shared) {
                    return Err(ColumnsError::Number);
                }
                reading.claim(shared + rest.len())?;
                all.extend_from_within(from..from + shared);
                all.push_str(rest);
                ends.push(u32::try_from(all.len()).map_err(|_| ColumnsError::TooLarge)?);
                from = next;
            }
            let texts = counted(Texts { all: Cow::Owned(all), between: 0, ends }, count)?;
            if block_texts(rests).count() == count { Ok(texts) } else { Err(ColumnsError::TrailingBytes) }
        }
        WITH_LENGTHS => {
            let mut ends = Vec::with_capacity(count);
            let mut end = 0_usize;
            for _ in 0..count {
                end = end.saturating_add(reading.count()?);
                ends.push(u32::try_from(end).map_err(|_| ColumnsError::TooLarge)?);
            }
            let all = utf8(reading.bytes(end)?)?;
            if ends.iter().any(|end| !all.is_char_boundary(*end as usize)) {
                return Err(ColumnsError::Text);
            }
            Ok(Texts { all: Cow::Borrowed(all), between: 0, ends })
        }
        _ => Err(ColumnsError::Kind),
    }
}

fn read_block<'b>(reading: &mut Reading<'b>) -> Result<&'b str, ColumnsError> {
    let length = reading.count()?;
    let block = utf8(reading.bytes(length)?)?;
    if block.is_empty() || block.ends_with('\0') { Ok(block) } else { Err(ColumnsError::TooShort) }
}

/// The texts of a block, each of which ends with a NUL.
fn block_texts(block: &str) -> impl Iterator<Item = &str> {
    block.split_terminator('\0')
}

fn counted(texts: Texts<'_>, count: usize) -> Result<Texts<'_>, ColumnsError> {
    if texts.len() == count { Ok(texts) } else { Err(ColumnsError::Number) }
}

fn utf8(bytes: &[u8]) -> Result<&str, ColumnsError> {
    std::str::from_utf8(bytes).map_err(|_| ColumnsError::Text)
}
