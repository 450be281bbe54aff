//! Training: the same transformer, its weights moved by AdamW until it answers the tasks of its recipe.
//!
//! A recipe is a configuration: the model, and how it is trained. The seed of the model draws the first weights and the examples of
//! every step, so that a run which was interrupted goes on as if it had not been, and on the processor gives the same weights, bit for bit.

mod batch;
mod checkpoint;
mod evaluate;
mod parameters;

pub use checkpoint::{Checkpoint, Damaged};
pub use evaluate::{accuracy, exact};

use crate::device::{self, DeviceFailed, TensorSpec};
use crate::hook::NoHook;
use crate::progress::{Progress, Stopped, SubProgress, Work};
use crate::transformer::layered::{NoGradient, Tapes, along};
use crate::transformer::{MissingWeights, Transformer};
use crate::weights::Weights;
use batch::Batch;
use burn::optim::{AdamW, AdamWConfig, AdamWState, Optimizer};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Gradients, Tensor};
use glasses_contract::config::{Experiment, Mask, Model, Training};
use glasses_contract::{Sentence, limits, sentence};
use parameters::Parameters;
use std::collections::BTreeMap;
use std::fmt;

/// Gradient clipping: the largest norm of a step's gradient over all weights (Pascanu et al. 2013).
const MAX_NORM: f64 = 1.0;

/// A model on its way.
pub struct Trainer {
    model: Model,
    training: Training,
    /// Tokens, padding included, that go through the model at once.
    batch_tokens: usize,
    parameters: Parameters,
    optimizer: AdamW,
    /// The moments of each parameter; none before the first step.
    moments: BTreeMap<String, AdamWState<1>>,
    spec: TensorSpec,
    losses: Vec<f64>,
}

/// Why a step could not be taken.
#[derive(Debug)]
pub enum TrainingFailed {
    /// There is nothing to learn.
    NoTask,
    /// The answer would be read before it is said.
    LooksAhead,
    /// The run that was kept is of another model, or longer than this one.
    OtherRun(Sentence),
    /// A step would take too long or too much memory.
    TooMuch(Sentence),
    /// Nobody wants the step any more.
    Stopped,
    /// A weight is missing or of another shape.
    Weights(MissingWeights),
    /// The device failed.
    Device(DeviceFailed),
    /// The loss is no number any more.
    Diverged {
        /// The step.
        step: usize,
    },
}

impl TrainingFailed {
    /// The reason, as a sentence or, of weights and devices, a clause.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::NoTask => sentence!("No task is selected, so there is nothing to learn."),
            Self::LooksAhead => {
                sentence!("A model that looks ahead would read the answer instead of learning to say it: let each token look back only.")
            }
            Self::OtherRun(why) => sentence!("The training run that was kept is not one of this recipe: {}.", why.clone()),
            Self::TooMuch(sentence) => sentence.clone(),
            Self::Stopped => sentence!("The step was stopped."),
            Self::Weights(error) => error.sentence(),
            Self::Device(error) => error.sentence(),
            Self::Diverged { step } => sentence!("At step {} the loss is no number any more: a smaller learning rate would help.", *step),
        }
    }
}

impl fmt::Display for TrainingFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(f)
    }
}

impl std::error::Error for TrainingFailed {}

impl From<MissingWeights> for TrainingFailed {
    fn from(error: MissingWeights) -> Self {
        Self::Weights(error)
    }
}

impl From<DeviceFailed> for TrainingFailed {
    fn from(error: DeviceFailed) -> Self {
        Self::Device(error)
    }
}

