//! Softmax along the last axis: exp(x − max x) / Σ exp(x − max x), on the processor with a vectorised exponential.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, TensorMetadata, backend_extension};
use burn::tensor::Tensor;
#[cfg(feature = "flex")]
pub(super) use processor::exponentials;

/// The softmax of every row along the last axis.
pub fn softmax<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::row_softmax(x.into_dispatch()))
}

/// What a backend has to be able to do.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "flex"), Autodiff)]
trait RowSoftmax: Backend {
    /// The softmax of every row along the last axis.
    #[cfg_attr(not(any(feature = "flex", feature = "webgpu")), allow(unused_variables, reason = "there is no backend to hand it to"))]
    fn row_softmax(x: FloatTensor<Self>) -> FloatTensor<Self>;
}

impl<B: RowSoftmax, C: CheckpointStrategy> RowSoftmax for Autodiff<B, C> {
    fn row_softmax(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        let weights = B::row_softmax(x);
        match Slope.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(weights.clone(), weights),
            OpsKind::UnTracked(prepared) => prepared.finish(weights),
        }
    }
}

#[derive(Debug)]
struct Slope;

impl<B: RowSoftmax> Backward<B, 1> for Slope {
    type State = FloatTensor<B>;

    /// With weights p and the gradient g of what follows: p (g − Σ p g).
    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let weights = ops.state;
        unary::<B, _>(ops.parents, ops.node, gradients, |gradient| {
            let last = weights.shape().num_dims() - 1;
            let weighted = B::float_mul(weights.clone(), gradient);
            let sum = B::float_sum_dim(weighted.clone(), last);
            B::float_sub(weighted, B::float_mul(weights, sum))
        });
    }
}

#[cfg(feature = "flex")]
mod processor {
    use super::RowSoftmax;
    use crate::operation::exponential::exponential;
    use burn::backend::ops::ActivationOps;
    use burn::backend::tensor::FloatTensor;
    use burn::backend::{Flex, TensorMetadata};
    use burn::tensor::DType;

    /// Sums and maxima that are kept side by side, as many as a vector holds.
    const LANES: usize = 8;

    impl RowSoftmax for Flex {
        fn row_softmax(x: FloatTensor<Self>) -> FloatTensor<Self> {
            let last = x.shape().num_dims() - 1;
            let length = x.shape()[last];
            // The reference in f64 is burn's own.
            if x.dtype() != DType::F32 || length == 0 {
                return Self::softmax(x, last);
            }
            let mut x = x.to_contiguous();
            x.storage_mut::<f32>().chunks_exact_mut(length).for_each(of_row);
            x
        }
    }

    fn of_row(row: &mut [f32]) {
        let share = 1.0 / exponentials(row);
        row.iter_mut().for_each(|x| *x *= share);
    }

    /// A row becomes exp(x − max x); what comes back is their sum.
    pub fn exponentials(row: &mut [f32]) -> f32 {
        let greatest = fold(row, f32::NEG_INFINITY, |greatest, x| if x > greatest { x } else { greatest });
        row.iter_mut().for_each(|x| *x = exponential(*x - greatest));
        fold(row, 0.0, |sum, x| sum + x)
    }

    /// A fold in several lanes, which are folded at the end.
    #[inline(always)]
    fn fold(row: &[f32], start: f32, add: impl Fn(f32, f32) -> f32) -> f32 {
        let (whole, rest) = row.as_chunks::<LANES>();
        let mut lanes = [start; LANES];
        for chunk in whole {
            lanes.iter_mut().zip(chunk).for_each(|(lane, &x)| *lane = add(*lane, x));
        }
        lanes.into_iter().chain(rest.iter().copied()).fold(start, add)
    }
}

#[cfg(feature = "webgpu")]
mod graphics {
    use super::RowSoftmax;
    use burn::backend::ops::ActivationOps;
    use burn::backend::tensor::FloatTensor;
    use burn::backend::{Cube, TensorMetadata};

    impl RowSoftmax for Cube {
        fn row_softmax(x: FloatTensor<Self>) -> FloatTensor<Self> {
            let last = x.shape().num_dims() - 1;
            Self::softmax(x, last)
        }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use burn::tensor::activation;
    use burn::tensor::{DType, Device, TensorData};

    fn list<const D: usize>(x: Tensor<D>) -> Vec<f32> {
        x.into_data().try_to_vec::<f32>().expect("a tensor of f32")
    }

    fn tensor<const D: usize>(numbers: Vec<f32>, shape: [usize; D]) -> Tensor<D> {
        Tensor::from_data(TensorData::new(numbers, shape), (&Device::flex(), DType::F32))
    }

    #[test]
    fn numbers_and_gradients_are_those_of_burn_however_the_tensor_lies() {
        let numbers: Vec<f32> = (0..3 * 4 * 21).map(|i| ((i * 37 % 101) as f32 - 50.0) / 9.0).collect();
        let x = tensor(numbers, [3, 4, 21]);
        let views: [fn(Tensor<3>) -> Tensor<3>; 3] = [|x| x, |x| x.swap_dims(0, 2), |x| x.narrow(2, 1, 9)];
        for view in views {
            let slopes = view(x.clone()).sin().autodiff();
            let with = |softmax: &dyn Fn(Tensor<3>) -> Tensor<3>| {
                let leaf = view(x.clone()).autodiff().require_grad();
                let made = softmax(leaf.clone());
                let gradients = (made.clone() * slopes.clone()).sum().backward();
                [list(made.inner()), list(leaf.grad(&gradients).expect("a gradient"))]
            };
            let (own, burn) = (with(&softmax), with(&|x| activation::softmax(x, 2)));
            for (own, burn) in own.iter().flatten().zip(burn.iter().flatten()) {
                assert!((own - burn).abs() < 2e-7, "{own} {burn}");
            }
        }
    }

    #[test]
    fn what_is_hidden_has_no_weight_at_all_and_what_is_no_number_stays_visible() {
        let hidden = softmax(tensor(vec![0.5, -1e30, 0.5, -1e30], [1, 4]));
        assert_eq!(list(hidden), [0.5, 0.0, 0.5, 0.0]);
        assert!(list(softmax(tensor(vec![0.0, f32::NAN, 1.0], [1, 3]))).iter().all(|x| x.is_nan()));
        assert!(list(softmax(tensor(vec![0.0, f32::INFINITY], [1, 2]))).iter().any(|x| x.is_nan()));
    }
}
