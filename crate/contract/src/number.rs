//! Numbers as people write them: one rule for the fields of the form, for links, for the notation and for the command line.
//!
//! | written | read |
//! |---|---|
//! | `24`, `+24`, `024`, `24.`, `24.0`, `2.4e1`, `2400%` | 24; a percentage is no whole number |
//! | `0.5`, `.5`, `0,5`, `5e-1`, `50%` | a half: a decimal comma is one where nothing else can be meant |
//! | `1,000` as a whole number, `1 000`, `1'000`, `1_000`, `1,000.5`, `1.000,5`, `1,000,000` | groups of three digits |
//! | `1,000` as another number, `1.000` as a whole one | refused: it is one number to some people and another to others |
//! | `２４`, `－３`, `１．５`, `٢٤`, `−3`, `–3` | full-width and Arabic-Indic digits, every sign that is drawn as a minus |
//! | `1,00`, `1.2.3`, `2 4`, `0x10`, `1万`, `NaN`, `inf`, `1e400`, `1e-400` | refused, or, as `1,00`, the one number that it can be |
//!
//! A point that stands alone is a decimal point, as in English, in Chinese and in every link.

use crate::alphabet::narrow;
use crate::quote::is_format;

/// Why a text is not taken for a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is none, or one that can't be held.
    NoNumber,
    /// It is one number to some people and another one to others: both, as they would be written without doubt.
    TwoNumbers {
        /// With the sign between groups of three digits.
        grouped: String,
        /// With the sign in front of the decimals.
        decimal: String,
    },
}

/// Reads a number; never infinite, never the negative zero.
///
/// # Errors
/// If it is none, too large, too close to zero to be told from it, or can be two.
pub fn real(text: &str) -> Result<f64, Unread> {
    let number = Written::read(text)?;
    if number.lone == Some(',') && number.is_grouped() {
        return Err(number.both());
    }
    number.decimal().ok_or(Unread::NoNumber)
}

/// Reads a whole number, not below zero.
///
/// # Errors
/// If it is none, negative, has a fraction, is too large for 64 bits, or can be two.
pub fn whole(text: &str) -> Result<u64, Unread> {
    let number = Written::read(text)?;
    if number.is_percent {
        return Err(Unread::NoNumber);
    }
    match number.lone {
        Some('.') if number.is_grouped() => return Err(number.both()),
        // Nobody writes three decimals of a whole number, and many people write thousands like this.
        Some(',') if number.is_grouped() => return number.grouped().ok_or(Unread::NoNumber),
        _ => {}
    }
    number.whole().ok_or(Unread::NoNumber)
}

/// Writes a number in the one way in which links and fields hold it: the fewest digits that read back as it.
pub fn write(number: f64) -> String {
    /// Longer than this are only numbers that are very large or very close to zero: those have an exponent.
    const PLAIN: usize = 26;
    // There is one zero.
    let number = number + 0.0;
    let plain = number.to_string();
    if plain.len() <= PLAIN { plain } else { format!("{number:e}") }
}

/// Whether a character can stand within a number that has no sign and no spaces: what the notation takes as one.
pub fn is_within(character: char) -> bool {
    let plain = plain(character);
    plain.is_ascii_digit() || matches!(plain, '.' | ',' | '\'' | '_' | 'e')
}

/// A number taken apart: ± `digits` · 10^`exponent`.
struct Written {
    is_negative: bool,
    digits: String,
    exponent: i64,
    is_percent: bool,
    /// The one point or comma, where there is no other sign that would say which of the two it is.
    lone: Option<char>,
    /// Digits in front of it, and behind it.
    around: (usize, usize),
}

impl Written {
    fn read(text: &str) -> Result<Self, Unread> {
        let plain: String = text.chars().filter(|&character| !is_format(character)).map(plain).collect();
        Self::parse(plain.trim()).ok_or(Unread::NoNumber)
    }

    fn parse(text: &str) -> Option<Self> {
        let (text, is_percent) = text.strip_suffix('%').map_or((text, false), |text| (text.trim_end(), true));
        let (is_negative, text) = match text.chars().next()? {
            '-' => (true, text[1..].trim_start()),
            '+' => (false, text[1..].trim_start()),
            _ => (false, text),
        };
        let (mantissa, power) = text.split_once('e').map_or((text, Some(0)), |(mantissa, power)| (mantissa, exponent(power)));
        let count = |sign: char| mantissa.chars().filter(|&character| character == sign).count();
        let (points, commas) = (count('.'), count(','));
        // What parts the decimals from the rest, and what may part groups of three.
        let (decimal, group) = match (points, commas) {
            (0, 0) => (None, None),
            (1, 0) => (Some('.'), None),
            (0, 1) => (Some(','), None),
            (_, 0) => (None, Some('.')),
            (0, _) => (None, Some(',')),
            (1, _) if mantissa.rfind('.') > mantissa.rfind(',') => (Some('.'), Some(',')),
            (_, 1) if mantissa.rfind(',') > mantissa.rfind('.') => (Some(','), Some('.')),
            _ => return None,
        };
        let (before, behind) = decimal.and_then(|sign| mantissa.split_once(sign)).unwrap_or((mantissa, ""));
        let group = group.or_else(|| ['\'', '_', ' '].into_iter().find(|&sign| before.contains(sign)));
        let digits = match group {
            Some(sign) => ungrouped(before, sign)?,
            None => before.into(),
        };
        let around = (digits.len(), behind.len());
        let digits = digits + behind;
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let exponent = power? - around.1 as i64 - if is_percent { 2 } else { 0 };
        let lone = decimal.filter(|_| group.is_none());
        Some(Self { is_negative, digits, exponent, is_percent, lone, around })
    }

