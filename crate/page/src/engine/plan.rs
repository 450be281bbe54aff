//! What must be asked: which questions a configuration raises, and which of them are answered already.

use glasses_contract::Config;
use glasses_contract::config::{Input, View, Which};
use glasses_contract::device::DeviceKind;
use glasses_contract::limits::forward_flop;
use glasses_contract::message::{QUICK_PROBES, Question};

/// What the reader looks at: a configuration that an engine can answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The configuration.
    pub config: Config,
    /// Whether there is something to sweep.
    pub depends_on_n: bool,
    /// Tokens of the longer sequence at n.
    pub tokens: usize,
}

impl Wanted {
    /// How much work a pair is, in floating-point operations.
    pub fn flop(&self) -> f64 {
        2.0 * forward_flop(&self.config, self.tokens) as f64
    }
}

/// One of the three answers that the page shows. An exact sensitivity and its estimate share a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// The two sequences at n.
    Pair,
    /// The distances at every n.
    Sweep,
    /// The sensitivity to every token.
    Sensitivity,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pair, Self::Sweep, Self::Sensitivity];

    /// Where the answer to a question is shown.
    pub fn of(question: Question) -> Self {
        match question {
            Question::Pair => Self::Pair,
            Question::Sweep => Self::Sweep,
            Question::SensitivityEstimate { .. } | Question::SensitivityExact { .. } => Self::Sensitivity,
        }
    }
}

/// A question together with all that its answer depends on: two of them that are equal have the same answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The engine that was asked.
    pub device: DeviceKind,
    /// The question.
    pub question: Question,
    /// The configuration, with everything at its default that this question does not look at.
    config: Config,
}

impl Asked {
    /// A question about a configuration.
    pub fn new(device: DeviceKind, question: Question, config: &Config) -> Self {
        Self { device, question, config: relevant(question, config) }
    }

    /// Whether the two have the same answer, but for how exact it is.
    pub fn is_about_the_same(&self, other: &Self) -> bool {
        Topic::of(self.question) == Topic::of(other.question)
            && sequence(self.question) == sequence(other.question)
            && self.device == other.device
            && self.config == other.config
    }

    /// Whether this one's answer is as good as the other's: the same, or exact where the other is an estimate.
    fn covers(&self, other: &Self) -> bool {
        let is_exact = matches!(self.question, Question::SensitivityExact { .. });
        self == other || is_exact && self.is_about_the_same(other)
    }
}

/// The questions that are answered while the reader types: those of a configuration that nothing known covers, quickest first.
pub fn quick(wanted: &Wanted, device: DeviceKind, known: &[Asked]) -> Vec<Asked> {
    let estimate = Question::SensitivityEstimate { sequence: wanted.config.view.sequence, probes: QUICK_PROBES };
    let questions = [Question::Pair, estimate, Question::Sweep].into_iter();
    let questions = questions.filter(|&question| question != Question::Sweep || wanted.depends_on_n);
    questions.map(|question| Asked::new(device, question, &wanted.config)).filter(|asked| !is_known(asked, known)).collect()
}

/// The question that is worth asking once the reader pauses, unless it is answered.
pub fn follow_up(wanted: &Wanted, device: DeviceKind, known: &[Asked]) -> Option<Asked> {
    let exact = Question::SensitivityExact { sequence: wanted.config.view.sequence };
    Some(Asked::new(device, exact, &wanted.config)).filter(|asked| !is_known(asked, known))
}

/// Whether a question is answered.
pub fn is_known(asked: &Asked, known: &[Asked]) -> bool {
    known.iter().any(|known| known.covers(asked))
}

fn sequence(question: Question) -> Option<Which> {
    match question {
        Question::Pair | Question::Sweep => None,
        Question::SensitivityEstimate { sequence, .. } | Question::SensitivityExact { sequence } => Some(sequence),
    }
}

/// The configuration with everything at its default that a question's answer does not depend on.
fn relevant(question: Question, config: &Config) -> Config {
    let (input, view) = (Input::default(), View::default());
    let mut relevant = Config { view, ..config.clone() };
    match question {
        Question::Pair => {
            relevant.input.max_n = input.max_n;
            (relevant.view.layer, relevant.view.head) = (config.view.layer, config.view.head);
        }
        Question::Sweep => relevant.input.n = input.n,
        Question::SensitivityEstimate { .. } | Question::SensitivityExact { .. } => relevant.input.max_n = input.max_n,
    }
    relevant
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::config::Metric;

    const CPU: DeviceKind = DeviceKind::Cpu;

    fn wanted() -> Wanted {
        Wanted { config: Config::default(), depends_on_n: true, tokens: 26 }
    }

    /// The topics that a change makes the page ask about again.
    fn asked_after(change: impl FnOnce(&mut Config)) -> Vec<Topic> {
        let mut wanted = wanted();
        let known = quick(&wanted, CPU, &[]);
        change(&mut wanted.config);
        quick(&wanted, CPU, &known).into_iter().map(|asked| Topic::of(asked.question)).collect()
    }

    #[test]
    fn a_change_asks_only_what_depends_on_it() {
        assert_eq!(asked_after(|_| {}), []);
        assert_eq!(asked_after(|config| config.view.metric = Metric::Cosine), []);
        assert_eq!(asked_after(|config| config.view.head = 2), [Topic::Pair]);
        assert_eq!(asked_after(|config| config.view.sequence = Which::B), [Topic::Sensitivity]);
        assert_eq!(asked_after(|config| config.input.n = 9), [Topic::Pair, Topic::Sensitivity]);
        assert_eq!(asked_after(|config| config.input.max_n = 9), [Topic::Sweep]);
        assert_eq!(asked_after(|config| config.input.a = "0".into()), [Topic::Pair, Topic::Sensitivity, Topic::Sweep]);
        assert_eq!(asked_after(|config| config.model.seed = 9), [Topic::Pair, Topic::Sensitivity, Topic::Sweep]);
    }

    #[test]
    fn an_exact_sensitivity_stands_for_its_estimate_and_not_the_other_way_round() {
        let wanted = wanted();
        let exact = follow_up(&wanted, CPU, &quick(&wanted, CPU, &[])).expect("an estimate is not exact");
        let known = [exact];
        assert_eq!(follow_up(&wanted, CPU, &known), None);
        assert!(quick(&wanted, CPU, &known).iter().all(|asked| Topic::of(asked.question) != Topic::Sensitivity));
        assert!(follow_up(&wanted, DeviceKind::WebGpu, &known).is_some(), "another engine has not answered");
    }

    #[test]
    fn there_is_no_sweep_where_nothing_depends_on_n() {
        let asked = quick(&Wanted { depends_on_n: false, ..wanted() }, CPU, &[]);
        assert!(asked.iter().all(|asked| asked.question != Question::Sweep));
    }
}
