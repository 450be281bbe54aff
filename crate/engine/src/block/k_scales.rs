//! The scales and minima of Q4_K and Q5_K: eight of 6 bits each, in twelve bytes.

/// The scale d s and the minimum −d′ m of a part of 32 numbers. The first four s and m stand in the low 6 bits of a byte each; of the last four the low
/// halves share a byte, and the upper two bits stand above those of the first four.
#[inline(always)]
pub(super) fn scale_and_minimum([d, of_minima]: [f32; 2], packed: &[u8], part: usize) -> [f32; 2] {
    let [scale, minimum] = match part.checked_sub(4) {
        None => [packed[part] & 63, packed[part + 4] & 63],
        Some(of_first) => {
            let halves = packed[part + 4];
            [halves & 15 | packed[of_first] >> 6 << 4, halves >> 4 | packed[part] >> 6 << 4]
        }
    };
    [d * f32::from(scale), -(of_minima * f32::from(minimum))]
}
