//! What takes long is not begun before the reader says so; what is cheap, and comes before it, is.

use super::Supervisor;
use crate::worker::pace;
use crate::worker::scheduler::{self, QueryKey};
use glasses_contract::device::DeviceKind;
use glasses_contract::question::Question;

impl Supervisor {
    /// Whether a question waits for the reader.
    pub(super) fn waits(&self, device: DeviceKind, question: Question) -> bool {
        self.held(device).iter().any(|(held, _)| *held == question)
    }

    /// How long all that waits for the reader would take, in milliseconds; none where nothing does.
    pub(super) fn held_ms(&self) -> Option<f64> {
        let (wanted, device, known) = (self.wanted.as_ref()?, self.active(), self.screen.known());
        let is_open = |question| !scheduler::is_known(&QueryKey::new(device, question, &wanted.config), &known);
        let open: Vec<f64> = self.held(device).iter().filter(|(question, _)| is_open(*question)).map(|(_, flop)| *flop).collect();
        (!open.is_empty()).then(|| self.slot(device).pace.ms(open.iter().sum(), device))
    }

    /// The reader says that it may begin.
    pub(super) fn begin(&mut self) {
        self.agreed = self.costs.iter().map(|(_, flop)| flop).sum::<f64>().max(self.agreed);
        self.is_stopped = false;
    }

    fn held(&self, device: DeviceKind) -> &[(Question, f64)] {
        pace::held(&self.costs, self.agreed, |flop| self.slot(device).pace.ms(flop, device))
    }
}
