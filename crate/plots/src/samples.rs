//! Made-up reports for tests and examples: plausible in shape, computed by no model, and never shown as results.

mod answers;
mod instruments;
mod meeting;
mod training;

pub use answers::{lengths, nasty_lengths, published_errors};
pub use instruments::{
    comparison, language_comparison, nasty_comparisons, nasty_separators, nasty_theories, separators, simulation, theory,
};
pub use meeting::{meeting, nasty_meetings, texts};
pub use training::{accuracy, loss_curve, nasty_accuracies, nasty_losses};

use glasses_contract::alphabet;
use glasses_contract::config::{Format, Which};
use glasses_contract::report::{
    AttentionMap, Collapse, Distances, HeadCurve, JacobianMethod, Likeness, Pair, PathTheory, Profile, Reading, Sensitivity, Spread, Stage,
    StageCurve, StageDistances, Sweep, SweepMethod,
};

/// What the samples' legends say.
pub const MODEL: &str = "made-up numbers for tests, 4 layers, 4 heads, width 64";

/// A collapse like that of n ones against n + 1 ones: nothing at the embedding, then about 1/n.
pub fn sweep(layers: usize, most: usize) -> Sweep {
    let n: Vec<usize> = (1..=most).collect();
    let curve = |stage: usize, kind: Stage| {
        let distance = |&n: &usize| if stage == 0 { Distances::default() } else { distances(collapse(stage, n)) };
        StageCurve { stage: kind, distances: n.iter().map(distance).collect() }
    };
    let stages = Stage::all(layers).into_iter().enumerate().map(|(stage, kind)| curve(stage, kind)).collect();
    let heads = (1..=layers).map(|layer| head_curve(layer, &n)).collect();
    let same_next = n.iter().map(|&n| n >= 5).collect();
    let bound = n.iter().map(|&n| Some(60.0 * collapse(1, n))).collect();
    let likeness = Stage::all(layers).into_iter().enumerate().map(|(stage, kind)| likeness(stage, kind, &n)).collect();
    Sweep { collapse: collapses(layers, most), same_next, bound, likeness, n, method: SweepMethod::SharedPrefix, stages, heads }
}

/// Nothing at the embedding; from the first layer on the last token is taken for the first one past n = 60.
fn likeness(stage: usize, kind: Stage, n: &[usize]) -> Likeness {
    let cosine = |n: usize| if stage == 0 { 0.1 } else { 0.4 + 0.59 / (1.0 + ((60.0 - n as f64) / 4.0).exp()) };
    Likeness { stage: kind, cosine: n.iter().map(|&n| cosine(n)).collect() }
}

/// The embedding is the same at once, the output first in the coarsest format.
fn collapses(layers: usize, most: usize) -> Vec<Collapse> {
    let formats = [(Format::Fp32, 100_000), (Format::Bf16, 90), (Format::Fp16, 700), (Format::E4m3, 6), (Format::E5m2, 3)];
    let stage = |stage: usize, from: usize| if stage == 0 { Some(1) } else { Some(from + 3 * stage).filter(|&from| from <= most) };
    formats.map(|(format, from)| Collapse { format, stages: (0..layers + 2).map(|index| stage(index, from)).collect() }).into()
}

/// A sweep of random digits, whose distances are noisy and do not vanish.
pub fn noisy_sweep(layers: usize, most: usize) -> Sweep {
    let mut sweep = sweep(layers, most);
    sweep.collapse.iter_mut().for_each(|collapse| collapse.stages.fill(None));
    for (stage, curve) in sweep.stages.iter_mut().enumerate() {
        for (index, entry) in curve.distances.iter_mut().enumerate() {
            let noise = (1.5 * wobble(index * 31 + stage * 17)).exp();
            *entry = distances(0.02 * (1.0 + stage as f64) * noise / (1.0 + index as f64).powf(0.2));
        }
    }
    sweep
}

/// One n of such a collapse.
pub fn pair(layers: usize, n: usize) -> Pair {
    let stages = Stage::all(layers).into_iter().enumerate().map(|(stage, kind)| {
        let distances = if stage == 0 { Distances::default() } else { distances(collapse(stage, n)) };
        StageDistances { stage: kind, distances }
    });
    let heads = (1..=layers).map(|layer| (0..4).map(|head| distances(collapse(layer, n) * (0.3 + 0.5 * f64::from(head)))).collect());
    Pair {
        n,
        a: reading(n, 0.0),
        b: reading(n + 1, 0.08),
        stages: stages.collect(),
        heads: heads.collect(),
        identical_in: vec![Format::E5m2],
        labels: vec![],
    }
}

