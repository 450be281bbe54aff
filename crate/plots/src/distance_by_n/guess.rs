//! A guess that somebody drew by hand: how the output's distance goes on where the figure was veiled, and how far off that was.

use super::{DistanceByN, points};
use crate::chart::{Curve, Look, Name};
use crate::number;
use crate::theme::Theme;
use glasses_contract::report::Stage;
use glasses_contract::say;

/// How much further down than the last given distance the axis goes where a guess is to be drawn: whatever hides behind the veil.
const ROOM: f64 = 1e-3;
/// A guess within this factor is as good as right: a line drawn by hand is no finer.
const NEAR: f64 = 1.1;

impl DistanceByN {
    /// The curve as it was drawn; while nothing is, its name has its room already, so that nothing moves under the hand.
    pub(super) fn guessed(&self, theme: &Theme) -> Option<Curve> {
        let drawn = self.guess.as_ref()?;
        let look = Look { color: theme.series(2), width: 3.0, dash: Some((7.0, 3.0)), name: Name::AtEndStrong, ..Look::default() };
        Some(Curve { label: say!("your guess").into(), points: drawn.clone(), look, ..Curve::default() })
    }

    /// What is to be done where the figure is veiled.
    pub(super) fn asked_for(&self) -> &'static str {
        if self.guess.is_some() { say!("draw here") } else { say!("your guess?") }
    }

    /// The distance that the axis reaches so that a guess has room.
    pub(super) fn room(&self) -> Option<f64> {
        self.guess.as_ref().filter(|_| self.veiled_to.is_some())?;
        self.output().last().map(|point| point.1 * ROOM).filter(|&reach| reach > 0.0)
    }

    /// How far off the guess is at its end, in words: the guessed distance over the computed one.
    pub(super) fn beside_guess(&self) -> Option<String> {
        let &(end, guessed) = self.guess.as_ref().filter(|_| self.veiled_to.is_none())?.last()?;
        let &(n, computed) = self.output().iter().rfind(|point| point.0 <= end)?;
        let ratio = guessed / computed;
        let [guess, is] = [guessed, computed].map(number::short);
        Some(match ratio {
            ratio if !ratio.is_finite() => say!("At n = {}, your guess is {}; the distance is {}.", n, guess, is),
            ratio if ratio > NEAR => {
                say!("At n = {}, your guess is {} times too high: {} instead of {}.", n, number::short(ratio), guess, is)
            }
            ratio if ratio < 1.0 / NEAR => {
                say!("At n = {}, your guess is {} times too low: {} instead of {}.", n, number::short(1.0 / ratio), guess, is)
            }
            _ => say!("At n = {}, your guess is right within a tenth: {} instead of {}.", n, guess, is),
        })
    }

    fn output(&self) -> Vec<(usize, f64)> {
        let output = self.sweep.stages.iter().find(|curve| curve.stage == Stage::Output);
        output.map_or_else(Vec::new, |output| points(&self.sweep.n, output.distances.iter().map(|distances| distances.get(self.metric))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Figure, samples};
    use glasses_contract::config::Metric;

    #[test]
    fn a_guess_is_measured_at_its_end_and_only_once_the_veil_is_gone() {
        let sweep = samples::sweep(2, 100);
        let figure = DistanceByN::new(sweep.clone(), Metric::Linf, 24, samples::MODEL);
        let last = figure.output()[99].1;
        for (times, told) in
            [(4.0, "your guess is 4.00 times too high"), (0.25, "your guess is 4.00 times too low"), (1.05, "right within a tenth")]
        {
            let drawn = [(30, 0.5), (100, times * last)];
            let guessed = DistanceByN { guess: Some(drawn.to_vec()), ..figure.clone() };
            let caption = guessed.finding();
            assert!(caption.contains("At n = 100, ") && caption.contains(told) && guessed.sentence().contains(told), "{caption}");
            assert_eq!(guessed.guessed(&Theme::light()).expect("a curve").points, drawn);
            let veiled = DistanceByN { veiled_to: Some(200), ..guessed };
            assert!(!veiled.finding().contains("your guess"), "it would give the answer away");
        }
        // A guess that ends early is measured there.
        let drawn = [(30, 0.5), (60, figure.output()[59].1 * 2.0)];
        let early = DistanceByN { guess: Some(drawn.to_vec()), ..figure };
        assert!(early.finding().contains("At n = 60, your guess is 2.00 times too high"), "{}", early.finding());
    }

    #[test]
    fn there_is_room_for_a_guess_whatever_hides_behind_the_veil() {
        let whole = samples::sweep(2, 100);
        let given = whole.clone().until(10);
        let figure = DistanceByN { veiled_to: Some(100), ..DistanceByN::new(given.clone(), Metric::Linf, 10, samples::MODEL) };
        assert_eq!(figure.room(), None, "nobody is asked to draw");
        let figure = DistanceByN { guess: Some(vec![]), ..figure };
        assert_eq!(figure.room(), Some(figure.output()[9].1 * ROOM));
        assert_eq!(figure.guessed(&Theme::light()).expect("a name").points, []);
        let zero = [(100, 0.01)];
        let mut same = whole.clone();
        same.stages.iter_mut().flat_map(|curve| &mut curve.distances).for_each(|distances| distances.linf = 0.0);
        let figure = DistanceByN { guess: Some(zero.to_vec()), ..DistanceByN::new(same.clone(), Metric::Linf, 10, samples::MODEL) };
        assert!(figure.finding().contains("At n = 100, your guess is 0.0100; the distance is 0."), "{}", figure.finding());
    }
}
