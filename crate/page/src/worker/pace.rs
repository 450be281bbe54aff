//! How fast an engine computes on this device, as measured on what it answered, and how long something will therefore take.

use glasses_contract::Experiment;
use glasses_contract::device::DeviceKind;
use glasses_contract::question::Question;
use glasses_contract::sequence::Sequences;

/// What is over sooner than this needs no word of it.
pub const LONG_MS: f64 = 10_000.0;
/// Operations a millisecond, where nothing was measured yet: what a browser makes on two shared cores (docs/benchmarks.md).
const CPU: f64 = 5e6;
/// The same where a graphics processor computes, of which most make more.
const WEBGPU: f64 = 5e7;
/// An answer of fewer operations takes what it takes besides them, and measures nothing.
const TELLING: f64 = 5e8;
/// What was agreed to, times this, is about as much: nobody is asked again for one more token.
const ABOUT: f64 = 1.5;

/// All that was measured, the newest above all.
#[derive(Debug, Default)]
pub struct Pace {
    flop: f64,
    ms: f64,
}

impl Pace {
    /// Takes how long an answer took, where it was computed anew and is large enough to tell.
    pub fn measure(&mut self, question: Question, config: &Experiment, ms: f64) {
        // What else is counted may have been kept from the answer before.
        if !matches!(question, Question::Pair(_) | Question::Sensitivity(_)) {
            return;
        }
        let Ok(sequences) = Sequences::parse(&config.input) else { return };
        let flop = question.flop(config, &sequences) as f64;
        if flop >= TELLING && ms > 0.0 {
            (self.flop, self.ms) = (self.flop / 2.0 + flop, self.ms / 2.0 + ms);
        }
    }

    /// How long so many operations take, in milliseconds.
    pub fn ms(&self, flop: f64, device: DeviceKind) -> f64 {
        let unmeasured = match device {
            DeviceKind::Cpu => CPU,
            DeviceKind::WebGpu => WEBGPU,
        };
        flop / if self.ms > 0.0 { self.flop / self.ms } else { unmeasured }
    }
}

/// What questions cost, in the order in which they are asked, in floating-point operations.
pub type Costs = Vec<(Question, f64)>;

/// Which of the questions wait until the reader says that they may begin: those at whose end more than [`LONG_MS`] will have passed, unless about as much
/// was agreed to before. What comes first and is cheap waits for nothing, nor does a question that is answered already make those behind it any cheaper.
pub fn held(costs: &Costs, agreed: f64, ms: impl Fn(f64) -> f64) -> &[(Question, f64)] {
    let mut sum = 0.0;
    let first = costs.iter().position(|(_, flop)| {
        sum += flop;
        sum > ABOUT * agreed && ms(sum) >= LONG_MS
    });
    first.map_or(&[], |first| &costs[first..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::config::Which;
    use glasses_contract::question::{Meeting, Pair, Sensitivity, Sweep};

    fn costs(of: [f64; 3]) -> Costs {
        [Pair.into(), Sweep.into(), Sensitivity::estimate(Which::A).into()].into_iter().zip(of).collect()
    }

    /// Which of the three wait, at an operation a millisecond.
    fn waiting(of: [f64; 3], agreed: f64) -> usize {
        held(&costs(of), agreed, |flop| flop).len()
    }

    #[test]
    fn what_comes_after_ten_seconds_waits_and_what_is_before_does_not() {
        assert_eq!(waiting([10.0, 10.0, 10.0], 0.0), 0);
        assert_eq!(waiting([10.0, 10.0, 20_000.0], 0.0), 1);
        assert_eq!(waiting([20_000.0, 1.0, 1.0], 0.0), 3);
        assert_eq!(waiting([6_000.0, 6_000.0, 1.0], 0.0), 2, "many of them are long together");
        assert_eq!(waiting([9_000.0, 900.0, 99.0], 0.0), 0);
    }

    #[test]
    fn about_as_much_as_was_agreed_to_is_not_asked_about_again() {
        let long = [20_000.0, 20_000.0, 20_000.0];
        assert_eq!(waiting(long, 60_000.0), 0);
        assert_eq!(waiting(long.map(|ms| 1.4 * ms), 60_000.0), 0);
        assert_eq!(waiting(long.map(|ms| 1.6 * ms), 60_000.0), 1);
        assert_eq!(waiting(long.map(|ms| 10.0 * ms), 60_000.0), 3);
    }

    #[test]
    fn a_pace_is_what_was_measured_and_the_newest_above_all() {
        let of = |question: Question, n: usize| {
            let mut config = Experiment::default();
            config.input.n = n;
            let sequences = Sequences::parse(&config.input).expect("texts that can be read");
            let flop = question.flop(&config, &sequences) as f64;
            (question, config, flop)
        };
        let mut pace = Pace::default();
        let ms = |pace: &Pace| pace.ms(1e9, DeviceKind::Cpu);
        assert_eq!((ms(&pace), pace.ms(1e9, DeviceKind::WebGpu)), (200.0, 20.0));
        for small in [Pair.into(), Meeting.into()] {
            let (question, config, _) = of(small, 24);
            pace.measure(question, &config, 100.0);
        }
        assert_eq!(ms(&pace), 200.0, "too small to tell, or kept");
        let (question, config, flop) = of(Pair.into(), 1000);
        pace.measure(question, &config, 300.0);
        assert!((ms(&pace) - 1e9 * 300.0 / flop).abs() < 1e-6);
        for _ in 0..20 {
            pace.measure(question, &config, 600.0);
        }
        assert!((ms(&pace) - 1e9 * 600.0 / flop).abs() < 1e-3);
    }
}
