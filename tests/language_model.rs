//! Language models: the reader of their files, the tokenizer and the transformer that they are, against independent implementations.
//!
//! The small model is written here. Where `cargo xtask model` has fetched SmolLM2-135M-Instruct, the same is asked of it, and its numbers are held
//! against those of an independent implementation; where it has not, that is said.

// A test ends with a panic where something is wrong.
#![allow(clippy::panic)]

#[path = "language_model/chat.rs"]
mod chat;
#[path = "language_model/claims.rs"]
mod claims;
#[path = "language_model/cures.rs"]
mod cures;
#[path = "language_model/hub.rs"]
mod hub;
#[path = "language_model/naive.rs"]
mod naive;
#[path = "language_model/refused.rs"]
mod refused;
#[path = "language_model/smollm2.rs"]
mod smollm2;
#[path = "language_model/steps.rs"]
mod steps;

use glasses_contract::alphabet::Token;
use glasses_contract::failure::Failure;
use glasses_contract::{open, question};
use glasses_engine::block::BlockType;
use glasses_engine::device::{self, TensorSpec};
use glasses_engine::experiment::{NoAnswer, Route};
use glasses_engine::hook::NoHook;
use glasses_engine::language_model::LanguageModel;
use glasses_engine::tokenizer::Tokenizer;
use glasses_engine::transformer::Transformer;
use glasses_engine::{Engine, NoProgress};
use glasses_tests::gguf::small_model;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::rc::Rc;

/// Facts of a file beside this one.
fn facts(text: &str) -> Value {
    serde_json::from_str(text).expect("facts")
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().into_iter().flatten().map(|number| number.as_f64().expect("a number")).collect()
}

/// Numbers that single precision holds: a reader of JSON may be off by the last digit of a double.
fn singles(list: &Value) -> Vec<f32> {
    numbers(list).into_iter().map(|number| number as f32).collect()
}

fn tokens(list: &Value) -> Vec<Token> {
    numbers(list).into_iter().map(|number| Token(number as u32)).collect()
}

fn opened(file: Vec<u8>) -> Rc<LanguageModel> {
    Rc::new(LanguageModel::open(file).unwrap_or_else(|why| panic!("the file can't be used: {why}")))
}

/// An engine that has this file.
fn engine(language_model: &Rc<LanguageModel>) -> Engine<Rc<LanguageModel>> {
    Engine::with_library(device::cpu(), language_model.clone())
}

fn transformer(language_model: &Rc<LanguageModel>, spec: &TensorSpec) -> Transformer {
    language_model.transformer(language_model.model(), spec).expect("its own model")
}

/// y and the logits of the last token.
fn last(transformer: &Transformer, sequence: &[Token]) -> [Vec<f64>; 2] {
    let y = pollster::block_on(transformer.read(&[sequence], &mut NoHook, &NoProgress)).expect("nobody says stop");
    let y = y.narrow(1, sequence.len() - 1, 1);
    let logits = transformer.logits(y.clone(), &mut NoHook);
    let read = pollster::block_on(device::read(vec![y.flatten(0, 2), logits.flatten(0, 2)])).expect("numbers");
    read.try_into().expect("two lists")
}

fn greatest_difference(one: &[f64], other: &[f64]) -> f64 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(one, other)| (one - other).abs()).fold(0.0, f64::max)
}

#[test]
fn blocks_hold_the_numbers_that_another_reader_finds_in_them() {
    for fact in facts(include_str!("language_model/blocks.json"))["blocks"].as_array().expect("blocks") {
        let name = fact["type"].as_str().expect("a name");
        let of = BlockType::ALL.into_iter().find(|of| of.name() == name).expect("a type that is read");
        let hex = fact["hex"].as_str().expect("bytes");
        let bytes: Vec<u8> = (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("a byte")).collect();
        let mut values = vec![0.0_f32; bytes.len() / of.bytes() * of.values()];
        of.read(&bytes, &mut values);
        assert_eq!(values[..4].to_vec(), singles(&fact["first"]), "{name}");
        let digest = Sha256::digest(values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>());
        assert_eq!(
            digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
            fact["sha256"].as_str().expect("a digest"),
            "{name}"
        );
    }
}

