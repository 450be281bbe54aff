//! A question that is shared among the engine and its helpers.

use super::*;
use crate::worker::input::Heard;
use crate::worker::slot::YIELD_MS;
use crate::worker::supervisor::pool::{HELP_AFTER_MS, HELPER_IDLE_MS};
use glasses_contract::config::Tool;
use glasses_contract::report::Compared;

/// The engine, as where a request went to; helpers are numbered.
const ENGINE: Option<usize> = None;

/// A client on so many cores that has answered everything about the default configuration.
fn settled(cores: usize) -> World {
    let mut world = World { client: Supervisor::new(false, cores), ..World::new(false) };
    world.handle(Input::Tick);
    world.ready(CPU, Adapter::Processor);
    world.want(|experiment| experiment.input.b = "1^(n+1){,/k}".into());
    world.answer_last();
    world.pass(700.0);
    while let Some((id, question)) = at(&world, ENGINE) {
        world.hear(CPU, answered(id, question, 5.0));
        world.hear(CPU, Event::Finished { id, cancelled: false });
    }
    assert_eq!(starts(&world), 0, "nothing of it took long");
    world
}

/// The same, at an instrument's question with all helpers there.
fn sharing(cores: usize, tool: Tool) -> World {
    let mut world = settled(cores);
    world.want(|experiment| experiment.view.tool = tool);
    world.pass(700.0 + HELP_AFTER_MS);
    assert_eq!(starts(&world), cores - 1);
    (0..cores - 1).for_each(|index| ready(&mut world, index));
    world
}

fn starts(world: &World) -> usize {
    world.count(|effect| matches!(effect, Effect::StartHelper(..)))
}

fn helper(world: &mut World, index: usize, heard: Heard) {
    let generation = world.client.pool.helpers[index].generation;
    world.handle(Input::Helper(index, generation, heard));
}

fn ready(world: &mut World, index: usize) {
    let engine = EngineInfo { version: "1".into(), device: CPU, adapter: String::new(), precision: "f32".into() };
    let ready = Event::Ready { protocol: PROTOCOL, engine, adapter: Adapter::Processor, holds_lock: true };
    helper(world, index, Heard::Event(Box::new(ready)));
    helper(world, index, Heard::Watched);
}

/// What a worker is at.
fn at(world: &World, worker: Option<usize>) -> Option<(u64, Question)> {
    let slot = worker.map_or(&world.client.cpu, |index| &world.client.pool.helpers[index]);
    slot.running.as_ref().and_then(|running| Some((running.id, running.left.first()?.question)))
}

/// The shard that a worker was asked last.
fn shard(world: &World, worker: Option<usize>) -> usize {
    let of = |request: &Request| if let Command::AnswerShard { shard, .. } = request.command { Some(shard) } else { None };
    let found = match worker {
        ENGINE => world.posted.iter().rev().find_map(|(_, request)| of(request)),
        Some(asked) => world.others.iter().rev().find_map(|effect| match effect {
            Effect::PostHelper(index, request) if *index == asked => of(request),
            _ => None,
        }),
    };
    found.expect("a shard was asked")
}

fn says(world: &mut World, worker: Option<usize>, event: Event) {
    match worker {
        ENGINE => world.hear(CPU, event),
        Some(index) => helper(world, index, Heard::Event(Box::new(event))),
    }
}

/// A worker answers the shard that it is at, with its number as the name of a cure.
fn answers(world: &mut World, worker: Option<usize>) -> bool {
    let Some((id, question)) = at(world, worker) else { return false };
    let mut event = answered(id, question, 5.0);
    if let Event::Answered { answer, .. } = &mut event
        && let Answer::Comparison(comparison) = &mut **answer
    {
        let word = shard(world, worker).to_string();
        comparison.rows.push(Compared {
            word,
            label: Sentence::verbatim(""),
            distances: vec![],
            collapse: vec![],
            sensitivity: None,
            cross_entropy: None,
        });
    }
    says(world, worker, event);
    says(world, worker, Event::Finished { id, cancelled: false });
    true
}

/// The models of the comparison that was shown last.
fn shown(world: &World) -> Option<Vec<String>> {
    world.others.iter().rev().find_map(|effect| match effect {
        Effect::Show(answer, _) => match &**answer {
            Answer::Comparison(comparison) => Some(comparison.rows.iter().map(|row| row.word.clone()).collect()),
            _ => None,
        },
        _ => None,
    })
}

/// What was to be shown: all shards of the comparison in their order.
fn all(world: &World) -> Vec<String> {
    let config = world.client.wanted.as_ref().expect("it is wanted").config.clone();
    (0..Question::from(question::Comparison).shards(&config)).map(|shard| shard.to_string()).collect()
}

#[test]
fn a_long_question_is_shared_and_put_together_in_order() {
    let mut world = sharing(3, Tool::Cures);
    assert_eq!([shard(&world, ENGINE), shard(&world, Some(0)), shard(&world, Some(1))], [0, 1, 2]);
    assert!(all(&world).len() > 3, "so that somebody has a second one");
    while answers(&mut world, Some(1)) {}
    assert_eq!(shown(&world), None, "two are not there yet");
    world.pass(BAR_AFTER_MS);
    let share = world.status().work.and_then(|work| work.share).expect("it takes long");
    assert_eq!(share, (all(&world).len() - 2) as f64 / all(&world).len() as f64);
    answers(&mut world, ENGINE);
    answers(&mut world, Some(0));
    assert_eq!(shown(&world), Some(all(&world)));
    assert!(!stale(&world, &[Topic::Comparison]));
}

