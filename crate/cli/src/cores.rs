//! A question among the machine's cores: each thread has an engine of its own, and takes the next shard.

use crate::shipped::Shipped;
use glasses_contract::Admitted;
use glasses_contract::question::{Answer, Ask, Question};
use glasses_engine::experiment::NoAnswer;
use glasses_engine::{Engine, NoProgress, Progress, Stopped, device};
use std::panic;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How often the thread that asked looks whether an answer is still wanted, when the others have not come to their end.
const LOOK: Duration = Duration::from_millis(5);

/// All that there are.
pub fn all() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// The engine's answer to a question, on so many cores at the most: the same bit for bit, however many. A language model is one core's.
///
/// # Errors
/// As [`Engine::answer`].
pub fn answer(
    engine: &mut Engine<Shipped>,
    library: &Shipped,
    config: &Admitted,
    question: Question,
    cores: usize,
    progress: &impl Progress,
) -> Result<Answer, NoAnswer> {
    let shards = question.shards(config);
    let others = if config.model.file.is_some() { 0 } else { cores.min(shards).saturating_sub(1) };
    if others == 0 {
        return pollster::block_on(engine.answer(config, question, progress));
    }
    let (next, is_over, answers) = (AtomicUsize::new(0), AtomicBool::new(false), Mutex::new(vec![None; shards]));
    thread::scope(|scope| {
        let threads: Vec<_> = (0..others)
            .map(|_| {
                let library = library.for_thread();
                scope.spawn(|| {
                    let mut engine = Engine::with_library(device::cpu(), Shipped::from(library));
                    take(&mut engine, config, question, &next, &Until { wanted: &NoProgress, is_over: &is_over }, &answers)
                })
            })
            .collect();
        let until = Until { wanted: progress, is_over: &is_over };
        let mut outcome = take(engine, config, question, &next, &until, &answers);
        while threads.iter().any(|thread| !thread.is_finished()) {
            if outcome.is_ok() && pollster::block_on(until.step(1.0)).is_err() {
                outcome = Err(NoAnswer::Stopped);
            }
            is_over.fetch_or(outcome.is_err(), Ordering::Relaxed);
            thread::sleep(LOOK);
        }
        for thread in threads {
            let of_thread = thread.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked));
            // Where one has no answer the others are stopped: its reason is the one to give.
            if matches!(outcome, Ok(()) | Err(NoAnswer::Stopped)) && of_thread.is_err() {
                outcome = of_thread;
            }
        }
        outcome
    })?;
    let mut answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().flatten();
    let first = answers.next().ok_or(NoAnswer::Stopped)?;
    Ok(question.join(first, answers.collect()))
}

/// Answers shards until none is left.
fn take(
    engine: &mut Engine<Shipped>,
    config: &Admitted,
    question: Question,
    next: &AtomicUsize,
    until: &Until<'_, impl Progress>,
    answers: &Mutex<Vec<Option<Answer>>>,
) -> Result<(), NoAnswer> {
    let shards = question.shards(config);
    loop {
        let shard = next.fetch_add(1, Ordering::Relaxed);
        if shard >= shards {
            return Ok(());
        }
        match pollster::block_on(engine.answer_shard(config, question, shard, until)) {
            Ok(answer) => answers.lock().unwrap_or_else(PoisonError::into_inner)[shard] = Some(answer),
            Err(why) => {
                until.is_over.store(true, Ordering::Relaxed);
                return Err(why);
            }
        }
    }
}

/// Stops when another thread did, too.
struct Until<'a, P: Progress> {
    wanted: &'a P,
    is_over: &'a AtomicBool,
}

impl<P: Progress> Progress for Until<'_, P> {
    async fn step(&self, done: f32) -> Result<(), Stopped> {
        if self.is_over.load(Ordering::Relaxed) { Err(Stopped) } else { self.wanted.step(done).await }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::question::{Sensitivity, Separators};
    use glasses_contract::{admit, open};

    fn on(cores: usize, link: &str, question: Question, progress: &impl Progress) -> Result<Answer, NoAnswer> {
        let config = admit(open::decode(link).0.experiment).0;
        let library = Shipped::default();
        answer(&mut Engine::with_library(device::cpu(), library.clone()), &library, &config, question, cores, progress)
    }

    const LINK: &str = "a=1%5En%7B,/k%7D&b=1%5E(n%2B1)%7B,/k%7D&layers=2&d=16&heads=2&max=12&n=9";

    #[test]
    fn all_cores_say_what_one_says() {
        for question in [Separators.into(), Sensitivity::exact(glasses_contract::config::Which::A).into()] {
            let alone = on(1, LINK, question, &NoProgress).ok();
            assert!(alone.is_some() && alone == on(3, LINK, question, &NoProgress).ok(), "{question:?}");
        }
    }

    #[test]
    fn why_there_is_no_answer_is_said_and_a_stop_stops_all() {
        struct Never;
        impl Progress for Never {
            async fn step(&self, _: f32) -> Result<(), Stopped> {
                Err(Stopped)
            }
        }
        assert!(matches!(on(3, LINK, Separators.into(), &Never), Err(NoAnswer::Stopped)));
        assert!(matches!(on(3, "a=10&b=01", Separators.into(), &NoProgress), Err(NoAnswer::Failed(_))));
    }
}
