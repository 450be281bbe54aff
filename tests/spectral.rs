//! Spectral norms, held to singular value decompositions by LAPACK: tests/reference/spectral.py. They are bounds: never below, hardly above.

// A test ends with a panic where something is wrong.
#![allow(clippy::panic)]

use glasses_engine::theory::spectral::{Matrix, norm, norm_of_product};
use glasses_engine::weights::Weights;
use glasses_tests::config;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Expected {
    matrices: Vec<Case>,
    weights: OfALink,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    a: Vec<Vec<f64>>,
    b: Option<Vec<Vec<f64>>>,
    norm: f64,
}

#[derive(Deserialize)]
struct OfALink {
    link: String,
    norms: BTreeMap<String, Norms>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Norms {
    OfOne(f64),
    OfHeads(Vec<f64>),
}

/// What a norm may be above the greatest singular value, relative to it: hundreds of times a rounding, for sums of hundreds of numbers.
const ABOVE: f64 = 1e-10;
/// The same of a product, relative to the product of both norms: what is lost in the product is the root of a rounding.
const LOST: f64 = 1e-6;

fn expected() -> Expected {
    serde_json::from_str(include_str!("reference/expected_spectral.json")).expect("what spectral.py wrote")
}

fn matrix(rows: &[Vec<f64>]) -> Matrix {
    Matrix { rows: rows.len(), values: rows.concat() }
}

#[test]
fn matrices_whose_singular_values_tie_vanish_or_are_tiny_and_huge_have_norms_that_are_never_too_small() {
    let cases = expected().matrices;
    assert!(cases.len() > 20);
    for Case { name, a, b, norm: expected } in cases {
        let a = matrix(&a);
        let (found, allowed) = match b.map(|b| matrix(&b)) {
            Some(b) => (norm_of_product(&a, &b), ABOVE * expected + LOST * norm(&a) * norm(&b)),
            None => (norm(&a), ABOVE * expected),
        };
        assert!(found >= expected && found <= expected + allowed, "{name}: {found:e}, LAPACK says {expected:e}");
    }
}

#[test]
fn a_model_s_norms_are_never_too_small() {
    let OfALink { link, norms } = expected().weights;
    let model = config(&link).experiment.model;
    let weights = Weights::draw(&model);
    let stored = |name: &str| {
        let array = weights.get(name).unwrap_or_else(|| panic!("{name}"));
        Matrix { rows: array.shape[0], values: array.values.iter().map(|&value| f64::from(value)).collect() }
    };
    let check = |name: &str, found: f64, expected: f64| {
        assert!(found >= expected && found <= expected * (1.0 + ABOVE), "{name}: {found}, LAPACK says {expected}");
    };
    let mut checked = 0;
    for (name, expected) in norms {
        match expected {
            Norms::OfOne(expected) => check(&name, norm(&stored(&name)), expected),
            Norms::OfHeads(expected) => {
                let [value, output] = ["value", "output"].map(|part| stored(&format!("{name}.{part}.weight")));
                for (head, expected) in expected.into_iter().enumerate() {
                    let own = head * model.head_width()..(head + 1) * model.head_width();
                    check(&name, norm_of_product(&value.columns_in(own.clone()), &output.rows_in(own)), expected);
                }
            }
        }
        checked += 1;
    }
    assert_eq!(checked, 3 * model.layers);
}

#[test]
fn what_is_no_number_stays_none() {
    let broken = Matrix { rows: 2, values: vec![1.0, f64::NAN, 0.0, 1.0] };
    let endless = Matrix { rows: 1, values: vec![f64::INFINITY] };
    let plain = Matrix { rows: 2, values: vec![1.0, 0.0, 0.0, 1.0] };
    assert!(norm(&broken).is_nan() && norm(&endless).is_nan() && norm_of_product(&plain, &broken).is_nan());
}
