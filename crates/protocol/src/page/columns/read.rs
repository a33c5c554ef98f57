//! Reading rows from columns.

use minicbor::bytes::ByteSlice;

use super::body::{FIELDS_MAX, put_head, put_integer, put_number, put_text};
use super::texts::Texts;
use super::varint::Reading;
use super::{ColumnsError, DELETED, Kind, OF_FIELDS, UNPACKED_BYTES_MAX, WHOLE, texts};
use crate::borrowed_rows::BorrowedChange;

/// The rows of a page by columns, put together again.
#[derive(Debug)]
pub struct Columns<'b> {
    keys: Texts<'b>,
    versions: Vec<u64>,
    /// All bodies, one behind the other.
    bodies: Vec<u8>,
    /// Where each row's body ends; none where it was deleted.
    ends: Vec<Option<u32>>,
}

/// A field's values, one for each row of fields.
enum Values<'b> {
    Key,
    Constant(&'b [u8]),
    Texts(Texts<'b>),
    Dictionary(Texts<'b>, &'b [u8]),
    Integers(Vec<i64>),
    Items(Vec<&'b [u8]>),
}

impl<'b> Columns<'b> {
    /// Reads the columns of a page.
    ///
    /// # Errors
    /// [`ColumnsError`] says what is wrong with them.
    pub fn read(bytes: &'b [u8]) -> Result<Columns<'b>, ColumnsError> {
        let mut reading = Reading::new(bytes);
        let count = reading.count()?;
        let keys = texts::read(&mut reading, count)?;
        let mut versions = Vec::with_capacity(count);
        let mut version = 0_u64;
        for _ in 0..count {
            version = version.wrapping_add(reading.signed()?.cast_unsigned());
            versions.push(version);
        }
        let kinds = reading.bytes(count)?;
        let of_fields = kinds.iter().filter(|kind| **kind == OF_FIELDS).count();
        let fields_count = reading.count()?;
        if fields_count > FIELDS_MAX {
            return Err(ColumnsError::Number);
        }
        let mut fields = Vec::with_capacity(fields_count);
        for _ in 0..fields_count {
            fields.push((reading.number()?, read_values(&mut reading, of_fields)?));
        }
        let mut columns = Columns {
            keys,
            versions,
            bodies: Vec::with_capacity(bytes.len() * 2),
            ends: Vec::with_capacity(count),
        };
        let mut place = 0;
        for (at, kind) in kinds.iter().enumerate() {
            match *kind {
                DELETED => columns.ends.push(None),
                OF_FIELDS => {
                    put_body(&mut columns.bodies, &fields, place, columns.keys.get(at))?;
                    place += 1;
                    columns.end_body()?;
                }
                WHOLE => {
                    let length = reading.count()?;
                    columns.bodies.extend_from_slice(reading.bytes(length)?);
                    columns.end_body()?;
                }
                _ => return Err(ColumnsError::Kind),
            }
        }
        if reading.len() > 0 { Err(ColumnsError::TrailingBytes) } else { Ok(columns) }
    }

    /// The rows, in order.
    pub fn rows(&self) -> Vec<BorrowedChange<'_>> {
        let mut from = 0;
        let mut body_until = |end: u32| {
            let body = &self.bodies[from..end as usize];
            from = end as usize;
            <&ByteSlice>::from(body)
        };
        let rows = self.versions.iter().zip(&self.ends).enumerate();
        rows.map(|(at, (version, end))| BorrowedChange {
            key: self.keys.get(at),
            version: *version,
            body: end.map(&mut body_until),
        })
        .collect()
    }

    fn end_body(&mut self) -> Result<(), ColumnsError> {
        if self.bodies.len() > UNPACKED_BYTES_MAX {
            return Err(ColumnsError::TooLarge);
        }
        self.ends.push(u32::try_from(self.bodies.len()).ok());
        Ok(())
    }
}

fn read_values<'b>(reading: &mut Reading<'b>, count: usize) -> Result<Values<'b>, ColumnsError> {
    if count == 0 {
        return Err(ColumnsError::Kind);
    }
    match Kind::of_number(reading.byte()?).ok_or(ColumnsError::Kind)? {
        Kind::Key => Ok(Values::Key),
        Kind::Constant => {
            let length = reading.count()?;
            Ok(Values::Constant(reading.bytes(length)?))
        }
        Kind::Texts => Ok(Values::Texts(texts::read(reading, count)?)),
        Kind::Dictionary => {
            let different = reading.count()?;
            let different = texts::read(reading, different)?;
            let places = reading.bytes(count)?;
            if places.iter().any(|place| usize::from(*place) >= different.len()) {
                return Err(ColumnsError::Number);
            }
            Ok(Values::Dictionary(different, places))
        }
        Kind::Integers => {
            let numbers: Result<Vec<i64>, _> = (0..count).map(|_| reading.signed()).collect();
            Ok(Values::Integers(numbers?))
        }
        Kind::Items => {
            let lengths: Result<Vec<usize>, _> = (0..count).map(|_| reading.count()).collect();
            let items: Result<Vec<&[u8]>, _> =
                lengths?.into_iter().map(|length| reading.bytes(length)).collect();
            Ok(Values::Items(items?))
        }
    }
}

fn put_body(
    bodies: &mut Vec<u8>,
    fields: &[(u64, Values<'_>)],
    place: usize,
    key: &str,
) -> Result<(), ColumnsError> {
    put_head(bodies, fields.len());
    for (number, values) in fields {
        // A constant or a key takes nothing in the columns and may be long.
        if bodies.len() > UNPACKED_BYTES_MAX {
            return Err(ColumnsError::TooLarge);
        }
        put_number(bodies, *number);
        match values {
            Values::Key => put_text(bodies, key),
            Values::Constant(item) => bodies.extend_from_slice(item),
            Values::Texts(texts) => put_text(bodies, texts.get(place)),
            Values::Dictionary(texts, places) => put_text(bodies, texts.get(usize::from(places[place]))),
            Values::Integers(numbers) => put_integer(bodies, numbers[place]),
            Values::Items(items) => bodies.extend_from_slice(items[place]),
        }
    }
    Ok(())
}
