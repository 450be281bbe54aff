//! The trained models that come with Glasses, within the program, and a reader's own from a file.

use glasses_contract::config::Origin;
use glasses_engine::library::Library;

/// The files of www/weights.
pub struct Shipped;

macro_rules! files {
    ($($origin:ident $file:literal;)*) => {
        const FILES: &[(Origin, &[u8])] = &[$((Origin::$origin, include_bytes!(concat!("../../../www/weights/", $file)))),*];
    };
}

files! {
    Rotary "rotary.safetensors";
    Alibi "alibi.safetensors";
}

impl Library for Shipped {
    async fn file(&self, origin: Origin) -> Result<Vec<u8>, String> {
        match FILES.iter().find(|(known, _)| *known == origin) {
            Some((_, bytes)) => Ok(bytes.to_vec()),
            None => Err("A model of one's own lives in a browser: save it there as a file, and give the file with --model.".into()),
        }
    }
}
