//! The weights of a model as plain numbers with names: drawn from a seed, written to a file.

use crate::model_file::{Header, Unreadable};
use crate::progress::{Progress, Stopped};
use crate::transformer::attention::initial_lambda;
use glasses_contract::config::{FeedForward, Mix, Model, Norm, Position, Sink};
use glasses_contract::limits::MAX_TOKENS;
use glasses_contract::{alphabet, arrays};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use safetensors::tensor::{Dtype, SafeTensorError, TensorView};
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

/// The six matrices of a block, in the order of their random streams.
const BLOCK: [&str; 6] =
    ["attention.query", "attention.key", "attention.value", "attention.output", "feed_forward.up", "feed_forward.down"];

/// The first random stream of weights that only some models have.
const EXTRAS: u64 = 1 << 32;

impl Weights {
    /// Draws all weights of a model from its seed.
    ///
    /// The embedding is N(0, 1), every matrix N(0, 1 / inputs), gains are one and biases zero. Each matrix has a ChaCha8 stream
    /// of its own (embedding 0, unembedding 1, block l from 2 + 6 l; what only some models have from 2³² on), so a deeper model
    /// begins with the layers of a shallower one, and no choice changes a weight that it does not bring itself.
    pub fn draw(model: &Model) -> Self {
        Self::from_arrays(plan(model).into_iter().map(|planned| planned.draw(model.seed)))
    }

