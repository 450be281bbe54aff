//! Arithmetic on numbers that are not negative, each result rounded upward: what a bound is made of is never less than in exact arithmetic.
//!
//! A result that is rounded to nearest is at most half a unit in the last place too small, so the next number above it is not too small.
//! What is zero stays zero, for a sum or a product with it is exact.

/// a · b.
pub fn product(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 { a * b } else { (a * b).next_up() }
}

/// a + b.
pub fn sum(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 { a + b } else { (a + b).next_up() }
}

/// |a − b|, of numbers of any sign.
pub fn difference(a: f64, b: f64) -> f64 {
    let difference = (a - b).abs();
    // Two that are the same differ by nothing; gradual underflow makes every other difference at least what it should be or its neighbour.
    if difference == 0.0 { difference } else { difference.next_up() }
}

/// √a.
pub fn root(a: f64) -> f64 {
    if a == 0.0 { a } else { a.sqrt().next_up() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_above_the_exact_ones_and_nothing_stays_nothing() {
        // 0.1 and 0.3 are a little above and below what they are written as; these hold for the numbers that they are.
        assert!(product(0.1, 10.0) >= 1.0 && product(0.1, 10.0) < 1.0 + 1e-15);
        assert!(sum(1.0, 1e-30) > 1.0 && sum(1.0, 1e-30) < 1.0 + 1e-15);
        assert!(root(2.0) * root(2.0) >= 2.0);
        assert!(difference(1.0, 1e-30) >= 1.0 && difference(-1.0, 1.0) >= 2.0);
        assert_eq!([product(0.0, 3.0), sum(0.0, 3.0), sum(3.0, 0.0), difference(3.0, 3.0), root(0.0)], [0.0, 3.0, 3.0, 0.0, 0.0]);
        // What is too small to be written is not lost.
        assert!(product(1e-200, 1e-200) > 0.0);
        assert!(product(0.0, f64::INFINITY).is_nan() && sum(f64::NAN, 1.0).is_nan() && product(f64::INFINITY, 2.0).is_infinite());
    }
}
