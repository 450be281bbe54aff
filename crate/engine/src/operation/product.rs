//! Rows times a matrix of weights on the processor, by tiles: the weights are put in order once, and not at every product.
//!
//! A library for matrices of any shape arranges both sides at every product, and in WebAssembly its tiles are made for other instructions.
//! Natively it has vector instructions that the compiler must not take for granted, and is quicker.

use super::tile::{Arranged, LANES, Rows};
use burn::tensor::{DType, Tensor, TensorData};
use std::ops::Range;

/// Whether products of this file are taken for many rows in place of burn's. Not yet: whether the compiler makes vector instructions of the tile
/// depends on how the crate is built, and without them it takes ten times as long (docs/decisions/0036).
pub const IS_QUICK: bool = false;

/// Rows that are taken through all of a matrix before the next: few enough for them to stay in a processor's second cache.
const ROWS_AT_ONCE: usize = 96;

/// So few rows are multiplied with a matrix that is read anew by products of vectors: putting what is read in order would cost more than it saves.
pub const FEW_ROWS: usize = 6;

/// A matrix in panels: columns side by side, filled up with zeros to whole panels.
pub struct Panels {
    inputs: usize,
    outputs: usize,
    /// For each panel, [input][output].
    numbers: Vec<[f32; LANES]>,
}

impl Panels {
    /// A matrix of weights [inputs, outputs]; none where there is no quick way with it: on graphics processors, in other formats than f32, and
    /// where gradients are wanted.
    pub fn new(weight: &Tensor<2>) -> Option<Self> {
        let [inputs, outputs] = weight.dims();
        with_rows(weight, |rows| {
            let mut numbers = vec![[0.0; LANES]; outputs.div_ceil(LANES) * inputs];
            for input in 0..inputs {
                for (panel, part) in rows.row(input).chunks(LANES).enumerate() {
                    numbers[panel * inputs + input][..part.len()].copy_from_slice(part);
                }
            }
            Self { inputs, outputs, numbers }
        })
    }

    /// x W: [rows, inputs] · [inputs, outputs]. None as for [`Panels::new`]. Rows in parts give the same bits as at once.
    pub fn product(&self, x: &Tensor<2>) -> Option<Tensor<2>> {
        let count = x.dims()[0];
        let products = with_rows(x, |rows| {
            let mut out = vec![0.0; count * self.outputs];
            for (at, out) in out.chunks_mut((ROWS_AT_ONCE * self.outputs).max(1)).enumerate() {
                Arranged::new(rows.part(at * ROWS_AT_ONCE, ROWS_AT_ONCE)).times(&self.numbers, out, self.outputs, 0);
            }
            out
        })?;
        debug_assert_eq!(x.dims()[1], self.inputs);
        Some(tensor(products, [count, self.outputs], x))
    }
}

/// x W under way, [rows, inputs] · [inputs, outputs], with a W that is read a few outputs at a time and never held as a whole.
pub struct Product {
    x: Tensor<2>,
    rows: Operand,
    outputs: usize,
    /// What was read last: [`LANES`] outputs, each with its inputs side by side.
    read: Vec<f32>,
    /// The same as a panel.
    panel: Vec<[f32; LANES]>,
    /// [rows, outputs]
    products: Vec<f32>,
}

/// The rows as they are multiplied.
enum Operand {
    /// At most [`FEW_ROWS`], one behind the other.
    Few(Vec<f32>),
    Many(Arranged),
}

impl Product {
    /// The product of some rows with a matrix of so many outputs. None as for [`Panels::new`].
    pub fn new(x: Tensor<2>, outputs: usize) -> Option<Self> {
        let [count, inputs] = x.dims();
        let rows = with_rows(&x, |rows| match count {
            0..=FEW_ROWS => Operand::Few((0..count).flat_map(|row| rows.row(row)).copied().collect()),
            _ => Operand::Many(Arranged::new(rows)),
        })?;
        let panel = vec![[0.0; LANES]; inputs];
        Some(Self { x, rows, outputs, read: vec![0.0; LANES * inputs], panel, products: vec![0.0; count * outputs] })
    }

