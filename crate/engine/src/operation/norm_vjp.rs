//! The vector–Jacobian product of a norm, on the processor in two passes over each row where the library takes one for each of its steps.

#[cfg(feature = "flex")]
use super::processor::{numbers, tensor};
use burn::tensor::Tensor;

/// The cotangents of what is normalised, [count, rows, width], from those c of its norm [count, rows, width]. With x̂ the norm before gain and bias,
/// `unit` [1, rows, width], and g = c · gain / size, `scale` being gain / size [1, rows, width]: g − x̂ · mean(g x̂), and less the mean of g where the
/// mean is taken off before.
pub fn norm_vjp(unit: Tensor<3>, scale: Tensor<3>, cotangent: Tensor<3>, has_mean: bool) -> Tensor<3> {
    #[cfg(feature = "flex")]
    if let (Some(unit), Some(scale), Some(made)) = (numbers(&unit), numbers(&scale), numbers(&cotangent)) {
        // Written over, unless somebody else holds them.
        drop(cotangent);
        return tensor(processor::norm_vjp(unit, scale, made, has_mean));
    }
    let across = cotangent * scale;
    let along = (across.clone() * unit.clone()).mean_dim(2); // [count, rows, 1]
    let across = if has_mean { across.clone() - across.mean_dim(2) } else { across };
    across - unit * along
}

#[cfg(feature = "flex")]
mod processor {
    use crate::operation::product::dot;
    use crate::operation::tile::{LANES, Lanes};
    use burn::backend::tensor::FloatTensor;
    use burn::backend::{Flex, TensorMetadata};

    type Numbers = FloatTensor<Flex>;

    pub(super) fn norm_vjp(unit: Numbers, scale: Numbers, cotangent: Numbers, has_mean: bool) -> Numbers {
        let width = cotangent.shape()[2];
        let (unit, scale, mut made) = (unit.to_contiguous(), scale.to_contiguous(), cotangent.to_contiguous());
        drop(cotangent);
        if width == 0 {
            return made;
        }
        let shared = unit.storage::<f32>().chunks_exact(width).zip(scale.storage::<f32>().chunks_exact(width)).cycle();
        for (row, (unit, scale)) in made.storage_mut::<f32>().chunks_exact_mut(width).zip(shared) {
            row.iter_mut().zip(scale).for_each(|(c, scale)| *c *= scale);
            let along = dot(row, unit) / width as f32;
            let mean = if has_mean { sum(row) / width as f32 } else { 0.0 };
            row.iter_mut().zip(unit).for_each(|(g, unit)| *g = *g - mean - unit * along);
        }
        made
    }

    /// The sum of a row, in lanes that are added up at the end.
    fn sum(row: &[f32]) -> f32 {
        let (whole, left) = row.as_chunks::<LANES>();
        let sums = whole.iter().fold(Lanes::ZERO, |sums, lanes| sums + Lanes::new(*lanes));
        sums.to_array().into_iter().chain(left.iter().copied()).sum()
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
    fn numbers_are_those_of_the_formula_in_f64_with_and_without_a_mean() {
        for (count, rows, width) in [(1, 1, 1), (3, 4, 21), (2, 3, 16), (2, 0, 8)] {
            let given = [drawn([1, rows, width], 3), drawn([1, rows, width], 5), drawn([count, rows, width], 7)];
            for has_mean in [false, true] {
                let made = |format| {
                    let [unit, scale, cotangent] = given.clone().map(|x| x.cast(format));
                    let made = norm_vjp(unit, scale, cotangent, has_mean).cast(DType::F64);
                    made.into_data().try_to_vec::<f64>().expect("a tensor of f64")
                };
                let (quick, exact) = (made(DType::F32), made(DType::F64));
                assert_eq!(quick.len(), count * rows * width);
                assert!(quick.iter().zip(&exact).all(|(quick, exact)| (quick - exact).abs() < 1e-5), "{quick:?} {exact:?}");
            }
        }
    }
}
