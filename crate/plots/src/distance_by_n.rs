//! The collapse: the distance of the two last-token representations at every n, a line for each stage of the model.

use crate::axis::{AxisKind, Scale, Tick};
use crate::curve::{is_noisy, stretches, thin};
use crate::layout::{self, MARGIN, TICK_ROW, TITLE_ROW};
use crate::pen::{Align, Letters, Level, Pen, Stroke};
use crate::readout::{Along, Data, Format, Line, Readout, Series, Titles};
use crate::table::{Cell, Column, Table};
use crate::trace::Trace;
use crate::value_axis::{GUIDES, GUIDES_NOTE, ValueAxis};
use crate::{DrawError, Figure, Style, number, text};
use glasses_contract::Choice;
use glasses_contract::config::Metric;
use glasses_contract::report::{Stage, Sweep};
use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, DrawingBackend};

/// Distance against n, as in the paper's Figures 5 and 8.
#[derive(Clone, Debug)]
pub struct DistanceByN<'a> {
    /// The numbers.
    pub sweep: &'a Sweep,
    /// Which of the distances.
    pub metric: Metric,
    /// The value of n that the rest of the page shows, marked by an upright line.
    pub n: usize,
    /// How n is counted.
    pub x: AxisKind,
    /// The layer, from 1, whose heads' spread is drawn behind the lines.
    pub heads_of: Option<usize>,
    /// Which model drew it: “seeded random weights, 4 layers, …”.
    pub model: String,
}

impl<'a> DistanceByN<'a> {
    /// A figure with a linear n and no heads.
    pub fn new(sweep: &'a Sweep, metric: Metric, n: usize, model: impl Into<String>) -> Self {
        Self { sweep, metric, n, x: AxisKind::Linear, heads_of: None, model: model.into() }
    }

    fn values(&self) -> Vec<Vec<f64>> {
        let value = |distances: &glasses_contract::report::Distances| distances.get(self.metric);
        self.sweep.stages.iter().map(|curve| curve.distances.iter().map(value).collect()).collect()
    }

    fn title(&self) -> String {
        format!("{} distance of the last-token representations", self.metric.entry().label)
    }
}

