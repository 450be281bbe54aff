//! What a `config.json` says of its model.

use super::super::NoLanguageModel;
use super::super::document::{Document, Fields};
use glasses_contract::alphabet::Token;
use glasses_contract::config::Unembedding;
use glasses_contract::language_model::FileFormat;
use glasses_contract::{Sentence, sentence};
use serde_json::{Map, Value};

/// The family of models that is read.
const FAMILY: &str = "llama";
/// What stands where rotary positions are not stretched.
const NOT_STRETCHED: &str = "default";

/// Whether a value is the one that is read.
type IsUsual = fn(&Value) -> bool;

/// What would change what is computed, and may stand there in one way only, where it does.
const USUAL: [(&str, IsUsual); 9] = [
    ("rope_scaling", is_not_stretched),
    ("rope_parameters", is_not_stretched),
    ("partial_rotary_factor", |value| value.as_f64() == Some(1.0)),
    ("hidden_act", |value| value == "silu"),
    ("attention_bias", is_false),
    ("mlp_bias", is_false),
    ("sliding_window", |_| false),
    ("quantization_config", |_| false),
    ("num_local_experts", |value| value.as_u64() == Some(0)),
];

fn is_not_stretched(rotary: &Value) -> bool {
    let kind = ["rope_type", "type"].into_iter().find_map(|name| rotary.get(name));
    kind.and_then(Value::as_str) == Some(NOT_STRETCHED)
}

fn is_false(value: &Value) -> bool {
    value.as_bool() == Some(false)
}

/// The object that the file holds.
pub(super) struct Config(pub Map<String, Value>);

impl Config {
    /// A value that says something: what is null says as much as what is missing.
    fn get(&self, field: &str) -> Option<&Value> {
        // `rope_parameters` is where newer files have what older ones say outside of it.
        let within = || self.0.get("rope_parameters").and_then(|parameters| parameters.get(field));
        self.0.get(field).or_else(within).filter(|value| !value.is_null())
    }

    /// Other families, and what changes what is computed.
    pub fn refuse_what_is_not_read(&self) -> Result<(), NoLanguageModel> {
        let family = self.get("model_type").and_then(Value::as_str).unwrap_or_default();
        if family != FAMILY {
            return Err(NoLanguageModel::Family(family.into()));
        }
        let is_other = |(field, is_usual): &&(&str, IsUsual)| self.get(field).is_some_and(|value| !is_usual(value));
        match USUAL.iter().find(is_other) {
            Some((field, _)) => {
                let found = self.get(field).map(Value::to_string).unwrap_or_default();
                Err(NoLanguageModel::NotReadSo { field: (*field).into(), found })
            }
            None => Ok(()),
        }
    }

    /// Whether tokens are scored with the embedding.
    pub fn unembedding(&self) -> Result<Unembedding, NoLanguageModel> {
        match self.get("tie_word_embeddings") {
            None => Ok(Unembedding::Own),
            Some(Value::Bool(tied)) => Ok(if *tied { Unembedding::Tied } else { Unembedding::Own }),
            Some(other) => Err(wrong("tie_word_embeddings", other, sentence!("yes or no"))),
        }
    }

    /// Tokens by their numbers: one, several, or none.
    pub fn tokens(&self, field: &str) -> Result<Vec<Token>, NoLanguageModel> {
        let Some(value) = self.get(field) else { return Ok(Vec::new()) };
        let one = |value: &Value| value.as_u64().and_then(|id| u32::try_from(id).ok()).map(Token);
        let several = value.as_array().map_or_else(|| one(value).map(|id| vec![id]), |ids| ids.iter().map(one).collect());
        several.ok_or_else(|| wrong(field, value, sentence!("a whole number from zero up")))
    }
}

fn wrong(field: &str, found: &Value, expected: Sentence) -> NoLanguageModel {
    NoLanguageModel::Number { format: FileFormat::Hub, field: field.into(), found: found.to_string(), expected }
}

impl Document for Config {
    const FIELDS: Fields = Fields {
        layers: "num_hidden_layers",
        width: "hidden_size",
        heads: "num_attention_heads",
        key_value_heads: "num_key_value_heads",
        hidden_width: "intermediate_size",
        head_widths: &["head_dim"],
        vocabulary: "vocab_size",
        rotary_base: "rope_theta",
        norm_epsilon: "rms_norm_eps",
    };

    fn whole(&self, field: &str) -> Result<Option<u64>, NoLanguageModel> {
        let of = |value: &Value| value.as_u64().ok_or_else(|| wrong(field, value, sentence!("a whole number from zero up")));
        self.get(field).map(of).transpose()
    }

    /// In single precision, in which models are made: a GGUF file of the same model holds this number, too.
    fn number(&self, field: &str) -> Result<Option<f64>, NoLanguageModel> {
        let of = |value: &Value| {
            let single = value.as_f64().map(|number| number as f32).filter(|number| number.is_finite());
            single.map(f64::from).ok_or_else(|| wrong(field, value, sentence!("a finite number")))
        };
        self.get(field).map(of).transpose()
    }
}
