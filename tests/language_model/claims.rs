//! What is said of SmolLM2-135M-Instruct: how its representations collapse, and what keeps them apart. The numbers beside are those of an independent
//! implementation.

use super::smollm2::{file, link};
use super::{engine, facts, numbers, opened};
use glasses_contract::config::Place;
use glasses_contract::presets::{PRESETS, SINKS_OF_LANGUAGE, TAKEN_FOR_THE_FIRST};
use glasses_contract::report::{Likest, Stage, Sweep, SweepMethod};
use glasses_contract::{Experiment, admit_on, chapters, open, question};
use glasses_engine::NoProgress;
use glasses_engine::language_model::LanguageModel;
use std::rc::Rc;

fn sweep(language_model: &Rc<LanguageModel>, link: &str) -> Sweep {
    let (config, _, notes) = open::admitted_on(link, language_model.model()).expect("its own link");
    assert_eq!(notes, vec![], "{link}");
    pollster::block_on(engine(language_model).answer(&config, question::Sweep, &NoProgress)).expect("an answer")
}

/// The L∞ distance of head outputs in the last block, mean over the heads.
fn of_heads(sweep: &Sweep) -> Vec<(usize, f64)> {
    let heads = sweep.heads.last().expect("a layer");
    sweep.n.iter().copied().zip(heads.linf.iter().map(|spread| spread.mean)).collect()
}

#[test]
fn a_question_behind_growing_ones_sees_less_and_less_of_them() {
    let Some(file) = file() else { return };
    let language_model = opened(file);
    let sweep = sweep(&language_model, &link("question_last", 501));
    assert_eq!(sweep.method, SweepMethod::SharedPrefix);
    assert!(sweep.is_at_some_n() && (12..=24).contains(&sweep.n.len()), "{:?}", sweep.n);
    let distances = of_heads(&sweep);
    println!("question last: {distances:?}");
    let [(first, from), (last, to)] = [distances[0], distances[distances.len() - 1]];
    assert_eq!((first, last), (1, 501));
    // 0.36001 and 4.5 · 10⁻⁵, four decades, which single precision knows to a few hundredths.
    assert!((from - 0.36001).abs() < 1e-3 && (to / 4.48e-5 - 1.0).abs() < 0.1, "{from} {to}");
    // It falls at every step but for a tenth.
    assert!(distances.windows(2).all(|pair| pair[1].1 < 1.1 * pair[0].1));
    // The line of bf16 is crossed near n = 40, in front of 51, where 0.0055 is left.
    let above = distances.iter().filter(|(_, distance)| *distance >= 2.0_f64.powi(-7)).map(|(n, _)| *n).max();
    assert!(above.is_some_and(|n| (30..=45).contains(&n)), "{above:?}");
}

#[test]
fn a_token_repeated_with_nothing_before_it_is_one_text_but_not_in_low_precision() {
    let Some(file) = file() else { return };
    let language_model = opened(file);
    let alike = link("", 40).split("&suffix").next().map(String::from).expect("a link without a question");
    let output = |sweep: &Sweep| sweep.stages.last().expect("the output").distances.iter().map(|d| d.linf).fold(0.0, f64::max);
    let [single, rounded] = ["", "&fw=bf16&fa=bf16&fp=bf16"].map(|formats| output(&sweep(&language_model, &(alike.clone() + formats))));
    println!("one text: {single:.1e}, in bf16 {rounded:.1e}");
    // In single precision weights sum to 1 but for its rounding, which 5 · 10⁻⁴ of a coordinate is at the most here; in bf16 the two are 0.38 apart.
    assert!(single < 1e-3, "{single}");
    assert!(rounded > 100.0 * single, "{rounded}");
}

#[test]
fn commas_at_every_third_place_keep_one_more_apart_and_not_three_more() {
    let Some(file) = file() else { return };
    let language_model = opened(file);
    let commas = |more: usize| {
        let texts = format!("prefix=Copy this number:%20&a=1^n{{,/3}}&b=1^(n%2B{more}){{,/3}}&max=101");
        of_heads(&sweep(&language_model, &link("", 1).replace("suffix=%0AHow many ones are in the sequence above?&max=1", &texts)))
    };
    let (one, three) = (commas(1), commas(3));
    let last = |distances: &[(usize, f64)]| distances[distances.len() - 30..].iter().map(|(_, distance)| distance).sum::<f64>() / 30.0;
    println!("commas: {:?} against {:?}, mean of the last 30 {:.3} against {:.3}", one.last(), three.last(), last(&one), last(&three));
    // 1.3139 at n = 101.
    assert!(one.last().is_some_and(|(_, distance)| (distance - 1.31).abs() < 0.01));
    assert!(last(&one) > 5.0 * last(&three));
}

