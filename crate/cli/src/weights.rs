//! `weights`: the exact weights of a link's model, so that anyone can check the numbers in another framework; not rounded to a format.

use crate::failure::Failure;
use crate::output::Output;
use crate::shipped::Shipped;
use crate::{language, note_all, open, print};
use glasses_contract::{Config, Warning, open};
use glasses_engine::library;
use glasses_engine::weights::Weights;
use std::path::Path;

/// Writes the weights of a link's model into a file.
///
/// # Errors
/// A sentence, if they can't be had or written.
pub fn write(address: &str, out: &Path, model: Option<&Path>) -> Result<(), Failure> {
    let (config, ..) = open(address);
    let output = Output::at(out)?;
    output.apart_from(model)?;
    let (bytes, notes) = safetensors(address, &Shipped::with(model)?)?;
    note_all(&notes);
    output.write(&bytes)?;
    print::note(format!("{} weights in {}", Weights::count_of(&config.model), out.display()));
    Ok(())
}

/// The weights of a link's model as a safetensors file, and what there is to know of the model's own file.
///
/// # Errors
/// A sentence, if they can't be had.
pub fn safetensors(address: &str, library: &Shipped) -> Result<(Vec<u8>, Vec<Warning>), Failure> {
    let (config, frame, _) = open::admitted(address);
    language::refuse(library, &config)?;
    let written = serde_json::to_string(&config.model)?;
    let link = open::encode(&Config { experiment: config.clone().into_inner(), frame });
    let metadata = [("link".to_string(), link), ("model".to_string(), written)];
    let read = pollster::block_on(library::weights(library, &config.model));
    let (weights, notes) = read.map_err(|failure| Failure::Answer(failure.to_string()))?;
    Ok((weights.to_safetensors(metadata).map_err(|error| Failure::Answer(error.to_string()))?, notes))
}
