//! The anatomy: what is carried, counted, drawn and read.

use super::*;
use crate::samples;

fn anatomy(theory: &Theory, followed: usize) -> Anatomy {
    Anatomy {
        theory: theory.clone().into(),
        layer: 1,
        head: None,
        followed: Some(followed),
        premises: Premises::default(),
        model: samples::MODEL.into(),
    }
}

#[test]
fn what_is_carried_into_a_position_is_what_is_there() {
    let theory = samples::theory(4, 24);
    let anatomy = anatomy(&theory, 3);
    for (layer, position) in (0..4).flat_map(|layer| (0..25).map(move |position| (layer, position))) {
        let carried: f64 = (0..25).map(|key| anatomy.carried(layer, position, key)).sum();
        assert!((carried - anatomy.share(layer + 1, position, 3)).abs() < 1e-12, "{layer} {position}");
    }
}

#[test]
fn figure_1b_has_these_paths_and_names_them() {
    let theory = samples::theory(3, 4);
    let picture = draw(&anatomy(&theory, 0), 432);
    assert!(["15", "10", "6", "3", "1"].iter().all(|count| picture.contains(&format!("\n{count}\n"))), "{picture}");
    assert!(anatomy(&theory, 0).finding().contains("15, 10, 6, 3, 1."));
}

#[test]
fn no_thread_stands_for_less_than_a_hundredth() {
    let mut theory = samples::theory(2, 4);
    for layer in &mut theory.anatomy.layers {
        layer.weights.fill(0.009);
        layer.influence.fill(0.009);
    }
    // The followed token's own column holds half of it in the first layer: that one thread, and the stem of the answer.
    assert_eq!(draw(&anatomy(&theory, 0), 720).matches("<polyline").count(), 1);
}

#[test]
fn a_reading_names_layer_and_token() {
    let theory = samples::theory(3, 4);
    let readout = read(&anatomy(&theory, 2));
    let reading = readout.at(2, 0).expect("a reading");
    assert_eq!(reading.title, "layer 3, token 3: “1”");
    assert_eq!(readout.count(), 3 * 5);
    let home = readout.step(None, crate::Direction::Right).expect("a reading");
    assert_eq!(home.title, "layer 1, token 3: “1”");
}

#[test]
fn a_factor_is_no_share_and_one_path_is_one() {
    let mut theory = samples::theory(3, 4);
    let last = theory.anatomy.layers.len() - 1;
    theory.anatomy.layers[last].influence[4 * 5] = 5.59;
    let plain = anatomy(&theory, 0);
    assert!(plain.finding().starts_with("Of what the answer is read from, 559% is from token 1: “⟨bos⟩” (attention rollout);"));
    let premises = Premises { adds_up: false, skips: false, ..Premises::default() };
    let sigmoid = Anatomy { premises, ..plain };
    let told = "From token 1: “⟨bos⟩” to what the answer is read from, the factor is 5.59 (attention rollout).";
    let finding = sigmoid.finding();
    assert!(finding.starts_with(&format!("{told} {} {}", premises.no_shares(), premises.no_skips())), "{finding}");
    assert!(finding.contains("It comes along 15 paths, on average ×\u{a0}0.373 along each."), "{finding}");
    let picture = draw(&sigmoid, 900);
    assert!(picture.contains("\n×\u{a0}5.59\n") && picture.contains(premises.no_skips()), "{picture}");
    assert!(anatomy(&theory, 4).finding().contains("It comes along one path."), "{}", anatomy(&theory, 4).finding());
}

#[test]
fn no_number_beside_the_last_column_is_cut_off() {
    for value in [1.64e-8, 0.0, 0.5, 5.59, 3.27e12, f64::NAN] {
        let mut theory = samples::theory(4, 24);
        theory.anatomy.layers.iter_mut().for_each(|layer| layer.influence.fill(value));
        for premises in [Premises::default(), Premises { adds_up: false, ..Premises::default() }] {
            let picture = draw(&Anatomy { premises, ..anatomy(&theory, 3) }, 720);
            let cut: Vec<_> = texts(&picture).into_iter().filter(|(from, to, _)| *from < 0.0 || *to > 720.0).collect();
            assert!(cut.is_empty(), "{value}: {cut:?}");
        }
    }
}

/// Where each text of a picture begins and ends, about, in CSS pixels, and what it says.
fn texts(picture: &str) -> Vec<(f64, f64, String)> {
    let attribute = |tag: &str, name: &str| {
        let value = tag.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
        value.map(|(value, _)| value.to_owned()).unwrap_or_default()
    };
    let text = |part: &str| {
        let (tag, rest) = part.split_once('>')?;
        let words = rest.split_once("</text>")?.0.trim().to_owned();
        let (x, size) = (attribute(tag, "x").parse::<f64>().ok()? / 2.0, attribute(tag, "font-size").parse::<f64>().ok()? / 2.0);
        let width = text::width(&words, size);
        let from = match attribute(tag, "text-anchor").as_str() {
            "end" => x - width,
            "middle" => x - width / 2.0,
            _ => x,
        };
        Some((from, from + width, words))
    };
    let texts: Vec<_> = picture.split("<text").skip(1).filter_map(text).collect();
    assert_eq!(texts.len(), picture.matches("<text").count(), "every text was read");
    texts
}

fn style() -> Style {
    Style::new(Theme::light(), 2.0)
}

fn draw(figure: &Anatomy, width: u32) -> String {
    crate::svg(figure, width, 560, &style()).expect("a picture")
}

fn read(figure: &Anatomy) -> Readout {
    use plotters::prelude::{IntoDrawingArea, SVGBackend};
    let mut document = String::new();
    let area = SVGBackend::with_string(&mut document, (1440, 1120)).into_drawing_area();
    figure.draw(&area, &style()).expect("a picture")
}
