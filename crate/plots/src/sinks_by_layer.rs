//! Attention sinks: what the first token gets of the last one's attention, layer by layer.

use crate::axis::AxisKind;
use crate::chart::{Across, Chart, Curve, Form, Look};
use crate::layout;
use crate::marker::Marker;
use crate::number;
use crate::pen::Pen;
use crate::readout::{Format, Readout};
use crate::table::{Cell, Column, Table};
use crate::told::Told;
use crate::{Area, DrawError, Figure, Premises, Style, Theme};
use glasses_contract::locale::{together, tr};
use glasses_contract::report::{Pair, Reading};
use glasses_contract::say;
use std::sync::Arc;

/// The share of the last token's attention on the first token against the layer: a line through the means over heads for each sequence, and for A a
/// band from the least to the most head.
#[derive(Clone, Debug, PartialEq)]
pub struct SinksByLayer {
    /// The numbers.
    pub pair: Arc<Pair>,
    /// The value of n; none where nothing depends on it.
    pub n: Option<usize>,
    /// What it supposes of the model.
    pub premises: Premises,
    /// Which model drew it.
    pub model: String,
}

/// Of one layer, from 1: the mean over its heads, the least and the most.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Layer {
    layer: usize,
    mean: f64,
    least: f64,
    most: f64,
}

fn layers(reading: &Reading) -> Vec<Layer> {
    let ends = reading.sink_least_by_layer.iter().zip(&reading.sink_most_by_layer);
    let layer = |(index, (&mean, (&least, &most)))| Layer { layer: index + 1, mean, least, most };
    reading.sink_by_layer.iter().zip(ends).enumerate().map(layer).collect()
}

/// The finding of weights that are no shares.
fn weights(least: &Layer, most: &Layer) -> String {
    let short = number::short;
    match least.layer == most.layer {
        true => say!(
            "A's last token gives the first one a weight of {}, mean of the heads, from {} to {} by head.",
            short(most.mean),
            short(most.least),
            short(most.most)
        ),
        false => say!(
            "A's last token gives the first one the least weight in layer {}, {} (from {} to {} by head), and the most in layer {}, {} (from {} to {}).",
            least.layer,
            short(least.mean),
            short(least.least),
            short(least.most),
            most.layer,
            short(most.mean),
            short(most.least),
            short(most.most)
        ),
    }
}

impl SinksByLayer {
    /// The figure of an answer.
    pub fn of(told: &Told<Pair>) -> Self {
        Self { pair: told.answer.clone(), n: told.n(), premises: told.premises(), model: told.model() }
    }

    fn title(&self) -> String {
        match (self.premises.adds_up, self.n) {
            (true, Some(n)) => say!("Share of the last token's attention on the first token at n\u{a0}=\u{a0}{}", n),
            (true, None) => say!("Share of the last token's attention on the first token").into(),
            (false, Some(n)) => say!("The last token's attention weight on the first token at n\u{a0}=\u{a0}{}", n),
            (false, None) => say!("The last token's attention weight on the first token").into(),
        }
    }

    /// How its numbers are written.
    fn format(&self) -> Format {
        if self.premises.adds_up { Format::Percent } else { Format::Number }
    }

    fn chart(&self, theme: &Theme) -> Chart<'static> {
        let [a, b] = [&self.pair.a, &self.pair.b].map(layers);
        let means = |layers: &[Layer]| layers.iter().map(|layer| (layer.layer, layer.mean)).collect();
        let of_a = Curve {
            label: say!("A, mean of the heads; shaded, the least and the most").into(),
            points: means(&a),
            band: a.iter().map(|layer| (layer.least, layer.most)).collect(),
            look: Look { color: theme.a, width: 2.5, marker: Marker::Dot, form: Form::Line, ..Look::default() },
            ..Curve::default()
        };
        let dashed = Look { color: theme.b, width: 1.5, dash: Some((6.0, 3.0)), marker: Marker::Ring, form: Form::Line, ..Look::default() };
        let of_b = Curve { label: say!("B, mean of the heads").into(), points: means(&b), look: dashed, ..Curve::default() };
        Chart {
            title: format!("↑ {}", self.title()),
            notes: [self.model.as_str(), self.premises.no_shares()]
                .into_iter()
                .filter(|note| !note.is_empty())
                .map(str::to_owned)
                .collect(),
            across: Across::Count { kind: AxisKind::Linear, title: say!("layer →"), reads: tr("layer {}") },
            format: self.format(),
            reach: self.premises.adds_up.then_some(1.0),
            curves: vec![of_a, of_b],
            ..Chart::default()
        }
    }
}

