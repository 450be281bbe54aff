//! What becomes of a run, whatever its worker does. Files are words here.

use super::*;
use glasses_contract::Sentence;
use glasses_contract::device::Adapter;
use glasses_contract::message::{Own, PROTOCOL, Run as KeptRun};
use glasses_contract::recipe::Recipe;
use glasses_contract::report::EngineInfo;

const LINK: &str = "v=1&command=ones";

/// A supervisor, a clock, and what it did last.
struct World {
    supervisor: Supervisor<&'static str>,
    now_ms: f64,
    posted: Vec<(Request, Option<&'static str>)>,
    starts: Vec<u64>,
    ends: usize,
    losses: Vec<f64>,
    own: OwnModel,
}

impl World {
    fn new() -> Self {
        let supervisor = Supervisor::new();
        Self { supervisor, now_ms: 1000.0, posted: vec![], starts: vec![], ends: 0, losses: vec![], own: OwnModel::Unknown }
    }

    /// With a worker that said that nothing is kept.
    fn idle() -> Self {
        let mut world = Self::new();
        world.handle(Input::Wake);
        world.ready();
        world.recalled(None);
        world
    }

    /// With a worker that trains, and has taken two steps.
    fn training() -> Self {
        let mut world = Self::idle();
        world.train();
        world.hear(Event::Stepped { id: world.last_id(), from: 0, losses: vec![2.0, 1.0] });
        world
    }

    fn handle(&mut self, input: Input<&'static str>) {
        for effect in self.supervisor.handle(input, self.now_ms) {
            match effect {
                Effect::Start(generation) => self.starts.push(generation),
                Effect::End => self.ends += 1,
                Effect::Post(request, file) => self.posted.push((request, file)),
                Effect::ShowLosses { from, losses } => {
                    self.losses.truncate(from);
                    self.losses.extend(losses);
                }
                Effect::ShowOwn(own) => self.own = own,
            }
        }
    }

    fn hear(&mut self, event: Event) {
        self.handle(Input::Heard(self.generation(), Box::new(event)));
    }

    fn ready(&mut self) {
        self.hear(ready(PROTOCOL));
    }

    /// The worker says what is kept: nothing, or a run of so many steps.
    fn recalled(&mut self, losses: Option<&[f64]>) {
        let id = self.last_id();
        let run = losses.map(|losses| KeptRun { link: LINK.into(), losses: losses.into() });
        let kept = run.iter().map(|run| Kept { link: run.link.clone(), stage: KeptStage::Run, steps: run.losses.len() }).collect();
        self.hear(Event::Recalled { id, kept, run, own: None });
    }

    fn train(&mut self) {
        self.handle(Input::Train(Box::default(), LINK.into()));
    }

    fn pass(&mut self, milliseconds: f64) {
        self.now_ms += milliseconds;
        if self.supervisor.wake_ms().is_some_and(|wake| wake <= self.now_ms) {
            self.handle(Input::Tick);
        }
    }

    fn die(&mut self, generation: u64) {
        self.handle(Input::Died(generation, Ending::Crashed("it crashed.".into())));
    }

    fn generation(&self) -> u64 {
        *self.starts.last().expect("a worker was started")
    }

    fn last_id(&self) -> u64 {
        self.posted.last().expect("something was asked").0.id
    }

    fn last(&self) -> &Command {
        &self.posted.last().expect("something was asked").0.command
    }

    fn phase(&self) -> Phase {
        self.supervisor.status().phase
    }

    fn fault(&self) -> &str {
        self.supervisor.status().fault.as_deref().unwrap_or_default()
    }

    fn count(&self, is: impl Fn(&Command) -> bool) -> usize {
        self.posted.iter().filter(|(request, _)| is(&request.command)).count()
    }

