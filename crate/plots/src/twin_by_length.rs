//! How far apart a model holds what has different answers: each sequence and its twin, at the token that answers.

use crate::answers;
use crate::axis::AxisKind;
use crate::chart::{Across, Chart, Curve};
use crate::layout;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::table::{Cell, Column, Table};
use crate::told::{Told, View};
use crate::value_axis::{GUIDES_FROM_8_BITS, guides_note, identical};
use crate::{Area, DrawError, Figure, Style, Theme, number};
use glasses_contract::Choice;
use glasses_contract::config::Format;
use glasses_contract::locale::together;
use glasses_contract::report::{self, Length, LengthGeneralization, LengthsOf};
use glasses_contract::say;
use std::sync::Arc;

/// L∞ distance of a sequence and its twin against the number of elements: a line for each model, with its range.
#[derive(Clone, Debug, PartialEq)]
pub struct TwinByLength {
    /// The numbers; the model that is asked comes first.
    pub lengths: Arc<LengthGeneralization>,
    /// The value of n that the rest of the page shows, marked by an upright line.
    pub n: usize,
}

fn title() -> &'static str {
    say!("L∞ distance of each sequence and its twin")
}

impl TwinByLength {
    /// The figure of an answer, as it is looked at.
    pub fn of(told: &Told<LengthGeneralization>, view: &View) -> Self {
        Self { lengths: told.answer.clone(), n: view.n }
    }

    fn chart(&self, theme: &Theme) -> Chart<'static> {
        let mut curves: Vec<Curve> = self.lengths.models.iter().enumerate().map(|(number, model)| curve(number, model, theme)).collect();
        let mut notes = vec![
            answers::source(&self.lengths),
            say!("Twin: the least change that changes the answer; both at the token that answers.").into(),
            answers::marks_note(&self.lengths).map_or(guides_note().into(), |marks| together([&marks, guides_note()])),
        ];
        if self.lengths.models.iter().flat_map(|model| &model.lengths).any(|length| length.twin.min < length.twin.max) {
            notes.push(say!("Lines: means; shaded: from least to greatest.").into());
        }
        if let (Some(curve), Some(model)) = (curves.first_mut(), self.lengths.models.first()) {
            let bf16 = identical_from(model).map(|n| (n, say!("same in {}", Format::Bf16.label())));
            let next = same_next_from(model).map(|n| (n, say!("same next token").into()));
            curve.flags.extend(bf16.into_iter().chain(next));
            if !curve.flags.is_empty() {
                notes.push(say!("Diamonds: from there on the same, in the first model.").into());
            }
        }
        Chart {
            title: format!("↑ {}", title()),
            notes,
            across: Across::Count { kind: AxisKind::Linear, title: say!("elements n →"), reads: "n = {}" },
            kind: AxisKind::Log,
            zero: identical(),
            guides: &GUIDES_FROM_8_BITS,
            curves,
            current: Some((self.n, format!("n = {}", self.n))),
            ..Chart::default()
        }
    }
}

fn curve(number: usize, model: &LengthsOf, theme: &Theme) -> Curve {
    Curve {
        label: model.name.to_string(),
        points: model.lengths.iter().map(|length| (length.n, length.twin.mean)).collect(),
        band: model.lengths.iter().map(|length| (length.twin.min, length.twin.max)).collect(),
        marks: answers::marks(number, &model.lengths),
        remarks: model.lengths.iter().map(remark).collect(),
        look: answers::look(theme, number),
        ..Curve::default()
    }
}

/// “3 of 4 right; same next token for 2; same in bf16”.
fn remark(length: &Length) -> String {
    let formats: Vec<&str> = length.identical_in.iter().map(|format| format.label()).collect();
    let said = say!("{} of {} right; same next token for {}", length.exact(), answers::count(length), length.same_next);
    if formats.is_empty() { said } else { say!("{}; same in {}", said, formats.join(say!(", "))) }
}

/// The length from which on, of those that were computed, every sequence and its twin are bit-identical in bf16.
fn identical_from(model: &LengthsOf) -> Option<usize> {
    from_on(model, |length| length.identical_in.contains(&Format::Bf16))
}

/// The length from which on, of those that were computed, every sequence and its twin are followed by the same token.
fn same_next_from(model: &LengthsOf) -> Option<usize> {
    from_on(model, |length| length.same_next > 0 && length.same_next >= answers::count(length))
}

fn from_on(model: &LengthsOf, holds: impl Fn(&Length) -> bool) -> Option<usize> {
    let n: Vec<usize> = model.lengths.iter().map(|length| length.n).collect();
    let holds: Vec<bool> = model.lengths.iter().map(holds).collect();
    report::lasting(&n, report::from_on(&n, &holds))
}

impl Figure for TwinByLength {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        self.chart(&style.theme).draw(&Pen::begin(area, style)?)
    }

    fn height(&self, width: f64) -> f64 {
        layout::height(width, 400.0, 440.0)
    }

    fn sentence(&self) -> String {
        let shown = say!("{}, at the token that answers, mean of the sequences of a length, over n.", title());
        together([shown, say!("Asked: {}.", answers::question(&self.lengths)), self.finding()])
    }

    fn finding(&self) -> String {
        let mut told = Vec::new();
        for model in &self.lengths.models {
            let (Some(first), Some(last)) = (model.lengths.first(), model.lengths.last()) else {
                told.push(say!("{}: no numbers yet.", model.name));
                continue;
            };
            let mean = |length: &Length| number::short(length.twin.mean);
            told.push(say!("{}: from {} at n = {} to {} at n = {}.", model.name, mean(first), first.n, mean(last), last.n));
            told.push(match identical_from(model) {
                Some(n) => say!("At all computed lengths from n = {} on, they are bit-identical in bf16.", n),
                None => say!("At n = {}, they are not bit-identical in bf16.", last.n),
            });
            told.extend(same_next_from(model).map(|n| say!("At all computed lengths from n = {} on, both get the same next token.", n)));
        }
        if self.lengths.models.is_empty() {
            told.push(say!("No numbers yet.").into());
        }
        together(told)
    }

    fn table(&self) -> Table {
        let distance = |name: &str| Column::with_unit(name, "L∞");
        let columns = vec![
            Column::new("n"),
            Column::new(say!("model")),
            distance(say!("least")),
            distance(say!("mean")),
            distance(say!("greatest")),
            Column::new(say!("right")),
            Column::new(say!("of")),
            Column::new(say!("same next token")),
            Column::new(say!("bit-identical in")),
        ];
        let row = |model: &LengthsOf, length: &Length| {
            let formats: Vec<&str> = length.identical_in.iter().map(|format| format.label()).collect();
            let mut row = vec![Cell::Count(length.n), Cell::Text(model.name.to_string())];
            row.extend([length.twin.min, length.twin.mean, length.twin.max].map(Cell::Number));
            row.extend([length.exact(), answers::count(length), length.same_next].map(Cell::Count));
            row.push(Cell::Text(formats.join(" ")));
            row
        };
        let models = self.lengths.models.iter();
        Table { columns, rows: models.flat_map(|model| model.lengths.iter().map(move |length| row(model, length))).collect() }
    }
}
