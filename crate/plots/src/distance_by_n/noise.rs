//! Where a distance is mostly rounding noise, and how that is drawn.

use crate::chart::{Curve, Form, Look, Name};
use crate::marker::Marker;
use glasses_contract::config::Metric;
use glasses_contract::report::{Stage, Sweep, Tail};
use glasses_contract::say;

/// How fast the output's distance falls at the end: nothing where that is rounding noise, as far as a sweep in f64 tells.
pub fn tail(sweep: &Sweep, reference: Option<&Sweep>, metric: Metric) -> Option<Tail> {
    let is_noise = reference.is_some_and(|reference| noise_from(sweep, reference, metric).is_some());
    sweep.tail(metric).filter(|_| !is_noise)
}

/// The n from which on the output is mostly rounding noise: most of its distances differ from those computed in f64 by more than a
/// factor of two. None where they hold to the end of the sweep.
pub fn noise_from(sweep: &Sweep, reference: &Sweep, metric: Metric) -> Option<usize> {
    const FACTOR: f64 = 2.0;
    // Noise meets the truth now and then, and a few numbers at the end say nothing.
    const MOST: f64 = 0.75;
    const LEAST: usize = 5;
    let output = |sweep: &Sweep| Some(sweep.stages.iter().find(|curve| curve.stage == Stage::Output)?.distances.clone());
    let (found, truth) = (output(sweep)?, output(reference)?);
    if sweep.n != reference.n {
        return None;
    }
    let is_off = |index: usize| {
        let (found, truth) = (found[index].get(metric), truth[index].get(metric));
        // Two zeros are alike, and so are numbers within the factor.
        found != truth && !(found <= truth * FACTOR && found * FACTOR >= truth)
    };
    let count = found.len().min(truth.len());
    let (mut from, mut off) = (None, 0);
    for (behind, index) in (0..count).rev().enumerate() {
        off += usize::from(is_off(index));
        if is_off(index) && behind + 1 >= LEAST && off as f64 >= MOST * (behind + 1) as f64 {
            from = Some(index);
        }
    }
    from.map(|index| sweep.n[index])
}

/// A curve up to where its noise begins, and the noise as a band: at each n the least and the greatest of the values around it.
pub(super) fn part(mut curve: Curve, from: usize) -> [Curve; 2] {
    /// Values on each side.
    const AROUND: usize = 6;
    let at = curve.points.partition_point(|point| point.0 < from);
    let points = curve.points.split_off(at);
    let band = (0..points.len()).map(|at| {
        let around = points[at.saturating_sub(AROUND)..(at + AROUND + 1).min(points.len())].iter().map(|point| point.1);
        around.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    });
    let is_noise = |place: usize| place >= from;
    let (flags, before) = std::mem::take(&mut curve.flags).into_iter().partition(|flag| is_noise(flag.0));
    let spot = curve.spot.take_if(|spot| is_noise(spot.0));
    curve.flags = before;
    let noise = Curve {
        label: say!("rounding noise").into(),
        band: band.collect(),
        points,
        look: Look { form: Form::Points, marker: Marker::None, name: Name::AtEnd, ..curve.look },
        flags,
        spot,
        ..Curve::default()
    };
    [curve, noise]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn noise_begins_where_most_of_what_follows_is_off() {
        let truth = samples::sweep(2, 100);
        assert_eq!(noise_from(&truth, &truth, Metric::Linf), None);
        let mut noisy = truth.clone();
        for (index, distances) in noisy.stages[3].distances.iter_mut().enumerate().skip(40) {
            // One in seven happens to be right.
            distances.linf *= if index % 7 == 0 { 1.0 } else { 5.0 };
        }
        assert_eq!(noise_from(&noisy, &truth, Metric::Linf), Some(41));
        assert_eq!(noise_from(&noisy, &truth, Metric::L1), None);
        assert_eq!(noise_from(&noisy, &samples::sweep(2, 50), Metric::Linf), None, "another sweep says nothing");
        let mut zero = truth.clone();
        zero.stages[3].distances[98..].iter_mut().for_each(|distances| distances.linf = 0.0);
        assert_eq!(noise_from(&zero, &truth, Metric::Linf), None, "two numbers are not enough");
    }
}
