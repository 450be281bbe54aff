//! Training as it goes: the loss of each step, and how often the model answers right.

use crate::axis::AxisKind;
use crate::chart::{Across, Chart, Curve, Look, Side};
use crate::curve::is_noisy;
use crate::marker::Marker;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::table::Table;
use crate::{Area, DrawError, Figure, Style, Theme, number};
use glasses_contract::locale::{together, tr};
use glasses_contract::recipe::{Accuracy, Recipe};
use glasses_contract::{names, say};

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
#[derive(Clone, Debug, PartialEq)]
pub struct LossByStep {
    /// The numbers so far.
    pub curve: LossCurve,
    /// Steps that are planned.
    pub steps: usize,
    /// Which model is trained.
    pub model: String,
}

impl LossCurve {
    /// The mean over the tasks of the share that was answered right, for each step at which it is known.
    fn right(&self) -> Vec<(usize, f64)> {
        let mean = |all: &[Accuracy]| all.iter().map(|task| task.trained).sum::<f64>() / all.len() as f64;
        self.accuracy.iter().map(|(step, all)| (*step, mean(all))).filter(|point| point.1.is_finite()).collect()
    }
}

impl LossByStep {
    /// The loss of a run, as far as its recipe tells it.
    pub fn of(recipe: &Recipe) -> Self {
        // Each is the mean over so many steps; the last one may be over fewer.
        let part = recipe.steps.div_ceil(100).max(1);
        let step = (1..=recipe.loss.len()).map(|index| (index * part).min(recipe.steps)).collect();
        let curve = LossCurve { step, loss: recipe.loss.clone(), accuracy: vec![(recipe.steps, recipe.accuracy.clone())] };
        Self { curve, steps: recipe.steps, model: names::shape(&recipe.used().model) }
    }

    fn chart(&self, theme: &Theme) -> Chart<'static> {
        let LossCurve { step, loss, .. } = &self.curve;
        let right = self.curve.right();
        let mut notes = vec![self.model.clone()];
        if is_noisy(loss) {
            notes.push(say!("Faint: the loss of each step; strong: the moving median.").into());
        }
        let last = step.last().copied().max(right.last().map(|point| point.0)).unwrap_or(0);
        let curves = vec![
            Curve {
                label: say!("loss").into(),
                points: step.iter().copied().zip(loss.iter().copied()).collect(),
                look: Look { color: theme.series(0), width: 2.0, ..Look::default() },
                ..Curve::default()
            },
            Curve {
                label: say!("answered right, as trained (scale at the right)").into(),
                points: right,
                look: Look { side: Side::Right, marker: Marker::Square, dash: Some((2.5, 2.5)), ..Look::of_series(theme, 1) },
                ..Curve::default()
            },
        ];
        Chart {
            title: format!("↑ {}", say!("Loss, in nats for each token of an answer")),
            notes,
            across: Across::Count { kind: AxisKind::Linear, title: say!("step →"), reads: tr("step {}") },
            ends: Some((0, self.steps.max(last))),
            kind: AxisKind::Log,
            curves,
            ..Chart::default()
        }
    }
}

impl Figure for LossByStep {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        self.chart(&style.theme).draw(&Pen::begin(area, style)?)
    }

    fn height(&self, width: f64) -> f64 {
        (width * 0.45).clamp(320.0, 380.0)
    }

    fn sentence(&self) -> String {
        together([self.finding(), say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        let LossCurve { step, loss, .. } = &self.curve;
        let told = match (step.first().zip(loss.first()), step.iter().zip(loss).next_back()) {
            (Some((first, from)), Some((last, to))) => {
                let (from, to) = (number::short(*from), number::short(*to));
                say!("from {} at step {} to {} at step {} of {}", from, first, to, last, self.steps)
            }
            _ => say!("no numbers yet, of {} steps", self.steps),
        };
        let right = self.curve.right().last().map_or(String::new(), |(step, share)| {
            say!("After step {}, {} of questions like those in training are answered right.", step, number::percent(*share))
        });
        together([say!("Loss in nats for each token of an answer: {}.", told), right])
    }

    fn table(&self) -> Table {
        let mut table = self.chart(&Theme::light()).table(say!("step"), "");
        for (column, (name, unit)) in
            table.columns.iter_mut().skip(1).zip([(say!("loss"), say!("nats")), (say!("answered right, as trained"), say!("share"))])
        {
            (column.name, column.unit) = (name.into(), unit.into());
        }
        table
    }
}
