//! Questions with a known answer: what the WebGPU engine must get right before it is believed, of a tiny model and of a language model's file.

use crate::admit::{Admitted, admit};
use crate::config::{Attention, Experiment, Formats, Model, Norm, Position};
use crate::report::Pair;
use crate::say;

/// The largest difference that rounding explains, of numbers above one in proportion to them: both engines compute in f32 and add in different orders,
/// over two layers whose values are of order one, or over those of a language model whose largest are hundreds. A wrong kernel is off by orders of
/// magnitude more.
pub const TOLERANCE: f64 = 1e-3;

/// Two rotary layers with two heads over some twenty tokens: every kernel that a forward pass needs, in a few milliseconds.
pub fn config() -> Admitted {
    let mut config = Experiment::default();
    (config.input.a, config.input.b, config.input.n) = ("[0-9]^n,1".into(), "[0-9]^(n+3),0".into(), 17);
    (config.model.layers, config.model.heads, config.model.width) = (2, 2, 32);
    (config.model.position, config.model.norm) = (Position::Rotary, Norm::Layer);
    admit(config).0
}

/// One token, and a dozen, through a language model as its file has it: a few rows and many go different ways, and every matrix of every layer takes
/// part. `about` is any experiment about the file.
pub fn about_file(about: &Experiment) -> Admitted {
    let model = Model { attention: Attention::default(), formats: Formats::default(), ..about.model.clone() };
    let mut config = Experiment { model, ..Experiment::default() };
    (config.input.a, config.input.b, config.input.n, config.input.max_n) = ("0".into(), "1^n".into(), 12, 12);
    admit(config).0
}

/// Compares two engines' answers to [`config`] or [`about_file`].
///
/// # Errors
/// A sentence that says what differs, if anything does by more than [`TOLERANCE`] or is not a number.
pub fn compare(trusted: &Pair, candidate: &Pair) -> Result<f64, String> {
    let (expected, found) = (numbers(trusted), numbers(candidate));
    if expected.len() != found.len() {
        return Err(say!("it gave {} numbers where {} were expected", found.len(), expected.len()));
    }
    let worst = expected
        .iter()
        .zip(&found)
        .map(|(x, y)| (x - y).abs() / x.abs().max(1.0))
        .fold(0.0, |worst: f64, difference| if difference > worst || difference.is_nan() { difference } else { worst });
    if worst <= TOLERANCE {
        Ok(worst)
    } else {
        Err(say!("its numbers are off by up to {}, where rounding explains {}", format!("{worst:.1e}"), format!("{TOLERANCE:.0e}")))
    }
}

fn numbers(pair: &Pair) -> Vec<f64> {
    let mut numbers: Vec<f64> = pair.stages.iter().flat_map(|stage| [stage.distances.l2, stage.distances.linf]).collect();
    for reading in [&pair.a, &pair.b] {
        numbers.extend(&reading.next);
        numbers.extend(&reading.attention.weights);
    }
    numbers
}
