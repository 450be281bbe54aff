//! Numbers without a pattern, for tests of operations.

use burn::tensor::{DType, Device, Tensor, TensorData};

/// A tensor of numbers between −2 and 2, other ones for another seed.
pub(super) fn drawn<const D: usize>(shape: [usize; D], seed: usize, format: DType) -> Tensor<D> {
    let numbers: Vec<f64> = (0..shape.iter().product()).map(|at: usize| ((at * 37 + seed) % 101) as f64 / 25.0 - 2.0).collect();
    Tensor::from_data(TensorData::new(numbers, shape), (&Device::flex(), format))
}
