//! `train`: a model of a recipe, with a progress bar, checkpoints and a curve of the loss.

mod outputs;

use crate::failure::{Failure, words};
use crate::language::refuse_without_file;
use crate::lock::Lock;
use crate::output::{OutputFile, Staged};
use crate::sheet::{PIXEL_RATIO, Sheet, WIDTH};
use crate::stop::Stop;
use crate::{input, open, print};
use glasses_contract::config::Config;
use glasses_contract::open;
use glasses_contract::quote::visible;
use glasses_contract::recipe::{self, Recipe};
use glasses_engine::device::{self, TensorSpec};
use glasses_engine::train::{self, Checkpoint, Trainer, TrainingFailed};
use glasses_engine::transformer::Transformer;
use glasses_engine::weights::Weights;
use glasses_engine::{NoProgress, Progress};
use glasses_plots::{SmallPrint, Style, Theme};
use indicatif::{ProgressBar, ProgressStyle};
use outputs::Outputs;
use std::path::Path;

/// Steps over which the loss that is shown is averaged.
const SHOWN_OVER: usize = 50;

/// What to do about a checkpoint that can't be gone on from.
const BEGIN_ANEW: &str = "Delete that file to begin anew, or name another --out.";

/// Trains the model of a link into a file.
///
/// # Errors
/// A sentence, if the run can't begin, was stopped, or can't be written.
pub fn train(address: &str, out: &Path, save_every: usize) -> Result<(), Failure> {
    let (asked, ..) = open(address);
    refuse_without_file(&asked)?;
    let config = recipe::training_config(&asked);
    let outputs = Outputs::at(out)?;
    let _lock = Lock::take(&outputs.lock, &open::encode(&config))?;
    outputs.checkpoint.clear();
    let stop = Stop::listen().map_err(|error| Failure::Answer(format!("Signals can't be listened to: {error}.")))?;
    let (mut trainer, mut kept) = begin(&config, &outputs.checkpoint)?;
    let trained = take_steps(&config, &mut trainer, &stop, |trainer| {
        let is_due = trainer.steps_done().is_multiple_of(save_every) || trainer.is_done();
        if is_due {
            keep(&config, trainer, &outputs.checkpoint, &mut kept)?;
        }
        Ok(is_due)
    });
    if let Err(Failure::Training(TrainingFailed::Stopped)) = trained {
        keep(&config, &trainer, &outputs.checkpoint, &mut kept)?;
    }
    let evaluated = trained.and_then(|()| evaluated(&config, &trainer, &stop));
    let (recipe, weights) = evaluated.map_err(|failure| match (failure, stop.signal()) {
        (Failure::Training(TrainingFailed::Stopped), Some(signal)) => stopped(signal, &config, trainer.steps_done()),
        (failure, _) => failure,
    })?;
    let checkpoint = outputs.checkpoint.path();
    let all_is_kept = format!("The trained model is kept in {}; the same command tries to write it again.", checkpoint.display());
    finish(&recipe, &weights, &outputs).map_err(|failure| failure.and(&all_is_kept))?;
    std::fs::remove_file(checkpoint).map_err(|error| Failure::unwritten(checkpoint.display().to_string(), error))
}

/// Trains a recipe's model from its beginning to its end, and says how it went.
pub fn recipe(config: &Config) -> Result<Recipe, Failure> {
    let mut trainer = Trainer::new(config, &device::cpu().device)?;
    take_steps(config, &mut trainer, &NoProgress, |_| Ok(false))?;
    evaluated(config, &trainer, &NoProgress).map(|(recipe, _)| recipe)
}

/// Goes on from where an earlier run of the same recipe was kept, if there is one; says behind which step it was.
fn begin(config: &Config, checkpoint: &OutputFile) -> Result<(Trainer, Option<usize>), Failure> {
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
    print::note(format!("going on behind step {done}"));
    Ok((trainer, Some(done)))
}

/// More than the checkpoint of a recipe takes: three numbers a weight, one a step, and the header.
fn most_bytes(config: &Config) -> u64 {
    const HEADER: u64 = 1 << 20;
    4 * (3 * Weights::count_of(&config.model) + config.training.steps as u64) + HEADER
}

/// Takes the steps that are left, and says now and then where the run is: on a terminal with a bar, else wherever `after` a step answers
/// true.
fn take_steps(
    config: &Config,
    trainer: &mut Trainer,
    progress: &impl Progress,
    mut after: impl FnMut(&Trainer) -> Result<bool, Failure>,
) -> Result<(), Failure> {
    let bar = ProgressBar::new(config.training.steps as u64).with_style(
        ProgressStyle::with_template("{bar:32} {pos}/{len} steps, {per_sec}, {eta} left, loss {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar.set_position(trainer.steps_done() as u64);
    bar.reset_eta();
    while !trainer.is_done() {
        pollster::block_on(trainer.step(progress)).inspect_err(|_| bar.abandon())?;
        let done = trainer.steps_done();
        let recent = &trainer.losses()[done.saturating_sub(SHOWN_OVER)..];
        bar.set_message(format!("{:.4}", recent.iter().sum::<f64>() / recent.len() as f64));
        bar.set_position(done as u64);
        let is_told = after(trainer).inspect_err(|_| bar.abandon())?;
        if is_told && bar.is_hidden() {
            print::note(format!("step {done} of {}, loss {}", config.training.steps, bar.message()));
        }
    }
    bar.finish();
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

fn stopped(signal: i32, config: &Config, done: usize) -> Failure {
    let sentence =
        format!("Stopped behind step {done} of {}. The run is kept: the same command goes on from there.", config.training.steps);
    Failure::Stopped { signal, sentence }
}

/// How often the model answers right, with all else that its recipe says.
fn evaluated(config: &Config, trainer: &Trainer, progress: &impl Progress) -> Result<(Recipe, Weights), Failure> {
    print::note("judging the model");
    let weights = pollster::block_on(trainer.weights()).map_err(answer)?;
    let spec = TensorSpec::single(&device::cpu().device);
    let transformer = Transformer::new(&config.model, &weights, &spec).map_err(answer)?;
    let accuracy = pollster::block_on(train::accuracy(&transformer, &config.training, progress))?;
    for row in &accuracy {
        let at: Vec<String> = row.n.iter().zip(&row.exact).map(|(n, share)| format!("{n}: {:.0}", 100.0 * share)).collect();
        print::note(format!("{:?}: {:.1} % right as trained; at n elements, in %: {}", row.task, 100.0 * row.trained, at.join(", ")));
    }
    Ok((Recipe::new(config, trainer.losses(), accuracy), weights))
}

/// Writes the model with its recipe inside, and beside it the recipe and the curve of the loss. All are on the disk before the first
/// takes its place.
fn finish(recipe: &Recipe, weights: &Weights, outputs: &Outputs) -> Result<(), Failure> {
    let sheet = Sheet {
        width: WIDTH,
        height: None,
        style: Style { theme: Theme::light(), pixel_ratio: PIXEL_RATIO, small_print: SmallPrint::Set },
    };
    let header = [(recipe::HEADER.to_string(), serde_json::to_string(recipe)?)];
    let model = weights.to_safetensors(header).map_err(answer)?;
    let staged = [
        outputs.recipe.stage(format!("{}\n", serde_json::to_string_pretty(recipe)?).as_bytes())?,
        outputs.curve.stage(sheet.loss(recipe)?.as_bytes())?,
        outputs.model.stage(&model)?,
    ];
    staged.into_iter().try_for_each(Staged::commit)
}

fn answer(error: impl std::fmt::Display) -> Failure {
    Failure::Answer(error.to_string())
}
