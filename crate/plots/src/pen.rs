//! Draws in CSS pixels on a plotters area: the one place where they become bitmap pixels.

use crate::area::{Area, Element};
use crate::color::Rgb;
use crate::readout::PixelRect;
use crate::text;
use crate::{DrawError, Style};
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, RGBColor, ShapeStyle, TextStyle};

/// A place in CSS pixels, y downwards.
pub(crate) type Point = (f64, f64);

/// A rectangle in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub x0: f64,
    pub y0: f64,
    pub x1: f64,
    pub y1: f64,
}

impl Rect {
    pub fn width(&self) -> f64 {
        self.x1 - self.x0
    }

    pub fn height(&self) -> f64 {
        self.y1 - self.y0
    }
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stroke {
    pub color: Rgb,
    pub alpha: f64,
    /// In CSS pixels.
    pub width: f64,
    /// Lengths of dash and gap in CSS pixels.
    pub dash: Option<(f64, f64)>,
}

impl Stroke {
    pub fn solid(color: Rgb, width: f64) -> Self {
        Self { color, alpha: 1.0, width, dash: None }
    }
}

/// How a word is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letters {
    pub color: Rgb,
    /// Font size in CSS pixels.
    pub size: f64,
    pub bold: bool,
    pub mono: bool,
    pub align: Align,
    pub level: Level,
}

/// The side of a word that stands at the given place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Start,
    Middle,
    End,
}

/// The height of a word that stands at the given place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Top,
    Middle,
    Bottom,
}

impl Letters {
    pub fn new(color: Rgb) -> Self {
        Self { color, size: text::SMALL, bold: false, mono: false, align: Align::Start, level: Level::Middle }
    }

    pub fn at(self, align: Align, level: Level) -> Self {
        Self { align, level, ..self }
    }

    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub fn mono(self) -> Self {
        Self { mono: true, ..self }
    }

    pub fn width(&self, words: &str) -> f64 {
        if self.mono { text::mono_width(words, self.size) } else { text::width(words, self.size) }
    }
}

/// Draws on an area.
pub(crate) struct Pen<'a> {
    area: &'a dyn Area,
    pub style: &'a Style,
    ratio: f64,
}

type Drawn = Result<(), DrawError>;

impl<'a> Pen<'a> {
    /// Takes the area and paints its background.
    pub fn begin(area: &'a dyn Area, style: &'a Style) -> Result<Self, DrawError> {
        area.fill(color(style.theme.background, 1.0))?;
        Ok(Self { area, style, ratio: style.ratio() })
    }

    /// The whole area.
    pub fn sheet(&self) -> Rect {
        let (width, height) = self.area.size();
        Rect { x0: 0.0, y0: 0.0, x1: f64::from(width) / self.ratio, y1: f64::from(height) / self.ratio }
    }

    /// Bitmap pixels of the backend from CSS pixels of the area.
    pub fn pixel(&self, (x, y): Point) -> Point {
        let (left, top) = self.area.corner();
        (x * self.ratio + f64::from(left), y * self.ratio + f64::from(top))
    }

    /// A rectangle in bitmap pixels of the backend, its edges where [`Pen::rect`] would draw them.
    pub fn pixel_rect(&self, rect: Rect) -> PixelRect {
        let (x0, y0) = self.pixel((rect.x0, rect.y0));
        let (x1, y1) = self.pixel((rect.x1, rect.y1));
        PixelRect { x: x0.round(), y: y0.round(), width: x1.round() - x0.round(), height: y1.round() - y0.round() }
    }

    fn whole(&self, (x, y): Point) -> (i32, i32) {
        // Far outside every bitmap, but near enough that dashes up to there can be counted.
        const FAR: f64 = 100_000.0;
        ((x * self.ratio).round().clamp(-FAR, FAR) as i32, (y * self.ratio).round().clamp(-FAR, FAR) as i32)
    }

    /// A filled rectangle.
    pub fn rect(&self, rect: Rect, fill: Rgb, alpha: f64) -> Drawn {
        let corners = [self.whole((rect.x0, rect.y0)), self.whole((rect.x1, rect.y1))];
        self.area.draw(Element::Rectangle(Rectangle::new(corners, color(fill, alpha).filled())))
    }

