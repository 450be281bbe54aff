//! What takes long waits for the reader.

use super::*;
use glasses_contract::question::Topic;

/// Some hundred thousand million operations: far more than ten seconds.
fn heavy(config: &mut Experiment) {
    (config.model.layers, config.model.heads, config.model.width) = (16, 16, 512);
    (config.input.n, config.input.max_n) = (1000, 1000);
}

fn light(config: &mut Experiment) {
    *config = Experiment::default();
    config.input.n = 9;
}

#[test]
fn what_takes_long_begins_when_the_reader_says_so() {
    let mut world = World::settled(false);
    let before = world.posted.len();
    world.want(heavy);
    world.pass(5_000.0);
    assert_eq!(world.posted.len(), before);
    let status = world.status();
    assert!(status.held_ms.is_some_and(|ms| ms > 20_000.0) && status.is_idle && !status.is_stopped, "{status:?}");

    world.handle(Input::Begin);
    assert_eq!((world.posted.len(), world.status().held_ms), (before + 1, None));
    world.handle(Input::Stop);
    world.handle(Input::GoOn);
    let (_, _, questions) = world.last();
    assert_eq!(questions[0].topic(), Topic::Pair, "what was begun goes on unasked");
    world.want(|config| config.model.seed = 2);
    world.pass(200.0);
    assert_eq!(world.status().held_ms, None, "it costs as much as what was begun");
}

#[test]
fn what_is_cheap_begins_at_once_whatever_waited_before() {
    let mut world = World::settled(false);
    world.want(heavy);
    world.handle(Input::Stop);
    assert!(world.status().is_stopped, "there is something to say no to");
    world.handle(Input::GoOn);
    assert!(world.status().held_ms.is_some());
    let before = world.posted.len();
    world.want(light);
    assert_eq!((world.posted.len(), world.status().held_ms), (before + 1, None));
    world.answer_last();
    world.want(heavy);
    assert!(world.status().held_ms.is_some(), "nothing was agreed to");
}

#[test]
fn the_cheap_questions_of_an_expensive_state_are_answered_and_the_others_wait() {
    let mut world = World::settled(false);
    world.want(|config| (config.model.layers, config.model.heads, config.model.width, config.input.n) = (8, 8, 256, 200));
    let topics = |world: &World| world.last().2.iter().map(Question::topic).collect::<Vec<_>>();
    assert_eq!(topics(&world), [Topic::Pair, Topic::Sweep, Topic::Meeting]);
    let (_, id, questions) = world.last();
    questions.iter().for_each(|&question| world.hear(CPU, answered(id, question, 1_000.0)));
    world.hear(CPU, Event::Finished { id, cancelled: false });
    world.pass(1_000.0);
    let held_ms = world.status().held_ms.expect("the estimate of the sensitivity waits");
    assert!(topics(&world).len() == 3 && held_ms > 10_000.0, "{held_ms}");
    world.handle(Input::Begin);
    assert_eq!(topics(&world), [Topic::Sensitivity]);
    world.answer_last();
    world.pass(1_000.0);
    assert_ne!(topics(&world), [Topic::Sensitivity], "what follows a pause follows");
}

#[test]
fn a_device_that_proves_fast_is_not_asked_about() {
    let mut world = World::settled(false);
    world.want(|config| config.input.n = 1000);
    let (_, id, questions) = world.last();
    // 3.6 · 10⁹ operations in a thousandth of what they take elsewhere.
    world.hear(CPU, answered(id, questions[0], 0.7));
    world.answer_last();
    world.want(heavy);
    assert_eq!(world.status().held_ms, None);
}
