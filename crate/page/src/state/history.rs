//! When the address is written, and whether as a new entry of the history: one entry a burst of editing.

/// A pause after which the next change begins a new burst.
const BURST_PAUSE_MS: f64 = 1000.0;
/// Browsers refuse to write the address too often (Safari: 100 times in 30 s). So many writes may follow each other at once …
const MOST_AT_ONCE: f64 = 40.0;
/// … and so many come back in a second.
const PER_SECOND: f64 = 2.0;

/// How the address is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryEntry {
    /// As a new entry, to which Back returns.
    New,
    /// In place of the current one.
    Same,
}

/// The pace of writing.
#[derive(Debug)]
pub struct HistoryThrottle {
    /// The last change of the burst that is under way.
    last_change_ms: Option<f64>,
    /// Writes that may be made now.
    budget: f64,
    budget_ms: f64,
}

impl Default for HistoryThrottle {
    fn default() -> Self {
        Self { last_change_ms: None, budget: MOST_AT_ONCE, budget_ms: 0.0 }
    }
}

impl HistoryThrottle {
    /// The state changed: how to write it, or in how many milliseconds to come again.
    ///
    /// The first change of a burst makes the entry, so that the state before it stays one Back away; the rest of the burst is
    /// written into it.
    pub fn write(&mut self, now_ms: f64) -> Result<HistoryEntry, f64> {
        self.budget = (self.budget + (now_ms - self.budget_ms).max(0.0) / 1000.0 * PER_SECOND).min(MOST_AT_ONCE);
        self.budget_ms = now_ms;
        let is_burst = self.last_change_ms.is_some_and(|last| now_ms - last < BURST_PAUSE_MS);
        if self.budget < 1.0 {
            return Err((1.0 - self.budget) / PER_SECOND * 1000.0);
        }
        self.budget -= 1.0;
        self.last_change_ms = Some(now_ms);
        Ok(if is_burst { HistoryEntry::Same } else { HistoryEntry::New })
    }

    /// The burst is over.
    pub fn commit(&mut self) {
        self.last_change_ms = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_one_entry() {
        let mut throttle = HistoryThrottle::default();
        assert_eq!(throttle.write(0.0), Ok(HistoryEntry::New));
        assert_eq!(throttle.write(300.0), Ok(HistoryEntry::Same));
        assert_eq!(throttle.write(1200.0), Ok(HistoryEntry::Same), "each change prolongs it");
        assert_eq!(throttle.write(2300.0), Ok(HistoryEntry::New));
        throttle.commit();
        assert_eq!(throttle.write(2310.0), Ok(HistoryEntry::New));
    }

    #[test]
    fn no_browser_is_written_to_too_often() {
        let mut throttle = HistoryThrottle::default();
        let mut times = Vec::new();
        let mut now = 0.0;
        while now < 120_000.0 {
            match throttle.write(now) {
                Ok(entry) => {
                    assert_eq!(entry == HistoryEntry::New, now == 0.0, "a long burst stays one entry");
                    times.push(now);
                    now += 16.0;
                }
                Err(wait) => now += wait,
            }
        }
        for &start in &times {
            let within = times.iter().filter(|&&time| (start..start + 30_000.0).contains(&time)).count();
            assert!(within <= 100, "{within} writes in 30 s");
        }
    }
}