    /// Whether its one point or comma may as well part thousands: `1,000`, `12.345`, but not `0,500`, `1234,567` or `1,5`.
    fn is_grouped(&self) -> bool {
        matches!(self.around, (1..=3, 3)) && !self.digits.starts_with('0')
    }

    fn decimal(&self) -> Option<f64> {
        let sign = if self.is_negative { "-" } else { "" };
        let value: f64 = format!("{sign}{}e{}", self.digits, self.exponent).parse().ok()?;
        let is_lost = value == 0.0 && self.digits.bytes().any(|digit| digit != b'0');
        // Adding zero makes the negative one positive.
        (value.is_finite() && !is_lost).then_some(value + 0.0)
    }

    fn whole(&self) -> Option<u64> {
        let digits = self.digits.trim_start_matches('0');
        let significant = digits.trim_end_matches('0');
        let zeros = self.exponent + (digits.len() - significant.len()) as i64;
        if significant.is_empty() {
            return Some(0);
        }
        // The longest that fits has twenty digits.
        if self.is_negative || !(0..=20).contains(&zeros) || significant.len() > 20 {
            return None;
        }
        format!("{significant}{}", "0".repeat(zeros as usize)).parse().ok()
    }

    fn grouped(&self) -> Option<u64> {
        Self { digits: self.digits.clone(), exponent: self.exponent + 3, ..*self }.whole()
    }

    fn both(&self) -> Unread {
        let grouped = Self { digits: self.digits.clone(), exponent: self.exponent + 3, ..*self };
        match (grouped.decimal(), self.decimal()) {
            (Some(grouped), Some(decimal)) => Unread::TwoNumbers { grouped: write(grouped), decimal: write(decimal) },
            _ => Unread::NoNumber,
        }
    }
}

/// Digits in groups of three without what parts them; the first may be shorter.
fn ungrouped(text: &str, sign: char) -> Option<String> {
    let mut groups = text.split(sign);
    let first = groups.next().filter(|first| (1..=3).contains(&first.len()) && !first.starts_with('0'))?;
    groups.try_fold(first.to_string(), |digits, group| (group.len() == 3).then(|| digits + group))
}

/// What stands behind `e`. More than a billion is as good as a billion: no text has so many digits.
fn exponent(text: &str) -> Option<i64> {
    const MOST: i64 = 1_000_000_000;
    let (sign, digits) = match text.chars().next()? {
        '-' => (-1, &text[1..]),
        '+' => (1, &text[1..]),
        _ => (1, text),
    };
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    Some(sign * digits.parse::<i64>().map_or(MOST, |exponent| exponent.min(MOST)))
}

/// Whether a character is drawn as a minus: hyphens, dashes and minus signs, and the small forms of Chinese type.
pub(crate) fn is_minus(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2796}' | '\u{fe58}' | '\u{fe63}')
}

