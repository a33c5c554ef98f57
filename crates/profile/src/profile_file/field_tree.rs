//! The fields of a text and nothing else: which names it has where, whatever the values.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

/// The names in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FieldTree {
    /// No value.
    Nothing,
    /// A value without names.
    Value,
    /// A list.
    List(Vec<FieldTree>),
    /// Named fields.
    Fields(BTreeMap<String, FieldTree>),
}

impl FieldTree {
    /// Paths of the fields that `other` has not. A field without a value says nothing and isn't counted.
    pub(super) fn fields_not_in(&self, other: &FieldTree) -> Vec<String> {
        let mut paths = Vec::new();
        self.compare(other, "", &mut paths);
        paths
    }

    fn compare(&self, other: &FieldTree, path: &str, paths: &mut Vec<String>) {
        match (self, other) {
            (FieldTree::Fields(fields), FieldTree::Fields(others)) => {
                for (name, field) in fields {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    match others.get(name) {
                        Some(other) => field.compare(other, &path, paths),
                        None if *field == FieldTree::Nothing => {}
                        None => paths.push(path),
                    }
                }
            }
            (FieldTree::List(items), FieldTree::List(others)) => {
                for (index, (item, other)) in items.iter().zip(others).enumerate() {
                    item.compare(other, &format!("{path}[{index}]"), paths);
                }
            }
            (
                FieldTree::Nothing | FieldTree::Value | FieldTree::List(_) | FieldTree::Fields(_),
                FieldTree::Nothing | FieldTree::Value | FieldTree::List(_) | FieldTree::Fields(_),
            ) => {}
        }
    }
}

impl<'de> Deserialize<'de> for FieldTree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<FieldTree, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = FieldTree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<FieldTree, E> {
        Ok(FieldTree::Value)
    }

    fn visit_i64<E>(self, _: i64) -> Result<FieldTree, E> {
        Ok(FieldTree::Value)
    }

    fn visit_u64<E>(self, _: u64) -> Result<FieldTree, E> {
        Ok(FieldTree::Value)
    }

    fn visit_f64<E>(self, _: f64) -> Result<FieldTree, E> {
        Ok(FieldTree::Value)
    }

    fn visit_str<E>(self, _: &str) -> Result<FieldTree, E> {
        Ok(FieldTree::Value)
    }

    fn visit_unit<E>(self) -> Result<FieldTree, E> {
        Ok(FieldTree::Nothing)
    }

    fn visit_none<E>(self) -> Result<FieldTree, E> {
        Ok(FieldTree::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<FieldTree, D::Error> {
        FieldTree::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<FieldTree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(FieldTree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<FieldTree, A::Error> {
        let mut fields = BTreeMap::new();
        while let Some((name, field)) = entries.next_entry()? {
            fields.insert(name, field);
        }
        Ok(FieldTree::Fields(fields))
    }
}
