//! A chart of curves: the building block of every picture with lines in it. Axes, bands, lines with their marks and labels, and the
//! readout over all of them.

mod bars;
mod ends;
mod look;
mod numbers;
mod right;
mod uprights;

pub(crate) use look::{Form, Look, Name, Side};

use crate::axis::{AxisKind, Scale};
use crate::curve::{stretches, thin};
use crate::layout::{self, Key, MARGIN, Mark, TICK_ROW, TITLE_ROW};
use crate::marker::Marker;
use crate::pen::{Pen, Rect, Stroke};
use crate::readout::{Format, Readout};
use crate::theme::Theme;
use crate::trace::Trace;
use crate::value_axis::{Guide, Region, ValueAxis, guides_of, identical, not_finite};
use crate::{DrawError, text};
use glasses_contract::config::Metric;
use glasses_contract::say;

/// A chart, ready to be drawn.
pub(crate) struct Chart<'a> {
    pub title: String,
    /// Lines of small print under the title; the model first.
    pub notes: Vec<String>,
    pub across: Across<'a>,
    /// The least and the greatest place, where they are not those of the curves.
    pub ends: Option<(usize, usize)>,
    /// How values are counted.
    pub kind: AxisKind,
    /// How values are written; the axis of counts has whole numbers only.
    pub format: Format,
    /// A value that the axis reaches, whatever the curves do.
    pub reach: Option<f64>,
    /// What an exact zero is, on a logarithmic axis.
    pub zero: &'static str,
    /// What a value is that is not finite.
    pub not_finite: &'static str,
    /// The float formats' guide lines that belong here.
    pub guides: &'static [Guide],
    pub curves: Vec<Curve>,
    /// Level lines of theory.
    pub constants: Vec<Constant>,
    /// A place along the chart that the page shows elsewhere too, and what stands above it.
    pub current: Option<(usize, String)>,
    /// The place behind which nothing is drawn yet, and what stands there: a guess comes first.
    pub veil: Option<(usize, &'static str)>,
    /// A place along the chart where something changes, and what stands above it.
    pub landmark: Option<(usize, String)>,
}

impl Chart<'_> {
    /// Distances over n, with the guide lines that belong to their metric, and a mark at the n of the page.
    pub fn of_distances(x: AxisKind, metric: Metric, n: usize) -> Self {
        Self {
            across: Across::Count { kind: x, title: "n →", reads: "n = {}" },
            kind: AxisKind::Log,
            zero: identical(),
            guides: guides_of(metric),
            current: Some((n, format!("n = {n}"))),
            ..Self::default()
        }
    }
}

impl Default for Chart<'_> {
    fn default() -> Self {
        Self {
            title: String::new(),
            notes: Vec::new(),
            across: Across::Count { kind: AxisKind::Linear, title: "n →", reads: "n = {}" },
            ends: None,
            kind: AxisKind::Linear,
            format: Format::Number,
            reach: None,
            zero: "0",
            not_finite: not_finite(),
            guides: &[],
            curves: Vec::new(),
            constants: Vec::new(),
            current: None,
            veil: None,
            landmark: None,
        }
    }
}

/// What stands along the chart.
pub(crate) enum Across<'a> {
    /// Numbers.
    Count {
        kind: AxisKind,
        /// Under the axis: “n →”.
        title: &'static str,
        /// What a number is in the readout: “n = {}”.
        reads: &'static str,
    },
    /// The tokens of a sequence, from 0.
    Tokens(&'a [String]),
    /// Whole numbers, so many at each place.
    Bins {
        /// The least number at place 0.
        first: usize,
        /// How many numbers share a place.
        width: usize,
        /// Under the axis: “answer →”.
        title: &'static str,
        /// What a number is in the readout: “answer {}”.
        reads: &'static str,
    },
}

/// One curve: values at whole places.
#[derive(Clone, Default)]
pub(crate) struct Curve {
    pub label: String,
    /// In growing order of place.
    pub points: Vec<(usize, f64)>,
    /// Least and greatest at each point; empty where there is no band.
    pub band: Vec<(f64, f64)>,
    /// The standard error of each point; empty where there is none.
    pub errors: Vec<f64>,
    /// The mark of each point; empty where all have that of the look.
    pub marks: Vec<Marker>,
    /// What the readout says behind the number of each point; empty where that is nothing.
    pub remarks: Vec<String>,
    pub look: Look,
    /// Places on the curve that have a name of their own.
    pub flags: Vec<(usize, String)>,
    /// A place on the curve that the caption speaks of, with its short label beside it.
    pub spot: Option<(usize, String)>,
    /// How much its label at the end matters where there is no room for all; the least matters most.
    pub rank: usize,
}

/// A level line.
pub(crate) struct Constant {
    pub label: String,
    pub value: f64,
}

/// The size of marks.
const MARK: f64 = 3.2;

