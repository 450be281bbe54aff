//! How far answers are off as the sequence grows: the error of a count, or the share of copies that are right.

use crate::answers;
use crate::axis::AxisKind;
use crate::chart::{Across, Chart, Curve, Form, Look, Name};
use crate::layout;
use crate::marker::Marker;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::table::{Cell, Column, Table};
use crate::told::Told;
use crate::{Area, DrawError, Figure, Style, Theme};
use glasses_contract::locale::together;
use glasses_contract::paper::{self, Provenance, PublishedCurve};
use glasses_contract::report::{Length, LengthGeneralization, LengthsOf};
use glasses_contract::say;
use std::sync::Arc;

/// Error, or share of right answers, against the number of elements: a line for each model.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorByLength {
    /// The numbers; the model that is asked comes first.
    pub lengths: Arc<LengthGeneralization>,
    /// What the paper published of other models, in the same unit.
    pub published: Vec<PublishedCurve>,
}

/// What stands where the axis ends.
fn no_number() -> &'static str {
    say!("no number")
}
/// The same where errors lie beyond it.
fn beyond() -> &'static str {
    say!("beyond, or none")
}
/// The greatest error that is drawn, in lengths of the longest sequence: one that is a thousand times too large would flatten all others.
const DRAWN_LENGTHS: usize = 2;

impl ErrorByLength {
    /// The figure of an answer.
    pub fn of(told: &Told<LengthGeneralization>) -> Self {
        Self { lengths: told.answer.clone(), published: paper::answers(told.answer.task) }
    }

    fn title(&self) -> &'static str {
        if self.lengths.task.counts() {
            say!("|answer − truth|, mean over the sequences")
        } else {
            say!("Share of answers that are right")
        }
    }

    /// The number that is drawn for a length.
    fn value(&self, length: &Length) -> f64 {
        match self.lengths.task.counts() {
            true => answers::mean_error(length).0,
            false => length.exact() as f64 / answers::count(length) as f64,
        }
    }

    /// The greatest error that is drawn.
    fn most_drawn(&self) -> f64 {
        let longest = self.lengths.models.iter().flat_map(answers::answered).map(|length| length.n).max();
        (DRAWN_LENGTHS * longest.unwrap_or(1)) as f64
    }

    /// The number that is drawn for a length, infinite where it is too large for the axis.
    fn drawn(&self, length: &Length) -> f64 {
        let value = self.value(length);
        if self.lengths.task.counts() && value > self.most_drawn() { f64::INFINITY } else { value }
    }

    fn chart(&self, theme: &Theme) -> Chart<'static> {
        let models = || self.lengths.models.iter().enumerate();
        // What was published lies behind what was computed.
        let mut curves: Vec<Curve> = self.published.iter().map(|curve| self.published(curve, theme)).collect();
        curves.extend(models().map(|(number, model)| self.model(number, model, theme)));
        let without_number: Vec<Curve> = models().filter_map(|(number, model)| self.without_number(number, model, theme)).collect();
        let mut notes = vec![answers::source(&self.lengths)];
        notes.extend(answers::marks_note(&self.lengths));
        let is_beyond = models().flat_map(|(_, model)| answers::answered(model)).any(|length| self.drawn(length) == f64::INFINITY);
        if is_beyond {
            notes.push(say!("At the upper edge: errors of more than {}, and answers that are no number.", self.most_drawn()));
        }
        if !without_number.is_empty() {
            notes.push(say!("Triangles: some answers at that n are no number and left out of the mean.").into());
        }
        curves.extend(without_number);
        let trained_to = self.lengths.models.first().and_then(|model| model.trained_to);
        Chart {
            title: format!("↑ {}", self.title()),
            notes,
            across: Across::Count { kind: AxisKind::Linear, title: say!("elements n →"), reads: "n = {}" },
            reach: Some(1.0),
            not_finite: if is_beyond { beyond() } else { no_number() },
            curves,
            landmark: trained_to.map(|n| (n, say!("trained up to here").into())),
            ..Chart::default()
        }
    }

    fn model(&self, number: usize, model: &LengthsOf, theme: &Theme) -> Curve {
        let lengths: Vec<Length> = answers::answered(model).cloned().collect();
        Curve {
            label: model.name.to_string(),
            points: lengths.iter().map(|length| (length.n, self.drawn(length))).collect(),
            marks: answers::marks(number, &lengths),
            remarks: lengths.iter().map(answers::remark).collect(),
            look: answers::look(theme, number),
            ..Curve::default()
        }
    }

    /// The lengths at which some answers, but not all, are no number.
    fn without_number(&self, number: usize, model: &LengthsOf, theme: &Theme) -> Option<Curve> {
        let some = |length: &&Length| (1..length.errors().count()).contains(&answers::mean_error(length).1);
        let lengths: Vec<&Length> = answers::answered(model).filter(some).filter(|_| self.lengths.task.counts()).collect();
        let curve = Curve {
            label: say!("{}, left out", model.name),
            points: lengths.iter().map(|length| (length.n, f64::NAN)).collect(),
            marks: vec![Marker::Triangle; lengths.len()],
            remarks: lengths.iter().map(|length| say!("{} of {}", answers::mean_error(length).1, length.errors().count())).collect(),
            look: Look { marker: Marker::Triangle, form: Form::Points, name: Name::Unseen, ..answers::look(theme, number) },
            ..Curve::default()
        };
        (!lengths.is_empty()).then_some(curve)
    }

    /// A published curve as far as ours go.
    fn published(&self, curve: &PublishedCurve, theme: &Theme) -> Curve {
        let most = self.lengths.models.iter().flat_map(answers::answered).map(|length| length.n).max();
        let within = curve.points.iter().filter(|point| most.is_none_or(|most| point.n <= most));
        Curve {
            label: if curve.origin == Provenance::Digitised { say!("paper: {}", curve.label()) } else { curve.label().into() },
            points: within.map(|point| (point.n, point.value)).collect(),
            look: Look { color: theme.guide, marker: Marker::Diamond, ..Look::ghost(theme) },
            ..Curve::default()
        }
    }
}

