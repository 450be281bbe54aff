//! Rounding a tensor where it lives: plain Rust on the processor, a kernel of integer operations on a graphics processor.

use crate::precision::grid::Grid;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, unary};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::{DType, Tensor};

/// The nearest numbers of the grid. No gradient flows back: the derivative of rounding is zero wherever there is one.
pub fn round<const D: usize>(x: Tensor<D>, grid: Grid) -> Tensor<D> {
    dispatch(x.inner(), grid)
}

/// The same numbers, bit for bit, but gradients flow back as if nothing had been rounded.
pub fn round_straight_through<const D: usize>(x: Tensor<D>, grid: Grid) -> Tensor<D> {
    dispatch(x, grid)
}

/// Formats are ways to store an f32. A tensor of f64 is the reference that others are held against, so it stays as exact as it is.
fn dispatch<const D: usize>(x: Tensor<D>, grid: Grid) -> Tensor<D> {
    match x.dtype() {
        DType::F32 => Tensor::from_dispatch(Dispatch::round(x.into_dispatch(), grid)),
        _ => x,
    }
}

/// What a backend has to be able to do.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "flex"), Autodiff)]
trait Rounds: Backend {
    /// Rounds every number of a tensor of f32.
    #[cfg_attr(not(any(feature = "flex", feature = "webgpu")), allow(unused_variables, reason = "there is no backend to hand it to"))]
    fn round(x: FloatTensor<Self>, grid: Grid) -> FloatTensor<Self>;
}

#[cfg(feature = "flex")]
impl Rounds for burn::backend::Flex {
    fn round(x: FloatTensor<Self>, grid: Grid) -> FloatTensor<Self> {
        // All that is stored is rounded, in whatever order it lies, so a small part of something large is cut out first.
        let is_part = x.bytes().len() > x.layout().num_elements() * size_of::<f32>();
        let mut x = if is_part { x.to_contiguous() } else { x };
        // This copies what another tensor holds too.
        for number in x.storage_mut::<f32>() {
            *number = grid.round(*number);
        }
        x
    }
}

/// The straight-through estimator (Bengio et al. 2013, arXiv 1308.3432): the gradient of what is rounded is that of the outcome.
///
/// An operation, and not x + (round(x) − x) with the second x detached, which would lose the sign of zero and turn infinity into NaN.
impl<B: Rounds, C: CheckpointStrategy> Rounds for Autodiff<B, C> {
    fn round(x: FloatTensor<Self>, grid: Grid) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        StraightThrough.prepare::<C>([node]).compute_bound().stateless(B::round(x, grid))
    }
}

#[derive(Debug)]
struct StraightThrough;

impl<B: Backend> Backward<B, 1> for StraightThrough {
    type State = ();

    fn backward(self, ops: Ops<(), 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        unary::<B, _>(ops.parents, ops.node, gradients, |gradient| gradient);
    }
}

#[cfg(feature = "webgpu")]
mod kernel {
    use super::{Grid, Rounds};
    use burn::backend::ops::FloatTensorOps;
    use burn::backend::tensor::FloatTensor;
    use burn::backend::{Cube, TensorMetadata};
    use burn::cubecl::std::tensor::layout::linear::{LinearView, LinearViewMut};
    use burn::cubecl::{self, calculate_cube_count_elemwise, prelude::*};
    use burn::tensor::FloatDType;

    impl Rounds for Cube {
        fn round(x: FloatTensor<Self>, grid: Grid) -> FloatTensor<Self> {
            let rounded = Self::float_empty(x.shape(), &x.device, FloatDType::F32);
            let client = x.client.clone();
            let count = x.shape().num_elements();
            let threads = CubeDim::new(&client, count);
            let cubes = calculate_cube_count_elemwise(&client, count, threads);
            let Grid { mantissa, min_exponent, max, overflow } = grid;
            let (from, to) = (x.into_linear_view(), rounded.clone().into_linear_view());
            round_all::launch(&client, cubes, threads, from, to, mantissa, min_exponent, max, overflow);
            rounded
        }
    }

