//! How large a figure is drawn: the sheet that it is laid out on, and how much larger than that it stands in its box.

/// A drawing in its box, in the page's pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sheet {
    pub width: f64,
    pub height: f64,
    /// How many of the page's pixels make one that the figure is laid out in: type, lines and gaps grow by it.
    pub zoom: f64,
}

impl Default for Sheet {
    fn default() -> Self {
        Self { width: 0.0, height: 0.0, zoom: 1.0 }
    }
}

/// No type is so large that a figure is laid out on a sheet that is narrower than this, unless its box is.
const LEAST_WIDTH: f64 = 280.0;
/// The sheet that is as large as the window, where the window is no smaller.
const LARGE_WIDTH: f64 = 900.0;
const LARGE_HEIGHT: f64 = 450.0;

impl Sheet {
    /// A drawing that fills its box of so many pixels, in a page whose type is so much larger than usual.
    pub fn in_box((width, height): (f64, f64), type_zoom: f64) -> Self {
        Self { width, height, zoom: type_zoom.min(width / LEAST_WIDTH).max(1.0) }
    }

    /// A drawing in a window of so many pixels.
    pub fn in_window((width, height): (f64, f64), type_zoom: f64) -> Self {
        let page = Self::in_box((width, height), type_zoom);
        Self { zoom: page.zoom.max((width / LARGE_WIDTH).min(height / LARGE_HEIGHT)), ..page }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_as_large_as_the_type_around_it() {
        assert_eq!(Sheet::in_box((640.0, 400.0), 1.0), Sheet { width: 640.0, height: 400.0, zoom: 1.0 });
        assert_eq!(Sheet::in_box((640.0, 400.0), 1.25).zoom, 1.25);
        // A phone whose owner reads large type still has room for axes.
        assert_eq!((Sheet::in_box((336.0, 400.0), 2.0).zoom, Sheet::in_box((200.0, 400.0), 2.0).zoom), (1.2, 1.0));
    }

    #[test]
    fn an_enlarged_figure_grows_with_the_window() {
        let zoom = |width, height| Sheet::in_window((width, height), 1.0).zoom;
        assert_eq!((zoom(1800.0, 1000.0), zoom(360.0, 760.0), zoom(1800.0, 450.0)), (2.0, 1.0, 1.0));
        assert_eq!(Sheet::in_window((900.0, 900.0), 1.25).zoom, 1.25);
    }
}
