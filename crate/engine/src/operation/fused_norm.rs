//! A norm in one dispatch on a graphics processor, where the library takes one for each of its steps: a thread for each row, which goes through it
//! three times. Elsewhere the library's is as quick, and gradients are the library's everywhere.

use burn::tensor::Tensor;

/// (x − mean) / √(variance + ε) · gain + bias for every row of [batch, rows, width], variance without Bessel's correction; without a bias
/// x / √(mean of x² + ε) · gain. None on a processor, in other formats than f32, and where gradients are wanted.
#[cfg_attr(not(feature = "webgpu"), allow(unused_variables, reason = "nobody is there who could be quick"))]
pub fn fused_norm(x: &Tensor<3>, gain: &Tensor<1>, bias: Option<&Tensor<1>>, epsilon: f64) -> Option<Tensor<3>> {
    #[cfg(feature = "webgpu")]
    return graphics::fused_norm(x, gain, bias, epsilon);
    #[cfg(not(feature = "webgpu"))]
    None
}

#[cfg(feature = "webgpu")]
mod graphics {
    use crate::operation::graphics::{numbers, tensor};
    use burn::backend::Cube;
    use burn::backend::ops::FloatTensorOps;
    use burn::cubecl;
    use burn::cubecl::prelude::*;
    use burn::tensor::{FloatDType, Shape};

    /// Threads of a workgroup, each with a row.
    const THREADS: u32 = 16;

    pub(super) fn fused_norm(
        x: &burn::tensor::Tensor<3>,
        gain: &burn::tensor::Tensor<1>,
        bias: Option<&burn::tensor::Tensor<1>>,
        epsilon: f64,
    ) -> Option<burn::tensor::Tensor<3>> {
        let [batch, rows, width] = x.dims();
        if batch * rows * width == 0 {
            return None;
        }
        let [x, gain, shift] = [numbers(x)?, numbers(gain)?, numbers(bias.unwrap_or(gain))?];
        let client = x.client.clone();
        let out = Cube::float_empty(Shape::from(vec![batch, rows, width]), &x.device, FloatDType::F32);
        let cubes = CubeCount::Static((rows as u32).div_ceil(THREADS), batch as u32, 1);
        let (to, x) = (out.clone().into_tensor_arg(), x.into_tensor_arg());
        let (gain, shift) = (gain.into_tensor_arg(), shift.into_tensor_arg());
        normalise::launch(&client, cubes, CubeDim::new_1d(THREADS), x, gain, shift, to, epsilon as f32, bias.is_some());
        Some(tensor(out))
    }

    /// One row; `is_layer` says whether its mean is taken off first and `shift` added at the end.
    #[cube(launch)]
    #[allow(clippy::too_many_arguments)]
    fn normalise(
        x: &Tensor<f32>,
        gain: &Tensor<f32>,
        shift: &Tensor<f32>,
        out: &mut Tensor<f32>,
        epsilon: f32,
        #[comptime] is_layer: bool,
    ) {
        let (row, batch, width) = (ABSOLUTE_POS_X as usize, CUBE_POS_Y as usize, out.shape(2));
        if row >= out.shape(1) {
            terminate!();
        }
        let from = batch * x.stride(0) + row * x.stride(1);
        let to = batch * out.stride(0) + row * out.stride(1);
        let (step, count) = (out.stride(2), f32::cast_from(width));
        let mut mean = f32::new(0.0);
        if is_layer {
            for at in 0..width {
                mean += x[from + at * x.stride(2)];
            }
            mean /= count;
        }
        let mut squares = f32::new(0.0);
        for at in 0..width {
            let off = x[from + at * x.stride(2)] - mean;
            squares += off * off;
        }
        let size = f32::sqrt(squares / count + epsilon);
        for at in 0..width {
            let unit = (x[from + at * x.stride(2)] - mean) / size * gain[at * gain.stride(0)];
            if is_layer {
                out[to + at * step] = unit + shift[at * shift.stride(0)];
            } else {
                out[to + at * step] = unit;
            }
        }
    }
}
