//! The arrays of a file as the parameters of a transformer: their names, and the order of their numbers.
//!
//! A file holds a matrix output by output, each with its inputs one behind the other; rows of a transformer are multiplied with [inputs, outputs].

use super::NoLanguageModel;
use crate::gguf::{Header, Stored};
use crate::transformer::parameters;
use glasses_contract::config::Model;
use std::collections::BTreeMap;

/// Outputs of a matrix that are turned at once, so that what is written lies together.
const OUTPUTS_AT_ONCE: usize = 16;

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

/// The numbers of some rows, one behind the other.
pub(super) fn rows(stored: &Stored, bytes: &[u8], rows: &[usize]) -> Vec<f32> {
    let (width, row_bytes) = (stored.extents[0], stored.row_bytes() as usize);
    let mut values = vec![0.0; rows.len() * width];
    for (&row, values) in rows.iter().zip(values.chunks_exact_mut(width)) {
        stored.of.read(bytes.get(row * row_bytes..).unwrap_or_default(), values);
    }
    values
}

/// The numbers of a matrix as [inputs, outputs]; of a vector as they are.
pub(super) fn transposed(stored: &Stored, bytes: &[u8]) -> Vec<f32> {
    let (inputs, outputs, row_bytes) = (stored.extents[0], stored.rows(), stored.row_bytes() as usize);
    let mut values = vec![0.0; inputs * outputs];
    let mut some = vec![0.0; inputs * OUTPUTS_AT_ONCE];
    for (at, bytes) in bytes.chunks(row_bytes * OUTPUTS_AT_ONCE).enumerate() {
        stored.of.read(bytes, &mut some);
        let (first, count) = (at * OUTPUTS_AT_ONCE, bytes.len() / row_bytes);
        for (input, values) in values.chunks_exact_mut(outputs).enumerate() {
            for (output, value) in values[first..first + count].iter_mut().enumerate() {
                *value = some[output * inputs + input];
            }
        }
    }
    values
}
