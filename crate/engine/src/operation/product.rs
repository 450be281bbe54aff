//! Rows times a matrix of weights on the processor, by tiles: the weights are put in order once, and not at every product.
//!
//! A library for matrices of any shape arranges both sides at every product, and in WebAssembly its tiles are made for other instructions.
//! Natively it has vector instructions that the compiler must not take for granted, and is quicker.

use super::tile::{Arranged, LANES, Lanes, Rows};
use crate::block::FewRows;
use burn::tensor::{DType, Tensor, TensorData};
use std::ops::Range;

/// Whether products of this file are taken for many rows in place of burn's.
pub const IS_QUICK: bool = cfg!(target_family = "wasm");

/// Rows that are taken through all of a matrix before the next: few enough for them to stay in a processor's second cache.
const ROWS_AT_ONCE: usize = 96;

/// Outputs of a transposed matrix that all rows are taken through before the next: few enough for them to stay in a processor's second cache.
const OUTPUTS_AT_ONCE: usize = 64;

/// So few rows are multiplied with a matrix that is read anew by products of vectors: putting what is read in order would cost more than it saves.
pub const FEW_ROWS: usize = 6;

/// A matrix in panels: columns side by side, filled up with zeros to whole panels.
pub struct Panels {
    inputs: usize,
    outputs: usize,
    /// For each panel, [input][output].
    numbers: Vec<Lanes>,
}

impl Panels {
    /// A matrix of weights [inputs, outputs]; none where there is no quick way with it: on graphics processors, in other formats than f32, and
    /// where gradients are wanted.
    pub fn new(weight: &Tensor<2>) -> Option<Self> {
        let [inputs, outputs] = weight.dims();
        with_rows(weight, |rows| {
            let mut numbers = vec![Lanes::ZERO; outputs.div_ceil(LANES) * inputs];
            for input in 0..inputs {
                arrange(rows.row(input), &mut numbers[input..], inputs);
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
                Arranged::new(rows.part(at * ROWS_AT_ONCE, ROWS_AT_ONCE)).add_times(&self.numbers, out, self.outputs, 0);
            }
            out
        })?;
        debug_assert_eq!(x.dims()[1], self.inputs);
        Some(tensor(products, [count, self.outputs], x))
    }
}

/// A matrix [inputs, outputs] of which some outputs are read at a time, and which is never held as a whole.
pub trait Outputs {
    /// Writes the weights of some outputs, one output behind the other, rounded to their format.
    fn read(&self, outputs: Range<usize>, weights: &mut [f32]);

    /// Tells of the product of each row with one output, by the row's number, where that is quicker than to read its weights; false where it is not, and
    /// nothing is told.
    fn products(&self, _output: usize, _rows: &FewRows, _tell: &mut dyn FnMut(usize, f32)) -> bool {
        false
    }
}

#[cfg(test)]
impl<F: Fn(Range<usize>, &mut [f32])> Outputs for F {
    fn read(&self, outputs: Range<usize>, weights: &mut [f32]) {
        self(outputs, weights);
    }
}

/// x W under way, [rows, inputs] · [inputs, outputs], with a W that is read a few outputs at a time.
pub struct Product {
    x: Tensor<2>,
    rows: Operand,
    outputs: usize,
    /// What was read last: [`LANES`] outputs, each with its inputs side by side.
    read: Vec<f32>,
    /// The same as a panel.
    panel: Vec<Lanes>,
    /// [rows, outputs]
    products: Vec<f32>,
}

/// The rows as they are multiplied.
enum Operand {
    /// At most [`FEW_ROWS`].
    Few(FewRows),
    Many(Arranged),
}

impl Product {
    /// The product of some rows with a matrix of so many outputs. None as for [`Panels::new`].
    pub fn new(x: Tensor<2>, outputs: usize) -> Option<Self> {
        let [count, inputs] = x.dims();
        let rows = with_rows(&x, |rows| match count {
            0..=FEW_ROWS => Operand::Few(FewRows::new((0..count).map(|row| rows.row(row)))),
            _ => Operand::Many(Arranged::new(rows)),
        })?;
        let panel = vec![Lanes::ZERO; inputs];
        Some(Self { x, rows, outputs, read: vec![0.0; LANES * inputs], panel, products: vec![0.0; count * outputs] })
    }

