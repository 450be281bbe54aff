//! Questions that can be asked of a configuration, one file each, and the engine that answers them.

mod anatomy;
mod answers;
mod collapse_bound;
mod comparison;
mod continuation;
mod cross_entropy;
pub mod decode;
mod kv_cache;
mod last_tokens;
mod length_generalization;
mod meeting;
mod pair;
mod paths;
mod pinned;
mod prefix_cache;
mod representations;
mod search;
mod seeds;
mod sensitivity;
mod separators;
mod sweep;
mod theory;
mod tokens;

use crate::device::{Compute, TensorSpec};
use crate::hook::Hook;
use crate::library::{self, Library, NoFiles};
use crate::progress::SubProgress;
use crate::transformer::{KvCache, MissingWeights, Rows, Transformer};
use crate::weights::Weights;
use glasses_contract::config::{Experiment, Model, WeightsSource};
use glasses_contract::failure::Failure;
use glasses_contract::models;
use glasses_contract::question::{self, About, Answer, Ask, Question};
use glasses_contract::report::{EngineInfo, ModelInfo, Sweep};
use glasses_contract::sequence::Sequences;
use glasses_contract::{Admitted, Warning, sentence};
use last_tokens::{Kept, LastTokens};
use prefix_cache::PrefixCache;
use std::borrow::Cow;
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
    /// What the last question about every n read.
    kept: Option<Kept>,
    /// What the last pair read.
    prefixes: PrefixCache,
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
        Self { compute, library, last: None, kept: None, prefixes: PrefixCache::default(), notes: RefCell::default() }
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
        if model.weights == WeightsSource::Own { self.notes.borrow().clone() } else { Vec::new() }
    }

    /// Answers one question.
    ///
    /// # Errors
    /// If the question does not apply, the input can't be read, there is too much to compute, the device fails, or `progress` says stop.
    pub async fn answer<Q: Respond>(&mut self, config: &Admitted, question: Q, progress: &impl Progress) -> Result<Q::Answer, NoAnswer> {
        let config = self.completed(config);
        self.check(&config, question)?;
        let (shards, mut rest) = (question.shards(&config), Vec::new());
        let first = question.respond(0, self, &config, &SubProgress::shard(progress, 0, shards)).await?;
        for shard in 1..shards {
            rest.push(question.respond(shard, self, &config, &SubProgress::shard(progress, shard, shards)).await?);
        }
        Ok(question.join(first, rest))
    }

    /// Answers one shard of a question: [`Ask::join`] makes one answer of those to all of them.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub async fn answer_shard<Q: Respond>(
        &mut self,
        config: &Admitted,
        question: Q,
        shard: usize,
        progress: &impl Progress,
    ) -> Result<Q::Answer, NoAnswer> {
        let config = self.completed(config);
        self.check(&config, question)?;
        question.respond(shard, self, &config, &SubProgress::shard(progress, 0, 1)).await
    }

    /// An experiment with what its language model's file decides, which no message carries.
    fn completed<'a>(&self, config: &'a Experiment) -> Cow<'a, Experiment> {
        let architecture = config.model.file.and_then(|file| self.library.language_model(file)).map(|of| of.model().architecture);
        match architecture.filter(|architecture| *architecture != config.model.architecture) {
            Some(architecture) => {
                let model = Model { architecture, ..config.model.clone() };
                Cow::Owned(Experiment { model, ..config.clone() })
            }
            None => Cow::Borrowed(config),
        }
    }

    fn check(&self, config: &Experiment, question: impl Ask) -> Result<(), NoAnswer> {
        let sequences = Sequences::parse(&config.input);
        let about = About { experiment: config, sequences: sequences.as_ref(), device: self.compute.kind };
        question.applies(&about).map_err(NoAnswer::Failed)
    }

    /// The sweep by a route of the caller's choice, so that the two can be compared.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub async fn sweep_by(&mut self, config: &Experiment, route: Route, progress: &impl Progress) -> Result<Sweep, NoAnswer> {
        self.check(config, question::Sweep)?;
        let loaded = self.loaded(&config.model, progress).await?;
        let last_tokens =
            LastTokens::at_every_n(&loaded.transformer, config, Some(route), &SubProgress::new(progress, sweep::READ)).await?;
        sweep::answer(&loaded.transformer, config, &last_tokens, progress).await
    }

    fn spec(&self) -> TensorSpec {
        TensorSpec::single(&self.compute.device)
    }

    /// A model with its weights on the device, in some format.
    async fn build(&self, model: &Model, spec: &TensorSpec, progress: &impl Progress) -> Result<Loaded, NoAnswer> {
        let refuse = |error: MissingWeights| {
            NoAnswer::Failed(Failure::Weights(sentence!("These weights are of another model: {}.", error.sentence())))
        };
        if let Some(file) = model.file {
            // No other model is shown in its place.
            let missing = || {
                NoAnswer::Failed(Failure::Refused(sentence!(
                    "This is about a language model, whose file has the hash {}, and that file is not here.",
                    file.to_string()
                )))
            };
            let language_model = self.library.language_model(file).ok_or_else(missing)?;
            if let Some(why) = language_model.too_large_for(&self.compute) {
                return Err(NoAnswer::Failed(Failure::Refused(why)));
            }
            let transformer = language_model.transformer(model, spec).map_err(refuse)?;
            return Ok(Loaded { transformer, weights: Weights::default() });
        }
        let weights = match model.weights {
            WeightsSource::Seed => Weights::draw_in_steps(model, progress).await?,
            _ => {
                let (weights, notes) = library::weights(&self.library, model).await.map_err(NoAnswer::Failed)?;
                if model.weights == WeightsSource::Own {
                    self.notes.replace(notes);
                }
                weights
            }
        };
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
                let made = Rc::new(self.build(model, &self.spec(), &SubProgress::still(progress)).await?);
                self.last = Some(made.clone());
                Ok(made)
            }
        }
    }
}

