//! Blocks on a graphics processor, and the kernels that read them.

use super::code::{GROUP, has_minimum, minimum, offset, plain_bits, quant, scale};
use crate::block::BlockType;
use crate::operation::FEW_ROWS;
use crate::operation::graphics::{holds, numbers, tensor};
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{BackendTensor, Cube, DispatchTensorKind};
use burn::cubecl;
use burn::cubecl::prelude::*;
use burn::tensor::{Device, FloatDType, Int, Shape, TensorData};
use std::ops::Range;

/// Threads of a workgroup, each with an output, side by side as what they write is.
const THREADS: u32 = 64;

/// Threads of a workgroup that share an output of a few rows.
const TOGETHER: u32 = 32;
/// Workgroups side by side at the most: a device need not take more than 65,535.
const SIDE_BY_SIDE: usize = 1 << 15;

/// The blocks of a matrix as words on a device.
#[derive(Clone)]
pub(super) struct Words {
    words: burn::tensor::Tensor<1, Int>,
    of: BlockType,
    inputs: usize,
    outputs: usize,
    /// Bytes from one output to the next.
    row_bytes: usize,
}

impl Words {
    pub(super) fn new(of: BlockType, bytes: &[u8], [inputs, outputs]: [usize; 2], device: &Device) -> Option<Self> {
        if !Self::are_kept_on(device) || bytes.is_empty() {
            return None;
        }
        let row_bytes = bytes.len() / outputs;
        let (words, rest) = bytes.as_chunks();
        let mut last = [0; 4];
        last[..rest.len()].copy_from_slice(rest);
        let mut words: Vec<i32> = words.iter().map(|word| i32::from_le_bytes(*word)).collect();
        words.push(i32::from_le_bytes(last));
        let count = words.len();
        let words = burn::tensor::Tensor::from_data(TensorData::new(words, [count]), device);
        Some(Self { words, of, inputs, outputs, row_bytes })
    }

    pub(super) fn are_kept_on(device: &Device) -> bool {
        holds(&burn::tensor::Tensor::<1>::empty([1], device))
    }

    pub(super) fn is_on(&self, device: &Device) -> bool {
        self.words.device() == *device
    }

    pub(super) fn bytes(&self) -> usize {
        self.row_bytes * self.outputs
    }

    pub(super) fn columns(parts: &[(&Self, Range<usize>)]) -> burn::tensor::Tensor<2> {
        let inputs = parts.first().map_or(0, |(words, _)| words.inputs);
        let outputs = parts.iter().map(|(_, outputs)| outputs.len()).sum();
        let Some(out) = parts.first().and_then(|(words, _)| words.room([inputs, outputs])) else {
            return burn::tensor::Tensor::empty([inputs, outputs], &Device::default());
        };
        let mut column = 0;
        for (words, outputs) in parts {
            words.write(outputs.clone(), None, &out, column);
            column += outputs.len();
        }
        tensor(out)
    }

    pub(super) fn rows(&self, outputs: burn::tensor::Tensor<1, Int>) -> burn::tensor::Tensor<2> {
        let count = outputs.dims()[0];
        match self.room([self.inputs, count]) {
            Some(out) => {
                self.write(0..count, Some(outputs), &out, 0);
                tensor::<2>(out).transpose()
            }
            None => burn::tensor::Tensor::empty([count, self.inputs], &self.words.device()),
        }
    }

    pub(super) fn product(parts: &[&Self], x: &burn::tensor::Tensor<2>) -> Option<burn::tensor::Tensor<2>> {
        let rows = x.dims()[0];
        let outputs = parts.iter().map(|words| words.outputs).sum();
        let x = numbers(x).filter(|_| (1..=FEW_ROWS).contains(&rows))?;
        let out = Cube::float_empty(Shape::from(vec![rows, outputs]), &x.device, FloatDType::F32);
        let mut column = 0;
        for words in parts {
            let client = x.client.clone();
            let cubes = CubeCount::Static(words.outputs.min(SIDE_BY_SIDE) as u32, words.outputs.div_ceil(SIDE_BY_SIDE) as u32, 1);
            let (of_words, x, to) = (words.numbers()?.into_tensor_arg(), x.clone().into_tensor_arg(), out.clone().into_tensor_arg());
            let [count, column_of, row_bytes] = [words.outputs, column, words.row_bytes].map(|number| number as u32);
            let threads = CubeDim::new_1d(TOGETHER);
            multiply::launch(&client, cubes, threads, of_words, x, to, count, column_of, row_bytes, words.of, rows);
            column += words.outputs;
        }
        Some(tensor(out))
    }

    fn numbers(&self) -> Option<IntTensor<Cube>> {
        words_of(self.words.clone())
    }

    /// A tensor of f32 on the same device; none where it would be empty.
    fn room(&self, shape: [usize; 2]) -> Option<FloatTensor<Cube>> {
        let device = self.numbers()?.device;
        (!shape.contains(&0)).then(|| Cube::float_empty(Shape::from(shape.to_vec()), &device, FloatDType::F32))
    }

