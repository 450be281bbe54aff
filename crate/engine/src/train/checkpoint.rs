//! Where a training run is, as a file: weights, moments and losses in one safetensors file.

use crate::device::{self, DeviceFailed, TensorSpec};
use crate::library;
use crate::transformer::parameters;
use crate::weights::{Array, Weights};
use burn::optim::{AdamWState, AdaptiveMomentumState};
use burn::tensor::Tensor;
use glasses_contract::config::Experiment;
use glasses_contract::{Sentence, sentence};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Where a training run is.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// The weights.
    pub weights: Weights,
    /// AdamW's first and second moments of each array of weights; empty before the first step.
    pub moments: BTreeMap<String, [Vec<f32>; 2]>,
    /// The loss of every step taken.
    pub losses: Vec<f64>,
}

/// Why bytes are not where a run is.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct Damaged(Sentence);

impl Damaged {
    /// The clause.
    pub fn sentence(&self) -> Sentence {
        sentence!("the file of a training run can't be read: {}", self.0.clone())
    }
}

/// The names of the moments, in front of the names of the weights.
const MOMENTS: [&str; 2] = ["first_moment.", "second_moment."];
const LOSSES: &str = "losses";
const LINK: &str = "link";
/// The SHA-256 of the link and of every array: a flipped bit would otherwise go on as another run.
const DIGEST: &str = "sha256";

impl Checkpoint {
    /// As the bytes of a safetensors file, with the link of the recipe and a digest of everything in its header. A loss is kept as f32,
    /// which [`Trainer::step`](super::Trainer::step) rounds it to.
    ///
    /// # Errors
    /// If the library finds the arrays inconsistent.
    pub fn to_bytes(&self, link: &str) -> Result<Vec<u8>, Damaged> {
        let mut arrays: Vec<_> = self.weights.arrays().map(|(name, array)| (name.to_string(), array.clone())).collect();
        for (name, moments) in &self.moments {
            for (prefix, values) in MOMENTS.iter().zip(moments) {
                arrays.push((format!("{prefix}{name}"), flat(values.clone())));
            }
        }
        arrays.push((LOSSES.into(), flat(self.losses.iter().map(|&loss| loss as f32).collect())));
        let arrays = Weights::from_arrays(arrays);
        let header = [(LINK.into(), link.into()), (DIGEST.into(), digest(link, &arrays))];
        arrays.to_safetensors(header).map_err(|error| Damaged(Sentence::verbatim(error.to_string())))
    }

