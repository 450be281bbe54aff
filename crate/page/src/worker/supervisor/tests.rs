//! The client against workers made of nothing: what it asks, shows and says as things happen.

mod failing;
mod held;
mod language_model;
mod pool;

use super::*;
use crate::worker::input::Ending;
use crate::worker::made_up::pair;
use crate::worker::notice::Action;
use crate::worker::scheduler::QueryKey;
use glasses_contract::config::{Frame, Which};
use glasses_contract::device::Adapter;
use glasses_contract::failure::Failure;
use glasses_contract::message::{Command, Event, PROTOCOL, Request};
use glasses_contract::question::{Answer, Question};
use glasses_contract::report::{
    Anatomy, Comparison, EngineInfo, FirstToken, JacobianMethod, Meeting, ModelInfo, Moment, Profile, Sensitivity, SeparatorMap,
    Simulation, Sweep, SweepMethod, Theory,
};
use glasses_contract::sequence::Sequences;
use glasses_contract::{Experiment, Sentence, admit, chapters, question};

const CPU: DeviceKind = DeviceKind::Cpu;
const WEBGPU: DeviceKind = DeviceKind::WebGpu;

/// A client, a clock, and what the workers were asked last.
struct World {
    client: Supervisor,
    now_ms: f64,
    posted: Vec<(DeviceKind, Request)>,
    others: Vec<Effect>,
}

impl World {
    fn new(has_webgpu: bool) -> Self {
        Self { client: Supervisor::new(has_webgpu, 1), now_ms: 1000.0, posted: Vec::new(), others: Vec::new() }
    }

    /// With a CPU engine that has answered everything about the default configuration.
    fn settled(has_webgpu: bool) -> Self {
        let mut world = Self::new(has_webgpu);
        world.handle(Input::Tick);
        world.ready(CPU, Adapter::Processor);
        world.want(|_| {});
        world.answer_last();
        world.pass(700.0);
        world.answer_last();
        world
    }

    fn handle(&mut self, input: Input) {
        for effect in self.client.handle(input, self.now_ms) {
            match effect {
                Effect::Post(device, request) => self.posted.push((device, request)),
                other => self.others.push(other),
            }
        }
    }

    fn pass(&mut self, milliseconds: f64) {
        let until = self.now_ms + milliseconds;
        while let Some(wake) = self.client.wake_ms(self.now_ms).filter(|&wake| wake <= until) {
            self.now_ms = wake;
            self.handle(Input::Tick);
        }
        self.now_ms = until;
        self.handle(Input::Tick);
    }

    fn hear(&mut self, device: DeviceKind, event: Event) {
        let generation = self.client.slot(device).generation;
        self.handle(Input::Heard { device, generation, event });
    }

    fn ready(&mut self, device: DeviceKind, adapter: Adapter) {
        let engine = EngineInfo { version: "1".into(), device, adapter: String::new(), precision: "f32".into() };
        self.hear(device, Event::Ready { protocol: PROTOCOL, engine, adapter, holds_lock: true });
        let generation = self.client.slot(device).generation;
        self.handle(Input::Watched(device, generation));
    }

    fn want(&mut self, change: impl FnOnce(&mut Experiment)) {
        let mut config = self.client.wanted.clone().map(|wanted| wanted.config.into_inner()).unwrap_or_default();
        change(&mut config);
        let (config, shown) = (admit(config).0, chapters::shown(&Frame::default()));
        let sequences = Sequences::parse(&config.input).expect("texts that can be read");
        self.handle(Input::Wanted(Wanted { config, sequences, shown, searches: false, tokens: 26 }));
    }

    fn die(&mut self, device: DeviceKind) {
        let generation = self.client.slot(device).generation;
        self.handle(Input::Died(device, generation, Ending::Crashed("it crashed.".into())));
    }

    fn last(&self) -> (DeviceKind, u64, Vec<Question>) {
        let (device, request) = self.posted.last().expect("something was asked");
        match &request.command {
            Command::Answer { questions, .. } => (*device, request.id, questions.clone()),
            _ => (*device, request.id, vec![]),
        }
    }

    /// Answers the last request to the end.
    fn answer_last(&mut self) {
        let (device, id, questions) = self.last();
        for question in questions {
            self.hear(device, answered(id, question, 5.0));
        }
        self.hear(device, Event::Finished { id, cancelled: false });
    }

