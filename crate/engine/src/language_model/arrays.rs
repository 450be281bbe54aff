//! The arrays of a file as the parameters of a transformer: their names, and the order of their numbers.
//!
//! Every file holds a matrix output by output, each with its inputs one behind the other.

use super::NoLanguageModel;
use crate::precision::Grid;
use crate::stored_array::StoredArray;
use crate::transformer::parameters;
use glasses_contract::config::Model;
use glasses_contract::language_model::FileFormat;
use std::collections::BTreeMap;

/// Names of the arrays that there are once: of the parameter, in a GGUF file, in a hub's.
const ONCE: [(&str, &str, &str); 3] = [
    ("embed.weight", "token_embd.weight", "model.embed_tokens.weight"),
    ("unembed.weight", "output.weight", "lm_head.weight"),
    ("final_norm.gain", "output_norm.weight", "model.norm.weight"),
];

/// The same of those that each layer has.
const OF_A_LAYER: [(&str, &str, &str); 9] = [
    ("attention_norm.gain", "attn_norm", "input_layernorm"),
    ("attention.query.weight", "attn_q", "self_attn.q_proj"),
    ("attention.key.weight", "attn_k", "self_attn.k_proj"),
    ("attention.value.weight", "attn_v", "self_attn.v_proj"),
    ("attention.output.weight", "attn_output", "self_attn.o_proj"),
    ("feed_forward_norm.gain", "ffn_norm", "post_attention_layernorm"),
    ("feed_forward.gate.weight", "ffn_gate", "mlp.gate_proj"),
    ("feed_forward.up.weight", "ffn_up", "mlp.up_proj"),
    ("feed_forward.down.weight", "ffn_down", "mlp.down_proj"),
];

/// The name in a file of the parameter with this name.
pub(super) fn name(format: FileFormat, parameter: &str) -> Option<String> {
    let row = |rows: &'static [(&str, &str, &str)], of: &str| {
        let (_, gguf, hub) = rows.iter().find(|(known, ..)| *known == of)?;
        Some(match format {
            FileFormat::Gguf => *gguf,
            FileFormat::Hub => *hub,
        })
    };
    let Some((layer, of_layer)) = parameter.strip_prefix("layers.").and_then(|behind| behind.split_once('.')) else {
        return row(&ONCE, parameter).map(String::from);
    };
    let array = row(&OF_A_LAYER, of_layer)?;
    Some(match format {
        FileFormat::Gguf => format!("blk.{layer}.{array}.weight"),
        FileFormat::Hub => format!("model.layers.{layer}.{array}.weight"),
    })
}

/// In which order a file holds the outputs of a matrix.
pub(super) enum RowOrder {
    /// In that of the transformer.
    AsWanted,
    /// Of each head all first members of the pairs that turn together, and then all second ones.
    Halves { head_width: usize },
}

/// The order of a parameter's outputs: of queries and keys a hub's file has the pairs i and i + c/2 of a head with c coordinates, a GGUF file 2i and
/// 2i + 1. Both are read for the latter, so that one model in two files has the same products in the same order.
pub(super) fn order(format: FileFormat, parameter: &str, head_width: usize) -> RowOrder {
    let turns = parameter.ends_with("attention.query.weight") || parameter.ends_with("attention.key.weight");
    match format {
        FileFormat::Hub if turns => RowOrder::Halves { head_width },
        _ => RowOrder::AsWanted,
    }
}

/// The row in which [`RowOrder::Halves`] has an output.
pub(super) fn row_of_halves(output: usize, head_width: usize) -> usize {
    let (head, at) = (output / head_width, output % head_width);
    head * head_width + at / 2 + at % 2 * (head_width / 2)
}

/// Whether the arrays are those of the model: no other, none missing, each of its shape.
pub(super) fn fit(format: FileFormat, arrays: &BTreeMap<String, StoredArray>, model: &Model) -> Result<(), NoLanguageModel> {
    let mut expected = BTreeMap::new();
    for parameter in parameters(model) {
        // Of the embedding the file holds rows as the transformer does: it is looked up, and not multiplied with.
        let extents = if parameter.name == "embed.weight" { parameter.shape.iter().rev().copied().collect() } else { parameter.shape };
        let name = name(format, &parameter.name).ok_or_else(|| NoLanguageModel::Lacks(parameter.name.clone()))?;
        expected.insert(name, extents);
    }
    for (name, extents) in &expected {
        let stored = arrays.get(name).ok_or_else(|| NoLanguageModel::Lacks(name.clone()))?;
        if stored.extents != *extents {
            let (found, expected) = (stored.extents.clone(), extents.clone());
            return Err(NoLanguageModel::OtherShape { name: name.clone(), found, expected });
        }
    }
    let surplus = arrays.keys().find(|name| !expected.contains_key(*name));
    surplus.map_or(Ok(()), |name| Err(NoLanguageModel::Surplus(name.clone())))
}

/// The bytes of a row of a file's array: of a matrix an output with its inputs, and a vector is one row.
pub(super) fn row<'a>(stored: &StoredArray, file: &'a [u8], row: usize) -> &'a [u8] {
    let bytes = stored.row_bytes() as usize;
    stored.in_file(file).get(row * bytes..(row + 1) * bytes).unwrap_or_default()
}

/// Reads a row, rounded to the numbers of a grid.
pub(super) fn read(stored: &StoredArray, file: &[u8], at: usize, grid: Option<Grid>, values: &mut [f32]) {
    stored.of.read(row(stored, file, at), values);
    if let Some(grid) = grid {
        values.iter_mut().for_each(|value| *value = grid.round(*value));
    }
}
