//! GELU: x Φ(x), Φ the distribution function of the normal distribution (Hendrycks and Gimpel 2016), with its exact derivative.
//!
//! On the processor without branches, so that the compiler makes vector instructions of it. With a = |x| and the tail
//! Q(a) = 1 − Φ(a) = exp(−a²/2) R(a):
//!
//! ```text
//! GELU(x)  = max(x, 0) − a Q(a)
//! GELU′(x) = Φ(x) + x exp(−x²/2) / √(2π),    Φ(x) = 1 − Q(a) for x ≥ 0, Q(a) for x < 0
//! ```
//! Unlike ½ x (1 + erf(x/√2)) this subtracts nothing of its own size, so the left tail keeps its digits.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;
use std::f64::consts::{FRAC_1_SQRT_2, TAU};

/// x Φ(x) for every number.
pub fn gelu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::normal_gate(x.into_dispatch()))
}

/// The derivative of [`gelu`], Φ(x) + x φ(x), φ the density, for every number.
pub fn gelu_slope<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let below = x.clone().mul_scalar(FRAC_1_SQRT_2).erf().add_scalar(1.0).mul_scalar(0.5); // Φ(x)
    let density = x.clone().square().mul_scalar(-0.5).exp().mul_scalar(TAU.sqrt().recip());
    below + x * density
}

/// What a backend has to be able to do. (Not called `gelu`, which backends have already: with another derivative on some.)
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "flex"), Autodiff)]
trait NormalGate: Backend {
    /// x Φ(x) for every number.
    #[cfg_attr(not(any(feature = "flex", feature = "webgpu")), allow(unused_variables, reason = "there is no backend to hand it to"))]
    fn normal_gate(x: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// What it has to be able to do for the way back.
trait NormalGateSlope: NormalGate {
    /// gradient · (Φ(x) + x φ(x)) for every number.
    fn normal_gate_backward(x: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self>;
}

impl<B: NormalGateSlope, C: CheckpointStrategy> NormalGate for Autodiff<B, C> {
    fn normal_gate(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        match Slope.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(x.clone(), B::normal_gate(x)),
            OpsKind::UnTracked(prepared) => prepared.finish(B::normal_gate(x)),
        }
    }
}

#[derive(Debug)]
struct Slope;

impl<B: NormalGateSlope> Backward<B, 1> for Slope {
    type State = FloatTensor<B>;

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        unary::<B, _>(ops.parents, ops.node, gradients, |gradient| B::normal_gate_backward(ops.state, gradient));
    }
}

#[cfg(feature = "flex")]
mod processor {
    use super::{NormalGate, NormalGateSlope};
    use crate::operation::exponential::exponential;
    use burn::backend::Flex;
    use burn::backend::ops::ActivationOps;
    use burn::backend::tensor::FloatTensor;
    use burn::tensor::DType;

    impl NormalGate for Flex {
        fn normal_gate(x: FloatTensor<Self>) -> FloatTensor<Self> {
            // The reference in f64 is burn's own, number by number.
            if x.dtype() != DType::F32 {
                return Self::gelu(x);
            }
            let mut x = x.to_contiguous();
            for number in x.storage_mut::<f32>() {
                *number = value(*number);
            }
            x
        }
    }

    impl NormalGateSlope for Flex {
        fn normal_gate_backward(x: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self> {
            if x.dtype() != DType::F32 {
                return Self::gelu_backward(x, gradient);
            }
            let (x, mut gradient) = (x.to_contiguous(), gradient.to_contiguous());
            for (gradient, x) in gradient.storage_mut::<f32>().iter_mut().zip(x.storage::<f32>()) {
                *gradient *= value_and_slope(*x).1;
            }
            gradient
        }
    }

    /// R(a) as a polynomial in 1 / (1 + a · [`STEP`]), the lowest power first: a weighted least-squares fit to ½ erfcx(a/√2) on 0 … 13, relative
    /// error 7·10⁻⁸.
    const TAIL: [f32; 9] = [
        -1.290_295_4e-5,
        0.159_923_42,
        0.155_619_67,
        0.159_199_77,
        -0.014_561_901,
        0.254_651_16,
        -0.377_388_45,
        0.202_643_32,
        -0.040_074_14,
    ];
    const STEP: f32 = 0.4;