    /// Reads what [`Checkpoint::to_bytes`] wrote: where the run is, and the link of its recipe.
    ///
    /// # Errors
    /// If the bytes are something else, if one of them has changed since, or if they are no state that a run can be in.
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, String), Damaged> {
        let (all, mut header) = Weights::from_safetensors(bytes).map_err(|why| Damaged(why.sentence()))?;
        let link = header.remove(LINK).ok_or_else(|| lacks(LINK))?;
        let Some(written) = header.remove(DIGEST) else {
            return Err(Damaged(sentence!("it was written by an earlier version, without a digest that tells whether it is whole")));
        };
        if digest(&link, &all) != written {
            return Err(Damaged(sentence!("it is damaged: its content is not what was written")));
        }
        let checkpoint = Self::from_arrays(&all)?;
        checkpoint.check()?;
        Ok((checkpoint, link))
    }

    /// Whether a run of this recipe can be here: it has the weights of its model, and takes as many steps.
    ///
    /// # Errors
    /// What does not fit.
    pub(super) fn fits(&self, config: &Experiment) -> Result<(), Sentence> {
        let asked: BTreeMap<String, Vec<usize>> = parameters(&config.model).into_iter().map(|asked| (asked.name, asked.shape)).collect();
        if let Some((name, _)) = asked.iter().find(|(name, shape)| self.weights.get(name).is_none_or(|found| found.shape != **shape)) {
            return Err(sentence!("its weights “{}” are missing or of another shape", name));
        }
        if let Some((name, _)) = self.weights.arrays().find(|(name, _)| !asked.contains_key(*name)) {
            return Err(sentence!("it has weights “{}”, which this model has not", name));
        }
        let (taken, all) = (self.losses.len(), config.training.steps);
        if taken > all {
            return Err(sentence!("it has taken {} steps, and the recipe has {}", taken, all));
        }
        Ok(())
    }

    /// Takes the arrays of a file apart by their names.
    fn from_arrays(all: &Weights) -> Result<Self, Damaged> {
        let (mut weights, mut losses) = (Vec::new(), None);
        let mut kinds = MOMENTS.map(|_| BTreeMap::new());
        for (name, array) in all.arrays() {
            match MOMENTS.iter().zip(&mut kinds).find_map(|(prefix, kind)| Some((name.strip_prefix(prefix)?, kind))) {
                Some((of, kind)) => {
                    kind.insert(of.to_string(), array.values.clone());
                }
                None if name == LOSSES => losses = Some(&array.values),
                None => weights.push((name.to_string(), array.clone())),
            }
        }
        let [firsts, mut seconds] = kinds;
        let mut moments = BTreeMap::new();
        for (name, first) in firsts {
            let second = seconds.remove(&name).ok_or_else(|| lacks(&format!("{}{name}", MOMENTS[1])))?;
            moments.insert(name, [first, second]);
        }
        if let Some(name) = seconds.keys().next() {
            return Err(lacks(&format!("{}{name}", MOMENTS[0])));
        }
        let losses = losses.ok_or_else(|| lacks(LOSSES))?.iter().map(|&loss| f64::from(loss)).collect();
        Ok(Self { weights: Weights::from_arrays(weights), moments, losses })
    }

    /// Whether a run can be here: every number is one, and each weight has both moments as soon as there was a step, not before.
    fn check(&self) -> Result<(), Damaged> {
        let is_begun = !self.losses.is_empty();
        for (name, array) in self.weights.arrays() {
            match self.moments.get(name) {
                None if is_begun => return Err(lacks(&format!("{}{name}", MOMENTS[0]))),
                Some(_) if !is_begun => return Err(Damaged(sentence!("it has moments of “{}”, and no step was taken", name))),
                Some(moments) if moments.iter().any(|moment| moment.len() != array.values.len()) => {
                    return Err(Damaged(sentence!("the moments of “{}” are of another length than it", name)));
                }
                None | Some(_) => {}
            }
        }
        if let Some(name) = self.moments.keys().find(|name| self.weights.get(name).is_none()) {
            return Err(Damaged(sentence!("it has moments of “{}”, and no such weights", name)));
        }
        let weights = self.weights.arrays().flat_map(|(_, array)| &array.values);
        let moments = self.moments.values().flatten().flatten();
        let is_finite = weights.chain(moments).all(|value| value.is_finite()) && self.losses.iter().all(|loss| loss.is_finite());
        if !is_finite {
            return Err(Damaged(sentence!("not all that it holds are finite numbers")));
        }
        Ok(())
    }
}

fn lacks(name: &str) -> Damaged {
    Damaged(sentence!("“{}” is missing in it", name))
}

fn flat(values: Vec<f32>) -> Array {
    Array { shape: vec![values.len()], values }
}

/// The SHA-256 of a link and of arrays with their names and shapes. Each part goes behind its length, so that no two contents are one text.
fn digest(link: &str, arrays: &Weights) -> String {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    part(link.as_bytes());
    for (name, array) in arrays.arrays() {
        part(name.as_bytes());
        part(&array.shape.iter().flat_map(|&extent| (extent as u64).to_le_bytes()).collect::<Vec<_>>());
        part(&array.values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>());
    }
    library::hex(&hash.finalize())
}

/// The optimiser's states from plain numbers.
pub(super) fn states(moments: &BTreeMap<String, [Vec<f32>; 2]>, steps: usize, spec: &TensorSpec) -> BTreeMap<String, AdamWState<1>> {
    let tensor = |values: &[f32]| spec.floats(values.iter().map(|&value| f64::from(value)), [values.len()]);
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
