//! What must be asked: which questions a configuration raises, and which of them are answered already.

use glasses_contract::config::{Input, Part, Parts, Tool, Which};
use glasses_contract::device::DeviceKind;
use glasses_contract::limits::forward_flop;
use glasses_contract::message::{QUICK_PROBES, Question};
use glasses_contract::task::Task;
use glasses_contract::{Admitted, Config, Experiment, admit, paper};

/// What the reader looks at: a configuration that an engine can answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The configuration.
    pub config: Admitted,
    /// The parts of the page that are shown: what nobody sees is not computed.
    pub shown: Parts,
    /// Whether there is something to sweep.
    pub depends_on_n: bool,
    /// Whether there are periods of separators to compare.
    pub depends_on_k: bool,
    /// Whether the reader asked for a search in this configuration.
    pub searches: bool,
    /// Tokens of the longer sequence at n.
    pub tokens: usize,
}

impl Wanted {
    /// How much work a pair is, in floating-point operations.
    pub fn flop(&self) -> f64 {
        2.0 * forward_flop(&self.config, self.tokens) as f64
    }

    /// Whether the model is asked something about the sequences.
    fn asks(&self) -> bool {
        self.config.input.task != Task::None
    }

    /// Whether one of these parts of the page is shown.
    fn shows(&self, parts: &[Part]) -> bool {
        parts.iter().any(|&part| self.shown.contains(part))
    }

    /// The question of the instrument that is shown, if it has one here.
    fn instrument(&self) -> Option<Question> {
        if !self.shows(&[Part::Instruments]) {
            return None;
        }
        let view = &self.config.view;
        match view.tool {
            Tool::Theory => Some(Question::Theory),
            Tool::Cures => self.depends_on_n.then_some(Question::Comparison),
            Tool::Separators => (self.depends_on_n && self.depends_on_k).then_some(Question::Separators),
            Tool::Search => self.searches.then_some(Question::Search),
            Tool::Paper => paper::is_simulated(view.paper).then_some(Question::Simulation(view.paper)),
            Tool::Answers => self.asks().then_some(Question::Lengths),
            Tool::Train => None,
        }
    }
}

/// One of the answers that the page shows. An exact sensitivity and its estimate share a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// The two sequences at n.
    Pair,
    /// The distances at every n.
    Sweep,
    /// The sensitivity to every token.
    Sensitivity,
    /// The distances at every n, in f64.
    Reference,
    /// What the paper's statements say.
    Theory,
    /// The cures.
    Comparison,
    /// The periods of separators.
    Separators,
    /// The pair that can hardly be told apart.
    Search,
    /// The paper's synthetic figures.
    Simulation,
    /// What the model answers.
    Answers,
    /// How a task is answered at many lengths.
    Lengths,
}

/// Which topics show an answer to something older than what is wanted, in the order of [`Topic::ALL`].
pub type Stale = [bool; Topic::ALL.len()];

impl Topic {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Pair,
        Self::Sweep,
        Self::Sensitivity,
        Self::Reference,
        Self::Theory,
        Self::Comparison,
        Self::Separators,
        Self::Search,
        Self::Simulation,
        Self::Answers,
        Self::Lengths,
    ];

    /// Where the answer to a question is shown.
    pub fn of(question: Question) -> Self {
        match question {
            Question::Pair => Self::Pair,
            Question::Sweep => Self::Sweep,
            Question::SensitivityEstimate { .. } | Question::SensitivityExact { .. } => Self::Sensitivity,
            Question::Reference => Self::Reference,
            Question::Theory => Self::Theory,
            Question::Comparison => Self::Comparison,
            Question::Separators => Self::Separators,
            Question::Search => Self::Search,
            Question::Simulation(_) => Self::Simulation,
            Question::Answers => Self::Answers,
            Question::Lengths => Self::Lengths,
        }
    }
}

