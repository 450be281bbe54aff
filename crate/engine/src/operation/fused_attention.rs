//! Fused attention, for where no hook looks at scores or replaces weights: softmax(Q Kᵀ / √d) V, d the head's width, without a tensor for scores, and
//! with one for weights only where somebody looks at them.
//!
//! A few queries at a time go through the keys that they see and through the values, while their scores stay in the nearest cache. Products of
//! heads are narrow, and a library for matrices of any shape spends more on arranging them than on multiplying them. There is no gradient: where it
//! is needed, the model takes its way through the slots.

#[cfg(feature = "webgpu")]
mod graphics;

use burn::tensor::Tensor;
use glasses_contract::config::Mask;
use std::ops::Range;

/// Queries that go through together. With them and the lanes, sums and what they are made of just fit a processor's vector registers.
pub const ROWS: usize = 4;

/// What a query's weights are wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weights {
    /// The sum of values only.
    Summed,
    /// Somebody looks at them, too.
    Shown,
}

/// Each head's weighted sum of values for some rows of the queries, [batch, head, rows, head width], from queries [batch, head, queries, head width],
/// keys and values [batch, head, tokens, head width]; queries are those of the last tokens, and a causal one sees the keys up to its own place. Beside
/// it the weights, where they are shown, [batch, head, rows, keys]: those of the keys up to the last that a row sees.
///
/// On the processor a row's numbers are the same, bit for bit, whatever other rows there are: sums go from the first key to the last, and what is hidden
/// adds zeros. None where there is no quick way: in other formats than f32, where gradients are wanted, and on a graphics processor for weights that are
/// shown, for queries of the last tokens only, and for heads that are too wide for its registers.
#[cfg_attr(not(any(feature = "flex", feature = "webgpu")), allow(unused_variables, reason = "nobody is there who could be quick"))]
pub fn fused_attention(
    query: &Tensor<4>,
    key: &Tensor<4>,
    value: &Tensor<4>,
    mask: Mask,
    rows: Range<usize>,
    weights: Weights,
) -> Option<(Tensor<4>, Option<Tensor<4>>)> {
    #[cfg(feature = "flex")]
    if let Some(made) = processor::fused_attention(query, key, value, mask, rows.clone(), weights) {
        return Some(made);
    }
    #[cfg(feature = "webgpu")]
    if weights == Weights::Summed
        && query.dims() == key.dims()
        && let Some(mixed) = graphics::fused_attention(query, key, value, mask, rows)
    {
        return Some((mixed, None));
    }
    None
}

#[cfg(feature = "flex")]
mod processor {
    use super::{ROWS, Weights};
    use crate::operation::softmax::exponentials;
    use burn::backend::flex::{FlexTensor, Layout};
    use burn::backend::{BackendTensor, DispatchAutodiffContext, DispatchTensor, DispatchTensorKind};
    use burn::tensor::{DType, Shape, Tensor};
    use glasses_contract::config::Mask;
    use std::ops::Range;

    /// Keys, or coordinates of values, that lie side by side.
    const LANES: usize = 8;

    pub(super) fn fused_attention(
        query: &Tensor<4>,
        key: &Tensor<4>,
        value: &Tensor<4>,
        mask: Mask,
        part: Range<usize>,
        weights: Weights,
    ) -> Option<(Tensor<4>, Option<Tensor<4>>)> {
        let [batch, heads, queries, width] = query.dims();
        let tokens = key.dims()[2];
        let [query, key, value] = [numbers(query)?, numbers(key)?, numbers(value)?];
        // In the order in which heads are joined behind attention.
        let mut mixed = FlexTensor::empty(Shape::from(vec![batch, part.len(), heads, width]), DType::F32);
        let out = mixed.storage_mut::<f32>();
        let mut head = Head::new(tokens, queries, width, mask);
        let keys = if part.is_empty() { 0 } else { head.seen(part.end - 1) };
        let mut shown =
            (weights == Weights::Shown).then(|| FlexTensor::zeros(Shape::from(vec![batch, heads, part.len(), keys]), DType::F32));
        for b in 0..batch {
            for h in 0..heads {
                head.arrange(&Rows::new(&key, b, h), &Rows::new(&value, b, h));
                let queries = Rows::new(&query, b, h);
                let of_head = (b * heads + h) * part.len() * keys;
                let shown = shown.as_mut().map(|shown| &mut shown.storage_mut::<f32>()[of_head..]);
                head.forward(&queries, part.clone(), &mut out[(b * part.len() * heads + h) * width..], heads * width, shown);
            }
        }
        Some((tensor(mixed.transpose(1, 2)), shown.map(tensor)))
    }

