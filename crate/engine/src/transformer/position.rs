//! How a token's place enters the model. A scheme acts at three places at the most: it adds to the embedding, rotates
//! queries and keys, or adds a bias to the scores.

mod alibi;
mod learned;
mod rotary;
mod sinusoidal;

use super::loader::{Loader, MissingWeights};
use super::mask::QueryKeyPositions;
use super::parameter::Parameter;
use crate::device::TensorSpec;
use burn::tensor::Tensor;
use glasses_contract::config::{Model, Position};
use rotary::Rotation;
pub use sinusoidal::row as sinusoidal_row;

/// The base of the wavelengths of sinusoidal positions (Vaswani et al. 2017).
const BASE: f64 = 10_000.0;

/// What the scheme has.
pub(super) fn parameters(model: &Model) -> Option<Parameter> {
    (model.position == Position::Learned).then(|| learned::parameter(model))
}

/// A scheme with what of it belongs to the model. One member a file.
pub(super) enum Scheme {
    None,
    Sinusoidal,
    Learned {
        /// [places, width]
        table: Tensor<2>,
    },
    /// Rotary and p-RoPE: so many pairs of coordinates turn.
    Rotary {
        turning: usize,
    },
    Alibi {
        /// [1, maps of heads, 1, 1]
        slopes: Tensor<4>,
    },
}

impl Scheme {
    pub(super) fn new(model: &Model, loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        let pairs = model.head_width() / 2;
        Ok(match model.position {
            Position::None => Self::None,
            Position::Sinusoidal => Self::Sinusoidal,
            Position::Learned => Self::Learned { table: loader.tensor("position.weight")? },
            Position::Rotary => Self::Rotary { turning: pairs },
            Position::PRope => Self::Rotary { turning: rotary::turning(model.rotary_share, pairs) },
            Position::Alibi => Self::Alibi { slopes: alibi::slopes(model.heads, model.attention.maps(), loader.spec) },
        })
    }

    /// Whether it adds to scores.
    pub(super) fn biases_scores(&self) -> bool {
        matches!(self, Self::Alibi { .. })
    }
}

/// The places of a batch of rows, with the scheme's tables for them, made once a forward pass.
pub struct PositionTables<'a> {
    scheme: &'a Scheme,
    /// Row after row through the batch.
    places: Vec<usize>,
    /// One for each sequence, or one for all.
    batch: usize,
    rotation: Option<Rotation>,
    spec: &'a TensorSpec,
}

impl<'a> PositionTables<'a> {
    pub(super) fn new(scheme: &'a Scheme, model: &Model, starts: &[usize], rows: usize, spec: &'a TensorSpec) -> Self {
        let places: Vec<usize> = starts.iter().flat_map(|start| *start..start + rows).collect();
        let batch = starts.len();
        let rotation = match scheme {
            Scheme::Rotary { turning } => Some(Rotation::new(&places, batch, model, *turning, spec)),
            _ => None,
        };
        Self { scheme, places, batch, rotation, spec }
    }

    /// The embedding with the scheme's share, [batch, rows, width].
    pub(super) fn embed(&self, x: Tensor<3>) -> Tensor<3> {
        let [_, rows, width] = x.dims();
        match self.scheme {
            Scheme::Sinusoidal => x + sinusoidal::table(&self.places, self.batch, width, self.spec),
            Scheme::Learned { table } => {
                let added = table.clone().select(0, self.spec.indices(self.places.iter().copied()));
                x + added.reshape([self.batch, rows, width])
            }
            _ => x,
        }
    }

    /// Queries or keys, rotated where the scheme rotates, [batch, head, rows, head width].
    pub(super) fn rotate(&self, x: Tensor<4>) -> Tensor<4> {
        match &self.rotation {
            Some(rotation) => rotation.apply(x),
            None => x,
        }
    }

    /// The cotangents of queries or keys of the last rows from those of what the scheme made of them, [head, count, rows, head width].
    pub(super) fn rotate_vjp(&self, cotangent: Tensor<4>) -> Tensor<4> {
        match &self.rotation {
            Some(rotation) => rotation.vjp(cotangent),
            None => cotangent,
        }
    }

    /// What there is for the scores of one sequence, whose queries and keys are rotated.
    pub(super) fn of_scores(&self, sequence: usize) -> Self {
        let rows = self.places.len() / self.batch.max(1);
        let places = self.places.iter().skip(sequence * rows).take(rows).copied().collect();
        Self { scheme: self.scheme, places, batch: 1, rotation: None, spec: self.spec }
    }

    /// Whether all sequences begin at this place.
    pub(super) fn begins_at(&self, place: usize) -> bool {
        self.batch == 1 && self.places.first() == Some(&place)
    }

    /// Whether the scheme adds to scores.
    pub(super) fn biases_scores(&self) -> bool {
        self.scheme.biases_scores()
    }

    /// What the scheme adds to the scores of a view's queries, [batch or 1, head, rows, keys].
    pub(super) fn bias(&self, view: &QueryKeyPositions) -> Option<Tensor<4>> {
        match self.scheme {
            Scheme::Alibi { slopes } => Some(alibi::bias(slopes, view.distances())),
            _ => None,
        }
    }
}