/// A question together with all that its answer depends on: two of them that are equal have the same answer.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryKey {
    /// The engine that was asked.
    pub device: DeviceKind,
    /// The question.
    pub question: Question,
    /// The configuration, with everything at its default that this question does not look at.
    pub config: Experiment,
}

impl QueryKey {
    /// A question about a configuration.
    pub fn new(device: DeviceKind, question: Question, config: &Experiment) -> Self {
        Self { device, question, config: cache_key(question, config) }
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
        // A simulation is the same arithmetic in every engine, and none of its devices has a part in it.
        let is_simulation = matches!(self.question, Question::Simulation(_)) && self.question == other.question;
        self == other || is_simulation || is_exact && self.is_about_the_same(other)
    }
}

/// The questions that are answered while the reader types: those of a configuration that nothing known covers, quickest first.
pub fn quick(wanted: &Wanted, device: DeviceKind, known: &[QueryKey]) -> Vec<QueryKey> {
    let estimate = Question::SensitivityEstimate { sequence: wanted.config.view.sequence, probes: QUICK_PROBES };
    let questions = [
        (Question::Answers, wanted.asks() && wanted.shows(&[Part::Answers])),
        (Question::Pair, wanted.shows(&[Part::ByLayer, Part::Next, Part::Attention])),
        (estimate, wanted.shows(&[Part::Sensitivity])),
        (Question::Sweep, wanted.depends_on_n && wanted.shows(&[Part::ByN])),
    ];
    let questions = questions.into_iter().filter_map(|(question, is_wanted)| is_wanted.then_some(question));
    unknown(questions, wanted, device, known)
}

/// The questions that are worth asking once the reader pauses, without those that are answered: first the instrument, which the
/// reader chose to look at.
pub fn follow_ups(wanted: &Wanted, device: DeviceKind, known: &[QueryKey]) -> Vec<QueryKey> {
    let exact = Question::SensitivityExact { sequence: wanted.config.view.sequence };
    // Only the CPU has f64, and a reference of what is rounded on purpose would be none.
    let has_reference =
        device == DeviceKind::Cpu && wanted.depends_on_n && wanted.config.model.formats.is_plain() && wanted.shows(&[Part::ByN]);
    let questions =
        [wanted.instrument(), wanted.shows(&[Part::Sensitivity]).then_some(exact), has_reference.then_some(Question::Reference)];
    unknown(questions.into_iter().flatten(), wanted, device, known)
}

/// Which topics show an answer to something older than what is wanted: an estimate is none, though an exact answer may follow.
pub fn stale(wanted: &Wanted, device: DeviceKind, shown: &[QueryKey]) -> Stale {
    let is_exact = |asked: &QueryKey| matches!(asked.question, Question::SensitivityExact { .. });
    let follow_ups = follow_ups(wanted, device, shown).into_iter().filter(|asked| !is_exact(asked));
    let mut stale = Stale::default();
    for asked in quick(wanted, device, shown).into_iter().chain(follow_ups) {
        stale[Topic::of(asked.question) as usize] = true;
    }
    stale
}

/// Whether a question is answered.
pub fn is_known(asked: &QueryKey, known: &[QueryKey]) -> bool {
    known.iter().any(|known| known.covers(asked))
}

fn unknown(questions: impl Iterator<Item = Question>, wanted: &Wanted, device: DeviceKind, known: &[QueryKey]) -> Vec<QueryKey> {
    questions.map(|question| QueryKey::new(device, question, &wanted.config)).filter(|asked| !is_known(asked, known)).collect()
}

fn sequence(question: Question) -> Option<Which> {
    match question {
        Question::SensitivityEstimate { sequence, .. } | Question::SensitivityExact { sequence } => Some(sequence),
        _ => None,
    }
}

/// The configuration with everything at its default that a question's answer does not depend on.
pub fn cache_key(question: Question, config: &Experiment) -> Experiment {
    dependencies(question, config, &Experiment::default())
}

