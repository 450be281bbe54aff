//! How fast a curve falls at its end.

use super::{Stage, Sweep};
use crate::config::Metric;

/// A power law fitted to the end of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tail {
    /// The first n that it is fitted to.
    pub from: usize,
    /// The last.
    pub to: usize,
    /// The exponent a of d ≈ c · n^a: −1 where the distance falls like 1/n.
    pub slope: f64,
}

impl Tail {
    /// Fewer points say more about themselves than about a slope.
    const LEAST: usize = 5;

    /// The slope of ordinary least squares on logarithmic axes, Σ (x − x̄)(y − ȳ) / Σ (x − x̄)² with x = ln n and y = ln d, over the last half of the
    /// n whose distance d is not rounded to zero (the larger half of an odd number). None with fewer than five of them, and where a distance is not
    /// finite. All n weigh the same, so that the slope is mostly that of the larger ones.
    pub fn of(points: impl Iterator<Item = (usize, f64)>) -> Option<Self> {
        let points: Vec<(usize, f64)> = points.filter(|&(n, distance)| n > 0 && distance != 0.0).collect();
        let tail = &points[points.len() / 2..];
        if tail.len() < Self::LEAST || tail.iter().any(|point| !(point.1.is_finite() && point.1 > 0.0)) {
            return None;
        }
        let logs: Vec<(f64, f64)> = tail.iter().map(|&(n, distance)| ((n as f64).ln(), distance.ln())).collect();
        let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / logs.len() as f64;
        let (x, y) = (mean(|point| point.0), mean(|point| point.1));
        let (across, along) = logs.iter().fold((0.0, 0.0), |(across, along), point| {
            let off = point.0 - x;
            (across + off * (point.1 - y), along + off * off)
        });
        Some(Self { from: tail[0].0, to: tail[tail.len() - 1].0, slope: across / along })
    }
}

impl Sweep {
    /// How fast the output's distance falls over the last half of the n at which it is not rounded to zero.
    pub fn tail(&self, metric: Metric) -> Option<Tail> {
        let output = self.stages.iter().find(|curve| curve.stage == Stage::Output)?;
        Tail::of(self.n.iter().copied().zip(output.distances.iter().map(|distances| distances.get(metric))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(most: usize, distance: impl Fn(usize) -> f64) -> Option<Tail> {
        Tail::of((1..=most).map(|n| (n, distance(n))))
    }

    #[test]
    fn a_power_law_has_its_exponent() {
        for exponent in [-2.0, -1.0, -0.5, 0.0] {
            let tail = of(256, |n| 3.0 * (n as f64).powf(exponent)).expect("there are enough");
            assert_eq!((tail.from, tail.to), (129, 256));
            assert!((tail.slope - exponent).abs() < 1e-12, "{tail:?}");
        }
    }

    #[test]
    fn only_the_last_half_counts_and_of_it_what_is_not_zero() {
        let tail = of(200, |n| {
            if n <= 50 {
                1.0
            } else if n <= 100 {
                1.0 / n as f64
            } else {
                0.0
            }
        })
        .expect("there are enough");
        assert_eq!((tail.from, tail.to), (51, 100));
        assert!((tail.slope + 1.0).abs() < 1e-12, "{tail:?}");
        assert_eq!(Tail::of([0, 1, 2, 4, 8, 16, 32, 64, 128].into_iter().map(|n| (n, 1.0))).map(|tail| (tail.from, tail.to)), None);
        let nine = Tail::of([1, 2, 4, 8, 16, 32, 64, 128, 256].into_iter().map(|n| (n, 1.0)));
        assert_eq!(nine, Some(Tail { from: 16, to: 256, slope: 0.0 }));
    }

    #[test]
    fn too_few_and_what_is_not_finite_have_no_slope() {
        assert_eq!(of(8, |n| 1.0 / n as f64), None);
        assert_eq!(of(100, |_| 0.0), None);
        assert_eq!(of(100, |n| if n == 90 { f64::NAN } else { 1.0 }), None);
        assert_eq!(of(100, |n| if n == 90 { f64::INFINITY } else { 1.0 }), None);
    }
}