/// How a question is answered, one file each: this is for those that are divided into shards, and whoever asks.
pub trait Respond: Ask {
    /// The answer to one of its shards, where the question applies.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    fn respond<L: Library>(
        self,
        shard: usize,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> impl Future<Output = Result<Self::Answer, NoAnswer>>;
}

/// How a question is answered that has only one shard.
pub(crate) trait RespondWhole: Ask {
    /// As [`Respond::respond`].
    fn respond_whole<L: Library>(
        self,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> impl Future<Output = Result<Self::Answer, NoAnswer>>;
}

impl<Q: RespondWhole> Respond for Q {
    async fn respond<L: Library>(
        self,
        _: usize,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<Q::Answer, NoAnswer> {
        self.respond_whole(engine, config, progress).await
    }
}

macro_rules! respond {
    ($($field:ident: $name:ident,)*) => {
        impl Respond for Question {
            async fn respond<L: Library>(
                self,
                shard: usize,
                engine: &mut Engine<L>,
                config: &Experiment,
                progress: &impl Progress,
            ) -> Result<Answer, NoAnswer> {
                Ok(match self { $(Self::$name(question) => Answer::$name(question.respond(shard, engine, config, progress).await?),)* })
            }
        }
    };
}

glasses_contract::for_each_question!(respond);

/// Why there is no answer about a model beside the one that is asked: that its weights can't be had says nothing of the other's.
fn of_another(why: NoAnswer) -> NoAnswer {
    match why {
        NoAnswer::Failed(Failure::Weights(sentence)) => NoAnswer::Failed(Failure::Refused(sentence)),
        why => why,
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
    hook: &mut dyn Hook,
    progress: &impl Progress,
    share: (f32, f32),
) -> Result<Rows<'a>, Stopped> {
    transformer.blocks(rows, cache, hook, &SubProgress::new(progress, share)).await
}
