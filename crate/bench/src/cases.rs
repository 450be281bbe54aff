//! Cases that run natively and in a browser alike: the engine beside a naive model of the same shape, and its answers beside their
//! slow ways. Ratios within one run are what counts; the machine decides the rest.

use glasses_contract::admit;
use glasses_contract::alphabet::{Token, token};
use glasses_contract::config::{Experiment, Format, Model, Which};
use glasses_contract::question::{self, Sensitivity};
use glasses_engine::NoProgress;
use glasses_engine::device::{self, TensorSpec};
use glasses_engine::experiment::{Engine, Respond, Route};
use glasses_engine::hook::NoHook;
use glasses_engine::precision::Rounding;
use glasses_engine::transformer::Transformer;
use glasses_engine::weights::Weights;

use crate::naive::Naive;

/// Something whose time is taken.
pub struct Case {
    /// What it is.
    pub name: String,
    /// Whether a run takes seconds.
    pub is_slow: bool,
    /// One run.
    pub run: Box<dyn FnMut()>,
}

/// All cases, the slow ones last.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name: String, is_slow, run| cases.push(Case { name, is_slow, run });
    for tokens in [16, 64, 256, 1024] {
        add(format!("forward, {tokens} tokens"), false, forward(Model::default(), tokens));
        add(format!("forward, {tokens} tokens, naive"), false, naive_forward(tokens));
    }
    for tokens in [16, 256] {
        add(format!("forward, {tokens} tokens, wider and deeper"), false, forward(wider(), tokens));
    }
    let mut rounded = Model::default();
    (rounded.formats.activations, rounded.formats.attention) = (Format::Bf16, Format::Bf16);
    add("forward, 256 tokens, rounded to bf16".into(), false, forward(rounded, 256));
    add("exact Jacobian, 64 tokens".into(), false, jacobian(64));
    add("sweep to 512".into(), false, sweep(512, Route::SharedPrefix));
    for tokens in [64, 256, 1000] {
        let name = format!("a key behind {tokens} tokens");
        add(format!("{name}, both sequences read"), false, typing(tokens, Edited::End, question::Pair));
        add(format!("{name}, both sequences read, the first token changed"), false, typing(tokens, Edited::Start, question::Pair));
        add(format!("{name}, sensitivity estimated"), tokens > 64, typing(tokens, Edited::End, question::Sensitivity::estimate(Which::B)));
    }
    add("exact Jacobian, 256 tokens".into(), true, jacobian(256));
    add("sweep to 512, one forward for each n".into(), true, sweep(512, Route::OneForwardEach));
    add("sweep to 4096".into(), true, sweep(4096, Route::SharedPrefix));
    cases
}

/// 256 wide, with 6 layers of 8 heads.
fn wider() -> Model {
    Model { width: 256, layers: 6, heads: 8, ..Model::default() }
}

fn ones(count: usize) -> Vec<Token> {
    token('1').into_iter().cycle().take(count).collect()
}

/// Runs whatever an operation left to do, and reads a number of what came out, as every answer does.
fn finish(x: burn::tensor::Tensor<3>) {
    let total = pollster::block_on(device::read(vec![x.sum()])).unwrap_or_default();
    assert!(total.iter().flatten().all(|value| value.is_finite()), "a benchmark of numbers that are none measures nothing");
}

fn forward(model: Model, tokens: usize) -> Box<dyn FnMut()> {
    let spec = TensorSpec::single(&device::cpu().device);
    let transformer = Transformer::new(&model, &Weights::draw(&model), &spec).ok();
    let sequence = ones(tokens);
    Box::new(move || {
        let Some(transformer) = &transformer else { return };
        let read = match model.formats.is_plain() {
            true => pollster::block_on(transformer.read(&[&sequence], &mut NoHook, &NoProgress)),
            false => pollster::block_on(transformer.read(&[&sequence], &mut Rounding::of(&model.formats), &NoProgress)),
        };
        read.into_iter().for_each(finish);
    })
}

fn naive_forward(tokens: usize) -> Box<dyn FnMut()> {
    let model = Naive::new(&Model::default(), &device::cpu().device);
    let sequence = ones(tokens);
    Box::new(move || finish(model.forward(&sequence)))
}

fn jacobian(tokens: usize) -> Box<dyn FnMut()> {
    let mut config = Experiment::default();
    config.input.n = tokens - 1;
    let question = Sensitivity::exact(config.view.sequence);
    let (config, mut engine) = (admit(config).0, Engine::new(device::cpu()));
    Box::new(move || assert!(pollster::block_on(engine.answer(&config, question, &NoProgress)).is_ok()))
}

fn sweep(max_n: usize, route: Route) -> Box<dyn FnMut()> {
    let mut config = Experiment::default();
    config.input.max_n = max_n;
    let mut engine = Engine::new(device::cpu());
    Box::new(move || assert!(pollster::block_on(engine.sweep_by(&config, route, &NoProgress)).is_ok()))
}

/// The key whose answer is compared with that of an engine that was asked nothing before.
const CHECKED: usize = 4;

/// Where somebody types.
#[derive(Clone, Copy)]
enum Edited {
    End,
    Start,
}

/// What a question about two texts of so many letters takes after each key. The texts differ from their first letter on, so that neither is read along
/// with the other.
fn typing<Q: Respond + 'static>(tokens: usize, edited: Edited, question: Q) -> Box<dyn FnMut()>
where
    Q::Answer: PartialEq,
{
    let letters = |from: usize, count: usize| (from..from + count).map(|at| char::from(b'a' + (at * at % 26) as u8)).collect::<String>();
    let state = move |keys: usize| {
        let mut config = Experiment::default();
        [config.input.a, config.input.b] = [2, 3].map(|first| match edited {
            Edited::End => letters(first, tokens + keys),
            Edited::Start => format!("{}{}", keys % 10, letters(first, tokens + keys - 1)),
        });
        admit(config).0
    };
    let (mut engine, mut keys) = (Engine::new(device::cpu()), 0);
    Box::new(move || {
        keys += 1;
        let answer = pollster::block_on(engine.answer(&state(keys), question, &NoProgress));
        assert!(answer.is_ok());
        // Here as natively: what is kept changes no bit. The first rounds are not counted.
        if keys == CHECKED {
            let anew = pollster::block_on(Engine::new(device::cpu()).answer(&state(keys), question, &NoProgress));
            assert!(answer.ok() == anew.ok(), "an answer depends on what was asked before");
        }
    })
}
