//! One n, through the model: the distance of the two last-token representations at each stage, and the spread over the heads.

use crate::curve::stretches;
use crate::layout::{self, Key, MARGIN, Mark, TICK_ROW, TITLE_ROW};
use crate::pen::{Align, Letters, Level, Pen, Stroke};
use crate::readout::{Along, Data, Format, Line, Readout, Series, Titles};
use crate::table::{Cell, Column, Table};
use crate::told::{Told, View};
use crate::value_axis::{Region, ValueAxis, guides_note, identical, not_finite};
use crate::{Area, DrawError, Figure, Premises, Style, number, text};
use glasses_contract::Choice;
use glasses_contract::config::Metric;
use glasses_contract::locale::together;
use glasses_contract::report::{Pair, Spread, Stage};
use glasses_contract::say;
use std::sync::Arc;

/// Distance against depth at one n.
#[derive(Clone, Debug, PartialEq)]
pub struct DistanceByLayer {
    /// The numbers.
    pub pair: Arc<Pair>,
    /// Which of the distances.
    pub metric: Metric,
    /// The value of n; none where nothing depends on it.
    pub n: Option<usize>,
    /// What it supposes of the texts.
    pub premises: Premises,
    /// Which model drew it.
    pub model: String,
}

impl DistanceByLayer {
    /// The figure of an answer, as it is looked at.
    pub fn of(told: &Told<Pair>, view: &View) -> Self {
        Self { pair: told.answer.clone(), metric: view.metric, n: told.n(), premises: told.premises(), model: told.model() }
    }

    /// A figure of one pair at its n.
    pub fn new(pair: impl Into<Arc<Pair>>, metric: Metric, model: impl Into<String>) -> Self {
        let pair = pair.into();
        Self { n: Some(pair.n), pair, metric, premises: Premises::default(), model: model.into() }
    }

    fn title(&self) -> String {
        match self.n {
            Some(n) => say!("{} distance of the last-token representations at n\u{a0}=\u{a0}{}", self.metric.label(), n),
            None => say!("{} distance of the last-token representations", self.metric.label()),
        }
    }

    fn values(&self) -> Vec<f64> {
        self.pair.stages.iter().map(|stage| stage.distances.get(self.metric)).collect()
    }

    /// The spread over the heads of the layer that ends in this stage.
    fn spread(&self, stage: Stage) -> Option<Spread> {
        let Stage::Layer(layer) = stage else { return None };
        let heads = self.pair.heads.get(layer.checked_sub(1)?)?;
        (!heads.is_empty()).then(|| Spread::over(heads, self.metric))
    }
}

impl Figure for DistanceByLayer {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        let pen = Pen::begin(area, style)?;
        let theme = &style.theme;
        let values = self.values();
        let spreads: Vec<Option<Spread>> = self.pair.stages.iter().map(|stage| self.spread(stage.stage)).collect();
        let count = values.len();

        let mut notes = vec![self.model.as_str()];
        if self.metric != Metric::Cosine {
            notes.push(guides_note());
        }
        let mut keys = vec![Key { mark: Mark::Dot, color: theme.stage(count, count + 1), label: say!("representations").into() }];
        if spreads.iter().any(Option::is_some) {
            keys.push(Key { mark: Mark::Whisker, color: theme.muted, label: say!("heads: least, mean, greatest").into() });
        }
        let top = layout::header(&pen, &format!("↑ {}", self.title()), &keys, &notes)?;
        let right = if self.metric == Metric::Cosine { MARGIN } else { MARGIN + 6.0 + text::width("fp32 2⁻²³", text::SMALL) };
        let plot = |left: f64| layout::plot(&pen, left, top + 4.0, right, MARGIN + TICK_ROW + TITLE_ROW);
        let parts = |pick: fn(Spread) -> f64| spreads.iter().flatten().map(|&spread| pick(spread)).collect::<Vec<f64>>();
        let on_rails = vec![values.clone(), parts(|spread| spread.min), parts(|spread| spread.mean), parts(|spread| spread.max)];
        let distance = ValueAxis::with_room(Format::Number, |left| ValueAxis::of_distances(&on_rails, &[], self.metric, plot(left)));
        let plot = distance.plot;
        let pitch = plot.width() / count.max(1) as f64;
        let places: Vec<f64> = (0..count).map(|stage| plot.x0 + pitch * (stage as f64 + 0.5)).collect();

