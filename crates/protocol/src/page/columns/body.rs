//! A row's body taken apart: the fields of a CBOR map (RFC 8949) and their items, as bytes.

use minicbor::Decoder;
use minicbor::data::Type;

/// Most fields that a body is taken apart for.
pub const FIELDS_MAX: usize = 64;

/// A field of a body: its number, and its value as one CBOR item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'b> {
    pub number: u64,
    pub item: &'b [u8],
}

/// The fields of a body; none where it is not what [`put_head`], [`put_number`] and the items give again.
pub fn fields_of(body: &[u8]) -> Option<Vec<Field<'_>>> {
    let mut decoder = Decoder::new(body);
    let count = usize::try_from(decoder.map().ok()??).ok()?;
    if count > FIELDS_MAX {
        return None;
    }
    let mut fields = Vec::with_capacity(count);
    for _ in 0..count {
        let number = decoder.u64().ok()?;
        let from = decoder.position();
        decoder.skip().ok()?;
        fields.push(Field { number, item: body.get(from..decoder.position())? });
    }
    let mut again = Vec::with_capacity(body.len());
    put_head(&mut again, fields.len());
    for field in &fields {
        put_number(&mut again, field.number);
        again.extend_from_slice(field.item);
    }
    (again == body).then_some(fields)
}

/// The text of an item; none where it is another, or written longer than it needs to be.
pub fn text_of(item: &[u8]) -> Option<&str> {
    let mut decoder = Decoder::new(item);
    if decoder.datatype().ok()? != Type::String {
        return None;
    }
    let text = decoder.str().ok()?;
    let mut head = Vec::with_capacity(9);
    put_major(&mut head, 3, text.len() as u64);
    item.starts_with(&head).then_some(text).filter(|_| head.len() + text.len() == item.len())
}

/// The integer of an item; none where it is another, or written longer than it needs to be.
pub fn integer_of(item: &[u8]) -> Option<i64> {
    let number = Decoder::new(item).i64().ok()?;
    let mut again = Vec::with_capacity(9);
    put_integer(&mut again, number);
    (again == item).then_some(number)
}

/// The beginning of a map of so many fields.
pub fn put_head(bytes: &mut Vec<u8>, fields: usize) {
    put_major(bytes, 5, fields as u64);
}

/// A field's number.
pub fn put_number(bytes: &mut Vec<u8>, number: u64) {
    put_major(bytes, 0, number);
}

/// A text.
pub fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put_major(bytes, 3, text.len() as u64);
    bytes.extend_from_slice(text.as_bytes());
}

/// An integer.
pub fn put_integer(bytes: &mut Vec<u8>, number: i64) {
    if number < 0 {
        put_major(bytes, 1, (!number).cast_unsigned());
    } else {
        put_major(bytes, 0, number.cast_unsigned());
    }
}

/// A head: the major type and its number, as short as it can be (RFC 8949, section 4.2.1).
fn put_major(bytes: &mut Vec<u8>, major: u8, number: u64) {
    let major = major << 5;
    match number {
        0..=23 => bytes.push(major | number as u8),
        24..=0xff => bytes.extend_from_slice(&[major | 24, number as u8]),
        0x100..=0xffff => {
            bytes.push(major | 25);
            bytes.extend_from_slice(&(number as u16).to_be_bytes());
        }
        0x1_0000..=0xffff_ffff => {
            bytes.push(major | 26);
            bytes.extend_from_slice(&(number as u32).to_be_bytes());
        }
        _ => {
            bytes.push(major | 27);
            bytes.extend_from_slice(&number.to_be_bytes());
        }
    }
}
