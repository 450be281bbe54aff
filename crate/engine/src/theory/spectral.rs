//! The spectral norm ‖M‖₂ of a matrix, or of a product of two: a number that is not below it, and hardly above.
//!
//! ‖M‖₂² is the greatest eigenvalue of the Gram matrix G = M Mᵀ. The method of Lanczos (1950) finds a number λ₀ that is hardly below it
//! however close the eigenvalues are to each other. That nothing of G is above some λ is then proved by the Cholesky factorisation: where
//! it runs to its end on λ I − G in floating point, that matrix has no eigenvalue below −γ Σ (λ − G_ii) (Demmel 1989; Rump 2006, BIT 46).
//! The least λ above λ₀ that is tried with success is taken, with every rounding on the way added to it.

use super::upward;

/// A matrix, row by row.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Number of rows.
    pub rows: usize,
    /// Its numbers; the columns run fastest.
    pub values: Vec<f64>,
}

/// Steps of the method of Lanczos.
const STEPS: usize = 160;
/// Halvings of the interval in which the greatest eigenvalue of Lanczos' matrix lies.
const HALVINGS: usize = 64;
/// By what the distance from λ₀ grows where a λ is not proved.
const FARTHER: f64 = 4.0;
/// Sums that are kept side by side, so that a processor adds several at once.
const LANES: usize = 8;

impl Matrix {
    fn columns(&self) -> usize {
        self.values.len().checked_div(self.rows).unwrap_or(0)
    }

    fn row(&self, row: usize) -> &[f64] {
        let columns = self.columns();
        &self.values[row * columns..][..columns]
    }

    /// Some of its rows.
    pub fn rows_in(&self, rows: std::ops::Range<usize>) -> Self {
        let columns = self.columns();
        Self { rows: rows.len(), values: self.values[rows.start * columns..rows.end * columns].to_vec() }
    }

    /// Some of its columns.
    pub fn columns_in(&self, columns: std::ops::Range<usize>) -> Self {
        let values = self.values.chunks_exact(self.columns()).flat_map(|row| row[columns.clone()].iter().copied());
        Self { rows: self.rows, values: values.collect() }
    }

    fn transposed(&self) -> Self {
        let columns = self.columns();
        Self { rows: columns, values: (0..columns).flat_map(|column| self.values[column..].iter().step_by(columns).copied()).collect() }
    }

    /// M Mᵀ. No number of it is off by more than γ times the product of the lengths of the two rows, so that no eigenvalue is off by more than γ
    /// times the trace.
    fn gram(&self) -> Symmetric {
        let side = self.rows;
        let mut values = vec![0.0; side * side];
        for row in 0..side {
            for column in 0..=row {
                let product = dot(self.row(row), self.row(column));
                (values[row * side + column], values[column * side + row]) = (product, product);
            }
        }
        Symmetric { side, values }
    }
}

/// A number that is not below ‖M‖₂, and above it by 10⁻⁹ of it at the most where Lanczos' method has arrived. NaN where a number of the
/// matrix is not finite.
pub fn norm(matrix: &Matrix) -> f64 {
    let (scaled, exponent) = match scaled(matrix) {
        Ok(scaled) => scaled,
        Err(trivial) => return trivial,
    };
    unscaled(norm_of_scaled(&scaled), exponent)
}

