//! Colors as plain numbers: reading `#1a2b3c`, mixing, and the contrast that WCAG asks for.

use std::fmt;

/// A color: red, green and blue from 0 to 255.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Reads `#1a2b3c` or `#abc`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#')?;
        if !digits.is_ascii() {
            return None;
        }
        let channel = |start: usize, length: usize| u8::from_str_radix(digits.get(start..start + length)?, 16).ok();
        match digits.len() {
            6 => Some(Self(channel(0, 2)?, channel(2, 2)?, channel(4, 2)?)),
            3 => Some(Self(channel(0, 1)? * 17, channel(1, 1)? * 17, channel(2, 1)? * 17)),
            _ => None,
        }
    }

    /// The color a share of the way to another: 0 is this one, 1 the other.
    pub fn mix(self, other: Self, share: f64) -> Self {
        let channel = |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * share.clamp(0.0, 1.0)).round() as u8;
        Self(channel(self.0, other.0), channel(self.1, other.1), channel(self.2, other.2))
    }

    /// The contrast ratio of WCAG 2: from 1 (equal) to 21 (black on white).
    pub fn contrast(self, other: Self) -> f64 {
        let (bright, dark) = (self.luminance().max(other.luminance()), self.luminance().min(other.luminance()));
        (bright + 0.05) / (dark + 0.05)
    }

    /// Relative luminance of WCAG 2, from 0 to 1.
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

/// As CSS writes it: `#1a2b3c`.
impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// The color at a place from 0 to 1 along evenly spaced stops.
pub fn along(stops: &[Rgb], place: f64) -> Rgb {
    let Some(last) = stops.len().checked_sub(1) else { return Rgb(128, 128, 128) };
    let place = if place.is_nan() { 0.0 } else { place.clamp(0.0, 1.0) * last as f64 };
    let below = (place.floor() as usize).min(last);
    stops[below].mix(stops[(below + 1).min(last)], place - below as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_read_written_and_refused() {
        assert_eq!(Rgb::parse(" #1a2B3c "), Some(Rgb(0x1a, 0x2b, 0x3c)));
        assert_eq!(Rgb::parse("#fa0"), Some(Rgb(255, 170, 0)));
        assert_eq!(Rgb(26, 43, 60).to_string(), "#1a2b3c");
        for text in ["", "#", "1a2b3c", "#1a2b3", "#ggg", "#éé", "rgb(1,2,3)"] {
            assert_eq!(Rgb::parse(text), None, "{text}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((Rgb(0, 0, 0).contrast(Rgb(255, 255, 255)) - 21.0).abs() < 1e-9);
        assert!((Rgb(0x76, 0x76, 0x76).contrast(Rgb(255, 255, 255)) - 4.54).abs() < 0.01);
    }

    #[test]
    fn a_ramp_begins_and_ends_at_its_stops() {
        let stops = [Rgb(0, 0, 0), Rgb(100, 0, 0), Rgb(200, 100, 0)];
        assert_eq!(along(&stops, 0.0), stops[0]);
        assert_eq!(along(&stops, 0.5), stops[1]);
        assert_eq!(along(&stops, 0.75), Rgb(150, 50, 0));
        assert_eq!(along(&stops, 7.0), stops[2]);
        assert_eq!(along(&stops, f64::NAN), stops[0]);
        assert_eq!(along(&[], 0.3), Rgb(128, 128, 128));
    }
}
