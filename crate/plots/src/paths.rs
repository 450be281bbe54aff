//! Why early tokens count more: the causal paths from every token to the last one, as in the paper's Figure 1b.

use crate::color::Rgb;
use crate::layout::{self, MARGIN};
use crate::pen::{Align, Letters, Level, Pen, Point, Rect, Stroke};
use crate::readout::{Along, Data, Line, Readout, Series, Titles};
use crate::table::{Cell, Column, Table};
use crate::{DrawError, Figure, Style, text};
use glasses_contract::say;
use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, DrawingBackend};

/// The paths from the last few tokens to the last one.
#[derive(Clone, Debug)]
pub struct CausalPaths<'a> {
    /// The labels of the whole sequence.
    pub tokens: &'a [String],
    /// Number of layers.
    pub layers: usize,
}

/// Tokens and layers that are drawn at the most.
const MOST_TOKENS: usize = 8;
const MOST_LAYERS: usize = 5;
/// Between two counts, at the least.
const GAP: f64 = 3.0;

impl CausalPaths<'_> {
    /// The tokens that are drawn where there is room: the last ones.
    fn shown(&self) -> &[String] {
        &self.tokens[self.tokens.len().saturating_sub(MOST_TOKENS)..]
    }

    fn drawn_layers(&self) -> usize {
        self.layers.min(MOST_LAYERS)
    }

    /// How many of the last tokens are drawn side by side, so that each has room for its count: those of early tokens are the widest.
    fn fitting(&self, width: f64) -> usize {
        let widest = |count: usize| self.counts().iter().rev().take(count).map(|&paths| count_width(paths)).fold(0.0, f64::max);
        let most = self.shown().len();
        (1..=most).rev().find(|&count| widest(count) + GAP <= width / count as f64).unwrap_or(most.min(1))
    }

    /// The number of paths from each token that may be drawn, C(n − i + L − 1, L − 1).
    fn counts(&self) -> Vec<f64> {
        let count = self.shown().len();
        (0..count).map(|token| paths(count - 1 - token, self.layers)).collect()
    }

    fn title(&self) -> String {
        match self.layers {
            1 => say!("Causal paths to the last token through 1 layer").into(),
            layers => say!("Causal paths to the last token through {} layers", layers),
        }
    }
}

/// The number of ways to go `distance` places through so many layers, C(distance + layers − 1, layers − 1).
fn paths(distance: usize, layers: usize) -> f64 {
    (1..layers).fold(1.0, |count, step| count * (distance + step) as f64 / step as f64).round()
}

/// The room that a count takes at the least.
fn count_width(paths: f64) -> f64 {
    text::width(&crate::number::tick(paths), text::SMALL)
}