impl Figure for SinksByLayer {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        self.chart(&style.theme).draw(&Pen::begin(area, style)?)
    }

    fn height(&self, width: f64) -> f64 {
        layout::height(width, 340.0, 400.0)
    }

    fn sentence(&self) -> String {
        let mean = |layer: &Layer| format!("{} {}", say!("layer {}", layer.layer), self.format().write(layer.mean));
        let means: Vec<String> = layers(&self.pair.a).iter().map(mean).collect();
        let told = if means.is_empty() { say!("no numbers yet").into() } else { means.join(say!(", ")) };
        together([say!("{} in A, mean of the heads: {}.", self.title(), told), self.finding(), say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        let layers: Vec<Layer> = layers(&self.pair.a).into_iter().filter(|layer| layer.mean.is_finite()).collect();
        let by_mean = |one: &&Layer, other: &&Layer| one.mean.total_cmp(&other.mean);
        let (Some(least), Some(most)) = (layers.iter().min_by(by_mean), layers.iter().max_by(by_mean)) else {
            return say!("no numbers yet").into();
        };
        if !self.premises.adds_up {
            return together([&weights(least, most), self.premises.no_shares()]);
        }
        let percent = number::percent;
        if least.layer == most.layer {
            return say!(
                "A's last token gives the first one {} of its attention, mean of the heads, from {} to {} by head.",
                percent(most.mean),
                percent(most.least),
                percent(most.most)
            );
        }
        say!(
            "A's last token gives the first one least of its attention in layer {}, {} (from {} to {} by head), and most in layer {}, {} (from {} to {}).",
            least.layer,
            percent(least.mean),
            percent(least.least),
            percent(least.most),
            most.layer,
            percent(most.mean),
            percent(most.least),
            percent(most.most)
        )
    }

    fn table(&self) -> Table {
        let mut columns = vec![Column::new(say!("layer"))];
        let names = [say!("mean of the heads"), say!("least head"), say!("most head")];
        columns.extend(["A", "B"].into_iter().flat_map(|which| names.map(|name| Column::with_unit(which, name))));
        let [a, b] = [&self.pair.a, &self.pair.b].map(layers);
        let numbers = |layer: &Layer| [layer.mean, layer.least, layer.most].map(Cell::Number);
        let row = |(a, b): (&Layer, &Layer)| [Cell::Count(a.layer)].into_iter().chain(numbers(a)).chain(numbers(b)).collect();
        Table { columns, rows: a.iter().zip(&b).map(row).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn figure(pair: &Pair) -> SinksByLayer {
        SinksByLayer { pair: pair.clone().into(), n: Some(7), premises: Premises::default(), model: samples::MODEL.into() }
    }

    #[test]
    fn the_finding_names_the_layers_of_the_least_and_the_greatest_mean_and_their_heads() {
        let mut pair = samples::pair(4, 7);
        pair.a.sink_by_layer = vec![0.2, 0.5, f64::NAN, 0.3];
        pair.a.sink_least_by_layer = vec![0.125, 0.25, f64::NAN, 0.0];
        pair.a.sink_most_by_layer = vec![0.25, 0.75, f64::NAN, 1.0];
        let finding = figure(&pair).finding();
        assert_eq!(
            finding,
            "A's last token gives the first one least of its attention in layer 1, 20.0% (from 12.5% to 25.0% by head), and most in layer 2, 50.0% (from 25.0% to 75.0%)."
        );
        assert!(figure(&pair).sentence().contains(&finding), "who hears the figure is told the same");
        let table = figure(&pair).table();
        assert_eq!((table.columns.len(), table.rows.len()), (7, 4));
        for list in [&mut pair.a.sink_by_layer, &mut pair.a.sink_least_by_layer, &mut pair.a.sink_most_by_layer] {
            list.truncate(1);
        }
        assert!(figure(&pair).finding().contains("20.0% of its attention"), "{}", figure(&pair).finding());
        pair.a.sink_by_layer.clear();
        assert_eq!(figure(&pair).finding(), "no numbers yet");
    }

    #[test]
    fn weights_that_do_not_add_up_are_no_shares() {
        let mut pair = samples::pair(2, 7);
        pair.a.sink_by_layer = vec![0.5, 1.25];
        pair.a.sink_least_by_layer = vec![0.25, 1.0];
        pair.a.sink_most_by_layer = vec![0.75, 1.5];
        let of = |pair: &Pair| SinksByLayer { premises: Premises { adds_up: false, ..Premises::default() }, ..figure(pair) };
        assert_eq!(
            of(&pair).finding(),
            "A's last token gives the first one the least weight in layer 1, 0.500 (from 0.250 to 0.750 by head), and the most in layer 2, 1.25 (from 1.00 to 1.50). These weights do not add up to 1: the numbers are no shares."
        );
        for words in [of(&pair).sentence(), of(&pair).chart(&Theme::light()).title] {
            assert!(!words.contains('%') && !words.contains("Share"), "{words}");
        }
        for list in [&mut pair.a.sink_by_layer, &mut pair.a.sink_least_by_layer, &mut pair.a.sink_most_by_layer] {
            list.truncate(1);
        }
        assert!(of(&pair).finding().contains("a weight of 0.500,"), "{}", of(&pair).finding());
    }

    #[test]
    fn the_band_of_a_spans_its_heads() {
        let pair = samples::pair(4, 7);
        let curves = figure(&pair).chart(&Theme::light()).curves;
        let ends: Vec<(f64, f64)> = pair.a.sink_least_by_layer.iter().copied().zip(pair.a.sink_most_by_layer.iter().copied()).collect();
        assert!(!ends.is_empty() && curves[0].band == ends && curves[1].band.is_empty());
    }
}
