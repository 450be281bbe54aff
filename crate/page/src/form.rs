//! The form: fields made from the table of controls, one kind of field for each kind of control.

mod field;
mod keys;
pub mod preview;
mod readout;
mod sequences;
mod slider;
mod text;

pub use field::{Field, Picker};
pub use sequences::Sequences;
pub use slider::Slider;
pub use text::{Line, Typed};
