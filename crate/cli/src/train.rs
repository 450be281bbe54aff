//! `train`: a model of a recipe, with a progress bar, checkpoints and a curve of the loss.

mod outputs;
mod terminal;

use crate::failure::{Failure, words};
use crate::input;
use crate::language::refuse_without_file;
use crate::lock::Lock;
use crate::output::{OutputFile, Staged};
use crate::sheet::{PIXEL_RATIO, Sheet, WIDTH};
use crate::stop::Stop;
use glasses_contract::config::Config;
use glasses_contract::open;
use glasses_contract::quote::visible;
use glasses_contract::recipe::{self, Recipe};
use glasses_engine::device::{self, TensorSpec};
use glasses_engine::train::{self, Checkpoint, Trainer, TrainingFailed};
use glasses_engine::transformer::Transformer;
use glasses_engine::weights::Weights;
use glasses_engine::{NoProgress, Progress};
use glasses_plots::{LossByStep, Style, Theme};
use outputs::Outputs;
use std::path::Path;
use terminal::Terminal;

/// Steps over which the loss that is shown is averaged.
const SHOWN_OVER: usize = 50;

/// What to do about a checkpoint that can't be gone on from.
const BEGIN_ANEW: &str = "Delete that file to begin anew, or name another --out.";

/// A model that was trained to the end.
pub struct Trained {
    /// How it was made, and how well it answers.
    pub recipe: Recipe,
    /// The loss of every step, in nats for each token of an answer.
    pub losses: Vec<f64>,
    /// The bytes of its file: the weights in safetensors, with the recipe inside.
    pub file: Vec<u8>,
}

/// Who watches a run. As [`Progress`] it says whether to go on.
pub trait Watch: Progress {
    /// So many steps are taken, the last ones with this mean loss; `is_kept` where they can be gone on from.
    fn passed(&self, done: usize, of: usize, loss: f64, is_kept: bool);

    /// What there is to know beside.
    fn note(&self, sentence: &str);
}

/// Trains the model of a link into a file, on a terminal.
///
/// # Errors
/// A sentence, if the run can't begin, was stopped, or can't be written.
pub fn train(address: &str, out: &Path, save_every: usize) -> Result<(), Failure> {
    let stop = Stop::listen().map_err(|error| Failure::Answer(format!("Signals can't be listened to: {error}.")))?;
    let terminal = Terminal::new(&stop);
    let trained = into_file(address, out, save_every, &terminal);
    trained.map(drop).map_err(|failure| match (failure, stop.signal()) {
        (Failure::Training(TrainingFailed::Stopped), Some(signal)) => {
            let sentence = format!("{} The run is kept: the same command goes on from there.", terminal.stopped());
            Failure::Stopped { signal, sentence }
        }
        (failure, _) => failure,
    })
}

/// Trains the model of a link into a file. Where it is stopped, the run is kept beside that file, and the same call goes on from there.
///
/// # Errors
/// A sentence, if the run can't begin or can't be written; [`TrainingFailed::Stopped`] where it was stopped and is kept.
pub fn into_file(address: &str, out: &Path, save_every: usize, watch: &impl Watch) -> Result<Trained, Failure> {
    let config = asked(address, watch)?;
    let outputs = Outputs::at(out)?;
    let _lock = Lock::take(&outputs.lock, &open::encode(&config))?;
    outputs.checkpoint.clear();
    let (mut trainer, mut kept) = begin(&config, &outputs.checkpoint, watch)?;
    let trained = take_steps(&config, &mut trainer, watch, |trainer| {
        let is_due = trainer.steps_done().is_multiple_of(save_every) || trainer.is_done();
        if is_due {
            keep(&config, trainer, &outputs.checkpoint, &mut kept)?;
        }
        Ok(is_due)
    });
    if let Err(Failure::Training(TrainingFailed::Stopped)) = trained {
        keep(&config, &trainer, &outputs.checkpoint, &mut kept)?;
    }
    let trained = trained.and_then(|()| evaluated(&config, &trainer, watch))?;
    let checkpoint = outputs.checkpoint.path();
    let all_is_kept = format!("The trained model is kept in {}; the same command tries to write it again.", checkpoint.display());
    finish(&trained, &outputs).map_err(|failure| failure.and(&all_is_kept))?;
    std::fs::remove_file(checkpoint).map_err(|error| Failure::unwritten(checkpoint.display().to_string(), error))?;
    Ok(trained)
}

/// Trains the model of a link, and writes nothing: where it is stopped, nothing is left of the run.
///
/// # Errors
/// A sentence, if the run can't begin; [`TrainingFailed::Stopped`] where it was stopped.
pub fn in_memory(address: &str, watch: &impl Watch) -> Result<Trained, Failure> {
    to_the_end(&asked(address, watch)?, watch)
}

/// Trains a recipe's model from its beginning to its end, and says how it went.
pub fn recipe(config: &Config) -> Result<Recipe, Failure> {
    to_the_end(config, &Terminal::new(&NoProgress)).map(|trained| trained.recipe)
}

fn to_the_end(config: &Config, watch: &impl Watch) -> Result<Trained, Failure> {
    let mut trainer = Trainer::new(config, &device::cpu().device)?;
    take_steps(config, &mut trainer, watch, |_| Ok(false))?;
    evaluated(config, &trainer, watch)
}

