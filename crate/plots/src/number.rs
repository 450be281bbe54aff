//! How numbers are written for people: three significant digits, powers of ten where zeros would pile up.

use glasses_contract::say;

/// Three significant digits: `0.0123`, `1.23 × 10⁻⁵`, `12,300`; what is not finite in words.
pub fn short(value: f64) -> String {
    if !value.is_finite() {
        return not_finite(value);
    }
    if value == 0.0 {
        return "0".into();
    }
    // The exponent after rounding to three digits: 0.0009996 is 0.00100.
    let rounded = format!("{:.2e}", value.abs());
    let (digits, exponent) = rounded.split_once('e').unwrap_or((&rounded, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if value < 0.0 { "−" } else { "" };
    match exponent {
        -3..=4 => format!("{sign}{}", grouped(format!("{:.*}", (2 - exponent).max(0) as usize, value.abs()))),
        _ => format!("{sign}{digits} × {}", power_of_ten(exponent)),
    }
}

/// A probability as a percentage.
pub fn percent(probability: f64) -> String {
    if probability.is_finite() { format!("{}%", short(probability * 100.0)) } else { not_finite(probability) }
}

/// A round number of an axis, without digits that say nothing: `0.5`, `200`, `2 × 10⁻⁵`.
pub fn tick(value: f64) -> String {
    let text = short(value);
    let (digits, power) = text.split_once(" × ").map_or((text.as_str(), None), |(digits, power)| (digits, Some(power)));
    let digits = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits };
    match power {
        Some(power) if digits == "1" => power.into(),
        Some(power) => format!("{digits} × {power}"),
        None => digits.into(),
    }
}

/// A power of ten on a logarithmic axis: `1`, `10`, `100`, then `10³`, and `10⁻¹` downwards.
pub fn decade(exponent: i32) -> String {
    match exponent {
        0..=2 => format!("{}", 10_i32.pow(exponent as u32)),
        _ => power_of_ten(exponent),
    }
}

/// A token as it stands within a sentence: in quotation marks.
pub fn quoted(token: &str) -> String {
    format!("“{token}”")
}

/// Five digits in a row have to be counted: a comma stands between the thousands and the rest.
fn grouped(mut digits: String) -> String {
    if digits.len() == 5 && !digits.contains('.') {
        digits.insert(2, ',');
    }
    digits
}

fn power_of_ten(exponent: i32) -> String {
    let superscript = |character| match character {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => char::from_u32(digit as u32 - '0' as u32 + '⁰' as u32).unwrap_or(digit),
    };
    format!("10{}", exponent.to_string().chars().map(superscript).collect::<String>())
}

fn not_finite(value: f64) -> String {
    match value {
        f64::INFINITY => say!("infinite"),
        f64::NEG_INFINITY => say!("−infinite"),
        _ => say!("not a number"),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_significant_digits() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1.00"),
            (0.5, "0.500"),
            (0.012_345, "0.0123"),
            (0.001, "0.00100"),
            (0.000_999_6, "0.00100"),
            (0.000_999_4, "9.99 × 10⁻⁴"),
            (1.2345e-5, "1.23 × 10⁻⁵"),
            (9.999e-6, "1.00 × 10⁻⁵"),
            (5e-324, "4.94 × 10⁻³²⁴"),
            (9.999, "10.0"),
            (999.96, "1000"),
            (9_999.0, "9999"),
            (12_345.0, "12,345"),
            (-20_000.4, "−20,000"),
            (99_999.9, "1.00 × 10⁵"),
            (1.7e308, "1.70 × 10³⁰⁸"),
            (-0.25, "−0.250"),
            (f64::NAN, "not a number"),
            (f64::INFINITY, "infinite"),
            (f64::NEG_INFINITY, "−infinite"),
        ] {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn percentages_and_ticks_follow_from_it() {
        for (value, text) in [(0.123, "12.3%"), (1.0, "100%"), (0.0, "0%"), (2e-7, "2.00 × 10⁻⁵%"), (f64::NAN, "not a number")] {
            assert_eq!(percent(value), text);
        }
        for (value, text) in
            [(0.5, "0.5"), (0.0, "0"), (200.0, "200"), (10.0, "10"), (2e-5, "2 × 10⁻⁵"), (1e-5, "10⁻⁵"), (1.5e6, "1.5 × 10⁶")]
        {
            assert_eq!(tick(value), text);
        }
        for (exponent, text) in [(-12, "10⁻¹²"), (-1, "10⁻¹"), (0, "1"), (2, "100"), (3, "10³"), (45, "10⁴⁵"), (6, "10⁶")] {
            assert_eq!(decade(exponent), text);
        }
    }
}
