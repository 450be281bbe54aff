//! How long work with a language model goes on without a step, what it shows meanwhile, and that it can be stopped at every step.

use super::{engine, opened, transformer};
use glasses_contract::alphabet::Token;
use glasses_contract::config::Experiment;
use glasses_contract::question::{self, Answer, Ask, Question};
use glasses_contract::report::Sweep;
use glasses_contract::{Admitted, open};
use glasses_engine::device::{self, TensorSpec};
use glasses_engine::experiment::NoAnswer;
use glasses_engine::language_model::LanguageModel;
use glasses_engine::tokenizer::Tokenizer;
use glasses_engine::{NoProgress, Progress, Stopped};
use glasses_tests::gguf::small_model;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Stops at one of the steps, and keeps what is shown.
#[derive(Default)]
struct Watched {
    most: Option<usize>,
    steps: Cell<usize>,
    least: Cell<f32>,
    shown: RefCell<Vec<Answer>>,
}

impl Progress for Watched {
    async fn step(&self, done: f32) -> Result<(), Stopped> {
        self.steps.set(self.steps.get() + 1);
        assert!(done >= self.least.get() && done <= 1.0, "{done} behind {}", self.least.get());
        self.least.set(done);
        if self.most.is_some_and(|most| self.steps.get() >= most) { Err(Stopped) } else { Ok(()) }
    }

    fn show(&self, so_far: Answer) {
        self.shown.borrow_mut().push(so_far);
    }
}

fn config(language_model: &Rc<LanguageModel>, texts: &str) -> Admitted {
    let link = format!("v=1&model={}&bos=none&{texts}", language_model.model().file.expect("a file"));
    open::admitted_on(&link, language_model.model()).expect("its own link").0
}

fn ask(language_model: &Rc<LanguageModel>, config: &Admitted, question: Question, progress: &Watched) -> Result<Answer, NoAnswer> {
    pollster::block_on(engine(language_model).answer(config, question, progress))
}

#[test]
fn every_question_of_a_language_model_steps_and_stops_at_every_step() {
    let language_model = opened(small_model().bytes());
    let config = config(&language_model, "a=the%20(one%20)^n&b=the%20(one%20)^(n%2B1)&suffix=sing&max=30&n=4");
    let mut asked: Vec<Question> =
        Question::raised(&config).into_iter().filter(|question| question.when() != question::When::Request).collect();
    asked.retain(|question| ask(&language_model, &config, *question, &Watched::default()).is_ok());
    let topics = ["Tokens", "Pair", "Sweep", "Meeting", "Sensitivity", "Theory", "Comparison", "Continuation"];
    assert_eq!(asked.iter().map(|question| format!("{:?}", question.topic())).collect::<Vec<_>>(), topics);
    for question in asked {
        let whole = Watched::default();
        ask(&language_model, &config, question, &whole).expect("an answer");
        let steps = whole.steps.get();
        // A forward has a step behind each layer, and all of these but the first have one at the least.
        assert!(steps >= 2 * language_model.model().layers || question.topic() == question::Topic::Tokens, "{question:?} {steps}");
        for most in (1..=steps).step_by((steps / 5).max(1)) {
            let stopped = Watched { most: Some(most), ..Watched::default() };
            let answer = ask(&language_model, &config, question, &stopped);
            assert!(matches!(answer, Err(NoAnswer::Stopped)) && stopped.steps.get() == most, "{question:?} {most} of {steps}");
        }
    }
}

fn sweeps(shown: Vec<Answer>) -> Vec<Sweep> {
    shown.into_iter().filter_map(|answer| if let Answer::Sweep(sweep) = answer { Some(sweep) } else { None }).collect()
}

