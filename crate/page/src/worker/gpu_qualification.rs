//! The WebGPU engine's qualification: it is believed for as long as it gives the known answer, and weighed by its speed against the CPU's.

use glasses_contract::Admitted;
use glasses_contract::device::{Adapter, DeviceKind, Standing};
use glasses_contract::report::Pair;
use glasses_contract::{say, self_check};

use super::scheduler::Wanted;

/// Runs of the same question on each engine; the last one counts, when everything that is made once is made.
const RUNS: usize = 2;

/// Times are taken anew for work that is this many times more or less than what was timed.
const OTHER_SIZE: f64 = 3.0;

/// How far the WebGPU engine has come.
#[derive(Debug, Default)]
pub enum Qualification {
    /// Nothing has been done: the CPU has not drawn yet, or the reader asked for the CPU.
    #[default]
    NotBegun,
    /// The browser is asked for an adapter.
    Asking {
        /// Since when.
        since_ms: f64,
    },
    /// Its code is being fetched.
    Fetching {
        /// When a piece of it came last.
        heard_ms: f64,
    },
    /// It starts.
    Starting,
    /// Both engines answer the known question.
    Checking {
        /// What it runs on.
        adapter: Adapter,
        /// The CPU's answer.
        trusted: Option<Pair>,
        /// Its own.
        candidate: Option<Pair>,
        /// Its standing, if it was right before: it goes on answering meanwhile.
        before: Option<Proof>,
    },
    /// It was right; both engines answer the reader's pair.
    Timing {
        /// What it runs on.
        adapter: Adapter,
        /// The pair, and its number of operations.
        timed: (Admitted, f64),
        /// Milliseconds, run by run.
        webgpu_ms: Vec<f64>,
        /// The same of the CPU.
        cpu_ms: Vec<f64>,
        /// The CPU's answer to the known question.
        trusted: Pair,
        /// The standing until the new times are there, if there was one.
        before: Option<Standing>,
    },
    /// It can be used.
    Proved(Proof),
    /// It can't: why.
    Out(String),
}

/// What an engine has proved.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    /// Its standing.
    pub standing: Standing,
    /// Number of operations of what was timed.
    pub flop: f64,
    /// The CPU's answer to the known question, for the next time that it is asked.
    pub trusted: Pair,
}

/// What the trial asks of an engine next.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// The pair of the known question.
    Check(DeviceKind, Admitted),
    /// The pair of the reader's configuration.
    Time(DeviceKind, Admitted),
}

impl Qualification {
    /// For [`glasses_contract::device::decide`].
    pub fn standing(&self) -> Standing {
        match self {
            Self::NotBegun | Self::Asking { .. } | Self::Fetching { .. } | Self::Starting => Standing::Starting,
            Self::Checking { before, .. } => before.as_ref().map_or(Standing::Starting, |before| before.standing.clone()),
            Self::Timing { before, .. } => before.clone().unwrap_or(Standing::Starting),
            Self::Proved(proof) => proof.standing.clone(),
            Self::Out(why) => Standing::Out(why.clone()),
        }
    }

    /// The engine is there: the known question comes first.
    pub fn begin(&mut self, adapter: Adapter) {
        *self = Self::Checking { adapter, trusted: None, candidate: None, before: None };
    }

    /// The known question is asked again, of an engine that was right before.
    pub fn doubt(&mut self) {
        let Self::Proved(proof) = self else { return };
        let Standing::Proved { adapter, .. } = proof.standing else { return };
        *self = Self::Checking { adapter, trusted: Some(proof.trusted.clone()), candidate: None, before: Some(proof.clone()) };
    }

    /// What an engine runs on that is being tried for the first time.
    pub fn tries(&self) -> Option<Adapter> {
        match self {
            Self::Checking { adapter, before: None, .. } | Self::Timing { adapter, before: None, .. } => Some(*adapter),
            _ => None,
        }
    }

