//! What the chapters and the presets say in words is what the engine answers to their links.

// A test ends with a panic where something is wrong.
#![allow(clippy::panic)]

use glasses_contract::Choice;
use glasses_contract::chapters;
use glasses_contract::config::{Config, Format, Place, Which};
use glasses_contract::presets::PRESETS;
use glasses_contract::question;
use glasses_contract::report::{LengthsOf, Sensitivity};
use glasses_contract::task::Task;
use glasses_tests::{answer, asks, config};

asks! {
    pair Pair;
    theory Theory;
    comparison Comparison;
    said Answers;
    lengths LengthGeneralization;
    separators Separators;
    meeting Meeting;
}

fn sensitivity(config: &Config) -> Sensitivity {
    answer(config, question::Sensitivity::exact(Which::A))
}

/// The state that a link opens, with another n.
fn at(link: &str, n: usize) -> Config {
    let mut config = config(link);
    (config.input.n, config.input.max_n) = (n, n);
    config
}

fn chapter(place: Place) -> &'static str {
    chapters::chapter(place).unwrap_or_else(|| panic!("{place:?} is no chapter")).link
}

fn preset(title: &str) -> &'static str {
    PRESETS.iter().find(|preset| preset.title == title).unwrap_or_else(|| panic!("no preset is called {title}")).link
}

/// The L∞ distance of the outputs.
fn apart(config: &Config) -> f64 {
    let pair = pair(config);
    pair.stages[pair.stages.len() - 1].distances.linf
}

/// The text of a chapter, as it is written.
macro_rules! text {
    ($name:literal) => {
        include_str!(concat!("../www/locale/en/", $name, ".html")).split_whitespace().collect::<Vec<_>>().join(" ")
    };
}

#[test]
fn softmax_spreads_thin() {
    let text = text!("spread");
    // The wonder: the first card, and what is pressed to see it.
    let opens = config(chapter(Place::Spread));
    let said = |n| said(&at(chapter(Place::Spread), n));
    assert_eq!((opens.input.n, said(20).a.said.as_str(), said(20).b.said.as_str()), (20, "20", "21"));
    assert!([said(200).a, said(200).b, said(201).a, said(201).b].iter().all(|answer| answer.said == "99"));
    assert!(text.contains("For 200 ones it answers 99. For 201, 99 again.") && text.contains("data-set=\"n=201\""));
    // What the last token gives to each of the ones, in the head that the chapter shows.
    let ones = |n: usize| {
        let a = pair(&at(chapter(Place::Spread), n)).a;
        let (side, tokens) = (a.attention.side, a.tokens.len());
        assert_eq!((a.attention.first, side), (0, tokens), "all of them are drawn");
        let row = a.attention.weights[side * (side - 1)..].to_vec();
        let of_ones: Vec<f64> = row.iter().zip(&a.tokens).filter(|(_, token)| *token == "1").map(|(&weight, _)| weight).collect();
        assert_eq!(of_ones.len(), n);
        (of_ones, tokens)
    };
    let mean = |weights: &[f64]| weights.iter().sum::<f64>() / weights.len() as f64;
    let greatest = |weights: &[f64]| weights.iter().copied().fold(0.0, f64::max);
    let ((few, _), (many, tokens)) = (ones(20), ones(200));
    assert!(few.iter().all(|weight| text.contains(&format!("about {weight:.2} of its attention"))), "{few:?}");
    let told = format!("About a tenth: {:.3} on average, near 1/{tokens}, and none of the ones above {:.3}.", mean(&many), greatest(&many));
    assert!(text.contains(&told), "{told}");
    assert!((8.0..12.0).contains(&(mean(&few) / mean(&many))), "{} {}", mean(&few), mean(&many));
}

#[test]
fn the_last_token_collapses() {
    let link = chapter(Place::Collapse);
    let (short, long) = (apart(&at(link, 16)), apart(&at(link, 64)));
    let text = text!("collapse");
    assert!(text.contains(&format!("At n = 16 the two outputs are {short:.3} apart")), "{short}");
    assert!(text.contains(&format!("{long:.4}, a sixth.")) && (short / long - 6.0).abs() < 0.5, "{long}");
    // One extra token at the end of both: as slowly as 1/n. Different ends: never.
    let reader = |n| apart(&at("v=1&a=1%5En0&b=1%5En1&suffix=%3D", n));
    assert!((0.6..1.6).contains(&(reader(32) / reader(128) / 4.0)), "{} {}", reader(32), reader(128));
    let ends = |n| apart(&at("v=1&a=1%5En0&b=1%5En1", n));
    assert!(ends(512) > 0.5 * ends(16), "{} {}", ends(16), ends(512));
}

