//! Random numbers of the simulations: ChaCha8, a stream for each seed.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// Random numbers.
pub(super) struct Random(ChaCha8Rng);

impl Random {
    /// A stream for this figure and seed.
    pub(super) fn new(figure: u64, seed: usize) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(figure);
        generator.set_stream(seed as u64);
        Self(generator)
    }

    /// Even in [0, 1).
    pub(super) fn uniform(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    /// N(0, 1), by the method of Box and Muller (1958), of whose two numbers one is taken.
    pub(super) fn normal(&mut self) -> f64 {
        let (u, w) = (1.0 - self.uniform(), self.uniform());
        (-2.0 * libm::log(u)).sqrt() * libm::cos(std::f64::consts::TAU * w)
    }

    /// A vector of N(0, deviation²).
    pub(super) fn vector(&mut self, width: usize, deviation: f64) -> Vec<f64> {
        (0..width).map(|_| deviation * self.normal()).collect()
    }
}