    fn status(&self) -> Status {
        self.client.status(self.now_ms)
    }

    fn count(&self, is: impl Fn(&Effect) -> bool) -> usize {
        self.others.iter().filter(|effect| is(effect)).count()
    }

    fn starts(&self, device: DeviceKind) -> usize {
        self.count(|effect| matches!(effect, Effect::Start(started, _) if *started == device))
    }
}

fn answered(id: u64, question: impl Into<Question>, milliseconds: f64) -> Event {
    let question = question.into();
    let profile = Profile { norm: vec![1.0], standard_error: vec![0.0], method: JacobianMethod::Exact };
    let sweep = Sweep {
        n: vec![1],
        method: SweepMethod::SharedPrefix,
        stages: vec![],
        heads: vec![],
        collapse: vec![],
        same_next: vec![false],
        bound: vec![],
        likeness: vec![],
    };
    let share = FirstToken { share: vec![1.0] };
    let theory = Theory {
        n: 1,
        sequence: Which::A,
        tokens: vec!["1".into()],
        variation: vec![],
        alternating: 0.9,
        uniform: share.clone(),
        measured: share,
        profile: vec![1.0],
        uniform_profile: vec![1.0],
        anatomy: Anatomy { shown: vec![0], layers: vec![], paths: vec![], answer: "1".into(), probability: 1.0 },
    };
    let answer = match question {
        Question::Pair(_) => Answer::Pair(pair(0.5)),
        Question::Sweep(_) => Answer::Sweep(sweep),
        Question::Meeting(_) => Answer::Meeting(Meeting { n: vec![1], moments: vec![Moment::default()], ..Meeting::default() }),
        Question::Reference(_) => Answer::Reference(sweep),
        Question::Theory(_) => Answer::Theory(theory),
        Question::Comparison(_) => Answer::Comparison(Comparison { n: vec![1], tokens: vec![], rows: vec![] }),
        Question::Separators(_) => Answer::Separators(SeparatorMap { k: vec![0], n: vec![1], distances: vec![vec![]] }),
        Question::Simulation(of) => Answer::Simulation(Simulation { figure: of.0, says: Sentence::verbatim(""), curves: vec![] }),
        Question::Sensitivity(of) => {
            let (sequence, frozen) = (of.sequence, profile.clone());
            Answer::Sensitivity(Sensitivity { n: 1, sequence, tokens: vec!["1".into()], full: profile, frozen, paths: None })
        }
        Question::Search(_)
        | Question::Answers(_)
        | Question::LengthGeneralization(_)
        | Question::Tokens(_)
        | Question::Continuation(_)
        | Question::Pinned(_)
        | Question::Seeds(_) => {
            panic!("no test asks {question:?}")
        }
    };
    let model = ModelInfo { name: Sentence::verbatim("seeded random weights"), config: Experiment::default().model, parameters: 1 };
    Event::Answered { id, answer: Box::new(answer), model, warnings: vec![], milliseconds }
}

/// Whether all of these, or none, show something older than what is wanted.
fn stale(world: &World, topics: &[Topic]) -> bool {
    let status = world.status();
    let stale: Vec<bool> = topics.iter().map(|topic| status.stale.contains(topic)).collect();
    assert!(stale.iter().all(|one| *one == stale[0]), "{topics:?}: {stale:?}");
    stale[0]
}

#[test]
fn the_quick_questions_come_first_and_the_exact_one_after_a_pause() {
    let mut world = World::new(false);
    world.want(|_| {});
    assert_eq!(world.starts(CPU), 1);
    assert!(world.posted.is_empty(), "a worker that is not ready loses what is posted");
    world.ready(CPU, Adapter::Processor);
    assert_eq!(world.last().2.len(), 4);
    assert!(stale(&world, &[Topic::Pair, Topic::Sweep, Topic::Sensitivity, Topic::Meeting]));
    world.answer_last();
    assert!(!stale(&world, &[Topic::Pair, Topic::Sweep, Topic::Sensitivity]));
    assert!(stale(&world, &[Topic::Theory, Topic::Reference]));
    assert_eq!(world.posted.len(), 1);
    world.pass(IDLE_DEBOUNCE_MS + 1.0);
    assert!(matches!(world.last().2[..], [Question::Theory(_), Question::Sensitivity(_), Question::Reference(_)]));
    world.answer_last();
    world.pass(60_000.0);
    assert_eq!(world.posted.len(), 2, "all is answered");
}