impl From<Stopped> for TrainingFailed {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

impl From<NoGradient> for TrainingFailed {
    fn from(why: NoGradient) -> Self {
        match why {
            NoGradient::Stopped => Self::Stopped,
            NoGradient::Missing => Self::Device(DeviceFailed::no_gradient()),
        }
    }
}

impl Trainer {
    /// Begins with the weights that the model's seed draws.
    ///
    /// # Errors
    /// If there is no task, the model looks ahead, or a step would be too much.
    pub fn new(config: &Experiment, device: &Device) -> Result<Self, TrainingFailed> {
        admit(config)?;
        let drawn = Weights::draw(&config.model);
        Self::at(config, device, Checkpoint { weights: drawn, moments: BTreeMap::new(), losses: Vec::new() })
    }

    /// Goes on from where a run was.
    ///
    /// # Errors
    /// As [`Trainer::new`], and if the run can't be one of this recipe.
    pub fn from_checkpoint(config: &Experiment, device: &Device, point: Checkpoint) -> Result<Self, TrainingFailed> {
        admit(config)?;
        point.fits(config).map_err(TrainingFailed::OtherRun)?;
        Self::at(config, device, point)
    }

    fn at(config: &Experiment, device: &Device, point: Checkpoint) -> Result<Self, TrainingFailed> {
        let spec = TensorSpec::single(device);
        Ok(Self {
            model: config.model.clone(),
            training: config.training.clone(),
            batch_tokens: limits::micro_batch_tokens(config),
            parameters: Parameters::new(&point.weights, &spec),
            optimizer: AdamWConfig::new().with_beta_2(0.99).with_epsilon(1e-8).with_weight_decay(0.01).build(),
            moments: checkpoint::states(&point.moments, point.losses.len(), &spec),
            spec,
            losses: point.losses,
        })
    }

    /// Steps taken so far.
    pub fn steps_done(&self) -> usize {
        self.losses.len()
    }

    /// The loss of every step so far: the mean over the examples of the mean over an answer's tokens of −ln p, in nats.
    pub fn losses(&self) -> &[f64] {
        &self.losses
    }

    /// Whether all steps of the recipe are taken.
    pub fn is_done(&self) -> bool {
        self.steps_done() >= self.training.steps
    }

    /// Takes one step and says the loss before it, rounded to f32, as it is kept: an interrupted run tells the same losses. Between the
    /// blocks of each batch of examples others run.
    ///
    /// # Errors
    /// If the device fails, the loss is no number any more, or `progress` says stop; the weights are those before the step then.
    pub async fn step(&mut self, progress: &impl Progress) -> Result<f64, TrainingFailed> {
        let examples = batch::draw(&self.model, &self.training, self.steps_done());
        let mut sum: BTreeMap<String, Tensor<1>> = BTreeMap::new();
        let mut losses = Vec::new();
        let batches = Batch::split(examples, self.batch_tokens);
        for (index, batch) in batches.iter().enumerate() {
            let (loss, gradients) = self.gradients(batch, &SubProgress::part(progress, index, batches.len())).await?;
            losses.push(loss);
            for (name, gradient) in gradients {
                let total = match sum.remove(&name) {
                    Some(before) => before + gradient,
                    None => gradient,
                };
                sum.insert(name, total);
            }
        }
        let loss = f64::from(device::read(losses).await?.into_iter().flatten().sum::<f64>() as f32);
        if !loss.is_finite() {
            return Err(TrainingFailed::Diverged { step: self.steps_done() + 1 });
        }
        self.update(sum);
        self.losses.push(loss);
        Ok(loss)
    }