impl Figure for DistanceByN<'_> {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, style: &Style) -> Result<Readout, DrawError> {
        let pen = Pen::begin(area, style)?;
        let theme = &style.theme;
        let values = self.values();
        let count = values.len();
        let band = self.heads_of.and_then(|layer| self.sweep.heads.iter().find(|curve| curve.layer == layer));

        let mut notes = vec![self.model.as_str()];
        if self.metric != Metric::Cosine {
            notes.push(GUIDES_NOTE);
        }
        if values.iter().any(|values| is_noisy(values)) {
            notes.push("Noisy lines: faint as computed, strong the moving median.");
        }
        let band_note = band.map(|curve| format!("Shaded: the heads of layer {}, from least to greatest.", curve.layer));
        notes.extend(band_note.as_deref());
        let top = layout::header(&pen, &format!("↑ {}", self.title()), &[], &notes)?;

        // Above the plot, a row for the label of the current n.
        let right = MARGIN + LEADER + self.labels(count).map(|label| text::width(&label, text::SMALL)).fold(0.0, f64::max);
        let plot = layout::plot(&pen, 46.0, top + 16.0, right, MARGIN + TICK_ROW + TITLE_ROW);
        let spread: Vec<f64> = band.iter().flat_map(|curve| curve.get(self.metric)).flat_map(|spread| [spread.min, spread.max]).collect();
        let distance = ValueAxis::of_distances(&values, &spread, self.metric, plot);
        let least = self.sweep.n.iter().copied().min().unwrap_or(1) as f64;
        let most = self.sweep.n.iter().copied().max().unwrap_or(1) as f64;
        let x = Scale::new(self.x, (least, most), (plot.x0 + 4.0, plot.x1 - 4.0));
        let places: Vec<f64> = self.sweep.n.iter().map(|&n| x.pixel_from_data(n as f64)).collect();

        distance.draw(&pen)?;
        let ticks: Vec<Tick> = x.whole_ticks(44.0);
        layout::x_axis(&pen, plot, &ticks, |n| x.pixel_from_data(n), "n →")?;
        if let Some(curve) = band {
            let fill = theme.stage(curve.layer, count);
            let spreads = places.iter().zip(curve.get(self.metric)).map(|(&x, spread)| (x, spread.min, spread.max));
            draw_band(&pen, &distance, spreads, fill)?;
        }
        self.draw_current(&pen, &distance, &x)?;

        let across: Vec<Vec<f64>> =
            values.iter().enumerate().map(|(stage, values)| values.iter().map(|&value| distance.y(value, stage)).collect()).collect();
        let trace = |(stage, values): (usize, &Vec<f64>)| {
            let points = places.iter().copied().zip(across[stage].iter().copied()).collect();
            Trace::new(values, points, stroke(&pen, stage, count))
        };
        let traces: Vec<Trace> = values.iter().enumerate().map(trace).collect();
        let alpha = 0.3 * (6.0 / count as f64).min(1.0);
        traces.iter().try_for_each(|trace| trace.draw_faint(&pen, alpha))?;
        traces.iter().try_for_each(|trace| trace.draw(&pen))?;
        self.label_ends(&pen, &distance, &traces)?;
        if places.is_empty() || count == 0 {
            layout::nothing(&pen, plot, "no numbers yet")?;
        }

        let series = values.into_iter().zip(across).enumerate().map(|(stage, (values, across))| Series {
            label: self.sweep.stages[stage].stage.to_string(),
            color: theme.stage(stage, count),
            values: values.into_iter().map(Some).collect(),
            errors: Vec::new(),
            across: across.into_iter().map(|y| pen.pixel((0.0, y)).1).collect(),
            format: Format::Number,
        });
        let line = Line {
            along: Along::X,
            places: places.iter().map(|&x| pen.pixel((x, 0.0)).0).collect(),
            keys: self.sweep.n.clone(),
            titles: Titles::N,
            series: series.collect(),
        };
        Ok(Readout {
            plot: pen.pixel_rect(plot),
            x: Some(x.with_pixels(|x| pen.pixel((x, 0.0)).0)),
            y: Some(distance.scale.with_pixels(|y| pen.pixel((0.0, y)).1)),
            home: self.sweep.n.iter().position(|&n| n >= self.n).unwrap_or(self.sweep.n.len().saturating_sub(1)),
            data: Data::Line(line),
            image: None,
        })
    }

    fn height(&self, width: f64) -> f64 {
        (width * 0.5).clamp(340.0, 460.0)
    }

    fn sentence(&self) -> String {
        let (Some(first), Some(last)) = (self.sweep.n.first(), self.sweep.n.last()) else {
            return format!("{}: no numbers yet.", self.title());
        };
        let mut stages = Vec::new();
        for curve in &self.sweep.stages {
            let values: Vec<f64> = curve.distances.iter().map(|distances| distances.get(self.metric)).collect();
            let (Some(&from), Some(&to)) = (values.first(), values.last()) else { continue };
            stages.push(match curve.stage {
                stage if values.iter().all(|&value| value == 0.0) => format!("{stage} exactly 0 at every n"),
                stage => format!("{stage} from {} to {}", number::short(from), number::short(to)),
            });
        }
        let below =
            self.below_bf16().map_or(String::new(), |n| format!(" From n = {n} on, the output stays below bf16's machine epsilon, 2⁻⁷."));
        format!("{} from n = {first} to n = {last}, by stage: {}.{below} Model: {}.", self.title(), stages.join("; "), self.model)
    }

    fn table(&self) -> Table {
        let unit = self.metric.entry().label;
        let mut columns = vec![Column::new("n")];
        columns.extend(self.sweep.stages.iter().map(|curve| Column::with_unit(curve.stage.to_string(), unit)));
        for curve in &self.sweep.heads {
            let name = |what| Column::with_unit(format!("heads of layer {}, {what}", curve.layer), unit);
            columns.extend(["least", "mean", "greatest"].map(name));
        }
        let row = |(index, &n): (usize, &usize)| {
            let number = |number: Option<f64>| number.map_or(Cell::Missing, Cell::Number);
            let mut row = vec![Cell::Count(n)];
            row.extend(self.sweep.stages.iter().map(|curve| number(curve.distances.get(index).map(|all| all.get(self.metric)))));
            for curve in &self.sweep.heads {
                let spread = curve.get(self.metric).get(index);
                row.extend([spread.map(|all| all.min), spread.map(|all| all.mean), spread.map(|all| all.max)].map(number));
            }
            row
        };
        Table { columns, rows: self.sweep.n.iter().enumerate().map(row).collect() }
    }
}

impl DistanceByN<'_> {
    /// The n from which the output's distance stays below the paper's line: for coordinates, not for a cosine.
    fn below_bf16(&self) -> Option<usize> {
        let output = self.sweep.stages.iter().find(|curve| curve.stage == Stage::Output && self.metric != Metric::Cosine)?;
        let below = |entry: &&glasses_contract::report::Distances| entry.get(self.metric) < GUIDES[0].value;
        let at_the_end = output.distances.iter().rev().take_while(below).count();
        self.sweep.n.get(output.distances.len() - at_the_end).copied()
    }
}

/// From the end of a line to its label, in CSS pixels.
const LEADER: f64 = 18.0;