/// What a link says of model and training.
fn asked(address: &str, watch: &impl Watch) -> Result<Config, Failure> {
    let (asked, _, warnings) = open::admitted(address);
    warnings.iter().for_each(|warning| watch.note(&format!("note: {warning}")));
    refuse_without_file(&asked)?;
    Ok(recipe::training_config(&asked))
}

/// Goes on from where an earlier run of the same recipe was kept, if there is one; says behind which step it was.
fn begin(config: &Config, checkpoint: &OutputFile, watch: &impl Watch) -> Result<(Trainer, Option<usize>), Failure> {
    let (device, path) = (device::cpu().device, checkpoint.path());
    if !path.try_exists().map_err(|error| Failure::unreadable(path, words(&error)))? {
        return Ok((Trainer::new(config, &device)?, None));
    }
    let refuse = |sentence: String| Failure::Answer(format!("{}: {sentence} {BEGIN_ANEW}", path.display()));
    let bytes = input::read(path, most_bytes(config)).map_err(|failure| failure.and(BEGIN_ANEW))?;
    let (point, link) = Checkpoint::from_bytes(&bytes).map_err(|damaged| refuse(format!("{damaged}.")))?;
    if link != open::encode(config) {
        return Err(refuse(format!(
            "the training run that is kept here is of another recipe, “{}”.",
            link.chars().map(visible).collect::<String>()
        )));
    }
    let done = point.losses.len();
    let trainer = Trainer::from_checkpoint(config, &device, point).map_err(|failed| match failed {
        TrainingFailed::OtherRun(_) => refuse(failed.to_string()),
        other => other.into(),
    })?;
    watch.note(&format!("going on behind step {done}"));
    Ok((trainer, Some(done)))
}

/// More than the checkpoint of a recipe takes: three numbers a weight, one a step, and the header.
fn most_bytes(config: &Config) -> u64 {
    const HEADER: u64 = 1 << 20;
    4 * (3 * Weights::count_of(&config.model) + config.training.steps as u64) + HEADER
}

/// Takes the steps that are left. `after` a step answers whether it was kept.
fn take_steps(
    config: &Config,
    trainer: &mut Trainer,
    watch: &impl Watch,
    mut after: impl FnMut(&Trainer) -> Result<bool, Failure>,
) -> Result<(), Failure> {
    let tell = |trainer: &Trainer, is_kept: bool| {
        let done = trainer.steps_done();
        let recent = &trainer.losses()[done.saturating_sub(SHOWN_OVER)..];
        watch.passed(done, config.training.steps, recent.iter().sum::<f64>() / recent.len() as f64, is_kept);
    };
    tell(trainer, false);
    while !trainer.is_done() {
        pollster::block_on(trainer.step(watch))?;
        let is_kept = after(trainer)?;
        tell(trainer, is_kept);
    }
    Ok(())
}

/// Keeps where the run is. Where that fails, what was kept before is kept still, and the failure says so.
fn keep(config: &Config, trainer: &Trainer, checkpoint: &OutputFile, kept: &mut Option<usize>) -> Result<(), Failure> {
    let point = pollster::block_on(trainer.checkpoint()).map_err(answer)?;
    let bytes = point.to_bytes(&open::encode(config)).map_err(answer)?;
    checkpoint.write(&bytes).map_err(|failure| match *kept {
        Some(step) => failure.and(&format!("The run is kept as it was behind step {step}; the same command goes on from there.")),
        None => failure.and("Nothing of the run is kept."),
    })?;
    *kept = Some(trainer.steps_done());
    Ok(())
}

/// How often the model answers right, with all else that its recipe says, and its file.
fn evaluated(config: &Config, trainer: &Trainer, watch: &impl Watch) -> Result<Trained, Failure> {
    watch.note("judging the model");
    let weights = pollster::block_on(trainer.weights()).map_err(answer)?;
    let spec = TensorSpec::single(&device::cpu().device);
    let transformer = Transformer::new(&config.model, &weights, &spec).map_err(answer)?;
    let accuracy = pollster::block_on(train::accuracy(&transformer, &config.training, watch))?;
    for row in &accuracy {
        let at: Vec<String> = row.n.iter().zip(&row.exact).map(|(n, share)| format!("{n}: {:.0}", 100.0 * share)).collect();
        watch.note(&format!("{:?}: {:.1} % right as trained; at n elements, in %: {}", row.task, 100.0 * row.trained, at.join(", ")));
    }
    let recipe = Recipe::new(config, trainer.losses(), accuracy);
    let header = [(recipe::HEADER.to_string(), serde_json::to_string(&recipe)?)];
    let file = weights.to_safetensors(header).map_err(answer)?;
    Ok(Trained { recipe, losses: trainer.losses().to_vec(), file })
}

/// Writes the model with its recipe inside, and beside it the recipe and the curve of the loss. All are on the disk before the first
/// takes its place.
fn finish(trained: &Trained, outputs: &Outputs) -> Result<(), Failure> {
    let sheet = Sheet { width: WIDTH, height: None, style: Style::new(Theme::light(), PIXEL_RATIO) };
    let staged = [
        outputs.recipe.stage(format!("{}\n", serde_json::to_string_pretty(&trained.recipe)?).as_bytes())?,
        outputs.curve.stage(sheet.drawn(&LossByStep::of(&trained.recipe))?.as_bytes())?,
        outputs.model.stage(&trained.file)?,
    ];
    staged.into_iter().try_for_each(Staged::commit)
}

fn answer(error: impl std::fmt::Display) -> Failure {
    Failure::Answer(error.to_string())
}