    /// A batch's share of the loss and its gradients.
    async fn gradients(&self, batch: &Batch, progress: &impl Progress) -> Result<(Tensor<1>, BTreeMap<String, Tensor<1>>), TrainingFailed> {
        let tracked = self.parameters.tracked();
        let transformer = Transformer::new(&self.model, &tracked, &self.spec)?;
        let sequences = batch.rows();
        let rows = transformer.embed(&sequences, &vec![0; sequences.len()], &mut NoHook);
        let embedded = rows.x.clone();
        let work = Work::new(progress, 3 * transformer.flop(&rows, None));
        let (tapes, rows) = Tapes::record(&transformer, rows, &mut NoHook, &work).await?;
        let leaving = rows.x.clone();
        let y = transformer.output(rows, &mut NoHook);
        let [count, length, width] = y.dims();
        let asked = self.spec.indices(batch.targets.iter().map(|target| target.example * length + target.row));
        let y = y.reshape([count * length, width]).select(0, asked).unsqueeze::<3>(); // [1, targets, width]
        let log = log_softmax(transformer.logits(y, &mut NoHook), 2).squeeze_dim::<2>(0); // [targets, alphabet]
        let right = self.spec.indices(batch.targets.iter().map(|target| target.token.0 as usize)).unsqueeze_dim::<2>(1);
        let share = self.spec.floats(batch.targets.iter().map(|target| target.share), [batch.targets.len(), 1]);
        let loss = (log.gather(1, right) * share).sum().neg();
        let mut of_parameters = BTreeMap::new();
        let mut take = |gradients: &mut Gradients| {
            of_parameters.extend(tracked.each(|name, flat| flat.grad_remove(gradients).map(|gradient| (name.to_string(), gradient))));
        };
        let mut gradients = loss.backward();
        let gradient = leaving.grad_remove(&mut gradients).ok_or(NoGradient::Missing)?;
        take(&mut gradients);
        let gradient = tapes.backward(gradient, &work, &mut take).await?;
        take(&mut along(embedded, gradient).backward());
        Ok((loss.inner(), of_parameters))
    }

    fn update(&mut self, gradients: BTreeMap<String, Tensor<1>>) {
        let squares = gradients.values().map(|gradient| gradient.clone().square().sum());
        let Some(square) = squares.reduce(|sum, square| sum + square) else { return };
        let clip = square.sqrt().add_scalar(1e-12).recip().mul_scalar(MAX_NORM).clamp_max(1.0);
        let learning_rate = learning_rate(&self.training, self.steps_done());
        for (name, gradient) in gradients {
            let state = self.moments.remove(&name);
            let Some(flat) = self.parameters.get(&name).map(|parameter| parameter.flat.clone()) else { continue };
            let (moved, state) = self.optimizer.step(learning_rate, flat, gradient * clip.clone(), state);
            self.parameters.set(&name, moved);
            self.moments.extend(state.map(|state| (name, state)));
        }
    }

    /// Where the run is: what [`Trainer::from_checkpoint`] goes on from.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn checkpoint(&self) -> Result<Checkpoint, DeviceFailed> {
        let weights = self.parameters.read().await?;
        let moments = checkpoint::read(&self.moments).await?;
        Ok(Checkpoint { weights, moments, losses: self.losses.clone() })
    }

    /// The weights as they are now.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn weights(&self) -> Result<Weights, DeviceFailed> {
        self.parameters.read().await
    }
}

/// Refuses what there is nothing to learn from, and steps that are too much, before anything is computed.
fn admit(config: &Experiment) -> Result<(), TrainingFailed> {
    if config.training.tasks.chosen().next().is_none() {
        return Err(TrainingFailed::NoTask);
    }
    if config.model.attention.mask != Mask::Causal {
        return Err(TrainingFailed::LooksAhead);
    }
    limits::admit_training(config).map_err(TrainingFailed::TooMuch)
}

/// The learning rate of a step: a linear warm-up over the first twentieth (at most 200 steps), then falling to a hundredth along
/// a cosine (Loshchilov and Hutter 2017).
fn learning_rate(training: &Training, step: usize) -> f64 {
    let warmup_steps = (training.steps / 20).clamp(1, 200);
    if step < warmup_steps {
        return training.rate * (step + 1) as f64 / warmup_steps as f64;
    }
    let done = (step - warmup_steps) as f64 / (training.steps - warmup_steps).max(1) as f64;
    training.rate * (0.505 + 0.495 * libm::cos(std::f64::consts::PI * done))
}

#[cfg(all(test, feature = "flex"))]
mod tests;
