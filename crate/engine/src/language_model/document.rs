//! What is read of a file before its numbers, and the names under which a document says what its model is.

use super::NoLanguageModel;
use crate::stored_array::StoredArray;
use crate::tokenizer::Bpe;
use glasses_contract::config::Model;
use glasses_contract::language_model::FileFormat;
use std::collections::BTreeMap;

/// All that a file says in front of its numbers.
pub(super) struct Contents {
    pub format: FileFormat,
    pub arrays: BTreeMap<String, StoredArray>,
    /// Where the numbers begin.
    pub start: u64,
    pub model: Model,
    pub tokenizer: Bpe,
    /// What the model is called; empty where the file does not say it.
    pub name: String,
    /// Its licence, likewise.
    pub licence: String,
}

/// What says in names and numbers what a model is.
pub(super) trait Document {
    /// The names of what every model must say or may say.
    const FIELDS: Fields;

    /// A whole number, not below zero; none where it is missing.
    ///
    /// # Errors
    /// If it is something else.
    fn whole(&self, field: &str) -> Result<Option<u64>, NoLanguageModel>;

    /// A finite number; none where it is missing.
    ///
    /// # Errors
    /// If it is something else.
    fn number(&self, field: &str) -> Result<Option<f64>, NoLanguageModel>;
}

/// Names in a document.
pub(super) struct Fields {
    pub layers: &'static str,
    pub width: &'static str,
    pub heads: &'static str,
    pub key_value_heads: &'static str,
    pub hidden_width: &'static str,
    /// Each says how wide a head is, where it is there.
    pub head_widths: &'static [&'static str],
    pub vocabulary: &'static str,
    pub rotary_base: &'static str,
    pub norm_epsilon: &'static str,
}
