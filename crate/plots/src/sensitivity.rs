//! Over-squashing: how much the last token's representation still depends on each input token, measured and as theory has it.

use crate::axis::AxisKind;
use crate::chart::{Across, Chart, Curve, Form, Look};
use crate::layout;
use crate::marker::Marker;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::table::{Cell, Column, Table};
use crate::told::{Told, View};
use crate::{Area, DrawError, Figure, Premises, Style, Theme, number};
use glasses_contract::config::{Units, Which};
use glasses_contract::locale::together;
use glasses_contract::paper::{self, LOST_PLACES, PublishedCurve};
use glasses_contract::report::{JacobianMethod, Profile, Sensitivity};
use glasses_contract::say;
use std::sync::Arc;

/// Sensitivity against the place of the token: bars for the full Jacobian, lines for the one with attention held fixed and for what
/// theory says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SensitivityByToken {
    /// The numbers.
    pub sensitivity: Arc<Sensitivity>,
    /// In which units: as they are on a logarithmic axis, or each curve divided by its greatest value on a linear one.
    pub units: Units,
    /// Published curves over the places of [`LOST_PLACES`] parts of a text, drawn over as many parts of this one where the scale is normalised.
    pub published: Vec<PublishedCurve>,
    /// Whether what theory compares with it is drawn too: attention held fixed, bound, rollout and paths.
    pub theory: bool,
    /// What it supposes of the model.
    pub premises: Premises,
    /// The value of n; none where nothing depends on it.
    pub n: Option<usize>,
    /// Which model drew it.
    pub model: String,
}

/// What the paper's bound is: which of the forms in which the paper writes it.
fn bound() -> &'static str {
    say!("The bound is that of the proof of Theorem 5.1 (B.5), with the model's own constants.")
}

impl SensitivityByToken {
    /// The figure of an answer, as it is looked at.
    pub fn of(told: &Told<Sensitivity>, view: &View) -> Self {
        let published = paper::of_places(view.published);
        let figure = Self::new(told.answer.clone(), told.model());
        Self { units: view.units, published, theory: view.theory, premises: told.premises(), n: told.n(), ..figure }
    }

    /// A figure in units of its own, at its n.
    pub fn new(sensitivity: impl Into<Arc<Sensitivity>>, model: impl Into<String>) -> Self {
        let sensitivity = sensitivity.into();
        Self {
            n: Some(sensitivity.n),
            sensitivity,
            units: Units::Absolute,
            published: Vec::new(),
            theory: true,
            premises: Premises::default(),
            model: model.into(),
        }
    }

