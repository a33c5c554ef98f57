//! CBOR without knowledge of the message, to compare what two versions write.

use minicbor::Decoder;
use minicbor::data::Type;

/// A CBOR item of the kinds that the wire protocol uses.
#[derive(Debug, PartialEq, Eq)]
pub enum Value {
    Map(Vec<(Value, Value)>),
    Array(Vec<Value>),
    /// Anything else, in its bytes.
    Plain(Vec<u8>),
}

/// Reads one item.
pub fn value(bytes: &[u8]) -> Value {
    read(&mut Decoder::new(bytes), bytes)
}

fn read(decoder: &mut Decoder<'_>, bytes: &[u8]) -> Value {
    let kind = decoder.datatype().expect("an item");
    if kind == Type::Map {
        let count = decoder.map().expect("a map").expect("a definite map");
        return Value::Map((0..count).map(|_| (read(decoder, bytes), read(decoder, bytes))).collect());
    }
    if kind == Type::Array {
        let count = decoder.array().expect("an array").expect("a definite array");
        return Value::Array((0..count).map(|_| read(decoder, bytes)).collect());
    }
    let start = decoder.position();
    decoder.skip().expect("an item");
    Value::Plain(bytes[start..decoder.position()].to_vec())
}

impl Value {
    /// Whether all of `older` is here; maps may have more keys and tuples more elements.
    pub fn holds(&self, older: &Value) -> bool {
        match (self, older) {
            (Value::Map(here), Value::Map(older)) => older
                .iter()
                .all(|(key, older)| here.iter().any(|(here_key, here)| here_key == key && here.holds(older))),
            (Value::Array(here), Value::Array(older)) => {
                here.len() >= older.len() && here.iter().zip(older).all(|(here, older)| here.holds(older))
            }
            (Value::Plain(here), Value::Plain(older)) => here == older,
            (Value::Map(_) | Value::Array(_) | Value::Plain(_), _) => false,
        }
    }
}