        distance.draw(&pen, [identical(), not_finite()], Format::Number)?;
        for guide in distance.guides() {
            let y = distance.scale.pixel_from_data(guide.value);
            pen.text(guide.label, (plot.x1 + 6.0, y), Letters::new(theme.muted))?;
        }
        self.label_stages(&pen, plot, &places)?;

        // Heads act between the stage before and their own, so their whiskers stand to the left of the dot.
        let whisker_x = |stage: usize| places[stage] - (pitch * 0.3).min(14.0);
        for (stage, spread) in spreads.iter().enumerate() {
            let Some(spread) = spread else { continue };
            let (x, y) =
                (whisker_x(stage), [(spread.min, 1), (spread.mean, 2), (spread.max, 3)].map(|(value, row)| distance.y(value, row)));
            let cap = (pitch * 0.12).min(4.0);
            pen.rule((x, y[0]), (x, y[2]), theme.muted, 1.25)?;
            pen.rule((x - cap, y[0]), (x + cap, y[0]), theme.muted, 1.25)?;
            pen.rule((x - cap, y[2]), (x + cap, y[2]), theme.muted, 1.25)?;
            pen.dot((x, y[1]), 2.5, theme.muted)?;
        }
        let ys: Vec<f64> = values.iter().map(|&value| distance.y(value, 0)).collect();
        let curve = (0..count).map(|stage| (distance.place(values[stage]) == Region::Axis).then_some((places[stage], ys[stage])));
        for stretch in stretches(curve) {
            pen.path(&stretch, Stroke::solid(theme.axis, 1.5))?;
        }
        for stage in 0..count {
            pen.dot((places[stage], ys[stage]), (pitch * 0.26).clamp(2.5, 4.5), theme.stage(stage, count))?;
        }
        if count == 0 {
            layout::nothing(&pen, plot, say!("no numbers yet"))?;
        }

        let right_of = |y: f64| pen.pixel((0.0, y)).1;
        let head_row = |label: &'static str, row: usize, pick: fn(Spread) -> f64| Series {
            label: label.into(),
            color: theme.muted,
            values: spreads.iter().map(|spread| spread.map(pick)).collect(),
            across: spreads.iter().map(|spread| spread.map_or(f64::NAN, |spread| right_of(distance.y(pick(spread), row)))).collect(),
            ..Series::default()
        };
        let series = vec![
            Series {
                label: say!("distance").into(),
                color: theme.stage(count, count + 1),
                values: values.iter().copied().map(Some).collect(),
                across: ys.iter().copied().map(right_of).collect(),
                ..Series::default()
            },
            head_row(say!("heads, least"), 1, |spread| spread.min),
            head_row(say!("heads, mean"), 2, |spread| spread.mean),
            head_row(say!("heads, greatest"), 3, |spread| spread.max),
        ];
        let line = Line {
            along: Along::X,
            places: places.iter().map(|&x| pen.pixel((x, 0.0)).0).collect(),
            keys: (0..count).collect(),
            titles: Titles::Words(self.pair.stages.iter().map(|stage| stage.stage.to_string()).collect()),
            series,
        };
        Ok(Readout {
            plot: pen.pixel_rect(plot),
            y: Some(distance.scale.with_pixels(right_of)),
            data: Data::Line(line),
            ..Readout::default()
        })
    }

    fn height(&self, width: f64) -> f64 {
        (width * 0.45).clamp(340.0, 420.0)
    }

    fn sentence(&self) -> String {
        let stages: Vec<_> =
            self.pair.stages.iter().zip(self.values()).map(|(stage, value)| format!("{} {}", stage.stage, number::short(value))).collect();
        if stages.is_empty() {
            return say!("{}: no numbers yet.", self.title());
        }
        let told = say!("{}, by stage: {}.", self.title(), stages.join(say!(", ")));
        together([self.premises.one_text().unwrap_or_default(), &told, &say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        if let Some(one) = self.premises.one_text() {
            return one.into();
        }
        let values = self.values();
        let (Some(&from), Some(&to)) = (values.first(), values.last()) else { return say!("{}: no numbers yet.", self.title()) };
        let told = say!("From embedding to output, the distance goes from {} to {}.", number::short(from), number::short(to));
        let greatest = values.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1)).filter(|(_, value)| **value > from.max(to));
        match greatest {
            Some((stage, &value)) => together([told, say!("It is greatest after layer {}: {}.", stage, number::short(value))]),
            None => told,
        }
    }

    fn table(&self) -> Table {
        let unit = self.metric.label();
        let mut columns = vec![Column::new(say!("stage")), Column::with_unit(say!("distance"), unit)];
        columns.extend([say!("heads, least"), say!("heads, mean"), say!("heads, greatest")].map(|name| Column::with_unit(name, unit)));
        let row = |(stage, value): (&glasses_contract::report::StageDistances, f64)| {
            let spread = self.spread(stage.stage);
            let heads = [spread.map(|all| all.min), spread.map(|all| all.mean), spread.map(|all| all.max)];
            let mut row = vec![Cell::Text(stage.stage.to_string()), Cell::Number(value)];
            row.extend(heads.map(|head| head.map_or(Cell::Missing, Cell::Number)));
            row
        };
        Table { columns, rows: self.pair.stages.iter().zip(self.values()).map(row).collect() }
    }
}

