//! The configuration of a transformer, from what a document says of it.

use super::document::Document;
use super::{NoLanguageModel, arrays};
use crate::stored_array::StoredArray;
use crate::tokenizer::{Bpe, Tokenizer};
use glasses_contract::config::{Activation, Architecture, Model, Norm, Position, RotaryPairs, Unembedding};
use glasses_contract::language_model::FileFormat;
use glasses_contract::{Sentence, sentence};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The base of rotary positions where a document says none.
const ROTARY_BASE: f64 = 10_000.0;
const LAYERS: RangeInclusive<u64> = 1..=128;
const WIDTH: RangeInclusive<u64> = 2..=8192;
const HEADS: RangeInclusive<u64> = 1..=128;
const HIDDEN: RangeInclusive<u64> = 1..=32_768;
const VOCABULARY: RangeInclusive<u64> = 1..=1 << 20;

/// The configuration of the transformer whose document and arrays these are.
pub(super) fn model<D: Document>(
    document: &D,
    format: FileFormat,
    arrays: &BTreeMap<String, StoredArray>,
    unembedding: Unembedding,
) -> Result<Model, NoLanguageModel> {
    let fields = D::FIELDS;
    let numbers = Numbers { document, format };
    let layers = numbers.whole(fields.layers, LAYERS)?;
    let width = numbers.whole(fields.width, WIDTH)?;
    let heads = numbers.whole(fields.heads, HEADS)?;
    let key_value_heads = match document.whole(fields.key_value_heads)? {
        Some(_) => numbers.whole(fields.key_value_heads, HEADS)?,
        None => heads,
    };
    if width % (2 * heads) != 0 {
        return Err(number(format, fields.heads, heads, sentence!("a number of heads that splits the width {} into pairs", width)));
    }
    if heads % key_value_heads != 0 {
        return Err(number(format, fields.key_value_heads, key_value_heads, sentence!("a divisor of the {} heads", heads)));
    }
    let head_width = (width / heads) as u64;
    for field in fields.head_widths {
        if let Some(found) = document.whole(field)?.filter(|&found| found != head_width) {
            return Err(number(format, field, found, sentence!("the width of a head, {}", head_width)));
        }
    }
    let architecture = Architecture {
        vocabulary: numbers.vocabulary(fields.vocabulary, arrays)?,
        key_value_heads: Some(key_value_heads),
        hidden_width: Some(numbers.whole(fields.hidden_width, HIDDEN)?),
        activation: Activation::SwiGlu,
        unembedding,
        // Where a file has the rows of queries and keys for halves, they are read in the order for adjacent pairs (`arrays::order`).
        rotary_pairs: RotaryPairs::Adjacent,
        rotary_base: numbers.positive(fields.rotary_base)?.unwrap_or(ROTARY_BASE),
        norm_epsilon: numbers
            .positive(fields.norm_epsilon)?
            .ok_or_else(|| NoLanguageModel::Missing { format, field: fields.norm_epsilon.into() })?,
    };
    Ok(Model { layers, heads, width, norm: Norm::Rms, position: Position::Rotary, architecture, ..Model::default() })
}

/// A tokenizer has a token for each row of the embedding, and no other.
pub(super) fn refuse_another_vocabulary(
    tokenizer: &Bpe,
    model: &Model,
    format: FileFormat,
    field: &'static str,
) -> Result<(), NoLanguageModel> {
    let rows = model.architecture.vocabulary;
    if tokenizer.size() == rows {
        return Ok(());
    }
    let embedding = arrays::name(format, "embed.weight").unwrap_or_default();
    Err(number(format, field, tokenizer.size(), sentence!("as many tokens as “{}” has rows, {}", embedding, rows)))
}

struct Numbers<'a, D> {
    document: &'a D,
    format: FileFormat,
}

impl<D: Document> Numbers<'_, D> {
    /// The rows of the embedding: the document may say it too, and then must not say another number.
    fn vocabulary(&self, field: &str, arrays: &BTreeMap<String, StoredArray>) -> Result<usize, NoLanguageModel> {
        let name = arrays::name(self.format, "embed.weight").unwrap_or_default();
        let embedding = arrays.get(&name).ok_or_else(|| NoLanguageModel::Lacks(name.clone()))?;
        let rows = embedding.rows() as u64;
        let said = self.document.whole(field)?.unwrap_or(rows);
        if said != rows || !VOCABULARY.contains(&rows) {
            let expected = sentence!("the number of rows of “{}”, {}, at most {}", name, rows, *VOCABULARY.end());
            return Err(number(self.format, field, said, expected));
        }
        Ok(rows as usize)
    }

    fn whole(&self, field: &str, range: RangeInclusive<u64>) -> Result<usize, NoLanguageModel> {
        let missing = || NoLanguageModel::Missing { format: self.format, field: field.into() };
        let found = self.document.whole(field)?.ok_or_else(missing)?;
        if range.contains(&found) {
            return Ok(found as usize);
        }
        Err(number(self.format, field, found, sentence!("a number from {} to {}", *range.start(), *range.end())))
    }

    fn positive(&self, field: &str) -> Result<Option<f64>, NoLanguageModel> {
        match self.document.number(field)? {
            Some(found) if found <= 0.0 => Err(number(self.format, field, found, sentence!("a number above zero"))),
            found => Ok(found),
        }
    }
}

fn number(format: FileFormat, field: &str, found: impl ToString, expected: Sentence) -> NoLanguageModel {
    NoLanguageModel::Number { format, field: field.into(), found: found.to_string(), expected }
}
