//! How strongly a token counts by its place alone, in closed form (Wu et al. 2025, arXiv 2502.01951), up to a constant: with d = i − j tokens
//! between token j and the last token i, through t layers
//!
//! ```text
//! ALiBi    C(t + d, d) · e^(−d m)          m the slope
//! rotary   C(t + d, d) · e^(−c d² θ²)      θ the angle between neighbours
//! ```
//! The number of ways grows with the distance and the decay shrinks with it, so that their product may be greatest anywhere.

use glasses_contract::config::{Model, Position};

/// The statement's constant c for rotary positions, which it leaves open: with it e^(−c d² θ²) and cos dθ agree to second order.
const C: f64 = 0.5;

/// One number for each of so many tokens; none where the statement has no form for the model's positions.
///
/// Of ALiBi's heads the one that falls slowest, m = 2⁻⁸, and of the angles of rotary positions the slowest: what is farthest away is
/// reached by those.
pub fn closed_form(model: &Model, tokens: usize) -> Vec<f64> {
    let decay: Box<dyn Fn(f64) -> f64> = match model.position {
        Position::Alibi => Box::new(|distance| distance * libm::exp2(-8.0)),
        Position::Rotary => {
            let width = model.head_width() as f64;
            let angle = libm::pow(10_000.0, -(width - 2.0) / width);
            Box::new(move |distance| C * (distance * angle).powi(2))
        }
        _ => return Vec::new(),
    };
    let layers = model.layers as f64;
    let mut ways = 0.0; // ln C(t + d, d)
    let mut values: Vec<f64> = (0..tokens)
        .map(|distance| {
            if distance > 0 {
                ways += libm::log((layers + distance as f64) / distance as f64);
            }
            libm::exp(ways - decay(distance as f64))
        })
        .collect();
    values.reverse();
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_and_decay_multiply() {
        let model = Model { layers: 3, position: Position::Alibi, ..Model::default() };
        let values = closed_form(&model, 4);
        // C(3, 0), C(4, 1), C(5, 2), C(6, 3), from the last token back.
        for (distance, ways) in [1.0, 4.0, 10.0, 20.0].into_iter().enumerate() {
            let expected = ways * (-(distance as f64) / 256.0).exp();
            assert!((values[3 - distance] / expected - 1.0).abs() < 1e-12, "{distance}");
        }
        let rotary = Model { heads: 1, width: 2, position: Position::Rotary, ..model };
        assert!((closed_form(&rotary, 3)[0] / (10.0 * (-2.0_f64).exp()) - 1.0).abs() < 1e-12, "one pair turns by 1 a token");
        assert!(closed_form(&Model::default(), 4).is_empty());
    }
}
