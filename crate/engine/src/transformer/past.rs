//! What rows follow: keys and values of the tokens before them.

use burn::tensor::Tensor;

/// A layer's part of the KV cache, keys (rotated) and values of tokens: keys [1, maps · head, tokens, head width], values [1, head, tokens, head width].
#[derive(Clone)]
pub struct LayerKv {
    /// The keys.
    pub keys: Tensor<4>,
    /// The values.
    pub values: Tensor<4>,
}

/// The KV cache: for each block, the keys and values of tokens that came before, which is all that later rows need to know of them.
pub type KvCache = Vec<LayerKv>;

/// What rows follow.
#[derive(Clone, Copy)]
pub enum Past<'a> {
    /// Nothing.
    None,
    /// One KV cache for all sequences, of which each sees what comes before its start.
    Shared(&'a KvCache),
    /// A KV cache of its own for each sequence, as long as what comes before its start.
    Each(&'a [&'a KvCache]),
}

impl<'a> From<Option<&'a KvCache>> for Past<'a> {
    fn from(cache: Option<&'a KvCache>) -> Self {
        cache.map_or(Self::None, Self::Shared)
    }
}

impl Past<'_> {
    /// The number of tokens before the rows of a sequence.
    pub(super) fn tokens(&self, sequence: usize) -> usize {
        let length = |cache: &KvCache| cache.first().map_or(0, |layer| layer.keys.dims()[2]);
        match self {
            Self::None => 0,
            Self::Shared(cache) => length(cache),
            Self::Each(caches) => caches.get(sequence).map_or(0, |cache| length(cache)),
        }
    }
}
