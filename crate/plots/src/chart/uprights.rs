//! Upright lines in a chart: places that have a name, above it or at its foot.

use super::{Chart, Curve};
use crate::axis::Scale;
use crate::marker::Marker;
use crate::pen::{Align, Letters, Level, Pen, Stroke};
use crate::value_axis::ValueAxis;
use crate::{DrawError, text};

/// A place with its name above the plot.
struct Upright<'a> {
    at: f64,
    words: &'a str,
    dash: Option<(f64, f64)>,
}

impl Chart<'_> {
    /// The places that are named above the plot, as far as they are within it, in their order.
    fn uprights(&self, x: &Scale) -> Vec<Upright<'_>> {
        let mut uprights = Vec::new();
        if self.curves.iter().any(|curve| !curve.points.is_empty()) {
            for (named, dash) in [(&self.current, None), (&self.landmark, Some((5.0, 3.0)))] {
                let inside = named.iter().filter(|(place, _)| (x.data.0..=x.data.1).contains(&(*place as f64)));
                uprights.extend(inside.map(|(place, words)| Upright { at: x.pixel_from_data(*place as f64), words, dash }));
            }
        }
        uprights.sort_by(|left, right| left.at.total_cmp(&right.at));
        uprights
    }

    pub(super) fn draw_uprights(&self, pen: &Pen, axis: &ValueAxis, x: &Scale) -> Result<(), DrawError> {
        let theme = &pen.style.theme;
        let (plot, rect) = (axis.plot, axis.axis_rect());
        let letters = Letters::new(theme.ink).at(Align::Middle, Level::Bottom);
        let uprights = self.uprights(x);
        for &Upright { at, dash, .. } in &uprights {
            match dash {
                None => pen.rule((at, rect.y0), (at, rect.y1), theme.axis, 1.0)?,
                dash => pen.path(&[(at, plot.y0), (at, rect.y1)], Stroke { dash, ..Stroke::solid(theme.muted, 1.25) })?,
            }
        }
        let widths: Vec<_> = uprights.iter().map(|upright| (upright.at, letters.width(upright.words))).collect();
        for (index, center) in text::side_by_side(&widths, plot.x0, plot.x1, 10.0) {
            pen.text(uprights[index].words, (center, plot.y0 - 3.0), letters)?;
        }
        Ok(())
    }

    /// A shade over what is not drawn yet, and what is to be done there.
    pub(super) fn draw_veil(&self, pen: &Pen, axis: &ValueAxis, x: &Scale) -> Result<(), DrawError> {
        const ROOM: f64 = 24.0;
        let Some((place, words)) = self.veil else { return Ok(()) };
        let from = x.pixel_from_data(place as f64);
        let (theme, plot) = (&pen.style.theme, axis.plot);
        pen.polygon(&[(from, plot.y0), (plot.x1, plot.y0), (plot.x1, plot.y1), (from, plot.y1)], theme.muted, 0.12)?;
        let letters = Letters::new(theme.ink).bold();
        let (middle, width) = ((from + plot.x1) / 2.0, letters.width(words));
        if plot.x1 - from > width {
            pen.text(words, (middle, plot.y0 + ROOM), letters.at(Align::Middle, Level::Middle))?;
        }
        Ok(())
    }

    /// A dot at the place of a curve that the caption speaks of, and its label above: right of it, or left where the plot ends.
    pub(super) fn draw_spots(&self, pen: &Pen, axis: &ValueAxis, x: &Scale) -> Result<(), DrawError> {
        const GAP: f64 = 7.0;
        let (theme, rect) = (&pen.style.theme, axis.axis_rect());
        for (series, curve) in self.curves.iter().enumerate() {
            let spot = curve.spot.iter().filter(|spot| (x.data.0..=x.data.1).contains(&(spot.0 as f64)));
            for (place, words) in spot {
                let Some(value) = curve.points.iter().find(|point| point.0 == *place).map(|point| point.1) else { continue };
                let (at, y) = (x.pixel_from_data(*place as f64), self.y(axis, series, value));
                Marker::Dot.draw(pen, (at, y), 5.0, curve.look.color)?;
                let letters = Letters::new(theme.ink).bold();
                let is_right = at + GAP + letters.width(words) <= rect.x1;
                let (from, align) = if is_right { (at + GAP, Align::Start) } else { (at - GAP, Align::End) };
                pen.text(words, (from, (y - GAP).max(rect.y0 + GAP)), letters.at(align, Level::Bottom))?;
            }
        }
        Ok(())
    }

    /// A thin line from a named place of a curve to its name at the foot of the plot, where there is room for the name.
    pub(super) fn draw_flags(&self, pen: &Pen, axis: &ValueAxis, x: &Scale) -> Result<(), DrawError> {
        let rect = axis.axis_rect();
        if rect.height() < 80.0 {
            return Ok(());
        }
        let letters = |curve: &Curve| Letters::new(curve.look.color).at(Align::Middle, Level::Bottom);
        let mut flags = Vec::new();
        for (series, curve) in self.curves.iter().enumerate() {
            let inside = curve.flags.iter().filter(|flag| (x.data.0..=x.data.1).contains(&(flag.0 as f64)));
            flags.extend(inside.map(|flag| (series, flag)));
        }
        flags.sort_by_key(|(_, flag)| flag.0);
        let width =
            |&(series, flag): &(usize, &(usize, String))| (x.pixel_from_data(flag.0 as f64), letters(&self.curves[series]).width(&flag.1));
        let widths: Vec<_> = flags.iter().map(width).collect();
        for (index, center) in text::side_by_side(&widths, rect.x0 + 4.0, rect.x1, 8.0) {
            let (series, (place, words)) = flags[index];
            let curve = &self.curves[series];
            let value = curve.points.iter().find(|point| point.0 >= *place).map_or(f64::NAN, |point| point.1);
            let (at, y) = (widths[index].0, self.y(axis, series, value).clamp(rect.y0, rect.y1 - 20.0));
            pen.path(&[(at, y), (at, rect.y1 - 17.0)], Stroke { dash: Some((2.0, 2.0)), ..Stroke::solid(curve.look.color, 1.0) })?;
            Marker::Diamond.draw(pen, (at, y), 3.6, curve.look.color)?;
            pen.text(words, (center, rect.y1 - 3.0), letters(curve))?;
        }
        Ok(())
    }
}