    /// [`Grid::round_bits`], by one thread for each number; the comments are there.
    ///
    /// The buffers of floats are bound as buffers of words. A bit pattern that is never a float cannot be flushed to zero when it is
    /// subnormal, lose its sign, or be fused with the arithmetic around it, whatever the shader's compiler and the device may do.
    #[cube(launch)]
    fn round_all(
        x: LinearView<'_, u32>,
        mut rounded: LinearViewMut<'_, u32>,
        mantissa: u32,
        min_exponent: u32,
        largest: u32,
        overflow: u32,
    ) {
        if !rounded.is_in_bounds(ABSOLUTE_POS) {
            terminate!();
        }
        let bits = x.read(ABSOLUTE_POS);
        let size = bits & 0x7FFF_FFFF;
        let exponent = size >> 23;
        // The subtraction saturates by hand.
        let drop = 23 - mantissa + min_exponent - min(max(exponent, 1), min_exponent);
        let mut nearest = size;
        if drop > 24 {
            nearest = 0;
        } else if drop == 24 {
            nearest = select(size & 0x007F_FFFF > 0, (exponent + 1) << 23, 0);
        } else if drop > 0 {
            let odd = select(drop == 23, 1, (size >> drop) & 1);
            nearest = ((size + (1 << (drop - 1)) - 1 + odd) >> drop) << drop;
        }
        let number = select(nearest > largest, overflow, nearest) | (bits & 0x8000_0000);
        rounded.write(ABSOLUTE_POS, select(size > 0x7F80_0000, 0x7FC0_0000, number));
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use burn::tensor::{Device, TensorData};
    use glasses_contract::Choice;
    use glasses_contract::config::Format;
    use glasses_contract::limits;

    /// Every format at every number of mantissa bits.
    fn grids() -> impl Iterator<Item = Grid> {
        let formats = Format::ALL.iter().flat_map(|&format| limits::BITS.map(move |bits| (format, bits)));
        formats.filter_map(|(format, bits)| Grid::of(format, bits))
    }

    fn tensor<const D: usize>(numbers: Vec<f32>, shape: [usize; D]) -> Tensor<D> {
        Tensor::from_data(TensorData::new(numbers, shape), (&Device::flex(), DType::F32))
    }

    fn bits<const D: usize>(x: Tensor<D>) -> Vec<u32> {
        let numbers = x.into_data().try_to_vec::<f32>().expect("a tensor of f32");
        numbers.into_iter().map(f32::to_bits).collect()
    }

    /// Numbers with a zero of either sign, subnormal numbers, infinities and NaN among them.
    fn numbers(count: usize) -> Vec<f32> {
        let special = [0.0, -0.0, 1e-40, -1e-45, 448.0, 464.0, 65520.0, -1e5, f32::MAX, f32::INFINITY, f32::NEG_INFINITY, f32::NAN];
        let others = (0..).map(|i| f32::from_bits(0x9E37_79B9_u32.wrapping_mul(i)));
        special.into_iter().chain(others).take(count).collect()
    }

    #[test]
    fn every_number_becomes_what_the_grid_says() {
        for grid in grids() {
            // All halves of steps, or an odd part of them, and what lies beside them; and numbers anywhere.
            let half_step = 1_usize << (22 - grid.mantissa);
            let halves = (0..=u32::MAX).step_by(if half_step < 1 << 12 { half_step * 4099 } else { half_step });
            let around = halves.flat_map(|bits| [bits.wrapping_sub(1), bits, bits.wrapping_add(1)]);
            let all: Vec<u32> = around.chain((0..=u32::MAX).step_by(9973)).collect();
            let x = tensor(all.iter().copied().map(f32::from_bits).collect(), [all.len()]);
            let truth: Vec<u32> = all.into_iter().map(|bits| grid.round_bits(bits)).collect();
            assert!(bits(round(x, grid)) == truth, "{grid:?}");
        }
    }

    #[test]
    fn a_tensor_is_rounded_however_it_lies_and_leaves_others_alone() {
        let x = tensor(numbers(60), [3, 4, 5]);
        let before = bits(x.clone());
        let views: [fn(Tensor<3>) -> Tensor<3>; 6] = [
            |x| x,
            |x| x.swap_dims(0, 2),
            |x| x.narrow(0, 0, 2),
            |x| x.narrow(2, 1, 3).swap_dims(1, 2),
            |x| x.flip([1]),
            |x| x.narrow(1, 2, 1).expand([3, 4, 5]),
        ];
        for grid in grids() {
            for view in views {
                let truth: Vec<u32> = bits(view(x.clone())).into_iter().map(|bits| grid.round_bits(bits)).collect();
                assert_eq!(bits(round(view(x.clone()), grid)), truth);
                assert_eq!(bits(x.clone()), before);
            }
        }
    }

    #[test]
    fn gradients_flow_straight_through_and_the_numbers_are_the_same() {
        for grid in grids() {
            let x = tensor(numbers(60), [60]);
            let slopes = tensor((0..60).map(|i| i as f32 - 30.5).collect(), [60]);
            let leaf = x.clone().autodiff().require_grad();
            let rounded = round_straight_through(leaf.clone(), grid);
            assert_eq!(bits(rounded.clone()), bits(round(x, grid)));
            let gradients = (rounded * slopes.clone().autodiff()).sum().backward();
            assert_eq!(leaf.grad(&gradients).map(bits), Some(bits(slopes)));
            assert!(!round(leaf, grid).is_autodiff());
        }
    }

    #[test]
    fn a_reference_in_f64_stays_as_it_is() {
        let x = Tensor::<1>::from_data(TensorData::new(vec![1.0 / 3.0, 1e300], [2]), (&Device::flex(), DType::F64));
        let rounded = [round::<1>, round_straight_through::<1>].map(|round| {
            let grid = Grid { mantissa: 2, min_exponent: 1, max: 0, overflow: 0 };
            round(x.clone(), grid).into_data()
        });
        assert_eq!(rounded, [x.to_data(), x.to_data()]);
    }
}