/// The attention of one head over BOS and so many ones: the first token and recent tokens get the most.
pub fn attention(side: usize) -> AttentionMap {
    let mut weights = vec![0.0; side * side];
    for query in 0..side {
        let score = |key: usize| if key == 0 { 2.0 } else { 1.2 * wobble(key * 7 + 3) - 0.05 * (query - key) as f64 };
        let row: Vec<f64> = (0..=query).map(|key| score(key).exp()).collect();
        let sum: f64 = row.iter().sum();
        (0..=query).for_each(|key| weights[query * side + key] = row[key] / sum);
    }
    AttentionMap { layer: 1, head: 2, first: 0, side, weights }
}

/// The labels of BOS and so many ones.
pub fn tokens(ones: usize) -> Vec<String> {
    std::iter::once(alphabet::BOS_LABEL.into()).chain((0..ones).map(|_| "1".into())).collect()
}

/// A sensitivity that favours the first and the last tokens.
pub fn sensitivity(n: usize, method: JacobianMethod) -> Sensitivity {
    let shape = |token: usize| {
        let (from_start, from_end) = (token as f64, (n - token) as f64);
        0.9 * (-from_start / 2.0).exp() + 0.25 / (1.0 + from_end) + 0.6 / (1.0 + n as f64) * (1.0 + 0.4 * wobble(token * 13))
    };
    let profile = |scale: f64| {
        let norm: Vec<f64> = (0..=n).map(|token| scale * shape(token)).collect();
        let share = if method == JacobianMethod::Exact { 0.0 } else { 0.15 };
        Profile { standard_error: norm.iter().map(|norm| norm * share).collect(), norm, method }
    };
    let exact = method == JacobianMethod::Exact;
    Sensitivity { n, sequence: Which::A, tokens: tokens(n), full: profile(1.0), frozen: profile(0.8), paths: exact.then(|| paths(n)) }
}

/// What theory would say of four layers.
fn paths(n: usize) -> PathTheory {
    let count = |token: usize| (1..=3).fold(1.0, |product, step| product * (n - token + step) as f64 / step as f64);
    let rollout = |token: usize| 1.0 / (1.0 + token as f64).powf(0.8);
    PathTheory {
        bound: (0..=n).map(|token| 300.0 * rollout(token)).collect(),
        rollout: (0..=n).map(rollout).collect(),
        paths: (0..=n).map(count).collect(),
        place: (0..=n).map(|token| count(token) * (-((n - token) as f64) / 16.0).exp()).collect(),
    }
}

/// Sweeps that no axis can hold: none must stop a figure from being drawn.
pub fn nasty_sweeps() -> Vec<(&'static str, Sweep)> {
    let empty = Sweep {
        n: vec![],
        method: SweepMethod::OneForwardEach,
        stages: vec![],
        heads: vec![],
        collapse: vec![],
        same_next: vec![],
        bound: vec![],
        likeness: vec![],
    };
    let edit = |most: usize, value: fn(usize, usize, f64) -> f64| {
        let mut sweep = sweep(4, most);
        for (stage, curve) in sweep.stages.iter_mut().enumerate() {
            for (index, entry) in curve.distances.iter_mut().enumerate() {
                let all = value(stage, index, entry.linf);
                *entry = Distances { l1: all, l2: all, linf: all, cosine: all };
            }
        }
        for (stage, curve) in sweep.likeness.iter_mut().enumerate() {
            curve.cosine.iter_mut().enumerate().for_each(|(index, cosine)| *cosine = value(stage, index, *cosine));
        }
        sweep
    };
    let ragged = {
        let mut sweep = sweep(4, 40);
        sweep.stages[2].distances.truncate(7);
        sweep.stages[3].distances.clear();
        sweep.likeness[2].cosine.truncate(7);
        sweep.likeness[3].cosine.clear();
        sweep.heads.clear();
        sweep
    };
    vec![
        ("empty", empty.clone()),
        ("no stages", Sweep { n: vec![1, 2, 3], ..empty }),
        ("one point", edit(1, |_, _, value| value)),
        ("all zero", edit(64, |_, _, _| 0.0)),
        ("all nan", edit(64, |_, _, _| f64::NAN)),
        ("all infinite", edit(64, |_, _, _| f64::INFINITY)),
        ("extreme", edit(64, |stage, index, _| if (stage + index) % 2 == 0 { 5e-324 } else { f64::MAX })),
        ("negative", edit(64, |_, index, value| if index % 3 == 0 { -value } else { value })),
        ("mixed", edit(200, mixed)),
        ("ragged", ragged),
        ("deep and long", self::noisy_sweep(16, 4096)),
    ]
}

/// Zeros in the middle, what is not finite at the end.
fn mixed(stage: usize, index: usize, value: f64) -> f64 {
    match (stage, index) {
        (3, 60..90) | (4, 80..100) => 0.0,
        (2, 150..) => f64::NAN,
        (5, 170..) => f64::INFINITY,
        (5, 120..140) => f64::NAN,
        _ => value,
    }
}

