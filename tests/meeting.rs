//! The meeting, held to NumPy's singular value decomposition of a second implementation's outputs: tests/reference/meeting.py.

use glasses_contract::question;
use glasses_contract::report::PlanePoint;
use glasses_tests::{answer, config};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::f64::consts::TAU;

#[derive(Deserialize)]
struct Expected {
    link: String,
    share: [f64; 2],
    a: Vec<[f64; 2]>,
    apart: Vec<[f64; 2]>,
    seen: Vec<f64>,
    differing: Vec<usize>,
    next: Vec<[u32; 2]>,
    /// For some n, how far the cell goes from A in directions of the plane.
    cells: BTreeMap<usize, Vec<f64>>,
}

/// What a place may be off by: outputs are computed in f32, whose roundings add up over 64 coordinates.
const PLACE: f64 = 2e-5;
/// What a wall of a cell may be off by: A's coordinate, in f32, by so much, seen along a direction that leans to the wall by about an eighth.
const WALL: f64 = 3e-5;
/// Coordinates so near to a wall that f32 and f64 round them apart.
const AT_A_WALL: usize = 2;

/// How far a convex polygon around the origin goes in a direction.
fn reach(corners: &[PlanePoint], angle: f64) -> f64 {
    let (x, y) = (angle.cos(), angle.sin());
    let next = corners.iter().cycle().skip(1);
    let edges = corners.iter().zip(next).filter_map(|(one, other)| {
        // Where t (x, y) crosses the edge: across the direction, it is nowhere.
        let across = |place: &PlanePoint| x * place.y - y * place.x;
        let (from, to) = (across(one), across(other));
        let share = from / (from - to);
        let along = |place: &PlanePoint| x * place.x + y * place.y;
        let far = along(one) + share * (along(other) - along(one));
        ((0.0..=1.0).contains(&share) && far >= 0.0).then_some(far)
    });
    edges.fold(0.0, f64::max)
}

#[test]
fn places_shares_and_cells_are_those_of_a_singular_value_decomposition() {
    let expected: Expected = serde_json::from_str(include_str!("reference/expected_meeting.json")).expect("what meeting.py wrote");
    let mut config = config(&expected.link);
    config.view.cell = glasses_contract::config::Format::Bf16;
    let meeting = answer(&config, question::Meeting);
    assert_eq!(meeting.n, (1..=expected.a.len()).collect::<Vec<_>>());
    for (found, expected) in meeting.share.iter().zip(expected.share) {
        assert!((found - expected).abs() < 1e-6, "{found} where {expected} is expected");
    }
    let close = |found: PlanePoint, expected: [f64; 2]| (found.x - expected[0]).abs() < PLACE && (found.y - expected[1]).abs() < PLACE;
    for (at, moment) in meeting.moments.iter().enumerate() {
        let n = at + 1;
        assert!(close(moment.a, expected.a[at]) && close(moment.apart, expected.apart[at]), "n = {n}: {moment:?}");
        assert!((moment.seen - expected.seen[at]).abs() < 1e-3, "n = {n}: {} where {} is expected", moment.seen, expected.seen[at]);
        assert!(
            moment.differing.abs_diff(expected.differing[at]) <= AT_A_WALL,
            "n = {n}: {}, {}",
            moment.differing,
            expected.differing[at]
        );
        assert_eq!(moment.next, expected.next[at], "n = {n}");
    }
    for (n, far) in &expected.cells {
        let cell = &meeting.moments[n - 1].cell;
        for (at, expected) in far.iter().enumerate() {
            let found = reach(cell, TAU * at as f64 / far.len() as f64);
            assert!((found - expected).abs() < WALL, "n = {n}, direction {at}: {found:e} where {expected:e} is expected");
        }
    }
    // The cube: no corner has a coordinate of more than 1, and each touches two of its walls.
    assert!(meeting.cube.len() >= 4 && meeting.epsilon == 0.007_812_5);
}