impl DistanceByN<'_> {
    /// The words at the right edge: stages, then guides.
    fn labels(&self, count: usize) -> impl Iterator<Item = String> {
        let guides = GUIDES.iter().filter(|_| self.metric != Metric::Cosine).map(|guide| guide.label.to_owned());
        self.sweep.stages.iter().take(count).map(|curve| curve.stage.to_string()).chain(guides)
    }

    fn draw_current<DB: DrawingBackend>(&self, pen: &Pen<DB>, distance: &ValueAxis, x: &Scale) -> Result<(), DrawError> {
        let n = self.n as f64;
        if n < x.data.0 || n > x.data.1 || self.sweep.n.is_empty() {
            return Ok(());
        }
        let theme = &pen.style.theme;
        let (plot, axis) = (distance.plot, distance.axis_rect());
        let (at, words) = (x.pixel_from_data(n), format!("n = {}", self.n));
        pen.rule((at, axis.y0), (at, axis.y1), theme.axis, 1.0)?;
        let half = text::width(&words, text::SMALL) / 2.0;
        let center = at.clamp(plot.x0 + half, (plot.x1 - half).max(plot.x0 + half));
        pen.text(&words, (center, plot.y0 - 3.0), Letters::new(theme.ink).at(Align::Middle, Level::Bottom))
    }

    /// A label at the end of each line and guide, moved apart where they would overlap, with a leader from the line to its label.
    fn label_ends<DB: DrawingBackend>(&self, pen: &Pen<DB>, distance: &ValueAxis, traces: &[Trace]) -> Result<(), DrawError> {
        const HEIGHT: f64 = text::SMALL + 2.5;
        let theme = &pen.style.theme;
        let plot = distance.plot;
        struct End {
            y: f64,
            words: String,
            letters: Letters,
            stroke: Option<Stroke>,
            rank: usize,
        }
        let mut ends = Vec::new();
        for (stage, trace) in traces.iter().enumerate() {
            let Some(y) = trace.end() else { continue };
            let kind = self.sweep.stages[stage].stage;
            let letters = Letters::new(if kind == Stage::Output { theme.ink } else { theme.muted });
            ends.push(End {
                y,
                words: kind.to_string(),
                letters: if kind == Stage::Output { letters.bold() } else { letters },
                stroke: Some(Stroke { dash: None, ..trace.stroke }),
                rank: rank(stage, traces.len()),
            });
        }
        for guide in distance.guides() {
            let letters = Letters::new(theme.muted);
            ends.push(End { y: distance.scale.pixel_from_data(guide.value), words: guide.label.into(), letters, stroke: None, rank: 1 });
        }
        // Where there is no room for all, those that matter least have none.
        ends.sort_by_key(|end| end.rank);
        ends.truncate(((plot.height() + HEIGHT) / HEIGHT).floor().max(1.0) as usize);
        let wishes: Vec<f64> = ends.iter().map(|end| end.y).collect();
        let places = text::spread(&wishes, HEIGHT, plot.y0 - HEIGHT / 2.0, plot.y1 + HEIGHT / 2.0);
        for (end, y) in ends.iter().zip(places) {
            let stroke = end.stroke.unwrap_or(Stroke::solid(theme.guide, 1.0));
            let leader = [(plot.x1 - 3.0, end.y), (plot.x1 + 3.0, end.y), (plot.x1 + LEADER - 7.0, y), (plot.x1 + LEADER - 4.0, y)];
            pen.path(&leader, Stroke { width: 1.0, ..stroke })?;
            pen.text(&end.words, (plot.x1 + LEADER, y), end.letters)?;
        }
        Ok(())
    }
}

/// The deeper the stage, the stronger its color and the longer its dashes: from dots at the embedding to a thick unbroken line at
/// the output, so that the order can be seen without color too.
fn stroke<DB: DrawingBackend>(pen: &Pen<DB>, stage: usize, count: usize) -> Stroke {
    let color = pen.style.theme.stage(stage, count);
    if stage + 1 >= count {
        return Stroke::solid(color, 2.5);
    }
    let depth = stage as f64 / (count - 1) as f64;
    Stroke { dash: Some((1.5 + 22.0 * depth * depth, 2.5)), ..Stroke::solid(color, 1.5) }
}

/// How much a stage's label matters: the ends of the model most, then every other layer, every fourth, …
fn rank(stage: usize, count: usize) -> usize {
    if stage == 0 || stage + 1 == count { 0 } else { 2 + 16 - (stage.trailing_zeros() as usize).min(8) }
}

fn draw_band<DB: DrawingBackend>(
    pen: &Pen<DB>,
    distance: &ValueAxis,
    spreads: impl Iterator<Item = (f64, f64, f64)> + Clone,
    fill: crate::Rgb,
) -> Result<(), DrawError> {
    // A band whose lower edge is exactly zero goes to the bottom of the axis.
    let floor = distance.scale.pixels.0;
    let edge = |value: f64| if value > 0.0 { distance.scale.pixel_from_data(value).min(floor) } else { floor };
    let usable = |&(_, min, max): &(f64, f64, f64)| min.is_finite() && max.is_finite() && max > 0.0;
    let runs = |pick: fn(f64, f64) -> f64| {
        let points = spreads.clone().map(move |spread| usable(&spread).then(|| (spread.0, edge(pick(spread.1, spread.2)))));
        stretches(points).iter().map(|stretch| thin(stretch)).collect::<Vec<_>>()
    };
    for (mut upper, lower) in runs(|_, max| max).into_iter().zip(runs(|min, _| min)) {
        upper.extend(lower.into_iter().rev());
        if upper.len() > 2 {
            pen.polygon(&upper, fill, 0.18)?;
        }
    }
    Ok(())
}
