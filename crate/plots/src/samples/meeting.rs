//! Made-up meetings, and those that no picture has room for.

use glasses_contract::config::{Format, Input};
use glasses_contract::report::{Coordinate, Meeting, Moment, PlanePoint};
use glasses_contract::sequence::Sequences;
use std::f64::consts::TAU;

/// Two dots on one bent way, one step apart, that bf16 stores as one vector from some n on.
pub fn meeting(most: usize) -> Meeting {
    let way = |n: usize| {
        let left = 1.0 / n as f64;
        PlanePoint { x: 2.6 * left - 0.3, y: 1.4 * (2.2 * left).sin() - 0.4 }
    };
    let moment = |n: usize| {
        let (a, b) = (way(n), way(n + 1));
        let apart = PlanePoint { x: b.x - a.x, y: b.y - a.y };
        let linf = 0.4 * apart.x.hypot(apart.y);
        let differing = ((linf * 9_000.0) as usize).min(64);
        let corner = |turn: f64, size: f64| PlanePoint { x: size * turn.cos(), y: 0.7 * size * turn.sin() };
        let cell = [0.2, 1.1, 2.4, 3.3, 4.9].map(|turn| corner(turn, 4e-4)).to_vec();
        let next = if n < 9 { [18, 41] } else { [41, 41] };
        let rounded = if differing > 0 { 0.007_812_5 * (linf / 0.007_812_5).ceil() } else { 0.0 };
        let words = [0x3F40, 0x3F40 + differing as u32];
        Moment { a, apart, linf, rounded, words, seen: 0.95, differing, cell, next }
    };
    let n: Vec<usize> = (1..=most).collect();
    Meeting {
        moments: n.iter().map(|&n| moment(n)).collect(),
        n,
        share: [0.91, 0.06],
        width: 64,
        format: Format::Bf16,
        epsilon: 0.007_812_5,
        last: Coordinate { index: 6, exponent: 8, mantissa: 7 },
        labels: Vec::new(),
        cube: (0..10).map(|at| TAU * f64::from(at) / 10.0).map(|turn| PlanePoint { x: 3.1 * turn.cos(), y: 2.8 * turn.sin() }).collect(),
    }
}

/// The texts of such a meeting.
///
/// # Panics
/// If the texts that the page opens with can't be read.
pub fn texts() -> Sequences {
    Sequences::parse(&Input::default()).expect("the texts that the page opens with")
}

/// Meetings with everything replaced.
pub fn nasty_meetings() -> Vec<(&'static str, Meeting)> {
    let edit = |change: fn(usize, &mut Moment)| {
        let mut meeting = meeting(40);
        meeting.moments.iter_mut().enumerate().for_each(|(at, moment)| change(at, moment));
        meeting
    };
    let all = |moment: &mut Moment, value: f64| {
        let place = PlanePoint { x: value, y: value };
        (moment.a, moment.apart, moment.linf, moment.rounded, moment.seen) = (place, place, value, value, value);
    };
    let mut wide = meeting(3);
    wide.width = 512;
    vec![
        ("empty", Meeting::default()),
        ("one n", meeting(1)),
        ("wide", wide),
        ("still", edit(|_, moment| *moment = Moment { next: [0, 0], seen: f64::NAN, ..Moment::default() })),
        ("nan", {
            let mut meeting = meeting(40);
            meeting.moments.iter_mut().for_each(|moment| all(moment, f64::NAN));
            meeting
        }),
        ("some nan", {
            let mut meeting = meeting(40);
            meeting.moments.iter_mut().skip(20).for_each(|moment| all(moment, f64::INFINITY));
            meeting
        }),
        ("extreme", edit(|at, moment| (moment.a.x, moment.apart.y, moment.linf) = (1e30 * at as f64, 1e-30, 1e-30))),
        ("without cells", edit(|_, moment| moment.cell.clear())),
    ]
}
