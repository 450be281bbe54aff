//! What the engine promises of its answers: the shared-prefix sweep equals one forward per n, estimates carry true error bars,
//! and the same configuration gives the same report, bit for bit on the CPU.

// A test ends with a panic where something is wrong.
#![allow(clippy::panic)]

use glasses_contract::Config;
use glasses_contract::config::{Metric, Norm, Position, Start, Which};
use glasses_contract::failure::Failure;
use glasses_contract::open;
use glasses_contract::question::{self, Answer, Question};
use glasses_contract::report::{AttentionMap, Distances, JacobianMethod, Sweep, SweepMethod};
use glasses_engine::experiment::{Engine, NoAnswer, Progress, Route, Stopped};
use glasses_engine::{NoProgress, device};
use glasses_tests::{admitted, answer, asks, config};
use std::cell::{Cell, RefCell};

asks! {
    pair Pair;
}

fn sweep(config: &Config, route: Route) -> Sweep {
    let mut engine = Engine::new(device::cpu());
    pollster::block_on(engine.sweep_by(config, route, &NoProgress)).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Both routes add the same numbers in another order. Representations are of order one, so f32 rounding of a few operations is
/// some 1e-6; a wrong key, place or row is off by 1e-2 and more.
const ROUNDING: f64 = 2e-5;

#[test]
fn the_shared_prefix_sweep_equals_one_forward_per_n() {
    let shapes = ["&layers=2&d=16&heads=2&max=24", "&layers=3&d=24&heads=3&max=17&norm=rms"];
    let inputs = [
        "a=1%5En&b=1%5E(n%2B1)",
        "a=1%5En0&b=1%5E(n%2B1)0",
        "a=1%5En0&b=1%5En1&suffix=%3D",
        "a=1%5En%7B,/3%7D&b=1%5E(n%2B1)%7B,/3%7D&suffix=!!",
        "a=%5B0-9%5D%5En1&b=%5B0-9%5D%5En11&prefix=count:%20",
        "a=(10)%5En&b=(01)%5En&bos=none",
        "a=0%5E(n-4)1%5En&b=1%5En",
        "a=ab&b=1%5En&bos=none&suffix=cd",
    ];
    let mut compared = 0;
    for position in ["none", "sinusoidal", "rotary", "alibi"] {
        for (input, shape) in inputs.iter().flat_map(|input| shapes.map(|shape| (input, shape))) {
            let config = config(&format!("v=1&{input}{shape}&pos={position}"));
            let [quick, slow] = [Route::SharedPrefix, Route::OneForwardEach].map(|route| sweep(&config, route));
            assert_eq!((quick.method, slow.method), (SweepMethod::SharedPrefix, SweepMethod::OneForwardEach));
            assert_eq!(quick.n, slow.n);
            for (quick, slow) in quick.stages.iter().zip(&slow.stages) {
                for (quick, slow) in quick.distances.iter().zip(&slow.distances) {
                    compared += 1;
                    assert!((quick.linf - slow.linf).abs() < ROUNDING, "{} {}: {quick:?} {slow:?}", open::encode(&config), compared);
                }
            }
            for (quick, slow) in quick.likeness.iter().zip(&slow.likeness) {
                for (quick, slow) in quick.cosine.iter().zip(&slow.cosine) {
                    assert!((quick - slow).abs() < ROUNDING, "{quick} {slow}");
                }
            }
            for (quick, slow) in quick.heads.iter().zip(&slow.heads) {
                for (quick, slow) in quick.get(Metric::Linf).iter().zip(slow.get(Metric::Linf)) {
                    assert!((quick.max - slow.max).abs() < ROUNDING && (quick.min - slow.min).abs() < ROUNDING);
                }
            }
        }
    }
    assert!(compared > 5000, "{compared} distances compared");
}

#[test]
fn the_likeness_is_the_cosine_of_two_representations() {
    // At n = 1 the first one's text is its first token alone, which sees nothing but itself.
    let first = "a=1%5E(n-1)&b=1%5En";
    for model in ["layers=2&d=16&heads=2&pos=rotary", "layers=3&d=24&heads=3&norm=rms&pos=alibi&sink=zero"] {
        for texts in [first, "a=1%5En0&b=1%5En1&suffix=%3D", "a=(10)%5En&b=(01)%5En"] {
            let of = |texts: &str| config(&format!("v=1&{texts}&{model}&max=12"));
            let read = |texts: &str| {
                let config = admitted(&of(texts));
                pollster::block_on(Engine::new(device::cpu()).representations(&config, &NoProgress)).expect("representations")
            };
            let (alone, all) = (read(first), read(texts));
            let width = of(texts).model.width;
            let found = sweep(&of(texts), Route::SharedPrefix).likeness;
            // Of each n there are A's stages and then B's.
            let of_n = 2 * found.len() * width;
            for (stage, curve) in found.iter().enumerate() {
                assert_eq!(curve.cosine.len(), 12);
                for (at, &cosine) in curve.cosine.iter().enumerate() {
                    let [x, y] = [&all.stages[at * of_n..], &alone.stages].map(|stages| &stages[stage * width..][..width]);
                    let dot = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum::<f64>();
                    let expected = dot(x, y) / (dot(x, x) * dot(y, y)).sqrt();
                    assert!((cosine - expected).abs() < ROUNDING, "{texts} {model} {stage} {at}: {cosine} {expected}");
                }
            }
        }
    }
}

#[test]
fn a_sweep_contains_the_pair() {
    let config = config("v=1&a=1%5En0&b=1%5E(n%2B2)0&n=11&max=16&pos=rotary&layers=2");
    let (pair, sweep) = (pair(&config), sweep(&config, Route::SharedPrefix));
    for (stage, curve) in pair.stages.iter().zip(&sweep.stages) {
        assert_eq!(stage.stage, curve.stage);
        assert!((stage.distances.linf - curve.distances[10].linf).abs() < ROUNDING);
    }
}

#[test]
fn long_sequences_go_through_in_blocks_with_the_same_numbers() {
    // 1,400 tokens × 4 heads make several blocks of queries; the sweep's tails at the same n make several of the batch.
    let config = config("v=1&a=1%5En0&b=1%5En1&suffix=%3D&n=1400&max=1400&layers=2&d=16&heads=4&pos=alibi");
    let (pair, sweep) = (pair(&config), sweep(&config, Route::SharedPrefix));
    for (stage, curve) in pair.stages.iter().zip(&sweep.stages) {
        let last: &Distances = &curve.distances[1399];
        assert!((stage.distances.linf - last.linf).abs() < ROUNDING, "{}: {:?} {last:?}", stage.stage, stage.distances);
    }
    let sums = pair.a.attention.weights.chunks(pair.a.attention.side).next_back().map(|row| row.iter().sum::<f64>());
    assert!(sums.is_some_and(|sum| sum > 0.0 && sum <= 1.0 + 1e-5), "only the end of the map is kept");
}

#[test]
fn attention_rows_sum_to_one_and_see_no_later_token() {
    for position in ["none", "rotary"] {
        let map = pair(&config(&format!("v=1&n=40&layer=3&head=2&pos={position}"))).b.attention;
        assert_eq!((map.side, map.first, map.layer, map.head), (42, 0, 3, 2));
        for (query, row) in map.weights.chunks(map.side).enumerate() {
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-5);
            assert!(row[query + 1..].iter().all(|&weight| weight == 0.0));
        }
    }
}

