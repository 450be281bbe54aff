//! The spectral norm ‖M‖₂ of a matrix, or of a product of matrices that is never written out.

use std::ops::Range;

/// A matrix, row by row.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Number of rows.
    pub rows: usize,
    /// Its numbers; the columns run fastest.
    pub values: Vec<f64>,
}

/// Steps of the power method at the most.
const STEPS: usize = 500;
/// Relative change of the norm at which the method has arrived.
const ARRIVED: f64 = 1e-13;

impl Matrix {
    fn columns(&self) -> usize {
        self.values.len() / self.rows
    }

    /// Some of its rows.
    pub fn rows_in(&self, rows: Range<usize>) -> Self {
        let columns = self.columns();
        Self { rows: rows.len(), values: self.values[rows.start * columns..rows.end * columns].to_vec() }
    }

    /// Some of its columns.
    pub fn columns_in(&self, columns: Range<usize>) -> Self {
        let values = self.values.chunks_exact(self.columns()).flat_map(|row| row[columns.clone()].iter().copied());
        Self { rows: self.rows, values: values.collect() }
    }

    /// x M.
    fn times_row(&self, x: &[f64]) -> Vec<f64> {
        let mut product = vec![0.0; self.columns()];
        for (&x, row) in x.iter().zip(self.values.chunks_exact(self.columns())) {
            product.iter_mut().zip(row).for_each(|(sum, value)| *sum += x * value);
        }
        product
    }

    /// M x.
    fn times_column(&self, x: &[f64]) -> Vec<f64> {
        self.values.chunks_exact(self.columns()).map(|row| row.iter().zip(x).map(|(value, x)| value * x).sum()).collect()
    }
}

/// ‖M₁ M₂ …‖₂ by the power method on (M₁ M₂ …)ᵀ(M₁ M₂ …).
///
/// The method comes from below. Where the two greatest singular values are close its direction arrives late, its value early: what is
/// missing is of the order of the square of the direction's error.
pub fn norm(product: &[Matrix]) -> f64 {
    let Some(first) = product.first() else { return 0.0 };
    // Any start does that is not orthogonal to the direction that is looked for.
    let mut x: Vec<f64> = (0..first.rows).map(|at| 1.0 + libm::sin(at as f64 + 1.0)).collect();
    let mut found = 0.0;
    for _ in 0..STEPS {
        let size = x.iter().map(|x| x * x).sum::<f64>().sqrt();
        if size == 0.0 || !size.is_finite() {
            return if size == 0.0 { 0.0 } else { f64::NAN };
        }
        x.iter_mut().for_each(|x| *x /= size);
        let forward = product.iter().fold(x, |x, matrix| matrix.times_row(&x));
        let norm = forward.iter().map(|x| x * x).sum::<f64>().sqrt();
        x = product.iter().rev().fold(forward, |x, matrix| matrix.times_column(&x));
        if (norm - found).abs() <= ARRIVED * norm {
            return norm;
        }
        found = norm;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn norms_of_matrices_that_are_known() {
        let diagonal = Matrix { rows: 3, values: vec![1.0, 0.0, 0.0, 0.0, -7.0, 0.0, 0.0, 0.0, 2.0] };
        assert!((norm(std::slice::from_ref(&diagonal)) - 7.0).abs() < 1e-12);
        // (1 1; 0 1): the golden ratio.
        let shear = Matrix { rows: 2, values: vec![1.0, 1.0, 0.0, 1.0] };
        assert!((norm(&[shear]) - (1.0 + 5.0_f64.sqrt()) / 2.0).abs() < 1e-12);
        // A column times a row has the product of their sizes.
        let column = Matrix { rows: 2, values: vec![3.0, 4.0] };
        let row = Matrix { rows: 1, values: vec![0.0, 5.0, 12.0] };
        assert!((norm(&[column, row]) - 65.0).abs() < 1e-12);
        assert_eq!(norm(&[Matrix { rows: 2, values: vec![0.0; 4] }]), 0.0);
    }
}
