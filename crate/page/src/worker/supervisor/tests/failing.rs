//! What does not answer, does not stop, does not load, or answers wrongly.

use super::*;
use crate::worker::input::OwnModel;
use crate::worker::slot::YIELD_MS;
use glasses_contract::config::WeightsSource;
use glasses_contract::recipe::Recipe;
use glasses_contract::self_check;
use std::sync::Arc;

/// What the reader or the worker does.
#[derive(Clone, Copy)]
enum Does {
    /// The reader goes to this n.
    Want(usize),
    /// The reader cancels.
    Stop,
    /// The reader takes it up again.
    GoOn,
    /// The worker says how far it is with the first request, or with the newest.
    Progress(Of),
    /// The worker has left it.
    Finished(Of),
}

#[derive(Clone, Copy)]
enum Of {
    First,
    Newest,
}

#[test]
fn a_worker_that_holds_on_to_what_nobody_waits_for_is_ended_in_time() {
    use Does::*;
    use Of::*;
    // What happens when, in milliseconds, and when the worker is ended, if it is.
    type Case = (&'static [(usize, Does)], Option<usize>);
    const CASES: &[Case] = &[
        (&[(0, Want(9))], None),
        // A cancel stays one, whatever is asked behind it.
        (&[(0, Want(9)), (1000, Stop)], Some(3000)),
        (&[(0, Want(9)), (1000, Stop), (1200, Want(10))], Some(3000)),
        (&[(0, Want(9)), (1000, Stop), (1200, Want(10)), (2000, Want(11)), (2800, Want(12))], Some(3000)),
        (&[(0, Want(9)), (1000, Stop), (1100, GoOn)], Some(3000)),
        (&[(0, Want(9)), (1000, Stop), (1100, GoOn), (2000, Stop), (2100, GoOn)], Some(3000)),
        (&[(0, Want(9)), (1000, Stop), (1200, Want(10)), (1500, Progress(First))], Some(3000)),
        (&[(0, Want(9)), (1000, Stop), (1500, Finished(First))], None),
        (&[(0, Want(9)), (1000, Stop), (1200, Want(10)), (1500, Finished(First)), (1600, Progress(Newest))], None),
        // So does a newer request.
        (&[(0, Want(9)), (500, Want(10))], Some(2500)),
        (&[(0, Want(9)), (500, Want(10)), (1500, Want(11)), (2400, Want(12))], Some(2500)),
        (&[(0, Want(9)), (500, Want(10)), (2400, Stop)], Some(2500)),
        (&[(0, Want(9)), (500, Want(10)), (900, Progress(First))], Some(2500)),
        (&[(0, Want(9)), (500, Want(10)), (900, Progress(Newest))], None),
        (&[(0, Want(9)), (500, Want(10)), (900, Finished(First)), (1000, Progress(Newest))], None),
        // The first is left, but the second may have been begun.
        (&[(0, Want(9)), (500, Want(10)), (1000, Want(11)), (1200, Finished(First))], Some(3000)),
        (&[(0, Want(9)), (500, Want(10)), (1000, Want(11)), (1200, Finished(First)), (1300, Progress(Newest))], None),
    ];
    for (number, (happens, expected)) in CASES.iter().enumerate() {
        let mut world = World::settled(false);
        let first = world.posted.len();
        let mut ended = None;
        for at_ms in (0..8000).step_by(20) {
            for (_, does) in happens.iter().filter(|(when, _)| *when == at_ms) {
                let id = |world: &World, which| match which {
                    First => world.posted[first].1.id,
                    Newest => world.last().1,
                };
                match *does {
                    Want(n) => world.want(|config| config.input.n = n),
                    Stop => world.handle(Input::Stop),
                    GoOn => world.handle(Input::GoOn),
                    Progress(which) => {
                        world.hear(CPU, Event::Progress { id: id(&world, which), question: question::Pair.into(), done: 0.1 })
                    }
                    Finished(which) => world.hear(CPU, Event::Finished { id: id(&world, which), cancelled: true }),
                }
            }
            world.pass(20.0);
            if world.starts(CPU) > 1 {
                ended = ended.or(Some(at_ms + 20));
            }
        }
        assert_eq!(ended, *expected, "case {number}");
        assert_eq!(world.status().notices, vec![], "case {number}: nothing was lost");
    }
}

#[test]
fn what_was_asked_last_is_asked_of_the_worker_that_takes_the_place() {
    let mut world = World::settled(false);
    world.want(|config| config.input.n = 9);
    world.pass(200.0);
    world.want(|config| config.input.n = 10);
    world.pass(YIELD_MS + 1.0);
    world.ready(CPU, Adapter::Processor);
    let Some((CPU, Request { command: Command::Answer { config, .. }, .. })) = world.posted.last() else {
        panic!("{:?}", world.posted.last())
    };
    assert_eq!(config.input.n, 10);
    world.answer_last();
    assert!(!stale(&world, &[Topic::Pair, Topic::Sensitivity]));
}

#[test]
fn the_bar_says_how_long_once_that_is_known_to_be_long() {
    let mut world = World::settled(false);
    world.want(|config| config.input.a = "0".into());
    let (_, id, questions) = world.last();
    world.pass(600.0);
    assert_eq!(world.status().work.map(|work| work.left_ms), Some(None));
    for _ in 0..10 {
        world.pass(1000.0);
        world.hear(CPU, Event::Progress { id, question: questions[0], done: 0.01 });
    }
    let left = world.status().work.and_then(|work| work.left_ms).expect("a hundredth takes ten seconds");
    assert!((900_000.0..1_200_000.0).contains(&left), "{left}");
}

/// A world in which the WebGPU engine has come so far.
fn on_the_way(steps: &[fn(&mut World)]) -> World {
    let mut world = World::settled(true);
    steps.iter().for_each(|step| step(&mut world));
    world
}

const FOUND: fn(&mut World) = |world| world.handle(Input::Adapter(Ok("a card".into())));
const FETCHED: fn(&mut World) = |world| world.handle(Input::Fetched(Ok(())));
const READY: fn(&mut World) = |world| world.ready(WEBGPU, Adapter::Hardware);
const CHECKED: fn(&mut World) = |world| {
    world.answer_last();
    world.answer_last();
};

#[test]
fn a_device_that_never_answers_is_given_up_with_a_sentence_wherever_it_stops() {
    type Step = fn(&mut World);
    let cases: [(&[Step], f64, &str); 5] = [
        (&[], ADAPTER_MS, "for a WebGPU adapter"),
        (&[FOUND], DOWNLOAD_MS, "download"),
        (&[FOUND, FETCHED], WEBGPU_START_MS, "did not start"),
        (&[FOUND, FETCHED, READY], TRIAL_MS, "trial"),
        (&[FOUND, FETCHED, READY, CHECKED], TRIAL_MS, "trial"),
    ];
    for (steps, patience_ms, words) in cases {
        let mut world = on_the_way(steps);
        world.pass(patience_ms - 1000.0);
        assert!(world.status().badge.reason.contains("still starting"), "{words}: {:?}", world.status().badge);
        world.pass(1001.0);
        let badge = world.status().badge;
        assert!(badge.reason.contains(words) && badge.can_retry_webgpu && badge.device == CPU, "{words}: {badge:?}");
        assert_eq!(world.status().notices, vec![], "the CPU computes as before");
        // What comes late changes nothing.
        let before = world.posted.len();
        [FOUND, FETCHED, READY].iter().for_each(|late| late(&mut world));
        world.pass(600_000.0);
        assert_eq!((world.status().badge, world.posted.len()), (badge, before), "{words}");
        world.handle(Input::Retry(WEBGPU));
        assert!(world.status().badge.reason.contains("still starting"), "{words}");
    }
}

#[test]
fn a_download_may_take_as_long_as_it_goes_on() {
    let mut world = on_the_way(&[FOUND]);
    for _ in 0..20 {
        world.pass(DOWNLOAD_MS - 1000.0);
        world.handle(Input::Downloaded);
    }
    FETCHED(&mut world);
    assert_eq!(world.starts(WEBGPU), 1);
}

/// Whether the last request is the known question.
fn is_checked(world: &World) -> bool {
    matches!(world.posted.last(), Some((WEBGPU, Request { command: Command::Answer { config, .. }, .. })) if **config == self_check::config())
}

/// The answer of a device that lies.
fn lie(world: &mut World) {
    let (device, id, _) = world.last();
    let Event::Answered { mut answer, model, .. } = answered(id, question::Pair, 5.0) else { panic!("an answer") };
    let Answer::Pair(pair) = &mut *answer else { panic!("a pair") };
    pair.a.next[0] *= 1.5;
    world.hear(device, Event::Answered { id, answer, model, warnings: vec![], milliseconds: 5.0 });
    world.hear(device, Event::Finished { id, cancelled: false });
}

#[test]
fn a_believed_device_is_asked_again_after_a_hundred_answers_though_the_reader_never_rests() {
    let mut world = with_webgpu();
    let mut answers = 4;
    for n in (10..200).cycle() {
        world.want(|config| config.input.n = n);
        if is_checked(&world) {
            break;
        }
        assert!(answers < 110, "it is never asked again");
        answers += world.last().2.len();
        world.answer_last();
    }
    assert!(answers >= 100, "{answers}");
    let asked = world.posted.len();
    world.want(|config| config.input.n = 7);
    world.pass(200.0);
    assert_eq!(world.posted.len(), asked, "the question is not replaced");
    assert_eq!(world.status().badge.device, WEBGPU);
    world.answer_last();
    assert_eq!((world.last().0, world.last().2.len()), (WEBGPU, 2), "it is believed, and asked what is wanted");
}

#[test]
fn a_believed_device_is_asked_again_after_a_rest_and_when_it_wakes_up() {
    let mut world = with_webgpu();
    world.pass(700.0);
    world.answer_last();
    let asked = world.posted.len();
    world.pass(58_000.0);
    assert_eq!(world.posted.len(), asked);
    world.pass(3_000.0);
    assert!(is_checked(&world), "{:?}", world.posted.last());
    world.answer_last();
    let asked = world.posted.len();
    world.pass(600_000.0);
    assert_eq!(world.posted.len(), asked, "nothing was shown since");
    world.want(|config| config.input.n = 9);
    world.answer_last();
    world.pass(700.0);
    world.answer_last();
    assert!(is_checked(&world), "it may have been asleep: {:?}", world.posted.last());
}

#[test]
fn what_a_device_showed_that_lies_is_computed_again_by_the_cpu_with_a_notice() {
    let mut world = with_webgpu();
    world.pass(700.0);
    world.answer_last();
    world.pass(61_000.0);
    assert!(is_checked(&world));
    lie(&mut world);
    let status = world.status();
    assert_eq!(status.badge.device, CPU);
    assert!(status.badge.reason.contains("is not used any more"), "{:?}", status.badge);
    assert!(status.notices[0].sentence.contains("computed again by the CPU"), "{:?}", status.notices);
    assert!(stale(&world, &[Topic::Pair, Topic::Sweep, Topic::Sensitivity]), "it is marked until then");
    assert_eq!((world.last().0, world.last().2.len()), (CPU, 4));
    world.answer_last();
    assert!(!stale(&world, &[Topic::Pair, Topic::Sweep, Topic::Sensitivity]));
    assert_eq!(world.count(|effect| matches!(effect, Effect::End(WEBGPU))), 1);
}

#[test]
fn files_that_are_gone_are_not_waited_for_and_files_that_are_out_of_reach_are() {
    let why = || "the server answered 404.".to_string();
    for (ending, starts, action, words) in [
        (Ending::Gone(why()), 1, Action::Reload, "the site was updated"),
        (Ending::Unreachable(why()), MAX_ENDS, Action::Retry(CPU), "offline"),
    ] {
        let mut world = World::settled(false);
        world.die(CPU);
        for _ in 0..10 {
            world.pass(5000.0);
            let generation = world.client.slot(CPU).generation;
            if world.client.slot(CPU).status == SlotStatus::Starting {
                world.handle(Input::Died(CPU, generation, ending.clone()));
            }
        }
        // The first worker lived and died; the others never came.
        let notices = world.status().notices;
        assert_eq!(world.starts(CPU) as u32, if starts == 1 { 2 } else { MAX_ENDS }, "{ending:?}");
        assert!(notices[0].sentence.contains(words) && notices[0].action == Some(action), "{notices:?}");
    }
}

#[test]
fn an_engine_is_given_the_readers_own_model_before_it_is_asked_about_it() {
    let own = |revision| OwnModel::Here {
        revision,
        recipe: Box::new(Recipe::new(&Experiment::default(), &[1.0], vec![])),
        file: Arc::new(vec![revision as u8]),
        notes: vec![],
    };
    let wants = |world: &mut World, revision| {
        world.want(|config| (config.model.weights, config.model.revision) = (WeightsSource::Own, revision));
    };
    let held = |world: &World| {
        let holds = |(_, request): &(DeviceKind, Request)| if let Command::Hold { file } = &request.command { Some(file[0]) } else { None };
        world.posted.iter().filter_map(holds).collect::<Vec<_>>()
    };
    let mut world = World::settled(false);
    let before = world.posted.len();
    wants(&mut world, 0);
    world.pass(5000.0);
    assert_eq!(world.posted.len(), before, "what is kept is not known yet");
    world.handle(Input::Owned(own(1)));
    wants(&mut world, 1);
    assert_eq!((held(&world), world.last().2.len()), (vec![1], 4));
    world.answer_last();
    world.want(|config| config.input.n = 9);
    assert_eq!((held(&world), world.last().2.len()), (vec![1], 2), "it has it already");
    world.handle(Input::Owned(own(2)));
    wants(&mut world, 2);
    world.pass(200.0);
    assert_eq!(held(&world), [1, 2]);
    // Another worker has nothing.
    world.die(CPU);
    world.pass(1000.0);
    world.ready(CPU, Adapter::Processor);
    assert_eq!((held(&world), world.last().2.len()), (vec![1, 2, 2], 4));

    let mut world = World::settled(false);
    world.handle(Input::Owned(OwnModel::None("There is none.".into())));
    wants(&mut world, 0);
    assert!(world.count(|effect| matches!(effect, Effect::FallBackToSeed(why) if why == "There is none.")) > 0);
}
