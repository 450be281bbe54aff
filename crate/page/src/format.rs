//! Numbers, times and sizes as people say them.

use crate::worker::Provenance;
use glasses_contract::device::DeviceKind;
use glasses_contract::say;

pub use glasses_contract::names::{changed, model, shape};

/// Who computed an answer, and how fast: “Computed by the CPU in 12 ms”.
pub fn computed(origin: &Provenance) -> String {
    let time = time(origin.milliseconds);
    match origin.device {
        DeviceKind::Cpu => say!("Computed by the CPU in {}.", time),
        DeviceKind::WebGpu => say!("Computed by WebGPU in {}.", time),
    }
}

/// A clause as a sentence: with a capital and a full stop.
pub fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let sentence = capital + letters.as_str();
    if clause.ends_with(['.', '!', '?', '。', '！', '？']) { sentence } else { say!("{}.", sentence) }
}

/// A size in bytes as people say it.
pub fn megabytes(bytes: f64) -> String {
    format!("{:.1} MB", bytes / 1e6)
}

/// A share as people say it: “97%”, “0.3%”; what is neither nothing nor everything is never said to be.
pub fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    let said = match percent {
        none if none > 0.0 && none < 0.05 => "< 0.1".to_owned(),
        all if (99.95..100.0).contains(&all) => "> 99.9".to_owned(),
        fine if fine > 0.0 && fine < 9.95 || fine > 99.0 && fine < 100.0 => format!("{fine:.1}"),
        other => format!("{other:.0}"),
    };
    format!("{said}%")
}

/// How long something will take yet, in milliseconds; nothing where that can't be said.
pub fn left(milliseconds: f64) -> String {
    if milliseconds.is_finite() { say!("{} left", lasts(milliseconds)) } else { String::new() }
}

/// How long something takes, in milliseconds, as people say it: a pace is no clock.
pub fn lasts(milliseconds: f64) -> String {
    const MINUTE: f64 = 60_000.0;
    const HOUR: f64 = 60.0 * MINUTE;
    let of = |unit: f64| (milliseconds / unit).round();
    match milliseconds {
        seconds if seconds < 0.75 * MINUTE => say!("about {} seconds", 10.0 * of(10_000.0).max(1.0)),
        minute if minute < 1.5 * MINUTE => say!("about a minute").into(),
        minutes if minutes < 10.0 * MINUTE => say!("about {} minutes", of(MINUTE)),
        minutes if minutes < 0.9 * HOUR => say!("about {} minutes", 5.0 * of(5.0 * MINUTE)),
        hour if hour < 1.5 * HOUR => say!("about an hour").into(),
        hours if hours < 48.0 * HOUR => say!("about {} hours", of(HOUR)),
        days if days.is_finite() => say!("about {} days", of(24.0 * HOUR)),
        _ => String::new(),
    }
}

/// A time as people say it.
fn time(milliseconds: f64) -> String {
    match milliseconds {
        short if short < 9.5 => say!("{} ms", format!("{short:.1}")),
        middle if middle < 1000.0 => say!("{} ms", format!("{middle:.0}")),
        long => say!("{} s", format!("{:.1}", long / 1000.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_becomes_a_sentence() {
        assert_eq!(sentence("the sequence is empty"), "The sequence is empty.");
        assert_eq!(sentence("“^” is odd."), "“^” is odd.");
        assert_eq!(sentence(""), ".");
    }

    #[test]
    fn what_is_left_is_said_as_people_say_it() {
        for (seconds, said) in [
            (10.0, "about 10 seconds left"),
            (44.0, "about 40 seconds left"),
            (50.0, "about a minute left"),
            (175.0, "about 3 minutes left"),
            (1_140.0, "about 20 minutes left"),
            (3_500.0, "about an hour left"),
            (10_000.0, "about 3 hours left"),
            (400_000.0, "about 5 days left"),
        ] {
            assert_eq!(left(1000.0 * seconds), said);
        }
    }

    #[test]
    fn a_share_is_none_or_all_only_where_it_is() {
        let shares = [0.0, 1e-9, 0.0004, 0.0006, 0.05, 0.105, 0.97, 0.9991, 0.99949, 0.99951, 1.0];
        let said = ["0%", "< 0.1%", "< 0.1%", "0.1%", "5.0%", "10%", "97%", "99.9%", "99.9%", "> 99.9%", "100%"];
        assert_eq!(shares.map(percent), said);
        assert_eq!(percent(f64::NAN), "NaN%");
    }

    #[test]
    fn times_and_sizes_have_the_digits_that_matter() {
        assert_eq!([0.4, 9.4, 12.3, 999.0, 1234.0].map(time), ["0.4 ms", "9.4 ms", "12 ms", "999 ms", "1.2 s"]);
        assert_eq!(megabytes(2_345_678.0), "2.3 MB");
    }
}