#[test]
fn the_engine_is_idle_once_the_answers_to_a_pause_have_come_too() {
    let mut world = World::new(false);
    world.handle(Input::Tick);
    assert!(!world.status().is_idle, "it starts");
    world.ready(CPU, Adapter::Processor);
    world.want(|_| {});
    world.answer_last();
    assert!(!world.status().is_idle, "the reader may pause");
    world.pass(700.0);
    assert!(!world.status().is_idle, "the exact answer is asked for");
    world.answer_last();
    assert!(world.status().is_idle);
    world.want(|config| config.input.n = 9);
    assert!(!world.status().is_idle);
    world.die(CPU);
    assert!(!world.status().is_idle, "it starts again");
}

#[test]
fn a_newer_state_replaces_what_runs_once_it_had_its_moment() {
    let mut world = World::settled(false);
    let before = world.posted.len();
    world.want(|config| config.input.a = "0".into());
    assert_eq!(world.posted.len(), before + 1);
    world.want(|config| config.input.a = "01".into());
    world.want(|config| config.input.a = "011".into());
    assert_eq!(world.posted.len(), before + 1, "the first is given its moment");
    world.pass(MIN_RUN_MS + 1.0);
    assert_eq!(world.posted.len(), before + 2, "and then only the newest is asked");
    let shown = world.count(|effect| matches!(effect, Effect::Show(..)));
    let old = world.posted[before].1.id;
    world.hear(CPU, answered(old, question::Pair, 1.0));
    assert_eq!(world.count(|effect| matches!(effect, Effect::Show(..))), shown, "an answer with an older id is ignored");
}

#[test]
fn going_back_before_the_answer_asks_again_only_what_was_replaced() {
    let mut world = World::settled(false);
    world.want(|config| config.input.n = 9);
    let (_, id, _) = world.last();
    world.hear(CPU, answered(id, question::Pair, 1.0));
    world.pass(MIN_RUN_MS + 1.0);
    world.want(|config| config.input.n = 24);
    assert_eq!(world.last().2, [Question::from(question::Pair)], "the sensitivity that is shown is still the right one");
}

#[test]
fn a_lost_cpu_engine_is_started_again_and_asked_again() {
    let mut world = World::settled(false);
    world.want(|config| config.input.n = 9);
    world.die(CPU);
    assert!(world.status().notices[0].sentence.contains("it crashed. It is restarting"));
    world.pass(1000.0);
    assert_eq!(world.starts(CPU), 2);
    let before = world.posted.len();
    world.ready(CPU, Adapter::Processor);
    assert_eq!(world.posted.len(), before + 1);
    assert_eq!(world.last().2.len(), 2);
    world.answer_last();
    world.pass(60_000.0);
    assert_eq!(world.status().notices, vec![], "the notice goes by itself");
}

#[test]
fn an_idle_engine_that_ended_is_started_again_before_it_is_needed() {
    let mut world = World::settled(false);
    world.die(CPU);
    world.pass(1000.0);
    assert_eq!(world.starts(CPU), 2);
}

#[test]
fn a_question_that_always_ends_the_engine_is_given_up_and_another_one_is_tried() {
    let mut world = World::settled(false);
    world.want(|config| config.input.n = 9);
    for _ in 0..MAX_ENDS {
        world.pass(2000.0);
        world.ready(CPU, Adapter::Processor);
        world.die(CPU);
    }
    world.pass(60_000.0);
    assert_eq!(world.starts(CPU) as u32, MAX_ENDS);
    let notice = &world.status().notices[0];
    assert!(notice.sentence.contains("3 times in a row"), "{notice:?}");
    assert_eq!(notice.action, Some(Action::Retry(CPU)));
    assert_eq!(world.status().badge.reason, "No engine is running.");
    world.want(|config| config.input.n = 10);
    world.ready(CPU, Adapter::Processor);
    assert_eq!(world.last().2.len(), 2);
}