    /// Writes the numbers of some outputs to the columns of `out` [inputs, columns] from one on; of as many others, where their places are named.
    fn write(&self, outputs: Range<usize>, at: Option<burn::tensor::Tensor<1, Int>>, out: &FloatTensor<Cube>, column: usize) {
        let (first, count) = (outputs.start, outputs.len());
        let Some(words) = self.numbers().filter(|_| count > 0) else { return };
        let client = words.client.clone();
        let cubes = CubeCount::Static((count as u32).div_ceil(THREADS), self.inputs.div_ceil(GROUP) as u32, 1);
        let Some(places) = at.map_or(Some(None), |at| words_of(at).map(Some)) else { return };
        let has_places = places.is_some();
        // Where no places are named, the words stand in for them, and are not read as such.
        let places = places.unwrap_or_else(|| words.clone()).into_tensor_arg();
        let (words, to) = (words.into_tensor_arg(), out.clone().into_tensor_arg());
        let [first, count, column, row_bytes] = [first, count, column, self.row_bytes].map(|number| number as u32);
        let threads = CubeDim::new_1d(THREADS);
        write_numbers::launch(&client, cubes, threads, words, places, to, first, count, column, row_bytes, self.of, has_places);
    }
}

/// Whole numbers on a graphics processor.
fn words_of(x: burn::tensor::Tensor<1, Int>) -> Option<IntTensor<Cube>> {
    match x.into_dispatch().kind {
        DispatchTensorKind::Cube(BackendTensor::Int(words)) => Some(words),
        _ => None,
    }
}

/// A thread for [`GROUP`] numbers of an output. The floats are written as words: what is never a float cannot be flushed to zero.
#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn write_numbers(
    words: &Tensor<u32>,
    places: &Tensor<u32>,
    out: &mut Tensor<u32>,
    first: u32,
    count: u32,
    column: u32,
    row_bytes: u32,
    #[comptime] of: BlockType,
    #[comptime] has_places: bool,
) {
    let output = ABSOLUTE_POS_X as usize;
    if output >= count as usize {
        terminate!();
    }
    let mut place = first as usize + output;
    if has_places {
        place = places[output] as usize;
    }
    let (inputs, step) = (out.shape(0), out.stride(0));
    let from = ABSOLUTE_POS_Y as usize * GROUP;
    let row = place * row_bytes as usize;
    let to = from * step + column as usize + output;
    if comptime!(of.values() == 1) {
        for at in 0..GROUP {
            if from + at < inputs {
                out[to + at * step] = plain_bits(words, row, from + at, of);
            }
        }
    } else {
        let values = comptime!(of.values());
        let block = row + from / values * comptime!(of.bytes());
        let group = from % values / GROUP;
        let size = scale(words, block, group, of);
        let mut least = f32::new(0.0);
        if comptime!(has_minimum(of)) {
            least = minimum(words, block, group, of);
        }
        #[unroll]
        for at in 0..GROUP {
            let scaled = (f32::cast_from(quant(words, block, group, at, of)) - comptime!(offset(of))) * size;
            if comptime!(has_minimum(of)) {
                out[to + at * step] = u32::reinterpret(scaled + least);
            } else {
                out[to + at * step] = u32::reinterpret(scaled);
            }
        }
    }
}

/// A workgroup for each output, whose threads go through its groups in turns and add up what they have in the end.
#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn multiply(
    words: &Tensor<u32>,
    x: &Tensor<f32>,
    out: &mut Tensor<f32>,
    count: u32,
    column: u32,
    row_bytes: u32,
    #[comptime] of: BlockType,
    #[comptime] rows: usize,
) {
    let output = CUBE_POS_X as usize + CUBE_POS_Y as usize * SIDE_BY_SIDE;
    let thread = UNIT_POS_X as usize;
    let (inputs, step) = (x.shape(1), x.stride(1));
    let mut shared = Shared::<[f32]>::new_slice(comptime!(rows * TOGETHER as usize));
    let mut sums = Array::<f32>::new(rows);
    #[unroll]
    for row in 0..rows {
        sums[row] = f32::new(0.0);
    }
    if output < count as usize {
        let row_at = output * row_bytes as usize;
        let groups = inputs.div_ceil(GROUP);
        let mut index = thread;
        while index < groups {
            let from = index * GROUP;
            if comptime!(of.values() == 1) {
                for at in from..min(from + GROUP, inputs) {
                    let weight = f32::reinterpret(plain_bits(words, row_at, at, of));
                    #[unroll]
                    for row in 0..rows {
                        sums[row] += x[row * x.stride(0) + at * step] * weight;
                    }
                }
            } else {
                let values = comptime!(of.values());
                let block = row_at + from / values * comptime!(of.bytes());
                let group = from % values / GROUP;
                let size = scale(words, block, group, of);
                let mut least = f32::new(0.0);
                if comptime!(has_minimum(of)) {
                    least = minimum(words, block, group, of);
                }
                #[unroll]
                for at in 0..GROUP {
                    let scaled = (f32::cast_from(quant(words, block, group, at, of)) - comptime!(offset(of))) * size;
                    let weight = scaled + least;
                    #[unroll]
                    for row in 0..rows {
                        sums[row] += x[row * x.stride(0) + (from + at) * step] * weight;
                    }
                }
            }
            index += TOGETHER as usize;
        }
    }
    #[unroll]
    for row in 0..rows {
        shared[row * TOGETHER as usize + thread] = sums[row];
    }
    sync_cube();
    if thread < rows && output < count as usize {
        let mut sum = f32::new(0.0);
        for at in 0..TOGETHER as usize {
            sum += shared[thread * TOGETHER as usize + at];
        }
        let to = thread * out.stride(0) + (column as usize + output) * out.stride(1);
        out[to] = sum;
    }
}
