//! Curves through many points: their gaps, what of them pixels can show, and what of them a noisy one hides.

use crate::pen::Point;

/// The stretches of a curve on the axis: it is interrupted where a number has no place there.
pub(crate) fn stretches(points: impl Iterator<Item = Option<Point>>) -> Vec<Vec<Point>> {
    let mut stretches: Vec<Vec<Point>> = vec![Vec::new()];
    for point in points {
        match (point, stretches.last_mut()) {
            (Some(point), Some(stretch)) => stretch.push(point),
            (None, Some(stretch)) if !stretch.is_empty() => stretches.push(Vec::new()),
            _ => {}
        }
    }
    stretches.retain(|stretch| !stretch.is_empty());
    stretches
}

/// What pixels can show: of the points within half a pixel's width the first, the least, the greatest and the last.
pub(crate) fn thin(points: &[Point]) -> Vec<Point> {
    const WIDTH: f64 = 0.5;
    let mut kept = Vec::new();
    for column in points.chunk_by(|left, right| (left.0 / WIDTH).floor() == (right.0 / WIDTH).floor()) {
        let by_y = |left: &&Point, right: &&Point| left.1.total_cmp(&right.1);
        let ends = [column.first(), column.iter().min_by(by_y), column.iter().max_by(by_y), column.last()];
        for point in ends.into_iter().flatten() {
            if kept.last() != Some(point) {
                kept.push(*point);
            }
        }
    }
    kept
}

/// Whether a curve goes up and down so much that lines over each other can't be told apart: over at least so many points, all its
/// ways up and down together are many times its range. Zeros and what is not finite are skipped.
pub(crate) fn is_noisy(values: &[f64]) -> bool {
    const POINTS: usize = 60;
    const TIMES: f64 = 5.0;
    let logs: Vec<f64> = values.iter().map(|value| value.log10()).filter(|log| log.is_finite()).collect();
    let way: f64 = logs.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum();
    let (low, high) = logs.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &log| (low.min(log), high.max(log)));
    logs.len() >= POINTS && way > TIMES * (high - low + 0.5)
}

/// The median of the points within a window around every third pixel. On a logarithmic axis too it is that of the numbers, since
/// a median only asks for their order.
pub(crate) fn moving_median(points: &[Point]) -> Vec<Point> {
    const STEP: f64 = 3.0;
    const REACH: f64 = 9.0;
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let steps = ((last.0 - first.0) / STEP).ceil().clamp(0.0, 100_000.0) as usize;
    let median_at = |step: usize| {
        let x = (first.0 + STEP * step as f64).min(last.0);
        let start = points.partition_point(|point| point.0 < x - REACH);
        let end = points.partition_point(|point| point.0 <= x + REACH);
        let mut window: Vec<f64> = points.get(start..end)?.iter().map(|point| point.1).collect();
        let middle = window.len() / 2;
        (!window.is_empty()).then(|| (x, *window.select_nth_unstable_by(middle, f64::total_cmp).1))
    };
    (0..=steps).filter_map(median_at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinned_curves_keep_their_extremes_and_gaps() {
        let wave = |index: usize| (index as f64 * 0.01, if index == 777 { 500.0 } else { (index % 7) as f64 });
        let points = (0..4096).map(|index| (index != 2000).then(|| wave(index)));
        let thinned: Vec<_> = stretches(points).iter().map(|stretch| thin(stretch)).collect();
        assert_eq!(thinned.len(), 2);
        assert!(thinned.iter().map(Vec::len).sum::<usize>() < 400);
        assert!(thinned[0].contains(&wave(777)) && thinned[0][0] == wave(0) && thinned[1].last() == Some(&wave(4095)));
        assert!(stretches([None, None].into_iter()).is_empty());
    }

    #[test]
    fn a_collapse_is_no_noise_but_random_digits_are() {
        let collapse: Vec<f64> = (1..500).map(|n| (1.0 + 0.05 * f64::from(n % 3)) / f64::from(n)).collect();
        let digits: Vec<f64> = (1..500).map(|n| 0.1 + f64::from(n * 7919 % 10)).collect();
        assert!(!is_noisy(&collapse) && is_noisy(&digits));
        assert!(!is_noisy(&digits[..20]) && !is_noisy(&[]) && !is_noisy(&[f64::NAN, 0.0]));
    }

    #[test]
    fn a_moving_median_follows_the_curve_and_drops_the_spikes() {
        let points: Vec<Point> = (0..300).map(|x| (f64::from(x), if x % 10 == 0 { 900.0 } else { 5.0 })).collect();
        let median = moving_median(&points);
        assert!(median.iter().all(|point| point.1 == 5.0));
        assert_eq!((median[0].0, median[median.len() - 1].0), (0.0, 299.0));
        assert_eq!(moving_median(&points[..1]), [points[0]]);
        assert!(moving_median(&[]).is_empty());
    }
}
