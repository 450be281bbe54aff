//! What must be asked: which questions a configuration raises, and which of them are answered already.

use super::pace::Costs;
use glasses_contract::config::{Input, Parts};
use glasses_contract::device::DeviceKind;
use glasses_contract::limits::forward_flop;
use glasses_contract::question::{About, Ask, Question, Topic, When};
use glasses_contract::sequence::Sequences;
use glasses_contract::{Admitted, Config, Experiment, admit};

/// What the reader looks at: a configuration that an engine can answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The configuration.
    pub config: Admitted,
    /// Its two sequences.
    pub sequences: Sequences,
    /// The parts of the page that are shown: what nobody sees is not computed.
    pub shown: Parts,
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

    /// What an engine would be asked.
    pub fn about(&self, device: DeviceKind) -> About<'_> {
        About { experiment: &self.config, sequences: Ok(&self.sequences), device }
    }

    /// The questions to ask, in the order in which they are asked: an instrument before what is always there, since the reader chose to look at it.
    fn questions(&self, device: DeviceKind) -> Vec<Question> {
        let (about, tool) = (self.about(device), self.config.view.tool);
        let mut questions = Question::raised(&self.config);
        questions.retain(|question| {
            let is_due = self.searches || question.when() != When::Request;
            is_due && question.shown_in().is_seen(self.shown, tool) && question.applies(&about).is_ok()
        });
        questions.sort_by_key(|question| (!is_quick(question), question.shown_in().instrument().is_none(), question.when()));
        questions
    }

    /// What those cost that are asked while the reader types, in their order.
    pub fn costs(&self, device: DeviceKind) -> Costs {
        let quick = self.questions(device).into_iter().filter(is_quick);
        quick.map(|question| (question, question.flop(&self.config, &self.sequences) as f64)).collect()
    }

    /// Those of the questions that nothing known covers.
    fn unknown(&self, device: DeviceKind, known: &[QueryKey]) -> impl Iterator<Item = QueryKey> {
        let keys = self.questions(device).into_iter().map(move |question| QueryKey::new(device, question, &self.config));
        keys.filter(move |asked| !is_known(asked, known))
    }
}

fn is_quick(question: &Question) -> bool {
    question.when() <= When::Typing
}

/// A question together with all that its answer depends on: two of them that are equal have the same answer.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryKey {
    /// The engine whose answer it is.
    pub device: DeviceKind,
    /// The question.
    pub question: Question,
    /// The configuration, with everything at its default that this question does not look at.
    pub config: Experiment,
}

impl QueryKey {
    /// A question about a configuration.
    pub fn new(device: DeviceKind, question: impl Into<Question>, config: &Experiment) -> Self {
        let question = question.into();
        Self { device: question.answered_by(device), question, config: question.key(config) }
    }

    /// Whether this one's answer is that of the other, but more exact.
    pub fn refines(&self, other: &Self) -> bool {
        self.question.refines(&other.question) && self.device == other.device && self.config == other.config
    }
}

/// The questions that are answered while the reader types: those of a configuration that nothing known covers, quickest first.
pub fn quick(wanted: &Wanted, device: DeviceKind, known: &[QueryKey]) -> Vec<QueryKey> {
    wanted.unknown(device, known).filter(|asked| is_quick(&asked.question)).collect()
}

/// The questions that are worth asking once the reader pauses, without those that are answered: first the instrument.
pub fn follow_ups(wanted: &Wanted, device: DeviceKind, known: &[QueryKey]) -> Vec<QueryKey> {
    wanted.unknown(device, known).filter(|asked| !is_quick(&asked.question)).collect()
}

/// Which topics show an answer to something older than what is wanted: an estimate is none, though an exact answer may follow.
pub fn stale(wanted: &Wanted, device: DeviceKind, shown: &[QueryKey]) -> Vec<Topic> {
    wanted.unknown(device, shown).map(|asked| asked.question).filter(|question| !question.is_refinement()).map(|of| of.topic()).collect()
}

/// Whether a question is answered.
pub fn is_known(asked: &QueryKey, known: &[QueryKey]) -> bool {
    known.iter().any(|known| known == asked || known.refines(asked))
}

/// The state that raises a question again, of whose answer it is known what it was about; how it is looked at is as it is now. The texts of
/// now have no part in it: they may be unreadable.
pub fn state_for(question: Question, about: &Experiment, now: &Experiment) -> Config {
    let Input { n, k, max_n, .. } = now.input;
    let rest = Experiment { input: Input { n, k, max_n, ..Input::default() }, view: now.view.clone(), ..Experiment::default() };
    let mut state = question.dependencies(about, &rest);
    question.point(&mut state.view);
    state.view.tool = question.shown_in().instrument().unwrap_or(state.view.tool);
    admit(state).0.into_inner().into()
}

