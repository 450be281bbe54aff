//! JSON from elsewhere: a name that stands twice in one object is refused, at any depth, where serde's maps would keep the last.

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

/// Why a text is no JSON object.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is no JSON, or another kind of it.
    Json(String),
    /// A name stands twice in one object.
    Twice(String),
}

/// Reads one JSON object.
pub fn object(text: &[u8]) -> Result<Map<String, Value>, Fault> {
    let twice = RefCell::new(None);
    let mut json = serde_json::Deserializer::from_slice(text);
    let checked = Unique(&twice).deserialize(&mut json).and_then(|()| json.end());
    if let Some(name) = twice.take() {
        return Err(Fault::Twice(name));
    }
    checked.and_then(|()| serde_json::from_slice(text)).map_err(|error| Fault::Json(error.to_string()))
}

/// Walks through a value and keeps nothing but the first name that it meets twice.
struct Unique<'a>(&'a RefCell<Option<String>>);

impl<'de> DeserializeSeed<'de> for Unique<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if !names.insert(name.clone()) {
                self.0.replace(Some(name));
                return Err(A::Error::custom("a name stands twice"));
            }
            map.next_value_seed(Unique(self.0))?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Unique(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_stands_twice_is_found_at_any_depth() {
        for (text, name) in [
            (r#"{"a": 1, "a": 1}"#, "a"),
            (r#"{"x": {"a": 1, "b": 2, "a": 3}}"#, "a"),
            (r#"{"x": [1, {"y": [{"a": 1, "\u0061": 1}]}]}"#, "a"),
        ] {
            assert_eq!(object(text.as_bytes()), Err(Fault::Twice(name.into())), "{text}");
        }
        assert!(object(br#"{"a": {"a": [{"a": null}, {"a": -1.5e3}]}, "b": {"a": true}}  "#).is_ok());
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["", "{", "[]", "1", "{} {}", r#"{"a": 1e999}"#, "{\"a\": \"\u{1}\"}", &"[".repeat(1000)] {
            assert!(matches!(object(text.as_bytes()), Err(Fault::Json(_))), "{text}");
        }
        assert!(matches!(object(b"{\"a\": \"\xff\"}"), Err(Fault::Json(_))));
    }
}