    /// Whether the engine answers while it is asked the known question again.
    pub fn is_in_doubt(&self) -> bool {
        matches!(self, Self::Checking { before: Some(_), .. })
    }

    /// What to ask next, if anything. The engines are asked one after the other: a software adapter works on the same processor.
    pub fn step(&self) -> Option<Step> {
        match self {
            Self::Checking { candidate: None, .. } => Some(Step::Check(DeviceKind::WebGpu, self_check::config())),
            Self::Checking { trusted: None, .. } => Some(Step::Check(DeviceKind::Cpu, self_check::config())),
            Self::Timing { timed: (config, _), webgpu_ms, .. } if webgpu_ms.len() < RUNS => {
                Some(Step::Time(DeviceKind::WebGpu, config.clone()))
            }
            Self::Timing { timed: (config, _), cpu_ms, .. } if cpu_ms.len() < RUNS => Some(Step::Time(DeviceKind::Cpu, config.clone())),
            _ => None,
        }
    }

    /// Takes an engine's answer to [`Step::Check`]; once both are there, compares them. `wanted` is what the reader looks at.
    pub fn checked(&mut self, device: DeviceKind, pair: Pair, wanted: &Wanted) {
        let Self::Checking { adapter, trusted, candidate, before } = self else { return };
        match device {
            DeviceKind::Cpu => *trusted = Some(pair),
            DeviceKind::WebGpu => *candidate = Some(pair),
        }
        let (Some(trusted), Some(candidate)) = (trusted, candidate) else { return };
        *self = match (self_check::compare(trusted, candidate), before) {
            (Ok(_), None) => Self::timing(*adapter, wanted, trusted, None),
            (Ok(_), Some(before)) => Self::Proved(before.clone()),
            (Err(difference), None) => {
                Self::Out(say!("The WebGPU engine gave a wrong answer to a known question and is not used: {}.", difference))
            }
            (Err(difference), Some(_)) => Self::Out(say!(
                "The WebGPU engine was right before, gave a wrong answer to a known question now, and is not used any more: {}.",
                difference
            )),
        };
    }

    /// Takes the time of an engine's answer to [`Step::Time`].
    pub fn timed(&mut self, device: DeviceKind, milliseconds: f64) {
        let Self::Timing { adapter, timed: (_, flop), webgpu_ms, cpu_ms, trusted, .. } = self else { return };
        match device {
            DeviceKind::Cpu => cpu_ms.push(milliseconds),
            DeviceKind::WebGpu => webgpu_ms.push(milliseconds),
        }
        if let (Some(&webgpu_ms), Some(&cpu_ms)) = (webgpu_ms.get(RUNS - 1), cpu_ms.get(RUNS - 1)) {
            let standing = Standing::Proved { adapter: *adapter, webgpu_ms, cpu_ms };
            *self = Self::Proved(Proof { standing, flop: *flop, trusted: trusted.clone() });
        }
    }

    /// Takes the times anew where what the reader looks at has become another size of work. A language model has a trial of its own.
    pub fn follow(&mut self, wanted: &Wanted) {
        if wanted.config.model.file.is_some() {
            return;
        }
        let Self::Proved(Proof { standing, flop, trusted }) = self else { return };
        let ratio = wanted.flop() / *flop;
        let Standing::Proved { adapter, .. } = *standing else { return };
        if !(1.0 / OTHER_SIZE..=OTHER_SIZE).contains(&ratio) {
            *self = Self::timing(adapter, wanted, trusted, Some(standing.clone()));
        }
    }