#[test]
fn a_newer_state_stops_all_and_what_they_say_of_the_older_one_is_not_heard() {
    let mut world = sharing(2, Tool::Cures);
    let (id, question) = at(&world, Some(0)).expect("it has a shard");
    world.want(|experiment| experiment.model.seed = 9);
    assert!(world.count(|effect| matches!(effect, Effect::PostHelper(0, Request { command: Command::Cancel, .. }))) == 1);
    assert_eq!(world.last().2.len(), 4, "the engine answers what is asked while typing");
    says(&mut world, Some(0), answered(id, question, 5.0));
    says(&mut world, Some(0), Event::Finished { id: id + 1, cancelled: true });
    world.answer_last();
    world.pass(700.0);
    assert_eq!([shard(&world, ENGINE), shard(&world, Some(0))], [0, 1], "a helper that is there takes part from the start");
    while answers(&mut world, ENGINE) || answers(&mut world, Some(0)) {}
    assert_eq!(shown(&world), Some(all(&world)));
    assert_eq!(starts(&world), 1);
}

#[test]
fn a_helper_that_does_not_leave_what_nobody_waits_for_is_ended() {
    let mut world = sharing(2, Tool::Cures);
    world.want(|experiment| experiment.model.seed = 9);
    world.pass(YIELD_MS + 1.0);
    assert_eq!(world.count(|effect| matches!(effect, Effect::EndHelper(0))), 1);
    assert_eq!(world.status().notices, vec![]);
}

#[test]
fn a_change_that_does_not_concern_it_leaves_it_to_the_helpers_for_the_moment() {
    let mut world = sharing(2, Tool::Separators);
    let (left, id) = (shard(&world, ENGINE), at(&world, Some(0)).map(|(id, _)| id));
    world.want(|experiment| experiment.input.n = 9);
    assert_eq!(world.last().2.len(), 2, "the pair and the estimate");
    assert_eq!(at(&world, Some(0)).map(|(id, _)| id), id);
    answers(&mut world, Some(0));
    assert_eq!(shard(&world, Some(0)), left, "what the engine left waits");
    world.answer_last();
    world.pass(700.0);
    while answers(&mut world, ENGINE) || answers(&mut world, Some(0)) {}
    assert!(!stale(&world, &[Topic::Separators]));
}

#[test]
fn what_a_helper_that_ended_was_at_is_answered_by_another_worker() {
    let mut world = sharing(2, Tool::Cures);
    for ends in 1..=MAX_ENDS {
        assert_eq!(at(&world, Some(0)).map(|_| shard(&world, Some(0))), Some(1));
        helper(&mut world, 0, Heard::Ended);
        world.pass(2_000.0);
        assert_eq!(starts(&world) as u32, (ends + 1).min(MAX_ENDS), "not after too many ends in a row");
        if ends < MAX_ENDS {
            ready(&mut world, 0);
        }
    }
    assert_eq!(world.status().notices, vec![], "the engine goes on");
    while answers(&mut world, ENGINE) {}
    assert_eq!(shown(&world), Some(all(&world)));
}

#[test]
fn when_the_engine_ends_what_helpers_have_answered_stays() {
    let mut world = sharing(2, Tool::Cures);
    world.die(CPU);
    while answers(&mut world, Some(0)) {}
    assert_eq!(shown(&world), Some(all(&world)), "and they have answered all of it");
}

#[test]
fn a_shard_without_an_answer_leaves_the_question_without_one() {
    let mut world = sharing(2, Tool::Cures);
    let (id, question) = at(&world, Some(0)).expect("it has a shard");
    says(&mut world, Some(0), Event::Failed { id, question, failure: Failure::Refused(Sentence::verbatim("It is too long.")) });
    assert_eq!(world.count(|effect| matches!(effect, Effect::Refuse(_, why) if why == "It is too long.")), 1);
    assert!(!stale(&world, &[Topic::Comparison]));
    world.pass(60_000.0);
    assert_eq!(shown(&world), None);
}

#[test]
fn the_reader_stops_all_and_takes_it_up() {
    let mut world = sharing(2, Tool::Cures);
    world.handle(Input::Stop);
    assert!(world.status().is_stopped && at(&world, ENGINE).is_none() && at(&world, Some(0)).is_none());
    let cancelled = |effect: &Effect| matches!(effect, Effect::PostHelper(0, Request { command: Command::Cancel, .. }));
    assert_eq!(world.count(cancelled), 1);
    let id = world.client.last_id;
    says(&mut world, Some(0), Event::Finished { id, cancelled: true });
    world.handle(Input::GoOn);
    while answers(&mut world, ENGINE) || answers(&mut world, Some(0)) {}
    assert_eq!(shown(&world), Some(all(&world)));
}

#[test]
fn helpers_with_nothing_to_do_are_ended_and_come_again() {
    let mut world = sharing(2, Tool::Cures);
    while answers(&mut world, ENGINE) || answers(&mut world, Some(0)) {}
    world.pass(HELPER_IDLE_MS - 1.0);
    let ended = |world: &World| world.count(|effect| matches!(effect, Effect::EndHelper(0)));
    assert_eq!(ended(&world), 0);
    world.pass(2.0);
    assert_eq!(ended(&world), 1);
    world.want(|experiment| experiment.view.tool = Tool::Separators);
    world.pass(700.0 + HELP_AFTER_MS);
    assert_eq!(starts(&world), 2);
}

#[test]
fn an_engine_on_one_core_is_asked_for_the_whole() {
    let mut world = World::settled(false);
    world.want(|experiment| experiment.view.tool = Tool::Cures);
    world.pass(2_000.0);
    assert!(world.posted.iter().all(|(_, request)| !matches!(request.command, Command::AnswerShard { .. })));
    assert_eq!(starts(&world), 0);
}
