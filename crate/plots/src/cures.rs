//! Cures beside the plain model: the distance over n, and the sensitivity over tokens.

use crate::axis::AxisKind;
use crate::chart::{Across, Chart, Curve, Look, Name};
use crate::layout;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::sensitivity::normalise;
use crate::table::Table;
use crate::told::{Told, View};
use crate::value_axis::guides_note;
use crate::{Area, DrawError, Figure, Style, Theme, number};
use glasses_contract::Choice;
use glasses_contract::config::Metric;
use glasses_contract::locale::together;
use glasses_contract::report::{Compared, Comparison};
use glasses_contract::say;
use std::sync::Arc;

/// The output's distance against n, a line for each model.
#[derive(Clone, Debug, PartialEq)]
pub struct CuresByN {
    /// The numbers.
    pub comparison: Arc<Comparison>,
    /// Which of the distances.
    pub metric: Metric,
    /// The value of n that the rest of the page shows.
    pub n: usize,
    /// The word of the model whose line is lit, and all others muted; none where all stand alike.
    pub lit: Option<String>,
    /// The plain model.
    pub model: String,
}

/// The sensitivity to each token, each model's divided by its greatest value.
#[derive(Clone, Debug, PartialEq)]
pub struct CuresByToken {
    /// The numbers.
    pub comparison: Arc<Comparison>,
    /// The word of the model whose line is lit, as in [`CuresByN`].
    pub lit: Option<String>,
    /// The plain model.
    pub model: String,
}

/// A narrower picture has no room for names at the ends of lines, in CSS pixels.
const WIDE: f64 = 520.0;

/// How the lines of a comparison are told apart.
pub(crate) struct Looks<'a> {
    pub theme: &'a Theme,
    pub comparison: &'a Comparison,
    pub lit: Option<&'a str>,
    /// Where names stand.
    pub name: Name,
}

impl Looks<'_> {
    /// The plain model in grey, each cure in a color of its own, and the lit one alone strong.
    pub fn of(&self, row: &Compared) -> Look {
        let theme = self.theme;
        let cures = || self.comparison.rows.iter().filter(|row| !row.word.is_empty());
        let look = match cures().position(|cure| cure.word == row.word) {
            Some(place) => Look { color: theme.series_among(place, cures().count()), ..Look::of_series(theme, place) },
            None => Look { color: theme.muted, ..Look::ghost(theme) },
        };
        match self.lit {
            None => Look { name: self.name, ..look },
            Some(lit) if lit == row.word => {
                let name = if self.name == Name::AtEnd { Name::AtEndStrong } else { self.name };
                Look { width: 3.0, name, ..look }
            }
            Some(_) => Look { color: look.color.mix(theme.background, 0.75), width: 1.25, name: self.name, ..look },
        }
    }
}

/// By how much a text is read worse than by the plain model, or better, in words.
fn costs(mean: f64) -> String {
    let nats = number::short(mean.abs());
    if mean < 0.0 {
        say!("It reads a plain text better than plain by {} nats a token.", nats)
    } else {
        say!("It reads a plain text worse than plain by {} nats a token.", nats)
    }
}

/// Where the names of lines stand on a sheet of this width.
fn name_on(pen: &Pen) -> Name {
    if pen.sheet().x1 < WIDE { Name::InKeys } else { Name::AtEnd }
}

/// As [`CuresByN::ranked`] says.
pub(crate) fn ranked(comparison: &Comparison, metric: Metric, n: usize) -> (usize, Vec<(&Compared, f64)>) {
    let at = comparison.n.partition_point(|&swept| swept <= n).saturating_sub(1);
    let distance = |row: &Compared| row.distances.get(at).map_or(f64::NAN, |distances| distances.get(metric));
    let mut rows: Vec<_> = comparison.rows.iter().map(|row| (row, distance(row))).collect();
    rows.sort_by(|(_, one), (_, other)| one.is_nan().cmp(&other.is_nan()).then(other.total_cmp(one)));
    (comparison.n.get(at).copied().unwrap_or(n), rows)
}

