//! The engine against an independent float64 implementation: every number in reference/expected, case by case.
//!
//! How the numbers and their tolerances were made is told in reference/README.md. With `--nocapture` each test says how much
//! of its tolerances it used.

// A test ends with a panic where something is wrong.
#![allow(clippy::panic)]

use glasses_contract::config::{Config, Mask, Metric, Norm, Position, Which};
use glasses_contract::controls::{CONTROLS, Group, Kind};
use glasses_contract::question;
use glasses_contract::report::{Distances, HeadCurve, Pair, Reading, Sensitivity, Spread, Stage, Sweep};
use glasses_contract::{Choice, open};
use glasses_engine::experiment::Respond;
use glasses_engine::experiment::Route;
use glasses_engine::weights::Weights;
use glasses_engine::{Engine, NoProgress, device};
use glasses_tests::admitted;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// One case: a link, and what float64 says of it.
#[derive(Deserialize)]
struct Case {
    case: String,
    link: String,
    /// SHA-256 of the numbers in the weights file, behind its header.
    weights_sha256: String,
    /// Whether the two sequences are the same to the model in exact arithmetic, so that every distance is zero.
    identical: bool,
    n: usize,
    tokens: ByWhich<usize>,
    stages: Vec<AtStage>,
    heads: Vec<Vec<Compared>>,
    next: Rows,
    attention: Attention,
    sweep: Vec<AtN>,
    sensitivity: Option<Sensitivities>,
}

#[derive(Deserialize)]
struct ByWhich<T> {
    a: T,
    b: T,
}

/// The distances of two vectors, and for each how far rounding may move it.
#[derive(Deserialize)]
struct Compared {
    distances: Distances,
    floor: Distances,
}

#[derive(Deserialize)]
struct AtStage {
    stage: Stage,
    #[serde(flatten)]
    compared: Compared,
}

#[derive(Deserialize)]
struct Rows {
    #[serde(flatten)]
    rows: ByWhich<Vec<f64>>,
    relative: f64,
}

#[derive(Deserialize)]
struct Attention {
    layer: usize,
    head: usize,
    #[serde(flatten)]
    last: Rows,
    /// What a weight may be off by besides: more than nothing where it is cut off or a difference.
    floor: f64,
}

#[derive(Deserialize)]
struct AtN {
    n: usize,
    stages: Vec<AtStage>,
    heads: Vec<Spreads>,
}

/// The spread over a layer's heads, for each distance.
#[derive(Deserialize)]
struct Spreads {
    l1: Spread,
    l2: Spread,
    linf: Spread,
    cosine: Spread,
    floor: Distances,
}

#[derive(Deserialize)]
struct Sensitivities {
    sequence: Which,
    full: Norms,
    frozen: Norms,
}

#[derive(Deserialize)]
struct Norms {
    norm: Vec<f64>,
    floor: f64,
}

#[test]
fn the_cases_cover_every_position_scheme_with_every_norm() {
    let models: BTreeSet<_> =
        cases().iter().map(|case| config(case).experiment.model).map(|model| (model.position.word(), model.norm.word())).collect();
    let all = Position::ALL.iter().flat_map(|position| Norm::ALL.iter().map(|norm| (position.word(), norm.word())));
    assert_eq!(models, all.collect());
}

#[test]
fn the_cases_cover_every_choice_of_the_model() {
    let configs: Vec<_> = cases().iter().map(config).collect();
    // Not the formats: what is rounded to them is compared bit by bit, elsewhere. Not the weights: trained ones go through the same model.
    let parts = CONTROLS.iter().filter(|control| matches!(control.group, Group::Model | Group::Attention));
    for control in parts.filter(|control| control.key != "weights") {
        let Kind::Words(words) = &control.kind else { continue };
        let chosen: BTreeSet<_> = configs.iter().map(|config| (control.write)(config)).collect();
        let all = words.iter().map(|entry| entry.word.to_string());
        assert_eq!(chosen, all.collect(), "{}", control.key);
    }
}

/// Where this fails the weights have changed, and with them every other number: regenerate. Where only others fail, the maths has.
#[test]
fn the_weights_are_those_that_the_numbers_were_computed_with() {
    for case in cases() {
        let file = Weights::draw(&config(&case).model).to_safetensors([]).expect("consistent arrays");
        let header = u64::from_le_bytes(file[..8].try_into().expect("eight bytes")) as usize;
        let found: String = Sha256::digest(&file[8 + header..]).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found, case.weights_sha256, "{}", case.case);
    }
}

