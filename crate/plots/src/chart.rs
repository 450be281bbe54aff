//! A chart of curves: the building block of every picture with lines in it. Axes, bands, lines with their marks and labels, and the
//! readout over all of them.

mod bars;
mod ends;

use crate::axis::{AxisKind, Scale};
use crate::color::Rgb;
use crate::curve::{stretches, thin};
use crate::layout::{self, Key, MARGIN, Mark, TICK_ROW, TITLE_ROW};
use crate::marker::Marker;
use crate::pen::{Align, Letters, Level, Pen, Rect, Stroke};
use crate::readout::{Along, Data, Format, Line, Readout, Series, Titles};
use crate::table::{Cell, Column, Table};
use crate::theme::Theme;
use crate::trace::Trace;
use crate::value_axis::{Place, ValueAxis};
use crate::{DrawError, text};
use plotters::prelude::DrawingBackend;
use std::collections::BTreeSet;

/// A chart, ready to be drawn.
pub(crate) struct Chart<'a> {
    pub title: String,
    /// Lines of small print under the title; the model first.
    pub notes: Vec<String>,
    pub across: Across<'a>,
    /// How values are counted.
    pub kind: AxisKind,
    /// What an exact zero is, on a logarithmic axis.
    pub zero: &'static str,
    /// Whether the float formats' guide lines belong here.
    pub guided: bool,
    pub curves: Vec<Curve>,
    /// Level lines of theory.
    pub constants: Vec<Constant>,
    /// A place along the chart that the page shows elsewhere too, and what stands above it.
    pub current: Option<(usize, String)>,
}

/// What stands along the chart.
pub(crate) enum Across<'a> {
    /// Numbers.
    Count {
        kind: AxisKind,
        /// Under the axis: “n →”.
        title: &'static str,
        /// In front of a number in the readout: “n = ”.
        reads: &'static str,
    },
    /// The tokens of a sequence, from 0.
    Tokens(&'a [String]),
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
    pub look: Look,
    /// Places on the curve that have a name of their own.
    pub flags: Vec<(usize, String)>,
    /// How much its label at the end matters where there is no room for all; the least matters most.
    pub rank: usize,
}

