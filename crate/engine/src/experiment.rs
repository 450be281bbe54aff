//! Questions that can be asked of a configuration, one file each, and the engine that answers them.

mod answers;
mod collapse_bound;
mod comparison;
pub(crate) mod decode;
mod last_tokens;
mod lengths;
mod meeting;
mod pair;
mod paths;
mod search;
mod sensitivity;
mod separators;
mod sweep;
mod theory;

use crate::device::{Compute, TensorSpec};
use crate::hook::Hook;
use crate::library::{self, Library, NoFiles};
use crate::progress::SubProgress;
use crate::simulation;
use crate::transformer::{KvCache, MissingWeights, Rows, Transformer};
use crate::weights::Weights;
use glasses_contract::config::{Experiment, Model, Origin};
use glasses_contract::device::DeviceKind;
use glasses_contract::message::{Failure, Question};
use glasses_contract::models;
use glasses_contract::report::{EngineInfo, Lengths, ModelInfo, Part, Sweep};
use glasses_contract::{Admitted, Warning};
use std::cell::RefCell;
use std::rc::Rc;

pub use crate::no_answer::NoAnswer;
pub use crate::progress::{NoProgress, Progress, Stopped};
pub use last_tokens::Route;

/// Answers questions on one device. Keeps the last model, since most questions that follow each other are about the same one.
pub struct Engine<L: Library = NoFiles> {
    compute: Compute,
    library: L,
    last: Option<Rc<Loaded>>,
    /// What there is to know of the file that was read last; only that of the reader's own model can have any.
    notes: RefCell<Vec<Warning>>,
}

/// A transformer, and its weights as plain numbers.
struct Loaded {
    transformer: Transformer,
    weights: Weights,
}

impl Engine {
    /// An engine on this device, for models that are drawn from a seed.
    pub fn new(compute: Compute) -> Self {
        Self::with_library(compute, NoFiles)
    }
}

impl<L: Library> Engine<L> {
    /// An engine on this device that finds trained models in a library.
    pub fn with_library(compute: Compute, library: L) -> Self {
        Self { compute, library, last: None, notes: RefCell::default() }
    }

    /// What to say of this engine in a report.
    pub fn info(&self) -> EngineInfo {
        EngineInfo {
            version: env!("CARGO_PKG_VERSION").into(),
            device: self.compute.kind,
            adapter: self.compute.name.clone(),
            precision: "f32".into(),
        }
    }

    /// The device beneath.
    pub fn compute(&self) -> &Compute {
        &self.compute
    }

    /// What a reader should know of the weights with which a model was answered.
    pub fn notes(&self, model: &Model) -> Vec<Warning> {
        if model.weights == Origin::Own { self.notes.borrow().clone() } else { Vec::new() }
    }

    /// Answers one question.
    ///
    /// # Errors
    /// If the input can't be read, the question is too large for this configuration, the device fails, or `progress` says stop.
    pub async fn answer(&mut self, config: &Admitted, question: Question, progress: &impl Progress) -> Result<Part, NoAnswer> {
        let model = &config.model;
        Ok(match question {
            Question::Pair => Part::Pair(pair::answer(&self.loaded(model, progress).await?.transformer, config, progress).await?),
            Question::Sweep => Part::Sweep(sweep::answer(&self.loaded(model, progress).await?.transformer, config, None, progress).await?),
            Question::Reference => Part::Reference(self.reference(config, progress).await?),
            Question::SensitivityEstimate { sequence, probes } => {
                let method = sensitivity::Method::Estimate { probes };
                Part::Sensitivity(sensitivity::answer(&*self.loaded(model, progress).await?, config, sequence, method, progress).await?)
            }
            Question::SensitivityExact { sequence } => {
                let method = sensitivity::Method::Exact;
                Part::Sensitivity(sensitivity::answer(&*self.loaded(model, progress).await?, config, sequence, method, progress).await?)
            }
            Question::Theory => Part::Theory(theory::answer(&self.loaded(model, progress).await?.transformer, config, progress).await?),
            Question::Comparison => Part::Comparison(comparison::answer(self, config, progress).await?),
            Question::Separators => {
                Part::Separators(separators::answer(&self.loaded(model, progress).await?.transformer, config, progress).await?)
            }
            Question::Search => Part::Found(search::answer(&self.loaded(model, progress).await?.transformer, config, progress).await?),
            Question::Simulation(figure) => Part::Simulation(simulation::answer(figure, progress).await?),
            Question::Answers => Part::Answers(answers::answer(&self.loaded(model, progress).await?.transformer, config, progress).await?),
            Question::Lengths => Part::Lengths(self.lengths(config, progress).await?),
        })
    }

