//! How work under way speaks with the outside: which share is done, and whether it is wanted any more.
//!
//! Whoever waits for an answer can take it back at the next step only, so that no loop may go on for long without one. What a forward pass
//! does between two steps is bounded by [`PART_FLOP`] or [`GRAPHICS_PART_FLOP`], whatever the size of the model.

use glasses_contract::question::Answer;
use std::cell::Cell;
use std::pin::Pin;

/// Floating-point operations between two steps, where the work can be parted: a twentieth of a second on the processor, a tenth in a browser,
/// give or take.
pub const PART_FLOP: u64 = 500_000_000;

/// The same on a graphics processor, which is idle but for a corner where a part is small: a few milliseconds on a fast one, and on a slow one less than
/// the seconds after which a driver takes it for lost.
pub const GRAPHICS_PART_FLOP: u64 = 20 * PART_FLOP;

/// How an answer under way speaks with the outside. The same configuration gives the same answer whatever happens here.
pub trait Progress {
    /// Says which share is done, lets others run, and says whether to go on.
    fn step(&self, done: f32) -> impl Future<Output = Result<(), Stopped>>;

    /// Shows what there is of the answer so far, where it comes in parts. Each part holds all that the one before it held.
    fn show(&self, _so_far: Answer) {}
}

/// [`Progress`] as one type, whoever hears of the steps: what takes many of them is compiled once, and not again for everybody who listens.
trait Listener {
    fn step(&self, done: f32) -> Pin<Box<dyn Future<Output = Result<(), Stopped>> + '_>>;
    fn show(&self, so_far: Answer);
}

impl<P: Progress> Listener for P {
    fn step(&self, done: f32) -> Pin<Box<dyn Future<Output = Result<(), Stopped>> + '_>> {
        Box::pin(Progress::step(self, done))
    }

    fn show(&self, so_far: Answer) {
        Progress::show(self, so_far);
    }
}

/// The outside wants no answer any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

/// Goes on to the end and tells nobody.
pub struct NoProgress;

impl Progress for NoProgress {
    async fn step(&self, _done: f32) -> Result<(), Stopped> {
        Ok(())
    }
}

/// A part of a longer answer: its own steps from 0 to 1 are the whole's from `from` to `to`.
pub struct SubProgress<'a> {
    whole: &'a dyn Listener,
    from: f32,
    to: f32,
    /// What there is of the part is so much of the whole.
    is_all: bool,
}

impl<'a> SubProgress<'a> {
    /// The part from one share of the whole to another.
    pub fn new(whole: &'a impl Progress, (from, to): (f32, f32)) -> Self {
        Self { whole, from, to, is_all: false }
    }

    /// Steps that are at the beginning of the whole, whatever share of themselves is done: a model is made, and nothing answered yet.
    pub fn still(whole: &'a impl Progress) -> Self {
        Self::new(whole, (0.0, 0.0))
    }

    /// A shard among so many. One that is undivided shows what there is of it.
    pub fn shard(whole: &'a impl Progress, shard: usize, shards: usize) -> Self {
        Self { is_all: shards == 1, ..Self::part(whole, shard, shards) }
    }

    /// Part `index` of so many that take about as long as each other.
    pub fn part(whole: &'a impl Progress, index: usize, parts: usize) -> Self {
        Self::new(whole, (index as f32 / parts as f32, (index + 1) as f32 / parts as f32))
    }
}

impl Progress for SubProgress<'_> {
    async fn step(&self, done: f32) -> Result<(), Stopped> {
        self.whole.step(self.from + (self.to - self.from) * done).await
    }

    fn show(&self, so_far: Answer) {
        if self.is_all {
            self.whole.show(so_far);
        }
    }
}

/// Work whose size in floating-point operations is known: its share done is the share of its operations.
pub struct Work<'a> {
    progress: &'a dyn Listener,
    flop: f64,
    done: Cell<f64>,
    told: Cell<f64>,
}

impl<'a> Work<'a> {
    /// Work of so many operations.
    pub fn new(progress: &'a impl Progress, flop: u64) -> Self {
        Self { progress, flop: flop as f64, done: Cell::new(0.0), told: Cell::new(0.0) }
    }

    /// So many operations are done. Steps, if [`PART_FLOP`] of them are since it last did.
    ///
    /// # Errors
    /// If nobody wants the rest.
    pub async fn add(&self, flop: u64) -> Result<(), Stopped> {
        self.done.set(self.done.get() + flop as f64);
        if self.done.get() - self.told.get() < PART_FLOP as f64 {
            return Ok(());
        }
        self.step().await
    }

    /// Steps, however little was done.
    ///
    /// # Errors
    /// If nobody wants the rest.
    pub async fn step(&self) -> Result<(), Stopped> {
        self.told.set(self.done.get());
        // Operations are counted roughly: a part may be done before all of them are, or after.
        self.progress.step((self.done.get() / self.flop.max(1.0)).min(1.0) as f32).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[derive(Default)]
    struct Told(RefCell<Vec<f32>>);

    impl Progress for Told {
        async fn step(&self, done: f32) -> Result<(), Stopped> {
            self.0.borrow_mut().push(done);
            Ok(())
        }
    }

    #[test]
    fn work_steps_after_so_many_operations_and_says_the_share_of_them() {
        let told = Told::default();
        let half = SubProgress::new(&told, (0.5, 1.0));
        let work = Work::new(&half, 4 * PART_FLOP);
        for _ in 0..8 {
            assert_eq!(pollster::block_on(work.add(PART_FLOP / 2)), Ok(()));
        }
        assert_eq!(pollster::block_on(work.add(PART_FLOP)), Ok(()));
        assert_eq!(told.0.into_inner(), [0.625, 0.75, 0.875, 1.0, 1.0]);
    }
}
