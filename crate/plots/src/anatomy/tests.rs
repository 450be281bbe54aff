//! The anatomy: what is carried, counted, drawn and read.

use super::*;
use crate::samples;

fn anatomy(theory: &Theory, followed: usize) -> Anatomy {
    Anatomy { theory: theory.clone().into(), layer: 1, head: None, followed: Some(followed), model: samples::MODEL.into() }
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