    fn sequence(&self) -> &'static str {
        match self.sensitivity.sequence {
            Which::A => "A",
            Which::B => "B",
        }
    }

    /// How the numbers came about: “exact” or “estimate, 8 probes”, once where both profiles say the same.
    fn method(&self) -> String {
        let (full, frozen) = (&self.sensitivity.full, &self.sensitivity.frozen);
        let mut method = in_words(full.method);
        if full.method != frozen.method {
            method = say!("full: {}; attention fixed: {}", method, in_words(frozen.method));
        }
        if has_errors(full) || has_errors(frozen) {
            return say!("‖∂yₙ/∂vᵢ‖: Frobenius norm, {}; whiskers: ±\u{a0}1\u{a0}standard\u{a0}error.", method);
        }
        say!("‖∂yₙ/∂vᵢ‖: Frobenius norm, {}.", method)
    }

    /// A published curve over the parts of a text, each at the token in the middle of such a part of this one.
    fn ghost(&self, published: &PublishedCurve, theme: &Theme) -> Curve {
        let tokens = self.sensitivity.tokens.len();
        let middle = |place: usize| ((2 * place - 1) * tokens / (2 * LOST_PLACES)).min(tokens.saturating_sub(1));
        Curve {
            label: say!("{} (paper)", published.label()),
            points: published.points.iter().map(|point| (middle(point.n), point.value)).collect(),
            look: Look { color: theme.muted, width: 1.75, dash: Some((2.0, 4.0)), marker: Marker::Square, ..Look::default() },
            ..Curve::default()
        }
    }

    fn chart(&self, theme: &Theme) -> Chart<'_> {
        let Sensitivity { full, frozen, paths, .. } = &*self.sensitivity;
        let color = if self.sensitivity.sequence == Which::A { theme.a } else { theme.b };
        let line = |color, dash, marker| Look { color, width: 1.75, dash, marker, ..Look::default() };
        let mut curves =
            vec![profile(say!("everything depends (engine)"), full, Look { form: Form::Bars, ..line(color, None, Marker::None) })];
        curves.extend(self.theory.then(|| profile(say!("attention held fixed (engine)"), frozen, line(theme.ink, None, Marker::Ring))));
        let is_normalised = self.units == Units::Normalised;
        let mut notes = vec![self.model.clone(), self.method()];
        if let Some(theory) = paths.as_ref().filter(|_| self.theory) {
            let mut add = |label: &str, values: &[f64], look: Look| {
                if !values.is_empty() {
                    curves.push(Curve {
                        label: label.into(),
                        points: values.iter().copied().enumerate().collect(),
                        look,
                        ..Curve::default()
                    });
                }
            };
            add(say!("bound (theory)"), &theory.bound, line(theme.series(0), Some((9.0, 3.0)), Marker::Triangle));
            if is_normalised {
                add(say!("attention rollout (theory)"), &theory.rollout, line(theme.series(1), Some((5.0, 3.0)), Marker::Square));
                add(say!("number of paths (theory)"), &theory.paths, line(theme.series(2), Some((1.5, 2.5)), Marker::Diamond));
                add(say!("place alone, closed form (theory)"), &theory.place, line(theme.series(3), Some((7.0, 2.0)), Marker::None));
            }
            notes.push(match theory.bound.is_empty() {
                true => say!("No bound: this model has parts that Theorem 5.1 does not know.").into(),
                false => bound().into(),
            });
            // Where they are drawn.
            let [rollout, paths] = [&theory.rollout, &theory.paths].map(|values| is_normalised && !values.is_empty());
            if rollout || paths {
                let no_skips = if rollout { self.premises.no_skips() } else { "" };
                notes.push(together([say!("Rollout and paths have no unit: they are drawn normalised."), no_skips]));
            }
        }
        if is_normalised {
            notes.push(say!("Each curve is divided by its greatest value.").into());
            curves.extend(self.published.iter().map(|published| self.ghost(published, theme)));
            curves.iter_mut().for_each(normalise);
        }
        Chart {
            title: format!("↑ {}", say!("Sensitivity of the last token to each token of\u{a0}{}", self.sequence())),
            notes,
            across: Across::Tokens(&self.sensitivity.tokens),
            kind: if is_normalised { AxisKind::Linear } else { AxisKind::Log },
            curves,
            ..Chart::default()
        }
    }
}

fn in_words(method: JacobianMethod) -> String {
    match method {
        JacobianMethod::Exact => say!("exact").into(),
        JacobianMethod::Estimate { probes: 1 } => say!("estimate, 1 probe").into(),
        JacobianMethod::Estimate { probes } => say!("estimate, {} probes", probes),
    }
}

fn has_errors(profile: &Profile) -> bool {
    profile.standard_error.iter().any(|&error| error > 0.0)
}

fn profile(label: &str, profile: &Profile, look: Look) -> Curve {
    let errors = if has_errors(profile) { profile.standard_error.clone() } else { Vec::new() };
    Curve { label: label.into(), points: profile.norm.iter().copied().enumerate().collect(), errors, look, ..Curve::default() }
}

/// Divides a curve by its greatest finite value, unless that is zero.
pub(crate) fn normalise(curve: &mut Curve) {
    let most = curve.points.iter().map(|point| point.1).filter(|value| value.is_finite()).fold(0.0, f64::max);
    if most > 0.0 {
        curve.points.iter_mut().for_each(|point| point.1 /= most);
        curve.errors.iter_mut().for_each(|error| *error /= most);
    }
}

