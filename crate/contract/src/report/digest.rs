//! A digest of the numbers that a state shows, short enough for a link: whoever opens it is told whether the numbers are the same there.

use super::{Pair, TokenText};
use crate::choice::Choice;
use crate::config::{Format, Formats, Metric, Model};
use crate::locale::together;
use crate::number;
use crate::real;
use crate::say;
use serde::{Deserialize, Serialize};

/// What a link says of two outputs: `DISTANCE,TOKEN,TOKEN`, as in `0.02173,18,18`.
///
/// The distance has four significant digits, 0 is two outputs of the same numbers, and one that is not finite is `nan` or `infinity`. A token is its number
/// in the alphabet or the vocabulary of the model, `none` where a probability is no number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Digest {
    distance: f64,
    next: [Option<usize>; 2],
}

/// Whether two numbers, computed by two engines, are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Agreement {
    /// They are.
    Same,
    /// They part by no more than rounding alone can make of one number, so that they can't be compared.
    Rounding,
    /// They are not.
    Different,
}

/// A distance in a link and the one that is computed here.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeenDistance {
    /// The link's, to four significant digits.
    #[serde(with = "real")]
    pub link: f64,
    /// The one here.
    #[serde(with = "real")]
    pub here: f64,
    /// Whether they are the same.
    pub agreement: Agreement,
}

/// A next token in a link and the one that is likeliest here; none where a probability is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenToken {
    /// The link's.
    pub link: Option<usize>,
    /// The one here.
    pub here: Option<usize>,
    /// Whether they are the same.
    pub agreement: Agreement,
}

/// The numbers of a link beside those that are computed here.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// How the distance is taken.
    pub metric: Metric,
    /// The distance of the two last tokens at the output.
    pub distance: SeenDistance,
    /// The likeliest token after A.
    pub next_a: SeenToken,
    /// The likeliest token after B.
    pub next_b: SeenToken,
}

/// The key of a digest in a link.
pub const SEES: &str = "sees";

/// What parts by so large a share is the same: four digits are written, and engines of f32 part by less until the distance is noise.
const SHARE: f64 = 1e-2;

/// The largest coordinate of a representation in units of its root mean square: of several hundred normal ones it is about 3.
const LARGEST: f64 = 4.0;

/// The word for a token that there is not.
const NONE: &str = "none";

impl Digest {
    /// Of the numbers of a pair; none where it has no output.
    pub fn of(pair: &Pair, metric: Metric) -> Option<Self> {
        let distance = pair.stages.last()?.distances.get(metric);
        Some(Self { distance: rounded(distance), next: [&pair.a, &pair.b].map(|reading| reading.likeliest()) })
    }

    /// Reads what [`Digest::write`] writes.
    pub fn read(text: &str) -> Option<Self> {
        let [distance, a, b] = text.split(',').collect::<Vec<_>>().try_into().ok()?;
        let distance = match distance {
            word if word.eq_ignore_ascii_case("nan") => f64::NAN,
            word if word.eq_ignore_ascii_case("infinity") => f64::INFINITY,
            written => number::real(written).ok().filter(|distance| *distance >= 0.0)?,
        };
        let token = |text: &str| if text.eq_ignore_ascii_case(NONE) { Some(None) } else { text.parse().ok().map(Some) };
        Some(Self { distance, next: [token(a)?, token(b)?] })
    }

    /// As the value of the key in a link.
    pub fn write(&self) -> String {
        let distance = if self.distance.is_finite() { number::write(self.distance) } else { real::name(self.distance).to_lowercase() };
        let [a, b] = self.next.map(|token| token.map_or(NONE.into(), |token| token.to_string()));
        format!("{distance},{a},{b}")
    }

    /// A link that says so too.
    pub fn in_link(&self, link: &str) -> String {
        format!("{}&{SEES}={}", if link.is_empty() { "v=1" } else { link }, self.write())
    }

