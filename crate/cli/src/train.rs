//! `train`: a model of a recipe, with a progress bar, checkpoints and a curve of the loss.

use crate::{Failure, open};
use glasses_contract::config::Config;
use glasses_contract::link;
use glasses_contract::recipe::{self, Recipe};
use glasses_engine::device::{self, Memory};
use glasses_engine::train::{self, Point, Trainer};
use glasses_engine::transformer::Transformer;
use glasses_engine::weights::Weights;
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
    let bar = ProgressBar::new(config.training.steps as u64).with_style(
        ProgressStyle::with_template("{bar:32} {pos}/{len} steps, {per_sec}, {eta} left, loss {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar.set_position(trainer.steps_done() as u64);
    bar.reset_eta();
    while !trainer.is_done() {
        pollster::block_on(trainer.step())?;
        let done = trainer.steps_done();
        let recent = &trainer.losses()[done.saturating_sub(SHOWN_OVER)..];
        bar.set_message(format!("{:.4}", recent.iter().sum::<f64>() / recent.len() as f64));
        bar.set_position(done as u64);
        if done.is_multiple_of(save_every.max(1)) {
            save(&config, &trainer, &checkpoint)?;
            if bar.is_hidden() {
                eprintln!("step {done} of {}, loss {}", config.training.steps, bar.message());
            }
        }
    }
    bar.finish();
    let weights = pollster::block_on(trainer.weights()).map_err(|error| Failure::Answer(error.to_string()))?;
    finish(&config, weights, trainer.losses(), &compute, out)?;
    if checkpoint.exists() {
        std::fs::remove_file(&checkpoint).map_err(|error| unwritable(&checkpoint, error))?;
    }
    Ok(())
}

/// Judges the model and writes it with its recipe.
fn finish(config: &Config, weights: Weights, losses: &[f64], compute: &device::Compute, out: &Path) -> Result<(), Failure> {
    let refuse = |error: &dyn std::fmt::Display| Failure::Answer(error.to_string());
    eprintln!("judging the model");
    let memory = Memory::single(&compute.device);
    let transformer = Transformer::new(&config.model, weights.clone(), &memory).map_err(|error| refuse(&error))?;
    let accuracy = pollster::block_on(train::accuracy(&transformer, &config.training)).map_err(|error| refuse(&error))?;
    for row in &accuracy {
        let at: Vec<String> = row.n.iter().zip(&row.exact).map(|(n, share)| format!("{n}: {:.0}", 100.0 * share)).collect();
        eprintln!("{:?}: {:.1} % right as trained; at n elements, in %: {}", row.task, 100.0 * row.trained, at.join(", "));
    }
    let recipe = Recipe::new(config, losses, accuracy);
    let text = serde_json::to_string_pretty(&recipe)?;
    write(&beside(out, "json"), format!("{text}\n").as_bytes())?;
    let header = [(recipe::HEADER.to_string(), serde_json::to_string(&recipe)?)];
    write(out, &weights.to_safetensors(header).map_err(|error| refuse(&error))?)
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
