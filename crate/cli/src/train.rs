//! `train`: a model of a recipe, with a progress bar, checkpoints and a curve of the loss.

use crate::draw::{self, FINE, Sheet};
use crate::{Failure, open};
use glasses_contract::config::Config;
use glasses_contract::link;
use glasses_contract::recipe::{self, Recipe};
use glasses_engine::Uninterrupted;
use glasses_engine::device::{self, Memory};
use glasses_engine::train::{self, Point, Trainer};
use glasses_engine::transformer::Transformer;
use glasses_engine::weights::Weights;
use glasses_plots::{SmallPrint, Style, Theme};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};

/// Steps over which the loss that is shown is averaged.
const SHOWN_OVER: usize = 50;

pub fn train(address: &str, out: &Path, save_every: usize) -> Result<(), Failure> {
    let (config, _) = open(address);
    let config = recipe::made_of(&config);
    let compute = device::cpu();
    let checkpoint = beside(out, "checkpoint");
    let mut trainer = match resume(&config, &checkpoint)? {
        Some(point) => Trainer::from_point(&config, &compute.device, point)?,
        None => Trainer::new(&config, &compute.device)?,
    };
    run(&config, &mut trainer, save_every, |trainer| save(&config, trainer, &checkpoint))?;
    let (recipe, weights) = judged(&config, &trainer, &compute)?;
    finish(&recipe, &weights, out)?;
    if checkpoint.exists() {
        std::fs::remove_file(&checkpoint).map_err(|error| unwritable(&checkpoint, error))?;
    }
    Ok(())
}

/// Trains a recipe's model from its beginning to its end, and says how it went.
pub fn recipe(config: &Config) -> Result<Recipe, Failure> {
    let compute = device::cpu();
    let mut trainer = Trainer::new(config, &compute.device)?;
    run(config, &mut trainer, usize::MAX, |_| Ok(()))?;
    Ok(judged(config, &trainer, &compute)?.0)
}

/// Takes the steps that are left, and says now and then where the run is.
fn run(config: &Config, trainer: &mut Trainer, every: usize, keep: impl Fn(&Trainer) -> Result<(), Failure>) -> Result<(), Failure> {
    let bar = ProgressBar::new(config.training.steps as u64).with_style(
        ProgressStyle::with_template("{bar:32} {pos}/{len} steps, {per_sec}, {eta} left, loss {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar.set_position(trainer.steps_done() as u64);
    bar.reset_eta();
    while !trainer.is_done() {
        pollster::block_on(trainer.step(&Uninterrupted))?;
        let done = trainer.steps_done();
        let recent = &trainer.losses()[done.saturating_sub(SHOWN_OVER)..];
        bar.set_message(format!("{:.4}", recent.iter().sum::<f64>() / recent.len() as f64));
        bar.set_position(done as u64);
        if done.is_multiple_of(every.max(1)) {
            keep(trainer)?;
            if bar.is_hidden() {
                eprintln!("step {done} of {}, loss {}", config.training.steps, bar.message());
            }
        }
    }
    bar.finish();
    Ok(())
}

/// How often the model answers right, with all else that its recipe says.
fn judged(config: &Config, trainer: &Trainer, compute: &device::Compute) -> Result<(Recipe, Weights), Failure> {
    let refuse = |error: &dyn std::fmt::Display| Failure::Answer(error.to_string());
    let weights = pollster::block_on(trainer.weights()).map_err(|error| refuse(&error))?;
    eprintln!("judging the model");
    let memory = Memory::single(&compute.device);
    let transformer = Transformer::new(&config.model, weights.clone(), &memory).map_err(|error| refuse(&error))?;
    let accuracy = pollster::block_on(train::accuracy(&transformer, &config.training, &Uninterrupted)).map_err(|error| refuse(&error))?;
    for row in &accuracy {
        let at: Vec<String> = row.n.iter().zip(&row.exact).map(|(n, share)| format!("{n}: {:.0}", 100.0 * share)).collect();
        eprintln!("{:?}: {:.1} % right as trained; at n elements, in %: {}", row.task, 100.0 * row.trained, at.join(", "));
    }
    Ok((Recipe::new(config, trainer.losses(), accuracy), weights))
}

/// Writes the model with its recipe inside, and beside it the recipe and the curve of the loss.
fn finish(recipe: &Recipe, weights: &Weights, out: &Path) -> Result<(), Failure> {
    write(&beside(out, "json"), format!("{}\n", serde_json::to_string_pretty(recipe)?).as_bytes())?;
    let sheet =
        Sheet { width: draw::WIDTH, height: None, style: Style { theme: Theme::light(), pixel_ratio: FINE, small_print: SmallPrint::Set } };
    write(&beside(out, "svg"), draw::loss(recipe, &sheet)?.as_bytes())?;
    let header = [(recipe::HEADER.to_string(), serde_json::to_string(recipe)?)];
    write(out, &weights.to_safetensors(header).map_err(|error| Failure::Answer(error.to_string()))?)
}

/// Where an earlier run of the same recipe was, if there is one.
fn resume(config: &Config, checkpoint: &Path) -> Result<Option<Point>, Failure> {
    if !checkpoint.exists() {
        return Ok(None);
    }
    let unreadable = |sentence: String| Failure::Unreadable { path: checkpoint.display().to_string(), sentence };
    let bytes = std::fs::read(checkpoint).map_err(|error| unreadable(error.to_string()))?;
    let (point, link) = Point::from_bytes(&bytes).map_err(|error| unreadable(error.to_string()))?;
    if link != link::encode(config) {
        return Err(unreadable("it is of another recipe; move it away to begin anew".into()));
    }
    eprintln!("going on behind step {}", point.losses.len());
    Ok(Some(point))
}

fn save(config: &Config, trainer: &Trainer, checkpoint: &Path) -> Result<(), Failure> {
    let point = pollster::block_on(trainer.point()).map_err(|error| Failure::Answer(error.to_string()))?;
    let bytes = point.to_bytes(&link::encode(config)).map_err(|error| Failure::Answer(error.to_string()))?;
    write(checkpoint, &bytes)
}

/// Writes beside the file first, so that a stop in the middle leaves the one that was there.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let beside = beside(path, "part");
    std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path)).map_err(|error| unwritable(path, error))
}

fn beside(path: &Path, extension: &str) -> PathBuf {
    path.with_extension(extension)
}

fn unwritable(path: &Path, error: std::io::Error) -> Failure {
    Failure::File { path: path.display().to_string(), error }
}