    /// Computes some of the outputs.
    pub fn add(&mut self, outputs: Range<usize>, matrix: &impl Outputs) {
        let (inputs, stride) = (self.panel.len(), self.outputs);
        let products = &mut self.products;
        match &self.rows {
            // Of a few rows each output is multiplied while its weights are in a processor's registers, or in its first cache.
            Operand::Few(rows) => {
                for output in outputs {
                    if matrix.products(output, rows, &mut |row, product| products[row * stride + output] = product) {
                        continue;
                    }
                    let weights = &mut self.read[..inputs];
                    matrix.read(output..output + 1, weights);
                    for (row, products) in rows.iter().zip(products.chunks_exact_mut(stride)) {
                        products[output] = dot(row, weights);
                    }
                }
            }
            Operand::Many(rows) => {
                for first in outputs.clone().step_by(LANES) {
                    let part = first..outputs.end.min(first + LANES);
                    let weights = &mut self.read[..part.len() * inputs];
                    matrix.read(part, weights);
                    for (lane, weights) in weights.chunks_exact(inputs).enumerate() {
                        self.panel.iter_mut().zip(weights).for_each(|(lanes, weight)| lanes.as_mut_array()[lane] = *weight);
                    }
                    rows.add_times(&self.panel, products, stride, first);
                }
            }
        }
    }

    /// The products, [rows, outputs].
    pub fn finish(self) -> Tensor<2> {
        tensor(self.products, [self.x.dims()[0], self.outputs], &self.x)
    }
}

/// g Wᵀ under way, [rows, outputs] · [outputs, inputs], with a W that is read as in [`Product`].
pub struct TransposedProduct {
    g: Tensor<2>,
    inputs: usize,
    /// What was read last: some outputs, each with its inputs side by side.
    read: Vec<f32>,
    /// The same in panels of inputs.
    panels: Vec<Lanes>,
    /// [rows, inputs]
    products: Vec<f32>,
}

impl TransposedProduct {
    /// The product of some rows with the transposed of a matrix of so many inputs. None as for [`Panels::new`].
    pub fn new(g: Tensor<2>, inputs: usize) -> Option<Self> {
        let products = with_rows(&g, |rows| vec![0.0; rows.count * inputs])?;
        Some(Self { g, inputs, read: Vec::new(), panels: Vec::new(), products })
    }

    /// Adds the products with the outputs of a matrix from `first` on, as many as `of_g` of the rows.
    pub fn add(&mut self, of_g: Range<usize>, matrix: &impl Outputs, first: usize) {
        let inputs = self.inputs;
        for start in of_g.clone().step_by(OUTPUTS_AT_ONCE) {
            let part = start..of_g.end.min(start + OUTPUTS_AT_ONCE);
            self.read.resize(part.len() * inputs, 0.0);
            matrix.read(first + part.start..first + part.end, &mut self.read);
            self.panels.resize(inputs.div_ceil(LANES) * part.len(), Lanes::ZERO);
            for (output, weights) in self.read.chunks_exact(inputs).enumerate() {
                arrange(weights, &mut self.panels[output..], part.len());
            }
            let (panels, products) = (&self.panels, &mut self.products);
            with_rows(&self.g, |rows| {
                for (at, products) in products.chunks_mut((ROWS_AT_ONCE * inputs).max(1)).enumerate() {
                    let rows = rows.part(at * ROWS_AT_ONCE, ROWS_AT_ONCE).columns(part.clone());
                    Arranged::new(rows).add_times(panels, products, inputs, 0);
                }
            });
        }
    }

    /// The products, [rows, inputs].
    pub fn finish(self) -> Tensor<2> {
        tensor(self.products, [self.g.dims()[0], self.inputs], &self.g)
    }
}

/// Writes a row of a matrix into its panels, which are `height` vectors apart.
pub(super) fn arrange(row: &[f32], panels: &mut [Lanes], height: usize) {
    let (whole, rest) = row.as_chunks::<LANES>();
    let mut places = panels.iter_mut().step_by(height);
    whole.iter().zip(&mut places).for_each(|(part, place)| *place = Lanes::new(*part));
    if let Some(place) = places.next() {
        place.as_mut_array()[..rest.len()].copy_from_slice(rest);
    }
}