    fn runs(&self) -> usize {
        self.count(|command| matches!(command, Command::Train { .. }))
    }
}

fn ready(protocol: u32) -> Event {
    let engine = EngineInfo { version: "1".into(), device: DeviceKind::Cpu, adapter: String::new(), precision: "f32".into() };
    Event::Ready { protocol, engine, adapter: Adapter::Processor, holds_lock: true }
}

#[test]
fn a_run_that_is_asked_for_before_the_worker_is_there_begins_once_it_knows_what_is_kept() {
    let mut world = World::new();
    assert_eq!((world.phase(), world.starts.len()), (Phase::Asleep, 0));
    world.train();
    assert_eq!((world.phase(), world.starts.len(), world.posted.len()), (Phase::Running, 1, 0));
    world.handle(Input::Wake);
    assert_eq!(world.starts.len(), 1, "it is awake");
    world.ready();
    assert!(matches!(world.last(), Command::LoadSaved { link, own: true } if link == LINK), "{:?}", world.last());
    assert_eq!(world.runs(), 0);
    world.recalled(Some(&[3.0]));
    assert_eq!((world.phase(), world.runs()), (Phase::Running, 1));
    assert!(world.losses.is_empty(), "the run tells its losses itself");
    assert!(matches!(world.own, OwnModel::None(_)));
}

#[test]
fn what_was_asked_meanwhile_is_done_in_order_with_its_files() {
    let mut world = World::new();
    world.handle(Input::Open { file: "a file", name: "a.safetensors".into(), bytes: 100 });
    world.handle(Input::Choose(LINK.into()));
    assert_eq!((world.phase(), world.starts.len()), (Phase::Waking, 1));
    world.ready();
    world.recalled(None);
    let asked: Vec<_> = world.posted.iter().skip(1).map(|(request, file)| (&request.command, *file)).collect();
    assert_eq!(asked, [(&Command::SaveModel, Some("a file")), (&Command::Use { link: LINK.into() }, None)]);
    assert_eq!(world.phase(), Phase::Idle);
}

#[test]
fn a_run_that_has_not_begun_is_not_begun() {
    let mut world = World::new();
    world.train();
    world.handle(Input::Pause);
    assert_eq!((world.phase(), world.supervisor.wake_ms()), (Phase::Waking, None));
    world.ready();
    world.recalled(None);
    assert_eq!((world.phase(), world.runs()), (Phase::Idle, 0));
}

#[test]
fn a_pause_within_its_time_keeps_the_worker() {
    let mut world = World::training();
    let run = world.last_id();
    world.handle(Input::Pause);
    assert_eq!((world.phase(), world.last()), (Phase::Pausing, &Command::Cancel));
    world.pass(YIELD_MS - 1.0);
    world.hear(Event::Stepped { id: run, from: 2, losses: vec![0.5] });
    world.hear(Event::Finished { id: run, cancelled: true });
    assert_eq!((world.phase(), world.losses.as_slice()), (Phase::Idle, &[2.0, 1.0, 0.5][..]));
    assert!(matches!(world.last(), Command::LoadSaved { link, own: false } if link == LINK));
    world.pass(10.0 * YIELD_MS);
    assert_eq!((world.starts.len(), world.ends, world.fault()), (1, 0, ""));
    world.handle(Input::Pause);
    assert_eq!(world.phase(), Phase::Idle, "nothing is to be stopped");
}

#[test]
fn a_worker_that_does_not_pause_is_replaced_and_what_it_kept_is_shown() {
    for kept in [Some(&[2.0][..]), None] {
        let mut world = World::training();
        world.handle(Input::Pause);
        world.pass(YIELD_MS);
        assert_eq!((world.starts.len(), world.ends, world.phase()), (2, 1, Phase::Waking));
        assert!(world.fault().starts_with("The run did not pause within 2 seconds, and was ended."), "{}", world.fault());
        world.ready();
        world.recalled(kept);
        assert_eq!((world.phase(), world.losses.as_slice()), (Phase::Idle, kept.unwrap_or_default()));
        assert_eq!(world.fault().contains("Nothing of it had been kept yet"), kept.is_none());
        assert_eq!(world.supervisor.status().recipe.as_deref(), kept.map(|_| LINK));
    }
}

#[test]
fn a_run_whose_worker_is_lost_goes_on_from_where_it_was_kept() {
    let mut world = World::training();
    world.hear(Event::Held { name: "run:".to_string() + LINK, file: Some(vec![7]) });
    world.die(world.generation());
    assert_eq!((world.phase(), world.ends), (Phase::Asleep, 1));
    assert_eq!(world.fault(), "Training was stopped: it crashed. It goes on from where it was last kept.");
    assert_eq!((world.starts.len(), world.losses.len()), (1, 2), "it is started when it is needed, and the run stays to be seen");
    world.train();
    assert_eq!((world.starts.len(), world.fault()), (2, ""));
    world.ready();
    let restored = Command::Restore { files: vec![("run:".to_string() + LINK, vec![7])] };
    assert_eq!(world.count(|command| *command == restored), 1, "what the browser does not keep");
    world.recalled(Some(&[2.0]));
    assert_eq!((world.phase(), world.runs()), (Phase::Running, 2));
}

#[test]
fn what_is_heard_of_a_worker_that_is_gone_says_nothing_of_the_next() {
    let mut world = World::training();
    let (old, run) = (world.generation(), world.last_id());
    world.handle(Input::Pause);
    world.pass(YIELD_MS);
    let fault = world.fault().to_string();
    world.die(old);
    world.handle(Input::Heard(old, Box::new(Event::Stepped { id: run, from: 0, losses: vec![9.0] })));
    world.handle(Input::Unreadable(old));
    world.handle(Input::Unreachable(old, "gone".into()));
    assert_eq!((world.phase(), world.ends, world.starts.len(), world.fault()), (Phase::Waking, 1, 2, fault.as_str()));
    assert_eq!(world.losses, [2.0, 1.0]);
}

#[test]
fn a_run_that_is_begun_again_before_it_is_known_that_nothing_was_kept_is_shown() {
    let mut world = World::training();
    world.handle(Input::Pause);
    world.pass(YIELD_MS + 1.0);
    world.train();
    world.ready();
    world.recalled(None);
    assert_eq!((world.phase(), world.supervisor.status().recipe.as_deref()), (Phase::Running, Some(LINK)));
}

#[test]
fn what_was_read_before_a_run_was_forgotten_does_not_bring_it_back() {
    let mut world = World::idle();
    world.handle(Input::Recall);
    let read = world.last_id();
    world.handle(Input::Forget(Kept { link: LINK.into(), stage: KeptStage::Run, steps: 2 }));
    let run = KeptRun { link: LINK.into(), losses: vec![3.0, 2.0] };
    world.hear(Event::Recalled { id: read, kept: vec![], run: Some(run), own: None });
    assert_eq!((world.supervisor.status().recipe.as_deref(), world.losses.len()), (None, 0));
}

#[test]
fn a_worker_of_another_version_is_ended_and_the_page_asks_to_be_loaded_again() {
    let inputs: [fn(u64) -> Input<&'static str>; 2] =
        [|generation| Input::Heard(generation, Box::new(ready(!PROTOCOL))), Input::Unreadable];
    for input in inputs {
        let mut world = World::new();
        world.train();
        world.handle(input(world.generation()));
        assert_eq!((world.phase(), world.ends, world.posted.len()), (Phase::Asleep, 1, 0));
        assert!(world.fault().contains("reload the page"), "{}", world.fault());
        assert!(matches!(&world.own, OwnModel::None(why) if why == world.fault()));
    }
}

#[test]
fn a_worker_that_cannot_be_had_is_tried_again_when_it_is_needed() {
    let mut world = World::new();
    world.handle(Input::Wake);
    world.handle(Input::Unreachable(world.generation(), "Workers are forbidden.".into()));
    assert_eq!((world.phase(), world.fault()), (Phase::Asleep, "Workers are forbidden."));
    world.handle(Input::Wake);
    assert_eq!((world.phase(), world.starts.len()), (Phase::Waking, 2));
    world.hear(Event::Unavailable { sentence: Sentence::verbatim("No device.") });
    assert_eq!((world.phase(), world.fault()), (Phase::Asleep, "No device."));
}

#[test]
fn a_run_that_comes_to_its_end_is_the_readers_own_model() {
    let mut world = World::training();
    let run = world.last_id();
    let own = Own { recipe: Recipe::new(&Experiment::default(), &[2.0], vec![]), file: vec![1], notes: vec![] };
    world.hear(Event::Judged { id: run, steps: 2, accuracy: vec![] });
    world.hear(Event::Kept { id: run, own: own.clone() });
    assert_eq!((world.own.revision(), world.phase()), (1, Phase::Running), "its end is still to come");
    world.hear(Event::Finished { id: run, cancelled: false });
    assert_eq!((world.phase(), world.supervisor.status().judged.len()), (Phase::Idle, 1));
    world.hear(Event::Kept { id: run, own });
    assert_eq!(world.own.revision(), 2);
}

#[test]
fn what_cannot_be_done_is_said_and_ends_the_run() {
    let mut world = World::training();
    world.hear(Event::Unable { id: world.last_id(), sentence: Sentence::verbatim("It diverged.") });
    assert_eq!((world.phase(), world.fault()), (Phase::Idle, "It diverged."));
    // Where what is kept can't be told, the reader goes on all the same.
    let mut world = World::new();
    world.train();
    world.ready();
    world.hear(Event::Unable { id: world.last_id(), sentence: Sentence::verbatim("It is locked.") });
    assert_eq!((world.phase(), world.runs()), (Phase::Running, 1));
}

#[test]
fn a_file_that_is_too_large_is_refused_before_the_worker_hears_of_it() {
    let mut world = World::idle();
    let before = world.posted.len();
    world.handle(Input::Open { file: "a film", name: "a.mkv".into(), bytes: u64::MAX });
    assert_eq!(world.posted.len(), before);
    assert!(world.fault().starts_with("“a.mkv” can't be opened as a model: it has "), "{}", world.fault());
}

#[test]
fn the_run_of_the_forms_recipe_is_shown_where_one_is_kept() {
    let mut world = World::idle();
    world.handle(Input::LookAt("v=1&command=zeros".into()));
    let before = world.posted.len();
    world.handle(Input::LookAt(LINK.into()));
    assert_eq!(world.posted.len(), before, "nothing of it is kept");
    world.handle(Input::Recall);
    world.recalled(Some(&[3.0, 2.0]));
    assert_eq!((world.supervisor.status().recipe.as_deref(), world.losses.as_slice()), (Some(LINK), &[3.0, 2.0][..]));
    world.handle(Input::Forget(Kept { link: LINK.into(), stage: KeptStage::Run, steps: 2 }));
    assert_eq!((world.supervisor.status().recipe.as_deref(), world.losses.len()), (None, 0));
    assert!(matches!(world.last(), Command::DiscardRun { stage: KeptStage::Run, .. }));
}
