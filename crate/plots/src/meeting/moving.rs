//! The meeting in motion: at which n it is seen, for how long, and all of them as one file that moves.

use super::MeetingAtN;
use crate::readout::Readout;
use crate::table::Table;
use crate::{Area, DrawError, Figure, Frame, Style, film};
use glasses_contract::report::Meeting;

/// A meeting at every n that it has time for, one after the other. Where nothing can move, it is the meeting at one n.
#[derive(Clone, Debug, PartialEq)]
pub struct MeetingFilm {
    /// The meeting at any n.
    pub meeting: MeetingAtN,
}

/// The n at which a film of a meeting stops, counted from the first, and for which share of the time: n grows by equal ratios, of which there are
/// so many, since what is to be seen goes with 1/n. Every n that it has time for is there.
pub fn stops(meeting: &Meeting, ratios: usize) -> Vec<(usize, f64)> {
    let (Some(&first), Some(&last)) = (meeting.n.first(), meeting.n.last()) else { return Vec::new() };
    let whole = (last.max(1) as f64 / first.max(1) as f64).ln();
    let share = 1.0 / (ratios + 1) as f64;
    let mut stops: Vec<(usize, f64)> = Vec::new();
    for at in 0..=ratios {
        let n = first.max(1) as f64 * (whole * at as f64 / ratios.max(1) as f64).exp();
        let at = meeting.n.partition_point(|&other| other as f64 <= n + 1e-9).saturating_sub(1);
        match stops.last_mut() {
            Some((last, shares)) if *last == at => *shares += share,
            _ => stops.push((at, share)),
        }
    }
    stops
}

impl MeetingFilm {
    /// What is seen, and for how many seconds. The last one stays a while.
    pub fn frames(&self) -> Vec<Frame<MeetingAtN>> {
        const RATIOS: usize = 96;
        const SECONDS: f64 = 12.0;
        /// For which the end is seen.
        const END: f64 = 2.5;
        let at = |(at, share): (usize, f64)| (MeetingAtN { at, ..self.meeting.clone() }, SECONDS * share);
        let mut frames: Vec<_> = stops(&self.meeting.meeting, RATIOS).into_iter().map(at).collect();
        frames.iter_mut().last().into_iter().for_each(|last| last.1 += END);
        frames
    }
}

impl Figure for MeetingFilm {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        self.meeting.draw(area, style)
    }

    fn document(&self, width: u32, height: Option<u32>, style: &Style) -> Result<String, DrawError> {
        film(&self.frames(), width, self.height_or(height, width), style)
    }

    fn height(&self, width: f64) -> f64 {
        self.meeting.height(width)
    }

    fn sentence(&self) -> String {
        self.meeting.sentence()
    }

    fn finding(&self) -> String {
        self.meeting.finding()
    }

    fn table(&self) -> Table {
        self.meeting.table()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_film_stops_at_every_n_that_it_has_time_for_and_ends_at_the_last() {
        let stops = |most: usize, ratios: usize| super::stops(&samples::meeting(most), ratios);
        let all = stops(256, 120);
        assert_eq!((all[0].0, all[all.len() - 1].0), (0, 255));
        assert!(
            all.is_sorted_by(|one, other| one.0 < other.0) && all.iter().take(12).enumerate().all(|(at, stop)| stop.0 == at),
            "{all:?}"
        );
        assert!((all.iter().map(|stop| stop.1).sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(all[0].1 > 5.0 * all[20].1, "the first steps are the largest ones, and take their time");
        assert_eq!(stops(1, 10).len(), 1);
        assert!(super::stops(&Meeting::default(), 10).is_empty());
    }
}
