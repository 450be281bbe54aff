//! The supervisor against a worker made of nothing.

use super::*;
use glasses_contract::device::Adapter;
use glasses_contract::recipe::Recipe;
use glasses_contract::report::EngineInfo;
use glasses_contract::{Experiment, Sentence, admit};
use std::sync::Arc;

/// A supervisor, a clock, and all that it wanted done.
struct World {
    supervisor: Supervisor,
    now_ms: f64,
    effects: Vec<Effect>,
}

impl World {
    fn new(own: OwnModel, change: impl FnOnce(&mut Experiment)) -> Self {
        let mut config = Experiment::default();
        change(&mut config);
        let mut world = Self { supervisor: Supervisor::new(admit(config).0, own), now_ms: 1000.0, effects: Vec::new() };
        world.handle(Input::Tick);
        world
    }

    fn plain() -> Self {
        Self::new(OwnModel::Unknown, |_| {})
    }

    fn handle(&mut self, input: Input) {
        self.effects.extend(self.supervisor.handle(input, self.now_ms));
    }

    fn hear(&mut self, event: Event) {
        self.handle(Input::Heard(self.supervisor.slot.generation, Box::new(event)));
    }

    /// The worker is there, and the browser will tell when it ends.
    fn ready(&mut self, is_watched: bool) {
        let engine = EngineInfo { version: "1".into(), device: DeviceKind::Cpu, adapter: String::new(), precision: "f32".into() };
        self.hear(Event::Ready { protocol: PROTOCOL, engine, adapter: Adapter::Processor, holds_lock: is_watched });
        if is_watched {
            self.handle(Input::Watched(self.supervisor.slot.generation));
        }
    }

    fn pass(&mut self, milliseconds: f64) {
        let until = self.now_ms + milliseconds;
        while let Some(wake) = self.supervisor.wake_ms().filter(|&wake| wake <= until) {
            self.now_ms = wake;
            self.handle(Input::Tick);
        }
        self.now_ms = until;
    }

    fn starts(&self) -> usize {
        self.effects.iter().filter(|effect| matches!(effect, Effect::Start(_))).count()
    }

    fn asked(&self) -> Vec<&Command> {
        self.effects.iter().filter_map(|effect| if let Effect::Post(request) = effect { Some(&request.command) } else { None }).collect()
    }

    fn id(&self) -> u64 {
        self.supervisor.last_id
    }

    fn refusal(&mut self) -> Option<String> {
        assert_eq!(self.effects.last(), Some(&Effect::End), "nothing is left behind");
        self.supervisor.outcome()?.err()
    }
}

fn last() -> LastTokenRepresentations {
    LastTokenRepresentations { n: vec![1], stages: vec![0.5], heads: vec![0.25] }
}

fn recipe() -> Box<Recipe> {
    Box::new(Recipe::new(&Experiment::default(), &[], vec![]))
}

fn progress(id: u64) -> Event {
    Event::Progress { id, question: question::Sweep.into(), done: 0.5 }
}

#[test]
fn a_worker_is_started_asked_once_and_ended_when_it_has_answered() {
    let mut world = World::plain();
    assert_eq!((world.starts(), world.asked().len()), (1, 0));
    world.ready(true);
    assert!(matches!(world.asked()[..], [Command::Represent { .. }]));
    world.hear(progress(world.id()));
    assert_eq!((world.asked().len(), world.supervisor.outcome()), (1, None));
    world.hear(Event::Represented { id: world.id(), last: Box::new(last()) });
    assert_eq!(world.effects.last(), Some(&Effect::End));
    assert_eq!(world.supervisor.outcome(), Some(Ok(last())));
    assert_eq!((world.starts(), world.supervisor.wake_ms()), (1, None));
}

#[test]
fn the_readers_own_model_is_given_first_to_each_worker_and_no_other_one_is() {
    let here = || OwnModel::Here { revision: 3, recipe: recipe(), file: Arc::new(vec![7]), notes: vec![] };
    let mut world = World::new(here(), |config| (config.model.weights, config.model.revision) = (WeightsSource::Own, 3));
    for times in 1..=2 {
        world.ready(true);
        let asked = world.asked();
        assert_eq!(asked.len(), 2 * times);
        assert!(matches!(asked[2 * times - 2..], [Command::Hold { file }, Command::Represent { .. }] if *file == [7]), "{asked:?}");
        world.handle(Input::Died(world.supervisor.slot.generation, Ending::Crashed("it crashed.".into())));
        world.pass(10_000.0);
    }
    let mut world = World::new(here(), |_| {});
    world.ready(true);
    assert!(matches!(world.asked()[..], [Command::Represent { .. }]));
}

