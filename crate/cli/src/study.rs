//! `study`: one question set asked of a whole grid of configurations, on all cores, in a file that goes on where it was stopped.

mod ledger;
mod plan;

pub use plan::{Plan, Point, topic};

use crate::failure::Failure;
use crate::lock::Lock;
use crate::output::Output;
use crate::print;
use crate::shipped::Shipped;
use crate::stop::Stop;
use glasses_engine::{Progress, Stopped};
use glasses_plots::number;
use indicatif::{ProgressBar, ProgressStyle};
use ledger::Ledger;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// How often a run asks whether it is wanted still, where no point is done in the meantime.
const EVERY: Duration = Duration::from_millis(50);

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
pub struct Shard {
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

/// How a study's points are answered.
pub struct How<'a> {
    /// Which of them.
    pub shard: Shard,
    /// How many at once; all of the machine's cores where it is not given.
    pub threads: Option<usize>,
    /// The models that they may be of. A language model is large: each core reads it once.
    pub library: &'a (dyn Fn() -> Result<Shipped, Failure> + Sync),
}

impl How<'_> {
    /// Looks at the model that was given, before anything is computed or written.
    ///
    /// # Errors
    /// A sentence, if it can't be read, or no point of the study is of it.
    pub fn check(&self, plan: &Plan) -> Result<(), Failure> {
        (self.library)()?.refuse_without_point(plan.points().map(|point| point.link))
    }

    /// What their passes cost, in words: the rest that may be asked for is little beside them.
    fn cost(&self, plan: &Plan) -> String {
        let flop: f64 = self.points(plan).iter().map(|point| point.flop(plan.asked()) as f64).sum();
        format!("pairs, sweeps and sensitivities take about {} GFLOP", number::short(flop / 1e9))
    }

    /// Which points those are.
    pub fn points(&self, plan: &Plan) -> Vec<Point> {
        plan.points().filter(|point| self.shard.holds(point.index)).collect()
    }

    /// How many those are, without their links.
    pub fn count(&self, plan: &Plan) -> usize {
        (0..plan.count()).filter(|index| self.shard.holds(*index)).count()
    }

    fn threads(&self, points: usize) -> usize {
        self.threads.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from)).clamp(1, points.max(1))
    }
}

/// Where a study's rows go.
pub trait Sink {
    /// Whether a point is there already.
    fn holds(&self, point: usize) -> bool;

    /// Takes a point's rows.
    ///
    /// # Errors
    /// If they can't be written.
    fn put(&mut self, point: usize, rows: String) -> Result<(), Failure>;
}

/// In memory, in the order of the points.
impl Sink for BTreeMap<usize, String> {
    fn holds(&self, point: usize) -> bool {
        self.contains_key(&point)
    }

    fn put(&mut self, point: usize, rows: String) -> Result<(), Failure> {
        self.insert(point, rows);
        Ok(())
    }
}

/// Answers a study, on a terminal.
///
/// # Errors
/// A sentence, if the study or a file can't be read or written, or the run was stopped. A point that has no answer is a row that says why.
pub fn study(args: &StudyArgs) -> Result<(), Failure> {
    let plan = Plan::open(&args.file)?;
    let library = || Shipped::with(args.model.as_deref());
    let how = How { shard: args.shard, threads: args.threads.map(usize::from), library: &library };
    how.check(&plan)?;
    let mine = how.count(&plan);
    let (count, threads, cost) = (plan.count(), how.threads(mine), how.cost(&plan));
    print::note(format!("{}; {mine} of {count} points here, {threads} at once; {cost}", plan.describe()));
    if args.dry_run {
        return Ok(());
    }
    let stop = Stop::listen().map_err(|error| Failure::Answer(format!("Signals can't be listened to: {error}.")))?;
    let bar = ProgressBar::new(mine as u64).with_style(
        ProgressStyle::with_template("{bar:32} {pos}/{len} points, {eta} left").unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let mut has_begun = false;
    let ran = into_file(&plan, &args.out, &how, |done| {
        bar.set_position(done as u64);
        if !std::mem::replace(&mut has_begun, true) {
            bar.reset_eta();
        }
        stop.signal().is_none()
    });
    bar.abandon();
    match (ran?, stop.signal()) {
        (done, Some(signal)) if done < mine => {
            let sentence = format!("Stopped behind {done} of {mine} points. They are kept: the same command goes on from there.");
            Err(Failure::Stopped { signal, sentence })
        }
        _ => Ok(()),
    }
}

/// Answers the points that a CSV file lacks; beside it stands which points it holds. As [`run`].
///
/// # Errors
/// A sentence, if a file can't be read or written, or is of another study.
pub fn into_file(plan: &Plan, out: &Path, how: &How<'_>, go_on: impl FnMut(usize) -> bool) -> Result<usize, Failure> {
    let Output::File(rows) = Output::at(out)? else {
        return Err(Failure::unwritable(out, "a study goes on where it was stopped, and this is no file; name one in a folder"));
    };
    let points = rows.beside("points")?;
    if rows.is(&points) {
        return Err(Failure::unwritable(out, "the list of points has this name; name a file that ends in .csv"));
    }
    let _lock = Lock::take(&rows.path().with_extension("points.lock"), plan.name())?;
    let mut ledger = Ledger::open(rows.path(), points.path(), &plan.identity(), &plan.header())?;
    run(plan, how, &mut ledger, go_on)
        .map_err(|failure| failure.and("What was written before is kept; the same command goes on from there."))
}

/// Answers the points that are not there yet, and says how many are then. `go_on` hears how many that is, again and again, and says whether
/// the rest is wanted.
///
/// # Errors
/// A sentence, if the models or what is written can't be had. A point that has no answer is a row that says why.
pub fn run(plan: &Plan, how: &How<'_>, sink: &mut impl Sink, mut go_on: impl FnMut(usize) -> bool) -> Result<usize, Failure> {
    (how.library)()?;
    let mine = how.points(plan);
    let waiting: Vec<&Point> = mine.iter().filter(|point| !sink.holds(point.index)).collect();
    let mut done = mine.len() - waiting.len();
    let over = Over(AtomicBool::new(!go_on(done)));
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let answer_points = |sender: mpsc::Sender<(usize, String)>| {
        let Ok(library) = (how.library)() else { return };
        while let Some(point) = waiting.get(next.fetch_add(1, Ordering::Relaxed)).filter(|_| !over.is_so()) {
            let rows = point.rows(plan.asked(), Ok(library.clone()), &over);
            // What was cut off is no answer.
            if over.is_so() || sender.send((point.index, rows)).is_err() {
                break;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..how.threads(waiting.len()) {
            let (sender, answer_points) = (sender.clone(), &answer_points);
            scope.spawn(move || answer_points(sender));
        }
        drop(sender);
        let mut failed = Ok(());
        loop {
            match receiver.recv_timeout(EVERY) {
                Ok((point, rows)) if failed.is_ok() => match sink.put(point, rows) {
                    Ok(()) => done += 1,
                    Err(failure) => failed = Err(failure),
                },
                Ok(_) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return failed.map(|()| done),
            }
            if failed.is_err() || !go_on(done) {
                over.0.store(true, Ordering::Relaxed);
            }
        }
    })
}

/// Whether the rest is not wanted any more.
struct Over(AtomicBool);

impl Over {
    fn is_so(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Progress for Over {
    async fn step(&self, _done: f32) -> Result<(), Stopped> {
        if self.is_so() { Err(Stopped) } else { Ok(()) }
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
