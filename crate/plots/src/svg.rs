//! A figure as an SVG file: plotters' own backend, with text in CSS pixels and fractions of a pixel kept.

use crate::{DrawError, Figure, Style};
use plotters::prelude::{DrawingBackend, IntoDrawingArea, SVGBackend};
use plotters_backend::text_anchor::Pos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind, FontFamily, FontStyle, FontTransform,
};

/// Draws a figure into an SVG document of so many CSS pixels. The drawing's own units are `style.pixel_ratio` to a CSS pixel, and
/// whole, so 2 or more draws smooth curves.
pub fn svg(figure: &(impl Figure + ?Sized), width: u32, height: u32, style: &Style) -> Result<String, DrawError> {
    let units = |length: u32| ((f64::from(length) * style.ratio()).round() as u32).max(1);
    let size = (units(width), units(height));
    let mut document = String::new();
    {
        let area = CssText(SVGBackend::with_string(&mut document, size)).into_drawing_area();
        figure.draw(&area, style)?;
        area.present()?;
    }
    // Plotters names its units as the size on the page; here they are finer than that. The picture also gets its name.
    let body = document.split_once('>').map_or("", |(_, body)| body);
    let sentence = escape(&figure.sentence());
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" role=\"img\" \
         stroke-linejoin=\"round\">\n<title>{sentence}</title>{body}",
        size.0, size.1
    ))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// [`SVGBackend`] divides font sizes by 1.24, the canvas backend does not: this makes the two alike.
struct CssText<'a>(SVGBackend<'a>);

struct Larger<'a, S>(&'a S);

impl<S: BackendTextStyle> BackendTextStyle for Larger<'_, S> {
    type FontError = S::FontError;

    fn size(&self) -> f64 {
        self.0.size() * 1.24
    }

    fn color(&self) -> BackendColor {
        self.0.color()
    }

    fn transform(&self) -> FontTransform {
        self.0.transform()
    }

    fn style(&self) -> FontStyle {
        self.0.style()
    }

    fn anchor(&self) -> Pos {
        self.0.anchor()
    }

    fn family(&self) -> FontFamily<'_> {
        self.0.family()
    }

    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), Self::FontError> {
        self.0.layout_box(text)
    }

    fn draw<E, DrawFunc: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        text: &str,
        pos: BackendCoord,
        draw: DrawFunc,
    ) -> Result<Result<(), E>, Self::FontError> {
        self.0.draw(text, pos, draw)
    }
}

type Drawn = Result<(), DrawingErrorKind<std::io::Error>>;

impl DrawingBackend for CssText<'_> {
    type ErrorType = std::io::Error;

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, pos: BackendCoord) -> Drawn {
        self.0.draw_text(text, &Larger(style), pos)
    }

    fn get_size(&self) -> (u32, u32) {
        self.0.get_size()
    }

    fn ensure_prepared(&mut self) -> Drawn {
        self.0.ensure_prepared()
    }

    fn present(&mut self) -> Drawn {
        self.0.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.0.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.0.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, upper_left: BackendCoord, bottom_right: BackendCoord, style: &S, fill: bool) -> Drawn {
        self.0.draw_rect(upper_left, bottom_right, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.0.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        self.0.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Drawn {
        self.0.fill_polygon(corners, style)
    }
}