#[test]
fn pairs_agree() {
    let mut ledger = Ledger::default();
    for case in cases() {
        ledger.open(&case);
        let pair = pair(&case);
        assert_eq!(pair.n, case.n, "{}", case.case);
        assert_eq!((pair.a.tokens.len(), pair.b.tokens.len()), (case.tokens.a, case.tokens.b), "{}", case.case);
        let found: Vec<_> = pair.stages.iter().map(|stage| (stage.stage, stage.distances)).collect();
        ledger.stages(&case, "pair", &found, &case.stages);
        assert_eq!(pair.heads.len(), case.heads.len(), "{}", case.case);
        for (layer, (found, expected)) in pair.heads.iter().zip(&case.heads).enumerate() {
            assert_eq!(found.len(), expected.len(), "{}", case.case);
            for (head, (found, expected)) in found.iter().zip(expected).enumerate() {
                ledger.distances(&format!("pair, head {head} of layer {layer}"), "head output", *found, expected);
            }
        }
        for (reading, next, attention) in
            [(&pair.a, &case.next.rows.a, &case.attention.last.rows.a), (&pair.b, &case.next.rows.b, &case.attention.last.rows.b)]
        {
            ledger.numbers("next token", &reading.next, next, case.next.relative, 0.0);
            let (layer, head, last) = last_row(reading);
            assert_eq!((layer, head), (case.attention.layer, case.attention.head), "{}", case.case);
            // A map shows the end of a long sequence. The smallest f32 is what a weight of nearly nothing may be off by.
            let shown = &attention[attention.len() - last.len()..];
            let floor = case.attention.floor + f64::from(f32::MIN_POSITIVE);
            ledger.numbers("attention weight", last, shown, case.attention.last.relative, floor);
        }
    }
    ledger.close();
}

#[test]
fn sweeps_agree_by_the_shared_prefix() {
    sweeps_agree(Route::SharedPrefix, usize::MAX);
}

#[test]
fn sweeps_agree_by_one_forward_each() {
    // A forward for each n: longer sweeps would take minutes.
    sweeps_agree(Route::OneForwardEach, 64);
}

#[test]
fn sensitivities_agree() {
    let mut ledger = Ledger::default();
    for case in cases() {
        let Some(expected) = &case.sensitivity else { continue };
        ledger.open(&case);
        let sensitivity = sensitivity(&case, expected.sequence);
        for (name, found, expected) in
            [("sensitivity", &sensitivity.full, &expected.full), ("frozen sensitivity", &sensitivity.frozen, &expected.frozen)]
        {
            ledger.numbers(name, &found.norm, &expected.norm, 0.0, expected.floor);
        }
    }
    ledger.close();
}

fn sweeps_agree(route: Route, longest: usize) {
    let mut ledger = Ledger::default();
    for case in cases() {
        let config = config(&case);
        if case.sweep.is_empty() || config.input.max_n > longest {
            continue;
        }
        // Where a token sees what follows it, no prefix can be shared.
        if route == Route::SharedPrefix && config.model.attention.mask == Mask::Bidirectional {
            continue;
        }
        ledger.open(&case);
        let sweep = sweep(&config, route);
        for expected in &case.sweep {
            let at = sweep.n.iter().position(|&n| n == expected.n).unwrap_or_else(|| panic!("{}: no n = {}", case.case, expected.n));
            let place = format!("n = {}", expected.n);
            let found: Vec<_> = sweep.stages.iter().map(|curve| (curve.stage, curve.distances[at])).collect();
            ledger.stages(&case, &place, &found, &expected.stages);
            assert_eq!(sweep.heads.len(), expected.heads.len(), "{}", case.case);
            for (layer, (found, expected)) in sweep.heads.iter().zip(&expected.heads).enumerate() {
                assert_eq!(found.layer, layer + 1);
                ledger.spreads(&format!("{place}, layer {layer}"), found, at, expected);
            }
        }
    }
    ledger.close();
}

/// What was compared, how much of its tolerance each quantity used, and what was off.
#[derive(Default)]
struct Ledger {
    case: String,
    compared: BTreeMap<String, usize>,
    worst: BTreeMap<String, Worst>,
    off: Vec<String>,
}

#[derive(Default)]
struct Worst {
    /// The largest error, in tolerances.
    share: f64,
    /// The largest error, relative to the expected number; of numbers that are well above their floor.
    relative: f64,
}

impl Ledger {
    fn open(&mut self, case: &Case) {
        self.case = case.case.clone();
        self.compared.insert(self.case.clone(), 0);
    }