    /// Beyond this Q is zero for all that an f32 can tell beside x.
    const FAR: f32 = 13.0;

    #[inline(always)]
    pub(super) fn value(x: f32) -> f32 {
        value_and_slope(x).0
    }

    /// GELU and its derivative. Infinities and NaN come out as the formula has them, GELU(−∞) as 0.
    #[inline(always)]
    pub(super) fn value_and_slope(x: f32) -> (f32, f32) {
        let size = x.abs();
        let a = if size > FAR { FAR } else { size };
        let falling = exponential(-0.5 * a * a);
        let t = 1.0 / (1.0 + STEP * a);
        let tail = falling * TAIL.iter().rev().fold(0.0, |sum, coefficient| sum * t + coefficient); // Q(a)
        let below = if x < 0.0 { tail } else { 1.0 - tail };
        let density = falling * 0.398_942_3; // 1/√(2π)
        // What is no number is caught by neither comparison above, and this sum keeps it.
        let positive = if x < 0.0 { 0.0 } else { x };
        (positive - a * tail, below + if size > FAR { 0.0 } else { x * density })
    }
}

#[cfg(feature = "webgpu")]
pub(super) mod graphics {
    use super::{NormalGate, NormalGateSlope};
    use burn::backend::ops::{ActivationOps, FloatTensorOps};
    use burn::backend::tensor::FloatTensor;
    use burn::backend::{Cube, TensorMetadata};
    use burn::cubecl;
    use burn::cubecl::prelude::*;
    use burn::tensor::{DType, FloatDType};
    use std::f32::consts::{FRAC_1_SQRT_2, TAU};

    /// Threads of a workgroup, each with a number.
    const THREADS: usize = 64;
    /// Workgroups side by side at the most, as WebGPU guarantees them.
    const MOST_CUBES: usize = 65_535;

    impl NormalGate for Cube {
        /// In one dispatch; the library's takes one for each of its steps.
        fn normal_gate(x: FloatTensor<Self>) -> FloatTensor<Self> {
            let count = x.shape().num_elements();
            if x.dtype() != DType::F32 || count == 0 || count > MOST_CUBES * THREADS || !x.is_contiguous() {
                return Self::gelu(x);
            }
            let out = Self::float_empty(x.shape(), &x.device, FloatDType::F32);
            let cubes = CubeCount::Static(count.div_ceil(THREADS) as u32, 1, 1);
            let (client, to) = (x.client.clone(), out.clone().into_tensor_arg());
            gate::launch(&client, cubes, CubeDim::new_1d(THREADS as u32), x.into_tensor_arg(), to, count as u32);
            out
        }
    }

    #[cube(launch)]
    fn gate(x: &Tensor<f32>, out: &mut Tensor<f32>, count: u32) {
        if ABSOLUTE_POS_X >= count {
            terminate!();
        }
        let at = ABSOLUTE_POS_X as usize;
        out[at] = value_of(x[at]);
    }

    /// x Φ(x).
    #[cube]
    pub(in crate::operation) fn value_of(x: f32) -> f32 {
        x * 0.5 * (1.0 + Erf::erf(x * FRAC_1_SQRT_2))
    }

