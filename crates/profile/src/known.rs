//! Lists from a newer peer: what this build does not know yet is passed over, the rest is read.

use minicbor::decode::{Decode, Decoder, Error};

/// Decodes an array without the elements that this build can't read, such as tables of a later version.
/// Without this, one new table would keep older registers from talking to the store server at all.
///
/// # Errors
/// [`Error`] when the bytes are not an array of whole CBOR items.
pub fn decode_known<'b, C, T: Decode<'b, C>>(d: &mut Decoder<'b>, context: &mut C) -> Result<Vec<T>, Error> {
    let bytes = d.input();
    let mut known = Vec::new();
    let mut left = d.array()?;
    loop {
        match left {
            Some(0) => return Ok(known),
            Some(_) => left = left.map(|count| count - 1),
            None if d.datatype()? == minicbor::data::Type::Break => {
                d.skip()?;
                return Ok(known);
            }
            None => {}
        }
        let start = d.position();
        d.skip()?;
        let element = bytes.get(start..d.position()).unwrap_or_default();
        if let Ok(value) = Decoder::new(element).decode_with(context) {
            known.push(value);
        }
    }
}

/// Decodes a value, or takes its default where this build can't read it, such as a setting of a later version.
/// A register then goes on with what it knows rather than without a profile.
///
/// # Errors
/// [`Error`] when the bytes are not a whole CBOR item.
pub fn decode_known_or_default<'b, C, T: Decode<'b, C> + Default>(
    d: &mut Decoder<'b>,
    context: &mut C,
) -> Result<T, Error> {
    let bytes = d.input();
    let start = d.position();
    d.skip()?;
    let item = bytes.get(start..d.position()).unwrap_or_default();
    Ok(Decoder::new(item).decode_with(context).unwrap_or_default())
}

/// Whether a setting has its default and needs not be encoded: then the bytes are those of the versions before it.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