impl Figure for CausalPaths<'_> {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, style: &Style) -> Result<Readout, DrawError> {
        let pen = Pen::begin(area, style)?;
        let theme = &style.theme;
        let (layers, is_whole) = (self.drawn_layers(), self.drawn_layers() == self.layers);
        let left = MARGIN + text::width(&say!("layer {}", 5), text::SMALL) + 8.0;
        let (right, bottom) = (MARGIN + 8.0, MARGIN + 52.0);
        let (tokens, counts) = (self.shown(), self.counts());
        let first = tokens.len() - self.fitting(layout::plot(&pen, left, 0.0, right, bottom).width());
        let (tokens, counts) = (&tokens[first..], &counts[first..]);
        let mut notes =
            vec![say!("Theory, for causal attention without a window: C(n − i + L − 1, L − 1) paths from token i. Each line leads from a token to one that sees it.").to_owned()];
        if !is_whole {
            notes.push(say!("{} of {} layers are drawn; the counts are of all.", layers, self.layers));
        }
        if self.tokens.len() > tokens.len() {
            notes.push(say!("The last {} of {} tokens.", tokens.len(), self.tokens.len()));
        }
        let notes: Vec<&str> = notes.iter().map(String::as_str).collect();
        let top = layout::header(&pen, &self.title(), &[], &notes)?;
        let plot = layout::plot(&pen, left, top + 10.0, right, bottom);
        if tokens.is_empty() {
            layout::nothing(&pen, plot, say!("no tokens yet"))?;
            return Ok(Readout::default());
        }
        let pitch = plot.width() / tokens.len() as f64;
        let node = |token: usize, level: usize| -> Point {
            (plot.x0 + pitch * (token as f64 + 0.5), plot.y1 - plot.height() * level as f64 / layers.max(1) as f64)
        };
        let last = tokens.len() - 1;
        for level in 0..layers {
            for from in 0..=last {
                // Into the last layer, only what leads to the last token is of interest; a last level that is not that leads on from all.
                let targets = if is_whole && level + 1 == layers { last..=last } else { from..=last };
                for to in targets {
                    let share = paths(to.abs_diff(from), 2).recip();
                    let stroke = Stroke { alpha: 0.35 + 0.65 * share, ..Stroke::solid(theme.stage(1, 5), 1.0) };
                    pen.path(&[node(from, level), node(to, level + 1)], stroke)?;
                }
            }
        }
        let radius = (pitch * 0.14).clamp(3.0, 6.0);
        for level in 0..=layers {
            for token in 0..=last {
                let is_end = is_whole && level == layers && token == last;
                let color: Rgb = if is_end { theme.ink } else { theme.stage(2, 5) };
                if !is_whole || level < layers || is_end {
                    pen.dot(node(token, level), radius, color)?;
                }
            }
            let words = if level == 0 { say!("embedding").into() } else { say!("layer {}", level) };
            let words = if text::width(&words, text::SMALL) > left - MARGIN - 4.0 { say!("tokens").into() } else { words };
            pen.text(&words, (MARGIN, node(0, level).1), Letters::new(theme.muted))?;
        }
        let mono = Letters { size: text::TITLE, ..Letters::new(theme.ink) }.mono().at(Align::Middle, Level::Top);
        let number = Letters { size: text::TITLE, ..Letters::new(theme.ink) }.bold().at(Align::Middle, Level::Top);
        // Numbers that would run into each other are fewer.
        let words: Vec<(f64, f64)> = counts
            .iter()
            .enumerate()
            .map(|(token, count)| {
                let small = Letters { size: text::SMALL, ..number };
                (node(token, 0).0, small.width(&crate::number::tick(*count)))
            })
            .collect();
        let shown = text::side_by_side(&words, 0.0, pen.sheet().x1, GAP);
        for (token, count) in counts.iter().enumerate() {
            let x = node(token, 0).0;
            pen.text(&tokens[token], (x, plot.y1 + 10.0), mono)?;
            let words = crate::number::tick(*count);
            let size = if number.width(&words) + GAP > pitch { text::SMALL } else { text::TITLE };
            if shown.iter().any(|&(index, _)| index == token) {
                pen.text(&words, (x, plot.y1 + 28.0), Letters { size, ..number })?;
            }
        }
        pen.text(say!("paths"), (MARGIN, plot.y1 + 34.0), Letters::new(theme.muted))?;

        let line = Line {
            along: Along::X,
            places: (0..=last).map(|token| pen.pixel(node(token, 0)).0).collect(),
            keys: (0..=last).collect(),
            titles: Titles::Tokens(tokens.to_vec()),
            series: vec![Series {
                label: say!("paths to the last token").into(),
                color: theme.stage(2, 5),
                values: counts.iter().copied().map(Some).collect(),
                across: vec![pen.pixel(node(0, 0)).1; counts.len()],
                ..Series::default()
            }],
        };
        let touched = Rect { y1: plot.y1 + 44.0, ..plot };
        Ok(Readout { plot: pen.pixel_rect(touched), data: Data::Line(line), ..Readout::default() })
    }

    fn height(&self, _width: f64) -> f64 {
        170.0 + 44.0 * self.drawn_layers() as f64
    }

    fn sentence(&self) -> String {
        let counts: Vec<String> = self.counts().iter().map(|count| crate::number::tick(*count)).collect();
        if counts.is_empty() {
            say!("{}: no tokens yet.", self.title())
        } else {
            say!("{}, by token: {}.", self.title(), counts.join(say!(", ")))
        }
    }

    fn table(&self) -> Table {
        let first = self.tokens.len() - self.shown().len();
        let row = |(token, count): (usize, f64)| {
            vec![Cell::Count(first + token + 1), Cell::Text(self.shown()[token].clone()), Cell::Number(count)]
        };
        Table {
            columns: vec![
                Column::new(say!("number")),
                Column::new(say!("token")),
                Column::with_unit(say!("paths to the last token"), say!("theory")),
            ],
            rows: self.counts().into_iter().enumerate().map(row).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SmallPrint, Theme};

    #[test]
    fn figure_1b_has_these_paths() {
        let tokens: Vec<String> = "11111".chars().map(String::from).collect();
        assert_eq!(CausalPaths { tokens: &tokens, layers: 3 }.counts(), [15.0, 10.0, 6.0, 3.0, 1.0]);
        assert_eq!(CausalPaths { tokens: &tokens, layers: 1 }.counts(), [1.0; 5]);
    }

    #[test]
    fn every_token_that_is_drawn_has_its_count_also_on_a_narrow_sheet() {
        let tokens: Vec<String> = "abcdefgh".chars().map(String::from).collect();
        let paths = CausalPaths { tokens: &tokens, layers: 8 };
        assert_eq!(paths.counts()[..2], [3432.0, 1716.0]);
        let texts = |width: u32| texts(&crate::svg(&paths, width, 560, &style()).expect("a picture"));
        for width in [200, 280, 330, 900] {
            let texts = texts(width);
            let drawn = texts.iter().filter(|words| tokens.contains(words)).count();
            let counts: Vec<String> = paths.counts().iter().skip(tokens.len() - drawn).map(|&count| crate::number::tick(count)).collect();
            assert!(drawn > 2 && counts.iter().all(|count| texts.contains(count)), "{width}: {texts:?}");
            assert_eq!(drawn == tokens.len(), width >= 330, "{width}: {drawn}");
            let note = texts.join(" ").contains(&format!("The last {drawn} of 8 tokens."));
            assert_eq!(note, drawn < tokens.len(), "{width}: {texts:?}");
        }
    }

    #[test]
    fn only_the_last_layer_ends_in_one_token() {
        let tokens: Vec<String> = "1110".chars().map(String::from).collect();
        let dots = |layers: usize| {
            let picture = crate::svg(&CausalPaths { tokens: &tokens, layers }, 900, 560, &style()).expect("a picture");
            assert!(texts(&picture).contains(&say!("layer {}", layers.min(MOST_LAYERS))));
            picture.matches("<circle").count()
        };
        assert_eq!((dots(5), dots(8)), (5 * 4 + 1, 6 * 4));
    }

    fn style() -> Style {
        Style { theme: Theme::light(), pixel_ratio: 2.0, small_print: SmallPrint::Set }
    }

    /// What stands in a picture.
    fn texts(picture: &str) -> Vec<String> {
        let inside = |text: &str| Some(text.split_once('>')?.1.split_once('<')?.0.trim().to_owned());
        picture.split("<text").skip(1).filter_map(inside).collect()
    }
}