    impl NormalGateSlope for Cube {
        /// Written out, since burn's own derivative on this backend is that of an approximation by tanh.
        fn normal_gate_backward(x: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self> {
            let erf = Self::float_erf(Self::float_mul_scalar(x.clone(), FRAC_1_SQRT_2.into()));
            let below = Self::float_mul_scalar(Self::float_add_scalar(erf, 1.0_f32.into()), 0.5_f32.into()); // Φ(x)
            let square = Self::float_mul(x.clone(), x.clone());
            let density = Self::float_exp(Self::float_mul_scalar(square, (-0.5_f32).into()));
            let density = Self::float_mul_scalar(density, TAU.sqrt().recip().into()); // φ(x)
            Self::float_mul(gradient, Self::float_add(below, Self::float_mul(x, density)))
        }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::processor::{value, value_and_slope};
    use super::*;
    use burn::tensor::{DType, Device, TensorData};

    fn truth(x: f64) -> (f64, f64) {
        let below = 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2);
        (x * below, below + x * (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt())
    }

    #[test]
    fn value_and_slope_are_those_of_the_formula() {
        for step in -400_000..=400_000 {
            let x = step as f32 * 5e-5;
            let ((value, slope), (true_value, true_slope)) = (value_and_slope(x), truth(f64::from(x)));
            // A few units in the last place of the larger of value and 0.17, the most that is subtracted.
            assert!((f64::from(value) - true_value).abs() < 5e-7 * true_value.abs().max(0.17), "{x}: {value} {true_value}");
            assert!((f64::from(slope) - true_slope).abs() < 2.5e-7, "{x}: {slope} {true_slope}");
        }
    }

    #[test]
    fn the_left_tail_keeps_its_digits() {
        for x in [-4.0_f32, -5.0, -6.0, -8.0, -10.0] {
            let (value, true_value) = (f64::from(value(x)), truth(f64::from(x)).0);
            assert!((value / true_value - 1.0).abs() < 1e-5, "{x}: {value} {true_value}");
        }
    }

    #[test]
    fn what_is_not_finite_stays_visible() {
        assert!(value(f32::NAN).is_nan() && value_and_slope(f32::NAN).1.is_nan());
        assert_eq!(value(f32::INFINITY), f32::INFINITY);
        assert_eq!((value(f32::NEG_INFINITY).abs() < 1e-30, value_and_slope(f32::NEG_INFINITY).1 < 1e-30), (true, true));
    }

    #[test]
    fn a_tensor_and_its_gradient_have_the_same_numbers_however_the_tensor_lies() {
        let numbers: Vec<f32> = (0..60).map(|i| (i as f32 - 30.0) / 7.0).collect();
        let x = Tensor::<3>::from_data(TensorData::new(numbers, [3, 4, 5]), (&Device::flex(), DType::F32));
        let views: [fn(Tensor<3>) -> Tensor<3>; 3] = [|x| x, |x| x.swap_dims(0, 2), |x| x.narrow(2, 1, 3)];
        let list = |x: Tensor<3>| x.into_data().try_to_vec::<f32>().expect("a tensor of f32");
        for view in views {
            let leaf = view(x.clone()).autodiff().require_grad();
            let made = gelu(leaf.clone());
            let expected = list(view(x.clone())).into_iter().map(value_and_slope).unzip::<f32, f32, Vec<_>, Vec<_>>();
            assert_eq!(list(made.clone().inner()), expected.0);
            let gradients = made.sum().backward();
            assert_eq!(leaf.grad(&gradients).map(list), Some(expected.1));
        }
    }

    #[test]
    fn the_slope_of_a_tensor_is_that_of_the_formula() {
        let numbers: Vec<f32> = (-120..=120).map(|step| step as f32 / 10.0).collect();
        let x = Tensor::<1>::from_data(TensorData::new(numbers.clone(), [numbers.len()]), (&Device::flex(), DType::F32));
        let found = gelu_slope(x).into_data().try_to_vec::<f32>().expect("a tensor of f32");
        for (found, x) in found.into_iter().zip(numbers) {
            assert!((f64::from(found) - truth(f64::from(x)).1).abs() < 5e-7, "{x}: {found}");
        }
    }

    #[test]
    fn the_reference_in_f64_is_exact() {
        let x = Tensor::<1>::from_data(TensorData::new(vec![-3.0, 0.5], [2]), (&Device::flex(), DType::F64));
        let found = gelu(x).into_data().try_to_vec::<f64>().expect("a tensor of f64");
        assert!(found.iter().zip([-3.0, 0.5]).all(|(found, x)| (found - truth(x).0).abs() < 1e-15));
    }
}
