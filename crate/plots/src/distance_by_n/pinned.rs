//! Pinned curves: what the same distance is in other experiments.

use super::{DistanceByN, points};
use crate::chart::{Curve, Look};
use crate::number;
use crate::theme::Theme;
use glasses_contract::config::Metric;
use glasses_contract::locale::together;
use glasses_contract::report::{PinnedCurve, Stage};
use glasses_contract::{Experiment, names, open, say};

/// The colors of pinned curves among the series, in their order: none is that of a layer, and those of other curves of the figure come last.
const COLORS: [usize; 4] = [5, 3, 0, 4];

/// How their lines are broken.
const DASHES: [Option<(f64, f64)>; 4] = [Some((7.0, 3.0)), Some((2.5, 2.5)), Some((12.0, 3.0)), Some((7.0, 2.0))];

/// The output's distance of another experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct PinnedLine {
    /// In what it is another: “rotary positions”.
    pub label: String,
    /// The numbers.
    pub curve: PinnedCurve,
}

impl PinnedLine {
    /// The curve of what is pinned beside an experiment; none where it is that experiment.
    pub fn beside(curve: &PinnedCurve, now: &Experiment) -> Option<Self> {
        let differs = names::difference(&open::pinned(&curve.link, now), now);
        (!differs.is_empty()).then(|| Self { label: differs.join(say!(", ")), curve: curve.clone() })
    }

    fn points(&self, metric: Metric, most: usize) -> Vec<(usize, f64)> {
        let values = self.curve.distances.iter().map(|distances| distances.get(metric));
        points(&self.curve.n, values).into_iter().filter(|point| point.0 <= most).collect()
    }
}

impl DistanceByN {
    /// The outputs of what is pinned, as far as ours goes.
    pub(super) fn pinned(&self, theme: &Theme) -> impl Iterator<Item = Curve> {
        let most = self.sweep.n.last().copied().unwrap_or(0);
        self.pinned.iter().enumerate().map(move |(index, line)| Curve {
            label: say!("pinned: {}", line.label),
            points: line.points(self.metric, most),
            look: self.at_known(Look {
                color: theme.series(COLORS[index % COLORS.len()]),
                width: 1.75,
                dash: DASHES[index % DASHES.len()],
                ..Look::default()
            }),
            ..Curve::default()
        })
    }

    /// How far apart the outputs of what is pinned are at the end, beside ours.
    pub(super) fn beside_pinned(&self) -> String {
        let output = self.sweep.stages.iter().find(|curve| curve.stage == Stage::Output);
        let ours: Vec<(usize, f64)> = output
            .map_or_else(Vec::new, |output| points(&self.sweep.n, output.distances.iter().map(|distances| distances.get(self.metric))));
        let most = self.sweep.n.last().copied().unwrap_or(0);
        together(self.pinned.iter().filter_map(|line| {
            let theirs = line.points(self.metric, most);
            let &(n, ours) = ours.iter().rfind(|point| theirs.iter().any(|other| other.0 == point.0))?;
            let theirs = theirs.iter().find(|point| point.0 == n)?.1;
            let ratio = ours / theirs;
            Some(if ratio.is_finite() && ratio > 0.0 {
                say!("At n = {}, the output's distance is {} times that of the pinned curve ({}).", n, number::short(ratio), line.label)
            } else {
                say!("At n = {}, the pinned curve ({}) is at {}.", n, line.label, number::short(theirs))
            })
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Figure;
    use crate::samples;

    fn pinned(link: &str, n: &[usize], times: f64) -> PinnedCurve {
        let sweep = samples::sweep(2, 100);
        let output = &sweep.stages[3].distances;
        let at = |n: &usize| glasses_contract::report::Distances { linf: times * output[n - 1].linf, ..output[n - 1] };
        PinnedCurve { link: link.into(), distances: n.iter().map(at).collect(), n: n.to_vec() }
    }

    #[test]
    fn a_pinned_curve_is_named_by_its_difference_and_compared_where_both_are_known() {
        let (sweep, now) = (samples::sweep(2, 60), Experiment::default());
        let curve = pinned("v=1&pos=rotary", &[1, 50, 80], 4.0);
        assert!(PinnedLine::beside(&pinned("v=1", &[1], 1.0), &now).is_none(), "it is the curve that is drawn");
        let line = PinnedLine::beside(&curve, &now).expect("another");
        assert_eq!(line.label, "rotary positions");
        let figure = DistanceByN { pinned: vec![line], ..DistanceByN::new(sweep.clone(), Metric::Linf, 24, samples::MODEL) };
        let drawn: Vec<usize> = figure.pinned(&Theme::light()).flat_map(|curve| curve.points).map(|point| point.0).collect();
        assert_eq!(drawn, [1, 50], "no further than ours");
        let told = "At n = 50, the output's distance is 0.250 times that of the pinned curve (rotary positions).";
        assert!(figure.finding().contains(told) && figure.sentence().contains(told), "{}", figure.finding());
        let table = figure.table();
        assert_eq!(table.columns.last().map(|column| column.name.clone()), Some("pinned: rotary positions".into()));
        assert_eq!(table.rows.len(), 60);
    }

    #[test]
    fn of_a_curve_that_is_zero_the_value_is_told_and_no_ratio() {
        let sweep = samples::sweep(2, 60);
        let curve = pinned("v=1&pos=rotary", &[60], 0.0);
        let line = PinnedLine::beside(&curve, &Experiment::default()).into_iter().collect();
        let figure = DistanceByN { pinned: line, ..DistanceByN::new(sweep.clone(), Metric::Linf, 24, samples::MODEL) };
        assert!(figure.finding().contains("At n = 60, the pinned curve (rotary positions) is at 0."), "{}", figure.finding());
    }
}
