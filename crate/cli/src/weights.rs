//! `weights`: the exact weights of a link's model, so that anyone can check the numbers in another framework; not rounded to a format.

use crate::failure::Failure;
use crate::output::Output;
use crate::shipped::Shipped;
use crate::{language, open, print};
use glasses_contract::{Config, open};
use glasses_engine::library;
use glasses_engine::weights::Weights;
use std::path::Path;

pub fn write(address: &str, out: &Path, model: Option<&Path>) -> Result<(), Failure> {
    let (config, frame, _) = open(address);
    let output = Output::at(out)?;
    output.apart_from(model)?;
    let shipped = Shipped::with(model)?;
    language::refuse(&shipped, &config)?;
    let written = serde_json::to_string(&config.model)?;
    let link = open::encode(&Config { experiment: config.clone().into_inner(), frame });
    let metadata = [("link".to_string(), link), ("model".to_string(), written)];
    let read = pollster::block_on(library::weights(&shipped, &config.model));
    let (weights, notes) = read.map_err(|failure| Failure::Answer(failure.to_string()))?;
    notes.iter().for_each(|note| print::note(format!("note: {note}")));
    output.write(&weights.to_safetensors(metadata).map_err(|error| Failure::Answer(error.to_string()))?)?;
    print::note(format!("{} weights in {}", Weights::count_of(&config.model), out.display()));
    Ok(())
}
