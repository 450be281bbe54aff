//! Upright lines in a chart: places that have a name, above it or at its foot.

use super::Chart;
use crate::axis::Scale;
use crate::color::Rgb;
use crate::marker::Marker;
use crate::pen::{Align, Letters, Level, Pen, Point, Stroke};
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
                pen.text_over(words, (from, (y - GAP).max(rect.y0 + GAP)), letters.at(align, Level::Bottom))?;
            }
        }
        Ok(())
    }

    /// The named places of curves that have room for their names at the foot of the plot, from left to right.
    pub(super) fn flags(&self, axis: &ValueAxis, x: &Scale) -> Vec<Flag<'_>> {
        /// Between the names and the edges of the plot.
        const EDGE: f64 = 6.0;
        let rect = axis.axis_rect();
        if rect.height() < 80.0 {
            return Vec::new();
        }
        let mut flags = Vec::new();
        for (series, curve) in self.curves.iter().enumerate() {
            for (place, words) in curve.flags.iter().filter(|flag| (x.data.0..=x.data.1).contains(&(flag.0 as f64))) {
                let value = curve.points.iter().find(|point| point.0 >= *place).map_or(f64::NAN, |point| point.1);
                let at = (x.pixel_from_data(*place as f64), self.y(axis, series, value).clamp(rect.y0, rect.y1 - 20.0));
                flags.push(Flag { at, words, middle: at.0, color: curve.look.color });
            }
        }
        flags.sort_by(|one, other| one.at.0.total_cmp(&other.at.0));
        let widths: Vec<_> = flags.iter().map(|flag| (flag.at.0, flag.letters().width(flag.words))).collect();
        let placed = text::side_by_side(&widths, rect.x0 + EDGE, rect.x1 - EDGE, 8.0);
        placed.into_iter().map(|(index, middle)| Flag { middle, ..flags[index] }).collect()
    }
}

/// A place of a curve with its name at the foot of the plot.
#[derive(Clone, Copy)]
pub(super) struct Flag<'a> {
    at: Point,
    words: &'a str,
    /// The middle of the name.
    middle: f64,
    color: Rgb,
}

impl Flag<'_> {
    fn letters(&self) -> Letters {
        Letters::new(self.color).at(Align::Middle, Level::Bottom)
    }
}

/// A thin line from each place to its name.
pub(super) fn draw_poles(pen: &Pen, axis: &ValueAxis, flags: &[Flag]) -> Result<(), DrawError> {
    let foot = axis.axis_rect().y1 - 17.0;
    flags.iter().try_for_each(|&Flag { at, color, .. }| {
        pen.path(&[at, (at.0, foot)], Stroke { dash: Some((2.0, 2.0)), ..Stroke::solid(color, 1.0) })?;
        Marker::Diamond.draw(pen, at, 3.6, color)
    })
}

/// The names, over all lines.
pub(super) fn name_flags(pen: &Pen, axis: &ValueAxis, flags: &[Flag]) -> Result<(), DrawError> {
    let foot = axis.axis_rect().y1 - 3.0;
    flags.iter().try_for_each(|flag| pen.text_over(flag.words, (flag.middle, foot), flag.letters()))
}

#[cfg(test)]
mod tests {
    use crate::chart::{Chart, Curve, Look};
    use crate::pen::Pen;
    use crate::{Style, Theme};
    use plotters::prelude::{IntoDrawingArea, SVGBackend};

    #[test]
    fn a_name_in_the_plot_stands_over_all_lines_on_a_ground_and_keeps_off_the_edge() {
        let theme = Theme::light();
        let curve = |color, value: f64| Curve {
            points: (1..=100).map(|n| (n, value * n as f64)).collect(),
            look: Look { color, width: 2.0, ..Look::default() },
            ..Curve::default()
        };
        let named = Curve {
            spot: Some((47, "n = 47".into())),
            flags: vec![(60, "same in fp16".into()), (99, "same next token".into())],
            ..curve(theme.a, 1.0)
        };
        let chart = Chart { curves: vec![named, curve(theme.b, 0.5)], ..Chart::default() };
        let style = Style::new(theme, 1.0);
        let mut picture = String::new();
        chart
            .draw(&Pen::begin(&SVGBackend::with_string(&mut picture, (600, 300)).into_drawing_area(), &style).expect("a pen"))
            .expect("drawn");
        let last_line = picture.rfind("<polyline").expect("lines");
        for name in ["n = 47", "same in fp16", "same next token"] {
            let at = picture.find(&format!("\n{name}\n")).unwrap_or_else(|| panic!("{name}: {picture}"));
            assert!(at > last_line, "{name} is under a line");
            let before = picture[..at].rsplit("<rect").next().unwrap_or_default();
            assert!(before.contains("opacity=\"0.85\"") && before.matches("<text").count() == 1, "{name} has no ground: {before}");
            let side = |attribute: &str| -> f64 {
                let rest = before.split_once(&format!(" {attribute}=\"")).map(|(_, rest)| rest);
                rest.and_then(|rest| rest.split('"').next()).and_then(|number| number.parse().ok()).expect("a number")
            };
            assert!(side("x") + side("width") < 600.0 - 8.0 - 4.0, "{name} runs into the border: {before}");
        }
    }
}
