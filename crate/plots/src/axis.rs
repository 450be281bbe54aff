//! A numeric axis: pixels from data and back, and the ticks that stand along it.

use crate::number;

/// How an axis counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AxisKind {
    /// Equal steps are equal differences.
    #[default]
    Linear,
    /// Equal steps are equal ratios; positive numbers only.
    Log,
}

/// Maps data to pixels along one direction, and back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// How it counts.
    pub kind: AxisKind,
    /// The data at its two ends.
    pub data: (f64, f64),
    /// The pixels of its two ends.
    pub pixels: (f64, f64),
}

/// A place on an axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub value: f64,
    /// What stands beside it; the lines of minor ticks have nothing.
    pub label: Option<String>,
}

impl Scale {
    /// Ends that are equal or, on a logarithmic axis, not positive are set apart, so that every scale has an inverse.
    pub fn new(kind: AxisKind, data: (f64, f64), pixels: (f64, f64)) -> Self {
        let usable = |end: f64| end.is_finite() && (kind == AxisKind::Linear || end > 0.0);
        let (mut low, mut high) = if usable(data.0) && usable(data.1) && data.0 <= data.1 { data } else { (1.0, 1.0) };
        if low == high {
            (low, high) = match kind {
                AxisKind::Linear => (low - 0.5, high + 0.5),
                AxisKind::Log => (low / 2.0, high * 2.0),
            };
        }
        Self { kind, data: (low, high), pixels }
    }

    /// The pixel of a number; not a number where the axis has no place for it.
    pub fn pixel_from_data(&self, value: f64) -> f64 {
        let (low, high) = (self.warp(self.data.0), self.warp(self.data.1));
        self.pixels.0 + (self.warp(value) - low) / (high - low) * (self.pixels.1 - self.pixels.0)
    }

    /// The number at a pixel.
    pub fn data_from_pixel(&self, pixel: f64) -> f64 {
        let (low, high) = (self.warp(self.data.0), self.warp(self.data.1));
        let share = (pixel - self.pixels.0) / (self.pixels.1 - self.pixels.0);
        let warped = low + share * (high - low);
        match self.kind {
            AxisKind::Linear => warped,
            AxisKind::Log => 10.0_f64.powf(warped),
        }
    }

    /// The same scale with its pixels moved through a function, such as from CSS to bitmap pixels.
    pub(crate) fn with_pixels(self, pixel: impl Fn(f64) -> f64) -> Self {
        Self { pixels: (pixel(self.pixels.0), pixel(self.pixels.1)), ..self }
    }

    fn warp(&self, value: f64) -> f64 {
        match self.kind {
            AxisKind::Linear => value,
            AxisKind::Log => value.log10(),
        }
    }

    /// Ticks whose labels stand at least this many pixels apart.
    pub(crate) fn ticks(&self, apart: f64) -> Vec<Tick> {
        let room = ((self.pixels.1 - self.pixels.0).abs() / apart).floor().max(1.0);
        match self.kind {
            AxisKind::Linear => linear_ticks(self.data, room),
            AxisKind::Log => log_ticks(self.data, room),
        }
    }

    /// Ticks at whole numbers only, as for n.
    pub(crate) fn whole_ticks(&self, apart: f64) -> Vec<Tick> {
        self.ticks(apart).into_iter().filter(|tick| tick.value.fract().abs() < 1e-9).collect()
    }
}

fn linear_ticks((low, high): (f64, f64), room: f64) -> Vec<Tick> {
    let step = round_up((high - low) / room);
    let first = (low / step - 1e-9).ceil();
    let count = ((high / step + 1e-9).floor() - first).clamp(0.0, 1000.0) as usize;
    (0..=count)
        .map(|index| {
            let value = (first + index as f64) * step;
            // Not 0.30000000000000004, nor −0.
            let value = if value.abs() < step * 1e-9 { 0.0 } else { value };
            Tick { value, label: Some(number::tick(value)) }
        })
        .collect()
}

/// The next of 1, 2, 5, 10, 20, 50, … upwards.
pub(crate) fn round_up(value: f64) -> f64 {
    if !value.is_finite() || value <= 0.0 {
        return 1.0;
    }
    let magnitude = 10.0_f64.powf(value.log10().floor());
    let digit = value / magnitude;
    let round = [1.0, 2.0, 5.0].into_iter().find(|&round| digit <= round * (1.0 + 1e-9)).unwrap_or(10.0);
    round * magnitude
}

