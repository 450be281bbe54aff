//! Fused attention on a graphics processor: a thread for each query of each head, which goes through its keys once (Milakov and Gimelshein 2018,
//! arXiv 1805.02867) and keeps nothing but its sums.

use crate::operation::graphics::{numbers, tensor};
use burn::backend::Cube;
use burn::backend::ops::FloatTensorOps;
use burn::cubecl;
use burn::cubecl::prelude::*;
use burn::tensor::{FloatDType, Shape};
use glasses_contract::config::Mask;
use std::ops::Range;

/// Threads of a workgroup, each with a query.
const THREADS: u32 = 32;
/// Coordinates of a head at the most: a query and its sums stay in registers.
const WIDEST: usize = 64;
/// Below every score.
const LEAST: f32 = f32::MIN;

pub(super) fn fused_attention(
    query: &burn::tensor::Tensor<4>,
    key: &burn::tensor::Tensor<4>,
    value: &burn::tensor::Tensor<4>,
    mask: Mask,
    part: Range<usize>,
) -> Option<burn::tensor::Tensor<4>> {
    let [batch, heads, _, width] = query.dims();
    if width > WIDEST || part.is_empty() {
        return None;
    }
    let [query, key, value] = [numbers(query)?, numbers(key)?, numbers(value)?];
    let client = query.client.clone();
    // In the order in which heads are joined behind attention.
    let mixed = Cube::float_empty(Shape::from(vec![batch, part.len(), heads, width]), &query.device, FloatDType::F32);
    let cubes = CubeCount::Static((part.len() as u32).div_ceil(THREADS), heads as u32, batch as u32);
    let out = mixed.clone().into_tensor_arg();
    let (query, key, value) = (query.into_tensor_arg(), key.into_tensor_arg(), value.into_tensor_arg());
    let is_causal = u32::from(mask == Mask::Causal);
    let scale = 1.0 / (width as f32).sqrt();
    attend::launch(&client, cubes, CubeDim::new_1d(THREADS), query, key, value, out, part.start as u32, is_causal, scale, width);
    Some(tensor(Cube::float_swap_dims(mixed, 1, 2)))
}

/// The weighted sum of values of the query `first` + row. With scores sᵢ, their greatest so far m, and what a greater one leaves of a sum before it
/// exp(m − m′): Σ exp(sᵢ − m) vᵢ / Σ exp(sᵢ − m).
#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn attend(
    query: &Tensor<f32>,
    key: &Tensor<f32>,
    value: &Tensor<f32>,
    out: &mut Tensor<f32>,
    first: u32,
    is_causal: u32,
    scale: f32,
    #[comptime] width: usize,
) {
    let row = ABSOLUTE_POS_X as usize;
    if row >= out.shape(1) {
        terminate!();
    }
    let (head, batch) = (CUBE_POS_Y as usize, CUBE_POS_Z as usize);
    let place = first as usize + row;
    let seen = select(is_causal == 1, place + 1, key.shape(2));
    let from = batch * query.stride(0) + head * query.stride(1) + place * query.stride(2);
    let mut asked = Array::<f32>::new(width);
    let mut sums = Array::<f32>::new(width);
    #[unroll]
    for at in 0..width {
        asked[at] = query[from + at * query.stride(3)] * scale;
        sums[at] = f32::new(0.0);
    }
    let mut key_at = batch * key.stride(0) + head * key.stride(1);
    let mut value_at = batch * value.stride(0) + head * value.stride(1);
    let mut greatest = f32::new(LEAST);
    let mut total = f32::new(0.0);
    for _ in 0..seen {
        let mut score = f32::new(0.0);
        #[unroll]
        for at in 0..width {
            score += asked[at] * key[key_at + at * key.stride(3)];
        }
        let next = max(greatest, score);
        let (kept, weight) = (f32::exp(greatest - next), f32::exp(score - next));
        total = total * kept + weight;
        #[unroll]
        for at in 0..width {
            sums[at] = sums[at] * kept + weight * value[value_at + at * value.stride(3)];
        }
        greatest = next;
        key_at += key.stride(2);
        value_at += value.stride(2);
    }
    let step = out.stride(3);
    let to = batch * out.stride(0) + row * out.stride(1) + head * out.stride(2);
    #[unroll]
    for at in 0..width {
        out[to + at * step] = sums[at] / total;
    }
}
