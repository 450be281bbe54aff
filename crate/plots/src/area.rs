//! Any plotters area behind one type: figures are compiled once for all backends, and can stand in boxes.

use crate::DrawError;
use plotters::coord::Shift;
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{DrawingArea, DrawingBackend};
use plotters::style::RGBAColor;
use std::vec::IntoIter;

/// A place in pixels of the backend.
type Place = (i32, i32);

/// What a figure is drawn on: any [`DrawingArea`] of plotters.
pub trait Area {
    /// Width and height, in pixels.
    fn size(&self) -> (u32, u32);

    /// Its upper left corner on the whole bitmap.
    fn corner(&self) -> Place;

    /// Paints all of it.
    ///
    /// # Errors
    /// What the backend says.
    fn fill(&self, color: RGBAColor) -> Result<(), DrawError>;

    /// Draws one element.
    ///
    /// # Errors
    /// What the backend says.
    fn draw(&self, element: Element) -> Result<(), DrawError>;

    /// The part above this many pixels, and the part below.
    fn split(&self, y: u32) -> [Box<dyn Area + '_>; 2];
}

/// The elements that pictures are made of.
pub enum Element<'a> {
    /// A rectangle.
    Rectangle(Rectangle<Place>),
    /// A line.
    Path(PathElement<Place>),
    /// A broken line.
    Dashed(DashedPathElement<IntoIter<Place>, i32>),
    /// A filled polygon.
    Polygon(Polygon<Place>),
    /// A circle.
    Circle(Circle<Place, i32>),
    /// A word, or a line of them.
    Text(Text<'a, Place, String>),
}

impl<DB: DrawingBackend> Area for DrawingArea<DB, Shift> {
    fn size(&self) -> (u32, u32) {
        self.dim_in_pixel()
    }

    fn corner(&self) -> Place {
        self.get_base_pixel()
    }

    fn fill(&self, color: RGBAColor) -> Result<(), DrawError> {
        Ok(self.fill(&color)?)
    }

    fn draw(&self, element: Element) -> Result<(), DrawError> {
        match element {
            Element::Rectangle(element) => self.draw(&element)?,
            Element::Path(element) => self.draw(&element)?,
            Element::Dashed(element) => self.draw(&element)?,
            Element::Polygon(element) => self.draw(&element)?,
            Element::Circle(element) => self.draw(&element)?,
            Element::Text(element) => self.draw(&element)?,
        }
        Ok(())
    }

    fn split(&self, y: u32) -> [Box<dyn Area + '_>; 2] {
        let (above, below) = self.split_vertically(y);
        [Box::new(above), Box::new(below)]
    }
}
