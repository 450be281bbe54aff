//! The file of a language model: given before anything is asked about it, to each engine anew, and not to one more where it may have ended one.

use super::*;
use crate::worker::input::LanguageModel;
use glasses_contract::language_model::{LanguageModelInfo, OFFERED};
use glasses_contract::report::{Distances, Stage, StageDistances};
use glasses_contract::self_check;

impl World {
    /// The requests by which a file was given to the CPU engine.
    fn given(&self) -> Vec<u64> {
        self.given_to(CPU)
    }

    fn given_to(&self, device: DeviceKind) -> Vec<u64> {
        let given = self.others.iter().filter_map(|effect| match effect {
            Effect::PostLanguageModel(to, request) if *to == device && request.command == Command::OpenLanguageModel => Some(request.id),
            _ => None,
        });
        given.collect()
    }

    fn told(&self) -> Option<&LanguageModel> {
        self.others.iter().rev().find_map(|effect| if let Effect::TellLanguageModel(told) = effect { Some(told) } else { None })
    }

    fn has_read(&mut self, id: u64) {
        self.has_read_by(CPU, id);
    }

    fn has_read_by(&mut self, device: DeviceKind, id: u64) {
        let file = OFFERED.hash().expect("eight digits");
        let model = Box::new(LanguageModelInfo::new(&Experiment::default().model, file, 9, 7));
        self.hear(device, Event::LanguageModel { id, model });
        self.hear(device, Event::Finished { id, cancelled: false });
    }

    /// With a WebGPU engine on this adapter that proved itself on a tiny model, and a language model that the CPU engine has read and the reader looks at.
    fn with_both(adapter: Adapter, choice: DeviceChoice) -> Self {
        let mut world = proved(adapter, choice);
        world.answer_last();
        world.pass(IDLE_DEBOUNCE_MS + 1.0);
        world.answer_last();
        world.handle(Input::LanguageModelChosen(1));
        let [id] = world.given()[..] else { panic!("it is given once") };
        world.has_read(id);
        world.want_language();
        world
    }

    /// With a link of a language model that is opened at once, and a CPU engine that has read it before anything is known of WebGPU.
    fn opened_by_link() -> Self {
        let mut world = Self::new(true);
        world.want_language();
        world.ready(CPU, Adapter::Processor);
        world.handle(Input::LanguageModelChosen(1));
        world.has_read(world.given()[0]);
        world
    }

    /// The last request of an engine that asks nothing but the known pair of the file.
    fn checks(&self, device: DeviceKind) -> Option<u64> {
        let (_, request) = self.posted.iter().rev().find(|(to, _)| *to == device)?;
        let Command::Answer { config, questions } = &request.command else { return None };
        let is_known = **config == self_check::about_file(config) && config.model.file == OFFERED.hash();
        (is_known && *questions == [question::Pair.into()]).then_some(request.id)
    }

    /// An answer to the known pair of the file, with some distance.
    fn check(&mut self, device: DeviceKind, linf: f64, milliseconds: f64) {
        let id = self.checks(device).expect("it is asked");
        let Event::Answered { mut answer, model, warnings, .. } = answered(id, question::Pair, 0.0) else { panic!("an answer") };
        if let Answer::Pair(pair) = &mut *answer {
            pair.stages = vec![StageDistances { stage: Stage::Output, distances: Distances { linf, ..Distances::default() } }];
        }
        self.hear(device, Event::Answered { id, answer, model, warnings, milliseconds });
        self.hear(device, Event::Finished { id, cancelled: false });
    }

    fn want_language(&mut self) {
        self.want(|experiment| experiment.model.file = OFFERED.hash());
    }
}

