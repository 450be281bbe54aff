//! Total variation of attention rows (Lemma B.2, Proposition B.4). The paper's is the full L1 distance, without the factor ½.

/// Σ |x_j − y_j|; the shorter row counts as zero where it has no entry.
pub fn distance(x: &[f64], y: &[f64]) -> f64 {
    let entry = |row: &[f64], at: usize| row.get(at).copied().unwrap_or(0.0);
    (0..x.len().max(y.len())).map(|at| (entry(x, at) - entry(y, at)).abs()).sum()
}

/// What the softmaxes of 1010… and 0101… keep between them however long they are: 2 (e − 1) / (e + 1).
pub fn alternating() -> f64 {
    let e = std::f64::consts::E;
    2.0 * (e - 1.0) / (e + 1.0)
}

/// The softmax of some scores.
pub fn softmax(scores: &[f64]) -> Vec<f64> {
    let greatest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let exponentials: Vec<f64> = scores.iter().map(|score| libm::exp(score - greatest)).collect();
    let sum: f64 = exponentials.iter().sum();
    exponentials.into_iter().map(|value| value / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternating_sequences_keep_the_distance_of_proposition_b4_at_every_length() {
        for n in [2, 10, 1000] {
            let [x, y] = [0, 1].map(|odd| softmax(&(0..n).map(|at| f64::from(u8::from(at % 2 == odd))).collect::<Vec<_>>()));
            assert!((distance(&x, &y) - alternating()).abs() < 1e-12, "n = {n}");
        }
        assert!((alternating() - 0.92423).abs() < 1e-5);
    }

    #[test]
    fn a_change_that_fades_leaves_no_variation_as_lemma_b2_says() {
        let variation = |n: usize| {
            let x = vec![0.5; n];
            let y: Vec<f64> = (0..n).map(|at| 0.5 + 1.0 / (1.0 + at as f64)).collect();
            distance(&softmax(&x), &softmax(&y))
        };
        assert!(variation(100) < 0.2 && variation(10_000) < 0.004, "{} {}", variation(100), variation(10_000));
    }
}
