//! The colors and fonts of the figures, read from the page's style tokens (www/style/tokens.css), so there is one list of them.

use crate::color::{Rgb, along};
use glasses_contract::Choice;
use glasses_contract::drawing::Side;

const TOKENS: &str = include_str!("../../../www/style/tokens.css");

/// How a figure is drawn: in which colors, how many bitmap pixels make a CSS pixel, and whether with its notes.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    /// Colors and fonts.
    pub theme: Theme,
    /// Bitmap pixels for each CSS pixel: fonts, strokes and margins are multiplied by it. Coordinates are whole bitmap pixels, so
    /// curves look smooth from 2 on.
    pub pixel_ratio: f64,
    /// Whether notes stand under the title.
    pub small_print: SmallPrint,
    /// Who draws the cells of large maps.
    pub cells: Cells,
}

/// The notes under a figure's title: which model, and how to read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SmallPrint {
    /// They are set.
    #[default]
    Set,
    /// They are left out, where they are said beside the picture.
    LeftOut,
}

/// Who draws the cells of a map of so many that a canvas would be slow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cells {
    /// The figure does, as rectangles.
    #[default]
    Figure,
    /// The caller does, once the figure is drawn: the cells of [`crate::Readout::image`], without smoothing.
    Caller,
}

impl Style {
    /// Whole figures with their notes.
    pub fn new(theme: Theme, pixel_ratio: f64) -> Self {
        Self { theme, pixel_ratio, small_print: SmallPrint::Set, cells: Cells::Figure }
    }

    /// [`Style::pixel_ratio`], or 1 where that is no ratio.
    pub(crate) fn ratio(&self) -> f64 {
        if self.pixel_ratio.is_finite() && self.pixel_ratio > 0.0 { self.pixel_ratio } else { 1.0 }
    }
}

/// Colors and fonts as plain values.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Behind everything.
    pub background: Rgb,
    /// Text and the strongest marks.
    pub ink: Rgb,
    /// Text of second rank: tick labels, notes.
    pub muted: Rgb,
    /// Lines behind the data.
    pub grid: Rgb,
    /// Axes.
    pub axis: Rgb,
    /// Guide lines of theory.
    pub guide: Rgb,
    /// The strips that hold what an axis cannot: exact zeros, and what is not finite.
    pub rail: Rgb,
    /// What is not finite.
    pub alarm: Rgb,
    /// Sequence A.
    pub a: Rgb,
    /// Sequence B.
    pub b: Rgb,
    /// Depth in the model, from the embedding to the output: see [`Theme::stage`].
    pub stages: Vec<Rgb>,
    /// What is compared side by side: see [`Theme::series`].
    pub series: Vec<Rgb>,
    /// Attention weight, from none to all: see [`Theme::heat`].
    pub heat: Vec<Rgb>,
    /// The font family of words, as CSS writes it.
    pub font: String,
    /// The font family of tokens, as CSS writes it.
    pub mono: String,
}

impl Theme {
    /// Reads the tokens through a function that gives the text of a custom property by name, such as `--ink`, the way
    /// `getComputedStyle(root).getPropertyValue(name)` does. A value is `#1a2b3c` or `light-dark(#1a2b3c, #e9ecee)`; of the latter the
    /// side is taken that `--scheme` names. What is missing or unreadable is taken from the tokens this crate was built with.
    pub fn from_tokens(read: impl Fn(&str) -> Option<String>) -> Self {
        let side = match read("--scheme") {
            Some(text) => Side::from_word(text.trim()).unwrap_or_default(),
            None => Side::default(),
        };
        let color = |name: &str| {
            read(name).and_then(|text| color_of(&text, side)).or_else(|| color_of(builtin(name)?, side)).unwrap_or(Rgb(128, 128, 128))
        };
        let list = |name: &str, count: usize| (0..count).map(|stop| color(&format!("--{name}-{stop}"))).collect();
        let font = |name: &str, last_resort: &str| {
            let given = read(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
            given.or_else(|| builtin(name).map(str::to_owned)).unwrap_or_else(|| last_resort.into())
        };
        Self {
            background: color("--surface"),
            ink: color("--ink"),
            muted: color("--ink-muted"),
            grid: color("--grid"),
            axis: color("--line-strong"),
            guide: color("--guide"),
            rail: color("--rail"),
            alarm: color("--alarm"),
            a: color("--a"),
            b: color("--b"),
            stages: list("stage", 5),
            series: list("series", 6),
            heat: list("heat", 5),
            font: font("--font-text", "sans-serif"),
            mono: font("--font-mono", "monospace"),
        }
    }

    /// One side of the tokens that this crate was built with.
    pub fn of(side: Side) -> Self {
        Self::from_tokens(|name| (name == "--scheme").then(|| side.word().into()))
    }

    /// The light one of them.
    pub fn light() -> Self {
        Self::of(Side::Light)
    }

    /// The dark one of them.
    pub fn dark() -> Self {
        Self::of(Side::Dark)
    }

    /// The color of one of `count` stages, the embedding first and the output last.
    pub fn stage(&self, index: usize, count: usize) -> Rgb {
        along(&self.stages, index as f64 / count.saturating_sub(1).max(1) as f64)
    }

    /// The color of one of several things that are compared side by side; they come again after six.
    pub fn series(&self, index: usize) -> Rgb {
        self.series[index % self.series.len()]
    }

    /// The color of one of `count` things that are compared side by side: none comes twice.
    pub fn series_among(&self, index: usize, count: usize) -> Rgb {
        if count <= self.series.len() { self.series(index) } else { along(&self.series, index as f64 / (count - 1) as f64) }
    }

    /// The color of a place from 0 to 1 on the scale of attention.
    pub fn heat(&self, place: f64) -> Rgb {
        along(&self.heat, place)
    }
}

/// The text of a custom property in the tokens that this crate was built with.
fn builtin(name: &str) -> Option<&'static str> {
    TOKENS.lines().find_map(|line| {
        let value = line.trim().strip_prefix(name)?.trim_start().strip_prefix(':')?;
        Some(value.trim().trim_end_matches(';'))
    })
}

