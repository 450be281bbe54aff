//! Where a training run is, as a file: weights, moments and losses in one safetensors file.

use crate::device::{self, DeviceFailed, Memory};
use crate::weights::{Array, Weights};
use burn::optim::{AdamWState, AdaptiveMomentumState};
use burn::tensor::Tensor;
use std::collections::BTreeMap;

/// Where a training run is.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The weights.
    pub weights: Weights,
    /// AdamW's first and second moments of each array of weights; empty before the first step.
    pub moments: BTreeMap<String, [Vec<f32>; 2]>,
    /// The loss of every step taken.
    pub losses: Vec<f64>,
}

/// A file that is no such file.
#[derive(Debug, thiserror::Error)]
#[error("the file of a training run can't be read: {0}")]
pub struct Damaged(String);

/// The names of the moments, in front of the names of the weights.
const MOMENTS: [&str; 2] = ["first_moment.", "second_moment."];
const LOSSES: &str = "losses";
const LINK: &str = "link";

impl Point {
    /// As the bytes of a safetensors file, with the link of the recipe in its header.
    ///
    /// # Errors
    /// If the library finds the arrays inconsistent.
    pub fn to_bytes(&self, link: &str) -> Result<Vec<u8>, Damaged> {
        let mut arrays: Vec<_> = self.weights.arrays().map(|(name, array)| (name.to_string(), array.clone())).collect();
        for (name, moments) in &self.moments {
            for (prefix, values) in MOMENTS.iter().zip(moments) {
                arrays.push((format!("{prefix}{name}"), Array { shape: vec![values.len()], values: values.clone() }));
            }
        }
        let values: Vec<f32> = self.losses.iter().map(|&loss| loss as f32).collect();
        arrays.push((LOSSES.into(), Array { shape: vec![values.len()], values }));
        Weights::from_arrays(arrays).to_safetensors([(LINK.into(), link.into())]).map_err(|error| Damaged(error.to_string()))
    }

    /// Reads what [`Point::to_bytes`] wrote: where the run is, and the link of its recipe.
    ///
    /// # Errors
    /// If the bytes are something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, String), Damaged> {
        let (all, mut header) = Weights::from_safetensors(bytes).map_err(|error| Damaged(error.to_string()))?;
        let link = header.remove(LINK).ok_or_else(|| Damaged(format!("it has no “{LINK}”")))?;
        let losses = all.get(LOSSES).ok_or_else(|| Damaged(format!("it has no “{LOSSES}”")))?;
        let losses = losses.values.iter().map(|&loss| f64::from(loss)).collect();
        let is_weight = |name: &str| name != LOSSES && !MOMENTS.iter().any(|prefix| name.starts_with(prefix));
        let weights: Vec<_> =
            all.arrays().filter(|(name, _)| is_weight(name)).map(|(name, array)| (name.to_string(), array.clone())).collect();
        let moment = |prefix: &str, name: &str| all.get(&format!("{prefix}{name}")).map(|array| array.values.clone());
        let moments = weights.iter().filter_map(|(name, _)| Some((name.clone(), [moment(MOMENTS[0], name)?, moment(MOMENTS[1], name)?])));
        let moments = moments.collect();
        Ok((Self { weights: Weights::from_arrays(weights), moments, losses }, link))
    }
}

/// The optimiser's states from plain numbers.
pub(super) fn states(moments: &BTreeMap<String, [Vec<f32>; 2]>, steps: usize, memory: &Memory) -> BTreeMap<String, AdamWState<1>> {
    let tensor = |values: &[f32]| memory.floats(values.iter().map(|&value| f64::from(value)), [values.len()]);
    let state = |[first, second]: &[Vec<f32>; 2]| AdamWState::new(AdaptiveMomentumState::new(steps, tensor(first), tensor(second)));
    moments.iter().map(|(name, moments)| (name.clone(), state(moments))).collect()
}

/// The optimiser's states as plain numbers.
pub(super) async fn read(states: &BTreeMap<String, AdamWState<1>>) -> Result<BTreeMap<String, [Vec<f32>; 2]>, DeviceFailed> {
    let moments = |state: &AdamWState<1>| -> [Tensor<1>; 2] { [state.momentum.moment_1.clone(), state.momentum.moment_2.clone()] };
    let numbers = device::read(states.values().flat_map(moments).collect()).await?;
    let single = |values: &Vec<f64>| values.iter().map(|&value| value as f32).collect::<Vec<f32>>();
    Ok(states.keys().zip(numbers.chunks_exact(2)).map(|(name, pair)| (name.clone(), [single(&pair[0]), single(&pair[1])])).collect())
}
