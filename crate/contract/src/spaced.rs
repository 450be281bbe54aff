//! Values of n that stand for all of a range.

/// Values from `first` to `last`, both of them among these: at most so many, evenly spaced on a logarithmic axis, each once.
pub fn spaced(first: usize, last: usize, most: usize) -> Vec<usize> {
    let ratio = (last as f64 / first as f64).ln();
    let at = |place: usize| (first as f64 * (ratio * place as f64 / (most - 1) as f64).exp()).round() as usize;
    let mut values: Vec<usize> = (0..most).map(at).collect();
    values.dedup();
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_from_end_to_end_each_once() {
        let values = spaced(3, 300, 48);
        assert_eq!((values[0], values[values.len() - 1]), (3, 300));
        assert!(values.is_sorted_by(|a, b| a < b) && values.len() > 30);
        assert_eq!(spaced(5, 5, 48), [5]);
        assert_eq!(spaced(1, 256, 20), [1, 2, 3, 4, 6, 8, 10, 14, 19, 25, 33, 44, 59, 80, 107, 143, 191, 256]);
    }
}