/// The ASCII character that stands for this one in a number.
fn plain(character: char) -> char {
    match character {
        '٠'..='٩' => char::from(b'0' + (character as u32 - '٠' as u32) as u8),
        '۰'..='۹' => char::from(b'0' + (character as u32 - '۰' as u32) as u8),
        dash if is_minus(dash) => '-',
        '\u{fe62}' => '+',
        '。' | '｡' | '٫' => '.',
        '\u{fe50}' => ',',
        '’' | '‘' | 'ʼ' | '٬' => '\'',
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => ' ',
        '٪' | '\u{fe6a}' => '%',
        other => match narrow(other) {
            'E' => 'e',
            narrow => narrow,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two(grouped: &str, decimal: &str) -> Unread {
        Unread::TwoNumbers { grouped: grouped.into(), decimal: decimal.into() }
    }

    #[test]
    fn a_number_is_read_as_everybody_reads_it_or_not_at_all() {
        for (text, number) in [
            ("24", 24.0),
            (" 24\t", 24.0),
            ("+24", 24.0),
            ("024", 24.0),
            ("24.", 24.0),
            ("24,", 24.0),
            (".5", 0.5),
            (",5", 0.5),
            ("0.10", 0.1),
            ("1e-1", 0.1),
            ("1E3", 1000.0),
            ("1.5e+2", 150.0),
            ("１．５ｅ２", 150.0),
            ("２４", 24.0),
            ("٢٤", 24.0),
            ("۲۴٫۵", 24.5),
            ("－３", -3.0),
            ("−3", -3.0),
            ("–3", -3.0),
            ("—3", -3.0),
            ("➖3", -3.0),
            ("- 3", -3.0),
            ("＋3", 3.0),
            ("0。5", 0.5),
            ("50%", 0.5),
            ("12.5 ％", 0.125),
            ("1 000", 1000.0),
            ("1\u{a0}000", 1000.0),
            ("1\u{202f}000,5", 1000.5),
            ("1\u{2005}000", 1000.0),
            ("1'000.5", 1000.5),
            ("1’000", 1000.0),
            ("1_000", 1000.0),
            ("1,000.5", 1000.5),
            ("1，000．5", 1000.5),
            ("1.000,5", 1000.5),
            ("1,000,000", 1e6),
            ("1.000.000", 1e6),
            ("-12,345.25", -12345.25),
            ("1,5", 1.5),
            ("2,00", 2.0),
            ("0,500", 0.5),
            ("1234,567", 1234.567),
            ("1.000", 1.0),
            ("12.345", 12.345),
            ("\u{feff}24\u{200b}", 24.0),
            ("1\u{ad}0", 10.0),
            ("0.1000000000000000055511151231257827", 0.1),
            ("5e-324", 5e-324),
            ("0e999999999999999999999", 0.0),
        ] {
            assert_eq!(real(text), Ok(number), "{text}");
        }
        for (text, grouped, decimal) in
            [("1,000", "1000", "1"), ("1，500", "1500", "1.5"), ("-12,345", "-12345", "-12.345"), ("1,000e1", "10000", "10")]
        {
            assert_eq!(real(text), Err(two(grouped, decimal)), "{text}");
        }
        for text in [
            "",
            " ",
            "-",
            "+",
            ".",
            ",",
            "e5",
            "1e",
            "1e+",
            "1e1.5",
            "--1",
            "+-1",
            "1-",
            "0x10",
            "1 0",
            "2 4",
            "1,00,000",
            "0,001,000",
            "1.2.3",
            "1,2,3",
            "1,000.000.000",
            "1'00",
            "1''000",
            "1_0",
            "_1",
            "1_",
            "1 000'000",
            "1.5.000,2",
            "1e400",
            "-1e400",
            "1e-400",
            "NaN",
            "nan",
            "inf",
            "Infinity",
            "1万",
            "二十四",
            "½",
            "1/2",
            "1f",
            "1e5e5",
            "50%%",
            "%",
            "5‰",
            "1.000 5",
            "１２a",
        ] {
            assert_eq!(real(text), Err(Unread::NoNumber), "{text}");
        }
    }

    #[test]
    fn a_whole_number_is_whole_however_it_is_written() {
        for (text, number) in [
            ("24", 24),
            ("24.0", 24),
            ("24,00", 24),
            ("２４", 24),
            ("+24", 24),
            ("-0", 0),
            ("−0.0", 0),
            ("1,000", 1000),
            ("1，000", 1000),
            ("1 000", 1000),
            ("1'000", 1000),
            ("1_000", 1000),
            ("12,345", 12345),
            ("1,000.0", 1000),
            ("1.000.000", 1_000_000),
            ("1e3", 1000),
            ("1.5E3", 1500),
            ("2400e-2", 24),
            ("18446744073709551615", u64::MAX),
        ] {
            assert_eq!(whole(text), Ok(number), "{text}");
        }
        assert_eq!(whole(&format!("{}24", "0".repeat(5000))), Ok(24));
        assert_eq!((whole("1.000"), whole("12.345")), (Err(two("1000", "1")), Err(two("12345", "12.345"))));
        for text in ["", "-1", "1.5", "1,5", "100%", "18446744073709551616", "1e20", "1e999999999", "24e-1", "0x18", "24 000 0", "1,00"] {
            let refused = if text == "1,00" { Ok(1) } else { Err(Unread::NoNumber) };
            assert_eq!(whole(text), refused, "{text}");
        }
        assert_eq!(whole(&"9".repeat(5000)), Err(Unread::NoNumber));
    }

    #[test]
    fn a_number_has_one_spelling_which_reads_back_as_it() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (0.1, "0.1"),
            (1e-6, "0.000001"),
            (1000.0, "1000"),
            (-2.5, "-2.5"),
            (5e-324, "5e-324"),
            (1e300, "1e300"),
        ] {
            assert_eq!(write(number), text);
        }
        for bits in (0..2000).map(|step: u64| step.wrapping_mul(0x9E37_79B9_7F4A_7C15)) {
            let number = f64::from_bits(bits);
            if number.is_finite() {
                assert_eq!(real(&write(number)).map(f64::to_bits), Ok((number + 0.0).to_bits()), "{number:e}");
                assert!(write(number).len() <= 26);
            }
        }
    }
}
