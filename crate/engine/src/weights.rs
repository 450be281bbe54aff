//! The weights of a model as plain numbers with names: drawn from a seed, read from a file, or trained.

use crate::device::TensorSpec;
use crate::precision::Grid;
use crate::progress::{Progress, Stopped};
use crate::transformer::parameter::{Initializer, Parameter};
use crate::transformer::{Source, parameters};
use burn::tensor::Tensor;
use glasses_contract::config::{Formats, Model};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use std::collections::BTreeMap;

/// Named arrays of f32. A matrix has the shape [inputs, outputs] and acts on row vectors, y = x W.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights {
    arrays: BTreeMap<String, Array>,
}

/// A row-major array.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// Its extent along each axis.
    pub shape: Vec<usize>,
    /// Its numbers; the last axis runs fastest.
    pub values: Vec<f32>,
}

impl Weights {
    /// Draws all weights of a model from its seed, as [`parameters`] says.
    pub fn draw(model: &Model) -> Self {
        Self::from_arrays(parameters(model).into_iter().map(|parameter| drawn(parameter, model.seed)))
    }

    /// The same, with a step of progress behind each array.
    ///
    /// # Errors
    /// If `progress` says stop.
    pub async fn draw_in_steps(model: &Model, progress: &impl Progress) -> Result<Self, Stopped> {
        let mut arrays = BTreeMap::new();
        let parameters = parameters(model);
        let count = parameters.len();
        for (index, parameter) in parameters.into_iter().enumerate() {
            arrays.extend([drawn(parameter, model.seed)]);
            progress.step((index + 1) as f32 / count as f32).await?;
        }
        Ok(Self { arrays })
    }

    /// Weights from arrays by name.
    pub fn from_arrays(arrays: impl IntoIterator<Item = (String, Array)>) -> Self {
        Self { arrays: arrays.into_iter().collect() }
    }

    /// All arrays with their names, in the order of the names.
    pub fn arrays(&self) -> impl Iterator<Item = (&str, &Array)> {
        self.arrays.iter().map(|(name, array)| (name.as_str(), array))
    }

    /// Number of weights.
    pub fn count(&self) -> u64 {
        self.arrays.values().map(|array| array.values.len() as u64).sum()
    }

    /// The array with this name.
    pub fn get(&self, name: &str) -> Option<&Array> {
        self.arrays.get(name)
    }

    /// The numbers of an array as a model stores them: rounded to its format for weights. None where there is no array of this name.
    pub fn stored(&self, name: &str, formats: &Formats) -> impl Iterator<Item = f64> {
        let grid = Grid::of(formats.weights, formats.bits);
        let values = self.get(name).map_or(&[][..], |array| &array.values);
        values.iter().map(move |&value| f64::from(grid.map_or(value, |grid| grid.round(value))))
    }

    /// Number of weights that a model uses.
    pub fn count_of(model: &Model) -> u64 {
        parameters(model).iter().map(Parameter::count).sum()
    }
}

impl Source for Weights {
    fn flat(&self, name: &str, shape: &[usize], formats: &Formats, spec: &TensorSpec) -> Option<Tensor<1>> {
        let array = self.get(name).filter(|array| array.shape == shape)?;
        Some(spec.floats(self.stored(name, formats), [array.values.len()]))
    }

    fn is_trained(&self) -> bool {
        false
    }
}

/// A parameter as a model's seed draws it.
fn drawn(parameter: Parameter, seed: u32) -> (String, Array) {
    let count = parameter.count() as usize;
    let values = match parameter.initializer {
        Initializer::Normal { stream, deviation } => normal(seed, stream, count, deviation),
        Initializer::Constant(value) => vec![value; count],
    };
    (parameter.name, Array { shape: parameter.shape, values })
}