impl CuresByN {
    /// The figure of an answer, as it is looked at.
    pub fn of(told: &Told<Comparison>, view: &View) -> Self {
        let View { metric, n, lit, .. } = view.clone();
        Self { comparison: told.answer.clone(), metric, n, lit, model: told.model() }
    }

    /// The last n of the sweeps that is no greater than the page's, and each model with its distance there, the greatest first; what is no
    /// number comes last.
    pub fn ranked(&self) -> (usize, Vec<(&Compared, f64)>) {
        ranked(&self.comparison, self.metric, self.n)
    }

    fn title(&self) -> String {
        say!("{} distance at the output", self.metric.label())
    }

    fn chart(&self, theme: &Theme, name: Name) -> Chart<'static> {
        let looks = Looks { theme, comparison: &self.comparison, lit: self.lit.as_deref(), name };
        let curve = |row: &Compared| Curve {
            label: row.label.to_string(),
            points: self.comparison.n.iter().copied().zip(row.distances.iter().map(|distances| distances.get(self.metric))).collect(),
            look: looks.of(row),
            ..Curve::default()
        };
        let mut notes = vec![say!("Plain: {}", self.model)];
        notes.extend((self.metric != Metric::Cosine).then(|| guides_note().into()));
        Chart {
            title: format!("↑ {}", self.title()),
            notes,
            curves: self.comparison.rows.iter().map(curve).collect(),
            ..Chart::of_distances(AxisKind::Log, self.metric, self.n)
        }
    }
}

impl Figure for CuresByN {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        let pen = Pen::begin(area, style)?;
        self.chart(&style.theme, name_on(&pen)).draw(&pen)
    }

    fn height(&self, width: f64) -> f64 {
        layout::height(width, 380.0, 440.0)
    }

    fn sentence(&self) -> String {
        let told = say!("{} over n, by model: {}.", self.title(), self.chart(&Theme::light(), Name::AtEnd).story());
        together([told, say!("Plain: {}.", self.model)])
    }

    fn finding(&self) -> String {
        let (n, rows) = self.ranked();
        let plain = rows.iter().find(|(row, _)| row.word.is_empty());
        let (Some((most, far)), Some((_, plain))) = (rows.first(), plain) else { return say!("no numbers yet").into() };
        if most.word.is_empty() {
            return say!("At n = {}, no cure here keeps the two further apart than plain: {}.", n, number::short(*plain));
        }
        let told = say!(
            "At n = {}, {} keeps the two furthest apart: {}, against {} for plain.",
            n,
            most.label,
            number::short(*far),
            number::short(*plain)
        );
        // What it takes to move them apart may be more than the model stands.
        let cost = self.comparison.cost(most).map(|cost| costs(cost.mean));
        together([told].into_iter().chain(cost))
    }

    fn table(&self) -> Table {
        self.chart(&Theme::light(), Name::AtEnd).table("n", self.metric.label())
    }
}

impl CuresByToken {
    /// The figure of an answer, as it is looked at.
    pub fn of(told: &Told<Comparison>, view: &View) -> Self {
        Self { comparison: told.answer.clone(), lit: view.lit.clone(), model: told.model() }
    }

    fn chart(&self, theme: &Theme, name: Name) -> Chart<'_> {
        let looks = Looks { theme, comparison: &self.comparison, lit: self.lit.as_deref(), name };
        let curve = |row: &Compared| {
            let mut curve = Curve {
                label: row.label.to_string(),
                points: row.sensitivity.as_ref()?.norm.iter().copied().enumerate().collect(),
                look: looks.of(row),
                ..Curve::default()
            };
            normalise(&mut curve);
            Some(curve)
        };
        Chart {
            title: format!("↑ {}", say!("Sensitivity to each token, normalised")),
            notes: vec![say!("Plain: {}", self.model), say!("‖∂yₙ/∂vᵢ‖ divided by its greatest value, for each model by itself.").into()],
            across: Across::Tokens(&self.comparison.tokens),
            kind: AxisKind::Linear,
            curves: self.comparison.rows.iter().filter_map(curve).collect(),
            ..Chart::default()
        }
    }
}