#[test]
fn low_precision_makes_it_final() {
    let text = text!("precision");
    let open = config(chapter(Place::Precision));
    let met = meeting(&open);
    // Rounded once: zero from the n that is told on, where the exact distance is not.
    let from = met.same_from().unwrap_or_else(|| panic!("they still differ at the end"));
    assert!(text.contains(&format!("Exactly 0, from n = {from} on: not a bit of the {} coordinates differs", met.width)), "{from}");
    assert!(2 * from < open.input.max_n && text.contains(&format!("data-set=\"n={from}\"")));
    for (n, moment) in met.n.iter().zip(&met.moments) {
        assert!(moment.linf > 0.0 && (*n < from || moment.rounded == 0.0), "n = {n}: {moment:?}");
    }
    let words = met.moments[met.at(open.input.n)].words;
    assert_ne!(words[0], words[1], "the bits that are shown differ where the chapter opens");
    let mut eight = open.clone();
    eight.view.cell = Format::E4m3;
    let sooner = meeting(&eight).same_from().unwrap_or_default();
    assert!(text.contains(&format!("Eight bits are blind sooner, from n = {sooner} on")), "{sooner}");
    // Everything rounded: noise of a step or two, far above the exact distance, and then nothing.
    let mut all = open.clone();
    (all.model.formats.weights, all.model.formats.activations, all.model.formats.attention) = (Format::Bf16, Format::Bf16, Format::Bf16);
    const STEP: f64 = 1.0 / 128.0;
    let noisy = meeting(&all);
    let blind = noisy.same_from().unwrap_or_default();
    assert!(text.contains(&format!("From n = {blind} on, not even noise is left")), "{blind}");
    let tail = noisy.moments.iter().zip(&met.moments).skip(16).take(blind - 17);
    assert!(tail.clone().all(|(noise, _)| noise.linf <= 2.0 * STEP));
    assert!(tail.filter(|(noise, exact)| noise.linf > 4.0 * exact.linf).count() > 10);
}

#[test]
fn counting_and_copying_fail() {
    let (right, wrong) = (said(&at(chapter(Place::Counting), 20)), said(&at(chapter(Place::Counting), 200)));
    assert_eq!((right.a.said.as_str(), right.b.said.as_str()), ("20", "21"));
    assert_eq!(wrong.a.said, wrong.b.said, "a favourite number");
    assert_ne!(Some(wrong.a.said), wrong.a.right);
    let two_hundred = said(&at(preset("Two hundred ones"), 200));
    assert_eq!(two_hundred.a.said, two_hundred.b.said);
    let is_right = |title, n| {
        let said = said(&at(preset(title), n));
        Some(said.a.said) == said.a.right
    };
    assert!(is_right("Counting ones", 20) && is_right("The last of many", 20) && is_right("The first of many", 20));
    assert!(!is_right("Counting in fp8", 60), "at a length that it was trained on");
    assert!(is_right("With a cure", 20));
    let copied = said(&at(preset("The last of many"), 200));
    assert_eq!((copied.a.said.as_str(), copied.b.said.as_str()), ("1", "1"), "of 1…10 and of 1…1 the same");
}

#[test]
fn early_tokens_shout() {
    let heard = |layers: usize| {
        let mut config = at(chapter(Place::Early), 24);
        config.model.layers = layers;
        sensitivity(&config).full.norm
    };
    let norm = heard(8);
    let last = norm.len() - 1;
    let greatest = |norm: &[f64]| norm.iter().copied().fold(0.0, f64::max);
    assert!(norm[last] > norm[0], "the last token counts most");
    assert!(norm[0] > 2.0 * greatest(&norm[1..last]), "the first is heard next best, by a multiple: {norm:?}");
    let share = |norm: &[f64]| norm[0] / norm[last];
    assert!(share(&heard(16)) > share(&norm) && share(&norm) > share(&heard(2)), "every further layer makes it louder");
}