#[test]
fn it_is_asked_once_it_is_read_and_each_engine_reads_it_anew() {
    let mut world = World::settled(false);
    let asked = world.posted.len();
    world.handle(Input::LanguageModelChosen(1));
    let [id] = world.given()[..] else { panic!("it is given once") };
    world.hear(CPU, Event::Reading { id, bytes: 5 });
    assert_eq!(world.told(), Some(&LanguageModel::Reading(5)));
    world.want_language();
    world.pass(1000.0);
    assert_eq!(world.posted.len(), asked, "nothing is asked of what is not read");
    world.has_read(id);
    assert!(world.told().and_then(LanguageModel::info).is_some());
    assert!(world.posted.len() > asked && world.last().0 == CPU);
    assert_eq!(world.status().badge.device, CPU);

    world.die(CPU);
    world.pass(1000.0);
    let asked = world.posted.len();
    world.ready(CPU, Adapter::Processor);
    assert_eq!((world.given().len(), world.posted.len()), (2, asked));
    assert!(world.told().and_then(LanguageModel::info).is_some(), "it is here for the reader all along");
    world.has_read(world.given()[1]);
    assert_eq!(world.posted.len(), asked + 1);
}

#[test]
fn what_is_refused_or_ends_the_engine_is_not_given_again() {
    let mut world = World::settled(false);
    world.handle(Input::LanguageModelChosen(1));
    world.hear(CPU, Event::Unable { id: world.given()[0], sentence: Sentence::verbatim("It is none.") });
    assert_eq!(world.told(), Some(&LanguageModel::Refused("It is none.".into())));
    world.handle(Input::LanguageModelChosen(2));
    assert_eq!(world.given().len(), 2, "another file is another one");
    world.die(CPU);
    assert!(matches!(world.told(), Some(LanguageModel::Refused(_))));
    world.pass(1000.0);
    world.ready(CPU, Adapter::Processor);
    assert_eq!(world.given().len(), 2);
}

#[test]
fn what_is_put_away_frees_its_memory_with_its_engine() {
    let mut world = World::settled(false);
    let started = world.starts(CPU);
    world.handle(Input::LanguageModelClosed);
    assert_eq!(world.starts(CPU), started, "there was none");
    world.handle(Input::LanguageModelChosen(1));
    world.has_read(world.given()[0]);
    world.handle(Input::LanguageModelClosed);
    assert_eq!((world.starts(CPU), world.told()), (started + 1, Some(&LanguageModel::None)));
}

#[test]
fn webgpu_answers_about_a_file_once_it_gave_the_answer_of_the_cpu_and_the_cpu_until_then() {
    let mut world = World::with_both(Adapter::Hardware, DeviceChoice::Auto);
    let [given] = world.given_to(WEBGPU)[..] else { panic!("it is given once") };
    world.check(CPU, 40.0, 300.0);
    assert_eq!((world.last().0, world.status().badge.device), (CPU, CPU), "what the reader wants comes before the other engine has read");
    assert!(world.last().2.len() > 1 && world.status().badge.preparing == Some(Preparing::Comparing));
    world.has_read_by(WEBGPU, given);
    world.check(WEBGPU, 40.0 + 1e-3, 900.0);
    assert_eq!(world.status().badge.device, CPU, "the first run counts for nothing");
    world.check(WEBGPU, 40.0 + 1e-3, 30.0);
    assert_eq!(world.status().badge.device, WEBGPU);
    assert!(world.status().badge.reason.contains("30 ms") && world.last().0 == WEBGPU, "{}", world.status().badge.reason);
    // Another file is another trial.
    world.handle(Input::LanguageModelChosen(2));
    assert_eq!(world.status().badge.device, CPU);
}

