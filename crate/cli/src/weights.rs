//! `weights`: the exact weights of a link's model, so that anyone can check the numbers in another framework; not rounded to a format.

use crate::shipped::Shipped;
use crate::{Failure, open};
use glasses_contract::link;
use glasses_engine::library;
use glasses_engine::weights::Weights;
use std::path::Path;

pub fn write(address: &str, out: &Path, shipped: &Shipped) -> Result<(), Failure> {
    let (config, _) = open(address);
    let model = serde_json::to_string(&config.model)?;
    let metadata = [("link".to_string(), link::encode(&config)), ("model".to_string(), model)];
    let read = pollster::block_on(library::weights(shipped, &config.model));
    let (weights, notes) = read.map_err(|failure| Failure::Answer(failure.to_string()))?;
    for note in notes {
        eprintln!("note: {note}");
    }
    let bytes = weights.to_safetensors(metadata).map_err(|error| Failure::Answer(error.to_string()))?;
    std::fs::write(out, bytes).map_err(|error| Failure::File { path: out.display().to_string(), error })?;
    eprintln!("{} weights in {}", Weights::count_of(&config.model), out.display());
    Ok(())
}
