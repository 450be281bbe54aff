//! The trained models that come with Glasses, within the program, and a reader's own from a file.

use glasses_contract::config::Origin;
use glasses_engine::library::Library;
use std::path::PathBuf;

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
        std::fs::read(path).map_err(|error| format!("{} could not be read: {error}.", path.display()))
    }
}