    /// Computes some of the outputs. `read` writes the weights of a few, one output behind the other.
    pub fn add(&mut self, outputs: Range<usize>, mut read: impl FnMut(Range<usize>, &mut [f32])) {
        let (inputs, stride) = (self.panel.len(), self.outputs);
        for first in outputs.clone().step_by(LANES) {
            let part = first..outputs.end.min(first + LANES);
            let weights = &mut self.read[..part.len() * inputs];
            read(part, weights);
            match &self.rows {
                Operand::Few(rows) => {
                    for (row, products) in rows.chunks_exact(inputs).zip(self.products.chunks_exact_mut(stride)) {
                        let products = products[first..].iter_mut().zip(weights.chunks_exact(inputs));
                        products.for_each(|(product, weights)| *product = dot(row, weights));
                    }
                }
                Operand::Many(rows) => {
                    for (lane, weights) in weights.chunks_exact(inputs).enumerate() {
                        self.panel.iter_mut().zip(weights).for_each(|(lanes, weight)| lanes[lane] = *weight);
                    }
                    rows.times(&self.panel, &mut self.products, stride, first);
                }
            }
        }
    }

    /// The products, [rows, outputs].
    pub fn finish(self) -> Tensor<2> {
        tensor(self.products, [self.x.dims()[0], self.outputs], &self.x)
    }
}

/// The product of two vectors, in lanes that are added up at the end.
fn dot(one: &[f32], other: &[f32]) -> f32 {
    const SUMS: usize = 2 * LANES;
    let ((one, one_left), (other, other_left)) = (one.as_chunks::<SUMS>(), other.as_chunks::<SUMS>());
    let mut sums = [0.0; SUMS];
    for (one, other) in one.iter().zip(other) {
        for (sum, (one, other)) in sums.iter_mut().zip(one.iter().zip(other)) {
            *sum += one * other;
        }
    }
    let left = one_left.iter().zip(other_left).map(|(one, other)| one * other);
    sums.into_iter().chain(left).sum()
}

/// Numbers in single precision where another tensor is.
fn tensor(numbers: Vec<f32>, shape: [usize; 2], beside: &Tensor<2>) -> Tensor<2> {
    Tensor::from_data(TensorData::new(numbers, shape), (&beside.device(), DType::F32))
}