/// How a curve is drawn, and where its name stands.
#[derive(Clone, Copy, Default)]
pub(crate) struct Look {
    pub color: Rgb,
    pub width: f64,
    pub dash: Option<(f64, f64)>,
    pub marker: Marker,
    pub form: Form,
    pub name: Name,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Form {
    #[default]
    Line,
    /// Upright bars.
    Bars,
    /// Marks without a line.
    Points,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Name {
    /// Above the chart, with a sample of the line.
    #[default]
    InKeys,
    /// At the end of the line.
    AtEnd,
    /// There, and strong.
    AtEndStrong,
    /// Nowhere but in the readout.
    Unseen,
}

/// A level line.
pub(crate) struct Constant {
    pub label: String,
    pub value: f64,
}

impl Look {
    /// The look of the series with this number among several of one rank.
    pub fn of_series(theme: &Theme, series: usize) -> Self {
        const DASHES: [Option<(f64, f64)>; 4] = [None, Some((7.0, 3.0)), Some((2.5, 2.5)), Some((12.0, 3.0))];
        let (color, dash) = (theme.series(series), DASHES[series % DASHES.len()]);
        Self { color, width: 1.75, dash, marker: Marker::of(series), ..Self::default() }
    }

    /// The look of what others are compared with.
    pub fn ghost(theme: &Theme) -> Self {
        Self { color: theme.ink, width: 1.5, dash: Some((1.5, 2.5)), ..Self::default() }
    }

    fn stroke(&self) -> Stroke {
        Stroke { dash: self.dash, ..Stroke::solid(self.color, self.width) }
    }

    fn key(&self, label: &str) -> Key {
        let mark = match self.form {
            Form::Bars => Mark::Bar,
            Form::Line => Mark::Sample { stroke: Some(self.stroke()), marker: self.marker },
            Form::Points => Mark::Sample { stroke: None, marker: self.marker },
        };
        Key { mark, color: self.color, label: label.into() }
    }
}

/// The room of the labels left of the values' axis.
const LEFT: f64 = 46.0;
/// The size of marks.
const MARK: f64 = 3.2;

impl Chart<'_> {
    /// Draws everything.
    pub fn draw<DB: DrawingBackend>(&self, pen: &Pen<DB>) -> Result<Readout, DrawError> {
        let theme = &pen.style.theme;
        let notes: Vec<&str> = self.notes.iter().map(String::as_str).collect();
        let top = layout::header(pen, &self.title, &self.keys(theme), &notes)?;
        // Above the plot, a row for the label of the current place.
        let above = if self.current.is_some() { 16.0 } else { 4.0 };
        let plot = layout::plot(pen, LEFT, top + above, self.right(), MARGIN + TICK_ROW + TITLE_ROW);

        let values: Vec<Vec<f64>> = self.curves.iter().map(|curve| curve.points.iter().map(|point| point.1).collect()).collect();
        let axis = ValueAxis::fit(&values, &self.more(), self.kind, self.guided, plot);
        let x = self.x(plot);
        axis.draw(pen, self.zero)?;
        self.draw_across(pen, plot, &x)?;
        for (curve, values) in self.curves.iter().zip(&values) {
            draw_band(pen, &axis, &x, curve)?;
            if curve.look.form == Form::Bars {
                bars::draw(pen, &axis, &x, curve, values)?;
            }
        }
        self.draw_constants(pen, &axis)?;
        self.draw_current(pen, &axis, &x)?;
        self.draw_flags(pen, &axis, &x)?;
        let traces = self.draw_lines(pen, &axis, &x, &values)?;
        ends::label(pen, &axis, self.curves.iter().zip(&traces))?;
        if self.curves.iter().all(|curve| curve.points.is_empty()) {
            layout::nothing(pen, plot, "no numbers yet")?;
        }
        Ok(self.readout(pen, plot, &axis, &x))
    }

    /// The numbers: a row for each place, a column for each curve and the ends of its band.
    pub fn table(&self, place: &str, unit: &str) -> Table {
        let tokens = match &self.across {
            Across::Tokens(tokens) => Some(*tokens),
            Across::Count { .. } => None,
        };
        let mut columns = vec![Column::new(place)];
        columns.extend(tokens.map(|_| Column::new("token")));
        for curve in &self.curves {
            columns.push(Column::with_unit(&curve.label, unit));
            if !curve.band.is_empty() {
                columns.extend(["least", "greatest"].map(|end| Column::with_unit(format!("{}, {end}", curve.label), unit)));
            }
            if !curve.errors.is_empty() {
                columns.push(Column::with_unit(format!("{}, standard error", curve.label), unit));
            }
        }
        let number = |number: Option<f64>| number.map_or(Cell::Missing, Cell::Number);
        let row = |&key: &usize| {
            let mut row = vec![Cell::Count(if tokens.is_some() { key + 1 } else { key })];
            row.extend(tokens.map(|tokens| tokens.get(key).cloned().map_or(Cell::Missing, Cell::Text)));
            for curve in &self.curves {
                let at = curve.points.binary_search_by_key(&key, |point| point.0).ok();
                row.push(number(at.map(|at| curve.points[at].1)));
                if !curve.band.is_empty() {
                    let band = at.and_then(|at| curve.band.get(at));
                    row.extend([number(band.map(|band| band.0)), number(band.map(|band| band.1))]);
                }
                if !curve.errors.is_empty() {
                    row.push(number(at.and_then(|at| curve.errors.get(at).copied())));
                }
            }
            row
        };
        Table { rows: self.places().iter().map(row).collect(), columns }
    }

    /// The first and the last number of each curve, as a clause.
    pub fn story(&self) -> String {
        let told = self.curves.iter().filter_map(|curve| {
            let (from, to) = (curve.points.first()?.1, curve.points.last()?.1);
            let is_zero = curve.points.iter().all(|point| point.1 == 0.0);
            Some(match is_zero {
                true => format!("{} exactly 0 everywhere", curve.label),
                false => format!("{} from {} to {}", curve.label, crate::number::short(from), crate::number::short(to)),
            })
        });
        let told: Vec<String> = told.collect();
        if told.is_empty() { "no numbers yet".into() } else { told.join("; ") }
    }

    /// All places that have a number.
    fn places(&self) -> Vec<usize> {
        let of = |curve: &Curve| curve.points.iter().map(|point| point.0).collect::<Vec<usize>>();
        let all: Vec<Vec<usize>> = self.curves.iter().map(of).collect();
        match all.split_first() {
            // Nearly always all curves have the same places.
            Some((first, others)) if others.iter().all(|other| other == first) => first.clone(),
            _ => all.into_iter().flatten().collect::<BTreeSet<usize>>().into_iter().collect(),
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
        let guides = ValueAxis::guide_labels(self.guided).map(|label| text::width(label, text::SMALL));
        let widest = names.chain(guides).fold(0.0, f64::max);
        if widest > 0.0 { MARGIN + ends::LEADER + widest } else { MARGIN + 4.0 }
    }

    /// Numbers that the axis must reach without a mark of their own.
    fn more(&self) -> Vec<f64> {
        let bands = self.curves.iter().flat_map(|curve| &curve.band).flat_map(|band| [band.0, band.1]);
        let errors = self.curves.iter().flat_map(|curve| curve.points.iter().zip(&curve.errors).map(|(point, error)| point.1 + error));
        bands.chain(errors).chain(self.constants.iter().map(|constant| constant.value)).collect()
    }

    fn x(&self, plot: Rect) -> Scale {
        match &self.across {
            Across::Count { kind, .. } => {
                let places = || self.curves.iter().flat_map(|curve| curve.points.iter().map(|point| point.0));
                let (least, most) = (places().min().unwrap_or(1), places().max().unwrap_or(1));
                Scale::new(*kind, (least as f64, most as f64), (plot.x0 + 4.0, plot.x1 - 4.0))
            }
            // A token is the middle of its column.
            Across::Tokens(_) => {
                let most = self.curves.iter().filter_map(|curve| curve.points.last()).map(|point| point.0).max().unwrap_or(0);
                Scale::new(AxisKind::Linear, (-0.5, most as f64 + 0.5), (plot.x0, plot.x1))
            }
        }
    }

    fn draw_across<DB: DrawingBackend>(&self, pen: &Pen<DB>, plot: Rect, x: &Scale) -> Result<(), DrawError> {
        match &self.across {
            Across::Count { title, .. } => layout::x_axis(pen, plot, &x.whole_ticks(44.0), |n| x.pixel_from_data(n), title),
            Across::Tokens(tokens) => layout::token_axis(pen, plot, tokens, x),
        }
    }

    fn draw_constants<DB: DrawingBackend>(&self, pen: &Pen<DB>, axis: &ValueAxis) -> Result<(), DrawError> {
        for constant in self.constants.iter().filter(|constant| axis.place(constant.value) == Place::Axis) {
            let y = axis.scale.pixel_from_data(constant.value);
            pen.path(&[(axis.plot.x0, y), (axis.plot.x1, y)], guide(&pen.style.theme))?;
        }
        Ok(())
    }

    fn draw_current<DB: DrawingBackend>(&self, pen: &Pen<DB>, axis: &ValueAxis, x: &Scale) -> Result<(), DrawError> {
        let Some((place, words)) = &self.current else { return Ok(()) };
        let place = *place as f64;
        if place < x.data.0 || place > x.data.1 || self.curves.iter().all(|curve| curve.points.is_empty()) {
            return Ok(());
        }
        let theme = &pen.style.theme;
        let (plot, rect) = (axis.plot, axis.axis_rect());
        let at = x.pixel_from_data(place);
        pen.rule((at, rect.y0), (at, rect.y1), theme.axis, 1.0)?;
        let half = text::width(words, text::SMALL) / 2.0;
        let center = at.clamp(plot.x0 + half, (plot.x1 - half).max(plot.x0 + half));
        pen.text(words, (center, plot.y0 - 3.0), Letters::new(theme.ink).at(Align::Middle, Level::Bottom))
    }

    /// A thin line from a named place of a curve to its name at the foot of the plot, where there is room for the name.
    fn draw_flags<DB: DrawingBackend>(&self, pen: &Pen<DB>, axis: &ValueAxis, x: &Scale) -> Result<(), DrawError> {
        let rect = axis.axis_rect();
        if rect.height() < 80.0 {
            return Ok(());
        }
        for (series, curve) in self.curves.iter().enumerate() {
            let letters = Letters::new(curve.look.color).at(Align::Middle, Level::Bottom);
            let inside = |flag: &&(usize, String)| (x.data.0..=x.data.1).contains(&(flag.0 as f64));
            let mut flags: Vec<&(usize, String)> = curve.flags.iter().filter(inside).collect();
            flags.sort_by_key(|flag| flag.0);
            let widths: Vec<_> = flags.iter().map(|flag| (x.pixel_from_data(flag.0 as f64), letters.width(&flag.1))).collect();
            for (index, center) in text::side_by_side(&widths, rect.x0 + 4.0, rect.x1, 8.0) {
                let (place, words) = flags[index];
                let value = curve.points.iter().find(|point| point.0 >= *place).map_or(f64::NAN, |point| point.1);
                let (at, y) = (widths[index].0, axis.y(value, series).clamp(rect.y0, rect.y1 - 20.0));
                pen.path(&[(at, y), (at, rect.y1 - 17.0)], Stroke { dash: Some((2.0, 2.0)), ..Stroke::solid(curve.look.color, 1.0) })?;
                Marker::Diamond.draw(pen, (at, y), 3.6, curve.look.color)?;
                pen.text(words, (center, rect.y1 - 3.0), letters)?;
            }
        }
        Ok(())
    }

    fn draw_lines<DB: DrawingBackend>(
        &self,
        pen: &Pen<DB>,
        axis: &ValueAxis,
        x: &Scale,
        values: &[Vec<f64>],
    ) -> Result<Vec<Trace>, DrawError> {
        let trace = |(series, (curve, values)): (usize, (&Curve, &Vec<f64>))| {
            let points = curve.points.iter().map(|&(place, value)| (x.pixel_from_data(place as f64), axis.y(value, series)));
            Trace::new(values, axis.scale.kind, points.collect(), curve.look.stroke(), curve.look.marker)
        };
        let traces: Vec<Trace> = self.curves.iter().zip(values).enumerate().map(trace).collect();
        let alpha = 0.3 * (6.0 / traces.len().max(1) as f64).min(1.0);
        let lines = || traces.iter().zip(&self.curves).enumerate().filter(|(_, (_, curve))| curve.look.form == Form::Line);
        lines().try_for_each(|(_, (trace, _))| trace.draw_faint(pen, alpha))?;
        lines().try_for_each(|(_, (trace, _))| trace.draw(pen))?;
        lines().try_for_each(|(series, (trace, _))| trace.draw_markers(pen, MARK, 6.0 * (series % 5) as f64))?;
        let points = traces.iter().zip(&self.curves).filter(|(_, curve)| curve.look.form == Form::Points);
        points.into_iter().try_for_each(|(trace, _)| trace.draw_points(pen, MARK))?;
        for (trace, curve) in traces.iter().zip(&self.curves) {
            bars::draw_errors(pen, axis, trace, curve)?;
        }
        Ok(traces)
    }

    fn readout<DB: DrawingBackend>(&self, pen: &Pen<DB>, plot: Rect, axis: &ValueAxis, x: &Scale) -> Readout {
        let places = self.places();
        let series = |(number, curve): (usize, &Curve)| {
            let (mut values, mut across, mut errors) = (Vec::new(), Vec::new(), Vec::new());
            let mut next = 0;
            for &place in &places {
                let found = curve.points.get(next).filter(|point| point.0 == place);
                values.push(found.map(|point| point.1));
                across.push(found.map_or(f64::NAN, |point| pen.pixel((0.0, axis.y(point.1, number))).1));
                errors.push(found.and_then(|_| curve.errors.get(next).copied()).unwrap_or(0.0));
                next += usize::from(found.is_some());
            }
            Series { label: curve.label.clone(), color: curve.look.color, values, errors, across, format: Format::Number }
        };
        let titles = match &self.across {
            Across::Count { reads, .. } => Titles::Counted(reads),
            Across::Tokens(tokens) => Titles::Tokens(tokens.to_vec()),
        };
        let line = Line {
            along: Along::X,
            places: places.iter().map(|&place| pen.pixel((x.pixel_from_data(place as f64), 0.0)).0).collect(),
            keys: places.clone(),
            titles,
            series: self.curves.iter().enumerate().map(series).collect(),
        };
        let home = self.current.as_ref().and_then(|current| places.iter().position(|&place| place >= current.0));
        Readout {
            plot: pen.pixel_rect(plot),
            x: Some(x.with_pixels(|x| pen.pixel((x, 0.0)).0)),
            y: Some(axis.scale.with_pixels(|y| pen.pixel((0.0, y)).1)),
            home: home.unwrap_or(if self.current.is_some() { places.len().saturating_sub(1) } else { 0 }),
            data: Data::Line(line),
            image: None,
        }
    }
}

fn guide(theme: &Theme) -> Stroke {
    Stroke { dash: Some((6.0, 4.0)), ..Stroke::solid(theme.guide, 1.25) }
}

fn draw_band<DB: DrawingBackend>(pen: &Pen<DB>, axis: &ValueAxis, x: &Scale, curve: &Curve) -> Result<(), DrawError> {
    // A band whose lower edge is exactly zero goes to the bottom of the axis.
    let floor = axis.scale.pixels.0;
    let edge = |value: f64| if axis.place(value) == Place::Axis { axis.scale.pixel_from_data(value).min(floor) } else { floor };
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
