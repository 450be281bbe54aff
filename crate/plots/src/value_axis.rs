//! The upright axis of distances and norms, with a rail below it for the exact zeros that a logarithmic axis cannot hold, a rail
//! above for what is not finite, and guide lines where float formats end.

use crate::axis::{AxisKind, Scale, Tick};
use crate::layout::MARGIN;
use crate::pen::{Align, Letters, Level, Pen, Rect, Stroke};
use crate::readout::Format;
use crate::{DrawError, text};
use glasses_contract::config::Metric;
use glasses_contract::say;

/// A float format's machine epsilon: the distance from 1 to the next number. The paper's figures draw bf16's.
pub(crate) struct Guide {
    pub label: &'static str,
    pub value: f64,
}

const BF16: Guide = Guide { label: "bf16 2⁻⁷", value: 0.007_812_5 };
const FP16: Guide = Guide { label: "fp16 2⁻¹⁰", value: 0.000_976_562_5 };
const FP32: Guide = Guide { label: "fp32 2⁻²³", value: 1.192_092_895_507_812_5e-7 };

/// From the coarsest format to the finest. Source: theory.
pub(crate) const GUIDES: [Guide; 3] = [BF16, FP16, FP32];

/// The same with the formats of eight bits.
pub(crate) const GUIDES_FROM_8_BITS: [Guide; 5] =
    [Guide { label: "e5m2 2⁻²", value: 0.25 }, Guide { label: "e4m3 2⁻³", value: 0.125 }, BF16, FP16, FP32];

/// What the guides are, for the notes of a figure.
pub(crate) fn guides_note() -> &'static str {
    say!("Dashed: machine epsilon of float formats (theory).")
}

/// What a distance of zero is.
pub(crate) fn identical() -> &'static str {
    say!("0 (identical)")
}

/// What a number is that no axis can hold.
pub(crate) fn not_finite() -> &'static str {
    say!("not finite")
}

/// Where a number belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Region {
    /// On the axis.
    Axis,
    /// On the rail of exact zeros, which logarithmic axes have. A distance is never negative.
    Zero,
    /// On the rail of what is not finite.
    NotFinite,
}

impl Region {
    pub fn of(value: f64, kind: AxisKind) -> Self {
        match value {
            value if !value.is_finite() => Self::NotFinite,
            value if value > 0.0 || kind == AxisKind::Linear => Self::Axis,
            _ => Self::Zero,
        }
    }
}

/// The axis, fitted to the data and to the room.
pub(crate) struct ValueAxis {
    pub scale: Scale,
    pub plot: Rect,
    zero: Option<Rail>,
    not_finite: Option<Rail>,
    guides: &'static [Guide],
}

/// A strip that holds marks instead of a curve: a row for each series that has any.
struct Rail {
    strip: Rect,
    /// The row of each series.
    rows: Vec<Option<usize>>,
    count: usize,
}

/// The height of one series on a rail, and of all of them at the least.
const ROW: f64 = 5.0;
const LEAST_MARKS: f64 = 11.0;
/// The height of the words on a rail.
const WORDS: f64 = text::SMALL + 4.0;
/// From a label to the axis.
const LABEL_GAP: f64 = 6.0;
/// The room of the labels left of the axis, where they need no more.
const LEFT: f64 = 46.0;
/// From a rail to the axis.
const GAP: f64 = 5.0;

impl ValueAxis {
    /// Fits a logarithmic axis to series of distances, with guides where the metric is one of coordinates.
    pub fn of_distances(series: &[Vec<f64>], more: &[f64], metric: Metric, plot: Rect) -> Self {
        Self::fit(series, more, AxisKind::Log, guides_of(metric), plot)
    }

