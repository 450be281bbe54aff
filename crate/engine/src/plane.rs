//! The plane that shows most of some points: principal component analysis (Pearson 1901), and what a plane cuts out of a box.
//!
//! The two directions are the eigenvectors of the two greatest eigenvalues of the scatter matrix S = Σ (x − m)(x − m)ᵀ, m the mean of the
//! points. They are found by subspace iteration with Rayleigh's quotients in a few more directions than two (Rutishauser 1969), in f64, from
//! the same start whatever the points.

use glasses_contract::report::{PlanePoint, cut};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// Directions that are iterated together: the third to the eighth speed up the first two.
const TOGETHER: usize = 8;
/// An eigenvector is found where ‖S v − λ v‖ is so small a share of the trace.
const FOUND: f64 = 1e-13;
/// Iterations at the most: where the second and the ninth eigenvalue are nearly the same, one plane is as good as another.
const ITERATIONS: usize = 300;

/// How points in so many dimensions lie about their mean.
pub struct Scatter {
    mean: Vec<f64>,
    /// [width, width].
    values: Vec<f64>,
}

impl Scatter {
    /// Of no points yet, about a mean.
    pub fn about(mean: Vec<f64>) -> Self {
        let values = vec![0.0; mean.len() * mean.len()];
        Self { mean, values }
    }

    /// Adds a point.
    pub fn add(&mut self, point: &[f64]) {
        let way: Vec<f64> = point.iter().zip(&self.mean).map(|(x, mean)| x - mean).collect();
        for (row, x) in self.values.chunks_exact_mut(way.len()).zip(&way) {
            row.iter_mut().zip(&way).for_each(|(sum, y)| *sum += x * y);
        }
    }

    fn trace(&self) -> f64 {
        self.values.iter().step_by(self.mean.len() + 1).sum()
    }

    fn times(&self, x: &[f64]) -> Vec<f64> {
        self.values.chunks_exact(self.mean.len()).map(|row| dot(row, x)).collect()
    }
}

/// The mean of the points all of whose coordinates are finite; zero where there are none.
pub fn mean<'a>(points: impl Iterator<Item = &'a [f64]>, width: usize) -> Vec<f64> {
    let (mut sums, mut count) = (vec![0.0; width], 0.0);
    for point in points.filter(|point| is_finite(point)) {
        sums.iter_mut().zip(point).for_each(|(sum, x)| *sum += x);
        count += 1.0;
    }
    sums.iter().map(|sum| sum / f64::max(count, 1.0)).collect()
}

/// Whether a point has a place.
pub fn is_finite(point: &[f64]) -> bool {
    point.iter().all(|x| x.is_finite())
}

/// The directions on their way to the eigenvectors.
pub struct Search {
    scatter: Scatter,
    /// At right angles, of length 1.
    directions: Vec<Vec<f64>>,
    iterations: usize,
}

impl Search {
    /// From the start that is the same for all.
    pub fn new(scatter: Scatter) -> Self {
        let width = scatter.mean.len();
        let mut random = ChaCha8Rng::seed_from_u64(0);
        let mut number = || f64::from(random.next_u32()) / f64::from(u32::MAX) - 0.5;
        let start = (0..TOGETHER.min(width)).map(|_| (0..width).map(|_| number()).collect()).collect();
        Self { scatter, directions: at_right_angles(start), iterations: 0 }
    }

    /// One iteration; the plane once it is found.
    pub fn step(&mut self) -> Option<Plane> {
        self.iterations += 1;
        let images: Vec<Vec<f64>> = self.directions.iter().map(|direction| self.scatter.times(direction)).collect();
        let (values, turns) = eigen(self.directions.iter().map(|row| images.iter().map(|image| dot(row, image)).collect()).collect());
        let turned = |vectors: &[Vec<f64>]| -> Vec<Vec<f64>> { turns.iter().map(|turn| mix(vectors, turn)).collect() };
        let (directions, images) = (turned(&self.directions), turned(&images));
        let trace = self.scatter.trace();
        let is_found = |at: usize| {
            let rest = directions[at].iter().zip(&images[at]).map(|(x, image)| (image - values[at] * x).powi(2)).sum::<f64>();
            rest.sqrt() <= FOUND * trace
        };
        if self.iterations < ITERATIONS && !(0..2).all(is_found) {
            // The best directions so far keep what is zero in their images from taking their place.
            self.directions = at_right_angles(images.into_iter().chain(directions).collect());
            self.directions.truncate(turns.len());
            return None;
        }
        let share = |at: usize| if trace > 0.0 { values[at].max(0.0) / trace } else { 0.0 };
        let mut directions = directions.into_iter().map(with_sign);
        Some(Plane {
            directions: [directions.next().unwrap_or_default(), directions.next().unwrap_or_default()],
            share: [share(0), share(1)],
            mean: std::mem::take(&mut self.scatter.mean),
        })
    }
}

/// A plane through the mean of some points.
#[derive(Clone, Debug)]
pub struct Plane {
    /// Two of length 1, at right angles, each with its greatest coordinate (by size) positive.
    pub directions: [Vec<f64>; 2],
    /// The share of the variance that each has; 0 where nothing varies.
    pub share: [f64; 2],
    mean: Vec<f64>,
}