fn log_ticks((low, high): (f64, f64), room: f64) -> Vec<Tick> {
    let within = |value: f64| value >= low * (1.0 - 1e-9) && value <= high * (1.0 + 1e-9);
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let span = high.log10() - low.log10();
    // Digits within a decade get labels where there is room for three in each.
    let labels_digits = span * 3.0 <= room;
    let every = (span / room).ceil().max(1.0) as i32;
    let mut ticks = Vec::new();
    for exponent in first..=last {
        for digit in [1, 2, 5] {
            let value = format!("{digit}e{exponent}").parse().unwrap_or(f64::NAN);
            if !within(value) {
                continue;
            }
            let label = match digit {
                1 if labels_digits && (-3..=4).contains(&exponent) => Some(number::tick(value)),
                1 if exponent.rem_euclid(every) == 0 => Some(number::decade(exponent)),
                2 | 5 if labels_digits => Some(number::tick(value)),
                _ => None,
            };
            if digit == 1 || label.is_some() {
                ticks.push(Tick { value, label });
            }
        }
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_from_pixel_is_the_inverse_of_pixel_from_data() {
        for (kind, data) in [
            (AxisKind::Linear, (0.0, 1.0)),
            (AxisKind::Linear, (1.0, 4096.0)),
            (AxisKind::Linear, (-3.0, 8.5)),
            (AxisKind::Log, (1e-12, 1e3)),
            (AxisKind::Log, (1.0, 4096.0)),
            (AxisKind::Log, (5e-324, 1.7e308)),
        ] {
            for pixels in [(40.0, 900.0), (300.0, 20.0)] {
                let scale = Scale::new(kind, data, pixels);
                assert!((scale.pixel_from_data(data.0) - pixels.0).abs() < 1e-9 && (scale.pixel_from_data(data.1) - pixels.1).abs() < 1e-9);
                for step in 0..=100 {
                    let pixel = pixels.0 + (pixels.1 - pixels.0) * f64::from(step) / 100.0;
                    let there_and_back = scale.pixel_from_data(scale.data_from_pixel(pixel));
                    // The smallest numbers have few digits left to be exact with.
                    assert!(
                        (there_and_back - pixel).abs() < if data.0 < 1e-300 { 1.0 } else { 1e-6 },
                        "{scale:?} at {pixel}: {there_and_back}"
                    );
                }
            }
        }
    }

    #[test]
    fn ends_that_no_scale_can_have_are_replaced() {
        for data in [(1.0, 1.0), (0.0, 0.0), (f64::NAN, 1.0), (0.0, f64::INFINITY), (3.0, 2.0), (-1.0, 5.0)] {
            for kind in [AxisKind::Linear, AxisKind::Log] {
                let scale = Scale::new(kind, data, (0.0, 100.0));
                assert!(scale.data.0 < scale.data.1 && scale.data_from_pixel(50.0).is_finite(), "{scale:?}");
                assert!(!scale.ticks(30.0).is_empty());
            }
        }
    }

    #[test]
    fn ticks_are_round_and_apart() {
        let labels = |scale: &Scale, apart| scale.ticks(apart).into_iter().filter_map(|tick| tick.label).collect::<Vec<_>>();
        assert_eq!(labels(&Scale::new(AxisKind::Linear, (1.0, 256.0), (0.0, 300.0)), 40.0), ["50", "100", "150", "200", "250"]);
        assert_eq!(labels(&Scale::new(AxisKind::Linear, (0.0, 0.31), (0.0, 100.0)), 30.0), ["0", "0.2"]);
        assert_eq!(labels(&Scale::new(AxisKind::Log, (1e-3, 1.0), (0.0, 100.0)), 20.0), ["10⁻³", "10⁻²", "10⁻¹", "1"]);
        assert_eq!(labels(&Scale::new(AxisKind::Log, (1e-12, 1.0), (0.0, 100.0)), 20.0), ["10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "1"]);
        assert_eq!(labels(&Scale::new(AxisKind::Log, (0.1, 1.0), (0.0, 100.0)), 20.0), ["0.1", "0.2", "0.5", "1"]);
        assert_eq!(labels(&Scale::new(AxisKind::Log, (1.0, 256.0), (0.0, 600.0)), 40.0), ["1", "2", "5", "10", "20", "50", "100", "200"]);
        let scale = Scale::new(AxisKind::Log, (1e-300, 1e300), (300.0, 0.0));
        let pixels: Vec<_> =
            scale.ticks(20.0).iter().filter(|tick| tick.label.is_some()).map(|tick| scale.pixel_from_data(tick.value)).collect();
        assert!(pixels.windows(2).all(|pair| pair[0] - pair[1] >= 20.0 - 1e-6), "{pixels:?}");
    }
}
