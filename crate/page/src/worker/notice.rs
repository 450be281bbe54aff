//! Notices: what went wrong with an engine, as a plain sentence and perhaps something to press.

use glasses_contract::device::DeviceKind;

/// A sentence for the reader.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// What it is about; a newer notice about the same replaces it.
    pub about: About,
    /// The sentence.
    pub sentence: String,
    /// What can be done.
    pub action: Option<Action>,
    /// When it goes by itself, if it does.
    until_ms: Option<f64>,
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// An engine.
    Engine(DeviceKind),
    /// The page's version.
    Version,
}

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Start an engine again.
    Retry(DeviceKind),
    /// Load the page again.
    Reload,
}

impl Notice {
    /// Long enough to be read.
    pub const LONG_MS: f64 = 12_000.0;

    /// A notice that stays until it is dismissed or replaced.
    pub fn new(about: About, sentence: String) -> Self {
        Self { about, sentence, action: None, until_ms: None }
    }

    /// With something to press.
    pub fn with(self, action: Action) -> Self {
        Self { action: Some(action), ..self }
    }

    /// That goes by itself.
    pub fn until(self, until_ms: f64) -> Self {
        Self { until_ms: Some(until_ms), ..self }
    }
}

/// The notices that stand, one for each thing they are about.
#[derive(Debug, Default)]
pub struct Notices(Vec<Notice>);

impl Notices {
    /// Adds one, in place of what was said about the same thing.
    pub fn put(&mut self, notice: Notice) {
        self.remove(notice.about);
        self.0.push(notice);
    }

    /// Takes one away.
    pub fn remove(&mut self, about: About) {
        self.0.retain(|notice| notice.about != about);
    }

    /// What could be done need not be done any more: takes away what asked for it.
    pub fn remove_action(&mut self, about: About) {
        self.0.retain(|notice| notice.about != about || notice.action.is_none());
    }

    /// Whether something is said about this.
    pub fn has(&self, about: About) -> bool {
        self.0.iter().any(|notice| notice.about == about)
    }

    /// Takes away those whose time is over.
    pub fn expire(&mut self, now_ms: f64) {
        self.0.retain(|notice| notice.until_ms.is_none_or(|until| now_ms < until));
    }

    /// When the next one goes.
    pub fn expiry_ms(&self) -> Option<f64> {
        self.0.iter().filter_map(|notice| notice.until_ms).min_by(f64::total_cmp)
    }

    /// All of them.
    pub fn list(&self) -> Vec<Notice> {
        self.0.clone()
    }
}