#[test]
fn webgpu_is_passed_over_for_a_file_that_it_is_wrong_about_or_can_not_hold_or_ends_with() {
    let mut world = World::with_both(Adapter::Hardware, DeviceChoice::Auto);
    world.has_read_by(WEBGPU, world.given_to(WEBGPU)[0]);
    world.check(CPU, 40.0, 300.0);
    world.check(WEBGPU, 40.0, 9.0);
    world.check(WEBGPU, 41.0, 9.0);
    assert!(world.status().badge.device == CPU && world.status().badge.reason.contains("wrong answer about this language model"));
    assert!(world.status().badge.can_retry_webgpu && world.status().badge.preparing.is_none());

    let mut world = World::with_both(Adapter::Hardware, DeviceChoice::Auto);
    world.hear(WEBGPU, Event::Unable { id: world.given_to(WEBGPU)[0], sentence: Sentence::verbatim("It is too large.") });
    assert_eq!((world.status().badge.device, world.status().badge.reason.as_str()), (CPU, "It is too large."));
    assert!(world.told().and_then(LanguageModel::info).is_some(), "the CPU answers");

    let mut world = World::with_both(Adapter::Hardware, DeviceChoice::Auto);
    world.die(WEBGPU);
    world.check(CPU, 40.0, 300.0);
    world.pass(2000.0);
    assert_eq!(world.status().badge.device, CPU);
    assert_eq!(world.given_to(WEBGPU).len(), 1, "the file may have ended it");
}

#[test]
fn a_software_adapter_is_given_a_file_only_where_the_reader_says_so() {
    let world = World::with_both(Adapter::Software, DeviceChoice::Auto);
    assert!(world.given_to(WEBGPU).is_empty() && world.checks(CPU).is_none());
    assert_eq!(world.status().badge.reason, "WebGPU has only a software renderer here.");
    let mut world = World::with_both(Adapter::Software, DeviceChoice::WebGpu);
    world.has_read_by(WEBGPU, world.given_to(WEBGPU)[0]);
    for (device, milliseconds) in [(CPU, 3.0), (WEBGPU, 900.0), (WEBGPU, 700.0)] {
        world.check(device, 0.5, milliseconds);
    }
    assert_eq!(world.status().badge.device, WEBGPU);
    world.handle(Input::LanguageModelClosed);
    assert_eq!(world.count(|effect| matches!(effect, Effect::End(WEBGPU))), 1, "its memory is free");
}

#[test]
fn the_cpu_makes_way_for_a_trial_that_a_language_model_waits_for() {
    let mut world = World::opened_by_link();
    let (_, id, asked) = world.last();
    assert!(asked.len() > 1);
    world.hear(CPU, answered(id, question::Pair, 900.0));
    world.handle(Input::Adapter(Ok("a card".into())));
    world.handle(Input::Fetched(Ok(())));
    assert_eq!(world.last().1, id, "it goes on until the other engine is there");
    world.pass(5000.0);
    world.ready(WEBGPU, Adapter::Hardware);
    let (device, request) = world.posted.last().expect("a request");
    assert_eq!((*device, &request.command), (CPU, &Command::Cancel));
    world.hear(CPU, Event::Finished { id, cancelled: true });
    for _ in 0..6 {
        let (_, request) = world.posted.last().expect("a request");
        let Command::Answer { config, .. } = &request.command else { panic!("{request:?}") };
        assert_eq!(**config, self_check::config(), "nothing comes between");
        world.answer_last();
    }
    let [given] = world.given_to(WEBGPU)[..] else { panic!("it is given once") };
    world.check(CPU, 40.0, 300.0);
    let (device, _, left) = world.last();
    assert_eq!((device, left.len()), (CPU, asked.len() - 1), "what was taken back is asked again while the other engine reads");
    world.has_read_by(WEBGPU, given);
    world.check(WEBGPU, 40.0, 900.0);
    world.check(WEBGPU, 40.0, 30.0);
    assert_eq!((world.status().badge.device, world.last().0), (WEBGPU, WEBGPU));
}

#[test]
fn a_software_adapter_takes_nothing_from_what_is_asked_about_a_language_model() {
    let mut world = World::opened_by_link();
    let (_, id, _) = world.last();
    world.hear(CPU, answered(id, question::Pair, 900.0));
    world.handle(Input::Adapter(Ok("none".into())));
    world.handle(Input::Fetched(Ok(())));
    world.ready(WEBGPU, Adapter::Software);
    assert_eq!(world.last().1, id);
}