/// What the chapter about a language model says in words, in English; the other languages say the same numbers.
#[test]
fn the_chapter_says_what_the_model_answers() {
    let Some(file) = file() else { return };
    let language_model = opened(file);
    let text = include_str!("../../www/locale/en/language.html");
    let chapter = chapters::chapter(Place::Language).expect("a chapter").link;
    let offers: Vec<&str> = text.split("data-open=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let [ones, first, commas, by_three, heads, rounded, window, last_word, taken, cured, _] = offers[..] else { panic!("{offers:?}") };
    let at = |link: &str, n: usize, change: fn(&mut Experiment)| {
        let mut experiment = open::decode(link).0.experiment;
        experiment.input.n = n;
        change(&mut experiment);
        admit_on(experiment, language_model.model()).0
    };
    let apart = |link: &str, n: usize, change: fn(&mut Experiment)| {
        let pair =
            pollster::block_on(engine(&language_model).answer(&at(link, n, change), question::Pair, &NoProgress)).expect("an answer");
        pair.stages.last().expect("the output").distances.linf
    };
    let said = |value: f64, words: &str| {
        let number: f64 = words.parse().expect("a number");
        let last_digit = 10_f64.powi(-words.split_once('.').map_or(0, |(_, digits)| digits.len() as i32));
        assert!(text.contains(words) && (value - number).abs() <= 0.5001 * last_digit, "{words} is said, {value} is computed");
    };
    let as_it_is = |_: &mut Experiment| {};
    let sweep_of = |link: &str| {
        pollster::block_on(engine(&language_model).answer(&at(link, 40, as_it_is), question::Sweep, &NoProgress)).expect("an answer")
    };
    let made_up = sweep_of(rounded).stages.last().expect("the output").distances.iter().map(|d| d.linf).fold(0.0, f64::max);
    println!("made up in bf16: {made_up}");
    said(made_up, "0.38");
    // Where the question is out of every layer's sight, nothing but the noise of single precision is left; without a window much is.
    assert!(apart(window, 50, as_it_is) < 1e-3);
    said(apart(first, 50, as_it_is), "0.77");
    let above = of_heads(&sweep_of(heads)).into_iter().filter(|(_, distance)| *distance >= 2.0_f64.powi(-7)).map(|(n, _)| n).max();
    println!("bf16's line is crossed behind n = {above:?}");
    assert!(above.is_some_and(|n| text.contains(&format!("machine epsilon past n = {n}."))), "{above:?}");
    let written = |link: &str, n: usize| {
        let config = at(link, n, as_it_is);
        pollster::block_on(engine(&language_model).answer(&config, question::Continuation, &NoProgress)).expect("an answer")
    };
    let [few, many] = [10, 150].map(|n| written(last_word, n));
    println!("the last word: {:?} {:?}, {:?} {:?}", few.a.text, few.b.text, many.a.text, many.b.text);
    assert!(few.a.text.starts_with(" lake") && few.b.text.starts_with(" tree") && !many.a.text.contains("lake"));
    said(apart(taken, 400, as_it_is), "0.48");
    said(apart(taken, 420, as_it_is), "5.1");
    said(apart(cured, 200, as_it_is) / apart(first, 200, as_it_is), "4.7");
    said(apart(chapter, 1, as_it_is), "1.36");
    said(apart(chapter, 100, as_it_is), "0.08");
    said(apart(first, 1, as_it_is), "6.7");
    said(apart(first, 100, as_it_is), "0.35");
    said(apart(commas, 60, as_it_is), "9.4");
    said(apart(by_three, 60, as_it_is), "0.54");
    said(apart(commas, 60, |experiment| (experiment.input.a, experiment.input.b) = ("1^n".into(), "1^(n+1)".into())), "0.67");
    assert!(apart(ones, 60, as_it_is) < 1e-3, "only rounding tells them apart");
    let continuation = written(chapter, 40);
    assert_eq!(continuation.a.text, continuation.b.text);
    assert!(continuation.a.text.trim().starts_with("The answer is: 10111111") && text.contains("“The answer is: 10111111…”"));
}

/// Where a token of a run comes to be taken for the first one of its text, as an independent implementation found it.
fn is_taken_for_the_first(sweep: &Sweep, token: &str, before: usize) -> Likest {
    let facts = facts(include_str!("smollm2.json"))["taken_for_the_first"].clone();
    let near = facts["near"][token].as_f64().expect("an n");
    let likest = sweep.likest().expect("numbers");
    assert_eq!(likest.stage, Stage::Layer(facts["layer"].as_u64().expect("a layer") as usize));
    // Found to about ten.
    let from = (before + likest.from.expect("it is taken for it")) as f64;
    assert!((from - near).abs() <= 10.0, "{from} {near}");
    assert!(likest.greatest > facts["least_after"].as_f64().expect("a number") && likest.greatest < 1.0, "{likest:?}");
    likest
}

#[test]
fn a_token_that_is_repeated_often_enough_is_taken_for_the_first_one() {
    let Some(file) = file() else { return };
    let language_model = opened(file);
    let preset = PRESETS.iter().find(|preset| preset.link == TAKEN_FOR_THE_FIRST).expect("a preset");
    let swept = sweep(&language_model, preset.link);
    let likest = is_taken_for_the_first(&swept, " the", 0);
    println!("taken for the first: {likest:?}");
    let from = likest.from.expect("it is taken for it");
    let at = |n: usize| swept.n.iter().position(|&found| found == n).expect("an n");
    let cosine = |n: usize| swept.likeness[likest.index].cosine[at(n)];
    let output = |n: usize| swept.stages.last().expect("the output").distances[at(n)].linf;
    println!(
        "cosines {:?} distances {:?}",
        [from - 2, from - 1, from, from + 1].map(cosine),
        [from - 2, from - 1, from, from + 1].map(output)
    );
    let said = format!("From n = {} to {} ", from - 1, from + 1);
    let leaps = format!("at layer 3 their cosine leaps from {:.2} to {:.2}.", cosine(from - 1), cosine(from + 1));
    assert!(preset.sentence.contains(&said) && preset.sentence.ends_with(&leaps), "{said} {leaps}");
    // The distance of n and n + 1 is that of the two sides of the leap.
    assert!(output(from - 1) > 5.0 * output(from - 21), "{} {}", output(from - 21), output(from - 1));
}

#[test]
fn ones_are_taken_for_the_first_one_past_a_thousand() {
    let Some(file) = file() else { return };
    let language_model = opened(file);
    let before = 1000;
    let texts = format!("a=1^(n%2B{before})&b=1^(n%2B{})&max=380", before + 1);
    let swept = sweep(&language_model, &link("count_ones", 1).replace("max=1", &texts));
    is_taken_for_the_first(&swept, "1", before);
    let fact = facts(include_str!("smollm2.json"))["taken_for_the_first"]["ones"].clone();
    assert_eq!(fact["n"].as_u64(), Some(before as u64 + 1));
    let (found, expected) = (of_heads(&swept)[0].1, fact["head_mean"].as_f64().expect("a number"));
    assert!((found / expected - 1.0).abs() < 1e-3, "{found} {expected}");
}

#[test]
fn the_first_token_of_a_text_has_one_great_coordinate() {
    let Some(file) = file() else { return };
    let language_model = opened(file);
    let facts = facts(include_str!("smollm2.json"))["taken_for_the_first"].clone();
    let number = |of: &str| facts[of].as_f64().expect("a number");
    let link = link("", 1).replace("suffix=%0AHow many ones are in the sequence above?", "a=How&b=How");
    let (config, ..) = open::admitted_on(&link, language_model.model()).expect("its own link");
    let read = pollster::block_on(engine(&language_model).representations(&config, &NoProgress)).expect("representations");
    let (width, layer) = (config.model.width, number("layer") as usize);
    let stage = &read.stages[layer * width..][..width];
    let (place, greatest) = stage.iter().enumerate().max_by(|one, other| one.1.abs().total_cmp(&other.1.abs())).expect("coordinates");
    assert_eq!(place, number("coordinate") as usize);
    assert!((f64::from(greatest.abs()) - number("of_the_first")).abs() < 0.5, "{greatest}");
}

#[test]
fn the_last_token_s_attention_sinks_are_those_of_an_independent_implementation() {
    let Some(file) = file() else { return };
    let language_model = opened(file);
    let preset = PRESETS.iter().find(|preset| preset.link == SINKS_OF_LANGUAGE).expect("a preset");
    let (config, ..) = open::admitted_on(preset.link, language_model.model()).expect("its own link");
    let pair = pollster::block_on(engine(&language_model).answer(&config, question::Pair, &NoProgress)).expect("an answer");
    let facts = facts(include_str!("smollm2.json"))["sinks_by_layer"].clone();
    let found = [("mean", &pair.a.sink_by_layer), ("least", &pair.a.sink_least_by_layer), ("most", &pair.a.sink_most_by_layer)];
    for (of, found) in found {
        let expected = numbers(&facts[of]);
        assert_eq!(found.len(), expected.len());
        for (layer, (found, expected)) in found.iter().zip(expected).enumerate() {
            // Written with four digits.
            assert!((found - expected).abs() < 2e-3 * expected + 1e-6, "{of} of layer {}: {found} {expected}", layer + 1);
        }
    }
    let digits = |share: f64| format!("{:.*}%", if share < 0.01 { 2 } else { 1 }, 100.0 * share);
    let [mean, least, most] = found.map(|(_, by_layer)| digits(by_layer[22]));
    let said = format!(
        "In layer 23 its last token gives the first one {mean} of its attention, mean of the heads, from {least} to {most} by head"
    );
    assert!(preset.sentence.contains(&said), "{said}");
    let by_share = |one: &usize, other: &usize| pair.a.sink_by_layer[*one].total_cmp(&pair.a.sink_by_layer[*other]);
    let ends = ((0..30).min_by(by_share), (0..30).max_by(by_share));
    assert_eq!(ends, (Some(11), Some(22)), "the layers that are named");
}