impl Figure for CuresByToken {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        let pen = Pen::begin(area, style)?;
        self.chart(&style.theme, name_on(&pen)).draw(&pen)
    }

    fn height(&self, width: f64) -> f64 {
        layout::height(width, 380.0, 440.0)
    }

    fn sentence(&self) -> String {
        let told = say!("Sensitivity to each token, normalised, by model: {}.", self.chart(&Theme::light(), Name::AtEnd).story());
        together([told, say!("Plain: {}.", self.model)])
    }

    fn finding(&self) -> String {
        let least = |row: &Compared| {
            let norms = || row.sensitivity.iter().flat_map(|sensitivity| sensitivity.norm.iter().copied()).filter(|norm| norm.is_finite());
            Some(norms().min_by(f64::total_cmp)? / norms().max_by(f64::total_cmp)?)
        };
        let rows = || self.comparison.rows.iter().filter_map(|row| Some((row, least(row)?)));
        let plain = rows().find(|(row, _)| row.word.is_empty());
        let most = rows().max_by(|one, other| one.1.total_cmp(&other.1));
        let (Some((most, share)), Some((_, plain))) = (most, plain) else { return say!("no numbers yet").into() };
        if most.word.is_empty() {
            return say!(
                "No cure here makes the token that counts least count for more than with plain: {} of the greatest sensitivity.",
                number::percent(plain)
            );
        }
        say!(
            "With {}, the token that counts least has {} of the greatest sensitivity; with plain, {}.",
            most.label,
            number::percent(share),
            number::percent(plain)
        )
    }

    fn table(&self) -> Table {
        self.chart(&Theme::light(), Name::AtEnd).table(say!("number"), say!("share of the greatest"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use glasses_contract::config::Cures;

    #[test]
    fn models_are_ranked_by_what_they_keep_apart() {
        let comparison = samples::comparison(3, 12, 60);
        let figure = CuresByN { comparison: comparison.clone().into(), metric: Metric::Linf, n: 1000, lit: None, model: String::new() };
        let (n, rows) = figure.ranked();
        assert_eq!((n, rows.len()), (60, 4));
        assert!(rows.is_sorted_by(|(_, one), (_, other)| one >= other));
        assert!(rows.last().is_some_and(|(row, _)| row.word.is_empty()), "in the samples, each cure helps");
        let finding = figure.finding();
        assert!(finding.contains(&rows[0].0.label.to_string()) && finding.contains("At n = 60"), "{finding}");
    }

    #[test]
    fn every_line_has_a_color_of_its_own_and_a_lit_one_alone_keeps_it() {
        let most = Cures::all().count();
        for theme in [Theme::light(), Theme::dark()] {
            for cures in [3, 6, most] {
                let comparison = samples::comparison(cures, 12, 60);
                let looks = |lit| Looks { theme: &theme, comparison: &comparison, lit, name: Name::AtEnd };
                let colors: Vec<_> = comparison.rows.iter().map(|row| looks(None).of(row).color).collect();
                assert_eq!(colors[0], theme.muted, "plain is grey");
                for (index, color) in colors.iter().enumerate() {
                    assert!(!colors[..index].contains(color), "{cures} cures: {color} comes twice");
                }
                let lit = comparison.rows[2].word.as_str();
                let kept = comparison.rows.iter().zip(&colors).filter(|(row, color)| looks(Some(lit)).of(row).color == **color);
                assert_eq!(kept.map(|(row, _)| row.word.as_str()).collect::<Vec<_>>(), [lit]);
            }
        }
    }
}