impl Chart<'_> {
    /// Draws everything.
    pub fn draw(&self, pen: &Pen) -> Result<Readout, DrawError> {
        let theme = &pen.style.theme;
        let notes: Vec<&str> = self.notes.iter().map(String::as_str).collect();
        let top = layout::header(pen, &self.title, &self.keys(theme), &notes)?;
        // Above the plot, a row for the names of places.
        let above = if self.current.is_some() || self.landmark.is_some() { 16.0 } else { 4.0 };
        let plot = |left: f64| layout::plot(pen, left, top + above, self.right(), MARGIN + TICK_ROW + TITLE_ROW);

        let values: Vec<Vec<f64>> = self.curves.iter().map(|curve| curve.points.iter().map(|point| point.1).collect()).collect();
        let on_axis = |(curve, values): (&Curve, &Vec<f64>)| if curve.look.side == Side::Left { values.clone() } else { Vec::new() };
        let on_axis: Vec<Vec<f64>> = self.curves.iter().zip(&values).map(on_axis).collect();
        let fit = |left: f64| ValueAxis::fit(&on_axis, &self.more(), self.kind, self.guides, plot(left));
        let axis = ValueAxis::with_room(self.format, fit);
        let plot = axis.plot;
        let x = self.x(plot);
        axis.draw(pen, [self.zero, self.not_finite], self.format)?;
        self.draw_right(pen, &axis)?;
        self.draw_across(pen, plot, &x)?;
        self.draw_veil(pen, &axis, &x)?;
        for (curve, values) in self.curves.iter().zip(&values) {
            draw_band(pen, &axis, &x, curve)?;
            if matches!(curve.look.form, Form::Bars | Form::Blocks | Form::Outlines) {
                bars::draw(pen, &axis, &x, curve, values)?;
            }
        }
        self.draw_constants(pen, &axis)?;
        self.draw_uprights(pen, &axis, &x)?;
        let flags = self.flags(&axis, &x);
        uprights::draw_poles(pen, &axis, &flags)?;
        let traces = self.draw_lines(pen, &axis, &x, &values)?;
        uprights::name_flags(pen, &axis, &flags)?;
        self.draw_spots(pen, &axis, &x)?;
        ends::label(pen, &axis, self.curves.iter().zip(&traces))?;
        if self.curves.iter().all(|curve| curve.points.is_empty()) {
            layout::nothing(pen, plot, say!("no numbers yet"))?;
        }
        Ok(self.readout(pen, plot, &axis, &x))
    }

    /// The height at which a number of the curve with this number is drawn.
    fn y(&self, axis: &ValueAxis, series: usize, value: f64) -> f64 {
        match self.curves.get(series).map(|curve| curve.look.side) {
            Some(Side::Right) => right::scale(axis).pixel_from_data(value),
            _ => axis.y(value, series),
        }
    }

    fn keys(&self, theme: &Theme) -> Vec<Key> {
        let curves = self.curves.iter().filter(|curve| curve.look.name == Name::InKeys && !curve.points.is_empty());
        let mut keys: Vec<Key> = curves.map(|curve| curve.look.key(&curve.label)).collect();
        let stroke = guide(theme);
        let constant = |constant: &Constant| Key {
            mark: Mark::Sample { stroke: Some(stroke), marker: Marker::None },
            color: theme.guide,
            label: constant.label.clone(),
        };
        keys.extend(self.constants.iter().map(constant));
        keys
    }

    /// What stands right of the plot: names of lines and of guides.
    fn right(&self) -> f64 {
        let named = self.curves.iter().filter(|curve| matches!(curve.look.name, Name::AtEnd | Name::AtEndStrong));
        let names = named.map(|curve| text::width(&curve.label, text::SMALL));
        let guides = self.guides.iter().map(|guide| text::width(guide.label, text::SMALL));
        let widest = names.chain(guides).fold(0.0, f64::max);
        let ends = if widest > 0.0 { MARGIN + ends::LEADER + widest } else { MARGIN + 4.0 };
        ends.max(self.right_room())
    }

    /// Numbers that the axis must reach without a mark of their own.
    fn more(&self) -> Vec<f64> {
        let bands = self.curves.iter().flat_map(|curve| &curve.band).flat_map(|band| [band.0, band.1]);
        let errors = self.curves.iter().flat_map(|curve| curve.points.iter().zip(&curve.errors).map(|(point, error)| point.1 + error));
        bands.chain(errors).chain(self.constants.iter().map(|constant| constant.value)).chain(self.reach).collect()
    }

    fn x(&self, plot: Rect) -> Scale {
        match &self.across {
            Across::Count { kind, .. } => {
                let places = || self.curves.iter().flat_map(|curve| curve.points.iter().map(|point| point.0));
                let (least, most) = self.ends.unwrap_or((places().min().unwrap_or(1), places().max().unwrap_or(1)));
                Scale::new(*kind, (least as f64, most as f64), (plot.x0 + 4.0, plot.x1 - 4.0))
            }
            // A token, or a bin, is the middle of its column.
            Across::Tokens(_) | Across::Bins { .. } => {
                let most = self.curves.iter().filter_map(|curve| curve.points.last()).map(|point| point.0).max().unwrap_or(0);
                Scale::new(AxisKind::Linear, (-0.5, most as f64 + 0.5), (plot.x0, plot.x1))
            }
        }
    }

    fn draw_across(&self, pen: &Pen, plot: Rect, x: &Scale) -> Result<(), DrawError> {
        match &self.across {
            Across::Count { title, .. } => layout::x_axis(pen, plot, &x.whole_ticks(44.0), |n| x.pixel_from_data(n), title),
            Across::Tokens(tokens) => layout::token_axis(pen, plot, tokens, x),
            Across::Bins { first, width, title, .. } => {
                // From the left edge of the first bin to the right edge of the last, each number in the middle of its share.
                let edge = |place: f64| *first as f64 - 0.5 + (place + 0.5) * *width as f64;
                let numbers = Scale::new(AxisKind::Linear, (edge(x.data.0), edge(x.data.1)), x.pixels);
                layout::x_axis(pen, plot, &numbers.whole_ticks(44.0), |number| numbers.pixel_from_data(number), title)
            }
        }
    }

    fn draw_constants(&self, pen: &Pen, axis: &ValueAxis) -> Result<(), DrawError> {
        for constant in self.constants.iter().filter(|constant| axis.place(constant.value) == Region::Axis) {
            let y = axis.scale.pixel_from_data(constant.value);
            pen.path(&[(axis.plot.x0, y), (axis.plot.x1, y)], guide(&pen.style.theme))?;
        }
        Ok(())
    }

    fn draw_lines(&self, pen: &Pen, axis: &ValueAxis, x: &Scale, values: &[Vec<f64>]) -> Result<Vec<Trace>, DrawError> {
        let trace = |(series, (curve, values)): (usize, (&Curve, &Vec<f64>))| {
            let points = curve.points.iter().map(|&(place, value)| (x.pixel_from_data(place as f64), self.y(axis, series, value)));
            let kind = if curve.look.side == Side::Left { axis.scale.kind } else { AxisKind::Linear };
            Trace::new(values, kind, points.collect(), curve.look.stroke(), curve.look.marker)
        };
        let traces: Vec<Trace> = self.curves.iter().zip(values).enumerate().map(trace).collect();
        let alpha = 0.3 * (6.0 / traces.len().max(1) as f64).min(1.0);
        let lines = || traces.iter().zip(&self.curves).enumerate().filter(|(_, (_, curve))| curve.look.form == Form::Line);
        lines().try_for_each(|(_, (trace, _))| trace.draw_faint(pen, alpha))?;
        lines().try_for_each(|(_, (trace, _))| trace.draw(pen))?;
        lines().try_for_each(|(series, (trace, curve))| match &curve.marks[..] {
            [] => trace.draw_markers(pen, MARK, 6.0 * (series % 5) as f64),
            marks => trace.draw_marks(pen, MARK, marks),
        })?;
        let points = traces.iter().zip(&self.curves).filter(|(_, curve)| curve.look.form == Form::Points);
        points.into_iter().try_for_each(|(trace, curve)| match &curve.marks[..] {
            [] => trace.draw_points(pen, MARK),
            marks => trace.draw_marks(pen, MARK, marks),
        })?;
        for (trace, curve) in traces.iter().zip(&self.curves) {
            bars::draw_errors(pen, axis, trace, curve)?;
        }
        Ok(traces)
    }
}

