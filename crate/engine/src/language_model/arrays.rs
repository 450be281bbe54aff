//! The arrays of a file as the parameters of a transformer: their names, and the order of their numbers.
//!
//! A file holds a matrix output by output, each with its inputs one behind the other.

use super::NoLanguageModel;
use crate::gguf::{Header, Stored};
use crate::precision::Grid;
use crate::transformer::parameters;
use glasses_contract::config::Model;
use std::collections::BTreeMap;
use std::ops::Range;

/// The name in a file of the parameter with this name.
pub(super) fn name(parameter: &str) -> Option<String> {
    let around = match parameter {
        "embed.weight" => "token_embd.weight",
        "unembed.weight" => "output.weight",
        "final_norm.gain" => "output_norm.weight",
        _ => {
            let (layer, of_block) = parameter.strip_prefix("layers.")?.split_once('.')?;
            let array = match of_block {
                "attention_norm.gain" => "attn_norm",
                "attention.query.weight" => "attn_q",
                "attention.key.weight" => "attn_k",
                "attention.value.weight" => "attn_v",
                "attention.output.weight" => "attn_output",
                "feed_forward_norm.gain" => "ffn_norm",
                "feed_forward.gate.weight" => "ffn_gate",
                "feed_forward.up.weight" => "ffn_up",
                "feed_forward.down.weight" => "ffn_down",
                _ => return None,
            };
            return Some(format!("blk.{layer}.{array}.weight"));
        }
    };
    Some(around.into())
}

/// Whether the arrays are those of the model: no other, none missing, each of its shape.
pub(super) fn fit(header: &Header, model: &Model) -> Result<(), NoLanguageModel> {
    let mut expected = BTreeMap::new();
    for parameter in parameters(model) {
        // Of the embedding the file holds rows as the transformer does: it is looked up, and not multiplied with.
        let extents = if parameter.name == "embed.weight" { parameter.shape.iter().rev().copied().collect() } else { parameter.shape };
        let name = name(&parameter.name).ok_or_else(|| NoLanguageModel::Lacks(parameter.name.clone()))?;
        expected.insert(name, extents);
    }
    for (name, extents) in &expected {
        let stored = header.arrays.get(name).ok_or_else(|| NoLanguageModel::Lacks(name.clone()))?;
        if stored.extents != *extents {
            let (found, expected) = (stored.extents.clone(), extents.clone());
            return Err(NoLanguageModel::OtherShape { name: name.clone(), found, expected });
        }
    }
    let surplus = header.arrays.keys().find(|name| !expected.contains_key(*name));
    surplus.map_or(Ok(()), |name| Err(NoLanguageModel::Surplus(name.clone())))
}

/// Reads some rows of a file's array, one behind the other, rounded to the numbers of a grid: of a matrix a row is an output with its inputs, and a
/// vector is one row.
pub(super) fn read(stored: &Stored, file: &[u8], rows: Range<usize>, grid: Option<Grid>, values: &mut [f32]) {
    let row_bytes = stored.row_bytes() as usize;
    let bytes = stored.in_file(file).get(rows.start * row_bytes..rows.end * row_bytes);
    stored.of.read(bytes.unwrap_or_default(), values);
    if let Some(grid) = grid {
        values.iter_mut().for_each(|value| *value = grid.round(*value));
    }
}