#[test]
fn a_slow_start_is_mentioned_and_the_reader_decides() {
    let mut world = World::new(false);
    world.handle(Input::Tick);
    world.pass(SLOW_START_MS - 1.0);
    assert_eq!(world.status().notices, vec![]);
    world.pass(2.0);
    assert_eq!(world.status().notices[0].action, Some(Action::Retry(CPU)));
    world.handle(Input::Dismiss(About::Engine(CPU)));
    assert_eq!(world.status().notices, vec![]);
    world.pass(SLOW_START_MS + 1.0);
    world.handle(Input::Retry(CPU));
    assert_eq!(world.starts(CPU), 2);
    world.ready(CPU, Adapter::Processor);
    assert_eq!(world.status().notices, vec![]);
}

#[test]
fn silence_ends_a_worker_only_where_the_browser_would_not_tell_of_its_end() {
    for (watched, starts) in [(true, 1), (false, 2)] {
        let mut world = World::new(false);
        world.want(|_| {});
        let engine = EngineInfo { version: "1".into(), device: CPU, adapter: String::new(), precision: "f32".into() };
        let adapter = Adapter::Processor;
        world.hear(CPU, Event::Ready { protocol: PROTOCOL, engine, adapter, holds_lock: watched });
        if watched {
            let generation = world.client.slot(CPU).generation;
            world.handle(Input::Watched(CPU, generation));
        }
        world.pass(30_000.0);
        assert_eq!(world.starts(CPU), starts, "watched: {watched}");
    }
}

#[test]
fn work_that_takes_long_has_a_bar_and_can_be_stopped_and_taken_up() {
    let mut world = World::settled(false);
    world.want(|config| config.input.n = 9);
    assert_eq!(world.status().work, None);
    world.pass(BAR_AFTER_MS + 1.0);
    let (_, id, _) = world.last();
    world.hear(CPU, Event::Progress { id, question: question::Pair.into(), done: 0.5 });
    assert_eq!(world.status().work.and_then(|work| work.share), Some(0.25));
    world.handle(Input::Stop);
    assert!(matches!(world.posted.last(), Some((CPU, Request { command: Command::Cancel, .. }))));
    world.hear(CPU, Event::Finished { id, cancelled: true });
    world.pass(10_000.0);
    assert!(matches!(world.posted.last(), Some((CPU, Request { command: Command::Cancel, .. }))), "what was stopped stays stopped");
    assert!(world.status().is_stopped);
    world.handle(Input::GoOn);
    assert_eq!(world.last().2.len(), 2);
}

#[test]
fn a_worker_that_does_not_stop_is_ended() {
    let mut world = World::settled(false);
    world.want(|config| config.input.n = 9);
    world.handle(Input::Stop);
    world.pass(3000.0);
    assert_eq!(world.starts(CPU), 2);
    assert_eq!(world.status().notices, vec![], "the reader asked for it");
}

#[test]
fn an_engine_of_another_version_asks_for_a_reload() {
    let mut world = World::new(false);
    world.handle(Input::Tick);
    let engine = EngineInfo { version: "0".into(), device: CPU, adapter: String::new(), precision: "f32".into() };
    world.hear(CPU, Event::Ready { protocol: PROTOCOL + 1, engine, adapter: Adapter::Processor, holds_lock: true });
    world.pass(10_000.0);
    assert_eq!(world.status().notices[0].action, Some(Action::Reload));
    assert_eq!(world.starts(CPU), 1);
}

#[test]
fn webgpu_is_fetched_behind_the_first_figures_proves_itself_and_takes_over() {
    let mut world = World::new(true);
    world.handle(Input::Tick);
    world.ready(CPU, Adapter::Processor);
    world.want(|_| {});
    let asks = |world: &World| world.count(|effect| matches!(effect, Effect::FindAdapter));
    assert_eq!(asks(&world), 0, "nothing is drawn yet");
    world.answer_last();
    assert_eq!(asks(&world), 1);
    assert_eq!(world.status().badge.preparing, Some(Preparing::Loading));
    world.handle(Input::Adapter(Ok("a card".into())));
    assert_eq!(world.count(|effect| matches!(effect, Effect::Fetch)), 1);
    world.handle(Input::Fetched(Ok(())));
    assert_eq!(world.starts(WEBGPU), 1);
    world.ready(WEBGPU, Adapter::Hardware);
    world.pass(IDLE_DEBOUNCE_MS + 1.0);
    world.answer_last();
    // The exact sensitivity is answered: the check, then two timed runs, on each.
    let mut asked = Vec::new();
    for _ in 0..6 {
        asked.push(world.last().0);
        world.answer_last();
    }
    assert_eq!(asked, [WEBGPU, CPU, WEBGPU, WEBGPU, CPU, CPU]);
    assert_eq!(world.status().badge.device, WEBGPU);
    assert_eq!(world.status().badge.webgpu_adapter, "a card");
    let (device, _, questions) = world.last();
    assert_eq!((device, questions.len()), (WEBGPU, 4), "and it answers what is on the screen");
}