    /// The answers of the configuration's model, and of the one that it is compared with.
    async fn lengths(&mut self, config: &Experiment, progress: &impl Progress) -> Result<Lengths, NoAnswer> {
        lengths::refuse(config)?;
        let mut models = vec![config.model.clone()];
        models.extend(models::trained(config.view.beside).map(|beside| Model { formats: config.model.formats, ..beside.model() }));
        let mut answered = Vec::with_capacity(models.len());
        for (index, model) in models.iter().enumerate() {
            // That the weights can't be had says something of the reader's own model only where it is that model.
            let beside = |why| match why {
                NoAnswer::Failed(Failure::Weights(sentence)) if index > 0 => NoAnswer::Failed(Failure::Refused(sentence)),
                why => why,
            };
            let within = SubProgress::part(progress, index, models.len());
            let Loaded { transformer, .. } = self.build(model, &self.spec(), &Still(&within)).await.map_err(beside)?;
            answered.push(lengths::of(&transformer, config, &within).await?);
        }
        Ok(Lengths { task: config.input.task, asked: config.input.asked, models: answered })
    }

    /// The sweep in double precision.
    async fn reference(&self, config: &Experiment, progress: &impl Progress) -> Result<Sweep, NoAnswer> {
        let refuse = |sentence: &str| Err(NoAnswer::Failed(Failure::Refused(sentence.into())));
        if self.compute.kind != DeviceKind::Cpu {
            return refuse("The reference is computed in f64, which WebGPU does not have: the CPU engine answers it.");
        }
        if !config.model.formats.is_plain() {
            return refuse("The reference is of the model without rounding: choose fp32 for weights, activations and attention weights.");
        }
        let spec = TensorSpec::double(&self.compute.device);
        let Loaded { transformer, .. } = self.build(&config.model, &spec, &Still(progress)).await?;
        sweep::answer(&transformer, config, None, progress).await
    }

    /// The sweep by a route of the caller's choice, so that the two can be compared.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub async fn sweep_by(&mut self, config: &Experiment, route: Route, progress: &impl Progress) -> Result<Sweep, NoAnswer> {
        let loaded = self.loaded(&config.model, progress).await?;
        sweep::answer(&loaded.transformer, config, Some(route), progress).await
    }

    fn spec(&self) -> TensorSpec {
        TensorSpec::single(&self.compute.device)
    }

    /// A model with its weights on the device, in some format.
    async fn build(&self, model: &Model, spec: &TensorSpec, progress: &impl Progress) -> Result<Loaded, NoAnswer> {
        let weights = match model.weights {
            Origin::Seed => Weights::draw_in_steps(model, progress).await?,
            _ => {
                let (weights, notes) = library::weights(&self.library, model).await.map_err(NoAnswer::Failed)?;
                if model.weights == Origin::Own {
                    self.notes.replace(notes);
                }
                weights
            }
        };
        let refuse = |error: MissingWeights| NoAnswer::Failed(Failure::Weights(format!("These weights are of another model: {error}.")));
        let mut transformer = Transformer::begin(model, &weights, spec).map_err(refuse)?;
        while transformer.add_block(&weights).map_err(refuse)? {
            progress.step(1.0).await?;
        }
        Ok(Loaded { transformer, weights })
    }

    async fn loaded(&mut self, model: &Model, progress: &impl Progress) -> Result<Rc<Loaded>, NoAnswer> {
        match &self.last {
            Some(last) if last.transformer.model() == model => Ok(last.clone()),
            _ => {
                let made = Rc::new(self.build(model, &self.spec(), &Still(progress)).await?);
                self.last = Some(made.clone());
                Ok(made)
            }
        }
    }
}

/// What to say of a model in a report.
pub fn model_info(model: &Model) -> ModelInfo {
    ModelInfo { name: models::name(model), config: model.clone(), parameters: Weights::count_of(model) }
}

/// Runs all blocks, with a step of progress behind each at the least: from one share of the whole to another.
async fn run<'a>(
    transformer: &Transformer,
    rows: Rows<'a>,
    cache: Option<&KvCache>,
    hook: &mut impl Hook,
    progress: &impl Progress,
    share: (f32, f32),
) -> Result<Rows<'a>, Stopped> {
    transformer.blocks(rows, cache, hook, &SubProgress::new(progress, share)).await
}

/// Steps that are at the beginning of the whole, whatever share of themselves is done: a model is made, and nothing answered yet.
struct Still<'a, P: Progress>(&'a P);

impl<P: Progress> Progress for Still<'_, P> {
    async fn step(&self, _done: f32) -> Result<(), Stopped> {
        self.0.step(0.0).await
    }
}
