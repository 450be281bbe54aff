//! The trained models that come with Glasses, within the program, and a reader's own from a file.

use crate::failure::Failure;
use crate::input;
use glasses_contract::config::{Attention, Mix, Model, Origin, Position, Sink};
use glasses_contract::limits;
use glasses_engine::library::Library;
use glasses_engine::weights::Weights;
use std::path::Path;
use std::rc::Rc;

/// The files of www/weights, and perhaps one of the reader's own.
#[derive(Clone, Default)]
pub struct Shipped {
    /// The bytes of the model that links call `own`.
    own: Option<Rc<Vec<u8>>>,
}

impl Shipped {
    /// With the file that somebody gave as their own, which is read now: what is wrong with it is said before anything is computed.
    pub fn with(own: Option<&Path>) -> Result<Self, Failure> {
        let bytes = own.map(|path| input::read(path, most_bytes())).transpose()?;
        Ok(Self { own: bytes.map(Rc::new) })
    }
}

/// More than any model's file takes: eight bytes for each weight of the largest model, and its header.
fn most_bytes() -> u64 {
    const HEADER: u64 = 16 << 20;
    let largest = Model {
        layers: *limits::LAYERS.end(),
        heads: *limits::HEADS.end(),
        width: *limits::WIDTH.end(),
        position: Position::Learned,
        attention: Attention { mix: Mix::Differential, sink: Sink::Logit, ..Attention::default() },
        ..Model::default()
    };
    8 * Weights::count_of(&largest) + HEADER
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
        let bytes = self.own.as_ref().ok_or("The link is of a model of somebody's own: give its file with --model.")?;
        Ok(bytes.to_vec())
    }
}
