//! What rounding does: the distance of the outputs with every bit and after one rounding, and the bits of one coordinate.

mod bits;

use crate::axis::AxisKind;
use crate::chart::{Across, Chart, Curve, Form, Look, Name};
use crate::layout;
use crate::marker::Marker;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::table::{Cell, Column, Table};
use crate::told::{Told, View};
use crate::value_axis::{guides_note, guides_of, identical};
use crate::{Area, DrawError, Figure, Premises, Style, Theme, number};
use glasses_contract::config::Metric;
use glasses_contract::locale::together;
use glasses_contract::report::{Meeting, Moment};
use glasses_contract::say;
use std::sync::Arc;

/// L∞ distance of the outputs against n, as computed and rounded once, above the bits of the coordinate that differs last.
#[derive(Clone, Debug, PartialEq)]
pub struct RoundingByN {
    /// The numbers.
    pub meeting: Arc<Meeting>,
    /// The value of n that the rest of the page shows.
    pub n: usize,
    /// The format, as people read it.
    pub format: String,
    /// What it supposes of the texts.
    pub premises: Premises,
    /// Which model drew it.
    pub model: String,
}

/// A narrower picture has no room for names at the ends of lines, in CSS pixels.
const WIDE: f64 = 520.0;

impl RoundingByN {
    /// The figure of an answer, as it is looked at.
    pub fn of(told: &Told<Meeting>, view: &View) -> Self {
        let format = told.model.config.formats.name(told.answer.format);
        Self { meeting: told.answer.clone(), n: view.n, format, premises: told.premises_at_every_n(), model: told.model() }
    }

    fn title(&self) -> String {
        say!("L∞ distance of the outputs, rounded once to {}", self.format)
    }

    fn points(&self, value: impl Fn(&Moment) -> f64) -> Vec<(usize, f64)> {
        self.meeting.n.iter().copied().zip(self.meeting.moments.iter().map(value)).collect()
    }

    fn chart(&self, theme: &Theme, name: Name) -> Chart<'static> {
        let exact = Curve {
            label: say!("as computed").into(),
            points: self.points(|moment| moment.linf),
            look: Look { color: theme.muted, width: 1.75, name, ..Look::default() },
            ..Curve::default()
        };
        let rounded = Curve {
            label: say!("rounded once").into(),
            points: self.points(|moment| moment.rounded),
            look: Look { form: Form::Points, marker: Marker::Dot, name, ..Look::of_series(theme, 0) },
            ..Curve::default()
        };
        Chart {
            title: format!("↑ {}", self.title()),
            notes: vec![self.model.clone(), guides_note().into()],
            across: Across::Count { kind: AxisKind::Log, title: "n →", reads: "n = {}" },
            kind: AxisKind::Log,
            zero: identical(),
            guides: guides_of(Metric::Linf),
            curves: vec![exact, rounded],
            current: Some((self.n, format!("n = {}", self.n))),
            landmark: self.meeting.same_from().filter(|_| self.premises.differ).map(|n| (n, say!("same from n = {} on", n))),
            ..Chart::default()
        }
    }

    /// What stands above the bits.
    fn coordinate(&self) -> String {
        let (number, all) = (self.meeting.last.index + 1, self.meeting.width);
        say!("Coordinate {} of {} in {}, the last to differ: A above B. Lit: the bits that differ.", number, all, self.format)
    }

    /// The bits of a word of the format.
    fn written(&self, word: u32) -> String {
        let bits = (1 + self.meeting.last.exponent + self.meeting.last.mantissa) as usize;
        format!("{word:0bits$b}")
    }
}

impl Figure for RoundingByN {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        let ratio = style.ratio();
        let (width, height) = area.size();
        let below = bits::height(self, f64::from(width) / ratio);
        let [chart, rest] = area.split(((f64::from(height) - below * ratio).max(0.0)) as u32);
        let pen = Pen::begin(&*chart, style)?;
        let name = if pen.sheet().x1 < WIDE { Name::InKeys } else { Name::AtEnd };
        let readout = self.chart(&style.theme, name).draw(&pen)?;
        bits::draw(&Pen::begin(&*rest, style)?, self)?;
        Ok(readout)
    }

    fn height(&self, width: f64) -> f64 {
        layout::height(width, 300.0, 360.0) + bits::height(self, width)
    }

    fn sentence(&self) -> String {
        let told = say!("{}, and as computed, over n: {}.", self.title(), self.chart(&Theme::light(), Name::AtEnd).story());
        together([told, self.finding(), say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        let Some((last, moment)) = self.meeting.n.last().zip(self.meeting.moments.last()) else { return say!("no numbers yet").into() };
        if let Some(one) = self.premises.one_text() {
            return one.into();
        }
        let linf = number::short(moment.linf);
        match self.meeting.same_from() {
            Some(n) => {
                let width = self.meeting.width;
                let same =
                    say!("From n = {} on, all {} coordinates have the same bits in {}: the distance is exactly 0.", n, width, self.format);
                let before = (moment.linf > 0.0).then(|| say!("As computed, it is still {} at n = {}.", linf, last));
                together([same].into_iter().chain(before))
            }
            None => say!(
                "At n = {}, {} of {} coordinates still differ in {}: the distance is {}, and {} as computed.",
                last,
                moment.differing,
                self.meeting.width,
                self.format,
                number::short(moment.rounded),
                linf
            ),
        }
    }

    fn table(&self) -> Table {
        let distance = |name: &str| Column::with_unit(name, "L∞");
        let columns = vec![
            Column::new("n"),
            distance(say!("as computed")),
            distance(say!("rounded once")),
            Column::new(say!("coordinates that differ")),
            Column::new(say!("bits in A")),
            Column::new(say!("bits in B")),
        ];
        let row = |(&n, moment): (&usize, &Moment)| {
            let [a, b] = moment.words.map(|word| Cell::Text(self.written(word)));
            vec![Cell::Count(n), Cell::Number(moment.linf), Cell::Number(moment.rounded), Cell::Count(moment.differing), a, b]
        };
        Table { columns, rows: self.meeting.n.iter().zip(&self.meeting.moments).map(row).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn the_finding_says_from_where_on_the_bits_are_the_same() {
        fn figure(meeting: &Meeting) -> RoundingByN {
            RoundingByN {
                meeting: meeting.clone().into(),
                n: 24,
                format: "bf16".into(),
                premises: Premises::default(),
                model: samples::MODEL.into(),
            }
        }
        let mut meeting = samples::meeting(256);
        let from = meeting.same_from().expect("they become one");
        let finding = figure(&meeting).finding();
        assert!(finding.starts_with(&format!("From n = {from} on, all 64 coordinates have the same bits in bf16")), "{finding}");
        assert_eq!(figure(&meeting).table().rows[0].len(), figure(&meeting).table().columns.len());
        let one = RoundingByN { premises: Premises { differ: false, ..Premises::default() }, ..figure(&meeting) };
        assert_eq!(one.finding(), "A and B are the same text.");
        assert_eq!(one.chart(&Theme::light(), Name::AtEnd).landmark, None);
        meeting.moments[255].differing = 2;
        assert!(figure(&meeting).finding().starts_with("At n = 256, 2 of 64 coordinates still differ"));
    }

    #[test]
    fn a_word_has_as_many_bits_as_its_format() {
        let meeting = samples::meeting(3);
        let figure = RoundingByN {
            meeting: meeting.clone().into(),
            n: 1,
            format: "bf16".into(),
            premises: Premises::default(),
            model: String::new(),
        };
        assert_eq!(figure.written(0x3F80), "0011111110000000");
    }
}
