//! A language model in a GGUF file.

use super::document::{Contents, Document, Fields};
use super::{NoLanguageModel, arrays, shape};
use crate::gguf::Header;
use crate::tokenizer::of_gguf;
use glasses_contract::config::Unembedding;
use glasses_contract::language_model::FileFormat;

/// The family of models that is read.
const FAMILY: &str = "llama";

impl Document for Header {
    const FIELDS: Fields = Fields {
        layers: "llama.block_count",
        width: "llama.embedding_length",
        heads: "llama.attention.head_count",
        key_value_heads: "llama.attention.head_count_kv",
        hidden_width: "llama.feed_forward_length",
        head_widths: &["llama.rope.dimension_count", "llama.attention.key_length", "llama.attention.value_length"],
        vocabulary: "llama.vocab_size",
        rotary_base: "llama.rope.freq_base",
        norm_epsilon: "llama.attention.layer_norm_rms_epsilon",
    };

    fn whole(&self, field: &str) -> Result<Option<u64>, NoLanguageModel> {
        Ok(Self::whole(self, field)?)
    }

    fn number(&self, field: &str) -> Result<Option<f64>, NoLanguageModel> {
        Ok(Self::number(self, field)?)
    }
}

/// Reads the first part of a file of `size` bytes.
pub(super) fn read(part: &[u8], size: u64) -> Result<Contents, NoLanguageModel> {
    let header = Header::read(part, size)?;
    let family = header.text("general.architecture")?.unwrap_or_default();
    if family != FAMILY {
        return Err(NoLanguageModel::Family(family.into()));
    }
    refuse_what_is_not_read(&header)?;
    let unembedding = if header.arrays.contains_key("output.weight") { Unembedding::Own } else { Unembedding::Tied };
    let model = shape::model(&header, FileFormat::Gguf, &header.arrays, unembedding)?;
    arrays::fit(FileFormat::Gguf, &header.arrays, &model)?;
    let tokenizer = of_gguf::read(&header, part)?;
    shape::refuse_another_vocabulary(&tokenizer, &model, FileFormat::Gguf, "tokenizer.ggml.tokens")?;
    let said = |entry| header.text(entry).ok().flatten().unwrap_or_default().to_owned();
    let (name, licence) = (said("general.name"), said("general.license"));
    Ok(Contents { format: FileFormat::Gguf, start: header.start, arrays: header.arrays, model, tokenizer, name, licence })
}

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
