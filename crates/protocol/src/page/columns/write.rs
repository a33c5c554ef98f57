//! Writing rows by columns.

use std::collections::BTreeMap;

use super::body::{Field, fields_of, integer_of, text_of};
use super::varint::{put, put_signed};
use super::{DELETED, Kind, OF_FIELDS, UNPACKED_BYTES_MAX, WHOLE, texts};
use crate::messages::RowChange;

/// Different texts that a dictionary has room for.
const DICTIONARY_MAX: usize = 256;

/// A row and, where it is one of fields, these.
struct Taken<'r> {
    row: &'r RowChange,
    fields: Option<Vec<Field<'r>>>,
}

/// The rows by columns, or none where they are more than a page may be.
pub fn write(rows: &[RowChange]) -> Option<Vec<u8>> {
    let body_bytes = |row: &RowChange| row.body.as_ref().map_or(0, |body| body.len());
    let bytes: usize = rows.iter().map(|row| row.key.len() + body_bytes(row)).sum();
    if bytes > UNPACKED_BYTES_MAX {
        return None;
    }
    let taken = take_apart(rows);
    let mut bytes = Vec::with_capacity(bytes / 2);
    put(&mut bytes, rows.len() as u64);
    texts::write(&mut bytes, rows.iter().map(|row| row.key.as_str()));
    let mut before = 0_u64;
    for row in rows {
        put_signed(&mut bytes, row.version.wrapping_sub(before).cast_signed());
        before = row.version;
    }
    bytes.extend(taken.iter().map(|taken| match taken {
        Taken { fields: Some(_), .. } => OF_FIELDS,
        Taken { row, fields: None } if row.body.is_some() => WHOLE,
        Taken { fields: None, .. } => DELETED,
    }));
    let of_fields: Vec<(&str, &[Field<'_>])> =
        taken.iter().filter_map(|taken| Some((taken.row.key.as_str(), taken.fields.as_deref()?))).collect();
    let numbers: Vec<u64> =
        of_fields.first().map_or_else(Vec::new, |(_, fields)| fields.iter().map(|f| f.number).collect());
    put(&mut bytes, numbers.len() as u64);
    for (at, number) in numbers.into_iter().enumerate() {
        put(&mut bytes, number);
        let values: Vec<(&str, &[u8])> =
            of_fields.iter().filter_map(|(key, fields)| Some((*key, fields.get(at)?.item))).collect();
        write_values(&mut bytes, &values);
    }
    for Taken { row, fields } in &taken {
        if let (Some(body), None) = (&row.body, fields) {
            put(&mut bytes, body.len() as u64);
            bytes.extend_from_slice(body);
        }
    }
    Some(bytes)
}

/// The first row that can be taken apart says which fields those of the page have.
fn take_apart<'r>(rows: &'r [RowChange]) -> Vec<Taken<'r>> {
    let mut shape: Option<Vec<u64>> = None;
    let mut take = |row: &'r RowChange| {
        let fields = row.body.as_ref().and_then(|body| fields_of(body)).filter(|fields| {
            let numbers = fields.iter().map(|field| field.number);
            match &shape {
                Some(shape) => numbers.eq(shape.iter().copied()),
                None => {
                    shape = Some(numbers.collect());
                    true
                }
            }
        });
        Taken { row, fields }
    };
    rows.iter().map(&mut take).collect()
}

/// The values of a field with their rows' keys, in the first kind that fits all of them.
fn write_values(bytes: &mut Vec<u8>, values: &[(&str, &[u8])]) {
    let Some((_, first)) = values.first() else { return };
    if values.iter().all(|(_, item)| item == first) {
        bytes.push(Kind::Constant as u8);
        put(bytes, first.len() as u64);
        bytes.extend_from_slice(first);
        return;
    }
    let as_texts: Option<Vec<&str>> = values.iter().map(|(_, item)| text_of(item)).collect();
    if let Some(all) = as_texts {
        return write_texts(bytes, values, &all);
    }
    let as_integers: Option<Vec<i64>> = values.iter().map(|(_, item)| integer_of(item)).collect();
    if let Some(all) = as_integers {
        bytes.push(Kind::Integers as u8);
        all.into_iter().for_each(|number| put_signed(bytes, number));
        return;
    }
    bytes.push(Kind::Items as u8);
    values.iter().for_each(|(_, item)| put(bytes, item.len() as u64));
    values.iter().for_each(|(_, item)| bytes.extend_from_slice(item));
}

fn write_texts(bytes: &mut Vec<u8>, values: &[(&str, &[u8])], all: &[&str]) {
    if values.iter().zip(all).all(|((key, _), text)| key == text) {
        bytes.push(Kind::Key as u8);
        return;
    }
    match places(all) {
        Some((different, places)) => {
            bytes.push(Kind::Dictionary as u8);
            put(bytes, different.len() as u64);
            texts::write(bytes, different.iter().copied());
            bytes.extend_from_slice(&places);
        }
        None => {
            bytes.push(Kind::Texts as u8);
            texts::write(bytes, all.iter().copied());
        }
    }
}

/// The different texts, and of each text its place among them; none where there are too many to be worth it.
fn places<'t>(all: &[&'t str]) -> Option<(Vec<&'t str>, Vec<u8>)> {
    let different_max = DICTIONARY_MAX.min(all.len() / 2);
    let mut different = Vec::new();
    let mut known: BTreeMap<&str, u8> = BTreeMap::new();
    let mut places = Vec::with_capacity(all.len());
    for text in all {
        let place = match known.get(text) {
            Some(place) => *place,
            None if different.len() >= different_max => return None,
            None => {
                let place = u8::try_from(different.len()).ok()?;
                known.insert(text, place);
                different.push(*text);
                place
            }
        };
        places.push(place);
    }
    Some((different, places))
}
