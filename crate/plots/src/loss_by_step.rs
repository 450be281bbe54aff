//! Training as it goes: the loss of each step, and how often the model answers right.

use crate::axis::AxisKind;
use crate::chart::{Across, Chart, Curve, Look, Side};
use crate::curve::is_noisy;
use crate::marker::Marker;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::table::Table;
use crate::{DrawError, Figure, Style, Theme, number};
use glasses_contract::recipe::Accuracy;
use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, DrawingBackend};

/// What is known of a training run so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LossCurve {
    /// The steps whose loss is known, in growing order.
    pub step: Vec<usize>,
    /// The loss of each, in nats for each token of an answer.
    pub loss: Vec<f64>,
    /// How often the model answered right after a step, in growing order of steps.
    pub accuracy: Vec<(usize, Vec<Accuracy>)>,
}

/// Loss against the step, on an axis as long as the run is planned to be.
#[derive(Clone, Debug)]
pub struct LossByStep<'a> {
    /// The numbers so far.
    pub curve: &'a LossCurve,
    /// Steps that are planned.
    pub steps: usize,
    /// Which model is trained.
    pub model: String,
}

const LOSS: &str = "loss";
const RIGHT: &str = "answered right, as trained (scale at the right)";

impl LossCurve {
    /// The mean over the tasks of the share that was answered right, for each step at which it is known.
    fn right(&self) -> Vec<(usize, f64)> {
        let mean = |all: &[Accuracy]| all.iter().map(|task| task.trained).sum::<f64>() / all.len() as f64;
        self.accuracy.iter().map(|(step, all)| (*step, mean(all))).filter(|point| point.1.is_finite()).collect()
    }
}

impl LossByStep<'_> {
    fn chart(&self, theme: &Theme) -> Chart<'static> {
        let LossCurve { step, loss, .. } = self.curve;
        let right = self.curve.right();
        let mut notes = vec![self.model.clone()];
        if is_noisy(loss) {
            notes.push("Faint: the loss of each step; strong: the moving median.".into());
        }
        let last = step.last().copied().max(right.last().map(|point| point.0)).unwrap_or(0);
        let curves = vec![
            Curve {
                label: LOSS.into(),
                points: step.iter().copied().zip(loss.iter().copied()).collect(),
                look: Look { color: theme.series(0), width: 2.0, ..Look::default() },
                ..Curve::default()
            },
            Curve {
                label: RIGHT.into(),
                points: right,
                look: Look { side: Side::Right, marker: Marker::Square, dash: Some((2.5, 2.5)), ..Look::of_series(theme, 1) },
                ..Curve::default()
            },
        ];
        Chart {
            title: "↑ Loss, in nats for each token of an answer".into(),
            notes,
            across: Across::Count { kind: AxisKind::Linear, title: "step →", reads: "step " },
            ends: Some((0, self.steps.max(last))),
            kind: AxisKind::Log,
            curves,
            ..Chart::default()
        }
    }
}

impl Figure for LossByStep<'_> {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, style: &Style) -> Result<Readout, DrawError> {
        self.chart(&style.theme).draw(&Pen::begin(area, style)?)
    }

    fn height(&self, width: f64) -> f64 {
        (width * 0.45).clamp(320.0, 380.0)
    }

    fn sentence(&self) -> String {
        let LossCurve { step, loss, .. } = self.curve;
        let told = match (step.first().zip(loss.first()), step.iter().zip(loss).next_back()) {
            (Some((first, from)), Some((last, to))) => {
                let (from, to) = (number::short(*from), number::short(*to));
                format!("from {from} at step {first} to {to} at step {last} of {}", self.steps)
            }
            _ => format!("no numbers yet, of {} steps", self.steps),
        };
        let right = self.curve.right().last().map_or(String::new(), |(step, share)| {
            format!(" After step {step}, {} of questions like those in training are answered right.", number::percent(*share))
        });
        format!("Loss in nats for each token of an answer: {told}.{right} Model: {}.", self.model)
    }

    fn table(&self) -> Table {
        let mut table = self.chart(&Theme::light()).table("step", "");
        for (column, (name, unit)) in table.columns.iter_mut().skip(1).zip([(LOSS, "nats"), ("answered right, as trained", "share")]) {
            (column.name, column.unit) = (name.into(), unit.into());
        }
        table
    }
}
