//! Who trains a recipe, where the browser has no locks: a file that names its holder and ends by itself.

/// How long a lease lasts that is not renewed, in milliseconds: a run renews it whenever it is kept.
pub const LASTS_MS: f64 = 30_000.0;

/// The file of a lease that this holder has from now on; none where another one has it still.
pub fn take(found: Option<&[u8]>, holder: u64, now_ms: f64) -> Option<Vec<u8>> {
    let is_taken = found.and_then(read).is_some_and(|(other, until_ms)| {
        // One that would last longer than any lease was written under another clock.
        other != holder && until_ms > now_ms && until_ms <= now_ms + 2.0 * LASTS_MS
    });
    (!is_taken).then(|| [holder.to_le_bytes(), (now_ms + LASTS_MS).to_le_bytes()].concat())
}

fn read(file: &[u8]) -> Option<(u64, f64)> {
    let (holder, until_ms) = file.split_at_checked(8)?;
    Some((u64::from_le_bytes(holder.try_into().ok()?), f64::from_le_bytes(until_ms.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_is_its_holders_until_it_ends() {
        let lease = take(None, 1, 1000.0);
        assert!(lease.is_some());
        for (holder, now_ms, is_granted) in [
            (1, 2000.0, true),
            (2, 2000.0, false),
            (2, 999.0 + LASTS_MS, false),
            (2, 1000.0 + LASTS_MS, true),
            // The clock was set back by an hour meanwhile.
            (2, -3_600_000.0, true),
        ] {
            assert_eq!(take(lease.as_deref(), holder, now_ms).is_some(), is_granted, "{holder} at {now_ms}");
        }
        assert!(take(Some(b"no lease"), 2, 0.0).is_some() && take(Some(b""), 2, 0.0).is_some());
    }
}
