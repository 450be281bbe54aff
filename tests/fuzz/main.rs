//! A fuzzer for every door: each place where text or bytes come in from outside. One file a door.
//!
//! `cargo xtask test` draws the same cases every time, so that a failure is the change's and not the draw's;
//! `cargo xtask fuzz` draws new ones for as long as it is told. What fails is made as small as it gets before it is shown.

// A test ends with a panic where something is wrong.
#![allow(clippy::panic)]

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestError, TestRng, TestRunner};
use std::fmt::Debug;
use std::time::{Duration, Instant};

/// One module a door; each has one test.
macro_rules! doors {
    ($($door:ident)*) => {
        $(mod $door;)*
        const DOORS: u32 = [$(stringify!($door)),*].len() as u32;
    };
}

doors! { checkpoint configuration gguf hub lesson link message notation recipe safetensors }

/// Set by `cargo xtask fuzz`: how many minutes all doors take together.
const MINUTES: &str = "GLASSES_FUZZ_MINUTES";

/// Tries a door with `cases` cases, the same ones every time; or with new ones until its share of the time is over.
pub fn knock<S: Strategy>(cases: u32, strategy: S, holds: impl Fn(S::Value) -> TestCaseResult)
where
    S::Value: Debug,
{
    // The shrunk case is in the message; a file beside the sources would be one more thing to keep.
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let Ok(minutes) = std::env::var(MINUTES) else {
        let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        return report(TestRunner::new_with_rng(config, random).run(&strategy, holds));
    };
    let minutes: f64 = minutes.parse().unwrap_or_else(|_| panic!("{MINUTES} is “{minutes}”, which is no number of minutes"));
    let end = Instant::now() + Duration::from_secs_f64(60.0 * minutes) / DOORS;
    while Instant::now() < end {
        report(TestRunner::new(config.clone()).run(&strategy, &holds));
    }
}

fn report<T: Debug>(outcome: Result<(), TestError<T>>) {
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(why, smallest)) => panic!("{why}\nthe smallest case: {smallest:?}"),
        Err(TestError::Abort(why)) => panic!("no cases could be drawn: {why}"),
    }
}