#[test]
fn the_last_token_s_attention_to_the_first_is_that_of_the_heads_maps() {
    for more in ["&n=9", "&n=9&sink=zero&pos=rotary", "&n=150"] {
        let of = |layer: usize, head: usize| pair(&config(&format!("v=1&layers=2&d=24&heads=3&layer={layer}&head={head}{more}")));
        for layer in 0..2 {
            let first = |head: usize| {
                let AttentionMap { side, first, weights, .. } = of(layer, head).b.attention;
                assert_eq!(first, 0, "the whole map is there");
                weights[(side - 1) * side]
            };
            let shares = [0, 1, 2].map(first);
            let mean = shares.iter().sum::<f64>() / 3.0;
            let (least, most) = (shares.iter().copied().fold(1.0, f64::min), shares.iter().copied().fold(0.0, f64::max));
            let found = of(0, 0).b;
            let lists = [&found.sink_by_layer, &found.sink_least_by_layer, &found.sink_most_by_layer];
            for (list, expected) in lists.into_iter().zip([mean, least, most]) {
                assert!(list.len() == 2 && (list[layer] - expected).abs() < 1e-6, "{list:?} {expected}");
            }
        }
    }
}

fn estimate(probes: usize) -> question::Sensitivity {
    question::Sensitivity { sequence: Which::A, method: JacobianMethod::Estimate { probes } }
}

#[test]
fn the_same_configuration_gives_the_same_report_bit_for_bit() {
    let config = config("v=1&a=%5B0-9%5D%5En&b=%5B0-9%5D%5E(n%2B1)&n=30&max=40&pos=sinusoidal");
    let questions =
        [Question::from(question::Pair), question::Sweep.into(), estimate(4).into(), question::Sensitivity::exact(Which::B).into()];
    for question in questions {
        // One engine that has seen other models before, one that has not.
        let mut engine = Engine::new(device::cpu());
        let mut other = config.clone();
        other.model.seed = 99;
        let _ = pollster::block_on(engine.answer(&admitted(&other), question::Pair, &NoProgress));
        let again =
            pollster::block_on(engine.answer(&admitted(&config), question, &NoProgress)).unwrap_or_else(|error| panic!("{error:?}"));
        let bytes = |answer: &Answer| glasses_contract::message::to_bytes(answer);
        assert!(bytes(&again).len() > 100);
        assert_eq!(bytes(&answer(&config, question)), bytes(&again), "{question:?}");
    }
}

