//! `study`: one question set asked of a whole grid of configurations, on all cores, in a file that goes on where it was stopped.

mod ledger;
mod plan;

use crate::failure::Failure;
use crate::lock::Lock;
use crate::output::Output;
use crate::shipped::Shipped;
use crate::stop::Stop;
use crate::{input, print, report};
use glasses_engine::{Progress, Stopped};
use indicatif::{ProgressBar, ProgressStyle};
use ledger::Ledger;
use plan::{Plan, Point};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// More than anybody writes about a study.
const MOST_BYTES: u64 = 1 << 20;

/// What is asked, and where the rows go.
#[derive(clap::Args)]
pub struct StudyArgs {
    /// The study, in TOML; docs/studies.md describes it.
    file: PathBuf,
    /// The CSV file to write; beside it stands which points it holds.
    #[arg(long)]
    out: PathBuf,
    /// One part of so many, as in 3/16: the points of a batch system's third job of sixteen.
    #[arg(long, default_value = "1/1")]
    shard: Shard,
    /// How many points are answered at once; all of the machine's cores where it is not given.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// The file of the model, where the link is of one of your own.
    #[arg(long)]
    model: Option<PathBuf>,
    /// Say how many points there are and what they ask, and answer none.
    #[arg(long)]
    dry_run: bool,
}

/// One part of so many, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shard {
    part: usize,
    of: usize,
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        match read {
            Some((part, of)) if (1..=of).contains(&part) => Ok(Self { part, of }),
            _ => Err("a part and how many there are, as in 3/16".into()),
        }
    }
}

impl Shard {
    /// Whether a point is one of this part's: neighbours are dealt out in turns, so that parts cost about the same.
    fn holds(self, point: usize) -> bool {
        point % self.of == self.part - 1
    }
}

/// Answers a study.
///
/// # Errors
/// A sentence, if the study or a file can't be read or written, or the run was stopped. A point that has no answer is a row that says why.
pub fn study(args: &StudyArgs) -> Result<(), Failure> {
    let text = input::read(&args.file, MOST_BYTES)?;
    let text = String::from_utf8(text).map_err(|_| Failure::unreadable(&args.file, "it is not text"))?;
    let plan = Plan::read(&text).map_err(|why| Failure::unreadable(&args.file, why))?;
    let mine: Vec<Point> = plan.points().filter(|point| args.shard.holds(point.index)).collect();
    let threads = args.threads.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from).min(mine.len().max(1));
    print::note(format!("{}; {} of {} points here, {threads} at once", plan.describe(), mine.len(), plan.count()));
    if args.dry_run {
        return Ok(());
    }
    let Output::File(rows) = Output::at(&args.out)? else {
        return Err(Failure::unwritable(&args.out, "a study goes on where it was stopped, and this is no file; name one in a folder"));
    };
    let points = rows.beside("points")?;
    if rows.is(&points) {
        return Err(Failure::unwritable(&args.out, "the list of points has this name; name a file that ends in .csv"));
    }
    let _lock = Lock::take(&rows.path().with_extension("points.lock"), &args.file.display().to_string())?;
    let ledger = Ledger::open(rows.path(), points.path(), &plan.identity(), &plan.header())?;
    let stop = Stop::listen().map_err(|error| Failure::Answer(format!("Signals can't be listened to: {error}.")))?;
    Shipped::with(args.model.as_deref())?;
    run(&plan, &mine, threads, ledger, &stop, args.model.as_deref())
}

/// Answers the points that the ledger lacks.
fn run(plan: &Plan, mine: &[Point], threads: usize, ledger: Ledger, stop: &Stop, model: Option<&Path>) -> Result<(), Failure> {
    let waiting: Vec<&Point> = mine.iter().filter(|point| !ledger.holds(point.index)).collect();
    let bar = ProgressBar::new(mine.len() as u64).with_style(
        ProgressStyle::with_template("{bar:32} {pos}/{len} points, {eta} left").unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar.set_position((mine.len() - waiting.len()) as u64);
    bar.reset_eta();
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let shared = Mutex::new((ledger, None::<Failure>));
    let work = || {
        let patience = Patience { stop, failed: &failed };
        // A language model is large: each core reads it once.
        let Ok(library) = Shipped::with(model) else { return };
        while let Some(point) = waiting.get(next.fetch_add(1, Ordering::Relaxed)) {
            let rows = plan.rows(point, report::answer_to(&point.link, plan.asked(), library.clone(), &patience));
            if patience.is_over() {
                break;
            }
            let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
            match shared.0.put(point.index, &rows) {
                Ok(()) => bar.inc(1),
                Err(failure) => {
                    shared.1.get_or_insert(failure);
                    failed.store(true, Ordering::Relaxed);
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    bar.abandon();
    let (ledger, failure) = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(failure) = failure {
        return Err(failure.and("What was written before is kept; the same command goes on from there."));
    }
    let done = mine.iter().filter(|point| ledger.holds(point.index)).count();
    match stop.signal() {
        Some(signal) if done < mine.len() => {
            let sentence = format!("Stopped behind {done} of {} points. They are kept: the same command goes on from there.", mine.len());
            Err(Failure::Stopped { signal, sentence })
        }
        _ => Ok(()),
    }
}

/// Goes on until a signal comes, or a row could not be written.
struct Patience<'a> {
    stop: &'a Stop,
    failed: &'a AtomicBool,
}

impl Patience<'_> {
    fn is_over(&self) -> bool {
        self.stop.signal().is_some() || self.failed.load(Ordering::Relaxed)
    }
}

impl Progress for Patience<'_> {
    async fn step(&self, _done: f32) -> Result<(), Stopped> {
        if self.is_over() { Err(Stopped) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_deal_every_point_to_one_part() {
        let parts: Vec<Shard> = (1..=3).map(|part| Shard { part, of: 3 }).collect();
        for point in 0..20 {
            assert_eq!(parts.iter().filter(|part| part.holds(point)).count(), 1, "{point}");
        }
        assert_eq!("3/16".parse(), Ok(Shard { part: 3, of: 16 }));
        for wrong in ["", "3", "0/4", "5/4", "a/b", "1/0"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