/// A world in which WebGPU computes.
fn with_webgpu() -> World {
    let mut world = proved(Adapter::Hardware, DeviceChoice::Auto);
    assert_eq!(world.status().badge.device, WEBGPU);
    world.answer_last();
    world
}

/// A world in which WebGPU was right and was timed.
fn proved(adapter: Adapter, choice: DeviceChoice) -> World {
    let mut world = World::settled(true);
    world.handle(Input::Chosen(choice));
    world.handle(Input::Adapter(Ok("a card".into())));
    world.handle(Input::Fetched(Ok(())));
    world.ready(WEBGPU, adapter);
    (0..6).for_each(|_| world.answer_last());
    world
}

#[test]
fn a_lost_device_is_said_and_the_cpu_goes_on() {
    let mut world = with_webgpu();
    world.want(|config| config.input.a = "01".into());
    let (device, id, _) = world.last();
    assert_eq!(device, WEBGPU);
    let failure = Failure::Device(Sentence::verbatim("the device was lost."));
    world.hear(device, Event::Failed { id, question: question::Pair.into(), failure });
    assert_eq!(world.status().badge.device, CPU);
    assert_eq!(world.status().notices[0].sentence, "The WebGPU engine stopped: the device was lost. The CPU goes on.");
    assert_eq!((world.last().0, world.last().2.len()), (CPU, 4));
    world.pass(2000.0);
    assert_eq!(world.count(|effect| matches!(effect, Effect::FindAdapter)), 2, "it may prove itself again");
}

#[test]
fn after_a_change_of_engine_the_other_ones_answers_do_not_count() {
    let mut world = with_webgpu();
    world.want(|config| config.input.a = "01".into());
    let (_, id, _) = world.last();
    world.handle(Input::Chosen(DeviceChoice::Cpu));
    assert_eq!(world.last().0, CPU);
    assert!(world.posted.iter().any(|(device, request)| *device == WEBGPU && request.command == Command::Cancel));
    let shown = world.count(|effect| matches!(effect, Effect::Show(..)));
    world.hear(WEBGPU, answered(id, question::Pair, 1.0));
    assert_eq!(world.count(|effect| matches!(effect, Effect::Show(..))), shown);
}

#[test]
fn without_an_adapter_or_a_wish_for_it_webgpu_is_left_alone() {
    let mut world = World::settled(true);
    world.handle(Input::Adapter(Ok("a card".into())));
    world.handle(Input::Fetched(Ok(())));
    world.hear(WEBGPU, Event::Unavailable { sentence: Sentence::verbatim("There is no adapter.") });
    assert_eq!(world.status().badge.reason, "There is no adapter.");
    assert_eq!(world.status().notices, vec![], "that is no fault");

    let mut world = World::new(true);
    world.handle(Input::Chosen(DeviceChoice::Cpu));
    world.ready(CPU, Adapter::Processor);
    world.want(|_| {});
    world.answer_last();
    world.pass(60_000.0);
    assert_eq!(world.count(|effect| matches!(effect, Effect::FindAdapter)), 0);
}

#[test]
fn a_refusal_is_shown_and_not_asked_again() {
    let mut world = World::settled(false);
    world.want(|config| config.input.n = 9);
    let (_, id, questions) = world.last();
    world.hear(CPU, answered(id, question::Pair, 1.0));
    world.hear(CPU, Event::Failed { id, question: questions[1], failure: Failure::Refused(Sentence::verbatim("It is too long.")) });
    world.hear(CPU, Event::Finished { id, cancelled: false });
    assert_eq!(world.count(|effect| matches!(effect, Effect::Refuse(_, why) if why == "It is too long.")), 1);
    assert!(!stale(&world, &[Topic::Pair, Topic::Sensitivity]));
    let known = world.client.screen.known();
    assert!(known.contains(&QueryKey::new(CPU, questions[1], &world.client.wanted.as_ref().expect("it is wanted").config)));
}