    /// Fits an axis to series. `more` are numbers that should be on it too but have no marks of their own. A linear axis begins
    /// at zero, or below the lowest number where that is negative.
    pub fn fit(series: &[Vec<f64>], more: &[f64], kind: AxisKind, guides: &'static [Guide], plot: Rect) -> Self {
        let rows_at = |wanted: Region| {
            let mut count = 0;
            let row = |values: &Vec<f64>| {
                let any = values.iter().any(|&value| Region::of(value, kind) == wanted);
                count += usize::from(any);
                any.then(|| count - 1)
            };
            let rows: Vec<_> = series.iter().map(row).collect();
            (count > 0).then_some((rows, count))
        };
        let height = |count: usize| WORDS + (ROW * count as f64 + 2.0).max(LEAST_MARKS).min(plot.height() / 4.0);
        let mut axis = plot;
        let zero = rows_at(Region::Zero).map(|(rows, count)| {
            axis.y1 -= height(count) + GAP;
            Rail { strip: Rect { y0: plot.y1 - height(count), ..plot }, rows, count }
        });
        let not_finite = rows_at(Region::NotFinite).map(|(rows, count)| {
            axis.y0 += height(count) + GAP;
            Rail { strip: Rect { y1: plot.y0 + height(count), ..plot }, rows, count }
        });
        axis.y1 = axis.y1.max(axis.y0 + 1.0);

        let on_axis = series.iter().flatten().chain(more).copied().filter(|&value| Region::of(value, kind) == Region::Axis);
        let (mut low, mut high) = on_axis.fold((f64::INFINITY, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        if low > high {
            (low, high) = (1e-3, 1.0);
        }
        // The paper's line stays in view wherever the data is within a few decades of it.
        let line = BF16.value;
        if !guides.is_empty() && low < line * 1e4 && high > line * 1e-4 {
            (low, high) = (low.min(line), high.max(line));
        }
        let ends = match kind {
            AxisKind::Log => whole_decades(low, high),
            // A tenth of room above the highest, and below the lowest where that is below zero.
            AxisKind::Linear => ((low * 1.1).min(0.0), if high > 0.0 { high * 1.1 } else { 1.0 }),
        };
        Self { scale: Scale::new(kind, ends, (axis.y1, axis.y0)), plot, zero, not_finite, guides }
    }

    /// Where a number belongs on this axis.
    pub fn place(&self, value: f64) -> Region {
        Region::of(value, self.scale.kind)
    }

    /// The height at which a series' number is drawn.
    pub fn y(&self, value: f64, series: usize) -> f64 {
        let rail = match self.place(value) {
            Region::Axis => return self.scale.pixel_from_data(value),
            Region::Zero => &self.zero,
            Region::NotFinite => &self.not_finite,
        };
        let Some(rail) = rail else { return self.scale.pixels.0 };
        let row = rail.rows.get(series).copied().flatten().unwrap_or(0);
        let top = rail.strip.y0 + WORDS;
        top + (rail.strip.y1 - top) * (row as f64 + 0.5) / rail.count as f64
    }

    /// The guides that are in view.
    pub fn guides(&self) -> impl Iterator<Item = &'static Guide> {
        let (low, high) = self.scale.data;
        self.guides.iter().filter(move |guide| (low..=high).contains(&guide.value))
    }

    /// The part of the plot between the rails.
    pub fn axis_rect(&self) -> Rect {
        Rect { y0: self.scale.pixels.1, y1: self.scale.pixels.0, ..self.plot }
    }

    /// The axis beside which all its labels have room: `fit` fits it to a plot that begins so far from the left.
    pub fn with_room(format: Format, fit: impl Fn(f64) -> Self) -> Self {
        let axis = fit(LEFT);
        let room = axis.label_room(format);
        // A label that reaches the edge would be cut off in a font that is wider than most.
        if room > LEFT { fit(MARGIN + room) } else { axis }
    }

    /// The room that the labels at the left take.
    fn label_room(&self, format: Format) -> f64 {
        let widths = self.ticks(format).into_iter().filter_map(|tick| Some(text::width(&tick.label?, text::SMALL)));
        LABEL_GAP + widths.fold(0.0, f64::max)
    }

    fn ticks(&self, format: Format) -> Vec<Tick> {
        if format == Format::Count { self.scale.whole_ticks(30.0) } else { self.scale.ticks(30.0) }
    }

    /// Draws grid, labels, guide lines and rails: everything behind the data. `rails` says what an exact zero is, and
    /// what a number that is not finite.
    pub fn draw(&self, pen: &Pen, rails: [&str; 2], format: Format) -> Result<(), DrawError> {
        let theme = &pen.style.theme;
        let (plot, axis) = (self.plot, self.axis_rect());
        let label = Letters::new(theme.muted).at(Align::End, Level::Middle);
        for tick in self.ticks(format) {
            let y = self.scale.pixel_from_data(tick.value);
            pen.rule((plot.x0, y), (plot.x1, y), theme.grid, 1.0)?;
            if let Some(words) = tick.label {
                pen.text(&words, (plot.x0 - LABEL_GAP, y), label)?;
            }
        }
        for (rail, words, color) in [(&self.zero, rails[0], theme.muted), (&self.not_finite, rails[1], theme.alarm)] {
            let Some(rail) = rail else { continue };
            pen.rect(rail.strip, theme.rail, 1.0)?;
            pen.text(words, (rail.strip.x0 + 4.0, rail.strip.y0 + 2.0 + text::SMALL / 2.0), Letters::new(color))?;
        }
        for guide in self.guides() {
            let y = self.scale.pixel_from_data(guide.value);
            pen.path(&[(axis.x0, y), (axis.x1, y)], Stroke { dash: Some((6.0, 4.0)), ..Stroke::solid(theme.guide, 1.0) })?;
        }
        pen.rule((axis.x0, axis.y0), (axis.x0, axis.y1), theme.axis, 1.0)
    }
}

/// The guides of a metric: a cosine has no coordinate that a format would have to resolve.
pub(crate) fn guides_of(metric: Metric) -> &'static [Guide] {
    if metric == Metric::Cosine { &[] } else { &GUIDES }
}

