//! The end of a collapse: how like the last token is to the first one at every n, a line for each stage of the model.

use crate::axis::AxisKind;
use crate::chart::{Across, Chart, Constant, Curve, Form, Look, Name};
use crate::distance_by_n::{at_some_n, look, points, rank, some_layers, stages_shown};
use crate::layout;
use crate::marker::Marker;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::table::{Cell, Column, Table};
use crate::told::{Told, View};
use crate::{Area, DrawError, Figure, Style, Theme, number};
use glasses_contract::locale::together;
use glasses_contract::report::{LIKE, Likest, Sweep};
use glasses_contract::say;
use std::sync::Arc;

/// Cosine of the last and the first token against n.
#[derive(Clone, Debug, PartialEq)]
pub struct LikenessByN {
    /// The numbers.
    pub sweep: Arc<Sweep>,
    /// The value of n that the rest of the page shows, marked by an upright line.
    pub n: usize,
    /// The last n of the axis, where the numbers end before it: what comes between is veiled.
    pub veiled_to: Option<usize>,
    /// Which model drew it.
    pub model: String,
}

fn title() -> &'static str {
    say!("Cosine of A's last token with its first one")
}

impl LikenessByN {
    /// The figure of an answer, as it is looked at.
    pub fn of(told: &Told<Sweep>, view: &View) -> Self {
        let (sweep, veiled_to) = view.given(&told.answer);
        Self { sweep, n: view.n, veiled_to, model: told.model() }
    }

    fn chart(&self, theme: &Theme) -> Chart<'static> {
        let likest = self.sweep.likest();
        let mut shown = stages_shown(&self.sweep);
        shown.extend(likest.map(|likest| likest.index).filter(|index| !shown.contains(index)));
        shown.sort_unstable();
        let count = self.sweep.likeness.len();
        let is_likest = |stage: usize| likest.is_some_and(|likest| likest.index == stage);
        let curve = |(at, &stage): (usize, &usize)| {
            let curve = self.sweep.likeness.get(stage)?;
            let strong = Look { width: 2.5, dash: None, name: Name::AtEndStrong, ..look(theme, stage, count, Name::AtEnd) };
            let faint = Look { width: 1.5, ..look(theme, stage, count, Name::AtEnd) };
            Some(Curve {
                label: curve.stage.to_string(),
                points: points(&self.sweep.n, curve.cosine.iter().copied()),
                look: self.at_known(if is_likest(stage) { strong } else { faint }),
                spot: likest.filter(|_| is_likest(stage)).and_then(|likest| likest.from).map(|n| (n, format!("n = {n}"))),
                rank: if is_likest(stage) { 0 } else { 1 + rank(at, shown.len()) },
                ..Curve::default()
            })
        };
        let mut notes = vec![self.model.clone()];
        if shown.len() < count {
            notes.push(some_layers(&self.sweep, &shown));
        }
        if self.sweep.is_at_some_n() {
            notes.push(at_some_n(&self.sweep));
        }
        Chart {
            title: format!("↑ {}", title()),
            notes,
            across: Across::Count { kind: AxisKind::Linear, title: "n →", reads: "n = {}" },
            reach: Some(1.0),
            curves: shown.iter().enumerate().filter_map(curve).collect(),
            constants: vec![Constant { label: say!("cosine {}", LIKE), value: LIKE }],
            current: Some((self.n, format!("n = {}", self.n))),
            ends: self.sweep.n.first().copied().zip(self.veiled_to),
            veil: self.sweep.n.last().copied().filter(|_| self.veiled_to.is_some()).map(|n| (n, say!("your guess?"))),
            ..Chart::default()
        }
    }

    /// A look without lines where nothing is known between the points.
    fn at_known(&self, look: Look) -> Look {
        if self.sweep.is_at_some_n() { Look { form: Form::Points, marker: Marker::Dot, ..look } } else { look }
    }
}

