//! A language model whose blocks are on a graphics processor beside the same model on the CPU.

use super::GPU;
use glasses_contract::alphabet::Token;
use glasses_contract::config::Format;
use glasses_contract::question::{self, Answer, Ask, Question, Topic};
use glasses_contract::{Admitted, open};
use glasses_engine::block::BlockType;
use glasses_engine::device::{self, Compute, TensorSpec, cpu};
use glasses_engine::hook::{Hook, NoHook, Recorder};
use glasses_engine::language_model::LanguageModel;
use glasses_engine::tokenizer::Tokenizer;
use glasses_engine::{Engine, NoProgress};
use std::rc::Rc;

#[allow(dead_code, reason = "other tests have need of the rest")]
#[path = "../../../../tests/gguf.rs"]
mod gguf;

/// Sums of some hundred terms in f32, added in another order, through two layers.
const TOLERANCE: f64 = 1e-4;

fn opened(types: &[BlockType]) -> Rc<LanguageModel> {
    Rc::new(LanguageModel::open(gguf::small_model_of(types).bytes()).expect("a small model"))
}

/// The logits of all tokens.
fn logits(of: &Rc<LanguageModel>, weights: Format, sequence: &[Token], compute: &Compute, hook: &mut impl Hook) -> Vec<f64> {
    let mut model = of.model().clone();
    model.formats.weights = weights;
    let transformer = of.transformer(&model, &TensorSpec::single(&compute.device)).expect("its own model");
    let y = pollster::block_on(transformer.read(&[sequence], hook, &NoProgress)).expect("nobody stops it");
    let logits = transformer.logits(y, &mut NoHook).flatten(0, 2);
    pollster::block_on(device::read(vec![logits])).expect("numbers").remove(0)
}

/// That two lists have the same numbers, but for the order of what was added.
fn assert_close(found: &[f64], truth: &[f64], what: &str) {
    let size = truth.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    let off = found.iter().zip(truth).map(|(found, truth)| (found - truth).abs()).fold(0.0, f64::max);
    assert!(found.len() == truth.len() && off <= TOLERANCE * size && found.iter().all(|x| x.is_finite()), "{what}: {off} of {size}");
}

#[test]
fn logits_are_those_of_the_cpu_for_every_type_of_blocks_and_any_number_of_rows() {
    for types in BlockType::ALL.iter().map(std::slice::from_ref).chain([&BlockType::ALL[..]]) {
        let language_model = opened(types);
        let sequence = language_model.tokenizer().tokens("On the one hand  they sing, 12\nthe the");
        for tokens in [1, 5, sequence.len()] {
            for weights in [Format::default(), Format::Bf16] {
                let [truth, found] = [&cpu(), &*GPU].map(|on| logits(&language_model, weights, &sequence[..tokens], on, &mut NoHook));
                let what = format!("{types:?}, {tokens} tokens, {weights:?}");
                assert_close(&found, &truth, &what);
                // What is looked at at every site is made by one operation after the other.
                assert_close(&logits(&language_model, weights, &sequence[..tokens], &GPU, &mut Recorder::new(|_| true)), &truth, &what);
            }
        }
    }
}

/// What an answer says of when two vectors round to the same one: where their distance is of the size of rounding, adding in another order decides.
const OF_ROUNDING: [&str; 2] = ["collapse", "identical_in"];

/// All numbers of an answer, and all that is none.
fn parted(answer: &serde_json::Value, numbers: &mut Vec<f64>, rest: &mut Vec<String>) {
    match answer {
        serde_json::Value::Number(number) => numbers.extend(number.as_f64()),
        serde_json::Value::Array(all) => all.iter().for_each(|one| parted(one, numbers, rest)),
        serde_json::Value::Object(all) => {
            all.iter().filter(|(key, _)| !OF_ROUNDING.contains(&key.as_str())).for_each(|(_, one)| parted(one, numbers, rest));
        }
        other => rest.push(other.to_string()),
    }
}

fn ask(of: &Rc<LanguageModel>, config: &Admitted, question: Question, compute: &Compute) -> Option<Answer> {
    let mut engine = Engine::with_library(compute.clone(), of.clone());
    pollster::block_on(engine.answer(config, question, &NoProgress)).ok()
}

#[test]
fn every_question_has_the_answer_of_the_cpu() {
    let language_model = opened(&BlockType::ALL);
    let file = language_model.model().file.expect("a file");
    let link = format!("v=1&model={file}&bos=none&a=the%20(one%20)^n&b=the%20(one%20)^(n%2B1)&suffix=sing&max=12&n=4");
    let config = open::admitted_on(&link, language_model.model()).expect("its own link").0;
    let mut compared = Vec::new();
    for question in Question::raised(&config).into_iter().filter(|question| question.when() != question::When::Request) {
        // The plane of the meeting is turned and mirrored as it comes.
        if question.topic() == Topic::Meeting {
            continue;
        }
        let Some(truth) = ask(&language_model, &config, question, &cpu()) else { continue };
        let Some(found) = ask(&language_model, &config, question, &GPU) else { continue };
        let [(found, words), (truth, same)] = [found, truth].map(|answer| {
            let (mut numbers, mut rest) = (Vec::new(), Vec::new());
            parted(&serde_json::to_value(answer).expect("an answer"), &mut numbers, &mut rest);
            (numbers, rest)
        });
        assert_eq!(words, same, "{question:?}");
        assert_close(&found, &truth, &format!("{question:?}"));
        compared.push(format!("{:?}", question.topic()));
    }
    assert_eq!(compared, ["Tokens", "Pair", "Sweep", "Sensitivity", "Theory", "Comparison", "Continuation"]);
}