/// Normal numbers by the method of Box and Muller (1958): from uniform u in (0, 1] and w in [0, 1), √(−2 ln u) · (cos 2πw, sin 2πw).
///
/// The logarithm and the sines are libm's, in software, so that they have the same bits in a browser as natively.
fn normal(seed: u32, stream: u64, count: usize, deviation: f64) -> Vec<f32> {
    const STEPS: f64 = 4_294_967_296.0; // 2³²
    let mut random = ChaCha8Rng::seed_from_u64(u64::from(seed));
    random.set_stream(stream);
    let mut values = Vec::with_capacity(count + 1);
    while values.len() < count {
        let u = (f64::from(random.next_u32()) + 1.0) / STEPS;
        let w = f64::from(random.next_u32()) / STEPS;
        let radius = deviation * (-2.0 * libm::log(u)).sqrt();
        let (sine, cosine) = libm::sincos(std::f64::consts::TAU * w);
        values.extend([(radius * cosine) as f32, (radius * sine) as f32]);
    }
    values.truncate(count);
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::Choice;
    use glasses_contract::config::{Attention, Block, FeedForward, Mix, Norm, Position, Sink};
    use glasses_contract::limits::{HEADS, LAYERS, MAX_WEIGHTS, WIDTH};
    use std::collections::BTreeSet;

    #[test]
    fn drawn_weights_have_the_stated_moments_and_streams_of_their_own() {
        let model = Model { layers: 2, ..Model::default() };
        let weights = Weights::draw(&model);
        let moments = |name: &str| {
            let values = &weights.arrays[name].values;
            let mean = values.iter().map(|&x| f64::from(x)).sum::<f64>() / values.len() as f64;
            (mean, (values.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt())
        };
        for (name, deviation) in
            [("embed.weight", 1.0), ("layers.1.attention.key.weight", 0.125), ("layers.0.feed_forward.down.weight", 0.0625)]
        {
            let (mean, found) = moments(name);
            assert!(mean.abs() < 0.05 * deviation && (found / deviation - 1.0).abs() < 0.03, "{name}: {mean}, {found}");
        }
        let parts = [
            Model { position: Position::Learned, ..model.clone() },
            Model { attention: Attention { mix: Mix::Gated, sink: Sink::Logit, ..model.attention }, ..model.clone() },
            Model { attention: Attention { mix: Mix::Differential, ..model.attention }, ..model.clone() },
            Model { block: Block { feed_forward: FeedForward::Off, ..model.block }, ..model.clone() },
        ];
        for model in parts {
            let drawn = Weights::draw(&model);
            // No choice changes a weight that it does not bring itself.
            assert!(drawn.arrays.iter().all(|(name, array)| weights.get(name).is_none_or(|plain| plain == array)));
        }
        assert_ne!(weights.arrays["layers.0.attention.key.weight"], weights.arrays["layers.1.attention.key.weight"]);
    }

    #[test]
    fn a_name_stands_for_one_parameter_and_no_model_within_the_limits_has_more_than_the_largest() {
        let mut most = 0;
        for &position in Position::ALL {
            for &norm in Norm::ALL {
                for (&mix, &sink) in Mix::ALL.iter().flat_map(|mix| Sink::ALL.iter().map(move |sink| (mix, sink))) {
                    // A width of a head is in some arrays, and a number of heads in others.
                    for heads in [*HEADS.start(), *HEADS.end()] {
                        let attention = Attention { mix, sink, ..Attention::default() };
                        let (layers, width) = (*LAYERS.end(), *WIDTH.end());
                        let model = Model { layers, width, heads, position, norm, attention, ..Model::default() };
                        let names: BTreeSet<_> = parameters(&model).into_iter().map(|parameter| parameter.name).collect();
                        assert_eq!(names.len(), parameters(&model).len(), "{model:?}");
                        most = Weights::count_of(&model).max(most);
                    }
                }
            }
        }
        assert_eq!(most, MAX_WEIGHTS);
    }

    #[test]
    fn a_deeper_model_begins_with_the_layers_of_a_shallower_one() {
        let [shallow, deep] = [1, 3].map(|layers| Weights::draw(&Model { layers, ..Model::default() }));
        assert!(shallow.arrays.iter().all(|(name, array)| deep.get(name) == Some(array)));
    }

    #[test]
    fn a_published_seed_keeps_its_weights() {
        let weights = Weights::draw(&Model::default());
        let first: Vec<u32> = weights.arrays["embed.weight"].values[..4].iter().map(|x| x.to_bits()).collect();
        assert_eq!(first, [3_211_082_141, 1_059_136_007, 1_042_146_822, 1_034_853_003]);
    }
}