/// Whether an answer, of which it is known what it was about, is to another task or from other models than are asked for now: what a figure
/// shows of it says nothing about what is asked.
pub fn is_of_another(question: Question, about: &Experiment, now: &Experiment) -> bool {
    let whose = |of: &Experiment| (of.input.task, of.model.weights, of.model.file, of.view.beside);
    whose(&question.key(now)) != whose(about)
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::chapters;
    use glasses_contract::config::{Cure, Format, Metric, Place, Published, Tool, View, WeightsSource, Which};
    use glasses_contract::language_model::OFFERED;
    use glasses_contract::question::{LengthGeneralization, Pair};
    use glasses_contract::task::Task;
    use std::collections::HashSet;

    const CPU: DeviceKind = DeviceKind::Cpu;

    fn of(experiment: Experiment) -> Wanted {
        let (shown, config) = (chapters::shown(&Config::default().frame), admit(experiment).0);
        let sequences = Sequences::parse(&config.input).expect("texts that can be read");
        Wanted { config, sequences, shown, searches: false, tokens: 26 }
    }

    fn wanted() -> Wanted {
        let mut experiment = Experiment::default();
        experiment.input.b = "1^(n+1){,/k}".into();
        of(experiment)
    }

    fn change(wanted: &mut Wanted, change: impl FnOnce(&mut Experiment)) {
        let mut config = wanted.config.clone().into_inner();
        change(&mut config);
        let Wanted { config, sequences, .. } = of(config);
        (wanted.config, wanted.sequences) = (config, sequences);
    }

    /// The topics that a change makes the page ask about again.
    fn asked_after(after: impl FnOnce(&mut Experiment)) -> Vec<Topic> {
        let mut wanted = wanted();
        let known = quick(&wanted, CPU, &[]);
        change(&mut wanted, after);
        quick(&wanted, CPU, &known).into_iter().map(|asked| asked.question.topic()).collect()
    }

    #[test]
    fn an_answer_to_another_task_or_of_another_model_is_another() {
        let (now, lengths) = (Experiment::default(), Question::from(LengthGeneralization));
        let changed = |change: fn(&mut Experiment)| {
            let mut about = now.clone();
            change(&mut about);
            is_of_another(lengths, &lengths.key(&about), &now)
        };
        assert!(!changed(|_| {}) && !changed(|about| about.input.n = 7) && !changed(|about| about.model.seed = 2));
        assert!(changed(|about| about.input.task = Task::Ones));
        assert!(changed(|about| about.model.weights = WeightsSource::Alibi));
        assert!(changed(|about| about.model.file = OFFERED.hash()));
        assert!(changed(|about| about.view.beside = WeightsSource::Alibi));
        let pair = Question::from(Pair);
        assert!(!is_of_another(
            pair,
            &pair.key(&Experiment { view: View { beside: WeightsSource::Alibi, ..View::default() }, ..now.clone() }),
            &now
        ));
    }

    #[test]
    fn a_change_asks_only_what_depends_on_it() {
        assert_eq!(asked_after(|_| {}), []);
        assert_eq!(asked_after(|config| config.view.metric = Metric::Cosine), []);
        assert_eq!(asked_after(|config| config.view.head = 2), [Topic::Pair]);
        assert_eq!(asked_after(|config| config.view.sequence = Which::B), [Topic::Sensitivity]);
        assert_eq!(asked_after(|config| config.input.n = 9), [Topic::Pair, Topic::Sensitivity]);
        assert_eq!(asked_after(|config| config.view.cell = Format::Bf16), [Topic::Meeting]);
        assert_eq!(asked_after(|config| config.input.max_n = 9), [Topic::Sweep, Topic::Meeting]);
        assert_eq!(asked_after(|config| config.input.a = "0".into()), [Topic::Pair, Topic::Sweep, Topic::Meeting, Topic::Sensitivity]);
        assert_eq!(asked_after(|config| config.model.seed = 9), [Topic::Pair, Topic::Sweep, Topic::Meeting, Topic::Sensitivity]);
    }

    /// The topics of follow-ups that a change makes the page ask about again, once all that `before` raises is answered.
    fn followed_after(before: impl FnOnce(&mut Wanted), after: impl FnOnce(&mut Experiment)) -> Vec<Topic> {
        let mut wanted = wanted();
        before(&mut wanted);
        let known = follow_ups(&wanted, CPU, &[]);
        change(&mut wanted, after);
        follow_ups(&wanted, CPU, &known).into_iter().map(|asked| asked.question.topic()).collect()
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
            wanted.questions(CPU).iter().any(|question| question.shown_in().instrument() == Some(tool))
        };
        fn write(wanted: &mut Wanted, text: &str) {
            change(wanted, |config| (config.input.a, config.input.b) = (text.into(), text.into()));
        }
        assert!(asks(Tool::Cures, |_| {}) && !asks(Tool::Cures, |wanted| write(wanted, "10")));
        assert!(asks(Tool::Separators, |_| {}) && !asks(Tool::Separators, |wanted| write(wanted, "1^n")));
        assert!(asks(Tool::Search, |_| {}) && !asks(Tool::Search, |wanted| wanted.searches = false));
        assert!(!asks(Tool::Paper, |_| {}), "no figure is chosen");
        assert!(!asks(Tool::Answers, |_| {}), "nothing is asked");
    }

    #[test]
    fn a_simulation_is_computed_once_whatever_the_model_and_the_engine() {
        let mut wanted = wanted();
        change(&mut wanted, |config| (config.view.tool, config.view.paper) = (Tool::Paper, Published::Fig9));
        let known = follow_ups(&wanted, CPU, &[]);
        change(&mut wanted, |config| config.model.seed = 9);
        let again = follow_ups(&wanted, DeviceKind::WebGpu, &known);
        assert!(again.iter().all(|asked| asked.question.topic() != Topic::Simulation));
    }

    #[test]
    fn only_a_cpu_is_asked_for_a_reference_of_a_rounded_model_too() {
        let has_reference =
            |wanted: &Wanted, device| follow_ups(wanted, device, &[]).iter().any(|asked| asked.question.topic() == Topic::Reference);
        let mut wanted = wanted();
        assert!(has_reference(&wanted, CPU) && !has_reference(&wanted, DeviceKind::WebGpu));
        change(&mut wanted, |config| config.model.formats.weights = Format::Bf16);
        assert!(has_reference(&wanted, CPU));
    }

    #[test]
    fn an_exact_sensitivity_stands_for_its_estimate_and_not_the_other_way_round() {
        let wanted = wanted();
        let is_sensitivity = |asked: &QueryKey| asked.question.topic() == Topic::Sensitivity;
        let estimate = quick(&wanted, CPU, &[]);
        assert!(follow_ups(&wanted, CPU, &estimate).iter().any(is_sensitivity), "an estimate is not exact");
        assert!(!stale(&wanted, CPU, &estimate).contains(&Topic::Sensitivity), "and still it is an answer");
        let known = follow_ups(&wanted, CPU, &estimate);
        assert_eq!(follow_ups(&wanted, CPU, &known), []);
        assert!(!quick(&wanted, CPU, &known).iter().any(is_sensitivity));
        assert!(follow_ups(&wanted, DeviceKind::WebGpu, &known).iter().any(is_sensitivity), "another engine has not answered");
    }

    #[test]
    fn the_state_of_an_answer_raises_its_question_again_whatever_the_form_holds_by_then() {
        let mut then = Config::default();
        (then.input.a, then.input.b, then.input.n, then.input.max_n) = ("01^n".into(), "01^n{,/k}1".into(), 33, 77);
        (then.input.task, then.input.k, then.model.seed) = (Task::Ones, 5, 9);
        (then.view.depth, then.view.head, then.view.sequence, then.training.tokens) = (7, 1, Which::B, 21);
        then.view.pinned.pin("v=1&d=16");
        then.view.seeds = 4;
        let mut now = Config::default();
        (now.input.a, now.input.n, now.input.task, now.model.layers) = ("1^(".into(), 8, Task::None, 1);
        (now.view.metric, now.view.tool, now.frame.at, now.frame.lesson) = (Metric::Cosine, Tool::Train, Place::Collapse, "Ones".into());
        let raised = [Published::Fig9, then.view.paper].map(|paper| {
            let view = View { paper, ..then.view.clone() };
            Question::raised(&Experiment { view, ..then.experiment.clone() })
        });
        let topics: HashSet<Topic> = raised.iter().flatten().map(|question| question.topic()).collect();
        // Two are asked of language models alone.
        assert_eq!(topics.len() + 2, Topic::ALL.len());
        for question in raised.concat() {
            let about = question.key(&then);
            let state = state_for(question, &about, &now);
            assert_eq!(question.key(&state), about, "{question:?}");
            // A search looks for the nearest by the metric that it was asked with; to all else it is a way of looking.
            let metric = if question.topic() == Topic::Search { then.view.metric } else { now.view.metric };
            assert_eq!((state.view.metric, &state.frame), (metric, &Config::default().frame), "{question:?}");
            let wanted = Wanted { searches: true, ..of(state.experiment) };
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
            asked.map(|asked| asked.question.topic()).collect::<Vec<_>>()
        };
        assert_eq!(topics(Place::Spread), [Topic::Pair, Topic::Meeting, Topic::Sensitivity]);
        assert_eq!(topics(Place::Collapse), [Topic::Pair, Topic::Sweep, Topic::Sensitivity, Topic::Reference]);
        assert_eq!(topics(Place::Gallery), []);
    }

    #[test]
    fn there_is_no_sweep_where_nothing_depends_on_n() {
        let mut wanted = wanted();
        change(&mut wanted, |config| (config.input.a, config.input.b) = ("10".into(), "01".into()));
        assert!(quick(&wanted, CPU, &[]).iter().all(|asked| asked.question.topic() != Topic::Sweep));
    }
}
