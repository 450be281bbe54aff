//! How a token's place enters the model. A scheme acts at three places at the most: it adds to the embedding, rotates
//! queries and keys, or adds a bias to the scores.

mod alibi;
mod rotary;
mod sinusoidal;

use burn::tensor::{Device, Int, Tensor, TensorData};
use glasses_contract::config::{Model, Position};
use rotary::Rotation;

/// The base of the wavelengths of sinusoidal and rotary positions (Vaswani et al. 2017; Su et al. 2021).
const BASE: f64 = 10_000.0;

/// The places of a batch of rows, with the scheme's tables for them, made once a forward pass.
pub struct Places {
    /// The place of each row, [batch, 1, rows, 1].
    of_rows: Tensor<4>,
    /// How many places of its past each sequence sees, [batch, 1, 1, 1].
    starts: Tensor<4>,
    scheme: Scheme,
    device: Device,
}

/// A scheme with its tables. One member a file.
// A handful of these live at a time, and a box would be one more thing to follow.
#[allow(clippy::large_enum_variant)]
enum Scheme {
    None,
    Sinusoidal { added: Tensor<3> },
    Rotary(Rotation),
    Alibi { slopes: Tensor<4> },
}

impl Places {
    pub(super) fn new(model: &Model, starts: &[usize], rows: usize, device: &Device) -> Self {
        let places: Vec<usize> = starts.iter().flat_map(|start| *start..start + rows).collect();
        let scheme = match model.position {
            Position::None => Scheme::None,
            Position::Sinusoidal => Scheme::Sinusoidal { added: sinusoidal::table(&places, starts.len(), model.width, device) },
            Position::Rotary => Scheme::Rotary(Rotation::new(&places, starts.len(), model.head_width(), device)),
            Position::Alibi => Scheme::Alibi { slopes: alibi::slopes(model.heads, device) },
        };
        Self {
            of_rows: floats(places.iter().map(|&place| place as f32), [starts.len(), 1, rows, 1], device),
            starts: floats(starts.iter().map(|&start| start as f32), [starts.len(), 1, 1, 1], device),
            scheme,
            device: device.clone(),
        }
    }

    /// The embedding with the scheme's share, [batch, rows, width].
    pub(super) fn embed(&self, x: Tensor<3>) -> Tensor<3> {
        match &self.scheme {
            Scheme::Sinusoidal { added } => x + added.clone(),
            _ => x,
        }
    }

    /// Queries or keys, rotated where the scheme rotates, [batch, head, rows, head width].
    pub(super) fn rotate(&self, x: Tensor<4>) -> Tensor<4> {
        match &self.scheme {
            Scheme::Rotary(rotation) => rotation.apply(x),
            _ => x,
        }
    }

    /// What the scheme adds to the scores of a view's queries, [batch or 1, head, rows, keys].
    pub(super) fn bias(&self, view: &KeyView) -> Option<Tensor<4>> {
        match &self.scheme {
            Scheme::Alibi { slopes } => Some(alibi::bias(slopes, view.queries.clone() - view.keys.clone())),
            _ => None,
        }
    }

    /// The queries of some sequences and rows, and the keys that they might see: `past` keys of the past, then the rows before `end`.
    pub(super) fn view(&self, batch: std::ops::Range<usize>, rows: std::ops::Range<usize>, past: usize) -> KeyView {
        let end = rows.end;
        let queries = self.of_rows.clone().slice([batch.clone(), 0..1, rows, 0..1]);
        let own = self.of_rows.clone().slice([batch.clone(), 0..1, 0..end, 0..1]).swap_dims(2, 3); // [batch, 1, 1, rows]
        let starts = self.starts.clone().slice([batch.clone(), 0..1, 0..1, 0..1]);
        if past == 0 {
            return KeyView { queries, keys: own.clone(), seen_from: own };
        }
        let before = Tensor::<1, Int>::arange(0..past as i64, &self.device).float().reshape([1, 1, 1, past]).repeat_dim(0, batch.len());
        // A key of the past is seen if it comes before the sequence's start; a key of its own if it does not come after the query.
        let hidden = before.clone().greater_equal(starts);
        let seen_from = before.clone().mask_fill(hidden, f32::MAX);
        KeyView { queries, keys: Tensor::cat(vec![before, own.clone()], 3), seen_from: Tensor::cat(vec![seen_from, own], 3) }
    }
}

/// Which places look at which.
pub struct KeyView {
    /// The place of each query, [batch, 1, rows, 1].
    pub queries: Tensor<4>,
    /// The place of each key, [batch, 1, 1, keys].
    pub keys: Tensor<4>,
    /// The first place from which each key is seen; the largest number where it is never seen, [batch, 1, 1, keys].
    pub seen_from: Tensor<4>,
}

fn floats<const D: usize>(values: impl Iterator<Item = f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.collect::<Vec<f32>>(), shape), device)
}
