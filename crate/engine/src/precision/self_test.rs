//! Whether a device rounds as the scalar truth does, asked before it is believed.

use super::{Grid, round};
use crate::device::{self, Compute, DeviceFailed, TensorSpec};
use glasses_contract::Choice;
use glasses_contract::config::Format;

/// Mantissa bits of the free format that is tried.
const BITS: usize = 5;

/// Rounds numbers of every class on the device, in every format: how many came out otherwise than [`Grid::round`] has them.
///
/// # Errors
/// If the device fails.
pub async fn count_mismatches(compute: &Compute) -> Result<usize, DeviceFailed> {
    let (spec, inputs) = (TensorSpec::single(&compute.device), inputs());
    let grids: Vec<Grid> = Format::ALL.iter().filter_map(|&format| Grid::of(format, BITS)).collect();
    let x = spec.floats(inputs.iter().map(|&x| f64::from(x)), [inputs.len()]);
    let read = device::read(grids.iter().map(|&grid| round(x.clone(), grid)).collect()).await?;
    let wrong = |(grid, found): (&Grid, &Vec<f64>)| {
        let same = |(&x, &found): (&f32, &f64)| {
            let truth = grid.round(x);
            (truth.is_nan() && found.is_nan()) || truth.to_bits() == (found as f32).to_bits()
        };
        inputs.iter().zip(found).filter(|pair| !same(*pair)).count()
    };
    Ok(grids.iter().zip(&read).map(wrong).sum())
}

/// Every exponent of a normal number, with mantissas at and around the middles of two numbers; both signs; zeros, infinities and NaN. Not
/// the subnormal numbers of f32: graphics processors may take them for zero in everything that they do, and WGSL lets them.
fn inputs() -> Vec<f32> {
    const MANTISSAS: [u32; 9] = [0, 1, 0x07_FFFF, 0x08_0000, 0x08_0001, 0x0F_FFFF, 0x10_0000, 0x30_0000, 0x7F_FFFF];
    let positive = (1..=254_u32).flat_map(|exponent| MANTISSAS.map(|mantissa| f32::from_bits(exponent << 23 | mantissa)));
    let special = [0.0, f32::INFINITY, f32::NAN, 65_519.996, 65_520.0, 448.0, 464.0, 464.000_03];
    positive.chain(special).flat_map(|x| [x, -x]).collect()
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;

    #[test]
    fn the_processor_makes_no_mistake() -> Result<(), DeviceFailed> {
        assert!(inputs().len() > 4000);
        assert_eq!(pollster::block_on(count_mismatches(&device::cpu()))?, 0);
        Ok(())
    }
}
