//! Signals that ask a long run to stop, which it hears at its next step of progress.

use glasses_engine::{Progress, Stopped};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Whether, and by which signal, the run was asked to stop.
pub struct Stop {
    signal: Arc<AtomicUsize>,
}

impl Stop {
    /// Listens from now on to Ctrl-C and to a plain `kill`. A second one ends the program at once.
    ///
    /// A terminal that closes is not listened to: `nohup` has it ignored, and a handler would undo that.
    pub fn listen() -> io::Result<Self> {
        let (signal, is_second) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        for number in [SIGINT, SIGTERM] {
            // In this order: the first one finds the flag down, and raises it for the next.
            flag::register_conditional_default(number, is_second.clone())?;
            flag::register(number, is_second.clone())?;
            flag::register_usize(number, signal.clone(), number as usize)?;
        }
        Ok(Self { signal })
    }

    /// The signal that came, if one did.
    pub fn signal(&self) -> Option<i32> {
        match self.signal.load(Ordering::SeqCst) {
            0 => None,
            signal => Some(signal as i32),
        }
    }
}

impl Progress for Stop {
    async fn step(&self, _done: f32) -> Result<(), Stopped> {
        if self.signal().is_some() { Err(Stopped) } else { Ok(()) }
    }
}