    /// Beside what a pair of this model is here; none where it has no output.
    ///
    /// Distances x and y are the same where |x − y| ≤ 0.01 max(x, y), and can't be compared where |x − y| is no more than rounding may make
    /// of it, see `noise`. Another token than here can't be compared where it is as likely, to the same share.
    pub fn beside(&self, pair: &Pair, metric: Metric, model: &Model) -> Option<Seen> {
        let distances = pair.stages.last()?.distances;
        let here = distances.get(metric);
        let keys = pair.a.tokens.len().max(pair.b.tokens.len());
        let noise = noise(keys, &model.formats);
        // ‖x − y‖² = 2 r² (1 − cos) of two vectors of the length r, whatever a norm's gain makes of it; without a gain it is √d.
        let width = model.width as f64;
        let length = distances.l2 / (2.0 * distances.cosine).sqrt();
        let mean_square = if length.is_finite() && length > 0.0 { length / width.sqrt() } else { 1.0 };
        let absolute = match metric {
            Metric::Linf => noise * mean_square,
            Metric::L2 => noise * mean_square * width.sqrt(),
            Metric::L1 => noise * mean_square * width,
            // 1 − cos = δ²/2, where δ is the L2 distance in units of the length.
            Metric::Cosine => (2.0 * here.max(self.distance)).sqrt() * noise + noise * noise / 2.0,
        };
        let distance = SeenDistance { link: self.distance, here, agreement: agreement(self.distance, here, absolute) };
        let token = |link: Option<usize>, reading: &super::Reading| {
            let here = reading.likeliest();
            let probability = |token: Option<usize>| token.map_or(f64::NAN, |token| reading.next.get(token).copied().unwrap_or(0.0));
            let agreement = match link == here {
                true => Agreement::Same,
                false if probability(link) >= (1.0 - noise.max(SHARE)) * probability(here) => Agreement::Rounding,
                false => Agreement::Different,
            };
            SeenToken { link, here, agreement }
        };
        Some(Seen { metric, distance, next_a: token(self.next[0], &pair.a), next_b: token(self.next[1], &pair.b) })
    }
}

impl Seen {
    /// Whether nothing is another number.
    pub fn is_same(&self) -> bool {
        [self.distance.agreement, self.next_a.agreement, self.next_b.agreement].iter().all(|&agreement| agreement == Agreement::Same)
    }

    /// In words; a token is named as the pair's labels do.
    pub fn told(&self, labels: &[TokenText]) -> String {
        if self.is_same() {
            return say!("the same here").into();
        }
        let SeenDistance { link, here, agreement } = self.distance;
        let distance = match agreement {
            Agreement::Same => String::new(),
            Agreement::Rounding => say!(
                "The distance ({}) was {} and is {} here; rounding alone can make as much.",
                self.metric.label(),
                shown(link),
                shown(here)
            ),
            Agreement::Different => say!("The distance ({}) was {} and is {} here.", self.metric.label(), shown(link), shown(here)),
        };
        let token = |name: &str, token: SeenToken| {
            let [link, here] = [token.link, token.here].map(|token| match token {
                Some(token) => format!("“{}”", TokenText::label(labels, token)),
                None => say!("not a number").into(),
            });
            match token.agreement {
                Agreement::Same => String::new(),
                Agreement::Rounding => say!("The next token of {} was {} and is {} here, where both are as likely.", name, link, here),
                Agreement::Different => say!("The next token of {} was {} and is {} here.", name, link, here),
            }
        };
        together([distance, token("A", self.next_a), token("B", self.next_b)])
    }
}

/// To four significant digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

fn shown(value: f64) -> String {
    match value {
        f64::INFINITY => say!("infinite").into(),
        value if value.is_nan() => say!("not a number").into(),
        value => number::write(rounded(value)),
    }
}

fn agreement(link: f64, here: f64, absolute: f64) -> Agreement {
    let parts = (link - here).abs();
    match () {
        () if link == here || link.is_nan() && here.is_nan() || parts <= SHARE * link.max(here) && parts.is_finite() => Agreement::Same,
        () if parts <= absolute => Agreement::Rounding,
        () => Agreement::Different,
    }
}

/// By how much rounding can move an L∞ distance between two engines, in units of a representation's root mean square.
///
/// Engines of f32 are held to 16 roundings (2⁻²⁴) of the largest coordinate, and one more for every 4 keys; a distance takes two
/// representations, and there are two engines. Where values are rounded to a format of m mantissa bits, that can push one over the
/// edge between two of its numbers: by a step, 2⁻ᵐ of the largest coordinate, in each of the two representations.
fn noise(keys: usize, formats: &Formats) -> f64 {
    let roundings = 4.0 * (16.0 + keys as f64 / 4.0) * 2_f64.powi(-24);
    // The weights are rounded once, and in one way on every engine.
    let step = |format: Format| formats.mantissa(format).map_or(0.0, |bits| 2_f64.powi(-(bits as i32)));
    LARGEST * (roundings + 2.0 * step(formats.activations).max(step(formats.attention)))
}