fn color_of(text: &str, side: Side) -> Option<Rgb> {
    let text = text.trim();
    let Some(both) = text.strip_prefix("light-dark(") else { return Rgb::parse(text) };
    let (light, dark) = both.strip_suffix(')')?.split_once(',')?;
    Rgb::parse(if side == Side::Light { light } else { dark })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_the_browser_gives_them() {
        let read = |scheme: &'static str| {
            Theme::from_tokens(move |name| match name {
                "--scheme" => Some(format!(" {scheme}")),
                "--ink" => Some(" light-dark(#010203,#040506)".into()),
                "--a" => Some("#abc".into()),
                "--b" => Some("rebeccapurple".into()),
                "--font-text" => Some(" serif".into()),
                _ => None,
            })
        };
        assert_eq!((read("light").ink, read("dark").ink), (Rgb(1, 2, 3), Rgb(4, 5, 6)));
        assert_eq!(read("light").a, Rgb(0xaa, 0xbb, 0xcc));
        assert_eq!(read("light").b, Theme::light().b, "what is unreadable is taken from the built-in tokens");
        assert_eq!(read("dark").font, "serif");
        assert_eq!(read("dark").mono, Theme::dark().mono);
    }

    #[test]
    fn every_color_that_figures_use_stands_in_the_tokens() {
        let asked = std::cell::RefCell::new(Vec::new());
        Theme::from_tokens(|name| {
            asked.borrow_mut().push(name.to_owned());
            None
        });
        for name in asked.into_inner() {
            let value = builtin(&name).unwrap_or_else(|| panic!("{name} is no token"));
            let readable = color_of(value, Side::Light).is_some() && color_of(value, Side::Dark).is_some();
            assert!(readable || name.starts_with("--font") || name == "--scheme", "{name}: {value}");
        }
    }

    /// Every token of tokens.css that names a color, on one side.
    fn token(name: &str, side: Side) -> Rgb {
        builtin(name).and_then(|text| color_of(text, side)).unwrap_or_else(|| panic!("{name} is no color"))
    }

    #[test]
    fn text_can_be_read_and_marks_can_be_seen() {
        const AA_TEXT: f64 = 4.5;
        const AA_GRAPHICS: f64 = 3.0;
        for side in [Side::Light, Side::Dark] {
            for paper in ["--background", "--surface", "--surface-sunken", "--rail"] {
                for text in ["--ink", "--ink-muted", "--accent", "--warning", "--alarm", "--a", "--b"] {
                    let ratio = token(text, side).contrast(token(paper, side));
                    assert!(ratio >= AA_TEXT, "{text} on {paper}, {side:?}: {ratio:.2}");
                }
            }
            for (text, paper) in [
                ("--a", "--a-soft"),
                ("--b", "--b-soft"),
                ("--warning", "--warning-soft"),
                ("--alarm", "--alarm-soft"),
                ("--accent", "--accent-soft"),
                ("--on-accent", "--accent"),
            ] {
                let ratio = token(text, side).contrast(token(paper, side));
                assert!(ratio >= AA_TEXT, "{text} on {paper}, {side:?}: {ratio:.2}");
            }
            for mark in [
                "--stage-0",
                "--stage-1",
                "--stage-2",
                "--stage-3",
                "--stage-4",
                "--series-0",
                "--series-1",
                "--series-2",
                "--series-3",
                "--series-4",
                "--series-5",
                "--guide",
                "--line-strong",
                "--focus",
            ] {
                let ratio = token(mark, side).contrast(token("--surface", side));
                assert!(ratio >= AA_GRAPHICS, "{mark} on the figures' background, {side:?}: {ratio:.2}");
            }
        }
    }

    #[test]
    fn depth_and_heat_grow_stronger_step_by_step() {
        for theme in [Theme::light(), Theme::dark()] {
            let strength = |color: Rgb| color.contrast(theme.background);
            for count in [2, 3, 6, 18] {
                let stages: Vec<_> = (0..count).map(|index| strength(theme.stage(index, count))).collect();
                assert!(stages.is_sorted_by(|weaker, stronger| weaker < stronger), "{stages:?}");
            }
            let heat: Vec<_> = (0..=20).map(|step| strength(theme.heat(f64::from(step) / 20.0))).collect();
            assert!(heat.is_sorted_by(|weaker, stronger| weaker < stronger), "{heat:?}");
        }
    }
}