/// The decades around two numbers; a decade at the least.
fn whole_decades(low: f64, high: f64) -> (f64, f64) {
    let power = |exponent: f64| format!("1e{exponent}").parse().unwrap_or(1.0);
    let (first, mut last) = ((low.log10() + 1e-9).floor().max(-323.0), (high.log10() - 1e-9).ceil().min(308.0));
    if last <= first {
        last = first + 1.0;
    }
    (power(first), power(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLOT: Rect = Rect { x0: 40.0, y0: 20.0, x1: 300.0, y1: 220.0 };

    #[test]
    fn every_number_has_a_place_and_the_axis_inverts() {
        let series = vec![vec![0.0, 0.0], vec![1e-3, 0.5], vec![f64::NAN, f64::INFINITY], vec![0.0, 0.2]];
        let axis = ValueAxis::of_distances(&series, &[], Metric::Linf, PLOT);
        assert_eq!(axis.scale.data, (1e-3, 1.0));
        let inside = axis.axis_rect();
        assert!(axis.y(0.0, 0) > inside.y1 && axis.y(0.0, 3) > axis.y(0.0, 0) && axis.y(0.0, 3) < PLOT.y1);
        assert!(axis.y(f64::NAN, 2) < inside.y0 && axis.y(f64::INFINITY, 2) > PLOT.y0);
        for value in [1e-3, 0.0123, 1.0] {
            let y = axis.y(value, 1);
            assert!((inside.y0..=inside.y1).contains(&y));
            assert!((axis.scale.data_from_pixel(y) / value - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn rails_are_there_only_where_something_is_on_them() {
        let axis = ValueAxis::of_distances(&[vec![0.1, 0.2]], &[], Metric::Linf, PLOT);
        assert!(axis.zero.is_none() && axis.not_finite.is_none());
        assert_eq!(axis.axis_rect(), PLOT);
        let nothing = ValueAxis::of_distances(&[], &[], Metric::Linf, PLOT);
        assert_eq!(nothing.axis_rect(), PLOT);
    }

    #[test]
    fn the_widest_label_has_room_also_where_digits_between_decades_have_labels() {
        for (series, height, is_wide) in [([2e-4, 8e-4], 1000.0, true), ([2e-4, 8e-4], 60.0, false), ([1e-12, 1.0], 1000.0, false)] {
            let axis = ValueAxis::with_room(Format::Number, |left| {
                ValueAxis::of_distances(&[series.to_vec()], &[], Metric::Cosine, Rect { x0: left, y1: PLOT.y0 + height, ..PLOT })
            });
            let labels: Vec<String> = axis.ticks(Format::Number).into_iter().filter_map(|tick| tick.label).collect();
            assert_eq!(labels.contains(&"5 × 10⁻⁴".to_owned()), is_wide, "{labels:?}");
            assert!(labels.iter().all(|label| text::width(label, text::SMALL) <= axis.plot.x0 - LABEL_GAP), "{labels:?}");
            assert_eq!(axis.plot.x0 > LEFT, is_wide);
        }
    }

    #[test]
    fn guides_are_machine_epsilons_in_view_and_none_for_a_cosine() {
        assert_eq!(GUIDES.map(|guide| guide.value), [2.0_f64.powi(-7), 2.0_f64.powi(-10), f64::from(f32::EPSILON)]);
        let seen = |values: &[f64], metric| {
            ValueAxis::of_distances(&[values.to_vec()], &[], metric, PLOT).guides().map(|guide| guide.label).collect::<Vec<_>>()
        };
        assert_eq!(seen(&[0.3, 0.9], Metric::Linf), ["bf16 2⁻⁷"]);
        assert_eq!(seen(&[1e-6, 0.9], Metric::L2), ["bf16 2⁻⁷", "fp16 2⁻¹⁰"]);
        assert_eq!(seen(&[1e-9, 0.9], Metric::L1).len(), 3);
        assert!(seen(&[1e-9, 0.9], Metric::Cosine).is_empty());
    }
}
