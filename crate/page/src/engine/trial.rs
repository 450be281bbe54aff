//! The WebGPU engine's trial: it is believed once it gave the known answer, and weighed by its speed against the CPU's.

use glasses_contract::Config;
use glasses_contract::device::{Adapter, DeviceKind, Standing};
use glasses_contract::report::Pair;
use glasses_contract::{say, self_check};

use super::plan::Wanted;

/// Runs of the same question on each engine; the last one counts, when everything that is made once is made.
const RUNS: usize = 2;

/// Times are taken anew for work that is this many times more or less than what was timed.
const OTHER_SIZE: f64 = 3.0;

/// How far the WebGPU engine has come.
#[derive(Debug, Default)]
pub enum Trial {
    /// Nothing has been done: the CPU has not drawn yet, or the reader asked for the CPU.
    #[default]
    NotBegun,
    /// Its code is being fetched.
    Fetching,
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
    },
    /// It was right; both engines answer the reader's pair.
    Timing {
        /// What it runs on.
        adapter: Adapter,
        /// The pair.
        wanted: Wanted,
        /// Milliseconds, run by run.
        webgpu_ms: Vec<f64>,
        /// The same of the CPU.
        cpu_ms: Vec<f64>,
        /// The standing until the new times are there, if there was one.
        before: Option<Standing>,
    },
    /// It can be used.
    Proved {
        /// Its standing.
        standing: Standing,
        /// Number of operations of what was timed.
        flop: f64,
    },
    /// It can't: why.
    Out(String),
}

/// What the trial asks of an engine next.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// The pair of the known question.
    Check(DeviceKind, Config),
    /// The pair of the reader's configuration.
    Time(DeviceKind, Config),
}

impl Trial {
    /// For [`glasses_contract::device::decide`].
    pub fn standing(&self) -> Standing {
        match self {
            Self::NotBegun | Self::Fetching | Self::Starting | Self::Checking { .. } => Standing::Starting,
            Self::Timing { before, .. } => before.clone().unwrap_or(Standing::Starting),
            Self::Proved { standing, .. } => standing.clone(),
            Self::Out(why) => Standing::Out(why.clone()),
        }
    }

    /// The engine is there: the known question comes first.
    pub fn begin(&mut self, adapter: Adapter) {
        *self = Self::Checking { adapter, trusted: None, candidate: None };
    }

    /// What to ask next, if anything. The engines are asked one after the other: a software adapter works on the same processor.
    pub fn step(&self) -> Option<Step> {
        match self {
            Self::Checking { candidate: None, .. } => Some(Step::Check(DeviceKind::WebGpu, self_check::config())),
            Self::Checking { trusted: None, .. } => Some(Step::Check(DeviceKind::Cpu, self_check::config())),
            Self::Timing { wanted, webgpu_ms, .. } if webgpu_ms.len() < RUNS => Some(Step::Time(DeviceKind::WebGpu, wanted.config.clone())),
            Self::Timing { wanted, cpu_ms, .. } if cpu_ms.len() < RUNS => Some(Step::Time(DeviceKind::Cpu, wanted.config.clone())),
            _ => None,
        }
    }

    /// Takes an engine's answer to [`Step::Check`]; once both are there, compares them. `wanted` is what the reader looks at.
    pub fn checked(&mut self, device: DeviceKind, pair: Pair, wanted: &Wanted) {
        let Self::Checking { adapter, trusted, candidate } = self else { return };
        match device {
            DeviceKind::Cpu => *trusted = Some(pair),
            DeviceKind::WebGpu => *candidate = Some(pair),
        }
        let (Some(trusted), Some(candidate)) = (trusted, candidate) else { return };
        *self = match self_check::compare(trusted, candidate) {
            Ok(_) => Self::timing(*adapter, wanted, None),
            Err(difference) => {
                Self::Out(say!("The WebGPU engine gave a wrong answer to a known question and is not used: {}.", difference))
            }
        };
    }

    /// Takes the time of an engine's answer to [`Step::Time`].
    pub fn timed(&mut self, device: DeviceKind, milliseconds: f64) {
        let Self::Timing { adapter, wanted, webgpu_ms, cpu_ms, .. } = self else { return };
        match device {
            DeviceKind::Cpu => cpu_ms.push(milliseconds),
            DeviceKind::WebGpu => webgpu_ms.push(milliseconds),
        }
        if let (Some(&webgpu_ms), Some(&cpu_ms)) = (webgpu_ms.get(RUNS - 1), cpu_ms.get(RUNS - 1)) {
            let standing = Standing::Proved { adapter: *adapter, webgpu_ms, cpu_ms };
            *self = Self::Proved { standing, flop: wanted.flop() };
        }
    }

    /// Takes the times anew where what the reader looks at has become another size of work.
    pub fn follow(&mut self, wanted: &Wanted) {
        let Self::Proved { standing, flop } = self else { return };
        let ratio = wanted.flop() / *flop;
        let Standing::Proved { adapter, .. } = *standing else { return };
        if !(1.0 / OTHER_SIZE..=OTHER_SIZE).contains(&ratio) {
            *self = Self::timing(adapter, wanted, Some(standing.clone()));
        }
    }

    fn timing(adapter: Adapter, wanted: &Wanted, before: Option<Standing>) -> Self {
        Self::Timing { adapter, wanted: wanted.clone(), webgpu_ms: Vec::new(), cpu_ms: Vec::new(), before }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::report::{AttentionMap, Distances, Reading, Stage, StageDistances};

    fn wanted() -> Wanted {
        Wanted { config: Config::default(), depends_on_n: true, depends_on_k: false, searches: false, tokens: 26 }
    }

    fn pair(linf: f64) -> Pair {
        let map = AttentionMap { layer: 0, head: 0, first: 0, side: 1, weights: vec![1.0] };
        let reading = Reading { tokens: vec!["1".into()], next: vec![1.0], attention: map, sink_share: 0.0 };
        let stages = vec![StageDistances { stage: Stage::Output, distances: Distances { linf, ..Distances::default() } }];
        Pair { n: 1, a: reading.clone(), b: reading, stages, heads: vec![], identical_in: vec![] }
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
        let mut trial = Trial::default();
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
        let mut trial = Trial::default();
        trial.begin(Adapter::Hardware);
        trial.checked(DeviceKind::Cpu, pair(0.5), &wanted());
        trial.checked(DeviceKind::WebGpu, pair(0.6), &wanted());
        assert!(matches!(trial.standing(), Standing::Out(why) if why.contains("wrong answer")));
    }

    #[test]
    fn work_of_another_size_is_timed_anew_and_the_old_times_hold_until_then() {
        let standing = Standing::Proved { adapter: Adapter::Hardware, webgpu_ms: 7.0, cpu_ms: 3.0 };
        let mut wanted = wanted();
        let mut trial = Trial::Proved { standing: standing.clone(), flop: wanted.flop() };
        wanted.tokens *= 2;
        trial.follow(&wanted);
        assert!(matches!(trial, Trial::Proved { .. }));
        wanted.config.model.width *= 4;
        trial.follow(&wanted);
        assert_eq!(trial.step(), Some(Step::Time(DeviceKind::WebGpu, wanted.config)));
        assert_eq!(trial.standing(), standing);
    }
}
