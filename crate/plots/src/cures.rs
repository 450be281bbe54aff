//! Cures beside the plain model: the distance over n, and the sensitivity over tokens.

use crate::axis::AxisKind;
use crate::chart::{Across, Chart, Curve, Look};
use crate::layout;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::sensitivity::normalise;
use crate::table::Table;
use crate::value_axis::{guides_note, guides_of, identical};
use crate::{DrawError, Figure, Style, Theme};
use glasses_contract::Choice;
use glasses_contract::config::{Cures, Metric};
use glasses_contract::locale::together;
use glasses_contract::report::{Compared, Comparison};
use glasses_contract::say;
use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, DrawingBackend};

/// The output's distance against n, a line for each model.
#[derive(Clone, Debug)]
pub struct CuresByN<'a> {
    /// The numbers.
    pub comparison: &'a Comparison,
    /// Which of the distances.
    pub metric: Metric,
    /// The value of n that the rest of the page shows.
    pub n: usize,
    /// The plain model.
    pub model: String,
}

/// The sensitivity to each token, each model's divided by its greatest value.
#[derive(Clone, Debug)]
pub struct CuresByToken<'a> {
    /// The numbers.
    pub comparison: &'a Comparison,
    /// The plain model.
    pub model: String,
}

/// The plain model is a ghost; each cure looks the same whichever others are chosen.
fn look(theme: &Theme, row: &Compared) -> Look {
    match Cures::all().position(|cure| cure.word() == row.word) {
        Some(cure) => Look::of_series(theme, cure),
        None => Look::ghost(theme),
    }
}

impl CuresByN<'_> {
    fn title(&self) -> String {
        say!("{} distance at the output", self.metric.label())
    }

    fn chart(&self, theme: &Theme) -> Chart<'static> {
        let curve = |row: &Compared| Curve {
            label: row.label.to_string(),
            points: self.comparison.n.iter().copied().zip(row.distances.iter().map(|distances| distances.get(self.metric))).collect(),
            look: look(theme, row),
            ..Curve::default()
        };
        let mut notes = vec![say!("Plain: {}", self.model)];
        notes.extend((self.metric != Metric::Cosine).then(|| guides_note().into()));
        Chart {
            title: format!("↑ {}", self.title()),
            notes,
            across: Across::Count { kind: AxisKind::Log, title: "n →", reads: "n = {}" },
            kind: AxisKind::Log,
            zero: identical(),
            guides: guides_of(self.metric),
            curves: self.comparison.rows.iter().map(curve).collect(),
            current: Some((self.n, format!("n = {}", self.n))),
            ..Chart::default()
        }
    }
}

impl Figure for CuresByN<'_> {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, style: &Style) -> Result<Readout, DrawError> {
        self.chart(&style.theme).draw(&Pen::begin(area, style)?)
    }

    fn height(&self, width: f64) -> f64 {
        layout::height(width, 380.0, 440.0)
    }

    fn sentence(&self) -> String {
        let told = say!("{} over n, by model: {}.", self.title(), self.chart(&Theme::light()).story());
        together([told, say!("Plain: {}.", self.model)])
    }

    fn table(&self) -> Table {
        self.chart(&Theme::light()).table("n", self.metric.label())
    }
}

impl CuresByToken<'_> {
    fn chart(&self, theme: &Theme) -> Chart<'_> {
        let curve = |row: &Compared| {
            let mut curve = Curve {
                label: row.label.to_string(),
                points: row.sensitivity.as_ref()?.norm.iter().copied().enumerate().collect(),
                look: look(theme, row),
                ..Curve::default()
            };
            normalise(&mut curve);
            Some(curve)
        };
        Chart {
            title: format!("↑ {}", say!("Sensitivity to each token, normalised")),
            notes: vec![say!("Plain: {}", self.model), say!("‖∂yₙ/∂vᵢ‖ divided by its greatest value, for each model by itself.").into()],
            across: Across::Tokens(&self.comparison.tokens),
            kind: AxisKind::Linear,
            curves: self.comparison.rows.iter().filter_map(curve).collect(),
            ..Chart::default()
        }
    }
}

impl Figure for CuresByToken<'_> {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, style: &Style) -> Result<Readout, DrawError> {
        self.chart(&style.theme).draw(&Pen::begin(area, style)?)
    }

    fn height(&self, width: f64) -> f64 {
        layout::height(width, 380.0, 440.0)
    }

    fn sentence(&self) -> String {
        let told = say!("Sensitivity to each token, normalised, by model: {}.", self.chart(&Theme::light()).story());
        together([told, say!("Plain: {}.", self.model)])
    }

    fn table(&self) -> Table {
        self.chart(&Theme::light()).table(say!("number"), say!("share of the greatest"))
    }
}
