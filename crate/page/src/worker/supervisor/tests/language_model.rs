//! The file of a language model: given before anything is asked about it, to each engine anew, and not to one more where it may have ended one.

use super::*;
use crate::worker::input::LanguageModel;
use glasses_contract::language_model::{LanguageModelInfo, OFFERED};

impl World {
    /// The requests by which a file was given.
    fn given(&self) -> Vec<u64> {
        let given = self.others.iter().filter_map(|effect| match effect {
            Effect::PostLanguageModel(CPU, request) if request.command == Command::OpenLanguageModel => Some(request.id),
            _ => None,
        });
        given.collect()
    }

    fn told(&self) -> Option<&LanguageModel> {
        self.others.iter().rev().find_map(|effect| if let Effect::TellLanguageModel(told) = effect { Some(told) } else { None })
    }

    fn has_read(&mut self, id: u64) {
        let file = OFFERED.hash().expect("eight digits");
        let model = Box::new(LanguageModelInfo::new(&Experiment::default().model, file, 9, 7));
        self.hear(CPU, Event::LanguageModel { id, model });
        self.hear(CPU, Event::Finished { id, cancelled: false });
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