#[test]
fn separators_keep_what_meets_without_them() {
    let text = text!("glasses");
    let open = config(chapter(Place::Glasses));
    assert_eq!((open.input.k, open.input.max_n), (3, 256));
    let map = separators(&open);
    let row = |k: usize| map.k.iter().position(|&other| other == k).map(|row| &map.distances[row]);
    let at = |k: usize, n: usize| {
        let column = map.n.iter().rposition(|&other| other <= n);
        row(k).zip(column).map_or(f64::NAN, |(row, column)| row[column].linf)
    };
    let (with, without) = (at(3, 256), at(0, 256));
    let told = format!("More than a hundred times as far: {with:.3}, against {without:.5} without commas.");
    assert!(text.contains(&told) && with > 100.0 * without, "{told}");
    assert!(with > 0.5 * at(3, 64) && without < 0.2 * at(0, 64), "one stays up where the other falls");
    // Every three of them, one comma: what is kept is where in its group of three the last one stands.
    let three = |n| apart(&at_with(chapter(Place::Glasses), n, "1^(n+3){,/k}"));
    assert!(three(256) < 0.01 * with && three(256) < 0.2 * three(64), "{}", three(256));
}

/// The state that a link opens, with another n and another B.
fn at_with(link: &str, n: usize, b: &str) -> Config {
    let mut config = at(link, n);
    config.input.b = b.into();
    config
}

#[test]
fn formulas_help_little_untrained() {
    let mut config = at("v=1&tool=cures", 256);
    config.input.n = 24;
    let compared = comparison(&config);
    let distance = |word: &str| {
        let row = compared.rows.iter().find(|row| row.word == word).unwrap_or_else(|| panic!("{word}"));
        row.distances.last().map_or(f64::NAN, |distances| distances.linf)
    };
    assert!((1.5..3.0).contains(&(distance("sigmoid") / distance(""))), "by a factor of about two");
    assert!(distance("log") < 1.2 * distance("") && distance("alibi") < 1.2 * distance(""), "the other two do not help");
}

#[test]
fn scalable_softmax_copies_further_and_counts_no_further() {
    // How often each model is right, between two lengths.
    let right = |task: &str, from: usize, to: usize| {
        let mut config = config(preset("With a cure"));
        config.input.task = Task::from_word(task).unwrap_or_else(|| panic!("{task}"));
        let lengths = lengths(&config);
        let share = |model: &LengthsOf| {
            let between = model.lengths.iter().filter(|length| (from..=to).contains(&length.n));
            let pairs: Vec<_> = between.flat_map(|length| length.right.iter().zip(&length.said)).collect();
            pairs.iter().filter(|(right, said)| right == said).count() as f64 / pairs.len() as f64
        };
        (share(&lengths.models[0]), share(&lengths.models[1]))
    };
    let (cured, plain) = right("first", 125, 200);
    assert!(cured > 0.9 && plain < 0.75, "{cured} {plain}");
    assert_eq!(right("ones", 80, 200), (0.0, 0.0));
}

#[test]
fn presets_show_what_their_sentences_say() {
    let falls = |title: &str| apart(&at(preset(title), 256)) / apart(&at(preset(title), 16));
    assert!(falls("n ones or n + 1?") < 1.0 / 16.0, "faster than 1/n");
    assert!(falls("A zero at the end") < 0.1 && falls("One extra token") < 0.2);
    assert!((0.02..0.5).contains(&falls("Random digits")) && falls("Random digits") > 2.0 * falls("n ones or n + 1?"), "slower");
    for (title, n) in [("Nothing in front", 24), ("10 = 1100", 1), ("10 = 1100", 24)] {
        assert!(apart(&at(preset(title), n)) < 1e-5, "{title}: what is left is rounding");
    }
    let deep = theory(&at(preset("Sixteen layers deep"), 24));
    assert!(deep.uniform_profile[0] > 0.99, "{:?}", deep.uniform_profile);
    let lost = sensitivity(&at(preset("Lost in the middle"), 200)).full.norm;
    assert!(lost[200] > lost[0] && lost[0] > 5.0 * lost[100] && lost[199] > 5.0 * lost[100], "a U");
    // What does not fade: the greatest of the heads' variations, over a tenfold length.
    let varies = |n| theory(&at(preset("1010… and 0101…"), n)).variation[0].heads.iter().copied().fold(0.0, f64::max);
    assert!(varies(240) > 0.9 * varies(24), "{} {}", varies(24), varies(240));
}

#[test]
fn commas_keep_apart_what_meets_without_them() {
    let with = |n| apart(&at(preset("A comma every third"), n));
    let without = |n| {
        let mut config = at(preset("A comma every third"), n);
        (config.input.a, config.input.b) = ("1^n".into(), "1^(n+1)".into());
        apart(&config)
    };
    assert!(with(500) > 0.5 * with(50), "{} {}", with(50), with(500));
    assert!(without(500) < 0.05 * without(50), "{} {}", without(50), without(500));
}
