//! How large a figure is drawn: the viewport that it is laid out on, and how much larger than that it stands in its box.

/// A drawing in its box, in the page's pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// From the top of the box.
    pub top: f64,
    pub width: f64,
    pub height: f64,
    /// How many of the page's pixels make one that the figure is laid out in: type, lines and gaps grow by it.
    pub zoom: f64,
}

impl Default for Viewport {
    fn default() -> Self {
        Self { top: 0.0, width: 0.0, height: 0.0, zoom: 1.0 }
    }
}

/// No type is so large that a figure is laid out on a viewport that is narrower than this, unless its box is.
const LEAST_WIDTH: f64 = 280.0;
/// The viewport that is as large as the window, where the window is no smaller.
const LARGE_WIDTH: f64 = 900.0;
const LARGE_HEIGHT: f64 = 450.0;
/// The least room above an enlarged figure, for the button, where type is of the usual size.
const HEAD: f64 = 48.0;
/// How much of the room under it a figure takes at the least: what is enlarged is not as small as before.
const LEAST_SHARE: f64 = 0.75;

impl Viewport {
    /// A drawing that fills its box of so many pixels, in a page whose type is so much larger than usual.
    pub fn in_box((width, height): (f64, f64), type_zoom: f64) -> Self {
        Self { top: 0.0, width, height, zoom: type_zoom.min(width / LEAST_WIDTH).max(1.0) }
    }

    /// A drawing in the middle of a window of so many pixels, under the button that makes it small again and the controls beside that, which
    /// are `controls` high. `suits` is the height that suits a width where nothing is zoomed.
    pub fn in_window((width, height): (f64, f64), type_zoom: f64, controls: f64, suits: impl Fn(f64) -> f64) -> Self {
        let head = controls.max(HEAD * type_zoom);
        let room = (height - head).max(1.0);
        let zoom = Self::in_box((width, height), type_zoom).zoom.max((width / LARGE_WIDTH).min(room / LARGE_HEIGHT));
        let drawn = (suits(width / zoom) * zoom).clamp(room * LEAST_SHARE, room);
        Self { top: ((height - drawn) / 2.0).max(head), width, height: drawn, zoom }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_as_large_as_the_type_around_it() {
        assert_eq!(Viewport::in_box((640.0, 400.0), 1.0), Viewport { top: 0.0, width: 640.0, height: 400.0, zoom: 1.0 });
        assert_eq!(Viewport::in_box((640.0, 400.0), 1.25).zoom, 1.25);
        // A phone whose owner reads large type still has room for axes.
        assert_eq!((Viewport::in_box((336.0, 400.0), 2.0).zoom, Viewport::in_box((200.0, 400.0), 2.0).zoom), (1.2, 1.0));
    }

    #[test]
    fn an_enlarged_figure_grows_with_the_window() {
        let zoom = |width, height| Viewport::in_window((width, height), 1.0, 0.0, |width| width / 2.0).zoom;
        assert_eq!((zoom(1800.0, 1000.0), zoom(360.0, 760.0), zoom(1800.0, 498.0)), (2.0, 1.0, 1.0));
        assert_eq!(Viewport::in_window((900.0, 900.0), 1.25, 0.0, |width| width / 2.0).zoom, 1.25);
    }

    #[test]
    fn an_enlarged_figure_stands_in_the_middle_and_under_no_control() {
        for (window, type_zoom, controls, suits) in [
            ((360.0, 760.0), 1.0, 0.0, 400.0),
            ((360.0, 760.0), 1.0, 180.0, 700.0),
            ((1920.0, 1080.0), 1.0, 40.0, 450.0),
            ((1920.0, 1080.0), 1.25, 100.0, 2000.0),
            ((360.0, 200.0), 2.0, 0.0, 1.0),
        ] {
            let head = f64::max(controls, HEAD * type_zoom);
            let viewport = Viewport::in_window(window, type_zoom, controls, |_| suits);
            let below = window.1 - viewport.top - viewport.height;
            assert!(viewport.top >= head && below > -1e-9, "{viewport:?}");
            assert!((viewport.top - below).abs() < 1e-9 || viewport.top == head, "{viewport:?}");
        }
    }
}
