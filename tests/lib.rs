//! How the tests ask the engine.

// A test ends with a panic where something is wrong.
#![allow(clippy::panic)]

use glasses_contract::config::WeightsSource;
use glasses_contract::{Admitted, Config, Experiment, Sentence, admit, models, open};
use glasses_engine::experiment::Respond;
use glasses_engine::library::Library;
use glasses_engine::{Engine, NoProgress, device};
use std::path::PathBuf;

pub mod gguf;

/// The bytes of a file in www/weights.
pub fn weights_file(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../www/weights").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The models that come with the page.
struct Shipped;

impl Library for Shipped {
    async fn file(&self, origin: WeightsSource) -> Result<Vec<u8>, Sentence> {
        let trained = models::trained(origin).ok_or_else(|| Sentence::verbatim("no such model"))?;
        Ok(weights_file(&trained.file()))
    }
}

/// The state that a link opens, without a note.
pub fn config(link: &str) -> Config {
    let (config, warnings) = open::decode(link);
    assert_eq!(warnings, vec![], "{link}");
    config
}

/// An experiment as an engine takes it.
pub fn admitted(config: &Experiment) -> Admitted {
    admit(config.clone()).0
}

/// What the CPU engine answers.
pub fn answer<Q: Respond>(config: &Experiment, question: Q) -> Q::Answer {
    let mut engine = Engine::with_library(device::cpu(), Shipped);
    let answer = pollster::block_on(engine.answer(&admitted(config), question, &NoProgress));
    answer.unwrap_or_else(|error| panic!("{}: {error:?}", open::encode(&config.clone().into())))
}

/// Functions that ask one question each: `name Question;`.
#[macro_export]
macro_rules! asks {
    ($($name:ident $question:ident;)*) => {
        $(fn $name(config: &glasses_contract::Experiment) -> <glasses_contract::question::$question as glasses_contract::question::Ask>::Answer {
            $crate::answer(config, glasses_contract::question::$question)
        })*
    };
}