/// The same of a product, ‖A B‖₂, which is never written out: with R Rᵀ − Aᵀ A not negative, ‖A B‖₂ is at most ‖Rᵀ B‖₂, and R is as small as
/// A is narrow. Above it by some 10⁻⁶ of ‖A‖₂ ‖B‖₂ besides, where one factor loses what the other keeps.
pub fn norm_of_product(a: &Matrix, b: &Matrix) -> f64 {
    let ((a, of_a), (b, of_b)) = match (scaled(a), scaled(b)) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(one), Err(other)) => return one * other,
        (Err(trivial), Ok(_)) | (Ok(_), Err(trivial)) => return trivial,
    };
    let mut gram = a.transposed().gram();
    let (side, trace) = (gram.side, gram.trace());
    // What the Gram matrix and its factors are off by is added to it before.
    let ridge = gamma(a.rows + side) * trace;
    (0..side).for_each(|at| gram.values[at * side + at] += ridge);
    let Some(factor) = gram.factor() else {
        // Where the factorisation fails for rounding, the product of the norms does, which is not below that of the product.
        return unscaled(upward::product(norm_of_scaled(&a), norm_of_scaled(&b)), of_a + of_b);
    };
    let columns = b.columns();
    let mut values = vec![0.0; side * columns];
    for (row, target) in values.chunks_exact_mut(columns).enumerate() {
        for of_b in row..side {
            let share = factor[of_b * side + row];
            target.iter_mut().zip(b.row(of_b)).for_each(|(sum, value)| *sum += share * value);
        }
    }
    let size = |values: &[f64]| upward::root((1.0 + gamma(values.len())) * dot(values, values));
    let off = gamma(side) * upward::product(size(&factor), size(&b.values));
    let reduced = Matrix { rows: side, values };
    let found = match scaled(&reduced) {
        Ok((reduced, exponent)) => unscaled(norm_of_scaled(&reduced), exponent),
        Err(trivial) => trivial,
    };
    unscaled(upward::sum(found, off), of_a + of_b)
}

/// The matrix times a power of two, so that its largest number is about 1 and no square of it overflows or is lost; and that power's exponent.
/// The norm itself where it is plain: nothing but zeros, or a number that is not finite.
fn scaled(matrix: &Matrix) -> Result<(Matrix, i32), f64> {
    let largest = matrix.values.iter().map(|value| value.abs()).fold(0.0, crate::measure::greater);
    if largest == 0.0 || !largest.is_finite() {
        return Err(if largest == 0.0 { 0.0 } else { f64::NAN });
    }
    let (_, exponent) = libm::frexp(largest);
    let values = matrix.values.iter().map(|&value| libm::scalbn(value, -exponent)).collect();
    Ok((Matrix { rows: matrix.rows, values }, exponent))
}

fn unscaled(norm: f64, exponent: i32) -> f64 {
    let norm_unscaled = libm::scalbn(norm, exponent);
    // Only what is too small to be written is rounded.
    if norm > 0.0 && norm_unscaled < f64::MIN_POSITIVE { norm_unscaled.next_up() } else { norm_unscaled }
}

fn norm_of_scaled(matrix: &Matrix) -> f64 {
    let (rows, columns) = (matrix.rows, matrix.columns());
    let gram = if rows <= columns { matrix.gram() } else { matrix.transposed().gram() };
    let off = gamma(rows.max(columns)) * gram.trace();
    upward::root(upward::sum(gram.greatest_eigenvalue(), off))
}

/// More than twice what sums of so many products are off by, relative to the sum of their sizes: γ_k = k u / (1 − k u) of Higham (2002), §3.1.
/// Twice, so that what is computed with it need not be rounded upward itself.
fn gamma(products: usize) -> f64 {
    (products as f64 + 4.0) * f64::EPSILON
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<LANES>(), y.as_chunks::<LANES>());
    let mut lanes = [0.0; LANES];
    for (x, y) in x.iter().zip(y) {
        lanes.iter_mut().zip(x.iter().zip(y)).for_each(|(lane, (x, y))| *lane += x * y);
    }
    lanes.iter().sum::<f64>() + x_rest.iter().zip(y_rest).map(|(x, y)| x * y).sum::<f64>()
}

/// A symmetric matrix, all of it.
struct Symmetric {
    side: usize,
    values: Vec<f64>,
}

impl Symmetric {
    fn trace(&self) -> f64 {
        self.values.iter().step_by(self.side + 1).sum()
    }