    /// The same, with a step of progress behind each array.
    ///
    /// # Errors
    /// If `progress` says stop.
    pub async fn draw_in_steps(model: &Model, progress: &impl Progress) -> Result<Self, Stopped> {
        let mut arrays = BTreeMap::new();
        let plan = plan(model);
        let count = plan.len();
        for (index, planned) in plan.into_iter().enumerate() {
            arrays.extend([planned.draw(model.seed)]);
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

    /// Number of weights that a model uses.
    pub fn count_of(model: &Model) -> u64 {
        arrays::count(model)
    }

    /// The bytes of a safetensors file: f32, little-endian; `metadata` goes into its header.
    ///
    /// # Errors
    /// If the library finds the arrays inconsistent.
    pub fn to_safetensors(&self, metadata: impl IntoIterator<Item = (String, String)>) -> Result<Vec<u8>, SafeTensorError> {
        let bytes: Vec<_> = self
            .arrays
            .iter()
            .map(|(name, array)| (name, &array.shape, array.values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>()))
            .collect();
        let views = bytes
            .iter()
            .map(|(name, shape, bytes)| Ok((name.as_str(), TensorView::new(Dtype::F32, shape.to_vec(), bytes)?)))
            .collect::<Result<Vec<_>, SafeTensorError>>()?;
        safetensors::serialize(views, Some(metadata.into_iter().collect()))
    }

    /// Reads a safetensors file: its arrays, and the words of its header. A model's file is read by its [`Header`], which is held against
    /// the model first.
    ///
    /// # Errors
    /// If the bytes are no such file.
    pub fn from_safetensors(bytes: &[u8]) -> Result<(Self, BTreeMap<String, String>), Unreadable> {
        let header = Header::of(bytes)?;
        Ok((header.weights(bytes)?, header.words))
    }
}

/// An array that is to be drawn.
struct Planned {
    name: String,
    shape: Vec<usize>,
    numbers: Numbers,
}

/// What an array holds before it is trained.
#[derive(Clone, Copy)]
enum Numbers {
    /// One number everywhere.
    All(f32),
    /// N(0, deviation²) from a random stream of its own.
    Normal { stream: u64, deviation: f64 },
}

impl Planned {
    fn draw(self, seed: u32) -> (String, Array) {
        let count = self.shape.iter().product();
        let values = match self.numbers {
            Numbers::All(value) => vec![value; count],
            Numbers::Normal { stream, deviation } => normal(seed, stream, count, deviation),
        };
        (self.name, Array { shape: self.shape, values })
    }
}

/// All arrays of a model.
fn plan(model: &Model) -> Vec<Planned> {
    let (width, hidden) = (model.width, model.hidden_width());
    let mut plan = vec![
        planned("embed.weight", [alphabet::SIZE, width], Numbers::Normal { stream: 0, deviation: 1.0 }),
        matrix("unembed.weight", [width, alphabet::SIZE], 1),
    ];
    for layer in 0..model.layers {
        for (index, name) in BLOCK.iter().enumerate() {
            if name.starts_with("feed_forward") && model.block.feed_forward == FeedForward::Off {
                continue;
            }
            let shape = match *name {
                "feed_forward.up" => [width, hidden],
                "feed_forward.down" => [hidden, width],
                _ => [width, width],
            };
            plan.push(matrix(&format!("layers.{layer}.{name}.weight"), shape, 2 + (BLOCK.len() * layer + index) as u64));
        }
        plan.extend(norm(&format!("layers.{layer}.attention_norm"), model));
        if model.block.feed_forward == FeedForward::On {
            plan.push(planned(&format!("layers.{layer}.feed_forward.up.bias"), [hidden], Numbers::All(0.0)));
            plan.push(planned(&format!("layers.{layer}.feed_forward.down.bias"), [width], Numbers::All(0.0)));
            plan.extend(norm(&format!("layers.{layer}.feed_forward_norm"), model));
        }
        plan.extend(attention_extras(layer, model));
    }
    if model.position == Position::Learned {
        let drawn = Numbers::Normal { stream: EXTRAS, deviation: std::f64::consts::FRAC_1_SQRT_2 };
        plan.push(planned("position.weight", [MAX_TOKENS, width], drawn));
    }
    plan.extend(norm("final_norm", model));
    plan
}

/// What some members of the attention slots bring with them.
fn attention_extras(layer: usize, model: &Model) -> Vec<Planned> {
    let (width, heads) = (model.width, model.heads);
    let name = |name: &str| format!("layers.{layer}.attention.{name}");
    let stream = |index: u64| EXTRAS + 16 * (layer as u64 + 1) + index;
    let mut extras = Vec::new();
    if model.attention.sink == Sink::Logit {
        extras.push(planned(&name("sink.logit"), [heads], Numbers::All(model.attention.sink_logit as f32)));
    }
    match model.attention.mix {
        Mix::Plain | Mix::Centred => {}
        Mix::Gated => {
            extras.push(matrix(&name("gate.weight"), [width, heads], stream(2)));
            extras.push(planned(&name("gate.bias"), [heads], Numbers::All(0.0)));
        }
        Mix::Differential => {
            extras.push(matrix(&name("second_query.weight"), [width, width], stream(0)));
            extras.push(matrix(&name("second_key.weight"), [width, width], stream(1)));
            extras.push(planned(&name("lambda"), [heads], Numbers::All(initial_lambda(layer) as f32)));
            extras.push(planned(&name("head_norm.gain"), [model.head_width()], Numbers::All(1.0)));
        }
    }
    extras
}

/// A matrix that keeps the variance of what it multiplies.
fn matrix(name: &str, shape: [usize; 2], stream: u64) -> Planned {
    planned(name, shape, Numbers::Normal { stream, deviation: 1.0 / (shape[0] as f64).sqrt() })
}

fn norm(name: &str, model: &Model) -> Vec<Planned> {
    let gain = planned(&format!("{name}.gain"), [model.width], Numbers::All(1.0));
    match model.norm {
        Norm::Layer => vec![gain, planned(&format!("{name}.bias"), [model.width], Numbers::All(0.0))],
        Norm::Rms => vec![gain],
    }
}

fn planned(name: &str, shape: impl Into<Vec<usize>>, numbers: Numbers) -> Planned {
    Planned { name: name.into(), shape: shape.into(), numbers }
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
    use glasses_contract::config::{Attention, Block};

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
    fn what_is_drawn_is_what_the_contract_lists() {
        for &position in Position::ALL {
            for &norm in Norm::ALL {
                for &mix in Mix::ALL {
                    for (&sink, &feed_forward) in Sink::ALL.iter().flat_map(|sink| FeedForward::ALL.iter().map(move |half| (sink, half))) {
                        let attention = Attention { mix, sink, ..Attention::default() };
                        let block = Block { feed_forward, ..Block::default() };
                        let model = Model { layers: 2, heads: 3, width: 12, position, norm, attention, block, ..Model::default() };
                        let drawn = Weights::draw(&model);
                        let drawn: BTreeMap<_, _> = drawn.arrays().map(|(name, array)| (name.to_string(), array.shape.clone())).collect();
                        let listed: BTreeMap<_, _> = arrays::of(&model).into_iter().map(|slot| (slot.name, slot.shape)).collect();
                        assert_eq!(drawn, listed, "{model:?}");
                    }
                }
            }
        }
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

    #[test]
    fn a_file_holds_what_was_drawn() -> Result<(), Box<dyn std::error::Error>> {
        let weights = Weights::draw(&Model { layers: 1, width: 8, heads: 2, ..Model::default() });
        let bytes = weights.to_safetensors([("link".to_string(), "v=1".to_string())])?;
        let (read, header) = Weights::from_safetensors(&bytes)?;
        assert_eq!((read, header["link"].as_str()), (weights, "v=1"));
        assert!(Weights::from_safetensors(&bytes[1..]).is_err());
        Ok(())
    }
}
