//! Made-up answers of the instruments below the main figures.

use super::{collapse, collapses, distances, sensitivity, tokens, wobble};
use glasses_contract::config::{Cure, Published, Which};
use glasses_contract::report::{
    Anatomy, AnatomyOfLayer, Compared, Comparison, CrossEntropy, Distances, FirstToken, JacobianMethod, SeparatorMap, Simulated,
    Simulation, Theory, Variation,
};
use glasses_contract::{Choice, Sentence};

/// What the statements say of n ones.
pub fn theory(layers: usize, n: usize) -> Theory {
    let heads = |layer: usize| (0..4).map(|head| 0.3 / (n + layer) as f64 * (1.0 + 0.5 * wobble(layer * 31 + head))).collect();
    let share = |rate: f64| (1..=256).map(|depth| 1.0 - (-f64::from(depth) * rate).exp()).collect();
    let profile = |slope: f64| {
        let weights: Vec<f64> = (0..=n).map(|token| (-(token as f64) * slope).exp()).collect();
        let sum: f64 = weights.iter().sum();
        weights.into_iter().map(|weight| weight / sum).collect()
    };
    Theory {
        n,
        sequence: Which::A,
        tokens: tokens(n),
        variation: (1..=layers).map(|layer| Variation { layer, heads: heads(layer) }).collect(),
        alternating: 0.924_234_3,
        uniform: FirstToken { share: share(0.1) },
        measured: FirstToken { share: share(0.06) },
        profile: profile(0.3),
        uniform_profile: profile(0.5),
        anatomy: anatomy(layers, n + 1),
    }
}

/// Four heads like that of [`super::attention`], the rollout of which is a real one.
fn anatomy(layers: usize, tokens: usize) -> Anatomy {
    let shown: Vec<usize> = Anatomy::shown(tokens);
    let (side, heads) = (shown.len(), 4);
    let one = super::attention(side).weights;
    let mut influence: Vec<f64> = (0..side * side).map(|cell| f64::from(u8::from(cell / side == cell % side))).collect();
    let layer = |_| {
        let before = influence.clone();
        for (query, token) in (0..side).flat_map(|query| (0..side).map(move |token| (query, token))) {
            let mixed: f64 = (0..side).map(|key| one[query * side + key] * before[key * side + token]).sum();
            influence[query * side + token] = 0.5 * (mixed + before[query * side + token]);
        }
        AnatomyOfLayer { weights: one.repeat(heads), influence: influence.clone() }
    };
    let layers: Vec<AnatomyOfLayer> = (0..layers).map(layer).collect();
    let count = |&token: &usize| (1..layers.len()).fold(1.0, |product, step| product * (tokens - 1 - token + step) as f64 / step as f64);
    Anatomy { paths: shown.iter().map(count).collect(), shown, layers, answer: "1".into(), probability: 0.41 }
}

/// The plain model and so many cures.
pub fn comparison(cures: usize, n: usize, most: usize) -> Comparison {
    let row = |(index, word, label): (usize, &str, &'static str)| {
        let distance = |&n: &usize| {
            let fall = collapse(3, n) * (1.0 + n as f64 / 40.0).powf(0.2 * index as f64);
            Distances { cosine: fall * fall, ..distances(fall) }
        };
        let lengths = collapses(4, most).into_iter().map(|mut all| {
            all.stages = vec![all.stages.last().copied().flatten().map(|from| from * (1 + index)).filter(|&from| from <= most)];
            all
        });
        let mut profile = sensitivity(n, JacobianMethod::Exact).full;
        profile.norm.iter_mut().enumerate().for_each(|(token, norm)| *norm *= (1.0 + token as f64).powf(0.1 * index as f64));
        Compared {
            word: word.into(),
            label: Sentence::constant(label),
            distances: (1..=most).collect::<Vec<_>>().iter().map(distance).collect(),
            collapse: lengths.collect(),
            sensitivity: Some(profile),
            cross_entropy: None,
        }
    };
    let models = Cure::ALL.iter().take(1 + cures).enumerate().map(|(index, cure)| (index, cure.word(), cure.entry().label));
    Comparison { n: (1..=most).collect(), tokens: tokens(n), rows: models.map(row).collect() }
}

/// Separators that help most where they are frequent, and of which one hides the difference at some n.
pub fn separators(periods: usize, steps: usize) -> SeparatorMap {
    let n: Vec<usize> = (1..=steps).map(|step| 4 * step).collect();
    let distance = |k: usize, n: usize| match k {
        0 => collapse(3, n),
        k if n.is_multiple_of(48) && k == 2 => 0.0,
        k => 0.3 / (k as f64).sqrt() * (1.0 + 0.3 * wobble(n * 7 + k)) * (n as f64).powf(-0.1 * k as f64),
    };
    let row = |k: usize| n.iter().map(|&n| distances(distance(k, n))).collect();
    SeparatorMap { k: (0..=periods).collect(), distances: (0..=periods).map(row).collect(), n }
}