impl Plane {
    /// Where a point is seen.
    pub fn place(&self, point: &[f64]) -> PlanePoint {
        self.way(point, &self.mean)
    }

    /// The way from one point to another, as it is seen. What is not finite has no place.
    pub fn way(&self, to: &[f64], from: &[f64]) -> PlanePoint {
        let along = |direction: &[f64]| to.iter().zip(from).zip(direction).map(|((to, from), share)| (to - from) * share).sum::<f64>();
        let [x, y] = [along(&self.directions[0]), along(&self.directions[1])];
        if x.is_finite() && y.is_finite() { PlanePoint { x, y } } else { PlanePoint { x: f64::NAN, y: f64::NAN } }
    }

    /// What the plane through some point cuts out of a box around it: the corners in order, as ways from the point, as far as `reach` goes
    /// to each side. `walls` are how far the box goes down and up from the point in each coordinate.
    pub fn slice(&self, walls: impl Iterator<Item = (f64, f64)>, reach: f64) -> Vec<PlanePoint> {
        let corner = |x: f64, y: f64| PlanePoint { x: x * reach, y: y * reach };
        let mut corners = vec![corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)];
        for (at, (down, up)) in walls.enumerate() {
            let [x, y] = [self.directions[0][at], self.directions[1][at]];
            // What does not lean towards a wall never meets it.
            let farthest = reach * (x.abs() + y.abs());
            if up < farthest {
                corners = cut(&corners, PlanePoint { x, y }, up);
            }
            if -down < farthest {
                corners = cut(&corners, PlanePoint { x: -x, y: -y }, -down);
            }
        }
        corners
    }
}

fn with_sign(mut direction: Vec<f64>) -> Vec<f64> {
    let greatest = direction.iter().fold(0.0_f64, |greatest, &x| if x.abs() > greatest.abs() { x } else { greatest });
    if greatest < 0.0 {
        direction.iter_mut().for_each(|x| *x = -*x);
    }
    direction
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

fn mix(vectors: &[Vec<f64>], shares: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; vectors.first().map_or(0, Vec::len)];
    for (vector, share) in vectors.iter().zip(shares) {
        sum.iter_mut().zip(vector).for_each(|(sum, x)| *sum += share * x);
    }
    sum
}

/// The directions of some vectors that are not mixtures of those before them, made to stand at right angles: Gram and Schmidt's method, twice,
/// for once is not enough in floating point.
fn at_right_angles(vectors: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    const NOTHING_NEW: f64 = 1e-10;
    let mut made: Vec<Vec<f64>> = Vec::new();
    for mut vector in vectors {
        let before = dot(&vector, &vector).sqrt();
        for _ in 0..2 {
            for other in &made {
                let share = dot(&vector, other);
                vector.iter_mut().zip(other).for_each(|(x, other)| *x -= share * other);
            }
        }
        let length = dot(&vector, &vector).sqrt();
        if length > NOTHING_NEW * before {
            vector.iter_mut().for_each(|x| *x /= length);
            made.push(vector);
        }
    }
    made
}

