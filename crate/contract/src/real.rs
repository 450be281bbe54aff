//! Numbers that may be infinite or no number at all, written so that JSON keeps them.
//!
//! JSON has no NaN and no infinity; serde_json would turn them into `null`. Human-readable formats get the strings
//! "NaN", "Infinity" and "-Infinity" instead, binary formats the plain eight bytes.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    match (serializer.is_human_readable(), value.is_finite()) {
        (true, false) => serializer.serialize_str(name(*value)),
        _ => serializer.serialize_f64(*value),
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    if !deserializer.is_human_readable() {
        return f64::deserialize(deserializer);
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(f64),
        Name(String),
    }
    match Written::deserialize(deserializer)? {
        Written::Number(value) => Ok(value),
        Written::Name(word) => [f64::NAN, f64::INFINITY, f64::NEG_INFINITY]
            .into_iter()
            .find(|&value| name(value) == word)
            .ok_or_else(|| serde::de::Error::custom(format!("“{word}” is not a number"))),
    }
}

/// How a number that is not finite is written wherever programs read it.
pub fn name(value: f64) -> &'static str {
    if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

/// The same for a list of numbers: `#[serde(with = "crate::real::list")]`.
pub(crate) mod list {
    use super::*;
    use serde::ser::SerializeSeq;

    #[derive(Serialize, Deserialize)]
    struct Real(#[serde(with = "super")] f64);

    pub(crate) fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(values.len()))?;
        for &value in values {
            list.serialize_element(&Real(value))?;
        }
        list.end()
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        Ok(Vec::<Real>::deserialize(deserializer)?.into_iter().map(|Real(value)| value).collect())
    }
}

/// The same for a list in which some are absent: `#[serde(with = "crate::real::sparse")]`.
pub(crate) mod sparse {
    use super::*;
    use serde::ser::SerializeSeq;

    #[derive(Serialize, Deserialize)]
    struct Real(#[serde(with = "super")] f64);

    pub(crate) fn serialize<S: Serializer>(values: &[Option<f64>], serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(values.len()))?;
        for value in values {
            list.serialize_element(&value.map(Real))?;
        }
        list.end()
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Option<f64>>, D::Error> {
        Ok(Vec::<Option<Real>>::deserialize(deserializer)?.into_iter().map(|value| value.map(|Real(value)| value)).collect())
    }
}