/// Curves like those of the paper's synthetic figures.
pub fn simulation(figure: Published) -> Simulation {
    let n: Vec<usize> = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000].into();
    let curve = |(index, label): (usize, &'static str)| {
        let mean: Vec<f64> = n.iter().map(|&n| (0.2 + index as f64 / 10.0) / (n as f64).sqrt()).collect();
        let scaled = |by: f64| mean.iter().map(|mean| mean * by).collect();
        Simulated { label: Sentence::constant(label), n: n.clone(), min: scaled(0.8), max: scaled(1.3), mean: mean.clone(), seeds: 5 }
    };
    let labels: &[&'static str] =
        if figure == Published::Fig10 { &["sinusoidal", "rotary", "ALiBi", "no positions"] } else { &["the output"] };
    let curves = labels.iter().copied().enumerate().map(curve).collect();
    Simulation { figure, says: Sentence::verbatim("Made-up numbers for tests."), curves }
}

/// Theories of nothing, of numbers that are none, and of a sequence that no axis has room for.
pub fn nasty_theories() -> Vec<(&'static str, Theory)> {
    let edit = |value: f64| {
        let mut theory = theory(4, 24);
        theory.variation.iter_mut().for_each(|layer| layer.heads.fill(value));
        for list in [&mut theory.uniform.share, &mut theory.measured.share, &mut theory.profile, &mut theory.uniform_profile] {
            list.fill(value);
        }
        for layer in &mut theory.anatomy.layers {
            layer.weights.fill(value);
            layer.influence.fill(value);
        }
        theory.anatomy.probability = value;
        theory
    };
    let mut empty = theory(0, 0);
    for list in [&mut empty.uniform.share, &mut empty.measured.share, &mut empty.profile, &mut empty.uniform_profile] {
        list.clear();
    }
    empty.tokens.clear();
    empty.anatomy.shown.clear();
    let mut ragged = theory(4, 24);
    ragged.variation[1].heads.clear();
    ragged.measured.share.truncate(3);
    ragged.profile.truncate(7);
    ragged.anatomy.layers[1].weights.truncate(90);
    ragged.anatomy.layers[2].influence.clear();
    ragged.anatomy.paths.truncate(3);
    vec![("empty", empty), ("zero", edit(0.0)), ("nan", edit(f64::NAN)), ("ragged", ragged), ("long", theory(16, 2000))]
}

/// Comparisons of nothing, without sensitivities, and with numbers that are none.
pub fn nasty_comparisons() -> Vec<(&'static str, Comparison)> {
    let mut bare = comparison(2, 24, 64);
    bare.tokens.clear();
    bare.rows.iter_mut().for_each(|row| row.sensitivity = None);
    let mut holes = comparison(5, 24, 64);
    for (index, row) in holes.rows.iter_mut().enumerate() {
        let value = [0.0, f64::NAN, f64::INFINITY, 5e-324, f64::MAX, 1.0][index];
        row.distances.iter_mut().for_each(|all| *all = Distances { l1: value, l2: value, linf: value, cosine: value });
        row.sensitivity.iter_mut().for_each(|profile| profile.norm.fill(value));
        row.cross_entropy = Some(CrossEntropy::new(vec![value; index]));
    }
    vec![("empty", Comparison { n: vec![], tokens: vec![], rows: vec![] }), ("bare", bare), ("holes", holes)]
}

/// The same of a language model: what helps more costs more.
pub fn language_comparison(cures: usize, n: usize, most: usize) -> Comparison {
    let mut comparison = comparison(cures, n, most);
    comparison.tokens.clear();
    for (index, row) in comparison.rows.iter_mut().enumerate() {
        row.sensitivity = None;
        let nats = |token: usize| 3.0 + 0.05 * (index * index) as f64 + wobble(token * 7 + index);
        row.cross_entropy = Some(CrossEntropy::new((0..24).map(nats).collect()));
    }
    comparison
}

/// Maps of nothing, of one cell, with numbers that are none, and larger than rectangles are drawn.
pub fn nasty_separators() -> Vec<(&'static str, SeparatorMap)> {
    let mut holes = separators(6, 12);
    let all = |value: f64| Distances { l1: value, l2: value, linf: value, cosine: value };
    (holes.distances[1][2], holes.distances[2][3], holes.distances[3][4]) = (all(f64::NAN), all(f64::INFINITY), all(0.0));
    holes.distances[4].truncate(5);
    holes.distances[5].clear();
    let zero = SeparatorMap { distances: vec![vec![Distances::default(); 3]; 2], k: vec![0, 1], n: vec![1, 2, 3] };
    vec![
        ("empty", SeparatorMap { k: vec![], n: vec![], distances: vec![] }),
        ("one", separators(0, 1)),
        ("zero", zero),
        ("holes", holes),
        ("large", separators(64, 100)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::report::Stage;

    #[test]
    fn samples_are_as_long_as_they_say() {
        let comparison = comparison(3, 24, 64);
        assert_eq!((comparison.rows.len(), comparison.tokens.len()), (4, 25));
        assert!(comparison.rows.iter().all(|row| row.distances.len() == comparison.n.len() && row.collapse[0].stages.len() == 1));
        assert_eq!(separators(9, 12).distances.len(), 10);
        assert_eq!(collapses(4, 64)[0].stages.len(), Stage::all(4).len());
    }
}