    /// A level or upright line, filled rather than stroked: sharp at every pixel ratio, and at least a bitmap pixel thick.
    pub fn rule(&self, from: Point, to: Point, ink: Rgb, width: f64) -> Drawn {
        let thick = (width * self.ratio).round().max(1.0) as i32;
        let (from, to) = (self.whole(from), self.whole(to));
        let (x0, x1) = (from.0.min(to.0), from.0.max(to.0));
        let (y0, y1) = (from.1.min(to.1), from.1.max(to.1));
        let corners = if y0 == y1 {
            [(x0, y0 - thick / 2), (x1, y0 - thick / 2 + thick)]
        } else {
            [(x0 - thick / 2, y0), (x0 - thick / 2 + thick, y1)]
        };
        self.area.draw(Element::Rectangle(Rectangle::new(corners, color(ink, 1.0).filled())))
    }

    /// A line through points.
    pub fn path(&self, points: &[Point], stroke: Stroke) -> Drawn {
        if points.len() < 2 {
            return Ok(());
        }
        let style = ShapeStyle {
            color: color(stroke.color, stroke.alpha),
            filled: false,
            stroke_width: (stroke.width * self.ratio).round().max(1.0) as u32,
        };
        let points: Vec<_> = points.iter().map(|&point| self.whole(point)).collect();
        match stroke.dash {
            None => self.area.draw(Element::Path(PathElement::new(points, style))),
            Some((dash, gap)) => {
                let pixels = |length: f64| (length * self.ratio).round().max(1.0) as i32;
                self.area.draw(Element::Dashed(DashedPathElement::new(points, pixels(dash), pixels(gap), style)))
            }
        }
    }

    /// A filled polygon.
    pub fn polygon(&self, corners: &[Point], fill: Rgb, alpha: f64) -> Drawn {
        let corners: Vec<_> = corners.iter().map(|&corner| self.whole(corner)).collect();
        self.area.draw(Element::Polygon(Polygon::new(corners, color(fill, alpha))))
    }

    /// A filled circle.
    pub fn dot(&self, center: Point, radius: f64, fill: Rgb) -> Drawn {
        let radius = (radius * self.ratio).round().max(1.0) as i32;
        self.area.draw(Element::Circle(Circle::new(self.whole(center), radius, color(fill, 1.0).filled())))
    }

    /// A word where lines may run: on a ground of the background's color, through which hardly anything is seen.
    pub fn text_over(&self, words: &str, (x, y): Point, letters: Letters) -> Drawn {
        const ROOM: f64 = 2.0;
        let (width, height) = (letters.width(words) + 2.0 * ROOM, letters.size + 2.0 * ROOM);
        let x0 = match letters.align {
            Align::Start => x - ROOM,
            Align::Middle => x - width / 2.0,
            Align::End => x + ROOM - width,
        };
        let y0 = match letters.level {
            Level::Top => y - ROOM,
            Level::Middle => y - height / 2.0,
            Level::Bottom => y + ROOM - height,
        };
        self.rect(Rect { x0, y0, x1: x0 + width, y1: y0 + height }, self.style.theme.background, 0.85)?;
        self.text(words, (x, y), letters)
    }

    /// A word or a line of them.
    pub fn text(&self, words: &str, place: Point, letters: Letters) -> Drawn {
        let theme = &self.style.theme;
        let font = FontDesc::new(
            FontFamily::Name(if letters.mono { &theme.mono } else { &theme.font }),
            letters.size * self.ratio,
            if letters.bold { FontStyle::Bold } else { FontStyle::Normal },
        )
        .transform(FontTransform::None);
        let horizontal = match letters.align {
            Align::Start => HPos::Left,
            Align::Middle => HPos::Center,
            Align::End => HPos::Right,
        };
        let vertical = match letters.level {
            Level::Top => VPos::Top,
            Level::Middle => VPos::Center,
            Level::Bottom => VPos::Bottom,
        };
        let color = color(letters.color, 1.0);
        let style = TextStyle::from(font).color(&color).pos(Pos::new(horizontal, vertical));
        self.area.draw(Element::Text(Text::new(words.to_owned(), self.whole(place), style)))
    }
}

fn color(rgb: Rgb, alpha: f64) -> RGBAColor {
    RGBColor(rgb.0, rgb.1, rgb.2).mix(alpha)
}
