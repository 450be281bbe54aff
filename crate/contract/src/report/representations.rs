//! The last tokens' representations themselves, at every n, for whoever computes on with them.

use super::Stage;
use crate::config::Model;
use serde::{Deserialize, Serialize};

/// The representations of both sequences' last tokens. All that is computed is f32, and no number is rounded here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LastTokenRepresentations {
    /// The values of n, ascending: those at which both sequences can be read, of a language model some of them. The configuration's own n alone, where neither depends on it.
    pub n: Vec<usize>,
    /// The residual stream at each [`Stage`] and after the last norm: \[n, sequence, stage, width\] in row-major order; A is sequence 0.
    pub stages: Vec<f32>,
    /// What each head gathers, Σ_j α_j v_j, before the output projection: \[n, sequence, layer, head, head width\].
    pub heads: Vec<f32>,
}

impl LastTokenRepresentations {
    /// The shapes of stages and of heads.
    pub fn shapes(&self, model: &Model) -> [Vec<usize>; 2] {
        let count = self.n.len();
        let stages = Stage::all(model.layers).len();
        [vec![count, 2, stages, model.width], vec![count, 2, model.layers, model.heads, model.head_width()]]
    }
}
