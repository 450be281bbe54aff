//! What separators keep: the distance over n with one at every k-th place, beside the same texts without.

use crate::axis::AxisKind;
use crate::chart::{Chart, Curve, Look, Name};
use crate::guess::Guess;
use crate::layout;
use crate::marker::Marker;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::separators::ordinal;
use crate::table::Table;
use crate::told::{Told, View};
use crate::value_axis::guides_note;
use crate::{Area, DrawError, Figure, Style, Theme, number};
use glasses_contract::Choice;
use glasses_contract::config::Metric;
use glasses_contract::locale::together;
use glasses_contract::paper::{self, PublishedCurve};
use glasses_contract::report::SeparatorMap;
use glasses_contract::say;
use std::sync::Arc;

/// Two rows of a map of separators as curves over n: the one without, and the one of a period.
#[derive(Clone, Debug, PartialEq)]
pub struct SeparatorsByN {
    /// The numbers.
    pub map: Arc<SeparatorMap>,
    /// Which of the distances.
    pub metric: Metric,
    /// The period; where the map has no such row, the best one stands for it.
    pub k: usize,
    /// The value of n that the rest of the page shows.
    pub n: usize,
    /// What somebody guessed the distance with separators to be, by n, drawn by hand; empty where it can still be drawn.
    pub guess: Option<Vec<(usize, f64)>>,
    /// The last n of the axis, where the numbers end before it: what comes between is veiled.
    pub veiled_to: Option<usize>,
    /// Curves that the paper published, of another model. They are L∞ distances, and shown beside those only.
    pub published: Vec<PublishedCurve>,
    /// Which model drew it.
    pub model: String,
}

/// A narrower picture has no room for names at the ends of lines, in CSS pixels.
const WIDE: f64 = 520.0;

impl SeparatorsByN {
    /// The figure of an answer, as it is looked at.
    pub fn of(told: &Told<SeparatorMap>, view: &View) -> Self {
        let veiled_to = told.answer.n.last().copied().filter(|_| view.is_veiled);
        Self {
            map: if view.is_veiled { SeparatorMap::clone(&told.answer).until(view.n).into() } else { told.answer.clone() },
            metric: view.metric,
            k: view.k,
            n: view.n,
            guess: view.guess.clone(),
            veiled_to,
            // What the paper measured would tell how ours goes on.
            published: if view.is_veiled { Vec::new() } else { paper::of_separators(view.published) },
            model: told.model(),
        }
    }

    /// The last distance that is given, at which a guess begins, with its n; none where it is zero.
    pub fn given(&self) -> Option<(usize, f64)> {
        self.guess().real.last().copied().filter(|given| given.1 > 0.0)
    }

    fn guess(&self) -> Guess<'_> {
        let real = self.period().map(|k| self.points(k)).unwrap_or_default();
        Guess { drawn: self.guess.as_deref(), is_veiled: self.veiled_to.is_some(), real }
    }

    fn title(&self) -> String {
        say!("{} distance at the output", self.metric.label())
    }

    /// The period that is drawn, if there is any.
    fn period(&self) -> Option<usize> {
        Some(self.k).filter(|k| *k > 0 && self.map.k.contains(k)).or_else(|| self.map.best(self.metric))
    }

    fn points(&self, k: usize) -> Vec<(usize, f64)> {
        let row = self.map.k.iter().position(|&other| other == k).and_then(|row| self.map.distances.get(row));
        let values = row.into_iter().flatten().map(|distances| distances.get(self.metric));
        self.map.n.iter().copied().zip(values).collect()
    }

    fn chart(&self, theme: &Theme, name: Name) -> Chart<'static> {
        let without = Curve {
            label: say!("no separators").into(),
            points: self.points(0),
            look: Look { name, ..Look::ghost(theme) },
            ..Curve::default()
        };
        let with = self.period().map(|k| Curve {
            label: say!("every {}", ordinal(k)),
            points: self.points(k),
            look: Look { width: 2.5, dash: None, name, ..Look::of_series(theme, 0) },
            ..Curve::default()
        });
        let mut notes = vec![self.model.clone()];
        notes.extend((self.metric != Metric::Cosine).then(|| guides_note().into()));
        let published: Vec<Curve> = self.published(theme);
        if !published.is_empty() {
            notes.push(say!("Crosses: published, Gemma 7B, mean over the heads of its last layer.").into());
        }
        Chart {
            title: format!("↑ {}", self.title()),
            notes,
            curves: [without].into_iter().chain(with).chain(published).chain(self.guess().curve(theme, name)).collect(),
            reach: self.guess().room(),
            ends: self.map.n.first().copied().zip(self.veiled_to),
            veil: self.guess().veil(),
            ..Chart::of_distances(AxisKind::Log, self.metric, self.n)
        }
    }

    /// The published curves as far as ours go.
    fn published(&self, theme: &Theme) -> Vec<Curve> {
        let most = self.map.n.last().copied().unwrap_or(0);
        let all = self.published.iter().filter(|_| self.metric == Metric::Linf).enumerate();
        let curve = |(number, published): (usize, &PublishedCurve)| Curve {
            label: published.label().into(),
            points: published.points.iter().filter(|point| point.n <= most).map(|point| (point.n, point.value)).collect(),
            look: Look { width: 1.25, dash: Some((2.0, 3.0)), marker: Marker::Cross, ..Look::of_series(theme, 1 + number) },
            ..Curve::default()
        };
        all.map(curve).collect()
    }
}