/// The eigenvalues of a small symmetric matrix, the greatest first, and their eigenvectors: Jacobi's method (1846).
fn eigen(mut matrix: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    const SWEEPS: usize = 30;
    let side = matrix.len();
    // A row for each eigenvector.
    let mut vectors: Vec<Vec<f64>> = (0..side).map(|row| (0..side).map(|column| f64::from(u8::from(row == column))).collect()).collect();
    for _ in 0..SWEEPS {
        for p in 0..side {
            for q in p + 1..side {
                let off = matrix[p][q];
                if off == 0.0 {
                    continue;
                }
                let slope = (matrix[q][q] - matrix[p][p]) / (2.0 * off);
                let tangent = slope.signum() / (slope.abs() + (slope * slope + 1.0).sqrt());
                let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
                let sine = tangent * cosine;
                let turn = |x: f64, y: f64| (cosine * x - sine * y, sine * x + cosine * y);
                for row in &mut matrix {
                    (row[p], row[q]) = turn(row[p], row[q]);
                }
                for at in 0..side {
                    (matrix[p][at], matrix[q][at]) = turn(matrix[p][at], matrix[q][at]);
                    (vectors[p][at], vectors[q][at]) = turn(vectors[p][at], vectors[q][at]);
                }
                (matrix[p][q], matrix[q][p]) = (0.0, 0.0);
            }
        }
    }
    let mut order: Vec<usize> = (0..side).collect();
    order.sort_by(|&one, &other| matrix[other][other].total_cmp(&matrix[one][one]));
    (order.iter().map(|&at| matrix[at][at]).collect(), order.iter().map(|&at| vectors[at].clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(points: &[Vec<f64>]) -> Plane {
        let width = points[0].len();
        let mut scatter = Scatter::about(mean(points.iter().map(Vec::as_slice), width));
        points.iter().filter(|point| is_finite(point)).for_each(|point| scatter.add(point));
        let mut search = Search::new(scatter);
        std::iter::from_fn(|| Some(search.step())).flatten().next().expect("a plane")
    }

    /// Points along given directions, a direction for each list of places.
    fn points(directions: &[Vec<f64>], places: &[Vec<f64>]) -> Vec<Vec<f64>> {
        places.iter().map(|place| mix(directions, place).iter().map(|x| x + 3.0).collect()).collect()
    }

    fn close(one: &[f64], other: &[f64]) -> bool {
        one.iter().zip(other).all(|(one, other)| (one - other).abs() < 1e-9)
    }

    #[test]
    fn the_directions_of_known_planes_are_found_with_their_shares() {
        let directions = vec![vec![0.8, 0.0, -0.6, 0.0, 0.0], vec![0.0, -0.6, 0.0, 0.0, 0.8], vec![0.0, 0.0, 0.0, 1.0, 0.0]];
        let places = vec![
            vec![2.0, 0.0, 0.0],
            vec![-2.0, 0.0, 0.0],
            vec![0.0, 1.0, 0.0],
            vec![0.0, -1.0, 0.0],
            vec![0.0, 0.0, 0.1],
            vec![0.0, 0.0, -0.1],
        ];
        let found = plane(&points(&directions, &places));
        assert!(close(&found.directions[0], &directions[0]) && close(&found.directions[1], &directions[1]), "{found:?}");
        assert!(close(&found.share, &[8.0 / 10.02, 2.0 / 10.02]), "{:?}", found.share);
        let place = found.place(&points(&directions, &[vec![1.5, -0.5, 9.0]])[0]);
        assert!(close(&[place.x, place.y], &[1.5, -0.5]), "{place:?}");
    }

    #[test]
    fn a_direction_points_to_where_its_greatest_coordinate_is_positive_whatever_the_order_of_the_points() {
        let directions = vec![vec![0.6, -0.8, 0.0], vec![0.0, 0.0, -1.0]];
        let places: Vec<Vec<f64>> = (0..9).map(|at| vec![f64::from(at), f64::from(at * at % 5)]).collect();
        let all = points(&directions, &places);
        let found = plane(&all);
        let turned = plane(&all.iter().rev().map(|point| point.iter().map(|x| -x).collect()).collect::<Vec<_>>());
        assert!(found.directions.iter().zip(&turned.directions).all(|(one, other)| close(one, other)), "{found:?} {turned:?}");
        assert!(found.directions[0][1] > 0.0 && found.directions[1][2] > 0.0, "{found:?}");
    }

    #[test]
    fn many_equal_directions_and_none_give_a_plane_all_the_same() {
        let ring: Vec<Vec<f64>> =
            (0..24).map(|at| (0..12).map(|axis| f64::from(u8::from(at / 2 == axis)) * f64::from(1 - 2 * (at % 2))).collect()).collect();
        let found = plane(&ring);
        assert!(close(&found.share, &[1.0 / 12.0, 1.0 / 12.0]), "{:?}", found.share);
        for still in [vec![vec![1.0; 5]; 4], vec![vec![f64::NAN; 5], vec![1.0; 5]]] {
            let found = plane(&still);
            assert_eq!(found.share, [0.0, 0.0]);
            let [one, other] = &found.directions;
            assert!(close(&[dot(one, one), dot(other, other), dot(one, other)], &[1.0, 1.0, 0.0]), "{found:?}");
            assert_eq!(found.place(&still[1]), PlanePoint::default());
        }
    }

    #[test]
    fn what_is_no_number_has_no_place_and_moves_no_other() {
        let directions = vec![vec![1.0, 0.0, 0.0], vec![0.0, 1.0, 0.0]];
        let mut all = points(&directions, &[vec![2.0, 0.0], vec![-2.0, 0.0], vec![0.0, 1.0], vec![0.0, -1.0]]);
        let before = plane(&all);
        all.push(vec![1.0, f64::INFINITY, 0.0]);
        let after = plane(&all);
        assert_eq!((&before.directions, before.share), (&after.directions, after.share));
        assert!(after.place(&all[4]).x.is_nan() && after.place(&all[4]).y.is_nan());
    }

    #[test]
    fn a_box_is_cut_where_its_walls_are() {
        let half = 0.5_f64.sqrt();
        let found = plane(&points(
            &[vec![half, half, 0.0], vec![0.0, 0.0, 1.0]],
            &[vec![3.0, 0.0], vec![-3.0, 0.0], vec![0.0, 1.0], vec![0.0, -1.0]],
        ));
        // Along the first direction both of the first two coordinates move, each by √½ of the way: the nearer wall counts.
        let corners = found.slice([(-1.0, 0.5), (-0.25, 4.0), (-3.0, f64::INFINITY)].into_iter(), 10.0);
        let (low, high) = (-0.25 / half, 0.5 / half);
        let is_corner = |x: f64, y: f64| corners.iter().any(|corner| close(&[corner.x, corner.y], &[x, y]));
        assert!(
            corners.len() == 4 && is_corner(low, -3.0) && is_corner(high, -3.0) && is_corner(high, 10.0) && is_corner(low, 10.0),
            "{corners:?}"
        );
    }
}