/// What a function makes of a tensor's rows, where they are numbers in single precision on the processor.
#[cfg_attr(not(feature = "flex"), allow(unused_variables, reason = "nobody is there who could be quick"))]
fn with_rows<T>(x: &Tensor<2>, make: impl FnOnce(Rows<'_>) -> T) -> Option<T> {
    #[cfg(feature = "flex")]
    let made = processor::with_rows(x, make);
    #[cfg(not(feature = "flex"))]
    let made = None;
    made
}

#[cfg(feature = "flex")]
mod processor {
    use super::Rows;
    use burn::backend::{BackendTensor, DispatchTensorKind};
    use burn::tensor::{DType, Tensor};

    pub(super) fn with_rows<T>(x: &Tensor<2>, make: impl FnOnce(Rows<'_>) -> T) -> Option<T> {
        match x.clone().into_dispatch().kind {
            DispatchTensorKind::Flex(BackendTensor::Float(x)) if x.dtype() == DType::F32 => {
                let is_in_order = x.layout().strides()[1] == 1 && x.layout().has_positive_strides();
                let x = if is_in_order { x } else { x.to_contiguous() };
                let layout = x.layout();
                let [count, width] = [0, 1].map(|axis| layout.shape()[axis]);
                let numbers = &x.storage::<f32>()[layout.start_offset()..];
                Some(make(Rows { numbers, stride: layout.strides()[0].unsigned_abs(), width, count }))
            }
            _ => None,
        }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use burn::tensor::Device;

    fn drawn(shape: [usize; 2], seed: usize) -> Tensor<2> {
        let numbers: Vec<f32> = (0..shape.iter().product()).map(|i: usize| ((i * 37 + seed) % 101) as f32 / 25.0 - 2.0).collect();
        Tensor::from_data(TensorData::new(numbers, shape), (&Device::flex(), DType::F32))
    }

    fn product(x: &Tensor<2>, weight: &Tensor<2>) -> Tensor<2> {
        Panels::new(weight).and_then(|panels| panels.product(x)).expect("f32 on the processor")
    }

    #[test]
    fn numbers_are_those_of_burn_for_all_shapes_however_the_tensors_lie() {
        let views: [fn(Tensor<2>) -> Tensor<2>; 4] = [|x| x, |x| x.transpose(), |x| x.narrow(1, 1, 3), |x| x.flip([1]).narrow(0, 1, 2)];
        for (rows, inputs, outputs) in [(1, 64, 97), (3, 5, 1), (4, 64, 64), (5, 20, 40), (7, 8, 33), (98, 33, 17), (194, 3, 8)] {
            for of_x in views {
                for of_weight in views {
                    let x = of_x(drawn([rows.max(3), inputs.max(4)], 0));
                    let weight = of_weight(drawn([inputs.max(4), outputs.max(4)], 11));
                    let common = x.dims()[1].min(weight.dims()[0]);
                    let (x, weight) = (x.narrow(1, 0, common), weight.narrow(0, 0, common));
                    let off = (product(&x, &weight) - x.clone().matmul(weight.clone())).abs().max().into_scalar::<f32>();
                    assert!(off < 1e-5 * common as f32, "{:?} {:?}: {off}", x.dims(), weight.dims());
                }
            }
        }
    }

    #[test]
    fn in_parts_come_the_same_bits_as_at_once() {
        let (x, weight) = (drawn([101, 40], 0), drawn([40, 44], 11));
        let whole = product(&x, &weight);
        for part in [0..1, 1..3, 3..6, 6..100, 100..101] {
            let own = product(&x.clone().slice([part.clone(), 0..40]), &weight);
            assert_eq!(own.into_data(), whole.clone().slice([part, 0..44]).into_data());
        }
    }

    #[test]
    fn a_matrix_that_is_read_a_few_outputs_at_a_time_gives_the_same_numbers() {
        for (rows, inputs, outputs) in [(1, 64, 97), (2, 5, 1), (6, 33, 8), (7, 32, 40), (9, 20, 33)] {
            let (x, weight) = (drawn([rows, inputs], 0), drawn([inputs, outputs], 11));
            let turned = weight.clone().transpose().into_data().try_to_vec::<f32>().expect("a tensor of f32");
            let mut made = Product::new(x.clone(), outputs).expect("f32 on the processor");
            for part in [0..outputs.min(16), outputs.min(16)..outputs] {
                made.add(part, |of, weights| weights.copy_from_slice(&turned[of.start * inputs..of.end * inputs]));
            }
            let made = made.finish();
            let off = (made.clone() - x.clone().matmul(weight.clone())).abs().max().into_scalar::<f32>();
            assert!(off < 1e-5 * inputs as f32, "{rows} {inputs} {outputs}: {off}");
            if rows > FEW_ROWS {
                assert_eq!(made.into_data(), product(&x, &weight).into_data());
            }
        }
    }

    #[test]
    fn where_there_is_no_quick_way_it_says_so() {
        let x = drawn([4, 4], 0);
        let panels = Panels::new(&x).expect("f32 on the processor");
        for other in [x.clone().cast(DType::F64), x.autodiff()] {
            assert!(Panels::new(&other).is_none() && panels.product(&other).is_none() && Product::new(other, 4).is_none());
        }
    }
}