#[test]
fn a_small_model_computes_what_plain_loops_compute() {
    let language_model = opened(small_model().bytes());
    let model = language_model.model();
    assert_eq!((model.layers, model.heads, model.width, model.key_value_heads(), model.hidden_width()), (2, 4, 256, 2, 512));
    let sequence = language_model.tokenizer().tokens("On the one hand  they sing, 12\nthe the");
    let expected = naive::logits(&language_model, &small_model().bytes(), &sequence);
    let spec = TensorSpec::double(&device::cpu().device);
    let [_, logits] = last(&transformer(&language_model, &spec), &sequence);
    let size = expected.iter().fold(0.0_f64, |most, logit| most.max(logit.abs()));
    let off = greatest_difference(&logits, &expected);
    // Angles and sums are taken in double precision on both sides.
    assert!(size > 1.0 && off < 1e-9 * size, "{off} of {size}");
    let [_, single] = last(&transformer(&language_model, &TensorSpec::single(&device::cpu().device)), &sequence);
    assert!(greatest_difference(&single, &expected) < 1e-4 * size);
}

#[test]
fn tokens_of_the_small_model_are_those_of_its_merges() {
    let language_model = opened(small_model().bytes());
    let tokenizer = language_model.tokenizer();
    let shown = |text: &str| tokenizer.labels(&tokenizer.tokens(text)).join("|");
    assert_eq!(shown("the one thing"), "t|he|␣one|␣t|h|ing");
    assert_eq!(shown("     the 12"), "␣␣␣␣|␣the|␣|1|2");
    assert_eq!(shown("a\nb<|im_end|>"), "a|⏎|b|<|||i|m|_|e|n|d|||>");
    for text in ["", "the one", "é 日本 🙂\t\n", "<|im_end|> 'll 123"] {
        assert_eq!(tokenizer.text(&tokenizer.tokens(text)), text);
    }
    // A byte that no token stands for is left out, and keeps its neighbours apart.
    assert_eq!(shown("o\0n"), "o|n");
    assert_eq!((tokenizer.token("<|im_start|>"), tokenizer.start(), tokenizer.end()), (Some(Token(1)), Some(Token(1)), Some(Token(2))));
}

#[test]
fn a_link_names_its_file_and_no_other_model_is_shown_in_its_place() {
    let language_model = opened(small_model().bytes());
    let file = language_model.model().file.expect("a file").to_string();
    let link = format!("v=1&model={file}&a=(%20the)^n&b=(%20the)^(n%2B1)&suffix=%0A%F0%9F%99%82&layer=1&max=12&n=3");
    let (config, _, notes) = open::admitted_on(&link, language_model.model()).expect("its own link");
    assert_eq!((notes, config.model.layers, config.view.layer), (vec![], 2, 1));
    let mut engine = engine(&language_model);
    let pair = pollster::block_on(engine.answer(&config, question::Pair, &NoProgress)).expect("an answer");
    assert_eq!((pair.a.next.len(), pair.labels.is_empty()), (language_model.tokenizer().size(), false));
    // As in tiny models, what the sequences share is computed once.
    let mut sweep = |route| pollster::block_on(engine.sweep_by(&config, route, &NoProgress)).expect("a sweep");
    let (shared, each) = (sweep(Route::SharedPrefix), sweep(Route::OneForwardEach));
    assert_ne!(shared.method, each.method);
    for (one, other) in shared.stages.iter().zip(&each.stages).flat_map(|(one, other)| one.distances.iter().zip(&other.distances)) {
        assert!((one.linf - other.linf).abs() < 1e-4, "{one:?} {other:?}");
    }
    // Nobody else answers: neither an engine without the file nor this one about another.
    let other = "v=1&model=00000000".to_string();
    assert!(open::admitted_on(&other, language_model.model()).is_err_and(|why| why.to_string().contains(&file)));
    for link in [&link, &other] {
        let (config, ..) = open::admitted(link);
        let failed = pollster::block_on(Engine::new(device::cpu()).answer(&config, question::Pair, &NoProgress));
        assert!(matches!(failed, Err(NoAnswer::Failed(Failure::Refused(_)))), "{failed:?}");
    }
    // What needs plain weights or the alphabet of characters says so.
    let search = pollster::block_on(engine.answer(&config, question::Search, &NoProgress));
    assert!(matches!(search, Err(NoAnswer::Failed(Failure::Refused(_)))), "{search:?}");
}