impl Figure for SeparatorsByN {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        let pen = Pen::begin(area, style)?;
        let name = if pen.sheet().x1 < WIDE { Name::InKeys } else { Name::AtEnd };
        self.chart(&style.theme, name).draw(&pen)
    }

    fn height(&self, width: f64) -> f64 {
        layout::height(width, 380.0, 440.0)
    }

    fn sentence(&self) -> String {
        let told = say!("{} over n, with separators and without: {}.", self.title(), self.chart(&Theme::light(), Name::AtEnd).story());
        together([told, self.finding(), say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        together(self.guess().beside().into_iter().chain([self.found()]))
    }

    fn table(&self) -> Table {
        self.chart(&Theme::light(), Name::AtEnd).table("n", self.metric.label())
    }
}

impl SeparatorsByN {
    /// What separators keep at the last n.
    fn found(&self) -> String {
        let last = |k: usize| self.points(k).last().copied();
        let (Some(k), Some((n, without))) = (self.period(), last(0)) else { return say!("no numbers yet").into() };
        let with = last(k).map_or(f64::NAN, |point| point.1);
        let (times, [with, without]) = (with / without, [with, without].map(number::short));
        if times.is_finite() && times > 1.0 {
            return say!(
                "At n = {}, a separator after every {} keeps the two {} times as far apart: {}, against {} without.",
                n,
                ordinal(k),
                number::short(times),
                with,
                without
            );
        }
        say!("At n = {}, the distance is {} with a separator after every {}, and {} without.", n, with, ordinal(k), without)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use glasses_contract::config::Published;
    use glasses_contract::paper;

    fn figure(map: &SeparatorMap, k: usize) -> SeparatorsByN {
        SeparatorsByN {
            map: map.clone().into(),
            metric: Metric::Linf,
            k,
            n: 24,
            guess: None,
            veiled_to: None,
            published: vec![],
            model: samples::MODEL.into(),
        }
    }

    #[test]
    fn the_finding_compares_the_ends_of_the_two_curves() {
        let map = samples::separators(12, 48);
        let three = figure(&map, 3);
        let (with, without) = (three.points(3)[47].1, three.points(0)[47].1);
        let finding = three.finding();
        assert!(finding.contains(&format!("every 3rd symbol keeps the two {} times", number::short(with / without))), "{finding}");
        assert!(finding.contains(&number::short(with)) && finding.contains("n = 192"), "{finding}");
        assert_eq!(figure(&map, 99).period(), map.best(Metric::Linf), "another period has no row");
        assert!(!figure(&map, 12).finding().contains("times"), "what does not help is not said to");
    }

    #[test]
    fn published_curves_end_where_ours_do_and_are_of_one_distance() {
        let (map, published) = (samples::separators(12, 48), paper::of_separators(Published::Fig5d));
        let linf = SeparatorsByN { published: published.clone(), ..figure(&map, 3) };
        let curves = linf.published(&Theme::light());
        assert_eq!(curves.len(), 2);
        assert!(curves.iter().all(|curve| curve.points.last().is_some_and(|point| point.0 == 101)));
        assert!(SeparatorsByN { metric: Metric::L1, ..linf }.published(&Theme::light()).is_empty());
    }
}
