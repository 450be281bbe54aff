//! How the tests ask the engine.

// A test ends with a panic where something is wrong.
#![allow(clippy::panic)]

use glasses_contract::config::Origin;
use glasses_contract::message::Question;
use glasses_contract::report::Part;
use glasses_contract::{Admitted, Config, Experiment, Sentence, admit, models, open};
use glasses_engine::library::Library;
use glasses_engine::{Engine, NoProgress, device};
use std::path::PathBuf;

/// The bytes of a file in www/weights.
pub fn weights_file(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../www/weights").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The models that come with the page.
struct Shipped;

impl Library for Shipped {
    async fn file(&self, origin: Origin) -> Result<Vec<u8>, Sentence> {
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
pub fn answer(config: &Experiment, question: Question) -> Part {
    let mut engine = Engine::with_library(device::cpu(), Shipped);
    let answer = pollster::block_on(engine.answer(&admitted(config), question, &NoProgress));
    answer.unwrap_or_else(|error| panic!("{}: {error:?}", open::encode(&config.clone().into())))
}

/// Functions that ask one question each, and know what kind of answer it has: `name Question Part Type;`.
#[macro_export]
macro_rules! asks {
    ($($name:ident $question:ident $part:ident $answer:ty;)*) => {
        $(fn $name(config: &glasses_contract::Experiment) -> $answer {
            match $crate::answer(config, glasses_contract::message::Question::$question) {
                glasses_contract::report::Part::$part(part) => part,
                other => panic!("{other:?}"),
            }
        })*
    };
}
