//! Over-squashing: how much the last token's representation still depends on each input token.

use crate::axis::{AxisKind, Scale};
use crate::color::Rgb;
use crate::curve::{stretches, thin};
use crate::layout::{self, Key, MARGIN, Mark, TICK_ROW, TITLE_ROW};
use crate::pen::{Align, Letters, Level, Pen, Point, Rect};
use crate::readout::{Along, Data, Format, Line, Readout, Series, Titles};
use crate::table::{Cell, Column, Table};
use crate::value_axis::{Place, ValueAxis};
use crate::{DrawError, Figure, Style, number, text};
use glasses_contract::config::Which;
use glasses_contract::report::{JacobianMethod, Profile, Sensitivity};
use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, DrawingBackend};

/// Sensitivity against the place of the token: a bar for the full Jacobian, a step for the one with attention held fixed.
#[derive(Clone, Debug)]
pub struct SensitivityByToken<'a> {
    /// The numbers.
    pub sensitivity: &'a Sensitivity,
    /// How sensitivity is counted.
    pub y: AxisKind,
    /// Which model drew it.
    pub model: String,
}

impl<'a> SensitivityByToken<'a> {
    /// A figure with a linear axis.
    pub fn new(sensitivity: &'a Sensitivity, model: impl Into<String>) -> Self {
        Self { sensitivity, y: AxisKind::Linear, model: model.into() }
    }

    fn sequence(&self) -> &'static str {
        match self.sensitivity.sequence {
            Which::A => "A",
            Which::B => "B",
        }
    }

    /// How the numbers came about: “exact” or “estimate, 8 probes”, once where both profiles say the same.
    fn method(&self) -> String {
        let (full, frozen) = (&self.sensitivity.full, &self.sensitivity.frozen);
        let mut method = in_words(full.method);
        if full.method != frozen.method {
            method = format!("full: {method}; attention fixed: {}", in_words(frozen.method));
        }
        let whiskers = if has_errors(full) || has_errors(frozen) { "; whiskers: ±\u{a0}1\u{a0}standard\u{a0}error" } else { "" };
        format!("‖∂yₙ/∂vᵢ‖: Frobenius norm, {method}{whiskers}.")
    }
}

fn in_words(method: JacobianMethod) -> String {
    match method {
        JacobianMethod::Exact => "exact".into(),
        JacobianMethod::Estimate { probes: 1 } => "estimate, 1 probe".into(),
        JacobianMethod::Estimate { probes } => format!("estimate, {probes} probes"),
    }
}

fn has_errors(profile: &Profile) -> bool {
    profile.standard_error.iter().any(|&error| error > 0.0)
}

fn error_of(profile: &Profile, token: usize) -> f64 {
    profile.standard_error.get(token).copied().filter(|error| error.is_finite()).unwrap_or(0.0)
}

