//! The exponential of numbers that are not positive, without branches, so that the compiler makes vector instructions of it.

/// Below this the result is zero: what would be left is beneath the smallest normal f32.
const LEAST: f32 = -87.0;

/// exp(y) for y ≤ 0, within two units in the last place: 2^k times a Taylor polynomial on half a step around zero. NaN stays NaN.
#[inline(always)]
pub fn exponential(y: f32) -> f32 {
    /// Adding this to a number below 2²² in size leaves its nearest whole number in the lowest bits.
    const WHOLE: f32 = 12_582_912.0; // 1.5 · 2²³
    /// ln 2 in two parts, so that k ln 2 is exact to more digits than an f32 has.
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    let bounded = if y < LEAST { LEAST } else { y };
    let shifted = bounded * std::f32::consts::LOG2_E + WHOLE;
    let k = shifted - WHOLE;
    let r = (bounded - k * LN_2[0]) - k * LN_2[1];
    let series = [1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];
    let near = series.into_iter().fold(0.0, |sum, coefficient| sum * r + coefficient);
    let power = shifted.to_bits().wrapping_sub(WHOLE.to_bits()).wrapping_add(127) << 23;
    if y < LEAST { 0.0 } else { near * f32::from_bits(power) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_exponential_and_ends_at_zero() {
        for step in 0..=870_000 {
            let y = step as f32 * -1e-4;
            let truth = libm::exp(f64::from(y));
            assert!((f64::from(exponential(y)) / truth - 1.0).abs() < 2.4e-7, "{y}");
        }
        assert_eq!([-87.1, -1e30, f32::NEG_INFINITY].map(exponential), [0.0; 3]);
        assert_eq!(exponential(0.0), 1.0);
        assert!(exponential(f32::NAN).is_nan());
    }
}
