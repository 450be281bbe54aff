//! What the reader is told about the engines: which one computes, and what it is at.

use super::notice::Notice;
use glasses_contract::device::DeviceKind;
use glasses_contract::question::Topic;
use glasses_contract::report::EngineInfo;

/// All that the page shows of the engine client.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// Who computes.
    pub badge: Badge,
    /// What is under way, once it takes long enough to be mentioned.
    pub work: Option<Work>,
    /// How long what waits until the reader begins it would take, in milliseconds; none where nothing does.
    pub held_ms: Option<f64>,
    /// The reader stopped the work.
    pub is_stopped: bool,
    /// Which figures show an answer to something else than what is wanted.
    pub stale: Vec<Topic>,
    /// What went wrong.
    pub notices: Vec<Notice>,
    /// Whether all that is wanted is answered or refused, and nothing is under way.
    pub is_idle: bool,
}

/// Who computes.
#[derive(Clone, Debug, PartialEq)]
pub struct Badge {
    /// The kind of device.
    pub device: DeviceKind,
    /// Why this one.
    pub reason: String,
    /// The engine, once it is there.
    pub engine: Option<EngineInfo>,
    /// The name of the WebGPU adapter, also where the CPU computes; empty where none is known.
    pub webgpu_adapter: String,
    /// What keeps the WebGPU engine, if it is on its way.
    pub preparing: Option<Preparing>,
    /// Whether another try with WebGPU makes sense.
    pub can_retry_webgpu: bool,
}

/// What keeps the WebGPU engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preparing {
    /// Its code is loaded and started.
    Loading,
    /// It is compared with the CPU.
    Comparing,
}

/// Work under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// What, as the start of a sentence.
    pub label: String,
    /// What the answer is on; none where an engine is loaded.
    pub topic: Option<Topic>,
    /// Share done from 0 to 1, where it is known.
    pub share: Option<f64>,
    /// How long what the label names will take yet, in milliseconds, once that is known to be long.
    pub left_ms: Option<f64>,
}