impl Figure for ErrorByLength {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        self.chart(&style.theme).draw(&Pen::begin(area, style)?)
    }

    fn height(&self, width: f64) -> f64 {
        layout::height(width, 340.0, 420.0)
    }

    fn sentence(&self) -> String {
        let asked = [say!("{}, by n.", self.title()), say!("Asked: {}.", answers::question(&self.lengths))];
        let published: Vec<String> = self.published.iter().map(|curve| self.published(curve, &Theme::light()).label).collect();
        let behind = (!published.is_empty()).then(|| say!("Behind: {}.", published.join(say!("; "))));
        together(asked.into_iter().chain([self.finding()]).chain(behind))
    }

    fn finding(&self) -> String {
        let mut told = Vec::new();
        for model in &self.lengths.models {
            told.push(say!("{}: {}", model.name, answers::verdict(model)));
            told.extend(model.trained_to.map(|n| say!("It was trained up to n = {}.", n)));
            let none: usize = answers::answered(model).map(|length| answers::mean_error(length).1).sum();
            if none > 0 && self.lengths.task.counts() {
                let all: usize = answers::answered(model).map(|length| length.errors().count()).sum();
                told.push(say!("{} of {} answers are no number and left out of the means.", none, all));
            }
        }
        if self.lengths.models.is_empty() {
            told.push(say!("No numbers yet.").into());
        }
        together(told)
    }

    fn table(&self) -> Table {
        let unit = if self.lengths.task.counts() { say!("mean error") } else { say!("share right") };
        let mut columns =
            vec![Column::new("n"), Column::new(say!("model")), Column::with_unit(say!("answers"), unit), Column::new(say!("right"))];
        columns.extend([Column::new(say!("of")), Column::new(no_number()), Column::new(say!("most frequent answer"))]);
        let row = |model: &LengthsOf, length: &Length| {
            let most = answers::most_frequent(&length.said);
            vec![
                Cell::Count(length.n),
                Cell::Text(model.name.to_string()),
                Cell::Number(self.value(length)),
                Cell::Count(length.exact()),
                Cell::Count(answers::count(length)),
                if self.lengths.task.counts() { Cell::Count(answers::mean_error(length).1) } else { Cell::Missing },
                most.map_or(Cell::Missing, |(said, _)| Cell::Text(said.into())),
            ]
        };
        let models = self.lengths.models.iter();
        let mut rows: Vec<Vec<Cell>> = models.flat_map(|model| answers::answered(model).map(move |length| row(model, length))).collect();
        for curve in &self.published {
            let source = self.published(curve, &Theme::light()).label;
            let point = |point: &glasses_contract::paper::PublishedPoint| {
                let mut row = vec![Cell::Count(point.n), Cell::Text(source.clone()), Cell::Number(point.value)];
                row.resize(columns.len(), Cell::Missing);
                row
            };
            rows.extend(curve.points.iter().map(point));
        }
        Table { columns, rows }
    }
}
