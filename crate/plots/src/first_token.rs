//! Proposition 5.2: the deeper the model, the more of what reaches the last token came from the first one.

use crate::axis::AxisKind;
use crate::chart::{Across, Chart, Curve, Look};
use crate::marker::Marker;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::table::Table;
use crate::told::{Told, View};
use crate::{Area, DrawError, Figure, Premises, Style, Theme, number};
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
    /// What it supposes of the model.
    pub premises: Premises,
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
    /// What it supposes of the model.
    pub premises: Premises,
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
        Self { theory: told.answer.clone(), depth: view.depth, premises: told.premises(), model: told.model() }
    }

    fn chart(&self, theme: &Theme) -> Chart<'static> {
        let title = match self.premises.adds_up {
            true => say!("Share of the first token in the last row of [½(Λ + I)]ᴸ"),
            false => say!("The first token's entry in the last row of [½(Λ + I)]ᴸ"),
        };
        let bound = say!("The bound of Proposition 5.2, with one Λ in all layers.");
        Chart {
            title: format!("↑ {title}"),
            notes: vec![self.model.clone(), together([bound, self.premises.no_skips(), self.premises.no_shares()])],
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
        let at = |list: &[f64], write: fn(f64) -> String| {
            list.get(self.depth.saturating_sub(1)).map_or(say!("unknown").into(), |&share| write(share))
        };
        let (uniform, measured) = (&self.theory.uniform.share, &self.theory.measured.share);
        let told = match self.premises.adds_up {
            true => say!(
                "Share of the first token at the last one after {} layers: {} with uniform attention, {} with this model's first layer in all layers.",
                self.depth,
                at(uniform, number::percent),
                at(measured, number::percent)
            ),
            false => say!(
                "Factor from the first token to the last one after {} layers: {} with uniform attention, {} with this model's first layer in all layers.",
                self.depth,
                at(uniform, number::short),
                at(measured, number::short)
            ),
        };
        together([&told, self.premises.no_shares(), self.premises.no_skips(), &say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        let Theory { measured, uniform, .. } = &*self.theory;
        let (Some(own), Some(uniform)) = (reached(&measured.share), reached(&uniform.share)) else { return say!("no numbers yet").into() };
        let told = match (self.premises.adds_up, measured.share.last()) {
            (false, Some(&last)) => say!(
                "From the first token to the last one the factor is {} at L = {}; with uniform attention the first token's share {}.",
                number::short(last),
                measured.share.len(),
                uniform
            ),
            _ => say!("The first token's share {}; with uniform attention it {}.", own, uniform),
        };
        together([&told, self.premises.no_shares(), self.premises.no_skips()])
    }

    fn table(&self) -> Table {
        self.chart(&Theme::light()).table(say!("depth"), unit(self.premises))
    }
}

/// What the numbers are.
fn unit(premises: Premises) -> &'static str {
    if premises.adds_up { say!("share") } else { say!("factor") }
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
        Self { theory: told.answer.clone(), depth: told.about.view.depth, premises: told.premises(), model: told.model() }
    }

    fn title(&self) -> String {
        match self.premises.adds_up {
            true => say!("Share of each token after {} layers", self.depth),
            false => say!("Factor from each token to the last one after {} layers", self.depth),
        }
    }

    fn chart(&self, theme: &Theme) -> Chart<'_> {
        let supposed = together([self.premises.no_skips(), self.premises.no_shares()]);
        let notes = [self.model.clone(), supposed].into_iter().filter(|note| !note.is_empty()).collect();
        Chart {
            title: format!("↑ {}", self.title()),
            notes,
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
        let told = say!("{}: {}.", self.title(), self.chart(&Theme::light()).story());
        together([&told, self.premises.no_shares(), self.premises.no_skips(), &say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        let [own, uniform] = [&self.theory.profile, &self.theory.uniform_profile].map(|profile| Some((profile.first()?, profile.last()?)));
        let (Some(own), Some(uniform)) = (own, uniform) else { return say!("no numbers yet").into() };
        let of_uniform = [uniform.0, uniform.1].map(|share| number::percent(*share));
        let told = match self.premises.adds_up {
            true => say!(
                "After {} layers, {} of what the last token holds comes from the first one and {} from itself; with uniform attention, {} and {}.",
                self.depth,
                number::percent(*own.0),
                number::percent(*own.1),
                of_uniform[0],
                of_uniform[1]
            ),
            false => say!(
                "After {} layers, the factor from the first token to the last one is {}, and {} from the last one to itself; with uniform attention they are shares, {} and {}.",
                self.depth,
                number::short(*own.0),
                number::short(*own.1),
                of_uniform[0],
                of_uniform[1]
            ),
        };
        together([&told, self.premises.no_shares(), self.premises.no_skips()])
    }

    fn table(&self) -> Table {
        self.chart(&Theme::light()).table(say!("number"), unit(self.premises))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn numbers_that_are_no_shares_are_told_as_factors_and_what_is_supposed_is_said() {
        let mut theory = samples::theory(4, 24);
        theory.measured.share = vec![1.5, 327_000.0];
        (theory.profile[0], theory.profile[24]) = (327_000.0, 40.0);
        let theory = Arc::new(theory);
        let told = |premises: Premises| {
            let depth = FirstTokenByDepth { theory: theory.clone(), depth: 2, premises, model: samples::MODEL.into() };
            let token = ShareByToken { theory: theory.clone(), depth: 2, premises, model: samples::MODEL.into() };
            let notes = [depth.chart(&Theme::light()).notes, token.chart(&Theme::light()).notes].map(|notes| notes.join(" "));
            [[depth.finding(), depth.sentence(), notes[0].clone()], [token.finding(), token.sentence(), notes[1].clone()]].concat()
        };
        let no_shares = "These weights do not add up to 1: the numbers are no shares.";
        let no_skips = "The I in ½(Λ + I) stands for skip connections, and this model has none.";
        for words in told(Premises { adds_up: false, skips: false, ..Premises::default() }) {
            assert!(words.contains(no_shares) && words.contains(no_skips) && !words.contains("10⁷%"), "{words}");
        }
        let own = told(Premises { adds_up: false, ..Premises::default() });
        assert!(own[0].starts_with("From the first token to the last one the factor is 3.27 × 10⁵ at L = 2;"), "{}", own[0]);
        assert!(
            own[3].starts_with("After 2 layers, the factor from the first token to the last one is 3.27 × 10⁵, and 40.0 from"),
            "{}",
            own[3]
        );
        assert!(told(Premises::default()).iter().all(|words| !words.contains(no_shares) && !words.contains(no_skips)));
    }

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
