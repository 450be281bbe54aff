//! Why a question has no answer.

use crate::device::DeviceFailed;
use crate::progress::Stopped;
use glasses_contract::failure::Failure;
use glasses_contract::sequence::InputError;

/// Why a question has no answer.
#[derive(Debug)]
pub enum NoAnswer {
    /// It was cancelled.
    Stopped,
    /// Something is wrong or too much.
    Failed(Failure),
}

impl From<Stopped> for NoAnswer {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

impl From<InputError> for NoAnswer {
    fn from(error: InputError) -> Self {
        Self::Failed(Failure::Input(error))
    }
}

impl From<DeviceFailed> for NoAnswer {
    fn from(error: DeviceFailed) -> Self {
        Self::Failed(Failure::Device(error.sentence()))
    }
}
