//! Causal paths: in how many ways information can go from a token to the last one.

/// For each of so many tokens i, the paths from i to the last token through so many layers, C(n − i + L − 1, L − 1) (Fig. 1b).
pub fn counts(layers: usize, tokens: usize) -> Vec<f64> {
    let mut behind: Vec<f64> = vec![1.0];
    for distance in 1..tokens {
        // C(m + L − 1, L − 1) = C(m + L − 2, L − 1) · (m + L − 1) / m.
        behind.push(behind[distance - 1] * (distance + layers - 1) as f64 / distance as f64);
    }
    behind.reverse();
    behind
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_tokens_and_three_layers_are_the_papers_picture() {
        assert_eq!(counts(3, 5), [15.0, 10.0, 6.0, 3.0, 1.0]);
        assert_eq!(counts(1, 4), [1.0; 4]);
    }

    #[test]
    fn paths_are_what_walking_them_counts() {
        // A path stays or goes ahead at each layer but ends at the last token behind the last one: L steps, of which the last is not free.
        fn walk(at: usize, end: usize, layers: usize) -> f64 {
            if layers == 1 { 1.0 } else { (at..=end).map(|next| walk(next, end, layers - 1)).sum() }
        }
        let walked: Vec<f64> = (0..7).map(|start| walk(start, 6, 5)).collect();
        assert_eq!(counts(5, 7), walked);
    }
}
