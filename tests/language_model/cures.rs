//! Cures of SmolLM2-135M-Instruct beside what they cost, against an independent implementation.

use super::smollm2::{expected, file, link};
use super::{engine, opened};
use glasses_contract::presets::{CURES_OF_LANGUAGE, PRESETS};
use glasses_contract::report::{Comparison, PLAIN_TEXT};
use glasses_contract::{open, question};
use glasses_engine::NoProgress;
use glasses_engine::language_model::LanguageModel;
use glasses_engine::tokenizer::Tokenizer;
use std::rc::Rc;

fn comparison(language_model: &Rc<LanguageModel>, link: &str) -> Comparison {
    let (config, _, notes) = open::admitted_on(link, language_model.model()).expect("its own link");
    assert_eq!(notes, vec![], "{link}");
    pollster::block_on(engine(language_model).answer(&config, question::Comparison, &NoProgress)).expect("an answer")
}

#[test]
fn what_cures_keep_apart_and_what_they_cost_is_what_an_independent_implementation_finds() {
    let Some(file) = file() else { return };
    let language_model = opened(file);
    assert_eq!(language_model.tokenizer().tokens(PLAIN_TEXT).len(), 78);
    let expected = expected();
    let facts = expected["cures"].as_array().expect("cures");
    for parameters in ["c=0.43&ref=16&window=64", "c=1&ref=64&window=8", "c=0.2&ref=128&window=32"] {
        let found =
            comparison(&language_model, &format!("{}&cures=adaptive,log,log-relative,window&{parameters}", link("count_ones", 200)));
        assert_eq!(found.rows.len(), 5);
        for row in &found.rows {
            let is_of = |parameter: &str| parameter.is_empty() || parameters.split('&').any(|given| given == parameter);
            let fact = facts.iter().find(|fact| fact["word"] == row.word && is_of(fact["parameter"].as_str().expect("a parameter")));
            let fact = fact.expect("a fact");
            let of = row.cross_entropy.as_ref().expect("a language model has one");
            let loss = fact["cross_entropy"].as_f64().expect("a number");
            println!("{} {parameters}: {:.4} nats a token, {loss}", row.word, of.mean);
            // Written with four decimals; rounding grows where scores do.
            assert!(of.tokens.len() == 77 && (of.mean - loss).abs() < 2e-4 * loss, "{} {}", of.mean, loss);
            for fact in fact["distances"].as_array().expect("distances") {
                let n = fact["n"].as_u64().expect("an n") as usize;
                let at = found.n.iter().position(|&found| found == n).expect("every n is swept");
                for (name, found) in [("linf", row.distances[at].linf), ("l2", row.distances[at].l2)] {
                    let expected = fact[name].as_f64().expect("a number");
                    // What a window hides leaves rounding alone, of which nothing is known but how little it is.
                    assert!((found - expected).abs() < 1e-3 * expected + 2e-4, "{} {parameters} {n} {name}: {found} {expected}", row.word);
                }
            }
        }
    }
}

/// The digits that a sentence says of a number.
fn said(value: f64) -> String {
    format!(
        "{value:.*}",
        if value < 0.01 {
            3
        } else if value < 1.0 {
            2
        } else {
            1
        }
    )
}

#[test]
fn the_preset_names_a_cure_that_helps_and_one_that_ruins_the_model() {
    let Some(file) = file() else { return };
    let language_model = opened(file);
    let preset = PRESETS.iter().find(|preset| preset.link == CURES_OF_LANGUAGE).expect("a preset");
    let found = comparison(&language_model, preset.link);
    let row = |word: &str| found.rows.iter().find(|row| row.word == word).expect("a row");
    let far = |word: &str| row(word).distances.last().expect("distances").linf;
    let cost = |word: &str| found.cost(row(word)).expect("a language model has one").mean;
    assert_eq!(found.n.last(), Some(&200));
    let [least, other] = ["log-relative", "log"].map(|word| (said(far(word) / far("")), said(cost(word))));
    let helps = format!(
        "log-n relative keeps 200 ones and 201 {} times as far apart for {} nats a token more on a plain text, scalable softmax {} times for {}",
        least.0, least.1, other.0, other.1
    );
    let ruins = format!("sigmoid takes {} more", said(cost("sigmoid")));
    assert!(preset.sentence.contains(&helps) && preset.sentence.contains(&ruins), "{helps}; {ruins}");
    // Than of a guess among all tokens alike.
    let guess = (language_model.tokenizer().size() as f64).ln();
    assert!(row("sigmoid").cross_entropy.as_ref().is_some_and(|of| of.mean > guess), "{guess}");
    // Of those that help, none costs less than the one that is named, and of all none more than the other.
    let words = || found.rows.iter().map(|row| row.word.as_str()).filter(|word| !word.is_empty());
    assert!(words().filter(|word| far(word) >= 2.0 * far("")).all(|word| cost(word) >= cost("log-relative")));
    assert!(words().all(|word| cost(word) <= cost("sigmoid")));
}