    fn timing(adapter: Adapter, wanted: &Wanted, trusted: &Pair, before: Option<Standing>) -> Self {
        let timed = match wanted.config.model.file {
            // Its size says nothing of tiny models.
            Some(_) => (self_check::config(), 0.0),
            None => (wanted.config.clone(), wanted.flop()),
        };
        Self::Timing { adapter, timed, webgpu_ms: Vec::new(), cpu_ms: Vec::new(), trusted: trusted.clone(), before }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::made_up::pair;
    use glasses_contract::config::Parts;
    use glasses_contract::sequence::Sequences;
    use glasses_contract::{Experiment, admit};

    fn wanted() -> Wanted {
        let config = admit(Experiment::default()).0;
        let sequences = Sequences::parse(&config.input).expect("texts that can be read");
        Wanted { config, sequences, shown: Parts::NONE, searches: false, tokens: 26 }
    }

    fn device(step: Option<Step>) -> Option<DeviceKind> {
        step.map(|step| match step {
            Step::Check(device, _) | Step::Time(device, _) => device,
        })
    }

    #[test]
    fn a_right_engine_is_timed_and_the_second_run_counts() {
        use DeviceKind::{Cpu, WebGpu};
        let wanted = wanted();
        let mut trial = Qualification::default();
        assert_eq!(trial.step(), None);
        trial.begin(Adapter::Hardware);
        assert_eq!(device(trial.step()), Some(WebGpu));
        trial.checked(WebGpu, pair(0.5), &wanted);
        assert_eq!(device(trial.step()), Some(Cpu));
        trial.checked(Cpu, pair(0.5 + 1e-6), &wanted);
        for (kind, milliseconds) in [(WebGpu, 900.0), (WebGpu, 7.0), (Cpu, 50.0), (Cpu, 11.0)] {
            assert_eq!(trial.step(), Some(Step::Time(kind, wanted.config.clone())));
            assert_eq!(trial.standing(), Standing::Starting);
            trial.timed(kind, milliseconds);
        }
        assert_eq!(trial.standing(), Standing::Proved { adapter: Adapter::Hardware, webgpu_ms: 7.0, cpu_ms: 11.0 });
    }

    #[test]
    fn a_wrong_engine_is_out() {
        let mut trial = Qualification::default();
        trial.begin(Adapter::Hardware);
        trial.checked(DeviceKind::Cpu, pair(0.5), &wanted());
        trial.checked(DeviceKind::WebGpu, pair(0.6), &wanted());
        assert!(matches!(trial.standing(), Standing::Out(why) if why.contains("wrong answer")));
    }

    #[test]
    fn an_engine_in_doubt_goes_on_answering_until_it_is_wrong() {
        let standing = Standing::Proved { adapter: Adapter::Hardware, webgpu_ms: 7.0, cpu_ms: 11.0 };
        let mut trial = Qualification::Proved(Proof { standing: standing.clone(), flop: 1.0, trusted: pair(0.5) });
        for (linf, is_believed) in [(0.5, true), (0.5 + 1e-6, true), (0.75, false)] {
            trial.doubt();
            assert!(trial.is_in_doubt());
            assert_eq!(trial.standing(), standing);
            assert_eq!(device(trial.step()), Some(DeviceKind::WebGpu), "the CPU's answer is known");
            trial.checked(DeviceKind::WebGpu, pair(linf), &wanted());
            assert_eq!(trial.standing() == standing, is_believed, "{linf}: {trial:?}");
        }
        assert!(matches!(trial.standing(), Standing::Out(why) if why.contains("right before")));
    }

    #[test]
    fn work_of_another_size_is_timed_anew_and_the_old_times_hold_until_then() {
        let standing = Standing::Proved { adapter: Adapter::Hardware, webgpu_ms: 7.0, cpu_ms: 3.0 };
        let mut wanted = wanted();
        let mut trial = Qualification::Proved(Proof { standing: standing.clone(), flop: wanted.flop(), trusted: pair(0.5) });
        wanted.tokens *= 2;
        trial.follow(&wanted);
        assert!(matches!(trial, Qualification::Proved(_)));
        let mut larger = wanted.config.into_inner();
        larger.model.width *= 4;
        wanted.config = admit(larger).0;
        trial.follow(&wanted);
        assert_eq!(trial.step(), Some(Step::Time(DeviceKind::WebGpu, wanted.config)));
        assert_eq!(trial.standing(), standing);
    }
}
