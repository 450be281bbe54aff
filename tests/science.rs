//! The science as statements that can fail: cures, float formats, theory and instruments, each against what it must agree with.

// A test ends with a panic where something is wrong.
#![allow(clippy::panic)]

use glasses_contract::config::{
    Cap, Cure, Cures, FeedForward, Format, Mask, Metric, Mix, Norm, Position, Reach, Residual, Scale, Sink, Start, Weigh, Which,
};
use glasses_contract::question;
use glasses_contract::report::{AnatomyOfLayer, Compared, Comparison, PathTheory, Sensitivity, Sweep, SweepMethod};
use glasses_contract::task::Task;
use glasses_contract::{Choice, Config, admit, open};
use glasses_engine::experiment::{Engine, Route};
use glasses_engine::{NoProgress, device};
use glasses_tests::{answer, asks, config};
use rand_core::{Rng, SeedableRng};

asks! {
    pair Pair;
    sweep Sweep;
    reference Reference;
    pinned Pinned;
    seeds Seeds;
    theory Theory;
    comparison Comparison;
    separators Separators;
    search Search;
}

fn exact(config: &Config) -> Sensitivity {
    answer(config, question::Sensitivity::exact(Which::A))
}

fn by_route(config: &Config, route: Route) -> Sweep {
    pollster::block_on(Engine::new(device::cpu()).sweep_by(config, route, &NoProgress)).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Distances that differ by the order of f32 sums; representations are of order one.
const ROUNDING: f64 = 5e-5;

/// Every member of every slot of the attention formula, one at a time, and every kind of position.
fn every_part(base: &Config) -> Vec<Config> {
    let mut all = Vec::new();
    macro_rules! each {
        ($($choice:ty => $($field:ident).+;)*) => {
            $(for &member in <$choice>::ALL {
                let mut config = base.clone();
                config.$($field).+ = member;
                all.push(config);
            })*
        };
    }
    each! {
        Position => model.position;
        Cap => model.attention.cap;
        Reach => model.attention.reach;
        Scale => model.attention.scale;
        Sink => model.attention.sink;
        Weigh => model.attention.weigh;
        Mix => model.attention.mix;
        Residual => model.block.residual;
        FeedForward => model.block.feed_forward;
        Norm => model.norm;
    }
    all
}

#[test]
fn with_every_part_the_shared_prefix_sweep_equals_one_forward_per_n() {
    let mut base = config("v=1&a=1%5En0&b=1%5En1&suffix=%3D&layers=2&d=16&heads=2&max=20");
    (base.model.attention.cap_at, base.model.attention.window) = (1.5, 5);
    let mut compared = 0;
    for config in every_part(&base) {
        let [quick, slow] = [Route::SharedPrefix, Route::OneForwardEach].map(|route| by_route(&config, route));
        assert_eq!((quick.method, slow.method), (SweepMethod::SharedPrefix, SweepMethod::OneForwardEach));
        for (quick, slow) in quick.stages.iter().zip(&slow.stages) {
            for (quick, slow) in quick.distances.iter().zip(&slow.distances) {
                compared += 1;
                assert!((quick.linf - slow.linf).abs() < ROUNDING, "{}: {quick:?} {slow:?}", open::encode(&config));
            }
        }
    }
    assert!(compared > 2000, "{compared} distances compared");
}

#[test]
fn a_model_that_sees_what_follows_is_swept_one_forward_at_a_time() {
    let config = config("v=1&a=1%5En0&b=1%5En1&suffix=%3D&layers=2&d=16&heads=2&max=12&n=12&mask=both");
    let (sweep, pair) = (sweep(&config), pair(&config));
    assert_eq!(sweep.method, SweepMethod::OneForwardEach);
    for (curve, stage) in sweep.stages.iter().zip(&pair.stages) {
        assert!((curve.distances[11].linf - stage.distances.linf).abs() < ROUNDING);
    }
}

#[test]
fn without_positions_and_mask_only_the_ratio_of_counts_is_left() {
    // Proposition 6.1: '10' and '1100' are the same. In f32 equal sums are added in another order, in f64 they are 2⁻²⁹ finer.
    let same = config("v=1&a=(10)%5En&b=(1100)%5En&bos=none&mask=both&n=3&max=3");
    for distances in reference(&same).stages.iter().flat_map(|curve| &curve.distances) {
        assert!(distances.linf < 1e-13, "{distances:?}");
    }
    assert!(pair(&same).stages.iter().all(|stage| stage.distances.linf < ROUNDING));
    // With the causal mask, or another ratio, they are not.
    for different in ["v=1&a=(10)%5En&b=(1100)%5En&bos=none&n=3", "v=1&a=(10)%5En&b=(110)%5En&bos=none&mask=both&n=3"] {
        assert!(pair(&config(different)).stages.iter().any(|stage| stage.distances.linf > 1e-3), "{different}");
    }
}

#[test]
fn the_reference_agrees_and_keeps_what_single_precision_loses() {
    let ours = config("v=1&max=64&layers=2&d=32&pos=rotary");
    let (single, double) = (sweep(&ours), reference(&ours));
    for (single, double) in single.stages.iter().zip(&double.stages) {
        for (single, double) in single.distances.iter().zip(&double.distances) {
            assert!((single.linf - double.linf).abs() < ROUNDING, "{single:?} {double:?}");
        }
    }
    // Nothing in front: the two are the same to the model, and what f32 shows is rounding.
    let bare = reference(&config("v=1&bos=none&max=64&layers=2&d=32"));
    assert!(bare.stages.iter().flat_map(|curve| &curve.distances).all(|distances| distances.linf < 1e-13));
}

#[test]
fn what_is_pinned_is_what_its_link_sweeps_and_a_band_spans_what_each_seed_sweeps() {
    let output = |sweep: &Sweep| sweep.stages[sweep.stages.len() - 1].distances.clone();
    let mut ours = config("v=1&max=40&layers=2&d=16&seeds=3&seed=5");
    let links = ["v=1&a=1%5En0&b=1%5En1&layers=1&d=8&heads=2&pos=rotary", "v=1&layers=3&d=32&seed=7&fw=bf16"];
    assert!(links.iter().all(|link| ours.view.pinned.pin(link)));
    for (curve, link) in pinned(&ours).curves.iter().zip(links) {
        let theirs = sweep(&config(&format!("{link}&max=40")));
        assert_eq!((curve.link.as_str(), &curve.n, &curve.distances), (link, &theirs.n, &output(&theirs)));
    }
    let band = seeds(&ours);
    assert_eq!((band.seeds.as_slice(), band.distances.len()), (&[5, 6, 7][..], 3));
    for (seed, distances) in band.seeds.iter().zip(&band.distances) {
        assert_eq!(*distances, output(&sweep(&config(&format!("v=1&max=40&layers=2&d=16&seed={seed}")))), "seed {seed}");
    }
}

#[test]
fn no_format_collapses_later_than_fp32_and_a_rounded_model_holds_its_own_numbers() {
    let config = config("v=1&max=1200&layers=2&d=16&heads=2");
    let plain = sweep(&config);
    let length = |sweep: &Sweep, format| {
        let row = sweep.collapse.iter().find(|row| row.format == format).unwrap_or_else(|| panic!("{format:?}"));
        row.stages[row.stages.len() - 1].unwrap_or(usize::MAX)
    };
    let order = [Format::E5m2, Format::E4m3, Format::Bf16, Format::Fp16, Format::Fp32];
    let lengths = order.map(|format| length(&plain, format));
    // What is the same in fp32 is the same in every format. Between two others there is no such order: two numbers that round to one in
    // the finer may lie on two sides of a middle of the coarser.
    assert!(lengths.iter().all(|length| *length <= lengths[4]) && lengths[1] < 1200, "{lengths:?}");
    for (at, &n) in plain.n.iter().enumerate() {
        // Bit-identical is no more than a distance of zero in fp32, at every n behind the collapse length.
        assert!(n < lengths[4] || plain.stages[3].distances[at].linf == 0.0);
    }
    // Where activations are stored in bf16, comparing in bf16 and in fp32 is the same comparison.
    let mut rounded = config.clone();
    rounded.model.formats.activations = Format::Bf16;
    let stored = sweep(&rounded);
    assert_eq!(length(&stored, Format::Bf16), length(&stored, Format::Fp32));
    // Once the last tokens are the same, so is the next one.
    assert!(stored.same_next_from().is_some_and(|n| n <= length(&stored, Format::Fp32)));
    for format in [Format::Fp16, Format::E4m3, Format::E5m2, Format::Custom] {
        rounded.model.formats.activations = format;
        (rounded.model.formats.weights, rounded.model.formats.attention) = (format, format);
        let sweep = sweep(&rounded);
        assert!(sweep.stages[1].distances[0].linf > 0.0, "{format:?} is a model of its own");
    }
}

#[test]
fn the_first_layers_heads_stay_under_the_one_layer_bound() {
    for part in every_part(&config("v=1&a=0110%5E(n)&b=0110%5E(n%2B1)&layers=2&d=16&heads=2&max=60&n=4")) {
        let sweep = sweep(&part);
        let known = matches!(part.model.attention.mix, Mix::Plain);
        assert_eq!(sweep.bound.len(), if known { sweep.n.len() } else { 0 }, "{}", open::encode(&part));
        for (bound, heads) in sweep.bound.iter().zip(&sweep.heads[0].l1) {
            let bound = bound.unwrap_or_else(|| panic!("no bound: {}", open::encode(&part)));
            assert!(heads.max <= bound * (1.0 + 1e-4) + 1e-6, "{} > {bound}: {}", heads.max, open::encode(&part));
        }
    }
    assert!(sweep(&config("v=1&a=1%5En0&b=1%5E(n%2B1)0&max=8")).bound.is_empty(), "another token is repeated");
}

#[test]
fn the_one_layer_bound_stands_wherever_b_is_a_with_its_last_token_once_more() {
    let with = |texts: &str, more: &str| sweep(&config(&format!("v=1&{texts}&max=20&layers=1&heads=2&d=8{more}")));
    // A at n is no prefix of A at n + 1; what B leaves behind is two tokens, many, or all of them.
    let texts = [
        "a=1%5Enx&b=1%5Enxx",
        "a=%5B01%5D%5En0&b=%5B01%5D%5En00",
        "a=0%5En1%5En&b=0%5En1%5E(n%2B1)",
        "a=2%5E(n-1)32%5E(n-1)3&b=2%5E(n-1)32%5E(n-1)33",
    ];
    for (texts, more) in texts
        .iter()
        .flat_map(|texts| ["", "&bos=none", "&pos=rotary", "&fa=bf16&fp=bf16", "&reach=local&window=3"].map(|more| (texts, more)))
    {
        let swept = with(texts, more);
        assert_eq!(swept.bound.len(), 20, "{texts}{more}");
        for (at, (bound, heads)) in swept.bound.iter().zip(&swept.heads[0].l1).enumerate() {
            let bound = bound.unwrap_or_else(|| panic!("none at {}: {texts}{more}", at + 1));
            // Where head outputs are rounded, each coordinate of both is off by 2⁻⁹ of itself.
            let rounding = if more.contains("bf16") { 0.05 } else { 1e-6 };
            assert!(heads.max <= bound * (1.0 + 1e-4) + rounding, "{} > {bound} at {}: {texts}{more}", heads.max, at + 1);
        }
    }
    // At each n the bound is that of the pair alone.
    let (all, alone) = (with("a=1%5Enx&b=1%5Enxx", ""), with("a=1%5E7x1%5E(0n)&b=1%5E7xx1%5E(0n)%5B1%5D%5E(n-20)", ""));
    let (one, other) = (all.bound[6].unwrap_or(f64::NAN), alone.bound.first().copied().flatten().unwrap_or(f64::NAN));
    assert!((one / other - 1.0).abs() < 1e-5, "{one} {other}");
    // Where a comma stands between, the pair is none that the theorem speaks of.
    let commas = with("a=1%5En%7B,/3%7D&b=1%5E(n%2B1)%7B,/3%7D", "");
    let expected: Vec<bool> = (1..=20).map(|n| n % 3 != 0).collect();
    assert_eq!(commas.bound.iter().map(Option::is_some).collect::<Vec<_>>(), expected);
    for nothing in ["a=1%5En0&b=1%5E(n%2B1)0", "a=1%5En&b=1%5En0", "a=1%5En&b=1%5E(n%2B2)", "a=1%5E(n%2B1)&b=1%5En"] {
        assert!(with(nothing, "").bound.is_empty(), "{nothing}");
    }
}

#[test]
fn the_frozen_jacobian_is_under_the_bound_in_a_thousand_random_models() {
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(5);
    let mut below = |end: usize| random.next_u32() as usize % end;
    let (mut models, mut tightest, mut logs, mut tokens) = (0, 0.0_f64, 0.0, 0.0);
    while models < 1000 {
        let mut config = Config::default();
        config.model.seed = below(1 << 30) as u32;
        (config.model.layers, config.model.heads) = (1 + below(3), 1 + below(2));
        config.model.width = config.model.heads * 2 * (1 + below(3));
        config.model.position = Position::ALL[below(Position::ALL.len())];
        config.model.norm = Norm::ALL[below(Norm::ALL.len())];
        config.model.block.residual = Residual::ALL[below(Residual::ALL.len())];
        config.model.block.feed_forward = FeedForward::ALL[below(FeedForward::ALL.len())];
        let slots = &mut config.model.attention;
        slots.mask = Mask::ALL[below(Mask::ALL.len())];
        (slots.reach, slots.window) = (Reach::ALL[below(Reach::ALL.len())], 1 + below(5));
        (slots.cap, slots.scale) = (Cap::ALL[below(Cap::ALL.len())], Scale::ALL[below(Scale::ALL.len())]);
        slots.reference_length = 2 + below(4);
        (slots.sink, slots.weigh) = (Sink::ALL[below(Sink::ALL.len())], Weigh::ALL[below(Weigh::ALL.len())]);
        slots.mix = [Mix::Plain, Mix::Centred][below(2)];
        config.input.start = Start::ALL[below(Start::ALL.len())];
        (config.input.a, config.input.n) = ("[0-9]^n".into(), 1 + below(8));
        config.input.draw_seed = below(1 << 30) as u32;
        let config = Config::from(admit(config.experiment).0.into_inner());

        let sensitivity = exact(&config);
        let PathTheory { bound, rollout, paths, .. } = sensitivity.paths.unwrap_or_else(|| panic!("exact answers have theory"));
        assert_eq!((bound.len(), rollout.len()), (sensitivity.tokens.len(), bound.len()));
        // Counts are of causal attention without a window.
        let is_counted = (config.model.attention.mask, config.model.attention.reach) == (Mask::Causal, Reach::Global);
        assert_eq!(paths.len(), if is_counted { bound.len() } else { 0 }, "{}", open::encode(&config));
        for (&measured, &bound) in sensitivity.frozen.norm.iter().zip(&bound) {
            // Sums in f32 err by some 1e-6 of the largest term.
            assert!(measured <= bound * (1.0 + 1e-4) + 1e-6, "{measured} > {bound}: {}", open::encode(&config));
            if bound > 1e-9 && measured > 0.0 {
                tightest = tightest.max(measured / bound);
                (logs, tokens) = (logs + (bound / measured).ln(), tokens + 1.0);
            }
        }
        models += 1;
    }
    let slack = f64::exp(logs / tokens);
    println!(
        "bound over measured: {slack:.1} on geometric average, {:.2} at the tightest, over {tokens} tokens of {models} models",
        1.0 / tightest
    );
    assert!(tokens > 3000.0 && slack > 1.0 && tightest > 1e-3, "{tokens} {slack} {tightest}");
}

#[test]
fn theory_speaks_of_these_sequences() {
    let theory = theory(&config("v=1&layers=3&n=9&depth=4&show=b"));
    assert_eq!((theory.variation.len(), theory.tokens.len(), theory.uniform.share.len()), (3, 11, 256));
    assert!(theory.variation.iter().flat_map(|layer| &layer.heads).all(|&heads| (0.0..=2.0).contains(&heads)));
    for profile in [&theory.profile, &theory.uniform_profile] {
        assert!((profile.iter().sum::<f64>() - 1.0).abs() < 1e-5, "{profile:?}");
    }
    assert!((theory.measured.share[3] - theory.profile[0]).abs() < 1e-15);
}

#[test]
fn rows_of_weights_add_up_to_one_where_the_formula_says_so() {
    let (mut whole, mut other) = (0, 0);
    for config in every_part(&config("v=1&layers=2&heads=2&d=16&n=9")) {
        let (anatomy, link) = (theory(&config).anatomy, open::encode(&config));
        let sums =
            |layer: &AnatomyOfLayer| layer.weights.chunks(anatomy.shown.len()).map(|row| row.iter().sum::<f64>()).collect::<Vec<_>>();
        let off = anatomy.layers.iter().flat_map(sums).map(|sum| (sum - 1.0).abs()).fold(0.0, f64::max);
        match config.model.attention.rows_add_up_to_one() {
            // Ten f32 of a softmax, each within 6e-8 of itself.
            true => assert!(off < 1e-5, "{link}: a row is off by {off}"),
            false => assert!(off > 1e-2, "{link}: every row adds up to 1 within {off}"),
        }
        if config.model.attention.rows_add_up_to_one() { whole += 1 } else { other += 1 }
    }
    assert!(whole > 10 && other >= 6, "{whole} {other}");
}

#[test]
fn what_the_anatomy_draws_of_a_token_is_attention_rollout() {
    let long = config("v=1&layers=3&n=40&mask=both&reach=local&window=7");
    for config in every_part(&config("v=1&layers=4&heads=2&d=16&n=9")).iter().chain([&long]) {
        let (anatomy, link) = (theory(config).anatomy, open::encode(config));
        let sensitivity = exact(config);
        // The sensitivity multiplies rows from the last layer down, the anatomy columns from the first layer up.
        let rollout = sensitivity.paths.unwrap_or_else(|| panic!("exact answers have theory")).rollout;
        let last = anatomy.layers.last().unwrap_or_else(|| panic!("a model has layers"));
        let side = anatomy.shown.len();
        assert_eq!(side, rollout.len().min(26), "{link}");
        let drawn = &last.influence[(side - 1) * side..];
        for (&token, share) in anatomy.shown.iter().zip(drawn) {
            // Sums of a few dozen f64 in another order.
            assert!((share - rollout[token]).abs() < 1e-13, "{link}: token {token} has {share}, rollout {}", rollout[token]);
        }
        // The pair stops at no layer and records no map, and its next tokens are those that the page shows.
        let most = pair(config).a.next.into_iter().fold(0.0, f64::max);
        assert!((anatomy.probability - most).abs() < 1e-6, "{link}: {} {most}", anatomy.probability);
    }
}

#[test]
fn the_plain_model_of_a_comparison_is_the_sweep_and_cures_differ_from_it() {
    let mut config = config("v=1&max=24&layers=2&d=16&heads=2&n=8");
    config.view.cures = Cures::of(Cure::ALL);
    let (Comparison { n, tokens, rows }, sweep) = (comparison(&config), sweep(&config));
    assert_eq!((n, tokens.len(), rows.len()), (sweep.n, 9, 16));
    let output = &sweep.stages[sweep.stages.len() - 1];
    assert_eq!(rows[0].distances, output.distances);
    let same = |row: &&Compared| row.distances == output.distances;
    // 24 tokens do not reach a cap of 50, and a window of 16 is one that some do not leave.
    assert_eq!(rows.iter().filter(same).count(), 1, "{:?}", rows.iter().filter(same).map(|row| &row.word).collect::<Vec<_>>());
    assert!(rows.iter().all(|row| row.sensitivity.as_ref().is_some_and(|profile| profile.norm.len() == 9)));
}

#[test]
fn a_row_of_the_separator_map_is_a_sweep_with_that_period() {
    let config = config("v=1&a=1%5En%7B,/k%7D&b=1%5E%28n%2B1%29%7B,/k%7D&max=40&layers=2&d=16&heads=2&k=4");
    let (map, sweep) = (separators(&config), sweep(&config));
    let row = map.k.iter().position(|&k| k == 4).unwrap_or_else(|| panic!("{:?}", map.k));
    let output = &sweep.stages[sweep.stages.len() - 1].distances;
    for (n, distances) in map.n.iter().zip(&map.distances[row]) {
        assert_eq!(*distances, output[n - 1], "n = {n}");
    }
    assert!(map.distances.iter().all(|row| row.len() == map.n.len()) && map.best(Metric::Linf).is_some());
    let plain = by_route(&self::config("v=1&max=40&layers=2&d=16&heads=2"), Route::SharedPrefix);
    assert_eq!(map.distances[0][map.n.len() - 1], plain.stages[3].distances[39], "k = 0 is no separators at all");
}

#[test]
fn a_search_finds_the_same_pair_again_and_its_link_shows_it() {
    let start = config("v=1&a=%5B01%5D%5En&b=1%5En&n=12&layers=2&d=16&heads=2&suffix=%3D&prefix=q");
    let found = search(&start);
    assert_eq!(found, search(&start));
    assert_ne!(found.a, found.b);
    assert_eq!((found.a.len(), found.b.len()), (12, 12));
    let opened = pair(&config(&found.link));
    let output = opened.stages[opened.stages.len() - 1].distances;
    assert!((output.linf - found.distances.linf).abs() < ROUNDING, "{output:?} {found:?}");
    // It is closer than the sequences that were typed.
    assert!(output.linf < pair(&start).stages[3].distances.linf, "{found:?}");
}

#[test]
fn a_search_leaves_the_question_as_it_is() {
    let found = search(&config("v=1&n=6&layers=1&d=16&heads=2&task=ones"));
    let opened = config(&found.link);
    assert_eq!((opened.input.task, found.a.len(), found.b.len()), (Task::Ones, 6, 6));
    let distances = pair(&opened).stages[2].distances;
    assert!((distances.linf - found.distances.linf).abs() < ROUNDING, "{distances:?} {found:?}");
}

#[test]
fn the_one_layer_bound_goes_as_far_as_its_weights_do() {
    let swept = sweep(&config("v=1&layers=1&heads=4&d=16&max=1040"));
    let output = |at: usize| swept.heads[0].l1[at].max;
    assert_eq!((swept.n.len(), swept.bound.len()), (1040, 1022));
    assert!((0..1022).all(|at| swept.bound[at].is_some_and(|bound| output(at) <= bound * (1.0 + ROUNDING))));
}