#[test]
fn without_positions_and_bos_a_repeated_token_is_counted_by_nothing() {
    // Proposition: every value is the same vector, so any weights that sum to one give it back. What is left is rounding.
    let mut config = config("v=1&bos=none&n=50");
    let rounding = pair(&config).stages.iter().map(|stage| stage.distances.linf).fold(0.0, f64::max);
    assert!(rounding < 1e-5, "{rounding}");
    // The test can fail: a BOS token in front, and they differ.
    config.input.start = Start::Bos;
    assert!(
        pair(&config).stages.iter().all(|stage| stage.stage == glasses_contract::report::Stage::Embedding || stage.distances.linf > 1e-3)
    );
}

#[test]
fn estimates_agree_with_exact_norms_within_their_error_bars() {
    for (position, norm) in [(Position::None, Norm::Layer), (Position::Rotary, Norm::Rms)] {
        let mut config = config("v=1&a=%5B0-9%5D%5En&n=20&d=32&layers=3");
        (config.model.position, config.model.norm) = (position, norm);
        let exact = answer(&config, question::Sensitivity::exact(Which::A));
        let estimate = answer(&config, estimate(64));
        assert_eq!(estimate.full.method, JacobianMethod::Estimate { probes: 64 });
        for (exact, estimate) in [(&exact.full, &estimate.full), (&exact.frozen, &estimate.frozen)] {
            assert!(exact.standard_error.iter().all(|&error| error == 0.0));
            let deviations: Vec<f64> =
                (0..exact.norm.len()).map(|i| (estimate.norm[i] - exact.norm[i]).abs() / estimate.standard_error[i]).collect();
            // Over 21 tokens that share their probes: nearly all within two standard errors, none beyond five.
            assert!(deviations.iter().filter(|&&deviation| deviation > 2.0).count() <= 4, "{deviations:?}");
            assert!(deviations.iter().all(|&deviation| deviation < 5.0), "{deviations:?}");
        }
        assert_ne!(exact.full.norm, exact.frozen.norm, "freezing attention must make a difference");
    }
}

#[test]
fn what_is_too_much_is_refused_in_words() {
    let mut engine = Engine::new(device::cpu());
    let mut ask = |hash: &str, question: Question| pollster::block_on(engine.answer(&admitted(&config(hash)), question, &NoProgress));
    let long = ask("v=1&n=3000", question::Sensitivity::exact(Which::A).into());
    assert!(matches!(long, Err(NoAnswer::Failed(Failure::Refused(sentence))) if sentence.to_string().contains("1024")));
    let still = ask("v=1&a=1&b=2", question::Sweep.into());
    assert!(matches!(still, Err(NoAnswer::Failed(Failure::Refused(_)))));
    let wrong = ask("v=1&a=1%5E", question::Pair.into());
    assert!(matches!(wrong, Err(NoAnswer::Failed(Failure::Input(error))) if error.key == "a" && error.at == Some(1)));
}

/// Says stop after so many steps, and keeps what it was told.
struct StopAfter {
    steps: Cell<usize>,
    told: RefCell<Vec<f32>>,
}

impl Progress for StopAfter {
    async fn step(&self, done: f32) -> Result<(), Stopped> {
        self.told.borrow_mut().push(done);
        self.steps.set(self.steps.get().saturating_sub(1));
        if self.steps.get() == 0 { Err(Stopped) } else { Ok(()) }
    }
}

#[test]
fn an_answer_says_how_far_it_is_and_stops_when_told() {
    // The same model, and nothing that an engine could have kept of the first.
    let [first, second] = ["v=1&suffix=%3D&n=20&max=30&d=16", "v=1&suffix=%3D&n=20&max=31&d=16"].map(|link| admitted(&config(link)));
    for question in [Question::from(question::Pair), question::Sweep.into(), question::Sensitivity::exact(Which::A).into()] {
        let whole = StopAfter { steps: Cell::new(usize::MAX), told: RefCell::default() };
        let mut engine = Engine::new(device::cpu());
        assert!(pollster::block_on(engine.answer(&first, question, &whole)).is_ok());
        let told = whole.told.into_inner();
        assert!(told.len() > 4 && told.is_sorted() && told.iter().all(|done| (0.0..=1.001).contains(done)), "{question:?}: {told:?}");

        let short = StopAfter { steps: Cell::new(3), told: RefCell::default() };
        assert!(matches!(pollster::block_on(engine.answer(&second, question, &short)), Err(NoAnswer::Stopped)));
        assert_eq!(short.told.into_inner().len(), 3, "{question:?} went on after it was stopped");
    }
}
