//! The configuration: whatever a link opens, at a small size, every question about it has an answer or a reason, and no number is lost on the
//! way.

use crate::knock;
use glasses_contract::config::{Published, Which};
use glasses_contract::controls::{CONTROLS, Group, Kind};
use glasses_contract::question::{
    Answer, Answers, Comparison, LengthGeneralization, Meeting, Pair, Question, Reference, Search, Sensitivity, Separators, Simulation, Sweep, Theory,
};
use glasses_contract::report::JacobianMethod;
use glasses_contract::{Admitted, Experiment, admit, open, message};
use glasses_engine::experiment::NoAnswer;
use glasses_engine::{Engine, NoProgress, device};
use proptest::collection::vec;
use proptest::prelude::*;

/// Texts that take every branch of a sweep: shared, left at the end, shared by nothing, empty at some n, with separators, of a task.
const TEXTS: [&str; 12] = [
    "1^n",
    "1^(n+1)",
    "1^nx",
    "1^nxx",
    "[01]^n0",
    "[01]^n00",
    "0^n1^n",
    "1^(n-3)",
    "1^n{,/k}",
    "1^(n+1){,/k}",
    "(10)^n",
    "x",
];

/// A choice of the model, the sequences or the view: any of its words, or a number near the ends of its range.
fn choices() -> impl Strategy<Value = (String, String)> {
    let is_chosen = |group| matches!(group, Group::Model | Group::Attention | Group::Formats | Group::Sequences | Group::View);
    let kept = |key| !["a", "b", "n", "max", "layers", "heads", "d", "weights"].contains(&key);
    let numbers = || ["0", "0.5", "1", "2", "3", "7.5", "10", "16", "100", "1000", "4096", "-1"].map(String::from).to_vec();
    let chosen = CONTROLS.iter().filter(|control| is_chosen(control.group) && kept(control.key));
    let values: Vec<(String, Vec<String>)> = chosen
        .map(|control| match &control.kind {
            Kind::Words(words) => (control.key.to_string(), words.iter().map(|entry| entry.word.to_string()).collect()),
            _ => (control.key.to_string(), numbers()),
        })
        .collect();
    proptest::sample::select(values).prop_flat_map(|(key, values)| (Just(key), proptest::sample::select(values)))
}

/// Links of tiny models with anything switched on, and tiny sequences.
fn configurations() -> impl Strategy<Value = Admitted> {
    let text = || proptest::sample::select(&TEXTS[..]);
    let shape = (1..4_usize, 1..5_usize, 4..13_usize, 1..7_usize, 1..9_usize);
    (vec(choices(), 0..9), text(), text(), shape).prop_map(|(choices, a, b, (layers, heads, width, n, max))| {
        let choices: Vec<String> = choices.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
        let (mut config, _) = open::decode(&format!("v=1&{}", choices.join("&")));
        (config.model.layers, config.model.heads, config.model.width) = (layers, heads, width);
        (config.input.a, config.input.b, config.input.n, config.input.max_n) = (a.into(), b.into(), n, max);
        admit(config.experiment).0
    })
}

/// All that may be asked, whether it applies or not.
fn questions(config: &Experiment) -> Vec<Question> {
    let sequence = config.view.sequence;
    let other = if sequence == Which::A { Which::B } else { Which::A };
    vec![
        Pair.into(),
        Sweep.into(),
        Meeting.into(),
        Reference.into(),
        Sensitivity { sequence, method: JacobianMethod::Estimate { probes: 2 } }.into(),
        Sensitivity::exact(other).into(),
        Theory.into(),
        Comparison.into(),
        Separators.into(),
        Search.into(),
        Simulation(Published::Fig5a).into(),
        Answers.into(),
        LengthGeneralization.into(),
    ]
}

#[test]
fn every_question_about_what_a_link_opens_has_an_answer_or_a_reason() {
    knock(200, configurations(), |config| {
        let mut engine = Engine::new(device::cpu());
        for question in questions(&config) {
            match pollster::block_on(engine.answer(&config, question, &NoProgress)) {
                // What is not finite survives the way to the page and to a file.
                Ok(part) => {
                    let bytes = message::to_bytes(&part);
                    prop_assert!(message::from_bytes::<Answer>(&bytes).is_ok(), "{question:?}: {}", open::encode(&config.clone().into_inner().into()));
                    let text = serde_json::to_string(&part).map_err(|error| TestCaseError::fail(error.to_string()))?;
                    let is_rounded = !config.model.formats.is_plain();
                    // Only a format whose numbers end early, or a cosine of a zero vector, gives what is no number.
                    let words = ["\"Infinity\"", "\"-Infinity\""];
                    prop_assert!(is_rounded || words.iter().all(|word| !text.contains(word)), "{question:?}: {}", open::encode(&config.clone().into_inner().into()));
                }
                Err(NoAnswer::Failed(failure)) => prop_assert!(!failure.to_string().is_empty()),
                Err(NoAnswer::Stopped) => prop_assert!(false, "nobody said stop"),
            }
        }
        Ok(())
    });
}
