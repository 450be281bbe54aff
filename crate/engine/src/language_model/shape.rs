//! What a file's header says of its model.

use super::NoLanguageModel;
use crate::gguf::Header;
use glasses_contract::config::{Activation, Architecture, Model, Norm, Position, RotaryPairs, Unembedding};
use glasses_contract::{Sentence, sentence};
use std::ops::RangeInclusive;

/// The family of models that is read.
const FAMILY: &str = "llama";
/// The base of rotary positions where the header says none.
const ROTARY_BASE: f64 = 10_000.0;
const LAYERS: RangeInclusive<u64> = 1..=128;
const WIDTH: RangeInclusive<u64> = 2..=8192;
const HEADS: RangeInclusive<u64> = 1..=128;
const HIDDEN: RangeInclusive<u64> = 1..=32_768;
const VOCABULARY: RangeInclusive<u64> = 1..=1 << 20;

/// The configuration of the transformer.
pub(super) fn model(header: &Header) -> Result<Model, NoLanguageModel> {
    let family = header.text("general.architecture")?.unwrap_or_default();
    if family != FAMILY {
        return Err(NoLanguageModel::Family(family.into()));
    }
    refuse_what_is_not_read(header)?;
    let layers = whole(header, "llama.block_count", LAYERS)?;
    let width = whole(header, "llama.embedding_length", WIDTH)?;
    let heads = whole(header, "llama.attention.head_count", HEADS)?;
    let key_value_heads = match header.whole("llama.attention.head_count_kv")? {
        Some(_) => whole(header, "llama.attention.head_count_kv", HEADS)?,
        None => heads,
    };
    if width % (2 * heads) != 0 {
        return Err(number("llama.attention.head_count", heads, sentence!("a number of heads that splits the width {} into pairs", width)));
    }
    if heads % key_value_heads != 0 {
        return Err(number("llama.attention.head_count_kv", key_value_heads, sentence!("a divisor of the {} heads", heads)));
    }
    let head_width = (width / heads) as u64;
    for field in ["llama.rope.dimension_count", "llama.attention.key_length", "llama.attention.value_length"] {
        if let Some(found) = header.whole(field)?.filter(|&found| found != head_width) {
            return Err(number(field, found, sentence!("the width of a head, {}", head_width)));
        }
    }
    let architecture = Architecture {
        vocabulary: vocabulary(header)?,
        key_value_heads: Some(key_value_heads),
        hidden_width: Some(whole(header, "llama.feed_forward_length", HIDDEN)?),
        activation: Activation::SwiGlu,
        unembedding: if header.arrays.contains_key("output.weight") { Unembedding::Own } else { Unembedding::Tied },
        rotary_pairs: RotaryPairs::Adjacent,
        rotary_base: positive(header, "llama.rope.freq_base")?.unwrap_or(ROTARY_BASE),
        norm_epsilon: positive(header, EPSILON)?.ok_or_else(|| NoLanguageModel::Missing(EPSILON.into()))?,
    };
    Ok(Model { layers, heads, width, norm: Norm::Rms, position: Position::Rotary, architecture, ..Model::default() })
}

const EPSILON: &str = "llama.attention.layer_norm_rms_epsilon";

/// Stretched positions and experts change what is computed.
fn refuse_what_is_not_read(header: &Header) -> Result<(), NoLanguageModel> {
    let stretched = header.text("llama.rope.scaling.type")?.filter(|found| *found != "none");
    if stretched.is_some() {
        return Err(NoLanguageModel::NotRead("llama.rope.scaling.type".into()));
    }
    if header.whole("llama.expert_count")?.is_some_and(|experts| experts > 0) {
        return Err(NoLanguageModel::NotRead("llama.expert_count".into()));
    }
    Ok(())
}

/// The rows of the embedding: the header may say it too, and then must not say another number.
fn vocabulary(header: &Header) -> Result<usize, NoLanguageModel> {
    let embedding = header.arrays.get("token_embd.weight").ok_or_else(|| NoLanguageModel::Lacks("token_embd.weight".into()))?;
    let rows = embedding.rows() as u64;
    let said = header.whole("llama.vocab_size")?.unwrap_or(rows);
    if said != rows || !VOCABULARY.contains(&rows) {
        return Err(number(
            "llama.vocab_size",
            said,
            sentence!("the number of rows of “token_embd.weight”, {}, at most {}", rows, *VOCABULARY.end()),
        ));
    }
    Ok(rows as usize)
}

fn whole(header: &Header, field: &str, range: RangeInclusive<u64>) -> Result<usize, NoLanguageModel> {
    let found = header.whole(field)?.ok_or_else(|| NoLanguageModel::Missing(field.into()))?;
    if range.contains(&found) {
        return Ok(found as usize);
    }
    Err(number(field, found, sentence!("a number from {} to {}", *range.start(), *range.end())))
}

fn positive(header: &Header, field: &str) -> Result<Option<f64>, NoLanguageModel> {
    match header.number(field)? {
        Some(found) if found <= 0.0 => Err(number(field, found, sentence!("a number above zero"))),
        found => Ok(found),
    }
}

fn number(field: &str, found: impl ToString, expected: Sentence) -> NoLanguageModel {
    NoLanguageModel::Number { field: field.into(), found: found.to_string(), expected }
}