/// The product of two vectors, in lanes that are added up at the end.
pub(super) fn dot(one: &[f32], other: &[f32]) -> f32 {
    const SUMS: usize = 2;
    let ((one, one_left), (other, other_left)) = (one.as_chunks::<LANES>(), other.as_chunks::<LANES>());
    let mut sums = [Lanes::ZERO; SUMS];
    let mut pairs = one.iter().zip(other);
    while let Some((one, other)) = pairs.next() {
        sums[0] += Lanes::new(*one) * Lanes::new(*other);
        if let Some((one, other)) = pairs.next() {
            sums[1] += Lanes::new(*one) * Lanes::new(*other);
        }
    }
    let left = one_left.iter().zip(other_left).map(|(one, other)| one * other);
    (sums[0] + sums[1]).to_array().into_iter().chain(left).sum()
}

/// Numbers in single precision where another tensor is.
pub(super) fn tensor(numbers: Vec<f32>, shape: [usize; 2], beside: &Tensor<2>) -> Tensor<2> {
    Tensor::from_data(TensorData::new(numbers, shape), (&beside.device(), DType::F32))
}

/// What a function makes of a tensor's rows, where they are numbers in single precision on the processor.
#[cfg_attr(not(feature = "flex"), allow(unused_variables, reason = "nobody is there who could be quick"))]
pub(super) fn with_rows<T>(x: &Tensor<2>, make: impl FnOnce(Rows<'_>) -> T) -> Option<T> {
    #[cfg(feature = "flex")]
    let made = processor::with_rows(x, make);
    #[cfg(not(feature = "flex"))]
    let made = None;
    made
}

#[cfg(feature = "flex")]
mod processor {
    use super::Rows;
    use crate::operation::processor::numbers;
    use burn::tensor::Tensor;

    pub(super) fn with_rows<T>(x: &Tensor<2>, make: impl FnOnce(Rows<'_>) -> T) -> Option<T> {
        let x = numbers(x)?;
        let is_in_order = x.layout().strides()[1] == 1 && x.layout().has_positive_strides();
        let x = if is_in_order { x } else { x.to_contiguous() };
        let layout = x.layout();
        let [count, width] = [0, 1].map(|axis| layout.shape()[axis]);
        let numbers = &x.storage::<f32>()[layout.start_offset()..];
        Some(make(Rows { numbers, stride: layout.strides()[0].unsigned_abs(), width, count }))
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;

    fn drawn<const D: usize>(shape: [usize; D], seed: usize) -> Tensor<D> {
        crate::operation::drawn::drawn(shape, seed, DType::F32)
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
                made.add(part, &|of: Range<usize>, weights: &mut [f32]| {
                    weights.copy_from_slice(&turned[of.start * inputs..of.end * inputs])
                });
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
    fn the_transposed_of_such_a_matrix_gives_the_same_numbers_whatever_the_parts() {
        for (rows, inputs, outputs) in [(1, 64, 97), (2, 5, 1), (6, 33, 8), (100, 20, 200)] {
            let (g, weight) = (drawn([rows, outputs], 0), drawn([outputs, inputs], 11));
            let numbers = weight.to_data().try_to_vec::<f32>().expect("a tensor of f32");
            let made = |ends: &[usize]| {
                let mut made = TransposedProduct::new(g.clone(), inputs).expect("f32 on the processor");
                for part in ends.windows(2) {
                    made.add(
                        part[0]..part[1],
                        &|of: Range<usize>, weights: &mut [f32]| weights.copy_from_slice(&numbers[of.start * inputs..of.end * inputs]),
                        0,
                    );
                }
                made.finish()
            };
            let whole = made(&[0, outputs]);
            let off = (whole.clone() - g.clone().matmul(weight)).abs().max().into_scalar::<f32>();
            assert!(off < 1e-5 * outputs as f32, "{rows} {inputs} {outputs}: {off}");
            assert_eq!(made(&[0, outputs / 2, outputs]).into_data(), whole.into_data());
        }
    }

    #[test]
    fn where_there_is_no_quick_way_it_says_so() {
        let x = drawn([4, 4], 0);
        let panels = Panels::new(&x).expect("f32 on the processor");
        for other in [x.clone().cast(DType::F64), x.autodiff()] {
            assert!(Panels::new(&other).is_none() && panels.product(&other).is_none() && Product::new(other.clone(), 4).is_none());
            assert!(TransposedProduct::new(other, 4).is_none());
        }
    }
}