impl Figure for SensitivityByToken<'_> {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, style: &Style) -> Result<Readout, DrawError> {
        let pen = Pen::begin(area, style)?;
        let theme = &style.theme;
        let Sensitivity { tokens, full, frozen, .. } = self.sensitivity;
        let count = full.norm.len().max(frozen.norm.len());
        let color = if self.sensitivity.sequence == Which::A { theme.a } else { theme.b };

        let keys = [
            Key { mark: Mark::Bar, color, label: "everything depends on the input".into() },
            Key { mark: Mark::Step, color: theme.ink, label: "attention held fixed".into() },
        ];
        let title = format!("↑ Sensitivity of the last token to each token of\u{a0}{}", self.sequence());
        let top = layout::header(&pen, &title, &keys, &[self.model.as_str(), &self.method()])?;
        let plot = layout::plot(&pen, 46.0, top + 4.0, MARGIN + 4.0, MARGIN + TICK_ROW + TITLE_ROW);
        let tips = |profile: &Profile| -> Vec<f64> {
            profile.norm.iter().enumerate().map(|(token, norm)| norm + error_of(profile, token)).collect()
        };
        let tips: Vec<f64> = [tips(full), tips(frozen)].concat();
        let axis = ValueAxis::fit(&[full.norm.clone(), frozen.norm.clone()], &tips, self.y, false, plot);
        let x = Scale::new(AxisKind::Linear, (0.0, count.max(1) as f64), (plot.x0, plot.x1));
        let places: Vec<f64> = (0..count).map(|token| x.pixel_from_data(token as f64 + 0.5)).collect();
        let pitch = plot.width() / count.max(1) as f64;

        axis.draw(&pen)?;
        let columns = columns(&places, pitch);
        let values = |profile: &Profile| columns.iter().map(|column| greatest(&profile.norm, column.clone())).collect::<Vec<_>>();
        let width = pitch.max(COLUMN);
        let bar = if width < 4.0 { width } else { (width * 0.72).min(40.0) };
        let centers: Vec<f64> = columns.iter().map(|column| (places[column.start] + places[column.end - 1]) / 2.0).collect();
        draw_bars(&pen, &axis, &centers, &values(full), bar, color)?;
        draw_steps(&pen, &axis, &centers, &values(frozen), width, theme.ink)?;
        if pitch >= 4.0 {
            draw_errors(&pen, &axis, &places, full, -bar / 6.0, theme.ink)?;
            draw_errors(&pen, &axis, &places, frozen, bar / 6.0, theme.muted)?;
        }
        self.label_tokens(&pen, plot, &places, pitch)?;
        if count == 0 {
            layout::nothing(&pen, plot, "no numbers yet")?;
        }

        let series = |label: &str, profile: &Profile, row: usize, color: Rgb| Series {
            label: label.into(),
            color,
            values: (0..count).map(|token| profile.norm.get(token).copied()).collect(),
            errors: profile.standard_error.clone(),
            across: (0..count)
                .map(|token| profile.norm.get(token).map_or(f64::NAN, |&norm| pen.pixel((0.0, axis.y(norm, row))).1))
                .collect(),
            format: Format::Number,
        };
        let line = Line {
            along: Along::X,
            places: places.iter().map(|&x| pen.pixel((x, 0.0)).0).collect(),
            keys: (0..count).collect(),
            titles: Titles::Tokens(tokens.clone()),
            series: vec![series("everything depends", full, 0, color), series("attention fixed", frozen, 1, theme.ink)],
        };
        Ok(Readout {
            plot: pen.pixel_rect(plot),
            x: Some(x.with_pixels(|x| pen.pixel((x, 0.0)).0)),
            y: Some(axis.scale.with_pixels(|y| pen.pixel((0.0, y)).1)),
            data: Data::Line(line),
            ..Readout::default()
        })
    }

    fn height(&self, width: f64) -> f64 {
        (width * 0.4).clamp(320.0, 380.0)
    }

    fn sentence(&self) -> String {
        let Sensitivity { n, tokens, full, .. } = self.sensitivity;
        let place = |(token, norm): (usize, f64)| {
            let label = number::quoted(tokens.get(token).map_or("", String::as_str));
            format!("token {}, {label}, with {}", token + 1, number::short(norm))
        };
        let finite = || full.norm.iter().copied().enumerate().filter(|(_, norm)| norm.is_finite());
        let most = finite().max_by(|left, right| left.1.total_cmp(&right.1)).map(place);
        let least = finite().min_by(|left, right| left.1.total_cmp(&right.1)).map(place);
        let told = match (most, least) {
            (Some(most), Some(least)) => format!("most to {most}; least to {least}"),
            _ => "no numbers yet".into(),
        };
        let sequence = self.sequence();
        format!("Sensitivity of the last token to each token of {sequence} at n = {n}: {told}. {} Model: {}.", self.method(), self.model)
    }

    fn table(&self) -> Table {
        let Sensitivity { tokens, full, frozen, .. } = self.sensitivity;
        let mut columns = vec![Column::new("number"), Column::new("token")];
        for (name, profile) in [("everything depends on the input", full), ("attention held fixed", frozen)] {
            columns.push(Column::with_unit(name, format!("Frobenius norm, {}", in_words(profile.method))));
            columns.push(Column::with_unit(format!("{name}, standard error"), "Frobenius norm"));
        }
        let number = |list: &[f64], token: usize| list.get(token).map_or(Cell::Missing, |&number| Cell::Number(number));
        let row = |token: usize| {
            let mut row = vec![Cell::Count(token + 1), tokens.get(token).cloned().map_or(Cell::Missing, Cell::Text)];
            for profile in [full, frozen] {
                row.extend([number(&profile.norm, token), number(&profile.standard_error, token)]);
            }
            row
        };
        Table { columns, rows: (0..full.norm.len().max(frozen.norm.len())).map(row).collect() }
    }
}

/// The narrowest bar; where tokens are closer, a bar stands for several and shows the greatest of them.
const COLUMN: f64 = 1.0;

/// The tokens of each bar: one, or those within [`COLUMN`].
fn columns(places: &[f64], pitch: f64) -> Vec<std::ops::Range<usize>> {
    let each = (COLUMN / pitch).ceil().max(1.0) as usize;
    (0..places.len()).step_by(each).map(|start| start..(start + each).min(places.len())).collect()
}

