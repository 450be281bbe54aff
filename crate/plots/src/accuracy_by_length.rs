//! How often a model answers right, over the number of elements, task by task.

use crate::axis::AxisKind;
use crate::chart::{Across, Chart, Curve, Look};
use crate::layout;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::table::Table;
use crate::{Area, DrawError, Figure, Style, Theme, number};
use glasses_contract::Choice;
use glasses_contract::locale::together;
use glasses_contract::recipe::{Accuracy, Recipe};
use glasses_contract::{names, say};

/// Share of right answers against the number of elements: a line for each task.
#[derive(Clone, Debug, PartialEq)]
pub struct AccuracyByLength {
    /// The numbers, an entry a task.
    pub accuracy: Vec<Accuracy>,
    /// Which model answered.
    pub model: String,
}

fn title() -> &'static str {
    say!("Share of answers that are right")
}

impl AccuracyByLength {
    /// How often the model of a recipe is right.
    pub fn of(recipe: &Recipe) -> Self {
        Self { accuracy: recipe.accuracy.clone(), model: names::shape(&recipe.used().model) }
    }

    fn chart(&self, theme: &Theme) -> Chart<'static> {
        let curve = |(number, task): (usize, &Accuracy)| Curve {
            label: task.task.label().into(),
            // A logarithmic axis has no place for a sequence of nothing.
            points: task.n.iter().copied().zip(task.exact.iter().copied()).filter(|point| point.0 > 0).collect(),
            look: Look::of_series(theme, number),
            ..Curve::default()
        };
        let examples = self.accuracy.iter().map(|task| task.examples).max();
        let mut notes = vec![self.model.clone()];
        notes.extend(examples.map(|examples| say!("Exactly right, of {} questions of each length that were not trained on.", examples)));
        Chart {
            title: format!("↑ {}", title()),
            notes,
            across: Across::Count { kind: AxisKind::Log, title: say!("elements n →"), reads: "n = {}" },
            reach: Some(1.0),
            curves: self.accuracy.iter().enumerate().map(curve).collect(),
            ..Chart::default()
        }
    }
}

/// “ones in ones: 99.6% as trained, at least half up to n = 64”.
fn clause(task: &Accuracy) -> String {
    let half = task.n.iter().zip(&task.exact).take_while(|(_, share)| **share >= 0.5).last();
    let half = half.map_or(say!("less than half at every n").into(), |(n, _)| say!("at least half up to n = {}", n));
    say!("{} {} as trained, {}", task.task.label(), number::percent(task.trained), half)
}

impl Figure for AccuracyByLength {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        self.chart(&style.theme).draw(&Pen::begin(area, style)?)
    }

    fn height(&self, width: f64) -> f64 {
        layout::height(width, 300.0, 380.0)
    }

    fn sentence(&self) -> String {
        let told = say!("{}, by task: {}", title(), self.finding());
        together([told, say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        let tasks: Vec<String> = self.accuracy.iter().map(clause).collect();
        say!("{}.", if tasks.is_empty() { say!("no numbers yet").into() } else { tasks.join(say!("; ")) })
    }

    fn table(&self) -> Table {
        self.chart(&Theme::light()).table("n", say!("share right"))
    }
}
