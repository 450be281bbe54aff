//! Keys and values of what was read, layer by layer, for rows that follow.

use crate::hook::Recorder;
use crate::transformer::{KvCache, LayerKv};
use burn::tensor::Tensor;
use glasses_contract::alphabet::Token;
use glasses_contract::site::Site;

/// Whether [`extended`] needs what passes here.
pub(super) fn is_kept(site: Site) -> bool {
    matches!(site, Site::Key(_) | Site::Value(_))
}

/// What was there before, if anything was, and behind it the keys and values of rows that followed, as they were recorded.
pub(super) fn extended(before: Option<&KvCache>, recorder: &Recorder<impl Fn(Site) -> bool>, layers: usize) -> KvCache {
    extended_by(0, before, recorder, layers)
}

/// The same of one sequence of several that were read together.
pub(super) fn extended_by(sequence: usize, before: Option<&KvCache>, recorder: &Recorder<impl Fn(Site) -> bool>, layers: usize) -> KvCache {
    let own = |site| Some(recorder.head_blocks(site).into_iter().next()?.narrow(0, sequence, 1));
    let both = |before: Option<&Tensor<4>>, own: Tensor<4>| match before {
        Some(before) => Tensor::cat(vec![before.clone(), own], 2),
        None => own,
    };
    let layer = |layer: usize| {
        let before = before.map(|cache| &cache[layer]);
        let (keys, values) = (own(Site::Key(layer))?, own(Site::Value(layer))?);
        Some(LayerKv { keys: both(before.map(|before| &before.keys), keys), values: both(before.map(|before| &before.values), values) })
    };
    (0..layers).filter_map(layer).collect()
}

/// The keys and values of the first tokens, so many.
pub(super) fn first(cache: &KvCache, tokens: usize) -> KvCache {
    let first = |x: &Tensor<4>| x.clone().narrow(2, 0, tokens);
    cache.iter().map(|layer| LayerKv { keys: first(&layer.keys), values: first(&layer.values) }).collect()
}

/// Tokens whose keys and values are there.
pub(super) fn length(cache: &KvCache) -> usize {
    cache.first().map_or(0, |layer| layer.keys.dims()[2])
}

/// How many tokens two sequences share from the start.
pub(super) fn shared(a: &[Token], b: &[Token]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}
