//! Lemma B.2: how far the attention of the two last tokens is apart, layer by layer and head by head.

use crate::axis::AxisKind;
use crate::chart::{Across, Chart, Constant, Curve, Form, Look, Name};
use crate::marker::Marker;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::table::Table;
use crate::told::Told;
use crate::value_axis::identical;
use crate::{Area, DrawError, Figure, Premises, Style, Theme, number};
use glasses_contract::locale::{together, tr};
use glasses_contract::report::Theory;
use glasses_contract::say;
use std::sync::Arc;

/// Total variation against the layer: a dot for each head, a line through their means.
#[derive(Clone, Debug, PartialEq)]
pub struct VariationByLayer {
    /// The numbers.
    pub theory: Arc<Theory>,
    /// The value of n; none where nothing depends on it.
    pub n: Option<usize>,
    /// What it supposes of the model and of the texts.
    pub premises: Premises,
    /// Which model drew it.
    pub model: String,
}

/// What rounding makes of weights that are the same: f32 holds each to 6 × 10⁻⁸ of itself, and those of a row sum to about 1.
const ROUNDING: f64 = 1e-6;

/// A number that is no rounding.
fn told(variation: f64) -> f64 {
    if variation < ROUNDING { 0.0 } else { variation }
}

impl VariationByLayer {
    /// The figure of an answer.
    pub fn of(told: &Told<Theory>) -> Self {
        Self { theory: told.answer.clone(), n: told.n(), premises: told.premises(), model: told.model() }
    }

    /// Each layer that has heads, with their mean.
    fn means(&self) -> impl Iterator<Item = (usize, f64)> {
        let layers = self.theory.variation.iter().filter(|layer| !layer.heads.is_empty());
        let mean = |heads: &[f64]| heads.iter().sum::<f64>() / heads.len() as f64;
        layers.map(move |layer| (layer.layer, told(mean(&layer.heads))))
    }

    fn chart(&self, theme: &Theme) -> Chart<'static> {
        let variation = &self.theory.variation;
        let color = theme.heat(0.75);
        let mut curves = vec![Curve {
            label: say!("mean of the heads").into(),
            points: self.means().collect(),
            look: Look { color, width: 2.0, ..Look::default() },
            ..Curve::default()
        }];
        let heads = variation.iter().map(|layer| layer.heads.len()).max().unwrap_or(0);
        curves.extend((0..heads).map(|head| Curve {
            label: say!("head {}", head + 1),
            points: variation.iter().filter_map(|layer| Some((layer.layer, told(*layer.heads.get(head)?)))).collect(),
            look: Look { color, marker: Marker::Ring, form: Form::Points, name: Name::Unseen, ..Look::default() },
            ..Curve::default()
        }));
        let title = match self.n {
            Some(n) => say!("Total variation of the last tokens' attention at n\u{a0}=\u{a0}{}", n),
            None => say!("Total variation of the last tokens' attention").into(),
        };
        let constant = say!("2(e − 1)/(e + 1) = {}, Proposition B.4", number::short(self.theory.alternating));
        Chart {
            title: format!("↑ {title}"),
            notes: vec![self.model.clone(), say!("Σ |α − α*| over all keys, without the factor ½; a ring for each head.").into()],
            across: Across::Count { kind: AxisKind::Linear, title: say!("layer →"), reads: tr("layer {}") },
            kind: AxisKind::Log,
            zero: identical(),
            curves,
            constants: vec![Constant { label: constant, value: self.theory.alternating }],
            ..Chart::default()
        }
    }
}

impl Figure for VariationByLayer {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        self.chart(&style.theme).draw(&Pen::begin(area, style)?)
    }

    fn height(&self, width: f64) -> f64 {
        (width * 0.5).clamp(340.0, 400.0)
    }

    fn sentence(&self) -> String {
        let means: Vec<String> = self.means().map(|(layer, mean)| format!("{} {}", say!("layer {}", layer), number::short(mean))).collect();
        let told = if means.is_empty() { say!("no numbers yet").into() } else { means.join(say!(", ")) };
        let told = match self.n {
            Some(n) => say!("Total variation of the two last tokens' attention at n = {}, mean of the heads: {}.", n, told),
            None => say!("Total variation of the two last tokens' attention, mean of the heads: {}.", told),
        };
        together([self.premises.one_text().unwrap_or_default(), &told, self.premises.no_shares(), &say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        if let Some(one) = self.premises.one_text() {
            return one.into();
        }
        let by_value = |one: &(usize, f64), other: &(usize, f64)| one.1.total_cmp(&other.1);
        let (Some(least), Some(most)) = (self.means().min_by(by_value), self.means().max_by(by_value)) else {
            return say!("no numbers yet").into();
        };
        if most.1 < ROUNDING {
            return say!("They attend alike in all layers.").into();
        }
        let told = match least.0 == most.0 {
            true => say!("The two differ by {} (mean of the heads).", number::short(most.1)),
            false => say!(
                "The two differ least in layer {}, by {}, and most in layer {}, by {} (mean of the heads).",
                least.0,
                number::short(least.1),
                most.0,
                number::short(most.1)
            ),
        };
        let greatest = if self.premises.adds_up { say!("The greatest possible value is 2.") } else { self.premises.no_shares() };
        together([&told, greatest])
    }

    fn table(&self) -> Table {
        self.chart(&Theme::light()).table(say!("layer"), say!("total variation"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use glasses_contract::report::Variation;

    fn finding(means: &[f64], premises: Premises) -> String {
        let mut theory = samples::theory(4, 24);
        let layer = |(at, &mean): (usize, &f64)| Variation { layer: at + 1, heads: vec![mean / 2.0, 1.5 * mean] };
        theory.variation = means.iter().enumerate().map(layer).collect();
        VariationByLayer { theory: theory.into(), n: Some(24), premises, model: samples::MODEL.into() }.finding()
    }

    #[test]
    fn the_greatest_possible_value_is_named_where_there_is_one() {
        let plain = Premises::default();
        let differ = "The two differ least in layer 1, by 0.250, and most in layer 2, by 2.74 (mean of the heads).";
        assert_eq!(finding(&[0.25, 2.74], plain), format!("{differ} The greatest possible value is 2."));
        let sigmoid = Premises { adds_up: false, ..plain };
        assert_eq!(finding(&[0.25, 2.74], sigmoid), format!("{differ} {}", sigmoid.no_shares()));
        assert!(finding(&[0.25], sigmoid).starts_with("The two differ by 0.250 (mean of the heads). These"));
    }

    #[test]
    fn what_rounding_leaves_is_no_difference() {
        let plain = Premises::default();
        assert_eq!(finding(&[0.0, 3.13e-7], plain), "They attend alike in all layers.");
        assert!(finding(&[0.0, 2e-6], plain).starts_with("The two differ least in layer 1, by 0,"));
        assert_eq!(finding(&[0.0, 3.13e-7], Premises { differ: false, ..plain }), "A and B are the same text.");
        assert_eq!(finding(&[], plain), "no numbers yet");
    }
}
