//! Products with a matrix for each row: what a part of a model that mixes no tokens makes of many vectors of each.

use super::matmul;
use super::product::{self, IS_QUICK};
use super::tile::{Arranged, LANES, Lanes};
use burn::tensor::Tensor;

/// x_t M_t for every row t of x [count, rows, inputs], with matrices M [inputs, rows, outputs]: [count, rows, outputs].
pub fn row_products(x: Tensor<3>, matrices: Tensor<3>) -> Tensor<3> {
    let quick = IS_QUICK.then(|| by_tiles(&x, &matrices)).flatten();
    quick.unwrap_or_else(|| matmul(x.swap_dims(0, 1), matrices.swap_dims(0, 1)).swap_dims(0, 1))
}

/// None where there is no quick way: on graphics processors, in other formats than f32, on the tape, and where columns fill no whole panels.
fn by_tiles(x: &Tensor<3>, matrices: &Tensor<3>) -> Option<Tensor<3>> {
    let ([count, rows, inputs], outputs) = (x.dims(), matrices.dims()[2]);
    let flat = x.clone().reshape([count, rows * inputs]);
    let matrices = matrices.clone().reshape([inputs, rows * outputs]);
    if !outputs.is_multiple_of(LANES) {
        return None;
    }
    let products = product::with_rows(&flat, |x| {
        product::with_rows(&matrices, |matrices| {
            let mut out = vec![0.0; count * rows * outputs];
            let mut panels = vec![Lanes::ZERO; inputs * outputs / LANES];
            for row in 0..rows {
                let matrix = matrices.columns(row * outputs..(row + 1) * outputs);
                for input in 0..inputs {
                    product::arrange(matrix.row(input), &mut panels[input..], inputs);
                }
                let of_row = Arranged::new(x.columns(row * inputs..(row + 1) * inputs));
                of_row.add_times(&panels, &mut out[row * outputs..], rows * outputs, 0);
            }
            out
        })
    })??;
    Some(product::tensor(products, [count, rows * outputs], &flat).reshape([count, rows, outputs]))
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use burn::tensor::DType;

    fn drawn<const D: usize>(shape: [usize; D], seed: usize) -> Tensor<D> {
        crate::operation::drawn::drawn(shape, seed, DType::F32)
    }

    #[test]
    fn each_row_has_the_product_with_its_own_matrix() {
        for (count, rows, inputs, outputs) in [(1, 1, 1, 8), (3, 2, 5, 16), (9, 4, 8, 8), (6, 3, 16, 24)] {
            let (x, matrices) = (drawn([count, rows, inputs], 3), drawn([inputs, rows, outputs], 11));
            let of_row =
                |row| x.clone().narrow(1, row, 1).squeeze_dim::<2>(1).matmul(matrices.clone().narrow(1, row, 1).squeeze_dim::<2>(1));
            let expected = Tensor::stack::<3>((0..rows).map(of_row).collect(), 1);
            for made in [row_products(x.clone(), matrices.clone()), by_tiles(&x, &matrices).expect("f32 on the processor")] {
                assert_eq!(made.dims(), [count, rows, outputs]);
                assert!((made - expected.clone()).abs().max().into_scalar::<f32>() < 1e-4);
            }
        }
    }

    #[test]
    fn where_there_is_no_quick_way_it_says_so() {
        let (x, matrices) = (drawn([2, 3, 8], 0), drawn([8, 3, 8], 1));
        assert!(by_tiles(&x.clone().cast(DType::F64), &matrices.clone().cast(DType::F64)).is_none());
        assert!(by_tiles(&x.clone().autodiff(), &matrices.clone().autodiff()).is_none());
        assert!(by_tiles(&x, &drawn([8, 3, 7], 1)).is_none());
    }
}