    /// Not below the greatest eigenvalue, for a matrix that has no negative ones beyond rounding.
    fn greatest_eigenvalue(&self) -> f64 {
        let (side, trace) = (self.side, self.trace());
        let found = self.estimate();
        let allowance = |bound: f64| gamma(side) * (side as f64 * bound);
        let mut distance = allowance(found);
        while found + distance < trace {
            let bound = found + distance;
            if self.is_below(bound) {
                return bound + allowance(bound);
            }
            distance *= FARTHER;
        }
        // No eigenvalue is above the sum of all.
        trace * (1.0 + gamma(side))
    }

    /// Whether the Cholesky factorisation of bound · I − self runs to its end.
    fn is_below(&self, bound: f64) -> bool {
        let mut rest = Self { side: self.side, values: self.values.iter().map(|value| -value).collect() };
        rest.values.iter_mut().step_by(self.side + 1).for_each(|value| *value += bound);
        rest.factor().is_some()
    }

    /// The lower factor of Cholesky; none where the matrix is not positive definite, as far as floating point can tell.
    fn factor(mut self) -> Option<Vec<f64>> {
        let side = self.side;
        for row in 0..side {
            let (done, rest) = self.values.split_at_mut(row * side);
            let own = &mut rest[..side];
            for (column, of_column) in done.chunks_exact(side).enumerate() {
                own[column] = (own[column] - dot(&own[..column], &of_column[..column])) / of_column[column];
            }
            let pivot = own[row] - dot(&own[..row], &own[..row]);
            // Neither zero nor no number at all.
            if pivot.partial_cmp(&0.0) != Some(std::cmp::Ordering::Greater) {
                return None;
            }
            own[row] = pivot.sqrt();
            own[row + 1..].fill(0.0);
        }
        Some(self.values)
    }

    /// Hardly below the greatest eigenvalue, or at most above it by rounding: the greatest of the tridiagonal matrix of Lanczos.
    fn estimate(&self) -> f64 {
        // Any start does that is not orthogonal to the directions that are looked for.
        let start: Vec<f64> = (0..self.side).map(|at| 1.0 + libm::sin(at as f64 + 1.0)).collect();
        let size = |x: &[f64]| dot(x, x).sqrt();
        let mut before = vec![0.0; self.side];
        let mut x: Vec<f64> = start.iter().map(|value| value / size(&start)).collect();
        let (mut diagonal, mut beside) = (Vec::new(), Vec::new());
        let mut link = 0.0;
        for _ in 0..STEPS.min(2 * self.side) {
            let mut next: Vec<f64> = self.values.chunks_exact(self.side).map(|row| dot(row, &x)).collect();
            let along = dot(&next, &x);
            diagonal.push(along);
            next.iter_mut().zip(x.iter().zip(&before)).for_each(|(next, (x, before))| *next -= along * x + link * before);
            link = size(&next);
            if link <= f64::EPSILON * along {
                break;
            }
            beside.push(link * link);
            next.iter_mut().for_each(|value| *value /= link);
            before = std::mem::replace(&mut x, next);
        }
        greatest_of_tridiagonal(&diagonal, &beside)
    }
}

/// The greatest eigenvalue of a symmetric tridiagonal matrix, from its diagonal and the squares of the numbers beside it, by bisection: x is
/// above all eigenvalues just if every pivot of the matrix less x I is negative (Sylvester's law of inertia).
fn greatest_of_tridiagonal(diagonal: &[f64], beside: &[f64]) -> f64 {
    let is_above = |x: f64| {
        let mut pivot = f64::NEG_INFINITY;
        diagonal.iter().enumerate().all(|(at, value)| {
            let link = at.checked_sub(1).map_or(0.0, |before| beside[before]);
            pivot = value - x - link / pivot;
            pivot < 0.0
        })
    };
    let mut low = diagonal.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut high = low + 2.0 * beside.iter().copied().fold(0.0, f64::max).sqrt();
    for _ in 0..HALVINGS {
        let middle = low.midpoint(high);
        if is_above(middle) { high = middle } else { low = middle }
    }
    low
}
