//! How cotangents lie beside what they share, and how those of parts are added up.

use burn::tensor::Tensor;

/// A stage of the forward pass for all cotangents: [1, head, rows, keys] to [head, 1, rows, keys].
pub(in crate::transformer::attention) fn shared(x: Tensor<4>) -> Tensor<4> {
    x.swap_dims(0, 1)
}

/// What the blocks before gave for [heads, count, tokens, head width], with another block's for the first of the tokens.
pub(super) fn add_to_first_keys(sum: Option<Tensor<4>>, part: Tensor<4>, tokens: usize) -> Tensor<4> {
    let [heads, count, seen, head_width] = part.dims();
    match sum {
        None => part.pad((0, 0, 0, tokens - seen), 0.0),
        Some(sum) => {
            let place = [0..heads, 0..count, 0..seen, 0..head_width];
            let before = sum.clone().slice(place.clone());
            sum.slice_assign(place, before + part)
        }
    }
}

/// Cotangents of all rows with those of the last ones added, [count, rows, width].
pub(in crate::transformer) fn add_to_last_rows(all: Tensor<3>, last: Tensor<3>) -> Tensor<3> {
    let ([count, rows, width], [_, few, _]) = (all.dims(), last.dims());
    if few == rows {
        return all + last;
    }
    let place = [0..count, rows - few..rows, 0..width];
    let before = all.clone().slice(place.clone());
    all.slice_assign(place, before + last)
}