#[test]
fn a_sweep_grows_and_is_the_same_in_the_end() {
    let language_model = opened(small_model().bytes());
    for (texts, at_some_n) in
        [("a=(%20the)^n&b=(%20the)^(n%2B1)&max=150", false), ("a=(%20the)^n&b=(%20the)^(n%2B1)&suffix=%0Asing%20one%20sing&max=150", true)]
    {
        let config = config(&language_model, texts);
        let watched = Watched::default();
        let Ok(Answer::Sweep(sweep)) = ask(&language_model, &config, question::Sweep.into(), &watched) else { panic!("an answer") };
        assert_eq!((sweep.is_at_some_n(), sweep.n.first(), sweep.n.last()), (at_some_n, Some(&1), Some(&150)));
        let shown = sweeps(watched.shown.into_inner());
        assert!(shown.len() > 1, "{}", shown.len());
        for (part, next) in shown.iter().zip(&shown[1..]) {
            assert!(part.n.len() <= next.n.len() && part.n == next.n[..part.n.len()]);
        }
        let output = |sweep: &Sweep| sweep.stages.last().expect("the output").distances.clone();
        let last = shown.last().expect("a part");
        assert_eq!((&last.n, output(last), last.collapse.len()), (&sweep.n, output(&sweep), 0));
        // In one piece, and each by itself.
        let alone = |n: usize| {
            let config = Experiment { input: glasses_contract::config::Input { n, ..config.input.clone() }, ..config.clone().into_inner() };
            let config = glasses_contract::admit(config).0;
            pollster::block_on(engine(&language_model).answer(&config, question::Pair, &NoProgress)).expect("an answer")
        };
        for at in [0, sweep.n.len() / 2, sweep.n.len() - 1] {
            let pair = alone(sweep.n[at]);
            for (curve, expected) in sweep.stages.iter().zip(&pair.stages) {
                assert!((curve.distances[at].linf - expected.distances.linf).abs() < 1e-4, "{:?} {expected:?}", curve.distances[at]);
            }
        }
    }
}

#[test]
fn a_continuation_is_what_is_likeliest_behind_the_whole_text_and_comes_token_by_token() {
    let language_model = opened(small_model().bytes());
    let config = config(&language_model, "a=they%20sing&b=they%20sing%20the%20one&n=1");
    let watched = Watched::default();
    let Ok(Answer::Continuation(found)) = ask(&language_model, &config, question::Continuation.into(), &watched) else {
        panic!("an answer")
    };
    let shown = watched.shown.into_inner();
    // The first token of each, and then one of both at a time.
    assert_eq!(shown.len(), 1 + found.a.steps.len().max(found.b.steps.len()));
    assert_eq!(shown.last(), Some(&Answer::Continuation(found.clone())));
    let tokenizer = language_model.tokenizer();
    let transformer = transformer(&language_model, &TensorSpec::single(&device::cpu().device));
    for (text, continued) in [("they sing", &found.a), ("they sing the one", &found.b)] {
        let mut read = tokenizer.tokens(text);
        assert!(continued.ended || continued.steps.len() == 24);
        for step in &continued.steps {
            let [_, logits] = super::last(&transformer, &read);
            let best = (0..logits.len()).max_by(|&one, &other| logits[one].total_cmp(&logits[other])).expect("a token");
            let sum: f64 = logits.iter().map(|logit| (logit - logits[best]).exp()).sum();
            assert_eq!(step.tokens[0], tokenizer.label(Token(best as u32)));
            assert!((step.probabilities[0] - 1.0 / sum).abs() < 1e-5 && step.probabilities[1] <= step.probabilities[0]);
            read.push(Token(best as u32));
        }
    }
}

#[test]
fn the_tokens_of_both_texts_are_those_that_the_model_reads() {
    let language_model = opened(small_model().bytes());
    let config = config(&language_model, "a=(%20the)^n&b=(%20the)^n!&n=600");
    let Ok(Answer::Tokens(tokens)) = ask(&language_model, &config, question::Tokens.into(), &Watched::default()) else {
        panic!("an answer")
    };
    assert_eq!((tokens.a.count, tokens.a.first, tokens.a.labels.len()), (600, 88, 512));
    assert_eq!((tokens.b.count, tokens.b.labels.last().map(String::as_str)), (601, Some("!")));
}
