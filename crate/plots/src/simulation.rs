//! The paper's synthetic figures: simulated here, as published, and as a second simulation has them.

use crate::axis::AxisKind;
use crate::chart::{Across, Chart, Curve, Form, Look};
use crate::layout;
use crate::marker::Marker;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::table::Table;
use crate::told::Told;
use crate::value_axis::{GUIDES, guides_note, identical};
use crate::{Area, DrawError, Figure, Style, Theme};
use glasses_contract::Choice;
use glasses_contract::config::Published;
use glasses_contract::locale::together;
use glasses_contract::paper::{self, Provenance, PublishedCurve};
use glasses_contract::report::{Simulated, Simulation};
use glasses_contract::say;
use std::sync::Arc;

/// One synthetic figure of the paper, both axes logarithmic.
#[derive(Clone, Debug, PartialEq)]
pub struct PaperFigure {
    /// What was simulated here.
    pub simulation: Arc<Simulation>,
    /// What was published.
    pub published: Vec<PublishedCurve>,
}

impl PaperFigure {
    /// The figure of an answer.
    pub fn of(told: &Told<Simulation>) -> Self {
        Self { simulation: told.answer.clone(), published: paper::curves(told.answer.figure) }
    }

    fn quantity(&self) -> &'static str {
        match self.simulation.figure {
            Published::Fig9 => say!("Total variation of two softmaxes"),
            Published::Fig10 => say!("L1 distance of the outputs for n and n + 1 tokens"),
            _ => say!("L∞ distance of the outputs for n and n + 1 tokens"),
        }
    }

    fn source(&self) -> String {
        let seeds = self.simulation.curves.iter().map(|curve| curve.seeds).max().unwrap_or(0);
        say!("Lines: simulated here, mean of {} seeds, shaded from least to greatest; not the transformer of this page.", seeds)
    }

    fn chart(&self, theme: &Theme) -> Chart<'static> {
        let ours = |(index, curve): (usize, &Simulated)| Curve {
            label: curve.label.to_string(),
            points: curve.n.iter().copied().zip(curve.mean.iter().copied()).collect(),
            band: curve.min.iter().copied().zip(curve.max.iter().copied()).collect(),
            look: Look { marker: Marker::None, ..Look::of_series(theme, index) },
            ..Curve::default()
        };
        let theirs = |curve: &PublishedCurve| {
            let (color, marker) = match curve.origin {
                Provenance::Digitised => (theme.ink, Marker::Cross),
                Provenance::Simulated => (theme.muted, Marker::Ring),
            };
            Curve {
                label: curve.label().into(),
                points: curve.points.iter().map(|point| (point.n, point.value)).collect(),
                look: Look { color, marker, form: Form::Points, ..Look::default() },
                ..Curve::default()
            }
        };
        Chart {
            title: format!("↑ {}", self.quantity()),
            notes: vec![self.source(), together([say!("Crosses: read off the published picture."), guides_note()])],
            across: Across::Count { kind: AxisKind::Log, title: "n →", reads: "n = {}" },
            kind: AxisKind::Log,
            zero: identical(),
            guides: &GUIDES,
            curves: self.simulation.curves.iter().enumerate().map(ours).chain(self.published.iter().map(theirs)).collect(),
            ..Chart::default()
        }
    }
}

impl Figure for PaperFigure {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        self.chart(&style.theme).draw(&Pen::begin(area, style)?)
    }

    fn height(&self, width: f64) -> f64 {
        layout::height(width, 380.0, 460.0)
    }

    fn sentence(&self) -> String {
        let figure = say!("{} of the paper.", self.simulation.figure.label());
        together([figure, self.finding(), self.source()])
    }

    fn finding(&self) -> String {
        say!("{}: {}.", self.quantity(), self.chart(&Theme::light()).story())
    }

    fn table(&self) -> Table {
        let unit = match self.simulation.figure {
            Published::Fig9 | Published::Fig10 => "L1",
            _ => "L∞",
        };
        self.chart(&Theme::light()).table("n", unit)
    }
}