    fn tensor(x: FlexTensor) -> Tensor<4> {
        let kind = DispatchTensorKind::Flex(BackendTensor::Float(x));
        Tensor::from_dispatch(DispatchTensor { kind, autodiff: DispatchAutodiffContext::Disabled })
    }

    /// A tensor's numbers on the processor, coordinates of a head side by side.
    fn numbers(x: &Tensor<4>) -> Option<FlexTensor> {
        match x.clone().into_dispatch().kind {
            DispatchTensorKind::Flex(BackendTensor::Float(x)) if x.dtype() == DType::F32 => {
                let in_order = |layout: &Layout| layout.strides()[3] == 1 && layout.has_positive_strides();
                Some(if in_order(x.layout()) { x } else { x.to_contiguous() })
            }
            _ => None,
        }
    }

    /// The rows of one head, [rows, width].
    struct Rows<'a> {
        numbers: &'a [f32],
        stride: usize,
        width: usize,
    }

    impl<'a> Rows<'a> {
        fn new(x: &'a FlexTensor, batch: usize, head: usize) -> Self {
            let layout = x.layout();
            let numbers = &x.storage::<f32>()[layout.index(&[batch, head, 0, 0])..];
            Self { numbers, stride: layout.strides()[2].unsigned_abs(), width: layout.shape()[3] }
        }

        fn row(&self, row: usize) -> &'a [f32] {
            &self.numbers[row * self.stride..][..self.width]
        }
    }

    /// Room for one head at a time, filled up with zeros to whole lanes.
    struct Head {
        rows: usize,
        /// Tokens before the first query.
        before: usize,
        width: usize,
        mask: Mask,
        /// Panels of [`LANES`] keys: for each, [coordinate][key].
        keys: Vec<[f32; LANES]>,
        /// Panels of [`LANES`] coordinates: for each, [value][coordinate].
        values: Vec<[f32; LANES]>,
        /// [`ROWS`] queries, [query, coordinate].
        queries: Vec<f32>,
        /// Their scores, then their weights before the division by their sum, [query, key].
        scores: Vec<f32>,
    }

    impl Head {
        /// Room for so many keys, the last of which have queries.
        fn new(rows: usize, queries: usize, width: usize, mask: Mask) -> Self {
            let panels = rows.div_ceil(LANES);
            Self {
                rows,
                before: rows - queries,
                width,
                mask,
                keys: vec![[0.0; LANES]; panels * width],
                values: vec![[0.0; LANES]; width.div_ceil(LANES) * rows],
                queries: vec![0.0; ROWS * width],
                scores: vec![0.0; ROWS * panels * LANES],
            }
        }

        /// How many keys a query sees.
        fn seen(&self, query: usize) -> usize {
            match self.mask {
                Mask::Causal => self.before + query + 1,
                Mask::Bidirectional => self.rows,
            }
        }

        /// Puts a head's keys and values into panels.
        fn arrange(&mut self, keys: &Rows<'_>, values: &Rows<'_>) {
            for row in 0..self.rows {
                let panel = &mut self.keys[row / LANES * self.width..][..self.width];
                for (place, key) in panel.iter_mut().zip(keys.row(row)) {
                    place[row % LANES] = *key;
                }
                for (panel, part) in values.row(row).chunks(LANES).enumerate() {
                    self.values[panel * self.rows + row][..part.len()].copy_from_slice(part);
                }
            }
        }

        /// Writes the weighted sum of values of each query of a part to `out`, `step` numbers from one query to the next; and the weights to `shown`,
        /// as many numbers from one query to the next as the last one sees keys.
        fn forward(&mut self, queries: &Rows<'_>, part: Range<usize>, out: &mut [f32], step: usize, mut shown: Option<&mut [f32]>) {
            let keys_shown = if part.is_empty() { 0 } else { self.seen(part.end - 1) };
            // Scaling the queries scales their scores, and there are fewer of them.
            let scale = 1.0 / (self.width as f32).sqrt();
            for first in part.clone().step_by(ROWS) {
                // Of the last queries there may be fewer: what is computed of those before once more is not taken.
                let rows = first..part.end.min(first + ROWS);
                for (row, scaled) in rows.clone().zip(self.queries.chunks_exact_mut(self.width)) {
                    scaled.iter_mut().zip(queries.row(row)).for_each(|(scaled, x)| *scaled = x * scale);
                }
                let seen: [usize; ROWS] = std::array::from_fn(|at| self.seen((rows.start + at).min(rows.end - 1)));
                let (keys, most) = (self.rows, self.seen(rows.end - 1));
                let stride = most.next_multiple_of(LANES);
                for (index, panel) in self.keys.chunks_exact(self.width).take(stride / LANES).enumerate() {
                    for (query, products) in product(&self.queries, self.width, panel).iter().enumerate() {
                        self.scores[query * stride + index * LANES..][..LANES].copy_from_slice(products);
                    }
                }
                let mut shares = [0.0; ROWS];
                for (((row, share), scores), seen) in rows.clone().zip(&mut shares).zip(self.scores.chunks_exact_mut(stride)).zip(seen) {
                    // Whole lanes, and no weight for what is hidden.
                    scores[seen..].fill(f32::NEG_INFINITY);
                    *share = 1.0 / exponentials(scores);
                    if let Some(shown) = shown.as_deref_mut() {
                        let weights = &mut shown[(row - part.start) * keys_shown..][..seen];
                        weights.iter_mut().zip(&*scores).for_each(|(weight, x)| *weight = x * *share);
                    }
                }
                for (index, panel) in self.values.chunks_exact(keys).enumerate() {
                    let from = index * LANES;
                    let lanes = LANES.min(self.width - from);
                    let sums = product(&self.scores, stride, &panel[..most]);
                    for ((row, share), sums) in rows.clone().zip(shares).zip(sums) {
                        out[(row - part.start) * step + from..][..lanes].iter_mut().zip(sums).for_each(|(out, sum)| *out = sum * share);
                    }
                }
            }
        }
    }

    /// [`ROWS`] rows of `a`, `stride` numbers apart, times a panel [row][lane]. The sums are so many by type, so that the compiler keeps them in
    /// vector registers.
    #[inline(always)]
    fn product(a: &[f32], stride: usize, panel: &[[f32; LANES]]) -> [[f32; LANES]; ROWS] {
        let rows: [&[f32]; ROWS] = std::array::from_fn(|row| &a[row * stride..][..panel.len()]);
        let mut sums = [[0.0; LANES]; ROWS];
        for (index, lanes) in panel.iter().enumerate() {
            for (sums, row) in sums.iter_mut().zip(rows) {
                sums.iter_mut().zip(lanes).for_each(|(sum, x)| *sum += row[index] * x);
            }
        }
        sums
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::operation::softmax;
    use burn::tensor::{Bool, DType, Device, TensorData};

    fn tensor(shape: [usize; 4], seed: usize) -> Tensor<4> {
        let numbers: Vec<f32> = (0..shape.iter().product()).map(|i: usize| ((i * 37 + seed) % 101) as f32 / 25.0 - 2.0).collect();
        Tensor::from_data(TensorData::new(numbers, shape), (&Device::flex(), DType::F32))
    }

    /// The same by operations of burn's.
    fn written_out(query: &Tensor<4>, key: &Tensor<4>, value: &Tensor<4>, mask: Mask) -> Tensor<4> {
        let [_, _, rows, width] = query.dims();
        let scores = query.clone().matmul(key.clone().swap_dims(2, 3)).div_scalar((width as f64).sqrt());
        let hidden: Tensor<2, Bool> = Tensor::<2>::ones([rows, rows], &query.device()).triu(1).equal_elem(1.0);
        let scores = match mask {
            Mask::Causal => scores.mask_fill(hidden.unsqueeze::<4>(), -1e30),
            Mask::Bidirectional => scores,
        };
        softmax(scores).matmul(value.clone())
    }

    #[test]
    fn numbers_are_those_of_the_formula_for_all_lengths_and_widths_however_the_tensors_lie() {
        // As it is, as a part of joined heads, with coordinates left out, and backwards.
        let joined = |x: Tensor<4>| {
            let x = x.swap_dims(1, 2);
            let width = x.dims()[3];
            Tensor::cat(vec![x.clone(), x], 3).narrow(3, width, width).swap_dims(1, 2)
        };
        let views: [fn(Tensor<4>) -> Tensor<4>; 4] = [|x| x, joined, |x| x.narrow(3, 1, 3), |x| x.flip([3])];
        for (rows, width) in [(1, 4), (7, 16), (8, 8), (9, 5), (37, 20)] {
            for view in views {
                for mask in [Mask::Causal, Mask::Bidirectional] {
                    let [query, key, value] = [0, 11, 23].map(|seed| view(tensor([2, 3, rows, width], seed)));
                    let made = fused_attention(&query, &key, &value, mask, 0..rows, Weights::Summed).expect("f32 on the processor").0;
                    let difference = (made - written_out(&query, &key, &value, mask)).abs().max().into_scalar::<f32>();
                    assert!(difference < 2e-6, "{rows} {width} {mask:?}: {difference}");
                }
            }
        }
    }

    #[test]
    fn a_row_has_the_same_bits_whatever_other_rows_there_are() {
        let [query, key, value] = [0, 11, 23].map(|seed| tensor([2, 3, 37, 20], seed));
        let last = |x: &Tensor<4>, from: usize| x.clone().narrow(2, from, 37 - from);
        for mask in [Mask::Causal, Mask::Bidirectional] {
            let made = |from: usize, rows| {
                fused_attention(&last(&query, from), &key, &value, mask, rows, Weights::Summed).expect("f32 on the processor").0.into_data()
            };
            let whole = made(0, 0..37);
            let parts = [0..8, 8..32, 32..37].map(|rows| Tensor::<4>::from_data(made(0, rows), &query.device()));
            assert_eq!(Tensor::cat(parts.to_vec(), 2).into_data(), whole);
            for from in [1, 6, 30, 36] {
                assert_eq!(made(from, 0..37 - from), last(&Tensor::from_data(whole.clone(), &query.device()), from).into_data(), "{from}");
            }
        }
        // A causal row does not see how many follow.
        let first = |x: &Tensor<4>, rows: usize| x.clone().narrow(2, 0, rows);
        let made = |rows: usize| {
            let [query, key, value] = [&query, &key, &value].map(|x| first(x, rows));
            fused_attention(&query, &key, &value, Mask::Causal, 0..rows, Weights::Summed).expect("f32 on the processor").0
        };
        for rows in [1, 2, 5, 8, 21, 36] {
            assert_eq!(made(rows).into_data(), first(&made(37), rows).into_data(), "{rows}");
        }
    }

    #[test]
    fn weights_that_are_shown_are_those_that_values_are_summed_with() {
        let [query, key, value] = [0, 11, 23].map(|seed| tensor([2, 3, 37, 20], seed));
        for mask in [Mask::Causal, Mask::Bidirectional] {
            for (from, rows) in [(0, 0..37), (0, 5..18), (30, 0..7), (30, 2..3)] {
                let query = query.clone().narrow(2, from, 37 - from);
                let made = |weights| fused_attention(&query, &key, &value, mask, rows.clone(), weights).expect("f32 on the processor");
                let (mixed, shown) = made(Weights::Shown);
                let shown = shown.expect("weights");
                let keys = if mask == Mask::Causal { from + rows.end } else { 37 };
                assert_eq!(shown.dims(), [2, 3, rows.len(), keys]);
                let sums = shown.clone().sum_dim(3).sub_scalar(1.0).abs().max().into_scalar::<f32>();
                let off = (shown.matmul(value.clone().narrow(2, 0, keys)) - mixed.clone()).abs().max().into_scalar::<f32>();
                assert!(sums < 1e-6 && off < 2e-6, "{from} {rows:?} {mask:?}: {sums} {off}");
                assert_eq!(made(Weights::Summed).0.into_data(), mixed.into_data());
            }
        }
    }

    #[test]
    fn what_is_no_number_stays_visible_to_those_who_see_it_and_to_no_one_else() {
        let (query, value) = (tensor([1, 1, 6, 4], 0), tensor([1, 1, 6, 4], 23));
        let key = tensor([1, 1, 6, 4], 11).slice_fill([0..1, 0..1, 4..5, 0..4], f32::NAN);
        let made = fused_attention(&query, &key, &value, Mask::Causal, 0..6, Weights::Summed).expect("f32 on the processor").0;
        let numbers = made.into_data().try_to_vec::<f32>().expect("a tensor of f32");
        assert!(numbers[..16].iter().all(|x| x.is_finite()) && numbers[16..].iter().all(|x| x.is_nan()));
    }

    #[test]
    fn where_there_is_no_quick_way_it_says_so() {
        let x = tensor([1, 1, 4, 4], 0);
        let double = x.clone().cast(DType::F64);
        assert!(fused_attention(&double, &double, &double, Mask::Causal, 0..4, Weights::Summed).is_none());
        let tracked = x.clone().autodiff();
        assert!(fused_attention(&tracked, &tracked, &tracked, Mask::Causal, 0..4, Weights::Summed).is_none());
    }
}
