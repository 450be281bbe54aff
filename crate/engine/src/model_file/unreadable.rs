//! Why a file can't be used as a model: one clause for each reason, which names what was found and what would be right.

use glasses_contract::quote::quote;
use std::fmt;

/// Why a file can't be used as a model. Displayed, it is a clause that goes on from “the file can't be used:”.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Unreadable {
    /// It has not even a length.
    #[error("it has {bytes} bytes, and a safetensors file begins with eight that say how long its header is")]
    Short {
        /// Bytes in it.
        bytes: u64,
    },
    /// What should be the length of a header is none.
    #[error(
        "it begins as no safetensors file does: its first eight bytes say that a header of {header} bytes follows, and the file has {bytes}"
    )]
    NoHeader {
        /// The length of the header, as it says.
        header: u64,
        /// Bytes in the file.
        bytes: u64,
    },
    /// The header is longer than any model's.
    #[error("its header has {header} bytes, and that of a model has at most {most}")]
    LongHeader {
        /// Bytes in the header.
        header: u64,
        /// Bytes that it may have.
        most: u64,
    },
    /// The header is no JSON.
    #[error("its header can't be read as JSON: {0}")]
    Header(String),
    /// The header names something twice.
    #[error("its header says “{}” twice", quote(.0))]
    Twice(String),
    /// The header's words are no words.
    #[error("its header has something else than text under “{}”", quote(.0))]
    NoWord(String),
    /// The header does not say what an array is.
    #[error("its header does not say of the array “{name}” what its “{field}” is: {expected} should stand there", name = quote(.name))]
    Field {
        /// The array.
        name: String,
        /// What is missing or of another kind.
        field: &'static str,
        /// What should stand there.
        expected: &'static str,
    },
    /// Numbers of a type that is not read.
    #[error(
        "the array “{name}” holds numbers of type {dtype}; F32, F16, BF16 and F64 are read, no other",
        name = quote(.name),
        dtype = quote(.dtype)
    )]
    Dtype {
        /// The array.
        name: String,
        /// The type, as the header says it.
        dtype: String,
    },
    /// A shape with more elements, or of other bytes, than its place has.
    #[error("the array “{name}” of {dtype} and shape {shape} does not fill the {bytes} bytes that its header gives it", name = quote(.name))]
    Extent {
        /// The array.
        name: String,
        /// Its type.
        dtype: String,
        /// Its shape.
        shape: Shape,
        /// The bytes of its place.
        bytes: u64,
    },
    /// Arrays that overlap, or leave a gap.
    #[error("the array “{name}” begins at byte {found} of the numbers, and the one before it ends at {expected}", name = quote(.name))]
    Place {
        /// The array.
        name: String,
        /// Where it begins.
        found: u64,
        /// Where it should.
        expected: u64,
    },
    /// The file is shorter or longer than its header says.
    #[error("it has {found} bytes, and by its header it should have {expected}: it may have been cut off, or something stands behind it")]
    End {
        /// Bytes in the file.
        found: u64,
        /// Bytes by the header.
        expected: u64,
    },
    /// A number that no model can compute with.
    #[error("the array “{name}” has {value} as its number {place}: only finite numbers within the range of fp32 are weights", name = quote(.name))]
    NotFinite {
        /// The array.
        name: String,
        /// The number.
        value: f64,
        /// Its place in the array, from 1.
        place: usize,
    },
    /// An array of another shape.
    #[error("the array “{name}” has the shape {found}, and the model's has {expected}")]
    OtherShape {
        /// The array.
        name: String,
        /// Its shape.
        found: Shape,
        /// That of the model.
        expected: Shape,
    },
    /// Arrays that the model has and the file has not.
    #[error("it lacks arrays of the model: {0}")]
    Missing(Names),
    /// Arrays that the file has and the model has not.
    #[error("it has arrays that the model has not: {0}")]
    Surplus(Names),
    /// Both.
    #[error("it lacks arrays of the model: {missing}; and has others that the model has not: {surplus}")]
    OtherArrays {
        /// Those of the model.
        missing: Names,
        /// Those of the file.
        surplus: Names,
    },
    /// There is no recipe.
    #[error("it has no recipe in its header: only models that were trained and saved by Glasses can be opened")]
    NoRecipe,
    /// The recipe is no JSON object.
    #[error("its recipe can't be read as JSON: {0}")]
    Recipe(String),
    /// The recipe names something twice.
    #[error("its recipe says “{}” twice", quote(.0))]
    RecipeTwice(String),
    /// The recipe lacks a field.
    #[error("its recipe says nothing of “{0}”")]
    RecipeLacks(String),
    /// A field of the recipe is of another kind.
    #[error("its recipe says {found} as its “{field}”, where {expected} should stand")]
    RecipeField {
        /// The field.
        field: String,
        /// What stands there.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// The recipe is of a version that is not known.
    #[error("its recipe is of version {found}, and this version of Glasses reads version {known}: a newer one may open it")]
    RecipeVersion {
        /// That of the file.
        found: u64,
        /// The one that is known.
        known: u32,
    },
    /// The link of the recipe is not one that Glasses writes.
    #[error("the link in its recipe is not one of a model here: {0}")]
    RecipeLink(String),
    /// The recipe is of another model than the arrays.
    #[error("its recipe is of another model than its arrays: {0}")]
    RecipeModel(Box<Unreadable>),
}

/// A shape, as people write one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape(pub Vec<usize>);

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extents: Vec<String> = self.0.iter().map(usize::to_string).collect();
        write!(f, "[{}]", shortened(&extents))
    }
}

/// Names of arrays; of many, the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names(pub Vec<String>);

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.0.iter().map(|name| format!("“{}”", quote(name))).collect();
        f.write_str(&shortened(&names))
    }
}

/// “a, b, c, … (12)”.
fn shortened(items: &[String]) -> String {
    const MOST: usize = 4;
    match items.len() {
        0..=MOST => items.join(", "),
        count => format!("{}, … ({count})", items[..MOST - 1].join(", ")),
    }
}
