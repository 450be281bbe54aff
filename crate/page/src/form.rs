//! The form: fields made from the table of controls, one kind of field for each kind of control.

mod draft;
mod field;
mod sequences;
mod slider;

pub use draft::Draft;
pub use field::{Field, Picker};
pub use sequences::Sequences;
pub use slider::Slider;
