//! A product of matrices: the library's on the processor, a kernel of our own on a graphics processor.
//!
//! The library has many kernels and finds the quickest by trying them, which takes too long where somebody waits for a page. Untried it takes one that
//! shares memory among the threads of a workgroup and waits for all of them at every step. For matrices as narrow as a tiny transformer's that costs more
//! than it saves, and on an adapter made of software it is most of the time (docs/benchmarks.md).

use super::Epilogue;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

/// a b over the last two axes, the others one to one or one to all.
pub fn matmul<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::product(a.into_dispatch(), b.into_dispatch()))
}

/// x W, [rows, inputs] · [inputs, outputs], and its epilogue in one dispatch. None on a processor, in other formats than f32, and where gradients are wanted.
#[cfg_attr(not(feature = "webgpu"), allow(unused_variables, reason = "nobody is there who could be quick"))]
pub fn fused_matmul(x: &Tensor<2>, weight: &Tensor<2>, epilogue: &Epilogue) -> Option<Tensor<2>> {
    #[cfg(feature = "webgpu")]
    return kernel::fused_matmul(x, weight, epilogue);
    #[cfg(not(feature = "webgpu"))]
    None
}

/// What a backend has to be able to do.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "flex"), Autodiff)]
trait Products: Backend {
    /// a b over the last two axes.
    #[cfg_attr(not(any(feature = "flex", feature = "webgpu")), allow(unused_variables, reason = "there is no backend to hand it to"))]
    fn product(a: FloatTensor<Self>, b: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// Gradients are the library's.
impl<B: Products, C: CheckpointStrategy> Products for Autodiff<B, C> {
    fn product(a: FloatTensor<Self>, b: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::float_matmul(a, b)
    }
}

#[cfg(feature = "flex")]
impl Products for burn::backend::Flex {
    fn product(a: FloatTensor<Self>, b: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::float_matmul(a, b)
    }
}

#[cfg(feature = "webgpu")]
mod kernel {
    use super::{Epilogue, Products};
    use crate::operation::gelu::graphics::value_of;
    use crate::operation::graphics::{numbers, tensor};
    use burn::backend::ops::FloatTensorOps;
    use burn::backend::tensor::FloatTensor;
    use burn::backend::{Cube, TensorMetadata};
    use burn::cubecl;
    use burn::cubecl::prelude::*;
    use burn::tensor::{DType, FloatDType, Shape};

    /// Rows and columns of a thread's part: as many sums as registers hold, so that each number that is read serves four of them.
    const SIDE: usize = 4;
    /// Threads of a workgroup side by side, which read numbers side by side, and below each other.
    const ACROSS: usize = 16;
    const DOWN: usize = 4;
    /// Axes that the kernel knows: two of the batch, rows, columns.
    const AXES: usize = 4;

    impl Products for Cube {
        fn product(a: FloatTensor<Self>, b: FloatTensor<Self>) -> FloatTensor<Self> {
            let (of_a, of_b) = (a.shape().to_vec(), b.shape().to_vec());
            let batch_axes = of_a.len() - 2;
            let mut made: Vec<usize> = of_a.iter().zip(&of_b).map(|(a, b)| *a.max(b)).collect();
            (made[batch_axes], made[batch_axes + 1]) = (of_a[batch_axes], of_b[batch_axes + 1]);
            if made.len() > AXES || made.contains(&0) || a.dtype() != DType::F32 {
                return Self::float_matmul(a, b);
            }
            let out = Self::float_empty(Shape::from(made), &a.device, FloatDType::F32);
            launch(a, b, out, None, false, None)
        }
    }

    pub(super) fn fused_matmul(
        x: &burn::tensor::Tensor<2>,
        weight: &burn::tensor::Tensor<2>,
        epilogue: &Epilogue,
    ) -> Option<burn::tensor::Tensor<2>> {
        let made = [x.dims()[0], weight.dims()[1]];
        if made.contains(&0) {
            return None;
        }
        let [x, weight] = [numbers(x)?, numbers(weight)?];
        let bias = epilogue.bias.as_ref().map(numbers);
        let residual = epilogue.residual.as_ref().map(numbers);
        let out = Cube::float_empty(Shape::from(made.to_vec()), &x.device, FloatDType::F32);
        // A bias or residual that is elsewhere than the product is none that this kernel could read.
        let (bias, residual) =
            (bias.map_or(Some(None), |bias| bias.map(Some))?, residual.map_or(Some(None), |residual| residual.map(Some))?);
        Some(tensor(launch(x, weight, out, bias, epilogue.is_gelu, residual)))
    }

    /// Sends the kernel off, and gives what it writes to.
    fn launch(
        a: FloatTensor<Cube>,
        b: FloatTensor<Cube>,
        out: FloatTensor<Cube>,
        bias: Option<FloatTensor<Cube>>,
        is_gelu: bool,
        residual: Option<FloatTensor<Cube>>,
    ) -> FloatTensor<Cube> {
        let made = out.shape().to_vec();
        let (batch_axes, client) = (made.len() - 2, out.client.clone());
        let with_all_axes = |x: FloatTensor<Cube>| {
            let shape = x.shape().to_vec();
            Cube::float_reshape(x, Shape::from([vec![1; AXES - shape.len()], shape].concat())).into_tensor_arg()
        };
        let cubes = |count: usize, of_a_cube: usize| count.div_ceil(of_a_cube) as u32;
        let [rows, columns] = [made[batch_axes], made[batch_axes + 1]];
        let batch: usize = made[..batch_axes].iter().product();
        let cubes = CubeCount::Static(cubes(columns, ACROSS * SIDE), cubes(rows, DOWN * SIDE), batch as u32);
        let (has_bias, has_residual) = (bias.is_some(), residual.is_some());
        // Where there is none, another tensor stands in its place, which is not read.
        let bias = bias.map_or_else(|| b.clone().into_tensor_arg(), FloatTensor::<Cube>::into_tensor_arg);
        let residual = with_all_axes(residual.unwrap_or_else(|| a.clone()));
        let [a, b, into] = [a, b, out.clone()].map(with_all_axes);
        let threads = CubeDim::new_2d(ACROSS as u32, DOWN as u32);
        multiply::launch(&client, cubes, threads, a, b, bias, residual, into, has_bias, is_gelu, has_residual);
        out
    }

    /// One thread computes [`SIDE`] rows below each other times [`SIDE`] columns, each as many apart as threads stand side by side. Sums go from the first
    /// to the last of what is summed, and the epilogue comes behind them.
    #[cube(launch)]
    #[allow(clippy::too_many_arguments)]
    fn multiply(
        a: &Tensor<f32>,
        b: &Tensor<f32>,
        bias: &Tensor<f32>,
        residual: &Tensor<f32>,
        out: &mut Tensor<f32>,
        #[comptime] has_bias: bool,
        #[comptime] is_gelu: bool,
        #[comptime] has_residual: bool,
    ) {
        let (heads, rows, columns, depth) = (out.shape(1), out.shape(2), out.shape(3), a.shape(3));
        let first_row = ABSOLUTE_POS_Y as usize * SIDE;
        let first_column = CUBE_POS_X as usize * ACROSS * SIDE + UNIT_POS_X as usize;
        if first_row >= rows || first_column >= columns {
            terminate!();
        }
        let (of_batch, of_head) = (CUBE_POS_Z as usize / heads, CUBE_POS_Z as usize % heads);
        // An axis of one serves all.
        let mut at_a = select(a.shape(0) == 1, 0, of_batch * a.stride(0)) + select(a.shape(1) == 1, 0, of_head * a.stride(1));
        let mut at_b = select(b.shape(0) == 1, 0, of_batch * b.stride(0)) + select(b.shape(1) == 1, 0, of_head * b.stride(1));
        let mut sums = Array::<f32>::new(SIDE * SIDE);
        #[unroll]
        for sum in 0..SIDE * SIDE {
            sums[sum] = f32::new(0.0);
        }
        let (row_step, column_step) = (a.stride(2), ACROSS * b.stride(3));
        at_a += first_row * row_step;
        at_b += first_column * b.stride(3);
        for _ in 0..depth {
            let mut x = Array::<f32>::new(SIDE);
            let mut weights = Array::<f32>::new(SIDE);
            // What lies behind the last row or column is read from where it may be, and not written.
            #[unroll]
            for at in 0..SIDE {
                x[at] = a[select(first_row + at < rows, at_a + at * row_step, at_a)];
                weights[at] = b[select(first_column + at * ACROSS < columns, at_b + at * column_step, at_b)];
            }
            #[unroll]
            for row in 0..SIDE {
                #[unroll]
                for column in 0..SIDE {
                    sums[row * SIDE + column] += x[row] * weights[column];
                }
            }
            at_a += a.stride(3);
            at_b += b.stride(2);
        }
        let at = of_batch * out.stride(0) + of_head * out.stride(1);
        let (row_step, column_step) = (out.stride(2), out.stride(3));
        #[unroll]
        for row in 0..SIDE {
            #[unroll]
            for column in 0..SIDE {
                let (to_row, to_column) = (first_row + row, first_column + column * ACROSS);
                if to_row < rows && to_column < columns {
                    let mut made = sums[row * SIDE + column];
                    if has_bias {
                        made += bias[to_column * bias.stride(0)];
                    }
                    if is_gelu {
                        made = value_of(made);
                    }
                    if has_residual {
                        made += residual[to_row * residual.stride(2) + to_column * residual.stride(3)];
                    }
                    out[at + to_row * row_step + to_column * column_step] = made;
                }
            }
        }
    }
}
