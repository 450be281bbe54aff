//! The vector–Jacobian product of softmax, on the processor in one pass over each row where the library takes one for each of its steps.

use burn::tensor::Tensor;

/// p (g − Σ p g) along the last axis, the cotangents of scores from those g of their weights p: weights [head, 1, rows, keys], which all cotangents
/// share, or [head, count, rows, keys], and cotangents [head, count, rows, keys].
pub fn softmax_vjp(weights: Tensor<4>, cotangent: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "flex")]
    let (weights, cotangent) = match processor::softmax_vjp(weights, cotangent) {
        Ok(quick) => return quick,
        Err(given) => *given,
    };
    let weighted = cotangent * weights.clone();
    weighted.clone() - weights * weighted.sum_dim(3)
}

#[cfg(feature = "flex")]
mod processor {
    use crate::operation::processor::{numbers, tensor};
    use crate::operation::product::dot;
    use burn::tensor::Tensor;

    /// Both again where there is no quick way.
    pub(super) fn softmax_vjp(weights: Tensor<4>, cotangent: Tensor<4>) -> Result<Tensor<4>, Box<(Tensor<4>, Tensor<4>)>> {
        let ([heads, shared, rows, keys], [_, count, ..]) = (weights.dims(), cotangent.dims());
        if weights.dims()[0] * rows * keys == 0 || cotangent.dims() != [heads, count, rows, keys] {
            return Err(Box::new((weights, cotangent)));
        }
        let weights = match numbers(weights) {
            Ok(weights) => weights,
            Err(weights) => return Err(Box::new((*weights, cotangent))),
        };
        let mut made = match numbers(cotangent) {
            Ok(cotangent) => cotangent,
            Err(cotangent) => return Err(Box::new((tensor(weights), *cotangent))),
        };
        let of_head = weights.storage::<f32>().chunks_exact(shared * rows * keys);
        for (weights, made) in of_head.zip(made.storage_mut::<f32>().chunks_exact_mut(count * rows * keys)) {
            let weights = weights.chunks_exact(keys).cycle();
            made.chunks_exact_mut(keys).zip(weights).for_each(|(row, weights)| of_row(weights, row));
        }
        Ok(tensor(made))
    }

    fn of_row(weights: &[f32], row: &mut [f32]) {
        let sum = dot(weights, row);
        row.iter_mut().zip(weights).for_each(|(g, p)| *g = p * (*g - sum));
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use burn::tensor::{DType, Device, TensorData};

    fn drawn(shape: [usize; 4], seed: usize) -> Tensor<4> {
        let numbers: Vec<f64> = (0..shape.iter().product()).map(|at: usize| ((at * 37 + seed) % 101) as f64 / 50.0 - 1.0).collect();
        Tensor::from_data(TensorData::new(numbers, shape), (&Device::flex(), DType::F64))
    }

    #[test]
    fn numbers_are_those_of_the_formula_in_f64_however_the_tensors_lie() {
        for (heads, shared, count, rows, keys) in [(1, 1, 1, 1, 1), (2, 1, 3, 4, 21), (3, 5, 5, 2, 8), (2, 1, 2, 0, 7)] {
            let weights = drawn([heads, shared, rows, keys], 3);
            for cotangent in [drawn([heads, count, rows, keys], 5), drawn([heads, rows, count, keys], 7).swap_dims(1, 2)] {
                let exact = softmax_vjp(weights.clone(), cotangent.clone()).into_data().try_to_vec::<f64>().expect("a tensor of f64");
                let quick = softmax_vjp(weights.clone().cast(DType::F32), cotangent.cast(DType::F32)).cast(DType::F64);
                let quick = quick.into_data().try_to_vec::<f64>().expect("a tensor of f64");
                assert_eq!(quick.len(), heads * count * rows * keys);
                assert!(quick.iter().zip(&exact).all(|(quick, exact)| (quick - exact).abs() < 1e-5), "{quick:?} {exact:?}");
            }
        }
    }
}
