//! The trained models that come with Glasses, within the program, and a reader's own from a file.

use glasses_contract::config::Origin;
use glasses_contract::{limits, models};
use glasses_engine::library::Library;
use glasses_engine::model_file::{Header, LENGTH_BYTES};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The files of www/weights, and perhaps one of the reader's own.
#[derive(Clone)]
pub struct Shipped {
    /// The file of the model that links call `own`.
    pub own: Option<PathBuf>,
}

macro_rules! files {
    ($($origin:ident $file:literal;)*) => {
        const FILES: &[(Origin, &[u8])] = &[$((Origin::$origin, include_bytes!(concat!("../../../www/weights/", $file)))),*];
    };
}

files! {
    Rotary "rotary.safetensors";
    Sinusoidal "sinusoidal.safetensors";
    Alibi "alibi.safetensors";
    NoPositions "nopos.safetensors";
    Scalable "scalable.safetensors";
    Sigmoid "sigmoid.safetensors";
    Commas "commas.safetensors";
}

impl Library for Shipped {
    async fn file(&self, origin: Origin) -> Result<Vec<u8>, String> {
        if let Some((_, bytes)) = FILES.iter().find(|(known, _)| *known == origin) {
            return Ok(bytes.to_vec());
        }
        let path = self.own.as_ref().ok_or("The link is of a model of somebody's own: give its file with --model.")?;
        read(path)
    }

    fn name(&self, origin: Origin) -> String {
        match (models::trained(origin), &self.own) {
            (Some(trained), _) => trained.file(),
            (None, Some(path)) => path.display().to_string(),
            (None, None) => "The model's file".into(),
        }
    }
}

/// Reads a model's file: its size and its header first, so that nothing else of what is no model is in memory.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    let unreadable = |error: std::io::Error| format!("{} could not be read: {error}.", path.display());
    let unusable = |why: &dyn std::fmt::Display| format!("{} can't be used: {why}.", path.display());
    let mut file = File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    if let Some(why) = limits::too_large_for_a_model(size) {
        return Err(unusable(&why));
    }
    let mut bytes = Vec::new();
    file.by_ref().take(LENGTH_BYTES as u64).read_to_end(&mut bytes).map_err(unreadable)?;
    let length = Header::length(&bytes, size).map_err(|why| unusable(&why))?;
    file.by_ref().take(length as u64).read_to_end(&mut bytes).map_err(unreadable)?;
    Header::read(&bytes[LENGTH_BYTES..], size).map_err(|why| unusable(&why))?;
    file.take(size).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}
