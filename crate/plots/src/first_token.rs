//! Proposition 5.2: the deeper the model, the more of what reaches the last token came from the first one.

use crate::axis::AxisKind;
use crate::chart::{Across, Chart, Curve, Look};
use crate::marker::Marker;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::table::Table;
use crate::told::{Told, View};
use crate::{Area, DrawError, Figure, Style, Theme, number};
use glasses_contract::config::Which;
use glasses_contract::locale::together;
use glasses_contract::report::Theory;
use glasses_contract::say;
use std::sync::Arc;

/// The first token's share against depth.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstTokenByDepth {
    /// The numbers.
    pub theory: Arc<Theory>,
    /// The depth that is looked at.
    pub depth: usize,
    /// Which model drew it.
    pub model: String,
}

/// Every token's share at one depth.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareByToken {
    /// The numbers.
    pub theory: Arc<Theory>,
    /// The depth that they are of.
    pub depth: usize,
    /// Which model drew it.
    pub model: String,
}

fn looks(theme: &Theme, sequence: Which) -> [Look; 2] {
    let own = if sequence == Which::A { theme.a } else { theme.b };
    let line = |color, dash, marker| Look { color, width: 2.0, dash, marker, ..Look::default() };
    [line(theme.guide, Some((7.0, 3.0)), Marker::Square), line(own, None, Marker::Dot)]
}

fn curves(theme: &Theme, theory: &Theory, lists: [&[f64]; 2], first: usize) -> Vec<Curve> {
    let curve = |((label, values), look): ((&str, &[f64]), Look)| Curve {
        label: label.into(),
        points: values.iter().enumerate().map(|(index, &value)| (index + first, value)).collect(),
        look,
        ..Curve::default()
    };
    [say!("uniform attention (theory)"), say!("this model's first layer in all layers")]
        .into_iter()
        .zip(lists)
        .zip(looks(theme, theory.sequence))
        .map(curve)
        .collect()
}

impl FirstTokenByDepth {
    /// The figure of an answer, as it is looked at.
    pub fn of(told: &Told<Theory>, view: &View) -> Self {
        Self { theory: told.answer.clone(), depth: view.depth, model: told.model() }
    }

    fn chart(&self, theme: &Theme) -> Chart<'static> {
        Chart {
            title: format!("↑ {}", say!("Share of the first token in the last row of [½(Λ + I)]ᴸ")),
            notes: vec![self.model.clone(), say!("The bound of Proposition 5.2, with one Λ in all layers.").into()],
            across: Across::Count { kind: AxisKind::Log, title: say!("depth L, in layers →"), reads: "L = {}" },
            kind: AxisKind::Linear,
            curves: curves(theme, &self.theory, [&self.theory.uniform.share, &self.theory.measured.share], 1),
            current: Some((self.depth, format!("L = {}", self.depth))),
            ..Chart::default()
        }
    }
}

impl Figure for FirstTokenByDepth {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        self.chart(&style.theme).draw(&Pen::begin(area, style)?)
    }

    fn height(&self, width: f64) -> f64 {
        (width * 0.5).clamp(340.0, 400.0)
    }

    fn sentence(&self) -> String {
        let at = |list: &[f64]| list.get(self.depth.saturating_sub(1)).map_or(say!("unknown").into(), |&share| number::percent(share));
        let told = say!(
            "Share of the first token at the last one after {} layers: {} with uniform attention, {} with this model's first layer in all layers.",
            self.depth,
            at(&self.theory.uniform.share),
            at(&self.theory.measured.share)
        );
        together([told, say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        let Theory { measured, uniform, .. } = &*self.theory;
        let (Some(own), Some(uniform)) = (reached(&measured.share), reached(&uniform.share)) else { return say!("no numbers yet").into() };
        say!("The first token's share {}; with uniform attention it {}.", own, uniform)
    }

    fn table(&self) -> Table {
        self.chart(&Theme::light()).table(say!("depth"), say!("share"))
    }
}

/// A share that leaves next to nothing to all others.
const NEARLY_ALL: f64 = 0.99;

/// “exceeds 99% from L = 21 on”, or how far it comes.
fn reached(shares: &[f64]) -> Option<String> {
    let last = *shares.last()?;
    let below = shares.iter().rposition(|&share| share.is_nan() || share <= NEARLY_ALL).map_or(0, |last| last + 1);
    Some(if below < shares.len() {
        say!("exceeds {} from L = {} on", format!("{:.0}%", 100.0 * NEARLY_ALL), below + 1)
    } else {
        say!("is {} at L = {}", number::percent(last), shares.len())
    })
}

impl ShareByToken {
    /// The figure of an answer.
    pub fn of(told: &Told<Theory>) -> Self {
        // The depth that was asked for, which the view may have left since.
        Self { theory: told.answer.clone(), depth: told.about.view.depth, model: told.model() }
    }

    fn chart(&self, theme: &Theme) -> Chart<'_> {
        Chart {
            title: format!("↑ {}", say!("Share of each token after {} layers", self.depth)),
            notes: vec![self.model.clone()],
            across: Across::Tokens(&self.theory.tokens),
            kind: AxisKind::Linear,
            curves: curves(theme, &self.theory, [&self.theory.uniform_profile, &self.theory.profile], 0),
            ..Chart::default()
        }
    }
}

impl Figure for ShareByToken {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        self.chart(&style.theme).draw(&Pen::begin(area, style)?)
    }

    fn height(&self, width: f64) -> f64 {
        (width * 0.5).clamp(340.0, 400.0)
    }

    fn sentence(&self) -> String {
        let told = say!("Share of each token after {} layers: {}.", self.depth, self.chart(&Theme::light()).story());
        together([told, say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        let [own, uniform] = [&self.theory.profile, &self.theory.uniform_profile].map(|profile| Some((profile.first()?, profile.last()?)));
        let (Some(own), Some(uniform)) = (own, uniform) else { return say!("no numbers yet").into() };
        say!(
            "After {} layers, {} of what the last token holds comes from the first one and {} from itself; with uniform attention, {} and {}.",
            self.depth,
            number::percent(*own.0),
            number::percent(*own.1),
            number::percent(*uniform.0),
            number::percent(*uniform.1)
        )
    }

    fn table(&self) -> Table {
        self.chart(&Theme::light()).table(say!("number"), say!("share"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_falls_back_has_not_reached_it() {
        for (shares, told) in [
            (&[0.5, 0.995, 0.98, 0.995, 0.999][..], Some("exceeds 99% from L = 4 on")),
            (&[0.995, 0.999], Some("exceeds 99% from L = 1 on")),
            (&[0.5, f64::NAN, 0.9], Some("is 90.0% at L = 3")),
            (&[0.995, f64::NAN], Some("is not a number at L = 2")),
            (&[], None),
        ] {
            assert_eq!(reached(shares).as_deref(), told);
        }
    }
}
