//! Made-up answers for the tests of whoever asks workers.

use glasses_contract::report::{AttentionMap, Distances, Pair, Reading, Stage, StageDistances};

/// A pair of sequences of one token, so far apart at the output.
pub fn pair(linf: f64) -> Pair {
    let map = AttentionMap { layer: 0, head: 0, first: 0, side: 1, weights: vec![1.0] };
    let reading = Reading {
        tokens: vec!["1".into()],
        next: vec![1.0],
        attention: map,
        sink_share: 0.0,
        sink_by_layer: vec![],
        sink_least_by_layer: vec![],
        sink_most_by_layer: vec![],
    };
    let stages = vec![StageDistances { stage: Stage::Output, distances: Distances { linf, ..Distances::default() } }];
    Pair { n: 1, a: reading.clone(), b: reading, stages, heads: vec![], identical_in: vec![], labels: vec![] }
}