fn guide(theme: &Theme) -> Stroke {
    Stroke { dash: Some((6.0, 4.0)), ..Stroke::solid(theme.guide, 1.25) }
}

fn draw_band(pen: &Pen, axis: &ValueAxis, x: &Scale, curve: &Curve) -> Result<(), DrawError> {
    // A band whose lower edge is exactly zero goes to the bottom of the axis.
    let floor = axis.scale.pixels.0;
    let edge = |value: f64| if axis.place(value) == Region::Axis { axis.scale.pixel_from_data(value).min(floor) } else { floor };
    let usable = |(min, max): (f64, f64)| min.is_finite() && max.is_finite() && max > 0.0;
    let runs = |pick: fn((f64, f64)) -> f64| {
        let spreads = curve.points.iter().zip(&curve.band);
        let points = spreads.map(|(point, &band)| usable(band).then(|| (x.pixel_from_data(point.0 as f64), edge(pick(band)))));
        stretches(points).iter().map(|stretch| thin(stretch)).collect::<Vec<_>>()
    };
    for (mut upper, lower) in runs(|band| band.1).into_iter().zip(runs(|band| band.0)) {
        upper.extend(lower.into_iter().rev());
        if upper.len() > 2 {
            pen.polygon(&upper, curve.look.color, 0.18)?;
        }
    }
    Ok(())
}
