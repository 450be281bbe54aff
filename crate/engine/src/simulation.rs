//! The paper's synthetic figures, simulated in f64: single attention heads with random inputs, not the transformer. One file a figure.
//!
//! They need no model and no device, and they are what the published curves are compared with.

mod decay_of_total_variation;
mod head;
mod positions;
mod random;
mod sinusoidal_convergence;

use crate::experiment::{Engine, RespondWhole};
use crate::library::Library;
use crate::no_answer::NoAnswer;
use crate::progress::Progress;
use glasses_contract::Sentence;
use glasses_contract::config::{Experiment, Published};
use glasses_contract::question;
use glasses_contract::report::{Simulated, Simulation};

/// Draws of every simulation.
const SEEDS: usize = 20;

impl RespondWhole for question::Simulation {
    async fn respond_whole<L: Library>(self, _: &mut Engine<L>, _: &Experiment, progress: &impl Progress) -> Result<Simulation, NoAnswer> {
        answer(self.0, progress).await
    }
}

/// Simulates one of the figures.
///
/// # Errors
/// If the figure is none that random numbers can show, or `progress` says stop.
pub async fn answer(figure: Published, progress: &impl Progress) -> Result<Simulation, NoAnswer> {
    let (says, curves) = match figure {
        Published::Fig8 => (sinusoidal_convergence::SAYS, sinusoidal_convergence::curves(progress).await?),
        Published::Fig9 => (decay_of_total_variation::SAYS, decay_of_total_variation::curves(progress).await?),
        Published::Fig10 => (positions::SAYS, positions::curves(progress).await?),
        _ => return Err(NoAnswer::Failed(question::Simulation::needs_a_model())),
    };
    Ok(Simulation { figure, says: Sentence::constant(says), curves })
}

/// A curve from the values of every seed at every n, `values[seed][n]`.
fn curve(label: &'static str, n: &[usize], values: &[Vec<f64>]) -> Simulated {
    let over_seeds = |fold: fn(f64, f64) -> f64, start: f64| -> Vec<f64> {
        (0..n.len()).map(|at| values.iter().map(|seed| seed[at]).fold(start, fold)).collect()
    };
    Simulated {
        label: Sentence::constant(label),
        n: n.to_vec(),
        mean: over_seeds(|sum, value| sum + value, 0.0).into_iter().map(|sum| sum / values.len() as f64).collect(),
        min: over_seeds(f64::min, f64::INFINITY),
        max: over_seeds(f64::max, f64::NEG_INFINITY),
        seeds: values.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::NoProgress;
    use glasses_contract::paper::{self, Provenance};

    fn simulated(figure: Published) -> Vec<Simulated> {
        pollster::block_on(answer(figure, &NoProgress)).map(|simulation| simulation.curves).expect("a figure that can be simulated")
    }

    /// The greatest relative distance from the curve of this origin, over its points.
    fn farthest(curve: &Simulated, figure: Published, origin: Provenance) -> f64 {
        let curves = paper::curves(figure);
        let published = curves.iter().find(|curve| curve.origin == origin).expect("a published curve");
        let ours = |n: usize| curve.mean[curve.n.iter().position(|&at| at == n).expect("a point at every published n")];
        published.points.iter().map(|point| (ours(point.n) / point.value - 1.0).abs()).fold(0.0, f64::max)
    }

    #[test]
    fn figures_8_and_9_are_within_15_percent_of_an_independent_simulation_at_every_n() {
        for figure in [Published::Fig8, Published::Fig9] {
            let far = farthest(&simulated(figure)[0], figure, Provenance::Simulated);
            assert!(far < 0.15, "{figure:?}: {far}");
        }
    }

    #[test]
    fn figure_10_without_positions_is_the_papers_curve_and_its_law() {
        let curves = simulated(Published::Fig10);
        let none = curves.iter().find(|curve| curve.label == Sentence::constant("no positions")).expect("a curve without positions");
        assert!(farthest(none, Published::Fig10, Provenance::Digitised) < 0.17);
        for (&n, &value) in none.n.iter().zip(&none.mean) {
            // E ‖v‖₁ of a unit vector with 64 coordinates is √(2 · 64 / π); the mean of n vectors, this one among them, is taken off.
            let law = (2.0 * 64.0 / std::f64::consts::PI).sqrt() * (1.0 - 1.0 / n as f64).sqrt() / (n as f64 + 1.0);
            assert!((value / law - 1.0).abs() < 0.05, "n = {n}: {value}, by the law {law}");
        }
        // All four kinds of positions fall alike.
        for curve in &curves {
            let last = curve.n.len() - 1;
            assert!(curve.mean[last] < 0.01 * curve.mean[0], "{}", curve.label);
        }
    }
}