impl Figure for SensitivityByToken {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        self.chart(&style.theme).draw(&Pen::begin(area, style)?)
    }

    fn height(&self, width: f64) -> f64 {
        layout::height(width, 360.0, 420.0)
    }

    fn sentence(&self) -> String {
        let Sensitivity { tokens, full, .. } = &*self.sensitivity;
        let place = |(token, norm): (usize, f64)| {
            let label = number::quoted(tokens.get(token).map_or("", String::as_str));
            say!("token {}, {}, with {}", token + 1, label, number::short(norm))
        };
        let [most, least] = [counts_most(&full.norm), counts_least(&full.norm)].map(|token| Some(place((token?, full.norm[token?]))));
        let told = match (most, least) {
            (Some(most), Some(least)) => say!("most to {}; least to {}", most, least),
            _ => say!("no numbers yet").into(),
        };
        let told = match self.n {
            Some(n) => say!("Sensitivity of the last token to each token of {} at n = {}: {}.", self.sequence(), n, told),
            None => say!("Sensitivity of the last token to each token of {}: {}.", self.sequence(), told),
        };
        together([told, self.method(), say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        let Sensitivity { tokens, full, .. } = &*self.sensitivity;
        let Some(least) = counts_least(&full.norm) else { return say!("no numbers yet").into() };
        let label = |token: usize| number::quoted(tokens.get(token).map_or("", String::as_str));
        let most = counts_most(&full.norm).map(|most| (most, full.norm[most] / full.norm[least]));
        match most.filter(|(_, times)| times.is_finite() && *times > 1.0) {
            Some((most, times)) => say!(
                "Token {}, {}, counts most: {} times as much as token {}, {}, the least.",
                most + 1,
                label(most),
                number::short(times),
                least + 1,
                label(least)
            ),
            None => {
                say!("Token {}, {}, counts least: the sensitivity to it is {}.", least + 1, label(least), number::short(full.norm[least]))
            }
        }
    }

    fn table(&self) -> Table {
        let Sensitivity { tokens, full, frozen, paths, .. } = &*self.sensitivity;
        let mut columns = vec![Column::new(say!("number")), Column::new(say!("token"))];
        for (name, profile) in [(say!("everything depends on the input"), full), (say!("attention held fixed"), frozen)] {
            columns.push(Column::with_unit(name, say!("Frobenius norm, {}", in_words(profile.method))));
            columns.push(Column::with_unit(say!("{}, standard error", name), say!("Frobenius norm")));
        }
        if paths.is_some() {
            columns.extend(
                [
                    (say!("bound"), say!("theory, B.5")),
                    (say!("attention rollout"), say!("theory")),
                    (say!("paths"), say!("theory")),
                    (say!("place alone"), say!("theory, closed form")),
                ]
                .map(|(name, unit)| Column::with_unit(name, unit)),
            );
        }
        let number = |list: &[f64], token: usize| list.get(token).map_or(Cell::Missing, |&number| Cell::Number(number));
        let row = |token: usize| {
            let mut row = vec![Cell::Count(token + 1), tokens.get(token).cloned().map_or(Cell::Missing, Cell::Text)];
            for profile in [full, frozen] {
                row.extend([number(&profile.norm, token), number(&profile.standard_error, token)]);
            }
            row.extend(
                paths
                    .iter()
                    .flat_map(|theory| [&theory.bound, &theory.rollout, &theory.paths, &theory.place].map(|list| number(list, token))),
            );
            row
        };
        Table { columns, rows: (0..full.norm.len().max(frozen.norm.len())).map(row).collect() }
    }
}

/// The token that counts most: the place of the greatest norm, from 0; the last of equals.
fn counts_most(norms: &[f64]) -> Option<usize> {
    let finite = norms.iter().enumerate().filter(|(_, norm)| norm.is_finite());
    finite.max_by(|left, right| left.1.total_cmp(right.1)).map(|(place, _)| place)
}

/// The token that counts least: the place of the least norm, from 0; the first of equals.
pub fn counts_least(norms: &[f64]) -> Option<usize> {
    let finite = norms.iter().enumerate().filter(|(_, norm)| norm.is_finite());
    finite.min_by(|left, right| left.1.total_cmp(right.1)).map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn what_has_no_unit_is_spoken_of_where_it_is_drawn() {
        let notes = |units: Units, premises: Premises, keep: fn(&mut Sensitivity)| {
            let mut sensitivity = samples::sensitivity(24, JacobianMethod::Exact);
            keep(&mut sensitivity);
            let figure = SensitivityByToken::new(sensitivity, samples::MODEL);
            SensitivityByToken { units, premises, ..figure }.chart(&Theme::light()).notes.join(" ")
        };
        let (no_unit, plain) = ("Rollout and paths have no unit: they are drawn normalised.", Premises::default());
        let bare = |of: &mut Sensitivity| of.paths.iter_mut().for_each(|theory| (theory.rollout, theory.paths) = (vec![], vec![]));
        assert!(notes(Units::Normalised, plain, |_| ()).contains(no_unit));
        assert!(!notes(Units::Absolute, plain, |_| ()).contains(no_unit), "neither is drawn");
        assert!(!notes(Units::Normalised, plain, bare).contains(no_unit), "there is neither");
        let no_skips = Premises { skips: false, ..plain };
        assert!(notes(Units::Normalised, no_skips, |_| ()).contains(no_skips.no_skips()));
        assert!(!notes(Units::Absolute, no_skips, |_| ()).contains(no_skips.no_skips()), "no rollout is drawn");
    }
}