/// The state that raises a question again, of whose answer it is known what it was about; how it is looked at is as it is now. The texts of
/// now have no part in it: they may be unreadable.
pub fn state_for(question: Question, about: &Experiment, now: &Experiment) -> Config {
    let Input { n, k, max_n, .. } = now.input;
    let rest = Experiment { input: Input { n, k, max_n, ..Input::default() }, view: now.view.clone(), ..Experiment::default() };
    let mut state = dependencies(question, about, &rest);
    let view = &mut state.view;
    match question {
        Question::Pair | Question::Sweep | Question::Reference | Question::Answers => {}
        Question::SensitivityEstimate { sequence, .. } | Question::SensitivityExact { sequence } => view.sequence = sequence,
        Question::Theory => view.tool = Tool::Theory,
        Question::Comparison => view.tool = Tool::Cures,
        Question::Separators => view.tool = Tool::Separators,
        Question::Search => view.tool = Tool::Search,
        Question::Simulation(figure) => (view.tool, view.paper) = (Tool::Paper, figure),
        Question::Lengths => view.tool = Tool::Answers,
    }
    admit(state).0.into_inner().into()
}

/// All that a question's answer depends on as in one configuration, and the rest as in another.
fn dependencies(question: Question, config: &Experiment, rest: &Experiment) -> Experiment {
    let input = &rest.input;
    let mut relevant = Experiment { view: rest.view.clone(), ..config.clone() };
    // What a model was trained on is looked at where its lengths are.
    if question != Question::Lengths {
        relevant.training = rest.training.clone();
    }
    match question {
        Question::Pair => {
            relevant.input.max_n = input.max_n;
            (relevant.view.layer, relevant.view.head) = (config.view.layer, config.view.head);
        }
        Question::Sweep | Question::Reference => relevant.input.n = input.n,
        Question::SensitivityEstimate { .. } | Question::SensitivityExact { .. } => relevant.input.max_n = input.max_n,
        Question::Theory => {
            relevant.input.max_n = input.max_n;
            (relevant.view.sequence, relevant.view.depth) = (config.view.sequence, config.view.depth);
        }
        Question::Comparison => (relevant.view.cures, relevant.view.sequence) = (config.view.cures, config.view.sequence),
        Question::Separators => (relevant.input.n, relevant.input.k) = (input.n, input.k),
        Question::Search => (relevant.input.max_n, relevant.view.metric) = (input.max_n, config.view.metric),
        Question::Simulation(_) => relevant = rest.clone(),
        Question::Answers => relevant.input.max_n = input.max_n,
        Question::Lengths => {
            (relevant.input.a, relevant.input.b) = (input.a.clone(), input.b.clone());
            (relevant.input.n, relevant.input.k) = (input.n, input.k);
            relevant.view.beside = config.view.beside;
        }
    }
    relevant
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::chapters;
    use glasses_contract::config::{Cure, Metric, Place, Published};

    const CPU: DeviceKind = DeviceKind::Cpu;

    fn wanted() -> Wanted {
        let Config { experiment, frame } = Config::default();
        let shown = chapters::shown(&frame);
        Wanted { config: admit(experiment).0, shown, depends_on_n: true, depends_on_k: true, searches: false, tokens: 26 }
    }

    fn change(wanted: &mut Wanted, change: impl FnOnce(&mut Experiment)) {
        let mut config = wanted.config.clone().into_inner();
        change(&mut config);
        wanted.config = admit(config).0;
    }

    /// The topics that a change makes the page ask about again.
    fn asked_after(after: impl FnOnce(&mut Experiment)) -> Vec<Topic> {
        let mut wanted = wanted();
        let known = quick(&wanted, CPU, &[]);
        change(&mut wanted, after);
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

    /// The topics of follow-ups that a change makes the page ask about again, once all that `before` raises is answered.
    fn followed_after(before: impl FnOnce(&mut Wanted), after: impl FnOnce(&mut Experiment)) -> Vec<Topic> {
        let mut wanted = wanted();
        before(&mut wanted);
        let known = follow_ups(&wanted, CPU, &[]);
        change(&mut wanted, after);
        follow_ups(&wanted, CPU, &known).into_iter().map(|asked| Topic::of(asked.question)).collect()
    }

    #[test]
    fn the_instrument_that_is_shown_asks_for_what_its_answer_depends_on_and_no_other_does() {
        use Topic::*;
        let with = |tool: Tool| {
            move |wanted: &mut Wanted| {
                change(wanted, |config| config.view.tool = tool);
                wanted.searches = true;
            }
        };
        let n = |config: &mut Experiment| config.input.n = 9;
        assert_eq!(followed_after(with(Tool::Theory), |_| {}), []);
        assert_eq!(followed_after(with(Tool::Theory), |config| config.view.depth = 9), [Theory]);
        assert_eq!(followed_after(with(Tool::Theory), |config| config.view.metric = Metric::L1), []);
        assert_eq!(followed_after(with(Tool::Theory), n), [Theory, Sensitivity]);
        assert_eq!(followed_after(with(Tool::Theory), |config| config.view.tool = Tool::Cures), [Comparison]);
        assert_eq!(followed_after(with(Tool::Cures), |config| config.view.cures = config.view.cures.toggled(Cure::Zero)), [Comparison]);
        assert_eq!(followed_after(with(Tool::Separators), |config| config.input.k = 7), [Sensitivity, Reference]);
        assert_eq!(followed_after(with(Tool::Separators), |config| config.input.max_n = 9), [Separators, Reference]);
        assert_eq!(followed_after(with(Tool::Search), n), [Search, Sensitivity]);
        assert_eq!(followed_after(with(Tool::Search), |config| config.input.max_n = 9), [Reference]);
        assert_eq!(followed_after(with(Tool::Paper), |config| config.view.paper = Published::Fig8), [Simulation]);
        assert_eq!(followed_after(with(Tool::Paper), |config| config.view.paper = Published::Fig5a), []);
    }

    #[test]
    fn instruments_that_have_nothing_to_say_here_are_not_asked() {
        let asks = |tool: Tool, without: fn(&mut Wanted)| {
            let mut wanted = Wanted { searches: true, ..wanted() };
            change(&mut wanted, |config| config.view.tool = tool);
            without(&mut wanted);
            wanted.instrument().is_some()
        };
        assert!(asks(Tool::Cures, |_| {}) && !asks(Tool::Cures, |wanted| wanted.depends_on_n = false));
        assert!(asks(Tool::Separators, |_| {}) && !asks(Tool::Separators, |wanted| wanted.depends_on_k = false));
        assert!(asks(Tool::Search, |_| {}) && !asks(Tool::Search, |wanted| wanted.searches = false));
        assert!(!asks(Tool::Paper, |_| {}), "no figure is chosen");
    }

    #[test]
    fn a_simulation_is_computed_once_whatever_the_model_and_the_engine() {
        let mut wanted = wanted();
        change(&mut wanted, |config| (config.view.tool, config.view.paper) = (Tool::Paper, Published::Fig9));
        let known = follow_ups(&wanted, CPU, &[]);
        change(&mut wanted, |config| config.model.seed = 9);
        let again = follow_ups(&wanted, DeviceKind::WebGpu, &known);
        assert!(again.iter().all(|asked| Topic::of(asked.question) != Topic::Simulation));
    }

    #[test]
    fn only_a_cpu_is_asked_for_a_reference_and_only_of_a_model_that_is_not_rounded() {
        let has_reference =
            |wanted: &Wanted, device| follow_ups(wanted, device, &[]).iter().any(|asked| asked.question == Question::Reference);
        let mut wanted = wanted();
        assert!(has_reference(&wanted, CPU) && !has_reference(&wanted, DeviceKind::WebGpu));
        change(&mut wanted, |config| config.model.formats.weights = glasses_contract::config::Format::Bf16);
        assert!(!has_reference(&wanted, CPU));
    }

    #[test]
    fn an_exact_sensitivity_stands_for_its_estimate_and_not_the_other_way_round() {
        let wanted = wanted();
        let is_sensitivity = |asked: &QueryKey| Topic::of(asked.question) == Topic::Sensitivity;
        let estimate = quick(&wanted, CPU, &[]);
        assert!(follow_ups(&wanted, CPU, &estimate).iter().any(is_sensitivity), "an estimate is not exact");
        assert!(!stale(&wanted, CPU, &estimate)[Topic::Sensitivity as usize], "and still it is an answer");
        let known = follow_ups(&wanted, CPU, &estimate);
        assert_eq!(follow_ups(&wanted, CPU, &known), []);
        assert!(!quick(&wanted, CPU, &known).iter().any(is_sensitivity));
        assert!(follow_ups(&wanted, DeviceKind::WebGpu, &known).iter().any(is_sensitivity), "another engine has not answered");
    }

    #[test]
    fn the_state_of_an_answer_raises_its_question_again_whatever_the_form_holds_by_then() {
        let mut then = Config::default();
        (then.input.a, then.input.b, then.input.n, then.input.max_n) = ("01^n".into(), "01^n1".into(), 33, 77);
        (then.input.task, then.input.k, then.model.seed) = (Task::Ones, 5, 9);
        (then.view.depth, then.view.head, then.view.sequence, then.training.tokens) = (7, 1, Which::B, 21);
        let mut now = Config::default();
        (now.input.a, now.input.n, now.input.task, now.model.layers) = ("1^(".into(), 8, Task::None, 1);
        (now.view.metric, now.view.tool, now.frame.at, now.frame.lesson) = (Metric::Cosine, Tool::Train, Place::Collapse, "Ones".into());
        let sequence = Which::B;
        for question in [
            Question::Pair,
            Question::Sweep,
            Question::Reference,
            Question::SensitivityEstimate { sequence, probes: QUICK_PROBES },
            Question::SensitivityExact { sequence },
            Question::Theory,
            Question::Comparison,
            Question::Separators,
            Question::Search,
            Question::Simulation(Published::Fig9),
            Question::Answers,
            Question::Lengths,
        ] {
            let about = cache_key(question, &then);
            let state = state_for(question, &about, &now);
            assert_eq!(cache_key(question, &state), about, "{question:?}");
            // A search looks for the nearest by the metric that it was asked with; to all else it is a way of looking.
            let metric = if question == Question::Search { then.view.metric } else { now.view.metric };
            assert_eq!((state.view.metric, &state.frame), (metric, &Config::default().frame), "{question:?}");
            let wanted = Wanted { config: admit(state.experiment).0, searches: true, ..wanted() };
            let asked: Vec<_> = quick(&wanted, CPU, &[]).into_iter().chain(follow_ups(&wanted, CPU, &[])).collect();
            assert!(asked.contains(&QueryKey::new(CPU, question, &then)), "{question:?}");
        }
    }

    #[test]
    fn what_is_not_shown_is_not_asked() {
        let topics = |at: Place| {
            let mut wanted = wanted();
            wanted.shown = chapters::parts(at).into_iter().fold(Parts::NONE, Parts::toggled);
            let asked = quick(&wanted, CPU, &[]).into_iter().chain(follow_ups(&wanted, CPU, &[]));
            asked.map(|asked| Topic::of(asked.question)).collect::<Vec<_>>()
        };
        assert_eq!(topics(Place::Spread), [Topic::Pair]);
        assert_eq!(topics(Place::Collapse), [Topic::Pair, Topic::Sweep, Topic::Reference]);
        assert_eq!(topics(Place::Gallery), []);
    }

    #[test]
    fn there_is_no_sweep_where_nothing_depends_on_n() {
        let asked = quick(&Wanted { depends_on_n: false, ..wanted() }, CPU, &[]);
        assert!(asked.iter().all(|asked| asked.question != Question::Sweep));
    }
}