#[test]
fn a_silent_worker_is_replaced_and_given_up_after_three_in_a_row() {
    for (is_watched, patience_ms) in [(false, 10_000.0), (true, 120_000.0)] {
        let mut world = World::plain();
        for ends in 1..=MAX_ENDS {
            world.ready(is_watched);
            let patience_ms = if is_watched { patience_ms } else { patience_ms * f64::from(1 << (ends - 1)) };
            world.pass(patience_ms - 1.0);
            world.hear(progress(world.id()));
            world.pass(patience_ms - 1.0);
            assert_eq!((world.starts(), world.supervisor.outcome()), (ends as usize, None), "it is still heard of");
            world.pass(1.0);
            let rest_ms = 200.0 * f64::from(1 << ends);
            world.pass(rest_ms - 1.0);
            assert_eq!(world.starts(), ends as usize, "another one after a rest");
            if ends < MAX_ENDS {
                world.pass(1.0);
                assert_eq!(world.starts(), ends as usize + 1);
            }
        }
        let seconds = if is_watched { 120 } else { 40 };
        let told = format!("The CPU engine stopped 3 times in a row: nothing was heard of it for {seconds} seconds.");
        assert_eq!(world.refusal(), Some(told));
        world.pass(1e6);
        assert_eq!(world.starts(), 3);
    }
}

#[test]
fn a_worker_that_does_not_come_is_not_waited_for_for_ever() {
    let mut world = World::plain();
    world.pass(SLOW_START_MS - 1.0);
    assert_eq!(world.supervisor.outcome(), None);
    world.pass(1.0);
    assert!(world.refusal().is_some_and(|why| why.contains("a long time to load")));
}

#[test]
fn what_another_worker_could_not_do_better_is_said_at_once() {
    let generation = |world: &World| world.supervisor.slot.generation;
    let mut gone = World::plain();
    gone.handle(Input::Died(generation(&gone), Ending::Gone("the server answered 404.".into())));
    assert!(gone.refusal().is_some_and(|why| why.contains("the site was updated") && why.contains("404")));
    let mut old = World::plain();
    old.handle(Input::Unreadable(generation(&old)));
    assert!(old.refusal().is_some_and(|why| why.contains("different versions")));
    let mut forbidden = World::plain();
    forbidden.handle(Input::Unreachable(generation(&forbidden), "No workers here.".into()));
    assert_eq!(forbidden.refusal(), Some("No workers here.".into()));
    let mut refused = World::plain();
    refused.ready(true);
    let failure = Failure::Refused(Sentence::verbatim("Nothing to sweep."));
    refused.hear(Event::Failed { id: refused.id(), question: question::Sweep.into(), failure });
    assert_eq!(refused.refusal(), Some("Nothing to sweep.".into()));
    for world in [gone, old, forbidden, refused] {
        assert_eq!((world.starts(), world.supervisor.wake_ms()), (1, None));
    }
}

#[test]
fn what_is_heard_of_a_worker_that_is_gone_says_nothing_of_the_next() {
    let mut world = World::plain();
    world.ready(true);
    let before = world.supervisor.slot.generation;
    world.hear(Event::Failed { id: world.id(), question: question::Sweep.into(), failure: Failure::Device(Sentence::verbatim("lost")) });
    world.pass(1000.0);
    assert_eq!(world.starts(), 2);
    for late in [
        Input::Heard(before, Box::new(Event::Represented { id: 1, last: Box::new(last()) })),
        Input::Died(before, Ending::Gone(String::new())),
        Input::Unreadable(before),
        Input::Unreachable(before, String::new()),
    ] {
        world.handle(late);
    }
    assert_eq!(world.supervisor.outcome(), None);
    world.ready(true);
    world.hear(Event::Represented { id: world.id(), last: Box::new(last()) });
    assert_eq!(world.supervisor.outcome(), Some(Ok(last())));
}