#[cfg(test)]
mod tests {
    use super::super::{AttentionMap, Distances, Reading, Stage, StageDistances};
    use super::*;

    /// Two outputs on 26 tokens, of 64 coordinates with a root mean square of 1: 1 − cos = L2² / (2 · 64).
    fn pair(linf: f64, next: [&[f64]; 2]) -> Pair {
        let reading = |next: &[f64]| Reading {
            tokens: vec!["1".into(); 26],
            next: next.to_vec(),
            attention: AttentionMap { layer: 0, head: 0, first: 0, side: 0, weights: vec![] },
            sink_share: 0.0,
            sink_by_layer: vec![],
            sink_least_by_layer: vec![],
            sink_most_by_layer: vec![],
        };
        let l2 = 3.0 * linf;
        let distances = Distances { l1: 20.0 * linf, l2, linf, cosine: l2 * l2 / 128.0 };
        let stages = vec![StageDistances { stage: Stage::Output, distances }];
        Pair { n: 24, a: reading(next[0]), b: reading(next[1]), stages, heads: vec![], identical_in: vec![], labels: vec![] }
    }

    const SURE: [&[f64]; 2] = [&[0.1, 0.9], &[0.8, 0.2]];

    #[test]
    fn what_is_written_is_read_whatever_stands_around_the_numbers() {
        for (distance, written) in [
            (0.021_731_9, "0.02173,1,0"),
            (0.0, "0,1,0"),
            (1.0, "1,1,0"),
            (12_345.6, "12350,1,0"),
            (1.234_56e-9, "0.000000001235,1,0"),
            (5e-324, "5e-324,1,0"),
            (f64::NAN, "nan,1,0"),
            (f64::INFINITY, "infinity,1,0"),
        ] {
            let digest = Digest::of(&pair(distance, SURE), Metric::Linf).expect("it has an output");
            assert_eq!(digest.write(), written);
            let read = Digest::read(written).expect(written);
            assert_eq!(read.write(), written);
            // No escape changes it, so that it is the same however often a link is escaped.
            assert_eq!(crate::escape::escaped(written), written);
        }
        let unlikely = Digest::of(&pair(1.0, [&[f64::NAN], &[1.0]]), Metric::Linf).map(|digest| digest.write());
        assert_eq!(unlikely.as_deref(), Some("1,none,0"));
        for text in
            ["", "1", "1,0", "1,0,0,0", "-1,0,0", "x,0,0", "1,x,0", "1,-1,0", "1,0.5,0", "1,99999999999999999999,0", "-infinity,0,0"]
        {
            assert_eq!(Digest::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_digest_is_found_in_a_link_and_is_no_part_of_its_state() {
        for (link, written) in [
            ("v=1&n=7&sees=0.02173,18,18", "0.02173,18,18"),
            ("https://example.org/#v=1&sees=0.02173,18,18", "0.02173,18,18"),
            ("v=1&sees=0.02173%2C18%2C18", "0.02173,18,18"),
            ("v%3D1%26sees%3D0.02173%2C18%2C18", "0.02173,18,18"),
            ("(#v=1&sees=0.02173,18,18).", "0.02173,18,18"),
            ("v=1&amp;sees=0.02173,18,18", "0.02173,18,18"),
            ("v=1&SEES=NaN,none,NONE", "nan,none,none"),
            ("v=1&sees=5e−7,18,18", "0.0000005,18,18"),
        ] {
            assert_eq!(crate::link::digest(link).map(|digest| digest.write()).as_deref(), Some(written), "{link}");
        }
        assert_eq!(crate::link::digest("v=1&n=7"), None);
        let (config, notes) = crate::open::decode("v=1&n=7&sees=many");
        assert_eq!(config.input.n, 7);
        assert!(notes.iter().any(|note| note.to_string().contains("“sees=many”")), "{notes:?}");
        let digest = Digest::read("0,1,1").expect("a digest");
        assert_eq!(digest.in_link(""), "v=1&sees=0,1,1");
        assert_eq!(digest.in_link("v=1&n=7"), "v=1&n=7&sees=0,1,1");
    }

    #[test]
    fn a_distance_is_the_same_or_another_or_lost_in_rounding() {
        use Agreement::{Different, Rounding, Same};
        let plain = Formats::default();
        let low = |activations| Formats { activations, ..plain };
        // 4 (16 + 26/4) 2⁻²⁴ · 4 = 2.15e-5 in f32; 8 · 2⁻⁷ = 0.0625 more in bf16, 8 · 2⁻³ = 1 more in e4m3.
        for (link, here, formats, agreement) in [
            (0.5, 0.5, plain, Same),
            (0.5, 0.504, plain, Same),
            (0.5, 0.506, plain, Different),
            (0.02173, 0.02273, plain, Different),
            (0.0, 0.0, plain, Same),
            (0.0, 2.0e-5, plain, Rounding),
            (0.0, 2.3e-5, plain, Different),
            (3.0e-5, 2.0e-5, plain, Rounding),
            (f64::NAN, f64::NAN, plain, Same),
            (f64::INFINITY, f64::INFINITY, plain, Same),
            (f64::NAN, 0.5, plain, Different),
            (0.5, f64::INFINITY, plain, Different),
            (f64::INFINITY, f64::NAN, plain, Different),
            (0.03125, 0.03125, low(Format::Bf16), Same),
            (0.03125, 0.0625, low(Format::Bf16), Rounding),
            (0.03125, 0.125, low(Format::Bf16), Different),
            (0.0, 0.9, low(Format::E4m3), Rounding),
            (0.0, 1.1, low(Format::E4m3), Different),
            (0.03125, 0.0625, Formats { weights: Format::Bf16, ..plain }, Different),
            (0.03125, 0.0625, Formats { attention: Format::Bf16, ..plain }, Rounding),
        ] {
            let model = Model { formats, ..Model::default() };
            let digest = Digest { distance: link, next: [Some(1), Some(0)] };
            let seen = digest.beside(&pair(here, SURE), Metric::Linf, &model).expect("it has an output");
            assert_eq!(seen.distance.agreement, agreement, "{link} and {here} in {formats:?}");
            assert_eq!(seen.is_same(), agreement == Same);
        }
    }

    #[test]
    fn every_metric_has_the_noise_of_the_others() {
        // The same two outputs, whose coordinates are moved by a part of the noise or by some times as much.
        let noise = noise(26, &Formats::default());
        for (moved, agreement) in [(0.9, Agreement::Rounding), (40.0, Agreement::Different)] {
            for &metric in Metric::ALL {
                let here = pair(2.0 * noise, SURE);
                let there = pair((2.0 + moved) * noise, SURE);
                let digest = Digest { distance: there.stages[0].distances.get(metric), next: [Some(1), Some(0)] };
                let seen = digest.beside(&here, metric, &Model::default()).expect("it has an output");
                assert_eq!(seen.distance.agreement, agreement, "{metric:?}, moved by {moved}");
            }
        }
    }

    #[test]
    fn another_next_token_is_told_from_one_that_is_as_likely() {
        let digest = Digest { distance: 0.5, next: [Some(0), Some(0)] };
        let told = |a: &[f64]| {
            let seen = digest.beside(&pair(0.5, [a, SURE[1]]), Metric::Linf, &Model::default()).expect("it has an output");
            (seen.next_a.agreement, seen.told(&[]))
        };
        let other = "The next token of A was “⟨bos⟩” and is “␣” here";
        assert_eq!(told(&[0.9, 0.1]), (Agreement::Same, "the same here".into()));
        assert_eq!(told(&[0.1, 0.9]), (Agreement::Different, format!("{other}.")));
        assert_eq!(told(&[0.497, 0.5]), (Agreement::Rounding, format!("{other}, where both are as likely.")));
        assert_eq!(told(&[f64::NAN, 0.5]), (Agreement::Different, "The next token of A was “⟨bos⟩” and is not a number here.".into()));
        let both = Digest { distance: 0.4, next: [Some(1), Some(1)] }.beside(&pair(0.5, SURE), Metric::L1, &Model::default());
        let labels = [TokenText { token: 0, text: "yes".into() }];
        let said = "The distance (L1) was 0.4 and is 10 here. The next token of B was “␣” and is “yes” here.";
        assert_eq!(both.map(|seen| seen.told(&labels)).as_deref(), Some(said));
        let noise = Digest { distance: 0.0, next: [Some(1), Some(0)] }.beside(&pair(1e-6, SURE), Metric::Linf, &Model::default());
        let said = "The distance (L∞) was 0 and is 0.000001 here; rounding alone can make as much.";
        assert_eq!(noise.map(|seen| seen.told(&[])).as_deref(), Some(said));
    }
}
