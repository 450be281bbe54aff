//! Lessons: given step by step in a bar above the page, and written on a page of their own.

mod bar;
mod handout;
mod teach;

pub use bar::Bar;
pub use teach::Teach;