impl DistanceByLayer {
    fn label_stages(&self, pen: &Pen, plot: crate::pen::Rect, places: &[f64]) -> Result<(), DrawError> {
        let theme = &pen.style.theme;
        let letters = Letters::new(theme.muted).at(Align::Middle, Level::Top);
        let pitch = plot.width() / places.len().max(1) as f64;
        let short = pitch < letters.width(say!("embedding")) + 6.0;
        let words = |stage: Stage| match stage {
            Stage::Layer(layer) => layer.to_string(),
            Stage::Embedding if short => say!("emb.").into(),
            Stage::Output if short => say!("out").into(),
            other => other.to_string(),
        };
        // Every layer, or every second, third, …
        let every = ((letters.width("16") + 8.0) / pitch).ceil().max(1.0) as usize;
        let wanted = |stage: Stage| !matches!(stage, Stage::Layer(layer) if layer % every != 0);
        let labels: Vec<(f64, String)> = places
            .iter()
            .zip(&self.pair.stages)
            .filter(|(_, stage)| wanted(stage.stage))
            .map(|(&x, stage)| (x, words(stage.stage)))
            .collect();
        let widths: Vec<_> = labels.iter().map(|(x, label)| (*x, letters.width(label))).collect();
        pen.rule((plot.x0, plot.y1), (plot.x1, plot.y1), theme.axis, 1.0)?;
        for (index, center) in text::side_by_side(&widths, 2.0, pen.sheet().x1 - 2.0, 4.0) {
            pen.text(&labels[index].1, (center, plot.y1 + 6.0), letters)?;
        }
        let titles = [say!("stage: embedding, after each layer, output →"), say!("stage →")];
        let fits = |title: &&str| Letters::new(theme.ink).width(title) <= plot.x1;
        layout::x_title(pen, plot, titles.into_iter().find(fits).unwrap_or(titles[1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn one_text_is_said_to_be_one() {
        let two = DistanceByLayer::new(samples::pair(4, 24), Metric::Linf, samples::MODEL);
        assert!(two.finding().starts_with("From embedding to output, the distance goes from 0 to "), "{}", two.finding());
        let one = DistanceByLayer { premises: Premises { differ: false, ..Premises::default() }, ..two };
        assert_eq!(one.finding(), "A and B are the same text.");
        assert!(one.sentence().starts_with("A and B are the same text."), "{}", one.sentence());
    }
}