    fn stages(&mut self, case: &Case, place: &str, found: &[(Stage, Distances)], expected: &[AtStage]) {
        assert_eq!(found.len(), expected.len(), "{}: {place}", self.case);
        for ((stage, found), expected) in found.iter().zip(expected) {
            assert_eq!(*stage, expected.stage, "{}: {place}", self.case);
            if case.identical && *stage == Stage::Embedding {
                // Nothing was computed yet, so not even rounding tells the sequences apart.
                assert_eq!(*found, Distances::default(), "{}: {place}", self.case);
            }
            self.distances(&format!("{place}, {stage}"), "representation", *found, &expected.compared);
        }
    }

    fn distances(&mut self, place: &str, quantity: &str, found: Distances, expected: &Compared) {
        for &metric in Metric::ALL {
            let (found, floor) = (found.get(metric), expected.floor.get(metric));
            self.number(&format!("{quantity}, {}", metric.word()), place, found, expected.distances.get(metric), floor);
        }
    }

    fn spreads(&mut self, place: &str, found: &HeadCurve, at: usize, expected: &Spreads) {
        for &metric in Metric::ALL {
            let spread = match metric {
                Metric::L1 => expected.l1,
                Metric::L2 => expected.l2,
                Metric::Linf => expected.linf,
                Metric::Cosine => expected.cosine,
            };
            let (found, floor) = (found.get(metric)[at], expected.floor.get(metric));
            for (name, found, expected) in
                [("min", found.min, spread.min), ("mean", found.mean, spread.mean), ("max", found.max, spread.max)]
            {
                self.number(&format!("spread of heads, {}", metric.word()), &format!("{place}, {name}"), found, expected, floor);
            }
        }
    }

    fn numbers(&mut self, quantity: &str, found: &[f64], expected: &[f64], relative: f64, floor: f64) {
        assert_eq!(found.len(), expected.len(), "{}: {quantity}", self.case);
        for (index, (&found, &expected)) in found.iter().zip(expected).enumerate() {
            self.number(quantity, &format!("number {index}"), found, expected, relative * expected.abs() + floor);
        }
    }

    fn number(&mut self, quantity: &str, place: &str, found: f64, expected: f64, allowed: f64) {
        let error = (found - expected).abs();
        *self.compared.get_mut(&self.case).expect("an open case") += 1;
        let worst = self.worst.entry(quantity.into()).or_default();
        worst.share = worst.share.max(error / allowed);
        if expected.abs() > 1000.0 * allowed {
            worst.relative = worst.relative.max(error / expected.abs());
        }
        if error > allowed || error.is_nan() {
            self.off.push(format!("{}: {quantity}, {place}: {found:e} where {expected:e} ± {allowed:.1e} is expected", self.case));
        }
    }

    fn close(self) {
        for (quantity, worst) in &self.worst {
            eprintln!("{quantity}: at most {:.3} of the tolerance, relative error {:.1e}", worst.share, worst.relative);
        }
        assert!(!self.compared.is_empty());
        for (case, count) in &self.compared {
            assert!(*count > 0, "{case}: nothing was compared");
        }
        assert!(self.off.is_empty(), "{} numbers are off:\n{}", self.off.len(), self.off[..self.off.len().min(20)].join("\n"));
    }
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("reference/expected");
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = files.map(|file| file.expect("a readable folder").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no cases in {}", folder.display());
    let read = |path: &Path| {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    paths.iter().map(|path| read(path)).collect()
}

fn config(case: &Case) -> Config {
    let (config, warnings) = open::decode(&case.link);
    assert_eq!(warnings, vec![], "{}", case.case);
    config
}

fn pair(case: &Case) -> Pair {
    answer(&config(case), question::Pair)
}

fn sensitivity(case: &Case, sequence: Which) -> Sensitivity {
    answer(&config(case), question::Sensitivity::exact(sequence))
}

fn answer<Q: Respond>(config: &Config, question: Q) -> Q::Answer {
    let mut engine = Engine::new(device::cpu());
    pollster::block_on(engine.answer(&admitted(config), question, &NoProgress)).unwrap_or_else(|error| panic!("{question:?}: {error:?}"))
}

fn sweep(config: &Config, route: Route) -> Sweep {
    let mut engine = Engine::new(device::cpu());
    pollster::block_on(engine.sweep_by(config, route, &NoProgress)).unwrap_or_else(|error| panic!("{route:?}: {error:?}"))
}

/// Layer, head and the last query's weights.
fn last_row(reading: &Reading) -> (usize, usize, &[f64]) {
    let map = &reading.attention;
    (map.layer, map.head, &map.weights[map.side * (map.side - 1)..])
}
