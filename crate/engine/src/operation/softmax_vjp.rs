//! The vector–Jacobian product of softmax, on the processor in one pass over each row where the library takes one for each of its steps.

#[cfg(feature = "flex")]
use super::processor::{numbers, tensor};
use burn::tensor::Tensor;

/// p (g − Σ p g) along the last axis, the cotangents of scores from those g of their weights p: weights [head, 1, rows, keys], which all cotangents
/// share, or [head, count, rows, keys], and cotangents [head, count, rows, keys].
pub fn softmax_vjp(weights: Tensor<4>, cotangent: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if let (Some(weights), Some(made)) = (numbers(&weights), numbers(&cotangent)) {
        // Written over, unless somebody else holds them.
        drop(cotangent);
        return tensor(processor::softmax_vjp(weights, made));
    }
    let weighted = cotangent * weights.clone();
    weighted.clone() - weights * weighted.sum_dim(3)
}

#[cfg(feature = "flex")]
mod processor {
    use crate::operation::product::dot;
    use burn::backend::tensor::FloatTensor;
    use burn::backend::{Flex, TensorMetadata};

    pub(super) fn softmax_vjp(weights: FloatTensor<Flex>, cotangent: FloatTensor<Flex>) -> FloatTensor<Flex> {
        let keys = cotangent.shape()[3];
        let ([weights_of_head, of_head], mut made) =
            ([&weights, &cotangent].map(|x| x.shape()[1..].iter().product()), cotangent.to_contiguous());
        drop(cotangent);
        if weights_of_head == 0 || of_head == 0 {
            return made;
        }
        let weights = weights.to_contiguous();
        for (weights, made) in
            weights.storage::<f32>().chunks_exact(weights_of_head).zip(made.storage_mut::<f32>().chunks_exact_mut(of_head))
        {
            let weights = weights.chunks_exact(keys).cycle();
            made.chunks_exact_mut(keys).zip(weights).for_each(|(row, weights)| of_row(weights, row));
        }
        made
    }

    fn of_row(weights: &[f32], row: &mut [f32]) {
        let sum = dot(weights, row);
        row.iter_mut().zip(weights).for_each(|(g, p)| *g = p * (*g - sum));
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use burn::tensor::DType;

    fn drawn<const D: usize>(shape: [usize; D], seed: usize) -> Tensor<D> {
        crate::operation::drawn::drawn(shape, seed, DType::F64)
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
