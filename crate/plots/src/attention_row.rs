//! What the last token attends to: the last row of a head's attention weights as bars, beside an equal share for each token.

use crate::attention::Attention;
use crate::chart::{Across, Chart, Constant, Curve, Form, Look};
use crate::layout;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::table::{Cell, Column, Table};
use crate::theme::Theme;
use crate::{Area, DrawError, Figure, Style, number};
use glasses_contract::config::Which;
use glasses_contract::locale::together;
use glasses_contract::say;

/// A weight that the axis always reaches, so that bars are seen to sink as a text grows.
const REACH: f64 = 0.125;

/// The last row of a head's attention weights.
#[derive(Clone, Debug, PartialEq)]
pub struct AttentionRow(pub Attention);

impl AttentionRow {
    /// The weights that the last token gives, from the first token of the map on.
    fn row(&self) -> &[f64] {
        let side = self.0.map().side;
        side.checked_sub(1).and_then(|row| self.0.map().weights.get(row * side..side * side)).unwrap_or_default()
    }

    /// An equal share: one of all tokens, in the map or not.
    fn share(&self) -> f64 {
        1.0 / self.0.tokens().len().max(1) as f64
    }

    /// The line of an equal share, where weights are shares.
    fn equal(&self) -> Option<Constant> {
        let constant = || Constant { label: say!("1/{}, an equal share", self.0.tokens().len()), value: self.share() };
        self.0.premises.adds_up.then(constant)
    }

    fn title(&self) -> String {
        say!("What the last token attends to, layer {}, head {}", self.0.map().layer + 1, self.0.map().head + 1)
    }

    fn labels(&self) -> &[String] {
        self.0.tokens().get(self.0.map().first..).unwrap_or_default()
    }

    fn chart(&self, theme: &Theme) -> Chart<'_> {
        let color = if self.0.which == Which::A { theme.a } else { theme.b };
        let mut notes = vec![self.0.model.clone()];
        if self.0.map().first > 0 {
            notes.push(say!("Only the last {} of {} tokens are shown.", self.0.map().side, self.0.tokens().len()));
        }
        Chart {
            title: format!("↑ {}", self.title()),
            notes,
            across: Across::Tokens(self.labels()),
            reach: Some(REACH),
            curves: vec![Curve {
                label: say!("weight").into(),
                points: self.row().iter().copied().enumerate().collect(),
                look: Look { color, form: Form::Blocks, ..Look::default() },
                ..Curve::default()
            }],
            constants: self.equal().into_iter().collect(),
            ..Chart::default()
        }
    }
}

impl Figure for AttentionRow {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        self.chart(&style.theme).draw(&Pen::begin(area, style)?)
    }

    fn height(&self, width: f64) -> f64 {
        layout::height(width, 260.0, 340.0)
    }

    fn sentence(&self) -> String {
        let told = say!("{} over {} tokens.", self.title(), self.0.map().side);
        together([told, self.finding(), say!("Model: {}.", self.0.model)])
    }

    fn finding(&self) -> String {
        let row = self.row();
        let Some(most) = row.iter().copied().max_by(f64::total_cmp) else {
            return say!("{}: no numbers yet.", self.title());
        };
        let middle = row[row.len() / 2];
        if !self.0.premises.adds_up {
            let told = say!("The greatest weight is {}, the one in the middle {}.", number::short(most), number::short(middle));
            return together([&told, self.0.premises.no_shares()]);
        }
        say!(
            "{} tokens share the attention of the last one: an equal share is {}, the greatest weight {}, the one in the middle {}.",
            self.0.tokens().len(),
            number::short(self.share()),
            number::short(most),
            number::short(middle)
        )
    }

    fn table(&self) -> Table {
        let columns = vec![Column::new(say!("key")), Column::new(say!("token")), Column::new(say!("weight"))];
        let row = |(place, &weight): (usize, &f64)| {
            let token = self.labels().get(place).cloned().unwrap_or_default();
            vec![Cell::Count(self.0.map().first + place + 1), Cell::Text(token), Cell::Number(weight)]
        };
        Table { columns, rows: self.row().iter().enumerate().map(row).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Premises, samples};

    #[test]
    fn the_row_is_the_last_and_the_share_is_one_of_all_tokens() {
        let map = samples::attention(25);
        let figure = AttentionRow(Attention {
            pair: samples::pair(4, 24).into(),
            which: Which::A,
            premises: Premises::default(),
            model: samples::MODEL.into(),
        });
        assert_eq!(figure.row(), &map.weights[24 * 25..]);
        let chart = figure.chart(&Theme::light());
        assert_eq!(chart.constants[0].value, 1.0 / 25.0);
        assert!(figure.finding().contains("25 tokens"), "{}", figure.finding());
        let sigmoid = AttentionRow(Attention { premises: Premises { adds_up: false, ..Premises::default() }, ..figure.0.clone() });
        let greatest = figure.row().iter().copied().fold(0.0, f64::max);
        let told =
            format!("The greatest weight is {}, the one in the middle {}.", number::short(greatest), number::short(figure.row()[12]));
        assert_eq!(sigmoid.finding(), format!("{told} {}", sigmoid.0.premises.no_shares()));
        assert!(sigmoid.chart(&Theme::light()).constants.is_empty(), "there is no equal share");
    }
}