/// A pair with every number replaced.
pub fn nasty_pairs() -> Vec<(&'static str, Pair)> {
    let edit = |value: f64| {
        let mut pair = pair(4, 24);
        let all = Distances { l1: value, l2: value, linf: value, cosine: value };
        pair.stages.iter_mut().for_each(|stage| stage.distances = all);
        pair.heads.iter_mut().flatten().for_each(|head| *head = all);
        for reading in [&mut pair.a, &mut pair.b] {
            reading.next.fill(value);
            reading.attention.weights.fill(value);
        }
        pair
    };
    let mut empty = pair(4, 0);
    (empty.stages, empty.heads) = (vec![], vec![]);
    for reading in [&mut empty.a, &mut empty.b] {
        (reading.tokens, reading.next) = (vec![], vec![]);
        (reading.attention.side, reading.attention.weights) = (0, vec![]);
    }
    let mut ragged = pair(4, 24);
    ragged.heads.truncate(2);
    ragged.heads[0].clear();
    ragged.b.next.truncate(5);
    ragged.a.attention.weights.truncate(30);
    vec![("empty", empty), ("zero", edit(0.0)), ("nan", edit(f64::NAN)), ("infinite", edit(f64::INFINITY)), ("ragged", ragged)]
}

/// Sensitivities with every number replaced, and long ones.
pub fn nasty_sensitivities() -> Vec<(&'static str, Sensitivity)> {
    let estimate = JacobianMethod::Estimate { probes: 8 };
    let edit = |value: f64| {
        let mut sensitivity = sensitivity(24, estimate);
        for profile in [&mut sensitivity.full, &mut sensitivity.frozen] {
            profile.norm.fill(value);
            profile.standard_error.fill(value);
        }
        sensitivity
    };
    let mut empty = sensitivity(1, estimate);
    empty.tokens.clear();
    for profile in [&mut empty.full, &mut empty.frozen] {
        (profile.norm, profile.standard_error) = (vec![], vec![]);
    }
    let mut holes = sensitivity(24, estimate);
    (holes.full.norm[5], holes.full.norm[6], holes.frozen.norm[9]) = (f64::NAN, f64::INFINITY, f64::NAN);
    holes.full.norm[12..16].fill(0.0);
    holes.frozen.norm.truncate(20);
    vec![
        ("empty", empty),
        ("one token", sensitivity(0, JacobianMethod::Exact)),
        ("zero", edit(0.0)),
        ("nan", edit(f64::NAN)),
        ("infinite", edit(f64::INFINITY)),
        ("holes", holes),
        ("very long", sensitivity(4095, estimate)),
    ]
}

fn reading(ones: usize, shift: f64) -> Reading {
    let logits: Vec<f64> = (0..alphabet::SIZE).map(|token| 2.2 * wobble(token * 5 + 1) + shift * wobble(token * 11)).collect();
    let sum: f64 = logits.iter().map(|logit| logit.exp()).sum();
    let next = logits.iter().map(|logit| logit.exp() / sum).collect();
    Reading {
        tokens: tokens(ones),
        next,
        attention: attention(ones + 1),
        sink_share: 0.25,
        sink_by_layer: vec![0.2, 0.5, 0.4, 0.3],
        sink_least_by_layer: vec![0.05, 0.1, 0.3, 0.0],
        sink_most_by_layer: vec![0.3, 0.95, 0.5, 0.6],
    }
}

fn head_curve(layer: usize, n: &[usize]) -> HeadCurve {
    let spread = |scale: f64| {
        let at = |&n: &usize| {
            let mean = scale * collapse(layer, n);
            Spread { min: 0.4 * mean, mean, max: 2.1 * mean }
        };
        n.iter().map(at).collect()
    };
    HeadCurve { layer, l1: spread(20.0), l2: spread(3.0), linf: spread(1.0), cosine: spread(0.1) }
}

fn collapse(stage: usize, n: usize) -> f64 {
    0.25 * (stage as f64).powf(0.8) / (n as f64 + 1.0) * (1.0 + 0.05 * wobble(n + 97 * stage))
}

fn distances(linf: f64) -> Distances {
    Distances { l1: 21.0 * linf, l2: 3.2 * linf, linf, cosine: linf * linf / 8.0 }
}

/// A number from −1 to 1 that looks random and always is the same.
fn wobble(seed: usize) -> f64 {
    let mut mixed = (seed as u32).wrapping_add(1).wrapping_mul(0x9E37_79B1);
    mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x85EB_CA77);
    mixed = (mixed ^ (mixed >> 13)).wrapping_mul(0xC2B2_AE3D);
    f64::from(mixed ^ (mixed >> 16)) / f64::from(u32::MAX) * 2.0 - 1.0
}
