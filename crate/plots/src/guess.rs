//! A guess that somebody drew by hand: how a curve of distances goes on where a figure is veiled, and how far off that was.

use crate::chart::{Curve, Look, Name};
use crate::number;
use crate::theme::Theme;
use glasses_contract::say;

/// How much further down than the last given distance the axis goes where a guess is to be drawn: whatever hides behind the veil.
const ROOM: f64 = 1e-3;
/// A guess within this factor is as good as right: a line drawn by hand is no finer.
const NEAR: f64 = 1.1;

/// A guess beside the curve that it is about.
pub(crate) struct Guess<'a> {
    /// The guessed distances by growing n; none where nobody is asked, and none of them where one can still be drawn.
    pub drawn: Option<&'a [(usize, f64)]>,
    /// Whether what comes behind the real curve's end is veiled.
    pub is_veiled: bool,
    /// The real curve, as far as it is shown.
    pub real: Vec<(usize, f64)>,
}

impl Guess<'_> {
    /// The curve as it was drawn; while nothing is, its name has its room already, so that nothing moves under the hand.
    pub fn curve(&self, theme: &Theme, name: Name) -> Option<Curve> {
        let look = Look { color: theme.series(2), width: 3.0, dash: Some((7.0, 3.0)), name, ..Look::default() };
        Some(Curve { label: say!("your guess").into(), points: self.drawn?.to_vec(), look, ..Curve::default() })
    }

    /// The last n that is given, and what is to be done behind it; none where nothing is veiled.
    pub fn veil(&self) -> Option<(usize, &'static str)> {
        let told = if self.drawn.is_some() { say!("draw here") } else { say!("your guess?") };
        self.real.last().filter(|_| self.is_veiled).map(|&(n, _)| (n, told))
    }

    /// The distance that the axis reaches so that a guess has room.
    pub fn room(&self) -> Option<f64> {
        self.drawn.filter(|_| self.is_veiled)?;
        self.real.last().map(|point| point.1 * ROOM).filter(|&reach| reach > 0.0)
    }

    /// How far off the guess is at its end, in words: the guessed distance over the computed one.
    pub fn beside(&self) -> Option<String> {
        let &(end, guessed) = self.drawn.filter(|_| !self.is_veiled)?.last()?;
        let &(n, computed) = self.real.iter().rfind(|point| point.0 <= end)?;
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
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A curve that falls like 1/n from n = 1 to n = 100.
    fn real() -> Vec<(usize, f64)> {
        (1..=100).map(|n| (n, 1.0 / n as f64)).collect()
    }

    #[test]
    fn a_guess_is_measured_at_its_end_and_only_once_the_veil_is_gone() {
        for (end, guessed, told) in [
            (100, 0.04, "At n = 100, your guess is 4.00 times too high: 0.0400 instead of 0.0100."),
            (100, 0.0025, "At n = 100, your guess is 4.00 times too low"),
            (100, 0.0105, "At n = 100, your guess is right within a tenth"),
            (60, 2.0 / 60.0, "At n = 60, your guess is 2.00 times too high"),
        ] {
            let drawn = [(30, 0.5), (end, guessed)];
            let guess = Guess { drawn: Some(&drawn), is_veiled: false, real: real() };
            let said = guess.beside().expect("a guess");
            assert!(said.contains(told), "{said}");
            assert_eq!(guess.curve(&Theme::light(), Name::AtEnd).expect("a curve").points, drawn);
            assert_eq!((guess.veil(), guess.room()), (None, None));
            assert_eq!(Guess { is_veiled: true, ..guess }.beside(), None, "it would give the answer away");
        }
        let guess = Guess { drawn: Some(&[(100, 0.01)]), is_veiled: false, real: vec![(100, 0.0)] };
        assert_eq!(guess.beside().expect("a guess"), "At n = 100, your guess is 0.0100; the distance is 0.");
    }

    #[test]
    fn there_is_room_for_a_guess_whatever_hides_behind_the_veil() {
        let given: Vec<_> = real().into_iter().take(10).collect();
        let nobody = Guess { drawn: None, is_veiled: true, real: given.clone() };
        assert_eq!((nobody.room(), nobody.veil()), (None, Some((10, "your guess?"))));
        let guess = Guess { drawn: Some(&[]), is_veiled: true, real: given };
        assert_eq!((guess.room(), guess.veil()), (Some(0.1 * ROOM), Some((10, "draw here"))));
        assert_eq!(guess.curve(&Theme::light(), Name::AtEnd).expect("a name").points, []);
    }
}