impl Figure for LikenessByN {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        self.chart(&style.theme).draw(&Pen::begin(area, style)?)
    }

    fn height(&self, width: f64) -> f64 {
        layout::height(width, 340.0, 400.0)
    }

    fn sentence(&self) -> String {
        let (Some(first), Some(last)) = (self.sweep.n.first(), self.sweep.n.last()) else {
            return say!("{}: no numbers yet.", title());
        };
        let ends = self.chart(&Theme::light()).curves.into_iter().filter_map(|curve| {
            let (from, to) = (curve.points.first()?.1, curve.points.last()?.1);
            Some(say!("{} from {} to {}", curve.label, number::short(from), number::short(to)))
        });
        let told = say!("{} from n = {} to n = {}, by stage: {}.", title(), first, last, ends.collect::<Vec<_>>().join(say!("; ")));
        together([told, self.finding(), say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        let Some(Likest { stage, from, greatest, at, .. }) = self.sweep.likest() else {
            return say!("{}: no numbers yet.", title());
        };
        let greatest = number::short(greatest);
        match from {
            Some(n) => {
                say!("At {} the cosine first exceeds {} at n = {}; the greatest is {}, at n = {}.", stage, LIKE, n, greatest, at)
            }
            None => {
                say!("Behind the embedding the cosine exceeds {} nowhere; it comes nearest at {}, {} at n = {}.", LIKE, stage, greatest, at)
            }
        }
    }

    fn table(&self) -> Table {
        let mut columns = vec![Column::new("n")];
        columns.extend(self.sweep.likeness.iter().map(|curve| Column::with_unit(curve.stage.to_string(), say!("cosine"))));
        let row = |(index, &n): (usize, &usize)| {
            let cosine = |cosine: Option<&f64>| cosine.map_or(Cell::Missing, |&cosine| Cell::Number(cosine));
            [Cell::Count(n)].into_iter().chain(self.sweep.likeness.iter().map(|curve| cosine(curve.cosine.get(index)))).collect()
        };
        Table { columns, rows: self.sweep.n.iter().enumerate().map(row).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn figure(sweep: &Sweep) -> LikenessByN {
        LikenessByN { sweep: sweep.clone().into(), n: 24, veiled_to: None, model: samples::MODEL.into() }
    }

    #[test]
    fn the_finding_names_the_place_that_is_marked() {
        let sweep = samples::sweep(12, 100);
        let likest = sweep.likest().expect("numbers");
        let from = likest.from.expect("it turns");
        let marked = |figure: &LikenessByN| {
            let curves = figure.chart(&Theme::light()).curves;
            curves.into_iter().filter_map(|curve| Some((curve.label, curve.spot?.0))).collect::<Vec<_>>()
        };
        assert_eq!(marked(&figure(&sweep)), [("layer 1".to_owned(), from)]);
        let finding = figure(&sweep).finding();
        assert!(finding.contains(&format!("first exceeds 0.9 at n = {from}")), "{finding}");
        assert!(figure(&sweep).sentence().contains(&finding), "who hears the figure is told the same");
        let short = sweep.until(20);
        assert_eq!(marked(&figure(&short)), []);
        assert!(figure(&short).finding().contains("nowhere"), "{}", figure(&short).finding());
    }

    #[test]
    fn the_telling_layer_is_drawn_whatever_layers_are_left_out_and_the_table_has_all() {
        let mut sweep = samples::sweep(30, 100);
        sweep.likeness[3].cosine.iter_mut().for_each(|cosine| *cosine += 0.05);
        let figure = figure(&sweep);
        let labels: Vec<String> = figure.chart(&Theme::light()).curves.into_iter().map(|curve| curve.label).collect();
        assert_eq!(labels, ["embedding", "layer 1", "layer 3", "layer 8", "layer 16", "layer 23", "layer 30", "output"]);
        assert_eq!(figure.table().columns.len(), 1 + 32);
    }
}