/// The greatest norm, or what is not finite where there is any.
fn greatest(norms: &[f64], column: std::ops::Range<usize>) -> Option<f64> {
    let norms = norms.get(column.start..column.end.min(norms.len()))?;
    let bad = norms.iter().copied().find(|norm| !norm.is_finite());
    bad.or_else(|| norms.iter().copied().reduce(f64::max))
}

fn draw_bars<DB: DrawingBackend>(
    pen: &Pen<DB>,
    axis: &ValueAxis,
    centers: &[f64],
    values: &[Option<f64>],
    bar: f64,
    color: Rgb,
) -> Result<(), DrawError> {
    let floor = axis.scale.pixels.0;
    for (&x, value) in centers.iter().zip(values) {
        let Some(value) = *value else { continue };
        let y = axis.y(value, 0);
        let rect = Rect { x0: x - bar / 2.0, y0: y.min(floor), x1: x + bar / 2.0, y1: floor };
        match axis.place(value) {
            Place::Axis if axis.scale.kind == AxisKind::Linear => pen.rect(rect, color, 0.85)?,
            // A logarithmic axis has no zero that a bar could stand on: its upper end alone says the number.
            Place::Axis => {
                pen.rect(rect, color, 0.22)?;
                pen.rect(Rect { y0: y - 1.5, y1: y + 1.5, ..rect }, color, 1.0)?;
            }
            Place::Zero | Place::NotFinite => pen.rect(Rect { y0: y - 1.5, y1: y + 1.5, ..rect }, color, 1.0)?,
        }
    }
    Ok(())
}

fn draw_steps<DB: DrawingBackend>(
    pen: &Pen<DB>,
    axis: &ValueAxis,
    centers: &[f64],
    values: &[Option<f64>],
    width: f64,
    color: Rgb,
) -> Result<(), DrawError> {
    let points: Vec<Option<Point>> = centers.iter().zip(values).map(|(&x, value)| value.map(|value| (x, axis.y(value, 1)))).collect();
    if width < 4.0 {
        for stretch in stretches(points.into_iter()) {
            pen.path(&thin(&stretch), crate::pen::Stroke::solid(color, 1.25))?;
        }
        return Ok(());
    }
    let half = (width * 0.5 - 1.0).min(24.0);
    points.into_iter().flatten().try_for_each(|(x, y)| pen.rule((x - half, y), (x + half, y), color, 2.0))
}

fn draw_errors<DB: DrawingBackend>(
    pen: &Pen<DB>,
    axis: &ValueAxis,
    places: &[f64],
    profile: &Profile,
    shift: f64,
    color: Rgb,
) -> Result<(), DrawError> {
    for (token, (&x, &norm)) in places.iter().zip(&profile.norm).enumerate() {
        let error = error_of(profile, token);
        if error <= 0.0 || axis.place(norm) != Place::Axis {
            continue;
        }
        let floor = axis.scale.pixels.0;
        let low = axis.scale.pixel_from_data((norm - error).max(axis.scale.data.0)).min(floor);
        pen.rule((x + shift, low), (x + shift, axis.y(norm + error, 0)), color, 1.0)?;
    }
    Ok(())
}

impl SensitivityByToken<'_> {
    /// The tokens themselves where they fit under their bars, their numbers otherwise.
    fn label_tokens<DB: DrawingBackend>(&self, pen: &Pen<DB>, plot: Rect, places: &[f64], pitch: f64) -> Result<(), DrawError> {
        let theme = &pen.style.theme;
        let tokens = &self.sensitivity.tokens;
        let letters = Letters { size: text::SMALL + 0.5, ..Letters::new(theme.ink) }.mono().at(Align::Middle, Level::Top);
        let widths: Vec<_> = places.iter().zip(tokens).map(|(&x, token)| (x, letters.width(token))).collect();
        let placed = text::side_by_side(&widths, 2.0, pen.sheet().x1 - 1.0, 0.5);
        // Nearly all: one long label in the middle may be missing.
        if placed.len() * 10 >= tokens.len() * 9 {
            pen.rule((plot.x0, plot.y1), (plot.x1, plot.y1), theme.axis, 1.0)?;
            for (index, center) in placed {
                pen.text(&tokens[index], (center, plot.y1 + 5.0), letters)?;
            }
            return layout::x_title(pen, plot, "token →");
        }
        let by_number = Scale::new(AxisKind::Linear, (0.5, places.len() as f64 + 0.5), (plot.x0, plot.x1));
        debug_assert!((by_number.pixel_from_data(1.0) - plot.x0 - pitch / 2.0).abs() < 1e-6);
        layout::x_axis(pen, plot, &by_number.whole_ticks(40.0), |number| by_number.pixel_from_data(number), "token, by number →")
    }
}
